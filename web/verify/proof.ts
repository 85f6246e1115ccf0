// SPDX-License-Identifier: GPL-3.0-or-later
//
// proof.ts - what one file proves by itself: `.tlog-proof` (C2SP tlog-proof)
// and `.disclosure` (PROOF.md 3: an entry, fields shown or withheld, an empty
// line, the entry's `.tlog-proof`).
import {
	Refusal, count, fromBase64, textOf, utf8, within,
} from "./bytes.js";
import type { Body, Entry, Shown } from "./entry.js";
import { FIELDS_MAX, readBody, readEntry } from "./entry.js";
import { HASH, includes } from "./merkle.js";
import type { Checkpoint, Key } from "./note.js";
import { readCheckpoint, verifyCheckpoint } from "./note.js";

const PATH_MAX = 64;
const FIRST = "c2sp.org/tlog-proof@v1";

export interface Proof {
	index: number;
	path: Uint8Array[];
	extra: Uint8Array | null; /* not authenticated */
	note: Uint8Array; /* the checkpoint as it stands */
}

function hashLine(line: string, number: number): Uint8Array {
	const h = within("proof", null, `line ${number}`, () => fromBase64(line));
	if (h.length !== HASH)
		throw new Refusal("proof", `line ${number}: hash of ${h.length} bytes`);
	return h;
}

export function readProof(bytes: Uint8Array): Proof {
	const text = textOf(bytes, "proof");
	const end = text.indexOf("\n\n");
	if (end < 0)
		throw new Refusal("proof", "no empty line in front of the checkpoint");
	const lines = text.slice(0, end).split("\n");
	let at = 1;
	let extra = null;
	if (lines[0] !== FIRST)
		throw new Refusal("proof", `line 1: wants ${FIRST}`);
	if (lines[at]?.startsWith("extra "))
		extra = within("proof", null, "line 2",
			() => fromBase64(lines[at++]!.slice(6)));
	const m = /^index (\S+)$/.exec(lines[at] ?? "");
	if (!m)
		throw new Refusal("proof", `line ${at + 1}: wants "index N"`);
	const index = within("proof", null, `line ${at + 1}`,
		() => count(m[1]!, "index"));
	const path = lines.slice(at + 1);
	if (path.length > PATH_MAX)
		throw new Refusal("limit", `path of ${path.length} hashes`);
	return {
		index, extra,
		path: path.map((l, i) => hashLine(l, at + 2 + i)),
		note: utf8(text.slice(end + 2)),
	};
}

/** The checkpoint that `leaf` is proved to lie under.  Without a key the
 * checkpoint is taken as it stands: then only the path is proved. */
export function verifyProof(
	proof: Proof,
	leaf: Uint8Array,
	key: Key | null,
): Checkpoint {
	const c = key ? verifyCheckpoint(proof.note, key)
		: readCheckpoint(proof.note);
	if (!includes(BigInt(proof.index), BigInt(c.size), leaf, proof.path,
		c.root))
		throw new Refusal("inclusion", "the path does not lead from this "
			+ "entry to the checkpoint's root", proof.index);
	return c;
}

export interface Disclosure {
	entry: Entry;
	shown: Shown[];
	proof: Proof;
}

function shownLine(line: string, number: number): Shown {
	const words = line.split(" ");
	if (words[0] === "open" && words.length === 4)
		return {
			salt: fromBase64(words[1]!),
			name: words[2]!,
			value: fromBase64(words[3]!),
		};
	if (words[0] === "shut" && words.length === 2)
		return { shut: hashLine(words[1]!, number) };
	throw new Refusal("disclosure",
		`line ${number}: wants "open SALT NAME VALUE" or "shut HASH"`);
}

export function readDisclosure(bytes: Uint8Array): Disclosure {
	const text = textOf(bytes, "disclosure");
	const end = text.indexOf("\n\n");
	const lines = text.slice(0, Math.max(end, 0)).split("\n");
	if (lines[0] !== "truce.disclosure/1" || !lines[1]?.startsWith("entry "))
		throw new Refusal("disclosure",
			"wants truce.disclosure/1, entry, fields, an empty line");
	if (lines.length - 2 > FIELDS_MAX)
		throw new Refusal("limit", `more than ${FIELDS_MAX} fields`);
	const entry = within("disclosure", null, "line 2",
		() => readEntry(fromBase64(lines[1]!.slice(6))));
	const shown = lines.slice(2).map((l, i) => within("disclosure", null,
		`line ${i + 3}`, () => shownLine(l, i + 3)));
	return { entry, shown, proof: readProof(utf8(text.slice(end + 2))) };
}

export interface Disclosed {
	body: Body;
	checkpoint: Checkpoint;
}

/** What a disclosure says, its place in the log proved. */
export function verifyDisclosure(d: Disclosure, key: Key | null): Disclosed {
	const i = d.proof.index;
	const body = within("body", i, "", () => readBody(d.shown, d.entry.body));
	return { body, checkpoint: verifyProof(d.proof, d.entry.leaf, key) };
}
