// SPDX-License-Identifier: GPL-3.0-or-later
//
// people.ts - who may write what, and what two persons stand behind
// (docs/people.md, PROOF.md 7).  Takes the entries of a log in order, each
// with its body if that is at hand, and refuses the first that nobody of that
// role may have written.  Pure: no file, no clock.  Written from the text, not
// from the program in C.
import { Refusal, attempt, equal, toHex, within } from "./bytes.js";
import type { Body, Entry } from "./entry.js";
import { TWO_PERSONS, EMBARGO, entrySignedBy } from "./entry.js";
import type { Holder, KeyEvent, Role } from "./keys.js";
import { Directory, readGenesis } from "./keys.js";
import { rootOf } from "./merkle.js";
import { Obligations } from "./owed.js";
import {
	hexTextAt, hides, numberAt, textAt, wordAt,
} from "./values.js";

const LAST_TYPE = 15;
const ALWAYS_TWO = [5, 7, 9, 10, 15];
const MAY_CONFIRM = [0, 2, 3, 5, 9, 10, 15];

/* What each role may append; type 4 further depends on what it speaks of. */
const MAY: { [role in Role]: readonly number[] } = {
	engine: [1, 2, 3, 6, 8, 11, 12, 13, 14],
	analyst: [0, 2, 3, 4, 6, 10],
	reviewer: [4],
	chief: [4, 5, 9, 15],
	liaison: [4, 14],
	guarantor: [6],
	reporter: [14],
	root: [4, 7],
	auditor: [], sensor: [],
};

const VERSIONS = ["amend", "merge", "split", "link"];

/* Without these nothing is known of an act. */
const ACTS: { [act: string]: string[] } = {
	lift: ["of", "index", "type", "subject"],
	erase: ["of", "index"],
	publish: ["of"],
};

interface Signer {
	holder: Holder;
	ns: bigint;
	index: number;
}

type Act =
	| { act: "publish" | "lift"; of: Proposal | Statement }
	| { act: "erase"; index: number };

/** An entry that others may stand behind. */
interface Proposal {
	index: number;
	entry: Entry;
	ns: bigint;
	author: Holder | null; /* null: not known in a log that hides keys */
	confirmed: Signer[];
	rejected: boolean;
	dark: boolean; /* something about it cannot be read */
	event: KeyEvent | null;
	eventCounts: boolean;
	act: Act | null;
}

/** Any earlier entry, by its leaf. */
interface Statement {
	index: number;
	entry: Entry;
	proposal: Proposal | null;
}

/** Those of a subject: how many of them a word that cannot be read was held
 * against, and how many revocations there were by then. */
interface Proposals {
	all: Proposal[];
	asked: number;
	doubts: number;
}

export interface States {
	keys: number;
	persons: number;
	reviewed: number;
	amended: number; /* of those: people's versions of incidents */
	rejected: number;
	published: number;
	undecidable: number;
	confirmations: number; /* entries that have no body of their own */
	unchecked: number; /* entries by keys that this copy does not name */
	told: { who: string; to: string; of: string; why: string }[];
	twoPersons: number; /* entries that want a second person */
	alone: number; /* and have none yet */
}

function refuse(rule: string, index: number, where: string): never {
	throw new Refusal(rule, where, index);
}

export class People {
	directory: Directory | null = null;
	dark = false; /* a key event cannot be read */
	signatures = 0;
	private unchecked = 0;
	private confirmations = 0;
	private readonly leaves = new Map<string, Statement>();
	/* The newest of a subject and body root, which a type 4 may confirm. */
	private readonly byRoot = new Map<string, Statement>();
	private readonly bySubject = new Map<string, Proposals>();
	private readonly heads = new Map<string, Uint8Array>();
	private readonly proposals: Proposal[] = [];
	private readonly told: States["told"] = [];
	readonly obligations = new Obligations();
	private readonly gone = new Set<number>();
	private readonly all: Uint8Array[] = []; /* leaves */

