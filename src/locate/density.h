/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * density.h - how likely a place is, by what the nodes heard of a sound.
 *
 * The posterior's density over place: time, sound speed, wind and height are
 * integrated out (Laplace in these five, about one Newton step), and a factor
 * on all sigmas by three points; each arrival is normal,
 * or that and later by an exponential delay (docs/WAVEFORM.md 3.4; what
 * hear_density() has for a search is a shape like it), or of something else:
 * none rules a place out.  Who was silent, and levels, say little beside times,
 * but where the place hangs on one arrival (lone.h).  Arrivals lie side by side
 * and go through each step together, since this is asked 512 times a sound. */
#ifndef LOCATE_DENSITY_H
#define LOCATE_DENSITY_H

#include "locate/audible.h"

enum { DENSITY_NUISANCES = 5, DENSITY_SCALES = 3 };

struct density {
	const struct view *view;
	const struct origin *origin;
	struct audible audible;
	double ln_besides; /* added to all of it */
	double ln_pitch;   /* of the arrivals; in full */
	bool in_full; /* who was silent, and levels, say where, too */
	size_t hearers, room; /* room: hearers, and some that weigh nothing */
	/* Of each: place, arrival, travel from the origin, its variance but for
	 * the air's, and how often its ear hears something else, 1/s. */
	double *x_m, *y_m, *z_m, *t_s, *from_s, *var_s2, *rate_hz;
	/* At the origin: what each weighs in the normal equations, and how much
	 * more or less than weight times lateness it pulls. */
	double *steady, *besides;
	/* Seen from a place: odds that its ear missed the sound, what its level
	 * is less likely by than the likeliest, its density if it is of
	 * something else, 1/s. */
	double *odds, *unlike, *chance;
	double *travel_s, *late_s, *sigma_s, *part[DENSITY_NUISANCES];
	/* At a scale of the sigmas. */
	double *over_sigma; /* 1/s */
	double *bell[DENSITY_SCALES], *tail[DENSITY_SCALES];
	double *p[DENSITY_SCALES], *weight[DENSITY_SCALES];
	double *pull[DENSITY_SCALES];
};

MUST_USE bool density_make(const struct view *, const struct origin *,
	struct arena *, struct density *, struct fault *);
/* What a post heard is of the sound, and of nothing else. */
void density_believe(struct density *, size_t post);
/* How often an ear hears something else, as loud as a pick of it, 1/s: as it
 * did about that time, or as all ears did, of what no sound explains. */
double density_rate_hz(const struct view *, ptrdiff_t pick);
/* ln of the density at a place of the frame, but for a constant, and the time
 * there with its variance; as posterior_field.ln has it, self a density.
 * -INFINITY: none. */
double density_ln(const void *self, struct xy, double half_m, double *t_s,
	double *var_t_s2);

#endif
