// SPDX-License-Identifier: GPL-3.0-or-later
//
// access.mjs URL GUARANTEES - every screen under axe-core (WCAG 2.2 A and AA:
// contrast 4.5:1, names, roles, targets of 24 px), light and dark, wide and on
// a phone.  None may have a serious finding.  For tests/access.sh.
import { serious } from "./axe.mjs";
import { Browser } from "./chromium.mjs";

const [url, guarantees] = process.argv.slice(2);
let n = 0, bad = 0;
const b = new Browser();
const first = async (plural) => (await b.value(`fetch("/api/v1/${plural}?limit=1")
	.then((r) => r.json())`))[plural][0].id;
try {
	await b.send("Target.getTargets");
	await b.open(url);
	await b.until("document.querySelector('.lists tbody tr')");
	const incident = await first("incidents");
	const finding = await first("findings");
	const at = [["map", url, ".lists tbody tr"],
		["an incident", `${url}?i=${incident}`, ".card dl"],
		["a finding", `${url}?i=${finding}`, ".sheet .trace li"],
		["review", `${url}?v=review`, ".queue li"],
		["making a key", `${url}?v=review`, ".ask",
			"document.querySelector('.ask').open = true"],
		["parties", `${url}?v=party`, ".parties table, .parties .limits"],
		["commitments", `${guarantees}?v=board`, ".pledge"],
		["coverage", `${url}?v=watch`, ".health tbody tr"],
		["reports", `${url}?v=reports`, ".reports"],
		["the log", `${url}?v=audit`, ".audit form"],
		["the form", `${url}form.html`, ".form"]];
	for (const [theme, width] of [["light", 1440], ["dark", 390]]) {
		// One tab: each holds a stream, and a browser has six connections.
		await b.send("Emulation.setDeviceMetricsOverride", { width,
			height: 844, deviceScaleFactor: 1, mobile: width < 600 });
		await b.send("Emulation.setEmulatedMedia", { features: [
			{ name: "prefers-color-scheme", value: theme }] });
		for (const [name, address, there, act] of at) {
			await b.send("Page.navigate", { url: "about:blank" });
			await b.send("Page.navigate", { url: address });
			await b.until(`!!document.querySelector(${
				JSON.stringify(there)})`);
			if (act)
				await b.value(act);
			const said = await serious(b);
			const wide = await b.value("document.documentElement.scrollWidth");
			const good = said === "" && wide <= width;
			bad += good ? 0 : 1;
			console.log(`${good ? "ok" : "not ok"} ${++n} - ${name}, ${theme}, ${
				width} px: no serious finding, nothing sticks out${good ? ""
				: `\n# ${wide} px wide; ${said}`}`);
		}
	}
} catch (e) {
	bad++;
	console.log(`not ok ${++n} - ${String(e)}`);
} finally {
	await b.close();
}
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
