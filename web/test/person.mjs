// SPDX-License-Identifier: GPL-3.0-or-later
//
// person.mjs - people at the desk, for tests: each with a key file, cookies and
// a store of their own, all in one browser.
import { writeFileSync } from "node:fs";

import { serious } from "./axe.mjs";
import { Browser } from "./chromium.mjs";

const CODES = { Enter: 13, Escape: 27 };
let n = 0, bad = 0;

export function ok(good, text) {
	bad += good ? 0 : 1;
	console.log(`${good ? "ok" : "not ok"} ${++n} - ${text}`);
}

/** The plan, and the exit code. */
export function end() {
	console.log(`1..${n}`);
	process.exit(bad > 0 ? 1 : 0);
}

let browser;

export class Person {
	/** At `url`, with KEYS/NAME.key; pictures into `shots`. */
	constructor(name, url, keys, shots) {
		Object.assign(this, { name, url, keys, shots });
	}
	static async leave() {
		await browser?.close();
	}
	async open(screen, width = 1280, there = ".who button, .who input") {
		if (!this.b) {
			browser ??= new Browser();
			this.b = await browser.other();
			await this.b.open("about:blank", width, 800);
		}
		await this.b.send("Page.navigate",
			{ url: `${this.url}?v=${screen}&lang=en` });
		await this.b.until(`document.querySelector(${JSON.stringify(there)})`);
	}
	async bring() {
		await this.b.pick(".who input", [`${this.keys}/${this.name}.key`]);
		await this.b.until("document.querySelector('.who:not(.reader) button')");
	}
	/** Until the page offers it: a key before that is for nobody. */
	may(does) {
		return this.b.until(`[...document.querySelectorAll(".act button")].some(
			(b) => b.innerText.startsWith(${JSON.stringify(does)}))`);
	}
	text(selector) {
		return this.b.value(`document.querySelector(${
			JSON.stringify(selector)})?.innerText ?? ""`);
	}
	async there(expression, why) {
		try {
			await this.b.until(expression);
			ok(true, why);
		} catch {
			ok(false, `${why}: ${await this.text(".deciding")}`
				.replaceAll("\n", " ").slice(0, 600));
		}
	}
	async key(k, modifiers = 0) {
		for (const type of ["keyDown", "keyUp"])
			await this.b.send("Input.dispatchKeyEvent", { type, key: k,
				code: k, modifiers, windowsVirtualKeyCode: CODES[k] ?? 0,
				...k.length === 1 && { text: k } });
	}
	/** Into what has the focus. */
	type(text) {
		return this.b.send("Input.insertText", { text });
	}
	/** Nothing on the screen keeps anybody out. */
	async clear(what) {
		const said = await serious(this.b);
		ok(said === "", `${what}: axe has no serious finding ${said}`);
	}
	async shot(name) {
		if (!this.shots)
			return;
		const { data } = await this.b.send("Page.captureScreenshot",
			{ format: "png" });
		writeFileSync(`${this.shots}/${name}.png`,
			Buffer.from(data, "base64"));
	}
}
