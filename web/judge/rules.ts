// SPDX-License-Identifier: GPL-3.0-or-later
//
// rules.ts - what one rule makes of one scene, and the lines that say why
// (docs/judging.md 8 to 11).
import { conditionText, lengthText, shareText } from "./canon.js";
import type { Count } from "./facts.js";
import { owing, undone } from "./duty.js";
import { covered, distanceText } from "./notice.js";
import type { Chance, Reach, Scene, WhatIf } from "./scene.js";
import { NO, OPEN, SURE, YES, and, not, or } from "./scene.js";
import type { Area, Condition, Exception, Rule } from "./terms.js";
import { part, upTo } from "./text.js";
import { momentSaid } from "./time.js";
import type { Verdict } from "./words.js";
import { KINDS, MANNERS, MODALITIES, UNKNOWN } from "./words.js";

const LINE_MAX = 399, LINES_MAX = 64;

/** The lines of an explanation. */
export class Trace {
	readonly lines: string[] = [];

	/** As it is, however long. */
	whole(line: string): void {
		if (this.lines.length < LINES_MAX)
			this.lines.push(line);
	}

	say(line: string): void {
		this.whole(line.length <= LINE_MAX ? line
			: `${upTo(line, LINE_MAX - 3)}...`);
	}
}

export interface Opinion {
	verdict: Verdict;
	held: Chance;
	breach: Chance;
	enough: boolean; /* modalities */
	cause: string;
	party: string;
	grade: string;
	from: number; /* first line or zone of the rule, or -1 */
}

function range(c: Chance): string {
	return shareText(c.lo) + (c.lo === c.hi ? "" : ` to ${shareText(c.hi)}`);
}

export function chance(c: Chance): string {
	return `: P = ${range(c)}`;
}

function speaksOf(r: Rule): number {
	if (r.duty)
		return r.manner;
	return r.manner ? r.manner & r.is!.kinds : r.is!.kinds;
}

/** Is the incident of the kinds the rule speaks of?  One that is of no known
 * kind may be what any rule forbids. */
export function concerns(s: Scene, r: Rule): boolean {
	const kinds = speaksOf(r);

	if (r.duty && owing(s, r).length > 0)
		return true;
	return s.kinds(kinds).lo > 0
		|| (kinds !== 0 && s.kind[UNKNOWN]! > s.likeliest);
}

// -- each predicate, and its line --

class Hearing {
	constructor(
		readonly s: Scene,
		readonly r: Rule,
		readonly what: WhatIf,
		readonly trace: Trace | null,
	) {}

	say(line: () => string): void {
		this.trace?.say(line());
	}

	subject(): Chance {
		const { s, r } = this;
		const p = r.manner ? and(s.kinds(r.manner), s.is(r.is!)) : s.is(r.is!);

		this.say(() => `kind: ${s.kind.flatMap((v, i) =>
			v ? [`${KINDS[i]} ${shareText(v)}`] : []).join(", ")}`
			+ (r.is!.pure ? "" : this.weapon()) + chance(p));
		return p;
	}

	private weapon(): string {
		const c = this.s.calibre, mm = (um: number): number =>
			Math.floor(um / 1000);
		const word = this.s.incident.attributes.get("weapon") || "not known";
		const calibre = !c ? "not known" : c.high === Infinity
			? `${mm(c.low)} mm or more` : c.high === c.low
				? `${mm(c.low)} mm` : `${mm(c.low)} to ${mm(c.high)} mm`;

		return `; weapon ${part(word, 60)}`
			+ (this.s.odd ? " (no word of the agreement: open)" : "")
			+ `, calibre ${calibre}`;
	}

	private distance(area: number, reach: Reach): string {
		const z = this.s.t.areas[area]!;
		const to = z.is === "file" ? `${reach.centre < 0 ? "inside" : "outside"} `
			+ `${z.name}, its border at `
			: `distance to ${this.s.t.areas[this.s.base(area)]!.name} `;

		return `${to}${distanceText(reach.centre)} +- `
			+ distanceText(reach.error);
	}

	/** The other lines, by which a party measures: shown, not judged by. */
	private otherLines(area: number, limit: number): void {
		const margin = this.s.margin, own = this.s.base(area);

		if (this.trace)
			this.s.t.areas.forEach((z, i) => {
				const { p, reach } = z.is === "line" && z.measuredBy !== ""
					&& i !== own ? this.s.within(i, limit, this.what)
					: { p: OPEN, reach: null };

				if (reach)
					this.say(() => `as ${z.measuredBy} measures, `
						+ this.distance(i, reach) + chance(p)
						+ " (shown only: the clause names "
						+ `${this.s.t.areas[area]!.name})`);
			});
		this.s.margin = margin;
	}

	private altitude(z: Area): Chance {
		const { s } = this;

		if (z.floor === null && z.ceiling === null)
			return YES;
		if (s.alt !== null)
			return s.alt >= (z.floor ?? -Infinity)
				&& s.alt <= (z.ceiling ?? Infinity) ? YES : NO;
		/* What does not fly is on the ground. */
		return s.kindAt("flight") === 0 && s.kindAt("projectile") === 0
			&& (z.floor ?? 0) === 0 ? YES : OPEN;
	}

