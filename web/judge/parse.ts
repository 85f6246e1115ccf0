// SPDX-License-Identifier: GPL-3.0-or-later
//
// parse.ts - a .terms text as an agreement (docs/judging.md 3): first what is
// declared, then the rules and examples, which may use all of it.  Throws a
// Slip at the first thing that is wrong.
import { COMPARES, Slip, lex } from "./lex.js";
import type { Token } from "./lex.js";
import type { Area, Condition, Example, Exception, Expression, Rule, Terms }
	from "./terms.js";
import { DAY_US, readMoment } from "./time.js";
import type { Verdict } from "./words.js";
import { ALL_KINDS, KINDS, MANNERS, UNKNOWN, WEAPONS } from "./words.js";

const BYTES_MAX = 1 << 20, WORDS_MAX = 200, DEPTH_MAX = 32;
const CONDITIONS_MAX = 16, EXCEPTIONS_MAX = 16, GRADES_MAX = 8, PARTIES_MAX = 8;
const NOTICES_MAX = 4;
const STATEMENTS = ["AGREEMENT", "TITLE", "STATUS", "TIMEZONE", "PARTIES",
	"LINE", "ZONE", "CLASS", "ARTICLE", "RULE", "EXAMPLE"];
const STAGES = ["mentioned", "draft", "announced", "endorsed", "signed",
	"ratified", "in_force", "suspended", "ended"];
const LENGTHS = { mm: 1, m: 1000, km: 1_000_000 };
const LENGTH_MAX = 500_000_000;
const TIMES = { s: 1_000_000, min: 60_000_000, h: 3_600_000_000, d: DAY_US };
const TIME_MAX = 3660 * DAY_US;
const VERDICTS: [string, string | null, Verdict][] = [
	["BREACH", null, "breach"], ["NO", "BREACH", "no_breach"],
	["UNDETERMINED", null, "undetermined"],
	["NOT", "APPLICABLE", "not_applicable"], ["CONFLICT", null, "conflict"],
];

class Reader {
	at = 0;

	constructor(readonly token: Token[], readonly t: Terms) {}

	get peek(): Token {
		return this.token[this.at]!;
	}

	wrong(why: string, at = this.peek): never {
		throw new Slip(at.line, at.column, why);
	}

	/** Is the n-th word from here this one? */
	is(word: string, n = 0): boolean {
		const t = this.token[this.at + n];

		return t !== undefined && t.what === word
			&& (t.is === "word" || t.is === "mark");
	}

	step(): Token {
		const t = this.peek;

		if (t.is !== "end")
			this.at++;
		return t;
	}

	take(word: string): boolean {
		const here = this.is(word);

		if (here)
			this.at++;
		return here;
	}

	want(word: string): void {
		if (!this.take(word))
			this.wrong(`wanted ${word}`);
	}

	/** A name; the first word of a statement is a name forgotten. */
	word(wanted: string): string {
		const t = this.peek;

		if (t.is !== "word" || t.what === "STANDARD"
			|| STATEMENTS.includes(t.what))
			this.wrong(`wanted ${wanted}`);
		return this.step().what;
	}

	once(was: string): void {
		if (was !== "")
			this.wrong("a second one", this.token[this.at - 1]);
	}

	text(wanted: string): string {
		return this.peek.is === "text" ? this.step().what
			: this.wrong(`wanted ${wanted}`);
	}

	/** A statement begins here. */
	get starts(): boolean {
		return STATEMENTS.some((w) => this.is(w))
			|| (this.is("STANDARD") && this.is("=", 2));
	}

	get over(): boolean {
		return this.peek.is === "end" || this.starts;
	}

	get digit(): boolean {
		return this.peek.is === "word" && /^[0-9]/.test(this.peek.what);
	}

