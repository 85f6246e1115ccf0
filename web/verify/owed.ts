// SPDX-License-Identifier: GPL-3.0-or-later
//
// owed.ts - obligations that the engine opened, and what guarantors made of
// them (type 6, docs/people.md).  Written from the text, not from the program
// in C.
import { Refusal, toHex } from "./bytes.js";
import type { Body, Entry } from "./entry.js";
import type { Holder } from "./keys.js";
import { hexAt, hexTextAt, textAt, wordAt } from "./values.js";

const WORDS = ["acknowledge", "decide", "fulfil", "decline", "contest"];

/** In the order in which a step may lead. */
const STATES =
	["open", "acknowledged", "decided", "declined", "fulfilled"];
const FULFILLED = 4;
const LEADS: { [does: string]: number } =
	{ acknowledge: 1, decide: 2, decline: 3, fulfil: FULFILLED };

interface Step {
	does: string;
	of: string;
	by: Holder;
	ns: bigint;
}

interface Obligation {
	actor: string;
	dark: boolean; /* a body that tells of it is not at hand */
	openings: Set<string>; /* leaves */
	fulfilments: Set<string>;
	steps: Step[];
}

function hidden(b: Body | null, name: string): boolean {
	return !b || !b.named
		|| (b.shut > 0 && b.fields.get(name) === undefined);
}

function bad(where: string): Refusal {
	return new Refusal("body", where);
}

export class Obligations {
	private readonly all = new Map<string, Obligation>();

	take(e: Entry, author: Holder | null, body: Body | null): void {
		if (author?.role === "guarantor")
			this.step(e, author, body);
		else if (!author || author.role === "engine")
			this.opening(e, author, body);
	}

	private opening(e: Entry, author: Holder | null, body: Body | null): void {
		const dark = !author || hidden(body, "pledge")
			|| hidden(body, "actor");
		if (!dark && !body!.fields.has("pledge"))
			return;
		const subject = toHex(e.subject);
		const was = this.all.get(subject);
		let actor = was?.actor ?? "";
		if (!dark) {
			textAt(body!, "pledge");
			actor = textAt(body!, "actor");
			if (was && !was.dark && was.actor !== actor)
				throw bad("actor: the subject is another's");
		}
		const o = was ?? { actor, dark: false, openings: new Set<string>(),
			fulfilments: new Set<string>(), steps: [] };
		o.actor = actor;
		o.dark = o.dark || dark;
		o.openings.add(toHex(e.leaf));
		this.all.set(subject, o);
	}

	private step(e: Entry, author: Holder, body: Body | null): void {
		const o = this.all.get(toHex(e.subject));
		if (hidden(body, "does") || hidden(body, "of")) {
			if (o)
				o.dark = true;
			return;
		}
		const b = body!;
		const does = wordAt(b, "does", WORDS);
		const of = hexTextAt(b, "of", 32);
		if (!hidden(b, "why") || b.fields.get("why") !== undefined)
			textAt(b, "why");
		if (b.fields.get("evidence") !== undefined)
			hexAt(b, "evidence", 32);
		else if (does === "fulfil" && !hidden(b, "evidence"))
			throw bad("evidence: a fulfilment wants it");
		const among = does === "contest" ? o?.fulfilments : o?.openings;
		if (!o || !among!.has(of))
			throw bad("of: no obligation, or none fulfilled, of its subject");
		if (!o.dark)
			this.may(o, does, of, author);
		o.steps.push({ does, of, by: author,
			ns: BigInt(e.timeMs) * 1_000_000n });
		if (does === "fulfil")
			o.fulfilments.add(toHex(e.leaf));
	}

	private may(
		o: Obligation,
		does: string,
		of: string,
		author: Holder,
	): void {
		if ((author.org === o.actor) === (does === "contest"))
			throw new Refusal("role", does === "contest"
				? "contests what its own did" : `owed by ${o.actor}`);
		const said = o.steps.some((s) => s.does === "contest"
			&& does === "contest" && counts(s) && s.of === of
			&& s.by.person === author.person);
		const state = stateOf(o);
		if (said || (does === "contest" ? state !== FULFILLED
			: LEADS[does]! <= state))
			throw new Refusal("step", `${does} of what is ${STATES[state]!}`);
	}
}

function counts(s: Step): boolean {
	return !s.by.revoked || s.ns <= s.by.revoked.since;
}

function stateOf(o: Obligation): number {
	return o.steps.filter(counts).reduce(
		(state, s) => Math.max(state, LEADS[s.does] ?? 0), 0);
}
