// SPDX-License-Identifier: GPL-3.0-or-later
//
// points.ts - incidents on the map as GL points.  Uploaded once; time window,
// kinds and selection are uniforms, so a brush uploads nothing.  Places are
// taken from a local origin, and the matrix is moved there in double before it
// becomes single (DESK.md 5).
import { type CustomLayerInterface, type CustomRenderMethodInput,
	type Map as MapGL, MercatorCoordinate } from "maplibre-gl";

import { touches, UNKNOWN_PLACE, type Columns } from "./columns";
import { COLOURS, GROUPS, SHAPES, groupOf, type Group } from "./kinds";

const vertex = `
uniform mat4 u_matrix; uniform vec2 u_window; uniform float u_size;
uniform float u_mask[8]; uniform float u_selected;
attribute vec2 a_place; attribute float a_t; attribute float a_d; attribute float a_group;
attribute float a_row;
varying float v_group; varying float v_selected;
void main() {
	float shown = 0.0;
	for (int i = 0; i < 8; i++)
		if (float(i) == a_group) shown = u_mask[i];
	if (a_t >= u_window.y || (a_t < u_window.x && a_t + a_d <= u_window.x))
		shown = 0.0;
	v_group = a_group;
	v_selected = a_row == u_selected ? 1.0 : 0.0;
	gl_Position = shown > 0.0 ? u_matrix * vec4(a_place, 0.0, 1.0)
		: vec4(2.0, 2.0, 2.0, 1.0);
	gl_PointSize = u_size * (1.0 + 0.5 * v_selected);
}`;

// Signed distance to each shape, negative within; radius 1.
const fragment = `
precision mediump float;
uniform vec3 u_colour[8]; uniform float u_shape[8]; uniform vec3 u_edge;
varying float v_group; varying float v_selected;
float box(vec2 p, vec2 b) { vec2 d = abs(p) - b; return max(d.x, d.y); }
float shape(float s, vec2 p) {
	vec2 r = vec2(p.x + p.y, p.x - p.y) * 0.7071;
	if (s < 0.5) return length(p) - 0.8;
	if (s < 1.5) return box(p, vec2(0.92, 0.5)); // no disc in grey
	if (s < 2.5) return max(abs(p.x) * 0.87 + p.y * 0.5, -p.y) - 0.45;
	if (s < 3.5) return box(r, vec2(0.65));
	if (s < 4.5) return min(box(p, vec2(0.9, 0.3)), box(p, vec2(0.3, 0.9)));
	if (s < 5.5) return min(box(r, vec2(0.9, 0.3)), box(r, vec2(0.3, 0.9)));
	if (s < 6.5) {
		float a = atan(p.x, -p.y), w = cos(5.0 * a);
		return length(p) - (0.62 + 0.28 * w);
	}
	return abs(length(p) - 0.6) - 0.2;
}
void main() {
	vec3 colour = vec3(0.6); float s = 0.0;
	for (int i = 0; i < 8; i++)
		if (abs(float(i) - v_group) < 0.5) {
			colour = u_colour[i]; s = u_shape[i];
		}
	float d = shape(s, (gl_PointCoord * 2.0 - 1.0) * 1.15);
	float edge = v_selected > 0.5 ? 0.22 : 0.16;
	if (d > edge * 0.5) discard;
	gl_FragColor = vec4(d > -edge ? u_edge : colour, 1.0);
}`;

const rgb = (hex: string) => [1, 3, 5].map((i) =>
	parseInt(hex.slice(i, i + 2), 16) / 255);

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
	#gl: WebGL2RenderingContext | undefined;
	#program: WebGLProgram | undefined;
	#buffer: WebGLBuffer | null = null;
	#count = 0;
	#origin = { x: 0, y: 0 };
	#columns: Columns | undefined;
	#kinds: string[] = [];

	onAdd(map: MapGL, gl: WebGLRenderingContext | WebGL2RenderingContext) {
		this.#map = map;
		this.#gl = gl as WebGL2RenderingContext;
		this.#program = program(this.#gl);
		this.#buffer = gl.createBuffer();
		this.#upload();
	}

	set(columns: Columns, kinds: string[]) {
		this.#columns = columns;
		this.#kinds = kinds;
		this.#upload();
		this.#map?.triggerRepaint();
	}

	#upload() {
		const gl = this.#gl, c = this.#columns;
		if (!gl || !c)
			return;
		const group = this.#kinds.map((k) => GROUPS.indexOf(groupOf(k)));
		const data = new Float32Array(c.rows * 6);
		let n = 0, first = true;
		for (let i = 0; i < c.rows; i++) {
			const lon = c.lon[i] ?? 0, lat = c.lat[i] ?? 0;
			if (lon === UNKNOWN_PLACE || lat === UNKNOWN_PLACE)
				continue;
			const m = MercatorCoordinate.fromLngLat(
				[lon * 1e-7, lat * 1e-7]);
			if (first)
				this.#origin = { x: m.x, y: m.y };
			first = false;
			data[n++] = m.x - this.#origin.x;
			data[n++] = m.y - this.#origin.y;
			data[n++] = c.t[i] ?? 0;
			data[n++] = c.d[i] ?? 0;
			data[n++] = group[c.kind[i] ?? 255] ?? 7;
			data[n++] = i;
		}
		this.#count = n / 6;
		gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
		gl.bufferData(gl.ARRAY_BUFFER, data.subarray(0, n), gl.STATIC_DRAW);
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

	render(glAny: WebGLRenderingContext | WebGL2RenderingContext,
		input: CustomRenderMethodInput) {
		const gl = glAny as WebGL2RenderingContext;
		const p = this.#program, c = this.#columns;
		if (!p || !c || this.#count === 0 ||
			(this.#map?.getZoom() ?? 0) < this.from)
			return;
		const m = Array.from(input.defaultProjectionData.mainMatrix);
		for (let r = 0; r < 4; r++) // moved to the origin, in double
			m[12 + r] = (m[12 + r] ?? 0) + (m[r] ?? 0) * this.#origin.x +
				(m[4 + r] ?? 0) * this.#origin.y;
		const u = (name: string) => gl.getUniformLocation(p, name);
		const seconds = (ms: number | null, open: number) =>
			ms === null ? open : (ms - c.t0) / 1000;
		gl.useProgram(p);
		gl.uniformMatrix4fv(u("u_matrix"), false, m);
		gl.uniform2f(u("u_window"), seconds(this.window[0], -1e9),
			seconds(this.window[1], 5e9));
		gl.uniform1f(u("u_size"), 15 * devicePixelRatio);
		gl.uniform1f(u("u_selected"), this.selected);
		gl.uniform1fv(u("u_mask"), GROUPS.map((g) =>
			this.shown.has(g) ? 1 : 0));
		gl.uniform3fv(u("u_colour"), GROUPS.flatMap((g) => rgb(COLOURS[g])));
		gl.uniform1fv(u("u_shape"), GROUPS.map((g) => SHAPES[g]));
		gl.uniform3fv(u("u_edge"), rgb(this.edge));
		gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
		for (const [name, size, at] of [["a_place", 2, 0], ["a_t", 1, 8],
			["a_d", 1, 12], ["a_group", 1, 16], ["a_row", 1, 20]] as const) {
			const a = gl.getAttribLocation(p, name);
			gl.enableVertexAttribArray(a);
			gl.vertexAttribPointer(a, size, gl.FLOAT, false, 24, at);
		}
		gl.disable(gl.DEPTH_TEST);
		gl.enable(gl.BLEND);
		gl.drawArrays(gl.POINTS, 0, this.#count);
	}
}
