// SPDX-License-Identifier: GPL-3.0-or-later
//
// anchor.ts - time stamps of strangers over the log: entries of type 12, whose
// tokens lie in stamps/<N>.tsr (docs/verifying.md, "A log's time stamps").
import { Refusal, attempt, equal, toBase64, utf8, within } from "./bytes.js";
import type { Body, Entry } from "./entry.js";
import { Range, sha256 } from "./merkle.js";
import type { Source } from "./source.js";
import type { Authority } from "./stamp.js";
import { checkStamp, isBy, readAuthority, readStamp, stampMs } from "./stamp.js";
import { indexPath } from "./tiles.js";
import { hexAt, numberAt } from "./values.js";

const TYPE = 12, OFF_MS = 300_000;

export interface Said {
	size: number; /* so many entries were there, */
	ms: number; /* no later than then */
}

export interface Stamps {
	tokens: number;
	unknown: number; /* by nobody who is known here */
	missing: number; /* entries more, whose body or token is not here */
	early: number; /* earlier than an entry under them says it is */
	firstEarly: number | null;
	said: Said[]; /* the largest of each authority */
}

/** The most that at least so many of them said; null: they did not. */
export function saidBy(s: Stamps, least: number): Said & { by: number } | null {
	let most: Said & { by: number } | null = null;
	for (const { size } of s.said) {
		const as = s.said.filter((w) => w.size >= size);
		if (as.length >= least && (!most || size > most.size))
			most = { size, ms: Math.max(...as.map((w) => w.ms)),
				by: as.length };
	}
	return most;
}

/** Certificates that cannot be read stamp nothing. */
export function authoritiesOf(pems: readonly string[]): Authority[] {
	return [...new Set(pems)].map((p) => attempt(() => readAuthority(p)))
		.filter((a): a is Authority => !(a instanceof Refusal));
}

export class Anchored {
	readonly seen: Stamps = { tokens: 0, unknown: 0, missing: 0, early: 0,
		firstEarly: null, said: [] };
	private gone: number | null = null; /* a body and no token */
	private readonly largest = new Map<Authority, Said>();
	private range = new Range(); /* of what was stamped last */

	constructor(
		private readonly source: Source,
		private readonly origin: string,
		private readonly leaves: readonly Uint8Array[],
		private readonly times: readonly number[],
		private readonly known: readonly Authority[],
	) {}

	async take(index: number, e: Entry, body: Body | null): Promise<void> {
		if (e.type !== TYPE)
			return;
		if (!body || !body.named || body.shut > 0) {
			this.seen.missing++;
			return;
		}
		const path = `stamps/${indexPath(index)}.tsr`;
		const token = await this.source.read(path);
		within("anchor", index, path, () => this.one(index, body, token));
	}

	/** Where some stamps are, those that are not were taken away. */
	done(): void {
		if (this.gone !== null && this.seen.tokens > 0)
			throw new Refusal("anchor",
				"its time stamp is not there, and others are", this.gone);
		this.seen.said = [...this.largest.values()];
	}

	private one(index: number, body: Body, token: Uint8Array | null): void {
		const name = hexAt(body, "token_sha256", 32);
		const imprint = hexAt(body, "imprint", 32);
		const size = numberAt(body, "size");
		if (size < 1 || size > index)
			throw new Refusal("anchor", "of a size that was not there");
		const root = toBase64(this.rootAt(size));
		const text = `${this.origin}\n${size}\n${root}\n`;
		if (!equal(sha256(utf8(text)), imprint))
			throw new Refusal("anchor",
				`its imprint is not that of the first ${size} entries`);
		if (!token) {
			this.seen.missing++;
			this.gone ??= index;
			return;
		}
		if (!equal(sha256(token), name))
			throw new Refusal("anchor", "another token than was logged");
		this.stamp(index, size, imprint, token);
	}

	private stamp(
		index: number,
		size: number,
		imprint: Uint8Array,
		token: Uint8Array,
	): void {
		const s = readStamp(token);
		if (!equal(s.imprint, imprint))
			throw new Refusal("anchor", "its token is over something else");
		this.seen.tokens++;
		const by = this.known.find((a) =>
			!(attempt(() => checkStamp(s, imprint, a)) instanceof Refusal));
		if (!by) {
			if (this.known.some((a) => isBy(s, a)))
				throw new Refusal("anchor", "its token names the key of an "
					+ "authority that is known, and does not hold by it");
			this.seen.unknown++;
			return;
		}
		const ms = stampMs(s), last = this.largest.get(by);
		if (this.latest(size) > ms + OFF_MS
			&& this.seen.early++ === 0)
			this.seen.firstEarly = index;
		if (!last || size > last.size)
			this.largest.set(by, { size, ms });
	}

	/** Stamps come in order, so each leaf is hashed once, not once a stamp. */
	private rootAt(size: number): Uint8Array {
		if (size < this.range.size)
			this.range = new Range();
		while (this.range.size < size)
			this.range.add(this.leaves[this.range.size]!);
		return this.range.root();
	}

	/** What the latest of the first entries says of its time. */
	private latest(size: number): number {
		let most = 0;
		for (let i = 0; i < size; i++)
			most = Math.max(most, this.times[i]!);
		return most;
	}
}
