/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/lee.h"

#include "base/maths.h"
#include "model/loudness.h"

/* Falls of level over ten times the distance (loudness.h: r^-1.1). */
#define DB_PER_DECADE 22.0
#define LN_10 2.302585092994045684
/* A table has some width. */
#define LEAST_MS 0.1

static double mean_db(double along_ms, double sigma_ms, double d_m)
{
	struct loudness_bend b = loudness_bends(along_ms, sigma_ms, d_m);
	double mean, sigma;

	loudness_bend_mean(&b, &mean, &sigma);
	return mean;
}

void lee_for(struct lee *c, double speed_ms, double sigma_ms,
	double range_m)
{
	const double most = fmax(speed_ms, LEAST_MS);

	/* Made for none yet: all zero. */
	if (c->per_m > 0 && c->speed_ms == speed_ms &&
		c->sigma_ms == sigma_ms && c->range_m == range_m)
		return;
	*c = (struct lee){.speed_ms = speed_ms, .sigma_ms = sigma_ms,
		.range_m = range_m, .per_m = LEE_STEPS / range_m,
		.most_ms = most, .per_ms = LEE_WINDS / (2 * most)};
	for (int k = 0; k <= LEE_STEPS; k++) {
		double d = range_m * k / LEE_STEPS;
		double calm = mean_db(0, sigma_ms, d);

		for (int i = 0; i <= LEE_WINDS; i++) {
			double along = i / c->per_ms - most;
			double db = mean_db(along, sigma_ms, d) - calm;

			c->factor[i][k] = m_exp(-db * LN_10 / DB_PER_DECADE);
		}
	}
}

double lee_m(const struct lee *c, double along_ms, double d_m)
{
	double w = (along_ms + c->most_ms) * c->per_ms, s = d_m * c->per_m;
	size_t i, k;
	const double *a, *b;
	double near, far;

	w = w > 0 ? w < LEE_WINDS ? w : LEE_WINDS : 0;
	s = s < LEE_STEPS ? s : LEE_STEPS;
	i = w < LEE_WINDS ? (size_t)w : LEE_WINDS - 1;
	k = s < LEE_STEPS ? (size_t)s : LEE_STEPS - 1;
	w -= (double)i;
	s -= (double)k;
	a = c->factor[i];
	b = c->factor[i + 1];
	near = a[k] + s * (a[k + 1] - a[k]);
	far = b[k] + s * (b[k + 1] - b[k]);
	return d_m * (near + w * (far - near));
}
