/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audible.h - how likely it is that just these ears told of a sound, were it
 * at a place: who heard it, who listened and told of nothing, in the wind
 * (lee.h) or, one time in ten, as if that bent no sound; summed over how far it
 * may carry (hear.h, reaches).  What an ear told of may be of something else:
 * with what odds, the place says, since who stands far away missed it easily.
 */
#ifndef LOCATE_AUDIBLE_H
#define LOCATE_AUDIBLE_H

#include "locate/origin.h"

struct audible {
	const struct view *view;
	const struct origin *origin;
};

/* ln of the probability, but for a constant; odds[], by hearer in the order of
 * the view's posts: that it missed the sound, to that it told of it. */
double audible_ln(const struct audible *, struct xy, double *odds);

#endif
