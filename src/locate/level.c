/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/level.h"

#include "base/maths.h"
#include "model/loudness.h"

/* Falls of level over ten times the distance (loudness.h: r^-1.1). */
#define DB_PER_DECADE 22.0
/* How far the wind is believed to bend sound: a shadow's edge is sharp, and
 * its depth known to a half (loudness.h: 20 to 30 dB, six winds). */
#define BEND_SHARE 0.4
/* Nearer than so the pulse has no far field, and a place is not so good. */
#define NEAR_M 30.0
/* Air and walls seldom make a sound so much louder at one ear than most say: it
 * heard another, if chance is the likelier reason for its time.  At a hundred
 * shots a second 677 of 720 were found with it, 661 without, 669 with 20 dB
 * (scale, 400 nodes, seeds 4, 14, 22). */
#define TOO_LOUD_DB 15.0
/* Chance has to be so many times as likely, in nats.  With 1, 31 of 805 stated
 * ones were lost there, not 25 (seed 23, too); whatever its time says 23, and
 * one shot of 720 of 3,000 nodes (seed 220) was put 230 m off, for the nearest
 * ear, 16 dB too loud, was not believed. */
#define TOO_RARE 2.0
/* Mean of 2.5 ln(1 + u^2/4) over a normal u: what a true one pays. */
#define MEAN_LN 0.467
enum { LEVELS = 48, LEAST = 3, STEPS = 4 };

struct heard { /* as loud as at a metre, and how sure */
	double db, sigma_db;
	size_t hearer;
};

static struct heard heard_by(const struct view *v, const struct post *p,
	struct xy at, double level_db)
{
	double dx = p->x_m - at.x_m, dy = p->y_m - at.y_m;
	double d = sqrt(dx * dx + dy * dy), as_m, far, bend;

	d = fmax(d, NEAR_M);
	as_m = lee_m(v->lee, (v->air.east_ms * dx + v->air.north_ms * dy) / d,
		d);
	far = DB_PER_DECADE * m_log10(d);
	bend = DB_PER_DECADE * m_log10(as_m) - far;
	return (struct heard){.db = level_db + far + bend,
		.sigma_db = sqrt(LOUDNESS_SIGMA_DB * LOUDNESS_SIGMA_DB +
			BEND_SHARE * BEND_SHARE * bend * bend)};
}

/* What most say: Student's t, from the mean on. */
static double middle(const struct heard *h, size_t n)
{
	double at = 0;

	for (size_t i = 0; i < n; i++)
		at += h[i].db / (double)n;
	for (int step = 0; step < STEPS; step++) {
		double sum = 0, all = 0;

		for (size_t i = 0; i < n; i++) {
			double u = (h[i].db - at) / h[i].sigma_db;
			double w = 1 / ((4 + u * u) * h[i].sigma_db *
				h[i].sigma_db);

			sum += w * h[i].db;
			all += w;
		}
		at = sum / all;
	}
	return at;
}

/* Of the chosen arrivals with known level, the first LEVELS of them. */
static size_t gather(const struct view *v, const struct origin *o,
	struct xy at, struct heard h[LEVELS])
{
	size_t n = 0, hearer = 0;

	for (size_t i = 0; v->lee && i < v->posts && n < LEVELS; i++) {
		const struct pick *k;

		if (o->choice[i] == HEAR_NONE)
			continue;
		k = &v->scene->pick[o->choice[i]];
		if (k->calibrated) {
			h[n] = heard_by(v, &v->post[i], at, k->level_db);
			h[n++].hearer = hearer;
		}
		hearer++;
	}
	return n;
}

double level_ln(const struct view *v, const struct origin *o, struct xy at,
	double *unlike)
{
	struct heard h[LEVELS];
	double mid, product = 1, ln = 0;
	size_t n = gather(v, o, at, h);

	for (size_t i = 0; unlike && i < o->heard; i++)
		unlike[i] = 1;
	if (n < LEAST)
		return 0;
	mid = middle(h, n);
	for (size_t i = 0; i < n; i++) {
		double u = (h[i].db - mid) / h[i].sigma_db;

		product *= 1 + u * u / 4;
		if (unlike)
			unlike[h[i].hearer] = (1 + u * u / 4) *
				(1 + u * u / 4) * sqrt(1 + u * u / 4);
		if (i % 8 == 7) {
			ln += m_log(product);
			product = 1;
		}
	}
	ln += m_log(product);
	return MEAN_LN * (double)(n - 1) - 2.5 * ln;
}

double level_at_1m_db(const struct view *v, const struct origin *o)
{
	struct heard h[LEVELS];
	size_t n = gather(v, o, (struct xy){o->x_m, o->y_m}, h);

	return n < LEAST ? NAN : middle(h, n);
}

/* -ln of the share of a normal distribution beyond so many sigmas, from about
 * two on. */
static double rarity(double u)
{
	return 0.5 * u * u + m_log(u * 2.50662827463100050242);
}

bool level_too_loud(const struct view *v, const struct origin *o, size_t post,
	double at_1m_db, double gain)
{
	const struct pick *k = &v->scene->pick[o->choice[post]];
	struct heard h;

	if (!k->calibrated)
		return false;
	h = heard_by(v, &v->post[post], (struct xy){o->x_m, o->y_m},
		k->level_db);
	return h.db > at_1m_db + TOO_LOUD_DB &&
		gain < TOO_RARE * rarity((h.db - at_1m_db) / h.sigma_db);
}

double level_louder(const struct view *v, const struct post *p,
	const struct pick *k, struct xy at, double at_1m_db)
{
	struct heard h;

	if (!v->lee || !k->calibrated || !isfinite(at_1m_db))
		return 0;
	h = heard_by(v, p, at, k->level_db);
	return (h.db - at_1m_db) / h.sigma_db;
}
