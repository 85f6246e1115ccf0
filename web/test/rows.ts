// SPDX-License-Identifier: GPL-3.0-or-later
//
// rows.ts - hostile texts, one wrong thing each: keys, notes, policies,
// proofs, entries, frames, what a witness is asked, time stamps.  Each row is
// a line
//
//	KIND NAME WANT PART...
//
// WANT is `ok`, or what must come out; parts are base64.  Those of
// tests/data/proof/rows were printed here; tests/rows.c reads the same lines
// with the program's own parsers.
import { be, concat, fromBase64, toBase64, utf8 } from "../verify/bytes.js";
import { Refusal, attempt } from "../verify/bytes.js";
import { signatureHolds } from "../verify/ed25519.js";
import { verifyEquivocation } from "../verify/equivocation.js";
import { fieldLeaf, readEntry } from "../verify/entry.js";
import { frameSignedBy, readFrame } from "../verify/frame.js";
import { leafHash, rootOf, sha256 } from "../verify/merkle.js";
import {
	cosignedAt, keyId, noteSignedBy, readCheckpoint, readKey, readNote,
} from "../verify/note.js";
import { readPolicy } from "../verify/policy.js";
import {
	readDisclosure, readProof, verifyDisclosure,
} from "../verify/proof.js";
import { readReceipt, verifyReceipt } from "../verify/receipt.js";
import { stampTime, readAuthority } from "../verify/stamp.js";
import { witnessAnswer } from "../verify/witness.js";
import { Pair, bodyOf, entryOf, signedNote, vkey } from "./forge.js";
import type { Body } from "./forge.js";
import { equivocations, receipts } from "./single.js";
import { stamps } from "./stamps.js";

export type Row = [kind: string, name: string, want: string,
	...parts: (string | Uint8Array)[]];

const NAME = "test.example/log";
const log = new Pair("log"), pen = new Pair("witness");
const root = leafHash(utf8("x")), root64 = toBase64(root);
const dash = "\u2014";

function bytes(part: string | Uint8Array): Uint8Array {
	return typeof part === "string" ? utf8(part) : part;
}

function text(part: Uint8Array): string {
	return new TextDecoder("utf-8", { fatal: true }).decode(part);
}

// -- keys, notes, checkpoints --

function keyOf(type: number, key: Uint8Array, name = NAME): string {
	const raw = concat(Uint8Array.of(type), key);
	return `${name}+${Buffer.from(keyId(name, type, key)).toString("hex")}+`
		+ toBase64(raw);
}

function keys(): Row[] {
	const sound = vkey(NAME, log);
	return [
		["key", "sound", "ok", sound],
		["key", "of-a-witness", "ok", vkey(NAME, log, 4)],
		["key", "of-another-use", "key", keyOf(2, log.key)],
		["key", "short", "key", keyOf(1, log.key.subarray(1))],
		["key", "id", "key", sound.replace(/\+(.)/, (_, c: string) =>
			`+${c === "0" ? "1" : "0"}`)],
		["key", "upper-case", "key", sound.replace(/\+[0-9a-f]{8}\+/,
			"+ABCDEF01+")],
		["key", "no-name", "key", sound.slice(NAME.length)],
		["key", "space-in-name", "key", keyOf(1, log.key, "a b")],
		["key", "long-name", "key", keyOf(1, log.key, "n".repeat(201))],
		["key", "longest-name", "ok", keyOf(1, log.key, "n".repeat(200))],
	];
}

function line(name: string, raw: Uint8Array): string {
	return `${dash} ${name} ${toBase64(raw)}\n`;
}

