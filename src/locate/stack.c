/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/stack.h"

#include "base/maths.h"
#include "base/sort.h"

/* Rounds of one weapon are as loud as each other at an ear: 95 % of 1,435
 * tagged pairs within 2 dB, 98 % within 6, at each of FP1..FP4. */
#define ALIKE_DB 6.0
/* Chance must be left this far behind: ln 100, after the number of times
 * apart that there are to try. */
#define LN_BEYOND 4.605170185988091368
/* In the rank of a stack a pair later than this much stands below. */
#define RANK_S 0.010

/* More is a barrage, in which any time apart repeats. */
enum { PAIRS_MAX = 8192, EARS_LEAST = 4 };

struct pair {
	double apart_s;
	size_t post, a, b; /* picks, a the earlier */
};

static int by_time(const void *a, const void *b, const void *self)
{
	const struct pair *x = a, *y = b;

	(void)self;
	if (x->apart_s < y->apart_s || x->apart_s > y->apart_s)
		return x->apart_s < y->apart_s ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static bool alike(const struct pick *a, const struct pick *b)
{
	return !(fabs(a->level_db - b->level_db) > ALIKE_DB);
}

/* All pairs of a view; how many there are of each post goes to `of`. */
static size_t pairs_of(const struct view *v, struct pair *p, double *of)
{
	const struct pick *k = v->scene->pick;
	size_t n = 0;

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *s = &v->post[i];

		of[i] = 0;
		for (size_t a = s->first; a < s->end; a++)
			for (size_t b = a + 1; b < s->end; b++) {
				double d = k[b].t_s - k[a].t_s;

				if (d > STACK_LONGEST_S)
					break;
				if (k[a].gone || k[b].gone ||
					d < STACK_LEAST_S ||
					!alike(&k[a], &k[b]))
					continue;
				if (n == PAIRS_MAX)
					return 0;
				p[n++] = (struct pair){d, i, a, b};
				of[i]++;
			}
	}
	sort_items(p, n, sizeof *p, by_time, NULL);
	return n;
}

static bool is_known(double apart_s, const double *known, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fabs(apart_s - known[i]) < 2 * STACK_SAME_S)
			return true;
	return false;
}

struct run { /* of pairs that are one time apart */
	size_t from, to;
	double ln;
};

/* The run that chance explains worst.  of: by post, its pairs; becomes -ln
 * of the odds that one of them is in a run by chance.  seen: zeroed. */
static struct run best_run(const struct pair *p, size_t n, double *of,
	size_t posts, unsigned *seen, const double *known, size_t count)
{
	struct run best = {0};
	double sum = -LN_BEYOND - m_log(STACK_LONGEST_S / STACK_SAME_S);
	size_t to = 0, ears = 0;

	for (size_t i = 0; i < posts; i++) {
		double q = fmin(0.9, of[i] * STACK_SAME_S / STACK_LONGEST_S);

		of[i] = q > 0 ? m_log((1 - q) / q) : 0;
		sum += m_log(1 - q);
	}
	for (size_t from = 0; from < n; from++) {
		for (; to < n && p[to].apart_s <=
			p[from].apart_s + STACK_SAME_S; to++)
			if (seen[p[to].post]++ == 0) {
				sum += of[p[to].post];
				ears++;
			}
		if (ears >= EARS_LEAST && sum > best.ln &&
			!is_known((p[from].apart_s + p[to - 1].apart_s) / 2,
				known, count))
			best = (struct run){from, to, sum};
		if (--seen[p[from].post] == 0) {
			sum -= of[p[from].post];
			ears--;
		}
	}
	return best;
}

/* The pairs of a run as the picks of a scene, by ear, then time. */
static bool lay(const struct view *v, const struct pair *p, struct run r,
	struct arena *a, struct stack *s, struct fault *f)
{
	const struct scene *from = v->scene;
	double apart = 0;

	s->scene = *from;
	s->scene.picks = 0;
	s->scene.ear = arena_array(a, from->ears, sizeof *from->ear, f);
	s->scene.pick = arena_array(a, r.to - r.from, sizeof *from->pick, f);
	if (!s->scene.ear || !s->scene.pick)
		return false;
	for (size_t i = r.from; i < r.to; i++)
		apart += p[i].apart_s / (double)(r.to - r.from);
	for (size_t i = 0; i < from->ears; i++) {
		s->scene.ear[i] = from->ear[i];
		s->scene.ear[i].count = 0;
	}
	for (size_t i = r.from; i < r.to; i++) {
		const struct pick *x = &from->pick[p[i].a];
		const struct pick *y = &from->pick[p[i].b];
		struct pick k = *x;
		size_t at = s->scene.picks++;

		k.t_s = (x->t_s + y->t_s - apart) / 2;
		k.sigma_s = sqrt(x->sigma_s * x->sigma_s +
			y->sigma_s * y->sigma_s) / 2;
		k.level_db = -k.t_s / RANK_S * HEAR_LOUD_DB;
		for (; at > 0 && (s->scene.pick[at - 1].ear > k.ear ||
			(s->scene.pick[at - 1].ear == k.ear &&
				s->scene.pick[at - 1].t_s > k.t_s)); at--)
			s->scene.pick[at] = s->scene.pick[at - 1];
		s->scene.pick[at] = k;
	}
	for (size_t i = s->scene.picks; i-- > 0;) {
		struct ear *e = &s->scene.ear[s->scene.pick[i].ear];

		e->first = i;
		e->count++;
	}
	s->apart_s = apart;
	s->ln_chance = r.ln;
	return true;
}

bool stack_make(const struct view *v, const double *known, size_t count,
	struct arena *a, struct stack *s, struct fault *f)
{
	size_t mark = a->used, n;
	struct pair *p = arena_array(a, PAIRS_MAX, sizeof *p, f);
	double *of = arena_array(a, v->posts + 1, sizeof *of, f);
	unsigned *seen = arena_array(a, v->posts + 1, sizeof *seen, f);
	struct run r;

	s->apart_s = 0;
	if (!p || !of || !seen)
		return false;
	n = pairs_of(v, p, of);
	r = best_run(p, n, of, v->posts, seen, known, count);
	if (r.to == r.from) {
		a->used = mark;
		return true;
	}
	return lay(v, p, r, a, s, f);
}
