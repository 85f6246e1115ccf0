// SPDX-License-Identifier: GPL-3.0-or-later
//
// fixed.ts - whole numbers and nothing else (docs/judging.md 2).  A number of
// JavaScript is exact up to 2^53: each product here stays below, or is parted
// so that it does, or is made of BigInts.
export const FAR_MM = 1_000_000_000;
export const ONE = 2 ** 30;
export const EXACT = 2 ** 53;
const DEGREE = 10_000_000, PART = 2 ** 15;

export interface Spot { lat: number; lon: number } /* 1e-7 degree */
export interface Flat { x: number; y: number } /* mm east, north */

/** v times scale to the nearest whole number, half up; null where there is
 * none. */
export function wholeOf(v: number, scale: number): number | null {
	const r = Math.floor(v * scale + 0.5);

	return r >= -EXACT && r <= EXACT ? r : null;
}

export function spotOf(lat: number, lon: number): Spot | null {
	const a = wholeOf(lat, 1e7), o = wholeOf(lon, 1e7);

	return a === null || o === null || Math.abs(a) > 900_000_000
		|| Math.abs(o) > 1_800_000_000 ? null : { lat: a, lon: o };
}

/** a x b / c, cut towards zero; c > 0. */
export function ratio(a: number, b: number, c: number): number {
	const p = a * b;

	if (Math.abs(p) < EXACT)
		return Math.trunc(p / c);
	return Number(BigInt(a) * BigInt(b) / BigInt(c));
}

function rootOf(n: bigint): number {
	let r = BigInt(Math.floor(Math.sqrt(Number(n))));

	while (r * r > n)
		r--;
	while ((r + 1n) * (r + 1n) <= n)
		r++;
	return Number(r);
}

/** The whole part of a way's length. */
export function lengthOf(x: number, y: number): number {
	const n = x * x + y * y;

	if (n >= EXACT)
		return rootOf(BigInt(x) * BigInt(x) + BigInt(y) * BigInt(y));
	const r = Math.floor(Math.sqrt(n));

	return r * r > n ? r - 1 : r;
}

/** (a . b) / n, cut towards zero. */
export function dotOver(a: Flat, x: number, y: number, n: number): number {
	const p = a.x * x, q = a.y * y;

	if (Math.abs(p) + Math.abs(q) < EXACT)
		return Math.trunc((p + q) / n);
	return Number((BigInt(a.x) * BigInt(x) + BigInt(a.y) * BigInt(y))
		/ BigInt(n));
}

/** floor((a x b + half) / 2^(15 + bits)): a in parts of 2^15. */
function shifted(a: number, b: number, half: number, bits: number): number {
	const high = Math.floor(a / PART), low = a - high * PART;
	const sum = high * b + Math.floor((low * b + half) / PART);

	return Math.floor(sum / 2 ** bits);
}

/** Product of two numbers in units of 2^-30, to the nearest, half up. */
function times(a: number, b: number): number {
	return shifted(a, b, ONE / 2, 15);
}

/** 0 to 90 degrees, by eight terms of the series. */
function cosQuarter(angle: number): number {
	const x = shifted(angle, 8_048_910_509, 2 ** 31, 17);
	const square = times(x, x);
	let sum = ONE;

	for (let n = 14; n >= 2; n -= 2)
		sum = ONE - Math.trunc(times(square, sum) / (n * (n - 1)));
	return Math.max(sum, 0);
}

/** Of any angle in 1e-7 degree, in units of 2^-30. */
export function cosine(angle: number): number {
	let a = Math.abs(angle % (360 * DEGREE));

	if (a > 180 * DEGREE)
		a = 360 * DEGREE - a;
	return a > 90 * DEGREE ? -cosQuarter(180 * DEGREE - a) : cosQuarter(a);
}

export function sine(angle: number): number {
	return cosine(angle - 90 * DEGREE);
}

/** mm x a sine or cosine, cut towards zero. */
export function along(mm: number, s: number): number {
	const v = shifted(Math.abs(mm), Math.abs(s), 0, 15);

	return (mm < 0) !== (s < 0) ? -v : v;
}

/** Micrometres in 1e-7 degree, x 2^16, where the cosine of latitude is c. */
function northward(c: number): number {
	const c2 = 2 * times(c, c) - ONE, c4 = 2 * times(c2, c2) - ONE;

	return Math.trunc((11_113_295_400 - times(55_982_200, c2)
		+ times(117_500, c4)) * 65536 / 1_000_000);
}

