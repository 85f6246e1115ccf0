// SPDX-License-Identifier: GPL-3.0-or-later
//
// vectors.ts - every vector of ../shared/data/proof and of PROOF.md 17, each
// with a name and a verdict.  tests/vectors.c gives the same names, so that
// the two lists can be compared line by line.
import { ed25519 } from "@noble/curves/ed25519";

import {
	Refusal, attempt, be, concat, equal, fromBase64, fromHex, textOf,
	toBase64, toHex, utf8,
} from "./bytes.js";
import { signatureHolds } from "./ed25519.js";
import type { Open, Shown } from "./entry.js";
import {
	authorId, entrySignedBy, fieldLeaf, isOpen, readBody, readEntry, saltOf,
} from "./entry.js";
import { frameSignedBy, readFrame } from "./frame.js";
import {
	extends_, includes, leafHash, nodeHash, rootOf, sha256, subtreeExtends,
	subtreeIncludes,
} from "./merkle.js";
import type { Source } from "./source.js";
import type { Key } from "./note.js";
import {
	cosignedAt, keyId, readCheckpoint, readKey, verifyCheckpoint,
} from "./note.js";
import { judge, readPolicy } from "./policy.js";
import { readProof, verifyProof } from "./proof.js";
import { joinBundle, splitBundle, splitTile, tilePath, tileTop } from
	"./tiles.js";
import { verifyStamp } from "./stamp.js";
import type { Seen } from "./witness.js";
import { witnessAnswer } from "./witness.js";

/** `want` is what the set itself says must come out. */
export interface Verdict {
	name: string;
	got: string;
	want: string;
}

type Put = (name: string, got: string | boolean, want: string | boolean)
	=> void;

function word(v: string | boolean): string {
	return v === true ? "accept" : v === false ? "refuse" : v;
}

/** False where `f` refuses. */
function holds(f: () => boolean): boolean {
	return attempt(f) === true;
}

async function must(source: Source, path: string): Promise<Uint8Array> {
	const bytes = await source.read(path);
	if (!bytes)
		throw new Error(`${path}: is not there`);
	return bytes;
}

type Json = { [name: string]: any }; // eslint: data of others

/* Sizes beyond 2^53 stay exact: they become text. */
async function json(source: Source, path: string): Promise<Json> {
	const text = textOf(await must(source, path), path);
	return JSON.parse(text.replace(/(:\s*)(\d{15,})/g, "$1\"$2\"")) as Json;
}

// -- trees --

async function trees(source: Source, put: Put): Promise<void> {
	const t = await json(source, "rfc6962/tree8.json");
	const leaves = (t.leaves as string[]).map((h) =>
		leafHash(fromHex(h, h.length / 2)));
	for (let n = 0; n <= 8; n++)
		put(`rfc6962/root/${n}`, toHex(rootOf(leaves.slice(0, n))),
			t.root_by_size[String(n)]);
	let level = leaves;
	(t.nodes_by_level as string[][]).forEach((want, l) => {
		want.forEach((h, i) =>
			put(`rfc6962/node/${l}/${i}`, toHex(level[i]!), h));
		level = level.slice(0, level.length >> 1).map((_, i) =>
			nodeHash(level[2 * i]!, level[2 * i + 1]!));
	});
}

const CASES: { [kind: string]: (v: Json, path: Uint8Array[]) => boolean } = {
	inclusion: (v, path) => includes(BigInt(v.leafIdx), BigInt(v.treeSize),
		fromBase64(v.leafHash), path, fromBase64(v.root)),
	consistency: (v, path) => extends_(BigInt(v.size1), BigInt(v.size2),
		fromBase64(v.root1), fromBase64(v.root2), path),
	subtreeinclusion: (v, path) => subtreeIncludes(BigInt(v.leafIdx),
		BigInt(v.start), BigInt(v.end), fromBase64(v.leafHash), path,
		fromBase64(v.root)),
	subtreeconsistency: (v, path) => subtreeExtends(BigInt(v.start),
		BigInt(v.end), BigInt(v.size), fromBase64(v.root1), fromBase64(v.root2), path),
};

