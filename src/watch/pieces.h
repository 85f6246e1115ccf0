/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pieces.h - how late one source is in the course of time: pieces of one
 * lateness, and where it steps.
 *
 * An arrival is near the source's lateness b, or late by an echo, or chance;
 * b stays from sound to sound, creeps, or jumps at a price.  The likeliest
 * course is found exactly over a grid of b (Viterbi 1967): the sum of log
 * likelihood ratios that a CUSUM of each jump would reach, for all jumps at
 * once.  Arrivals are many and most are echoes, so single residuals decide
 * nothing. */
#ifndef WATCH_PIECES_H
#define WATCH_PIECES_H

#include "base/arena.h"
#include "watch/refit.h"

enum { PIECES_MAX = 16 };

struct piece {
	size_t from, to; /* sights */
	size_t hits;     /* with an arrival that follows the lateness */
	size_t heard;    /* with any arrival near */
	double late_s;   /* median of the hits'; NAN without */
	double gain;     /* ln likelihood of its lateness over lateness 0 */
};

/* sight: of one source, by time; late_s and near are set.  Returns how many
 * pieces; 0 if nothing can be said. */
MUST_USE bool pieces_find(struct sight *, size_t count, struct arena *,
	struct piece out[PIECES_MAX], size_t *pieces, struct fault *);

/* Whether a sight says anything. */
bool pieces_usable(const struct sight *);
/* Chance arrivals a second at a source. */
double pieces_rate(const struct sight *, size_t count);
/* ln likelihood of a sight if the source is late by late_s (over its lag),
 * over chance alone; the arrival that follows it, or -1.  wide_s is added to
 * the error. */
double pieces_gain(const struct sight *, double late_s, double wide_s,
	double rate, int *near);
/* Sorts; NAN of none. */
double pieces_median(double *, size_t);

#endif
