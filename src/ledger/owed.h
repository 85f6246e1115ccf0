/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * owed.h - obligations in the log, and what guarantors make of them (type 6,
 * docs/people.md).
 *
 * The engine opens one: a body with `pledge` and `actor`.  A step is by a
 * guarantor whose organisation is that actor, and says acknowledge, decide,
 * fulfil (with the hash of its evidence) or decline; one of any other
 * organisation may contest a fulfilment.  A step that leads nowhere from the
 * state it finds is refused.  Nobody, the engine least, writes that a deadline
 * passed. */
#ifndef LEDGER_OWED_H
#define LEDGER_OWED_H

#include "ledger/people.h"
#include "model/obligation_state.h"

enum owed_does {
	OWED_ACKNOWLEDGE, OWED_DECIDE, OWED_FULFIL, OWED_DECLINE,
	OWED_CONTEST, OWED_WORDS,
};
const char *owed_word(enum owed_does);

struct people_step {
	uint32_t key;    /* number */
	uint32_t before; /* 1 + number of the step before, of its obligation */
	uint64_t index;
	struct instant clock;
	enum owed_does does;
	struct digest leaf, evidence; /* evidence: of a fulfilment */
	struct digest of; /* the opening, or the fulfilment contested */
};

struct people_owed {
	uint8_t subject[ENTRY_SUBJECT];
	char actor[ORG_MAX + 1]; /* "": no key's organisation */
	bool dark; /* a body that tells of it is not at hand */
	uint32_t last; /* 1 + number of its last step; 0: none */
	uint64_t index;     /* of the newest opening */
	struct digest leaf; /* likewise */
};

/* NULL: none was opened. */
const struct people_owed *owed_of(
	const struct people *, const uint8_t subject[ENTRY_SUBJECT]);
/* Without a clock: never lapsed.  A step of a key that was revoked as of a
 * time before it counts nothing. */
enum obligation_state owed_state(
	const struct people *, const struct people_owed *);
/* Its fulfilment counts, and somebody contests it. */
bool owed_contested(const struct people *, const struct people_owed *);
bool owed_counts(const struct people *, const struct people_step *);
/* Of a type 6; k NULL: its author is not known.  Refuses by body, role,
 * step. */
MUST_USE bool owed_take(struct people *, const struct people_entry *,
	const struct people_key *, struct fault *);

#endif
