// SPDX-License-Identifier: GPL-3.0-or-later
//
// laws.ts - logs that break one rule each, or keep it narrowly, as mirrors:
// what no random history (histories.ts) meets often enough.
import { be, concat, toBase64, toHex, utf8 } from "../verify/bytes.js";
import { leafHash, rootOf, sha256 } from "../verify/merkle.js";
import { joinBundle, tilePath } from "../verify/tiles.js";
import type { Body, Fields, Made } from "./forge.js";
import {
	Pair, bodyOf, entryOf, made, mirrorOf, quoted, signedNote, vkey,
} from "./forge.js";

export interface Law {
	name: string;
	want: string; /* "verified", or the entry and the rule */
	files: Map<string, Uint8Array>;
}

export const NAME = "test.example/log";
const START = Date.UTC(2026, 1, 3), DAY = 86_400_000;
const log = new Pair("log");
const none = "0".repeat(64);

function hash(text: string): Uint8Array {
	return sha256(utf8(text));
}

function id16(text: string): Uint8Array {
	return hash(text).subarray(0, 16);
}

function time(ms: number): string {
	return new Date(ms).toISOString().replace(/\.000Z$/, "Z");
}

interface Who {
	pair: Pair;
	person: string;
	org: string;
	role: string;
}

function who(name: string, role: string, org = "mission"): Who {
	return { pair: new Pair(name), role, org,
		person: toHex(hash(`person ${name}`)).slice(0, 32) };
}

const engine = who("engine", "engine");
const roots = [who("root 0", "root", "a"), who("root 1", "root", "b")];

interface More {
	prev?: Uint8Array;
	ms?: number;
	named?: boolean;
	shown?: boolean;
	shut?: string[];
	body?: Body;
}

function rootLines(all: Who[]): string {
	return all.map((r) => `${r.person} ${r.pair.hex} ${r.org}`).sort()
		.join("\n");
}

const two = 2, sealed = 1;

class Log {
	readonly all: Made[] = [];
	readonly bodies: (Body | null)[] = [];
	readonly subjects: Uint8Array[] = [];
	readonly extra = new Map<string, Uint8Array>();
	older: { size: number; log: Pair } | null = null;
	signer = log;
	ms = START;
	private readonly heads = new Map<string, Uint8Array>();

	begin(more: Fields = {}, how: More = {}): this {
		const fields: Fields = { act: "genesis",
			engine: quoted(engine.pair.hex), log: vkey(NAME, log),
			mission: "test", mission_sha256: quoted(none),
			policy_sha256: quoted(none),
			roots: quoted(rootLines(roots.slice(0, 1))),
			threshold: "1", two_orgs: "no", ...more };
		this.put(7, 0, id16("genesis"), fields, engine, how);
		return this;
	}

	get last(): number {
		return this.all.length - 1;
	}

	leaf(i: number): string {
		return quoted(toHex(this.all[i]!.leaf));
	}

	root(size: number): Uint8Array {
		return rootOf(this.all.slice(0, size).map((m) => m.leaf));
	}

	note(size: number, by = log, name = NAME): string {
		return signedNote(`${name}\n${size}\n${toBase64(this.root(size))}\n`,
			name, by);
	}

	put(
		type: number,
		flags: number,
		subject: Uint8Array,
		fields: Fields,
		by: Who,
		more: More = {},
	): number {
		const body = more.body ?? bodyOf(fields,
			hash(`secret ${this.all.length}`), more.named ?? true);
		const raw = entryOf({ type, flags, subject, root: body.root,
			prev: more.prev ?? this.heads.get(toHex(subject))
				?? new Uint8Array(32),
			ms: more.ms ?? this.ms++ }, by.pair);
		const m = made(raw, more.shown ?? true ? body : null);
		m.shut = more.shut ?? [];
		this.heads.set(toHex(subject), m.leaf);
		this.bodies.push(body);
		this.subjects.push(subject);
		return this.all.push(m) - 1;
	}

	confirm(i: number, by: Who): number {
		return this.put(4, 0, this.subjects[i]!, {}, by,
			{ body: this.bodies[i]!, shown: false });
	}

	// -- keys --

	event(act: string, fields: Fields, by = roots[0]!, how: More = {}): number {
		return this.put(7, two, concat(new Uint8Array(6),
			hash(act).subarray(0, 10)), { act, ...fields }, by, how);
	}

	keySubject(pair: Pair, from = START): Uint8Array {
		return concat(be(from, 6), sha256(pair.key).subarray(0, 10));
	}

	enrolment(w: Who, more: Fields = {}): Fields {
		const fields: Fields = { act: "enrol", key: quoted(w.pair.hex),
			person: quoted(w.person), org: w.org, role: w.role,
			not_before: quoted(time(START)),
			not_after: quoted(time(START + 30 * DAY)), ...more };
		const text = ["key", "person", "org", "role", "not_before",
			"not_after"].map((x) => `${fields[x]!.replace(/"/g, "")}\n`);
		return { ...fields, proof: more.proof ?? quoted(toBase64(w.pair.sign(
			utf8(`cfm/enrol/v1\n${NAME}\n${text.join("")}`)))) };
	}

	enrol(w: Who, more: Fields = {}, by = roots[0]!, how: More = {}): number {
		return this.put(7, two, this.keySubject(w.pair),
			this.enrolment(w, more), by, how);
	}

	sensor(w: Who, more: Fields = {}, by = roots[0]!): number {
		return this.put(7, two, this.keySubject(w.pair), { act: "sensor",
			key: quoted(w.pair.hex), sensor: "S1", party: w.org,
			not_before: quoted(time(START)),
			not_after: quoted(time(START + 30 * DAY)), ...more }, by);
	}

