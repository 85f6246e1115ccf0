// SPDX-License-Identifier: GPL-3.0-or-later
//
// twin.ts - both evaluators on the same pairs (tests/twin.sh):
//   twin.js PROGRAM FIRST AGREEMENTS FACTS   compares, shrinks what differs
//   twin.js show SEED FACTS                  the line for the program
//   twin.js answer                           answers lines, as the program
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { bind, exampleOf, judge, readTerms, Slip } from "../judge/judge.js";
import type { Case } from "./pairs.js";
import { make } from "./pairs.js";

const encoder = new TextEncoder();

function ours(c: Case): string {
	let t;

	try {
		t = readTerms(encoder.encode(c.terms));
	} catch (e) {
		if (e instanceof Slip)
			return "refused";
		throw e;
	}
	const wrong = bind(t, c.mission);
	const findings = c.facts.map((f) =>
		judge(t, f.incident, f.activities, f.claims, f.known));

	return JSON.stringify(t.sha256) + `,"wrong":${wrong.length},"examples":`
		+ JSON.stringify(t.examples.map((e) => exampleOf(t, e)))
		+ `,"findings":[${findings.map((f) => `[${f.join(",")}]`).join(",")}]`;
}

/** The program's answer in the same form. */
function theirs(line: string): string {
	const m = /^\{"errors":null,"sha256":(.*)\}$/s.exec(line);

	return m ? m[1]! : line.startsWith("{\"errors\":[") ? "refused" : line;
}

function answerOf(c: Case): string {
	try {
		return ours(c);
	} catch (e) {
		return `threw ${(e as Error).stack}`;
	}
}

/** Where two texts part. */
function parting(a: string, b: string): string {
	let i = 0;

	while (i < a.length && a[i] === b[i])
		i++;
	const from = Math.max(0, i - 60);

	return `program ...${b.slice(from, i + 120)}\n# twin    ...${
		a.slice(from, i + 120)}`;
}

/* Smaller cases that may still differ. */
function* smaller(c: Case): Generator<Case> {
	const lines = c.terms.split("\n");

	for (let i = 0; i < c.facts.length && c.facts.length > 1; i++)
		yield { ...c, facts: [c.facts[i]!] };
	for (let i = 0; i < lines.length; i++)
		yield { ...c, terms: lines.filter((_, k) => k !== i).join("\n") };
	for (let i = 0; i < c.mission.shapes.length; i++)
		yield { ...c, mission: { ...c.mission,
			shapes: c.mission.shapes.filter((_, k) => k !== i) } };
	const f = c.facts[0];

	if (!f || c.facts.length > 1)
		return;
	for (let i = 0; i < f.activities.length; i++)
		yield { ...c, facts: [{ ...f,
			activities: f.activities.filter((_, k) => k !== i) }] };
	for (const key of ["attributes", "features", "evidence", "modalities",
		"count"])
		yield { ...c, facts: [{ ...f, claims: [], incident: { ...f.incident,
			[key]: key === "count" ? null
				: Array.isArray(f.incident[key]) ? [] : {} } }] };
}

class Program {
	private readonly child;
	private readonly waiting: ((line: string) => void)[] = [];

	constructor(path: string) {
		this.child = spawn(path, ["-"], { stdio: ["pipe", "pipe", "inherit"] });
		createInterface({ input: this.child.stdout })
			.on("line", (l) => this.waiting.shift()?.(l));
		this.child.on("exit", (code) => {
			for (const f of this.waiting.splice(0))
				f(`program ended with ${code}`);
		});
		this.child.stdin.on("error", () => undefined);
	}

	ask(c: Case): Promise<string> {
		return new Promise((done) => {
			this.waiting.push(done);
			this.child.stdin.write(`${JSON.stringify(c)}\n`);
		});
	}

	end(): void {
		this.child.stdin.end();
	}
}

async function shrink(p: Program, c: Case): Promise<Case> {
	for (let more = true; more;) {
		more = false;
		for (const s of smaller(c))
			if (JSON.stringify(s) !== JSON.stringify(c)
				&& theirs(await p.ask(s)) !== answerOf(s)) {
				c = s;
				more = true;
				break;
			}
	}
	return c;
}

const VERDICT = /"verdict":"([a-z_]+)"/g;

async function compare(
	path: string, first: number, agreements: number, facts: number,
): Promise<void> {
	const p = new Program(path), seen = new Map<string, number>();
	const began = Date.now();
	let differ = 0, refused = 0, findings = 0, flips = 0, asked: [Case,
		Promise<string>][] = [];
	const settle = async (): Promise<void> => {
		for (const [c, answer] of asked) {
			const a = answerOf(c), b = theirs(await answer);

			refused += Number(b === "refused");
			for (const [, v] of b.matchAll(VERDICT)) {
				seen.set(v!, (seen.get(v!) ?? 0) + 1);
				findings++;
			}
			flips += b.split("\"flips_if\":\"").length - 1;
			if (a === b)
				continue;
			if (++differ > 5)
				continue;
			const small = await shrink(p, c);
			const said = theirs(await p.ask(small));

			console.log(`# differs: ${JSON.stringify(small)}\n# ${
				parting(answerOf(small), said)}`);
		}
		asked = [];
	};

	for (let i = first; i < first + agreements; i++) {
		const c = make(i, facts);

		asked.push([c, p.ask(c)]);
		if (asked.length === 32)
			await settle();
		if ((i - first) % 10000 === 9999)
			console.log(`# ${i - first + 1} agreements, ${differ} differ, ${
				Math.round((Date.now() - began) / 1000)} s`);
	}
	await settle();
	p.end();
	const pairs = agreements * facts;

	console.log(`${differ ? "not " : ""}ok 1 - ${pairs} pairs of facts and `
		+ `${agreements} agreements (${refused} refused by both), ${findings} `
		+ `findings, ${flips} with a flip: ${differ} disagreements`);
	console.log(`# ${[...seen].map(([v, n]) => `${v} ${n}`).join(", ")}; ${
		Math.round((Date.now() - began) / 1000)} s`);
	console.log(`${seen.size === 5 ? "" : "not "}ok 2 - all five verdicts`);
}

const [what, ...args] = process.argv.slice(2);

if (what === "show")
	console.log(JSON.stringify(make(Number(args[0]), Number(args[1]))));
else if (what === "answer")
	for (const l of readFileSync(0, "utf8").split("\n").filter(Boolean))
		console.log(answerOf(JSON.parse(l)));
else
	await compare(what!, ...args.map(Number) as [number, number, number]);
