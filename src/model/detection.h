/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detection.h - a claim that something stood out at one source.
 *
 * It says nothing of cause.  A report, heat pixel, track event or image that
 * an incident cites is a detection too.  Immutable: a better clock or weather
 * makes new versions of incidents, not of detections. */
#ifndef MODEL_DETECTION_H
#define MODEL_DETECTION_H

#include "base/tree.h"
#include "model/fields.h"
#include "model/id.h"
#include "model/observation.h"

struct detection {
	struct id id;
	const char *source;
	enum modality modality;
	const char *detector; /* which made it, "stalta" */
	struct instant at;    /* arrival, look, report */
	double sigma_s;
	struct instant until; /* of an interval; INSTANT_UNKNOWN: a moment */
	enum kind kind;
	struct count count;   /* what the source says; COUNT_NOT_STATED */
	double amplitude;     /* Pa or m/s if calibrated, else counts; NAN */
	double frequency_hz, snr; /* snr: power ratio, dB */
	double back_azimuth_deg, slowness_s_per_km, sigma_az_deg; /* arrays */
	struct place place;   /* of its subject; unknown for one arrival */
	const struct feature *feature;
	size_t feature_count;
	const struct attribute *attribute;
	size_t attribute_count;
	struct cite cite;
};

struct detection detection_new(void);
/* Sets the id from source, modality, time, kind, cite. */
void detection_name(struct detection *);
/* By time, then id. */
int detection_order(const struct detection *, const struct detection *);

MUST_USE bool detection_write(
	const struct detection *, struct fields *, struct fault *);
MUST_USE bool detection_read(const struct tree *, struct arena *,
	struct detection *, struct fault *);

/* Where detections go. */
struct detections {
	bool (*put)(void *self, const struct detection *, struct fault *);
	void *self;
};

#endif
