/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * refit.h - where would the others place this sound, and how late is a source
 * by that?
 *
 * A source that is late drags the solution its way and hides a share h of its
 * lateness, its leverage.  Left out, it is late by r/(1-h) with variance
 * sigma^2/(1-h) (docs/WAVEFORM.md 5).  The travel times of a fit are linear,
 * so leaving out is arithmetic: seven unknowns, the priors of air and height
 * kept, the robust weights kept. */
#ifndef WATCH_REFIT_H
#define WATCH_REFIT_H

#include "model/fit.h"

struct sight { /* of one source in one fit */
	const struct fit *fit;
	const struct hearing *hearing;
	size_t place;   /* sounds of one place have one number */
	double shift_s; /* to add to each near.offset_s: less what the others
	                   say; NAN: too few others */
	double var_s2;  /* of what the others say */
	double lag_s;   /* of its pattern over that of its first sounds */
	double late_s;  /* of the arrival that follows the source's habit, by
	                   the others; NAN: none does */
	int near;       /* which arrival that is; -1 */
	bool out;       /* not believed: left out for the others */
};

/* Sets shift_s and var_s2 of the sights of one fit: sight[i] belongs to
 * fit->hearing[i]. */
void refit(const struct fit *, struct sight *const *);

#endif
