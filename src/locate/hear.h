/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hear.h - who listened, and what they heard: the scene of one island of
 * arrivals, and the view of it from one tile of ground.
 *
 * A scene holds every working acoustic source with a known place (an ear) and
 * every arrival (a pick), by ear, then time.  A view holds the ears that a
 * source of sound in one tile could reach, in metres of a frame at the
 * tile's middle, and the part of their picks that a stretch of origin times
 * could have made.  All work is done in views, so its cost is local.
 *
 * Travel time (docs/WAVEFORM.md 3.3): t = t0 + d/v + noise, d in three
 * dimensions, v = c + w.u - |w x u|^2/2c (second order in the wind; without
 * it 4 ms off at 3 km across 10 m/s).
 *   sigma^2 = pick^2 + clock^2 + (position/c)^2 + path^2 + (alpha d)^2
 * A residual is normal, or late by an echo or a corner: never early. */
#ifndef LOCATE_HEAR_H
#define LOCATE_HEAR_H

#include "base/arena.h"
#include "locate/lee.h"
#include "locate/locate.h"
#include "locate/nearby.h"

enum { HEAR_REACHES = 5, HEAR_STEPS = 96, HEAR_NONE = -1,
	HEAR_LOUDNESSES = 32 };

/* One sigma an axis of a sensor's place of which sensors.csv does not say how
 * good it is.  The GPS commits itself to 8 m at 95 % (SPS Performance Standard
 * 2020), 3.3 m an axis, of open sky; what is read off a map or a phone under
 * trees is worse, and nobody said which. */
#define HEAR_PLACE_UNKNOWN_M 5.0

/* Two arrivals of one ear this near in level are as loud as each other:
 * rounds of one weapon differ by 1 dB at most ears (Pittsburgh, FP1, FP2). */
#define HEAR_LOUD_DB 2.0
/* What one as loud counts as clutter: it may be the next round. */
#define HEAR_AGAIN 0.3

struct air { /* mean and one sigma */
	double c_ms, sigma_c_ms;
	double east_ms, north_ms, sigma_w_ms; /* where the wind blows to */
};

struct ear {
	const struct source *source;
	size_t first, count; /* its picks */
	double place_err_m;
	struct point at;
	double cos_lat;
};

struct pick {
	const struct detection *detection;
	size_t ear;
	double t_s;     /* since the scene's start */
	double sigma_s; /* pick and clock */
	double clock_s; /* the clock's part of it */
	double level_db; /* NAN not known */
	bool calibrated; /* level_db is of sound pressure */
	bool gone;      /* used by an incident, or the coda of one */
	bool far;       /* fits one from beyond the range of hearing: no
	                   evidence, and no clutter either */
};

/* Probability that a working ear reports a sound, by distance and by reach
 * (how far the sound carries: the source's strength, as far as an uncalibrated
 * network can know it). */
struct reach {
	double ln_pd[HEAR_REACHES][HEAR_STEPS + 2];
	double ln_not[HEAR_REACHES][HEAR_STEPS + 2];
	double step_m;
};

struct rivals;

struct scene {
	const struct network *net;
	const struct rivals *rivals; /* when all sounds are taken; or NULL */
	struct instant start;
	struct ear *ear;
	size_t ears;
	struct nearby nearby; /* ears */
	struct pick *pick;
	size_t picks;
	double range_m;  /* nothing is heard beyond, but down the wind */
	double far_m;    /* views hold ears so far off; range_m if no wind */
	double path_s;   /* one sigma of the path, constant for place and ear */
	double late;     /* share of arrivals that come late */
	double late_s;   /* mean of their delay */
	double left_hz[HEAR_LOUDNESSES]; /* scene_left(); 0 before */
	struct reach reach;
};

