// SPDX-License-Identifier: GPL-3.0-or-later
//
// keys.ts - a person's signing key in this browser: Ed25519 of WebCrypto, not
// extractable, kept in IndexedDB.  It comes out of a key file once; from then
// on the page can sign with it, and nobody can read it.
import { ed25519 } from "@noble/curves/ed25519";

import { concat, fromBase64, toHex, utf8 } from "../verify/bytes";

const NAME = "truce-keys", STORE = "keys";
/** PKCS #8 of an Ed25519 seed (RFC 8410, 7), before its 32 bytes. */
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65,
	0x70, 4, 0x22, 4, 0x20]);
const ED25519 = 1; // of a signed note's key

export interface Held {
	/** 64 hex. */
	public: string;
	/** As the file called it. */
	name: string;
	private: CryptoKey;
}

function base(): Promise<IDBDatabase> {
	return new Promise((done, no) => {
		const r = indexedDB.open(NAME, 1);
		r.onupgradeneeded = () =>
			r.result.createObjectStore(STORE, { keyPath: "public" });
		r.onsuccess = () => done(r.result);
		r.onerror = () => no(r.error ?? new Error(NAME));
	});
}

async function within<T>(mode: IDBTransactionMode,
	run: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const b = await base();
	try {
		return await new Promise<T>((done, no) => {
			const t = b.transaction(STORE, mode);
			const r = run(t.objectStore(STORE));
			t.oncomplete = () => done(r.result);
			t.onabort = t.onerror = () => no(t.error ?? new Error(STORE));
		});
	} finally {
		b.close();
	}
}

export const held = (): Promise<Held[]> =>
	within("readonly", (s) => s.getAll() as IDBRequest<Held[]>);

export const forget = (key: string): Promise<undefined> =>
	within("readwrite", (s) => s.delete(key));

/** PRIVATE+KEY+name+id+base64 of algorithm and seed, as `truce key new` writes
 * it; the text is not kept. */
export async function take(file: string): Promise<Held> {
	const m = /^PRIVATE\+KEY\+([^+\s]+)\+[0-9a-f]{8}\+(\S+)\s*$/.exec(file);
	const bytes = m ? fromBase64(m[2] ?? "") : new Uint8Array();
	if (!m || bytes.length !== 33 || bytes[0] !== ED25519)
		throw new Error("not a key file of `truce key new`");
	const seed = bytes.subarray(1);
	const key: Held = { name: m[1] ?? "", public: toHex(
		ed25519.getPublicKey(seed)), private: await crypto.subtle.importKey(
		"pkcs8", new Uint8Array(concat(PKCS8, seed)), { name: "Ed25519" },
		false, ["sign"]) };
	bytes.fill(0);
	await within("readwrite", (s) => s.put(key));
	return key;
}

export async function sign(key: Held, message: Uint8Array):
Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" },
		key.private, new Uint8Array(message)));
}

export const lines = (...parts: string[]): Uint8Array =>
	utf8(parts.map((p) => p + "\n").join(""));
