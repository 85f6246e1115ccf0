// SPDX-License-Identifier: GPL-3.0-or-later
//
// keys.ts - the key directory, as the log's own entries of type 7 make it
// (docs/people.md): entry 0 names the engine and the root keys; root persons
// together enrol, revoke and replace all others.  Written from the text, not
// from the program in C.
import {
	Refusal, be, concat, equal, fromBase64, fromHex, order, toHex, utf8,
	within,
} from "./bytes.js";
import { signatureHolds } from "./ed25519.js";
import type { Body, Entry } from "./entry.js";
import { authorId } from "./entry.js";
import { sha256 } from "./merkle.js";
import type { Key } from "./note.js";
import { SIGNS, readKey, verifyCheckpoint } from "./note.js";
import {
	hexAt, hexTextAt, numberAt, orgAt, orgIsGood, textAt, textIf, timeAt,
	wordAt,
} from "./values.js";

export const ROLES = ["engine", "analyst", "reviewer", "chief", "liaison",
	"guarantor", "reporter", "auditor"] as const;
export type Role = typeof ROLES[number] | "root" | "sensor";

export interface Holder {
	id: string; /* hex of 8 bytes */
	key: Uint8Array;
	role: Role;
	person: string | null; /* null: the server, or a sensor */
	org: string; /* of a sensor: the party that hosts it */
	sensor: string;
	subject: string; /* of its enrolment */
	from: bigint; /* ns */
	to: bigint;
	counts: number | null; /* good for entries after this one */
	ended: number | null; /* and up to this one */
	revoked: { index: number; since: bigint } | null;
}

export interface Root {
	person: string;
	key: Uint8Array;
	org: string;
}

export interface Genesis {
	engine: Uint8Array;
	log: Key;
	policy: string; /* hex SHA-256; zeros: none */
	roots: Root[];
	threshold: number;
	twoOrgs: boolean;
}

/** What a type-7 entry wants to change. */
export type KeyEvent =
	| { act: "enrol"; holder: Holder; replaces: Holder | null }
	| { act: "revoke"; holder: Holder; since: bigint }
	| { act: "policy"; policy: string }
	| { act: "log"; log: Key; last: number; before: number }
	| { act: "roots"; holders: Holder[]; threshold: number };

/** A key of the log, and the sizes whose checkpoints are its word. */
export interface LogKey {
	key: Key;
	from: number;
	to: number;
}

const NEVER = (1n << 63n) - 1n;
const DAYS_90 = 90n * 86_400n * 1_000_000_000n;
const ROOTS_MAX = 16;

export function readRoots(text: string, threshold: number): Root[] {
	const lines = text.split("\n");
	if (lines.length > ROOTS_MAX)
		throw new Refusal("body", `more than ${ROOTS_MAX} root keys`);
	lines.forEach((l, i) => {
		const m = /^[0-9a-f]{32} [0-9a-f]{64} (.*)$/s.exec(l);
		if (!m || !orgIsGood(m[1]!)
			|| (i > 0 && order(utf8(lines[i - 1]!), utf8(l)) >= 0))
			throw new Refusal("body", `roots, line ${i + 1}: wants `
				+ "PERSON KEY ORG, ascending");
	});
	if (threshold < 1 || threshold > lines.length)
		throw new Refusal("body",
			`a threshold of ${threshold} for ${lines.length} root keys`);
	return lines.map((l) => ({
		person: l.slice(0, 32), key: fromHex(l.slice(33, 97), 32),
		org: l.slice(98),
	}));
}

/** The root of the first so many entries. */
export type RootAt = (size: number) => Uint8Array;

function logKey(text: string): Key {
	const key = readKey(text);
	if (key.type !== SIGNS)
		throw new Refusal("body", "wants a key that signs");
	return key;
}

export function readGenesis(b: Body): Genesis {
	if (!b.named || b.shut > 0)
		throw new Refusal("genesis", "entry 0 must be open");
	wordAt(b, "act", ["genesis"]);
	const threshold = numberAt(b, "threshold");
	hexAt(b, "mission_sha256", 32);
	return {
		engine: hexAt(b, "engine", 32),
		log: logKey(textAt(b, "log")),
		policy: hexTextAt(b, "policy_sha256", 32),
		roots: readRoots(textAt(b, "roots"), threshold),
		threshold,
		twoOrgs: wordAt(b, "two_orgs", ["yes", "no"]) === "yes",
	};
}

const ACTS = ["enrol", "revoke", "sensor", "policy", "log", "roots"];

function subjectOf(ms: bigint, made: Uint8Array): string {
	return toHex(concat(be(ms, 6), sha256(made).subarray(0, 10)));
}

