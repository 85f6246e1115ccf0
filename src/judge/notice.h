/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * notice.h - does a notified activity cover the incident?
 *
 * It does when it names what the clause names, was received before its
 * deadline (start less the hours the clause asks; exactly at the deadline is
 * not before it), its span holds the incident's time, and the incident lies
 * within the notified radius plus the clause's NEAR.  A clause with NEAR is
 * not met by a notice without a place: a party cannot excuse everywhere.  A
 * notice of another party than the one that acted, on evidence, covers
 * nothing. */
#ifndef JUDGE_NOTICE_H
#define JUDGE_NOTICE_H

#include "judge/scene.h"

struct notice {
	const char *what;  /* NULL: anything */
	const char *party; /* NULL: any */
	int64_t before_us; /* < 0: no deadline */
	int64_t near_mm;   /* -1: the clause names no distance */
};

/* `why` gets the best notice, or why none covers. */
struct chance notice_covers(
	struct scene *, const struct notice *, struct text *why);

#endif
