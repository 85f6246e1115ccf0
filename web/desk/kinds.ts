// SPDX-License-Identifier: GPL-3.0-or-later
//
// kinds.ts - kinds fold into eight groups, each a colour of Okabe and Ito and
// a shape, so that no eye and no greyscale print confuses them (DESK.md 10).

export const GROUPS = ["explosion", "shot", "fire", "flight", "weapon",
	"damage", "signal", "other"] as const;
export type Group = (typeof GROUPS)[number];

export const COLOURS: Record<Group, string> = {
	explosion: "#d55e00", shot: "#0072b2", fire: "#e69f00",
	flight: "#56b4e9", weapon: "#009e73", damage: "#cc79a7",
	signal: "#f0e442", other: "#999999",
};

/** The map's ground, and the outline that each mark stands out by on it: some
 * of the colours would not, by themselves. */
export const LANDS = { light: "#f4f1ea", dark: "#1d2024" } as const;
export const EDGES = { light: "#1a1a1a", dark: "#ffffff" } as const;

/** Numbers of the shapes of path(). */
export const SHAPES: Record<Group, number> = {
	explosion: 0, shot: 2, fire: 6, flight: 4, weapon: 1, damage: 3,
	signal: 5, other: 7,
};

const groups: Record<string, Group> = {
	explosion: "explosion", shot: "shot", burst: "shot", projectile: "shot",
	muzzle_flash: "shot", flare: "fire", fire: "fire", flight: "flight",
	vessel: "flight", vehicle: "weapon", weapon: "weapon",
	damage: "damage", casualty: "damage", jamming: "signal",
	spoofing: "signal", obstruction: "signal", denial: "signal",
	delay: "signal", outage: "signal", tampering: "signal",
};

export const groupOf = (kind: string): Group => groups[kind] ?? "other";

/** Group of each number that a column of kinds may hold. */
export function groupTable(kinds: string[]): Uint8Array {
	return Uint8Array.from({ length: 256 }, (_, k) =>
		GROUPS.indexOf(groupOf(kinds[k] ?? "")));
}

/** Path of a shape about (0, 0) with radius r, for SVG legends. */
export function path(shape: number, r: number): string {
	const p = (...xy: number[]) => "M" + xy.map((v) =>
		(v * r).toFixed(2)).join(" ") + "Z";
	switch (shape) {
	case 0: return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${
		-2 * r} 0Z`;
	case 1: return p(-1.1, -.6, 1.1, -.6, 1.1, .6, -1.1, .6);
	case 2: return p(0, -1, .95, .8, -.95, .8);
	case 3: return p(0, -1.1, 1.1, 0, 0, 1.1, -1.1, 0);
	case 4: return p(-.35, -1, .35, -1, .35, -.35, 1, -.35, 1, .35, .35, .35,
		.35, 1, -.35, 1, -.35, .35, -1, .35, -1, -.35, -.35, -.35);
	case 5: return p(-1, -.6, -.6, -1, 0, -.4, .6, -1, 1, -.6, .4, 0, 1, .6,
		.6, 1, 0, .4, -.6, 1, -1, .6, -.4, 0);
	case 6: return p(0, -1.1, .3, -.35, 1.05, -.35, .45, .15, .7, .95, 0, .45,
		-.7, .95, -.45, .15, -1.05, -.35, -.3, -.35);
	default: return path(0, r) + path(0, r * .5);
	}
}

/** Pixels of a mark's picture. */
export const MARK = 64;

/** The mark of a group, large enough to bear a number. */
export function mark(group: Group, edge: string): ImageData {
	const c = document.createElement("canvas");
	c.width = c.height = MARK;
	const g = c.getContext("2d");
	if (!g)
		return new ImageData(MARK, MARK);
	g.translate(MARK / 2, MARK / 2);
	const p = new Path2D(path(SHAPES[group], 25));
	g.fillStyle = COLOURS[group];
	g.strokeStyle = edge;
	g.lineWidth = 3;
	g.fill(p, "evenodd");
	g.stroke(p);
	return g.getImageData(0, 0, MARK, MARK);
}
