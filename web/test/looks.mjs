// SPDX-License-Identifier: GPL-3.0-or-later
//
// looks.mjs URL GUARANTEES KEPT [SHOTS] - do the screens look as they did when
// somebody last looked at them?  KEPT (tests/data/looks.json) has of each screen
// a coarse picture: of each tile of TILE px the mean grey and how much it varies,
// so that a shifted line, a lost colour or a missing box is seen, and a hair's
// breadth of an edge is not.  LOOKS=keep writes it anew; SHOTS keeps the
// pictures, which whoever keeps them looks at first.  Also: marks of kinds are
// told apart in grey, and their outlines stand out 3:1.  For tests/looks.sh.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { Browser } from "./chromium.mjs";
import { end, ok } from "./person.mjs";

const [url, guarantees, kept, shots] = process.argv.slice(2);
const TILE = 30, HEIGHT = 900;
const GREY = 10, VARIES = 14; // of 255: what a tile may be off by
const TILES = 2; // and how many may be off by more
const keep = process.env.LOOKS === "keep";
const b = new Browser();

/** The map at rest with what was watched, and nothing that still loads. */
const rested = "[data-idle] ~ .over .coverage[aria-busy=false]";

/** What changes from day to day, or moves, or says whether a basemap was
 * built: not looked at. */
const hide = `.maplibregl-ctrl-attrib, code, .who, .live, .passed, .perhaps,
	h2 + p { visibility: hidden
	!important; } * { caret-color: transparent !important; transition: none
	!important; animation: none !important; }`;

/** Means and variations of a PNG's tiles. */
const coarse = (png) => `(async () => {
	const i = new Image();
	i.src = "data:image/png;base64,${png}";
	await i.decode();
	const c = new OffscreenCanvas(i.width, i.height), g = c.getContext("2d");
	g.drawImage(i, 0, 0);
	const d = g.getImageData(0, 0, i.width, i.height).data, out = [];
	for (let y = 0; y < i.height; y += ${TILE})
		for (let x = 0; x < i.width; x += ${TILE}) {
			let n = 0, sum = 0, squares = 0;
			for (let v = y; v < Math.min(y + ${TILE}, i.height); v++)
				for (let u = x; u < Math.min(x + ${TILE}, i.width); u++) {
					const k = 4 * (v * i.width + u);
					const l = .3 * d[k] + .59 * d[k + 1] + .11 * d[k + 2];
					n++; sum += l; squares += l * l;
				}
			const mean = sum / n;
			out.push(Math.round(mean), Math.round(Math.sqrt(Math.max(0,
				squares / n - mean * mean))));
		}
	return out;
})()`;

/** Where it differs, as boxes of the screen and what lies there. */
async function regions(is, was, width) {
	const across = Math.ceil(width / TILE), off = [];
	for (let i = 0; i < is.length; i += 2)
		if (Math.abs(is[i] - was[i]) > GREY ||
			Math.abs(is[i + 1] - was[i + 1]) > VARIES)
			off.push([i / 2 % across * TILE, Math.floor(i / 2 / across)
				* TILE]);
	if (is.length !== was.length || off.length > TILES)
		return `${off.length} tiles: ` + (await Promise.all(off.slice(0, 6)
			.map(async ([x, y]) => `${x},${y} ${await b.value(`(() => {
				const e = document.elementFromPoint(${x + TILE / 2}, ${
					y + TILE / 2});
				return e ? e.tagName.toLowerCase() + (typeof e.className
					=== "string" && e.className ? "." + e.className : "")
					: ""; })()`)}`))).join("; ");
	return "";
}

const first = async (plural) => (await b.value(`fetch("${url}api/v1/${
	plural}?limit=1").then((r) => r.json())`))[plural][0].id;

async function look(name, address, there, theme, width, act) {
	await b.send("Emulation.setDeviceMetricsOverride", { width,
		height: HEIGHT, deviceScaleFactor: 1, mobile: width < 600 });
	await b.send("Emulation.setEmulatedMedia", { features: [
		{ name: "prefers-color-scheme", value: theme }] });
	await b.send("Page.navigate", { url: "about:blank" });
	await b.send("Page.navigate", { url: address });
	await b.until(`!!document.querySelector(${JSON.stringify(there)})`);
	await b.until(`!document.querySelector(".map:not([inert])") ||
		!!document.querySelector("${rested}")`);
	await b.value(`(() => { const s = new CSSStyleSheet(); s.replaceSync(${
		JSON.stringify(hide)}); document.adoptedStyleSheets = [s]; })()`);
	await b.value("document.fonts.ready.then(() => 0)");
	if (act)
		await act();
	// Who it is that looks is asked of the server; the box is another then.
	await b.until("!document.querySelector('[aria-busy=true]')");
	await new Promise((done) => setTimeout(done, 300));
	const { data } = await b.send("Page.captureScreenshot",
		{ format: "png" });
	if (shots)
		writeFileSync(`${shots}/${name}.png`, Buffer.from(data, "base64"));
	return b.value(coarse(data));
}