	private place(c: Condition & { area: number }): Chance {
		const z = this.s.t.areas[c.area]!, b = this.s.t.areas[this.s.base(c.area)]!;
		const limit = c.is === "within" ? c.limit : 0;
		const reaches = limit + (z.is === "band" ? z.limit : 0);
		const { p: near, reach } = this.s.within(c.area, limit, this.what);
		let p = near;

		if (c.is !== "within")
			p = and(p, this.altitude(z));
		if (c.is === "outside")
			p = not(p);
		this.say(() => {
			if (!b.outline && !this.s.stated)
				return `${z.name} has no geometry: ${part(b.notGiven
					?? "its file is not bound to these terms", 160)}`
					+ chance(p);
			if (!reach)
				return "where it happened is not known, wanted "
					+ `${c.is === "outside" ? "outside" : "in reach of"} `
					+ z.name + chance(p);
			const most = lengthText(reaches);
			const than = z.is === "file" ? "" : c.is === "within"
				? `, limit ${most}` : `, zone ${z.name} reaches ${most}`;

			return this.distance(c.area, reach) + than + chance(p);
		});
		/* A band about a line is as far from each of them. */
		if (reach && z.is !== "file")
			this.otherLines(c.area, reaches);
		return p;
	}

	/** The one map in force, if it has a date. */
	private map(): string {
		const [date, other] = this.s.maps;

		return date && other === undefined
			? ` by the map of ${momentSaid(date)}` : "";
	}

	private side(who: string): Chance {
		const p = who !== "" && who !== "mission"
			? this.s.control(who, this.what) : YES;

		this.say(() => (who === ""
			? "own side: whose is not known, so any side is the owner's"
			: `on ground of ${who}`
				+ (this.s.t.control.length ? "" : ": control not known")
				+ this.map()) + chance(p));
		return p;
	}

	private when(c: Condition, p: Chance): Chance {
		const t = this.s.time;

		this.say(() => `time ${momentSaid(t?.from ?? null)}`
			+ (t && t.to !== t.from ? ` to ${momentSaid(t.to)}` : "")
			+ `, ${conditionText(this.s.t, c)}${chance(p)}`);
		return p;
	}

	private by(who: string): Chance {
		const evidence = this.s.party;
		let p = OPEN, why = "who it was is not known";

		if (evidence !== "") {
			p = evidence === who ? YES : NO;
			why = `the evidence names ${evidence}`;
		} else if (who === "mission") {
			/* It knows its own flights: no record, no flight. */
			({ p, why } = covered(this.s, { what: null, party: who,
				before: null, near: null }, this.what));
		}
		this.say(() => `by ${who}: ${why}${chance(p)}`);
		return p;
	}

	condition(c: Condition): { p: Chance; of: string | null } {
		switch (c.is) {
		case "within":
		case "inside":
		case "outside":
			return { p: this.place(c), of: "place" };
		case "own side":
			return { p: this.side(this.s.party), of: "place" };
		case "side of":
			return { p: this.side(c.who), of: "place" };
		case "from":
			return { p: this.when(c, this.s.during(c.at, Infinity)), of: "time" };
		case "until":
			return { p: this.when(c, this.s.during(-Infinity, c.at)),
				of: "time" };
		case "daily":
			return { p: this.when(c, this.s.daily(c.from, c.to)), of: "time" };
		case "by":
			return { p: this.by(c.who), of: "party" };
		case "notified": {
			const { p, why } = covered(this.s, { ...c, party: null }, this.what);

			this.say(() => why + chance(p));
			return { p, of: null };
		}
		}
	}

	exception(e: Exception, standard: number): Chance {
		const p = e.conditions.reduce((sum: Chance, c) =>
			and(sum, this.condition(c).p), YES);

		this.say(() => `exception ${e.id} ${e.conditions.map((c) =>
			conditionText(this.s.t, c)).join(", ")}`
			+ (p.lo >= standard ? ": applies"
				: p.hi <= SURE - standard ? ": fails" : ": may apply")
			+ chance(p));
		return p;
	}

	incident(): void {
		const i = this.s.incident;
		const by = MODALITIES.filter((_, m) => i.modalities >> m & 1);

		this.say(() => `incident ${i.id} version ${i.version}, by `
			+ `${by.join(", ") || "nothing"}; evidence `
			+ `${i.evidence.slice(0, 3).join(", ")} `
			+ `(${i.evidence.length} in all)`);
	}

	/** Control of the ground says whose weapon stands there, or who fired
	 * from there; where a shell fell it says nothing of who fired it. */
	private groundTells(): boolean {
		return this.r.manner === MANNERS["presence"]
			|| this.r.conditions.some((c) => c.is === "own side")
			|| this.s.kindAt("muzzle_flash") > SURE / 2
			|| this.s.incident.attributes.get("assessment") === "outgoing";
	}

