// SPDX-License-Identifier: GPL-3.0-or-later
//
// timeline.ts - incidents over time as stacked bars, drawn on a canvas; drag
// to choose a time, double click for all; arrow keys move and widen it.
import type { Columns } from "./columns";
import type { Clock } from "./clock";
import { COLOURS, GROUPS, groupTable } from "./kinds";

const STEPS = [60e3, 300e3, 900e3, 3600e3, 3 * 3600e3, 6 * 3600e3,
	12 * 3600e3, 86400e3, 7 * 86400e3, 30 * 86400e3];
/** Below the bars the axis, above them the number of the highest. */
const FOOT = 18, HEAD = 14;

export interface Shown {
	columns: Columns;
	kinds: string[];
	mask: Set<string>;
	from: number | null;
	to: number | null;
}

/** The whole time of the data, to the hour. */
export function extent(c: Columns): [number, number] {
	if (c.rows === 0) { // nothing yet: the day that is ending
		const now = Math.ceil(Date.now() / 3600e3) * 3600e3;
		return [now - 24 * 3600e3, now];
	}
	const last = c.t0 + (c.t[c.rows - 1] ?? 0) * 1000;
	return [Math.floor(c.t0 / 3600e3) * 3600e3,
		Math.ceil((last + 1) / 3600e3) * 3600e3];
}

interface Bins {
	bins: Uint32Array;
	most: number;
}

/* The bars do not change while a window is dragged over them. */
let last: { columns: Columns; key: string; is: Bins } | null = null;

function binned(s: Shown, step: number, t0: number, t1: number): Bins {
	const key = `${step} ${GROUPS.filter((g) => s.mask.has(g)).join()}`;
	if (last?.columns === s.columns && last.key === key)
		return last.is;
	const c = s.columns, table = groupTable(s.kinds), n = GROUPS.length;
	const shown = GROUPS.map((g) => s.mask.has(g));
	const first = Math.floor(t0 / step);
	const bins = new Uint32Array((Math.ceil(t1 / step) - first + 1) * n);
	for (let i = 0; i < c.rows; i++) {
		const group = table[c.kind[i] ?? 255] ?? n - 1;
		if (!shown[group])
			continue;
		const t = c.t0 + (c.t[i] ?? 0) * 1000;
		const at = (Math.floor(t / step) - first) * n + group;
		bins[at] = (bins[at] ?? 0) + 1;
	}
	let most = 1;
	for (let b = 0; b < bins.length; b += n)
		most = Math.max(most, bins.subarray(b, b + n)
			.reduce((p, v) => p + v, 0));
	last = { columns: c, key, is: { bins, most } };
	return last.is;
}

export function drawTimeline(canvas: HTMLCanvasElement, s: Shown,
	clock: Clock) {
	const g = canvas.getContext("2d");
	const w = canvas.clientWidth, h = canvas.clientHeight;
	const ratio = devicePixelRatio;
	if (!g || w === 0)
		return;
	canvas.width = w * ratio;
	canvas.height = h * ratio;
	g.scale(ratio, ratio);
	const ink = getComputedStyle(canvas).color;
	const [t0, t1] = extent(s.columns);
	const x = (t: number) => (t - t0) / (t1 - t0) * w;
	const step = STEPS.find((v) => (t1 - t0) / v <= w / 5)
		?? 30 * 86400e3;
	const { bins, most } = binned(s, step, t0, t1);
	const high = (h - FOOT - HEAD) / most;
	const first = Math.floor(t0 / step);
	for (let bin = 0; bin * GROUPS.length < bins.length; bin++) {
		let y = h - FOOT;
		const left = x((first + bin) * step);
		const wide = Math.max(2, x((first + bin + 1) * step) - left - 1);
		GROUPS.forEach((group, k) => {
			const n = bins[bin * GROUPS.length + k] ?? 0;
			g.fillStyle = COLOURS[group];
			g.fillRect(left, y - n * high, wide, n * high);
			y -= n * high;
		});
	}
	g.strokeStyle = g.fillStyle = ink;
	g.beginPath();
	g.moveTo(0, h - FOOT + .5);
	g.lineTo(w, h - FOOT + .5);
	g.stroke();
	axis(g, clock, t0, t1, w, h);
	if (s.from !== null || s.to !== null) {
		const a = x(s.from ?? t0), b = x(s.to ?? t1);
		g.globalAlpha = .18;
		g.fillRect(0, 0, a, h - FOOT);
		g.fillRect(b, 0, w - b, h - FOOT);
		g.globalAlpha = 1;
		g.strokeRect(a, .5, b - a, h - FOOT);
	}
	g.fillText(String(most), 3, 11);
}

function axis(g: CanvasRenderingContext2D, clock: Clock, t0: number,
	t1: number, w: number, h: number) {
	const step = STEPS.find((v) => (t1 - t0) / v <= w / 70) ?? 30 * 86400e3;
	const east = clock.shift(t0) - t0;
	let day = "", free = 0;
	g.font = "11px 'Noto Sans Variable', sans-serif";
	for (let t = Math.ceil((t0 + east) / step) * step - east; t < t1;
		t += step) {
		const at = (t - t0) / (t1 - t0) * w;
		const d = clock.date(t);
		const text = step >= 86400e3 ? d.slice(5) : clock.minute(t);
		const label = d !== day && step < 86400e3 ? `${d} ${text}` : text;
		const wide = g.measureText(label).width + 6;
		g.fillRect(at, h - FOOT, 1, 4);
		if (at < free || at + wide > w)
			continue;
		g.fillText(label, at + 3, h - 4);
		free = at + wide;
		day = d;
	}
}

/** Dragging chooses, a double click clears; told in UTC ms, null for all. */
export function brush(canvas: HTMLCanvasElement, columns: () => Columns,
	chosen: (from: number | null, to: number | null) => void) {
	let began: number | null = null;
	const at = (e: PointerEvent) => {
		const [t0, t1] = extent(columns());
		const r = canvas.getBoundingClientRect();
		const share = Math.min(1, Math.max(0, (e.clientX - r.left) / r.width));
		return Math.round((t0 + share * (t1 - t0)) / 1000) * 1000;
	};
	canvas.addEventListener("pointerdown", (e) => {
		canvas.setPointerCapture(e.pointerId);
		began = at(e);
	});
	canvas.addEventListener("pointermove", (e) => {
		if (began === null)
			return;
		const now = at(e);
		if (Math.abs(now - began) >= 1000)
			chosen(Math.min(began, now), Math.max(began, now));
	});
	canvas.addEventListener("pointerup", () => { began = null; });
	canvas.addEventListener("dblclick", () => chosen(null, null));
}