async function merkleProofs(source: Source, put: Put): Promise<void> {
	for (const kind of Object.keys(CASES)) {
		const files = await source.list(`merkle-proofs/${kind}`);
		for (const path of files!.filter((p) => p.endsWith(".json")).sort()) {
			const v = await json(source, path);
			const got = holds(() => CASES[kind]!(v,
				((v.proof ?? []) as string[]).map(fromBase64)));
			put(path, got, !v.wantErr);
		}
	}
}

// -- signatures --

async function cctv(source: Source, put: Put): Promise<void> {
	const all = JSON.parse(textOf(await must(source,
		"ed25519-cctv/ed25519vectors.json"), "cctv")) as Json[];
	let verdicts = "";
	for (const v of all) {
		const ok = signatureHolds(fromHex(v.key, 32), utf8(v.msg),
			fromHex(v.sig, 64));
		verdicts += ok ? "1" : "0";
		put(`cctv/${v.number}`, ok, ok);
	}
	put("cctv/all", toHex(sha256(utf8(verdicts))),
		"9111cd3acbe211e15031707588bc9d68cb7b0c2d8f500fad1ebfedfc4362ffab");
}

// -- the cosigned log of 300 entries --

interface Cosign {
	v: Json;
	key: Key;
	witnesses: Key[];
	leaves: Uint8Array[];
}

async function readCosign(source: Source): Promise<Cosign> {
	const v = await json(source, "cosign/vectors.json");
	return {
		v, key: readKey(v.log_vkey),
		witnesses: (v.witnesses as Json[]).map((w) => readKey(w.vkey_type04)),
		leaves: Array.from({ length: 300 }, (_, i) =>
			leafHash(utf8(`entry ${i}`))),
	};
}

/** The log and all three witnesses stand behind the note. */
function cosignedByAll(c: Cosign, note: Uint8Array): boolean {
	return holds(() => {
		const p = verifyCheckpoint(note, c.key);
		return c.witnesses.every((w) => cosignedAt(p.note, w) !== null);
	});
}

function checkpoints(c: Cosign, put: Put): void {
	for (const x of c.v.checkpoints as Json[]) {
		const name = `cosign/checkpoint/${x.size}`;
		const bytes = utf8(x.cosigned_checkpoint);
		const note = holds(() => {
			const p = verifyCheckpoint(bytes, c.key);
			return p.size === x.size && toHex(p.root) === x.root_hex;
		});
		put(name, note, true);
		put(`${name}/root`, toHex(rootOf(c.leaves.slice(0, x.size))),
			x.root_hex);
		(x.cosignatures as Json[]).forEach((s, i) => {
			const text = readCheckpoint(bytes);
			put(`${name}/cosignature/${i}`, holds(() =>
				cosignedAt(text.note, c.witnesses[i]!) === s.time
				&& x.cosigned_checkpoint.includes(s.line)), true);
		});
		put(`${name}/all`, cosignedByAll(c, bytes), true);
		flips(c, name, bytes, put);
	}
}

/* Every bit would take minutes here: tests/vectors.c and this one flip the
 * same ones, 101 apart (a prime, so that all bits of a byte have a turn). */
const STRIDE = 101;

function flips(c: Cosign, name: string, note: Uint8Array, put: Put): void {
	for (let bit = 0; bit < 8 * note.length; bit += STRIDE) {
		const other = note.slice();
		other[bit >> 3]! ^= 1 << (bit & 7);
		put(`${name}/flip/${bit}`, cosignedByAll(c, other), false);
	}
}

