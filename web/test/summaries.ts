// SPDX-License-Identifier: GPL-3.0-or-later
//
// summaries.ts - what the page says of this and that, in words, to be read
// once and then held to (tests/data/proof/summaries).
import type { Said, Stamps } from "../verify/anchor.js";
import { Refusal, be, concat, toBase64, utf8 } from "../verify/bytes.js";
import { verifyEquivocation } from "../verify/equivocation.js";
import { fieldLeaf } from "../verify/entry.js";
import { leafHash, rootOf } from "../verify/merkle.js";
import { emptyReport, verifyMirror } from "../verify/mirror.js";
import type { Report } from "../verify/mirror.js";
import type { Key } from "../verify/note.js";
import { keyId, readKey } from "../verify/note.js";
import { People } from "../verify/people.js";
import type { Policy } from "../verify/policy.js";
import { readPolicy } from "../verify/policy.js";
import {
	readDisclosure, verifyDisclosure, verifyProof,
} from "../verify/proof.js";
import { readReceipt, verifyReceipt } from "../verify/receipt.js";
import type { Source } from "../verify/source.js";
import type { Summary } from "../verify/summary.js";
import {
	disclosureSummary, equivocationSummary, mirrorSummary, proofSummary,
	receiptSummary, recomputedText, refused,
} from "../verify/summary.js";
import { Pair, bodyOf, quoted, signedNote, vkey } from "./forge.js";
import { NAME, allLaws } from "./laws.js";
import { rows, shownText } from "./rows.js";
import { equivocations, receipts } from "./single.js";

const log = readKey(vkey(NAME, new Pair("log")));
const pen = new Pair("witness");
const NOW = Date.UTC(2026, 1, 4);

function text(title: string, s: Summary): string {
	const list = (name: string, all: string[]): string[] =>
		all.map((l) => `  ${name}: ${l}`);
	return [`== ${title}`, `${s.title}${s.alarm ? " (alarm)" : ""}: ${s.lead}`,
		...list("proved", s.proved), ...list("limit", s.limits),
		...list("signer", s.signers.map((x) =>
			`${x.who}, ${x.role}, ${x.when || "-"}`)),
		...list("field", s.fields.map((f) =>
			`${f.name} = ${JSON.stringify(f.value)}`)),
		...list("detail", s.details.map(([k, v]) =>
			`${k} = ${JSON.stringify(v)}`))].join("\n");
}

function sourceOf(files: Map<string, Uint8Array>): Source {
	return {
		async read(path) {
			return files.get(path) ?? null;
		},
		async list(folder) {
			return [...files.keys()].filter((p) =>
				p.startsWith(`${folder}/`));
		},
	};
}

/** The same mirror, its checkpoint cosigned at a time; null: not. */
function cosigned(
	files: Map<string, Uint8Array>,
	time: number | null,
): { files: Map<string, Uint8Array>; policy: Policy } {
	const note = new TextDecoder().decode(files.get("checkpoint"));
	const body = note.slice(0, note.indexOf("\n\n") + 1);
	const line = time === null ? "" : `\u2014 w ${toBase64(concat(
		keyId("w", 4, pen.key), be(time, 8),
		pen.sign(utf8(`cosignature/v1\ntime ${time}\n${body}`))))}\n`;
	return { files: new Map([...files, ["checkpoint", utf8(note + line)]]),
		policy: readPolicy(utf8(`witness w ${vkey("w", pen, 4)}\n`
			+ `quorum ${time === null ? "none" : "w"}\n`)) };
}

async function mirrors(): Promise<string[]> {
	const laws = new Map(allLaws().map((l) => [l.name, l.files]));
	const one = async (
		name: string,
		title = name,
		time: number | null | undefined = undefined,
		key: Key | null = log,
		seen = false,
	): Promise<string> => {
		const c = time === undefined ? null
			: cosigned(laws.get(name)!, time);
		const files = c?.files ?? laws.get(name)!;
		const policy = c?.policy ?? null;
		const r = await verifyMirror(sourceOf(files), { key, genesis: null,
			policy, joint: policy,
			seen: seen ? [files.get("checkpoint")!] : [] });
		return text(title, mirrorSummary(r, NOW));
	};
	const at = Date.UTC(2026, 1, 3) / 1000;
	return [await one("published"), await one("erased"),
		await one("enrolled-hidden"), await one("version-unnamed"),
		await one("batch"), await one("batch-without-evidence"),
		await one("beats"), await one("lifted"), await one("of-type-16"),
		await one("genesis", "a checkpoint seen before", undefined, null,
			true),
		await one("published", "cosigned just now", NOW / 1000),
		await one("published", "cosigned long ago", at - 86_400),
		await one("published", "not cosigned", null),
		await one("beats-in-time"), await one("beat-hidden-last"),
		text("an odd rule", refused(new Refusal("odd", "somewhere"), [])),
		await one("by-nobody"), await one("of-no-entry"),
		await one("genesis-act", "of no key", undefined, null)];
}

