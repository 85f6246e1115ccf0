// SPDX-License-Identifier: GPL-3.0-or-later
//
// histories.ts - random logs of a mission's people, right and wrong, each as
// a mirror in a folder, and what this verifier says of it; tests/webpeople.sh
// asks the one in C.
//
//	histories.js key                its log's key
//	histories.js witness            a witness' key
//	histories.js single OUT         other files, NAME WANTED a line
//	histories.js rows OUT           texts (rows.ts), KIND NAME WANTED GOT a
//	                                line; OUT/rows as it is kept, OUT/more
//	histories.js say FILE           KIND NAME GOT of such lines
//	histories.js laws OUT           mirrors (laws.ts) in OUT/NAME, NAME WANTED;
//	                                VERDICT a line
//	histories.js summaries          what the page says (summaries.ts)
//	histories.js OUT FROM COUNT     a line each: NUMBER VERDICT; COUNTS
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { concat, be, toBase64, toHex, utf8 } from "../verify/bytes.js";
import { rootOf, sha256 } from "../verify/merkle.js";
import type { Report } from "../verify/mirror.js";
import { verifyMirror } from "../verify/mirror.js";
import type { Source } from "../verify/source.js";
import { allLaws } from "./laws.js";
import { rowSays, rowText, rows } from "./rows.js";
import { equivocations, frames, receipts } from "./single.js";
import { summaries } from "./summaries.js";
import { units } from "./units.js";
import { witnesses } from "./witnesses.js";
import type { Body, Fields, Made } from "./forge.js";
import {
	Pair, bodyOf, entryOf, made, mirrorOf, quoted, signedNote, vkey,
} from "./forge.js";

const NAME = "test.example/log";
const START = Date.UTC(2026, 1, 3);
const DAY = 86_400_000;
const ROW_KEPT = 20_000; /* what is longer is made at each run */
const ROLES = ["engine", "analyst", "reviewer", "chief", "liaison",
	"guarantor", "reporter", "auditor"];

/** xorshift32: the same histories everywhere. */
class Dice {
	constructor(private state: number) {
		this.state = (state * 2_654_435_761 + 88_675_123) >>> 0 || 1;
		for (let i = 0; i < 8; i++)
			this.next();
	}

	next(): number {
		let x = this.state;
		x ^= x << 13;
		x >>>= 0;
		x ^= x >>> 17;
		x ^= x << 5;
		this.state = x >>> 0;
		return this.state;
	}

	below(n: number): number {
		return this.next() % n;
	}

	chance(p: number): boolean {
		return this.next() < p * 4_294_967_296;
	}

	of<T>(list: readonly T[]): T { /* none of none */
		return list[this.below(list.length)]!;
	}
}

const pairs = new Map<string, Pair>();

function pair(name: string): Pair {
	const held = pairs.get(name) ?? new Pair(name);
	pairs.set(name, held);
	return held;
}

interface Actor {
	pair: Pair;
	role: string;
	person: string;
	org: string;
	from: number; /* ms; of its enrolment */
	sensor?: string;
}

interface Thing { /* that could be confirmed */
	index: number;
	type: number;
	subject: Uint8Array;
	body: Body;
	by: Actor;
	behind: Actor[];
}

interface Owed { /* an obligation */
	actor: string;
	subject: Uint8Array;
	opened: number[]; /* indexes */
	fulfilled: number[];
	reached?: number;
	contested?: string[];
}

const MAY: { [role: string]: number[] } = {
	engine: [1, 2, 3, 3, 3, 6, 6, 6, 8, 11, 12, 14], analyst: [0, 2, 3, 6, 10],
	reviewer: [], chief: [5, 9, 9, 9, 15], liaison: [14], guarantor: [6],
	reporter: [14], auditor: [], root: [], sensor: [],
};

function hash(text: string): Uint8Array {
	return sha256(utf8(text));
}

function personOf(n: number): string {
	return toHex(hash(`person ${n}`)).slice(0, 32);
}

class History {
	readonly all: Made[] = [];
	private readonly heads = new Map<string, Uint8Array>();
	private readonly things: Thing[] = [];
	private readonly actors: Actor[] = [];
	private readonly owed: Owed[] = [];
	private roots: Actor[] = [];
	private readonly dice: Dice;
	private readonly cast = ["reviewer", "analyst", "chief", "analyst",
		"chief", "liaison", "guarantor", "guarantor"];
	private readonly error: number; /* how often something is wrong */
	private readonly only: string; /* the one thing that goes wrong */
	private log = pair("log");
	private signsFrom = 0; /* that key */
	private readonly signers = [pair("log")];
	private ms = START;
	private threshold = 1;
	private twoOrgs = false;
	private fresh = 0;
	private beats = 0;
	private beatSize = 0;

