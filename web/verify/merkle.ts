// SPDX-License-Identifier: GPL-3.0-or-later
//
// merkle.ts - the tree hash of RFC 6962 (section 2.1) and its proofs, as
// PROOF.md 9 spells them.  Sizes and indices are bigint: a hostile proof may
// name any number.
import { sha256 } from "@noble/hashes/sha2";

import { concat, equal } from "./bytes.js";

export const HASH = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export { sha256 };

export function leafHash(data: Uint8Array): Uint8Array {
	return sha256(concat(LEAF, data));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
	return sha256(concat(NODE, left, right));
}

/** The tops of full subtrees: enough for a root, in log n memory. */
export class Range {
	size = 0;
	private readonly tops: { count: number; hash: Uint8Array }[] = [];

	add(leaf: Uint8Array): void {
		let top = { count: 1, hash: leaf };
		for (;;) {
			const last = this.tops[this.tops.length - 1];
			if (!last || last.count !== top.count)
				break;
			this.tops.pop();
			top = {
				count: 2 * top.count,
				hash: nodeHash(last.hash, top.hash),
			};
		}
		this.tops.push(top);
		this.size++;
	}

	root(): Uint8Array {
		const hashes = this.tops.map((t) => t.hash);
		const last = hashes.pop();
		if (!last)
			return sha256(new Uint8Array(0));
		return hashes.reduceRight((r, h) => nodeHash(h, r), last);
	}
}

export function rootOf(leaves: Iterable<Uint8Array>): Uint8Array {
	const range = new Range();
	for (const l of leaves)
		range.add(l);
	return range.root();
}

/** The root that leaf `i` of `n` and its path lead to; null if the path is
 * too short, too long, or there is no such leaf. */
export function pathRoot(
	i: bigint,
	n: bigint,
	leaf: Uint8Array,
	path: readonly Uint8Array[],
): Uint8Array | null {
	if (i < 0n || i >= n || leaf.length !== HASH)
		return null;
	let f = i, s = n - 1n, r = leaf;
	for (const p of path) {
		if (s === 0n || p.length !== HASH)
			return null;
		if ((f & 1n) === 1n || f === s) {
			r = nodeHash(p, r);
			while ((f & 1n) === 0n && f > 0n) {
				f >>= 1n;
				s >>= 1n;
			}
		} else {
			r = nodeHash(r, p);
		}
		f >>= 1n;
		s >>= 1n;
	}
	return s === 0n ? r : null;
}

export function includes(
	i: bigint,
	n: bigint,
	leaf: Uint8Array,
	path: readonly Uint8Array[],
	root: Uint8Array,
): boolean {
	const r = pathRoot(i, n, leaf, path);
	return r !== null && equal(r, root);
}

/** The tree of n leaves begins with that of m, 1 <= m <= n. */
export function extends_(
	m: bigint,
	n: bigint,
	rootM: Uint8Array,
	rootN: Uint8Array,
	path: readonly Uint8Array[],
): boolean {
	if (m < 1n || m > n || path.some((p) => p.length !== HASH))
		return false;
	if (m === n)
		return path.length === 0 && equal(rootM, rootN);
	if (path.length === 0)
		return false;
	const full = (m & (m - 1n)) === 0n ? [rootM, ...path] : [...path];
	let f = m - 1n, s = n - 1n;
	while ((f & 1n) === 1n) {
		f >>= 1n;
		s >>= 1n;
	}
	let a = full[0]!, b = full[0]!;
	for (const c of full.slice(1)) {
		if (s === 0n)
			return false;
		if ((f & 1n) === 1n || f === s) {
			a = nodeHash(c, a);
			b = nodeHash(c, b);
			while ((f & 1n) === 0n && f > 0n) {
				f >>= 1n;
				s >>= 1n;
			}
		} else {
			b = nodeHash(b, c);
		}
		f >>= 1n;
		s >>= 1n;
	}
	return s === 0n && equal(a, rootM) && equal(b, rootN);
}

/** [start, end) is a subtree of some tree: start is a multiple of the
 * smallest power of two that holds it (draft-ietf-plants-merkle-tree-certs,
 * "Subtrees").  Truce makes none; its cosignatures of type 0x06 will. */
export function isSubtree(start: bigint, end: bigint): boolean {
	if (start < 0n || start >= end)
		return false;
	let width = 1n;
	while (width < end - start)
		width <<= 1n;
	return start % width === 0n;
}

export function subtreeIncludes(
	i: bigint,
	start: bigint,
	end: bigint,
	leaf: Uint8Array,
	path: readonly Uint8Array[],
	root: Uint8Array,
): boolean {
	return isSubtree(start, end) && i >= start
		&& includes(i - start, end - start, leaf, path, root);
}

/** The subtree [start, end) with root `part` is in the tree of n leaves with
 * root `whole` (the same draft, "Verifying a Subtree Consistency Proof"). */
export function subtreeExtends(
	start: bigint,
	end: bigint,
	n: bigint,
	part: Uint8Array,
	whole: Uint8Array,
	path: readonly Uint8Array[],
): boolean {
	if (start === end && start >= 0n && end <= n) /* of nothing */
		return path.length === 0 && equal(part, sha256(new Uint8Array(0)));
	if (!isSubtree(start, end) || end > n
		|| path.some((p) => p.length !== HASH))
		return false;
	let f = start, s = end - 1n, t = n - 1n;
	const rest = [...path];
	while (f !== s && (s === t || (s & 1n) === 1n)) {
		f >>= 1n;
		s >>= 1n;
		t >>= 1n;
	}
	const first = f === s ? part : rest.shift();
	if (!first)
		return false;
	let a = first, b = first;
	for (const c of rest) {
		if (t === 0n)
			return false;
		if ((s & 1n) === 1n || s === t) {
			if (f < s)
				a = nodeHash(c, a);
			b = nodeHash(c, b);
			while ((s & 1n) === 0n && s > 0n) {
				f >>= 1n;
				s >>= 1n;
				t >>= 1n;
			}
		} else {
			b = nodeHash(b, c);
		}
		f >>= 1n;
		s >>= 1n;
		t >>= 1n;
	}
	return t === 0n && equal(a, part) && equal(b, whole);
}
