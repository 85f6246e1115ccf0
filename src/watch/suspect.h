/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * suspect.h - what the course of one source's lateness says of it: charges,
 * each a piece of time with the word for what is wrong (clock.h). */
#ifndef WATCH_SUSPECT_H
#define WATCH_SUSPECT_H

#include "model/health.h"
#include "watch/pieces.h"

struct charge {
	const char *why; /* of clock.h */
	enum health_state state;
	size_t piece;    /* of suspect.piece */
	double late_s, sigma_s;
	size_t sounds, directions;
	double moved_m, moved_deg; /* NAN: not as moved */
	double drift_ppm;          /* NAN: none */
	const char *twin; /* swapped with; NULL not */
};

struct suspect { /* one source */
	size_t source;       /* of the mission */
	struct sight *sight; /* by time */
	size_t count;
	struct piece piece[PIECES_MAX];
	size_t pieces;
	struct charge charge[PIECES_MAX];
	size_t charges;
	double weight; /* of the heaviest charge, in sigmas; 0 none */
};

/* How much louder an arrival is than the others' level at its distance (a line
 * in ln d); NAN not known. */
double suspect_louder_db(const struct sight *, int near);

/* Finds pieces, and charges that hold for them. */
MUST_USE bool suspect_judge(struct suspect *, struct arena *, struct fault *);

#endif
