// SPDX-License-Identifier: GPL-3.0-or-later
//
// alerts.mjs URL - the desk in a real browser, for `PAGE=1 tools/live`: "ready"
// once the map stands, then a line for each alert when its ring is on the screen,
// its number and when that was (s since 1970), until standard input ends.
import { Browser } from "./chromium.mjs";

const b = new Browser();
let over = false;
process.stdin.on("end", () => { over = true; }).resume();
try {
	await b.send("Target.getTargets");
	await b.open(process.argv[2], 1280, 800);
	const idle = () => b.until(
		"document.querySelector('.canvas')?.dataset.idle");
	await idle().catch(idle); // the machine has other things to do
	// A frame after that in which the map drew the rings begins when that one
	// has been drawn.
	await b.value(`(() => {
		const map = document.querySelector(".canvas"), known = new Set();
		window.heard = [];
		new MutationObserver(() => {
			for (const n of (map.dataset.rings ?? "").split(" ")) {
				if (!n || known.has(n))
					continue;
				known.add(n);
				requestAnimationFrame(() => window.heard.push(
					n + " " + Date.now() / 1000));
			}
		}).observe(map, { attributes: true });
	})()`);
	console.log("ready");
	while (!over) {
		for (const line of await b.value("window.heard.splice(0)"))
			console.log(line);
		await new Promise((done) => setTimeout(done, 250));
	}
} finally {
	await b.close();
}
