/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * told.h - sounds of which an alert was given, and whose later arrivals are
 * theirs.
 *
 * When a front runs over a thousand nodes, the first dozen say where it began;
 * the others are not looked at again, or each look would be at all of them.  An
 * arrival is of a told sound when it comes when that sound would: at first at
 * any speed between SLOW_MS and FAST_MS, then at the mean slowness of three
 * earlier arrivals in the same octant.  Each source gives a sound one arrival,
 * and what follows within ECHO_S is its echo.  So of shots from one place
 * within about a second only the first is told: what stands is the replay's. */
#ifndef ROLES_TOLD_H
#define ROLES_TOLD_H

#include "geo/frame.h"
#include "model/incident.h"
#include "model/mission.h"

enum { TOLD_MAX = 1024, TOLD_OCTANTS = 8 };

struct told_sound {
	uint32_t number; /* from 1; 0: none */
	uint32_t version; /* of its alert */
	size_t told;     /* of them, when it was looked at last */
	size_t claimed;  /* all that are its own */
	struct instant at;
	struct xy xy;
	double err_s;    /* of the time at which it should arrive somewhere */
	double slowness[TOLD_OCTANTS]; /* s/m, mean */
	unsigned learnt[TOLD_OCTANTS];
	uint8_t *heard;  /* a bit for each source that gave it an arrival */
};

struct told {
	const struct mission *mission;
	struct frame frame;
	struct xy *source; /* of the mission's sources */
	double reach_s;    /* no sound is older where it arrives */
	struct told_sound *sound; /* by number modulo TOLD_MAX */
	uint32_t last;     /* number */
};

struct told_near { /* to a source */
	uint32_t source; /* + 1; 0: there are no more */
	float m;
};

MUST_USE bool told_open(struct told *, const struct mission *, double reach_s,
	struct arena *, struct fault *);
/* For each source of the mission the nearest microphones, itself among them,
 * `most` of them, the nearest first. */
void told_nearest(const struct told *, struct told_near *, size_t most);
/* A new one; the oldest is forgotten. */
struct told_sound *told_new(struct told *);
/* Where it is now known to be; what was learnt of its speed is forgotten. */
void told_place(struct told *, struct told_sound *, const struct incident *);
/* An arrival that it rests on. */
void told_give(struct told *, struct told_sound *, const struct source *,
	struct instant);
/* The sound that an arrival is of, which has it then; NULL: of none. */
struct told_sound *told_claim(
	struct told *, const struct source *, struct instant);

/* Between two sources, by their places in the mission; NAN: not known. */
static inline double told_apart_m(const struct told *t, size_t a, size_t b)
{
	double x = t->source[a].x_m - t->source[b].x_m;
	double y = t->source[a].y_m - t->source[b].y_m;

	return sqrt(x * x + y * y);
}

#endif