function eastward(c: number): number {
	const c2 = 2 * times(c, c) - ONE, c3 = times(c, 2 * c2 - ONE);
	const c5 = 2 * times(c3, c2) - c;

	return Math.trunc((times(696_330_250, c) * 16 - times(9_350_000, c3)
		+ times(11_800, c5)) * 65536 / 1_000_000);
}

/** v units of 1e-7 degree in mm, to the nearest; 1000 km at most. */
function millimetres(v: number, um: number): number {
	const a = Math.abs(v), high = Math.floor(a / 65536);
	const whole = high * um + Math.floor((a - high * 65536) * um / 65536);
	const mm = Math.min(Math.floor((whole + 500) / 1000), FAR_MM);

	return v < 0 ? -mm : mm;
}

/** Where a spot lies on the plane about another. */
export function flatOf(o: Spot, p: Spot): Flat {
	const c = cosine(Math.trunc((p.lat + o.lat) / 2));
	let east = p.lon - o.lon;

	if (east > 180 * DEGREE)
		east -= 360 * DEGREE;
	if (east < -180 * DEGREE)
		east += 360 * DEGREE;
	return {
		x: millimetres(east, eastward(c)),
		y: millimetres(p.lat - o.lat, northward(c)),
	};
}

function held(v: number, most: number): number {
	return Math.max(-most, Math.min(most, v));
}

/** The way back. */
export function spotAt(o: Spot, x: number, y: number): Spot {
	const north = Math.trunc(northward(cosine(o.lat)) / 1000) + 1;
	const lat = held(o.lat + ratio(y, 65536, north), 90 * DEGREE);
	const c = cosine(Math.trunc((lat + o.lat) / 2));
	let lon = o.lon + ratio(x, 65536, Math.trunc(eastward(c) / 1000) + 1);

	if (lon > 180 * DEGREE)
		lon -= 360 * DEGREE;
	if (lon < -180 * DEGREE)
		lon += 360 * DEGREE;
	return { lat, lon: held(lon, 180 * DEGREE) };
}

/* The normal distribution at i/32 of a sigma, in millionths. */
const NORMAL = [
	500000, 512465, 524918, 537346, 549738, 562082, 574366, 586578,
	598706, 610741, 622670, 634483, 646170, 657721, 669126, 680376,
	691462, 702377, 713112, 723660, 734014, 744168, 754116, 763853,
	773373, 782672, 791748, 800595, 809213, 817598, 825749, 833665,
	841345, 848788, 855996, 862968, 869705, 876211, 882485, 888530,
	894350, 899947, 905324, 910485, 915434, 920175, 924712, 929050,
	933193, 937146, 940915, 944504, 947919, 951164, 954246, 957170,
	959941, 962564, 965046, 967390, 969604, 971691, 973658, 975509,
	977250, 978885, 980420, 981859, 983207, 984468, 985647, 986748,
	987776, 988733, 989625, 990455, 991226, 991941, 992605, 993221,
	993790, 994317, 994804, 995253, 995668, 996049, 996401, 996724,
	997020, 997292, 997542, 997771, 997980, 998171, 998346, 998505,
	998650, 998782, 998903, 999012, 999111, 999201, 999282, 999356,
	999423, 999483, 999538, 999587, 999631, 999671, 999706, 999739,
	999767, 999793, 999816, 999837, 999856, 999872, 999887, 999900,
	999912, 999922, 999931, 999939, 999947, 999953, 999959, 999964,
	999968, 999972, 999976, 999979, 999981, 999984, 999986, 999988,
	999989, 999991, 999992, 999993, 999994, 999995, 999995, 999996,
	999997, 999997, 999997, 999998, 999998, 999998, 999999, 999999,
	999999, 999999, 999999, 999999, 999999, 1000000, 1000000, 1000000,
	1000000,
];

/** The normal distribution function of a/b, b > 0, in millionths. */
export function normal(a: number, b: number): number {
	if (a <= -5 * b)
		return 0;
	if (a >= 5 * b)
		return 1_000_000;
	const z = Math.floor(Math.abs(a) * 32768 / b);
	const row = Math.floor(z / 1024);
	const from = NORMAL[row]!, step = NORMAL[row + 1]! - from;
	const p = from + Math.floor(step * (z % 1024) / 1024);

	return a < 0 ? 1_000_000 - p : p;
}