function holder(
	key: Uint8Array,
	role: Role,
	more: Partial<Holder>,
): Holder {
	return {
		id: toHex(authorId(key)), key, role, person: null, org: "",
		sensor: "", subject: subjectOf(0n, key), from: 0n, to: NEVER,
		counts: null, ended: null, revoked: null, ...more,
	};
}

export class Directory {
	readonly byId = new Map<string, Holder>();
	origin: string;
	readonly logs: LogKey[];
	policy: string;
	threshold: number;
	readonly twoOrgs: boolean;
	doubts = 0; /* revocations that took something back */

	constructor(g: Genesis) {
		this.origin = g.log.name;
		this.logs = [{ key: g.log, from: 0, to: Infinity }];
		this.policy = g.policy;
		this.threshold = g.threshold;
		this.twoOrgs = g.twoOrgs;
		const all = [holder(g.engine, "engine", { counts: -1 }),
			...g.roots.map((r) => holder(r.key, "root",
				{ person: r.person, org: r.org, counts: -1 }))];
		for (const h of all) {
			if (this.byId.has(h.id))
				throw new Refusal("genesis", "a key is there twice");
			this.byId.set(h.id, h);
		}
	}

	/** Null where the key is good for an entry, else what is wrong. */
	static fault(h: Holder, index: number, ns: bigint): string | null {
		if (h.counts === null || h.counts >= index)
			return "its enrolment does not count yet";
		if (h.ended !== null && h.ended < index)
			return `it ended with entry ${h.ended}`;
		if (ns < h.from || ns > h.to)
			return "the author's clock is outside its time";
		return null;
	}

	// -- what an entry of type 7 says --

	/** Reads it; nothing changes.  `roots`: of the log so far. */
	read(b: Body, e: Entry, index: number, roots: RootAt): KeyEvent {
		const act = wordAt(b, "act", ACTS);
		const ev = act === "log" ? this.handOver(b, index, roots)
			: this.event(act, b);
		const want = ev.act === "enrol" || ev.act === "revoke"
			? ev.holder.subject
			: toHex(concat(new Uint8Array(6),
				sha256(utf8(act)).subarray(0, 10)));
		if (want !== toHex(e.subject))
			throw new Refusal("body", "the subject is not that of its key");
		return ev;
	}

	private event(act: string, b: Body): KeyEvent {
		switch (act) {
		case "enrol": return this.enrolment(b);
		case "sensor": return this.sensor(b);
		case "revoke": return this.revocation(b);
		case "policy":
			return { act, policy: hexTextAt(b, "policy_sha256", 32) };
		default: {
			const threshold = numberAt(b, "threshold");
			const roots = readRoots(textAt(b, "roots"), threshold);
			return { act: "roots", threshold, holders: roots.map((r) =>
				holder(r.key, "root", { person: r.person, org: r.org })) };
		}
		}
	}

	/** A new key, and what the one in force signed last: its word ends
	 * there. */
	private handOver(b: Body, index: number, roots: RootAt): KeyEvent {
		const log = within("body", null, "log",
			() => logKey(textAt(b, "log")));
		if (log.name !== this.origin)
			throw new Refusal("body", "a log of another name");
		const last = utf8(textAt(b, "last"));
		if (last.length >= 1024)
			throw new Refusal("body", "last: too long");
		const was = this.logs[this.logs.length - 1]!;
		const c = within("body", null, "last",
			() => verifyCheckpoint(last, was.key));
		if (c.size < 1 || c.size < was.from || c.size > index
			|| !equal(roots(c.size), c.root))
			throw new Refusal("body", "last: no beginning of this log");
		return { act: "log", log, last: c.size, before: this.logs.length };
	}

	/** Whose word a checkpoint of that size is; null: nobody's. */
	logOf(size: number): Key | null {
		return this.logs.find((l) => size >= l.from && size <= l.to)?.key
			?? null;
	}

	private static period(b: Body): { from: bigint; to: bigint } {
		const from = timeAt(b, "not_before"), to = timeAt(b, "not_after");
		if (from >= to)
			throw new Refusal("body", "not_after is not after not_before");
		return { from, to };
	}

	private enrolment(b: Body): KeyEvent {
		const key = hexAt(b, "key", 32), time = Directory.period(b);
		const role = wordAt(b, "role", ROLES) as Role;
		if (time.to - time.from > DAYS_90)
			throw new Refusal("body", "a key lives 90 days at most");
		const h = holder(key, role, {
			...time, person: hexTextAt(b, "person", 16),
			org: orgAt(b, "org"),
			subject: subjectOf(time.from / 1_000_000n, key),
		});
		return { act: "enrol", holder: h, replaces: this.replaced(b, h) };
	}