	/** A decimal x 10^decimals: at most 12 digits, no more after the point. */
	decimal(decimals: number): number {
		const m = /^([0-9]+)(?:\.([0-9]+))?$/.exec(this.peek.what);
		const after = m?.[2] ?? "";

		if (this.peek.is !== "word" || !m || after.length > decimals
			|| (m[1]! + after).replace(/^0+/, "").length > 12)
			this.wrong("no number here");
		this.at++;
		return Number(m[1]! + after.padEnd(decimals, "0"));
	}

	measured(units: { [name: string]: number }, most: number): number {
		const at = this.peek, n = this.decimal(3);
		const of = units[Object.keys(units).find((u) => this.take(u)) ?? ""];

		if (of === undefined)
			this.wrong(`wanted a unit: ${Object.keys(units).join(", ")}`);
		if (n > Math.floor(most / of) * 1000
			|| Number(BigInt(n) * BigInt(of) % 1000n) !== 0)
			this.wrong("beyond, or finer than, what is measured", at);
		return Number(BigInt(n) * BigInt(of) / 1000n);
	}

	length(): number {
		return this.measured(LENGTHS, LENGTH_MAX);
	}

	duration(): number {
		return this.measured(TIMES, TIME_MAX);
	}

	time(bareDate = false): number {
		const us = this.digit ? readMoment(this.peek.what, bareDate) : null;

		if (us === null)
			this.wrong("wanted a time with its zone");
		this.at++;
		return us;
	}

	window(): [number, number] {
		const m = /^([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})$/
			.exec(this.peek.what);
		const [h1, m1, h2, m2] = (m ?? []).slice(1).map(Number) as number[];
		const from = (h1! * 60 + m1!) * 60_000_000;
		const to = (h2! * 60 + m2!) * 60_000_000;

		if (!m || this.peek.is !== "word" || m1! > 59 || m2! > 59
			|| from >= DAY_US || to > DAY_US || from === to)
			this.wrong("wanted local times as 06:00-18:00");
		this.at++;
		return [from, to];
	}

	who(): string {
		const found = ["mission", ...this.t.parties.map((p) => p.id)]
			.find((w) => this.take(w));

		return found ?? this.wrong("wanted a party, or mission");
	}

	area(line: boolean): number {
		const i = this.t.areas.findIndex((z) =>
			(z.is === "line") === line && this.is(z.name));

		if (i < 0)
			this.wrong(`wanted the name of a ${line ? "LINE" : "ZONE"}`);
		this.at++;
		return i;
	}

	/** WITHIN has been read. */
	reach(): { limit: number; total: boolean; of: number } {
		const limit = this.length(), total = this.take("TOTAL");

		this.want("OF");
		return {
			limit: total ? Math.floor(limit / 2) : limit, total,
			of: this.area(true),
		};
	}
}

// -- expressions --

function joined(
	r: Reader, is: "and" | "or", a: Expression, b: Expression,
): Expression {
	const words = a.words + b.words;

	if (words > WORDS_MAX)
		r.wrong("too many words joined");
	return {
		is, a, b, words, pure: a.pure && b.pure,
		kinds: is === "or" ? a.kinds | b.kinds : a.kinds & b.kinds,
	};
}

function oneWord(r: Reader): Expression {
	const t = r.peek, what = t.is === "word" ? t.what : "";
	const index = r.t.classes.findIndex((c) => c.name === what);
	const kind = KINDS.indexOf(what), weapon = WEAPONS.indexOf(what);

	r.step();
	if (index >= 0) {
		const { pure, kinds } = r.t.classes[index]!.is;

		return { is: "class", index, pure, kinds, words: 1 };
	}
	if (kind >= 0 && kind !== UNKNOWN)
		return { is: "kind", kind, pure: true, kinds: 1 << kind, words: 1 };
	if (weapon >= 0)
		return { is: "weapon", weapon, pure: false, kinds: ALL_KINDS, words: 1 };
	return r.wrong("wanted a kind, a weapon, calibre_mm or a CLASS", t);
}

