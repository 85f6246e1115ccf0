// SPDX-License-Identifier: GPL-3.0-or-later
//
// desk.mjs URL [SHOTS] - the desk in a real browser, as a person uses it; for
// tests/desk.sh.  Prints TAP.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
	from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { Browser } from "./chromium.mjs";

const [url, guarantees, shots] = process.argv.slice(2);
const FIRST_KB = 600; // of the first load, compressed, with fonts
const USABLE_S = 1; // within three on a quiet machine, with the map's own
let n = 0, bad = 0;
const ok = (good, text) => {
	bad += good ? 0 : 1;
	console.log(`${good ? "ok" : "not ok"} ${++n} - ${text}`);
};

const b = new Browser();
const text = (selector) => b.value(
	`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`);
const there = async (expression, why) => {
	try {
		await b.until(expression);
		ok(true, why);
	} catch {
		ok(false, why);
	}
};
const CODES = { Tab: 9, Enter: 13, Escape: 27 };
const key = async (k, modifiers = 0) => {
	for (const type of ["keyDown", "keyUp"])
		await b.send("Input.dispatchKeyEvent", { type, key: k, code: k,
			modifiers, windowsVirtualKeyCode: CODES[k] ?? 0,
			...k === "Enter" && { text: "\r" } });
};
/* The proof of an entry is a file that the C verifier takes, for that entry. */
const proofs = async () => {
	const enter = async (index) => {
		await b.value(`(() => { const i = document.querySelector(".one input");
			i.value = "${index}";
			i.dispatchEvent(new Event("input", { bubbles: true })); })()`);
		await b.until("!document.querySelector('.one code')");
		await b.value("document.querySelector('.one button').click()");
		await b.until("document.querySelector('.one code') || "
			+ "document.querySelector('.one [aria-live]').innerText");
	};
	const holds = (leaf) => /^VERIFIED entry ([0-9]+) of /m.exec(spawnSync(
		process.env.TRUCE, ["audit", file, "--leaf", leaf],
		{ encoding: "utf8" }).stdout)?.[1];
	const dir = mkdtempSync(join(tmpdir(), "truce-proof."));
	const file = join(dir, "one.tlog-proof");
	await b.value(`window.kept = []; URL.createObjectURL = (f) => {
		window.kept.push(f); return "#"; }; 0`);
	const size = Number((await b.value(`fetch("/checkpoint").then((r) =>
		r.text())`)).split("\n")[1]);
	const leaves = [];
	for (const index of [0, 1, Math.floor(size / 2), size - 1]) {
		await enter(index);
		writeFileSync(file, await b.value("window.kept.pop().text()"));
		leaves.unshift((await text(".one code")).split(" ")[4]);
		ok(holds(leaves[0]) === String(index),
			`the proof of entry ${index} of ${size} holds`);
	}
	ok(holds(leaves[1]) === undefined, "and not for another entry");
	await enter(size);
	ok((await text(".one [aria-live]")).includes(String(size - 1)) &&
		await b.value("window.kept.length") === 0,
	"none of an entry that is not there");
	rmSync(dir, { recursive: true });
};
const shot = async (name) => {
	const { data } = await b.send("Page.captureScreenshot", { format: "png" });
	if (shots)
		writeFileSync(`${shots}/${name}.png`, Buffer.from(data, "base64"));
	return data.length;
};
// All that the page asked for, and what its policy refused.
const watch = `addEventListener("securitypolicyviolation", (e) =>
	(window.refused ??= []).push(e.blockedURI + " " + e.violatedDirective))`;
const foreign = `performance.getEntriesByType("resource").map((e) => e.name)
	.filter((u) => !u.startsWith(location.origin + "/") &&
		!u.startsWith("blob:" + location.origin)).join(" ")`;

