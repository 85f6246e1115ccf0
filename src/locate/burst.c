/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/burst.h"

#include "base/maths.h"

/* Repeats of one path differ by 1 ms, picks by 3 (FP1, FP2). */
#define SIGMA_S 0.004
/* An ear that heard one round hears the next. */
#define LN_AGAIN (-0.22)    /* ln 0.8 */
#define LN_NOT_AGAIN (-1.61) /* ln 0.2 */
/* Rounds a second after a round, and the width of the posterior. */
#define LN_RATE (-1.2)
#define LN_WIDTH (-4.6) /* SIGMA_S sqrt(2 pi) */
#define LN_ACCEPT 4.605170185988091368 /* ln 100 */
/* Rounds are no nearer in time, docs/WAVEFORM.md 3.4. */
#define APART_S 0.05
/* Of many ears that heard one round so many hear the next, or it is another
 * sound near by, whose times fit at the ears to one side: a shot 137 m off and
 * 2.5 s later was cut in two, a round here by 20 of 38 and a sound of its own
 * (scale 10000 10, seed 353). */
#define AGAIN_LEAST 0.6
enum { HEARD_LEAST = 4, SHIFTS_MAX = 2048 };

/* ln of how much better a shift of the pattern explains the picks. */
static double shift_score(const struct view *v, const struct origin *first,
	double shift_s, size_t *heard, double *mean_s)
{
	const struct scene *s = v->scene;
	double sum = LN_RATE + LN_WIDTH, mean = 0;

	*heard = 0;
	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double at, most = LN_NOT_AGAIN, r_most = NAN;

		if (first->choice[i] == HEAR_NONE)
			continue;
		at = s->pick[first->choice[i]].t_s + shift_s;
		for (size_t k = p->first; k < p->end; k++) {
			double r = s->pick[k].t_s - at, u = r / SIGMA_S, g;

			if (s->pick[k].gone || fabs(u) > 4)
				continue;
			g = LN_AGAIN - 0.5 * u * u - LN_WIDTH -
				v->ln_rate[k];
			if (g > most) {
				most = g;
				r_most = r;
			}
		}
		sum += most;
		if (isfinite(r_most)) {
			(*heard)++;
			mean += r_most;
		}
	}
	*mean_s = *heard ? mean / (double)*heard : 0;
	return sum;
}

/* Every shift that some pick suggests is tried, and once more at the mean of
 * what it found. */
static double best_shift(const struct view *v, const struct origin *first,
	double *shift_s)
{
	double best = -INFINITY;
	size_t tried = 0;

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];

		if (first->choice[i] == HEAR_NONE)
			continue;
		for (size_t k = p->first; k < p->end; k++) {
			const struct pick *q = v->scene->pick;
			double d = q[k].t_s - q[first->choice[i]].t_s, m, g;
			size_t heard;

			if (q[k].gone || fabs(d) < APART_S ||
				fabs(d) > BURST_S || tried == SHIFTS_MAX)
				continue;
			tried++;
			for (int pass = 0; pass < 2; pass++) {
				g = shift_score(v, first, d, &heard, &m);
				if (heard >= HEARD_LEAST && g > best) {
					best = g;
					*shift_s = d;
				}
				d += m;
			}
		}
	}
	return best;
}

bool burst_next(const struct view *v, const struct origin *first,
	ptrdiff_t *choice, struct origin *o)
{
	double shift_s = 0, score = best_shift(v, first, &shift_s), dx, dy;

	if (score < LN_ACCEPT ||
		!origin_climb(v, &(struct origin_start){first->x_m, first->y_m,
			first->t_s + shift_s, 0.03, 0}, -INFINITY, NULL, choice,
			o) ||
		o->heard < HEARD_LEAST)
		return false;
	if (first->heard >= ORIGIN_MANY &&
		(double)o->heard < AGAIN_LEAST * (double)first->heard)
		return false;
	dx = o->x_m - first->x_m;
	dy = o->y_m - first->y_m;
	o->score = fmax(o->score, score);
	return dx * dx + dy * dy < BURST_PLACE_M * BURST_PLACE_M &&
		fabs(o->t_s - first->t_s) >= APART_S;
}
