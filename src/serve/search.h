/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * search.h - what somebody types, found: sources, places, clauses, and records
 * by their id or their words (model/fold.h says what is alike).
 *
 * A place is found by any of its names; records say it by one. */
#ifndef SERVE_SEARCH_H
#define SERVE_SEARCH_H

#include "serve/api.h"

struct search_names { /* of the towns, folded once */
	const char **all; /* each town's, a line each */
	const char **own; /* the one that records say */
};

/* Made for a mission when its server begins. */
MUST_USE bool search_fold(const struct mission *, struct arena *,
	struct search_names *, struct fault *);

/* What the store matches (struct query); NULL: under three letters. */
const char *search_expression(
	const struct api *, struct bytes q, struct arena *);
void search_answer(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);

#endif