	constructor(readonly seed: number) {
		this.dice = new Dice(seed);
		this.only = seed % 8 === 1 ? "log" : seed % 8 === 3 ? "names" : seed % 4 > 0 ? ""
			: this.dice.of(["step", "heartbeat", "access"]);
		this.error = this.only ? 0 : this.dice.of([0, 0, 0.01, 0.03, 0.1]);
		this.genesis();
		const steps = 6 + this.dice.below(55);
		while (this.all.length < steps)
			this.step();
		this.hide();
	}

	private wrong(): boolean {
		return this.dice.chance(this.error);
	}

	private time(ms: number): string {
		return new Date(ms).toISOString().replace(/\.000Z$/, "Z");
	}

	private body(fields: Fields): Body {
		return bodyOf(fields, hash(`secret ${this.seed} ${this.all.length} `
			+ `${this.fresh++}`),
		this.only !== "names" || this.all.length === 0
			|| this.dice.chance(fields.act ? 0.98 : 0.6));
	}

	// -- one entry --

	private append(
		type: number,
		flags: number,
		subject: Uint8Array,
		body: Body,
		by: Actor,
		shown = true,
	): void {
		const key = toHex(subject), d = this.dice;
		this.ms += d.below(3_600_000);
		let prev = this.heads.get(key) ?? new Uint8Array(32);
		if (this.wrong() && d.chance(0.2))
			prev = hash("elsewhere");
		const bent = this.wrong() ? d.of([1, 2, 3, 0]) : flags;
		const kind = this.wrong() && d.chance(0.3) ? d.below(17) : type;
		const pen = this.wrong() && d.chance(0.2) ? pair("stranger") : by.pair;
		const off = this.wrong() ? d.of([-200, 200]) * DAY : 0;
		const raw = entryOf({ type: kind, flags: bent, subject, prev,
			ms: Math.max(0, this.ms + off), root: body.root }, pen);
		if (this.wrong() && d.chance(0.2))
			raw[104 + d.below(64)]! ^= 1;
		const m = made(raw, shown ? body : null);
		this.heads.set(key, m.leaf);
		this.all.push(m);
	}

	private thing(
		type: number,
		flags: number,
		subject: Uint8Array,
		fields: Fields,
		by: Actor,
	): Thing {
		const body = this.body(fields);
		const t = { index: this.all.length, type, subject, body, by,
			behind: [by] };
		this.append(type, flags, subject, body, by);
		this.things.push(t);
		return t;
	}

	private confirm(t: Thing, by: Actor): void {
		this.append(4, 0, t.subject, t.body, by, false);
		t.behind.push(by);
	}

	// -- keys --

	private genesis(): void {
		const d = this.dice, n = 1 + d.below(3);
		this.twoOrgs = d.chance(0.3);
		this.threshold = 1 + d.below(n);
		const engine: Actor = { pair: pair("engine"), role: "engine",
			person: "", org: "", from: 0 };
		this.roots = Array.from({ length: n }, (_, i) => ({
			pair: pair(`root ${i}`), role: "root", person: personOf(i),
			org: `org-${i}`, from: 0 }));
		this.actors.push(engine, ...this.roots);
		const fields: Fields = {
			act: "genesis", engine: quoted(engine.pair.hex),
			log: vkey(NAME, this.log), mission: "test",
			mission_sha256: quoted("0".repeat(64)),
			policy_sha256: quoted("0".repeat(64)),
			roots: quoted(this.rootLines(this.roots)),
			threshold: String(this.threshold),
			two_orgs: this.twoOrgs ? "yes" : "no",
		};
		if (this.wrong())
			this.spoil(fields);
		const body = this.body(fields);
		this.append(7, 0, hash("genesis").subarray(0, 16), body, engine);
	}

	private rootLines(roots: Actor[]): string {
		return roots.map((r) => `${r.person} ${r.pair.hex} ${r.org}`).sort()
			.join("\n");
	}

