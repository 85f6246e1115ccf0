// SPDX-License-Identifier: GPL-3.0-or-later
//
// desk.mjs URL [SHOTS] - the desk in a real browser, as a person uses it; for
// tests/desk.sh.  Prints TAP.
import { writeFileSync } from "node:fs";

import { Browser } from "./chromium.mjs";

const [url, shots] = process.argv.slice(2);
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
const key = async (k, modifiers = 0) => {
	for (const type of ["keyDown", "keyUp"])
		await b.send("Input.dispatchKeyEvent", { type, key: k, code: k,
			modifiers, ...k === "Enter" && { text: "\r" } });
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
	ok(await shot("desk") > 20000, "something is drawn");
	const sum = await b.value(`[...document.querySelectorAll(".legend button")]
		.reduce((s, e) => s + Number(e.innerText.match(/\\d+$/)[0]), 0)`);
	ok(sum === all, "the legend's counts make up the whole");

	await b.value("document.querySelector('tbody tr').focus()");
	await key("Enter");
	await there("document.querySelector('.card dl')",
		"a row opens its card by the keyboard");
	ok(/[?&]i=i-/.test(await b.value("location.search")),
		"the address says which");
	ok(/±|–/.test(await text(".card h2")) && (await text(".card"))
		.includes("±"), "with its error");
	if (await b.value("!!document.querySelector('.picture')")) {
		await b.value("document.querySelector('.picture').open = true");
		await there("document.querySelector('.picture img')?.naturalWidth"
			+ " > 100 || document.querySelector('.picture p')",
		"with its picture, or why there is none");
	}
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

	await b.send("Page.navigate", { url: url + "?v=audit" });
	await there("document.querySelector('.audit form button')",
		"the log can be checked");
	await b.value("document.querySelector('.audit form button').click()");
	await there("document.querySelector('[data-verified]')",
		"and the verdict of the second verifier is shown");
	await shot("desk-audit");

	for (const [lang, word] of [["uk", "показано"], ["ru", "показано"],
		["fr", "affichés"]]) {
		await b.send("Page.navigate", { url: `${url}?lang=${lang}` });
		await there(`document.querySelector(".counts")?.innerText
			.includes("${word}")`, `in ${lang}`);
		await b.until("document.querySelector('.canvas')?.dataset.idle");
		await shot(`desk-${lang}`);
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
	ok(await b.value(foreign) === "", "nobody else was asked for anything");
	ok(!await b.value("window.refused?.join()"), "nothing broke the policy");
} catch (e) {
	ok(false, String(e));
} finally {
	await b.close();
}
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
