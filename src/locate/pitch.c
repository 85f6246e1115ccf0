/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/pitch.h"

#include "base/maths.h"

/* Half an octave.  Of the light shots of a barrage (scale, 3,000 nodes) what is
 * heard within 5 km is at 260 to 290 Hz and in 996 of 1,000 arrivals in the
 * band from 200 Hz on; of what no shot explains half is in lower ones. */
#define SIGMA 0.35
/* Mean of 2.5 ln(1 + u^2/4) over a normal u: what a true one pays. */
#define MEAN_LN 0.467
/* One sigma of a normal distribution by the median deviation. */
#define MAD_SIGMA 1.4826
enum { PITCHES = 48, LEAST = 4 };

static double ln_hz(const struct view *v, ptrdiff_t pick)
{
	double hz = v->scene->pick[pick].detection->frequency_hz;

	return hz > 0 ? m_log(hz) : NAN; /* false for NAN */
}

static void insert(double *sorted, size_t n, double x)
{
	for (; n > 0 && sorted[n - 1] > x; n--)
		sorted[n] = sorted[n - 1];
	sorted[n] = x;
}

struct pitch { /* of most arrivals, in logarithms */
	double mid, sigma;
	size_t count; /* of those that are known, PITCHES at most */
};

/* Their median, and their spread by the median of what they are off: bands of
 * a detector may halve them. */
static struct pitch most(const struct view *v, const struct origin *o)
{
	double ln[PITCHES], off[PITCHES];
	struct pitch p = {0};

	for (size_t i = 0; i < v->posts && p.count < PITCHES; i++) {
		double x = o->choice[i] == HEAR_NONE ? NAN
						     : ln_hz(v, o->choice[i]);

		if (isfinite(x))
			insert(ln, p.count++, x);
	}
	if (p.count == 0)
		return p;
	p.mid = ln[p.count / 2];
	for (size_t i = 0; i < p.count; i++)
		insert(off, i, fabs(ln[i] - p.mid));
	p.sigma = fmax(SIGMA, MAD_SIGMA * off[p.count / 2]);
	return p;
}

double pitch_ln(const struct view *v, const struct origin *o, double *unlike)
{
	struct pitch p = {0};
	double ln = 0;
	size_t hearer = 0, known = 0;

	for (size_t i = 0; unlike && i < o->heard; i++)
		unlike[i] = 1;
	if (v->posts >= ORIGIN_MANY)
		p = most(v, o);
	if (p.count < LEAST)
		return 0;
	for (size_t i = 0; i < v->posts && known < p.count; i++) {
		double u, t;

		if (o->choice[i] == HEAR_NONE)
			continue;
		u = (ln_hz(v, o->choice[i]) - p.mid) / p.sigma;
		hearer++;
		if (!isfinite(u))
			continue;
		t = 1 + u * u / 4;
		ln += fmin(MEAN_LN - 2.5 * m_log(t), 0);
		known++;
		if (unlike)
			unlike[hearer - 1] = t * t * sqrt(t);
	}
	return ln;
}
