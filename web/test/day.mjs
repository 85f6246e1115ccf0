// SPDX-License-Identifier: GPL-3.0-or-later
//
// day.mjs TRUCE DIR [SHOTS] - one day at the desk, as people work it: DIR/m is a
// mission, DIR/files/SOURCE/... what comes, DIR/NAME.key who decides.  `truce
// run` hears what sensors push, the page sees it, six persons take it to a
// published report.  For tests/day.sh.  Prints TAP.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from
	"node:fs";
import { pathToFileURL } from "node:url";

import { end, ok, Person } from "./person.mjs";

const [truce, dir, shots] = process.argv.slice(2);
const m = `${dir}/m`;
const children = [];
/** A program that goes on; done once it has said what is looked for. */
const begin = (args, said) => new Promise((done, no) => {
	const p = spawn(truce, args);
	let all = "";
	children.push(p);
	p.on("exit", (code) => no(new Error(`${args[0]} ended: ${code} ${all}`)));
	for (const s of [p.stdout, p.stderr])
		s.on("data", (d) => {
			all += d;
			const f = said.exec(all);
			if (f)
				done(f[1]);
		});
});
const verb = (...args) => {
	const r = spawnSync(truce, args, { encoding: "utf8" });
	if (r.status !== 0)
		throw new Error(`${args.join(" ")}: ${r.stderr}`);
	return r.stdout;
};
/** A file that somebody hands in, whole at once. */
function inbox(source, name) {
	mkdirSync(`${m}/inbox/${source}`, { recursive: true });
	copyFileSync(`${dir}/files/${source}/${name}`,
		`${m}/inbox/${source}/.${name}`);
	renameSync(`${m}/inbox/${source}/.${name}`, `${m}/inbox/${source}/${name}`);
}
const choose = (selector, value) => `(() => { const s = document.querySelector(${
	JSON.stringify(selector)}); s.value = ${JSON.stringify(value)};
	s.dispatchEvent(new Event("change", { bubbles: true })); })()`;
/** An item of the queue before a person, whatever its state. */
async function go(p, id) {
	await p.b.until("document.querySelector('.choose select + select')");
	await p.b.value(choose(".choose select + select", ""));
	await p.b.until(`document.querySelector('li[data-id="${id}"]')`);
	await p.b.value(`document.querySelector('li[data-id="${id}"]').click()`);
	await p.b.until(`document.querySelector(".item")?.ariaLabel === "${id}"`);
}
const says = (p, word, what) => p.there(`/${word}/.test(document.querySelector(
	".says").innerText)`, what);
const click = (p, words) => p.b.value(`[...document.querySelectorAll("button")]
	.find((e) => e.innerText.startsWith(${JSON.stringify(words)})).click()`);

