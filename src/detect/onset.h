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
/* What to multiply that sigma with, by the onset's snr and the lower edge of
 * its band: fitted to 15,000 simulated onsets at 80 to 500 Hz, sharp and
 * emergent, in white and red noise.  The curve is too sure of low bands, where
 * what emerges slowly is picked late, and too cautious of high ones.  On
 * 15,000 others the standard deviation of error / sigma is 0.9 to 1.1 in each
 * bin of snr (tests/detect_onset.c); the errors have heavier tails than a
 * normal distribution's: two in three lie within 0.6 sigma at 10 dB. */
double onset_error(double snr_db, double low_hz);

#endif
