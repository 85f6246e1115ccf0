// SPDX-License-Identifier: GPL-3.0-or-later
//
// pulse.ts - heartbeats of a live log, and who was told what (docs/people.md,
// "Heartbeats", and type 11).
import { Refusal, equal, toHex, utf8, within } from "./bytes.js";
import type { Body, Entry } from "./entry.js";
import { Range, sha256 } from "./merkle.js";
import { hexAt, numberAt, textAt } from "./values.js";

const SUBJECT = "0".repeat(12)
	+ toHex(sha256(utf8("heartbeat")).subarray(0, 10));
const SLACK_S = 60;
const MOST_S = 86_400;

interface Beat {
	beat: number;
	index: number;
	timeMs: number;
	nextS: number;
	size: number;
}

export interface Heartbeats {
	count: number; /* whose bodies are at hand */
	late: number; /* that came later than was said */
	lateAfter: Beat | null; /* the one before the first such */
	last: Beat | null; /* null too where a newer one is hidden */
}

function dueMs(b: Beat): number {
	return b.timeMs + (b.nextS + SLACK_S) * 1000;
}

/** The number of the heartbeat that should be there by now. */
export function missing(h: Heartbeats, nowMs: number): number | null {
	const b = h.last;
	return b && b.nextS > 0 && nowMs > dueMs(b) ? b.beat + 1 : null;
}

export class Pulse {
	readonly seen: Heartbeats =
		{ count: 0, late: 0, lateAfter: null, last: null };
	private highest = 0; /* size that a heartbeat named */
	private readonly tree = new Range();
	private added = 0;

	constructor(private readonly leaves: readonly Uint8Array[]) {}

	take(index: number, e: Entry, body: Body | null): void {
		if (e.type === 11 && body && body.named && body.shut === 0)
			within("access", index, "", () => this.told(index, body));
		if (e.type !== 8 || toHex(e.subject) !== SUBJECT)
			return;
		if (!body || !body.named || body.shut > 0) {
			this.seen.last = null;
			return;
		}
		within("heartbeat", index, "", () => this.beat(index, e, body));
	}

	private beat(index: number, e: Entry, body: Body): void {
		const s = this.seen, last = s.last;
		const b: Beat = { index, timeMs: e.timeMs,
			beat: numberAt(body, "beat"), nextS: numberAt(body, "next_s"),
			size: numberAt(body, "size") };
		const root = hexAt(body, "root", 32);
		hexAt(body, "note", 32);
		if (textAt(body, "act") !== "heartbeat" || b.nextS > MOST_S)
			throw new Refusal("heartbeat", "is no heartbeat");
		const first = e.prev.every((x) => x === 0);
		if (first ? b.beat !== 0 : last && b.beat !== last.beat + 1)
			throw new Refusal("heartbeat",
				"its number does not follow the last one's");
		if (b.size < 1 || b.size > index || b.size < this.highest)
			throw new Refusal("heartbeat",
				"names a checkpoint that cannot have been the last");
		while (this.added < b.size)
			this.tree.add(this.leaves[this.added++]!);
		if (!equal(this.tree.root(), root))
			throw new Refusal("heartbeat", "names another history");
		this.highest = b.size;
		if (last && last.nextS > 0 && b.timeMs > dueMs(last)
			&& s.late++ === 0)
			s.lateAfter = last;
		s.count++;
		s.last = b;
	}

	/** Who was told what: of an entry that is there. */
	private told(index: number, body: Body): void {
		for (const name of ["who", "fields", "to", "why"])
			textAt(body, name);
		const of = hexAt(body, "of", 32);
		if (!body.fields.has("index"))
			return;
		const at = numberAt(body, "index");
		if (at >= index || !equal(this.leaves[at]!, of))
			throw new Refusal("access", "index: is not that of the leaf");
	}
}
