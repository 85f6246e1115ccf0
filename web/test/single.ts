// SPDX-License-Identifier: GPL-3.0-or-later
//
// single.ts - `.equivocation` and `.receipt` files, right and wrong, each with
// what must be said of it; and frames of a sensor in every order that matters.
import { be, concat, toBase64, utf8 } from "../verify/bytes.js";
import { Chain } from "../verify/chain.js";
import { readFrame } from "../verify/frame.js";
import { leafHash, nodeHash, rootOf, sha256 } from "../verify/merkle.js";
import {
	Pair, bodyOf, entryOf, made, pathOf, signedNote, vkey,
} from "./forge.js";

export interface Case {
	name: string;
	text: string;
	want: string; /* a rule, or "" */
}

const NAME = "test.example/log";
const log = new Pair("log");

function leavesOf(n: number, salt: string): Uint8Array[] {
	return Array.from({ length: n }, (_, i) =>
		leafHash(utf8(i < 3 ? `${i}` : `${salt}${i}`)));
}

function note(n: number, root: Uint8Array, by = log): string {
	return signedNote(`${NAME}\n${n}\n${toBase64(root)}\n`, NAME, by);
}

/** RFC 6962, section 2.1.2, for small trees: the parts of the second tree
 * from which both roots follow. */
function consistency(m: number, leaves: Uint8Array[]): Uint8Array[] {
	const out: Uint8Array[] = [];
	let from = 0, to = leaves.length, old = m, whole = true;
	while (old !== to - from) {
		let k = 1;
		while (2 * k < to - from)
			k *= 2;
		if (old <= k) {
			out.unshift(rootOf(leaves.slice(from + k, to)));
			to = from + k;
		} else {
			out.unshift(rootOf(leaves.slice(from, from + k)));
			from += k;
			old -= k;
			whole = false;
		}
	}
	return whole ? out : [rootOf(leaves.slice(from, to)), ...out];
}

export function equivocations(): Case[] {
	const a = leavesOf(6, "a"), b = leavesOf(11, "b"), c = leavesOf(6, "c");
	const first = note(6, rootOf(a)), second = note(11, rootOf(b));
	const other = note(6, rootOf(c));
	const length = (n: string): number => utf8(n).length;
	const file = (one: string, two: string, proof = ""): string =>
		`truce.equivocation/1\nlog ${vkey(NAME, log)}\nfirst ${length(one)}\n`
		+ `${proof}\n${one}${two}`;
	const hashes = consistency(6, b).map((h) => `${toBase64(h)}\n`);
	const root = (h: Uint8Array): string => `root ${toBase64(h)}\n`;
	const six = root(rootOf(b.slice(0, 6)));
	const path = `${six}${hashes.join("")}`;
	const third = root(rootOf(b.slice(0, 3)))
		+ consistency(3, b).map((h) => `${toBase64(h)}\n`).join("");
	const sound = file(first, second, path);
	const short = note(3, rootOf(a.slice(0, 3)));
	const stranger = new Pair("stranger"), x = leafHash(utf8("x"));
	const list: [string, string, string][] = [
		["sound", sound, ""],
		["same-size", file(first, other), ""],
		["same-root", file(first, first), "equivocation"],
		["same-beginning", file(short, second, third), "equivocation"],
		["no-path", file(first, second), "equivocation"],
		["path-too-much", file(first, other, path), "equivocation"],
		["turned", file(second, first, path), "equivocation"],
		["bent-path", file(first, second, six + hashes.slice(1).join("")
			+ `${toBase64(x)}\n`), "consistency"],
		["short-path", file(first, second, six + hashes.slice(1).join("")),
			"consistency"],
		["bent-root", file(first, second, root(x) + hashes.join("")),
			"consistency"],
		["stranger", file(note(6, rootOf(a), stranger), second, path),
			"checkpoint"],
		["stranger-second", file(first, note(11, rootOf(b), stranger), path),
			"checkpoint"],
		["empty-log", file(note(0, sha256(new Uint8Array(0))), second, path),
			"equivocation"],
		["bad-key", sound.replace(/log (\S+)\n/, "log x\n"), "key"],
		["version", sound.replace("/1", "/2"), "equivocation"],
		["cut", sound.slice(0, -1), "checkpoint"],
		["more", `${sound}\n`, "checkpoint"],
		["crlf", sound.replace("\n", "\r\n"), "equivocation"],
		["one-note", file(first, ""), "equivocation"],
		["other-length", sound.replace(/first (\d)/, "first 9$1"),
			"equivocation"],
		["length-by-one", sound.replace(`first ${length(first)}`,
			`first ${length(first) + 1}`), "checkpoint"],
	];
	return list.map(([name, text, want]) =>
		({ name: `${name}.equivocation`, text, want }));
}

function recordHead(sequence: number, payload: Uint8Array): Uint8Array {
	const front = concat(utf8("CFR1"), be(payload.length, 4), be(sequence, 8),
		be(1_770_091_506_000_000_000n, 8), be(1, 4), be(1, 2), be(0, 2));
	return concat(front, sha256(concat(front, payload)));
}

