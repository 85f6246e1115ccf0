// SPDX-License-Identifier: GPL-3.0-or-later
//
// units.ts - what only this verifier has to keep, and no file shows: how it
// fails, and how far it can count.
import { Reader, Refusal, attempt, count, fromHex, toHex, utf8 } from
	"../verify/bytes.js";
import { People } from "../verify/people.js";
import { judge, readPolicy } from "../verify/policy.js";
import { leafHash, nodeHash, subtreeExtends } from "../verify/merkle.js";
import { readCheckpoint } from "../verify/note.js";
import { kindOf } from "../verify/onefile.js";
import { readReceipt, recordIs } from "../verify/receipt.js";
import { Pair, signedNote, vkey } from "./forge.js";
import type { Stamp } from "../verify/stamp.js";
import { stampMs } from "../verify/stamp.js";
import { receipts } from "./single.js";

function refuses(f: () => unknown, rule: string): boolean {
	const got = attempt(f);
	return got instanceof Refusal && got.rule === rule;
}

/** A failure that is no verdict must not become one. */
function passesOn(): boolean {
	try {
		attempt(() => {
			throw new TypeError("ours");
		});
		return false;
	} catch (e) {
		return e instanceof TypeError;
	}
}

/** Withheld words on a subject of many records that are complete: each word
 * asks of what came since the last one, and of all after a revocation. */
function darkSteps(): boolean {
	const people = new People() as unknown as {
		directory: { doubts: number };
		complete: () => boolean;
		keep: (s: object) => void;
		darken: (subject: string) => void;
	};
	let steps = 0;
	people.directory = { doubts: 0 };
	people.complete = () => {
		steps++;
		return true;
	};
	const subject = utf8("s"), leaf = (n: number): Uint8Array =>
		leafHash(utf8(`${n}`));
	const record = (n: number): void => people.keep({ index: n, proposal: {},
		entry: { subject, body: leaf(n), leaf: leaf(n) } });
	const words = (n: number): number => {
		const before = steps;
		for (let i = 0; i < n; i++)
			people.darken(toHex(subject));
		return steps - before;
	};
	for (let n = 0; n < 100; n++)
		record(n);
	const first = words(1), more = words(100);
	record(100);
	const since = words(100);
	people.directory.doubts++;
	return first === 100 && more === 0 && since === 1 && words(100) === 101;
}

const [a, b, c] = ["a", "b", "c"].map((x) => leafHash(utf8(x)));
const ab = nodeHash(a!, b!);
const receipt = readReceipt(utf8(receipts()[2]!.text));
const logs = `log ${vkey("l", new Pair("l"))}\nquorum none\n`;
const note = readCheckpoint(utf8(signedNote(
	`l\n1\n${"A".repeat(43)}=\n`, "l", new Pair("another"))));

const CHECKS: [string, () => boolean][] = [
	["another failure goes on", passesOn],
	["hex of a wrong length", () => refuses(() => fromHex("00", 2), "text")],
	["beyond 2^53", () => refuses(() => count("9007199254740993", "size"),
		"limit")],
	["up to it", () => count("9007199254740991", "size")
		=== Number.MAX_SAFE_INTEGER],
	["a reader stops at the end", () => refuses(() =>
		new Reader(utf8("x"), "it").big(8), "layout")],
	["a file of no kind", () => kindOf(utf8("x")) === null],
	["the last leaf of three is theirs", () => subtreeExtends(2n, 3n, 3n, c!,
		nodeHash(ab, c!), [ab])],
	["and no other", () => !subtreeExtends(2n, 3n, 3n, b!,
		nodeHash(ab, c!), [ab])],
	["the record of a receipt", () => recordIs(receipt, utf8("record 2"))],
	["another record", () => !recordIs(receipt, utf8("record 3"))],
	["a stamp's second of 60 is the next one", () =>
		stampMs({ digits: "20161231235960" } as Stamp)
		=== Date.UTC(2017, 0, 1)],
	["a withheld word goes over what is new", darkSteps],
	["a longer record", () => !recordIs(receipt, utf8("record 2 "))],
	["signed by no log of the policy", () => {
		const w = judge(readPolicy(utf8(logs)), note);
		return !w.met && w.log === null;
	}],
];

/** What is not so; "" where all is. */
export function units(): string {
	return CHECKS.filter(([, f]) => !f()).map(([name]) => name).join("; ");
}
