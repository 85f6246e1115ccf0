/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/shaken.h"

#include <string.h>

#include "base/maths.h"
#include "geo/geodesic.h"
#include "locate/hear.h"
#include "model/loudness.h"

/* One discriminant alone: nine to one. */
#define MOST_LN 2.1972245773362196
/* log10 S/P of earthquakes and of blasts at local distances, vertical: Walter
 * et al. 1995 have 0.3 to 0.5 between their means at 6 to 8 Hz; scatter 0.3,
 * and as much of a peak in a detector's short window. */
#define SP_QUAKE 0.5
#define SP_BLAST 0.1
#define SP_SIGMA 0.45
/* log10 of the charge over what well coupled rock would need: on the ground a
 * tenth to a hundredth of the motion comes (tbc), as W^0.8; a quarry's holes
 * couple by a third.  90 % within 1.5 decades. */
#define OPEN_DECADES 1.6
#define HOLE_DECADES 0.65
#define SIGMA_DECADES 0.9
/* Of a quarry's charge the air gets a thousandth, to a decade (tbc). */
#define AIR_HOLE (-3.0)
#define AIR_HOLE_SIGMA 0.6
/* Sound carries no farther for certain (refraction; locate/hear.c). */
#define EAR_MOST_M 30e3
/* Slowest and fastest sound with wind, m/s; slack, s. */
#define SLOW_MS 315.0
#define FAST_MS 365.0
#define SLACK_S 2.0
/* Time to each side in which chance arrivals are counted. */
#define ABOUT_S 600.0
enum { CHARGES = 9, SORTS = 3 };

static const enum kind sort_kind[SORTS] = {
	KIND_EARTHQUAKE, KIND_QUARRY_BLAST, KIND_EXPLOSION};
static const double prior[SORTS] = {0.30, 0.38, 0.12};
#define PRIOR_UNKNOWN 0.20

struct mic { /* that works and is near enough */
	const struct ambient *ambient;
	struct loudness_bend bend;
	double d_m, chance; /* chance: of telling of something then */
	bool heard;
};

double shaken_charge(double motion_ms, double way_m)
{
	/* 1143 mm/s (R/W^1/2)^-1.6. */
	return (m_log10(motion_ms / 1.143) + 1.6 * m_log10(way_m)) / 0.8;
}

static double capped(double ln)
{
	return fmax(-MOST_LN, fmin(MOST_LN, ln));
}

static const struct ambient *ambient_at(
	const struct network *net, const char *id, struct instant at)
{
	size_t lo = 0, hi = net->ambient_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(net->ambient[mid].source, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < net->ambient_count &&
		strcmp(net->ambient[lo].source, id) == 0; lo++)
		if (span_holds(net->ambient[lo].span, at))
			return &net->ambient[lo];
	return NULL;
}

static double pd_of(const struct mic *m, double kg)
{
	double best = -INFINITY;

	for (size_t i = 0; i < m->ambient->bands; i++) {
		const struct ambient_band *b = &m->ambient->band[i];

		best = fmax(best, loudness_band_db(kg, m->d_m, b) -
			loudness_needed_db(b));
	}
	return m->ambient->bands > 0 ? loudness_pd(best, &m->bend) : 0;
}

/* Arrivals of one microphone: within the window, and about it. */
static void count_arrivals(
	const struct shaken *s, const struct source *of, struct mic *m)
{
	double from = m->d_m / FAST_MS - SLACK_S;
	double to = m->d_m / SLOW_MS + SLACK_S;
	size_t lo = 0, hi = s->arrival_count, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (instant_seconds(s->t0, s->arrival[mid].at) < -ABOUT_S)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < s->arrival_count; lo++) {
		double t = instant_seconds(s->t0, s->arrival[lo].at);

		if (t > ABOUT_S)
			break;
		if (s->arrival[lo].source != of)
			continue;
		n += t < from || t > to;
		m->heard |= t >= from && t <= to;
	}
	m->chance = 1 - m_exp(-((double)n + 0.5) * (to - from) /
		(2 * ABOUT_S));
}

static bool mics_of(const struct network *net, const struct shaken *s,
	struct mic *to, size_t *count)
{
	const struct mission *m = net->mission;
	struct loudness_wind wind = loudness_wind_at(
		net->weather, net->weather_count, s->t0);

