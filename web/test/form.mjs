// SPDX-License-Identifier: GPL-3.0-or-later
//
// form.mjs TRUCE DIR [SHOTS] - the report form while things break: DIR/m is a
// mission, DIR/photo.jpg a photo.  The server is begun and killed here, and a
// proxy before it cuts uploads and answers.  For tests/form.sh.  Prints TAP.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import net from "node:net";

import { Browser } from "./chromium.mjs";

const [truce, dir, shots] = process.argv.slice(2);
let n = 0, bad = 0;
const ok = (good, text) => {
	bad += good ? 0 : 1;
	console.log(`${good ? "ok" : "not ok"} ${++n} - ${text}`);
};

// -- a server that can be killed, and a road to it that can break --
let server = null, port = 0;
async function begin() {
	server = spawn(truce, ["serve", `${dir}/m`, "--listen", "127.0.0.1:0",
		"--submissions"], { stdio: ["ignore", "pipe", "ignore"] });
	port = await new Promise((done) => {
		let said = "";
		server.stdout.on("data", (d) => {
			said += d;
			const m = /127\.0\.0\.1:(\d+)/.exec(said);
			if (m)
				done(Number(m[1]));
		});
	});
}
const end = () => new Promise((done) => {
	server.on("exit", done);
	server.kill("SIGKILL");
});
/** "open"; "cut": an upload breaks in its middle; "deaf": the answer is lost;
 *  "mute": only that to a report, not that to its photo. */
