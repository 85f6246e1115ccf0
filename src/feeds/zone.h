/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * zone.h - the offsets of a time zone, from the machine's tzdata (RFC 8536).
 *
 * Read once by the porch and handed on as a table with the version's name, so
 * that pure rooms never look at a zone and a report names what it used. */
#ifndef FEEDS_ZONE_H
#define FEEDS_ZONE_H

#include "base/arena.h"
#include "model/mission.h"

/* "Europe/Kyiv"; old names are found too where tzdata has them.  INPUT when
 * there is no such zone. */
MUST_USE bool zone_load(const char *name, struct arena *,
	const struct zone_offset **, size_t *count, const char **version,
	struct fault *);

#endif