	*count = 0;
	for (size_t i = 0; i < m->source_count; i++) {
		const struct source *of = &m->source[i];
		struct mic *x = &to[*count];
		struct geodesic g;

		if (of->kind != SOURCE_ACOUSTIC ||
			!isfinite(of->lat_deg + of->lon_deg))
			continue;
		g = geodesic_between(s->at,
			(struct point){of->lat_deg, of->lon_deg});
		if (!(g.length_m <= EAR_MOST_M))
			continue;
		*x = (struct mic){.d_m = fmax(g.length_m, 50)};
		x->ambient = ambient_at(net, of->id,
			instant_plus_s(s->t0, x->d_m / 340));
		if (!x->ambient || hear_doubted(net, of->id, s->t0))
			continue;
		x->bend = loudness_bends(
			wind.east_ms * m_sin(RAD(g.azimuth_deg)) +
				wind.north_ms * m_cos(RAD(g.azimuth_deg)),
			wind.sigma_ms, x->d_m);
		count_arrivals(s, of, x);
		++*count;
	}
	return *count > 0;
}

/* ln of the probability of what microphones told, over that of chance; over
 * charges of a normal in decades.  *sum: expected to tell. */
static double ln_air(const struct mic *m, size_t count, double mid,
	double sigma, double *sum)
{
	double ln[CHARGES], top = -INFINITY, p = 0, q = 0;

	*sum = 0;
	for (int k = 0; k < CHARGES; k++) {
		double u = k * 0.5 - 2;
		double w = m_exp(-0.5 * u * u);
		/* More than a kiloton, or less than a gram, is none. */
		double kg = m_pow(10, fmax(-3, fmin(6, mid + sigma * u)));

		ln[k] = m_log(w);
		q += w;
		for (size_t i = 0; i < count; i++) {
			double pd = fmin(pd_of(&m[i], kg), 0.98);

			*sum += w * pd;
			ln[k] += m[i].heard
				? m_log(1 - pd + pd / m[i].chance)
				: m_log(1 - pd);
		}
		top = fmax(top, ln[k]);
	}
	for (int k = 0; k < CHARGES; k++)
		p += m_exp(ln[k] - top);
	*sum /= q;
	return top + m_log(p / q);
}

static bool air(const struct network *net, struct shaken *s, struct arena *a,
	double ln[SORTS], struct fault *f)
{
	struct mic *m = arena_array(
		a, net->mission->source_count + 1, sizeof *m, f);
	size_t count;
	double sum;

	if (!m)
		return false;
	s->would_hear = s->heard = NAN;
	if (!isfinite(s->motion) || !mics_of(net, s, m, &count))
		return true;
	s->heard = 0;
	for (size_t i = 0; i < count; i++)
		s->heard += m[i].heard;
	ln[1] += capped(ln_air(m, count, s->motion + HOLE_DECADES + AIR_HOLE,
		sqrt(SIGMA_DECADES * SIGMA_DECADES +
			AIR_HOLE_SIGMA * AIR_HOLE_SIGMA), &sum));
	ln[2] += capped(ln_air(m, count, s->motion + OPEN_DECADES,
		SIGMA_DECADES, &s->would_hear));
	return true;
}

bool shaken_kind(const struct network *net, struct shaken *s,
	struct arena *a, double kind[KIND_COUNT], struct fault *f)
{
	double ln[SORTS] = {0}, p[SORTS], sum = 0, all = 0;

	if (!air(net, s, a, ln, f))
		return false;
	if (isfinite(s->ln_deep))
		ln[0] += capped(s->ln_deep);
	if (isfinite(s->sp_log10)) {
		double q = (s->sp_log10 - SP_QUAKE) / SP_SIGMA;
		double b = (s->sp_log10 - SP_BLAST) / SP_SIGMA;

		ln[0] += capped(0.5 * (b * b - q * q));
	}
	for (int k = 0; k < SORTS; k++) {
		p[k] = m_exp(ln[k]);
		sum += p[k] / SORTS;
		p[k] *= prior[k];
		all += p[k];
	}
	/* What is none of these makes anything as likely as they together. */
	all += PRIOR_UNKNOWN * sum;
	memset(kind, 0, KIND_COUNT * sizeof *kind);
	for (int k = 0; k < SORTS; k++)
		kind[sort_kind[k]] = p[k] / all;
	kind[KIND_UNKNOWN] = PRIOR_UNKNOWN * sum / all;
	return true;
}