	/** A field gone, bent, or quoted in a way of its own. */
	private spoil(fields: Fields): void {
		const name = this.dice.of(Object.keys(fields));
		const old = fields[name]!;
		const how = this.dice.below(6);
		if (how === 0)
			delete fields[name];
		else if (how === 5)
			fields[`x${name}`] = old;
		else
			fields[name] = [`${old}x`, "", `"${old}"`,
				old.replace(/.$/, (c) => c === "0" ? "1" : "0")][how - 1]!;
	}

	/** Enough root persons, or nearly; in any order. */
	private stand(t: Thing): boolean {
		const d = this.dice, want = this.threshold - (this.wrong() ? 1 : 0);
		for (const r of this.roots) {
			if (t.behind.filter((a) => a.role === "root").length >= want)
				break;
			const orgs = this.twoOrgs
				&& t.behind.some((a) => a.org === r.org);
			if (!t.behind.includes(r) && !orgs)
				this.confirm(t, r);
		}
		if (this.wrong())
			this.confirm(t, d.of(this.actors));
		return t.behind.filter((a) => a.role === "root").length
			>= this.threshold;
	}

	private keySubject(from: number, key: Uint8Array): Uint8Array {
		return concat(be(from, 6), sha256(key).subarray(0, 10));
	}

	private keyThing(fields: Fields, subject: Uint8Array): Thing {
		if (this.wrong())
			this.spoil(fields);
		return this.thing(7, 2, subject, fields, this.dice.of(this.roots));
	}

	private enrol(old?: Actor, role?: string): void {
		const d = this.dice;
		const n = d.below(9);
		const a: Actor = old ? { ...old, pair: pair(`key ${this.fresh}`) } : {
			pair: pair(`key ${this.fresh}`), org: `org-${d.below(5)}`,
			role: role ?? d.of(ROLES), person: personOf(n), from: 0 };
		const from = this.ms - d.below(DAY);
		const days = this.wrong() ? 91 : 30 + d.below(61);
		const fields: Fields = {
			act: "enrol", key: quoted(a.pair.hex), person: quoted(a.person),
			org: a.org, role: a.role, not_before: quoted(this.time(from)),
			not_after: quoted(this.time(from + days * DAY)),
		};
		a.from = from;
		if (old)
			fields.replaces = quoted(old.pair.hex);
		const text = ["key", "person", "org", "role", "not_before",
			"not_after"].map((x) => `${fields[x]!.replace(/"/g, "")}\n`);
		fields.proof = quoted(toBase64(a.pair.sign(
			utf8(`cfm/enrol/v1\n${NAME}\n${text.join("")}`))));
		this.fresh++;
		const t = this.keyThing(fields, this.keySubject(from, a.pair.key));
		if (this.stand(t) || this.wrong())
			this.actors.push(a);
		if (old && !this.wrong())
			this.drop(old);
	}

	private drop(a: Actor): void {
		const i = this.actors.indexOf(a);
		if (i >= 0)
			this.actors.splice(i, 1);
	}

	private sensor(): void {
		const d = this.dice, host = d.of(this.actors.filter((a) =>
			a.role === "liaison" || this.wrong()));
		const a: Actor = { pair: pair(`sensor ${this.fresh++}`),
			role: "sensor", person: "", org: host?.org ?? "org-1",
			from: this.ms, sensor: `S0${d.below(4)}` };
		const t = this.keyThing({
			act: "sensor", key: quoted(a.pair.hex), sensor: a.sensor!,
			party: a.org, not_before: quoted(this.time(a.from)),
			not_after: quoted(this.time(a.from + 700 * DAY)),
		}, this.keySubject(a.from, a.pair.key));
		this.stand(t);
		if (host && !t.behind.some((b) => b.person === host.person
			|| (this.twoOrgs && b.org === host.org)))
			this.confirm(t, host);
		if (this.wrong())
			this.actors.push(a);
	}

	private revoke(): void {
		const d = this.dice;
		const a = d.of(this.actors.filter((x) => x.role !== "root"
			|| this.wrong()));
		if (!a)
			return;
		const t = this.keyThing({ act: "revoke", key: quoted(a.pair.hex),
			since: quoted(this.time(this.ms - d.below(6 * 3_600_000))),
		}, this.keySubject(a.from, a.pair.key));
		if (this.stand(t) && !this.wrong())
			this.drop(a);
	}

	private general(act: string, fields: Fields): Thing {
		return this.keyThing({ act, ...fields }, concat(new Uint8Array(6),
			sha256(utf8(act)).subarray(0, 10)));
	}

