/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * segment.h - an unbroken run of samples from one channel of one sensor.
 *
 * Samples are counts (int32) or floats; physical = sample x scale, in Pa or
 * m/s when the scale is known (NAN: uncalibrated).  They are borrowed from
 * whoever made the segment until that maker's next call. */
#ifndef MODEL_SEGMENT_H
#define MODEL_SEGMENT_H

#include "model/observation.h"

enum segment_flag {
	SEGMENT_CLIPPED = 1 << 0,
	SEGMENT_LEAP_SECOND = 1 << 1,   /* one falls within */
	SEGMENT_TIME_DOUBTFUL = 1 << 2,
	SEGMENT_CORRECTED = 1 << 3,     /* a clock correction is in `start` */
	SEGMENT_EVENT = 1 << 4,
};

struct segment {
	const char *channel;  /* "XX_STA_00_H_D_F" (FDSN source id without its
	                         "FDSN:"), or the source's id */
	struct instant start; /* of the first sample */
	double rate_hz;       /* in (0, 1e6] */
	size_t count;         /* 0: header only, see `declared` */
	size_t declared;      /* samples that the header announces */
	const int32_t *counts; /* one of the two, or neither when scanning */
	const float *values;
	double scale;         /* to Pa or m/s; NAN not known */
	double time_quality;  /* percent, NAN not known */
	unsigned flags;       /* of enum segment_flag */
	struct cite cite;
};

static inline double segment_sample(const struct segment *s, size_t i)
{
	return s->counts ? (double)s->counts[i] : (double)s->values[i];
}

/* Time of sample i; i = count is the end. */
struct instant segment_time(const struct segment *, size_t i);

#endif