try {
	// It replays what comes by the inbox at once, and what sensors push only
	// with it: so the alert is there before the log.
	const port = await begin(["run", m, "--listen", "127.0.0.1:0", "--every",
		"3600"], /listening on \S+:(\d+)/);
	const url = await begin(["serve", m, "--listen", "127.0.0.1:0",
		"--submissions"], /open *(http\S+)/);
	const [ann, rev, chi, lia, lib, pat] = ["ann", "rev", "chi", "lia", "lib",
		"pat"].map((k) => new Person(k, url, dir, shots));

	// Sensors push; the first alert is on the screen before the log has it.
	await ann.open("incidents", 1440, ".canvas[data-idle]");
	ok(!(await ann.text(".period, .over")).includes("1970"),
		"an empty mission shows its last day");
	await ann.shot("01-before");
	const pushed = new Promise((done) => spawn("python3", [
		"tests/faults/push.py", port, `${dir}/files`], { stdio: "inherit" })
		.on("exit", done));
	await ann.there("document.querySelector('.heard').innerText !== ''",
		"the first alert is on the screen");
	ok(await pushed === 0, "all that sensors pushed was acknowledged");
	await ann.shot("02-alert");

	// A report by phone; with it all is logged.
	await pat.open("incidents", 390, ".lists");
	await pat.shot("03-phone");
	await pat.b.send("Page.navigate", { url: `${url}form.html?lang=en` });
	await pat.b.until("document.querySelector('fieldset select option[value="
		+ "\"P-1\"]')");
	const [first] = readFileSync(`${m}/alerts.jsonl`, "utf8").split("\n")
		.filter(Boolean).map((l) => JSON.parse(l)).filter((a) => a.incident);
	await pat.b.value(choose("fieldset select", "P-1"));
	await click(pat, "explosion");
	await pat.b.value(`(() => { const e = document.querySelector(".at");
		e.value = ${JSON.stringify(first.incident.time.at.slice(0, 19)
			.replace("T", " "))};
		e.dispatchEvent(new Event("input", { bubbles: true })); })()`);
	await pat.shot("04-form");
	await click(pat, "Hand in");
	await pat.there("document.querySelector('[data-sent=\"1\"]')",
		"a report by phone has its receipt");
	await pat.shot("05-receipt");
	await ann.there("document.querySelectorAll('.lists tbody tr').length > 2",
		"once it is logged the list has it, without asking");
	await ann.there("document.querySelector('.heard').innerText === ''",
		"and nothing says any more that it is not");
	await ann.shot("05-list");

	// A notice and a satellite's file by the inbox.
	inbox("P-1", "notices.csv");
	inbox("VIIRS-N20", "fires.csv");
	for (const modality of ["heat", "witness"])
		await ann.there(`fetch("/api/v1/detections?modality=${modality}").then(
			(r) => r.json()).then((d) => d.detections.length > 0)`,
		`what came otherwise is evidence: ${modality}`);
	await ann.there(`fetch("/api/v1/activities").then((r) => r.json())
		.then((d) => d.activities.length > 0)`, "and the notice is known");

	// The evidence.
	const all = JSON.parse(verb("incidents", m, "--json")).incidents;
	const found = JSON.parse(verb("findings", m, "--verdict", "breach",
		"--json")).findings;
	const incident = all.filter((i) => found.some((f) => f.incident === i.id))
		.sort((a, b) => b.evidence.length - a.evidence.length)[0];
	const id = found.find((f) => f.incident === incident.id).id;
	await ann.b.value(`history.pushState(null, "", "?lang=en&i=${incident.id
		}"); dispatchEvent(new PopStateEvent("popstate"))`);
	await ann.there("document.querySelector('.card .picture img')"
		+ "?.naturalWidth > 0 && document.querySelector('.residuals')",
	"an incident has its record section and residuals");
	await ann.shot("06-card");
	await ann.b.value("document.querySelector('.card .evidence h3')"
		+ ".scrollIntoView()");
	await ann.shot("07-evidence");
	await ann.b.value("document.querySelector('.card .residuals')"
		+ ".scrollIntoView()");
	await ann.shot("08-residuals");

	// Proposed, and confirmed by a guest.
	await ann.open("review", 1440);
	await ann.bring();
	await go(ann, id);
	await ann.key("t");
	await ann.there("document.querySelector('.item p')?.innerText"
		+ ".includes('Yours')", "the analyst takes the finding");
	await ann.shot("09-taken");
	await ann.may("confirm");
	await ann.key("c");
	await ann.b.until("document.querySelector('.act textarea')");
	await ann.type("five sensors and a patrol");
	await ann.key("Enter", 2);
	await says(ann, "proposed", "proposes it");
	await ann.shot("10-proposed");
	await rev.open("review", 1440);
	await rev.bring();
	await go(rev, id);
	await rev.shot("11-second");
	await rev.may("confirm");
	await rev.key("c");
	await rev.b.until("document.querySelector('.act textarea')");
	await rev.key("Enter", 2);
	await says(rev, "reviewed", "a guest of another organisation confirms");
	await rev.shot("12-confirmed");

	// What the parties say.
	for (const [p, words] of [[lia, "It was demining."],
		[lib, "We saw no demining."]]) {
		await p.open("party", 1440);
		await p.bring();
		await p.b.until("document.querySelector('.three td button:not(.link)')");
		await p.b.value(`[...document.querySelectorAll(".three tbody tr")].find(
			(r) => r.innerText.includes("may reply")).querySelector(
			"button:not(.link)").click()`);
		await p.b.until("document.querySelector('.three textarea')");
		await p.b.value("document.querySelector('.three textarea').focus()");
		await p.type(words);
		await p.b.value("document.querySelector('.three form button').click()");
		await p.there(`[...document.querySelectorAll(".three td q")].some((q) =>
			q.innerText.includes(${JSON.stringify(words)}))`,
		`a party replies: ${words}`);
	}
	await lia.there(`[...document.querySelectorAll(".three td q")].some((q) =>
		q.innerText.includes("We saw no demining."))`,
	"which the first reads without asking");
	await lib.there(`[...document.querySelectorAll(".two section")].some((s) =>
		s.innerText.includes("live fire"))`, "and reads what the other notified");
	await lib.clear("what the parties say");
	await lib.shot("13-parties");
	await lib.b.send("Emulation.setDeviceMetricsOverride", { width: 390,
		height: 844, deviceScaleFactor: 1, mobile: true });
	ok(await lib.b.value("document.documentElement.scrollWidth <= 390 && "
		+ "[...document.querySelectorAll('.three tbody td')].every((d) => "
		+ "d.clientWidth > 300)"), "on a phone each has the whole width");
	await lib.shot("13-parties-phone");

	// The chief publishes, early, and says why; a guest is the second person.
	await chi.open("review", 1440);
	await chi.bring();
	await go(chi, id);
	await chi.may("publish");
	await chi.key("p");
	await chi.b.until("document.querySelector('.act textarea')");
	await chi.type("both parties have replied");
	await chi.shot("14-publish");
	await chi.key("Enter", 2);
	await says(chi, "publication proposed", "the chief publishes");
	await rev.open("review", 1440);
	await go(rev, id);
	const yes = "[...document.querySelectorAll('.proposal button')].find((b) =>"
		+ " b.innerText.includes('confirm'))";
	await rev.b.until(yes);
	await rev.shot("15-publication");
	await rev.b.value(`${yes}.click()`);
	await says(rev, "published", "and a second person stands behind it");

	// The chief presses "report"; what the desk says, it says.
	mkdirSync(`${m}/out`, { recursive: true });
	verb("report", m, "--period", "2026-02-04", "--format", "json", "-o",
		`${m}/out/report.json`);
	await chi.open("reports", 1440, ".make a.button");
	await chi.b.until("document.querySelector('.reports tbody tr')");
	await chi.b.value(`(() => { const e = document.querySelector(".make input");
		e.value = "2026-02-04"; e.dispatchEvent(new Event("input",
			{ bubbles: true })); })()`);
	await chi.clear("the page of reports");
	await chi.shot("16-reports");
	for (const lang of ["en", "fr", "uk", "ru"]) {
		await chi.open("reports", 1440, ".make a.button");
		await chi.b.value(choose(".make label + select", lang));
		await chi.b.value(`(() => { const e = document.querySelector(
			".make input"); e.value = "2026-02-04"; e.dispatchEvent(
			new Event("input", { bubbles: true })); })()`);
		const at = await chi.b.until(`(() => { const a = document.querySelector(
			".make a.button").href; return a.includes("lang=${lang}") &&
			a.includes("2026-02-04") && a; })()`);
		await chi.b.send("Page.navigate", { url: `${url}?lang=${lang}&i=${id}` });
		await chi.b.until(`document.documentElement?.lang === "${lang}" &&
			document.querySelector(".sheet .turn span")`);
		await chi.shot(`17-sheet-${lang}`);
		await chi.b.send("Page.navigate", { url: at });
		await chi.there(`document.body.innerText.includes("It was demining.") &&
			document.body.innerText.includes("We saw no demining.")`,
		`${lang}: the report has what both parties say`);
		await chi.shot(`18-report-${lang}`);
		ok((lang === "en") === await chi.b.value(
			"/would be/.test(document.body.innerText)"),
		`${lang}: and says in it what would turn the finding over`);
	}
	const spot = await fetch(`${url}api/v1/report?f=pdf&lang=fr&incident=${
		incident.id}`);
	ok(spot.status === 200 && Buffer.from(await spot.arrayBuffer()).subarray(0,
		5).toString() === "%PDF-", "a spot report comes as PDF");
	verb("explain", m, id, "--cap", `${dir}/alert.xml`);
	const alert = readFileSync(`${dir}/alert.xml`, "utf8");
	ok(!alert.includes("No party has said") &&
		(alert.match(/ has replied\./g) ?? []).length === 2,
	"the alert does not say that nobody spoke");
	const open = await fetch(`${url}public/v1/findings`).then((r) => r.json());
	ok(open.findings.length === 1 && open.findings[0].verdict === "breach",
		"the public reads the one finding that was published");

	// A journalist, with one file and the log's key.
	const index = JSON.parse(verb("findings", m, "--json")).findings.find((f) =>
		f.id === id).ledger.index;
	verb("disclose", m, String(index), "--open", "clause,verdict,at", "--to",
		"a journalist", "--by", "press office", "-o", `${dir}/a.disclosure`);
	await pat.b.send("Emulation.setDeviceMetricsOverride", { width: 1100,
		height: 900, deviceScaleFactor: 1, mobile: false });
	await pat.b.send("Page.navigate", { url: pathToFileURL(
		"web/build/verify.html").href });
	await pat.b.until("document.querySelector('#files')");
	const key = verb("key", "show", m).match(/\S+\+[0-9a-f]{8}\+\S+/)?.[0];
	await pat.b.value(`document.getElementById("key").value = ${
		JSON.stringify(key ?? "")}`);
	await pat.b.pick("#files", [`${dir}/a.disclosure`]);
	await pat.there("document.body.dataset.verdict === 'verified'",
		"a journalist checks what was disclosed, in a browser");
	await pat.shot("18-journalist");
	const text = readFileSync(`${dir}/a.disclosure`, "utf8");
	const at = text.indexOf("\nentry ") + 40;
	writeFileSync(`${dir}/b.disclosure`, text.slice(0, at)
		+ (text[at] === "A" ? "B" : "A") + text.slice(at + 1));
	await pat.b.value("delete document.body.dataset.verdict");
	await pat.b.pick("#files", [`${dir}/b.disclosure`]);
	await pat.there("document.body.dataset.verdict === 'refused'",
		"and one with a letter changed is refused");
	await pat.shot("19-refused");
} catch (e) {
	ok(false, String(e.stack));
} finally {
	await Person.leave();
	await Promise.all(children.map((p) => new Promise((done) => {
		p.removeAllListeners("exit");
		p.on("exit", done);
		if (p.exitCode !== null || !p.kill("SIGTERM"))
			done();
	})));
}
end();
