// SPDX-License-Identifier: GPL-3.0-or-later
//
// receipt.ts - `.receipt`: a record as it was received lies in a batch, and
// the batch in the log (PROOF.md 5).  For a sensor, or
// for whoever handed something in.
import {
	Reader, Refusal, count, equal, fromBase64, textOf, toHex, utf8, within,
} from "./bytes.js";
import { HASH, leafHash, pathRoot, sha256 } from "./merkle.js";
import type { Key } from "./note.js";
import type { Disclosed, Disclosure } from "./proof.js";
import { readDisclosure, verifyDisclosure } from "./proof.js";
import { hexAt, numberAt } from "./values.js";

const HEADER = 64;
const PATH_MAX = 63;
/** A clock may be off, as PROOF.md 8 has it. */
const LATER_S = 300n;

export interface RecordHead {
	raw: Uint8Array;
	length: number;
	sequence: bigint;
	receivedNs: bigint;
	kind: number;
}

export interface Receipt {
	record: RecordHead;
	index: number; /* of the record in its batch */
	of: number;
	path: Uint8Array[];
	batch: Disclosure;
}

function bad(where: string, index: number | null = null): Refusal {
	return new Refusal("receipt", where, index);
}

function readHead(raw: Uint8Array): RecordHead {
	if (raw.length !== HEADER || !equal(raw.subarray(0, 4), utf8("CFR1")))
		throw bad("line 2: wants the 64 bytes of a record's header");
	const r = new Reader(raw, "record");
	r.take(4);
	const length = r.uint(4), sequence = r.big(8);
	const receivedNs = BigInt.asIntN(64, r.big(8));
	r.take(4);
	return { raw, length, sequence, receivedNs, kind: r.uint(2) };
}

export function readReceipt(bytes: Uint8Array): Receipt {
	const text = within("receipt", null, "", () => textOf(bytes, "receipt"));
	const end = text.indexOf("\n\n");
	const lines = text.slice(0, Math.max(end, 0)).split("\n");
	const record = /^record (\S+)$/.exec(lines[1] ?? "");
	const at = /^at (\S+) of (\S+)$/.exec(lines[2] ?? "");
	if (end < 0 || lines[0] !== "truce.receipt/1" || !record || !at)
		throw bad("wants truce.receipt/1, record, at I of N, an empty line");
	if (lines.length - 3 > PATH_MAX)
		throw bad(`a path of ${lines.length - 3} hashes`);
	const got = within("receipt", null, "", () => ({
		record: readHead(fromBase64(record[1]!)),
		index: count(at[1]!, "at"), of: count(at[2]!, "of"),
		path: lines.slice(3).map(fromBase64),
	}));
	if (got.index >= got.of || got.path.some((p) => p.length !== HASH))
		throw bad("no such place, or a hash that is not 32 bytes");
	return { ...got, batch: readDisclosure(utf8(text.slice(end + 2))) };
}

export function verifyReceipt(r: Receipt, key: Key | null): Disclosed {
	const i = r.batch.proof.index, done = verifyDisclosure(r.batch, key);
	if (r.batch.entry.type !== 1)
		throw bad(`entry ${i} is no intake`, i);
	const want = within("receipt", i, "", () => ({
		count: numberAt(done.body, "count"),
		root: hexAt(done.body, "root", HASH),
	}));
	const root = pathRoot(BigInt(r.index), BigInt(r.of),
		leafHash(r.record.raw), r.path);
	if (want.count !== r.of || !root || !equal(root, want.root))
		throw bad("the record is not in that batch", i);
	if (r.record.receivedNs / 1_000_000_000n - LATER_S
		> BigInt(Math.trunc(r.batch.entry.timeMs / 1000)))
		throw bad("the record states a receipt after its intake", i);
	if (done.body.fields.get("first") === undefined)
		return done;
	const first = within("receipt", i, "", () =>
		numberAt(done.body, "first"));
	if (r.record.sequence !== BigInt(first + r.index))
		throw bad("the record's number does not fit its place", i);
	return done;
}

/** Is this the record that the receipt speaks of? */
export function recordIs(r: Receipt, payload: Uint8Array): boolean {
	const all = new Uint8Array(32 + payload.length);
	all.set(r.record.raw.subarray(0, 32));
	all.set(payload, 32);
	return payload.length === r.record.length
		&& toHex(sha256(all)) === toHex(r.record.raw.subarray(32));
}
