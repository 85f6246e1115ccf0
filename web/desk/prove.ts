// SPDX-License-Identifier: GPL-3.0-or-later
//
// prove.ts - the proof of one entry (`.tlog-proof`, C2SP tlog-proof), made here
// from the log's tiles that the server shows to anybody: a few tiles of hashes,
// however long the log.  It says nothing of what the entry says.
import { toBase64, toHex } from "../verify/bytes";
import { includes, nodeHash, rootOf } from "../verify/merkle";
import { readCheckpoint } from "../verify/note";
import { levelSize, splitTile, tilePath, WIDTH, widthOf } from "../verify/tiles";

export interface Proved {
	text: string; /* of the file */
	leaf: string; /* hex: what it speaks of */
	size: number; /* of the log at the checkpoint */
}

export class NoEntry extends Error {}

async function bytesOf(path: string): Promise<Uint8Array> {
	const r = await fetch("/" + path, { cache: "no-cache" });
	if (!r.ok)
		throw new Error(`${path}: ${r.status}`);
	return new Uint8Array(await r.arrayBuffer());
}

/** The largest power of two below n. */
function half(n: number): number {
	let k = 1;
	while (2 * k < n)
		k *= 2;
	return k;
}

class Tree {
	private readonly tiles = new Map<string, Promise<Uint8Array[]>>();

	constructor(readonly size: number) {}

	private tile(level: number, n: number): Promise<Uint8Array[]> {
		const width = widthOf(n, levelSize(level, this.size));
		const path = tilePath(level, n, width);
		const known = this.tiles.get(path)
			?? bytesOf(path).then((b) => splitTile(b, width));
		this.tiles.set(path, known);
		return known;
	}

	/** The root over the entries from..to; RFC 6962, 2.1. */
	async root(from: number, to: number): Promise<Uint8Array> {
		const n = to - from, k = half(n);
		if (n > 1 && n !== 2 * k)
			return nodeHash(await this.root(from, from + k),
				await this.root(from + k, to));
		let level = 0, each = 1;
		for (; each * WIDTH <= n; level++)
			each *= WIDTH;
		const first = from / each, at = first % WIDTH;
		const tile = await this.tile(level, Math.floor(first / WIDTH));
		return rootOf(tile.slice(at, at + n / each));
	}

	/** From the leaf's neighbour up; RFC 6962, 2.1.1. */
	async path(index: number): Promise<Uint8Array[]> {
		const out: Uint8Array[] = [];
		let from = 0, to = this.size;
		while (to - from > 1) {
			const k = half(to - from);
			const left = index < from + k;
			out.unshift(await (left ? this.root(from + k, to)
				: this.root(from, from + k)));
			[from, to] = left ? [from, from + k] : [from + k, to];
		}
		return out;
	}
}

/** Held to the checkpoint before it is handed out. */
export async function prove(index: number): Promise<Proved> {
	const note = await bytesOf("checkpoint");
	const { size, root } = readCheckpoint(note);
	if (!Number.isSafeInteger(index) || index < 0 || index >= size)
		throw new NoEntry(String(size - 1));
	const tree = new Tree(size);
	const path = await tree.path(index);
	const leaf = await tree.root(index, index + 1);
	if (!includes(BigInt(index), BigInt(size), leaf, path, root))
		throw new Error("the tiles do not lead to the checkpoint's root");
	return { size, leaf: toHex(leaf), text: ["c2sp.org/tlog-proof@v1",
		`index ${index}`, ...path.map(toBase64), "",
		new TextDecoder().decode(note)].join("\n") };
}
