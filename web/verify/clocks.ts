// SPDX-License-Identifier: GPL-3.0-or-later
//
// clocks.ts - do the clocks of authors agree with those of the witnesses?
// (PROOF.md 8: 300 s.)  An entry's own time is held against when it was logged
// (bracket.ts); one that is farther off is counted, and the first is named.
import { bracket } from "./bracket.js";
import type { Checkpoint } from "./note.js";
import type { Policy } from "./policy.js";

export const OFF_S = 300;

export interface Clocks {
	proved: number; /* entries that cannot be later than a known time */
	off: number;
	first: number | null;
}

/** `ms`: what each entry says; checkpoints ascending. */
export function clocksOf(
	ms: readonly number[],
	checkpoints: readonly Checkpoint[],
	policy: Policy,
): Clocks {
	const out: Clocks = { proved: 0, off: 0, first: null };
	/* Entries between two checkpoints have one bracket. */
	let from = 0;
	for (const c of checkpoints) {
		const b = from < c.size ? bracket(from, checkpoints, policy) : null;
		for (let i = from; b && i < Math.min(c.size, ms.length); i++) {
			const s = Math.floor(ms[i]! / 1000);
			out.proved += b.notAfter === null ? 0 : 1;
			if ((b.notAfter === null || s <= b.notAfter + OFF_S)
				&& s >= (b.notBefore ?? 0) - OFF_S)
				continue;
			out.off++;
			out.first ??= i;
		}
		from = Math.max(from, c.size);
	}
	return out;
}
