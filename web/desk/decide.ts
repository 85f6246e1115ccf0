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
	/** The record as it was shown, of a `confirm`. */
	record: Row | null;
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
	publish: 9, acknowledge: 6, decide: 6, fulfil: 6, decline: 6, contest: 6,
	reply: 14,
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

/** Of a confirmation: the record that was shown, and no other. */
function asShown(b: Body, record: Row | null) {
	for (const name of ["clause", "verdict", "incident", "party", "grade",
		"status", "flips_if"]) {
		const shown = record?.[name];
		// A review's status is not in the record that is confirmed.
		if (typeof shown === "string" && name !== "status")
			same(b, name, shown);
	}
}

function about(d: Drafted, subject: string, meant: Meant) {
	if (/^\d+$/.test(meant.id) ? d.about !== Number(meant.id)
		: meant.id.slice(2) !== subject)
		throw new NotMeant(`it is about ${subject}, entry ${d.about}`);
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
	if (e.type === 4 || e.type === 6)
		about(d, subjectText(e.subject), meant);
	if (meant.does === "confirm")
		asShown(b, meant.record);
	else if (meant.does === "publish")
		same(b, "act", "publish");
	else
		own(b, d, meant);
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
