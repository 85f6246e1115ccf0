// SPDX-License-Identifier: GPL-3.0-or-later
//
// session.ts - who asks: a session that was opened by a signature, and what it
// writes (docs/api.md).
import { toBase64 } from "../verify/bytes";
import { Refused, type Row } from "./api";
import { lines, sign, type Held } from "./keys";

export interface Session {
	origin: string;
	challenge: string;
	role: string;
	level: string;
	person: string | null;
	org: string | null;
	key: string | null;
	token: string | null;
	until: string | null;
	may: string[];
}

/** What is refused with more than words: who holds the lease. */
export class Held409 extends Refused {
	constructor(status: number, why: string, readonly body: Row) {
		super(status, why);
	}
}

async function send(method: string, path: string, token: string | null,
	body?: unknown): Promise<Row> {
	const r = await fetch("/api/v1/" + path, { method, headers: {
		...body !== undefined && { "Content-Type": "application/json" },
		...token && { "X-Truce-Token": token },
	}, ...body !== undefined && { body: JSON.stringify(body) } });
	const said = r.status === 204 ? {} : await r.json()
		.catch(() => ({})) as Row;
	if (!r.ok)
		throw new Held409(r.status, typeof said.detail === "string"
			? said.detail : r.statusText, said);
	return said;
}

/** One entry with what it says, as a file that proves itself; the log says
 * first who is shown what. */
export async function disclosure(s: Session, of: string, to: string):
Promise<string> {
	const r = await fetch("/api/v1/disclosures", { method: "POST", headers: {
		"Content-Type": "application/json",
		...s.token && { "X-Truce-Token": s.token },
	}, body: JSON.stringify({ of, for: to }) });
	if (r.ok)
		return r.text();
	const said = await r.json().catch(() => ({})) as Row;
	throw new Refused(r.status, typeof said.detail === "string"
		? said.detail : r.statusText);
}

/** Null: this server knows no sessions. */
export async function session(): Promise<Session | null> {
	try {
		return await send("GET", "session", null) as unknown as Session;
	} catch (e) {
		if (e instanceof Refused && e.status === 404)
			return null;
		throw e;
	}
}

export async function signIn(key: Held): Promise<Session> {
	const s = await session();
	if (!s)
		throw new Error("no sessions here");
	const signature = toBase64(await sign(key, lines("cfm/session/v1",
		s.origin, s.challenge)));
	return await send("POST", "session", null, { key: key.public,
		challenge: s.challenge, signature }) as unknown as Session;
}

export const signOut = (s: Session) => send("DELETE", "session", s.token);

export const lease = (s: Session, id: string) =>
	send("POST", "leases/" + id, s.token, {});
export const release = (s: Session, id: string) =>
	send("DELETE", "leases/" + id, s.token);
export const post = (s: Session, path: string, body: unknown) =>
	send("POST", path, s.token, body);
