/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * onset.h - when exactly, in a window of samples about a trigger.
 *
 * AIC of Maeda (1985, Zisin 38): at which sample do two variances explain the
 * window best; the spread comes from the same curve. */
#ifndef DETECT_ONSET_H
#define DETECT_ONSET_H

#include "base/bytes.h"

enum { ONSET_MAX = 8192 }; /* samples of a window */

/* Samples [0, n) of x through a second-order high-pass and low-pass
 * (gains_poles()), as if x[0] had been there for ever; y may be x.  In
 * doubles: at 12 kHz the poles lie too near the unit circle for floats. */
void onset_filter(const double *x, size_t n, double low_hz, double high_hz,
	double rate_hz, double *y);

struct onset_window {
	const double *y;
	size_t n;     /* 24 to ONSET_MAX */
	double floor; /* no variance is less */
	double share; /* of the samples that are independent: 2 B dt */
};

/* The first sample of the louder part, and one sigma of it in samples. */
size_t onset_find(const struct onset_window *, double *sigma);

#endif
