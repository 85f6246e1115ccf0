/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shaken.h - what shook the ground where nobody located a sound: earthquake,
 * quarry blast, explosion on the surface, or nobody can say.
 *
 * Three discriminants, none of which may say more than nine to one:
 *
 *   depth  the evidence of crustal depths over that of the surface (quake.h)
 *   S/P    of one channel, log10, the median of channels: explosions are rich
 *          in P (Pomeroy, Best, McEvilly 1982, BSSA 72; Walter, Mayeda, Patton
 *          1995, BSSA 85), but scatter by 0.3
 *   air    which microphones told of a sound when that of a blast would have
 *          come.  The ground's motion says the charge (Siskind et al. 1980,
 *          USBM RI 8507), to 1.5 decades; model/loudness.h and what each
 *          one's detector measured (model/ambient.h) say who hears it.  Rock
 *          holds a quarry's, all but a thousandth.
 *
 * Priors are a belief, no measurement. */
#ifndef LOCATE_SHAKEN_H
#define LOCATE_SHAKEN_H

#include "base/arena.h"
#include "locate/locate.h"

struct shaken_arrival { /* of sound, at a microphone */
	const struct source *source;
	struct instant at;
};

struct shaken {
	struct point at;
	struct instant t0;
	double ln_deep;  /* crust over surface, ln; NAN not known */
	double sp_log10; /* NAN not known */
	double motion;   /* log10 of the charge, kg, that shakes rock so when
	                    the rock holds it; NAN not known */
	const struct shaken_arrival *arrival; /* by time */
	size_t arrival_count;
	/* Set: microphones that the surface charge would have reached, as a sum
	 * of probabilities, and those that told of a sound then. */
	double would_hear, heard;
};

MUST_USE bool shaken_kind(const struct network *, struct shaken *,
	struct arena *, double kind[KIND_COUNT], struct fault *);
/* log10 kg of the charge that moves the ground so at a distance. */
double shaken_charge(double motion_ms, double way_m);

#endif