function quorums(c: Cosign, put: Put): void {
	const names = ["a", "b", "c"];
	const lines = names.map((n, i) => `witness ${n} ${c.witnesses[i]!.text}\n`);
	const head = `# test\nlog ${c.v.log_vkey}\n${lines.join("")}`;
	const last = c.v.checkpoints[7] as Json;
	const all = last.cosigned_checkpoint as string;
	for (let have = 0; have < 8; have++) {
		const note = (last.cosignatures as Json[]).reduce((t: string, s, i) =>
			have & (1 << i) ? t : t.replace(s.line, ""), all);
		const n = [0, 1, 2].filter((i) => have & (1 << i)).length;
		for (let k = 1; k <= 3; k++)
			put(`policy/${k}of3/${have}`, holds(() => judge(
				readPolicy(utf8(
					`${head}group g ${k} a b c\nquorum g\n`)),
				readCheckpoint(utf8(note))).met), n >= k);
		put(`policy/nested/${have}`, holds(() => judge(
			readPolicy(utf8(`${head}group g any a b\ngroup h all g c\n`
				+ "quorum h\n")),
			readCheckpoint(utf8(note))).met),
		(have & 3) !== 0 && (have & 4) !== 0);
	}
	for (const [name, text, want] of policyTexts(head))
		put(`policy/text/${name}`, holds(() => !!readPolicy(utf8(text))), want);
}

function policyTexts(head: string): [string, string, boolean][] {
	return [
		["none", `${head}quorum none\n`, true],
		["one", `${head}quorum a\n`, true],
		["spaces", `${head} \t group  g\t2 a b  c \n\nquorum g\n`, true],
		["no-quorum", head, false],
		["two-quorums", `${head}quorum a\nquorum a\n`, false],
		["unknown", `${head}quorum d\n`, false],
		["later", `${head}quorum g\ngroup g any a\n`, false],
		["zero", `${head}group g 0 a b\nquorum g\n`, false],
		["four", `${head}group g 4 a b c\nquorum g\n`, false],
		["leading", `${head}group g 02 a b c\nquorum g\n`, false],
		["twice", `${head}group g any a a\nquorum g\n`, false],
		["two-groups",
			`${head}group g any a\ngroup h any a\nquorum g\n`, false],
		["reserved", `${head}group none any a\nquorum none\n`, false],
		["again", `${head}group a any b\nquorum a\n`, false],
		["empty", `${head}group g any\nquorum g\n`, false],
		["crlf", `${head}quorum a\r\n`, false],
		["no-lf", `${head}quorum a`, false],
		["word", `${head}quorom a\nquorum a\n`, false],
		["same-key", `${head}${head.split("\n")[2]!.replace(" a ", " d ")}\n`
			+ "quorum a\n", false],
		["log-key", `${head}witness d ${head.split("\n")[1]!.slice(4)}\n`
			+ "quorum a\n", false],
	];
}

function cosignProofs(c: Cosign, put: Put): void {
	const note = (n: number): string => (c.v.checkpoints as Json[])
		.find((x) => x.size === n)!.cosigned_checkpoint;
	const rootAt = (n: number): Uint8Array => rootOf(c.leaves.slice(0, n));
	for (const x of c.v.inclusion as Json[]) {
		const name = `${x.index}/${x.size}`;
		const path = (x.proof as string[]).map(fromBase64);
		put(`cosign/inclusion/${name}`, includes(BigInt(x.index),
			BigInt(x.size), c.leaves[x.index]!, path, rootAt(x.size)), true);
		tlogProofs(c, name, x.index, path, note(x.size), put);
	}
	for (const x of c.v.consistency as Json[])
		put(`cosign/consistency/${x.old}/${x.new}`, extends_(BigInt(x.old),
			BigInt(x.new), rootAt(x.old), rootAt(x.new),
			(x.proof as string[]).map(fromBase64)), true);
}

/** A `.tlog-proof` of the case, and what must not pass for one. */
function tlogProofs(
	c: Cosign,
	name: string,
	index: number,
	path: Uint8Array[],
	note: string,
	put: Put,
): void {
	const hashes = path.map((h) => `${toBase64(h)}\n`).join("");
	const first = "c2sp.org/tlog-proof@v1\n";
	const rest = `index ${index}\n${hashes}\n${note}`;
	const leaf = c.leaves[index]!, other = c.leaves[index ^ 1]!;
	const cases: [string, string, Uint8Array, boolean][] = [
		["sound", first + rest, leaf, true],
		["extra", `${first}extra aGk=\n${rest}`, leaf, true],
		["other-leaf", first + rest, other, false],
		["other-index", first + rest.replace("index ", "index 1"), leaf, false],
		["leading-zero", first + rest.replace("index ", "index 0"), leaf,
			false],
		["longer", first + rest.replace("\n\n",
			`\n${toBase64(leaf)}\n\n`), leaf, false],
		["cut", first + rest.slice(0, -5), leaf, false],
		["more", `${first}${rest}x`, leaf, false],
		["crlf", first + rest.replace("\n", "\r\n"), leaf, false],
		["version", rest, leaf, false],
		["spare-bits", `${first}extra aGl=\n${rest}`, leaf, false],
		["no-checkpoint", `${first}index ${index}\n${hashes}`, leaf, false],
	];
	for (const [kind, text, l, want] of cases)
		put(`proof/${name}/${kind}`, holds(() =>
			!!verifyProof(readProof(utf8(text)), l, c.key)), want);
}

