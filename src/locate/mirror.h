/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mirror.h - the other place that ears on a line allow. */
#ifndef LOCATE_MIRROR_H
#define LOCATE_MIRROR_H

#include "locate/origin.h"

/* An origin as reflected by the line through the ears that heard it: place and
 * time, good enough to climb from. */
struct origin mirror_of(const struct view *, const struct origin *);

#endif
