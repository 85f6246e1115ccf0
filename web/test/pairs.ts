// SPDX-License-Identifier: GPL-3.0-or-later
//
// pairs.ts - random agreements, missions and facts over the whole language,
// for tests/twin.sh.  The same seed makes the same pairs.
import type { Shape } from "../judge/judge.js";

type Tree = { [key: string]: unknown };

export interface Case {
	terms: string;
	mission: { timezone: string; offsets: [string, number][]; shapes: Shape[] };
	facts: {
		incident: Tree;
		activities: Tree[];
		claims: Tree[];
		known: string | null;
	}[];
}

/** xorshift128 of Marsaglia (2003). */
class Dice {
	private s: [number, number, number, number];

	constructor(seed: number) {
		this.s = [seed ^ 0x9e3779b9, seed * 2654435761 | 0, 362436069,
			521288629];
		for (let i = 0; i < 20; i++)
			this.u32();
	}

	private u32(): number {
		const [x, y, z, w] = this.s, t = x ^ x << 11;

		this.s = [y, z, w, w ^ w >>> 19 ^ t ^ t >>> 8];
		return this.s[3] >>> 0;
	}

	unit(): number {
		return this.u32() / 2 ** 32;
	}

	/** 0 to n - 1. */
	below(n: number): number {
		return Math.floor(this.unit() * n);
	}

	chance(p: number): boolean {
		return this.unit() < p;
	}

	of<T>(list: readonly T[]): T {
		return list[this.below(list.length)]!;
	}

	between(a: number, b: number): number {
		return a + (b - a) * this.unit();
	}

	/** Small more often than large. */
	spread(least: number, most: number): number {
		return least * (most / least) ** this.unit();
	}

	some<T>(list: readonly T[], p: number): T[] {
		return list.filter(() => this.chance(p));
	}
}

const KINDS = ["explosion", "shot", "burst", "projectile", "muzzle_flash",
	"flare", "fire", "flight", "vessel", "vehicle", "weapon", "damage",
	"jamming", "obstruction", "casualty", "thunder", "unknown"];
const WEAPONS = ["tank", "mlrs", "artillery", "mortar", "apc", "uav",
	"small_arms", "helicopter", "mine"];
const WHATS = ["demining", "training", "movement", "flight"];
const WHENS = ["2026-02-03T10:00:00Z", "2026-03-29T00:59:59.999999Z",
	"2026-03-29T01:00:00Z", "2026-03-29T04:00:00Z", "2026-10-25T00:30:00Z",
	"2026-10-25T01:00:00Z", "2026-02-02T00:00:00Z", "2026-02-01T23:59:59.5Z",
	"2026-06-15T15:00:00Z", "1969-12-31T00:00:00Z", "2025-12-31T23:00:00Z"];
const TIMES = ["2026-02-02T00:00Z", "2026-03-29T02:00+02:00",
	"2026-02-03T10:00:00.000001Z", "2026-06-01T00:00:00Z",
	"2026-10-25T03:30+03:00"];
const LENGTHS = ["0 m", "1 mm", "500 m", "2 km", "2.5 km", "15 km", "30 km",
	"140 km", "3 m", "499.999 km", "12.345 m"];
const MEANINGS = ["exact", "about", "at_least", "over", "range",
	"uncountable"];

const OTHER = "i-0000000000000000000000000g";

function degrees(v: number, most: number): number {
	return Number(Math.max(-most, Math.min(most, v)).toFixed(7));
}

class Maker {
	readonly lat: number;
	readonly lon: number;
	readonly km: [number, number]; /* degrees a kilometre */

	constructor(readonly d: Dice) {
		this.lat = d.chance(0.8) ? 48 : d.of([0.01, -33.5, 65.25, 71.9, -0.02]);
		this.lon = d.chance(0.85) ? 37 : d.of([30.5, -68.3, 0.001, 179.7, -180]);
		this.km = [1 / 111.2,
			1 / (111.3 * Math.cos(this.lat * Math.PI / 180))];
	}

	/** Longitude and latitude so many km east and north. */
	at(east: number, north: number): [number, number] {
		let lon = this.lon + east * this.km[1];

		if (lon > 180)
			lon -= 360;
		if (lon < -180)
			lon += 360;
		return [degrees(lon, 180), degrees(this.lat + north * this.km[0], 90)];
	}

