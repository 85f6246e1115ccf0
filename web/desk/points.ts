// SPDX-License-Identifier: GPL-3.0-or-later
//
// points.ts - incidents on the map as GL points.  Places are uploaded once, from
// a local origin, and the matrix is moved there in double before it becomes
// single (DESK.md 5).  Which of them are drawn is chosen here, for each view and
// each step of a brush: those of the time and the kinds shown that lie on the
// screen.  Of more than PLENTY, only the newest in each square of CELL pixels:
// the others lie beneath its mark, so no place with an incident is bare.  Marks
// are smaller where there are thousands: one is told from its neighbours then,
// and half as many pixels are drawn.
import { type CustomLayerInterface, type CustomRenderMethodInput,
	type Map as MapGL, MercatorCoordinate } from "maplibre-gl";

import { touches, UNKNOWN_PLACE, type Columns } from "./columns";
import { GROUPS, groupOf, groupTable, mark, MARK, type Group } from "./kinds";

const PLENTY = 10_000, CELL = 4, SIZE = 15, LARGER = 1.5;
const SOME = 2_000, SMALL = 11; // from SOME to PLENTY marks shrink to SMALL

const vertex = `
uniform mat4 u_matrix; uniform float u_size;
attribute vec2 a_place; attribute float a_group;
varying float v_group;
void main() {
	v_group = a_group;
	gl_Position = u_matrix * vec4(a_place, 0.0, 1.0);
	gl_PointSize = u_size;
}`;

const fragment = `
precision mediump float;
uniform sampler2D u_marks;
varying float v_group;
void main() {
	gl_FragColor = texture2D(u_marks, vec2(
		(floor(v_group + 0.5) + gl_PointCoord.x) / 8.0, gl_PointCoord.y));
}`;

/** Pixels across a mark of so many. */
export function sizeOf(marks: number): number {
	const crowd = Math.min(Math.max((marks - SOME) / (PLENTY - SOME), 0), 1);
	return SIZE - (SIZE - SMALL) * crowd;
}

function program(gl: WebGL2RenderingContext): WebGLProgram {
	const p = gl.createProgram();
	for (const [type, source] of [[gl.VERTEX_SHADER, vertex],
		[gl.FRAGMENT_SHADER, fragment]] as const) {
		const s = gl.createShader(type);
		if (!s)
			throw new Error("no shader");
		gl.shaderSource(s, source);
		gl.compileShader(s);
		if (!gl.getShaderParameter(s, gl.COMPILE_STATUS))
			throw new Error(gl.getShaderInfoLog(s) ?? "shader");
		gl.attachShader(p, s);
	}
	gl.linkProgram(p);
	return p;
}

/** How many of the ascending are less than a value. */
function before(sorted: Uint32Array, value: number): number {
	let a = 0, b = sorted.length;
	while (a < b) {
		const mid = (a + b) >>> 1;
		if ((sorted[mid] ?? 0) < value)
			a = mid + 1;
		else
			b = mid;
	}
	return a;
}

/** All marks, side by side. */
function atlas(gl: WebGL2RenderingContext, edge: string): WebGLTexture | null {
	const c = document.createElement("canvas");
	c.width = MARK * GROUPS.length;
	c.height = MARK;
	const g = c.getContext("2d");
	GROUPS.forEach((group, i) => g?.putImageData(mark(group, edge),
		i * MARK, 0));
	const t = gl.createTexture();
	gl.bindTexture(gl.TEXTURE_2D, t);
	gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
	gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, c);
	gl.generateMipmap(gl.TEXTURE_2D);
	gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER,
		gl.LINEAR_MIPMAP_NEAREST);
	return t;
}

