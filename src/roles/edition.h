/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * edition.h - what a period holds, out of the store: the input of every
 * publisher. */
#ifndef ROLES_EDITION_H
#define ROLES_EDITION_H

#include "base/disk.h"
#include "ledger/ledger.h"
#include "publish/publish.h"
#include "store/store.h"

struct edition_ask {
	const struct mission *mission;
	const struct terms *terms; /* or NULL */
	struct store *store;
	struct ledger *ledger;     /* or NULL: proof of size 0 */
	enum level level;
	const char *lang;
};

/* The period that holds the last data of the last replay; INPUT fault when
 * nothing was replayed yet. */
MUST_USE bool edition_last(
	const struct edition_ask *, struct period *, struct fault *);
MUST_USE bool edition_gather(const struct edition_ask *, const struct period *,
	struct arena *, struct report *, struct fault *);

/* Seven periods, of which the last is given, and the seven before them. */
MUST_USE bool edition_week(const struct edition_ask *, const struct period *,
	struct arena *, struct report *, struct fault *);
/* One incident, by any unique ending of its id, in its period. */
MUST_USE bool edition_spot(const struct edition_ask *, const char *ending,
	struct arena *, struct report *, struct fault *);

/* Adds the pictures of the located sounds that broke a rule, from the mission's
 * evidence; none at a level that does not show where sensors stand. */
MUST_USE bool edition_pictures(const struct edition_ask *, struct disk *,
	struct arena *, struct report *, struct fault *);

/* Where the explosions among incidents were, as far as known; how many. */
size_t edition_heard(
	const struct incident *, size_t count, struct point *out);

#define EDITION_LAST "data.last" /* named value: 8 bytes, UTC ns */
#define RULES_VERSION "truce-rules/1"

#endif