	// -- geometry --

	private polygon(x: number, y: number, r: number): [number, number][] {
		const n = 3 + this.d.below(5), out: [number, number][] = [];

		for (let i = 0; i < n; i++) {
			const a = 2 * Math.PI * (i + this.d.unit() * 0.8) / n;
			const b = r * this.d.between(0.6, 1.2);

			out.push(this.at(x + b * Math.cos(a), y + b * Math.sin(a)));
		}
		return out;
	}

	private line(x: number, wild: number): [number, number][] {
		const n = 2 + this.d.below(4), long = this.d.of([3, 40, 150]);
		const out: [number, number][] = [];

		for (let i = 0; i < n; i++)
			out.push(this.at(x + this.d.between(-wild, wild),
				long * (2 * i / (n - 1) - 1)));
		return out;
	}

	/** Corners on whole kilometres: equal distances, limits met exactly. */
	private square(x: number, y: number, r: number): [number, number][] {
		return [this.at(x - r, y - r), this.at(x + r, y - r),
			this.at(x + r, y + r), this.at(x - r, y + r)];
	}

	shapes(): Shape[] {
		const { d } = this;
		const make = (file: string, role: Shape["role"], closed: boolean,
			rings: [number, number][][], party = "", version = ""): Shape => ({
			file, role, closed, party, rings, version,
			sha256: (d.chance(0.97) ? digitOf(file) : "0").repeat(64),
		});
		const zone = (x: number, y: number, r: number): [number, number][] =>
			d.chance(0.4) ? this.square(x, y, r) : this.polygon(x, y, r);
		const out = [
			make("geo/loc", "line", false, [this.line(0, d.of([0, 0.5, 3]))]),
			make("geo/loc_b", "line", false, d.chance(0.2)
				? [this.line(-1, 1), this.line(2, 1)] : [this.line(-1, 1)]),
			make("geo/storage", "zone", true, [zone(-11, 0, 1)]),
			make("geo/corridor", "zone", true, d.chance(0.3)
				? [zone(0, 5, 2), zone(6, 5, 1)] : [zone(0, 5, 3)]),
		];

		if (d.chance(0.05))
			out[d.below(out.length)]!.rings = d.of([[[]],
				[[this.at(0, 0)]], [[this.at(1, 1), this.at(1, 1)]]]);
		if (d.chance(0.03))
			out[2]!.closed = false;
		if (d.chance(0.7)) {
			out.push(make("geo/ca", "control", true,
				[zone(-45, 0, d.of([45, 44, 20]))], "A"));
			out.push(make("geo/cb", "control", true,
				[zone(45, 0, 45)], d.of(["B", "B", "A", ""])));
			for (const date of d.some(["2026-02-03T10:00:00Z", "2026-03-29",
				"2026-01-01", "one"], 0.15)) {
				out.push(make("geo/ca2", "control", true,
					[zone(-43, 0, 45)], "A", date));
				out.push(make("geo/cb2", "control", true,
					[zone(47, 0, 45)], "B", date));
			}
		}
		if (d.chance(0.05))
			out.splice(d.below(out.length), 1);
		return out;
	}

	// -- the agreement --

	private expression(depth: number, classes: string[]): string {
		const { d } = this;

		if (depth === 0 || d.chance(0.35)) {
			if (d.chance(0.2))
				return `calibre_mm ${d.of([">=", ">", "<=", "<", "="])} `
					+ d.of(["100", "120", "99.9", "152 mm", "82"]);
			return d.of([...KINDS.slice(0, -1), ...WEAPONS, ...classes,
				...classes, "tank", "shot", "explosion"]);
		}
		const a = this.expression(depth - 1, classes);

		if (d.chance(0.2))
			return d.chance(0.5) && /^\w+$/.test(a) ? `not ${a}` : `not (${a})`;
		const e = `${a} ${d.of(["and", "or", "or"])} `
			+ this.expression(depth - 1, classes);

		return d.chance(0.5) ? `(${e})` : e;
	}

