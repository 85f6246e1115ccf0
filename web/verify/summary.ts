// SPDX-License-Identifier: GPL-3.0-or-later
//
// summary.ts - what was found, in words: for somebody who signs agreements
// first, for an auditor below.
import { saidBy } from "./anchor.js";
import { Refusal, attempt, textOf, toHex } from "./bytes.js";
import { OFF_S } from "./clocks.js";
import type { Shown } from "./entry.js";
import { isOpen, subjectText, typeName } from "./entry.js";
import type { Equivocation } from "./equivocation.js";
import type { Report } from "./mirror.js";
import { limits, many } from "./mirror.js";
import { missing } from "./pulse.js";
import type { Checkpoint, Key } from "./note.js";
import type { Witnessed } from "./policy.js";
import type { Disclosed, Disclosure, Proof } from "./proof.js";
import type { Receipt } from "./receipt.js";

export interface Signer {
	who: string;
	role: string;
	when: string;
}

export interface Summary {
	verified: boolean;
	alarm?: boolean; /* it holds, and is bad news */
	title: string;
	lead: string;
	proved: string[];
	limits: string[];
	signers: Signer[];
	fields: { name: string; value: string | null }[];
	details: [string, string][];
}

export function timeText(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/* A rule that was broken, for people. */
const RULES: { [rule: string]: string } = {
	entry: "An entry is not the one that was logged: it was changed after "
		+ "the log was signed, or this copy is damaged.",
	tile: "A file of check sums does not fit the entries: it was changed, or "
		+ "this copy is damaged.",
	bundle: "A file of entries is missing or cut.",
	checkpoint: "The signed statement of the whole log does not hold, or does "
		+ "not fit these entries.",
	signature: "An entry was not signed by the key that may write here.",
	prev: "A record does not follow the one before it: something about the "
		+ "same event was left out or put in.",
	role: "An entry was written by somebody who may not write such entries.",
	genesis: "The first entry, from which all trust follows, is not the one "
		+ "expected.",
	key: "A key is not known, not well formed, or was not valid for what it "
		+ "signed.",
	author: "An entry is by a key that nobody ever enrolled.",
	flags: "An entry is not marked as it must be: that it needs a second "
		+ "person, or that it is sealed.",
	step: "A step of an obligation was taken that its state does not allow, "
		+ "or that was taken before.",
	limit: "A file is larger than any that belongs to a log.",
	self: "Somebody confirmed what they had written or confirmed already: "
		+ "two persons are wanted, not one twice.",
	heartbeat: "A sign of life of the log does not fit the log: what it says "
		+ "was confirmed last is not so.",
	anchor: "A stranger's time stamp over the log is missing, was exchanged, "
		+ "or does not hold.",
	access: "An entry that says who was told what is not well formed, or "
		+ "speaks of an entry that is not there.",
	receipt: "The receipt does not lead to the intake it speaks of.",
	equivocation: "This file does not prove that a log was forked.",
	consistency: "The two statements do not contradict each other as this "
		+ "file says.",
	body: "What an entry is said to contain is not what was logged.",
	disclosure: "The file that shows an entry is not well formed.",
	blob: "A piece of evidence is missing, or is not the one that was logged.",
	batch: "A list of detections does not fit the entry that speaks of it.",
	quorum: "Too few of the witnesses you named have confirmed this log.",
	cosignature: "A witness' confirmation does not hold.",
	inclusion: "The proof does not lead to the signed log.",
	proof: "The proof is not well formed.",
	policy: "The list of witnesses cannot be read.",
	note: "The signed statement is not well formed.",
	text: "A file cannot be read.",
};

export function refused(r: Refusal, details: [string, string][]): Summary {
	return {
		verified: false,
		title: "Not verified",
		lead: RULES[r.rule] ?? "This does not hold.",
		proved: [],
		limits: ["Do not rely on this copy. Keep it as it is, ask for "
			+ "another one from somebody else, and compare."],
		signers: [], fields: [],
		details: [
			["rule", r.rule],
			["entry", r.index === null ? "none in particular"
				: String(r.index)],
			["where", r.where],
			...details,
		],
	};
}

/** What the findings of a pack come to when they are made anew. */
export function recomputedText(r: Report): string {
	const c = r.recomputed, first = c?.differ[0];

	if (!c)
		return "no: only a pack of level full holds the agreement and places";
	return `${c.same} as they are, ${c.differ.length} otherwise`
		+ (first ? ` (first: ${first.id}, ${first.member})` : "")
		+ (c.hidden ? `, ${c.hidden} not all shown` : "")
		+ (c.otherTerms ? "; the agreement here has another hash than they "
			+ "name: another text, or another table of clock changes" : "");
}

function mirrorDetails(r: Report, nowMs: number): [string, string][] {
	const types = [...r.byType].sort(([a], [b]) => a - b)
		.map(([t, n]) => `${typeName(t)} ${n}`).join(", ");
	const out: [string, string][] = [
		["log", r.origin || "-"],
		["key of the log", r.key?.text || "-"],
		["hash of entry 0", r.genesis || "-"],
		["entries", `${r.entries} of ${r.size}`],
		["root", r.root || "-"],
		["signatures held", String(r.signatures)],
		["heartbeats", pulseLines(r, nowMs).join("\n") || "none"],
		["time stamps", stampLines(r).join("\n") || "none"],
		["people", peopleLines(r).join("\n") || "-"],
		["policy that the log names", r.policySha ?? "-"],
		["kinds of entries", types || "-"],
		["bodies", `${r.bodies}, ${r.withheld} fields withheld`],
		["batches", String(r.batches)],
		["evidence files", String(r.blobs)],
		["checkpoints seen before", String(r.checkpoints)],
		["findings made anew", recomputedText(r)],
	];
	return out;
}

/** Met, and not only since nobody is asked for. */
function stands(w: Witnessed | null): boolean {
	return !!w && w.met && w.seen.some((s) => s.time !== null);
}

function mirrorProved(r: Report): string[] {
	const out = [(r.entries === 1 ? "The one entry is that of the "
		: `All ${many(r.entries, "entry", "entries")} are those of the `)
		+ "signed log: none is missing, added, changed or moved."];
	if (r.signatures === r.entries)
		out.push("Each was signed by the key that may write here, and "
			+ "follows the one before it about the same thing.");
	const p = r.people;
	if (p && !p.unchecked && p.persons > 1)
		out.push(`Each was written by somebody whose role allows it: `
			+ `${many(p.keys, "key")} of ${many(p.persons, "person")}.`);
	if (p?.reviewed)
		out.push(`Two different persons stand behind `
			+ `${many(p.reviewed, "entry", "entries")}.`);
	if (p?.published)
		out.push(`${many(p.published, "entry was", "entries were")} published, `
			+ "again by two persons.");
	if (r.bodies)
		out.push(`What ${many(r.bodies, "entry says", "entries say")} is what `
			+ "was logged.");
	if (r.blobs)
		out.push(`${many(r.blobs, "evidence file is", "evidence files are")} `
			+ "byte for byte what the log names.");
	const stamped = r.stamps && saidBy(r.stamps, 2);
	if (stamped)
		out.push(`The first ${many(stamped.size, "entry was", "entries were")} `
			+ `there no later than ${timeText(stamped.ms)}, as `
			+ `${stamped.by} authorities say that you named.`);
	if (r.checkpoints)
		out.push("The log begins with all that you saw of it before.");
	if (stands(r.witnessed))
		out.push("Accepted: the witnesses that your policy asks for have seen "
			+ "this same log.");
	if (stands(r.joint))
		out.push("Jointly accepted: all parties' witnesses are among them.");
	return out;
}

const STALE_S = 180;

/** Keys, persons and what stands, in one or two lines. */
export function peopleLines(r: Report): string[] {
	const p = r.people;
	if (!p)
		return [];
	return [
		`${many(p.keys, "key")} of ${many(p.persons, "person")}; `
			+ `${p.reviewed} reviewed by two persons, ${p.published} `
			+ `published, ${p.rejected} rejected, ${p.alone} waiting, `
			+ `${p.undecidable} not decidable, ${p.amended} amended`,
		`${r.closed} bodies erased, ${r.lifted} sealed entries opened since, `
			+ `${many(p.told.length, "record")} of who was told what`,
	];
}

/** That the log lived, by its own word, and where it did not. */
export function pulseLines(r: Report, nowMs: number): string[] {
	const h = r.heartbeats;
	if (!h || h.count === 0)
		return [];
	const due = missing(h, nowMs), after = h.lateAfter;
	return [
		many(h.count, "heartbeat") + (h.last
			? `, the last is number ${h.last.beat}, of `
				+ timeText(h.last.timeMs) : ""),
		...(after ? [`${h.late} came late, the first after number `
			+ `${after.beat} (entry ${after.index}), of `
			+ timeText(after.timeMs)] : []),
		...(due !== null ? [`heartbeat ${due} is missing: nothing was `
			+ "logged since, or it was taken away"] : []),
	];
}

function acceptance(word: string, w: Witnessed, nowMs: number): string[] {
	const times = w.seen.flatMap((s) => s.time === null ? [] : [s.time]);
	const newest = Math.max(0, ...times);
	const silent = w.seen.filter((s) => s.time === null
		|| newest - s.time > STALE_S);
	const stale = newest > 0 && nowMs / 1000 - newest > STALE_S;
	return [
		w.met ? `${word}: enough of ${w.seen.length} witnesses confirmed it`
			+ (stale ? `, stale since ${timeText(newest * 1000)}` : "")
			: `not ${word}: too few of ${w.seen.length} witnesses confirmed`,
		...silent.map((s) => `silent: ${s.name}, `
			+ (s.time === null ? "no confirmation here"
				: `last ${timeText(s.time * 1000)}`)),
	];
}

/** What strangers stamped, by how many of them. */
export function stampLines(r: Report): string[] {
	const s = r.stamps;
	if (!s || s.tokens + s.missing === 0)
		return [];
	const both = saidBy(s, 2), one = saidBy(s, 1);
	return [
		`${many(s.tokens, "time stamp")}, ${s.unknown} of them by nobody who `
			+ `is known here${one ? "" : " (two are wanted)"}`
			+ (s.missing ? `; ${s.missing} more are not at hand` : ""),
		...(both ? [`the first ${both.size} entries were there no later than `
			+ `${timeText(both.ms)}, by ${both.by} authorities`] : []),
		...(one && one.size > (both?.size ?? 0) ? [`the first ${one.size} `
			+ `entries were there no later than ${timeText(one.ms)}, by 1 `
			+ "authority (two are wanted)"] : []),
		...(s.early ? [`${many(s.early, "time stamp is",
			"time stamps are")} earlier than entries under them say that `
			+ `they were made, the first of entry ${s.firstEarly}: the clock `
			+ "of its author or of the authority was wrong, or it was "
			+ "back-dated"] : []),
	];
}

/** "accepted", "jointly accepted", who is silent. */
export function witnessLines(r: Report, nowMs: number): string[] {
	return [
		...(r.witnessed ? acceptance("accepted", r.witnessed, nowMs) : []),
		...(r.joint ? acceptance("jointly accepted", r.joint, nowMs) : []),
		...(r.clocks?.off ? [`${many(r.clocks.off, "entry states",
			"entries state")} a time more than ${OFF_S} s from when it was `
			+ `logged: the first is entry ${r.clocks.first}`] : []),
	];
}

export function mirrorSummary(r: Report, nowMs: number): Summary {
	if (r.refusal)
		return refused(r.refusal, mirrorDetails(r, nowMs));
	const seen = r.witnessed?.seen ?? [];
	const newest = Math.max(0, ...seen.map((s) => s.time ?? 0));
	const stale = newest > 0 && nowMs / 1000 - newest > STALE_S
		? [`The newest confirmation by a witness is of `
			+ `${timeText(newest * 1000)}: there may be later entries.`] : [];
	return {
		verified: true,
		title: "Verified",
		lead: `This copy of the log ${r.origin} is whole, and nothing in it `
			+ "was changed since it was signed.",
		proved: mirrorProved(r),
		limits: [...stale, ...witnessLines(r, nowMs).filter((l) =>
			/^(silent|not)/.test(l)), ...limits(r)],
		signers: [
			{ who: r.origin, role: "the log", when: "" },
			...seen.map((s) => ({
				who: `${s.name} (${s.key.name})`, role: "witness",
				when: s.time === null ? "has not confirmed"
					: timeText(s.time * 1000),
			})),
		],
		fields: [],
		details: mirrorDetails(r, nowMs),
	};
}

/** Of a log that was forked. */
export function equivocationSummary(
	e: Equivocation,
	key: Key | null,
): Summary {
	const lines = (c: Checkpoint): string => c.note.lines
		.filter((l) => l.name !== e.log.name).map((l) => l.name).join(", ");
	return {
		verified: true, alarm: true,
		title: "Two histories",
		lead: `The key of ${e.log.name} signed two histories that cannot both `
			+ "be true: its owner showed different logs to different people, "
			+ "or the key was stolen. Keep this file and show it to all "
			+ "parties.",
		proved: [
			`Both statements, of ${e.first.size} and of ${e.second.size} `
				+ "entries, bear the signature of that key.",
			"Neither history can have grown out of the other.",
		],
		limits: [
			...(key ? [] : ["You gave no key: compare the one below with the "
				+ "key that you hold on paper. Of another key this says "
				+ "nothing about your log."]),
			"It does not say which of the two is the true one, nor who used "
				+ "the key.",
		],
		signers: [e.first, e.second].map((c) => ({
			who: e.log.name, role: `the log, ${c.size} entries`,
			when: lines(c) ? `confirmed by ${lines(c)}` : "no witness",
		})),
		fields: [],
		details: [
			["key of the log", e.log.text],
			["first root", toHex(e.first.root)],
			["second root", toHex(e.second.root)],
		],
	};
}

/** Of something that was handed in. */
export function receiptSummary(
	r: Receipt,
	done: Disclosed,
	key: Key | null,
	record: boolean,
): Summary {
	const at = timeText(Number(r.record.receivedNs / 1_000_000n));
	const base = disclosureSummary(r.batch, done, key);
	return {
		...base,
		lead: `What was handed in as record ${r.record.sequence} was taken `
			+ `into ${done.checkpoint.origin} with entry `
			+ `${r.batch.proof.index}.`,
		proved: [
			record ? "The record that you chose is, byte for byte, the one "
				+ "that was taken in."
				: "A record with this check sum was taken in; choose the "
					+ "record as well to compare it.",
			`It is number ${r.index} of ${r.of} records of that intake, and `
				+ "cannot be taken out again unseen.",
			`The receiver's clock said ${at}.`,
		],
		details: [
			["check sum of the record", toHex(r.record.raw.subarray(32))],
			["bytes", String(r.record.length)],
			...base.details,
		],
	};
}

function proofLimits(key: Key | null): string[] {
	return [
		...(key ? [] : ["You gave no key of the log: only that the entry lies "
			+ "under this statement is proved, not whose statement it is."]),
		"No policy was given, so no witness was asked for: the owner of the "
			+ "log's key could show you another log than others.",
		"A proof says who said what and no later than when. It does not prove "
			+ "who fired, nor that it was calm where nobody looked.",
	];
}

function proofDetails(p: Proof, c: Checkpoint): [string, string][] {
	return [
		["log", c.origin],
		["entry", `${p.index} of ${c.size}`],
		["root", toHex(c.root)],
		["signature lines",
			c.note.lines.map((l) => l.name).join(", ")],
	];
}

export function proofSummary(
	p: Proof,
	c: Checkpoint,
	leaf: Uint8Array,
	key: Key | null,
): Summary {
	return {
		verified: true,
		title: "Verified",
		lead: `This was logged as entry ${p.index} of ${c.origin}.`,
		proved: [`The file lies in the log at place ${p.index} of ${c.size}, `
			+ "byte for byte as you have it."],
		limits: proofLimits(key),
		signers: key ? [{ who: key.name, role: "the log", when: "" }] : [],
		fields: [],
		details: [...proofDetails(p, c), ["leaf", toHex(leaf)]],
	};
}

function shownField(f: Shown, names: string[], i: number): {
	name: string; value: string | null } {
	if (!isOpen(f))
		return { name: names[i - 1] ?? "name withheld", value: null };
	const text = attempt(() => textOf(f.value, f.name));
	return { name: f.name, value: text instanceof Refusal
		? `0x${toHex(f.value)}` : readable(text) };
}

/** Quoted text without its quotes, a list of texts line by line. */
function readable(text: string): string {
	let v: unknown;
	if (text === "null" || text === "[]")
		return text === "null" ? "not known" : "none";
	try {
		v = /^["[]/.test(text) ? JSON.parse(text) : text;
	} catch {
		return text;
	}
	if (typeof v === "string")
		return v;
	const texts = Array.isArray(v) && v.length > 0
		&& v.every((x) => typeof x === "string");
	return texts ? (v as string[]).join("\n") : text;
}

export function disclosureSummary(
	d: Disclosure,
	done: Disclosed,
	key: Key | null,
): Summary {
	const names = [...done.body.fields.keys()];
	const fields = d.shown.map((f, i) => shownField(f, names, i))
		.filter((f) => f.name !== "!");
	const shut = fields.filter((f) => f.value === null).length;
	return {
		...proofSummary(d.proof, done.checkpoint, d.entry.leaf, key),
		lead: `This ${typeName(d.entry.type)} was logged as entry `
			+ `${d.proof.index} of ${done.checkpoint.origin}.`,
		proved: [
			"What is shown below is what was logged.",
			done.body.named
				? `Nothing is hidden but what is marked: ${shut} of `
					+ `${fields.length} fields are withheld.`
				: "The list of names is withheld, so other fields of the same "
					+ "name could exist: names not proven.",
			`Its author's clock said ${timeText(d.entry.timeMs)}.`,
		],
		fields,
		details: [
			...proofDetails(d.proof, done.checkpoint),
			["subject", subjectText(d.entry.subject)],
			["author's key", toHex(d.entry.keyId)],
			["leaf", toHex(d.entry.leaf)],
		],
	};
}
