/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * glimpse.h - what was watched, in words, where a share says too little.
 *
 * A satellite glances at an area some times a day and sees a fire there with
 * 40 %; a drone looks at a part of it for a minute.  As a share of area and
 * time watched with 90 % that is nothing, and "0 %" beside what was recorded
 * reads as an error.  So such looks are told as what they are: how many, and
 * what each would have shown. */
#ifndef PUBLISH_GLIMPSE_H
#define PUBLISH_GLIMPSE_H

#include "publish/tables.h"

/* Less than this of area and time is a glimpse, not a watch. */
#define GLIMPSE_SHARE 0.01

/* The row of all means; NULL: no look speaks of the kind. */
const struct coverage *coverage_of(
	const struct report_part *, const char *area, enum kind);
bool is_glimpse(const struct coverage *);
/* "38 %", or "at times: 4 looks, each with 40 %". */
const char *view_watched(struct view *, const struct coverage *);
/* "4 passes of satellites, each of which would have shown a fire of ..." */
const char *view_glimpse(struct view *, const struct coverage *);
/* Upper limits of explosions: the table of the three statements. */
MUST_USE bool limits_table(struct view *, struct table *, struct fault *);
const char *view_limit(struct view *, const struct limit *);

#endif
