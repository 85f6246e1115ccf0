/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/classify.h"

#include <string.h>

#include "base/maths.h"
#include "locate/likelihood.h"
#include "model/loudness.h"

enum { SORTS = sizeof likelihood / sizeof *likelihood };

#define ROOT_2_PI 2.5066282746310002
#define Z_90 1.6448536269514722
/* dB a decade of charge: 20 * 1.1 / 3, since levels fall as r^-1.1 and scale
 * with the cube root (model/loudness.h). */
#define DB_A_DECADE 7.333333333333333
/* What all sources share, decades (WAVEFORM.md 3.8). */
#define SHARED_DECADES 0.5
/* Of 307 simulated explosions of training seeds the equivalent charge was 0.33
 * decades more than the true one (spread 0.49): the loud are heard. */
#define HEARD_DECADES 0.33
/* A median of a normal sample is so much wider than its mean. */
#define MEDIAN_WIDER 1.2533141373155003

/* ln of what a sort of sound makes of the clues, and of those missing. */
static double ln_like(const struct likelihood *s, const struct clues *c)
{
	const bool odd = s->kind == KIND_UNKNOWN;
	const double stray = odd ? STRAY_ODD : STRAY;
	double sum = 0, missing = 0;

	for (size_t k = 0; k < CLUE_COUNT; k++) {
		double sigma = s->of[k].sigma;
		double u = (c->x[k] - s->of[k].mean) / sigma;

		if (isfinite(u))
			sum += m_log((1 - stray) * m_exp(-0.5 * u * u) /
				(sigma * ROOT_2_PI) + stray / wide[k]);
		else
			missing += k < CLUE_GAP; /* alone is known */
	}
	return m_log(s->prior) + TEMPER * sum +
		(odd ? missing * MISSING_LN : 0);
}

void classify(const struct clues *c, double kind[KIND_COUNT])
{
	double ln[SORTS], top = -INFINITY, sum = 0;

	memset(kind, 0, KIND_COUNT * sizeof *kind);
	for (size_t i = 0; i < SORTS; i++) {
		ln[i] = ln_like(&likelihood[i], c);
		top = fmax(top, ln[i]);
	}
	for (size_t i = 0; i < SORTS; i++) {
		ln[i] = m_exp(ln[i] - top);
		sum += ln[i];
	}
	for (size_t i = 0; i < SORTS; i++)
		kind[likelihood[i].kind] += ln[i] / sum;
}

/* More would be a pretence. */
static double two_digits(double x)
{
	double unit = m_pow(10, floor(m_log10(x)) - 1);

	return floor(x / unit + 0.5) * unit;
}

struct yield classify_yield(const struct clues *c)
{
	double own = MEDIAN_WIDER * LOUDNESS_SIGMA_DB / DB_A_DECADE;
	double sigma = sqrt(SHARED_DECADES * SHARED_DECADES +
		own * own / fmax((double)c->calibrated, 1));
	double mid = c->x[CLUE_KG] - HEARD_DECADES;

	if (c->calibrated == 0 || !isfinite(mid))
		return (struct yield){NAN, NAN};
	return (struct yield){two_digits(m_pow(10, mid - Z_90 * sigma)),
		two_digits(m_pow(10, mid + Z_90 * sigma))};
}
