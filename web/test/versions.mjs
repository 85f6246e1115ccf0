// SPDX-License-Identifier: GPL-3.0-or-later
//
// versions.mjs URL KEYS [SHOTS] - two reviewers at once, and people's versions of
// an incident: an analyst amends, merges, splits and links by the forms; a guest
// of another organisation sees it without asking, the machine's version beside
// it, and confirms or rejects.  For tests/versions.sh.  Prints TAP.
import { end, ok, Person } from "./person.mjs";

const at = process.argv.slice(2);
const [ann, col, rev] = ["ann", "col", "rev"].map((k) => new Person(k, ...at));
const queue = (p) => p.b.value(`fetch("/api/v1/queue?type=incident&limit=1000")
	.then((r) => r.json()).then((q) => q.queue)`);
const record = (p, id) => p.b.value(`fetch("/api/v1/incidents/${id}")
	.then((r) => r.json())`);
const choose = (selector, value) => `(() => { const s = document.querySelector(${
	JSON.stringify(selector)}); s.value = ${JSON.stringify(value)};
	s.dispatchEvent(new Event("change", { bubbles: true })); })()`;
/** Puts one item of the queue of incidents before a person. */
async function go(p, id) {
	await p.b.until("document.querySelector('.queue li')");
	await p.b.value(choose(".choose select", "incident"));
	await p.b.value(choose(".choose select + select", "")); // decided too
	await p.b.until(`[...document.querySelectorAll(".queue li")].some((l) =>
		l.dataset.id === "${id}")`);
	await p.b.value(`document.querySelector('.queue li[data-id="${id}"]')
		.click()`);
	await p.b.until(`document.querySelector(".item")?.ariaLabel === "${id}"`);
}
/** Signs a form that is filled in, with a reason. */
async function sign(p, why) {
	await p.b.value("document.querySelector('.act textarea').focus()");
	await p.type(why);
	await p.key("Enter", 2);
}
const says = (p, word, what) => p.there(`/${word}/.test(document.querySelector(
	".says").innerText)`, what);
const logged = (word) => `Entry \\d+ .*${word}`;
const confirm = "[...document.querySelectorAll('.proposal button')].find((b) => "
	+ "b.innerText.includes('confirm'))";
/** The guest confirms what is proposed of an item. */
async function confirmed(id, what) {
	await go(rev, id);
	await rev.b.until(confirm);
	await rev.b.value(`${confirm}.click()`);
	await says(rev, logged("reviewed"), what);
}
/** A server that drafts something else than is asked. */
const evil = (change) => `window.honest ??= fetch; window.posted = [];
	window.fetch = async (path, o) => {
		if (String(path).endsWith("/entries"))
			posted.push(o.body);
		if (!String(path).endsWith("/entries/draft"))
			return honest(path, o);
		const asked = JSON.parse(o.body);
		${change}
		return honest(path, { ...o, body: JSON.stringify(asked) });
	}; 0`;