	private condition(exception: boolean): string {
		const { d } = this;
		const line = d.of(["loc", "loc", "loc_b", "lost"]);
		const zone = d.of(["buffer", "wide", "storage", "corridor", "nowhere",
			"storage", "corridor", "secret"]);
		const all = [
			() => `WITHIN ${d.of(LENGTHS)}${d.chance(0.2) ? " TOTAL" : ""} OF ${
				line}`,
			() => `WITHIN ${Math.floor(d.spread(1, 40000))} m OF ${line}`,
			() => `INSIDE ${zone}`, () => `OUTSIDE ${zone}`,
			() => "ON own side",
			() => `ON side OF ${d.of(["A", "B", "mission"])}`,
			() => `FROM ${d.of(TIMES)}`, () => `UNTIL ${d.of(TIMES)}`,
			() => `DAILY ${d.of(["06:00-18:00", "20:00-04:00", "00:00-24:00",
				"10:00-12:00", "23:59-00:00", "03:00-05:00"])}`,
			() => `BY ${d.of(["A", "B", "mission"])}`,
		];
		const notified = (): string => `NOTIFIED ${d.of(WHATS)} ${
			d.of(["24 h", "48 h", "0 s", "2 d", "90 min", "1.5 h"])} BEFORE`
			+ (d.chance(0.6) ? `, NEAR ${d.of(LENGTHS)}` : "");

		return exception && d.chance(0.5) ? notified() : d.of(all)();
	}

	private rule(id: string, classes: string[]): string {
		const { d } = this;
		const out: string[] = [];

		if (d.chance(0.15))
			out.push(`RULE ${id} REQUIRES ${d.of(["answer", "answer", "access"])}${
				d.of(["", " BY accused", " BY A"])} WITHIN ${
				d.of(["24 h", "0 s", "90 min"])} OF query${
				d.of(["", " ELSE obstruction", " ELSE unknown"])}`);
		const thing = d.of([...classes, ...classes, "explosion", "shot",
			"weapon", "uav", `(${this.expression(2, classes)})`]);

		if (out.length === 0)
			out.push(`RULE ${id} FORBIDS ${d.chance(0.4)
				? `${d.of(["presence", "flight", "use"])} of ${d.of(["heavy",
					"heavy", "uav", "mlrs", "(not fire)"])}` : thing}`);
		for (let i = d.below(4); i > 0; i--)
			out.push(` ${this.condition(false)}`);
		for (let i = 1, n = d.below(4); i <= n; i++)
			out.push(` EXCEPT ${id}.${i} ${Array.from(
				{ length: 1 + d.below(2) }, () => this.condition(true))
				.join(", ")}`);
		if (d.chance(0.8))
			out.push(` STANDARD ${d.of(["clear", "plain", "reasonable"])}`);
		if (d.chance(0.7))
			out.push(` GRADE ${d.of(["serious", "minor", "by count (1 minor, "
				+ "10 serious, 100 grave)", "by count (5 grave)"])}`);
		return out.join("\n");
	}

	private example(rule: string): string {
		const { d } = this;
		const given = d.some([
			`${d.of(LENGTHS)} FROM ${d.of(["loc", "loc_b"])}`,
			`INSIDE ${d.of(["storage", "corridor", "buffer", "secret"])}`,
			`OUTSIDE ${d.of(["storage", "secret", "buffer"])}`,
			"OUTSIDE secret, OUTSIDE storage",
			`ERROR ${d.of(LENGTHS)}`, `CALIBRE ${d.of(["100", "82.5"])} mm`,
			`COUNT ${d.below(20)}`, `MODALITIES ${d.below(12)}`,
			`BY ${d.of(["A", "B", "mission"])}`, `AT ${d.of(TIMES)}`,
			`NOTIFIED ${d.of(WHATS)} AT ${d.of(TIMES)}`,
			`NOTIFIED query AT ${d.of(TIMES)}`,
			`NOTIFIED answer AT ${d.of(TIMES)}`, `UNTIL ${d.of(TIMES)}`,
		], 0.4).join(", ");

		return `EXAMPLE ${rule} "e" GIVEN ${d.of([...WEAPONS,
			...KINDS.slice(0, -1)])} ${given} -> ${d.of(["BREACH", "NO BREACH",
			"UNDETERMINED", "NOT APPLICABLE", "CONFLICT"])}`;
	}

