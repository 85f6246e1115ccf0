// SPDX-License-Identifier: GPL-3.0-or-later
//
// page.ts - the page: takes files, a folder or an address, lets the worker
// check, and shows what it found.  Nothing leaves this computer but requests
// to the address that was typed.
import type { Summary } from "./summary.js";
import type { Answer, Picked, Task } from "./worker.js";

declare const WORKER: string; /* the worker's code, by build.mjs */

function element<T extends HTMLElement>(id: string): T {
	return document.getElementById(id) as T;
}

function make(tag: string, text = "", name = ""): HTMLElement {
	const e = document.createElement(tag);
	e.textContent = text;
	if (name)
		e.className = name;
	return e;
}

const result = element("result"), status = element("status");
const bar = element<HTMLProgressElement>("bar");
const stop = element<HTMLButtonElement>("stop");
let worker: Worker | null = null;

// -- showing --

function list(title: string, items: string[], name: string): HTMLElement[] {
	if (items.length === 0)
		return [];
	const ul = make("ul", "", name);
	ul.append(...items.map((i) => make("li", i)));
	return [make("h3", title), ul];
}

function table(
	title: string,
	heads: string[],
	rows: (string | null)[][],
): HTMLElement[] {
	if (rows.length === 0)
		return [];
	const t = make("table"), head = make("tr");
	head.append(...heads.map((h) => {
		const th = make("th", h);
		th.setAttribute("scope", "col");
		return th;
	}));
	t.append(head, ...rows.map((r) => {
		const tr = make("tr");
		tr.append(...r.map((c) => c === null
			? make("td", "withheld", "shut") : make("td", c)));
		return tr;
	}));
	const box = make("div", "", "scroll");
	box.append(t);
	return [make("h3", title), box];
}

function details(rows: [string, string][], open: boolean): HTMLElement {
	const box = document.createElement("details");
	const dl = make("dl");
	box.open = open;
	for (const [k, v] of rows)
		dl.append(make("dt", k), make("dd", v));
	box.append(make("summary", "Details for an auditor"), dl);
	return box;
}

function show(s: Summary): void {
	const good = s.verified && !s.alarm;
	const banner = make("div", "", good ? "banner yes" : "banner no");
	banner.append(make("h2", `${s.alarm ? "!" : good ? "✓" : "✗"} ${s.title}`),
		make("p", s.lead));
	result.replaceChildren(banner,
		...list("What is proved", s.proved, "yes"),
		...table("What it says", ["field", "value"],
			s.fields.map((f) => [f.name, f.value])),
		...table("Signed by", ["who", "as", "when"],
			s.signers.map((x) => [x.who, x.role, x.when || "-"])),
		...list(s.verified ? "What is not proved" : "What to do", s.limits,
			"no"),
		details(s.details, !s.verified));
	result.hidden = false;
	document.title = `${s.title} - Check a log`;
	document.body.dataset.verdict = s.alarm ? "forked"
		: s.verified ? "verified" : "refused";
	result.focus();
}

function failed(text: string): void {
	result.replaceChildren(make("div", text, "banner no"));
	result.hidden = false;
	document.body.dataset.verdict = "failed";
	result.focus();
}

// -- working --

const WORDS: { [what: string]: string } = {
	tree: "Hashing entries", entries: "Checking signatures",
	bodies: "Checking what entries say", blobs: "Hashing evidence",
};

function idle(text: string): void {
	worker?.terminate();
	worker = null;
	status.textContent = text;
	bar.hidden = stop.hidden = true;
}

function answer(a: Answer): void {
	if ("what" in a) {
		bar.max = a.of;
		bar.value = a.at;
		status.textContent = `${WORDS[a.what] ?? a.what}: `
			+ `${a.at.toLocaleString("en")} of ${a.of.toLocaleString("en")}`;
		return;
	}
	idle("Done.");
	if ("done" in a)
		show(a.done);
	else
		failed(`This could not be read: ${a.failed}`);
}

function start(files: Picked[], url: string): void {
	const code = new Blob([WORKER], { type: "text/javascript" });
	const task: Task = {
		files, url,
		key: element<HTMLTextAreaElement>("key").value,
		genesis: element<HTMLInputElement>("genesis").value,
		policy: element<HTMLInputElement>("policy").files?.[0] ?? null,
		joint: element<HTMLInputElement>("joint").files?.[0] ?? null,
		since: element<HTMLInputElement>("since").files?.[0] ?? null,
		authorities: [...element<HTMLInputElement>("authorities").files ?? []],
	};
	idle("Reading ...");
	result.hidden = true;
	delete document.body.dataset.verdict;
	bar.removeAttribute("value");
	bar.hidden = stop.hidden = false;
	worker = new Worker(URL.createObjectURL(code));
	worker.onmessage = (e: MessageEvent<Answer>) => answer(e.data);
	worker.onerror = (e) => {
		idle("");
		failed(e.message);
	};
	worker.postMessage(task);
}

// -- files from the person --

function picked(input: HTMLInputElement): Picked[] {
	return [...input.files ?? []].map((file) =>
		({ path: file.webkitRelativePath || file.name, file }));
}

function readAll(reader: FileSystemDirectoryReader):
	Promise<FileSystemEntry[]> {
	return new Promise((done, no) => {
		const out: FileSystemEntry[] = [];
		const more = (): void => reader.readEntries((some) => {
			out.push(...some);
			if (some.length)
				more();
			else
				done(out);
		}, no);
		more();
	});
}

async function below(roots: FileSystemEntry[]): Promise<Picked[]> {
	const out: Picked[] = [], left = [...roots];
	for (let e = left.pop(); e; e = left.pop()) {
		const path = e.fullPath.replace(/^\//, "");
		if (e.isDirectory)
			left.push(...await readAll(
				(e as FileSystemDirectoryEntry).createReader()));
		else
			out.push({ path, file: await new Promise<File>((done, no) =>
				(e as FileSystemFileEntry).file(done, no)) });
	}
	return out;
}

function dropped(e: DragEvent): void {
	e.preventDefault();
	element("drop").classList.remove("over");
	const roots = [...e.dataTransfer?.items ?? []]
		.map((i) => i.webkitGetAsEntry())
		.filter((x): x is FileSystemEntry => x !== null);
	below(roots).then((files) => start(files, ""),
		(err: unknown) => failed(String(err)));
}

for (const id of ["folder", "files"]) {
	const input = element<HTMLInputElement>(id);
	input.addEventListener("change", () => {
		const files = picked(input);
		if (files.length)
			start(files, "");
		input.value = "";
	});
}
element("drop").addEventListener("dragover", (e) => {
	e.preventDefault();
	element("drop").classList.add("over");
});
element("drop").addEventListener("dragleave", () =>
	element("drop").classList.remove("over"));
element("drop").addEventListener("drop", dropped);
stop.addEventListener("click", () => idle("Stopped."));
element<HTMLFormElement>("address").addEventListener("submit", (e) => {
	e.preventDefault();
	start([], element<HTMLInputElement>("url").value.trim());
});

/* #url=...&key=...&genesis=... fills the form and begins. */
function fromAddress(): void {
	const given = new URLSearchParams(location.hash.slice(1));
	for (const id of ["key", "genesis", "url"])
		element<HTMLInputElement>(id).value = given.get(id) ?? "";
	if (given.get("key") || given.get("genesis"))
		element<HTMLDetailsElement>("paper").open = true;
	if (given.get("url"))
		start([], given.get("url")!);
}
fromAddress();