	// -- one entry --

	/** `body` null: not at hand.  The order of the checks is that of the
	 * text: the first that fails is the verdict. */
	async take(
		index: number,
		e: Entry,
		bodyOf: () => Promise<Body | null>,
	): Promise<Body | null> {
		const first = index === 0 ? await this.genesis(e, bodyOf) : null;
		const author = this.author(index, e);
		const of = e.type === 4 && e.flags === 0 ? this.confirmed(e) : null;
		if (author && e.type <= LAST_TYPE)
			this.role(index, e, author, of);
		if (e.type <= LAST_TYPE)
			this.flags(index, e, author);
		this.chain(index, e);
		const body = first ?? await bodyOf();
		const no = attempt(() => this.says(index, e, author, of, body));
		if (no instanceof Refusal)
			refuse(no.rule, index, no.where);
		this.all.push(e.leaf);
		return body;
	}

	private async genesis(
		e: Entry,
		bodyOf: () => Promise<Body | null>,
	): Promise<Body | null> {
		if (e.type !== 7 || e.flags !== 0)
			refuse("genesis", 0, `entry 0 is of type ${e.type}, flags `
				+ `${e.flags}`);
		const body = await bodyOf();
		if (!body) {
			this.dark = true;
			return null;
		}
		const g = within("genesis", 0, "", () => readGenesis(body));
		this.directory = within("genesis", 0, "", () => new Directory(g));
		if (!entrySignedBy(e, g.engine))
			refuse("signature", 0, "not by the engine it names");
		return body;
	}

	/** Whose key it is; null where this copy cannot know. */
	private author(index: number, e: Entry): Holder | null {
		const h = this.directory?.byId.get(toHex(e.keyId));
		if (!h || (this.dark && h.counts === null)) {
			if (!this.dark)
				refuse("author", index, "by a key that nobody proposed");
			this.unchecked++;
			return null;
		}
		if (!entrySignedBy(e, h.key))
			refuse("signature", index, "not by the key that it names");
		this.signatures++;
		const wrong = Directory.fault(h, index, nsOf(e));
		if (wrong)
			refuse("key", index, `${h.role}: ${wrong}`);
		return h;
	}

	private role(
		index: number,
		e: Entry,
		h: Holder,
		of: Statement | null,
	): void {
		const enginesOwn = h.role !== "engine"
			|| (e.type === 7 ? index === 0
				: !(e.type === 3 && e.flags & TWO_PERSONS));
		const may = MAY[h.role].includes(e.type)
			|| (h.role === "engine" && index === 0);
		if (!may || !enginesOwn)
			refuse("role", index, `${h.role} may not append type ${e.type}`);
		if (of && !mayConfirm(h.role, of))
			refuse("role", index,
				`${h.role} may not confirm entry ${of.index}`);
	}

	private flags(index: number, e: Entry, author: Holder | null): void {
		const always = (ALWAYS_TWO.includes(e.type) && index > 0)
			|| (e.type === 3 && author !== null && author.role !== "engine");
		if ((always && !(e.flags & TWO_PERSONS))
			|| (e.type === 0) !== ((e.flags & EMBARGO) !== 0)
			|| (e.type === 4 && e.flags !== 0))
			refuse("flags", index, `type ${e.type} with flags ${e.flags}`);
	}

	private chain(index: number, e: Entry): void {
		const subject = toHex(e.subject);
		const head = this.heads.get(subject) ?? new Uint8Array(32);
		if (!equal(head, e.prev))
			refuse("prev", index,
				"does not follow the last entry of its subject");
		this.heads.set(subject, e.leaf);
	}

	/** What a type 4 with this very body confirms. */
	private confirmed(e: Entry): Statement | null {
		return this.byRoot.get(toHex(e.subject) + toHex(e.body)) ?? null;
	}

	// -- what it says --

