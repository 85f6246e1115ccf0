// SPDX-License-Identifier: GPL-3.0-or-later
//
// facts.ts - records (CONTRACT.md) as the rules see them.  What is not said is
// NaN, null or "", never zero.
import { octets } from "./text.js";
import type { Moment } from "./time.js";
import { readMoment } from "./time.js";
import { KINDS, MODALITIES } from "./words.js";

type Tree = { [key: string]: unknown };

export interface Place {
	lat: number;
	lon: number;
	alt: number;
	level: number;
	major: number; /* m; Infinity: somewhere */
	minor: number;
	azimuth: number;
	rings: [number, number][][] | null; /* lon, lat */
	cells: number[][]; /* lat, lon, half side, share */
}

export interface Count {
	value: number; /* -1 not known */
	meaning: string;
	max: number;
}

export interface Incident {
	id: string;
	version: number;
	kind: number[]; /* probabilities, by number of the kind */
	count: Count;
	at: Moment;
	from: Moment;
	to: Moment;
	place: Place;
	modalities: number; /* bits */
	evidence: string[];
	features: Map<string, number>;
	attributes: Map<string, string>;
	replaces: string[]; /* ids that it stands for now */
}

/** When something was received: not before the one, not after the other;
 * claimed: as a file says, not as the log proves. */
export interface Receipt { received: Moment; last: Moment; claimed: boolean }

export interface Activity extends Receipt {
	id: string;
	party: string;
	what: string;
	from: Moment;
	to: Moment;
	place: Place;
	incident: string; /* of a query or an answer: what it is about */
	asked: string; /* of a query: whom */
}

export interface Claim extends Receipt {
	id: string;
	party: string;
	incident: string;
	says: string;
	at: Moment;
}

export interface Facts {
	known: Moment; /* all that was received by then is on record */
	activities: Activity[]; /* by receipt, then id */
	claims: Claim[];
}

function tree(v: unknown): Tree {
	return typeof v === "object" && v !== null && !Array.isArray(v)
		? v as Tree : {};
}

function list(v: unknown): unknown[] {
	return Array.isArray(v) ? v : [];
}

function text(t: Tree, key: string): string {
	const v = t[key];

	return typeof v === "string" ? octets(v) : "";
}

function number(v: unknown): number {
	return typeof v === "number" ? v : NaN;
}

function whole(v: unknown, otherwise: number): number {
	return Number.isInteger(v) ? v as number : otherwise;
}

function moment(t: Tree, key: string): Moment {
	const v = t[key];

	return typeof v === "string" ? readMoment(v, true) : null;
}

function wordOf(words: readonly string[], v: unknown): number {
	const i = words.indexOf(v as string);

	if (i < 0)
		throw new Error(`'${String(v)}' is none of ${words.join(", ")}`);
	return i;
}

/** A ring without its first point again at the end. */
function ring(v: unknown): [number, number][] {
	const points = list(v).map((p): [number, number] =>
		[number(list(p)[0]), number(list(p)[1])]);
	const [a, b] = [points[0], points.at(-1)];

	if (points.some(([lon, lat]) => !Number.isFinite(lon + lat)))
		throw new Error("a ring's point is not [lon, lat]");
	if (points.length > 1 && a![0] === b![0] && a![1] === b![1])
		points.pop();
	return points;
}

function place(v: unknown): Place {
	const t = tree(v), region = tree(t["region"]);
	const e = tree(region["ellipse"]), geo = tree(region["geojson"]);
	const finite = (x: unknown, otherwise: number): number =>
		Number.isFinite(x) ? x as number : otherwise;
	const rings = list(geo["coordinates"]).map((c) =>
		ring(geo["type"] === "MultiPolygon" ? list(c)[0] : c));
	const p: Place = {
		lat: number(t["lat"]), lon: number(t["lon"]), alt: number(t["alt_m"]),
		level: finite(region["level"], 0.9),
		major: finite(e["semi_major_m"], Infinity),
		minor: finite(e["semi_minor_m"], Infinity),
		azimuth: finite(e["azimuth_deg"], 0),
		rings: rings.length > 0 ? rings : null,
		cells: list(t["cells"]).map((c) => list(c).slice(0, 4).map(number)),
	};

	if (Math.abs(p.lat) > 90 || Math.abs(p.lon) > 180)
		throw new Error("a place that is not on Earth");
	if (p.cells.length > 400 || p.cells.some((c) => c.length < 4))
		throw new Error("cells");
	return p;
}

const MEANINGS = ["exact", "about", "at_least", "over", "range",
	"uncountable"];

function count(v: unknown): Count {
	const t = tree(v);

	if (v === undefined || v === null)
		return { value: -1, meaning: "uncountable", max: -1 };
	return {
		meaning: MEANINGS[wordOf(MEANINGS, t["meaning"])]!,
		value: whole(t["value"], -1), max: whole(t["max"], -1),
	};
}

export function readIncident(v: unknown): Incident {
	const t = tree(v), time = tree(t["time"]);
	const kind = KINDS.map(() => 0);
	const attributes = Object.entries(tree(t["attributes"]))
		.filter(([, s]) => typeof s === "string");

	for (const [name, p] of Object.entries(tree(t["kind"])))
		kind[wordOf(KINDS, name)] = number(p);
	return {
		id: text(t, "id"), version: whole(t["version"], 0), kind,
		count: count(t["count"]), at: moment(time, "at"),
		from: moment(time, "from"), to: moment(time, "to"),
		place: place(t["place"]),
		modalities: list(t["modalities"]).reduce((bits: number, m) =>
			bits | 1 << wordOf(MODALITIES, m), 0),
		evidence: list(t["evidence"]).map((e) => octets(String(e))),
		features: new Map(Object.entries(tree(t["features"]))
			.map(([name, x]) => [name, number(x)])),
		attributes: new Map(attributes.map(([name, s]) =>
			[name, octets(s as string)])),
		replaces: list(t["links"]).map(tree)
			.filter((l) => l["is"] === "replaces").map((l) => text(l, "id")),
	};
}

function receipt(t: Tree): Receipt {
	return {
		received: moment(t, "received"), last: moment(t, "received_last"),
		claimed: t["received_claimed"] !== false,
	};
}

export function readActivity(v: unknown): Activity {
	const t = tree(v), about = tree(t["attributes"]);

	return {
		id: text(t, "id"), party: text(t, "party"), what: text(t, "what"),
		from: moment(t, "from"), to: moment(t, "to"), ...receipt(t),
		place: place(t["place"]), incident: text(about, "incident"),
		asked: text(about, "to"),
	};
}

export function readClaim(v: unknown): Claim {
	const t = tree(v);

	return {
		id: text(t, "id"), party: text(t, "party"), says: text(t, "says"),
		incident: text(t, "incident"), at: moment(t, "at"), ...receipt(t),
	};
}
