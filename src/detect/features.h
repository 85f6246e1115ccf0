/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * features.h - what a filtered window says of what begins in it. */
#ifndef DETECT_FEATURES_H
#define DETECT_FEATURES_H

#include "base/bytes.h"

struct features {
	double amplitude;    /* largest, in units of the window */
	double snr_db;       /* power after the onset to power before */
	double frequency_hz; /* from the rate of change */
	int polarity;        /* of the first motion; 0: not clear */
};

/* y[k] is the first sample of the sound; [k, end) is looked at.  floor: least
 * power of noise. */
void features_of(const double *y, size_t k, size_t end, double rate_hz,
	double floor, struct features *);

#endif