	private says(
		index: number,
		e: Entry,
		author: Holder | null,
		of: Statement | null,
		body: Body | null,
	): void {
		if (e.type === 4) {
			if (of) {
				this.confirmations++;
				this.confirm(index, e, author, of);
			} else {
				this.ownWord(index, e, author, body);
			}
			this.leaves.set(toHex(e.leaf), { index, entry: e, proposal: null });
			return;
		}
		const s: Statement = { index, entry: e, proposal: null };
		if (mayBeConfirmed(index, e))
			s.proposal = {
				index, entry: e, ns: nsOf(e), author, confirmed: [],
				rejected: false, dark: author === null, event: null,
				eventCounts: false, act: null,
			};
		if (e.type === 7 && index > 0)
			this.keyEvent(index, s.proposal!, body);
		if (e.type === 9) {
			s.proposal!.act = this.act(index, body);
			s.proposal!.dark ||= s.proposal!.act === null;
		}
		if (e.type === 2 && author && author.role !== "engine")
			this.version(e, body);
		if (e.type === 6)
			this.obligations.take(e, author, body);
		if (e.type === 11 && body)
			this.tell(body);
		this.keep(s);
		if (s.proposal?.event)
			this.count(s.proposal, index);
	}

	private keep(s: Statement): void {
		const subject = toHex(s.entry.subject);
		this.byRoot.set(subject + toHex(s.entry.body), s);
		this.leaves.set(toHex(s.entry.leaf), s);
		if (!s.proposal)
			return;
		this.proposals.push(s.proposal);
		const of = this.bySubject.get(subject)
			?? { all: [], asked: 0, doubts: 0 };
		of.all.push(s.proposal);
		this.bySubject.set(subject, of);
	}

	private keyEvent(index: number, p: Proposal, body: Body | null): void {
		const d = this.directory;
		/* By whom is not known: then nor is what it would change. */
		if (!body || !d || !p.author) {
			this.dark = true;
			return;
		}
		if (!body.named || body.shut > 0)
			throw new Refusal("body", "a key event must be open");
		const ev = d.read(body, p.entry, index,
			(n) => rootOf(this.all.slice(0, n)));
		d.propose(ev);
		d.checkProof(ev, body);
		p.event = ev;
	}

	private act(index: number, body: Body | null): Act | null {
		if (!body || hides(body, ["act"]))
			return null;
		const act = wordAt(body, "act", Object.keys(ACTS));
		if (hides(body, ACTS[act]!))
			return null;
		const of = this.leaves.get(hexTextAt(body, "of", 32));
		if (act === "publish") {
			reason(body, "what");
			if (!of?.proposal)
				throw new Refusal("body", "of: nothing that can be published");
			return { act, of: of.proposal };
		}
		const at = numberAt(body, "index");
		if (!of || of.index !== at || at >= index)
			throw new Refusal("body", "of: is not the leaf at that index");
		if (act === "lift") {
			const type = numberAt(body, "type");
			hexTextAt(body, "subject", 16);
			if (of.entry.type !== 0 || type < 1 || type > LAST_TYPE)
				throw new Refusal("body", "lifts what is not sealed");
			return { act: "lift", of };
		}
		reason(body, "why");
		if (at === 0 || [4, 7, 9].includes(of.entry.type))
			throw new Refusal("body", `type ${of.entry.type} stays open`);
		return { act: "erase", index: at };
	}

	/** Of a person's version of an incident: made of what, and why. */
	private version(e: Entry, body: Body | null): void {
		const hidden = (name: string): boolean => !body!.named
			|| (body!.shut > 0 && body!.fields.get(name) === undefined);
		if (!body || hidden("does") || hidden("of"))
			return;
		const does = wordAt(body, "does", VERSIONS);
		if (!hidden("why") && textAt(body, "why") === "")
			throw new Refusal("body", "why: wants a reason");
		const subject = toHex(e.subject);
		const of = this.leaves.get(hexTextAt(body, "of", 32));
		if (of?.entry.type !== 2 || !of.proposal
			|| (does !== "split" && toHex(of.entry.subject) !== subject))
			throw new Refusal("body", "of: no earlier version of it");
		if (does === "merge" && !hidden("with"))
			this.merged(textAt(body, "with").split("\n"), subject);
	}

