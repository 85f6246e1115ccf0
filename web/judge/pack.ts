// SPDX-License-Identifier: GPL-3.0-or-later
//
// pack.ts - the findings of a pack that holds its mission (`truce export
// --level full`), made anew from its agreement, its geometry and the records
// that its log holds: do they follow?
import { sha256 } from "@noble/hashes/sha2";

import type { Source } from "../verify/source.js";
import { hexOf } from "./canon.js";
import { flatOf, spotOf } from "./fixed.js";
import type { Mission, Shape, Terms } from "./judge.js";
import { Slip, bind, judge, readTerms } from "./judge.js";
import { readMoment } from "./time.js";

type Tree = { [key: string]: unknown };
export type Fields = ReadonlyMap<string, Uint8Array | undefined>;

export interface Recomputed {
	same: number;
	/* Where it differs: the finding and the first member. */
	differ: { id: string; member: string }[];
	hidden: number; /* findings or what they rest on are not all shown */
	/* The pack's terms have another hash than a finding names: they are
	 * others, or the browser has another table of clock changes. */
	otherTerms: boolean;
}

// -- records --

/** A body's fields as the record they are: `place.lat` is lat of place. */
function recordOf(fields: Fields): Tree | null {
	const out: Tree = {}, decoder = new TextDecoder();

	for (const [name, bytes] of fields) {
		if (bytes === undefined)
			return null;
		const raw = decoder.decode(bytes), path = name.split(".");
		const json = /^[-0-9"[{]|^(null|true|false)$|^$/.test(raw);
		let at = out;

		for (const step of path.slice(0, -1))
			at = (at[step] ??= {}) as Tree;
		at[path.at(-1)!] = json ? JSON.parse(raw) : raw;
	}
	return out;
}

// -- the mission --

function ringsOf(g: Tree): { closed: boolean; rings: [number, number][][] } {
	const at = g["coordinates"] as never;
	const polygon = (r: [number, number][][]): [number, number][] => {
		const ring = r[0]!.slice(0, -1);
		const area = ring.reduce((sum, [x, y], i) => {
			const [u, v] = ring[(i + 1) % ring.length]!;

			return sum + x * v - u * y;
		}, 0);

		return area < 0 ? ring.reverse() : ring;
	};

	switch (g["type"]) {
	case "LineString": return { closed: false, rings: [at] };
	case "MultiLineString": return { closed: false, rings: at };
	case "Polygon": return { closed: true, rings: [polygon(at)] };
	case "MultiPolygon":
		return { closed: true, rings: (at as [number, number][][][])
			.map(polygon) };
	case "GeometryCollection": {
		const all = (g["geometries"] as Tree[]).map(ringsOf);

		return { closed: all.some((x) => x.closed),
			rings: all.flatMap((x) => x.rings) };
	}
	default: return { closed: false, rings: [] };
	}
}

function shapesOf(file: string, bytes: Uint8Array): Shape[] {
	const t = JSON.parse(new TextDecoder().decode(bytes)) as Tree;
	const all = t["type"] === "FeatureCollection" ? t["features"] as Tree[]
		: [t];
	const hash = hexOf(sha256(bytes));

	return all.flatMap((f): Shape[] => {
		const g = f["type"] === "Feature" ? f["geometry"] as Tree | null : f;
		const p = (f["properties"] ?? {}) as { [key: string]: unknown };
		const word = (name: string): string =>
			typeof p[name] === "string" ? p[name] as string : "";
		const { closed, rings } = g ? ringsOf(g)
			: { closed: false, rings: [] };
		const role = (["line", "zone", "control", "basemap"] as const)
			.find((r) => r === word("role")) ?? (closed ? "zone" : "line");

		return rings.length === 0 ? [] : [{ file, sha256: hash, role, closed,
			rings, party: word("party"), version: word("version") }];
	});
}

/** The zone's changes of clock, by the browser's own table. */
function offsetsOf(zone: string): [string, number][] {
	const format = new Intl.DateTimeFormat("en", { timeZone: zone,
		timeZoneName: "longOffset" });
	const east = (ms: number): number => {
		const name = format.formatToParts(ms)
			.find((x) => x.type === "timeZoneName")!.value;
		const m = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name);

		return m ? (Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4] ?? 0))
			* (m[1] === "-" ? -1 : 1) : 0;
	};
	const DAY = 86_400_000, out: [string, number][] = [];
	let was = NaN;

	for (let ms = 0; ms < Date.UTC(2038, 0); ms += DAY) {
		const now = east(ms);

		if (now === was)
			continue;
		let low = Math.max(0, ms - DAY), high = ms;
		while (high - low > 1000) { /* to the second */
			const mid = low + Math.floor((high - low) / 2000) * 1000;

			if (east(mid) === was)
				low = mid;
			else
				high = mid;
		}
		out.push([new Date(high).toISOString(), was = now]);
	}
	return out;
}