function factor(r: Reader, depth: number): Expression {
	if (depth > DEPTH_MAX)
		r.wrong("nested too deep");
	if (r.take("not")) {
		const a = factor(r, depth + 1);

		if (a.words + 1 > WORDS_MAX)
			r.wrong("too many words joined");
		return {
			is: "not", a, pure: a.pure, words: a.words + 1,
			kinds: a.pure ? ALL_KINDS & ~a.kinds : ALL_KINDS,
		};
	}
	if (r.take("(")) {
		const e = expression(r, depth + 1);

		r.want(")");
		return e;
	}
	if (r.take("calibre_mm")) {
		const compare = COMPARES.find((c) => r.take(c))
			?? r.wrong("wanted >=, >, <=, < or =");
		const um = r.decimal(3);

		r.take("mm");
		return {
			is: "calibre", compare, um, pure: false, kinds: ALL_KINDS, words: 1,
		};
	}
	return oneWord(r);
}

/** `and` binds closer than `or`; both from left to right. */
function expression(r: Reader, depth = 0): Expression {
	const both = (): Expression => {
		let e = factor(r, depth);

		while (r.take("and"))
			e = joined(r, "and", e, factor(r, depth));
		return e;
	};
	let e = both();

	while (r.take("or"))
		e = joined(r, "or", e, both());
	return e;
}

// -- what is declared --

function parties(r: Reader): void {
	do {
		const at = r.peek, id = r.word("a party's short name");
		const name = r.text("its name in quotes");

		if (id === "mission" || r.t.parties.some((p) => p.id === id)
			|| r.t.parties.length === PARTIES_MAX)
			r.wrong("no party more of this name", at);
		r.t.parties.push({ id, name });
	} while (r.peek.is === "word" && !r.starts);
}

function area(r: Reader, line: boolean): void {
	const at = r.peek, name = r.word("a name");
	const z: Area = {
		name, is: line ? "line" : "file", file: "", notGiven: null,
		sha256: null, error: 0, measuredBy: "", of: 0, limit: 0,
		total: false, floor: null, ceiling: null, outline: null,
	};

	if (r.t.areas.some((x) => x.name === name))
		r.wrong("this name stands twice", at);
	if (!line && r.take("=")) {
		r.want("WITHIN");
		Object.assign(z, r.reach(), { is: "band" });
	} else if (r.take("FILE")) {
		z.file = r.word("a file name");
		r.want("SHA256");
		if (!/^[0-9a-f]{64}$/.test(r.peek.what) || r.peek.is !== "word")
			r.wrong("wanted 64 digits 0-9 a-f");
		z.sha256 = r.step().what;
	} else if (r.take("NOT")) {
		r.want("GIVEN");
		z.notGiven = r.text("why, in quotes");
	} else {
		r.wrong("wanted FILE or NOT GIVEN");
	}
	while (!r.over) {
		if (r.take("ERROR")) {
			z.error = r.length();
		} else if (line && r.take("MEASURED")) {
			r.want("BY");
			z.measuredBy = r.who();
		} else if (!line && r.take("FLOOR")) {
			z.floor = r.length();
		} else if (!line && r.take("CEILING")) {
			z.ceiling = r.length();
		} else {
			r.wrong("wanted the next statement");
		}
	}
	r.t.areas.push(z);
}

function aClass(r: Reader): void {
	const at = r.peek, name = r.word("a name");

	if (KINDS.includes(name) || WEAPONS.includes(name)
		|| r.t.classes.some((c) => c.name === name))
		r.wrong("this name is taken", at);
	r.want("=");
	r.t.classes.push({ name, is: expression(r) });
}

