// SPDX-License-Identifier: GPL-3.0-or-later
//
// forge.ts - for tests: keys, entries and bodies made from seeds, and the
// mirror of a log made of them.
import { createPrivateKey, createPublicKey, sign } from "node:crypto";

import { be, concat, toBase64, toHex, utf8 } from "../verify/bytes.js";
import type { Open } from "../verify/entry.js";
import { authorId, fieldLeaf, saltOf } from "../verify/entry.js";
import { leafHash, nodeHash, rootOf, sha256 } from "../verify/merkle.js";
import { keyId } from "../verify/note.js";
import { indexPath, joinBundle, tilePath } from "../verify/tiles.js";

const DER = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key pair of a name. */
export class Pair {
	readonly id: string;
	readonly key: Uint8Array;
	private readonly secret;

	constructor(readonly name: string) {
		this.secret = createPrivateKey({ format: "der", type: "pkcs8",
			key: Buffer.concat([DER, sha256(utf8(name))]) });
		const spki = createPublicKey(this.secret)
			.export({ format: "der", type: "spki" });
		this.key = new Uint8Array(spki.subarray(-32));
		this.id = toHex(authorId(this.key));
	}

	sign(message: Uint8Array): Uint8Array {
		return new Uint8Array(sign(null, message, this.secret));
	}

	get hex(): string {
		return toHex(this.key);
	}
}

/** As logs (1) and witnesses (4) write theirs. */
export function vkey(name: string, pair: Pair, type = 1): string {
	return `${name}+${toHex(keyId(name, type, pair.key))}+`
		+ toBase64(concat(Uint8Array.of(type), pair.key));
}

export function signedNote(text: string, name: string, pair: Pair): string {
	const signature = pair.sign(utf8(text));
	return `${text}\n\u2014 ${name} `
		+ `${toBase64(concat(keyId(name, 1, pair.key), signature))}\n`;
}

export type Fields = { [name: string]: string };

/** A text as the writer stores it. */
export function quoted(text: string): string {
	return text === "" || /^([0-9"[{-]|null$|true$|false$)/.test(text)
		|| text.includes("\n") ? JSON.stringify(text) : text;
}

export interface Body {
	open: Open[];
	root: Uint8Array;
}

/** `named` false: without the field that lists the names. */
export function bodyOf(
	fields: Fields,
	secret: Uint8Array,
	named = true,
): Body {
	const names = Object.keys(fields).sort();
	const all: [string, string][] = [
		...(named ? [["!", names.join("\n")] as [string, string]] : []),
		...names.map((n): [string, string] => [n, fields[n]!])];
	const open = all.map(([name, value]) => ({
		name, value: utf8(value), salt: saltOf(secret, name),
	}));
	return { open, root: rootOf(open.map(fieldLeaf)) };
}

export interface Made {
	raw: Uint8Array;
	leaf: Uint8Array;
	body: Body | null; /* to show; null: not at hand */
	shut: string[]; /* names not shown */
}

export interface Draft {
	type: number;
	flags: number;
	ms: number;
	subject: Uint8Array;
	prev: Uint8Array;
	root: Uint8Array;
}

export function entryOf(d: Draft, by: Pair): Uint8Array {
	const front = concat(utf8("CFE1"), Uint8Array.of(d.type, d.flags, 0, 0),
		be(d.ms, 8), d.subject, d.prev, d.root, authorId(by.key));
	return concat(front, by.sign(concat(utf8("cfm/entry/v1\n"), front)));
}

/** Path of leaf i (RFC 6962, section 2.1.1), without recursion. */
export function pathOf(i: number, leaves: Uint8Array[]): Uint8Array[] {
	const out: Uint8Array[] = [];
	let at = i;
	for (let level = leaves; level.length > 1; at >>= 1) {
		const other = level[at ^ 1];
		if (other)
			out.push(other);
		const up: Uint8Array[] = [];
		for (let k = 0; k < level.length; k += 2)
			up.push(level[k + 1] ? nodeHash(level[k]!, level[k + 1]!)
				: level[k]!);
		level = up;
	}
	return out;
}

function disclosure(
	m: Made,
	index: number,
	leaves: Uint8Array[],
	note: string,
): string {
	const lines = m.body!.open.map((f) => m.shut.includes(f.name)
		? `shut ${toBase64(fieldLeaf(f))}\n`
		: `open ${toBase64(f.salt)} ${f.name} ${toBase64(f.value)}\n`);
	const path = pathOf(index, leaves).map((h) => `${toBase64(h)}\n`);
	return `truce.disclosure/1\nentry ${toBase64(m.raw)}\n${lines.join("")}\n`
		+ `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.join("")}\n${note}`;
}

/** At most 256 entries.  `older`: of those that it has, what they say is shown
 * under a note of so many entries by that key. */
export function mirrorOf(
	all: Made[],
	name: string,
	log: Pair,
	older: { size: number; log: Pair } | null = null,
): Map<string, Uint8Array> {
	const leaves = all.map((m) => m.leaf), n = all.length;
	const files = new Map<string, Uint8Array>();
	const noteOf = (size: number, by: Pair): string => signedNote(`${name}\n`
		+ `${size}\n${toBase64(rootOf(leaves.slice(0, size)))}\n`, name, by);
	const note = noteOf(n, log);
	const was = older && noteOf(older.size, older.log);
	files.set("checkpoint", utf8(note));
	files.set(tilePath(0, 0, n), concat(...leaves));
	files.set(tilePath("entries", 0, n), joinBundle(all.map((m) => m.raw)));
	all.forEach((m, i) => {
		if (m.body)
			files.set(`disclosures/${indexPath(i)}.disclosure`,
				utf8(older && i < older.size
					? disclosure(m, i, leaves.slice(0, older.size), was!)
					: disclosure(m, i, leaves, note)));
	});
	return files;
}

export function made(raw: Uint8Array, body: Body | null): Made {
	return { raw, leaf: leafHash(raw), body, shut: [] };
}