	terms(): string {
		const { d } = this;
		const error = (): string => d.chance(0.5) ? ""
			: ` ERROR ${d.of(["50 m", "200 m", "1 mm", "2 km"])}`;
		const file = (name: string): string =>
			`FILE geo/${name} SHA256 ${digitOf(`geo/${name}`).repeat(64)}`;
		const classes = ["heavy", "shooting"];
		const out = [
			`AGREEMENT t/${d.below(100)}`,
			d.chance(0.5) ? "TITLE \"A \\\"title\\\" (\u0443\u0433\u043e\u0434\u0430)\"" : "",
			d.chance(0.5) ? "STATUS signed 2026-02-01" : "",
			`TIMEZONE ${d.of(["Europe/Kyiv", "Europe/Kyiv", "UTC"])}`,
			"PARTIES A \"Party A\" B \"\u0421\u0442\u043e\u0440\u043e\u043d\u0430 B\"",
			`LINE loc ${file("loc")}${error()}`,
			`LINE loc_b ${file("loc_b")}${error()}${d.chance(0.6)
				? " MEASURED BY B" : ""}`,
			`LINE lost NOT GIVEN "${d.chance(0.5) ? "never published"
				: "\u043a\u043e\u043e\u0440\u0434\u0438\u043d\u0430\u0442\u0438 ".repeat(12)}"`,
			`ZONE buffer = WITHIN ${d.of(LENGTHS)} OF loc${error()}`,
			`ZONE wide = WITHIN ${d.of(LENGTHS)} TOTAL OF loc`,
			`ZONE storage ${file("storage")}${error()}`,
			`ZONE corridor ${file("corridor")}${d.chance(0.5)
				? ` FLOOR ${d.of(["0 m", "500 m"])}` : ""}${d.chance(0.5)
				? " CEILING 3 km" : ""}`,
			"ZONE nowhere = WITHIN 2 km OF lost",
			"ZONE secret NOT GIVEN \"a closed annex\"",
			d.chance(0.3) ? "# a comment \u2603" : "",
			"CLASS heavy = tank or mlrs or (artillery and calibre_mm >= 100)"
				+ " or (mortar and calibre_mm >= 120)",
			"CLASS shooting = explosion or burst or shot or projectile",
		];

		for (let i = d.below(3); i > 0; i--) {
			out.push(`CLASS c${i} = ${this.expression(3, classes)}`);
			classes.push(`c${i}`);
		}
		out.push("STANDARD clear = probability >= 0.95 and modalities >= 2",
			"STANDARD plain = probability >= 0.95",
			"STANDARD reasonable = probability >= 0.50");
		if (d.chance(0.6))
			out.push(`ARTICLE 1 TEXT "No weapon near the line."${d.chance(0.2)
				? `\n "${"Long, \u043c\u043e\u0432\u0430 ".repeat(60)}"` : ""}`);
		const n = 1 + d.below(3);
		for (let i = 0; i < n; i++)
			out.push(this.rule(`1.${"abc"[i]}`, classes));
		for (let i = d.below(3); i > 0; i--)
			out.push(this.example(`1.${"abc"[d.below(n)]}`));
		return this.spoilt(out.filter((l) => l !== "").join("\n"));
	}

	/** Now and then a word too many or too few. */
	private spoilt(text: string): string {
		const { d } = this;

		if (!d.chance(0.03))
			return text;
		const words = text.split(/(?<=[ \n])/);
		const at = d.below(words.length);

		words.splice(at, d.below(2), ...d.some([d.of(words), d.of(["( ", "1 ",
			", ", "\"x ", "RULE ", "= ", "km ", "\u00a7 ", "$ "])], 0.5));
		return words.join("");
	}

	// -- facts --

	private time(): string {
		const { d } = this, at = Date.parse(d.of(WHENS));

		return new Date(d.chance(0.4) ? at : at + Math.floor(
			d.between(-2, 2) * d.spread(1, 1e8))).toISOString();
	}