	private newRoots(): void {
		const d = this.dice, next = this.roots.filter(() => d.chance(0.7));
		next.push({ pair: pair(`root ${this.fresh++} new`), role: "root",
			person: personOf(20 + d.below(3)), org: `org-${3 + d.below(4)}`,
			from: 0 });
		const threshold = 1 + d.below(next.length);
		const t = this.general("roots", { roots: quoted(this.rootLines(next)),
			threshold: String(threshold) });
		if (!this.stand(t))
			return;
		for (const r of this.roots)
			if (!next.includes(r))
				this.drop(r);
		this.actors.push(...next.filter((r) => !this.actors.includes(r)));
		this.roots = next;
		this.threshold = threshold;
	}

	private keys(): void {
		const k = this.dice.below(20);
		if (k < 11)
			this.enrol();
		else if (k < 13)
			this.enrol(this.dice.of(this.actors.filter((a) =>
				ROLES.includes(a.role) && a.from > 0)));
		else if (k < 15)
			this.sensor();
		else if (k < 17)
			this.revoke();
		else if (k === 17)
			this.newRoots();
		else if (k === 18)
			this.stand(this.general("policy",
				{ policy_sha256: quoted(toHex(hash(`${this.fresh}`))) }));
		else
			this.handOver();
	}

	/** Another key of the log, and what the one before signed last. */
	private handOver(): void {
		const d = this.dice, by = pair(`log ${this.fresh++}`);
		const odd = (): boolean => this.wrong()
			|| (this.only === "log" && d.chance(0.06));
		const least = Math.max(1, odd() ? 1 : this.signsFrom);
		if (least > this.all.length)
			return;
		const size = odd() ? this.all.length + 1
			: least + d.below(this.all.length - least + 1);
		const root = rootOf(this.all.slice(0, size - (odd() ? 1 : 0))
			.map((m) => m.leaf));
		const last = signedNote(`${NAME}\n${size}\n${toBase64(root)}\n`,
			NAME, odd() ? pair("stranger") : this.log);
		const name = odd() ? "other.example" : NAME;
		if (this.stand(this.general("log", { log: vkey(name, by),
			last: quoted(last) })) && !odd()) {
			this.log = by;
			this.signers.push(by);
			this.signsFrom = this.all.length;
		}
	}

	// -- what they say --

	private mayConfirm(a: Actor, t: Thing): boolean {
		if (this.wrong())
			return true;
		if (t.behind.some((b) => b.role !== "engine"
			&& (b.person === a.person || (this.twoOrgs && b.org === a.org))))
			return false;
		switch (a.role) {
		case "analyst": return (t.type === 2 || t.type === 3)
			&& t.by.role === "engine";
		case "reviewer": case "chief":
			return [0, 2, 3, 5, 9, 10, 15].includes(t.type);
		case "liaison": return t.type === 5 || t.type === 7;
		case "root": return t.type === 7;
		default: return false;
		}
	}

	private say(): void {
		const d = this.dice, by = d.of(this.actors);
		const types = this.wrong() ? [d.of([0, 1, 2, 3, 5, 6, 8, 9, 10, 11,
			12, 14, 15, 16])] : MAY[by.role] ?? [];
		if (types.length === 0)
			return;
		const type = d.of(types);
		const person = by.role !== "engine";
		if (type === 6 && (!person || by.role === "guarantor")) {
			this.owe(by);
			return;
		}
		if (type === 2 && person && !this.things.some((t) => t.type === 2)
			&& !this.wrong())
			return;
		const two = [5, 9, 10, 15].includes(type) || (type === 3 && person)
			|| (type === 0 && d.chance(0.5)) || (type === 2 && d.chance(0.2));
		const old = this.things.filter((t) => t.type !== 7);
		const subject = type !== 0 && old.length && d.chance(0.3)
			? d.of(old).subject
			: hash(`subject ${this.seed} ${this.fresh++}`).subarray(0, 16);
		if (type === 8 && !person && d.chance(0.8)) {
			this.beat(by);
			return;
		}
		const fields: Fields = type === 9 ? this.deed()
			: type === 2 && person ? this.version(subject)
			: type === 11 && !person ? this.access()
			: { kind: "shot", n: String(this.all.length) };
		if (this.wrong())
			this.spoil(fields);
		this.thing(type, (two ? 2 : 0) | (type === 0 ? 1 : 0), subject,
			fields, by);
	}

