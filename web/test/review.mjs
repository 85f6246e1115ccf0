// SPDX-License-Identifier: GPL-3.0-or-later
//
// review.mjs URL KEYS [SHOTS] - people at the desk in real browsers: who has no
// key reads and is told why; two take one item; one cannot confirm twice; two
// confirm; a draft that is not what was meant is not signed; a party replies.
// For tests/review.sh.  Prints TAP.
import { writeFileSync } from "node:fs";

import { Browser } from "./chromium.mjs";

const [url, keys, shots] = process.argv.slice(2);
let n = 0, bad = 0;
const ok = (good, text) => {
	bad += good ? 0 : 1;
	console.log(`${good ? "ok" : "not ok"} ${++n} - ${text}`);
};
const CODES = { Enter: 13, Escape: 27 };

class Person {
	constructor(name) {
		this.name = name;
		this.b = new Browser();
	}
	async open(screen, width = 1280) {
		if (!this.begun) {
			await this.b.send("Target.getTargets");
			await this.b.open("about:blank", width, 800);
			this.begun = true;
		}
		await this.b.send("Page.navigate", { url: `${url}?v=${screen}` });
		await this.b.until("document.querySelector('.who button, .who input')");
	}
	async bring() {
		await this.b.pick(".who input", [`${keys}/${this.name}.key`]);
		await this.b.until("document.querySelector('.who button')");
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
			ok(false, `${why}: ${await this.text(".says")}`);
		}
	}
	async key(k, modifiers = 0) {
		for (const type of ["keyDown", "keyUp"])
			await this.b.send("Input.dispatchKeyEvent", { type, key: k,
				code: k, modifiers, windowsVirtualKeyCode: CODES[k] ?? 0,
				...k.length === 1 && { text: k } });
	}
	async shot(name) {
		const { data } = await this.b.send("Page.captureScreenshot",
			{ format: "png" });
		if (shots)
			writeFileSync(`${shots}/${name}.png`,
				Buffer.from(data, "base64"));
	}
}

const ann = new Person("ann"), rev = new Person("rev"), lia = new Person("lia");
const selected = "document.querySelector('.queue [aria-selected=true]')"
	+ "?.innerText";
const state = (p, id) => p.b.value(`fetch("/api/v1/queue?type=finding&limit=1000"
	).then((r) => r.json()).then((q) => q.queue.find((x) => x.id === "${id}"
	).state)`);