function cosignTiles(c: Cosign, put: Put): void {
	const { v, leaves } = c;
	const entries = (from: number, to: number): Uint8Array =>
		joinBundle(Array.from({ length: to - from }, (_, i) =>
			utf8(`entry ${from + i}`)));
	put("cosign/tile/0/000", toHex(sha256(concat(...leaves.slice(0, 256)))),
		v.tile_0_000_sha256);
	put("cosign/tile/0/001.p/44", toHex(sha256(concat(...leaves.slice(256)))),
		v["tile_0_001.p_44_sha256"]);
	put("cosign/tile/1/000.p/1", toHex(tileTop(leaves.slice(0, 256))),
		v["tile_1_000.p_1_hex"]);
	put("cosign/tile/entries/000", toHex(sha256(entries(0, 256))),
		v.tile_entries_000_sha256);
	for (const [n, want] of [[0, "000"], [999, "999"], [1000, "x001/000"],
		[1234067, "x001/x234/067"]] as [number, string][])
		put(`tiles/path/${n}`, tilePath(0, n, 256), `tile/0/${want}`);
	put("tiles/path/partial", tilePath("entries", 1, 44),
		"tile/entries/001.p/44");
}

async function tessera(source: Source, put: Put): Promise<void> {
	const key = readKey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6f"
		+ "ASMsq3rKNx280NI+oO5xCFkkSx");
	for (let n = 0; n <= 14; n += 2) {
		const name = `tessera-log/log/checkpoint.${n}`;
		const bytes = await must(source, name);
		put(name, holds(() => verifyCheckpoint(bytes, key).size === n), true);
		if (n === 0)
			continue;
		const tile = await must(source, `tessera-log/log/tile/0/000.p/${n}`);
		const bundle = await must(source,
			`tessera-log/log/tile/entries/000.p/${n}`);
		const hashes = splitTile(tile, n);
		put(`${name}/tile`, equal(rootOf(hashes), readCheckpoint(bytes).root),
			true);
		put(`${name}/entries`, holds(() => splitBundle(bundle, n)
			.every((e, i) => equal(leafHash(e), hashes[i]!))), true);
		put(`${name}/entries/short`, holds(() =>
			!!splitBundle(bundle.subarray(0, bundle.length - 1), n)), false);
		put(`${name}/entries/long`, holds(() =>
			!!splitBundle(bundle, n - 1)), false);
	}
}

// -- entries, bodies, frames --

function entryV1(c: Cosign, put: Put): void {
	const v = c.v.entry_v1_proposal as Json;
	const raw = fromHex(v.entry_hex, 168), key = fromHex(v.author_pk_hex, 32);
	const secret = fromHex(v.entry_secret_hex, 32);
	const e = readEntry(raw);
	put("cosign/entry/leaf", toHex(e.leaf), v.leaf_hash_hex);
	put("cosign/entry/signature", entrySignedBy(e, key), true);
	for (let bit = 0; bit < 8 * raw.length; bit += 13) {
		const other = raw.slice();
		other[bit >> 3]! ^= 1 << (bit & 7);
		put(`cosign/entry/flip/${bit}`, holds(() =>
			entrySignedBy(readEntry(other), key)), false);
	}
	const fields: Open[] = (v.fields as Json[]).map((f) => ({
		salt: saltOf(secret, f.name), name: f.name, value: utf8(f.value),
	}));
	fields.forEach((f, i) => {
		const want = v.fields[i] as Json;
		put(`cosign/entry/field/${f.name}`, toHex(fieldLeaf(f)),
			want.leaf_hash_hex);
		put(`cosign/entry/field/${f.name}/path`, includes(BigInt(i),
			BigInt(fields.length), fieldLeaf(f),
			(want.disclosure_proof as string[]).map(fromBase64), e.body), true);
	});
	put("cosign/entry/body", toHex(rootOf(fields.map(fieldLeaf))),
		v.body_root_hex);
	shown(fields, e.body, secret, put);
}

