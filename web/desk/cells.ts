// SPDX-License-Identifier: GPL-3.0-or-later
//
// cells.ts - incidents counted in cells of the Web Mercator grid, for a map from
// afar: 2^(zoom + 5) cells around the world, as the server counts them
// (docs/api.md).  Where the columns hold all incidents the same sums are made
// here, so that a brush asks nobody; where they were cut, the server is asked.
import { tableOf, UNKNOWN_PLACE, type Columns } from "./columns";
import { GROUPS, groupOf, groupTable, type Group } from "./kinds";

const BITS = 5;

export interface Cell {
	x: number;
	y: number;
	/** Incidents by number of the group (kinds.ts). */
	groups: Uint32Array;
}

const sideOf = (zoom: number) => 2 ** (zoom + BITS);

/** Degrees of the middle of a cell. */
export function middle(c: Cell, zoom: number): [number, number] {
	const side = sideOf(zoom), y = Math.PI * (1 - 2 * (c.y + .5) / side);
	return [(c.x + .5) / side * 360 - 180,
		Math.atan(Math.sinh(y)) * 180 / Math.PI];
}

/** Which cell each row of the columns lies in; made once for a zoom. */
export class Grid {
	readonly cells: { x: number; y: number }[] = [];
	/** Number of the row's cell; its length: no place. */
	readonly #slot: Uint32Array;
	readonly #group: Uint8Array;

	constructor(readonly columns: Columns, kinds: string[],
		readonly zoom: number) {
		const side = sideOf(zoom), at = new Map<number, number>();
		this.#group = groupTable(kinds);
		this.#slot = new Uint32Array(columns.rows);
		for (let i = 0; i < columns.rows; i++) {
			const lon = columns.lon[i] ?? 0, lat = columns.lat[i] ?? 0;
			if (lon === UNKNOWN_PLACE || lat === UNKNOWN_PLACE) {
				this.#slot[i] = 0xffffffff;
				continue;
			}
			const s = Math.sin(lat * 1e-7 * Math.PI / 180);
			const limit = (v: number) => Math.max(0, Math.min(side - 1,
				Math.floor(v * side)));
			const x = limit(lon * 1e-7 / 360 + .5);
			const y = limit(.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI));
			const key = y * side + x;
			let slot = at.get(key);
			if (slot === undefined) {
				slot = this.cells.length;
				at.set(key, slot);
				this.cells.push({ x, y });
			}
			this.#slot[i] = slot;
		}
	}

	/** Those that touch [from, to), UTC ms; null: open. */
	count(from: number | null, to: number | null): Cell[] {
		const c = this.columns, n = GROUPS.length;
		const sums = new Uint32Array(this.cells.length * n);
		const a = from === null ? -Infinity : (from - c.t0) / 1000;
		const b = to === null ? Infinity : (to - c.t0) / 1000;
		for (let i = 0; i < c.rows; i++) {
			const t = c.t[i] ?? 0, slot = this.#slot[i] ?? 0;
			if (t >= b)
				break; // they are in order of time
			if (slot === 0xffffffff || (t < a && t + (c.d[i] ?? 0) <= a))
				continue;
			const k = slot * n + (this.#group[c.kind[i] ?? 255] ?? 7);
			sums[k] = (sums[k] ?? 0) + 1;
		}
		return this.cells.map((cell, i) => ({ ...cell,
			groups: sums.subarray(i * n, (i + 1) * n) }));
	}
}

/** What the server answers to `columns?cells=`. */
export function readCells(buffer: ArrayBuffer, kinds: string[]): Cell[] {
	const t = tableOf(buffer), x = t.of.x, y = t.of.y, out: Cell[] = [];
	if ((t.flags & 8) === 0 || !x || !y)
		throw new Error("columns: no cells");
	const by = Object.keys(t.of).filter((k) => /^k\d+$/.test(k)).map((k) =>
		[t.of[k], GROUPS.indexOf(groupOf(kinds[Number(k.slice(1))] ?? ""))
		] as const);
	for (let i = 0; i < t.rows; i++) {
		if (x[i] === 0xffffffff)
			continue; // without a place: in no cell of a map
		const groups = new Uint32Array(GROUPS.length);
		for (const [column, g] of by)
			groups[g] = (groups[g] ?? 0) + (column?.[i] ?? 0);
		out.push({ x: x[i] ?? 0, y: y[i] ?? 0, groups });
	}
	return out;
}

/** What of the cells is shown: how many, the kind of most, and how large. */
export function drawn(cells: Cell[], zoom: number, shown: Set<Group>) {
	const mask = GROUPS.map((g) => shown.has(g));
	return { type: "FeatureCollection" as const, features: cells.flatMap(
		(c) => {
			let n = 0, most = 0;
			c.groups.forEach((k, g) => {
				if (!mask[g])
					return;
				n += k;
				if (k > (mask[most] ? c.groups[most] ?? 0 : 0))
					most = g;
			});
			return n === 0 ? [] : [{ type: "Feature" as const, geometry: {
				type: "Point" as const, coordinates: middle(c, zoom) },
			properties: { n, group: GROUPS[most], size: Math.min(1.5,
				.75 + .15 * Math.log10(n)) } }];
		}) };
}