export class Points implements CustomLayerInterface {
	readonly id = "points";
	readonly type = "custom";
	readonly renderingMode = "2d";
	window: [number | null, number | null] = [null, null]; // UTC ms
	shown = new Set<Group>(GROUPS);
	selected = -1; // row
	edge = "#222222";
	/** Zoom from which they are drawn. */
	from = 0;
	#map: MapGL | undefined;
	#program: WebGLProgram | undefined;
	#places: WebGLBuffer | null = null;
	#chosen: WebGLBuffer | null = null;
	#marks: WebGLTexture | null = null;
	#origin = { x: 0, y: 0 };
	#columns: Columns | undefined;
	#kinds: string[] = [];
	/** Of each row: x, y from the origin, group; NaN without a place. */
	#data = new Float32Array(0);
	/** The latest end of all rows up to each, s after t0. */
	#ends = new Uint32Array(0);
	#stale = true;

	onAdd(map: MapGL, glAny: WebGLRenderingContext | WebGL2RenderingContext) {
		const gl = glAny as WebGL2RenderingContext;
		this.#map = map;
		this.#program = program(gl);
		this.#places = gl.createBuffer();
		this.#chosen = gl.createBuffer();
	}

	set(columns: Columns, kinds: string[]) {
		this.#columns = columns;
		this.#kinds = kinds;
		this.#stale = true;
		this.#map?.triggerRepaint();
	}

	#place(c: Columns) {
		const group = groupTable(this.#kinds);
		const data = new Float32Array(c.rows * 3);
		const ends = new Uint32Array(c.rows);
		let first = true;
		for (let i = 0, end = 0; i < c.rows; i++) {
			ends[i] = end = Math.max(end, (c.t[i] ?? 0) + (c.d[i] ?? 0));
			const lon = c.lon[i] ?? 0, lat = c.lat[i] ?? 0;
			if (lon === UNKNOWN_PLACE || lat === UNKNOWN_PLACE) {
				data[3 * i] = NaN;
				continue;
			}
			const m = MercatorCoordinate.fromLngLat(
				[lon * 1e-7, lat * 1e-7]);
			if (first)
				this.#origin = { x: m.x, y: m.y };
			first = false;
			data[3 * i] = m.x - this.#origin.x;
			data[3 * i + 1] = m.y - this.#origin.y;
			data[3 * i + 2] = group[c.kind[i] ?? 255] ?? 7;
		}
		this.#data = data;
		this.#ends = ends;
	}

