/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/loudness.h"

#include "base/maths.h"

#define AIR_PA 101325.0
/* (20 uPa)^2 in dB, and 10 / ln 10. */
#define REFERENCE_DB (-93.97940008672037)
#define DB 4.342944819032518
/* Where sound is bent up at 1/s a shadow begins: WAVEFORM.md 7.  A source 1 m
 * and a node 1.5 m above the ground; c 340 m/s. */
#define SHADOW_FROM (26.076809620810597 * 2.224744871391589)
#define SHADOW_DB 25.0
#define GAIN_DB 6.0
/* Slope of a logarithmic wind over 2 to 50 m, z0 0.1 m, a m/s at 10 m: ln 25
 * / ln 100 / 48 m. */
#define SLOPE 0.014561951
/* A report is an hour's old on average and from another place (WAVEFORM.md
 * 3.3); without one. */
#define WIND_SIGMA_MS 2.0
#define WIND_UNKNOWN_MS 5.0
#define WIND_AGE_S 10800.0
#define CURVE_STEPS 64.0 /* a sigma */
#define CURVE_MIDDLE (5 * CURVE_STEPS)

static double square(double v)
{
	return v * v;
}

double loudness_peak_pa(double yield_kg, double d_m)
{
	double z = fmax(d_m / m_pow(yield_kg, 1.0 / 3), 0.5);
	double near = fmin(z, 100);
	double top = 808 * (1 + square(near / 4.5));
	double below = sqrt((1 + square(near / 0.048)) *
		(1 + square(near / 0.32)) * (1 + square(near / 1.35)));
	double pa = AIR_PA * top / below;

	return z > 100 ? pa * m_pow(z / 100, -1.1) : pa;
}

/* 4.2 ms kg^(-1/3) is the far limit of Kinney and Graham; weak shocks lengthen
 * with the square root of ln r (Landau 1945): 1.3 times at 5 km from 10 kg. */
double loudness_long_s(double yield_kg, double d_m)
{
	double cube = m_pow(yield_kg, 1.0 / 3);
	double z = fmax(d_m / cube, 0.5);

	return 4.2e-3 * cube * sqrt(1 + 0.2 * m_log(1 + z / 100));
}

/* ISO 9613-2:1996, table 2, 10 deg C and 70 %: 0.1, 0.4, 1.0, 1.9, 3.7 dB/km
 * at 63 to 1000 Hz; most of a band's energy lies at its lower edge. */
static double absorbed_db(double hz, double d_m)
{
	return 4e-4 * m_pow(hz / 125, 1.1) * d_m;
}

static double below(double f_hz, double long_s)
{
	double u = 2 * PI * f_hz * long_s;

	return m_atan2(u, 1) - u / (1 + u * u);
}

double loudness_band_db(
	double yield_kg, double d_m, const struct ambient_band *b)
{
	double pa = loudness_peak_pa(yield_kg, d_m);
	double td = loudness_long_s(yield_kg, d_m);
	double part = below(b->high_hz, td) - below(b->low_hz, td);
	double over = b->short_s + td + 0.5 / (b->high_hz - b->low_hz);

	return DB * m_log(pa * pa * td / (2 * PI) * part / over) -
		REFERENCE_DB - absorbed_db(b->low_hz, d_m);
}

/* The average holds the noise as well as the sound. */
double loudness_needed_db(const struct ambient_band *b)
{
	return b->noise_db + DB * m_log(m_exp(b->on_db / DB) - 1);
}

struct loudness_wind loudness_wind_at(
	const struct weather *w, size_t count, struct instant at)
{
	struct loudness_wind x = {0, 0, WIND_UNKNOWN_MS};
	double best = WIND_AGE_S;

	for (size_t i = 0; i < count; i++) {
		double away = fabs(instant_seconds(w[i].at, at));
		double to = RAD(w[i].wind_from_deg + 180);

		if (!(away < best) || !isfinite(w[i].wind_ms + to))
			continue;
		best = away;
		x = (struct loudness_wind){w[i].wind_ms * m_sin(to),
			w[i].wind_ms * m_cos(to), WIND_SIGMA_MS};
	}
	return x;
}

static double bend_db(double along_ms, double d_m)
{
	double slope = SLOPE * along_ms, from;

	if (slope > 0)
		return GAIN_DB * (1 - m_exp(-slope / 0.02)) *
			(1 - m_exp(-d_m / 1000));
	from = slope < 0 ? SHADOW_FROM / sqrt(-slope) : INFINITY;
	return d_m > from
		? -SHADOW_DB * (1 - m_exp(-(d_m - from) / (2 * from))) : 0;
}

/* A normal distribution in six parts with its mean and variance; even, so that
 * calm, where two airs meet, is none of them, and with some of its tails, by
 * which sound is heard where it was not to be. */
static const double wind_at[LOUDNESS_WINDS] = {
	-2.168, -1.084, -0.345, 0.345, 1.084, 2.168};
static const double wind_share[LOUDNESS_WINDS] = {
	0.05, 0.2, 0.25, 0.25, 0.2, 0.05};

struct loudness_bend loudness_bends(
	double along_ms, double sigma_ms, double d_m)
{
	struct loudness_bend b;

	for (int k = 0; k < LOUDNESS_WINDS; k++)
		b.db[k] = bend_db(along_ms + wind_at[k] * sigma_ms, d_m);
	return b;
}

void loudness_bend_mean(
	const struct loudness_bend *b, double *mean_db, double *sigma_db)
{
	double mean = 0, square = 0;

	for (int k = 0; k < LOUDNESS_WINDS; k++) {
		mean += wind_share[k] * b->db[k];
		square += wind_share[k] * b->db[k] * b->db[k];
	}
	*mean_db = mean;
	*sigma_db = sqrt(fmax(square - mean * mean, 0));
}

double loudness_pd(double excess_db, const struct loudness_bend *b)
{
	double pd = 0;

	for (int k = 0; k < LOUDNESS_WINDS; k++)
		pd += wind_share[k] *
			m_phi((excess_db + b->db[k]) / LOUDNESS_SIGMA_DB);
	return pd;
}

void loudness_curve_make(struct loudness_curve *c)
{
	for (int i = 0; i < LOUDNESS_CURVE; i++)
		c->share[i] = m_phi((i - CURVE_MIDDLE) / CURVE_STEPS);
	c->share[0] = 0;
	c->share[LOUDNESS_CURVE - 2] = c->share[LOUDNESS_CURVE - 1] = 1;
}

double loudness_pd_by(const struct loudness_curve *c, double excess_db,
	const struct loudness_bend *b)
{
	double pd = 0;

	for (int k = 0; k < LOUDNESS_WINDS; k++) {
		double at = (excess_db + b->db[k]) *
				(CURVE_STEPS / LOUDNESS_SIGMA_DB) +
			CURVE_MIDDLE;
		int i;

		/* Compiles to no branch; NAN is 0. */
		at = at > 0 ? at : 0;
		at = at < LOUDNESS_CURVE - 2 ? at : LOUDNESS_CURVE - 2;
		i = (int)at;
		pd += wind_share[k] * (c->share[i] +
			(at - i) * (c->share[i + 1] - c->share[i]));
	}
	return pd;
}

struct loudness_count loudness_nobody(void)
{
	return (struct loudness_count){{1}};
}

void loudness_add(struct loudness_count *c, double pd)
{
	const int most = LOUDNESS_NODES_MIN;

	c->p[most] += c->p[most - 1] * pd;
	for (int k = most - 1; k > 0; k--)
		c->p[k] = c->p[k] * (1 - pd) + c->p[k - 1] * pd;
	c->p[0] *= 1 - pd;
}