function notes(): Row[] {
	const body = `${NAME}\n5\n${root64}\n`, sound = signedNote(body, NAME, log);
	const of = (t: string): string => signedNote(t, NAME, log);
	const one = line(NAME, new Uint8Array(68));
	return [
		["checkpoint", "sound", "ok", sound],
		["checkpoint", "unsigned", "note", body],
		["checkpoint", "only-lines", "note", `\n\n${one}`],
		["checkpoint", "no-end", "note", sound.slice(0, -1)],
		["checkpoint", "control", "note", of(`a\tb\n5\n${root64}\n`)],
		["checkpoint", "not-utf-8", "text", concat(Uint8Array.of(0xff),
			utf8(sound))],
		["checkpoint", "64-lines", "ok", `${body}\n${one.repeat(64)}`],
		["checkpoint", "65-lines", "limit", `${body}\n${one.repeat(65)}`],
		["checkpoint", "too-long", "limit", of(`${"x".repeat(64 * 1024)}\n`)],
		["checkpoint", "no-dash", "signature", `${body}\n- a AAAAAAA=\n`],
		["checkpoint", "short-line", "signature",
			`${body}\n${line("a", new Uint8Array(4))}`],
		["checkpoint", "name-with-plus", "signature",
			`${body}\n${line("a+b", new Uint8Array(68))}`],
		["checkpoint", "bad-base64", "signature",
			`${body}\n${dash} a AAAA*AAA\n`],
		["checkpoint", "no-origin", "checkpoint", of(`\n5\n${root64}\n`)],
		["checkpoint", "long-origin", "checkpoint",
			of(`${"o".repeat(201)}\n5\n${root64}\n`)],
		["checkpoint", "two-lines", "checkpoint", of(`${NAME}\n5\n`)],
		["checkpoint", "extension", "checkpoint", of(`${body}more\n`)],
		["checkpoint", "size", "text", of(`${NAME}\n05\n${root64}\n`)],
		["checkpoint", "2^63", "text",
			of(`${NAME}\n9223372036854775808\n${root64}\n`)],
		["checkpoint", "short-root", "checkpoint",
			of(`${NAME}\n5\n${toBase64(root.subarray(1))}\n`)],
		["checkpoint", "bad-root", "text", of(`${NAME}\n5\n****\n`)],
		["checkpoint", "spare-bits", "text",
			of(`${NAME}\n5\n${root64.slice(0, -2)}9=\n`)],
	];
}

function signatures(): Row[] {
	const body = `${NAME}\n5\n${root64}\n`, key = vkey("w", pen, 4);
	const id = keyId("w", 4, pen.key);
	const at = (t: bigint, by = pen): Uint8Array => concat(id, be(t, 8),
		by.sign(utf8(`cosignature/v1\ntime ${t}\n${body}`)));
	const with_ = (...raw: Uint8Array[]): string =>
		`${body}\n${raw.map((r) => line("w", r)).join("")}`;
	const message = utf8("m"), whole = log.sign(message);
	const s0 = concat(whole.subarray(0, 32), new Uint8Array(32));
	return [
		["cosigned", "sound", "ok", key, with_(at(1000n))],
		["cosigned", "newest", "ok", key, with_(at(1000n), at(2000n))],
		["cosigned", "by-another", "cosignature", key, with_(at(1n, log))],
		["cosigned", "short", "cosignature", key,
			with_(at(1n).subarray(0, 75))],
		["cosigned", "of-2^63", "cosignature", key, with_(at(1n << 63n))],
		["signed", "sound", "ok", vkey(NAME, log),
			signedNote(body, NAME, log)],
		["signed", "not-at-all", "no", vkey(NAME, log),
			signedNote(body, "other", pen)],
		["signed", "twice", "ok", vkey(NAME, log), `${body}\n${line(NAME,
			concat(keyId(NAME, 1, log.key), log.sign(utf8(body))))
			.repeat(2)}`],
		["signed", "does-not-hold", "signature", vkey(NAME, log),
			`${body}\n${line(NAME, concat(keyId(NAME, 1, log.key),
				new Uint8Array(64)))}`],
		["signature", "sound", "ok", log.key, message, whole],
		["signature", "s-0", "no", log.key, message, s0],
		["signature", "short-key", "no", log.key.subarray(1), message, whole],
		["signature", "short", "no", log.key, message, whole.subarray(1)],
		["signature", "of-no-point", "no", new Uint8Array(32).fill(2),
			message, whole],
	];
}

// -- policies --

