// SPDX-License-Identifier: GPL-3.0-or-later
//
// decide.ts - what a person decides becomes entries of the log: drafted by the
// server, read and checked here byte by byte, and signed only when they say
// what was meant.  A server that drafts something else gets no signature.
import { concat, equal, fromBase64, fromHex, textOf, toBase64, utf8 }
	from "../verify/bytes";
import { authorId, ENTRY, readBody, readEntry, subjectText, type Body }
	from "../verify/entry";
import { unquoted } from "../verify/values";
import type { Row } from "./api";
import { sign, type Held } from "./keys";
import { post, type Session } from "./session";

const SIGNED = 104;
const CLOCK_MS = 10 * 60e3;

export interface Meant {
	does: string;
	/** The record that it is about; or the index of a proposal. */
	id: string;
	why: string;
	words: string[];
	/** The record as it was shown. */
	record: Row | null;
	/** Entries that stand or fall together, of a proposal that is confirmed
	 * by its index. */
	parts?: { index: number; record: Row | null }[];
}

interface Drafted {
	type: number;
	/** Index of the entry that it speaks of. */
	about: number;
	entry: string;
	fields: { name: string; value: string; salt: string }[];
}

/** Type of the entry by what is done (docs/people.md). */
const TYPES: Record<string, number> = {
	confirm: 4, reject: 4, note: 4, amend: 2, merge: 2, split: 2, link: 2,
	publish: 9, withdraw: 10, acknowledge: 6, decide: 6, fulfil: 6, decline: 6,
	contest: 6, reply: 14,
};

export class NotMeant extends Error {}

function value(b: Body, name: string): string | null {
	const v = b.fields.get(name);
	if (v === undefined)
		return null;
	const raw = textOf(v, name);
	return raw.startsWith("\"") ? unquoted(raw) : raw;
}

function same(b: Body, name: string, meant: string) {
	const is = value(b, name);
	if (is !== null && is !== meant)
		throw new NotMeant(`${name} reads "${is}", not "${meant}"`);
}

/** What lists fill in beside what was logged. */
const FILLED = ["status", "reviews", "reply"];
/** What an entry of a person says of itself. */
const OF_ITSELF = ["!", "does", "of", "why", "with", "blob", "schema"];

function shownAt(record: Row, name: string): unknown {
	return name.split(".").reduce<unknown>((v, part) =>
		typeof v === "object" && v !== null ? (v as Row)[part] : undefined,
	record);
}

function sameJson(a: unknown, b: unknown): boolean {
	if (typeof a !== "object" || typeof b !== "object" || !a || !b)
		return a === b;
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((k) =>
		sameJson((a as Row)[k], (b as Row)[k]));
}

/** Does a field's text say what was shown (src/model/fields.h)? */
function says(raw: string, shown: unknown): boolean {
	if (typeof shown === "string")
		return (raw.startsWith("\"") ? unquoted(raw) : raw) === shown;
	try {
		return sameJson(JSON.parse(raw), shown);
	} catch {
		return false;
	}
}

/** Every field of the body is as the record was shown, and none is left out,
 * but those that begin with a word of `but`. */
function asShown(b: Body, record: Row | null, but: string[] = []) {
	const free = [...FILLED, ...OF_ITSELF, ...but];
	const isFree = (name: string) => free.includes(name.split(".")[0] ?? "");
	if (!record || b.fields.has("blob")) // its record lies in a file
		return;
	for (const [name, v] of b.fields)
		if (!isFree(name) && v !== undefined &&
			!says(textOf(v, name), shownAt(record, name)))
			throw new NotMeant(`${name} reads ${
				textOf(v, name).slice(0, 80)}, which was not shown`);
	for (const name of Object.keys(record))
		if (name !== "ledger" && !isFree(name) && ![...b.fields.keys()]
			.some((f) => f === name || f.startsWith(name + ".")))
			throw new NotMeant(`its ${name} is missing`);
}

/** Fields that each word of an amendment changes. */
const CHANGES: Record<string, string> = { kind: "kind", count: "count",
	at: "time", from: "time", to: "time", phrase: "phrase", lat: "place",
	lon: "place", radius_m: "place" };
const ACTS: Record<string, string[]> = { link: ["links"],
	merge: ["evidence", "modalities", "links"],
	split: ["evidence", "modalities", "links"] };

/** Of another version: what no word names is as it was, and what one names is
 * as it says. */