try {
	await b.send("Target.getTargets");
	await b.open("about:blank", 1280, 800);
	await b.send("Page.addScriptToEvaluateOnNewDocument", { source: watch });
	await b.send("Performance.enable", { timeDomain: "threadTicks" });
	await b.send("Page.navigate", { url });
	await there("document.querySelector('.counts')?.innerText.includes('of')",
		"the desk opens");
	await there("document.querySelector('.canvas')?.dataset.idle",
		"the map comes to rest");
	const answer = await b.value(
		"fetch('/api/v1/incidents?limit=1000').then((r) => r.json())");
	const all = answer.incidents.length;
	ok((await text(".counts")).startsWith(`${all} of ${all} shown`),
		`it counts the ${all} that the API has`);
	await there(`document.querySelectorAll("tbody tr").length === ${all}`,
		"the table has the same");
	ok(await b.value(`[...document.querySelectorAll(".lists td.wide")]
		.every((d) => d.textContent)`), "each with its place, though no "
		+ "town be named");
	ok(await shot("desk") > 20000, "something is drawn");
	const loaded = (await b.value(`performance.getEntriesByType("resource")
		.map((e) => new URL(e.name).pathname).join()`)).split(",");
	const first = ["/index.html", ...new Set(loaded)].map((f) =>
		new URL("../build/desk" + f, import.meta.url))
		.filter((f) => existsSync(f)).reduce((t, f) =>
			t + gzipSync(readFileSync(f), { level: 9 }).length, 0) / 1000;
	ok(first > 400 && first <= FIRST_KB,
		`the first load is ${first.toFixed(0)} kB compressed`);
	// Of the page's own thread, in the time that it had a processor: a busy
	// machine does not stretch it.
	const { metrics } = await b.send("Performance.getMetrics");
	const busy = metrics.find((m) => m.name === "TaskDuration").value;
	ok(busy > 0 && busy <= USABLE_S, `and usable after ${busy.toFixed(1)} s of work`);
	const sum = await b.value(`[...document.querySelectorAll(".legend button")]
		.reduce((s, e) => s + Number(e.innerText.match(/\\d+$/)[0]), 0)`);
	ok(sum === all, "the legend's counts make up the whole");

	// From afar: cells, that add up to what the server counts.
	const placed = (more = "") => b.value(`fetch("/api/v1/columns?cells=5${more}")
		.then((r) => r.arrayBuffer()).then((a) => { const v = new DataView(a);
			const at = {}; for (let c = 0; c < v.getUint32(32, true); c++)
				at[String.fromCharCode(v.getUint8(40 + 24 * c))] =
					v.getUint32(40 + 24 * c + 12, true);
			let n = 0; for (let i = 0; i < v.getUint32(12, true); i++)
				n += v.getUint32(at.x + 4 * i, true) === 0xffffffff ? 0
					: v.getUint32(at.n + 4 * i, true);
			return n; })`);
	const afar = `(async () => { const c = document.querySelector(".canvas");
		while (!("afar" in c.dataset)) {
			document.querySelector(".maplibregl-ctrl-zoom-out").click();
			await new Promise((d) => setTimeout(d, 700)); } })()`;
	const counted = "Number(document.querySelector('.canvas').dataset.counted)";
	await b.value(afar);
	const whole = await placed();
	ok(whole > 0, `the server counts ${whole} that have a place`);
	await there(`${counted} === ${whole}`, "cells from afar add up to them");
	await shot("desk-afar");
	const half = "2026-02-03T18:09:00Z";
	const early = await placed(`&to=${half}`);
	await b.send("Page.navigate", { url: `${url}?t=~${half}` });
	await b.until("document.querySelector('.canvas')?.dataset.idle");
	await b.value(afar);
	await there(`${early} < ${whole} && ${counted} === ${early}`,
		`and of a shorter time to ${early}`);
	const cut = await b.send("Page.addScriptToEvaluateOnNewDocument", { source:
		`{ const honest = fetch; window.asked = 0;
		window.fetch = async (p, o) => {
			asked += String(p).includes("cells=");
			const r = await honest(p, o);
			if (!/columns($|\\?(?!.*cells))/.test(String(p)))
				return r;
			const a = await r.arrayBuffer();
			new Uint8Array(a)[36] |= 4;
			return new Response(a); }; }` });
	await b.send("Page.navigate", { url: `${url}?t=~${half}` });
	await b.until("document.querySelector('.canvas')?.dataset.idle");
	await b.value(afar);
	await there(`asked > 0 && ${counted} === ${early}`,
		"where the columns were cut the server is asked, and says the same");
	await b.send("Page.removeScriptToEvaluateOnNewDocument", cut);
	await b.send("Page.navigate", { url });
	await b.until("document.querySelector('.lists tbody tr')");

	await b.value("document.querySelector('tbody tr').focus()");
	await key("Enter");
	await there("document.querySelector('.card dl')",
		"a row opens its card by the keyboard");
	ok(/[?&]i=i-/.test(await b.value("location.search")),
		"the address says which");
	ok(/±|–/.test(await text(".card h2")) && (await text(".card"))
		.includes("±"), "with its error");
	await b.value("document.querySelector('.more').open = true");
	await there("document.querySelectorAll('.evidence tbody tr').length > 0",
		"and what it rests on");
	await there("!document.querySelector('.evidence .picture') || "
		+ "document.querySelector('.picture img')?.naturalWidth > 100 || "
		+ "document.querySelector('.evidence > p')",
	"with its picture, or why there is none");
	await shot("desk-card");
	await b.value("history.back()");
	await there("!document.querySelector('.card')", "Back closes it");

	await b.value("document.querySelector('.timeline').focus()");
	await key("ArrowRight");
	await b.until("location.search.includes('t=')");
	const some = await text(".counts");
	const within = await b.value(`(async () => {
		const [from, to] = new URLSearchParams(location.search).get("t")
			.split("~");
		const r = await fetch("/api/v1/incidents?limit=1000&from=" + from +
			"&to=" + to);
		return (await r.json()).incidents.length;
	})()`);
	ok(some.startsWith(`${within} of ${all} `),
		`the time moves by the keyboard: ${within} as the API counts`);
	await there(`document.querySelectorAll("tbody tr").length === ${
		some.split(" ")[0]}`, "and the table with it");
	const address = await b.value("location.search");
	await b.send("Page.navigate", { url: url + address });
	await there("document.querySelector('.counts')", "the address is reloaded");
	ok(await text(".counts") === some, "and shows the same");

	await b.send("Page.navigate", { url: url + "?v=findings" });
	await b.until("document.querySelector('.lists tbody tr')");
	const told = () => b.value("[...document.querySelectorAll('.lists tbody "
		+ "tr')].map((r) => r.innerText)");
	ok((await told()).every((r) => /explosion|quarry|fireworks|unknown/
		.test(r)), "findings say what happened");
	// Of more incidents than a page holds, and of versions that the filter
	// leaves out, a list has none: they are asked for by id.
	const { identifier } = await b.send("Page.addScriptToEvaluateOnNewDocument",
		{ source: `const asked = window.fetch; window.fetch = async (p) => {
			const r = await asked(p);
			return !/\\/incidents\\?/.test(p) || /[?&]id=/.test(p) ? r
				: new Response((await r.text()).split("\\n")[0] + "\\n"); }` });
	await b.send("Page.navigate", { url: url + "?v=findings" });
	await b.until("document.querySelector('.lists tbody tr')");
	ok((await told()).every((r) => /explosion|quarry|fireworks|unknown/
		.test(r)), "also where no list has their incidents");
	await b.send("Page.removeScriptToEvaluateOnNewDocument", { identifier });
	await b.send("Page.navigate", { url: url + "?v=findings" });
	await b.until("document.querySelector('.lists tbody tr')");
	await b.value("document.querySelector('.lists tbody tr').focus()");
	await key("Enter");
	await there("document.querySelectorAll('.sheet .trace li').length > 3 && "
		+ "document.querySelector('.sheet .lawtext')",
	"a finding's sheet has its law and its trace");
	ok(await b.value("(() => { const s = document.querySelector('.sheet .trace'"
		+ ").innerText; return s.includes(' ± ') && !s.includes('+-'); })()"),
	"with errors as people write them");
	await there("document.querySelector('.sheet .turn')",
		"and what would turn it over");
	await shot("desk-sheet");
	const sheet = await b.value(
		"new URLSearchParams(location.search).get('i')");
	await key("Escape");
	await there("!document.querySelector('.sheet')", "Escape closes it");

	await b.send("Page.navigate", { url });
	await b.until("document.querySelectorAll('.lists tbody tr').length > 0");
	const saved = await b.value(`(async () => {
		const kept = [];
		URL.createObjectURL = (f) => { kept.push(f); return "#"; };
		for (const b of document.querySelectorAll(".foot button"))
			if (/CSV|GeoJSON/.test(b.innerText)) {
				b.click();
				const n = kept.length;
				while (kept.length === n)
					await new Promise((r) => setTimeout(r, 50));
				await new Promise((r) => setTimeout(r, 50));
			}
		const [csv, geo] = await Promise.all(kept.map((f) => f.text()));
		return [csv.trim().split("\\r\\n").length - 1,
			JSON.parse(geo).features.length];
	})()`);
	ok(saved.join() === `${all},${all}`,
		`CSV and GeoJSON hold the ${all} that are shown: ${saved.join()}`);
	await b.value("document.querySelector('th .sort').click()");
	await there("document.querySelector('th[aria-sort=ascending]')",
		"a column sorts");

	await b.value("document.querySelector('.play').click()");
	await there("Number(document.querySelector('.counts').innerText"
		+ ".match(/^\\d+/)[0]) < " + all, "a replay shows a part at a time");
	await there(`document.querySelectorAll(".lists tbody tr").length < ${all}`,
		"and the table plays along");
	await b.value("document.querySelector('.play').click()");
	await new Promise((done) => setTimeout(done, 400));
	const still = await text(".period output");
	await new Promise((done) => setTimeout(done, 400));
	ok(still !== "" && await text(".period output") === still,
		`it pauses, at ${still}`);
	await b.value("document.querySelectorAll('.period button')[1].click()");
	await there(`document.querySelector(".counts").innerText.startsWith("${
		all} of")`, "and ends where it began");
	await b.value(`(() => { const i = document.querySelector(".moment");
		i.value = "2026-02-03 18:05"; i.dispatchEvent(new Event("change",
			{ bubbles: true })); })()`);
	await there("location.search.includes('t=2026-02-03T18:05:00Z')",
		"a time is typed year first");

	await b.value(`(() => {
		const gl = document.querySelector(".maplibregl-canvas")
			.getContext("webgl2");
		const clear = gl.clear;
		gl.clear = (mask) => { window.frames++; clear.call(gl, mask); };
	})()`);
	for (let drawn = 1; drawn > 0;) // till all that was asked has come
		drawn = await b.value(`new Promise((done) => { window.frames = 0;
			setTimeout(() => done(window.frames +
				(document.querySelector(".coverage").ariaBusy === "true")),
			1500); })`);
	for (const type of ["keyDown", "keyUp"])
		await b.send("Input.dispatchKeyEvent", { type, key: "k", code: "KeyK",
			modifiers: 2 });
	await there("document.querySelector('dialog.search input')",
		"Ctrl-K opens the search");
	await b.send("Input.insertText", { text: "P-1" });
	await there("[...document.querySelectorAll('.search li')].some((l) => "
		+ "l.innerText.includes('P-1'))", "it finds a source");
	await key("Escape");
	await there("!document.querySelector('dialog.search')", "and goes away");
	ok(await b.value(`new Promise((done) => setTimeout(() =>
		done(window.frames), 300))`) === 0, "for which no map is drawn anew");

	await b.send("Page.navigate", { url: url + "?v=watch" });
	await there("document.querySelectorAll('.health tbody tr').length > 5",
		"the board of sources and coverage");
	await there("document.querySelectorAll('.watching td.strip svg').length"
		+ " === 32", "with all its slices");
	await shot("desk-watch");
	await b.send("Page.navigate", { url: url + "?v=reports" });
	await there("document.querySelector('.reports a[href=\"/out/report.txt\"]')",
		"the reports that were written");
	await shot("desk-reports");
	await b.send("Page.navigate", { url: url + "?v=board" });
	await there("document.querySelector('.page p')?.innerText"
		+ ".includes('no register')", "no register of guarantees is said");
	await b.send("Page.navigate", { url: guarantees + "?v=board" });
	await there("document.querySelectorAll('.pledge q').length > 5",
		"commitments in their own words");
	ok(await b.value("[...document.querySelectorAll('.pledge')].every((p) => "
		+ "p.querySelector('.cited'))"), "each with its source");
	await there("document.querySelectorAll('.owed tbody tr .passed, "
		+ ".owed tbody tr .perhaps').length > 0", "and clocks that ran out");
	await shot("desk-board");
	ok(await b.value("[...document.querySelectorAll('.pledge dd')].some((d) => "
		+ "/^3 breaches, party B, serious or worse, within 3 d 0 h/.test("
		+ "d.innerText))"), "and triggers in words");
	await b.send("Page.navigate", { url: guarantees + "?v=findings" });
	await b.until("document.querySelector('.lists tbody tr')");
	const few = await told();
	ok(few.every((r) => !/not applicable/.test(r)) && few.some((r) => / of /
		.test(r)), `${few.length} findings, and where`);
	await b.value("[...document.querySelectorAll('.foot button')].find((x) => "
		+ "/no rule concerns/.test(x.innerText)).click()");
	await there(`document.querySelectorAll('.lists tbody tr').length > ${
		few.length}`, "and those that no rule concerns, when asked for");
	const owed = async (more) => (await b.value(`fetch("/api/v1/obligations?f=csv${
		more}").then((r) => r.text())`)).trim().split("\n").map((r) =>
		r.split(","));
	const every = await owed(""), gone = await owed("&state=lapsed");
	const state = every[0].indexOf("state");
	ok(every.length > 1 && every.slice(1).every((r) => r[state]) && gone.length
		- 1 === every.filter((r) => r[state] === "lapsed").length &&
		gone.length > 1, `of ${every.length - 1} obligations the API's CSV `
		+ `says the state, and finds the ${gone.length - 1} that lapsed`);
	await b.send("Page.navigate", { url: guarantees + "?v=obligations" });
	await b.until("document.querySelector('.lists tbody tr')");
	ok((await told()).every((r) => /lapsed|open/.test(r) &&
		/warning|response/.test(r)), "the list says what is owed, and how it "
		+ "stands");

	await b.send("Page.navigate", { url });
	await b.until("document.querySelector('.canvas')?.dataset.idle");
	await b.send("Emulation.setEmulatedMedia", { media: "print" });
	await b.value("dispatchEvent(new Event('beforeprint'))");
	await there("document.querySelector('img.on-paper').naturalWidth > 100",
		"on paper the map has its picture");
	ok(await b.value(`(() => { const e = document.querySelector(".timeline");
		return Math.abs(e.clientHeight / e.clientWidth
			/ (e.height / e.width) - 1); })()`) < 0.05,
	"the timeline is not stretched");
	ok((await text(".on-paper p")).includes("all kinds") && /entry \d+/.test(
		await text(".on-paper p + p")), "the filter in words, and the entry");
	await shot("desk-print");
	const shows = (s) => b.value(`(() => { const e = document.querySelector("${s
		}"); return !!e && e.getClientRects().length > 0; })()`);
	for (const [of, list] of [[".card dl", "incidents"], [".sheet .trace li",
		"findings"]]) {
		const one = (await b.value(`fetch("/api/v1/${list}?limit=1").then((r) =>
			r.json())`))[list][0].id;
		await b.send("Page.navigate", { url: `${url}?v=${list}&i=${one}` });
		await b.until(`document.querySelector('${of}')`);
		ok(await shows(of) && !await shows(".lists") && !await shows("header")
			&& await shows(".map") === (list === "incidents") && await b.value(
			"getComputedStyle(document.querySelector('.card')).position")
			=== "static", `of the ${list} one is a paper of its own`);
	}
	await b.send("Emulation.setEmulatedMedia", { media: "" });

	await b.send("Page.navigate", { url: url + "?v=audit" });
	await there("document.querySelector('.audit form button')",
		"the log can be checked");
	await b.value("document.querySelector('.audit form button').click()");
	await there("document.querySelector('[data-verified]')",
		"and the verdict of the second verifier is shown");
	await shot("desk-audit");
	await proofs();

	for (const [lang, word] of [["uk", "показано"], ["ru", "показано"],
		["fr", "affichés"]]) {
		await b.send("Page.navigate", { url: `${url}?lang=${lang}` });
		await there(`document.querySelector(".counts")?.innerText
			.includes("${word}")`, `in ${lang}`);
		await b.until("document.querySelector('.canvas')?.dataset.idle");
		await shot(`desk-${lang}`);
	}
	for (const [lang, name] of [["en", "Line of contact"],
		["uk", "Лінія зіткнення"], ["ru", "Линия соприкосновения"],
		["fr", "Ligne de contact"]]) {
		await b.send("Page.navigate",
			{ url: `${url}?lang=${lang}&i=${sheet}` });
		await there(`document.querySelector(".sheet .trace")?.innerText
			.includes("${name}")`, `a line by its name, ${lang}`);
		const lines = await b.value(`[...document.querySelectorAll(
			".sheet .trace li")].map((l) => l.innerText)`);
		ok(lines.every((l) => !/\bloc\b/.test(l) || /\bloc \(/.test(l)),
			"the agreement's word for it only where the rule itself has it");
	}
	// What a person reads is words: an identifier of records is none, but where
	// the agreement's own text is quoted or a file or command is named.
	const raw = (s) => [...new Set(s.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [])];
	const seen = () => b.value(`(() => { const e = document.body.cloneNode(true);
		e.querySelectorAll("code, kbd, script, style, q, [lang=en].lawtext")
			.forEach((x) => x.remove());
		document.body.append(e);
		const s = e.innerText;
		e.remove();
		return s; })()`);
	const id = (await fetch(`${url}api/v1/incidents?limit=1`).then((r) =>
		r.json())).incidents[0].id;
	for (const lang of ["en", "uk", "ru", "fr"]) {
		const left = [];
		for (const [base, q, rested] of [[url, "", ".lists tbody tr"],
			[url, "v=findings", ".lists tbody tr"],
			[guarantees, "v=obligations", ".lists tbody tr"],
			[url, "v=health", ".lists"], [url, "v=review", ".item .trace li"],
			[url, "v=party", ".three td"], [guarantees, "v=board", ".pledge"],
			[url, "v=watch", ".health tbody tr"], [url, "v=reports", ".tiles"],
			[url, "v=audit", ".audit form"], [url, `i=${sheet}`,
				".sheet .trace li"], [url, `i=${id}`, ".card .versions, .card "
				+ ".evidence h3 ~ h3"]]) {
			await b.send("Page.navigate", { url: `${base}?lang=${lang}&${q}` });
			await b.until(`document.documentElement.lang === "${lang}" &&
				document.querySelector(${JSON.stringify(rested)})`);
			left.push(...raw(await seen()).map((w) => `${w} (${q})`));
		}
		await b.send("Page.navigate", { url: `${url}form.html?lang=${lang}` });
		await b.until("document.querySelector('.form fieldset')");
		left.push(...raw(await seen()).map((w) => `${w} (form)`));
		for (const f of ["html", `html&incident=${id}`, "html&week=1"]) {
			const page = await fetch(`${url}api/v1/report?lang=${lang}&f=${f}`)
				.then((r) => r.text());
			left.push(...raw(page.replace(/<(style|script|svg)[^]*?<\/\1>/g, "")
				.replace(/<li>[^<]*\b(?:rule|правило|règle) [^<]*<\/li>/gi, "")
				.replace(/<[^>]*>/g, " ")).map((w) => `${w} (${f})`));
		}
		ok(left.length === 0, `${lang}: nothing on a screen or in a report is `
			+ `an identifier ${left.slice(0, 6).join(", ")}`);
	}
	await b.send("Page.navigate", { url: `${url}?nonsense=1` });
	await there("document.querySelector('header .failed')?.innerText"
		+ ".includes('nonsense')", "what it does not understand it says");

	await b.open(`${url}?lang=uk`, 390, 844);
	await there("document.querySelector('.canvas')?.dataset.idle",
		"on a phone");
	ok(await b.value("document.documentElement.scrollWidth <= 390"),
		"nothing sticks out");
	await shot("desk-phone");
	await b.open(`${url}?lang=uk&v=reports`, 390, 844);
	await there("document.querySelector('.reports .rows td')", "its reports");
	ok(await b.value(`[...document.querySelectorAll(".reports .rows")].every(
		(e) => e.scrollWidth <= e.clientWidth + 1) &&
		document.documentElement.scrollWidth <= 390`),
	"scroll nowhere sideways");
	await shot("desk-reports-phone");
	ok(await b.value(foreign) === "", "nobody else was asked for anything");
	ok(!await b.value("window.refused?.join()"), "nothing broke the policy");
} catch (e) {
	ok(false, String(e));
} finally {
	await b.close();
}
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