function policies(): Row[] {
	const names = Array.from({ length: 64 }, (_, i) => `n${i}`);
	const witness = (n: string): string =>
		`witness ${n} ${vkey(n, new Pair(n), 4)}\n`;
	const a = witness("a"), b = witness("b"), q = "quorum none\n";
	const logOf = (n: string): string => `log ${vkey(n, new Pair(n))}\n`;
	const rows: [string, string, string | Uint8Array][] = [
		["sound", "ok", `# who\n${logOf("l")}${a}${b}group g 2 a b\nquorum g\n`],
		["any", "ok", `${a}${b}group g any a b\nquorum g\n`],
		["with-urls", "ok", logOf("l").replace("\n", " https://l.example\n")
			+ a.replace("\n", " https://a.example\n") + q],
		["octets", "ok", concat(utf8("# "), Uint8Array.of(0xff), utf8(`\n${q}`))],
		["control", "policy", `\u0001\n${q}`],
		["no-end", "policy", "quorum none"],
		["no-quorum", "policy", a],
		["word", "policy", `wait a\n${q}`],
		["log-of-nothing", "policy", `log\n${q}`],
		["log-and-more", "policy", `${logOf("l").trim()} u v\n${q}`],
		["log-of-a-witness", "policy", `log ${vkey("l", log, 4)}\n${q}`],
		["log-twice", "policy", logOf("l") + logOf("l") + q],
		["32-logs", "ok", names.slice(0, 32).map(logOf).join("") + q],
		["33-logs", "limit", names.slice(0, 33).map(logOf).join("") + q],
		["64-names", "ok", names.map(witness).join("") + q],
		["65-names", "limit", names.map(witness).join("") + a + q],
		["witness-of-nothing", "policy", `witness a\n${q}`],
		["witness-and-more", "policy", `${a.trim()} u v\n${q}`],
		["witness-of-a-log", "policy", `witness a ${vkey("a", log)}\n${q}`],
		["witness-key", "key", `witness a x\n${q}`],
		["witness-none", "policy", a.replace(" a ", " none ") + q],
		["name-twice", "policy", a + a + q],
		["key-twice", "policy", a + a.replace(" a ", " c ") + q],
		["group-of-nothing", "policy", `${a}group\n${q}`],
		["group-without-k", "policy", `${a}group g\n${q}`],
		["group-of-none", "policy", `${a}group g 1\n${q}`],
		["group-of-stranger", "policy", `${a}group g 1 b\n${q}`],
		["group-of-0", "policy", `${a}group g 0 a\n${q}`],
		["group-of-more", "policy", `${a}group g 2 a\n${q}`],
		["group-of-twice", "policy", `${a}group g 2 a a\n${q}`],
		["two-quorums", "policy", q + q],
		["quorum-of-two", "policy", `${a}${b}quorum a b\n`],
		["quorum-of-stranger", "policy", "quorum a\n"],
	];
	return rows.map(([name, want, t]): Row => ["policy", name, want, t]);
}

// -- proofs, disclosures, what a witness is asked --

function proofs(): Row[] {
	const first = "c2sp.org/tlog-proof@v1\n", note = `${signedNote(
		`${NAME}\n5\n${root64}\n`, NAME, log)}`;
	const hash = `${root64}\n`;
	const rows: [string, string, string | Uint8Array][] = [
		["sound", "ok", `${first}index 1\n${hash}\n${note}`],
		["extra", "ok", `${first}extra AAAA\nindex 1\n${hash}\n${note}`],
		["bad-extra", "proof", `${first}extra ****\nindex 1\n${hash}\n${note}`],
		["no-note", "proof", `${first}index 1\n${hash}`],
		["version", "proof", `c2sp.org/tlog-proof@v2\nindex 1\n\n${note}`],
		["no-index", "proof", `${first}\n${note}`],
		["index", "proof", `${first}index 01\n${hash}\n${note}`],
		["64-hashes", "ok", `${first}index 1\n${hash.repeat(64)}\n${note}`],
		["65-hashes", "limit", `${first}index 1\n${hash.repeat(65)}\n${note}`],
		["short-hash", "proof", `${first}index 1\nAAAA\n\n${note}`],
		["no-hash", "proof", `${first}index 1\n****\n\n${note}`],
		["not-utf-8", "text", Uint8Array.of(0xff)],
	];
	return rows.map(([name, want, t]): Row => ["proof", name, want, t]);
}

function shown(
	body: Body,
	fields: string[],
	more: { entry?: Uint8Array; first?: string } = {},
): string {
	const raw = more.entry ?? entryOf({ type: 2, flags: 0,
		ms: 1_770_091_507_000, subject: new Uint8Array(16),
		prev: new Uint8Array(32), root: body.root }, new Pair("engine"));
	const leaf = leafHash(raw);
	return `${more.first ?? "truce.disclosure/1"}\nentry ${toBase64(raw)}\n`
		+ `${fields.map((f) => `${f}\n`).join("")}\nc2sp.org/tlog-proof@v1\n`
		+ `index 0\n\n${signedNote(`${NAME}\n1\n${toBase64(leaf)}\n`,
			NAME, log)}`;
}