	private sensor(b: Body): KeyEvent {
		const key = hexAt(b, "key", 32), time = Directory.period(b);
		const h = holder(key, "sensor", {
			...time, org: orgAt(b, "party"), sensor: textAt(b, "sensor"),
			subject: subjectOf(time.from / 1_000_000n, key),
		});
		return { act: "enrol", holder: h, replaces: this.replaced(b, h) };
	}

	/** The same person in the same role; the same sensor; any engine. */
	private replaced(b: Body, h: Holder): Holder | null {
		if (textIf(b, "replaces") === null)
			return null;
		const old = this.find(hexAt(b, "replaces", 32));
		if (!old || old.role !== h.role || old.sensor !== h.sensor
			|| (h.role !== "engine" && old.person !== h.person))
			throw new Refusal("body",
				"replaces: no such key of the same person and role");
		return old;
	}

	private revocation(b: Body): KeyEvent {
		const h = this.find(hexAt(b, "key", 32));
		if (!h || h.role === "root")
			throw new Refusal("body", "key: none that can be revoked");
		return { act: "revoke", holder: h, since: timeAt(b, "since") };
	}

	private find(key: Uint8Array): Holder | null {
		const h = this.byId.get(toHex(authorId(key)));
		return h && equal(h.key, key) ? h : null;
	}

	// -- proposed, and counting --

	/** Takes the ids that an event proposes. */
	propose(ev: KeyEvent): void {
		const fresh = ev.act === "enrol" ? [ev.holder]
			: ev.act === "roots" ? ev.holders : [];
		const ids = new Set<string>();
		for (const h of fresh) {
			const old = this.byId.get(h.id);
			const again = old && ev.act === "roots" && old.role === "root"
				&& equal(old.key, h.key) && old.person === h.person
				&& old.org === h.org;
			if ((old && !again) || ids.has(h.id))
				throw new Refusal("key", "the id of that key is taken");
			ids.add(h.id);
		}
		for (const h of fresh)
			if (!this.byId.has(h.id))
				this.byId.set(h.id, h);
	}

	/** The new key's own word that it wants to be enrolled. */
	checkProof(ev: KeyEvent, b: Body): void {
		if (ev.act !== "enrol" || ev.holder.role === "sensor")
			return;
		const lines = ["key", "person", "org", "role", "not_before",
			"not_after"].map((n) => `${textAt(b, n)}\n`);
		const message = utf8(`cfm/enrol/v1\n${this.origin}\n`
			+ lines.join(""));
		const proof = within("proof", null, "proof",
			() => fromBase64(textAt(b, "proof")));
		if (!signatureHolds(ev.holder.key, message, proof))
			throw new Refusal("proof",
				"the new key did not sign its enrolment");
	}

	private end(h: Holder, index: number): void {
		h.ended = h.ended === null ? index : Math.min(h.ended, index);
	}

	/** The event counts from entry `index` on. */
	apply(ev: KeyEvent, index: number): void {
		switch (ev.act) {
		case "enrol":
			ev.holder.counts = index;
			if (ev.replaces)
				this.end(ev.replaces, index);
			break;
		case "revoke":
			this.end(ev.holder, index);
			if (ev.holder.revoked
				&& ev.holder.revoked.since <= ev.since)
				break;
			ev.holder.revoked = { index, since: ev.since };
			this.doubts++;
			break;
		case "policy":
			this.policy = ev.policy;
			break;
		case "log":
			/* Of two proposed beside each other the first holds. */
			if (ev.before !== this.logs.length)
				break;
			this.logs[ev.before - 1]!.to = ev.last;
			this.logs.push({ key: ev.log, from: index + 1, to: Infinity });
			break;
		case "roots":
			this.newRoots(ev.holders.map((h) => h.id), index);
			this.threshold = ev.threshold;
			break;
		}
	}

	private newRoots(ids: string[], index: number): void {
		for (const h of this.byId.values()) {
			if (h.role !== "root")
				continue;
			if (!ids.includes(h.id)) {
				if (h.counts !== null)
					this.end(h, index);
			} else if (h.counts === null || h.ended !== null) {
				h.counts = index; /* anew, if it had ended */
				h.ended = null;
			}
		}
	}

	/** Is this root key in force for what entry `index` completes? */
	static inForce(h: Holder, index: number): boolean {
		return h.role === "root" && h.counts !== null && h.counts < index
			&& (h.ended === null || h.ended >= index);
	}

	get counted(): Holder[] {
		return [...this.byId.values()].filter((h) => h.counts !== null);
	}
}
