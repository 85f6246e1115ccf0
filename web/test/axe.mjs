// SPDX-License-Identifier: GPL-3.0-or-later
//
// axe.mjs - what axe-core holds against the page that a browser shows: WCAG 2.2 A
// and AA (contrast 4.5:1, names, roles, targets of 24 px), serious and critical.
import { readFileSync } from "node:fs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js",
	import.meta.url), "utf8");
const run = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a",
	"wcag21aa", "wcag22aa"] }).then((r) => r.violations.filter((v) =>
	["serious", "critical"].includes(v.impact)).map((v) => v.id + ": " +
	v.nodes.slice(0, 4).map((x) => x.target.join(" ") + " " + (x.any[0] ??
	x.all[0] ?? x.none[0])?.message).join(" | ")).join("; "))`;

/** "" where there is nothing. */
export async function serious(browser) {
	await browser.value(`${axe}; 0`);
	return browser.value(run);
}
