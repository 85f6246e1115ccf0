/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/pieces.h"

#include <string.h>

#include "base/maths.h"

/* Steps of the grid; as fine as the arrivals of one place repeat. */
#define STEP_S 0.005
enum { HALF = 265, STATES = 2 * HALF + 1 }; /* +-1.325 s */
/* Repeats of one place spread by 3-5 ms with the pick's own error and the
 * place's; the prediction's variance comes on top (Pittsburgh, FP1, FP2). */
#define REPEAT_S 0.008
/* Share and mean delay of those that come late (docs/WAVEFORM.md 3.4). */
#define LATE 0.25
#define LATE_S 0.040
/* A working source that has any arrival near has the straight one. */
#define PD 0.75
/* Least rate of chance arrivals, 1/s: a pick in the window is a suspect. */
#define RATE_LEAST 0.3
/* Prices in nats: a jump to any of the states (ln 531 = 6.3) once in 300
 * sounds; a creep by a step; a start elsewhere than within 25 ms of 0. */
#define JUMP 12.0
#define CREEP 4.0
#define START 8.0
enum { START_FREE = 5 };
/* Arrivals of one path in one place lie so near each other; and the share of
 * the followed one's hits that makes an earlier one the first. */
#define SAME_S 0.010
#define FIRST 0.6

enum from { FROM_SAME, FROM_BELOW, FROM_ABOVE, FROM_BEST };

static double density(double r, double sigma)
{
	double u = r / sigma, bell = m_exp(-0.5 * u * u);
	double n = (1 - LATE) * bell * 0.39894228040143267794 / sigma;
	double tail = r > 0 ? m_exp(-r / LATE_S) : bell;

	return n + LATE * tail / (LATE_S + sigma * 1.25331413731550025121);
}

static double sigma_of(const struct sight *s)
{
	return sqrt(REPEAT_S * REPEAT_S + s->var_s2);
}

/* As it was before its pattern shifted. */
static double offset(const struct sight *s, int near)
{
	return s->hearing->near[near].offset_s + s->shift_s - s->lag_s;
}

static double state_s(int state)
{
	return (state - HALF) * STEP_S;
}

bool pieces_usable(const struct sight *s)
{
	return s->hearing->near_count > 0 && isfinite(s->shift_s);
}

double pieces_gain(const struct sight *s, double b, double wide_s, double rate,
	int *best)
{
	const struct hearing *h = s->hearing;
	double own = sigma_of(s), most = 1 - PD;
	double sigma = sqrt(own * own + wide_s * wide_s);

	*best = -1;
	for (size_t i = 0; i < h->near_count; i++) {
		double r = offset(s, (int)i) - b, g;

		if (r < -5 * sigma || r > 5 * sigma + 5 * LATE_S)
			continue;
		g = 1 - PD + PD * density(r, sigma) / rate;
		if (g > most) {
			most = g;
			*best = (int)i;
		}
	}
	return m_log(most);
}

static double gain(const struct sight *s, double b, double rate, int *best)
{
	return pieces_gain(s, b, 0, rate, best);
}

double pieces_rate(const struct sight *s, size_t n)
{
	double near = 0, seen = 0;

	for (size_t i = 0; i < n; i++)
		if (pieces_usable(&s[i])) {
			near += (double)s[i].hearing->near_count - PD;
			seen += 2 * FIT_NEAR_S;
		}
	return fmax(RATE_LEAST, near / fmax(seen, 1));
}

struct course { /* the likeliest so far that ends in each state */
	double v[STATES];
	int best;
};

static void first(struct course *c, const struct sight *s, double rate)
{
	int near;

	for (int b = 0; b < STATES; b++) {
		bool free = b >= HALF - START_FREE && b <= HALF + START_FREE;

		c->v[b] = gain(s, state_s(b), rate, &near) -
			(free ? 0 : START);
	}
	c->best = HALF;
	for (int b = 0; b < STATES; b++)
		if (c->v[b] > c->v[c->best])
			c->best = b;
}

static void step(struct course *c, const struct sight *s, double rate,
	uint8_t from[STATES])
{
	double was[STATES], jump = c->v[c->best] - JUMP;
	int near, best = 0;

	memcpy(was, c->v, sizeof was);
	for (int b = 0; b < STATES; b++) {
		double v = was[b];

		from[b] = FROM_SAME;
		if (b > 0 && was[b - 1] - CREEP > v) {
			v = was[b - 1] - CREEP;
			from[b] = FROM_BELOW;
		}
		if (b + 1 < STATES && was[b + 1] - CREEP > v) {
			v = was[b + 1] - CREEP;
			from[b] = FROM_ABOVE;
		}
		if (jump > v) {
			v = jump;
			from[b] = FROM_BEST;
		}
		c->v[b] = v + gain(s, state_s(b), rate, &near);
		if (c->v[b] > c->v[best])
			best = b;
	}
	c->best = best;
}

struct trail { /* of one source */
	struct sight *sight;
	size_t *use; /* indices of usable sights */
	size_t count;
	uint8_t (*from)[STATES];
	int16_t *best; /* before each step */
	int16_t *state;
	double rate;
};

static void walk(struct trail *t)
{
	struct course c;

	first(&c, &t->sight[t->use[0]], t->rate);
	for (size_t k = 1; k < t->count; k++) {
		t->best[k] = (int16_t)c.best;
		step(&c, &t->sight[t->use[k]], t->rate, t->from[k]);
	}
	for (size_t k = t->count; k-- > 0;) {
		int b = c.best;

		t->state[k] = (int16_t)b;
		if (k == 0)
			break;
		switch (t->from[k][b]) {
		case FROM_BELOW:
			c.best = b - 1;
			break;
		case FROM_ABOVE:
			c.best = b + 1;
			break;
		case FROM_BEST:
			c.best = t->best[k];
			break;
		default:
			break;
		}
	}
}