	revoke(w: Who, since: number, more: Fields = {}): number {
		return this.put(7, two, this.keySubject(w.pair), { act: "revoke",
			key: quoted(w.pair.hex), since: quoted(time(since)), ...more },
		roots[0]!);
	}

	roots(all: Who[], threshold: number, by = roots[0]!): number {
		return this.event("roots", { roots: quoted(rootLines(all)),
			threshold: String(threshold) }, by);
	}

	files(): Map<string, Uint8Array> {
		const files = mirrorOf(this.all, NAME, this.signer, this.older);
		for (const [path, bytes] of this.extra)
			files.set(path, bytes);
		return files;
	}
}

// -- the table --

const laws: Law[] = [];

function law(
	name: string,
	rule: string | null,
	make: (l: Log) => number | void,
	how: { begin?: Fields; at?: number | null; first?: More } = {},
): void {
	const l = new Log().begin(how.begin, how.first);
	const at = make(l);
	const index = how.at === undefined ? at ?? l.last : how.at ?? "-";
	laws.push({ name, want: rule ? `${index} ${rule}` : "verified",
		files: l.files() });
}

const ann = who("ann", "analyst"), rev = who("rev", "reviewer", "other");
const chi = who("chi", "chief", "third"), gua = who("gua", "guarantor", "G");
const gub = who("gub", "guarantor", "H"), lia = who("lia", "liaison", "A");
const finding = { kind: "shot", n: "5" };

function cast(l: Log, ...all: Who[]): void {
	for (const w of all)
		l.enrol(w);
}

function genesis(): void {
	const bad = (name: string, begin: Fields): void =>
		law(`genesis-${name}`, "genesis", () => {}, { begin, at: 0 });
	const line = rootLines(roots.slice(0, 1));
	const many = (n: number): string => Array.from({ length: n }, (_, i) =>
		rootLines([who(`many ${i}`, "root", "a")])).sort().join("\n");
	law("genesis", null, () => {});
	law("genesis-16-roots", null, () => {}, { begin: {
		roots: quoted(many(16)), threshold: "16" } });
	bad("17-roots", { roots: quoted(many(17)) });
	bad("root-of-none", { roots: "x" });
	bad("root-of-bad-org", { roots: quoted(`${line} x`) });
	bad("roots-twice", { roots: quoted(`${line}\n${line}`) });
	bad("threshold-0", { threshold: "0" });
	bad("threshold-2", { threshold: "2" });
	bad("threshold-words", { threshold: "one" });
	bad("log-of-a-witness", { log: vkey(NAME, log, 4) });
	bad("log-of-none", { log: "x" });
	bad("engine-short", { engine: quoted("00") });
	bad("engine-upper", { engine: quoted(engine.pair.hex.toUpperCase()) });
	bad("engine-is-root", { roots: quoted(rootLines([{ ...roots[0]!,
		pair: engine.pair }])) });
	law("genesis-of-any-mission", null, () => {}, { begin: {
		mission: "\"\\x\"" } });
	bad("two-orgs", { two_orgs: "maybe" });
	bad("act", { act: "birth" });
	law("genesis-hides-names", "genesis", () => {}, { at: 0,
		first: { shut: ["!"] } });
	law("genesis-in-part", "genesis", () => {}, { at: 0,
		first: { shut: ["mission"] } });
	law("genesis-has-none", "genesis", () => {}, { at: 0,
		first: { named: false } });
	for (const [name, type, flags] of [["type", 3, 0], ["flags", 7, 2]] as const) {
		const l = new Log();
		l.put(type, flags, id16("genesis"), finding, engine);
		laws.push({ name: `genesis-${name}`, want: "0 genesis",
			files: l.files() });
	}
	const l = new Log();
	l.begin();
	const raw = entryOf({ type: 7, flags: 0, subject: id16("genesis"),
		root: l.bodies[0]!.root, prev: new Uint8Array(32), ms: START },
	roots[0]!.pair);
	l.all[0] = made(raw, l.bodies[0]!);
	laws.push({ name: "genesis-by-root", want: "0 signature",
		files: l.files() });
	law("genesis-alone-of-another-log", "0 genesis".slice(2), () => {}, {
		begin: { log: vkey(NAME, new Pair("other log")) }, at: 0 });
}

