// SPDX-License-Identifier: GPL-3.0-or-later
//
// chain.ts - what a sensor's frame is to the one before it (PROOF.md 5, "On
// arrival").  The caller has checked signature and key.
import { equal } from "./bytes.js";
import type { Frame } from "./frame.js";

/** "late": fits into the gap that a jump left. */
export type Arrival = "next" | "same" | "fork" | "jump" | "late" | "break";

/** The frames of one sensor, in the order in which they came. */
export class Chain {
	private held: Frame | null = null;
	private readonly all = new Map<string, Uint8Array>();

	take(f: Frame): Arrival {
		const name = `${f.boot}/${f.sequence}`;
		const before = this.all.get(name);
		if (before)
			return equal(before, f.id) ? "same" : "fork";
		const got = this.place(f);
		this.all.set(name, f.id);
		if (got !== "break" && (!this.held
			|| f.sequence > this.held.sequence || f.boot > this.held.boot))
			this.held = f;
		return got;
	}

	private place(f: Frame): Arrival {
		const h = this.held;
		if (!h)
			return "next";
		const again = (f.flags & 1) !== 0 && f.boot > h.boot;
		if (f.boot < h.boot || (f.sequence === 0n && !again))
			return "break";
		if (f.sequence === 0n)
			return "next"; /* begins anew, and says so */
		if (f.sequence === h.sequence + 1n)
			return equal(f.prev, h.id) || again ? "next" : "break";
		if (f.sequence > h.sequence)
			return "jump";
		const earlier = this.all.get(`${f.boot}/${f.sequence - 1n}`);
		return earlier && equal(earlier, f.prev) ? "late" : "break";
	}
}
