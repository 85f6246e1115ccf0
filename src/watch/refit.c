/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/refit.h"

#include <math.h>
#include <string.h>

#include "base/cholesky.h"

/* To name one of them: three unknowns of place and time, and two to check
 * (docs/WAVEFORM.md 5: detecting needs unknowns + 1, naming one more). */
enum { OTHERS_LEAST = 4, N = FIT_UNKNOWNS };
/* A source with more leverage stands alone: nobody checks it. */
#define LEVERAGE_MOST 0.8

static bool believed(const struct sight *s)
{
	return s->hearing->used >= 0 && !s->out;
}

static double precision(const struct hearing *h)
{
	return h->weight / (h->sigma_s * h->sigma_s);
}

static size_t gather(const struct fit *fit, struct sight *const *sight,
	double a[N * N], double b[N])
{
	size_t count = 0;

	memset(a, 0, N * N * sizeof *a);
	memset(b, 0, N * sizeof *b);
	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *h = &fit->hearing[i];
		double w = precision(h);

		if (!believed(sight[i]))
			continue;
		for (size_t m = 0; m < N; m++) {
			for (size_t n = 0; n <= m; n++)
				a[m * N + n] += w * h->part[m] * h->part[n];
			b[m] += w * h->part[m] * h->near[h->used].offset_s;
		}
		count++;
	}
	for (size_t m = 0; m < N; m++) {
		double s = fit->prior_sigma[m];

		if (!isfinite(s))
			continue;
		a[m * N + m] += 1 / (s * s);
		b[m] += fit->prior_off[m] / (s * s);
	}
	return count;
}

static void one(struct sight *s, const double a[N * N], const double b[N])
{
	const struct hearing *h = s->hearing;
	double x[N], moved = 0, var = 0, g, off;

	memcpy(x, h->part, sizeof x);
	cholesky_solve(a, N, x);
	for (size_t m = 0; m < N; m++) {
		moved += h->part[m] * b[m];
		var += h->part[m] * x[m];
	}
	s->shift_s = -moved;
	s->var_s2 = var;
	if (!believed(s))
		return;
	g = precision(h) * var;
	if (!(g < LEVERAGE_MOST)) {
		s->shift_s = NAN;
		return;
	}
	off = h->near[h->used].offset_s;
	s->shift_s = (off - moved) / (1 - g) - off;
	s->var_s2 = var / (1 - g);
}

void refit(const struct fit *fit, struct sight *const *sight)
{
	double a[N * N], b[N];
	size_t count = gather(fit, sight, a, b);
	bool good = count >= OTHERS_LEAST && cholesky(a, N);

	if (good)
		cholesky_solve(a, N, b);
	for (size_t i = 0; i < fit->hearing_count; i++) {
		sight[i]->shift_s = NAN;
		sight[i]->var_s2 = NAN;
		if (good && count - believed(sight[i]) >= OTHERS_LEAST)
			one(sight[i], a, b);
	}
}
