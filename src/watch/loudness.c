/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/loudness.h"

#include "base/maths.h"

/* Others that must say their first motion, and their share that agrees. */
enum { OTHERS_LEAST = 3, AGREE_LEAST_OF = 60 };
#define OTHERS_AGREE 0.8
#define NETWORK_AGREES 0.85
/* A sound sensor agrees nine times in ten, a reversed one disagrees so often,
 * one that picks noise does neither: nats by which reversed must be likelier
 * than noise (ten in a row), and than sound. */
#define SAID_RIGHT 0.9
#define REVERSED_LEAST 5.5
/* Steps of level: a fault is 6 dB (docs/WAVEFORM.md 5), but a healthy sensor's
 * level stepped by over 9 dB in the Pittsburgh set (FP4); paths and winds make
 * as much now and then, so more is asked, and seven sigma. */
#define GAIN_LEAST_DB 15.0
#define GAIN_SIGMAS 7.0
#define SPREAD_LEAST_DB 2.0
enum { SIDE_LEAST = 8 };

/* 1: as the others; -1: against them; 0 not known. */
static int agrees(const struct sight *s)
{
	const struct fit *fit = s->fit;
	double sum = 0, n = 0, own;

	if (s->hearing->used < 0)
		return 0;
	own = s->hearing->near[s->hearing->used].polarity;
	if (!(fabs(own) > 0))
		return 0;
	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *h = &fit->hearing[i];
		double p = h->used < 0 ? NAN : h->near[h->used].polarity;

		if (h == s->hearing || !(fabs(p) > 0))
			continue;
		sum += p > 0 ? 1 : -1;
		n++;
	}
	if (n < OTHERS_LEAST || fabs(sum) < (2 * OTHERS_AGREE - 1) * n)
		return 0;
	return (own > 0) == (sum > 0) ? 1 : -1;
}

double loudness_agreement(const struct suspect *s, size_t suspects)
{
	double yes = 0, all = 0;

	for (size_t i = 0; i < suspects; i++)
		for (size_t k = 0; k < s[i].count; k++) {
			int a = agrees(&s[i].sight[k]);

			yes += a > 0;
			all += a != 0;
		}
	return all >= AGREE_LEAST_OF ? yes / all : NAN;
}

/* From the sight on from which reversed is likeliest. */
static void reversed(const struct suspect *s, struct loudness *l)
{
	const double right = m_log(SAID_RIGHT / 0.5);
	const double wrong = m_log((1 - SAID_RIGHT) / 0.5);
	double noise = 0, sound = 0, n = 0, best = 0;

	for (size_t k = s->count; k-- > 0;) {
		int a = agrees(&s->sight[k]);

		if (a == 0)
			continue;
		n++;
		noise += a < 0 ? right : wrong;
		sound += a < 0 ? right - wrong : wrong - right;
		if (sound <= best)
			continue;
		best = sound;
		l->reversed = noise > REVERSED_LEAST;
		l->reversed_from = k;
		l->reversed_sounds = n;
	}
}

struct side {
	double n, sum, sum2;
};

static double variance(const struct side *a, const struct side *b)
{
	double of[2] = {0};
	const struct side *s[2] = {a, b};

	for (int i = 0; i < 2; i++) {
		double mean = s[i]->sum / s[i]->n;

		of[i] = fmax(SPREAD_LEAST_DB * SPREAD_LEAST_DB,
				s[i]->sum2 / s[i]->n - mean * mean) / s[i]->n;
	}
	return of[0] + of[1];
}

static void gain(const struct suspect *s, double *db, struct loudness *l)
{
	struct side before = {0}, after = {0};
	double best = GAIN_SIGMAS;

	for (size_t k = 0; k < s->count; k++) {
		const struct sight *x = &s->sight[k];
		int used = x->hearing->used;

		db[k] = used < 0 ? NAN : suspect_louder_db(x, used);
		if (!isfinite(db[k]))
			continue;
		after.n++;
		after.sum += db[k];
		after.sum2 += db[k] * db[k];
	}
	for (size_t k = 0; k < s->count; k++) {
		double step, z;

		if (!isfinite(db[k]))
			continue;
		if (before.n >= SIDE_LEAST && after.n >= SIDE_LEAST) {
			step = after.sum / after.n - before.sum / before.n;
			z = fabs(step) / sqrt(variance(&before, &after));
			if (z > best && fabs(step) > GAIN_LEAST_DB) {
				best = z;
				l->gain = true;
				l->gain_from = k;
				l->gain_db = step;
			}
		}
		before.n++;
		before.sum += db[k];
		before.sum2 += db[k] * db[k];
		after.n--;
		after.sum -= db[k];
		after.sum2 -= db[k] * db[k];
	}
}

void loudness_judge(const struct suspect *s, double agreement, double *room,
	struct loudness *l)
{
	*l = (struct loudness){.reversed = false};
	if (agreement >= NETWORK_AGREES)
		reversed(s, l);
	gain(s, room, l);
}
