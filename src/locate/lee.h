/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lee.h - how far a source seems in the wind: sound goes farther down it
 * than up it.
 *
 * By the same model as loudness.h: upwind lies a shadow of 25 dB, which begins
 * the nearer the stronger the wind; downwind there are some dB of gain.  With
 * 22 dB for ten times the distance, so many dB are a factor on the distance.
 * Only what the wind's direction adds counts, the mean over what is not known
 * of it taken off: in calm, or without a report, each is as far as it is. */
#ifndef LOCATE_LEE_H
#define LOCATE_LEE_H

enum { LEE_WINDS = 32, LEE_STEPS = 32 };

struct lee {
	double speed_ms, sigma_ms, range_m; /* for which it was made */
	double most_ms, per_ms, per_m;
	double factor[LEE_WINDS + 1][LEE_STEPS + 1];
};

/* Makes it anew if it was made for others. */
void lee_for(struct lee *, double speed_ms, double sigma_ms,
	double range_m);
/* along: the wind's part from the sound to who listens. */
double lee_m(const struct lee *, double along_ms, double d_m);

#endif
