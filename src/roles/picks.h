/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * picks.h - the arrivals that live mode remembers, by detection_order().
 *
 * An ear tells of most arrivals twice: early, as they stand while it still
 * holds them (detect/detector.h), anew after each segment, and in the end.
 * What is told again of one time is one pick, which keeps when it came first
 * and whose it is; an early one that is not told again is let go. */
#ifndef ROLES_PICKS_H
#define ROLES_PICKS_H

#include "model/detection.h"
#include "model/source.h"

struct pick {
	struct detection d;
	const struct source *source;
	const void *ear; /* whose it is */
	int64_t made_ns, heard_ns; /* what shows it came; was heard */
	uint32_t alert; /* the number of the alert that told of it; 0 */
	bool looked; /* at it and those around */
	bool early;  /* not the ear's last word */
	bool stale;  /* early, and of before the segment */
};

struct picks {
	struct pick *pick;
	size_t count, fresh; /* fresh: not looked at */
	struct arena texts[2]; /* of their features; the other is empty */
	int now; /* which */
};

MUST_USE bool picks_open(struct picks *, struct arena *lasting,
	struct fault *);
void picks_close(struct picks *);
/* p->d is the detection, copied with its features, whose names are
 * constants.  When there is no room, what came before old_ns is forgotten,
 * and of the others the oldest half. */
MUST_USE bool picks_put(struct picks *, const struct pick *p, int64_t old_ns,
	struct fault *);
/* Before a segment of an ear: its early ones are stale until told again.  How
 * many. */
size_t picks_doubt(struct picks *, const void *ear);
/* After it: those that still are go. */
void picks_drop(struct picks *, const void *ear);

#endif