function keys(): void {
	law("enrolled", null, (l) => { cast(l, ann); });
	law("enrolled-91-days", "body", (l) => { l.enrol(ann, {
		not_after: quoted(time(START + 91 * DAY)) }); });
	law("enrolled-backwards", "body", (l) => { l.enrol(ann, {
		not_after: quoted(time(START)) }); });
	law("enrolled-no-time", "body", (l) => { l.enrol(ann, {
		not_before: quoted("2026-02-30T00:00:00Z") }); });
	law("enrolled-1969", "body", (l) => { l.enrol(ann, {
		not_before: quoted("1969-12-31T23:59:59Z") }); });
	law("enrolled-time-of-words", "body", (l) => { l.enrol(ann, {
		not_before: "today" }); });
	law("enrolled-org", "body", (l) => { l.enrol(ann, { org: "a b" }); });
	law("enrolled-role", "body", (l) => { l.enrol(ann, { role: "root" }); });
	law("enrolled-proof-of-words", "proof", (l) => {
		l.enrol(ann, { proof: "x" }); });
	law("enrolled-proof-of-another", "proof", (l) => {
		l.enrol(ann, { proof: quoted(toBase64(new Uint8Array(64))) }); });
	law("enrolled-subject", "body", (l) => {
		l.put(7, two, id16("x"), l.enrolment(ann), roots[0]!); });
	law("enrolled-twice", "key", (l) => { cast(l, ann, ann); });
	law("enrolled-shut", "body", (l) => {
		l.enrol(ann, {}, roots[0]!, { shut: ["org"] }); });
	law("enrolled-unnamed", "body", (l) => {
		l.enrol(ann, {}, roots[0]!, { named: false }); });
	law("in-the-dark", null, (l) => {
		/* Of a hidden person nobody knows; of one that is proposed, maybe. */
		cast(l, rev);
		l.enrol(ann, {}, roots[0]!, { shown: false });
		const f = l.put(3, two, id16("f"), finding, ann);
		l.confirm(f, rev);
		l.confirm(l.put(3, 0, id16("g"), finding, engine), ann);
	});
	law("in-the-dark-and-proposed", null, (l) => {
		l.enrol(ann, {}, roots[0]!, { shown: false });
		l.enrol(rev);
		l.put(4, 0, id16("f"), { does: "note" }, rev, { shown: false });
	}, { begin: { roots: quoted(rootLines(roots)), threshold: "2" } });
	law("in-the-dark-and-reviewed", null, (l) => {
		cast(l, rev, chi);
		const f = l.put(3, 0, id16("f"), finding, engine);
		l.confirm(f, rev);
		l.confirm(f, chi);
		l.enrol(ann, {}, roots[0]!, { shown: false });
	});
	law("enrolled-hidden", null, (l) => {
		l.enrol(ann, {}, roots[0]!, { shown: false });
		l.put(2, 0, id16("i"), finding, ann);
		/* By whom that is nobody can know, nor what it may change. */
		const far = who("far", "root", "c");
		l.event("roots", { roots: "x", threshold: "0" }, far);
	});
	law("not-counting-yet", "key", (l) => {
		cast(l, ann);
		l.put(3, two, id16("f"), finding, ann);
	}, { begin: { roots: quoted(rootLines(roots)), threshold: "2" } });
	law("before-its-time", "key", (l) => {
		cast(l, ann);
		l.put(3, two, id16("f"), finding, ann, { ms: START - 1 });
	});
	law("after-its-time", "key", (l) => {
		cast(l, ann);
		l.put(3, two, id16("f"), finding, ann,
			{ ms: START + 30 * DAY + 1 });
	});
	law("by-nobody", "author", (l) => {
		l.put(3, two, id16("f"), finding, ann); });
	law("act-of-none", "body", (l) => { l.event("wait", {}); });
	law("replaced", null, (l) => {
		cast(l, ann);
		const next = { ...ann, pair: new Pair("ann 2") };
		l.enrol(next, { replaces: quoted(ann.pair.hex) });
		l.put(3, two, id16("f"), finding, next);
	});
	law("replaced-and-writes", "key", (l) => {
		cast(l, ann);
		l.enrol({ ...ann, pair: new Pair("ann 2") },
			{ replaces: quoted(ann.pair.hex) });
		l.put(3, two, id16("f"), finding, ann);
	});
	law("replaces-nobody", "body", (l) => {
		l.enrol(ann, { replaces: quoted(rev.pair.hex) }); });
	law("replaces-another-role", "body", (l) => {
		cast(l, rev);
		l.enrol(ann, { replaces: quoted(rev.pair.hex) });
	});
	law("replaces-another-person", "body", (l) => {
		cast(l, ann);
		l.enrol(who("ann 3", "analyst"), { replaces: quoted(ann.pair.hex) });
	});
	law("replaces-the-engine", null, (l) => {
		l.enrol(who("engine 2", "engine"),
			{ replaces: quoted(engine.pair.hex) }); });
	law("sensor", null, (l) => {
		cast(l, lia);
		l.confirm(l.sensor(who("s1", "sensor", "A")), lia);
	});
	law("sensor-of-bad-party", "body", (l) => {
		l.sensor(who("s1", "sensor"), { party: "" }); });
	law("revoked", null, (l) => {
		cast(l, ann);
		l.revoke(ann, START);
	});
	law("revoked-twice", null, (l) => {
		cast(l, ann);
		l.revoke(ann, START + 1000);
		l.revoke(ann, START);
		l.revoke(ann, START + 2000);
	});
	law("revoked-and-writes", "key", (l) => {
		cast(l, ann);
		l.revoke(ann, START + 1000);
		l.put(3, two, id16("f"), finding, ann);
	});
	law("revoke-root", "body", (l) => { l.revoke(roots[0]!, START); });
	law("revoke-nobody", "body", (l) => { l.revoke(ann, START); });
	law("revoke-of-the-same-id", "body", (l) => {
		cast(l, ann);
		l.put(7, two, l.keySubject(ann.pair), { act: "revoke",
			key: quoted("11".repeat(32)), since: quoted(time(START)) },
		roots[0]!);
	});
	rootKeys();
}

