/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_scene.h - what the parts of the associator share.
 *
 * A channel is one phase at one source; its picks lie together, by time, and
 * an index by equal steps of time finds the first after a moment at once.
 * Ground is cut into tiles; each knows the channels that can hear it.
 *
 * Scores are integers, ASSOC_UNIT to a nat: sums of them do not depend on
 * their order.  A source's strength is not known, so each score is had for
 * ASSOC_REACHES strengths (how far the sound carries) side by side. */
#ifndef LOCATE_ASSOC_SCENE_H
#define LOCATE_ASSOC_SCENE_H

#include "locate/assoc.h"

enum {
	ASSOC_REACHES = 4,
	ASSOC_STEPS = 64,  /* of distance in the tables */
	ASSOC_CLASSES = 4, /* of how much a channel hears of what it could */
	ASSOC_UNIT = 1024,
	ASSOC_NONE = -1,
};

typedef int32_t lanes __attribute__((vector_size(4 * ASSOC_REACHES)));

struct channel {
	double x_m, y_m, z_m;
	uint32_t source;
	uint8_t phase, hears; /* hears: class */
	uint32_t first, count; /* picks */
	uint32_t index;        /* of its first bucket */
	double per_s;          /* buckets a second; 0: no picks */
	double gap_s;          /* silent for longer: it did not work */
};

struct arrival {
	double t_s;
	int32_t gain;    /* -ln rate of false ones */
	float sigma_s;   /* of the pick */
	float az, sigma_az; /* radians; FAR only */
	float level_db;
	uint32_t given;  /* the caller's number */
	bool gone;
	bool far; /* fits a sound from beyond the range: no clutter */
};

struct sums { /* of one phase and class, by steps of distance */
	lanes pd[ASSOC_STEPS + 2]; /* ln Pd */
	lanes not[ASSOC_STEPS + 2]; /* ln(1 - Pd) */
};

struct law { /* by steps of distance; see assoc_scene.c */
	double step_m;
	double tol_s[ASSOC_STEPS + 2]; /* what a residual may be */
	int32_t peak[ASSOC_STEPS + 2]; /* ln of the density at its best */
	int32_t blur[ASSOC_STEPS + 2]; /* of a leaf; see struct seen */
	double late_s;                 /* and how much later still */
	struct sums sums[ASSOC_CLASSES];
};

struct tile {
	double x_m, y_m; /* its middle */
	uint32_t first, count; /* of its channels in scene.hear */
};

struct assoc_scene {
	const struct assoc_model *model;
	struct frame frame;
	bool far_off;     /* distances need the geodesic */
	unsigned phases;
	double span_s;    /* picks lie in [0, span] */
	double start_s;   /* of the caller's time */
	double ground_m;  /* mean height of the sources */
	double top_m, bottom_m; /* of where sources can be, heights */
	struct channel *channel;
	size_t channels;
	struct arrival *arrival;
	size_t arrivals;
	double *when;     /* of the arrivals, beside them: read most of all */
	uint32_t *bucket;
	struct law law[ASSOC_PHASES];
	struct tile *tile;
	size_t tiles;
	double tile_m;
	double half_m, half_z_m; /* of a tile, and of its layers */
	uint16_t layers;
	uint32_t *hear;   /* channels, by tile */
	size_t most;      /* channels of one tile */
};

struct block {
	double x_m, y_m, z_m, half_m, half_z_m;
};

struct path { /* from a place to a channel */
	double d_m;      /* length */
	double t_s;
	double part[3];  /* of t_s by x, y, z of the source */
	double az;       /* from the channel to the place, radians */
};

MUST_USE bool assoc_scene_make(const struct assoc_model *,
	const struct assoc_source *, size_t sources,
	const struct assoc_pick *, size_t picks, struct arena *,
	struct assoc_scene *, struct fault *);
/* Rates of false picks: the share of those not gone that is thought false. */
void assoc_rates(struct assoc_scene *, double share);

/* part and az only when asked for. */
void assoc_path(const struct assoc_scene *, const struct channel *, double x_m,
	double y_m, double z_m, bool parts, struct path *);

/* One sigma of an arrival, but for the speed of sound and the wind. */
double assoc_sigma(const struct assoc_scene *, const struct channel *,
	const struct arrival *, double t_s);
/* ln of the density, 1/s, of an arrival that is r late on a path. */
double assoc_density(const struct assoc_scene *, const struct channel *,
	const struct arrival *, const struct path *, double r_s);

/* The first pick of a channel at or after a moment. */
static inline uint32_t channel_from(
	const struct assoc_scene *s, const struct channel *c, double t_s)
{
	uint32_t i, end = c->first + c->count;

	if (c->count == 0)
		return end;
	if (t_s <= 0)
		return c->first;
	if (t_s > s->span_s)
		return end;
	i = s->bucket[c->index + (uint32_t)(t_s * c->per_s)];
	while (i < end && s->when[i] < t_s)
		i++;
	return i;
}

/* Whether its silence in [from, to] says anything; i: channel_from(from). */
static inline bool channel_works(const struct assoc_scene *s,
	const struct channel *c, uint32_t i, double to_s)
{
	double before, after;

	if (c->count == 0)
		return true;
	before = i > c->first ? s->when[i - 1] : -c->gap_s / 2;
	after = i < c->first + c->count ? s->when[i]
					: s->span_s + c->gap_s / 2;
	return after <= to_s || after - before < c->gap_s;
}

/* Where [from, to] in time and a cell can hold an incident. */
struct run {
	double from_s, to_s;
	int32_t best;
};
enum { ASSOC_RUNS = 64, ASSOC_BINS = 512 };

/* A channel seen from a block: the shortest travel less the tolerance, the
 * longest with it and lateness; steps of distance to its near and far side. */
struct seen {
	float least_s, most_s;
	int16_t az, half_az; /* of FAR; milliradians */
	int16_t blur;      /* what a hit is worth less, in so large a block */
	uint8_t near, far; /* ASSOC_UNSEEN: out of range */
};
enum { ASSOC_UNSEEN = 255 };

struct bounds { /* rooms of assoc_bound.c */
	lanes *sum;
	struct seen *seen;
	uint64_t *key;
	size_t slots;
};
MUST_USE bool assoc_bounds(const struct assoc_scene *, struct arena *,
	struct bounds *, struct fault *);

int16_t assoc_blur(
	const struct assoc_scene *, int phase, size_t step, double tol_s);

/* Runs of origin times whose bound passes floor; at most ASSOC_RUNS.  key: a
 * number that is the block's alone. */
size_t assoc_runs(const struct assoc_scene *, struct bounds *,
	const struct tile *, const struct block *, uint64_t key,
	struct run span, int32_t floor, struct run *);
/* Width of the bins that a cell wants. */
double assoc_bin_s(const struct assoc_scene *, const struct block *);

struct origin_of {
	double x_m, y_m, z_m, t_s;
	double score;
	int32_t key; /* as if all residuals were nought: what bounds bound */
	double sigma_t_s, sigma_z_m, cov_xx, cov_xy, cov_yy;
	double rms_s,vol;
	int reach;
	size_t picks, sources;
	size_t of_phase[ASSOC_PHASES];
};

/* Climbs from a start whose travel times are good to start_s; gives up when
 * no key above floor is in sight.  choice: the arrival or ASSOC_NONE, by
 * channel of the tile. */
bool assoc_climb(const struct assoc_scene *, const struct tile *,
	double start_s, int32_t floor, int32_t *choice, struct origin_of *);

#endif
