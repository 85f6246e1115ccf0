// SPDX-License-Identifier: GPL-3.0-or-later
//
// bytes.ts - bytes and their spellings, read strictly: what has two spellings
// has one too many, since two verifiers might then disagree.  And the one way
// to refuse: a Refusal names the rule, the entry if one is concerned, and
// says where and what was wanted.

export class Refusal extends Error {
	/** `index` is null when no entry is concerned. */
	constructor(
		readonly rule: string,
		readonly where: string,
		readonly index: number | null = null,
	) {
		super(`${rule}: ${where}`);
		this.name = "Refusal";
	}

	/** As `truce audit` prints it. */
	verdict(): string {
		return `NOT VERIFIED ${this.index ?? "-"} ${this.rule}`;
	}
}

/** What `f` gives, or why it refuses.  A failure of another kind (a disk, no
 * memory, an error of ours) is no verdict, and goes on its way. */
export function attempt<T>(f: () => T): T | Refusal {
	try {
		return f();
	} catch (e) {
		if (e instanceof Refusal)
			return e;
		throw e;
	}
}

/** Runs `f`; what it refuses gets `rule` and `index`, and a place in front. */
export function within<T>(
	rule: string,
	index: number | null,
	place: string,
	f: () => T,
): T {
	const got = attempt(f);
	if (!(got instanceof Refusal))
		return got;
	throw new Refusal(rule, place ? `${place}: ${got.where}` : got.where,
		index);
}

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
	return encoder.encode(text);
}

export function textOf(bytes: Uint8Array, what: string): string {
	try {
		return strictText.decode(bytes);
	} catch {
		throw new Refusal("text", `${what} is not UTF-8`);
	}
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** Order by byte. */
export function order(a: Uint8Array, b: Uint8Array): number {
	const n = Math.min(a.length, b.length);
	for (let i = 0; i < n; i++)
		if (a[i] !== b[i])
			return a[i]! - b[i]!;
	return a.length - b.length;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

export function toHex(b: Uint8Array): string {
	return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}

export function fromHex(s: string, length: number): Uint8Array {
	if (!/^[0-9a-f]*$/.test(s) || s.length !== 2 * length)
		throw new Refusal("text", `wants ${2 * length} lower-case hex digits`);
	return Uint8Array.from({ length }, (_, i) =>
		parseInt(s.slice(2 * i, 2 * i + 2), 16));
}

const ALPHABET =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(b: Uint8Array): string {
	let out = "";
	for (let i = 0; i < b.length; i += 3) {
		const [x, y, z] = [b[i]!, b[i + 1] ?? 0, b[i + 2] ?? 0];
		const v = (x << 16) | (y << 8) | z;
		for (let k = 0; k < 4; k++)
			out += i + k > b.length
				? "="
				: ALPHABET[(v >> (18 - 6 * k)) & 63];
	}
	return out;
}

/** Padded, no spaces, spare bits zero (RFC 4648, section 3.5). */
export function fromBase64(s: string): Uint8Array {
	const body = s.replace(/={1,2}$/, "");
	if (s.length % 4 !== 0 || !/^[A-Za-z0-9+/]*$/.test(body))
		throw new Refusal("text", "wants padded base64");
	const out = new Uint8Array(Math.floor((body.length * 6) / 8));
	let bits = 0, held = 0, at = 0;
	for (const c of body) {
		bits = (bits << 6) | ALPHABET.indexOf(c);
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (bits >> held) & 255;
			bits &= (1 << held) - 1;
		}
	}
	if (bits !== 0 || body.length % 4 === 1)
		throw new Refusal("text", "base64 with spare bits that are not zero");
	return out;
}

/** ASCII, no sign, no leading zeros, below 2^63. */
export function decimal(s: string, what: string): bigint {
	if (!/^(0|[1-9][0-9]{0,18})$/.test(s) || BigInt(s) >= 1n << 63n)
		throw new Refusal("text",
			`${what}: wants a decimal without leading zeros, below 2^63`);
	return BigInt(s);
}

/** A size or index that this program can also count to. */
export function count(s: string, what: string): number {
	const v = decimal(s, what);
	if (v > BigInt(Number.MAX_SAFE_INTEGER))
		throw new Refusal("limit", `${what}: ${s} is beyond 2^53`);
	return Number(v);
}

/** Big-endian reader; never past the end. */
export class Reader {
	private at = 0;

	constructor(private readonly bytes: Uint8Array, readonly what: string) {}

	get left(): number {
		return this.bytes.length - this.at;
	}

	take(n: number): Uint8Array {
		if (n > this.left)
			throw new Refusal("layout", `${this.what}: ends at byte `
				+ `${this.bytes.length}, wants ${n} bytes at ${this.at}`);
		this.at += n;
		return this.bytes.subarray(this.at - n, this.at);
	}

	uint(n: number): number {
		return this.take(n).reduce((v, b) => v * 256 + b, 0);
	}

	big(n: number): bigint {
		return this.take(n).reduce((v, b) => (v << 8n) | BigInt(b), 0n);
	}
}

/** n bytes, big-endian. */
export function be(v: number | bigint, n: number): Uint8Array {
	const out = new Uint8Array(n);
	let x = BigInt(v);
	for (let i = n - 1; i >= 0; i--) {
		out[i] = Number(x & 255n);
		x >>= 8n;
	}
	return out;
}