async function missionOf(
	source: Source,
): Promise<{ t: Terms; m: Mission } | null> {
	const read = async (name: string): Promise<Uint8Array | null> =>
		await source.read(`mission/${name}`);
	const yaml = await read("mission.yaml");
	const said = yaml ? new TextDecoder().decode(yaml) : "";
	const word = (key: string, otherwise: string): string =>
		new RegExp(`^${key}:\\s*["']?([^"'\\s#]+)`, "m").exec(said)?.[1]
			?? otherwise;
	const terms = await read(word("agreement", "agreement.terms"));
	const listed = /^geometry:\s*\n((?:\s+-\s.*\n?)+)/m.exec(said)?.[1];
	const files = listed
		? [...listed.matchAll(/-\s+["']?([^"'\s#]+)/g)].map((x) => x[1]!)
		: (await source.list("mission/geo") ?? []).filter((x) =>
			x.endsWith(".geojson")).map((x) => x.replace(/^mission\//, ""))
			.sort();
	const m: Mission = { timezone: word("timezone", "UTC"), offsets: [],
		shapes: [] };

	if (!yaml || !terms)
		return null;
	for (const f of files) {
		const bytes = await read(f);

		if (bytes)
			m.shapes.push(...shapesOf(f, bytes));
	}
	m.offsets = offsetsOf(m.timezone);
	const t = readTerms(terms);

	bind(t, m);
	return { t, m };
}

// -- the comparison --

function moment(v: unknown): number | null {
	return typeof v === "string" ? readMoment(v, true) : null;
}

/** A claim of its own concerns what is near in time and place. */
function concerns(claim: Tree, incident: Tree): boolean {
	const a = claim["place"] as Tree | undefined;
	const b = incident["place"] as Tree;
	const t = moment(claim["at"]), u = moment((incident["time"] as Tree)["at"]);

	if (claim["incident"])
		return claim["incident"] === incident["id"];
	if (t === null || u === null || Math.abs(t - u) > 900e6
		|| typeof a?.["lat"] !== "number" || typeof b["lat"] !== "number")
		return false;
	const d = flatOf(spotOf(b["lat"], b["lon"] as number)!,
		spotOf(a["lat"], a["lon"] as number)!);

	return Math.hypot(d.x, d.y) <= 5_000_000;
}

const OTHERS = ["version", "status", "reviews", "terms_sha256", "ledger"];

function differs(logged: Tree, anew: Tree | undefined): string | null {
	if (!anew)
		return "all of it";
	return Object.keys(anew).find((k) => !OTHERS.includes(k)
		&& JSON.stringify(anew[k]) !== JSON.stringify(logged[k])) ?? null;
}

class Records {
	readonly incident = new Map<string, Tree>(); /* by id and version */
	readonly finding = new Map<string, Tree>();
	readonly activity = new Map<string, Tree>();
	readonly claim = new Map<string, Tree>();
	hidden = 0;

	take(fields: Fields): void {
		const r = recordOf(fields), id = String(r?.["id"] ?? "");

		if (!r)
			this.hidden++;
		else if (r["schema"] === "truce.incident/1")
			this.incident.set(`${id} ${r["version"] as number}`, r);
		else if (r["schema"] === "truce.finding/1")
			this.finding.set(id, r);
		else if (r["schema"] === "truce.activity/1")
			this.activity.set(id, r);
		else if (r["schema"] === "truce.claim/1")
			this.claim.set(id, r);
	}
}

function known(r: Records): string | null {
	const asked = [...r.activity.values()].some((a) =>
		(a["attributes"] as Tree | undefined)?.["incident"] !== undefined);
	const all = [
		...[...r.activity.values(), ...r.claim.values()]
			.map((x) => x["received"]),
		...(asked ? [...r.incident.values()].map((i) =>
			(i["time"] as Tree)["from"]) : []),
	].filter((x) => moment(x) !== null) as string[];

	return all.length ? all.reduce((a, b) => a > b ? a : b) : null;
}

function byReceipt(a: Tree, b: Tree): number {
	const x = moment(a["received"]) ?? -1, y = moment(b["received"]) ?? -1;

	return x - y || (String(a["id"]) < String(b["id"]) ? -1 : 1);
}

/** Null where the pack holds no mission, or its terms cannot be read. */
export async function recompute(
	source: Source, bodies: Fields[],
): Promise<Recomputed | null> {
	const r = new Records();
	const out: Recomputed = { same: 0, differ: [], hidden: 0, otherTerms: false };
	let mission;

	try {
		mission = await missionOf(source);
	} catch (e) {
		if (!(e instanceof Slip || e instanceof SyntaxError))
			throw e;
		return null;
	}
	if (!mission)
		return null;
	for (const b of bodies)
		r.take(b);
	const until = known(r), activities = [...r.activity.values()]
		.sort(byReceipt);
	const made = new Map<string, Map<string, Tree>>();

	out.hidden = r.hidden;
	for (const [id, logged] of r.finding) {
		const which = `${logged["incident"] as string} ${
			logged["incident_version"] as number}`;
		const incident = r.incident.get(which);

		if (logged["status"] === "rejected")
			continue;
		if (!incident) {
			out.hidden++;
			continue;
		}
		if (!made.has(which))
			made.set(which, new Map(judge(mission.t, incident, activities,
				[...r.claim.values()].filter((c) => concerns(c, incident)),
				until).map((f) => JSON.parse(f) as Tree)
				.map((f) => [f["id"] as string, f])));
		const anew = made.get(which)!.get(id), member = differs(logged, anew);

		out.otherTerms ||= anew?.["terms_sha256"] !== logged["terms_sha256"];
		if (member)
			out.differ.push({ id, member });
		else
			out.same++;
	}
	return out;
}