	/** A sign of life: what was confirmed last. */
	private beat(by: Actor): void {
		const d = this.dice, all = this.all.map((m) => m.leaf);
		const size = this.wrong() ? d.below(all.length + 2)
			: Math.max(this.beatSize, all.length - d.below(3), 1);
		const fields: Fields = { act: "heartbeat",
			beat: String(this.beats + (this.wrong() ? d.below(3) - 1 : 0)),
			next_s: String(d.of([0, 60, 60, 600])), size: String(size),
			root: quoted(toHex(this.wrong() ? hash("elsewhere")
				: rootOf(all.slice(0, size)))),
			note: quoted(toHex(hash(`note ${size}`))) };
		if (this.wrong() || (this.only === "heartbeat" && d.chance(0.3)))
			this.spoil(fields);
		this.beats++;
		this.beatSize = size;
		this.append(8, 0, concat(new Uint8Array(6),
			hash("heartbeat").subarray(0, 10)), this.body(fields), by);
	}

	/** Who is told what. */
	private access(): Fields {
		const d = this.dice, n = d.below(this.all.length);
		const fields: Fields = { who: d.of(["operator", quoted(personOf(1))]),
			of: quoted(toHex(this.all[n]!.leaf)), fields: quoted("kind\nn"),
			to: "Party A", why: quoted("") };
		if (d.chance(0.8))
			fields.index = String(this.wrong() ? n + d.below(3) : n);
		return fields;
	}

	/** The engine opens an obligation, or a guarantor makes something of
	 * one. */
	private owe(by: Actor): void {
		const d = this.dice;
		const bound = this.actors.filter((a) => a.role === "guarantor");
		if (by.role === "engine") {
			const o = this.owed.length && d.chance(0.3) ? d.of(this.owed)
				: { actor: bound.length ? d.of(bound).org : "nobody",
					subject: hash(`owed ${this.seed} ${this.fresh++}`)
						.subarray(0, 16), opened: [], fulfilled: [] };
			if (o.opened.length === 0)
				this.owed.push(o);
			const fields: Fields = { pledge: "p-1", n: String(this.all.length),
				actor: this.wrong() ? "another" : o.actor };
			if (this.wrong())
				this.spoil(fields);
			o.opened.push(this.all.length);
			this.append(6, 0, o.subject, this.body(fields), by);
			return;
		}
		const fits = this.owed.filter((o) => o.actor === by.org
			|| o.fulfilled.length > 0);
		const o = this.wrong() && this.owed.length ? d.of(this.owed)
			: fits.length ? d.of(fits) : null;
		if (!o)
			return;
		let does = o.actor !== by.org || this.wrong() ? "contest"
			: d.of(["acknowledge", "decide", "fulfil", "decline"]);
		if (!this.wrong() && o.actor === by.org) {
			/* Forward, as far as it is known here. */
			const left = ["acknowledge", "decide", "decline", "fulfil"]
				.slice(o.reached ?? 0);
			if (!left.length)
				return;
			does = d.of(left);
		}
		/* Back, or the same again; contested twice by one person. */
		const again = this.only === "step" && d.chance(0.8);
		if (again && o.actor === by.org && o.reached)
			does = d.of(["acknowledge", "decide", "decline", "fulfil"]
				.slice(0, o.reached));
		if (does === "contest" && !this.wrong() && !again
			&& (o.contested ??= []).includes(by.person))
			return;
		const of = d.of(does === "contest" && o.fulfilled.length
			? o.fulfilled : o.opened);
		const fields: Fields = { does, why: "so",
			of: quoted(toHex(this.all[of]!.leaf)) };
		if ((does === "fulfil" && !this.wrong()) || d.chance(0.2))
			fields.evidence = quoted(toHex(hash("paper")));
		if (this.wrong())
			this.spoil(fields);
		if (does === "fulfil")
			o.fulfilled.push(this.all.length);
		if (does === "contest")
			o.contested = [...o.contested ?? [], by.person];
		else
			o.reached = Math.max(o.reached ?? 0, 1 + ["acknowledge",
				"decide", "decline", "fulfil"].indexOf(does));
		this.append(6, 0, o.subject, this.body(fields), by);
	}

