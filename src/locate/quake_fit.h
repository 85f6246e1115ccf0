/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * quake_fit.h - a place, depth and time of which seismometers' picks may be P
 * and S: who agrees, how well, and the density over the ground (quake.h). */
#ifndef LOCATE_QUAKE_FIT_H
#define LOCATE_QUAKE_FIT_H

#include "geo/frame.h"
#include "locate/bearing.h"

/* Nobody is asked beyond. */
#define QUAKE_RANGE_M 100e3
enum {
	QUAKE_DEPTHS = 11,
	QUAKE_UNKNOWNS = 6, /* east, north, depth in metres, then seconds, and
	                       what slowness and the ratio of S to P are off,
	                       as shares */
	QUAKE_MEMBERS = 48,
	QUAKE_EACH = 6,     /* picks of a station that are tried */
	QUAKE_STATIONS = 4, /* or one less, if each has both P and S */
	QUAKE_PAIRS = 2,    /* of both: all P may as well be all S, elsewhere */
	QUAKE_PICKS = QUAKE_STATIONS + QUAKE_PAIRS,
};
extern const double quake_depth_m[QUAKE_DEPTHS]; /* the first: the surface */

struct quake_felt { /* a pick that nothing explains */
	const struct bearing *of;
	double t_s; /* since the search's start */
	double ln_rate;
	size_t station;
	bool taken, seen;
};

struct quake_stand { /* a station near a trial */
	double x_m, y_m;
	struct quake_felt *pick[QUAKE_EACH];
	size_t picks;
};

struct quake_member {
	struct quake_felt *pick;
	double x_m, y_m, sigma_s;
	double wide; /* its sigma is so much wider, as it is far off */
	bool s; /* the wave */
};

struct quake_trial {
	struct frame frame;
	double u[QUAKE_UNKNOWNS];
	double cov_xx, cov_xy, cov_yy;
	double ln; /* Lambda; -INFINITY: nothing agrees */
	struct quake_member at[QUAKE_MEMBERS]; /* P before S of a station */
	size_t count, stations, pairs;
};

struct quake_view { /* of a place */
	double ln; /* of the density, half of it crust, half open ground */
	double ln_crust, ln_open;
	double t_s, var_t_s2; /* after the trial's time */
	double depth[QUAKE_DEPTHS]; /* shares */
};
void quake_density(const struct quake_trial *, double x_m, double y_m,
	struct quake_view *);

/* From where the trial stands to the best place nearby. */
void quake_climb(
	const struct quake_stand *, size_t count, struct quake_trial *);
bool quake_enough(const struct quake_trial *);

bool quake_may_be(const struct bearing *, bool s);
double quake_way(double x_m, double y_m, double z_m);
/* At the mean speeds. */
double quake_travel(double way_m, bool s);

#endif