/** Bodies shown in part (PROOF.md 3). */
function shown(
	bare: Open[],
	bareRoot: Uint8Array,
	secret: Uint8Array,
	put: Put,
): void {
	const names = bare.map((f) => f.name).join("\n");
	const list = (value: string): Open =>
		({ salt: saltOf(secret, "!"), name: "!", value: utf8(value) });
	const fields = [list(names), ...bare];
	const root = rootOf(fields.map(fieldLeaf));
	const shut = (f: Open): Shown => ({ shut: fieldLeaf(f) });
	const twice = [list(`class\n${names}`), bare[0]!, ...bare];
	const swapped = [list(names), bare[1]!, bare[0]!, ...bare.slice(2)];
	const moved = [list(names.replace("class\nlat", "lat\nclass")),
		...bare];
	const cases: [string, Shown[], Uint8Array, string][] = [
		["all", fields, root, "names proven, 0 withheld"],
		["some", fields.map((f, i) => i === 2 ? shut(f) : f), root,
			"names proven, 1 withheld"],
		["all-but-names", fields.map((f, i) => i > 0 ? shut(f) : f), root,
			"names proven, 5 withheld"],
		["without-list", bare, bareRoot, "names not proven, 0 withheld"],
		["list-shut", fields.map((f, i) => i === 0 ? shut(f) : f), root,
			"names not proven, 1 withheld"],
		["short", fields.slice(0, 5), root, "refuse"],
		["other-value", fields.map((f, i) => i === 1
			? { ...f, value: utf8("shot") } : f), root, "refuse"],
		["other-salt", fields.map((f, i) => i === 1
			? { ...f, salt: new Uint8Array(16) } : f), root, "refuse"],
		["twice", twice, rootOf(twice.map(fieldLeaf)), "refuse"],
		["swapped", swapped, rootOf(swapped.map(fieldLeaf)), "refuse"],
		["list-out-of-order", moved, rootOf(moved.map(fieldLeaf)), "refuse"],
		["list-short", [list("class"), ...bare],
			rootOf([list("class"), ...bare].map(fieldLeaf)), "refuse"],
		["empty", [], root, "refuse"],
	];
	for (const [name, s, r, want] of cases)
		put(`body/${name}`, bodyWords(s, r), want);
	put("proof17/salt", toHex(saltOf(secret, "!")),
		"d7c4d69770338875eac39b091f42cc68");
	put("proof17/root", toHex(root), "c4944587537e7659eb859a140e8006c1"
		+ "4768b3930e08690cbabf200c86f87445");
	twoPersons(root, put);
}

/** An entry made here, as an author's program makes it. */
function signedEntry(
	type: number,
	flags: number,
	time: number,
	prev: Uint8Array,
	body: Uint8Array,
	who: string,
): Uint8Array {
	const seed = sha256(utf8(who));
	const front = concat(utf8("CFE1"), Uint8Array.of(type, flags, 0, 0),
		be(time, 8), fromHex("0199b2c3d4e57f008a1b2c3d4e5f6071", 16), prev,
		body, authorId(ed25519.getPublicKey(seed)));
	return concat(front, ed25519.sign(
		concat(utf8("cfm/entry/v1\n"), front), seed));
}

/** A finding and its confirmation by another person. */
function twoPersons(body: Uint8Array, put: Put): void {
	const p = readEntry(signedEntry(3, 2, 1768213230123, new Uint8Array(32),
		body, "cfm test author key")).leaf;
	const c = readEntry(signedEntry(4, 0, 1768213290123, p, body,
		"cfm test reviewer key")).leaf;
	put("proof17/P", toHex(p), "54a4e8be5ad7eff0db8ce384d4bfbacb"
		+ "14dee849c21d3adbe492435969e9c9f6");
	put("proof17/C", toHex(c), "6ea5b067fbeada8cb730ef49991a13c1"
		+ "ce91c030cf1d673be00d00b5b7fcec7f");
}

