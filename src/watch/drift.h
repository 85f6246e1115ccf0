/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drift.h - a clock that runs fast or slow: lateness that grows with time.
 *
 * A line through the lateness of all hits by time, against the pieces of one
 * lateness each: which explains them with less? */
#ifndef WATCH_DRIFT_H
#define WATCH_DRIFT_H

#include "watch/suspect.h"

/* Whether a line explains it better; *c gets its drift and, as late_s, what it
 * grew by from the first hit to the last. */
bool drift_found(const struct suspect *, struct charge *c);

#endif
