/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bracket.h - when an entry was logged, by the clocks of witnesses of whom f
 * may lie (PROOF.md 2): not before the (f+1)-th largest time of the last
 * cosigned checkpoint without it, not after the (f+1)-th smallest of the first
 * one with it.  Seconds of UTC; 0: not known.
 *
 *	struct bracket b = {.index = i};
 *	bracket_see(&b, size, time_s, n);      each checkpoint, in order
 *	... b.from_s, b.to_s */
#ifndef LEDGER_BRACKET_H
#define LEDGER_BRACKET_H

#include "base/disk.h"
#include "ledger/policy.h"

enum {
	BRACKET_LIARS = 1,
	BRACKET_SLACK_S = 5,   /* a stated time may be off (PROOF.md 2) */
	BRACKET_STALE_S = 180, /* silence that is said (PROOF.md 4) */
};

struct bracket {
	uint64_t index;
	uint64_t from_s, to_s;
	bool with; /* a checkpoint with it was seen */
};

/* The (f+1)-th smallest and largest of n times. */
uint64_t bracket_least(const uint64_t *time_s, size_t n, size_t liars);
uint64_t bracket_most(const uint64_t *time_s, size_t n, size_t liars);
/* Times of a judged note's witnesses that cosigned it; how many. */
size_t bracket_times(const struct policy *, const struct witnessed *,
	uint64_t time_s[POLICY_NAMES]);
void bracket_see(struct bracket *, uint64_t size, const uint64_t *time_s,
	size_t n, size_t liars);
/* From the cosigned notes that this mission keeps (quorum.h); a mission
 * without a policy: nothing is known. */
MUST_USE bool bracket_of(struct disk *, struct bracket *, struct fault *);

#endif
