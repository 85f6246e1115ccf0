/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fk.h - from where, and how fast, a wave crossed an array: Bartlett beams
 * over a grid of directions.
 *
 * With X_m(f) the spectrum at element m and r_m its place,
 *
 *	B(s) = sum_f |sum_m X_m e^{+2 pi i f s.r_m}|^2
 *	       / (M sum_f sum_m |X_m|^2),      F = (M-1) B / (1-B)
 *
 * (WAVEFORM.md 3.6).  s, in s/m, points where the wave goes: it arrives at r
 * s.r seconds after the origin; back azimuth is atan2(-s_E, -s_N).
 *
 * Written out, the numerator is a sum over pairs of elements of their cross
 * correlation C_ab(s.(r_a - r_b)), a smooth function of one number.  So it is
 * tabulated for each pair, and a direction costs one look-up a pair instead of
 * M x K complex products.  Straight lines between the entries are off by at
 * most h^2/8 sum_f w^2 |X_a X_b|; every direction that could beat the best
 * within twice that is then computed as written above, in doubles.  The
 * answer is therefore that of the full grid, direction and value
 * (tests/fk.c).  FK_LANES windows go through at once, one a lane; a lane's
 * answer does not depend on the others. */
#ifndef DETECT_FK_H
#define DETECT_FK_H

#include "base/fault.h"
#include "geo/frame.h"

enum {
	FK_ELEMENTS = 16,
	FK_PAIRS = FK_ELEMENTS * (FK_ELEMENTS - 1) / 2,
	FK_FREQS = 64,
	FK_AZIMUTHS = 360,
	FK_SLOWNESSES = 256,
	FK_DIRECTIONS = 1 << 15,
	FK_LAGS = 768, /* table entries each side of no delay */
	FK_LANES = 4,
};

typedef float fk_lanes __attribute__((vector_size(16)));

struct fk_grid { /* direction = azimuth x slownesses + slowness */
	double first_hz, step_hz; /* frequencies first + k step */
	size_t freqs;
	size_t azimuths; /* evenly round from -180 deg */
	size_t slownesses;
	double slowness[FK_SLOWNESSES]; /* s/m, > 0, in order */
};

struct fk_window { /* spectra; of an element that is not there, zeros */
	float re[FK_ELEMENTS][FK_FREQS], im[FK_ELEMENTS][FK_FREQS];
	bool there[FK_ELEMENTS];
};

struct fk_peak {
	size_t direction; /* of the grid; the first of equals */
	double b;         /* there, 0..1; NAN when there are no signals */
	struct xy slowness; /* s/m, climbed to the top within the cell */
	double b_top;
	size_t elements;
	size_t computed; /* directions that needed the full formula */
};

struct fk { /* tables of one array; some 4 MB */
	size_t elements, pairs, lags;
	struct xy place[FK_ELEMENTS]; /* m, from their mean */
	unsigned char a[FK_PAIRS], b[FK_PAIRS];
	struct fk_grid grid;
	double lag_s;
	size_t needs[FK_PAIRS]; /* lags, at the largest slowness */
	float slow[FK_SLOWNESSES];
	float project[FK_AZIMUTHS][FK_PAIRS]; /* lags for 1 s/m */
	struct xy toward[FK_AZIMUTHS]; /* unit vector in which it goes */
	float c[FK_LAGS + 1][FK_FREQS], s[FK_LAGS + 1][FK_FREQS];
	fk_lanes cross_re[FK_PAIRS][FK_FREQS], cross_im[FK_PAIRS][FK_FREQS];
	fk_lanes table[FK_PAIRS][2 * FK_LAGS + 2];
	fk_lanes power[FK_DIRECTIONS];
};

/* The pair of elements a < b. */
static inline size_t fk_pair(const struct fk *k, size_t a, size_t b)
{
	/* Rows of n-1, n-2, ... pairs. */
	return a * k->elements - a * (a + 1) / 2 + b - a - 1;
}

/* Elements 2..FK_ELEMENTS at places in metres.  INPUT when the grid or they
 * are beyond the bounds above. */
MUST_USE bool fk_init(struct fk *, const struct xy *place, size_t elements,
	const struct fk_grid *, struct fault *);
/* The best direction of each of n <= FK_LANES windows. */
void fk_find(struct fk *, const struct fk_window *const *, size_t n,
	struct fk_peak *out);
/* B at one slowness, by the formula. */
double fk_power(const struct fk *, const struct fk_window *, struct xy s);
/* The beam's power at each frequency; its sum is B's numerator. */
void fk_beam(const struct fk *, const struct fk_window *, struct xy s,
	double power[FK_FREQS]);
/* Slowness of a direction of the grid. */
struct xy fk_direction(const struct fk *, size_t direction);

/* F of B with M elements. */
double fk_f(double b, size_t elements);
/* P(F > x) with 2a and 2b degrees of freedom, a and b whole. */
double fk_chance(double x, int a, int b);
/* Most frequent value of that F; a > 1. */
double fk_mode(int a, int b);

/* -180..180; where the wave comes from. */
double fk_back_azimuth_deg(struct xy slowness);

#endif