	private place(): Tree {
		const { d } = this;
		const [x, y] = d.chance(0.3)
			? [d.of([-1, 0, 1, 2, -2, -11, 5]), d.of([0, 0, 5, 2, -1])]
			: [d.between(-1, 1) * d.spread(0.01, d.of([6, 40, 60])),
				d.between(-1, 1) * d.spread(0.1, 30)];
		const [lon, lat] = this.at(x, y);
		const size = d.spread(1, d.of([300, 5000, 40000]));
		const p: Tree = { lat, lon, alt_m: d.chance(0.6) ? null
			: Number(d.between(-5, 3100).toFixed(1)) };
		const region: Tree = { level: d.of([0.9, 0.9, 0.9, 0.5, 0.68, 0.95,
			0.99, 0.999, 0.8, 0.3, 0.97, 0.9999]) };

		if (d.chance(0.03))
			return { lat: null, lon: null, alt_m: null, region: null };
		if (d.chance(0.75) || d.chance(0.1))
			region["ellipse"] = {
				semi_major_m: Number(size.toFixed(1)),
				semi_minor_m: Number((size * d.of([1, 0.5, 0.1, 0]))
					.toFixed(1)),
				azimuth_deg: Number(d.between(0, 180).toFixed(1)),
			};
		if (d.chance(0.15))
			p["cells"] = Array.from({ length: 1 + d.below(25) }, () => {
				const [a, b] = this.at(x + d.between(-1, 1) * size / 1000,
					y + d.between(-1, 1) * size / 1000);

				return [b, a, Number(d.between(0, size / 3).toFixed(1)),
					Number(d.unit().toFixed(6))];
			});
		if (d.chance(0.15)) {
			const ring = (): [number, number][] => this.polygon(
				x + d.between(-1, 1) * size / 2000, y, size / 1000);

			region["geojson"] = d.chance(0.3) ? { type: "MultiPolygon",
				coordinates: [[ring()], [ring()]] }
				: { type: "Polygon", coordinates: [ring()] };
		}
		p["region"] = region;
		return p;
	}

	private kinds(): Tree {
		const { d } = this, out: { [kind: string]: number } = {};
		let left = 1;

		for (let i = d.below(3); i > 0 && left > 0; i--) {
			const share = Number((left * d.unit()).toFixed(d.of([6, 2])));

			out[d.of(KINDS)] = share;
			left -= share;
		}
		const likely = d.of(["explosion", "shot", "weapon", "flight", "vehicle",
			...KINDS]);

		out[likely] = Number(((out[likely] ?? 0) + left).toFixed(6));
		return out;
	}

	private attributes(): Tree {
		const { d } = this, out: Tree = {};

		if (d.chance(0.6))
			out["weapon"] = d.of([...WEAPONS, "tank, apc", "Tank/MLRS",
				"{tank|apc}", "anti-tank", "Howitzer", "", "mlrs,", "grenade "
				+ "launcher", "\u0433\u0430\u0443\u0431\u0438\u0446\u044f ".repeat(5),
				`tank${" ".repeat(40)}apc`]);
		if (d.chance(0.5))
			out[d.of(["calibre_mm", "calibre_min_mm", "calibre_max_mm"])] =
				d.of(["100", "120.5", "152", "82", "+99.9", "-5", "x", "1e2",
					"0.1234567890123456", "99.9999", ""]);
		if (d.chance(0.3))
			out["calibre_max_mm"] = d.of(["122", "152", "90"]);
		if (d.chance(0.4))
			out["party"] = d.of(["A", "B", "mission", "C", ""]);
		if (d.chance(0.3))
			out["assessment"] = d.of(["outgoing", "incoming", "impact"]);
		return out;
	}

	private id(letter: string): string {
		let s = "";

		for (let i = 0; i < 25; i++)
			s += "0123456789abcdefghijklmnopqrstuv"[this.d.below(32)];
		return `${letter}-${s}${"0g4ko8s"[this.d.below(2)]}`;
	}

	private incident(): Tree {
		const { d } = this, at = this.time();
		const later = (s: number): string =>
			new Date(Date.parse(at) + Math.floor(s * 1000)).toISOString();

		return {
			id: this.id("i"), version: 1 + d.below(3), status: "automatic",
			kind: this.kinds(),
			count: d.chance(0.1) ? null : {
				meaning: d.of(MEANINGS),
				value: d.chance(0.2) ? null : d.of([0, 1, 3, 9, 10, 99, 100, 250]),
				...(d.chance(0.5) && { max: d.of([5, 12, 120]) }),
			},
			time: { at: d.chance(0.03) ? null : at,
				from: d.chance(0.5) ? null
					: later(-d.spread(1, d.of([10, 40000]))),
				to: d.chance(0.5) ? null : later(d.spread(1, d.of([10, 40000]))),
				level: 0.9 },
			place: this.place(), phrase: "",
			modalities: d.some(["acoustic", "seismic", "radar", "heat",
				"image", "witness"], d.of([0.2, 0.4])),
			evidence: Array.from({ length: d.below(5) }, () => this.id("d")),
			silent: [], health: [], links: d.chance(0.2)
				? [{ is: d.of(["replaces", "near"]), id: OTHER }] : [],
			features: d.chance(0.2) ? { calibre_mm: d.of([100, 122.25, 82.1]) }
				: {},
			attributes: this.attributes(),
		};
	}