	private merged(lines: string[], subject: string): void {
		const good = (l: string, i: number): boolean => {
			const s = this.leaves.get(l);
			return (i === 0 || lines[i - 1]! < l) && s?.entry.type === 2
				&& s.proposal !== null
				&& toHex(s.entry.subject) !== subject;
		};
		if (lines.length > 16 || !lines.every(good))
			throw new Refusal("body", "with: wants leaves of other "
				+ "incidents, ascending");
	}

	private tell(body: Body): void {
		const text = (name: string): string => {
			const got = attempt(() => textAt(body, name));
			return got instanceof Refusal ? "" : got;
		};
		this.told.push({ who: text("who"), to: text("to"), of: text("of"),
			why: text("why") });
	}

	// -- confirmations --

	private confirm(
		index: number,
		e: Entry,
		author: Holder | null,
		of: Statement,
	): void {
		const p = of.proposal!;
		if (!author)
			return;
		if (this.standsBehind(p, author))
			throw new Refusal("self",
				`stands behind entry ${p.index} already`);
		if (p.rejected)
			return;
		p.confirmed.push({ holder: author, ns: nsOf(e), index });
		if (p.event)
			this.count(p, index);
		/* What is destroyed stays so, whoever's key is revoked later. */
		if (p.act?.act === "erase" && !p.dark && this.complete(p))
			this.gone.add(p.act.index);
	}

	private standsBehind(p: Proposal, h: Holder): boolean {
		const two = this.directory!.twoOrgs; /* h is known by it */
		return signers(p).some((s) => s.holder.role !== "engine"
			&& (s.holder.person === h.person
				|| (two && s.holder.org === h.org)));
	}

	private ownWord(
		index: number,
		e: Entry,
		author: Holder | null,
		body: Body | null,
	): void {
		if (!body || hides(body, ["does", "of"])) {
			this.darken(toHex(e.subject));
			return;
		}
		const does = wordAt(body, "does",
			["reject", "take", "release", "note"]);
		const of = this.leaves.get(hexTextAt(body, "of", 32));
		reason(body, "why");
		if (!of || !confirmable(of.entry.type)
			|| !equal(of.entry.subject, e.subject))
			throw new Refusal("body", "of: nothing that can be confirmed");
		if (author && !mayConfirm(author.role, of))
			refuse("role", index,
				`${author.role} may not speak of entry ${of.index}`);
		const p = of.proposal;
		if (does === "reject" && p && author && !this.complete(p)
			&& !this.standsBehind(p, author))
			p.rejected = true;
	}

	/** By a word that cannot be read.  Whatever such a word before it found
	 * complete stays so until a key is revoked. */
	private darken(subject: string): void {
		const of = this.bySubject.get(subject);
		const doubts = this.directory?.doubts ?? 0;
		if (!of)
			return;
		for (let i = of.doubts === doubts ? of.asked : 0;
			i < of.all.length; i++)
			if (!this.complete(of.all[i]!))
				of.all[i]!.dark = true;
		of.asked = of.all.length;
		of.doubts = doubts;
	}

	/** Do enough root persons stand behind a key event by now? */
	private count(p: Proposal, index: number): void {
		const ev = p.event, d = this.directory!;
		if (!ev || p.eventCounts || p.rejected)
			return;
		const all = signers(p).map((s) => s.holder);
		const roots = new Set(all.filter((h) => Directory.inForce(h, index))
			.map((h) => h.person));
		const host = ev.act !== "enrol" || ev.holder.role !== "sensor"
			|| all.some((h) => h.role === "liaison"
				&& h.org === ev.holder.org);
		if (roots.size < d.threshold || !host)
			return;
		p.eventCounts = true;
		d.apply(ev, index);
	}