function bodyWords(s: Shown[], root: Uint8Array): string {
	const b = attempt(() => readBody(s, root));
	return b instanceof Refusal ? "refuse"
		: `${b.named ? "names proven" : "names not proven"}, `
			+ `${s.filter((f) => !isOpen(f)).length} withheld`;
}

const FRAME = "43465331000100010199b2c3d4e57f008a1b2c3d4e5f6071000000070000"
	+ "001000000000000000291889f490754bcc000000001cbe991a08000f4240010200031c"
	+ "af0e87167197ea000252ba0000000000112233445566aa9e0f425b762c4783f876c3d1"
	+ "fcc04a27cc6eb001a96ddd325f948d3945c59834"
	+ "00".repeat(32)
	+ "ce7d442824cec6ad030804eefc5bc755162a2fa9ed7d05ff2d72e32b1ac81c03de8995"
	+ "9b6cbd28da4b50a763f08210916f1411ff4371410316f0e5f36740ef03";

/* The public key of the seed SHA-256("cfm test sensor key"). */
const SENSOR =
	"6714f5ecf0e222b6d3e0bed97802270a3fd2d977a43c1f682ecb4ba969fc1618";

function frames(put: Put): void {
	const bytes = concat(fromHex(FRAME, 216), utf8("frame payload 41"));
	const key = fromHex(SENSOR, 32);
	put("proof17/frame/id", toHex(readFrame(bytes).id),
		"bf3394d7e1f5055f6b6448938f39825aa79868f0d0179f070536e21102c4b485");
	put("proof17/frame/signature", frameSignedBy(bytes, key), true);
	nextFrame(bytes, put);
	for (let bit = 0; bit < 8 * bytes.length; bit += 17) {
		const other = bytes.slice();
		other[bit >> 3]! ^= 1 << (bit & 7);
		put(`proof17/frame/flip/${bit}`, holds(() =>
			!!readFrame(other) && frameSignedBy(other, key)), false);
	}
}

/** The frame after it: a second later, chained. */
function nextFrame(before: Uint8Array, put: Put): void {
	const second = 1_000_000_000n, payload = utf8("frame payload 42");
	const old = readFrame(before), head = before.slice(0, 152);
	const clock = (at: number): bigint =>
		BigInt(`0x${toHex(before.subarray(at, at + 8))}`) + second;
	head.set(be(0, 2), 4);
	head.set(be(old.sequence + 1n, 8), 32);
	head.set(be(clock(40), 8), 40);
	head.set(be(clock(48), 8), 48);
	head.set(sha256(payload), 88);
	head.set(old.id, 120);
	const signature = ed25519.sign(concat(utf8("cfm/frame/v1\n"), head),
		sha256(utf8("cfm test sensor key")));
	put("proof17/frame/next",
		toHex(readFrame(concat(head, signature, payload)).id),
		"f089efab6f599b9a3df9f0976f92abb47abe55aaed6cf0ae00f0ed7204208d8c");
}

// -- witnesses --