function amended(b: Body, meant: Meant) {
	const words = meant.words.filter((w) => w.includes("=")).map((w) => [
		w.slice(0, w.indexOf("=")), w.slice(w.indexOf("=") + 1)] as const);
	asShown(b, meant.record, ["version", ...ACTS[meant.does] ?? [],
		...meant.does === "amend" ? words.map(([k]) => CHANGES[k] ?? k)
			: []]);
	if (meant.does !== "amend")
		return;
	const wants: Record<string, (v: string) => [string, unknown]> = {
		kind: (v) => ["kind", { [v]: 1 }],
		phrase: (v) => ["phrase", v],
		lat: (v) => ["place.lat", Number(v)],
		lon: (v) => ["place.lon", Number(v)],
		count: (v) => ["count.value", v === "uncountable" ? null
			: Number(/\d+/.exec(v)?.[0])],
	};
	for (const [k, v] of words) {
		const [name, want] = wants[k]?.(v) ?? ["", null];
		const is = name ? b.fields.get(name) : undefined;
		if (name && (is === undefined || !says(textOf(is, name), want)))
			throw new NotMeant(`${name} is not ${v}`);
	}
}

/** The record that an entry of a review is about, as it was shown. */
function about(d: Drafted, subject: string, meant: Meant): Row | null {
	const part = meant.parts?.find((p) => p.index === d.about);
	if (meant.parts ? !part : meant.id.slice(2) !== subject)
		throw new NotMeant(`it is about ${subject}, entry ${d.about}`);
	return part ? part.record : meant.record;
}

function own(b: Body, d: Drafted, meant: Meant) {
	const ledger = (meant.record?.ledger ?? {}) as Row;
	if (value(b, "does") !== meant.does)
		throw new NotMeant(`it says ${String(value(b, "does"))}`);
	if (value(b, meant.does === "reply" ? "says" : "why") !== meant.why)
		throw new NotMeant("its reason is not yours");
	if (ledger.index === d.about && typeof ledger.leaf === "string")
		same(b, "of", ledger.leaf);
}

/** The 104 bytes to be signed, or NotMeant. */
export function checked(d: Drafted, meant: Meant, key: string, now: number):
Uint8Array {
	const raw = fromBase64(d.entry);
	if (raw.length !== SIGNED)
		throw new NotMeant(`${raw.length} bytes, wants ${SIGNED}`);
	const e = readEntry(concat(raw, new Uint8Array(ENTRY - SIGNED)));
	if (!equal(e.keyId, authorId(fromHex(key, 32))))
		throw new NotMeant("it is drafted for another key");
	if (Math.abs(e.timeMs - now) > CLOCK_MS)
		throw new NotMeant(`its clock says ${
			new Date(e.timeMs).toISOString()}`);
	if (e.type !== TYPES[meant.does] || e.type !== d.type)
		throw new NotMeant(`an entry of type ${e.type}, for ${meant.does}`);
	const b = readBody(d.fields.map((f) => ({ name: f.name,
		value: utf8(f.value), salt: fromBase64(f.salt) })), e.body);
	if (!b.named)
		throw new NotMeant("its fields are not all named");
	const subject = subjectText(e.subject);
	const of = e.type === 4 || e.type === 6 ? about(d, subject, meant) : null;
	if (meant.does === "confirm")
		asShown(b, of);
	else if (meant.does === "publish")
		same(b, "act", "publish");
	else
		own(b, d, meant);
	if (e.type === 2 && meant.id.slice(2) === subject)
		amended(b, meant);
	return raw;
}

/** Drafts, checks, signs and hands in; what the log says of it. */
export async function decide(s: Session, key: Held, meant: Meant):
Promise<Row> {
	const draft = await post(s, "entries/draft", { does: meant.does,
		of: meant.id, why: meant.why, words: meant.words });
	const drafted = draft.entries as Drafted[];
	const signatures: string[] = [];
	for (const d of drafted) {
		let raw: Uint8Array;
		try {
			raw = checked(d, meant, key.public, Date.now());
		} catch (e) { // of the verifier too: fields that are not the entry's
			throw e instanceof NotMeant ? e : new NotMeant(e instanceof Error
				? e.message : String(e));
		}
		signatures.push(toBase64(await sign(key, concat(
			utf8("cfm/entry/v1\n"), raw))));
	}
	return post(s, "entries", { draft: draft.draft, signatures });
}
