// SPDX-License-Identifier: GPL-3.0-or-later
//
// equivocation.ts - `.equivocation`: the owner of one log key signed two
// histories that cannot both be true (PROOF.md 9).
//
//	truce.equivocation/1
//	log KEY
//	first BYTES         of the first note
//	root BASE64         only where the second log is larger: its root at the
//	BASE64              first one's size, and the path to the second root
//	                    (an empty line)
//	the first note, the second note
import {
	Refusal, count, equal, fromBase64, textOf, utf8, within,
} from "./bytes.js";
import { HASH, extends_ } from "./merkle.js";
import type { Checkpoint, Key } from "./note.js";
import { SIGNS, readKey, verifyCheckpoint } from "./note.js";

const FILE_MAX = 256 * 1024;
const PATH_MAX = 64;

export interface Equivocation {
	log: Key;
	first: Checkpoint; /* not larger than the second */
	second: Checkpoint;
}

function bad(where: string): Refusal {
	return new Refusal("equivocation", where);
}

interface Front {
	log: Key;
	firstLength: number;
	root: Uint8Array | null;
	path: Uint8Array[];
}

/** Title, key, length of the first note; then, only where the second is
 * larger, the root that it has at the first one's size, and a path. */
function readFront(lines: string[]): Front {
	const log = /^log (.*)$/s.exec(lines[1] ?? "");
	const first = /^first (\S+)$/.exec(lines[2] ?? "");
	if (lines[0] !== "truce.equivocation/1" || !log)
		throw bad("wants truce.equivocation/1, log KEY");
	const key = within("key", null, "log", () => readKey(log[1]!));
	if (key.type !== SIGNS)
		throw new Refusal("key", "log: not a key that signs logs");
	if (!first)
		throw bad("wants the length of the first note");
	const root = /^root (\S+)$/.exec(lines[3] ?? "");
	if ((lines.length > 3 && !root) || lines.length - 4 > PATH_MAX)
		throw bad("wants a root and a path");
	return within("equivocation", null, "", () => {
		const hashes = (root ? [root[1]!, ...lines.slice(4)] : [])
			.map(fromBase64);
		if (hashes.some((h) => h.length !== HASH))
			throw bad("a hash that is not 32 bytes");
		return { log: key, firstLength: count(first[1]!, "first"),
			root: hashes[0] ?? null, path: hashes.slice(1) };
	});
}

/** Can both be true? */
function contradict(a: Checkpoint, b: Checkpoint, f: Front): void {
	if (!f.root) {
		if (a.size !== b.size || equal(a.root, b.root))
			throw bad("no two roots of one size");
		return;
	}
	if (a.size < 1 || a.size >= b.size || equal(a.root, f.root))
		throw bad("no shorter log with another root");
	if (!extends_(BigInt(a.size), BigInt(b.size), f.root, b.root, f.path))
		throw new Refusal("consistency",
			"the other root is not one of the second log");
}

/** Refuses what proves nothing. */
export function verifyEquivocation(
	bytes: Uint8Array,
	given: Key | null,
): Equivocation {
	if (bytes.length > FILE_MAX)
		throw bad(`${bytes.length} bytes, at most ${FILE_MAX}`);
	const text = within("equivocation", null, "", () =>
		textOf(bytes, "file"));
	const end = text.indexOf("\n\n");
	const f = readFront(text.slice(0, Math.max(end, 0)).split("\n"));
	if (given && (given.name !== f.log.name || !equal(given.key, f.log.key)))
		throw new Refusal("key", "of another log than the one you know");
	const notes = utf8(text.slice(end + 2));
	if (f.firstLength >= notes.length)
		throw bad("wants two notes");
	const first = within("checkpoint", null, "the first", () =>
		verifyCheckpoint(notes.subarray(0, f.firstLength), f.log));
	const second = within("checkpoint", null, "the second", () =>
		verifyCheckpoint(notes.subarray(f.firstLength), f.log));
	contradict(first, second, f);
	return { log: f.log, first, second };
}
