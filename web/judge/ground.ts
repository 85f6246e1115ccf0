// SPDX-License-Identifier: GPL-3.0-or-later
//
// ground.ts - lines and borders: what they are made of, the nearest point of
// one, and what is inside (docs/judging.md 5).
import type { Flat, Spot } from "./fixed.js";
import { EXACT, FAR_MM, flatOf, lengthOf, ratio, spotOf } from "./fixed.js";

/** A geometry file's line or polygon, as the mission has read it. */
export interface Shape {
	file: string;
	sha256: string;
	role: "line" | "zone" | "control" | "basemap";
	version: string; /* a date: in force from then */
	party: string;
	closed: boolean;
	rings: [number, number][][]; /* longitude, latitude */
}

const PIECE = 2_000_000; /* 0.2 degree */
const PIECES_MAX = 4_000_000;

export interface Outline {
	from: Spot[]; /* each piece's ends */
	to: Spot[];
	closed: boolean;
}

function cutUp(o: Outline, a: Spot, b: Spot): void {
	const n = 1 + Math.floor(Math.max(Math.abs(b.lat - a.lat),
		Math.abs(b.lon - a.lon)) / PIECE);
	const point = (i: number): Spot => ({
		lat: a.lat + ratio(b.lat - a.lat, i, n),
		lon: a.lon + ratio(b.lon - a.lon, i, n),
	});

	for (let i = 0; i < n; i++) {
		o.from.push(point(i));
		o.to.push(point(i + 1));
	}
}

/** Null where there is none, or it is not on Earth. */
export function outlineOf(
	shapes: Shape[], closed: boolean,
): Outline | null {
	const o: Outline = { from: [], to: [], closed };

	for (const s of shapes)
		for (const ring of s.rings) {
			const spots = ring.map(([lon, lat]) => spotOf(lat, lon));
			const last = s.closed ? spots.length : spots.length - 1;

			for (let i = 0; i < last; i++) {
				const a = spots[i], b = spots[(i + 1) % spots.length];

				if (!a || !b)
					return null;
				cutUp(o, a, b);
			}
		}
	return o.from.length === 0 || o.from.length > PIECES_MAX ? null : o;
}

/** An outline on the plane about a spot; pieces nearest to it first. */
export class View {
	private readonly ax: Float64Array;
	private readonly ay: Float64Array;
	private readonly dx: Float64Array;
	private readonly dy: Float64Array;
	private readonly gap: Float64Array; /* from the centre */

	constructor(readonly outline: Outline, readonly centre: Spot) {
		const n = outline.from.length;
		const all = outline.from.map((spot, i) => {
			const a = flatOf(centre, spot), b = flatOf(centre, outline.to[i]!);
			/* On the far side of the Earth, where east is west: a point. */
			const round = Math.abs(b.x - a.x) > FAR_MM;
			const piece = [a.x, a.y, round ? 0 : b.x - a.x,
				round ? 0 : b.y - a.y] as const;
			const way = nearest(...piece, 0, 0);

			return { piece, gap: lengthOf(way.x, way.y) };
		}).sort((p, q) => p.gap - q.gap);
		const column = (of: (i: number) => number): Float64Array =>
			Float64Array.from({ length: n }, (_, i) => of(i));

		this.ax = column((i) => all[i]!.piece[0]);
		this.ay = column((i) => all[i]!.piece[1]);
		this.dx = column((i) => all[i]!.piece[2]);
		this.dy = column((i) => all[i]!.piece[3]);
		this.gap = column((i) => all[i]!.gap);
	}

	/** The way from the nearest point of the outline to (x, y); of ways
	 * equally long the one least by x, then y. */
	way(x: number, y: number): Flat {
		const off = Math.sqrt(x * x + y * y);
		let best: Flat = { x: 0, y: 0 }, reach = Infinity, square = Infinity;

		for (let i = 0; i < this.gap.length; i++) {
			/* A cut product puts a way off by less than 70 mm. */
			if (this.gap[i]! - off - 200 > reach)
				break;
			const w = nearest(this.ax[i]!, this.ay[i]!, this.dx[i]!,
				this.dy[i]!, x, y);
			const s = w.x * w.x + w.y * w.y;

			if (square === Infinity || shorter(w, s, best, square)) {
				best = w;
				square = s;
				reach = Math.sqrt(s);
			}
		}
		return best;
	}
}

function shorter(a: Flat, sa: number, b: Flat, sb: number): boolean {
	let less = sa - sb;

	if (sa >= EXACT && sb >= EXACT && Math.abs(less) < sa * 1e-15) {
		const exact = (v: Flat): bigint =>
			BigInt(v.x) * BigInt(v.x) + BigInt(v.y) * BigInt(v.y);

		less = Number(exact(a) - exact(b));
	}
	return less < 0 || (less === 0
		&& (a.x < b.x || (a.x === b.x && a.y < b.y)));
}

/** From the nearest point of the piece from (ax, ay) along (dx, dy) to p. */
function nearest(
	ax: number, ay: number, dx: number, dy: number, px: number, py: number,
): Flat {
	const x = px - ax, y = py - ay;
	const p = x * dx, q = y * dy, square = dx * dx + dy * dy;

	if (Math.abs(p) + Math.abs(q) >= EXACT || square >= EXACT)
		return nearestFar(x, y, dx, dy);
	const dot = p + q;

	if (dot <= 0 || square === 0)
		return { x, y };
	if (dot >= square)
		return { x: x - dx, y: y - dy };
	const part = share(dot, square);

	return {
		x: x - Math.floor(dx * part / 2 ** 20),
		y: y - Math.floor(dy * part / 2 ** 20),
	};
}

/** dot/square in units of 2^-20, cut, by long division.  From 2^42 on the
 * divisor is cut to units of 2^10 first. */
function share(dot: number, square: number): number {
	if (square < 2 ** 42) {
		const high = Math.floor(dot * 1024 / square);

		return high * 1024
			+ Math.floor((dot * 1024 - high * square) * 1024 / square);
	}
	const by = Math.floor(square / 1024), high = Math.floor(dot / by);

	return high * 1024 + Math.floor((dot - high * by) * 1024 / by);
}

/** The same where products pass 2^53. */
function nearestFar(x: number, y: number, dx: number, dy: number): Flat {
	const [bx, by, ex, ey] = [x, y, dx, dy].map(BigInt) as [bigint, bigint,
		bigint, bigint];
	const dot = bx * ex + by * ey, square = ex * ex + ey * ey;

	if (dot <= 0n || square === 0n)
		return { x, y };
	if (dot >= square)
		return { x: x - dx, y: y - dy };
	const part = square < 1n << 42n ? (dot << 20n) / square
		: (dot << 10n) / (square >> 10n);

	return {
		x: Number(bx - (ex * part >> 20n)), y: Number(by - (ey * part >> 20n)),
	};
}

/** Does a ray from the spot to the east cross the side from a to b? */
export function crosses(a: Spot, b: Spot, p: Spot): boolean {
	return (a.lat > p.lat) !== (b.lat > p.lat)
		&& a.lon + quotient(b.lon - a.lon, p.lat - a.lat, b.lat - a.lat)
			> p.lon;
}

function quotient(a: number, b: number, c: number): number {
	return c < 0 ? ratio(-a, b, -c) : ratio(a, b, c);
}

export function holds(o: Outline, p: Spot): boolean {
	let inside = false;

	for (let i = 0; i < o.from.length; i++)
		if (crosses(o.from[i]!, o.to[i]!, p))
			inside = !inside;
	return inside;
}