double pieces_median(double *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double q = x[i];
		size_t k = i;

		for (; k > 0 && x[k - 1] > q; k--)
			x[k] = x[k - 1];
		x[k] = q;
	}
	if (n == 0)
		return NAN;
	return n & 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static void finish(const struct trail *t, struct piece *p, size_t from,
	size_t to, double *room)
{
	size_t n = 0;

	*p = (struct piece){.from = t->use[from],
		.to = to < t->count ? t->use[to] : t->use[t->count - 1] + 1};
	for (size_t k = from; k < to; k++) {
		struct sight *s = &t->sight[t->use[k]];
		double b = state_s(t->state[k]);
		int near, zero;

		p->gain += gain(s, b, t->rate, &near) -
			gain(s, 0, t->rate, &zero);
		s->near = near;
		s->late_s = NAN;
		p->heard++;
		if (near < 0)
			continue;
		s->late_s = offset(s, near);
		/* A hit is not an echo. */
		if (fabs(s->late_s - b) < 4 * sigma_of(s))
			room[n++] = s->late_s;
	}
	p->hits = n;
	p->late_s = pieces_median(room, n);
}

/* How many sights of a piece have an arrival so late. */
static size_t count_at(const struct trail *t, size_t from, size_t to,
	double late_s)
{
	size_t n = 0;

	for (size_t k = from; k < to; k++) {
		const struct sight *s = &t->sight[t->use[k]];

		for (size_t i = 0; i < s->hearing->near_count; i++)
			if (fabs(offset(s, (int)i) - late_s) < SAME_S) {
				n++;
				break;
			}
	}
	return n;
}

/* What comes straight comes first: if an earlier arrival repeats nearly as
 * often as the one that was followed, that was its echo. */
static double earliest(const struct trail *t, size_t from, size_t to,
	const struct piece *p)
{
	double enough = FIRST * (double)p->hits;

	for (int b = 0; state_s(b) < p->late_s - 2 * SAME_S; b++) {
		size_t n = count_at(t, from, to, state_s(b));

		if ((double)n < enough || n < 3)
			continue;
		/* The middle of it: the next steps may hold more. */
		for (int more = b + 1; more < b + 4; more++) {
			size_t q = count_at(t, from, to, state_s(more));

			if (q > n) {
				n = q;
				b = more;
			}
		}
		return state_s(b);
	}
	return NAN;
}

/* Follows another arrival in a piece. */
static void follow(const struct trail *t, size_t from, size_t to,
	double late_s, struct piece *p, double *room)
{
	size_t n = 0;

	p->gain = 0;
	for (size_t k = from; k < to; k++) {
		struct sight *s = &t->sight[t->use[k]];
		int zero;

		p->gain += gain(s, late_s, t->rate, &s->near) -
			gain(s, 0, t->rate, &zero);
		s->late_s = NAN;
		if (s->near < 0)
			continue;
		s->late_s = offset(s, s->near);
		if (fabs(s->late_s - late_s) < 4 * sigma_of(s))
			room[n++] = s->late_s;
	}
	p->hits = n;
	p->late_s = pieces_median(room, n);
}

static bool jumps(const struct trail *t, size_t k)
{
	const struct sight *s = &t->sight[t->use[k]];

	return abs(t->state[k] - t->state[k - 1]) > 1 ||
		s->lag_s != t->sight[t->use[k - 1]].lag_s;
}

/* Back to what was heard: later by the lag of the piece's pattern. */
static void shift(const struct trail *t, size_t from, size_t to,
	struct piece *p)
{
	for (size_t k = from; k < to; k++)
		t->sight[t->use[k]].late_s += t->sight[t->use[k]].lag_s;
	p->late_s += t->sight[t->use[from]].lag_s;
}

static size_t cut(const struct trail *t, double *room,
	struct piece out[PIECES_MAX])
{
	size_t from = 0, n = 0;
	double first_s;

	for (size_t k = 1; k <= t->count; k++) {
		if (k < t->count && (n + 1 == PIECES_MAX || !jumps(t, k)))
			continue;
		finish(t, &out[n], from, k, room);
		first_s = earliest(t, from, k, &out[n]);
		if (isfinite(first_s))
			follow(t, from, k, first_s, &out[n], room);
		shift(t, from, k, &out[n++]);
		from = k;
	}
	return n;
}

bool pieces_find(struct sight *s, size_t count, struct arena *a,
	struct piece out[PIECES_MAX], size_t *pieces, struct fault *f)
{
	struct trail t = {.sight = s};
	size_t mark = a->used;
	double *room;
	bool ok = false;

	*pieces = 0;
	t.use = arena_array(a, count + 1, sizeof *t.use, f);
	if (!t.use)
		return false;
	for (size_t i = 0; i < count; i++) {
		s[i].near = -1;
		s[i].late_s = NAN;
		if (pieces_usable(&s[i]))
			t.use[t.count++] = i;
	}
	if (t.count == 0) {
		a->used = mark;
		return true;
	}
	t.rate = pieces_rate(s, count);
	t.from = arena_array(a, t.count, sizeof *t.from, f);
	t.best = t.from ? arena_array(a, t.count, sizeof *t.best, f) : NULL;
	t.state = t.best ? arena_array(a, t.count, sizeof *t.state, f) : NULL;
	room = t.state ? arena_array(a, t.count, sizeof *room, f) : NULL;
	if (room) {
		walk(&t);
		*pieces = cut(&t, room, out);
		ok = true;
	}
	a->used = mark;
	return ok;
}