try {
	await b.send("Target.getTargets");
	await b.open(url);
	await b.until("document.querySelector('.lists tbody tr')");
	const incident = await first("incidents"), finding = await first("findings");
	const afar = async () => {
		await b.value(`(async () => { while (!("afar" in document.querySelector(
			".canvas").dataset)) { document.querySelector(
			".maplibregl-ctrl-zoom-out").click();
			do await new Promise((d) => setTimeout(d, 300));
			while (!document.querySelector(".canvas").dataset.idle); } })()`);
		await b.until("document.querySelector('.canvas').dataset.idle");
	};
	const l = "?lang=en", light = "light", dark = "dark";
	const screens = [
		["map", `${url}${l}`, ".lists tbody tr", light, 1440],
		["map-afar", `${url}${l}`, ".lists tbody tr", dark, 1440, afar],
		["map-phone", `${url}${l}`, ".lists tbody tr", dark, 390],
		["incident", `${url}${l}&i=${incident}`, ".card .versions, .card "
			+ ".evidence h3 ~ h3", light, 1440],
		["finding", `${url}${l}&i=${finding}`, ".sheet .trace li", dark, 1440],
		["finding-phone", `${url}?lang=uk&i=${finding}`, ".sheet .trace li",
			light, 390, () => b.until("document.querySelector('.sheet .trace "
				+ "span[lang=uk]')")],
		["review", `${url}${l}&v=review`, ".item .versions td", light, 1440,
			() => b.until("document.querySelector('.item .trace li')")],
		["parties", `${url}${l}&v=party`, ".parties .three td", light, 1440,
			() => b.until("/explosion/.test(document.querySelector('.three')"
				+ ".innerText)")],
		["commitments", `${guarantees}${l}&v=board`, ".pledge", light, 1440],
		["coverage", `${url}${l}&v=watch`, ".health tbody tr", dark, 1440,
			() => b.until("document.querySelectorAll('.watching td.strip svg')"
				+ ".length === 32")],
		["log", `${url}${l}&v=audit`, ".audit form", light, 1440],
		["form", `${url}form.html${l}`, ".form fieldset", light, 390],
	];
	const was = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : {};
	const is = {};
	for (const s of screens) {
		const [name, , , , width] = s;
		const seen = await look(...s);
		is[name] = Buffer.from(seen).toString("base64");
		if (keep)
			continue;
		const old = [...Buffer.from(was[name] ?? "", "base64")];
		const where = await regions(seen, old, width);
		ok(old.length > 0 && where === "", `${name} looks as it did${where
			? `, but ${where}` : ""}`);
	}
	if (keep) {
		writeFileSync(kept, JSON.stringify(is, null, "\t") + "\n");
		ok(true, `${screens.length} screens kept, ${
			readFileSync(kept).length} bytes`);
	}

	// Kinds in grey: each pair of marks differs in a good part of its pixels.
	await b.send("Page.navigate", { url: "about:blank" });
	const { marks, lands, edges } = JSON.parse(process.env.MARKS);
	const masks = await b.value(`(${JSON.stringify(marks)}).map((m) => {
		const c = new OffscreenCanvas(16, 16), g = c.getContext("2d");
		g.translate(8, 8);
		g.fill(new Path2D(m.path), "evenodd");
		return [...g.getImageData(0, 0, 16, 16).data].filter((_, i) =>
			i % 4 === 3); })`);
	const pairs = marks.flatMap((m, i) => marks.slice(0, i).map((o, k) => {
		const all = masks[i].reduce((s, v, p) => s + Math.max(v, masks[k][p]),
			0);
		return [masks[i].reduce((s, v, p) => s + Math.abs(v - masks[k][p]), 0)
			/ all, `${m.group} and ${o.group}`];
	})).sort((x, y) => x[0] - y[0]);
	ok(pairs.length === 28 && pairs[0][0] > .2, `without colour ${
		pairs[0]?.[1]} are the most alike: ${(100 * pairs[0]?.[0])
		.toFixed(0)} % of their pixels differ`);
	const luminance = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i,
		i + 2), 16) / 255).map((v) => v <= .04045 ? v / 12.92
		: ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v
		* [.2126, .7152, .0722][i], 0);
	const contrast = (x, y) => {
		const [hi, lo] = [luminance(x), luminance(y)].sort((p, q) => q - p);
		return (hi + .05) / (lo + .05);
	};
	for (const theme of [light, dark]) {
		const out = contrast(edges[theme], lands[theme]);
		ok(out >= 3, `${theme}: marks are outlined ${out.toFixed(1)}:1`);
	}
} catch (e) {
	ok(false, String(e));
} finally {
	await b.close();
}
end();
