/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wave.h - samples made fit to be drawn: a band of them, and as few points as
 * show the same. */
#ifndef PUBLISH_WAVE_H
#define PUBLISH_WAVE_H

#include <stdbool.h>
#include <stddef.h>

struct wave_point {
	double x, y;
};

/* x, in place, between two corners: second-order Butterworth each, bilinear,
 * run forward only, so nothing shows before it came.  Begins as if the first
 * value had always been.  A corner that is not above 0, or not below 0.45 of
 * the rate, is left out; without any the mean goes. */
void wave_band(
	double *x, size_t n, double rate_hz, double low_hz, double high_hz);

/* How many points wave_thin() makes at most of n samples over so many px. */
size_t wave_room(size_t n, double step_px);
/* Samples at x0, x0 + step_px, ... : each as it is where they lie half a
 * pixel apart or more; else the least and the most of each pixel, in the
 * order in which they came.  Returns how many. */
size_t wave_thin(const double *v, size_t n, double x0, double step_px,
	struct wave_point *);

#endif