function opened(b: Body): string[] {
	return b.open.map((f) =>
		`open ${toBase64(f.salt)} ${f.name} ${toBase64(f.value)}`);
}

/** A disclosure of all that a body says. */
export function shownText(b: Body): string {
	return shown(b, opened(b));
}

function disclosures(): Row[] {
	const secret = sha256(utf8("rows"));
	const body = bodyOf({ kind: "shot", n: "5" }, secret);
	const open = opened;
	const shut = (b: Body, ...which: number[]): string[] =>
		open(b).map((l, i) => which.includes(i)
			? `shut ${toBase64(fieldLeaf(b.open[i]!))}` : l);
	const raw = (names: string[], list: string | null = null): Body => {
		const fields = [...(list === null ? [] : [["!", list]]),
			...names.map((n) => [n, "1"])].map(([name, v]) => ({
			name: name!, value: utf8(v!), salt: sha256(utf8(name!))
				.subarray(0, 16) }));
		return { open: fields, root: rootOf(fields.map(fieldLeaf)) };
	};
	const of = (b: Body, fields = open(b)): string => shown(b, fields);
	const many = raw(Array.from({ length: 257 }, (_, i) =>
		`f${String(i).padStart(3, "0")}`));
	const rows: [string, string, string | Uint8Array][] = [
		["sound", "ok", of(body)],
		["in-part", "ok", of(body, shut(body, 2))],
		["without-names", "ok", of(body, shut(body, 0))],
		["of-no-field", "ok", of(raw([], ""))],
		["all-shut", "ok", of(body, shut(body, 0, 1, 2))],
		["nothing", "body", of(body, [])],
		["another-value", "body", of(body, open(body).map((l) =>
			l.replace("NQ==", "NA==")))],
		["names-not-all", "body", of(raw(["a", "b"], "a"))],
		["names-others", "body", of(raw(["a", "b"], "a\nc"))],
		["names-twice", "body", of(raw(["a", "b"], "a\na"),
			shut(raw(["a", "b"], "a\na"), 2))],
		["names-down", "body", of(raw(["a", "b"], "b\na"),
			shut(raw(["a", "b"], "b\na"), 1, 2))],
		["names-bad", "body", of(raw(["a", "b"], "A\nb"),
			shut(raw(["a", "b"], "A\nb"), 1))],
		["names-of-names", "body", of(raw(["a", "b"], "!\nb"),
			shut(raw(["a", "b"], "!\nb"), 1))],
		["names-not-utf-8", "body", (() => {
			const b = raw(["a"], "");
			b.open[0]!.value = Uint8Array.of(0xff);
			return of({ ...b, root: rootOf(b.open.map(fieldLeaf)) });
		})()],
		["names-second", "body", (() => {
			const b = raw(["a"], "a");
			const turned = { open: [b.open[1]!, b.open[0]!],
				root: rootOf([b.open[1]!, b.open[0]!].map(fieldLeaf)) };
			return of(turned, shut(turned, 0));
		})()],
		["name-bad", "body", of(raw(["A"]))],
		["names-down-open", "body", of(raw(["b", "a"]))],
		["short-salt", "body", (() => {
			const b = raw(["a"], "a");
			b.open[1]!.salt = new Uint8Array(15);
			return of({ ...b, root: rootOf(b.open.map(fieldLeaf)) });
		})()],
		["257-fields", "limit", of(many)],
		["version", "disclosure", shown(body, open(body),
			{ first: "truce.disclosure/2" })],
		["short-entry", "disclosure", shown(body, open(body),
			{ entry: new Uint8Array(167) })],
		["no-entry", "disclosure", shown(body, open(body),
			{ entry: new Uint8Array(168) })],
		["no-word", "disclosure", of(body, ["hide AAAA"])],
		["open-of-two", "disclosure", of(body, ["open AAAA n"])],
		["shut-of-two", "disclosure", of(body, ["shut AAAA AAAA"])],
		["shut-short", "disclosure", of(body, ["shut AAAA"])],
		["not-utf-8", "text", Uint8Array.of(0xff)],
	];
	return rows.map(([name, want, t]): Row => ["disclosure", name, want, t]);
}

