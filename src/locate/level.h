/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * level.h - whether arrivals are as loud as one sound would be there.
 *
 * From one side alone times hardly tell a sound near by from one farther back;
 * levels do, since they fall by 22 dB for ten times the distance (loudness.h),
 * and so do they where arrivals of several sounds fit one by chance
 * (docs/WAVEFORM.md 3.4, p(dB | W, d)).  The charge is not known: the level at
 * a metre is what most arrivals say.  Each is about that by Student's t of four
 * degrees of freedom, so one that was in a shadow, or of something else, does
 * not decide.  What levels of one sound come to on average is taken off: they
 * are no reason to believe more, but a reason to believe less. */
#ifndef LOCATE_LEVEL_H
#define LOCATE_LEVEL_H

#include "locate/origin.h"

/* Nats, of the chosen arrivals with known level, were it at a place; 0 for
 * fewer than three, or where the view has no lee.  unlike[], by hearer in the
 * order of posts: what its level is less likely by than the likeliest, 1 where
 * it says nothing; may be NULL. */
double level_ln(const struct view *, const struct origin *, struct xy,
	double *unlike);
/* As loud as most chosen arrivals say it was at a metre; NAN as above. */
double level_at_1m_db(const struct view *, const struct origin *);
/* Whether what a post is said to have heard is far louder than that, and more
 * rarely so than its time fits by chance (gain: nats by which that fits
 * better): then it heard something else.  Weaker is no sign, it may stand in a
 * shadow. */
bool level_too_loud(const struct view *, const struct origin *, size_t post,
	double at_1m_db, double gain);

/* By how many sigmas an arrival is louder than a sound so loud at a metre would
 * be there, were it at a place; 0 where nobody knows. */
double level_louder(const struct view *, const struct post *,
	const struct pick *, struct xy at, double at_1m_db);

#endif