try {
	await ann.open("review");
	await ann.there("document.querySelectorAll('.queue li').length > 1",
		"the queue is read without a key");
	ok(/key/.test(await ann.text(".reader")), "and why nothing can be decided");
	ok(await ann.b.value("[...document.querySelectorAll('.deciding .actions "
		+ "button')].every((b) => b.disabled)"), "no button pretends to");
	await ann.shot("review-reader");
	await ann.bring();
	ok(/analyst/.test(await ann.text(".who")), "a key file makes an analyst");
	ok(await ann.b.value(`(async () => {
		const db = await new Promise((done) => { const r =
			indexedDB.open("truce-keys"); r.onsuccess = () => done(r.result); });
		const all = await new Promise((done) => { const r = db.transaction("keys")
			.objectStore("keys").getAll(); r.onsuccess = () => done(r.result); });
		return all.length === 1 && all[0].private.extractable === false &&
			await crypto.subtle.exportKey("pkcs8", all[0].private)
				.then(() => false, () => true); })()`),
	"which no script can read back");

	await rev.open("review");
	await rev.bring();
	const id = await ann.b.value("document.querySelector('.item').ariaLabel");
	await ann.key("t");
	await ann.there("document.querySelector('.item p')?.innerText"
		+ ".includes('Yours')", "t takes an item");
	await rev.key("t");
	await rev.there("document.querySelector('.says').innerText"
		+ ".includes('Taken by mission')", "the second is told by whom");
	await ann.key("c");
	await ann.b.until("document.querySelector('.act textarea')");
	await ann.b.send("Input.insertText", { text: "heard by eleven" });
	await ann.shot("review-confirm");
	await ann.key("Enter", 2);
	await ann.there("document.querySelector('.says').innerText"
		+ ".includes('proposed')", "a confirmation is signed by keys alone");
	ok(await state(ann, id) === "proposed", "and the log has it as proposed");
	const again = await ann.b.value(`(async () => {
		const q = await (await fetch("/api/v1/queue?type=finding&limit=1000"))
			.json();
		return q.queue.find((x) => x.id === "${id}");
	})()`);
	ok(again.mine && !again.may.includes("confirm"),
		"the same person cannot confirm it again");
	ok(again.words.some((w) => w.does === "note" &&
		w.why === "heard by eleven"), "with the reason as a note");

	// The server drafts something else: nothing is signed.
	const evil = (how) => `window.honest ??= fetch; window.posted = [];
		window.fetch = async (path, o) => {
			if (String(path).endsWith("/entries"))
				posted.push(o.body);
			if (!String(path).endsWith("/entries/draft"))
				return honest(path, o);
			const asked = JSON.parse(o.body);
			${how === "another" ? "asked.of = window.another;" : ""}
			const r = await honest(path, { ...o, body: JSON.stringify(asked) });
			const d = await r.json();
			for (const f of ${how === "field" ? "d.entries[0].fields" : "[]"})
				if (f.name === "verdict")
					f.value = "no_breach";
			return new Response(JSON.stringify(d), { status: r.status });
		}; 0`;
	const go = async (p, want) => {
		for (let i = 0; i < 200; i++) {
			if (await p.b.value(`document.querySelector(".item")?.ariaLabel
				=== "${want}"`))
				return;
			await p.key("j");
		}
	};
	await rev.b.send("Page.reload").catch(() => {});
	await rev.b.until("document.querySelector('.who button')");
	ok(true, "the key is still there after a reload");
	await rev.b.until("document.querySelector('.item')");
	await go(rev, id);
	await rev.b.value(`fetch("/api/v1/queue?type=finding&limit=1000")
		.then((r) => r.json()).then((q) => { window.another = q.queue.find((x) =>
			x.id !== "${id}" && x.may.includes("confirm")).id; })`);
	for (const [how, why, says] of [["field",
		"whose fields are not the entry's", "not what the entry commits to"],
	["another", "of another finding", "it is about"]]) {
		await rev.b.value(evil(how));
		await rev.key("c");
		await rev.b.until("document.querySelector('.act textarea')");
		await rev.key("Enter", 2);
		await rev.there("document.querySelector('.says').innerText"
			+ `.match(/Not signed.*${says}/)`, `a draft ${why} is not signed`);
		ok(await rev.b.value("posted.length") === 0,
			"and nothing was handed in");
		await rev.key("Escape");
		await rev.b.until("!document.querySelector('.act textarea')");
	}
	await rev.b.value("window.fetch = honest; 0");
	await rev.key("c");
	await rev.b.until("document.querySelector('.act textarea')");
	const before = await rev.b.value(selected);
	await rev.key("Enter", 2);
	await rev.there("document.querySelector('.says').innerText"
		+ ".includes('reviewed')", "the second person makes it reviewed");
	ok(await state(rev, id) === "decided", "and it is decided");
	await rev.there(`${selected} !== ${JSON.stringify(before)}`,
		"the next item is there at once");
	await rev.shot("review-next");

	await rev.key("n");
	await rev.b.until("document.querySelector('.act textarea')");
	await rev.key("Enter", 2);
	ok(await rev.b.value("!!document.querySelector('.act textarea')"),
		"a note without a reason is not taken");
	await rev.b.send("Input.insertText", { text: "ask the patrol" });
	await rev.key("Enter", 2);
	await rev.there("/Entry \\d+ of the log/.test(document.querySelector("
		+ "'.says').innerText)", "with one it is logged");

	await lia.open("party");
	await lia.there("document.querySelectorAll('.three tbody tr').length > 0",
		"both parties' words beside the mission's");
	await lia.bring();
	await lia.b.until("document.querySelector('.three td button:not(.link)')");
	await lia.b.value("document.querySelector('.three td button:not(.link)')"
		+ ".click()");
	await lia.b.until("document.querySelector('.three textarea')");
	await lia.b.value("document.querySelector('.three textarea').focus()");
	await lia.b.send("Input.insertText", { text: "It was demining." });
	await lia.b.value("document.querySelector('.three form button').click()");
	await lia.there("[...document.querySelectorAll('.three td:first-child q')]"
		+ ".some((q) => q.innerText.includes('It was demining.'))",
	"a liaison's reply stands verbatim on its side");
	await lia.shot("party");
} catch (e) {
	ok(false, String(e));
} finally {
	for (const p of [ann, rev, lia])
		await p.b.close();
}
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
