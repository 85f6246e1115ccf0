// SPDX-License-Identifier: GPL-3.0-or-later
//
// policy.ts - who must have cosigned (C2SP tlog-policy): logs, witnesses,
// groups of k of n, one quorum.  Names refer to lines above; a name is a
// member once.
import { Refusal, attempt, equal, textOf } from "./bytes.js";
import type { Checkpoint, Key } from "./note.js";
import { COSIGNS, SIGNS, cosignedAt, noteSignedBy, readKey } from "./note.js";

interface Group {
	needs: number;
	members: string[];
}

export interface Policy {
	logs: Key[];
	witnesses: Map<string, Key>;
	groups: Map<string, Group>;
	quorum: string; /* or "none" */
}

const LOGS = 32, NAMES = 64;

class Builder {
	readonly policy: Policy = {
		logs: [], witnesses: new Map(), groups: new Map(), quorum: "",
	};
	private readonly members = new Set<string>();

	private known(name: string): boolean {
		return this.policy.witnesses.has(name)
			|| this.policy.groups.has(name);
	}

	private fresh(name: string): void {
		if (name === "none" || this.known(name))
			throw new Refusal("policy", `${name} is there already`);
		if (this.policy.witnesses.size + this.policy.groups.size >= NAMES)
			throw new Refusal("limit", `more than ${NAMES} names`);
	}

	private static key(text: string, type: number, others: Iterable<Key>): Key {
		const key = readKey(textOf(octets(text), "key"));
		if (key.type !== type)
			throw new Refusal("policy", `${key.name}: key of another use`);
		for (const o of others)
			if (equal(o.key, key.key))
				throw new Refusal("policy", `${key.name}: same key as ${o.name}`);
		return key;
	}

	log(words: string[]): void {
		if (words.length < 1 || words.length > 2)
			throw new Refusal("policy", "wants: log KEY [URL]");
		if (this.policy.logs.length >= LOGS)
			throw new Refusal("limit", `more than ${LOGS} logs`);
		this.policy.logs.push(
			Builder.key(words[0]!, SIGNS, this.policy.logs));
	}

	witness(words: string[]): void {
		if (words.length < 2 || words.length > 3)
			throw new Refusal("policy", "wants: witness NAME KEY [URL]");
		this.fresh(words[0]!);
		this.policy.witnesses.set(words[0]!, Builder.key(
			words[1]!, COSIGNS, this.policy.witnesses.values()));
	}

	group(words: string[]): void {
		const [name, k, ...members] = words;
		if (!name || !k || members.length < 1)
			throw new Refusal("policy", "wants: group NAME all|any|K NAME...");
		this.fresh(name);
		const needs = k === "all" ? members.length : k === "any" ? 1
			: /^[1-9][0-9]{0,3}$/.test(k) ? Number(k) : 0;
		if (needs < 1 || needs > members.length)
			throw new Refusal("policy", `${name}: ${k} of ${members.length}`);
		for (const m of members) {
			if (!this.known(m))
				throw new Refusal("policy", `${m} is not defined above`);
			if (this.members.has(m))
				throw new Refusal("policy", `${m} is a member twice`);
			this.members.add(m);
		}
		this.policy.groups.set(name, { needs, members });
	}

	quorum(words: string[]): void {
		if (words.length !== 1 || this.policy.quorum)
			throw new Refusal("policy", "wants one line: quorum NAME");
		if (words[0] !== "none" && !this.known(words[0]!))
			throw new Refusal("policy", `${words[0]} is not defined above`);
		this.policy.quorum = words[0]!;
	}
}

/* Octets above 127 are opaque (C2SP tlog-policy), but in keys. */
function octets(text: string): Uint8Array {
	return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function readPolicy(bytes: Uint8Array): Policy {
	const text = Array.from(bytes, (x) => String.fromCharCode(x)).join("");
	const b = new Builder();
	if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text))
		throw new Refusal("policy", "control characters");
	if (!text.endsWith("\n"))
		throw new Refusal("policy", "does not end in a line feed");
	text.slice(0, -1).split("\n").forEach((line, i) => {
		const words = line.split(/[ \t]+/).filter((w) => w);
		const verb = words.shift();
		if (!verb || verb.startsWith("#"))
			return;
		if (!["log", "witness", "group", "quorum"].includes(verb))
			throw new Refusal("policy", `line ${i + 1}: no such word: ${verb}`);
		const no = attempt(() =>
			b[verb as "log" | "witness" | "group" | "quorum"](words));
		if (no instanceof Refusal)
			throw new Refusal(no.rule, `line ${i + 1}: ${no.where}`);
	});
	if (!b.policy.quorum)
		throw new Refusal("policy", "no quorum line");
	return b.policy;
}

export interface Witnessed {
	/** Name in the policy, and when it cosigned, seconds; null: it did not. */
	seen: { name: string; key: Key; time: number | null }[];
	log: Key | null; /* which of the policy's logs signed */
	met: boolean;
}

/** Who stands behind a checkpoint, and whether that is enough. */
export function judge(policy: Policy, c: Checkpoint): Witnessed {
	const seen = [...policy.witnesses].map(([name, key]) => ({
		name, key, time: cosignedAt(c.note, key),
	}));
	const yes = new Set(
		seen.filter((s) => s.time !== null).map((s) => s.name));
	for (const [name, g] of policy.groups)
		if (g.members.filter((m) => yes.has(m)).length >= g.needs)
			yes.add(name);
	const log = policy.logs.find(
		(k) => k.name === c.origin && noteSignedBy(c.note, k)) ?? null;
	const enough = policy.quorum === "none" || yes.has(policy.quorum);
	return { seen, log, met: enough && (policy.logs.length === 0 || !!log) };
}