function standard(r: Reader): void {
	const at = r.peek, name = r.word("a name");
	let ppm = -1, modalities = 0;

	if (r.t.standards.some((s) => s.name === name))
		r.wrong("this standard stands twice", at);
	r.want("=");
	do {
		if (r.take("probability")) {
			r.want(">=");
			ppm = r.decimal(6);
			if (ppm < 500_000 || ppm > 1_000_000)
				r.wrong("wanted a probability of 0.5 to 1");
		} else if (r.take("modalities")) {
			r.want(">=");
			modalities = r.decimal(0);
		} else {
			r.wrong("wanted probability or modalities");
		}
	} while (r.take("and"));
	if (ppm < 0)
		r.wrong("no probability is named", at);
	r.t.standards.push({ name, ppm, modalities });
}

function article(r: Reader): void {
	const at = r.peek, id = r.word("the article's number");

	if (r.t.articles.some((a) => a.id === id))
		r.wrong("this article stands twice", at);
	r.want("TEXT");
	r.t.articles.push({ id, text: r.text("its text in quotes") });
}

/* Each is taken when its word has been read. */
const DECLARED: { [word: string]: (r: Reader) => void } = {
	AGREEMENT: (r) => {
		r.once(r.t.id);
		r.t.id = r.word("a name and version");
	},
	TITLE: (r) => {
		r.once(r.t.title);
		r.t.title = r.text("the title in quotes");
	},
	STATUS: (r) => {
		r.once(r.t.status);
		r.t.status = STAGES.find((s) => r.take(s))
			?? r.wrong(`wanted one of ${STAGES.join(", ")}`);
		if (r.digit)
			r.t.statusAt = r.time(true);
	},
	TIMEZONE: (r) => {
		r.once(r.t.timezone);
		r.t.timezone = r.word("a zone");
	},
	PARTIES: parties,
	LINE: (r) => area(r, true),
	ZONE: (r) => area(r, false),
	CLASS: aClass,
	STANDARD: standard,
	ARTICLE: article,
};

// -- rules --

function condition(r: Reader): Condition | null {
	if (r.take("WITHIN")) {
		const { of, limit, total } = r.reach();

		return { is: "within", area: of, limit, total };
	}
	if (r.take("INSIDE"))
		return { is: "inside", area: r.area(false) };
	if (r.take("OUTSIDE"))
		return { is: "outside", area: r.area(false) };
	if (r.take("ON")) {
		if (r.take("own")) {
			r.want("side");
			return { is: "own side" };
		}
		r.want("side");
		r.want("OF");
		return { is: "side of", who: r.who() };
	}
	if (r.take("FROM"))
		return { is: "from", at: r.time() };
	if (r.take("UNTIL"))
		return { is: "until", at: r.time() };
	if (r.take("DAILY")) {
		const [from, to] = r.window();

		return { is: "daily", from, to };
	}
	if (r.take("BY"))
		return { is: "by", who: r.who() };
	if (!r.take("NOTIFIED"))
		return null;
	const what = r.word("what was notified"), before = r.duration();

	r.want("BEFORE");
	return { is: "notified", what, before, near: null };
}

function add(r: Reader, list: Condition[], c: Condition): void {
	if (list.length === CONDITIONS_MAX)
		r.wrong("too many conditions");
	list.push(c);
}

export function belongs(id: string, to: string): boolean {
	return id.startsWith(`${to}.`) && id.length > to.length + 1;
}

function exception(r: Reader, rule: Rule): Exception {
	const at = r.peek, id = r.word("the number of the exception");
	const e: Exception = { id, conditions: [] };

	if (!belongs(id, rule.id) || rule.exceptions.some((x) => x.id === id)
		|| rule.exceptions.length === EXCEPTIONS_MAX)
		r.wrong("no number of an exception to this rule", at);
	for (;;) {
		if (r.take(","))
			continue;
		if (r.take("NEAR")) {
			const mm = r.length();
			const last = e.conditions.filter((c) => c.is === "notified").pop();

			if (!last)
				r.wrong("NEAR what? wanted NOTIFIED before it");
			last.near = mm;
			continue;
		}
		const c = condition(r);

		if (!c)
			break;
		add(r, e.conditions, c);
	}
	if (e.conditions.length === 0)
		r.wrong("wanted what is excepted");
	return e;
}

