// SPDX-License-Identifier: GPL-3.0-or-later
//
// canon.ts - the terms in words again, one form for one meaning; its SHA-256
// is the version of the terms (docs/judging.md 4).
import { sha256 } from "@noble/hashes/sha2";

import type { Area, Condition, Expression, Rule, Terms } from "./terms.js";
import type { Json } from "./text.js";
import { canonical, toBytes } from "./text.js";
import { momentSaid, momentText } from "./time.js";
import { KINDS, WEAPONS } from "./words.js";

export function lengthText(mm: number): string {
	if (mm !== 0 && mm % 1_000_000 === 0)
		return `${mm / 1_000_000} km`;
	return mm % 1000 === 0 ? `${mm / 1000} m` : `${mm} mm`;
}

export function durationText(us: number): string {
	for (const [name, of] of [["h", 3.6e9], ["min", 6e7], ["s", 1e6]] as const)
		if (us % of === 0)
			return `${us / of} ${name}`;
	return `${us} us`;
}

/** Thousandths; 0.000 and 1.000 only where it is so. */
export function shareText(ppm: number): string {
	const n = Math.floor((ppm + 500) / 1000);
	const t = n === 0 && ppm > 0 ? 1 : n === 1000 && ppm < 1_000_000 ? 999 : n;

	return `${Math.floor(t / 1000)}.${String(t % 1000).padStart(3, "0")}`;
}

function calibreText(um: number): string {
	const after = String(um % 1000).padStart(3, "0").replace(/0+$/, "");

	return Math.floor(um / 1000) + (after ? `.${after}` : "");
}

export function expressionText(t: Terms, e: Expression): string {
	switch (e.is) {
	case "kind":
		return KINDS[e.kind]!;
	case "weapon":
		return WEAPONS[e.weapon]!;
	case "calibre":
		return `calibre_mm ${e.compare} ${calibreText(e.um)}`;
	case "class":
		return t.classes[e.index]!.name;
	case "not":
		return `not ${expressionText(t, e.a)}`;
	default:
		return `(${expressionText(t, e.a)} ${e.is} ${expressionText(t, e.b)})`;
	}
}

function clockText(us: number): string {
	const minutes = Math.floor(us / 60_000_000);
	const two = (n: number): string => String(n).padStart(2, "0");

	return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function withinText(
	t: Terms, of: number, limit: number, total: boolean,
): string {
	return `WITHIN ${lengthText(total ? 2 * limit : limit)}`
		+ `${total ? " TOTAL" : ""} OF ${t.areas[of]!.name}`;
}

export function conditionText(t: Terms, c: Condition): string {
	switch (c.is) {
	case "within":
		return withinText(t, c.area, c.limit, c.total);
	case "inside":
	case "outside":
		return `${c.is.toUpperCase()} ${t.areas[c.area]!.name}`;
	case "own side":
		return "ON own side";
	case "side of":
		return `ON side OF ${c.who}`;
	case "from":
	case "until":
		return `${c.is.toUpperCase()} ${momentSaid(c.at)}`;
	case "daily":
		return `DAILY ${clockText(c.from)}-${clockText(c.to)}`;
	case "by":
		return `BY ${c.who}`;
	case "notified":
		return `NOTIFIED ${c.what} ${durationText(c.before)} BEFORE`
			+ (c.near === null ? "" : `, NEAR ${lengthText(c.near)}`);
	}
}

function subjectText(t: Terms, r: Rule): string {
	const d = r.duty;

	if (d)
		return `requires ${r.subject}${d.by && ` BY ${d.by}`} WITHIN `
			+ `${durationText(d.due)} OF ${d.of}`
			+ (d.orElse && ` ELSE ${d.orElse}`);
	return `forbids ${r.subject && `${r.subject} of `}`
		+ expressionText(t, r.is!);
}

export function ruleText(t: Terms, r: Rule): string {
	return [`rule ${r.id} ${subjectText(t, r)}`,
		...r.conditions.map((c) => conditionText(t, c))].join(" ");
}

function areaJson(t: Terms, z: Area): Json {
	return {
		error_mm: z.error, file: z.file || null, name: z.name,
		not_given: z.notGiven, sha256: z.sha256,
		...(z.is === "line" ? { measured_by: z.measuredBy || null }
			: { ceiling_mm: z.ceiling, floor_mm: z.floor }),
		...(z.is === "band" && { is: withinText(t, z.of, z.limit, z.total) }),
	};
}

function ruleJson(t: Terms, r: Rule): Json {
	const said = (list: Condition[]): Json =>
		list.map((c) => conditionText(t, c));

	return {
		article: r.article, conditions: said(r.conditions),
		exceptions: r.exceptions.map((e) =>
			({ id: e.id, conditions: said(e.conditions) })),
		grades: r.grades.map((g) =>
			r.byCount ? [g.atLeast, g.name] : [g.name]),
		id: r.id, standard: t.standards[r.standard]!.name,
		subject: subjectText(t, r),
	};
}

export function canonicalText(t: Terms): string {
	const areas = (line: boolean): Json => t.areas
		.filter((z) => (z.is === "line") === line)
		.map((z) => areaJson(t, z));

	return canonical({
		agreement: t.id,
		articles: t.articles.map((a) => ({ ...a })),
		classes: t.classes.map((c) =>
			({ is: expressionText(t, c.is), name: c.name })),
		examples: t.examples.map((e) => ({
			at: e.at === null ? null : momentText(e.at, true), by: e.by,
			calibre_um: e.calibre ?? -1, count: e.count ?? -1,
			distance_mm: e.distance ?? -1, error_mm: e.error,
			from: e.distance === null ? null : t.areas[e.from]!.name,
			inside: e.inside === null ? null : t.areas[e.inside]!.name,
			modalities: e.modalities ?? -1, notified: e.notified[0]?.what ?? "",
			notified_at: e.notified[0] ? momentText(e.notified[0].at, true)
				: null,
			...(e.notified.length > 1 && { notified_also: e.notified.slice(1)
				.map((n) => [n.what, momentText(n.at, true)]) }),
			...(e.outside.length > 0 && { outside: e.outside
				.map((i) => t.areas[i]!.name) }),
			...(e.until !== null && { until: momentText(e.until, true) }),
			rule: e.rule, says: e.says, thing: expressionText(t, e.thing),
			verdict: e.want,
		})),
		lines: areas(true),
		offsets: t.offsets.map((o) => [momentText(o.from, false), o.east]),
		parties: t.parties.map((p) => ({ ...p })),
		rules: t.rules.map((r) => ruleJson(t, r)),
		schema: "truce.terms/1",
		standards: t.standards.map((s) => ({
			modalities: s.modalities, name: s.name, probability_ppm: s.ppm,
		})),
		status: t.status,
		status_at: t.statusAt === null ? null : momentText(t.statusAt, false),
		timezone: t.timezone,
		title: t.title,
		zones: areas(false),
	});
}

export function hexOf(b: Uint8Array): string {
	return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}

export function seal(t: Terms): void {
	t.sha256 = hexOf(sha256(toBytes(canonicalText(t))));
}
