// SPDX-License-Identifier: GPL-3.0-or-later
//
// duty.ts - what was asked of a party, and whether it answered in time
// (docs/judging.md 10).
import { durationText } from "./canon.js";
import type { Activity, Receipt } from "./facts.js";
import type { Trace } from "./rules.js";
import { chance } from "./rules.js";
import type { Chance, Scene } from "./scene.js";
import { NO, OPEN, YES, not, or } from "./scene.js";
import type { Rule, Terms } from "./terms.js";
import { isKnown, momentSaid } from "./time.js";
import type { Verdict } from "./words.js";

const TOLD_MAX = 6;

interface Span { from: number; to: number } /* us; from < 0: not known */

interface Answer { id: string; at: Span; claimed: boolean; inTime: Chance }

interface Query {
	is: Activity;
	at: Span;
	due: Span; /* the end of the window */
	best: Answer | null;
	count: number; /* of answers that are or may be in time */
	undone: Chance;
}

function span(r: Receipt): Span {
	const from = r.received ?? -1;

	return { from, to: Math.max(from, r.last ?? -1) };
}

function saidOf(us: number): string {
	return momentSaid(isKnown(us) ? us : null);
}

function isParty(t: Terms, who: string): boolean {
	return t.parties.some((p) => p.id === who);
}

/** About the incident, or one that it stands for now. */
function about(s: Scene, id: string): boolean {
	return id !== "" && (id === s.incident.id
		|| s.incident.replaces.includes(id));
}

/** Who owes an answer to this query of the mission; null: nobody. */
function owes(s: Scene, r: Rule, a: Activity): string | null {
	const { of, by } = r.duty!;

	if (a.what !== of || a.party !== "mission" || !about(s, a.incident))
		return null;
	if (isParty(s.t, by))
		return a.asked === "" || a.asked === by ? by : null;
	const who = a.asked !== "" ? a.asked : s.party;

	return isParty(s.t, who) ? who : "";
}

/** In order of the parties; "" last: someone not known. */
export function owing(s: Scene, r: Rule): string[] {
	const all = new Set(s.activities.map((a) => owes(s, r, a)));

	return [...s.t.parties.map((p) => p.id), ""].filter((id) => all.has(id));
}

function inTime(q: Query, at: Span): Chance {
	if (q.at.from < 0 || at.from < 0)
		return OPEN;
	if (at.from >= q.at.to && at.to <= q.due.from)
		return YES;
	return at.to < q.at.from || at.from > q.due.to ? NO : OPEN;
}

function tooEarly(q: Query, a: Answer): boolean {
	return a.at.from >= 0 && a.at.to < q.at.from;
}

/** The likelier in time, rather late than before it was asked, then the
 * earlier, then the smaller id. */
function better(q: Query, a: Answer, b: Answer): boolean {
	const order = [
		b.inTime.lo + b.inTime.hi - a.inTime.lo - a.inTime.hi,
		Number(tooEarly(q, a)) - Number(tooEarly(q, b)),
		a.at.from - b.at.from,
	].find((d) => d !== 0);

	return order !== undefined ? order < 0 : a.id < b.id;
}

function queryOf(s: Scene, r: Rule, is: Activity): Query {
	const at = span(is), due = r.duty!.due, { known } = s.facts;
	const q: Query = { is, at, best: null, count: 0, undone: NO,
		due: { from: at.from + due, to: at.to + due } };
	const mine = (x: { party: string; incident: string }): boolean =>
		(s.asked !== "" ? x.party === s.asked : isParty(s.t, x.party))
			&& about(s, x.incident);
	let answered = NO;

	for (const x of [
		...s.activities.filter((a) => a.what === r.subject && mine(a)),
		...s.facts.claims.filter((c) => r.subject === "answer" && mine(c)),
	]) {
		const a: Answer = { id: x.id, at: span(x), claimed: x.claimed,
			inTime: inTime(q, span(x)) };

		answered = or(answered, a.inTime);
		q.count += Number(a.inTime.hi > 0);
		if (!q.best || better(q, a, q.best))
			q.best = a;
	}
	/* What is not on record yet may still have come in time. */
	if (at.from < 0 || known === null || known <= q.due.to)
		answered = or(answered, OPEN);
	q.undone = not(answered);
	if (s.asked === "") /* nobody known is late */
		q.undone.lo = 0;
	return q;
}

function queries(s: Scene, r: Rule): Query[] {
	return s.activities.filter((a) => owes(s, r, a) === s.asked)
		.map((a) => queryOf(s, r, a));
}

function received(at: Span, claimed: boolean): string {
	return `, received ${saidOf(at.from)}`
		+ (at.to !== at.from ? ` to ${saidOf(at.to)}` : "")
		+ (claimed && at.from >= 0 ? " (receipt claimed, not proven)" : "");
}

function say(s: Scene, r: Rule, q: Query, trace: Trace): void {
	const a = q.best, { known } = s.facts;

	trace.say(`${r.duty!.of} ${q.is.id} to ${s.asked || "a party not known"}`
		+ received(q.at, q.is.claimed) + (q.at.from < 0 ? ""
		: `: ${r.subject} due by ${saidOf(q.due.from)}`
			+ (q.due.to !== q.due.from ? ` to ${saidOf(q.due.to)}` : "")));
	trace.say((a ? `${r.subject} ${a.id}${received(a.at, a.claimed)}`
		+ (a.inTime.lo > 0 ? ": in time" : a.inTime.hi > 0
			? ": perhaps in time" : tooEarly(q, a)
				? ": before it was asked" : ": too late")
		: `no ${r.subject} is on record, which reaches to ${
			momentSaid(known || null)}`)
		+ `; undone${chance(q.undone)}`);
}

/** That the party asked left it undone. */
export function undone(s: Scene, r: Rule, trace: Trace | null): Chance {
	if (s.suppose)
		return s.suppose === "done" ? NO : YES;
	const all = queries(s, r);

	if (trace) {
		for (const q of all.slice(0, TOLD_MAX))
			say(s, r, q, trace);
		if (all.length > TOLD_MAX)
			trace.say(`and ${all.length - TOLD_MAX} more of ${r.duty!.of}`);
	}
	return all.reduce((sum: Chance, q) => or(sum, q.undone), NO);
}

/** One query alone, whose answer by itself decides. */
export function dutyFlip(
	s: Scene, r: Rule, now: Verdict, done: Verdict, left: Verdict,
): string {
	const all = queries(s, r), q = all[0], a = q?.best ?? null;

	if (!q || all.length > 1 || s.asked === "" || !q.is.received)
		return "";
	if (now === "breach" && done === "no_breach")
		return a && !tooEarly(q, a)
			? `would be no breach if the ${r.subject} had been received ${
				durationText(a.at.to - q.due.from)} earlier`
			: `would be no breach if an ${r.subject} of ${
				s.asked} had been received by ${saidOf(q.due.from)}`;
	if (now === "undetermined" && !a && left === "breach")
		return `would be a breach if no ${r.subject} of ${
			s.asked} is received by ${saidOf(q.due.to)}`;
	if (now === "no_breach" && a && a.inTime.lo > 0 && q.count === 1
		&& s.facts.known !== null && s.facts.known > q.due.to
		&& left === "breach")
		return `would be a breach if the ${r.subject} had been received more `
			+ `than ${durationText(q.due.to - a.at.from)} later`;
	return "";
}
