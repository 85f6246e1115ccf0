// SPDX-License-Identifier: GPL-3.0-or-later
//
// scene.ts - one incident before one agreement: what can be said of it, as
// shares in millionths, from least to most (docs/judging.md 7).
import { Cloud } from "./cloud.js";
import type { Activity, Facts, Incident } from "./facts.js";
import type { Flat, Spot } from "./fixed.js";
import { dotOver, flatOf, lengthOf, normal, wholeOf } from "./fixed.js";
import type { Outline } from "./ground.js";
import { View, holds } from "./ground.js";
import type { Compare } from "./lex.js";
import type { Area, Expression, Terms } from "./terms.js";
import { DAY_US } from "./time.js";
import { KINDS, UNKNOWN, WEAPONS } from "./words.js";

export const SURE = 1_000_000;

export interface Chance { lo: number; hi: number }
export const YES: Chance = { lo: SURE, hi: SURE };
export const NO: Chance = { lo: 0, hi: 0 };
export const OPEN: Chance = { lo: 0, hi: SURE };

/* What may be, if nothing is known of how two statements hang together. */
export function and(a: Chance, b: Chance): Chance {
	return { lo: Math.max(0, a.lo + b.lo - SURE), hi: Math.min(a.hi, b.hi) };
}

export function or(a: Chance, b: Chance): Chance {
	return { lo: Math.max(a.lo, b.lo), hi: Math.min(SURE, a.hi + b.hi) };
}

export function not(a: Chance): Chance {
	return { lo: SURE - a.hi, hi: SURE - a.lo };
}

function half(axis: [Flat, Flat], x: number, y: number): number {
	const n = lengthOf(x, y);

	return n === 0 ? Math.max(...axis.map((a) => lengthOf(a.x, a.y)))
		: lengthOf(dotOver(axis[0], x, y, n), dotOver(axis[1], x, y, n));
}

/** How a cloud lies to something: the centre's distance (below zero inside),
 * the error along it, and each sample's distance and spread, once asked. */
export class Reach {
	private samples: { mm: number[]; spread: number[] } | null = null;
	private known = new Map<number, number>();

	constructor(
		readonly centre: number,
		readonly error: number,
		private readonly way: (x: number, y: number) => Flat,
		private readonly border: Outline | null,
	) {}

	/** As an EXAMPLE states it: one sample. */
	static stated(centre: number, error: number, sigma: number): Reach {
		const r = new Reach(centre, error, () => ({ x: 0, y: 0 }), null);

		r.samples = { mm: [centre], spread: [sigma] };
		return r;
	}

	private signed(c: Cloud, x: number, y: number, mm: number): number {
		const farther = lengthOf(x, y) < Math.abs(this.centre);

		return this.border && (farther ? this.centre < 0
			: holds(this.border, c.spot(x, y))) ? -mm : mm;
	}

	private ask(c: Cloud): { mm: number[]; spread: number[] } {
		const mm: number[] = [], spread: number[] = [];

		for (let i = 0; i < c.count; i++) {
			const x = c.x[i]!, y = c.y[i]!, w = this.way(x, y);

			mm.push(this.signed(c, x, y, lengthOf(w.x, w.y)));
			spread.push(c.normal ? half(c.axis, w.x, w.y) : c.half[i]!);
		}
		return { mm, spread };
	}

	/** The share of the cloud that lies no farther than the limit. */
	within(c: Cloud, limit: number): number {
		if (this.centre + c.radius <= limit)
			return SURE;
		if (this.centre - c.radius > limit)
			return 0;
		let share = this.known.get(limit);

		if (share === undefined) {
			const { mm, spread } = this.samples ??= this.ask(c);
			const parts = mm.map((d, i) => portion(c, limit - d, spread[i]!));

			share = weighted(c, parts);
			this.known.set(limit, share);
		}
		return share;
	}
}

/** The mean of the samples' portions, to the nearest, half up. */
function weighted(c: Cloud, part: number[]): number {
	const half = Math.floor(c.total / 2);

	if (c.total <= 9e9)
		return Math.floor((c.weight.reduce((sum, w, i) => sum + w * part[i]!, 0)
			+ half) / c.total);
	return Number((c.weight.reduce((sum, w, i) =>
		sum + BigInt(w) * BigInt(part[i]!), 0n) + BigInt(half))
		/ BigInt(c.total));
}

