// SPDX-License-Identifier: GPL-3.0-or-later
//
// judge.ts - the second evaluator: an agreement, a mission's geometry and one
// incident with what was notified and claimed; out come the findings, byte for
// byte those of the program (docs/judging.md).
import { sha256 } from "@noble/hashes/sha2";

import { ruleText, seal } from "./canon.js";
import { Cloud } from "./cloud.js";
import type { Facts, Incident } from "./facts.js";
import { readActivity, readClaim, readIncident } from "./facts.js";
import { FAR_MM } from "./fixed.js";
import type { Shape } from "./ground.js";
import { outlineOf } from "./ground.js";
import { parse } from "./parse.js";
import { owing } from "./duty.js";
import { flipsIf } from "./flip.js";
import { Trace, concerns, opinionOf } from "./rules.js";
import { AS_IT_IS, Reach, Scene } from "./scene.js";
import type { Area, Example, Rule, Terms } from "./terms.js";
import { letters, octets, ofBytes, quoted, toBytes } from "./text.js";
import { LAST_US, momentText, readMoment } from "./time.js";
import type { Verdict } from "./words.js";
import { KINDS, WEAPONS } from "./words.js";

export type { Shape, Terms };
export { canonicalText } from "./canon.js";
export { Slip } from "./lex.js";

export interface Mission {
	timezone: string;
	offsets: [string, number][]; /* from this time on, seconds east */
	shapes: Shape[];
}

/** Of a .terms file's bytes; throws a Slip. */
export function readTerms(file: Uint8Array): Terms {
	const t = parse(ofBytes(file));

	seal(t);
	return t;
}

function bindArea(z: Area, shapes: Shape[]): boolean {
	const of = shapes.filter((s) => s.file === letters(z.file));
	const line = z.is === "line";

	z.outline = of.length === 0 || of[0]!.sha256 !== z.sha256 ? null
		: outlineOf(of.filter((s) => line ? s.role === "line" : s.closed),
			!line);
	return z.outline !== null;
}

