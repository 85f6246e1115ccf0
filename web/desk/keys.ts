// SPDX-License-Identifier: GPL-3.0-or-later
//
// keys.ts - a person's signing key in this browser: Ed25519 of WebCrypto, not
// extractable, kept in IndexedDB.  It is made here, or comes out of a key file
// once; from then on the page can sign with it, and nobody can read it.
import { ed25519 } from "@noble/curves/ed25519";

import { concat, fromBase64, toBase64, toHex, utf8 } from "../verify/bytes";
import { store } from "./store";

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
	/** What a chief enrols it by, of a key that was made here. */
	request?: string;
}

/** Whose the key shall be, in what role, for which log. */
export interface Wish {
	origin: string;
	/** 32 hex; a further key of a person who has one names it. */
	person: string;
	org: string;
	role: string;
}

const kept = store<Held>("truce-keys", "keys", "public");

export const held = () => kept.all();
export const forget = (key: string) => kept.drop(key);

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
	await kept.keep(key);
	return key;
}

const DAYS = 90; // a key's life at most (docs/people.md)

/** A new key, that never leaves this browser, and the request that a chief
 * enrols: `truce key enrol MISSION --request FILE`. */
export async function make(wish: Wish, now: number): Promise<Held> {
	const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, false,
		["sign", "verify"]) as CryptoKeyPair;
	const is = toHex(new Uint8Array(await crypto.subtle.exportKey("raw",
		pair.publicKey)));
	const second = Math.floor(now / 1000) * 1000;
	const time = (ms: number) => new Date(ms).toISOString()
		.replace(/\.000Z$/, ".000000Z");
	const of = [is, wish.person, wish.org, wish.role, time(second),
		time(second + DAYS * 86400e3)];
	const key: Held = { public: is, name: wish.role, private: pair.privateKey };
	const proof = toBase64(await sign(key, lines("cfm/enrol/v1", wish.origin,
		...of)));
	key.request = ["truce enrolment 1", `origin ${wish.origin}`,
		...["key", "person", "org", "role", "not_before", "not_after"].map(
			(name, i) => `${name} ${of[i] ?? ""}`), `proof ${proof}`, ""]
		.join("\n");
	await kept.keep(key);
	return key;
}

export async function sign(key: Held, message: Uint8Array):
Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" },
		key.private, new Uint8Array(message)));
}

export const lines = (...parts: string[]): Uint8Array =>
	utf8(parts.map((p) => p + "\n").join(""));