/** Of one sample: of its normal, or of its square seen edge on. */
function portion(c: Cloud, room: number, spread: number): number {
	if (spread === 0)
		return room >= 0 ? SURE : 0;
	if (c.normal)
		return normal(room, spread);
	if (Math.abs(room) >= spread)
		return room > 0 ? SURE : 0;
	return Math.floor((room + spread) * SURE / (2 * spread));
}

/** What a flip asks: the error bigger or smaller, the place nearer to one
 * line or zone. */
export interface WhatIf { scale: number; area: number; nearer: number }
export const AS_IT_IS: WhatIf = { scale: 1024, area: -1, nearer: 0 };

function holdsFor(how: Compare, a: number, b: number): boolean {
	switch (how) {
	case ">=": return a >= b;
	case ">": return a > b;
	case "<=": return a <= b;
	case "<": return a < b;
	case "=": return a === b;
	}
}

/** Words of an attribute, as the agreement writes them. */
function weaponsOf(text: string): number | "odd" {
	let bits = 0;

	for (const raw of text.split(/[,/|{}]/)) {
		const word = raw.replace(/^ +/, "").replace(/[ -]/g, "_")
			.replace(/[A-Z]/g, (c) => c.toLowerCase());
		const name = word.replace(/_+$/, "");
		const i = WEAPONS.indexOf(name);

		if (name === "")
			continue;
		if (i < 0 || word.length > 31)
			return "odd";
		bits |= 1 << i;
	}
	return bits;
}

/** A decimal as attributes have it; null where it is none. */
function decimalOf(text: string): number | null {
	const plain = /^[-+]?([0-9]*\.?[0-9]*)$/.exec(text);
	const digits = (plain?.[1] ?? "").replace(".", "");

	if (plain && text !== "" && digits.length > 0 && digits.length <= 15) {
		const after = (plain[1]! + ".").split(".")[1]!.length;
		const v = Number(digits) / 10 ** after;

		return text.startsWith("-") ? -v : v;
	}
	return /^[-+]?([0-9]+\.?|[0-9]*\.[0-9]+)[0-9]*([eE][-+]?[0-9]+)?$/
		.test(text) && text.length < 64 && Number.isFinite(Number(text))
		? Number(text) : null;
}

export class Scene {
	readonly kind: number[]; /* millionths */
	readonly weapons: number; /* bits; 0 not known */
	readonly odd: boolean; /* a weapon's word is none of the agreement's */
	calibre: { low: number; high: number } | null = null; /* um */
	readonly time: { from: number; to: number } | null;
	readonly alt: number | null;
	readonly party: string; /* on evidence, or "" */
	readonly modalities: number;
	/* Least distance to a limit met since it was set: what flips need. */
	margin = Infinity;
	asked = ""; /* of a duty: who owes it; "" not known */
	suppose: "done" | "undone" | null = null; /* of a duty, for flips */
	private readonly classes: Chance[] = [];
	private readonly reaches = new Map<string, Reach>();
	private readonly views = new Map<Outline, View>();
	private readonly clouds = new Map<number, Cloud>();

	constructor(
		readonly t: Terms,
		readonly facts: Facts,
		readonly incident: Incident,
		readonly cloud = Cloud.of(incident.place),
		/** Of an EXAMPLE: distances as stated, by area; null: not said. */
		readonly stated: (Reach | null)[] | null = null,
	) {
		const weapon = weaponsOf(incident.attributes.get("weapon") ?? "");
		const party = incident.attributes.get("party") ?? "";
		const from = incident.from ?? incident.at;
		const to = incident.to ?? incident.at;

		this.kind = incident.kind.map((p) =>
			Math.max(0, Math.min(SURE, wholeOf(p, 1e6) ?? 0)));
		this.odd = weapon === "odd";
		this.weapons = weapon === "odd" ? 0 : weapon;
		this.party = party === "mission"
			|| t.parties.some((p) => p.id === party) ? party : "";
		this.time = from !== null && to !== null && to >= from
			? { from, to } : null;
		this.alt = wholeOf(incident.place.alt, 1000);
		this.modalities = incident.modalities.toString(2)
			.replace(/0/g, "").length;
		this.readCalibre();
		for (const c of t.classes)
			this.classes.push(this.is(c.is));
	}