function requests(): Row[] {
	const key = vkey(NAME, log), five = `${NAME}\n5\n${root64}\n`;
	const note = signedNote(five, NAME, log);
	const rows: [string, string, string | Uint8Array][] = [
		["sound", "200", `old 0\n\n${note}`],
		["no-old", "400", `new 0\n\n${note}`],
		["old", "400", `old 00\n\n${note}`],
		["short-hash", "400", `old 0\nAAAA\n\n${note}`],
		["no-hash", "400", `old 0\n****\n\n${note}`],
		["63-hashes", "422", `old 0\n${`${root64}\n`.repeat(63)}\n${note}`],
		["64-hashes", "400", `old 0\n${`${root64}\n`.repeat(64)}\n${note}`],
		["beyond", "400", `old 6\n\n${note}`],
		["another-size", "409", `old 3\n\n${note}`],
		["not-utf-8", "400", Uint8Array.of(0xff)],
		["no-end", "400", "old 0"],
		["nothing", "400", ""],
		["unsigned", "403", `old 0\n\n${signedNote(five, NAME, pen)}`],
		["does-not-hold", "403", `old 0\n\n${five}\n${line(NAME,
			concat(keyId(NAME, 1, log.key), new Uint8Array(64)))}`],
		["signature-line", "403", `old 0\n\n${five}\n${dash} ${NAME} AAAA\n`],
		["of-another", "404",
			`old 0\n\n${signedNote(`x\n5\n${root64}\n`, "x", log)}`],
	];
	return rows.map(([name, want, t]): Row =>
		["request", name, want, key, t]);
}

// -- entries and frames --

function entries(): Row[] {
	const make = (type: number, flags: number, ms: number): Uint8Array =>
		entryOf({ type, flags, ms, subject: new Uint8Array(16),
			prev: new Uint8Array(32), root }, log);
	const sound = make(2, 0, 1_770_091_507_000);
	const with_ = (at: number, v: number): Uint8Array => {
		const b = sound.slice();
		b[at] = v;
		return b;
	};
	return [
		["entry", "sound", "ok", sound],
		["entry", "short", "entry", sound.subarray(1)],
		["entry", "magic", "entry", with_(3, 50)],
		["entry", "flags", "entry", make(2, 4, 1_770_091_507_000)],
		["entry", "reserved", "entry", with_(7, 1)],
		["entry", "of-2200", "entry", make(2, 0, 7_258_118_400_000)],
		["entry", "before-2200", "ok", make(2, 0, 7_258_118_399_999)],
	];
}

function frames(): Row[] {
	const sensor = new Pair("sensor");
	const make = (more: { flags?: number; kind?: number; lock?: number;
		clock?: number; length?: number; start?: bigint },
	payload = "x", magic = "CFS1"): Uint8Array => {
		const p = utf8(payload);
		const head = concat(utf8(magic), be(more.flags ?? 0, 2),
			be(more.kind ?? 1, 2), new Uint8Array(16), be(1, 4),
			be(more.length ?? p.length, 4), be(0, 8), be(BigInt.asUintN(64,
				more.start ?? 0n), 8), new Uint8Array(12),
			Uint8Array.of(more.clock ?? 0, more.lock ?? 0),
			new Uint8Array(26), sha256(p), new Uint8Array(32));
		return concat(head, sensor.sign(concat(utf8("cfm/frame/v1\n"), head)),
			p);
	};
	const sound = make({});
	const rows: [string, string, Uint8Array][] = [
		["sound", "ok", sound],
		["of-no-time", "ok", make({ start: -(1n << 63n) })],
		["cut-head", "layout", sound.subarray(0, 100)],
		["cut-signature", "layout", sound.subarray(0, 200)],
		["cut", "frame", sound.subarray(0, sound.length - 1)],
		["more", "frame", concat(sound, utf8("x"))],
		["magic", "frame", make({}, "x", "CFS2")],
		["flags", "frame", make({ flags: 4 })],
		["kind-0", "frame", make({ kind: 0 })],
		["kind-7", "frame", make({ kind: 7 })],
		["clock", "frame", make({ clock: 5 })],
		["lock", "frame", make({ lock: 3 })],
		["too-long", "frame", make({}, "x".repeat(65_321))],
		["longest", "ok", make({}, "x".repeat(65_320))],
		["payload", "frame", concat(sound.subarray(0, sound.length - 1),
			utf8("y"))],
		["signature", "no", concat(sound.subarray(0, 215),
			Uint8Array.of(sound[215]! ^ 1), sound.subarray(216))],
	];
	return rows.map(([name, want, b]): Row =>
		["frame", name, want, sensor.key, b]);
}

// -- what this verifier says --

