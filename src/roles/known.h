/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * known.h - what the last replay found that holds on: the weather that was
 * reported, and what sensors are charged with.
 *
 * A charge that lasts to the end of a period lasted to the end of the data
 * (attend.c), so it holds on until a replay says otherwise. */
#ifndef ROLES_KNOWN_H
#define ROLES_KNOWN_H

#include "base/arena.h"
#include "model/health.h"
#include "model/mission.h"
#include "model/weather.h"
#include "store/store.h"

struct known { /* start with {0} */
	struct arena arena;
	const struct weather *weather; /* by time */
	size_t weather_count;
	/* Quarantined, and degraded by what was heard; by source, then from. */
	const struct health *charge;
	size_t charge_count;
};

/* since: no weather before it is wanted; unknown: all.  The mission outlives
 * it. */
MUST_USE bool known_read(struct known *, const struct mission *, struct store *,
	struct instant since, struct fault *);
/* Whether a source is not to be believed at a time. */
bool known_doubted(
	const struct known *, const char *source, struct instant);
void known_done(struct known *);

#endif