function grades(r: Reader, rule: Rule): void {
	rule.byCount = r.take("by");
	rule.grades = [];
	if (!rule.byCount) {
		rule.grades.push({ atLeast: 0, name: r.word("a grade") });
		return;
	}
	r.want("count");
	r.want("(");
	do {
		const at = r.peek, atLeast = r.decimal(0);
		const name = r.word("a grade"), last = rule.grades.at(-1);

		if (rule.grades.length === GRADES_MAX
			|| (last && atLeast <= last.atLeast))
			r.wrong("wanted rising counts, not too many", at);
		rule.grades.push({ atLeast, name });
	} while (r.take(","));
	r.want(")");
}

function clause(r: Reader, rule: Rule): void {
	const at = r.peek;

	if (r.take(","))
		return;
	if (r.take("EXCEPT")) {
		rule.exceptions.push(exception(r, rule));
	} else if (r.take("STANDARD")) {
		rule.standard = r.t.standards.findIndex((s) => r.is(s.name));
		if (rule.standard < 0)
			r.wrong("wanted the name of a STANDARD");
		r.step();
	} else if (r.take("GRADE")) {
		grades(r, rule);
	} else {
		const c = condition(r);

		if (!c || c.is === "notified")
			r.wrong("wanted a condition, EXCEPT, STANDARD or GRADE", at);
		add(r, rule.conditions, c);
	}
}

function duty(r: Reader, rule: Rule): void {
	rule.subject = r.word("what is owed");
	const by = r.take("BY") ? r.word("who owes it") : "";
	r.want("WITHIN");
	const due = r.duration();
	r.want("OF");
	const of = r.word("what starts the clock");
	let orElse = "";

	if (r.take("ELSE")) {
		const at = r.peek;

		orElse = r.word("a kind");
		if (!KINDS.includes(orElse))
			r.wrong("wanted a kind, such as obstruction", at);
		rule.manner = 1 << KINDS.indexOf(orElse);
	}
	rule.duty = { by, due, of, orElse };
}

function rule(r: Reader): void {
	const at = r.peek;
	const x: Rule = {
		id: r.word("the number of the rule"), article: "", text: "",
		subject: "", manner: 0, is: null, duty: null, conditions: [],
		exceptions: [], standard: -1, grades: [], byCount: false,
	};

	if (r.take("REQUIRES")) {
		duty(r, x);
	} else {
		r.want("FORBIDS");
		const manner = Object.hasOwn(MANNERS, r.peek.what)
			? MANNERS[r.peek.what] : undefined;

		if (manner && r.peek.is === "word" && r.is("of", 1)) {
			x.subject = r.step().what;
			x.manner = manner;
			r.step();
		}
		if (!x.manner && r.is("of", 1))
			r.wrong("wanted presence, flight or use");
		x.is = factor(r, 0);
		if (x.manner && !(x.manner & x.is.kinds))
			r.wrong("nothing of that can be so");
	}
	while (!r.over)
		clause(r, x);
	if (r.t.rules.some((o) => o.id === x.id))
		r.wrong("this rule stands twice", at);
	/* The article with the longest number that the rule's begins with. */
	for (const a of r.t.articles)
		if ((x.id === a.id || belongs(x.id, a.id))
			&& a.id.length > x.article.length) {
			x.article = a.id;
			x.text = a.text;
		}
	r.t.rules.push(x);
}

