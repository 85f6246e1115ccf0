// SPDX-License-Identifier: GPL-3.0-or-later
//
// entry.ts - entry v1, 168 bytes (PROOF.md 2), and its body: named fields,
// each hashed with a salt of its own (PROOF.md 3).
import { hmac } from "@noble/hashes/hmac";

import {
	Reader, Refusal, be, concat, equal, order, textOf, toHex, utf8,
} from "./bytes.js";
import { signatureHolds } from "./ed25519.js";
import { leafHash, rootOf, sha256 } from "./merkle.js";

export const ENTRY = 168;
const SIGNED = 104;
export const FIELDS_MAX = 256;

export const EMBARGO = 1;
export const TWO_PERSONS = 2;

export const TYPES = [
	"sealed", "intake batch", "incident", "finding", "review",
	"agreement", "obligation step", "key or role", "health or gap",
	"publication", "correction", "access", "outside anchor", "batch",
	"claim, activity or report", "report edition",
];

/* 2200-01-01 in ms: a later clock is refused (PROOF.md 2). */
const TIME_MAX = 7_258_118_400_000n;

export interface Entry {
	raw: Uint8Array;
	type: number;
	flags: number;
	timeMs: number;
	subject: Uint8Array;
	prev: Uint8Array;
	body: Uint8Array;
	keyId: Uint8Array;
	leaf: Uint8Array;
}

export function readEntry(raw: Uint8Array): Entry {
	if (raw.length !== ENTRY)
		throw new Refusal("entry", `${raw.length} bytes, wants ${ENTRY}`);
	const r = new Reader(raw, "entry");
	if (!equal(r.take(4), utf8("CFE1")))
		throw new Refusal("entry", "does not begin with CFE1");
	const type = r.uint(1), flags = r.uint(1);
	if ((flags & ~(EMBARGO | TWO_PERSONS)) !== 0 || r.uint(2) !== 0)
		throw new Refusal("entry", "reserved bits are not zero");
	const time = r.big(8);
	if (time >= TIME_MAX)
		throw new Refusal("entry", "its time is absurd");
	return {
		raw, type, flags, timeMs: Number(time),
		subject: r.take(16), prev: r.take(32), body: r.take(32),
		keyId: r.take(8), leaf: leafHash(raw),
	};
}

export function authorId(key: Uint8Array): Uint8Array {
	return sha256(key).subarray(0, 8);
}

export function entrySignedBy(e: Entry, key: Uint8Array): boolean {
	const message = concat(utf8("cfm/entry/v1\n"), e.raw.subarray(0, SIGNED));
	return equal(authorId(key), e.keyId)
		&& signatureHolds(key, message, e.raw.subarray(SIGNED));
}

// -- bodies --

export interface Open {
	salt: Uint8Array;
	name: string;
	value: Uint8Array;
}

/** A field as shown: open, or only its leaf hash. */
export type Shown = Open | { shut: Uint8Array };

export function isOpen(f: Shown): f is Open {
	return "salt" in f;
}

export function saltOf(secret: Uint8Array, name: string): Uint8Array {
	return hmac(sha256, secret, utf8(`cfm/salt/v1\n${name}`)).subarray(0, 16);
}

export function fieldLeaf(f: Open): Uint8Array {
	const name = utf8(f.name);
	return leafHash(concat(f.salt, be(name.length, 2), name, f.value));
}

export function nameIsGood(name: string): boolean {
	return name === "!" || /^[a-z0-9_.-]{1,64}$/.test(name);
}

export interface Body {
	/** Fields by name; undefined value: withheld. */
	fields: Map<string, Uint8Array | undefined>;
	/** False: no open field `!`, so a name could be there twice. */
	named: boolean;
	shut: number;
}

/** Rebuilds the root of a body from what is shown of it, and holds the names
 * against field `!`. */
export function readBody(shown: readonly Shown[], root: Uint8Array): Body {
	if (shown.length < 1 || shown.length > FIELDS_MAX)
		throw new Refusal("body",
			`${shown.length} fields, wants 1 to ${FIELDS_MAX}`);
	let last: Uint8Array | null = null;
	for (const f of shown) {
		if (!isOpen(f))
			continue;
		if (!nameIsGood(f.name) || f.salt.length !== 16)
			throw new Refusal("body", `bad name or salt: ${f.name}`);
		const name = utf8(f.name);
		if (last && order(last, name) >= 0)
			throw new Refusal("body", `name out of order: ${f.name}`);
		last = name;
	}
	const leaves = shown.map((f) => isOpen(f) ? fieldLeaf(f) : f.shut);
	if (!equal(rootOf(leaves), root))
		throw new Refusal("body",
			"what is shown is not what the entry commits to");
	const first = shown[0]!;
	return isOpen(first) && first.name === "!"
		? withNames(first, shown)
		: withoutNames(shown);
}

function withNames(list: Open, shown: readonly Shown[]): Body {
	const text = textOf(list.value, "field !");
	const names = text === "" ? [] : text.split("\n");
	if (names.length !== shown.length - 1)
		throw new Refusal("body", `field ! lists ${names.length} names, `
			+ `there are ${shown.length - 1} fields`);
	const fields = new Map<string, Uint8Array | undefined>();
	let before = new Uint8Array(0);
	names.forEach((name, i) => {
		const f = shown[i + 1]!;
		const bytes = utf8(name);
		if (name === "!" || !nameIsGood(name)
			|| (i > 0 && order(before, bytes) >= 0))
			throw new Refusal("body", `field ! lists a bad name: ${name}`);
		if (isOpen(f) && f.name !== name)
			throw new Refusal("body",
				`field ${i + 1} is ${f.name}, field ! says ${name}`);
		before = new Uint8Array(bytes);
		fields.set(name, isOpen(f) ? f.value : undefined);
	});
	const shut = shown.filter((f) => !isOpen(f)).length;
	return { fields, named: true, shut };
}

function withoutNames(shown: readonly Shown[]): Body {
	const fields = new Map<string, Uint8Array | undefined>();
	for (const f of shown.filter(isOpen)) {
		if (f.name === "!")
			throw new Refusal("body", "field ! is not the first");
		fields.set(f.name, f.value);
	}
	const shut = shown.filter((f) => !isOpen(f)).length;
	return { fields, named: false, shut };
}

/** A value as text; quoted where raw text could be taken for a number.  null
 * where it is not shown, or has escapes, which no key and no hash has. */
export function fieldText(b: Body, name: string): string | null {
	const value = b.fields.get(name);
	if (value === undefined)
		return null;
	const text = textOf(value, name);
	if (!text.startsWith("\""))
		return text;
	return /^"([^"\\]*)"$/s.exec(text)?.[1] ?? null;
}

/** A whole number as it is stored; null where there is none. */
export function fieldCount(b: Body, name: string): number | null {
	const value = b.fields.get(name);
	const text = value ? textOf(value, name) : "";
	return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : null;
}

/** A hash in lower-case hex. */
export function fieldHash(b: Body, name: string): string | null {
	const text = fieldText(b, name);
	return text !== null && /^[0-9a-f]{64}$/.test(text) ? text : null;
}

export function typeName(type: number): string {
	return TYPES[type] ?? `type ${type}`;
}

const BASE32HEX = "0123456789abcdefghijklmnopqrstuv";

/** A subject as ids are written: 26 characters of base32hex. */
export function subjectText(subject: Uint8Array): string {
	let bits = BigInt(`0x${toHex(subject)}`) << 2n;
	let out = "";
	for (let i = 0; i < 26; i++) {
		out = BASE32HEX[Number(bits & 31n)] + out;
		bits >>= 5n;
	}
	return out;
}
