// SPDX-License-Identifier: GPL-3.0-or-later
//
// outbox.ts - reports that wait on the phone.  A report lies in IndexedDB, with
// its photos' original bytes, before anything is sent.  Its photos go first, each
// by the SHA-256 of its bytes; it leaves only when the server's receipts name
// them all, and its own id and SHA-256.  Sent again it is the same report (PUT by
// an id made here), so nothing is lost and nothing comes twice.
import { store } from "./store";

export interface Photo {
	name: string;
	bytes: number;
	sha256: string;
	original: Blob;
	/** The server has it. */
	received?: boolean;
}

/** The server takes no more (serve/submission.h), and these alone. */
export const PHOTO_BYTES = 8 << 20;
export const PHOTO_TYPES = ["image/jpeg", "image/png"];

export interface Item {
	id: string;
	source: string;
	/** The report as it will be sent, to the byte. */
	body: string;
	sha256: string;
	photos: Photo[];
	/** UTC ms by this phone's clock. */
	made: number;
	/** What the server said no to; sent again when asked. */
	refused: string | null;
	receipt: { bytes: number; sha256: string; at: number;
		/** Server's clock less this phone's, ms. */
		offset: number | null } | null;
}

export async function digest(bytes: BufferSource): Promise<string> {
	const d = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return [...d].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export const { all, keep, drop } = store<Item>("truce-outbox", "items", "id");

interface Answer { status: number; said: Record<string, unknown>;
	clock: number }

async function put(id: string, source: string, body: BodyInit, type: string):
Promise<Answer> {
	const r = await fetch(`/api/v1/submissions/${id}?source=${
		encodeURIComponent(source)}`, { method: "PUT", body,
		headers: { "Content-Type": type } });
	const said = await r.json() as Record<string, unknown>;
	if (r.status >= 500)
		throw new Error(r.statusText);
	return { status: r.status, said, clock: Date.parse(r.headers.get("Date")
		?? "") };
}

const fits = (a: Answer, id: string, sha256: string): boolean => {
	if (a.status >= 400)
		return false;
	if (a.said.id !== id || a.said.sha256 !== sha256)
		throw new Error("the receipt is of something else");
	return true;
};

const refuse = (i: Item, a: Answer) => keep({ ...i,
	refused: typeof a.said.detail === "string" ? a.said.detail
		: String(a.status) });

/** Its photos, one after the other; each that is received is kept as that. */
async function sendPhotos(i: Item): Promise<Item | null> {
	let now = i;
	for (const p of i.photos) {
		if (p.received)
			continue;
		const a = await put(p.sha256, i.source, p.original, p.original.type);
		if (!fits(a, p.sha256, p.sha256)) {
			await refuse(now, a);
			return null;
		}
		now = { ...now, photos: now.photos.map((x) => x.sha256 === p.sha256
			? { ...x, received: true } : x) };
		await keep(now);
	}
	return now;
}

/** One item; what becomes of it is kept.  Throws where nobody answers. */
async function send(i: Item): Promise<void> {
	const now = await sendPhotos(i);
	if (!now)
		return;
	const a = await put(i.id, i.source, i.body, "application/json");
	if (!fits(a, i.id, i.sha256)) {
		await refuse(now, a);
		return;
	}
	await keep({ ...now, refused: null, receipt: {
		bytes: Number(a.said.bytes), sha256: i.sha256, at: Date.now(),
		offset: Number.isFinite(a.clock) ? a.clock - Date.now() : null } });
}

/** All that waits, oldest first, one tab at a time; how many still wait. */
export async function sendAll(again: boolean): Promise<number> {
	return navigator.locks.request("truce-outbox", async () => {
		const waiting = (await all()).filter((i) => !i.receipt &&
			(again || !i.refused)).sort((a, b) => a.made - b.made);
		let left = waiting.length;
		for (const i of waiting) {
			await send(i).catch((e: unknown) => {
				console.info(`${i.id}: ${String(e)}`);
			});
			left--;
		}
		return (await all()).filter((i) => !i.receipt).length + left;
	});
}