function rootKeys(): void {
	const begin = { roots: quoted(rootLines(roots)), threshold: "2" };
	const third = who("root 2", "root", "c");
	law("roots", null, (l) => {
		l.confirm(l.roots([roots[1]!, third], 1), roots[1]!);
		l.enrol(ann, {}, third);
	}, { begin });
	law("roots-ended", "key", (l) => {
		l.confirm(l.roots([roots[1]!, third], 1), roots[1]!);
		l.enrol(ann, {}, roots[0]!);
	}, { begin });
	law("roots-of-another-role", "key", (l) => {
		cast(l, ann);
		l.roots([roots[0]!, { ...ann, role: "root" }], 1);
	});
	law("roots-with-another-org", "key", (l) => {
		l.roots([{ ...roots[0]!, org: "z" }], 1); });
	law("roots-one-key-twice", "key", (l) => {
		const r = roots[0]!;
		l.roots([third, { ...third, person: r.person }], 1);
	});
	law("roots-proposed-twice", null, (l) => {
		l.roots([roots[0]!, third], 1);
		const i = l.roots([roots[0]!, third], 1, roots[1]!);
		l.confirm(i, roots[0]!);
		l.enrol(ann, {}, third);
	}, { begin });
	law("a-root-that-returns", null, (l) => {
		l.confirm(l.roots([roots[1]!, third], 1), roots[1]!);
		l.roots([roots[0]!, third], 1, third);
		l.enrol(ann, {}, roots[0]!);
	}, { begin });
	law("a-root-that-returns-not-yet", "key", (l) => {
		l.confirm(l.roots([roots[1]!, third], 2), roots[1]!);
		l.roots([roots[0]!, third], 1, third);
		l.enrol(ann, {}, roots[0]!);
	}, { begin });
	law("a-root-that-ended-does-not-count", null, (l) => {
		const i = l.event("policy", { policy_sha256: quoted(none) },
			roots[1]!);
		const j = l.roots([roots[0]!, third], 2);
		l.confirm(j, roots[1]!);
		l.confirm(i, roots[0]!);
	}, { begin });
	law("policy", null, (l) => {
		l.event("policy", { policy_sha256: quoted("1".repeat(64)) }); });
	law("policy-of-words", "body", (l) => {
		l.event("policy", { policy_sha256: "x" }); });
	law("confirmed-by-the-same", "self", (l) => {
		l.confirm(l.event("policy", { policy_sha256: quoted(none) }),
			roots[0]!);
	}, { begin });
	const next = new Pair("log 2");
	const over = (l: Log, more: Fields = {}, size = 1, by = log): number =>
		l.event("log", { log: vkey(NAME, next),
			last: quoted(l.note(size, by)), ...more });
	const no = (name: string, more: Fields, size = 1, by = log): void =>
		law(`hand-over-${name}`, "body", (l) => {
			over(l, more, size, by);
		}, { at: 1 });
	no("of-another-name", { log: vkey("other", next) });
	no("to-a-witness", { log: vkey(NAME, next, 4) });
	no("to-none", { log: "x" });
	no("without-last", { last: "x" });
	no("by-a-stranger", {}, 1, next);
	no("too-long", { last: quoted(`${NAME}\n1\n${toBase64(hash("x"))}\n\n`
		+ `\u2014 x ${toBase64(new Uint8Array(800))}\n`) });
	no("of-another-root", { last: quoted(signedNote(`${NAME}\n1\n`
		+ `${toBase64(hash("x"))}\n`, NAME, log)) });
	no("of-nothing", { last: quoted(signedNote(`${NAME}\n0\n`
		+ `${toBase64(hash("x"))}\n`, NAME, log)) });
	no("of-more", { last: quoted(signedNote(`${NAME}\n2\n`
		+ `${toBase64(hash("x"))}\n`, NAME, log)) });
	law("hand-over-and-the-old-key-signs", "checkpoint", (l) => {
		over(l); }, { at: null });
	law("hand-over-proposed-twice", "checkpoint", (l) => {
		const i = over(l), j = over(l);
		l.confirm(i, roots[1]!);
		l.confirm(j, roots[1]!);
	}, { begin, at: null });
	law("shown-under-a-note-of-between", "body", (l) => {
		l.put(3, 0, id16("f"), finding, engine, { shown: false });
		l.put(3, 0, id16("g"), finding, engine, { shown: false });
		over(l);
		l.signer = next;
		l.older = { size: 2, log };
	}, { at: 0 });
	law("handed-over", null, (l) => {
		over(l);
		l.signer = next;
		l.older = { size: 1, log };
	});
	law("hand-over-proposed", null, (l) => { over(l); }, { begin });
}

// -- entries --

function acts(): void {
	const made9 = (l: Log, fields: Fields, how: More = {}): number =>
		l.put(9, two, id16(`act ${l.last}`), fields, chi, how);
	const begin = (l: Log): number => {
		cast(l, ann, rev, chi);
		return l.put(3, two, id16("f"), finding, ann);
	};
	const secret = (l: Log): number =>
		l.put(0, sealed, id16("s"), finding, ann);
	law("published", null, (l) => {
		const f = begin(l);
		l.confirm(f, rev);
		l.confirm(made9(l, { act: "publish", of: l.leaf(f), what: "it" }),
			rev);
	});
	law("published-nothing", "body", (l) => {
		begin(l);
		made9(l, { act: "publish", of: quoted(none), what: "it" });
	});
	law("published-of-no-reason", "body", (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f) });
	});
	law("published-reason-shut", null, (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f), what: "it" },
			{ shut: ["what"] });
	});
	law("act-shut", null, (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f), what: "it" },
			{ shut: ["act"] });
	});
	law("of-shut", null, (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f), what: "it" },
			{ shut: ["of"] });
	});
	law("act-unnamed", null, (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f), what: "it" },
			{ named: false });
	});
	law("act-not-shown", null, (l) => {
		const f = begin(l);
		made9(l, { act: "publish", of: l.leaf(f), what: "it" },
			{ shown: false });
	});
	law("act-of-no-deed", "body", (l) => {
		begin(l);
		made9(l, { act: "wait" });
	});
	law("lifted", null, (l) => {
		begin(l);
		const s = secret(l);
		l.confirm(made9(l, { act: "lift", of: l.leaf(s), index: String(s),
			type: "3", subject: quoted(toHex(id16("f"))) }), rev);
	});
	law("lifted-not-sealed", "body", (l) => {
		const f = begin(l);
		made9(l, { act: "lift", of: l.leaf(f), index: String(f), type: "3",
			subject: quoted(toHex(id16("f"))) });
	});
	law("lifted-of-no-type", "body", (l) => {
		begin(l);
		const s = secret(l);
		made9(l, { act: "lift", of: l.leaf(s), index: String(s), type: "16",
			subject: quoted(toHex(id16("f"))) });
	});
	law("lifted-of-type-0", "body", (l) => {
		begin(l);
		const s = secret(l);
		made9(l, { act: "lift", of: l.leaf(s), index: String(s), type: "0",
			subject: quoted(toHex(id16("f"))) });
	});
	law("lifted-another-index", "body", (l) => {
		begin(l);
		const s = secret(l);
		made9(l, { act: "lift", of: l.leaf(s), index: "1", type: "3",
			subject: quoted(toHex(id16("f"))) });
	});
	law("erased", null, (l) => {
		const f = begin(l);
		l.confirm(made9(l, { act: "erase", of: l.leaf(f), index: String(f),
			why: "asked" }), rev);
		l.all[f]!.body = null;
	});
	law("erased-entry-0", "body", (l) => {
		begin(l);
		made9(l, { act: "erase", of: l.leaf(0), index: "0", why: "asked" });
	});
	law("erased-a-key", "body", (l) => {
		begin(l);
		made9(l, { act: "erase", of: l.leaf(1), index: "1", why: "asked" });
	});
	law("erased-nothing", "body", (l) => {
		begin(l);
		made9(l, { act: "erase", of: quoted(none), index: "1", why: "x" });
	});
}

