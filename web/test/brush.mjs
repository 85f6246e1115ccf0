// SPDX-License-Identifier: GPL-3.0-or-later
//
// brush.mjs URL [ROWS...] - how long a brush over time takes to settle, and how
// much the page holds, with columns of a generator in place of the server's:
// node web/test/brush.mjs http://127.0.0.1:8080/ 100000 1000000
// Settled: the map's frame after the last step is drawn.  Medians of five.  Heap:
// what scripts hold, the columns' bytes with it.
import { Browser } from "./chromium.mjs";

const [url, ...asked] = process.argv.slice(2);
const LIMITS = { 100000: 250, 1000000: 900 }; // ms (DESK.md 6)
const HEAP_MB = 70;

/** In the page: the columns of src/serve/points.h, the same for a seed. */
const generator = (rows) => `{
	const honest = fetch;
	const made = () => {
		const names = [["id", 4, 0], ["t", 4, 0], ["d", 4, 0], ["lon", 4, 1],
			["lat", 4, 1], ["err", 2, 0], ["kind", 1, 0], ["state", 1, 0],
			["n", 2, 0], ["nq", 1, 0]];
		const up = (n) => Math.ceil(n / 8) * 8, rows = ${rows};
		let at = up(40 + 24 * names.length);
		const b = new ArrayBuffer(names.reduce((s, c) => s + up(c[1] * rows), at));
		const v = new DataView(b);
		new Uint8Array(b).set(new TextEncoder().encode("TRUCECL1"));
		v.setUint32(8, 40 + 24 * names.length, true);
		v.setUint32(12, rows, true);
		v.setBigInt64(16, 1770000000000n, true);
		v.setBigUint64(24, 1n, true);
		v.setUint32(32, names.length, true);
		let seed = 7;
		const dice = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
		names.forEach(([name, width, signed], c) => {
			const h = 40 + 24 * c;
			new Uint8Array(b).set(new TextEncoder().encode(name), h);
			v.setUint8(h + 8, signed);
			v.setUint8(h + 9, width);
			v.setUint32(h + 12, at, true);
			v.setUint32(h + 16, width * rows, true);
			const of = width === 4 ? signed ? Int32Array : Uint32Array
				: width === 2 ? Uint16Array : Uint8Array;
			const a = new of(b, at, rows);
			for (let i = 0; i < rows; i++)
				a[i] = name === "t" ? i * (90 * 86400 / rows)
					: name === "lon" ? (37 + dice()) * 1e7
					: name === "lat" ? (48 + dice() * .5) * 1e7
					: name === "kind" ? dice() * 10
					: name === "id" ? i : 1;
			at += up(width * rows);
		});
		return b;
	};
	window.fetch = (p, o) => String(p).startsWith("/api/v1/columns")
		? Promise.resolve(new Response(made())) : honest(p, o);
}`;

const b = new Browser();
let bad = 0;
try {
	await b.send("Target.getTargets");
	for (const rows of asked.length > 0 ? asked : ["100000", "1000000"]) {
		await b.open("about:blank", 1280, 800);
		await b.send("Page.addScriptToEvaluateOnNewDocument",
			{ source: generator(Number(rows)) });
		await b.send("Page.navigate", { url });
		await b.until("document.querySelector('.canvas')?.dataset.idle");
		await new Promise((done) => setTimeout(done, 3000));
		for (const far of [false, true]) {
			if (far) {
				await b.value(`(async () => {
					const c = document.querySelector(".canvas");
					while (!("afar" in c.dataset)) {
						document.querySelector(".maplibregl-ctrl-zoom-out").click();
						await new Promise((d) => setTimeout(d, 800));
					} })()`);
				await b.until("document.querySelector('.canvas').dataset.idle");
			}
			await settled(rows, far);
		}
	}
} finally {
	await b.close();
}
process.exit(bad > 0 ? 1 : 0);

/** Drags over the time line five times; the last frame is the settled one:
 * read back from GL, and from afar of the cells too. */
async function settled(rows, far) {
	const took = await b.value(`(async () => {
		const c = document.querySelector(".timeline");
		const r = c.getBoundingClientRect();
		const send = (type, x) => c.dispatchEvent(new PointerEvent(type,
			{ clientX: r.left + x * r.width, pointerId: 1, bubbles: true }));
		c.setPointerCapture = () => {};
		const canvas = document.querySelector(".canvas");
		const gl = document.querySelector(".maplibregl-canvas")
			.getContext("webgl2");
		const one = new Uint8Array(4), took = [];
		const frame = () => new Promise((d) => requestAnimationFrame(d));
		for (let k = 0; k < 5; k++) {
			send("pointerdown", .1 + k * .05);
			const t = performance.now();
			for (let s = 1; s <= 4; s++)
				send("pointermove", .1 + k * .05 + s * .05);
			send("pointerup", .3);
			for (let f = 0; f < 3 || (${far} && !canvas.dataset.idle); f++)
				await frame();
			gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, one);
			took.push(performance.now() - t);
			await new Promise((d) => setTimeout(d, 1200));
		}
		return took.sort((x, y) => x - y);
	})()`);
	await b.send("HeapProfiler.enable");
	await b.send("HeapProfiler.collectGarbage");
	const { usedSize, backingStorageSize = 0 } =
		await b.send("Runtime.getHeapUsage");
	const ms = took[2], mb = (usedSize + backingStorageSize) / 1e6;
	const good = ms <= (LIMITS[rows] ?? Infinity) && mb < HEAP_MB;
	bad += good ? 0 : 1;
	console.log(`${good ? "ok" : "not ok"} - ${rows} points${far ? " in cells"
		: ""}: a brush settles in ${ms.toFixed(0)} ms (${took.map((t) =>
		t.toFixed(0)).join(", ")}), ${mb.toFixed(0)} MB of heap; ${
		await b.value("document.querySelector('.counts').innerText")}`);
}
