/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * burst.h - the next round from the same place.
 *
 * What makes a path late is the same from shot to shot (within 1 ms in the
 * Pittsburgh set; docs/WAVEFORM.md 3.3), so another round from the place of
 * an accepted one is its pattern of arrivals, shifted by one time.  That is
 * one unknown, not three, and residuals of 3 ms, not 10: rounds that overlap
 * are told apart that no single one would show. */
#ifndef LOCATE_BURST_H
#define LOCATE_BURST_H

#include "locate/origin.h"

/* The likeliest other round of `first`, if there is one: within BURST_S of
 * it, made of picks not yet gone.  choice: room for view->posts. */
#define BURST_S 3.5
/* Rounds located apart by more are not of one place. */
#define BURST_PLACE_M 25.0
bool burst_next(const struct view *, const struct origin *first,
	ptrdiff_t *choice, struct origin *);

#endif