export function receipts(): Case[] {
	const heads = Array.from({ length: 5 }, (_, i) =>
		recordHead(40 + i, utf8(`record ${i}`)));
	const leaves = heads.map(leafHash), engine = new Pair("engine");
	const hex = (b: Uint8Array): string => Buffer.from(b).toString("hex");
	const make = (type: number, fields: { [n: string]: string },
		shut: string[] = [], ms = 1_770_091_507_000): string => {
		const body = bodyOf(fields, sha256(utf8("receipt")));
		const e = made(entryOf({ type, flags: 0, ms,
			subject: new Uint8Array(16), prev: new Uint8Array(32),
			root: body.root }, engine), body);
		const root = nodeHash(leafHash(utf8("before")), e.leaf);
		const lines = body.open.map((f) => shut.includes(f.name)
			? `shut ${toBase64(leafHash(concat(f.salt,
				be(utf8(f.name).length, 2), utf8(f.name), f.value)))}\n`
			: `open ${toBase64(f.salt)} ${f.name} ${toBase64(f.value)}\n`);
		return `truce.disclosure/1\nentry ${toBase64(e.raw)}\n`
			+ `${lines.join("")}\nc2sp.org/tlog-proof@v1\nindex 1\n`
			+ `${toBase64(leafHash(utf8("before")))}\n\n${note(2, root)}`;
	};
	const text = hex(rootOf(leaves));
	const fields = { count: "5", first: "40", spool: "\"00\"",
		root: /^[0-9]/.test(text) ? `"${text}"` : text };
	const batch = make(1, fields);
	const at = (i: number, d = batch): string => `truce.receipt/1\nrecord `
		+ `${toBase64(heads[i]!)}\nat ${i} of 5\n${pathOf(i, leaves)
			.map((h) => `${toBase64(h)}\n`).join("")}\n${d}`;
	const list: [string, string, string][] = [
		...heads.map((_, i): [string, string, string] =>
			[`sound-${i}`, at(i), ""]),
		["no-first", at(2, make(1, { ...fields, first: "40" }, ["first"])),
			""],
		["other-first", at(2, make(1, { ...fields, first: "41" })),
			"receipt"],
		["other-count", at(2, make(1, { ...fields, count: "6" })), "receipt"],
		["root-shut", at(2, make(1, fields, ["root"])), "receipt"],
		["count-shut", at(2, make(1, fields, ["count"])), "receipt"],
		["no-intake", at(2, make(8, fields)), "receipt"],
		["300s-later", at(2, make(1, fields, [], 1_770_091_206_000)), ""],
		["301s-later", at(2, make(1, fields, [], 1_770_091_205_000)),
			"receipt"],
		["place", at(2).replace("at 2", "at 3"), "receipt"],
		["beyond", at(2).replace("at 2", "at 5"), "receipt"],
		["zeros", at(2).replace("at 2", "at 02"), "receipt"],
		["other-record", at(2).replace(toBase64(heads[2]!),
			toBase64(heads[3]!)), "receipt"],
		["no-record", at(2).replace("record Q0", "record R0"), "receipt"],
		["version", at(2).replace("/1", "/2"), "receipt"],
		["log", at(2).replace(/index 1/, "index 0"), "inclusion"],
		["body", at(2).replace(/ count \S+/, " count Ng=="), "body"],
	];
	return list.map(([name, t, want]) =>
		({ name: `${name}.receipt`, text: t, want }));
}

function frame(
	boot: number,
	sequence: number,
	prev: Uint8Array,
	flags = 0,
	payload = "x",
): Uint8Array {
	const head = concat(utf8("CFS1"), be(flags, 2), be(1, 2),
		new Uint8Array(16), be(boot, 4), be(utf8(payload).length, 4),
		be(sequence, 8), new Uint8Array(48), sha256(utf8(payload)), prev);
	return concat(head, new Uint8Array(64), utf8(payload));
}

/** What each frame is to those before; "" where all is as it must be. */
export function frames(): string {
	const id = (f: Uint8Array): Uint8Array => readFrame(f).id;
	const none = new Uint8Array(32);
	const a = frame(1, 0, none, 1), b = frame(1, 1, id(a));
	const c = frame(1, 2, id(b)), d = frame(1, 3, id(c));
	const e = frame(1, 4, id(d)), again = frame(2, 0, none, 1);
	const list: [Uint8Array, string][] = [
		[a, "next"], [b, "next"], [b, "same"],
		[frame(1, 1, id(a), 0, "y"), "fork"],
		[d, "jump"], [c, "late"], [frame(1, 4, id(c)), "break"],
		[frame(0, 5, id(d)), "break"], [e, "fork"],
		[frame(1, 0, id(d), 0, "z"), "fork"],
		[frame(2, 0, none), "break"], [again, "fork"],
		[frame(3, 0, none, 1), "next"],
	];
	/* Late, and begun anew: in a gap over three boots. */
	const far = frame(4, 9, id(a));
	const late: [Uint8Array, string][] = [
		[a, "next"], [far, "jump"], [frame(1, 1, none, 1), "break"],
		[frame(2, 1, id(d), 1), "break"], [frame(3, 1, none, 1), "late"],
		[frame(3, 7, id(d)), "late"],
		[frame(5, 0, id(d), 1), "break"], [frame(2, 0, id(d), 0, "o"), "old"],
	];
	return [list, late].flatMap((some, k) => {
		const chain = new Chain();
		return some.map(([f, want], i) => {
			const got = chain.take(readFrame(f));
			return got === want ? ""
				: `frame ${k}/${i}: ${got}, wanted ${want}`;
		});
	}).filter((x) => x).join("; ");
}
