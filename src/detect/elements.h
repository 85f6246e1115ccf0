/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * elements.h - which element of an array is wrong: reversed, deaf, late, in
 * another's place.
 *
 * Only windows in which three elements or more share a wave speak; these may
 * be those in which the beams hear nothing, since one bad element of four
 * spoils them.  Each pair's delay is where its correlation is strongest, of
 * either sign; elements whose delays close are heard together.  Then
 *  - the sign against the others says who is reversed;
 *  - who does not share what the others share is deaf;
 *  - times of all are fitted by a plane as they are, with each element late
 *    by each of many fixed amounts, and with each two exchanged; the
 *    logarithms of these likelihoods are summed over windows, and an element
 *    is named when its hypothesis is far better than none and than all that
 *    name another.
 *
 * Four elements have one residual, which any one of them may explain; who is
 * late then shows in the speed only: sound crosses an array at 310 to 450 m/s,
 * and what a wrong guess gives may not.  A lateness that leaves the speed in
 * there is not named at four elements; it makes the stated error of azimuth
 * larger.  Seismic waves have no such speed; there five are needed. */
#ifndef DETECT_ELEMENTS_H
#define DETECT_ELEMENTS_H

#include "detect/lts.h"
#include "model/health.h"

enum {
	ELEMENTS_EPISODES = 64,
	ELEMENTS_LATE = 221, /* latenesses that are tried, by 10 ms about 0 */
};

enum element_fault {
	ELEMENT_SOUND,
	ELEMENT_REVERSED,
	ELEMENT_DEAF,
	ELEMENT_LATE,    /* or not where it is said to be */
	ELEMENT_SWAPPED, /* with another */
};

struct elements_episode {
	size_t element;
	enum element_fault fault;
	struct span span;
	double late_s;  /* NAN unless late */
	double windows; /* that spoke for it, as if none overlapped */
};

struct elements_sum { /* for a fault above zero, as long as it does not fall
	to it (Page 1954); against it while it is named */
	double on, off, votes;
	struct instant since; /* it left zero */
	bool cleared;         /* it once was well */
};

struct elements {
	bool sound;         /* speeds are those of sound */
	double weight;      /* of a window: they overlap */
	double place_err_m;
	struct span all;    /* of the windows seen */
	struct elements_sum reversed[FK_ELEMENTS], deaf[FK_ELEMENTS];
	/* ln likelihoods: as they are, one late, two exchanged. */
	double plain, late[FK_ELEMENTS][ELEMENTS_LATE], swap[FK_PAIRS];
	struct instant doubt; /* since when `plain` is not the best */
	double votes;         /* windows since */
	unsigned sectors;     /* of 30 degrees that they came from */
	bool cleared;
	enum element_fault now[FK_ELEMENTS];
	struct elements_episode episode[ELEMENTS_EPISODES];
	size_t episodes;
	size_t open[FK_ELEMENTS]; /* its episode while it is not sound */
};

/* window_share: hop over window. */
void elements_init(struct elements *, bool sound, double window_share,
	double place_err_m);
/* stuck: there are samples, and none differs from the others. */
void elements_look(struct elements *, const struct fk *,
	const struct fk_window *, const bool stuck[FK_ELEMENTS], struct span);
/* End all that goes on. */
void elements_end(struct elements *);

/* Words of health.why. */
const char *elements_why(enum element_fault);

#endif
