// SPDX-License-Identifier: GPL-3.0-or-later
//
// outbox.ts - reports that wait on the phone.  A report lies in IndexedDB, with
// its photos' original bytes, before anything is sent; it leaves only when the
// server's receipt names its id and the SHA-256 of its very bytes.  Sent again
// it is the same report (PUT by an id made here), so nothing is lost and nothing
// comes twice.
const NAME = "truce-outbox", STORE = "items";

export interface Photo {
	name: string;
	bytes: number;
	sha256: string;
	original: Blob;
}

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

function base(): Promise<IDBDatabase> {
	return new Promise((done, no) => {
		const r = indexedDB.open(NAME, 1);
		r.onupgradeneeded = () =>
			r.result.createObjectStore(STORE, { keyPath: "id" });
		r.onsuccess = () => done(r.result);
		r.onerror = () => no(r.error ?? new Error(NAME));
	});
}

async function within<T>(mode: IDBTransactionMode,
	run: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const b = await base();
	try {
		return await new Promise<T>((done, no) => {
			// On the disk before it is said to be kept.
			const t = b.transaction(STORE, mode, { durability: "strict" });
			const r = run(t.objectStore(STORE));
			t.oncomplete = () => done(r.result);
			t.onabort = t.onerror = () => no(t.error ?? new Error(STORE));
		});
	} finally {
		b.close();
	}
}

export const all = (): Promise<Item[]> =>
	within("readonly", (s) => s.getAll() as IDBRequest<Item[]>);
export const keep = (i: Item) => within("readwrite", (s) => s.put(i));
export const drop = (id: string) => within("readwrite", (s) => s.delete(id));

/** One item; what becomes of it is kept.  Throws where nobody answers. */
async function send(i: Item): Promise<void> {
	const r = await fetch(`/api/v1/submissions/${i.id}?source=${
		encodeURIComponent(i.source)}`, { method: "PUT", body: i.body,
		headers: { "Content-Type": "application/json" } });
	const said = await r.json() as Record<string, unknown>;
	const clock = Date.parse(r.headers.get("Date") ?? "");
	if (r.status === 200 || r.status === 201) {
		if (said.id !== i.id || said.sha256 !== i.sha256)
			throw new Error("the receipt is of something else");
		await keep({ ...i, refused: null, receipt: {
			bytes: Number(said.bytes), sha256: i.sha256, at: Date.now(),
			offset: Number.isFinite(clock) ? clock - Date.now() : null } });
	} else if (r.status >= 400 && r.status < 500) {
		await keep({ ...i, refused: typeof said.detail === "string"
			? said.detail : r.statusText });
	} else {
		throw new Error(r.statusText);
	}
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
