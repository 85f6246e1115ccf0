/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hands.h - work in pieces, by as many as are lent.
 *
 * Pure rooms start no threads; whoever calls them may lend some.  Any hand
 * takes any piece at any time.  So a piece reads what no piece writes, and
 * writes to a place of its own: what comes out then hangs neither on how many
 * hands there are nor on who was faster.  Scratch is by hand. */
#ifndef BASE_HANDS_H
#define BASE_HANDS_H

#include "base/arena.h"

enum { HANDS_MAX = 64 };

struct pieces {
	void *self;
	/* hand: below hands_count(); no two at once have the same. */
	bool (*one)(void *self, size_t hand, size_t piece, struct fault *);
	size_t count;
};

struct hands {
	size_t count; /* 1 to HANDS_MAX */
	bool (*run)(const struct hands *, const struct pieces *,
		struct fault *);
};

/* 1 for NULL. */
size_t hands_count(const struct hands *);
/* All pieces, or the first fault that was met; in order, by the caller, for
 * NULL. */
MUST_USE bool hands_run(
	const struct hands *, const struct pieces *, struct fault *);
/* An arena for each: half of what is free in equal parts, or for one hand all
 * of it.  What they hold stays when they have been given back. */
MUST_USE bool hands_lend(const struct hands *, struct arena *from,
	struct arena each[HANDS_MAX], struct fault *);
void hands_return(const struct hands *, struct arena *from,
	const struct arena each[HANDS_MAX]);

#endif