	/** A person's version of an incident. */
	private version(subject: Uint8Array): Fields {
		const d = this.dice, key = toHex(subject);
		const all = this.things.filter((t) => t.type === 2);
		const own = all.filter((t) => toHex(t.subject) === key);
		const others = all.filter((t) => toHex(t.subject) !== key);
		const does = own.length === 0 ? "split"
			: d.of(["amend", "merge", "split", "link"]);
		const leaf = (t: Thing | undefined): string => quoted(t
			? toHex(this.all[t.index]!.leaf) : "1".repeat(64));
		const fields: Fields = { does, why: d.chance(0.05) && this.wrong()
			? quoted("") : "so",
		of: leaf(d.of(this.wrong() || !own.length ? all : own)) };
		if (does === "merge" || d.chance(0.1)) {
			const n = 1 + d.below(2);
			const lines = Array.from({ length: n }, () =>
				leaf(d.of(this.wrong() ? all : others)).slice(1, -1));
			fields.with = quoted([...new Set(lines)].sort().join("\n"));
		}
		return fields;
	}

	/** A type 9. */
	private deed(): Fields {
		const d = this.dice;
		const of = d.of(this.things.filter((t) =>
			[0, 2, 3, 5, 10, 15].includes(t.type) || this.wrong()));
		if (!of)
			return { act: "publish", of: quoted("0".repeat(64)), what: "-" };
		const leaf = quoted(toHex(this.all[of.index]!.leaf));
		const index = String(of.index + (this.wrong() ? 1 : 0));
		const act = of.type === 0 ? "lift"
			: of.type !== 4 && of.type !== 9 && d.chance(0.4) ? "erase"
				: "publish";
		return act === "lift" ? { act, of: leaf, index, type: "3",
			subject: quoted(toHex(of.subject)) }
			: act === "erase" ? { act, of: leaf, index, why: "asked" }
				: { act, of: leaf, what: "finding" };
	}

	private judge(): void {
		const d = this.dice;
		const open = this.things.filter((t) => this.actors.some((a) =>
			this.mayConfirm(a, t)));
		const t = open[Math.max(0, open.length - 1 - d.below(4))];
		const who = t && this.actors.filter((a) => this.mayConfirm(a, t));
		if (!t || !who?.length)
			return;
		const by = d.of(who);
		if (d.chance(0.75)) {
			this.confirm(t, by);
			return;
		}
		const fields: Fields = {
			does: d.of(["reject", "reject", "take", "release", "note"]),
			of: quoted(toHex(this.all[t.index]!.leaf)), why: "because",
		};
		if (this.wrong())
			this.spoil(fields);
		this.append(4, 0, t.subject, this.body(fields), by,
			!d.chance(0.1));
	}

	private step(): void {
		const k = this.dice.below(20);
		if (this.cast.length > 0 && k > 0)
			this.enrol(undefined, this.cast.shift());
		else if (this.only === "log" && k < 5)
			this.handOver();
		else if (k < 3)
			this.keys();
		else if (k < 8)
			this.say();
		else if (k < 10)
			this.duty();
		else if (k === 10)
			this.actors.filter((a) => a.role === "engine").slice(-1)
				.forEach((a) => this.beat(a));
		else
			this.judge();
	}

	/** A version of an incident, and who stands behind it. */
	private amend(): void {
		const d = this.dice, t = d.of(this.things.filter((x) => x.type === 2));
		const by = d.of(this.actors.filter((a) => a.role === "analyst"));
		if (!t || !by)
			return;
		const made = this.thing(2, 0, t.subject, this.version(t.subject), by);
		const who = d.of(this.actors.filter((a) => a.role !== "root"
			&& this.mayConfirm(a, made)));
		if (who)
			this.confirm(made, who);
	}

	private duty(): void {
		if (this.dice.chance(0.2)) {
			this.amend();
			return;
		}
		const d = this.dice, all = this.actors.filter((a) =>
			a.role === "guarantor" && (this.owed.length === 0
				|| this.owed.some((o) => o.actor === a.org)));
		const engine = this.actors.filter((a) => a.role === "engine");
		if (engine.length && d.chance(0.2)) {
			const fields = this.access();
			if (this.wrong() || (this.only === "access" && d.chance(0.5)))
				this.spoil(fields);
			this.append(11, 0, hash(`access ${this.fresh++}`).subarray(0, 16),
				this.body(fields), engine[0]!);
			return;
		}
		const by = d.chance(0.7) && this.owed.length ? all : engine;
		if (by.length > 0)
			this.owe(d.of(by));
	}