	/** The row drawn nearest to a place on the screen, within 12 pixels. */
	at(x: number, y: number): number {
		const c = this.#columns, map = this.#map;
		let best = -1, least = 12 * 12;
		if (!c || !map)
			return best;
		const a = map.unproject([x - 12, y + 12]);
		const b = map.unproject([x + 12, y - 12]);
		for (let i = 0; i < c.rows; i++) {
			const lon = c.lon[i] ?? 0, lat = c.lat[i] ?? 0;
			if (lon < a.lng * 1e7 || lon > b.lng * 1e7 || lat < a.lat * 1e7 ||
				lat > b.lat * 1e7 || !this.#visible(c, i))
				continue;
			const p = map.project([(c.lon[i] ?? 0) * 1e-7,
				(c.lat[i] ?? 0) * 1e-7]);
			const d = (p.x - x) ** 2 + (p.y - y) ** 2;
			if (d < least) {
				least = d;
				best = i;
			}
		}
		return best;
	}

	#visible(c: Columns, i: number): boolean {
		return c.lon[i] !== UNKNOWN_PLACE &&
			touches(c, i, this.window[0], this.window[1]) &&
			this.shown.has(groupOf(this.#kinds[c.kind[i] ?? 255] ?? ""));
	}

	/** Rows to draw, the newest last, by the matrix m on w x h pixels: all that
	 * are shown there, or with a cell the newest of each; null: over PLENTY. */
	#choose(c: Columns, m: number[], w: number, h: number, cell: number):
	Uint32Array | null {
		const [a, b] = this.window.map((ms) => ms === null ? null
			: (ms - c.t0) / 1000);
		const from = a ?? -Infinity, data = this.#data, margin = SIZE;
		const wide = Math.ceil((w + 2 * margin) / (cell || 1));
		const high = Math.ceil((h + 2 * margin) / (cell || 1));
		const taken = new Uint8Array(cell ? wide * high : 0);
		const out = new Uint32Array(cell ? wide * high : PLENTY);
		const group = groupTable(this.#kinds);
		const shown = GROUPS.map((g) => this.shown.has(g));
		const [xx = 0, xy = 0, , xw = 0, yx = 0, yy = 0, , yw = 0] = m;
		const [ox = 0, oy = 0, , ow = 1] = m.slice(12);
		const first = before(this.#ends, from);
		let n = out.length;
		for (let i = before(c.t, b ?? Infinity) - 1; i >= first; i--) {
			const t = c.t[i] ?? 0, x = data[3 * i] ?? NaN;
			if (t < from && t + (c.d[i] ?? 0) <= from ||
				!shown[group[c.kind[i] ?? 255] ?? 7])
				continue;
			const y = data[3 * i + 1] ?? 0, by = xw * x + yw * y + ow;
			const px = ((xx * x + yx * y + ox) / by + 1) / 2 * w + margin;
			const py = ((xy * x + yy * y + oy) / by + 1) / 2 * h + margin;
			if (!(px >= 0 && px < w + 2 * margin && py >= 0 &&
				py < h + 2 * margin)) // nor NaN
				continue;
			if (cell) {
				const at = Math.floor(py / cell) * wide +
					Math.floor(px / cell);
				if (taken[at])
					continue;
				taken[at] = 1;
			} else if (n === 0) {
				return null;
			}
			out[--n] = i;
		}
		return out.subarray(n);
	}

	render(glAny: WebGLRenderingContext | WebGL2RenderingContext,
		input: CustomRenderMethodInput) {
		const gl = glAny as WebGL2RenderingContext;
		const p = this.#program, c = this.#columns;
		if (!p || !c || c.rows === 0 ||
			(this.#map?.getZoom() ?? 0) < this.from)
			return;
		gl.bindBuffer(gl.ARRAY_BUFFER, this.#places);
		if (this.#stale) {
			this.#place(c);
			gl.bufferData(gl.ARRAY_BUFFER, this.#data, gl.STATIC_DRAW);
			this.#stale = false;
		}
		this.#marks ??= atlas(gl, this.edge);
		const m = Array.from(input.defaultProjectionData.mainMatrix);
		for (let r = 0; r < 4; r++) // moved to the origin, in double
			m[12 + r] = (m[12 + r] ?? 0) + (m[r] ?? 0) * this.#origin.x +
				(m[4 + r] ?? 0) * this.#origin.y;
		const w = gl.drawingBufferWidth, h = gl.drawingBufferHeight;
		const rows = this.#choose(c, m, w, h, 0) ??
			this.#choose(c, m, w, h, CELL * devicePixelRatio);
		const u = (name: string) => gl.getUniformLocation(p, name);
		gl.useProgram(p);
		gl.uniformMatrix4fv(u("u_matrix"), false, m);
		gl.uniform1f(u("u_size"),
			sizeOf(rows?.length ?? 0) * devicePixelRatio);
		gl.uniform1i(u("u_marks"), 0);
		gl.activeTexture(gl.TEXTURE0);
		gl.bindTexture(gl.TEXTURE_2D, this.#marks);
		for (const [name, size, at] of [["a_place", 2, 0],
			["a_group", 1, 8]] as const) {
			const a = gl.getAttribLocation(p, name);
			gl.enableVertexAttribArray(a);
			gl.vertexAttribPointer(a, size, gl.FLOAT, false, 12, at);
		}
		gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#chosen);
		gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, rows ?? new Uint32Array(0),
			gl.STREAM_DRAW);
		gl.disable(gl.DEPTH_TEST);
		gl.enable(gl.BLEND);
		gl.drawElements(gl.POINTS, rows?.length ?? 0, gl.UNSIGNED_INT, 0);
		if (this.selected >= 0 && this.#visible(c, this.selected)) {
			gl.uniform1f(u("u_size"), SIZE * LARGER * devicePixelRatio);
			gl.drawArrays(gl.POINTS, this.selected, 1);
		}
	}
}
