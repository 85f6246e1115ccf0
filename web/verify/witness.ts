// SPDX-License-Identifier: GPL-3.0-or-later
//
// witness.ts - what a witness must answer to `add-checkpoint` (C2SP
// tlog-witness, PROOF.md 8): used to judge logs and witnesses, and by the
// vectors.  Pure: the caller keeps the state and signs.
import {
	Refusal, attempt, count, equal, fromBase64, textOf, utf8,
} from "./bytes.js";
import { HASH, extends_ } from "./merkle.js";
import type { Checkpoint, Key } from "./note.js";
import { noteSignedBy, readCheckpoint } from "./note.js";

const PATH_MAX = 63;

export interface Seen {
	size: number; /* 0: never cosigned */
	root: Uint8Array;
}

export interface Answer {
	status: 200 | 400 | 403 | 404 | 409 | 422;
	text: string;
	checkpoint: Checkpoint | null; /* with 200 */
}

interface Request {
	old: number;
	path: Uint8Array[];
	checkpoint: Checkpoint;
}

function readRequest(bytes: Uint8Array): Request {
	const text = textOf(bytes, "request");
	const end = text.indexOf("\n\n");
	const lines = text.slice(0, Math.max(end, 0)).split("\n");
	const m = /^old (\S+)$/.exec(lines[0]!);
	if (!m || lines.length - 1 > PATH_MAX)
		throw new Refusal("request", "wants old N, a path, an empty line");
	const path = lines.slice(1).map(fromBase64);
	if (path.some((p) => p.length !== HASH))
		throw new Refusal("request", "a hash of the path is not 32 bytes");
	return {
		old: count(m[1]!, "old size"), path,
		checkpoint: readCheckpoint(utf8(text.slice(end + 2))),
	};
}

function signed(c: Checkpoint, key: Key): boolean {
	return attempt(() => noteSignedBy(c.note, key)) === true;
}

function no(status: Answer["status"], text: string): Answer {
	return { status, text, checkpoint: null };
}

/** `logs`: the log keys this witness knows, each with what it last saw. */
export function witnessAnswer(
	request: Uint8Array,
	logs: readonly { key: Key; seen: Seen }[],
): Answer {
	const r = attempt(() => readRequest(request));
	/* A signature that cannot be read is none. */
	if (r instanceof Refusal)
		return no(r.rule === "signature" ? 403 : 400, r.where);
	const c = r.checkpoint;
	const log = logs.find((l) => l.key.name === c.origin);
	if (!log)
		return no(404, "unknown log");
	if (!signed(c, log.key))
		return no(403, "invalid signature");
	if (r.old > c.size)
		return no(400, "old size beyond the checkpoint's");
	if (r.old !== log.seen.size)
		return no(409, `${log.seen.size}\n`);
	if (r.old === 0)
		return r.path.length === 0
			? { status: 200, text: "", checkpoint: c }
			: no(422, "a consistency proof from nothing");
	const fits = r.old === c.size
		? r.path.length === 0 && equal(log.seen.root, c.root)
		: extends_(BigInt(r.old), BigInt(c.size), log.seen.root, c.root,
			r.path);
	return fits ? { status: 200, text: "", checkpoint: c }
		: no(422, "the consistency proof does not hold");
}
