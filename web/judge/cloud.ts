// SPDX-License-Identifier: GPL-3.0-or-later
//
// cloud.ts - a place's error as weighted samples (docs/judging.md 6).
import type { Place } from "./facts.js";
import type { Flat, Spot } from "./fixed.js";
import { FAR_MM, along, cosine, flatOf, lengthOf, sine, spotAt, spotOf,
	wholeOf } from "./fixed.js";
import { crosses } from "./ground.js";

const CELLS_MAX = 400, RINGS = 20, AXIS_MAX_M = 300_000;
/* Weights along one axis: 16 half sigmas, or 8 sigmas apart. */
const FINE = [71, 518, 2863, 11898, 37189, 87419, 154549, 205493,
	205493, 154549, 87419, 37189, 11898, 2863, 518, 71];
const COARSE = [3, 1219, 61540, 437237, 437237, 61540, 1219, 3];
/* Level, semi-axis of that level in 1e-4 sigma. */
const LEVELS: [number, number][] = [[0.5, 11774], [0.68, 15096],
	[0.9, 21460], [0.95, 24477], [0.99, 30349], [0.999, 37169]];

export class Cloud {
	known = false;
	normal = false; /* spread by `axis`, else by `half` */
	x: number[] = [];
	y: number[] = [];
	half: number[] = [];
	weight: number[] = [];
	total = 0;
	axis: [Flat, Flat] = [{ x: 0, y: 0 }, { x: 0, y: 0 }];
	error: [Flat, Flat] = [{ x: 0, y: 0 }, { x: 0, y: 0 }];
	radius = 0;

	constructor(readonly centre: Spot) {}

	get count(): number {
		return this.weight.length;
	}

	/** The error's greatest half width at level 0.9. */
	get major(): number {
		return Math.max(...this.error.map((e) => lengthOf(e.x, e.y)));
	}

	private add(at: Flat, half: number, weight: number): void {
		if (weight <= 0 || this.count === CELLS_MAX)
			return;
		this.x.push(at.x);
		this.y.push(at.y);
		this.half.push(half);
		this.weight.push(weight);
		this.total += weight;
		this.radius = Math.max(this.radius, lengthOf(at.x, at.y)
			+ Math.trunc(half * 1415 / 1000) + 2);
	}

	/** Normals on a lattice of `step` half sigmas. */
	private spread(sigma: [Flat, Flat], w: number[], step: number): void {
		const [s, t] = sigma;

		this.normal = true;
		w.forEach((wi, i) => w.forEach((wj, j) => {
			const u = step * (2 * i - w.length + 1);
			const v = step * (2 * j - w.length + 1);
			const weight = Math.floor(wi * wj / 1000);

			this.x.push(Math.trunc((s.x * u + t.x * v) / 4));
			this.y.push(Math.trunc((s.y * u + t.y * v) / 4));
			this.half.push(0);
			this.weight.push(weight);
			this.total += weight;
		}));
		this.axis = [scaled(s, 35 * step, 100), scaled(t, 35 * step, 100)];
		this.radius = Math.max(lengthOf(s.x, s.y), lengthOf(t.x, t.y)) * 5 + 2;
	}

	static of(p: Place): Cloud {
		const centre = spotOf(p.lat, p.lon);
		const c = new Cloud(centre ?? { lat: 0, lon: 0 });
		const ellipse = [p.major, p.minor].every((m) =>
			m >= 0 && m <= AXIS_MAX_M);

		if (!centre)
			return c;
		if (p.cells.length > 0 && p.cells.length <= CELLS_MAX) {
			for (const [lat, lon, side, share] of p.cells as
				[number, number, number, number][]) {
				const at = spotOf(lat, lon), half = wholeOf(side, 1000);
				const weight = wholeOf(share, 1e9);

				if (at && half !== null && weight !== null)
					c.add(flatOf(centre, at),
						Math.max(0, Math.min(half, 300_000_000)),
						Math.min(weight, 1_000_000_000));
			}
			if (ellipse)
				c.error = axes(p).error;
		} else if (ellipse) {
			const a = axes(p);

			c.error = a.error;
			c.spread(a.sigma, FINE, 1);
		} else if (p.rings) {
			c.uniform(p.rings);
		}
		const [e, f] = c.error;

		if (e.x === 0 && e.y === 0) {
			const round = c.normal ? 0 : c.radius;

			c.error = [{ x: round, y: 0 }, { x: f.x, y: round }];
		}
		c.known = c.total > 0 && c.radius < FAR_MM / 2;
		return c;
	}

