/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fit.h - how the arrivals at each source agree with one located sound.
 *
 * locate/ makes a fit beside each incident of sound; watch/ judges the sources
 * by many of them.  It holds what is needed to solve for the origin again
 * without one source: travel times made linear about the solution.  Arrivals
 * near the expected time are all there, not only the one that was used: those
 * of a clock far off fit none.  It is no record: another program may make
 * others. */
#ifndef MODEL_FIT_H
#define MODEL_FIT_H

#include "model/id.h"

/* East and north of the source of sound (m), its time (s), sound speed and
 * wind to the east and north (m/s), its height (m). */
enum { FIT_UNKNOWNS = 7, FIT_NEAR_MAX = 16 };
/* Arrivals within it, before or after the expected one, are near: a leap
 * second and some. */
#define FIT_NEAR_S 1.35

struct near { /* an arrival near the expected time */
	const char *detection; /* its id */
	struct instant at;
	double offset_s;       /* arrived less expected */
	double sigma_s;        /* of the pick and the clock */
	double level_db;       /* NAN not known */
	double polarity;       /* of first motion: -1, 1; NAN not known */
};

struct hearing { /* of one source that could have heard */
	const char *source;
	double east, north; /* of the unit vector from the sound to it */
	double d_m, travel_s;
	double part[FIT_UNKNOWNS]; /* of the expected time, by unknown */
	double sigma_s;  /* of an arrival: pick, clock, place, path, air */
	double weight;   /* robust, of the used arrival: 1 in full */
	double pd;       /* probability that a working source reports it */
	int used;        /* which of `near` the solution rests on; -1 none */
	const struct near *near; /* by time */
	size_t near_count;
};

enum phase {
	PHASE_AIR, /* sound, at a seismometer or a lone infrasound sensor */
	PHASE_P,
	PHASE_S,
	PHASE_FAR, /* sound, at an array */
	PHASES,
};

/* As docs/names.md has it: A, P, S, I. */
static inline const char *phase_name(enum phase p)
{
	static const char *const names[PHASES] = {"A", "P", "S", "I"};

	return names[p];
}

struct far { /* what another than a node heard of it */
	const char *source, *detection;
	enum phase phase;
	struct instant at;
	double d_m, travel_s;
	double late_s, sigma_s;  /* arrived less expected */
	double back_azimuth_deg; /* of an array; else NAN, as these: */
	double off_deg, sigma_deg; /* less expected; its sigma */
	double weight; /* probability that it is of this sound */
};

struct fit {
	struct instant at;
	double lat_deg, lon_deg;
	double sigma_m;    /* of the place, larger axis */
	double path_s;     /* sigma of a path, constant for place and source */
	double prior_off[FIT_UNKNOWNS];   /* prior's mean less solution */
	double prior_sigma[FIT_UNKNOWNS]; /* INFINITY: none */
	const struct hearing *hearing;    /* by source id */
	size_t hearing_count;
	const struct far *far; /* lives as long as the call that gives it */
	size_t far_count;
};

struct fits {
	bool (*put)(void *self, const struct fit *, struct fault *);
	void *self;
};

#endif
