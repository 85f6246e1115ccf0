// SPDX-License-Identifier: GPL-3.0-or-later
//
// values.ts - what a field says, read strictly (docs/people.md): two
// verifiers must not differ about a text with two spellings.
import { Refusal, fromHex, textOf, toHex, within } from "./bytes.js";
import type { Body } from "./entry.js";

function bad(name: string, want: string): Refusal {
	return new Refusal("body", `${name}: wants ${want}`);
}

/** Some of the fields that are wanted cannot be seen. */
export function hides(b: Body, names: readonly string[]): boolean {
	return !b.named || names.some((n) =>
		b.fields.has(n) && b.fields.get(n) === undefined);
}

const ESCAPES: { [c: string]: string } =
	{ n: "\n", "\"": "\"", "\\": "\\" };

/** A value that begins with a quotation mark is a JSON string of three
 * escapes; any other is the text itself. */
export function unquoted(text: string): string | null {
	if (text.includes("\0"))
		return null;
	if (!text.startsWith("\""))
		return text;
	if (!/^"([^"\\]|\\[n"\\])*"$/s.test(text))
		return null;
	return text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ESCAPES[c]!);
}

/** Refuses where there is none. */
export function textAt(b: Body, name: string): string {
	const value = b.fields.get(name);
	const raw = value && raw8(value, name);
	const text = raw === undefined ? null : unquoted(raw);
	if (text === null)
		throw bad(name, "a text");
	return text;
}

function raw8(value: Uint8Array, name: string): string {
	return within("body", null, "", () => textOf(value, name));
}

/** A text, or null where the body has no such field. */
export function textIf(b: Body, name: string): string | null {
	return b.fields.has(name) ? textAt(b, name) : null;
}

export function hexAt(b: Body, name: string, bytes: number): Uint8Array {
	const text = textAt(b, name);
	if (text.length !== 2 * bytes || !/^[0-9a-f]*$/.test(text))
		throw bad(name, `${2 * bytes} lower-case hex digits`);
	return fromHex(text, bytes);
}

export function hexTextAt(b: Body, name: string, bytes: number): string {
	return toHex(hexAt(b, name, bytes));
}

/** Bare decimal, below 2^53. */
export function numberAt(b: Body, name: string): number {
	const value = b.fields.get(name);
	const text = value ? raw8(value, name) : "";
	if (!/^(0|[1-9][0-9]{0,15})$/.test(text)
		|| Number(text) > Number.MAX_SAFE_INTEGER)
		throw bad(name, "a decimal without leading zeros");
	return Number(text);
}

export function wordAt(
	b: Body,
	name: string,
	words: readonly string[],
): string {
	const text = textAt(b, name);
	if (!words.includes(text))
		throw bad(name, words.join(", "));
	return text;
}

const TIME = new RegExp("^([0-9]{4})-([0-9]{2})-([0-9]{2})"
	+ "T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,9}))?Z$");

/** ns since 1970, or null. */
export function readTime(text: string): bigint | null {
	const m = TIME.exec(text);
	if (!m)
		return null;
	const n = m.slice(1, 7).map(Number);
	const ms = Date.UTC(n[0]!, n[1]! - 1, n[2]!, n[3]!, n[4]!, n[5]!);
	const real = new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19);
	if (!real || n[0]! < 1970 || n[0]! > 2199)
		return null;
	return BigInt(ms) * 1_000_000n + BigInt((m[7] ?? "").padEnd(9, "0"));
}

export function timeAt(b: Body, name: string): bigint {
	const t = readTime(textAt(b, name));
	if (t === null)
		throw bad(name, "a time in UTC with Z");
	return t;
}

export function orgIsGood(org: string): boolean {
	return /^[A-Za-z0-9._-]{1,64}$/.test(org);
}

export function orgAt(b: Body, name: string): string {
	const org = textAt(b, name);
	if (!orgIsGood(org))
		throw bad(name, "letters, digits, dot, line and dash");
	return org;
}