const SAYS: { [kind: string]: (p: Uint8Array[]) => string } = {
	key: ([k]) => readKey(text(k!)) && "ok",
	checkpoint: ([n]) => readCheckpoint(n!) && "ok",
	cosigned: ([k, n]) => cosignedAt(readNote(n!), readKey(text(k!)))
		=== null ? "no" : "ok",
	signed: ([k, n]) => noteSignedBy(readNote(n!), readKey(text(k!)))
		? "ok" : "no",
	signature: ([k, m, s]) => signatureHolds(k!, m!, s!) ? "ok" : "no",
	policy: ([t]) => readPolicy(t!) && "ok",
	proof: ([t]) => readProof(t!) && "ok",
	disclosure: ([t]) => verifyDisclosure(readDisclosure(t!), null) && "ok",
	request: ([k, r]) => String(witnessAnswer(r!, [{
		key: readKey(text(k!)),
		seen: { size: 0, root: new Uint8Array(32) } }]).status),
	entry: ([e]) => readEntry(e!) && "ok",
	frame: ([k, f]) => readFrame(f!) && frameSignedBy(f!, k!) ? "ok" : "no",
	equivocation: ([k, b]) =>
		verifyEquivocation(b!, readKey(text(k!))) && "ok",
	receipt: ([k, b]) => verifyReceipt(readReceipt(b!), readKey(text(k!)))
		&& "ok",
	stamp: ([reply, imprint, pem]) =>
		stampTime(reply!, imprint!, readAuthority(text(pem!))) && "ok",
};

export function rowText([kind, name, want, ...parts]: Row): string {
	return [kind, name, want, ...parts.map((p) => toBase64(bytes(p)))]
		.join(" ");
}

/** A line as it is kept, and what comes out of it. */
export function rowSays(row: string): string {
	const [kind, , , ...parts] = row.split(" ");
	const got = attempt(() => SAYS[kind!]!(parts.map(fromBase64)));
	return got instanceof Refusal ? got.rule : got;
}

/** What the files of single.ts have not. */
function files(): Row[] {
	const key = vkey(NAME, log), hash = `${root64}\n`;
	const sound = new Map([...equivocations(), ...receipts()].map((c) =>
		[c.name.replace("sound", "s"), c.text]));
	const fork = sound.get("s.equivocation")!;
	const taken = sound.get("s-2.receipt")!;
	const rows: [string, string, string, string, string | Uint8Array][] = [
		["equivocation", "nothing", "equivocation", key, "\n\n"],
		["equivocation", "no-length", "equivocation", key,
			fork.replace(/first.*\n/, "")],
		["equivocation", "no-more", "equivocation", key,
			fork.replace(/first[^]*?\n\n/, "\n")],
		["equivocation", "log-of-a-witness", "key", key,
			fork.replace(/log .*\n/, `log ${vkey(NAME, log, 4)}\n`)],
		["equivocation", "long-path", "equivocation", key,
			fork.replace("\n\n", `\n${hash.repeat(65)}\n`)],
		["equivocation", "short-hash", "equivocation", key,
			fork.replace("\n\n", "\nAAAA\n\n")],
		["equivocation", "no-root", "equivocation", key,
			fork.replace("root ", "rood ")],
		["equivocation", "too-long", "equivocation", key,
			`${fork}${"x".repeat(256 * 1024)}`],
		["equivocation", "of-another-key", "key", vkey(NAME, pen), fork],
		["equivocation", "of-another-name", "key", vkey("x", log), fork],
		["equivocation", "not-utf-8", "equivocation", key,
			Uint8Array.of(0xff)],
		["receipt", "nothing", "receipt", key, "\n\n"],
		["receipt", "no-end", "receipt", key, "x"],
		["receipt", "long-path", "receipt", key,
			taken.replace("\n\n", `\n${hash.repeat(64)}\n`)],
		["receipt", "short-hash", "receipt", key,
			taken.replace("\n\n", "\nAAAA\n\n")],
		["receipt", "not-utf-8", "receipt", key, Uint8Array.of(0xff)],
	];
	return rows;
}

export function rows(): Row[] {
	return [...keys(), ...notes(), ...signatures(), ...policies(),
		...proofs(), ...disclosures(), ...requests(), ...entries(),
		...frames(), ...files(), ...stampRows()];
}

function stampRows(): Row[] {
	return stamps().map(([name, want, reply, imprint, pem]): Row =>
		["stamp", name, want, reply, imprint, pem]);
}