async function witness(source: Source, put: Put): Promise<void> {
	const v = await json(source, "witness/witness_vectors.json");
	const monkeys = readKey(v.mPK), bananas = readKey(v.bPK);
	const ask = (old: number, path: string[], note: string): Uint8Array =>
		utf8(`old ${old}\n${path.map((h) =>
			`${toBase64(fromHex(h, 32))}\n`).join("")}\n${note}`);
	const none = { size: 0, root: new Uint8Array(32) };
	const init = readCheckpoint(utf8(v.mInit));
	const next = readCheckpoint(utf8(v.mNext));
	const proof = v.consProof as string[];
	const bent = proof.map((h, i) => i ? h : `b8${h.slice(2)}`);
	const cases: [string, Key, { size: number; root: Uint8Array },
		Uint8Array, string][] = [
		["first", monkeys, none, ask(0, [], v.mInit), "200"],
		["next", monkeys, init, ask(5, proof, v.mNext), "200"],
		["no-proof", monkeys, init, ask(5, [], v.mNext), "422"],
		["bent-proof", monkeys, init, ask(5, bent, v.mNext), "422"],
		["back", monkeys, next, ask(8, proof, v.mInit), "400"],
		["old-size", monkeys, next, ask(5, proof, v.mNext), "409"],
		["same", monkeys, next, ask(8, [], v.mNext), "200"],
		["same-other-root", monkeys, { size: 8, root: init.root },
			ask(8, [], v.mNext), "422"],
		["unknown", bananas, none, ask(0, [], v.mInit), "404"],
		["bananas", { ...bananas, name: "monkeys" }, none,
			ask(0, [], v.mInit), "403"],
		["no-old", monkeys, none, utf8(`\n\n${v.mInit}`), "400"],
		["long-path", monkeys, init, ask(5,
			Array<string>(64).fill(proof[0]!), v.mNext), "400"],
		["proof-from-0", monkeys, none, ask(0, proof, v.mNext), "422"],
	];
	for (const [name, key, seen, request, want] of cases)
		put(`witness/${name}`, String(
			witnessAnswer(request, [{ key, seen }]).status), want);
}

async function litewitness(source: Source, put: Put): Promise<void> {
	const text = textOf(await must(source,
		"litewitness/add-checkpoint.hurl"), "hurl");
	const name = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5"
		+ "211d9e1ce768b0ff0309e562";
	const pk = fromHex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f3"
		+ "02ec79cf100f", 32);
	const key: Key = { name, id: keyId(name, 1, pk), type: 1, key: pk,
		text: "" };
	let seen: Seen = { size: 0, root: new Uint8Array(32) };
	const re = /```\n([^`]*)```\nHTTP (\d+)\n\[Asserts\]\n(.*)/g;
	let k = 0;
	for (const m of text.matchAll(re)) {
		const a = witnessAnswer(utf8(m[1]!), [{ key, seen }]);
		/* C2SP says 404 for an unknown log; the script is older. */
		const want = m[3]!.includes("unknown log") ? "404" : m[2]!;
		k++;
		put(`litewitness/${k}`, String(a.status), want);
		const body = /== "(\d+)\\n"/.exec(m[3]!);
		if (body)
			put(`litewitness/${k}/size`, a.text.trim(), body[1]!);
		if (a.checkpoint)
			seen = a.checkpoint;
	}
}

// -- time stamps --

async function stamps(source: Source, put: Put): Promise<void> {
	const data = await must(source, "rfc3161/data.txt");
	const reply = await must(source, "rfc3161/r.tsr");
	const pem = textOf(await must(source, "rfc3161/tsa.pem"), "pem");
	put("rfc3161/sound", verifyStamp(reply, sha256(data), pem),
		"2026-11-23T03:15:14Z");
	for (let i = 0; i < data.length; i++) {
		const other = data.slice();
		other[i]! ^= 1;
		put(`rfc3161/data/${i}`, verifyStamp(reply, sha256(other), pem),
			"refuse");
	}
	/* What is stamped, and the signature; elsewhere lie copies of the
	 * certificate and forms that may be written in two ways. */
	for (let bit = 8 * 70; bit < 8 * reply.length; bit += 13) {
		const i = bit >> 3, other = reply.slice();
		if (i >= 195 && i < 2050)
			continue;
		other[i]! ^= 1 << (bit & 7);
		put(`rfc3161/reply/${bit}`, verifyStamp(other, sha256(data), pem),
			"refuse");
	}
}

/** All of it, in a fixed order. */
export async function allVectors(
	source: Source,
	each: (v: Verdict) => void,
): Promise<void> {
	const put: Put = (name, got, want) =>
		each({ name, got: word(got), want: word(want) });
	await trees(source, put);
	await merkleProofs(source, put);
	await cctv(source, put);
	const c = await readCosign(source);
	checkpoints(c, put);
	quorums(c, put);
	cosignProofs(c, put);
	cosignTiles(c, put);
	entryV1(c, put);
	frames(put);
	await tessera(source, put);
	await witness(source, put);
	await litewitness(source, put);
	await stamps(source, put);
}
