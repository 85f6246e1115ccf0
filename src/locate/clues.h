/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clues.h - what the arrivals of one located sound say of what it was.
 *
 * Each clue is one robust number (a median or a share over the sources that
 * heard it), rounded to a thousandth, NAN where nobody can say; all known ones
 * stand on the incident as features `clue_...` (docs/names.md), so that anyone
 * can recompute its kinds (classify.h).
 *
 * Equivalent charge: per source the charge whose blast (model/loudness.h)
 * would have been as loud there in the wind that the location found, kg of TNT
 * at the ground; of all of them the median, each weighing as much as is known
 * of what the wind does to it. */
#ifndef LOCATE_CLUES_H
#define LOCATE_CLUES_H

#include "locate/origin.h"

enum clue {
	CLUE_LONG,     /* ln of the median duration, s */
	CLUE_SHAPE,    /* how much better an N fits than a blast, -1 to 1 */
	CLUE_FIT,      /* how well the better of the two fits, 0 to 1 */
	CLUE_KG,       /* log10 of the equivalent charge, kg */
	CLUE_SLOPE,    /* dB more than it a decade of distance */
	CLUE_ROLL,     /* ln (1 + arrivals in the ten seconds after), mean */
	CLUE_BEFORE,   /* the same of the ten seconds before */
	CLUE_UP,       /* share of first motions that are compressions */
	CLUE_HIGH,     /* dB that 40-200 Hz stand out more than 10-60 Hz */
	CLUE_TOP,      /* dB that 200-1000 Hz stand out more than 40-200 */
	CLUE_OTHERS,   /* share of the other owners' near sources that heard */
	CLUE_GAP,      /* ln of the mean interval, s, of sounds from there
	                * within 8 s; NAN: it is alone */
	CLUE_EVEN,     /* ln of the intervals' spread over it; of three up */
	CLUE_COUNT,
};
const char *clue_name(enum clue); /* "clue_hz" */

struct clues {
	double x[CLUE_COUNT];
	size_t calibrated;  /* sources whose level is known */
};

/* All but CLUE_GAP and CLUE_EVEN.  While the view stands. */
MUST_USE bool clues_of(const struct view *, const struct origin *,
	struct arena *, struct clues *, struct fault *);

struct clue_round { /* a sound for which others may be its next round */
	struct instant at;
	double lat_deg, lon_deg, sigma_m;
};
/* The other two; rounds in order of time, of which this is the nth. */
void clues_rounds(const struct clue_round *, size_t count, size_t nth,
	struct clues *);

#endif
