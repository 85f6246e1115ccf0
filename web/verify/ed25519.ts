// SPDX-License-Identifier: GPL-3.0-or-later
//
// ed25519.ts - the one rule for every signature (PROOF.md 1): accept (R, S)
// under A on M if and only if S < L; A and R are canonical encodings of points
// not of small order; and encode([S]B - [k]A) = R byte for byte, with
// k = SHA-512(R | A | M) mod L (no cofactor).
//
// Neither WebCrypto nor noble's own verify() is used: browsers differ in what
// they accept (some multiply by the cofactor, none refuses small orders), and
// RFC 8032 lets them.  Two auditors with two browsers must not disagree about
// a hostile signature, so only the arithmetic of points is a library's, and
// the rule stands here.  All 914 vectors of C2SP/CCTV are in the tests.
import { ed25519 } from "@noble/curves/ed25519";
import { sha512 } from "@noble/hashes/sha2";

import { concat, equal } from "./bytes.js";

const Point = ed25519.Point;
type Point = InstanceType<typeof Point>;
const L = Point.Fn.ORDER;
const KEYS_HELD = 64;

function littleEndian(b: Uint8Array): bigint {
	return b.reduceRight((v, x) => (v << 8n) | BigInt(x), 0n);
}

/** Canonical and not of small order, or null. */
function point(encoded: Uint8Array): Point | null {
	try {
		const p = Point.fromBytes(encoded, false);
		return p.isSmallOrder() || !equal(p.toBytes(), encoded) ? null : p;
	} catch {
		return null;
	}
}

/* A log has few keys and many signatures: a table of multiples of each key
 * makes the long multiplication four times as fast. */
const tables = new Map<string, { point: Point | null; uses: number }>();

function keyPoint(key: Uint8Array): Point | null {
	const name = key.join();
	let held = tables.get(name);
	if (!held) {
		if (tables.size >= KEYS_HELD)
			tables.clear();
		held = { point: point(key), uses: 0 };
		tables.set(name, held);
	}
	if (++held.uses === 4)
		held.point?.precompute(8, false);
	return held.point;
}

/** How [k]P is computed; k may be 0. */
function times(p: Point, k: bigint, fast: boolean): Point {
	if (k === 0n)
		return Point.ZERO;
	return fast ? p.multiply(k) : p.multiplyUnsafe(k);
}

export function signatureHolds(
	key: Uint8Array,
	message: Uint8Array,
	signature: Uint8Array,
): boolean {
	if (key.length !== 32 || signature.length !== 64)
		return false;
	const r = signature.subarray(0, 32);
	const s = littleEndian(signature.subarray(32));
	const a = keyPoint(key);
	if (s >= L || !a || !point(r))
		return false;
	const k = littleEndian(sha512(concat(r, key, message))) % L;
	const sb = times(Point.BASE, s, true);
	const ka = times(a, k, tables.get(key.join())!.uses >= 4);
	return equal(sb.subtract(ka).toBytes(), r);
}