	party(standard: number): string {
		const { asked, party, t } = this.s;

		if (this.r.duty) {
			this.say(() => asked !== "" ? `party: ${asked}, who was asked`
				: "party: undetermined, nobody knows who is asked");
			return asked || "undetermined";
		}
		if (party !== "" && party !== "mission") {
			this.say(() => `party: ${party}, on the evidence`);
			return party;
		}
		if (party === "" && t.control.length > 0 && this.groundTells())
			for (const { id } of t.parties) {
				const p = this.s.control(id, this.what);

				if (p.lo < standard)
					continue;
				this.say(() => `party: ${id}, which controls this ground`
					+ this.map() + chance(p));
				return id;
			}
		this.say(() => party === "mission"
			? "party: none of the parties, the mission"
			: "party: undetermined, neither evidence nor control names one");
		return "undetermined";
	}

	grade(): string {
		const { r } = this, count = this.s.incident.count;

		if (!r.byCount)
			return r.grades[0]?.name ?? "";
		const [least, most] = bounds(count);
		const [low, high] = [least, most].map((n) =>
			r.grades.filter((g) => n >= g.atLeast).at(-1)?.name ?? "");

		this.say(() => `grade: count ${count.meaning}`
			+ (count.value < 0 ? "" : ` ${count.value}`
				+ (count.meaning === "range" ? ` to ${count.max}` : ""))
			+ `: ${low || "none"}` + (low === high ? ""
				: ` at least, ${high} at most: undetermined`));
		return low === high ? low! : "undetermined";
	}
}

/** At least one: something happened. */
function bounds(c: Count): [number, number] {
	let lo = Math.max(c.value, 0), hi = Infinity;

	if (c.meaning === "exact" || c.meaning === "about")
		hi = lo;
	else if (c.meaning === "range")
		hi = Math.max(c.max, lo);
	else if (c.meaning === "over")
		lo++;
	lo = Math.max(lo, 1);
	return [lo, Math.max(lo, hi)];
}

function causeOf(h: Hearing, e: Exception): string {
	const notified = e.conditions.find((c) => c.is === "notified");
	const named = e.conditions.find((c) =>
		c.is === "by" || c.is === "inside" || c.is === "within");

	if (notified?.is === "notified")
		return notified.what;
	if (named?.is === "by")
		return named.who;
	return named && "area" in named ? h.s.t.areas[named.area]!.name : e.id;
}

// -- the verdict --

export function opinionOf(
	s: Scene, r: Rule, what: WhatIf, trace: Trace | null,
): Opinion {
	const h = new Hearing(s, r, what, trace);
	const std = s.t.standards[r.standard]!;
	const o: Opinion = { verdict: "undetermined", held: OPEN, breach: OPEN,
		enough: false, cause: "", party: "undetermined", grade: "", from: -1 };
	/* What excludes the rule: `query` where a duty's clock never started. */
	let out: string | null = null, any = NO, may = 0;
	const applied: Exception[] = [];

	s.margin = Infinity;
	h.incident();
	if (r.duty && owing(s, r).length === 0)
		out = "query";
	else
		o.held = r.duty ? undone(s, r, trace) : h.subject();
	for (const c of r.conditions) {
		const { p, of } = h.condition(c);

		o.held = and(o.held, p);
		if (p.hi === 0)
			out ??= of;
		if (o.from < 0 && "area" in c)
			o.from = c.area;
	}
	/* Out of time or place: no exception is asked. */
	for (const e of out === null ? r.exceptions : []) {
		const p = h.exception(e, std.ppm);

		any = or(any, p);
		if (p.lo >= std.ppm)
			applied.push(e);
		else if (p.hi > SURE - std.ppm)
			may++;
	}
	if (applied.length === 1)
		o.cause = causeOf(h, applied[0]!);
	o.breach = and(o.held, not(any));
	/* Receipts are no matter of sensing. */
	o.enough = r.duty !== null || s.modalities >= std.modalities;
	o.verdict = out !== null ? "not_applicable"
		: applied.length >= 2 ? "conflict"
		: o.breach.lo >= std.ppm && o.enough ? "breach"
		: o.breach.hi <= SURE - std.ppm && !(applied.length === 1 && may > 0)
		? "no_breach" : "undetermined";
	if (!trace)
		return o;
	h.say(() => `together${chance(o.breach)}; standard ${std.name} asks `
		+ shareText(std.ppm) + (std.modalities > 0 && !r.duty
		? ` and ${std.modalities} modalities: ${s.modalities} there, `
			+ (o.enough ? "enough" : "not enough") : ""));
	if (out === null) {
		o.party = h.party(std.ppm);
		o.grade = h.grade();
	}
	h.say(() => `verdict: ${o.verdict}` + (out === "query"
		? `, no ${r.duty!.of} is on record` : out !== null
		? `, its ${out} is outside the rule`
		: o.verdict === "breach" ? `, by ${o.party}`
		: o.cause !== "" ? `, excepted: ${o.cause}` : "")
		+ (o.verdict === "breach" && r.duty?.orElse
			? `, which counts as ${r.duty.orElse}` : ""));
	return o;
}
