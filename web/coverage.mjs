// SPDX-License-Identifier: GPL-3.0-or-later
//
// coverage.mjs - which blocks of the second verifier its tests run.
//
//	node coverage.mjs build      each module by itself, in web/build/coverage/
//	node coverage.mjs DIR LEFT   a table of what lies in DIR, where node left
//		its own coverage (NODE_V8_COVERAGE); exit 1: more than LEFT
//		blocks were run by no process.  LINES=1 in the environment:
//		each of them.
//
// A block is what V8 counts: a function, or what follows a branch in it.  Of
// a process that never loaded a module nothing is known; so blocks of all
// processes are laid over each other, and a byte was run where the innermost
// block of any of them was.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "build/coverage");
// What runs in a page has its own tests, in a browser (test/browser.mjs).
const PAGE = ["page.js", "worker.js"];

function build() {
	execFileSync(join(here, "node_modules/.bin/tsc"), ["-p", here,
		"--noEmit", "false", "--outDir", join(out, "js"),
		"--removeComments"], { stdio: "inherit" });
	for (const [name, module] of [["verify", "verify/cli"],
		["frames", "test/frames"], ["histories", "test/histories"]])
		writeFileSync(join(out, `${name}.js`),
			`import "./js/${module}.js";\n`);
}

// file -> "from-to" -> was it run?
function merged(dir) {
	const files = new Map();
	for (const name of readdirSync(dir)) {
		const all = JSON.parse(readFileSync(join(dir, name), "utf8"));
		for (const script of all.result) {
			const at = script.url.indexOf("/coverage/js/verify/");
			if (at < 0)
				continue;
			const file = script.url.slice(at + 20);
			if (!files.has(file))
				files.set(file, []);
			files.get(file).push(script.functions.flatMap(
				(f) => f.ranges));
		}
	}
	return files;
}

// Of each byte: was it run?
function bytesRun(processes, length) {
	const run = new Uint8Array(length);
	const now = new Uint8Array(length);
	for (const ranges of processes) {
		now.fill(1);
		for (const r of [...ranges].sort((a, b) => a.startOffset
			- b.startOffset || b.endOffset - a.endOffset))
			now.fill(r.count > 0 ? 1 : 0, r.startOffset,
				r.endOffset);
		for (let i = 0; i < length; i++)
			run[i] |= now[i];
	}
	return run;
}

// A block that no process ran is told once, not with all that lies in it.
function judge(processes, text) {
	const run = bytesRun(processes, text.length);
	const blocks = new Map();
	for (const ranges of processes)
		for (const r of ranges)
			blocks.set(`${r.startOffset}-${r.endOffset}`, r);
	let taken = 0;
	for (const r of blocks.values())
		for (let i = r.startOffset; i < r.endOffset; i++)
			if (run[i]) {
				taken++;
				break;
			}
	const left = [];
	for (let i = 0; i < text.length; i++) {
		if (run[i] || (i > 0 && !run[i - 1]))
			continue;
		const end = run.indexOf(1, i);
		const line = text.slice(0, i).split("\n").length;
		left.push(`${line}: ${text.slice(i, end < 0 ? undefined : end)
			.replace(/\s+/g, " ").slice(0, 90)}`);
	}
	return { blocks: blocks.size, taken, left };
}

function report(dir, most) {
	let blocks = 0, taken = 0;
	const files = merged(dir);
	for (const name of readdirSync(join(out, "js/verify")).sort()) {
		if (PAGE.includes(name))
			continue;
		const text = readFileSync(join(out, "js/verify", name), "utf8");
		const x = files.has(name) ? judge(files.get(name), text)
			: { blocks: 1, taken: 0, left: ["never loaded"] };
		blocks += x.blocks;
		taken += x.taken;
		console.log(`${name.padEnd(20)} ${String(x.taken).padStart(5)}`
			+ ` of ${x.blocks}`);
		if (process.env.LINES)
			for (const l of x.left)
				console.log(`\t${l}`);
	}
	console.log(`${blocks - taken} blocks of ${blocks} are not run, at `
		+ `most ${most} may be`);
	process.exit(blocks - taken > most || blocks < 1000 ? 1 : 0);
}

if (process.argv[2] === "build")
	build();
else
	report(process.argv[2], Number(process.argv[3]));
