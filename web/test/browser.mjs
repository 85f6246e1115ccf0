// SPDX-License-Identifier: GPL-3.0-or-later
//
// browser.mjs - the page in a real browser, as a person uses it; and all
// vectors there.  Called by tests/faults/webproof.py.
//
//	browser.mjs vectors DIR            their lines
//	browser.mjs page FILE...           for each file or folder: verdict, rule
//	browser.mjs shots OUT FILE...      and pictures, desk and phone, light
//	                                   and dark
import { statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { Browser } from "./chromium.mjs";

const built = new URL("../build/", import.meta.url);

async function check(b, what) {
	await b.value("delete document.body.dataset.verdict");
	await b.pick(statSync(what).isDirectory() ? "#folder" : "#files", [what]);
	const verdict = await b.until("document.body.dataset.verdict");
	const rule = await b.value("document.querySelector('dd')?.textContent");
	return verdict === "refused" ? `${verdict} ${rule}` : verdict;
}

async function picture(b, path) {
	for (const value of ["light", "dark"]) {
		await b.send("Emulation.setEmulatedMedia", { features: [
			{ name: "prefers-color-scheme", value }] });
		await b.shot(`${path}-${value}.png`);
	}
}

const [verb, ...rest] = process.argv.slice(2);
const b = new Browser();
try {
	if (verb === "vectors") {
		await b.open(new URL("vectors.html", built).href);
		await b.pick("#folder", [rest[0]]);
		await b.until("document.body.dataset.verdict");
		console.log(await b.value("document.body.dataset.verdict === 'done' "
			+ "? document.getElementById('lines').textContent "
			+ ": document.body.dataset.verdict"));
	} else if (verb === "page") {
		await b.open(new URL("verify.html", built).href);
		for (const what of rest)
			console.log(await check(b, what));
	} else if (verb === "shots") {
		for (const [name, w, h] of [["desk", 1100, 900], ["phone", 390, 800]])
			for (const what of rest.slice(1)) {
				await b.open(new URL("verify.html", built).href, w, h);
				await check(b, what);
				await picture(b, `${rest[0]}/${basename(what)}-${name}`);
			}
	} else {
		console.error(`usage: ${fileURLToPath(import.meta.url)} vectors|page`);
		process.exitCode = 2;
	}
} finally {
	await b.close();
}