try {
	for (const p of [ann, rev]) {
		await p.open("review");
		await p.bring();
	}
	const all = (await queue(ann)).filter((x) =>
		x.record.evidence.length > 2);
	const [a, b, c, d] = all.map((x) => x.id);
	ok(all.length >= 4, `${all.length} incidents of three detections or more`);

	// Two at once.
	await go(ann, a);
	await go(rev, a);
	await rev.key("t");
	await ann.there(`document.querySelector('li[data-id="${a}"] .holder')
		?.innerText.includes("guests")`,
	"what the guest takes the analyst sees taken, without asking");
	ok(!await ann.b.value("[...document.querySelectorAll('.act button')]"
		+ ".some((b) => /^confirm/.test(b.innerText))"),
	"and cannot decide meanwhile");
	await ann.shot("versions-taken");
	await rev.key("u");
	await ann.there(`!document.querySelector('li[data-id="${a}"] .holder')`,
		"until it is given back");

	// Amend; a server that drafts another amendment gets no signature.
	await ann.key("a");
	await ann.b.until("document.querySelector('.fields option[value=shot]')");
	await ann.b.value(choose(".fields select", "shot"));
	await ann.b.value(choose(".fields label:nth-of-type(2) select",
		"at_least"));
	await ann.b.until("document.querySelector('.fields input[type=number]')");
	await ann.b.value("document.querySelector('.fields input[type=number]')"
		+ ".focus()");
	await ann.type("3");
	await ann.shot("versions-amend");
	await ann.clear("the form that amends");
	for (const [change, what] of [
		["asked.words = ['kind=thunder', 'count=at_least:3'];", "kind"],
		["asked.words.push('phrase=elsewhere');", "phrase"],
		["asked.words[1] = 'count=at_least:30';", "count.value"]]) {
		await ann.b.value(evil(change));
		await sign(ann, what === "kind" ? "three shots, a patrol says" : "");
		await ann.there(`/Not signed.*${what}/.test(document.querySelector(
			".says").innerText)`, `a draft of another ${what} is not signed`);
		ok(await ann.b.value("posted.length") === 0, "nor handed in");
	}
	await ann.b.value("window.fetch = honest; 0");
	await sign(ann, "");
	await says(ann, logged("proposed"), "an amendment is proposed");
	ok((await record(ann, a)).kind.shot !== 1, "and nothing has changed yet");
	await rev.there("document.querySelector('.proposal')",
		"the guest sees the proposal without asking");
	ok(await rev.b.value(`[...document.querySelectorAll(".proposal .differs")]
		.map((x) => x.innerText).join().includes("shot 100 %")`),
	"beside what it is now, with what differs marked");
	await rev.shot("versions-proposal");
	await col.open("review");
	await col.bring();
	await go(col, a);
	await col.b.until(confirm);
	await col.b.value(`${confirm}.click()`);
	await says(col, "refused: self",
		"a second person of the same organisation is refused, and told why");
	await confirmed(a, "the guest's confirmation makes it reviewed");
	const amended = await record(rev, a);
	ok(amended.kind.shot === 1 && amended.count.value === 3 &&
		amended.count.meaning === "at_least", "and the list says so");
	await go(rev, a);
	await rev.there(`(() => { const t = document.querySelectorAll(
		"article > .beside th[scope=col]"); return t.length === 2 &&
		document.querySelector("article > .beside .differs"); })()`,
	"the machine's version stands beside the reviewed one");
	await rev.shot("versions-beside");

	// Merge: two entries that stand or fall together.
	await go(ann, b);
	await ann.key("m");
	await ann.b.until("document.querySelector('.choice input')");
	const pick = (id) => `[...document.querySelectorAll(".choice label")].find(
		(l) => l.innerText.includes("${id.slice(-8)}")).click()`;
	await ann.b.value(pick(c));
	await ann.shot("versions-merge");
	await ann.clear("the form that merges");
	await sign(ann, "one blast and its echo");
	await says(ann, logged("proposed"), "a merge is proposed");
	await go(rev, b);
	await rev.b.until("document.querySelectorAll('.proposal thead th').length "
		+ "=== 3");
	ok(true, "the guest sees both of its entries");
	await rev.b.value(evil("asked.of = String(Number(asked.of) - 3);"));
	await rev.b.value(`${confirm}.click()`);
	await rev.there("document.querySelector('.says').innerText !== ''",
		"a draft of another entry");
	ok(await rev.b.value("posted.length") === 0, "is not signed");
	await rev.b.value("window.fetch = honest; 0");
	await confirmed(b, "confirmed together");
	const [first, part] = [await record(rev, b), await record(rev, c)];
	ok(part.links.some((l) => l.is === "part_of" && l.id === b) &&
		part.evidence.every((e) => first.evidence.includes(e)),
	"one has the evidence of both, the other is a part of it");

	// Split.
	const before = (await record(ann, d)).evidence;
	await go(ann, d);
	await ann.key("s");
	await ann.there("document.querySelector('.choice input')",
		"what may be split off is listed");
	ok(await ann.b.value("document.querySelectorAll('.choice input').length")
		=== before.length - 1, "the earliest detection is not offered");
	await ann.clear("the form that splits");
	await ann.b.value("[...document.querySelectorAll('.choice label')].at(-1)"
		+ ".click()");
	await sign(ann, "another blast");
	await says(ann, logged("proposed"), "a split is proposed");
	await confirmed(d, "and confirmed");
	const parts = (await queue(rev)).filter((x) => x.record.links.some((l) =>
		l.is === "split_from" && l.id === d));
	ok(parts.length === 1 && parts[0].record.evidence.length === 1 &&
		(await record(rev, d)).evidence.length === before.length - 1,
	"the part is an incident of its own");

	// Link; this one is rejected.  On the version that is now: the page learns
	// of it within 4 s, and until then refuses to sign what it has not shown.
	await ann.open("review");
	await go(ann, d);
	await ann.key("l");
	await ann.b.until("document.querySelector('.choice input')");
	await ann.clear("the form that links");
	await ann.b.value(choose(".act label select", "near"));
	await ann.b.value(pick(a));
	await sign(ann, "they belong together");
	await says(ann, logged("proposed"), "a link is proposed");
	await go(rev, d);
	await rev.b.until("document.querySelector('.proposal textarea')");
	await rev.b.value("document.querySelector('.proposal textarea').focus()");
	await rev.type("they are 9 km apart");
	await rev.b.value("document.querySelector('.proposal .actions '"
		+ " + 'button:last-child').click()");
	await says(rev, logged("rejected"), "the guest rejects it, with a reason");
	await go(rev, d);
	await rev.there("!document.querySelector('.proposal')",
		"and it waits for nobody any more");
	ok(!(await record(rev, d)).links.some((l) => l.is === "near" &&
		l.id === a), "and nothing is linked");
} catch (e) {
	ok(false, String(e));
} finally {
	await Person.leave();
}
end();
