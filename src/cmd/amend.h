/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * amend.h - truce review's versions of incidents: amend, merge, split, link
 * (docs/people.md 34).  Each becomes an entry that another person confirms. */
#ifndef CMD_AMEND_H
#define CMD_AMEND_H

#include "cmd/desk.h"

struct amending {
	struct desk *desk;
	const struct sign_key *author;
	const char *does, *why;
	char **word; /* what follows it on the command line */
	int words;
};

bool amend_word(const char *does);
/* The entries of the act, in the desk's arena; nothing is appended. */
MUST_USE bool amend_make(struct amending *, const char *id,
	struct ledger_item **, size_t *count, struct fault *);
/* The other entries of the same act: of the same key, at the same time.  Fills
 * up to `room` indexes; how many. */
size_t amend_others(const struct people *, const struct people_item *,
	uint64_t *index, size_t room);

#endif