let road = "open", broken = 0;
const proxy = net.createServer((c) => {
	const s = net.connect(port, "127.0.0.1");
	let put = false, report = false;
	const die = () => {
		c.destroy();
		s.destroy();
	};
	c.on("error", die);
	s.on("error", die);
	c.on("close", () => s.end());
	s.on("close", () => c.end());
	c.on("data", (d) => {
		put ||= d.toString("latin1").startsWith("PUT ");
		report ||= put && d.includes("application/json");
		if (put && road === "cut") {
			broken++;
			s.write(d.subarray(0, Math.max(1, d.length >> 1)));
			setTimeout(die, 50);
		} else {
			s.write(d);
		}
	});
	s.on("data", (d) => {
		if (road === "mute" ? report : put && road === "deaf") {
			broken++;
			die();
		} else {
			c.write(d);
		}
	});
});
await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${proxy.address().port}/form.html?lang=en`;

const b = new Browser();
const count = (what) => b.value(`Number(document.querySelector("[data-${what}]")
	?.dataset.${what} ?? 0)`);
const there = async (expression, why) => {
	try {
		await b.until(expression);
		ok(true, why);
	} catch {
		ok(false, `${why}: ${await b.value("document.body.innerText.slice(-600)")}`);
	}
};
const click = (words) => b.value(`(() => { const x = [...document
	.querySelectorAll("button")].find((e) => e.innerText.startsWith("${words}"));
	x.click(); return true; })()`);
const fill = async (kind) => {
	await b.until("document.querySelector('fieldset select option[value=P-1]"
		.replace("P-1", "\"P-1\"") + "')");
	await b.value(`(() => { const s = document.querySelector("fieldset select");
		s.value = "P-1"; s.dispatchEvent(new Event("change", { bubbles: true }));
	})()`);
	await click(kind);
	await click("Now");
	await b.value("new Promise((r) => setTimeout(r, 50))");
};
const offline = (is) => b.send("Network.emulateNetworkConditions", {
	offline: is, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
const kept = () => existsSync(`${dir}/m/inbox/P-1`)
	? readdirSync(`${dir}/m/inbox/P-1`).filter((f) => f.endsWith(".json")) : [];

try {
	await begin();
	await b.send("Target.getTargets");
	await b.open(url, 390, 844);
	await there("document.querySelector('.form')", "the form opens");
	await b.until("navigator.serviceWorker.ready.then(() => true)");
	await b.send("Page.reload");
	await there("!!navigator.serviceWorker.controller",
		"and is kept by a service worker");
	ok(await b.value("document.documentElement.scrollWidth <= 390"),
		"nothing sticks out at 390 px");
	if (shots)
		await b.shot(`${shots}/form.png`);

	await fill("explosion");
	await click("NNE");
	await click("Hand in");
	await there("document.querySelector('[data-sent=\"1\"]')",
		"a report is received");
	ok(kept().length === 1, "and lies in the inbox");

	await b.send("Network.enable");
	await offline(true);
	await b.send("Page.reload");
	await there("document.querySelector('.net')?.innerText.includes('No network')",
		"without a network it opens all the same");
	await fill("shot");
	await b.pick("input[type=file]", [`${dir}/photo.jpg`]);
	const sha = createHash("sha256").update(readFileSync(`${dir}/photo.jpg`))
		.digest("hex");
	await there(`document.querySelector(".photos").innerText.includes("${
		sha.slice(0, 16)}")`, "a photo is hashed as it is");
	await click("Hand in");
	await there("document.querySelector('[data-waiting=\"1\"]')",
		"a report waits in the outbox");
	if (shots)
		await b.shot(`${shots}/form-offline.png`);
	// A draft that is not handed in, and a tab that dies.
	await fill("fire");
	void b.send("Page.crash").catch(() => {});
	await new Promise((done) => setTimeout(done, 500));
	b.session = undefined;
	const { targetId } = await b.send("Target.createTarget",
		{ url: "about:blank" });
	b.session = (await b.send("Target.attachToTarget", { targetId,
		flatten: true })).sessionId;
	await b.send("Page.enable");
	await b.send("Network.enable");
	await offline(true);
	await b.send("Page.navigate", { url });
	await there("document.querySelector('[data-waiting=\"1\"]')",
		"after its tab was killed it waits still");
	ok(await b.value("[...document.querySelectorAll('button')].some((e) => "
		+ "e.innerText === 'fire' && e.ariaPressed === 'true')"),
	"and the draft is there");

	await end();
	await offline(false);
	await click("Send now");
	await b.value("new Promise((r) => setTimeout(r, 500))");
	ok(await count("waiting") === 1, "a dead server gives no receipt");
	await begin();
	road = "cut";
	await click("Send now");
	await b.value("new Promise((r) => setTimeout(r, 800))");
	ok(broken > 0 && await count("waiting") === 1 && kept().length === 1,
		"an upload that broke in its middle is no report");
	road = "deaf";
	broken = 0;
	await click("Send now");
	await b.value("new Promise((r) => setTimeout(r, 800))");
	ok(broken > 0 && await count("waiting") === 1 && kept().length === 1 &&
		readdirSync(`${dir}/m/inbox/P-1`).includes(`${sha}.jpg`),
	"a photo whose receipt was lost is there, and its report waits here");
	road = "mute";
	broken = 0;
	await click("Send now");
	await b.value("new Promise((r) => setTimeout(r, 800))");
	ok(broken > 0 && await count("waiting") === 1 && kept().length === 2,
		"one whose receipt was lost was kept there, and waits here");
	await end();
	await begin();
	road = "open";
	await click("Send now");
	await there("document.querySelector('[data-sent=\"2\"]') && "
		+ "!document.querySelector('[data-waiting]')",
	"sent again after a restart it has its receipt");
	ok(kept().length === 2, "and is there once");
	const items = await b.value(`(async () => {
		const db = await new Promise((d) => { const r = indexedDB.open(
			"truce-outbox"); r.onsuccess = () => d(r.result); });
		const all = await new Promise((d) => { const r = db.transaction("items")
			.objectStore("items").getAll(); r.onsuccess = () => d(r.result); });
		return Promise.all(all.map(async (i) => ({ id: i.id, sha: i.sha256,
			photo: i.photos.map((p) => p.sha256).join(), bytes: i.photos.length
				? (await i.photos[0].original.arrayBuffer()).byteLength : 0 })));
	})()`);
	ok(items.every((i) => createHash("sha256").update(readFileSync(
		`${dir}/m/inbox/P-1/${i.id}.sent.json`)).digest("hex") === i.sha),
	"to the byte");
	ok(items.some((i) => i.photo === sha && i.bytes ===
		readFileSync(`${dir}/photo.jpg`).length) && readFileSync(
		`${dir}/m/inbox/P-1/${sha}.jpg`).equals(readFileSync(
		`${dir}/photo.jpg`)),
		"its photo too, whose original is still on the phone");

	// A server that refuses, and one that gives a receipt of something else.
	await b.value(`window.honest = fetch; window.fetch = async (p, o) =>
		o?.method === "PUT" ? new Response(JSON.stringify({ id: "x",
			sha256: "0".repeat(64), bytes: 1 }), { status: 201 })
			: honest(p, o); 0`);
	await fill("damage");
	await click("Hand in");
	await there("document.querySelector('[data-waiting=\"1\"]')",
		"a receipt of something else is none");
	await b.value("window.fetch = honest; 0");
	await click("Send now");
	await there("document.querySelector('[data-sent=\"3\"]')",
		"the true one is");
	spawnSync(truce, ["replay", `${dir}/m`]);
	const r = spawnSync(truce, ["detections", `${dir}/m`, "--source", "P-1",
		"--jsonl"], { encoding: "utf8" });
	const said = r.stdout.trim().split("\n").map((l) => JSON.parse(l));
	ok(said.length === 3 && said.some((d) => d.kind === "explosion" &&
		d.attributes.report_id === items[0].id || d.kind === "shot"),
	`the log has the ${said.length} reports`);
	const faults = spawnSync(truce, ["faults", `${dir}/m`, "--csv"],
		{ encoding: "utf8" }).stdout.trim().split("\n").length - 1;
	ok(faults === 0, "without a fault");

	// At the desk: covered until somebody asks for it.
	const with_it = said.find((d) => d.attributes.photos);
	const incident = JSON.parse(spawnSync(truce, ["incidents", `${dir}/m`,
		"--json"], { encoding: "utf8" }).stdout).incidents.find((i) =>
		i.evidence.includes(with_it.id));
	const desk = `http://127.0.0.1:${port}/?lang=en&i=${incident.id}`;
	await b.open(desk, 1280, 800);
	await there("document.querySelector('.photo button')",
		"the incident has the photo, covered");
	await there("/px/.test(document.querySelector('.photo figcaption')"
		+ ".innerText)", "with its size");
	ok(!await b.value("performance.getEntriesByType('resource').some((e) => "
		+ "/photos\\/[0-9a-f]{64}$/.test(e.name))"), "and nothing fetched it yet");
	await b.value("document.querySelector('.photo button').click()");
	await there("document.querySelector('.photo img')?.naturalWidth > 0",
		"who asks sees it");
	if (shots)
		await b.shot(`${shots}/form-photo.png`);
} catch (e) {
	ok(false, String(e));
} finally {
	await b.close();
	server.kill("SIGKILL");
	proxy.close();
	proxy.unref();
}
console.log(`1..${n}`);
if (shots)
	writeFileSync(`${shots}/form.txt`, String(n));
process.exit(bad > 0 ? 1 : 0);