	private um(name: string): number | null {
		const text = this.incident.attributes.get(name);
		const v = text === undefined ? this.incident.features.get(name) ?? NaN
			: decimalOf(text);
		const um = v === null ? null : wholeOf(v, 1000);

		return um !== null && um >= 0 ? um : null;
	}

	private readCalibre(): void {
		const exact = this.um("calibre_mm");
		const low = exact ?? this.um("calibre_min_mm");
		const high = exact ?? this.um("calibre_max_mm");

		if ((low === null && high === null)
			|| (high !== null && high < (low ?? 0)))
			return;
		this.calibre = { low: low ?? 0, high: high ?? Infinity };
	}

	/** That it is of one of these kinds; of no known kind, it may be. */
	kinds(bits: number): Chance {
		const sum = this.kind.reduce((s, p, i) => s + (bits >> i & 1) * p, 0);
		const lo = Math.min(sum, SURE);
		const open = bits ? this.kind[UNKNOWN]! : 0;

		return { lo, hi: Math.min(lo + open, SURE) };
	}

	is(e: Expression): Chance {
		if (e.pure)
			return this.kinds(e.kinds);
		switch (e.is) {
		case "weapon": {
			const bit = 1 << e.weapon;

			if (this.weapons === 0)
				return OPEN;
			return !(this.weapons & bit) ? NO
				: this.weapons === bit ? YES : OPEN;
		}
		case "calibre":
			return this.isCalibre(e.compare, e.um);
		case "class":
			return this.classes[e.index]!;
		case "not":
			return not(this.is(e.a));
		case "and":
			return and(this.is(e.a), this.is(e.b));
		case "or":
			return or(this.is(e.a), this.is(e.b));
		default:
			return OPEN;
		}
	}

	private isCalibre(how: Compare, um: number): Chance {
		const c = this.calibre;

		if (!c)
			return OPEN;
		if (how === "=" && c.low !== c.high)
			return c.low <= um && um <= c.high ? OPEN : NO;
		const low = holdsFor(how, c.low, um), high = holdsFor(how, c.high, um);

		return low !== high ? OPEN : low ? YES : NO;
	}

	// -- where --

	private cloudAt(scale: number): Cloud {
		if (scale === 1024)
			return this.cloud;
		let c = this.clouds.get(scale);

		if (!c)
			this.clouds.set(scale, c = this.cloud.scaled(scale));
		return c;
	}

	/** Of the cloud as it is. */
	private reachTo(key: string, o: Outline, scale = 1024): Reach {
		const id = `${key} ${scale}`;
		let r = this.reaches.get(id), view = this.views.get(o);

		if (r)
			return r;
		if (!view)
			this.views.set(o, view = new View(o, this.cloud.centre));
		if (scale !== 1024) {
			const at = this.reachTo(key, o);

			r = new Reach(at.centre, at.error, (x, y) => view!.way(x, y),
				o.closed ? o : null);
		} else {
			const w = view.way(0, 0), mm = lengthOf(w.x, w.y);

			r = new Reach(o.closed && holds(o, this.cloud.centre) ? -mm : mm,
				half(this.cloud.error, w.x, w.y),
				(x, y) => view!.way(x, y), o.closed ? o : null);
		}
		this.reaches.set(id, r);
		return r;
	}

	/** A band's line; else the area itself. */
	base(area: number): number {
		const z = this.t.areas[area]!;

		return z.is === "band" ? z.of : area;
	}

	/** Within limit of a line or a zone's border (0: inside), and the reach
	 * used; null where place or geometry is not known. */
	within(area: number, limit: number, what: WhatIf):
		{ p: Chance; reach: Reach | null } {
		const z: Area = this.t.areas[area]!, base = this.base(area);
		const b = this.t.areas[base]!;
		const error = z.error + (base === area ? 0 : b.error);
		let most = limit + (z.is === "band" ? z.limit : 0);
		const key = `area ${base}`;

		if (!this.cloud.known || !(this.stated?.[base] ?? b.outline))
			return { p: OPEN, reach: null };
		const reach = this.stated?.[base] ?? this.reachTo(key, b.outline!);

		this.margin = Math.min(this.margin,
			Math.abs(reach.centre - most) - error);
		if (base === what.area)
			most += what.nearer;
		return {
			p: this.stated ? this.shares(this.cloud, reach, most, error)
				: this.sharesOf(key, b.outline!, what.scale, most, error),
			reach,
		};
	}

