/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stack.h - rounds laid over each other: what repeats at many ears after the
 * same time is a burst, and is heard better together than round by round.
 *
 * Two rounds of one weapon in one place reach every ear the same time apart
 * (within 1 ms in the Pittsburgh set; docs/WAVEFORM.md 3.3), whatever the
 * path.  Chance and noise do not repeat so, nor does an echo come before the
 * sound it repeats.  A stack is the scene of the pairs that lie one such time
 * apart: each is one arrival, and in rank an earlier one of an ear stands
 * above a later one, as a louder above a weaker in a plain scene.  Where the
 * single rounds are lost among each other's echoes, the stack shows one
 * sound and little else.
 *
 * How likely the place is remains for the geometry to say: all ears repeat
 * the time apart, be they rightly placed or not. */
#ifndef LOCATE_STACK_H
#define LOCATE_STACK_H

#include "locate/hear.h"

enum { STACK_TRIES = 3 };

/* Rounds further apart are none of one burst; nearer, none at all
 * (docs/WAVEFORM.md 3.4). */
#define STACK_LONGEST_S 3.5
#define STACK_LEAST_S 0.05
/* Times apart within this of each other are one: 95 % of tagged pairs lie
 * within 3 ms of the median of their ears, at each of FP1..FP4. */
#define STACK_SAME_S 0.006

struct stack {
	struct scene scene; /* its picks are pairs, timed as their first */
	double apart_s;     /* 0: nothing repeats */
	double ln_chance;   /* ln of how much better than chance it repeats */
};

/* The time apart at which the picks of a view that are not gone repeat best,
 * none of `known`.  Lies in the arena. */
MUST_USE bool stack_make(const struct view *, const double *known,
	size_t known_count, struct arena *, struct stack *, struct fault *);

#endif
