// SPDX-License-Identifier: GPL-3.0-or-later
//
// chain.ts - what a sensor's frame is to those before it (PROOF.md 5, "On
// arrival").  The caller has checked signature and key.  Nothing is forgotten
// here, so there is no bound to gaps and to what may come late.
import { equal } from "./bytes.js";
import type { Frame } from "./frame.js";

/** "late": fits into the gap that a jump left, at both ends it meets.  "old":
 * before all that came, and in no gap. */
export type Arrival = "next" | "same" | "fork" | "jump" | "late" | "break"
	| "old";

interface Gap { /* first .. end - 1 have not come */
	first: bigint;
	end: bigint;
	boots: [number, number];
	before: Uint8Array; /* id of the frame in front of it */
	after: Uint8Array | null; /* what the one behind calls its prev */
}

function named(prev: Uint8Array): Uint8Array | null {
	return prev.some((b) => b !== 0) ? prev : null;
}

/** The frames of one sensor, in the order in which they came. */
export class Chain {
	private end: { next: bigint; boot: number; last: Uint8Array } | null
		= null;
	private gaps: Gap[] = [];
	private readonly all = new Map<string, Uint8Array[]>();

	take(f: Frame): Arrival {
		const name = `${f.boot}/${f.sequence}`;
		const held = this.all.get(name);
		if (held?.some((id) => equal(id, f.id)))
			return "same";
		const got = held ? "fork" : this.place(f);
		if (got !== "old")
			this.all.set(name, [...held ?? [], f.id]);
		return got;
	}

	private goOn(f: Frame): void {
		this.end = { next: f.sequence + 1n, boot: f.boot, last: f.id };
	}

	private place(f: Frame): Arrival {
		const e = this.end;
		if (!e) {
			this.goOn(f);
			return "next";
		}
		const g = this.gaps.find((x) => f.sequence >= x.first
			&& f.sequence < x.end && f.boot >= x.boots[0]
			&& f.boot <= x.boots[1]);
		if (g)
			return this.fill(g, f);
		/* It says that it begins anew. */
		const anew = (f.flags & 1) !== 0 && f.boot > e.boot && !named(f.prev);
		if (f.sequence < e.next && !(anew && f.sequence === 0n))
			return f.boot > e.boot ? "break" : "old";
		if (f.boot < e.boot)
			return "break";
		if (f.sequence > e.next) {
			this.gaps.push({ first: e.next, end: f.sequence,
				boots: [e.boot, f.boot], before: e.last,
				after: named(f.prev) });
			this.goOn(f);
			return "jump";
		}
		const fits = anew || equal(f.prev, e.last);
		this.goOn(f); /* what follows names this one, either way */
		return fits ? "next" : "break";
	}

	private fill(g: Gap, f: Frame): Arrival {
		const anew = (f.flags & 1) !== 0 && f.boot > g.boots[0]
			&& !named(f.prev);
		if ((f.sequence === g.first && !anew && !equal(f.prev, g.before))
			|| (f.sequence + 1n === g.end && g.after
				&& !equal(g.after, f.id)))
			return "break";
		const left: Gap = { ...g, end: f.sequence,
			boots: [g.boots[0], f.boot], after: named(f.prev) };
		const right: Gap = { ...g, first: f.sequence + 1n,
			boots: [f.boot, g.boots[1]], before: f.id };
		this.gaps = this.gaps.flatMap((x) => x !== g ? [x]
			: [left, right].filter((y) => y.first < y.end));
		return "late";
	}
}
