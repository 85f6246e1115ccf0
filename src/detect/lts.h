/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lts.h - the delays between the elements of an array: do they agree with one
 * another, with one plane wave, and how well do they fix it?
 *
 * A delay tau of pair (a, b) is t_a - t_b, read off the top of their cross
 * correlation; pairs are in the order of struct fk.  A plane wave of slowness
 * s has tau = s.(r_a - r_b).
 *
 * Closure t_ij + t_jk + t_ki is zero for any wave that three elements share;
 * its root mean square over all triples is the consistency of Cansi (1995).
 * Least trimmed squares (Bishop, Fee and Szuberla 2020) fits s to the half of
 * the delays that agree best, so that a bad element does not pull it, and its
 * weights say which pairs do not agree.  Starts are the triples of elements,
 * since it is elements that go wrong; all of them, so nothing is drawn.
 *
 * Errors of s: independent errors sigma_t of each *element* (WAVEFORM.md
 * 3.6), C_s = sigma_t^2 [sum_m (r_m - r)(r_m - r)']^-1, sigma_t^2 from the
 * residuals with M - 3 degrees of freedom.  Delays of pairs share elements:
 * taking them as independent would make the variance M/2 too small. */
#ifndef DETECT_LTS_H
#define DETECT_LTS_H

#include "detect/fk.h"

struct delays {
	bool known[FK_PAIRS];   /* both elements are there and not silent */
	double tau_s[FK_PAIRS]; /* of the top */
	double rho[FK_PAIRS];   /* correlation there, -1..1 */
	double low_s[FK_PAIRS]; /* of the bottom: a reversed element */
	double low_rho[FK_PAIRS];
};

/* Tops and bottoms within what the grid's waves can need and beyond_s. */
void lts_delays(const struct fk *, const struct fk_window *, double beyond_s,
	struct delays *);
/* The tops next to the delays of slowness s, no farther than half a period of
 * the highest frequency. */
void lts_delays_near(const struct fk *, const struct fk_window *, struct xy s,
	struct delays *);

/* Root mean square closure of all triples; NAN below 3 elements. */
double lts_consistency(const struct fk *, const struct delays *);

struct lts_fit {
	struct xy slowness; /* NAN when there is none */
	bool good[FK_PAIRS];
	bool consistent[FK_ELEMENTS]; /* half its pairs or more are good */
	size_t elements, agreeing;    /* with delays; consistent of these */
};
/* tolerance_s: residuals up to it are always good. */
void lts_fit(const struct fk *, const struct delays *, double tolerance_s,
	struct lts_fit *);

struct lts_plane { /* least squares over all delays */
	struct xy slowness;
	size_t elements;
	bool there[FK_ELEMENTS];
	double time_s[FK_ELEMENTS];     /* of the elements, mean 0 */
	double residual_s[FK_ELEMENTS];
	double share[FK_ELEMENTS];      /* of its error that the residual
	                                   shows: 1 - leverage */
	double square_s2; /* sum of squared residuals; M - 3 free */
	double xx, xy, yy; /* C_s for sigma_t of 1 s, (s/m)^2 / s^2 */
};
/* Of the elements with use[m]; false below three, or on a line. */
bool lts_plane(const struct fk *, const struct delays *, const bool *use,
	struct lts_plane *);
/* The same for times that are given: there, elements and time_s are set. */
bool lts_plane_of_times(const struct fk *, struct lts_plane *);

/* Half width of the 90 % interval, in sigmas, with so many degrees of
 * freedom: Student's t; INFINITY for none. */
double lts_t90(int freedom);
/* sigma of back azimuth, degrees, and of slowness, s/m, for sigma_t. */
double lts_azimuth_deg(const struct lts_plane *, struct xy s, double sigma_s);
double lts_slowness(const struct lts_plane *, struct xy s, double sigma_s);

#endif
