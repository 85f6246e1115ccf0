/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * residual.h - what an accepted origin says of those who heard it: a fit
 * (model/fit.h) for those who judge the sensors. */
#ifndef LOCATE_RESIDUAL_H
#define LOCATE_RESIDUAL_H

#include "locate/origin.h"
#include "model/fit.h"

/* Puts the fit of an origin to network.fits, if that is asked for; before its
 * picks are gone. */
MUST_USE bool residual_put(const struct view *, const struct origin *,
	struct arena *, struct fault *);

#endif
