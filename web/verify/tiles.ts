// SPDX-License-Identifier: GPL-3.0-or-later
//
// tiles.ts - names and layout of tiles and entry bundles (C2SP tlog-tiles).
import { Refusal, concat } from "./bytes.js";
import { HASH, rootOf } from "./merkle.js";

export const WIDTH = 256;

/** 1234067 -> x001/x234/067 */
export function indexPath(n: number): string {
	const groups: string[] = [];
	for (let left = n; groups.length === 0 || left > 0;
		left = Math.floor(left / 1000))
		groups.unshift(String(left % 1000).padStart(3, "0"));
	return groups.map((g, i) => i < groups.length - 1 ? `x${g}` : g).join("/");
}

/** `level` is a number, or "entries". */
export function tilePath(
	level: number | "entries",
	n: number,
	width: number,
): string {
	return `tile/${level}/${indexPath(n)}`
		+ (width < WIDTH ? `.p/${width}` : "");
}

export interface TileName {
	level: number;
	n: number;
	width: number;
}

/** How many hashes level `level` of a tree of `size` has. */
export function levelSize(level: number, size: number): number {
	return Math.floor(size / WIDTH ** level);
}

/** Tile n of a level that holds `hashes` of them. */
export function widthOf(n: number, hashes: number): number {
	return Math.min(WIDTH, hashes - n * WIDTH);
}

export function levels(size: number): number {
	let l = 0;
	while (levelSize(l, size) > 0)
		l++;
	return l;
}

export function splitTile(bytes: Uint8Array, width: number): Uint8Array[] {
	if (bytes.length !== width * HASH)
		throw new Refusal("tile",
			`${bytes.length} bytes, wants ${width * HASH}`);
	return Array.from({ length: width }, (_, i) =>
		bytes.subarray(i * HASH, (i + 1) * HASH));
}

export function splitBundle(bytes: Uint8Array, width: number): Uint8Array[] {
	const out: Uint8Array[] = [];
	let at = 0;
	while (out.length < width) {
		const n = at + 2 <= bytes.length
			? bytes[at]! * 256 + bytes[at + 1]! : -1;
		if (n < 0 || at + 2 + n > bytes.length)
			throw new Refusal("bundle", `cut at byte ${at}, after `
				+ `${out.length} of ${width} entries`);
		out.push(bytes.subarray(at + 2, at + 2 + n));
		at += 2 + n;
	}
	if (at !== bytes.length)
		throw new Refusal("bundle",
			`${bytes.length - at} bytes after the last entry`);
	return out;
}

export function joinBundle(entries: readonly Uint8Array[]): Uint8Array {
	return concat(...entries.map((e) =>
		concat(Uint8Array.of(e.length >> 8, e.length & 255), e)));
}

/** A full tile as the one hash that stands for it a level up. */
export function tileTop(hashes: readonly Uint8Array[]): Uint8Array {
	return rootOf(hashes);
}
