/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bearing.h - what others than the nodes heard: detections of arrays, with a
 * back azimuth, and picks of seismometers and lone infrasound sensors.  Each
 * is a few numbers, with the phases that it may be and how often its source
 * says such things. */
#ifndef LOCATE_BEARING_H
#define LOCATE_BEARING_H

#include "locate/hear.h"
#include "model/fit.h"

/* About: so far to each side, of an array and of a picker. */
#define BEARING_ARRAY_S (6 * 3600.0)
#define BEARING_PICK_S 3600.0

struct bearing {
	struct id id; /* of the detection */
	const struct source *source; /* an array's: its first element */
	enum modality modality;
	struct instant at;
	double sigma_s;
	double back_azimuth_deg, sigma_az_deg; /* NAN unless an array's */
	unsigned phases; /* bits 1 << enum phase */
	double peak_ms;  /* of the ground, m/s; NAN not known */
	double snr_db;   /* NAN not known */
	double rate_hz;  /* of others of its source about that time */
	size_t end;      /* of its source's, in the list */
};

struct bearings { /* by source, arrays' own last, then time, then id */
	const struct bearing *at;
	size_t count;
};

/* false when a detection is none: of a node, or of an unknown place. */
bool bearing_of(
	const struct detection *, const struct mission *, struct bearing *);
/* Into their order, doubles out, rates set.  Returns how many are left. */
size_t bearings_sort(struct bearing *, size_t count);

/* Whether it has a back azimuth. */
static inline bool bearing_is_array(const struct bearing *b)
{
	return isfinite(b->back_azimuth_deg);
}

#endif
