// SPDX-License-Identifier: GPL-3.0-or-later
//
// cli.ts - the verifier without a browser:
//
//	node web/build/verify.js vectors DIR
//	node web/build/verify.js mirror DIR|URL [--key KEY] [--genesis HEX]
//		[--policy FILE] [--since CHECKPOINT]...
//		[--joint FILE] [--entry N] [--authority FILE|FOLDER]...
//	node web/build/verify.js verdicts DIR...    one line each
//	node web/build/verify.js proof FILE [--key KEY]
//		[--entry FILE | --leaf HEX | --text TEXT | --record FILE]
//
// FILE is a .tlog-proof, .disclosure, .receipt or .equivocation.  Exit: 0
// verified, 1 not, or forked, 2 usage, 3 unreadable, or no proof of a fork.
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { authoritiesOf } from "./anchor.js";
import { bracket } from "./bracket.js";
import { Refusal, count, fromHex, toHex, utf8 } from "./bytes.js";
import { subjectText, typeName } from "./entry.js";
import { verifyEquivocation } from "./equivocation.js";
import { folderSource } from "./files.js";
import { leafHash } from "./merkle.js";
import type { Anchors, Report } from "./mirror.js";
import { limits, verifyMirror } from "./mirror.js";
import type { Key } from "./note.js";
import { readKey } from "./note.js";
import { kindOf } from "./onefile.js";
import type { Policy } from "./policy.js";
import { readPolicy } from "./policy.js";
import {
	readDisclosure, readProof, verifyDisclosure, verifyProof,
} from "./proof.js";
import { readReceipt, recordIs, verifyReceipt } from "./receipt.js";
import {
	peopleLines, pulseLines, recomputedText, stampLines, timeText,
	witnessLines,
} from "./summary.js";
import { urlSource } from "./url.js";
import { allVectors } from "./vectors.js";

interface Options {
	policy?: Policy | null; /* once it is read */
	words: string[];
	values: Map<string, string[]>;
}

class Usage extends Error {}

const KNOWN = ["key", "genesis", "policy", "joint", "since", "entry", "leaf",
	"text", "record", "authority"];

function options(args: string[]): Options {
	const out: Options = { words: [], values: new Map() };
	for (let i = 0; i < args.length; i++) {
		const a = args[i]!;
		if (!a.startsWith("--")) {
			out.words.push(a);
			continue;
		}
		const value = args[++i];
		if (!KNOWN.includes(a.slice(2)) || value === undefined)
			throw new Usage(`no option ${a}, or it wants a value`);
		out.values.set(a.slice(2),
			[...(out.values.get(a.slice(2)) ?? []), value]);
	}
	return out;
}

async function bytesOf(path: string): Promise<Uint8Array> {
	return new Uint8Array(await readFile(path));
}

/** What was said of an option, through `f`; null: nothing. */
function given<T>(o: Options, name: string, f: (text: string) => T): T | null {
	const text = o.values.get(name)?.[0];
	return text === undefined ? null : f(text);
}

function keyOf(o: Options): Key | null {
	return given(o, "key", readKey);
}

async function vectors(o: Options): Promise<number> {
	let wrong = 0, n = 0;
	const lines: string[] = [];
	await allVectors(folderSource(o.words[1]!), (v) => {
		n++;
		wrong += Number(v.got !== v.want);
		lines.push(`${v.name} ${v.got}`);
		if (v.got !== v.want)
			console.error(`${v.name}: ${v.got}, wanted ${v.want}`);
	});
	process.stdout.write(`${lines.join("\n")}\n`);
	console.error(`${n} vectors, ${wrong} not as wanted`);
	return Math.min(wrong, 1);
}

/** Of a file, or of a folder all NAME.pem. */
async function certificates(path: string): Promise<string[]> {
	const folder = (await stat(path)).isDirectory();
	const names = !folder ? [path] : (await readdir(path)).sort()
		.filter((n) => n.endsWith(".pem")).map((n) => join(path, n));
	if (names.length === 0)
		throw new Error(`${path}: has no certificate (NAME.pem)`);
	return Promise.all(names.map((n) => readFile(n, "latin1")));
}

async function anchorsOf(o: Options): Promise<Anchors> {
	const policy = async (path: string): Promise<Policy> =>
		readPolicy(await bytesOf(path));
	return {
		key: keyOf(o),
		genesis: given(o, "genesis", (t) => toHex(fromHex(t, 32))),
		policy: await given(o, "policy", policy),
		joint: await given(o, "joint", policy),
		seen: await Promise.all((o.values.get("since") ?? []).map(bytesOf)),
		authorities: authoritiesOf((await Promise.all(
			(o.values.get("authority") ?? []).map(certificates))).flat()),
	};
}

function verdict(r: Report): string {
	const seen = (r.witnessed?.seen ?? []).filter((s) => s.time !== null);
	return r.refusal ? r.refusal.verdict()
		: `VERIFIED ${r.entries} entries, ${seen.length} witnesses`;
}

