// SPDX-License-Identifier: GPL-3.0-or-later
//
// note.ts - signed notes, keys, checkpoints and cosignatures (C2SP
// signed-note, tlog-checkpoint, tlog-cosignature; PROOF.md 1 and 4).
import {
	Reader, Refusal, concat, count, equal, fromBase64, fromHex, textOf, utf8,
	within,
} from "./bytes.js";
import { signatureHolds } from "./ed25519.js";
import { HASH, sha256 } from "./merkle.js";

export const NOTE_MAX = 64 * 1024;
const SIGNATURES_MAX = 64;

/** Types of signature: an Ed25519 of the text, a cosignature with time. */
export const SIGNS = 1;
export const COSIGNS = 4;

export interface Key {
	name: string;
	id: Uint8Array; /* 4 bytes */
	type: typeof SIGNS | typeof COSIGNS;
	key: Uint8Array; /* 32 bytes */
	text: string; /* as it was written */
}

export function keyId(
	name: string,
	type: number,
	key: Uint8Array,
): Uint8Array {
	const made = sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), key));
	return made.subarray(0, 4);
}

/* A name has no White_Space of Unicode 15, no control and no plus. */
const NAME = new RegExp("^[^\\u0000-\\u0020+\\u007f\\u0085\\u00a0\\u1680"
	+ "\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+$", "u");
const NAME_MAX = 200; /* bytes */

function nameIsGood(name: string): boolean {
	return NAME.test(name) && utf8(name).length <= NAME_MAX;
}

/** "name+hex id+base64(type | key)" */
export function readKey(text: string): Key {
	const m = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
	if (!m || !nameIsGood(m[1]!))
		throw new Refusal("key", "wants name+id+base64");
	const raw = fromBase64(m[3]!);
	const type = raw[0];
	if ((type !== SIGNS && type !== COSIGNS) || raw.length !== 33)
		throw new Refusal("key", `${m[1]}: not an Ed25519 key`);
	const id = fromHex(m[2]!, 4);
	const key = raw.slice(1);
	if (!equal(id, keyId(m[1]!, type, key)))
		throw new Refusal("key", `${m[1]}: its id is not that of the key`);
	return { name: m[1]!, id, type, key, text };
}

export interface NoteLine {
	name: string;
	id: Uint8Array;
	signature: Uint8Array;
}

export interface Note {
	text: Uint8Array; /* with its last LF */
	lines: NoteLine[];
}

function noteLine(line: string, number: number): NoteLine {
	const place = `signature line ${number}`;
	const m = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
	const raw = within("signature", null, place,
		() => fromBase64(m?.[2] ?? ""));
	if (!m || !NAME.test(m[1]!) || raw.length < 5)
		throw new Refusal("signature",
			`${place}: wants "\u2014 name base64"`);
	return {
		name: m[1]!,
		id: raw.subarray(0, 4),
		signature: raw.subarray(4),
	};
}

export function readNote(bytes: Uint8Array): Note {
	if (bytes.length > NOTE_MAX)
		throw new Refusal("limit", `note of ${bytes.length} bytes, at most `
			+ `${NOTE_MAX}`);
	const all = textOf(bytes, "note");
	const bad = /[\u0000-\u0009\u000b-\u001f]/.exec(all);
	if (bad)
		throw new Refusal("note", `control character ${bad[0].charCodeAt(0)}`);
	const split = all.lastIndexOf("\n\n");
	if (split < 1)
		throw new Refusal("note", "no empty line in front of signatures");
	const tail = all.slice(split + 2);
	if (!tail.endsWith("\n"))
		throw new Refusal("note", "does not end in a line feed");
	const lines = tail.slice(0, -1).split("\n");
	if (lines.length > SIGNATURES_MAX)
		throw new Refusal("limit", `more than ${SIGNATURES_MAX} signatures`);
	return {
		text: utf8(all.slice(0, split + 1)),
		lines: lines.map((l, i) => noteLine(l, i + 1)),
	};
}

function isBy(line: NoteLine, key: Key): boolean {
	return line.name === key.name && equal(line.id, key.id);
}

/** True if the key signed; a line that names the key and does not hold
 * refuses the note. */
export function noteSignedBy(note: Note, key: Key): boolean {
	const lines = note.lines.filter((l) => isBy(l, key));
	for (const l of lines)
		if (!signatureHolds(key.key, note.text, l.signature))
			throw new Refusal("signature",
				`${key.name}: signature does not hold`);
	return lines.length > 0;
}

/** When the witness says it saw the checkpoint, or null if it did not. */
export function cosignedAt(note: Note, key: Key): number | null {
	let newest: number | null = null;
	for (const l of note.lines.filter((x) => isBy(x, key))) {
		if (l.signature.length !== 72)
			throw new Refusal("cosignature",
				`${key.name}: ${l.signature.length} bytes, wants 72`);
		const r = new Reader(l.signature, "cosignature");
		const time = r.big(8);
		const message = concat(
			utf8(`cosignature/v1\ntime ${time}\n`), note.text);
		if (time >= 1n << 63n
			|| !signatureHolds(key.key, message, r.take(64)))
			throw new Refusal("cosignature",
				`${key.name}: cosignature does not hold`);
		newest = Math.max(newest ?? 0, Number(time));
	}
	return newest;
}

export interface Checkpoint {
	origin: string;
	size: number;
	root: Uint8Array;
	note: Note;
}

/** The three lines; no extension lines (PROOF.md 1).  Not yet verified. */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
	const note = readNote(bytes);
	const lines = textOf(note.text, "checkpoint").split("\n");
	if (lines.length !== 4 || lines[3] !== "")
		throw new Refusal("checkpoint",
			"wants three lines: origin, size, root");
	if (lines[0] === "" || utf8(lines[0]!).length > NAME_MAX)
		throw new Refusal("checkpoint", "bad origin");
	const root = fromBase64(lines[2]!);
	if (root.length !== HASH)
		throw new Refusal("checkpoint", `root of ${root.length} bytes`);
	return { origin: lines[0]!, size: count(lines[1]!, "size"), root, note };
}

/** A checkpoint of the log that `key` signs for. */
export function verifyCheckpoint(bytes: Uint8Array, key: Key): Checkpoint {
	const c = readCheckpoint(bytes);
	if (c.origin !== key.name)
		throw new Refusal("checkpoint",
			`of another log: ${c.origin}, wants ${key.name}`);
	if (key.type !== SIGNS || !noteSignedBy(c.note, key))
		throw new Refusal("checkpoint", `no signature of ${key.name}`);
	return c;
}
