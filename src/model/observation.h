/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * observation.h - one thing one source said of one moment.
 *
 * What formats make and detectors read.  The common part (who, when, where,
 * how many) has its own members; all else is a short list of named numbers
 * (features) and named words (attributes), each in the units its name ends
 * in, so a new format needs no new struct.  Names in use: docs/names.md.
 * A number that is not known is left out of the list, or NAN; never 0. */
#ifndef MODEL_OBSERVATION_H
#define MODEL_OBSERVATION_H

#include "base/instant.h"
#include "base/sha256.h"
#include "geo/place.h"
#include "model/count.h"

enum observation_what {
	OBSERVATION_ARRIVAL,  /* of a sound, picked by the sensor itself */
	OBSERVATION_HEAT,     /* a satellite's fire pixel */
	OBSERVATION_TRACK,    /* a point of a track: vehicle, drone, vessel */
	OBSERVATION_FOOTPRINT, /* ground that a camera or satellite looked at */
	OBSERVATION_GNSS,     /* a receiver's own quality figures */
	OBSERVATION_STATUS,   /* heartbeat, estimator, battery, clock */
	OBSERVATION_WEATHER,
	OBSERVATION_REPORT,   /* what a person or camera operator reported */
	OBSERVATION_NOTICE,   /* activity notified by a party beforehand */
	OBSERVATION_CLAIM,    /* what a party says */
	OBSERVATION_SHAPE,    /* line or zone of a geometry file */
	OBSERVATION_SURVEY,   /* surveyed place of a sensor or a test shot */
	OBSERVATION_GAP,      /* what was lost before it came */
	OBSERVATION_PHOTO,    /* its size; time and position as claimed */
	OBSERVATION_COUNT,
};
const char *observation_what_name(enum observation_what);

struct feature { /* a named number; the unit ends the name */
	const char *name;
	double value;
};

struct attribute { /* a named word or sentence */
	const char *name;
	const char *text;
};

struct cite { /* where in the received bytes this was said */
	struct digest blob; /* SHA-256 of the whole file or packet */
	uint64_t offset, length;
};

struct observation {
	enum observation_what what;
	const char *source;    /* "" when the format does not say */
	struct instant at;     /* as the sender's clock said */
	double sigma_s;        /* of `at`; NAN not known */
	struct instant until;  /* of an interval; INSTANT_UNKNOWN: a moment */
	struct instant received; /* as the file states; INSTANT_UNKNOWN */
	enum kind kind;        /* KIND_UNKNOWN unless it says */
	struct count count;
	struct place place;    /* footprint and sector are in its region */
	const struct feature *feature;
	size_t feature_count;
	const struct attribute *attribute;
	size_t attribute_count;
	struct cite cite;      /* offset and length; blob is set by intake */
};

/* An observation of which nothing is known yet. */
struct observation observation_new(enum observation_what);
/* NAN, or NULL, when not in the list. */
double feature_of(const struct feature *, size_t count, const char *name);
const char *attribute_of(
	const struct attribute *, size_t count, const char *name);

#endif