	/** A copy that does not show everything. */
	private hide(): void {
		const d = this.dice;
		const some = d.chance(0.15), keys = d.chance(0.1);
		for (const m of this.all) {
			const type = m.raw[4]!;
			if (!m.body || (type === 7 && !keys))
				continue;
			if (some && d.chance(type === 7 ? 0.1 : 0.3))
				m.body = null;
			else if (some && d.chance(0.1))
				m.shut = [d.chance(0.3) ? "!" : d.of(m.body.open).name];
		}
	}

	files(): Map<string, Uint8Array> {
		const d = this.dice, over = this.only === "log";
		const some = (): Pair => d.of([...this.signers, pair("stranger")]);
		return mirrorOf(this.all, NAME, over && d.chance(0.15) ? some()
			: this.log, over && d.chance(0.3) ? {
			size: 1 + d.below(this.all.length),
			log: d.chance(0.2) ? some() : this.signers[0]! } : null);
	}
}

function counts(r: Report): string {
	const p = r.people;
	return p ? `keys ${p.keys} persons ${p.persons} reviewed ${p.reviewed} `
		+ `published ${p.published} rejected ${p.rejected} closed ${r.closed} `
		+ `undecidable ${p.undecidable} amended ${p.amended}` : "";
}

function key(): string {
	return vkey(NAME, pair("log"));
}

function write(folder: string, files: Map<string, Uint8Array>): void {
	for (const [path, bytes] of files) {
		const at = join(folder, path);
		mkdirSync(dirname(at), { recursive: true });
		writeFileSync(at, bytes);
	}
}

/** A folder in memory. */
function sourceOf(files: Map<string, Uint8Array>): Source {
	return {
		async read(path) {
			return files.get(path) ?? null;
		},
		async list(folder) {
			const all = [...files.keys()].filter((p) =>
				p.startsWith(`${folder}/`));
			return all.length ? all : null;
		},
	};
}

async function lawsInto(out: string): Promise<void> {
	const { readKey } = await import("../verify/note.js");
	for (const l of allLaws()) {
		write(join(out, l.name), l.files);
		const r = await verifyMirror(sourceOf(l.files),
			{ key: readKey(key()), genesis: null, policy: null, seen: [] });
		console.log(`${l.name} ${l.want}; ${r.refusal?.verdict()
			?? `VERIFIED ${r.entries} entries, 0 witnesses`}; `
			+ `${r.refusal?.where ?? counts(r)}`);
	}
}

async function main(out: string, from: number, n: number): Promise<void> {
	const { readKey } = await import("../verify/note.js");
	for (let seed = from; seed < from + n; seed++) {
		const files = new History(seed).files();
		write(join(out, String(seed)), files);
		const r = await verifyMirror(sourceOf(files),
			{ key: readKey(key()), genesis: null, policy: null, seen: [] });
		console.log(`${seed} ${r.refusal?.verdict()
			?? `VERIFIED ${r.entries} entries, 0 witnesses`}; ${counts(r)}`
			+ `; ${r.refusal?.where ?? ""}`);
	}
}

const [out, from, n] = process.argv.slice(2);
if (out === "key") {
	console.log(key());
} else if (out === "witness") {
	console.log(vkey("test.example/w", pair("witness"), 4));
} else if (out === "single") {
	for (const c of [...equivocations(), ...receipts()]) {
		writeFileSync(join(from!, c.name), c.text);
		console.log(`${c.name} ${c.want}`);
	}
	console.log(`frames ${frames()}`);
	console.log(`witnesses ${witnesses()}`);
	console.log(`units ${units()}`);
} else if (out === "laws") {
	await lawsInto(from!);
} else if (out === "summaries") {
	process.stdout.write(await summaries());
} else if (out === "rows") {
	const all = rows().map(rowText), kept = all.filter((l) =>
		l.length < ROW_KEPT);
	const more = all.filter((l) => l.length >= ROW_KEPT);
	for (const [name, list] of [["rows", kept], ["more", more]] as const) {
		writeFileSync(join(from!, name), `${list.join("\n")}\n`);
		for (const l of list)
			console.log(`${l.split(" ").slice(0, 3).join(" ")} `
				+ rowSays(l));
	}
} else if (out === "say") {
	for (const l of readFileSync(from!, "utf8").trimEnd().split("\n"))
		console.log(`${l.split(" ").slice(0, 2).join(" ")} ${rowSays(l)}`);
} else {
	await main(out!, Number(from), Number(n));
}