/** Gives the geometry the terms name; says what is missing. */
export function bind(t: Terms, m: Mission): string[] {
	const wrong: string[] = [];

	for (const z of t.areas)
		if (z.file !== "" && !bindArea(z, m.shapes))
			wrong.push(letters(z.file));
	if (t.timezone !== "" && letters(t.timezone) !== m.timezone)
		wrong.push("TIMEZONE");
	for (const z of t.areas)
		if (z.is === "band")
			z.outline = t.areas[z.of]!.outline;
	t.control = m.shapes.filter((s) => s.role === "control" && s.party !== ""
		&& s.closed).flatMap((s) => {
		const outline = outlineOf([s], true);

		return outline ? [{ outline, party: octets(s.party),
			from: readMoment(s.version, true) ?? 0 }] : [];
	});
	t.offsets = m.offsets.map(([from, east]) =>
		({ from: readMoment(from, true)!, east }));
	seal(t);
	return wrong;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuv";

/** Five bits a digit, the last filled up with zeros. */
function base32(b: Uint8Array): string {
	let out = "", bits = 0, have = 0;

	for (const x of b) {
		bits = (bits << 8 | x) & 0xfff;
		for (have += 8; have >= 5; have -= 5)
			out += DIGITS[bits >> (have - 5) & 31];
	}
	return have ? out + DIGITS[bits << (5 - have) & 31] : out;
}

function nameOf(i: Incident, r: Rule, asked: string): string {
	const subject = new Uint8Array(16);
	let ms = Math.floor((i.at ?? 0) / 1000);

	for (let k = 5; k >= 0; k--) {
		subject[k] = ms % 256;
		ms = Math.floor(ms / 256);
	}
	subject.set(sha256(toBytes(`finding\n${i.id}\n${r.id}`
		+ (asked && `\n${asked}`))).subarray(0, 10), 6);
	return `f-${base32(subject)}`;
}

function lineHash(t: Terms, area: number): string {
	const z = t.areas[area], base = z?.is === "band" ? t.areas[z.of] : z;

	return base?.outline && base.sha256 ? base.sha256 : "";
}

function decimal(ppm: number): string {
	return `${Math.floor(ppm / 1_000_000)}.`
		+ String(ppm % 1_000_000).padStart(6, "0");
}

function maybe(s: string): string {
	return s === "" ? "null" : quoted(s);
}

function find(s: Scene, r: Rule): string {
	const { t, facts, incident: i } = s;
	const trace = new Trace();
	const at = (us: number | null): string =>
		us === null ? "null" : quoted(momentText(us, true));

	if (r.article !== "")
		trace.whole(`article ${r.article}: "${r.text}"`);
	trace.whole(ruleText(t, r));
	const o = opinionOf(s, r, AS_IT_IS, trace), flips = flipsIf(s, r, o);

	return `{"at":${at(i.at)},"cause":${maybe(o.cause)},"claims":[`
		+ facts.claims.map((c) => `{"at":${at(c.at)},"party":${quoted(c.party)}`
			+ `,"says":${quoted(c.says)}}`).join(",")
		+ `],"clause":${quoted(r.id)},"explanation":[`
		+ trace.lines.map(quoted).join(",")
		+ `],"flips_if":${maybe(flips)},"grade":${maybe(o.grade)}`
		+ `,"id":"${nameOf(i, r, s.asked)}","incident":${quoted(i.id)}`
		+ `,"incident_version":${i.version}`
		+ `,"line_sha256":${maybe(lineHash(t, o.from))}`
		+ `,"party":${quoted(o.party)}`
		+ `,"probability":[${decimal(o.breach.lo)},${decimal(o.breach.hi)}]`
		+ `,"reviews":[],"schema":"truce.finding/1"`
		+ `,"standard":${quoted(t.standards[r.standard]!.name)}`
		+ `,"status":"automatic","terms_sha256":"${t.sha256}"`
		+ `,"verdict":"${o.verdict}","version":0}`;
}

/** Findings as JSON, one a rule that names the incident's kind, in order of
 * the rules; of a duty one a party that owes it.  Activities are those on
 * record, claims those that concern it; all that was received until `known`
 * is among them. */
export function judge(
	t: Terms, incident: unknown, activities: unknown[], claims: unknown[],
	known: string | null,
): string[] {
	const facts: Facts = { activities: activities.map(readActivity),
		claims: claims.map(readClaim),
		known: known === null ? null : readMoment(known, true) };
	const s = new Scene(t, facts, readIncident(incident)), out: string[] = [];

	for (const r of t.rules.filter((x) => concerns(s, x))) {
		const owe = r.duty ? owing(s, r) : [];

		/* A duty: each party that owes it. */
		for (s.asked of owe.length ? owe : [""])
			out.push(letters(find(s, r)));
		s.asked = "";
	}
	return out;
}

// -- examples --

function kindOf(e: Example, r: Rule): number {
	const weapon = KINDS.indexOf("weapon");
	const first = (kinds: number): number | null =>
		KINDS.slice(0, -1).map((_, i) => i).find((i) => kinds >> i & 1) ?? null;

	if (e.thing.is === "kind")
		return e.thing.kind;
	/* `presence of` lists vehicles first; a weapon is a weapon. */
	const kind = first(r.manner)
		?? (r.is?.pure ? first(r.is.kinds) : null) ?? weapon;

	return KINDS[kind] === "vehicle" ? weapon : kind;
}

/** What an EXAMPLE of the agreement comes to. */
export function exampleOf(t: Terms, e: Example): Verdict {
	const r = t.rules.find((x) => x.id === e.rule)!;
	const sigma = Math.floor(e.error * 10000 / 21460);
	const cloud = new Cloud({ lat: 0, lon: 0 });
	const kind = kindOf(e, r);
	const attributes = new Map<string, string>();
	const nowhere = { lat: 0, lon: 0, alt: NaN, level: 0.9, major: Infinity,
		minor: Infinity, azimuth: 0, rings: null, cells: [] };

	if (e.thing.is === "weapon")
		attributes.set("weapon", WEAPONS[e.thing.weapon]!);
	if (e.calibre !== null)
		attributes.set("calibre_mm", String(e.calibre / 1000));
	if (e.by !== "")
		attributes.set("party", e.by);
	const incident: Incident = {
		id: "example", version: 0, replaces: [], kind: KINDS.map((_, i) => i === kind ? 1 : 0),
		count: { value: e.count ?? 1, meaning: "exact", max: -1 },
		at: e.at, from: e.at, to: e.at, place: nowhere,
		modalities: e.modalities === null ? 1
			: 2 ** Math.min(e.modalities, 8) - 1,
		evidence: [], features: new Map(), attributes,
	};
	const facts: Facts = {
		/* Of a duty: what the mission asked, and what that party said. */
		activities: e.notified.map((n) => ({
			id: "", party: r.duty?.of === n.what ? "mission" : e.by,
			what: n.what, from: e.at, to: null, received: n.at, last: null,
			claimed: false, place: nowhere, incident: r.duty ? "example" : "",
			asked: r.duty ? e.by : "",
		})),
		claims: [], known: e.until ?? LAST_US,
	};

	Object.assign(cloud, {
		known: e.distance !== null || e.inside !== null || e.outside.length > 0,
		normal: true,
		x: [0], y: [0], half: [0], weight: [1], total: 1,
		axis: [{ x: sigma, y: 0 }, { x: 0, y: sigma }],
		error: [{ x: e.error, y: 0 }, { x: 0, y: e.error }],
		radius: 5 * sigma + 2,
	});
	/* Of a zone that nobody has drawn only what is said. */
	const stated = t.areas.map((z, i) => z.is === "file" && z.notGiven !== null
		&& i !== e.inside && !e.outside.includes(i) ? null
		: Reach.stated(z.is !== "file"
			? e.distance ?? 0 : i === e.inside ? -FAR_MM / 4 : FAR_MM / 4,
		e.error, sigma));
	const s = new Scene(t, facts, incident, cloud, stated);

	s.asked = (r.duty && owing(s, r)[0]) || "";
	return concerns(s, r) ? opinionOf(s, r, AS_IT_IS, null).verdict
		: "not_applicable";
}