async function mirror(o: Options): Promise<number> {
	const anchors = await anchorsOf(o);
	o.policy = anchors.policy;
	const where = o.words[1]!;
	const r = await verifyMirror(/^https?:/.test(where) ? urlSource(where)
		: folderSource(where), anchors);
	console.log(`  ${r.entries} of ${r.size} entries, ${r.signatures} `
		+ `signatures, ${r.bodies} bodies, ${r.batches} batches, `
		+ `${r.blobs} evidence files`);
	console.log(`  log ${r.key?.text ?? "-"}\n  root ${r.root || "-"}\n`
		+ `  entry 0 ${r.genesis || "-"}`);
	for (const l of r.refusal ? [] : [...peopleLines(r),
		...pulseLines(r, Date.now()), ...stampLines(r),
		...witnessLines(r, Date.now())])
		console.log(`  ${l}`);
	if (r.recomputed)
		console.log(`  findings made anew: ${recomputedText(r)}`);
	entryTimes(o, r);
	for (const l of r.refusal ? [r.refusal.where] : limits(r))
		console.log(`  ${l}`);
	console.log(verdict(r));
	return r.verified ? 0 : 1;
}

/** When entry N was logged, by the witnesses' clocks. */
function entryTimes(o: Options, r: Report): void {
	const n = given(o, "entry", (t) => t), p = r.witnessed && o.policy;
	if (n === null || !p)
		return;
	const b = bracket(count(n, "--entry"), r.kept, p);
	const text = (s: number | null): string => s === null ? "not known"
		: timeText(s * 1000);
	console.log(`  entry ${n}, if one witness lies: not before `
		+ `${text(b.notBefore)}, not after ${text(b.notAfter)}`);
}

/** One line a folder: for tests that have many. */
async function verdicts(o: Options): Promise<number> {
	const anchors = await anchorsOf(o);
	for (const dir of o.words.slice(1))
		console.log(verdict(await verifyMirror(folderSource(dir), anchors)));
	return 0;
}

async function leafOf(o: Options): Promise<Uint8Array | null> {
	return await given(o, "entry", async (p) => leafHash(await bytesOf(p)))
		?? given(o, "text", (t) => leafHash(utf8(t)))
		?? given(o, "leaf", (t) => fromHex(t, 32));
}

/** The last line of what holds; lines in front are said at once. */
async function oneFile(
	o: Options,
	bytes: Uint8Array,
	key: Key | null,
): Promise<string> {
	const kind = kindOf(bytes);
	if (kind === "equivocation") {
		const e = verifyEquivocation(bytes, key);
		console.log(`  of ${e.first.size} and of ${e.second.size} entries; `
			+ "both cannot be true");
		return `FORKED: ${e.log.name} signed two histories`;
	}
	if (!key)
		console.log("  no key given: only the path is proved");
	if (kind === "receipt") {
		const r = readReceipt(bytes);
		const c = verifyReceipt(r, key).checkpoint;
		const same = await given(o, "record", async (p) =>
			recordIs(r, await bytesOf(p)));
		if (same === false)
			throw new Refusal("receipt", "not the record it speaks of",
				r.batch.proof.index);
		console.log(`  record ${r.record.sequence}, received `
			+ `${timeText(Number(r.record.receivedNs / 1_000_000n))}, is `
			+ `${r.index} of ${r.of} in that intake`);
		return `VERIFIED entry ${r.batch.proof.index} of ${c.size}, `
			+ c.origin;
	}
	if (kind === "disclosure") {
		const d = readDisclosure(bytes), c = verifyDisclosure(d, key);
		console.log(`  ${typeName(d.entry.type)} `
			+ `${subjectText(d.entry.subject)}, leaf ${toHex(d.entry.leaf)}`);
		return `VERIFIED entry ${d.proof.index} of ${c.checkpoint.size}, `
			+ c.checkpoint.origin;
	}
	const leaf = await leafOf(o);
	if (!leaf)
		throw new Usage("what is proved? give --entry, --leaf or --text");
	const p = readProof(bytes), c = verifyProof(p, leaf, key);
	return `VERIFIED entry ${p.index} of ${c.size}, ${c.origin}`;
}

async function proof(o: Options): Promise<number> {
	const bytes = await bytesOf(o.words[1]!);
	try {
		const line = await oneFile(o, bytes, keyOf(o));
		console.log(line);
		return line.startsWith("VERIFIED") ? 0 : 1;
	} catch (e) {
		if (!(e instanceof Refusal))
			throw e;
		console.log(e.where);
		console.log(e.verdict());
		/* A proof of two histories that holds is bad news, exit 1; one that
		 * does not is no proof. */
		return kindOf(bytes) === "equivocation" ? 3 : 1;
	}
}

const VERBS: { [verb: string]: (o: Options) => Promise<number> } =
	{ vectors, mirror, verdicts, proof };

async function main(): Promise<number> {
	try {
		const o = options(process.argv.slice(2));
		const verb = VERBS[o.words[0]!];
		if (!verb || (o.words.length !== 2 && verb !== verdicts))
			throw new Usage("usage: verify.js vectors|mirror DIR, proof FILE");
		return await verb(o);
	} catch (e) {
		console.error((e as Error).message);
		return e instanceof Usage ? 2 : 3;
	}
}

process.exitCode = await main();