function versions(): void {
	const begin = (l: Log): number => {
		cast(l, ann, rev);
		l.put(2, 0, id16("j"), finding, engine);
		return l.put(2, 0, id16("i"), finding, engine);
	};
	const made2 = (l: Log, fields: Fields, how: More = {}): number =>
		l.put(2, 0, id16("i"), fields, ann, how);
	const no = (name: string, fields: (l: Log, i: number) => Fields): void =>
		law(`version-${name}`, "body", (l) => {
			made2(l, fields(l, begin(l))); });
	law("version", null, (l) => {
		const i = begin(l);
		l.confirm(made2(l, { does: "amend", of: l.leaf(i), why: "so" }), rev);
	});
	law("version-merges", null, (l) => {
		const i = begin(l);
		made2(l, { does: "merge", of: l.leaf(i), why: "so",
			with: l.leaf(i - 1) });
	});
	for (const shut of [["does"], ["of"], ["why"], ["with"]])
		law(`version-${shut[0]!}-shut`, null, (l) => {
			const i = begin(l);
			made2(l, { does: "merge", of: l.leaf(i), why: "so",
				with: l.leaf(i - 1) }, { shut });
		});
	law("version-unnamed", null, (l) => {
		begin(l);
		made2(l, { does: "wait" }, { named: false });
	});
	no("does", (l, i) => ({ does: "wait", of: l.leaf(i), why: "so" }));
	no("why", (l, i) => ({ does: "amend", of: l.leaf(i),
		why: quoted("") }));
	no("no-why", (l, i) => ({ does: "amend", of: l.leaf(i) }));
	no("of-nothing", () => ({ does: "amend", of: quoted(none), why: "so" }));
	no("of-a-key", (l) => ({ does: "amend", of: l.leaf(1), why: "so" }));
	no("of-another", (l, i) => ({ does: "amend", of: l.leaf(i - 1),
		why: "so" }));
	no("of-a-number", () => ({ does: "amend", of: "5", why: "so" }));
	no("merges-itself", (l, i) => ({ does: "merge", of: l.leaf(i),
		why: "so", with: l.leaf(i) }));
	no("merges-a-key", (l, i) => ({ does: "merge", of: l.leaf(i),
		why: "so", with: l.leaf(1) }));
	no("merges-nothing", (l, i) => ({ does: "merge", of: l.leaf(i),
		why: "so", with: quoted(none) }));
	no("merges-twice", (l, i) => ({ does: "merge", of: l.leaf(i),
		why: "so", with: quoted(`${l.leaf(i - 1)}\n${l.leaf(i - 1)}`
			.replace(/"/g, "")) }));
	law("version-merges-17", "body", (l) => {
		cast(l, ann);
		const all = Array.from({ length: 17 }, (_, k) => l.put(2, 0,
			id16(`m ${k}`), finding, engine));
		const i = l.put(2, 0, id16("i"), finding, engine);
		made2(l, { does: "merge", of: l.leaf(i), why: "so", with: quoted(
			all.map((k) => l.leaf(k).replace(/"/g, "")).sort()
				.join("\n")) });
	});
}

function words(): void {
	const begin = (l: Log): number => {
		cast(l, ann, rev, chi, lia);
		return l.put(3, 0, id16("f"), finding, engine);
	};
	const say = (l: Log, by: Who, fields: Fields, how: More = {}): number =>
		l.put(4, 0, id16("f"), fields, by, how);
	law("rejected", null, (l) => {
		const f = begin(l);
		say(l, rev, { does: "reject", of: l.leaf(f), why: "so" });
		l.confirm(f, chi); /* of what is rejected nothing comes */
	});
	law("rejected-what-is-reviewed", null, (l) => {
		const f = begin(l);
		l.confirm(f, ann);
		l.confirm(f, rev);
		say(l, chi, { does: "reject", of: l.leaf(f), why: "so" });
	});
	law("rejected-nothing", "body", (l) => {
		begin(l);
		say(l, rev, { does: "reject", of: quoted(none), why: "so" });
	});
	law("rejected-another-subject", "body", (l) => {
		begin(l);
		const j = l.put(3, 0, id16("g"), finding, engine);
		say(l, rev, { does: "reject", of: l.leaf(j), why: "so" });
	});
	law("rejected-by-who-may-not", "role", (l) => {
		const f = begin(l);
		say(l, lia, { does: "reject", of: l.leaf(f), why: "so" });
	});
	law("rejected-of-no-reason", "body", (l) => {
		const f = begin(l);
		say(l, rev, { does: "reject", of: l.leaf(f) });
	});
	law("said-what", "body", (l) => {
		const f = begin(l);
		say(l, rev, { does: "wait", of: l.leaf(f), why: "so" });
	});
	law("said-in-the-dark", null, (l) => {
		const f = begin(l);
		say(l, rev, { does: "note", of: l.leaf(f), why: "so" },
			{ shown: false });
	});
	law("said-of-nothing-in-the-dark", null, (l) => {
		begin(l);
		l.put(4, 0, id16("nothing"), { does: "note", of: quoted(none),
			why: "so" }, rev, { shown: false });
	});
	law("confirmed-by-an-analyst", null, (l) => {
		l.confirm(begin(l), ann); });
	law("confirmed-by-a-guarantor", "role", (l) => {
		cast(l, gua);
		l.confirm(l.put(3, 0, id16("f"), finding, engine), gua);
	});
	law("confirmed-an-intake", "role", (l) => {
		cast(l, rev);
		l.confirm(l.put(1, 0, id16("f"), finding, engine), rev);
	});
	law("confirmed-an-analyst's", "role", (l) => {
		cast(l, ann, rev);
		const other = who("ann b", "analyst");
		cast(l, other);
		l.confirm(l.put(3, two, id16("f"), finding, ann), other);
	});
	law("an-auditor-writes", "role", (l) => {
		const aud = who("aud", "auditor");
		cast(l, aud);
		l.put(3, two, id16("f"), finding, aud);
	});
	law("by-two-of-one-organisation", "self", (l) => {
		const other = who("rev b", "reviewer", ann.org);
		cast(l, ann, other);
		l.confirm(l.put(3, two, id16("f"), finding, ann), other);
	}, { begin: { two_orgs: "yes" } });
	law("reviewed-by-who-was-revoked", null, (l) => {
		const f = begin(l);
		l.confirm(f, ann);
		l.confirm(f, rev);
		l.revoke(rev, START);
		l.confirm(f, chi);
	});
	/* Twice, the second time as of earlier: who confirmed between them did
	 * not know of that, who confirms after both does. */
	for (const [name, anew] of [["doubted-since", false],
		["doubted-and-confirmed-anew", true]] as const)
		law(name, null, (l) => {
			const other = who("chi b", "chief");
			cast(l, ann, rev, chi, other);
			const f = l.put(3, two, id16("f"), finding, ann);
			l.confirm(f, rev);
			l.revoke(ann, START + 1000);
			l.confirm(f, chi);
			l.revoke(ann, START);
			if (anew)
				l.confirm(f, other);
		});
	law("written-by-who-was-revoked", null, (l) => {
		cast(l, ann, rev);
		const f = l.put(3, two, id16("f"), finding, ann);
		l.confirm(f, rev);
		l.revoke(ann, START);
	});
	law("an-agreement-by-a-liaison", null, (l) => {
		cast(l, chi, lia);
		l.confirm(l.put(5, two, id16("a"), finding, chi), lia);
	});
	for (const [name, type, flags] of [["sealed", 0, 0], ["review", 4, 2],
		["unsealed", 3, 3], ["alone", 3, 0]] as const)
		law(`flags-${name}`, "flags", (l) => {
			const by = type === 4 ? rev : ann;
			cast(l, by);
			l.put(type, flags, id16("x"), finding, by);
		});
	law("signature", "signature", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.all[1]!.raw[160]! ^= 1;
		l.all[1]!.leaf = leafHash(l.all[1]!.raw);
	});
	law("prev", "prev", (l) => {
		l.put(3, 0, id16("f"), finding, engine, { prev: hash("x") }); });
	law("of-type-16", null, (l) => {
		l.put(16, 0, id16("f"), finding, engine); });
}

// -- obligations --

function owed(): void {
	const begin = (l: Log): number => {
		cast(l, gua, gub);
		return l.put(6, 0, id16("o"), { pledge: "p", actor: "G" }, engine);
	};
	const step = (l: Log, by: Who, fields: Fields, how: More = {}): number =>
		l.put(6, 0, id16("o"), fields, by, how);
	const does = (l: Log, word: string, of: number): Fields =>
		({ does: word, of: l.leaf(of), why: "so" });
	const proof = { evidence: quoted("2".repeat(64)) };
	law("owed", null, (l) => {
		const o = begin(l);
		step(l, gua, does(l, "acknowledge", o));
		const f = step(l, gua, { ...does(l, "fulfil", o), ...proof });
		step(l, gub, does(l, "contest", f));
	});
	law("owed-nothing", null, (l) => {
		l.put(6, 0, id16("o"), { note: "no pledge" }, engine); });
	law("owed-by-another", "body", (l) => {
		begin(l);
		step(l, engine, { pledge: "p", actor: "H" });
	});
	law("owed-in-the-dark-by-another", null, (l) => {
		cast(l, gua);
		l.put(6, 0, id16("o"), { pledge: "p", actor: "G" }, engine,
			{ shut: ["actor"] });
		const o = step(l, engine, { pledge: "p", actor: "H" });
		step(l, gua, does(l, "acknowledge", o));
	});
	law("step-back", "step", (l) => {
		const o = begin(l);
		step(l, gua, does(l, "decide", o));
		step(l, gua, does(l, "acknowledge", o));
	});
	law("step-of-another", "role", (l) => {
		step(l, gub, does(l, "decide", begin(l))); });
	law("step-of-nothing", "body", (l) => {
		begin(l);
		step(l, gua, { does: "decide", of: quoted(none), why: "so" });
	});
	law("step-of-no-word", "body", (l) => {
		step(l, gua, does(l, "wait", begin(l))); });
	law("step-without-why", "body", (l) => {
		step(l, gua, { does: "decide", of: l.leaf(begin(l)) }); });
	law("step-why-shut", null, (l) => {
		step(l, gua, does(l, "decide", begin(l)), { shut: ["why"] }); });
	law("step-shut", null, (l) => {
		const o = begin(l);
		step(l, gua, does(l, "decide", o), { shut: ["does"] });
		step(l, gub, does(l, "decide", o));
	});
	law("step-shut-of-nothing", null, (l) => {
		cast(l, gua);
		step(l, gua, { does: "decide", of: quoted(none), why: "so" },
			{ shut: ["of"] });
	});
	law("step-unnamed", null, (l) => {
		step(l, gua, does(l, "decide", begin(l)), { named: false }); });
	law("fulfilled-of-nothing", "body", (l) => {
		step(l, gua, does(l, "fulfil", begin(l))); });
	law("fulfilled-evidence-shut", null, (l) => {
		step(l, gua, { ...does(l, "fulfil", begin(l)), ...proof },
			{ shut: ["evidence"] }); });
	law("fulfilled-evidence-of-words", "body", (l) => {
		step(l, gua, { ...does(l, "fulfil", begin(l)), evidence: "x" }); });
	law("contested-its-own", "role", (l) => {
		const o = begin(l);
		const f = step(l, gua, { ...does(l, "fulfil", o), ...proof });
		step(l, gua, does(l, "contest", f));
	});
	law("contested-twice", "step", (l) => {
		const o = begin(l);
		const f = step(l, gua, { ...does(l, "fulfil", o), ...proof });
		step(l, gub, does(l, "contest", f));
		step(l, gub, does(l, "contest", f));
	});
	law("contested-by-who-is-revoked-since", null, (l) => {
		const other = who("guc", "guarantor", "H");
		const o = begin(l);
		cast(l, other);
		const f = step(l, gua, { ...does(l, "fulfil", o), ...proof });
		step(l, gub, does(l, "contest", f));
		l.revoke(gub, START);
		step(l, other, does(l, "contest", f));
	});
	law("contested-what-the-revoked-did", "step", (l) => {
		const o = begin(l);
		const f = step(l, gua, { ...does(l, "fulfil", o), ...proof });
		l.revoke(gua, START);
		step(l, gub, does(l, "contest", f));
	});
}

// -- heartbeats, who was told --

function pulse(): void {
	const subject = concat(new Uint8Array(6),
		hash("heartbeat").subarray(0, 10));
	const beat = (l: Log, beat_: number, more: Fields = {}, how: More = {}):
	number => l.put(8, 0, subject, { act: "heartbeat", beat: String(beat_),
		next_s: "60", size: String(l.all.length), root: quoted(toHex(
			l.root(l.all.length))), note: quoted(toHex(hash("n"))), ...more },
	engine, how);
	const no = (name: string, n: number, more: (l: Log) => Fields): void =>
		law(`beat-${name}`, "heartbeat", (l) => {
			beat(l, 0);
			beat(l, n, more(l));
		});
	law("beats", null, (l) => {
		beat(l, 0);
		beat(l, 1, {}, { ms: START + 200_000 });
		beat(l, 2, {}, { ms: START + 900_000 });
	});
	law("beats-in-time", null, (l) => {
		beat(l, 0);
		beat(l, 1, { next_s: "0" }, { ms: START + 60_000 });
	});
	law("beat-hidden-last", null, (l) => {
		beat(l, 0);
		beat(l, 1, {}, { shown: false });
	});
	law("beat-of-nothing", "heartbeat", (l) => {
		l.put(8, 0, subject, { act: "heartbeat" }, engine); });
	law("beat-hidden", null, (l) => {
		beat(l, 0);
		beat(l, 1, {}, { shown: false });
		beat(l, 7);
	});
	law("beat-in-part", null, (l) => {
		beat(l, 0, {}, { shut: ["note"] }); });
	law("beat-unnamed", null, (l) => { beat(l, 0, {}, { named: false }); });
	no("again", 0, () => ({}));
	no("missing", 2, () => ({}));
	no("of-no-act", 1, () => ({ act: "beat" }));
	no("of-two-days", 1, () => ({ next_s: "86401" }));
	no("of-0", 1, () => ({ size: "0" }));
	no("of-more", 1, () => ({ size: "99" }));
	no("of-less", 1, (l) => ({ size: "0", root: quoted(toHex(l.root(0))) }));
	no("backwards", 1, (l) => ({ size: "1".replace("1", "0"),
		root: quoted(toHex(l.root(1))) }));
	no("of-another-root", 1, () => ({ root: quoted(none) }));
	no("of-no-number", 1, () => ({ beat: "one" }));
	law("beat-first-of-1", "heartbeat", (l) => { beat(l, 1); });
	law("beat-back", "heartbeat", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		beat(l, 0);
		beat(l, 1, { size: "1", root: quoted(toHex(l.root(1))) });
	});
	const told = (l: Log, more: Fields = {}, how: More = {}): number =>
		l.put(11, 0, id16(`told ${l.last}`), { who: "operator", to: "A",
			fields: quoted("a\nb"), why: quoted(""), of: l.leaf(0), ...more },
		engine, how);
	law("told", null, (l) => { told(l); told(l, { index: "0" }); });
	law("told-in-part", null, (l) => { told(l, {}, { shut: ["who"] }); });
	law("told-unnamed", null, (l) => { told(l, {}, { named: false }); });
	law("told-another-index", "access", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		told(l, { index: "1" });
	});
	law("told-of-what-comes", "access", (l) => { told(l, { index: "9" }); });
	law("told-nul", "access", (l) => { told(l, { to: "a\0b" }); });
	law("told-nobody", "access", (l) => { told(l, { to: "\"\\x\"" }); });
}

// -- evidence --

function evidence(): void {
	const lines = utf8("{\"n\":1}\n{\"n\":2}"); /* no LF at its end */
	const name = toHex(sha256(lines));
	const path = (hex: string): string =>
		`blobs/sha256/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
	const root = toHex(rootOf(["{\"n\":1}", "{\"n\":2}"].map((x) =>
		leafHash(utf8(x)))));
	const sound = { blob: quoted(name), count: "2", root: quoted(root) };
	const batch = (l: Log, fields: Fields, how: More = {}): void => {
		l.put(13, 0, id16("b"), fields, engine, how);
		l.extra.set(path(name), lines);
	};
	const no = (what: string, rule: string, fields: Fields): void =>
		law(`batch-${what}`, rule, (l) => { batch(l, fields); });
	law("batch", null, (l) => { batch(l, sound); });
	no("of-nothing", "batch", finding);
	no("of-words", "batch", { ...sound, blob: "x" });
	no("of-escapes", "batch", { ...sound, blob: quoted("a\nb") });
	no("not-there", "blob", { ...sound, blob: quoted(none) });
	no("count", "batch", { ...sound, count: "3" });
	no("count-of-words", "batch", { ...sound, count: "two" });
	no("no-count", "batch", { blob: sound.blob, root: sound.root });
	no("root", "batch", { ...sound, root: quoted(none) });
	law("batch-shut", null, (l) => { batch(l, sound, { shut: ["blob"] }); });
	law("batch-without-evidence", null, (l) => {
		l.put(13, 0, id16("b"), sound, engine); });
	law("a-file-of-a-finding", null, (l) => {
		l.put(3, 0, id16("f"), { blob: quoted(name) }, engine);
		l.extra.set(path(name), lines);
	});
	law("evidence-bent", "blob", (l) => {
		batch(l, sound);
		l.extra.set(path(name), utf8("x"));
	});
	law("evidence-of-no-name", "blob", (l) => {
		l.extra.set("blobs/sha256/readme", utf8("x")); }, { at: null });
	law("evidence-bent-of-nobody", "blob", (l) => {
		l.extra.set(path(name), utf8("x")); }, { at: null });
}

// -- files of the mirror --

function files(): void {
	const shown = "disclosures/001.disclosure";
	const text = (l: Log, p: string): string =>
		new TextDecoder().decode(l.files().get(p));
	law("kept", null, (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set("checkpoints/1", utf8(l.note(1)));
		l.extra.set("checkpoints/2", utf8(l.note(2)));
		l.extra.set("checkpoints/readme", utf8("x"));
	});
	const kept = (name: string, at: number, path: string,
		make: (l: Log) => string): void => law(`kept-${name}`, "checkpoint",
		(l) => {
			l.put(3, 0, id16("f"), finding, engine);
			l.extra.set(`checkpoints/${path}`, utf8(make(l)));
		}, { at });
	kept("under-another-size", 1, "1", (l) => l.note(2));
	kept("of-nothing", 1, "1", () => "x");
	kept("of-another-log", 1, "1", (l) => l.note(1, log, "other"));
	kept("of-another-root", 1, "1", () => signedNote(`${NAME}\n1\n`
		+ `${toBase64(hash("x"))}\n`, NAME, log));
	kept("by-another-key", 1, "1", (l) => l.note(1, new Pair("x")));
	kept("of-more", 2, "3", () => signedNote(`${NAME}\n3\n`
		+ `${toBase64(hash("x"))}\n`, NAME, log));
	law("of-no-entry", "checkpoint", (l) => {
		l.extra.set("checkpoint", utf8(signedNote(`${NAME}\n0\n`
			+ `${toBase64(sha256(new Uint8Array(0)))}\n`, NAME, log)));
	}, { at: 0 });
	law("full-tiles-of-a-part", null, (l) => {
		for (let i = 0; i < 255; i++)
			l.put(3, 0, id16(`f ${i}`), finding, engine, { shown: false });
		l.older = { size: 1, log };
		l.extra.set("checkpoint", utf8(l.note(200)));
	});
	law("shown-under-an-older-note", null, (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.older = { size: 1, log };
	});
	law("shown-under-a-note-of-another-root", "body", (l) => {
		const i = l.put(3, 0, id16("f"), finding, engine);
		const m = l.all[i]!;
		/* A sound proof of a tree of another entry 0. */
		const other = leafHash(utf8("other"));
		const body = text(l, shown).split("\n\n")[0]!;
		l.extra.set(shown, utf8(`${body}\n\nc2sp.org/tlog-proof@v1\n`
			+ `index 1\n${toBase64(other)}\n\n${signedNote(`${NAME}\n2\n`
				+ `${toBase64(rootOf([other, m.leaf]))}\n`, NAME, log)}`));
	});
	law("shown-of-another-entry", "body", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set(shown, l.files().get("disclosures/000.disclosure")!);
	});
	law("shown-with-the-proof-of-another", "body", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set(shown, utf8(text(l, shown).replace("index 1", "index 0")));
	});
	law("bundle-short", "bundle", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set(tilePath("entries", 0, 2), joinBundle([l.all[0]!.raw]));
	}, { at: 0 });
	law("tile-short", "tile", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set(tilePath(0, 0, 2), l.all[0]!.leaf);
	}, { at: 0 });
	law("shown-nothing", "body", (l) => {
		l.put(3, 0, id16("f"), finding, engine);
		l.extra.set(shown, utf8("x"));
	});
}

export function allLaws(): Law[] {
	laws.length = 0;
	genesis();
	keys();
	acts();
	versions();
	words();
	owed();
	pulse();
	evidence();
	files();
	return laws;
}