	private sharesOf(key: string, o: Outline, scale: number, limit: number,
		error: number): Chance {
		const c = this.cloudAt(scale);

		return c.known ? this.shares(c, this.reachTo(key, o, scale), limit,
			error) : OPEN;
	}

	private shares(c: Cloud, r: Reach, limit: number, error: number): Chance {
		return {
			lo: r.within(c, limit - error), hi: r.within(c, limit + error),
		};
	}

	/** Dates of the maps of control that may be in force at its time: the
	 * newest dated before it, and any dated within it. */
	get maps(): number[] {
		const dates = [...new Set(this.t.control.map((g) => g.from))];
		const t = this.time;

		return dates.filter((d) => !t || (d <= t.to
			&& !dates.some((later) => later > d && later <= t.from)));
	}

	/** On ground that a party controls, by each map that may hold. */
	control(party: string, what: WhatIf): Chance {
		if (!this.cloud.known)
			return OPEN;
		if (this.stated)
			return this.party === party ? YES : NO;
		const each = this.maps.map((d) => this.onMap(party, d, what));

		return each.length === 0 ? OPEN : {
			lo: Math.min(...each.map((p) => p.lo)),
			hi: Math.max(...each.map((p) => p.hi)),
		};
	}

	/** Shapes of one party do not overlap: shares add. */
	private onMap(party: string, date: number, what: WhatIf): Chance {
		const shares = this.t.control.flatMap((g, i) =>
			g.party === party && g.from === date
				? [this.sharesOf(`control ${i}`, g.outline, what.scale, 0, 0)]
				: []);

		return shares.length === 0 ? OPEN : shares.reduce((sum, p) => ({
			lo: Math.min(SURE, sum.lo + p.lo),
			hi: Math.min(SURE, sum.hi + p.hi),
		}), NO);
	}

	/** Within limit of a spot, and how far that is. */
	near(spot: Spot, limit: number, what: WhatIf): { p: Chance; mm: number } {
		const c = this.cloudAt(what.scale), o = flatOf(this.cloud.centre, spot);

		if (!this.cloud.known || !c.known)
			return { p: OPEN, mm: 0 };
		const r = new Reach(lengthOf(o.x, o.y), 0,
			(x, y) => ({ x: x - o.x, y: y - o.y }), null);
		const p = r.within(c, limit);

		this.margin = Math.min(this.margin, Math.abs(r.centre - limit));
		return { p: { lo: p, hi: p }, mm: r.centre };
	}

	// -- when --

	/** From the first moment on, before the last. */
	during(from: number, to: number): Chance {
		const t = this.time;

		if (!t)
			return OPEN;
		if (t.from >= from && t.to < to)
			return YES;
		return t.to < from || t.from >= to ? NO : OPEN;
	}

	private local(us: number): { at: number; east: number } | null {
		const row = this.t.offsets.filter((o) => o.from <= us).at(-1);
		const at = row ? (us + row.east * 1e6) % DAY_US : 0;

		return row ? { at: at < 0 ? at + DAY_US : at, east: row.east } : null;
	}

	daily(from: number, to: number): Chance {
		const t = this.time, a = t && this.local(t.from);
		const b = t && this.local(t.to);

		if (!t || !a || !b || a.east !== b.east)
			return OPEN;
		const length = to > from ? to - from : to - from + DAY_US;
		const into = (a.at - from + DAY_US) % DAY_US;
		const last = into + t.to - t.from;

		if (into < length)
			return last < length ? YES : OPEN;
		return last < DAY_US ? NO : OPEN;
	}

	get activities(): Activity[] {
		return this.facts.activities;
	}

	/** The kinds it may be, likeliest aside. */
	get likeliest(): number {
		return Math.max(...this.kind.slice(0, UNKNOWN));
	}

	kindAt(name: string): number {
		return this.kind[KINDS.indexOf(name)]!;
	}
}
