/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * threshold.h - the ratio S/L that noise alone passes no more often than the
 * sensor's quota of false alarms.
 *
 * A histogram of S/L while nothing is on.  Its tail above the 99 % point is
 * taken as exponential in q = ln(S/L); `on` is where that tail is passed as
 * often as the quota allows, never below ln 4 and never above ln 64
 * (WAVEFORM.md 3.1).  Sixteen bins an octave, their number read from the bits
 * of the ratio: no logarithm is taken of a sample. */
#ifndef DETECT_THRESHOLD_H
#define DETECT_THRESHOLD_H

#include "base/bytes.h"

enum { THRESHOLD_BINS = 224 }; /* 14 octaves from 2^-2 */

struct threshold {
	double on;    /* ln(S/L) */
	double slope; /* of white noise: mean of q beyond its 99 % point */
	uint32_t bin[THRESHOLD_BINS];
	uint32_t counted, fresh;
};

/* The level before there is a histogram: S of white noise is chi-square with
 * 4 B T_S degrees of freedom (Wilson and Hilferty 1931). */
void threshold_start(struct threshold *, double bandwidth_hz, double short_s,
	double false_per_hour);
/* One ratio; true when so many new ones came that it is time to refit. */
bool threshold_count(struct threshold *, float ratio);
/* tries_per_hour: independent ones.  Halves the past when `most` are in. */
void threshold_fit(struct threshold *, double tries_per_hour,
	double false_per_hour, double most);

#endif
