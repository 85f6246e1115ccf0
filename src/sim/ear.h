/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ear.h - what of a world's acts reaches one node: a list of sounds.
 *
 * Each act becomes one or more sounds at the node - pulse, N-wave, ringing of
 * the ground, a drone's comb - by the table of WAVEFORM.md 7: travel time in
 * the true wind, turbulence, path delay, spreading, scatter, late paths.  A
 * world that is `full` also has absorption, shadow and gain by refraction, and
 * image sources; the others keep the plainer air of the first scenarios.
 * Everything is a function of (seed, act, node).  Acts below the noise by 20
 * dB are left out of a full world. */
#ifndef SIM_EAR_H
#define SIM_EAR_H

#include "sim/noise.h"

enum { SOUNDS_MAX = 400000 }; /* at one node */

enum sound_shape { SOUND_PULSE, SOUND_SWELL, SOUND_NWAVE, SOUND_RING,
	SOUND_DRONE };

struct sound {
	double t_s;          /* onset after the world's beginning, true time */
	struct pulse pulse;  /* peak, duration; of a ring: time to its top */
	double hz, long_s;   /* swell and ring: tone, and when it is over */
	uint64_t stream;     /* of a ring's phases */
	enum sound_shape shape;
	const struct act *act; /* of a drone */
};

struct arrival {
	size_t act;
	struct instant at;
	double snr_db;
	bool heard;  /* 12 dB over the noise, and delivered */
	bool counts; /* by a node that locates: a microphone with a clock */
	const char *phase; /* P, S, air */
};

struct ear {
	const struct world *w;
	const struct node *n;
	struct sound *sound;
	size_t count, most;
	double longest_s; /* of the sounds */
	struct noise noise;
	struct xy stands; /* where it really is, unless it was moved */
	/* Told of each arrival, in the order of the acts; NULL: nobody. */
	void (*tell)(void *self, const struct arrival *);
	void *self;
};

/* Takes room for the sounds and fills it, in order of time. */
MUST_USE bool ear_listen(struct ear *, struct arena *, struct fault *);

/* Adds to n samples from t_s on; *first is the earliest sound that may still
 * be heard, 0 at the beginning. */
void sound_add(const struct ear *, size_t *first, double *pa, size_t n,
	double t_s);

/* From its onset until it is below all noise. */
double sound_long_s(const struct sound *);

/* For acts.c: a sound; its arrival (at, loudest mean of a sample). */
MUST_USE bool ear_put(struct ear *, const struct sound *, struct fault *);
struct arrival ear_arrival(const struct ear *, const struct act *,
	const struct sky *, double t_s, double peak_pa);
void ear_told(struct ear *, const struct arrival *);
struct xy ear_place(const struct ear *, struct instant);
/* Extra seconds and dB of a path in a full world. */
double ear_late_s(const struct ear *, const struct act *, double distance_m);
double ear_scatter_db(
	const struct ear *, const struct act *, double distance_m);
/* The acts other than blasts: acts.c. */
MUST_USE bool act_hear(struct ear *, const struct act *, const struct sky *,
	struct fault *);

#endif