function given(r: Reader, e: Example): void {
	if (r.take(",")) {
		return;
	} else if (r.take("INSIDE")) {
		e.inside = r.area(false);
	} else if (r.take("OUTSIDE")) {
		if (e.outside.push(r.area(false)) > NOTICES_MAX)
			r.wrong("too many zones");
	} else if (r.take("ERROR")) {
		e.error = r.length();
	} else if (r.take("CALIBRE")) {
		e.calibre = r.decimal(3);
		r.want("mm");
	} else if (r.take("COUNT")) {
		e.count = r.decimal(0);
	} else if (r.take("MODALITIES")) {
		e.modalities = r.decimal(0);
	} else if (r.take("BY")) {
		e.by = r.who();
	} else if (r.take("AT")) {
		e.at = r.time();
	} else if (r.take("UNTIL")) {
		e.until = r.time();
	} else if (r.take("NOTIFIED")) {
		const what = r.word("what was notified");

		r.want("AT");
		if (e.notified.push({ what, at: r.time() }) > NOTICES_MAX)
			r.wrong("too many notices");
	} else if (r.digit) {
		e.distance = r.length();
		r.want("FROM");
		e.from = r.area(true);
	} else {
		r.wrong("wanted what is given, or ->");
	}
}

function example(r: Reader): void {
	const at = r.peek, of = r.word("the number of a rule");

	if (!r.t.rules.some((x) => x.id === of))
		r.wrong("no such rule stands above", at);
	const says = r.text("the example's name in quotes");

	r.want("GIVEN");
	const thing = factor(r, 0);

	if (thing.is !== "kind" && thing.is !== "weapon")
		r.wrong("wanted a single thing");
	const e: Example = {
		rule: of, says, thing, distance: null, from: 0, inside: null,
		outside: [], error: 0,
		calibre: null, at: null, count: null, modalities: null, by: "",
		notified: [], until: null, want: "breach",
	};

	while (!r.take("->"))
		given(r, e);
	const said = VERDICTS.find(([word]) => r.take(word))
		?? r.wrong("wanted a verdict");

	if (said[1])
		r.want(said[1]);
	e.want = said[2];
	r.t.examples.push(e);
	if (!r.over)
		r.wrong("wanted the next statement");
}

// -- the whole --

function walk(r: Reader, statement: (word: string) => boolean): void {
	r.at = 0;
	while (r.peek.is !== "end") {
		const at = r.peek, word = at.is === "word" ? at.what : "";

		r.step();
		if (!statement(word))
			while (!r.over)
				r.step();
		else if (!r.over)
			r.wrong("wanted the next statement");
	}
}

/** A rule that names no standard is held to the strictest. */
function standards(t: Terms, at: Token): void {
	let best = 0;

	if (t.standards.length === 0) {
		if (t.rules.length > 0)
			throw new Slip(at.line, at.column, "no STANDARD is declared");
		t.standards.push({ name: "clear", ppm: 950_000, modalities: 0 });
	}
	t.standards.forEach((s, i) => {
		const b = t.standards[best]!;

		if (s.ppm > b.ppm
			|| (s.ppm === b.ppm && s.modalities > b.modalities))
			best = i;
	});
	for (const r of t.rules)
		if (r.standard < 0)
			r.standard = best;
}

/** The text's bytes, one a character (text.ts). */
export function parse(text: string): Terms {
	const t: Terms = {
		id: "", title: "", status: "", statusAt: null, timezone: "",
		parties: [], areas: [], classes: [], standards: [], articles: [],
		rules: [], examples: [], offsets: [], control: [], sha256: "",
	};

	if (text.length > BYTES_MAX)
		throw new Slip(1, 1, "the text is too long");
	const token = lex(text), r = new Reader(token, t);

	walk(r, (word) => {
		const read = Object.hasOwn(DECLARED, word) ? DECLARED[word] : undefined;

		if (!read && word !== "RULE" && word !== "EXAMPLE")
			r.wrong("wanted a statement", token[r.at - 1]);
		read?.(r);
		return read !== undefined;
	});
	walk(r, (word) => {
		if (word === "RULE")
			rule(r);
		else if (word === "EXAMPLE")
			example(r);
		return word === "RULE" || word === "EXAMPLE";
	});
	if (!token.some((x) => x.is === "word" && x.what === "AGREEMENT"))
		throw new Slip(1, 1, "no AGREEMENT is named");
	standards(t, token[0]!);
	return t;
}
