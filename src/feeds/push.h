/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * push.h - how a node hands over its records (truce-run(1) has the protocol in
 * words): pure, bytes in, groups out.
 *
 *	node  TRUCE 1 NAME\n          once
 *	we    OK\n
 *	node  GROUP LENGTH\n          then LENGTH bytes, whole miniSEED records
 *	we    KEPT N\n                all up to the N-th group of this
 *	                              connection are synced
 *	node  LOST SENSOR FROM UNTIL WHY\n    it could not wait: what is gone;
 *	                              counts as a group, and is kept as one
 *	we    ERROR TEXT\n            and the connection is closed
 *
 * A sensor that signs says no word: it sends frames, one after the other, and
 * hears 40 bytes of each (docs/frames.md).
 *
 * A node may send on before it hears; what it has not heard KEPT of, it sends
 * again on its next connection.  The length says where a group ends, so a
 * damaged record in one does no harm to the next. */
#ifndef FEEDS_PUSH_H
#define FEEDS_PUSH_H

#include "base/text.h"

enum {
	PUSH_NAME = 64,           /* with its end mark */
	PUSH_LINE_MAX = 200,
	PUSH_TABLE = 2 * PUSH_LINE_MAX,
	PUSH_GROUP_MAX = 1 << 20, /* as the longest record of miniseed.c */
};

struct push {
	char name[PUSH_NAME]; /* "" before it is said; "frames" */
	bool signs;           /* in: frames may come */
	bool frames;          /* a group is a frame */
	size_t wanted;        /* bytes of the group whose head was read; 0 */
	bool lost;            /* the group is a table of formats/gaps.c */
	char table[PUSH_TABLE];
	uint64_t groups;      /* that were given out */
	uint64_t told;        /* of them, by KEPT */
};

/* Looks at the front of what came: *used bytes are done with; *got: they end
 * in a group, its bytes in *group (a view of `in` or p->table).  *used 0: more
 * must come first.  INPUT or LIMIT fault: what to tell the node. */
MUST_USE bool push_take(struct push *, struct bytes in, size_t *used,
	struct bytes *group, bool *got, struct text *answer, struct fault *);

#endif