	/** By what is known now: two different persons, one of whom decides. */
	private complete(p: Proposal): boolean {
		if (p.rejected || !p.author)
			return false;
		if (p.entry.type === 7)
			return p.eventCounts;
		const newest = Math.max(-1, ...p.confirmed.map((c) => c.index));
		const holds = (s: Signer): boolean => !s.holder.revoked
			|| s.ns <= s.holder.revoked.since
			|| newest > s.holder.revoked.index;
		if (!holds({ holder: p.author, ns: p.ns, index: p.index }))
			return false;
		const good = signers(p).filter(holds);
		const persons = new Set(good.filter((s) => s.holder.role !== "engine")
			.map((s) => s.holder.person));
		const decides = p.entry.type === 5
			? ["reviewer", "chief", "liaison"] : ["reviewer", "chief"];
		return persons.size >= 2 && p.confirmed.some((c) =>
			holds(c) && decides.includes(c.holder.role));
	}

	// -- the state of all --

	states(): States {
		const done = (p: Proposal): boolean => !this.dark && !p.dark
			&& this.complete(p);
		const all = this.proposals.filter((p) => p.entry.type !== 7);
		const reviewed = all.filter(done);
		const shown = new Set(reviewed.filter((p) => p.act?.act === "publish")
			.map((p) => (p.act as { of: Proposal }).of)
			.filter((p) => p.entry.type !== 7 && done(p)));
		const counted = this.directory?.counted ?? [];
		const wants = all.filter((p) => p.entry.flags & TWO_PERSONS);
		return {
			keys: counted.length,
			persons: new Set(counted.map((h) => h.person)
				.filter((x) => x !== null)).size,
			reviewed: reviewed.length,
			amended: reviewed.filter((p) => p.entry.type === 2
				&& p.author!.role !== "engine").length,
			rejected: all.filter((p) => p.rejected).length,
			published: shown.size,
			undecidable: all.filter((p) => !p.rejected
				&& (p.dark || (this.dark && this.complete(p)))).length,
			confirmations: this.confirmations,
			unchecked: this.unchecked,
			told: this.told,
			twoPersons: wants.length,
			alone: wants.filter((p) => !done(p)).length,
		};
	}

	/** Entries whose erasure two persons asked for. */
	erased(): ReadonlySet<number> {
		return this.gone;
	}

	/** Sealed entries that were lifted since. */
	lifted(): number {
		return new Set(this.proposals.filter((p) => p.act?.act === "lift"
			&& !p.dark && this.complete(p))
			.map((p) => (p.act as { of: Statement }).of.index)).size;
	}
}

/** It may be withheld; where all is shown it must be there. */
function reason(b: Body, name: string): void {
	if (b.shut === 0 || b.fields.get(name) !== undefined)
		textAt(b, name);
}

function nsOf(e: Entry): bigint {
	return BigInt(e.timeMs) * 1_000_000n;
}

function confirmable(type: number): boolean {
	return type === 7 || MAY_CONFIRM.includes(type);
}

function mayBeConfirmed(index: number, e: Entry): boolean {
	return index > 0 && confirmable(e.type);
}

/** All who stand behind it, the engine too. */
function signers(p: Proposal): Signer[] {
	return p.author ? [{ holder: p.author, ns: p.ns, index: p.index },
		...p.confirmed] : p.confirmed;
}

function mayConfirm(role: Role, of: Statement): boolean {
	const type = of.entry.type, p = of.proposal;
	if (!p)
		return false;
	switch (role) {
	case "analyst":
		return (type === 2 || type === 3)
			&& (p.author === null || p.author.role === "engine");
	case "reviewer": case "chief":
		return MAY_CONFIRM.includes(type);
	case "liaison":
		return type === 5 || type === 7;
	default: /* a root person: no other role may append a type 4 */
		return type === 7;
	}
}
