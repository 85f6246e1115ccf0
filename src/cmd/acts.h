/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * acts.h - what a person decides, as entries that are not appended yet: one
 * code for the shell (review.c, step.c) and for the page (office.c).
 *
 *	confirm reject take release note publish     of an entry
 *	amend merge split link                       of an incident (amend.h)
 *	acknowledge decide fulfil decline contest    of an obligation
 *	reply                                        of a party, to a record
 *
 * The same act at the same clock on the same log gives the same entries. */
#ifndef CMD_ACTS_H
#define CMD_ACTS_H

#include "cmd/amend.h"
#include "ledger/sign.h"
#include "serve/leases.h"

enum { ACTS_MAX = 32, ACTS_LEASE_MIN = 30, ACTS_WHY = 4000 };

struct acts_ask {
	const char *does, *of; /* id, its end, or an entry's index */
	const char *why;       /* "" none */
	char **word;           /* amend NAME=VALUE..., fulfil evidence=HEX */
	int words;
	int64_t minutes; /* of `take` */
	/* Of the mission: who takes, gives and minds them.  NULL: the caller
	 * does (the API, which answers by whom it is held). */
	struct leases *leases;
};

struct acts {
	struct desk *desk;
	const struct sign_key *author; /* may be a public key alone */
	const struct acts_ask *ask;
	struct ledger_item made[ACTS_MAX], *item; /* item: these, or amend's */
	struct fields body[ACTS_MAX];
	struct entry entry[ACTS_MAX]; /* that are confirmed */
	uint64_t about[ACTS_MAX];     /* entry that item k is about */
	size_t count;
};

bool acts_known(const char *does);
bool acts_owed(const char *does); /* of an obligation */
/* It wants --why TEXT. */
bool acts_want_why(const char *does);
/* x is large: not for the stack. */
MUST_USE bool acts_make(struct acts *x, struct desk *, const struct sign_key *,
	const struct acts_ask *, struct fault *);
MUST_USE bool acts_append(struct acts *, struct fault *);
/* What entry `about` is now, in one word. */
const char *acts_state(const struct desk *, uint64_t about);

#endif