	private uniform(rings: (readonly [number, number])[][]): void {
		const all = rings.map((r) => r.map(([lon, lat]) => spotOf(lat, lon)));
		const spots = all.flat();

		if (spots.length === 0 || spots.some((s) => s === null))
			return;
		const known = all as Spot[][], corners = spots as Spot[];
		const edge = (of: (s: Spot) => number, pick: typeof Math.min): number =>
			corners.reduce((v, s) => pick(v, of(s)), of(corners[0]!));
		const low = { lat: edge((s) => s.lat, Math.min),
			lon: edge((s) => s.lon, Math.min) };
		const high = { lat: edge((s) => s.lat, Math.max),
			lon: edge((s) => s.lon, Math.max) };
		const side = flatOf(low, high), wide = Math.max(side.x, side.y);
		let at = low;

		for (let i = 1; i < 2 * RINGS; i += 2)
			for (let j = 1; j < 2 * RINGS; j += 2) {
				at = {
					lat: low.lat + Math.trunc(
						(high.lat - low.lat) * i / (2 * RINGS)),
					lon: low.lon + Math.trunc(
						(high.lon - low.lon) * j / (2 * RINGS)),
				};
				if (inRings(known, at))
					this.add(flatOf(this.centre, at),
						Math.trunc(wide / (2 * RINGS)), 1);
			}
		if (this.count === 0)
			this.add(flatOf(this.centre, at), Math.trunc(wide / 2), 1);
	}

	/** Bigger or smaller by scale/1024. */
	scaled(scale: number): Cloud {
		const c = new Cloud(this.centre);
		const by = (v: number): number => Math.trunc(v * scale / 1024);

		c.known = this.known;
		c.error = this.error.map((e) => scaled(e, scale, 1024)) as [Flat, Flat];
		if (this.normal) {
			c.spread(c.error.map((e) => scaled(e, 10000, 21460)) as
				[Flat, Flat], COARSE, 2);
		} else {
			c.x = this.x.map(by);
			c.y = this.y.map(by);
			c.half = this.half.map(by);
			c.weight = this.weight;
			c.total = this.total;
			c.radius = by(this.radius) + 2;
		}
		c.known &&= c.radius < FAR_MM / 2;
		return c;
	}

	/** Where a sample lies on Earth. */
	spot(x: number, y: number): Spot {
		return spotAt(this.centre, x, y);
	}
}

function scaled(v: Flat, by: number, over: number): Flat {
	return { x: Math.trunc(v.x * by / over), y: Math.trunc(v.y * by / over) };
}

/** A level's semi-axis in 1e-4 sigma; between the rows straight. */
function sigmas(level: number): number {
	if (!(level >= 0.5 && level <= 0.999))
		return level > 0.999 ? 37169 : 21460;
	const i = Math.max(1, LEVELS.findIndex(([l]) => level <= l));
	const [from, a] = LEVELS[i - 1]!, [to, b] = LEVELS[i]!;
	const permille = (v: number): number => wholeOf(v, 1000)!;

	return level === to ? b : a + Math.trunc((b - a)
		* (permille(level) - permille(from)) / (permille(to) - permille(from)));
}

/** The ellipse's semi-axes of one sigma, and of level 0.9. */
function axes(p: Place): { sigma: [Flat, Flat]; error: [Flat, Flat] } {
	const e4 = sigmas(p.level), turn = wholeOf(p.azimuth, 1e7);
	const sigmaOf = (m: number): number =>
		Math.trunc(wholeOf(m, 1000)! * 10000 / e4);
	let a = sigmaOf(p.major), b = sigmaOf(p.minor);

	if (turn === null)
		a = b = Math.max(a, b);
	const s = sine(turn ?? 0), c = cosine(turn ?? 0);
	const sigma: [Flat, Flat] = [{ x: along(a, s), y: along(a, c) },
		{ x: along(b, c), y: along(b, -s) }];

	return {
		sigma,
		error: sigma.map((v) => scaled(v, 21460, 10000)) as [Flat, Flat],
	};
}

function inRings(rings: Spot[][], p: Spot): boolean {
	let inside = false;

	for (const r of rings)
		r.forEach((a, i) => {
			if (crosses(a, r[(i + 1) % r.length]!, p))
				inside = !inside;
		});
	return inside;
}
