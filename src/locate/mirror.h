/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mirror.h - the other place that ears on a line allow.
 *
 * Ears that stand nearly on a line hear a sound from either side of it alike,
 * and what few others heard and did not hear decides.  The search states the
 * better side; where the other may be as well, the region has to hold both. */
#ifndef LOCATE_MIRROR_H
#define LOCATE_MIRROR_H

#include "locate/posterior.h"

/* A place is beyond a hill, no part of it. */
bool mirror_apart(const struct posterior_peak *hill, double x_m, double y_m);
/* As reflected by the line of the ears that heard it. */
struct posterior_peak mirror_of(const struct view *, const struct origin *);
/* The same, if they are few of many that may have heard it and the field, which
 * is about the origin, hardly speaks against it. */
bool mirror_hint(const struct view *, const struct origin *,
	const struct posterior_field *, struct posterior_peak *);
/* To the field's top hereabouts; false: it is no other hill, or none to speak
 * of. */
bool mirror_climb(const struct posterior_field *, struct posterior_peak *);

#endif
