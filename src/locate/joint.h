/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * joint.h - what others than the nodes heard of one sound: arrays of
 * infrasound or seismometers, with a back azimuth; P, S and the air wave at
 * seismometers and lone infrasound sensors (docs/WAVEFORM.md 3.7).
 *
 * Each is a bearing: a detection with the phases that it may be.  Those that
 * agree with a located sound, each source's best of each phase, become terms
 * of its posterior:
 *
 *   array, sound    azimuth: von Mises about where the wave front's middle
 *                   is (the wind carries it), sigma^2 = stated^2 + 1 deg^2 +
 *                   cross wind aloft^2; time: straight through the air, or
 *                   the celerities of InfraPy (after Blom 2015), by range
 *   array, ground   azimuth; time as P or S
 *   air wave        as at a node, and what soil adds
 *   P, S            5.5 +- 0.5 and 3.3 +- 0.3 km/s
 *
 * Each term is a mixture with chance, so a wrong one cannot turn the region.
 * Agreement: ln[Pd p(time) p(azimuth) / rate of chance] of at least 3.  The
 * silence of these sources counts for nothing: their Pd is not known. */
#ifndef LOCATE_JOINT_H
#define LOCATE_JOINT_H

#include "locate/bearing.h"
#include "locate/origin.h"

enum { JOINT_TERMS = 24 };

struct joint_term { /* one that agrees, and as what */
	const struct bearing *of;
	enum phase phase;
	struct post post; /* its source, in the view's frame */
	double ratio;     /* ln, over chance */
};

struct joint {
	struct joint_term at[JOINT_TERMS]; /* in order of `bearings` */
	size_t count;
};

struct joint_used { /* by other sounds */
	const struct bearing **at;
	size_t count;
};

/* Those that agree with an origin.  A pick speaks of one sound, an array's
 * detection of all in its window: only picks can be used up. */
void joint_agree(const struct view *, const struct origin *,
	const struct joint_used *, struct joint *);

/* ln of the density of o->far at an origin; their part of the normal
 * equations is added to the lower halves. */
double joint_gather(const struct view *, const struct origin *,
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS], double b[ORIGIN_UNKNOWNS]);

/* What one says of an origin: observed less expected. */
void joint_residual(const struct view *, const struct origin *,
	const struct joint_term *, struct far *);

/* Errors that are not the detection's own (joint.c says from where). */
double joint_sigma_deg(double stated_deg, double d_m);
/* Share of sound that came straight, at a distance. */
double joint_direct(double d_m);
/* The ways of a phase over a distance where nothing is known of the air but
 * that it is air: share, time and its sigma with the detection's own.  Returns
 * how many, at most JOINT_WAYS. */
enum { JOINT_WAYS = 4 };
struct joint_way {
	double share, travel_s, sigma_s;
};
size_t joint_ways(const struct bearing *, enum phase, double d_m,
	struct joint_way[JOINT_WAYS]);
/* The one of them that fits a time best; returns by how many sigmas it does
 * not. */
double joint_way_of(const struct bearing *, enum phase, double d_m,
	double took_s, struct joint_way *);
/* How likely it is told of, at a distance. */
double joint_pd(enum phase, double d_m);

#endif