struct post { /* an ear in the view's frame */
	double x_m, y_m, z_m;
	size_t ear;
	size_t first, end; /* picks of the view's stretch of time */
	double ln_rate;    /* least of its picks' */
	double place_s;    /* position error as time */
	double ln_peak;    /* of a pick's density, 1/s, at its best */
	double tol_s;      /* three sigma; both by view_hopes() */
	double air;        /* 1.5 sigma of the air, a second */
	double gain, d_m;  /* scratch of origin.c */
	double as_m;       /* as far as it seems in the wind */
};

struct view_room { /* what a view is made in; one at a time */
	struct post *post; /* as many as there are ears */
	double *ln_rate;   /* as many as there are picks */
	uint32_t *ear;
};

struct view {
	const struct scene *scene;
	struct frame frame;
	struct air air;
	double half_m;
	double from_s, to_s; /* origin times */
	struct post *post;
	size_t posts;
	double *ln_rate; /* of false arrivals as loud as a pick, 1/s; of the
	                    posts' picks only */
	double least_sigma_s;  /* of any arrival */
	double z_m, sigma_z_m; /* of the ground hereabouts */
	const struct lee *lee; /* NULL: the wind carries no sound */
};

/* Longest distance at which the mission's acoustic sources hear, metres. */
double hear_range_m(const struct mission *);

MUST_USE bool scene_make(const struct network *, const struct detection *,
	size_t count, struct arena *, struct scene *, struct fault *);

/* Its reaches anew, with such a Pd at hand; scene_make() takes that of a node
 * of which nobody knows. */
void scene_reach(struct scene *, double pd_near);

/* How often an ear heard what no sound explains, as loud as that and louder,
 * by hear_loudness(): when all sounds are taken. */
void scene_left(struct scene *);
/* Levels in steps of 3 dB from 48 dB on.  What is not known to be a pressure
 * is clutter to all, and all is clutter to it: the step of an arrival, and the
 * step that it counts in where it is clutter. */
int hear_loudness(const struct pick *);
int hear_clutter_at(const struct pick *);

/* The first pick of an ear that is not before a moment. */
size_t scene_first(const struct scene *, const struct ear *, double t_s);

MUST_USE bool view_room(const struct scene *, struct arena *,
	struct view_room *, struct fault *);
/* A view onto a box of ground of half side half_m about a place. */
void view_make(const struct scene *, const struct view_room *, struct point,
	double half_m, double from_s, double to_s, struct view *);
/* What its posts promise a search: ln_peak, tol_s. */
void view_hopes(const struct view *);
/* An ear in a frame: as frame_to() has it. */
struct xy view_ear(const struct frame *, const struct ear *);

/* A report speaks for so long before and after it. */
#define AIR_S (3 * 3600.0)
/* Air at a place and time, from the weather rows or from a wide prior. */
struct air air_at(const struct network *, struct instant, struct point);

/* One sigma of an arrival over a distance. */
double hear_sigma_s(const struct view *, const struct post *,
	const struct pick *, double d_m);
/* One sigma of what turbulence does to it. */
double hear_air_s(double d_m);
/* ln of the density, 1/s, of a residual; with *pull, the weight that makes a
 * normal equation climb it: -(d ln p/dr) sigma^2 / r. */
double hear_density(
	const struct scene *, double r_s, double sigma_s, double *pull);
/* That weight alone. */
double hear_pull(const struct scene *, double r_s, double sigma_s);
/* The density itself, 1/s, for a share and mean of late arrivals. */
double hear_late_density(double late, double late_s, double r_s,
	double sigma_s, double *pull);
/* Whether a source is quarantined: neither believed nor missed. */
bool hear_doubted(const struct network *, const char *id, struct instant);
/* How much one arrival of an ear speaks for chance as the cause of another:
 * fully if louder or of unknown level, not at all if weaker. */
static inline double hear_clutter(double level_db, double of_db)
{
	if (level_db < of_db - HEAR_LOUD_DB)
		return 0;
	return level_db <= of_db + HEAR_LOUD_DB ? HEAR_AGAIN : 1;
}

/* Height of the ground at a point of the frame, and its sigma. */
void view_ground(const struct view *, double x_m, double y_m, double *z_m,
	double *sigma_m);

#endif
