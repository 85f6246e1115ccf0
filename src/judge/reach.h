/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reach.h - how an incident's error lies to a line or zone.
 *
 * The posterior is a cloud of weighted samples on a plane about the
 * incident's centre (fixed.h), from the first of these that is there:
 *   cells of the place        as they are, each a uniform square;
 *   a finite ellipse          the normal it belongs to, as 16 x 16 normals of
 *                             0.35 sigma on a lattice of 0.5 sigma: the sum
 *                             differs from the normal by less than 1e-3
 *                             (exp(-2 pi^2 0.35^2/0.5^2), tests/judge.c);
 *   rings                     uniform, on a lattice of 20 x 20.
 * Each sample has its signed distance to the outline (below zero inside) and
 * how far it spreads along that direction, so that the share within a limit
 * is smooth and never falls when the limit grows.
 *
 * Samples lie in tiles of 16 neighbours.  A tile whose samples are all surely
 * on one side of the limit, by its middle's distance and its size, is not
 * looked into: a distance changes by no more than one moves.  So with single
 * samples, by the outline's point that is nearest to the centre and by a point
 * far behind the centre: between them they also hold the way on which a
 * sample's nearest point lies, and so how wide its normal is along it. */
#ifndef JUDGE_REACH_H
#define JUDGE_REACH_H

#include "judge/sight.h"

enum {
	CLOUD_MAX = REGION_CELLS_MAX,
	CLOUD_SCALE_ONE = 1024,
	CLOUD_TILE = 16, /* samples */
	CLOUD_TILES = CLOUD_MAX / CLOUD_TILE + 6, /* strips end in short ones */
	CLOUD_CORE = 8, /* a tile of more than an 8th of the weight */
	REACH_KNOWN = 8,
};

struct tile {
	size_t from, count;
	struct flat middle;
	int64_t middle_mm;            /* from the centre */
	int64_t radius_mm, spread_mm; /* no sample has more */
	int64_t weight;
};

struct cloud {
	bool known;
	bool filled;        /* samples in tiles; cloud_fill() */
	bool normal;        /* spread by the axes; else by half[] */
	bool narrow;        /* one axis little more than half the other */
	struct cloud *of;   /* this one is it at another scale; or NULL */
	int64_t scale;
	struct spot centre;
	struct flat at[CLOUD_MAX];
	int64_t half[CLOUD_MAX];
	int64_t weight[CLOUD_MAX], total;
	size_t count;
	struct tile tile[CLOUD_TILES];
	size_t tiles;
	struct flat axis[2]; /* of one sample's normal, 1 sigma */
	int64_t longer_mm, shorter_mm; /* of them */
	struct flat sigma[2]; /* of the whole normal */
	struct flat err[2];  /* semi-axes of the ellipse of level 0.9 */
	int64_t radius_mm;   /* beyond lies less than 4e-6: 5 sigma */
};

void cloud_of(const struct place *, struct cloud *);
/* Its samples, which nobody needs while the centre's distance decides. */
void cloud_fill(struct cloud *);
/* The same about its centre, bigger or smaller by scale/1024.  For "what if":
 * a normal is 8 x 8 normals of 0.7 sigma here, as true of straight borders.
 * It borrows the first. */
void cloud_scale(struct cloud *, int64_t scale, struct cloud *out);
/* Of the samples, at least so much weight lies within mm of the centre. */
int32_t cloud_within(const struct cloud *, int64_t mm);

/* That a share lies within low and high. */
struct hold {
	int32_t low, high;
};

/* A verdict asks no more than on which side of its standard a share lies. */
enum care {
	CARE_CENTRE, /* by the centre's distance alone */
	CARE_POINTS, /* samples by the two points whose distance is known */
	CARE_TILES,  /* by those of the tiles, and samples of the heaviest */
	CARE_FULL,
};

struct reach {
	bool sampled;       /* all of mm and spread are there */
	int64_t centre_mm;  /* signed distance of the centre */
	int64_t err_mm;     /* the ellipse's half width along it, level 0.9 */
	struct flat toward; /* from the nearest point of the outline */
	double *mm, *spread; /* of samples, whole; NULL until they are asked */
	bool thin;           /* some spread is 0 */
	int64_t tile_mm[CLOUD_TILES]; /* of its middle */
	bool met[CLOUD_TILES];
	/* Of a tile's samples those that matter are exact; the others have a
	 * bound that is as good for limits from good_mm[0] to [1]. */
	bool filled[CLOUD_TILES];
	uint16_t exact[CLOUD_TILES];
	int64_t good_mm[CLOUD_TILES][2];
	struct reach *base; /* of the cloud at its own scale; NULL: this */
	bool probed; /* a point on the far side, and its distance */
	struct flat far;
	int64_t far_mm;
	/* Of a tile's samples what those two points tell: that it lies no
	 * farther off than `most` and no nearer than `least`, and of a normal
	 * that it is no narrower than `slim` and no wider than `broad`. */
	bool spanned[CLOUD_TILES];
	double none_mm[CLOUD_TILES], all_mm[CLOUD_TILES]; /* limits of it */
	double *most, *least, *slim, *broad; /* whole; NULL until asked */
	/* What was found last: a share never falls as the limit grows, so it
	 * bounds those of other limits. */
	struct {
		int64_t limit_mm;
		struct hold is;
		enum care care;
	} known[REACH_KNOWN];
	size_t learned; /* of which the last REACH_KNOWN are kept */
};

/* How an outline is asked: of what cloud, with memory for what is found. */
struct asking {
	struct cloud *cloud;
	struct sight *sight; /* NULL: all samples are there */
	struct arena *scratch;
	struct fault *fault;
};

/* Room for the samples. */
MUST_USE bool reach_room(
	const struct cloud *, struct reach *, struct arena *, struct fault *);
/* The centre's distance; cheap. */
MUST_USE bool reach_centre(const struct asking *, struct reach *);
/* Distances from a single spot instead of an outline: the centre's, and of
 * all samples.  What was known of another spot is forgotten. */
void reach_spot_centre(const struct cloud *, struct spot, struct reach *);
void reach_spot(const struct cloud *, struct spot, struct reach *);
/* True when no sample can lie on the other side of the limit. */
bool reach_settled(const struct cloud *, const struct reach *, int64_t mm);
/* Share of the posterior no farther than limit, in millionths; from a spot,
 * whose samples are there unless it is settled without them. */
int32_t reach_spot_share(
	const struct cloud *, const struct reach *, int64_t limit_mm);
MUST_USE bool reach_share(const struct asking *, struct reach *,
	int64_t limit_mm, int32_t *share);

/* Is that share so much at least? */
MUST_USE bool reach_at_least(const struct asking *, struct reach *,
	int64_t limit_mm, int32_t ppm, bool *is);
/* That share, between two bounds. */
MUST_USE bool reach_hold(const struct asking *, struct reach *,
	int64_t limit_mm, enum care, struct hold *);

#endif