	/** A query of the mission, or an answer to one, by the hour. */
	private duty(about: unknown): Tree[] {
		const { d } = this;
		const asked = Date.parse(d.of(WHENS.slice(0, 9)));
		const attributes = (to: Tree): Tree =>
			({ incident: d.chance(0.8) ? about : OTHER, ...to });
		const one = (party: string, what: string, late: number, more: Tree):
			Tree => {
			const at = asked + late;

			return { ...this.activity(), party, what,
				received: d.chance(0.04) ? null : new Date(at).toISOString(),
				...(d.chance(0.3) && { received_last: new Date(at
					+ d.of([-1, 1, 2]) * d.spread(1, 1e7)).toISOString() }),
				attributes: attributes(more) };
		};

		return [
			...Array.from({ length: d.of([1, 1, 1, 2, 7]) }, () =>
				one("mission", "query", d.of([0, 0, 1, 5e6]),
					d.chance(0.5) ? { to: d.of(["A", "B", "C"]) } : {})),
			...Array.from({ length: d.of([0, 0, 1, 2]) }, () =>
				one(d.of(["A", "A", "B"]), d.of(["answer", "answer", "access"]),
					d.of([-1, 0, 1, 864e5, 864e5 + 1, 1, 54e5]) * d.of([1, 1,
						d.unit()]), {})),
		];
	}

	private activity(): Tree {
		const { d } = this;

		return {
			id: this.id("a"), party: d.of(["A", "A", "B", "mission", "mission",
				"\u041c\u0456\u0441\u0456\u044f ".repeat(9)]),
			what: d.of(WHATS), from: d.chance(0.05) ? null : this.time(),
			to: d.chance(0.3) ? null : this.time(),
			received: d.chance(0.05) ? null
				: d.chance(0.3) ? "2026-01-01T00:00:00Z" : this.time(),
			...(d.chance(0.1) && { received_last: this.time() }),
			received_claimed: d.chance(0.5), text: "",
			place: d.chance(0.2) ? { lat: null, lon: null, region: null }
				: this.place(),
			attributes: {},
		};
	}

	facts(): Case["facts"][number] {
		const { d } = this, incident = this.incident();
		const activities = Array.from({ length: d.of([0, 0, 1, 2, 4]) },
			() => this.activity());
		const when = (incident["time"] as Tree)["at"];

		/* Some of them about this very thing. */
		for (const a of activities) {
			if (d.chance(0.5))
				Object.assign(a, { from: when, to: null,
					received: "2020-01-01T00:00:00Z" });
			if (d.chance(0.4))
				a["place"] = incident["place"];
		}
		if (d.chance(0.3))
			activities.splice(d.below(3), 0, ...this.duty(incident["id"]));
		return {
			incident, activities, known: d.of([null, this.time(),
				"2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"]),
			claims: Array.from({ length: d.chance(0.2) ? 1 + d.below(2) : 0 },
				() => ({
					id: this.id("c"), party: d.of(["A", "B"]),
					incident: d.chance(0.5) ? incident["id"] : null,
					received: d.chance(0.3) ? null : this.time(),
					received_claimed: d.chance(0.5),
					says: d.of(["it was \"ours\"", "no\n\u007f\t", "\u2603"]),
					kind: "unknown", at: d.chance(0.5) ? null : this.time(),
				})),
		};
	}
}

function digitOf(file: string): string {
	return (file.length % 16).toString(16);
}

export function make(seed: number, facts: number): Case {
	const m = new Maker(new Dice(seed));

	return {
		terms: m.terms(),
		mission: {
			timezone: "Europe/Kyiv",
			offsets: [["2026-01-01T00:00:00Z", 7200],
				["2026-03-29T01:00:00Z", 10800], ["2026-10-25T01:00:00Z", 7200]],
			shapes: m.shapes(),
		},
		facts: Array.from({ length: facts }, () => m.facts()),
	};
}
