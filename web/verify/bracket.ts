// SPDX-License-Identifier: GPL-3.0-or-later
//
// bracket.ts - when an entry was logged, by the clocks of witnesses of whom f
// may lie (PROOF.md 2): not before the (f+1)-th largest time of the last
// checkpoint without it, not after the (f+1)-th smallest of the first with it.
import type { Checkpoint } from "./note.js";
import type { Policy } from "./policy.js";
import { judge } from "./policy.js";

export const LIARS = 1;

export interface Bracket {
	notBefore: number | null; /* seconds; null: not known */
	notAfter: number | null;
}

function times(c: Checkpoint, p: Policy): number[] {
	return judge(p, c).seen.map((s) => s.time)
		.filter((t): t is number => t !== null).sort((a, b) => a - b);
}

export function bracket(
	index: number,
	checkpoints: readonly Checkpoint[],
	policy: Policy,
	liars = LIARS,
): Bracket {
	let without: Checkpoint | null = null, with_: Checkpoint | null = null;
	for (const c of checkpoints) {
		// Of equal ones the last: the log was cosigned anew.
		if (c.size <= index && (!without || c.size >= without.size))
			without = c;
		if (c.size > index && (!with_ || c.size < with_.size))
			with_ = c;
	}
	const before = without ? times(without, policy) : [];
	const after = with_ ? times(with_, policy) : [];
	return {
		notBefore: before[before.length - 1 - liars] ?? null,
		notAfter: after[liars] ?? null,
	};
}
