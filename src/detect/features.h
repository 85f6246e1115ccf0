/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * features.h - what a window says of the sound that begins in it.
 *
 * Two shapes are looked for in the samples as they came: the N of a body
 * faster than sound (Whitham 1952) and the blast of Friedlander, p = P (1 -
 * t/td) exp(-t/td) (WAVEFORM.md 3.8).  The duration is the one that explains
 * most of the energy; the fit is the share of the energy that it explains,
 * over half a duration more than an N and 4 td of a blast.  Of a made N the
 * blast explains less than the N, and the other way round (tests/
 * detect_shape.c); echoes and the ground make both fits worse. */
#ifndef DETECT_FEATURES_H
#define DETECT_FEATURES_H

#include "base/bytes.h"

enum { SHAPE_MAX = 1024 };

struct features {
	double amplitude;    /* largest, in units of the window */
	double snr_db;       /* power after the onset to power before */
	double frequency_hz; /* from the rate of change */
	int polarity;        /* of the first motion; 0: not clear */
};

struct pulse_shape { /* NAN: too short or too long to be seen */
	double n_fit, n_s;         /* 0..1; whole length */
	double blast_fit, blast_s; /* 0..1; td */
};

/* y[k] is the first sample of the sound; [k, end) is looked at.  floor: least
 * power of noise. */
void features_of(const double *y, size_t k, size_t end, double rate_hz,
	double floor, struct features *);

/* x[k] is about the first sample of the sound, what lies before is noise; end
 * is SHAPE_MAX at most. */
void features_shape(const double *x, size_t k, size_t end, double rate_hz,
	struct pulse_shape *);

#endif