function files(): string[] {
	const single = new Map([...equivocations(), ...receipts()].map((c) =>
		[c.name, utf8(c.text)]));
	const fork = (name: string, key: Key | null): string => text(
		`${name}, ${key ? "key" : "no key"}`, equivocationSummary(
			verifyEquivocation(single.get(name)!, key), key));
	const taken = (record: boolean): string => {
		const r = readReceipt(single.get("sound-2.receipt")!);
		return text(`a receipt${record ? " and its record" : ""}`,
			receiptSummary(r, verifyReceipt(r, log), log, record));
	};
	const shown = (name: string, bytes: Uint8Array): string => {
		const d = readDisclosure(bytes);
		return text(`a disclosure, ${name}`, disclosureSummary(d,
			verifyDisclosure(d, null), null));
	};
	const texts = rows().filter(([kind, name]) => kind === "disclosure"
		&& ["sound", "in-part", "all-shut"].includes(name));
	const leaf = leafHash(utf8("x"));
	const p = { index: 0, path: [], extra: null, note: utf8(signedNote(
		`${NAME}\n1\n${toBase64(leaf)}\n`, NAME, new Pair("log"))) };
	const cosigned_ = single.get("same-size.equivocation")!;
	return [fork("sound.equivocation", log), fork("same-size.equivocation",
		null), text("a fork that a witness saw", equivocationSummary(
		withWitness(cosigned_), log)), taken(false), taken(true),
	...texts.map(([, name, , b]) => shown(name, typeof b === "string"
		? utf8(b) : b!)), shown("of all kinds of values", values()),
	text("a proof", proofSummary(p, verifyProof(p, leaf, log), leaf, log)),
	text("a proof, no key", proofSummary(p, verifyProof(p, leaf, null), leaf,
		null))];
}

function withWitness(bytes: Uint8Array): ReturnType<typeof verifyEquivocation> {
	const line = `\u2014 w ${toBase64(concat(keyId("w", 4, pen.key),
		new Uint8Array(72)))}\n`;
	return verifyEquivocation(concat(bytes, utf8(line)), log);
}

/** Fields of every form that a value may have. */
function values(): Uint8Array {
	const body = bodyOf({ empty: quoted(""), lines: quoted("a\nb"),
		list: "[\"a\",\"b\"]", mixed: "[\"a\",1]", none: "[]", null: "null",
		number: "5", odd: "\"open", plain: "words" }, leafHash(utf8("v")));
	const open = body.open.map((f) => f.name === "plain"
		? { ...f, value: Uint8Array.of(0xff, 1) } : f);
	return utf8(shownText({ open, root: rootOf(open.map(fieldLeaf)) }));
}

/** Of one that strangers stamped. */
function stamped(): string[] {
	const of = (title: string, s: Partial<Stamps>): string => text(
		`stamped, ${title}`, mirrorSummary({ ...emptyReport({ key: null,
			genesis: null, policy: null, seen: [] }), people: new People()
			.states(), stamps: { tokens: 2, unknown: 0, missing: 0, early: 0,
			firstEarly: null, said: [], ...s } }, NOW));
	const at = (size: number): Said => ({ size, ms: NOW - size });
	return [of("by two", { said: [at(3), at(5)] }),
		of("by one", { unknown: 1, said: [at(3)] }),
		of("by nobody", { unknown: 2, missing: 1 }),
		of("early", { early: 1, firstEarly: 4, said: [at(3), at(3)] })];
}

/** A report of findings that were made anew. */
function anew(): string[] {
	const of = (recomputed: Report["recomputed"]): string =>
		`anew: ${recomputedText({ ...emptyReport({ key: null, genesis: null,
			policy: null, seen: [] }), recomputed })}`;
	return [of(null), of({ same: 3, differ: [], hidden: 0,
		otherTerms: false }), of({ same: 1, hidden: 2, otherTerms: true,
		differ: [{ id: "f-1", member: "verdict" }] })];
}

export async function summaries(): Promise<string> {
	return `${[...await mirrors(), ...files(), ...stamped(),
		...anew()].join("\n")}\n`;
}
