// SPDX-License-Identifier: GPL-3.0-or-later
//
// review.mjs URL KEYS [SHOTS] - people at the desk in real browsers: who has no
// key reads and is told why; two take one item; one cannot confirm twice; two
// confirm; a draft that is not what was meant is not signed; a party replies;
// who has no key makes one here, and signs once a chief has enrolled it.
// For tests/review.sh.  Prints TAP.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { end, ok, Person } from "./person.mjs";

const at = process.argv.slice(2);
const [ann, rev, lia] = ["ann", "rev", "lia"].map((k) => new Person(k, ...at));
const own = new Person("own", ...at), chi = new Person("chi", ...at);
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
	const lines = await ann.b.value("[...document.querySelectorAll('.queue "
		+ "li')].map((l) => l.innerText)");
	ok(lines.every((l) => /P \d\.\d+–\d/.test(l) && /f-…/.test(l)) &&
		new Set(lines).size === lines.length,
	"each line says what tells it from the others");
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

	// Who signs in is asked for anew: until then nobody knows what they may.
	await rev.open("review");
	await rev.b.until("document.querySelector('.item')");
	await rev.b.value(`(() => {
		const honest = fetch, open = new Promise((done) => {
			window.letGo = () => { window.fetch = honest; done(); }; });
		window.fetch = (path, o) => String(path).includes("queue?")
			? open.then(() => honest(path, o)) : honest(path, o); })()`);
	await rev.bring();
	await rev.there("/being asked/.test(document.querySelector('.item')"
		+ ".innerText)", "while it is asked what they may do, the page says so");
	ok(!/may do nothing/.test(await rev.text(".item")),
		"and not that it is nothing");
	await rev.b.value("letGo()");
	await rev.may("confirm");
	ok(!/being asked/.test(await rev.text(".item")), "then it offers it");
	const id = await ann.b.value("document.querySelector('.item').ariaLabel");
	await ann.key("t");
	await ann.there("document.querySelector('.item p')?.innerText"
		+ ".includes('Yours')", "t takes an item");
	await rev.key("t");
	await rev.there("document.querySelector('.says').innerText"
		+ ".includes('Taken by mission')", "the second is told by whom");
	await ann.may("confirm");
	await ann.key("c");
	await ann.b.until("document.querySelector('.act textarea')");
	await ann.type("heard by eleven");
	await ann.shot("review-confirm");
	await ann.clear("the form that confirms");
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
	const waits = `document.querySelector('li[data-id="${id}"]')?.innerText`
		+ ".includes('proposed')";
	const marked = `!!document.querySelector('li[data-id="${id}"] b.unread')`;
	await rev.there(`${waits} && ${marked}`,
		"who may be the second person sees it marked");
	await ann.there(`${waits} && !${marked}`, "who was the first does not");
	ok((await ann.text(".says")).includes(id.slice(-8)),
		"what was signed is said by its id");

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
	await rev.b.until("document.querySelector('.who:not(.reader) button')");
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
		await rev.may("confirm");
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
	await rev.may("confirm");
	await rev.key("c");
	await rev.b.until("document.querySelector('.act textarea')");
	await rev.key("Escape");
	await rev.b.until("!document.querySelector('.act textarea')");
	await rev.key("e");
	await rev.there("document.querySelector('.item details').open",
		"e shows the evidence");
	await rev.key("e");
	await rev.may("confirm");
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
	await rev.type("ask the patrol");
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
	await lia.clear("the form that replies");
	await lia.type("It was demining.");
	// The list comes after it: until then nothing may deny that it was said.
	await lia.b.value(`(() => { window.denied = 0; new MutationObserver(() => {
		for (const d of document.querySelectorAll(".three td:first-child"))
			if (d.innerText.includes("It was demining.") &&
				d.innerText.includes("no statement"))
				window.denied++;
	}).observe(document.body, { subtree: true, childList: true }); })()`);
	await lia.b.value("document.querySelector('.three form button').click()");
	await lia.there("[...document.querySelectorAll('.three td:first-child q')]"
		+ ".some((q) => q.innerText.includes('It was demining.'))",
	"a liaison's reply stands verbatim on its side");
	await new Promise((done) => setTimeout(done, 1500));
	ok(await lia.b.value("window.denied") === 0,
		"and never beside it that nothing was said");
	await lia.shot("party");

	// What is sent and lost is still there to be sent; and what is said
	// between another's list and his next look is seen by him.
	const { identifier } = await rev.b.send(
		"Page.addScriptToEvaluateOnNewDocument", { source: `(() => {
			const honest = fetch;
			const open = new Promise((done) => { window.letGo = done; });
			window.fetch = async (path, o) => {
				const r = await honest(path, o);
				if (/findings/.test(path) && !/limit=1$/.test(path)) {
					window.asked = true;
					await open;
				}
				return r;
			}; })()` });
	await rev.open("party");
	await rev.b.until("window.asked");
	const answer = "document.querySelector('.three td button:not(.link)')";
	await lia.b.until(answer);
	await lia.b.value(`${answer}.click()`);
	await lia.b.until("document.querySelector('.three textarea')");
	await lia.b.value("document.querySelector('.three textarea').focus()");
	await lia.type("Of mines.");
	await lia.b.value("window.honest = fetch; window.fetch = (path, o) => "
		+ "String(path).includes('entries') ? Promise.reject(new TypeError("
		+ "'the network is gone')) : honest(path, o); 0");
	const send = "document.querySelector('.three form button').click()";
	await lia.b.value(send);
	await lia.there("/network is gone/.test(document.querySelector('.three "
		+ "form .failed')?.innerText)", "a reply that is not sent is said so");
	ok(await lia.b.value("document.querySelector('.three textarea')?.value")
		=== "Of mines.", "and its words stay");
	await lia.b.value("window.fetch = honest; 0");
	await lia.b.value(send);
	await lia.there("!document.querySelector('.three textarea')",
		"until they are");
	await rev.b.value("letGo()");
	await rev.there("[...document.querySelectorAll('.three q')].some((q) => "
		+ "q.innerText.includes('Of mines.'))",
	"who asked for the list before sees them after");
	await rev.b.send("Page.removeScriptToEvaluateOnNewDocument",
		{ identifier });
	await rev.open("review");
	await rev.b.until("document.querySelector('.who:not(.reader) button')");
	await rev.may("note");
	await rev.key("n");
	await rev.b.until("document.querySelector('.act textarea')");
	await rev.type("twice");
	await rev.b.value("window.honest = fetch; window.fetch = (path, o) => "
		+ "String(path).includes('entries') ? Promise.reject(new TypeError("
		+ "'the network is gone')) : honest(path, o); 0");
	await rev.key("Enter", 2);
	await rev.there("/network is gone/.test(document.querySelector('.says')"
		+ ".innerText)", "a note that is not sent is said so");
	ok(await rev.b.value("document.querySelector('.act textarea')?.value")
		=== "twice", "and its form stays, with its words");
	await rev.b.value("window.fetch = honest; 0");
	await rev.key("Enter", 2);
	await rev.there("/Entry \\d+ of the log/.test(document.querySelector("
		+ "'.says').innerText)", "until it is sent");

	// Published before the parties' day is over: only with a reason.
	const reach = async (p) => {
		await p.b.until("document.querySelector('.choose select + select')");
		await p.b.value(`(() => { const s = document.querySelector(
			".choose select + select"); s.value = "";
			s.dispatchEvent(new Event("change", { bubbles: true })); })()`);
		await p.b.until(`document.querySelector('li[data-id="${id}"]')`);
		await p.b.value(`document.querySelector('li[data-id="${id}"]').click()`);
		await p.b.until(`document.querySelector(".item")?.ariaLabel === "${id}"`);
	};
	await chi.open("review");
	await chi.bring();
	await reach(chi);
	await chi.may("publish");
	await chi.key("p");
	await chi.there("/may reply until/.test(document.querySelector('.act')"
		+ "?.innerText)", "who publishes is told that the parties may still reply");
	await chi.key("Enter", 2);
	ok(await chi.b.value("!!document.querySelector('.act textarea')"),
		"without a reason it is not published");
	await chi.type("people must know tonight");
	await chi.shot("review-early");
	await chi.key("Enter", 2);
	await chi.there("/Entry \\d+ /.test(document.querySelector('.says')"
		+ ".innerText)", "with one it is proposed");
	await rev.b.send("Page.reload").catch(() => {});
	await rev.b.until("document.querySelector('.who:not(.reader) button')");
	await reach(rev);
	const yes = "[...document.querySelectorAll('.proposal button')].find((b) => "
		+ "b.innerText.includes('confirm'))";
	await rev.b.until(yes);
	await rev.b.value(`${yes}.click()`);
	await rev.there("/Entry \\d+ /.test(document.querySelector('.says')"
		+ ".innerText)", "and a second person publishes it");
	await lia.open("party");
	await lia.there("[...document.querySelectorAll('.three .perhaps')].some("
		+ "(p) => p.innerText.includes('people must know tonight'))",
	"the parties see that it was early, and why");

	// What two persons published, two withdraw.
	const told = (state) => `fetch("/public/v1/findings?state=${state}")
		.then((r) => r.json()).then((d) => d.findings.length === 1)`;
	await rev.there(told("stands"), "the public reads what was published");
	await chi.b.send("Page.reload").catch(() => {});
	await chi.b.until("document.querySelector('.who:not(.reader) button')");
	await reach(chi);
	await chi.there("/an analyst proposes/.test(document.querySelector('.act')"
		+ "?.innerText)", "a chief is told who asks for a withdrawal");
	await chi.key("w");
	ok(!await chi.b.value("!!document.querySelector('.act textarea')"),
		"and has no key for it");
	await ann.b.send("Page.reload").catch(() => {});
	await ann.b.until("document.querySelector('.who:not(.reader) button')");
	await reach(ann);
	await ann.may("withdraw");
	ok(/withdraw the publication w/.test((await ann.text(".act")).replace(
		/\s+/g, " ")), "an analyst is offered it, with its key");
	ok(!/an analyst proposes/.test(await ann.text(".act")),
		"and needs no such advice");
	await ann.key("w");
	await ann.b.until("document.querySelector('.act textarea')");
	await ann.key("Enter", 2);
	ok(await ann.b.value("!!document.querySelector('.act textarea')"),
		"without a reason nothing is withdrawn");
	await ann.type("the patrol was elsewhere");
	await ann.clear("the form that withdraws");
	await ann.shot("review-withdraw");
	await ann.key("Enter", 2);
	await ann.there("/Entry \\d+ /.test(document.querySelector('.says')"
		+ ".innerText)", "an analyst proposes to withdraw it");
	ok(await ann.b.value(told("stands")), "which alone changes nothing");
	await rev.b.send("Page.reload").catch(() => {});
	await rev.b.until("document.querySelector('.who:not(.reader) button')");
	await reach(rev);
	await rev.b.until(yes);
	await rev.b.value(`${yes}.click()`);
	await rev.there("/Entry \\d+ /.test(document.querySelector('.says')"
		+ ".innerText)", "a second person agrees");
	await rev.there(told("withdrawn"), "and the public reads that it is");
	await rev.there(`/withdrawn/.test(document.querySelector('li[data-id="${
		id}"] small').innerText)`, "and so does the desk");

	// A key that is made in the page.
	await own.open("review");
	await own.b.value(`(() => {
		document.querySelector(".ask").open = true;
		const put = (s, v) => { const e = document.querySelector(".ask " + s);
			e.value = v; e.dispatchEvent(new Event(s === "select" ? "change"
				: "input", { bubbles: true })); };
		put("input", "guests");
		put("select", "reviewer");
	})()`);
	await own.shot("key-ask");
	await own.b.value("document.querySelector('.ask form button').click()");
	await own.there("document.querySelector('.request')",
		"who has no key makes one, with a request");
	await own.shot("key-request");
	const request = await own.b.value(
		"document.querySelector('.request').value");
	const enrol = (text) => {
		writeFileSync(`${at[1]}/request.txt`, text);
		return spawnSync(process.env.TRUCE, ["key", "enrol", `${at[1]}/m`,
			"--request", `${at[1]}/request.txt`], { encoding: "utf8" });
	};
	for (const [from, to, why] of [["role reviewer", "role chief", "proof"],
		["truce enrolment 1", "enrolment", "first line"],
		[/origin .*/, "origin another/0", "another log"],
		[/org .*\n/, "", "no org"]]) {
		const r = enrol(request.replace(from, to));
		ok(r.status === 3 && r.stderr.includes(why),
			`a request that was changed is refused: ${why} ${r.stderr.trim()}`);
	}
	await own.b.value("[...document.querySelectorAll('.reader button')].find("
		+ "(b) => b.innerText.includes('sign in')).click()");
	await own.there("document.querySelector('.says').innerText !== ''",
		"nor has it a session yet");
	const r = enrol(request);
	ok(r.status === 0 && r.stdout.includes("reviewer of guests, a new person") &&
		r.stdout.includes(request.match(/key (\w+)/)[1]),
	`a chief enrols it: ${r.stderr}`);
	await own.b.value("[...document.querySelectorAll('.reader button')].find("
		+ "(b) => b.innerText.includes('sign in')).click()");
	await own.there("/reviewer of guests/.test(document.querySelector('.who')"
		+ ".innerText)", "and it signs in");
	await own.b.until("document.querySelector('.act button')");
	await own.key("n");
	await own.b.until("document.querySelector('.act textarea')");
	await own.type("seen by a guest");
	await own.key("Enter", 2);
	await own.there("/Entry \\d+ of the log/.test(document.querySelector("
		+ "'.says').innerText)", "and signs");
	// One entry with what it says, as far as each may see it.
	const show = (p, body) => p.b.value(`(async () => {
		const s = await (await fetch("/api/v1/session")).json();
		const r = await fetch("/api/v1/disclosures", { method: "POST",
			headers: { "X-Truce-Token": s.token ?? "" },
			body: '${JSON.stringify(body)}' });
		return [r.status, await r.text()]; })()`);
	const file = `${at[1]}/one.disclosure`;
	const checked = (text) => {
		writeFileSync(file, text);
		return spawnSync(process.env.TRUCE, ["audit", file],
			{ encoding: "utf8" });
	};
	const i = (await ann.b.value("fetch('/api/v1/incidents?limit=1').then("
		+ "(r) => r.json())")).incidents[0];
	const all = await show(ann, { of: i.id, for: "mission", why: "asked" });
	const some = await show(ann, { of: i.id, for: "parties" });
	const theirs = await show(lia, { of: i.id, for: "mission" });
	const opened = (s) => s.split("\n").filter((l) => l.startsWith("open "))
		.map((l) => l.split(" ")[2]);
	for (const [status, text] of [all, some, theirs])
		ok(status === 200 && checked(text).status === 0,
			`an entry with what it says verifies: ${status} ${
				checked(text).stderr}`);
	ok(/^shut /m.test(all[1]) === false && opened(all[1]).includes("evidence"),
		"the mission sees all of it");
	ok([some, theirs].every(([, t]) => opened(t).includes("time.at") &&
		!opened(t).some((n) => /^(evidence|silent|health|features|attributes)/
			.test(n)) && t.match(/^shut /gm).length === 5),
	"a party nothing of sensors and observers, whatever it asks for");
	ok((await show(lia, { of: "1" }))[0] === 403,
		"nor what is no incident and no finding");
	writeFileSync(`${at[1]}/sealed.json`, '{"kind":"explosion"}');
	const sealed = spawnSync(process.env.TRUCE, ["disclose", "embargo",
		`${at[1]}/m`, "--type", "2", "--body", `${at[1]}/sealed.json`, "--key",
		`${at[1]}/ann.key`], { encoding: "utf8" }).stdout.match(/entry (\d+)/);
	const kept = await show(ann, { of: sealed?.[1] ?? "", for: "mission" });
	ok(kept[0] === 403 && /is sealed/.test(kept[1]),
		`nor anybody what is sealed: ${kept}`);
	const nobody = await fetch(new URL("/api/v1/disclosures", at[0]), {
		method: "POST", body: JSON.stringify({ of: i.id }) });
	ok([401, 403].includes(nobody.status) && !/truce.disclosure/.test(
		await nobody.text()), `nobody without a session: ${nobody.status}`);
	const broken = some[1].replace(/^(open \S+ phrase) \S*$/m, "$1 AAAA");
	ok(broken !== some[1] && checked(broken).status === 1,
		"what was altered does not verify");
	const noted = spawnSync(process.env.TRUCE, ["disclose", "told",
		`${at[1]}/m`, String(i.ledger.index)], { encoding: "utf8" }).stdout;
	ok(/to: mission\n(.*\n)*?  why: asked/.test(noted) && noted.match(
		/^entry /gm).length === 3, `the log says who was shown what: ${noted}`);
	await ann.open("audit", 1280, ".shown form");
	await ann.b.value(`window.kept = []; URL.createObjectURL = (f) => {
		window.kept.push(f); return "#"; }; (() => { const i =
		document.querySelector(".shown input"); i.value = "${i.ledger.index}";
		i.dispatchEvent(new Event("input", { bubbles: true })); })()`);
	await ann.b.value("document.querySelector('.shown button').click()");
	await ann.there("document.querySelector('.shown code')",
		"from the page, too");
	ok(checked(await ann.b.value("window.kept.pop().text()")).status === 0,
		"and it verifies");
	await ann.shot?.("review-shown");
	ok(!readFileSync(`${at[1]}/request.txt`, "utf8").includes("PRIVATE"),
		"no secret left the page");
} catch (e) {
	ok(false, String(e));
} finally {
	await Person.leave();
}
end();
