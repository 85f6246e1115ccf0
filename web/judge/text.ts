// SPDX-License-Identifier: GPL-3.0-or-later
//
// text.ts - texts as bytes.  Every text in here is a string of which each
// character is one byte (0 to 255), so that lengths and cuts are those of
// docs/judging.md; `octets` and `letters` are the doors.
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export function octets(text: string): string {
	return /^[\0-\x7f]*$/.test(text) ? text
		: ofBytes(encoder.encode(text));
}

export function ofBytes(b: Uint8Array): string {
	let out = "";

	for (let i = 0; i < b.length; i += 4096)
		out += String.fromCharCode(...b.subarray(i, i + 4096));
	return out;
}

export function toBytes(s: string): Uint8Array {
	const b = new Uint8Array(s.length);

	for (let i = 0; i < s.length; i++)
		b[i] = s.charCodeAt(i);
	return b;
}

/** The text that bytes stand for. */
export function letters(s: string): string {
	return decoder.decode(toBytes(s));
}

const FOLLOWS = (s: string, i: number): boolean =>
	(s.charCodeAt(i) & 0xc0) === 0x80;

/** At most n bytes of it that end with a whole character. */
export function upTo(s: string, n: number): string {
	while (n > 0 && FOLLOWS(s, n))
		n--;
	return s.slice(0, n);
}

/** Somebody else's text in a line: cut if it is longer than n bytes. */
export function part(s: string, n: number): string {
	return s.length <= n ? s : `${upTo(s, n)}...`;
}

/** Length of the UTF-8 character at i, 0 if it is none. */
function character(s: string, i: number): number {
	const c = s.charCodeAt(i), d = s.charCodeAt(i + 1);
	const n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3
		: c < 0xf5 ? 4 : 0;
	const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
	const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;

	if (n < 2)
		return n;
	if (!(d >= low && d <= high))
		return 0;
	for (let k = 2; k < n; k++)
		if (i + k >= s.length || !FOLLOWS(s, i + k))
			return 0;
	return n;
}

const ESCAPES: { [c: string]: string } = {
	"\n": "\\n", "\t": "\\t", "\r": "\\r", "\"": "\\\"", "\\": "\\\\",
};

/** As a JSON text: control characters escaped, bytes that are no UTF-8 as
 * U+FFFD. */
export function quoted(s: string): string {
	let out = "\"";

	if (/^[ !#-[\]-~]*$/.test(s))
		return `"${s}"`;
	for (let i = 0; i < s.length;) {
		const n = character(s, i), c = s[i]!;

		if (n === 0)
			out += "\xef\xbf\xbd";
		else if (ESCAPES[c])
			out += ESCAPES[c];
		else if (c < " " || c === "\x7f")
			out += `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
		else
			out += s.slice(i, i + n);
		i += n || 1;
	}
	return `${out}"`;
}

export type Json = string | number | null | Json[] | { [key: string]: Json };

/** JSON without spaces, members in order of their names. */
export function canonical(v: Json): string {
	if (v === null)
		return "null";
	if (typeof v === "number")
		return String(v);
	if (typeof v === "string")
		return quoted(v);
	if (Array.isArray(v))
		return `[${v.map(canonical).join(",")}]`;
	return `{${Object.keys(v).sort().map((k) =>
		`${quoted(k)}:${canonical(v[k]!)}`).join(",")}}`;
}
