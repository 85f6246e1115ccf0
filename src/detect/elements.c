/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/elements.h"

#include "base/maths.h"

/* Delays up to a missed leap second are looked for. */
#define BEYOND_S 1.1
/* Correlation of a wave that three share.  Of 14 free bins of noise one pair
 * passes 0.7 once in 400 windows over all lags, three that close never. */
#define SHARED 0.7
#define JOINS 0.6
/* Three that hear this well, and one that correlates less than noise may. */
#define CLEAR 0.8
#define DEAF 0.6
/* One sign must be better than the other by so much: a wave of few bins is
 * nearly the same half a period later. */
#define MARGIN 0.05
/* Windows that do not overlap, one against the other way. */
#define SUM_NAMED 3.0
/* ln: against nothing wrong, e^6 = 400; against the next, e^4 = 55.  With
 * them no sound array was charged in simulation (tests/array.c). */
#define AHEAD_OF_PLAIN 6.0
#define AHEAD_OF_NEXT 4.0
/* Once, of choosing one hypothesis of some hundred: ln. */
#define COST 5.0
#define LATE_STEP_S 0.010
/* No window says more than this: none is that well understood. */
#define MOST 12.0
/* And so many must have spoken, from two directions 30 degrees apart: a path
 * from one may bend a wave. */
#define SPOKEN 6.0
/* Half of what was learned is forgotten in so many windows. */
#define HALF_WINDOWS 20.0
/* Variances by correlation alone are those of white noise. */
#define INFLATE 2.0
#define LEAST_S 1e-3

struct view { /* of one window */
	const struct fk *k;
	double strength[FK_PAIRS], tau_s[FK_PAIRS], margin[FK_PAIRS];
	int sign[FK_PAIRS];
	bool known[FK_PAIRS];
	double tolerance_s;
	size_t core[3];
	double core_strength;
	bool in[FK_ELEMENTS]; /* heard together */
	size_t n;
	double mean_strength;
};

void elements_init(struct elements *e, bool sound, double window_share,
	double place_err_m)
{
	*e = (struct elements){.sound = sound, .weight = window_share,
		.place_err_m = place_err_m, .doubt = INSTANT_UNKNOWN,
		.all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
}

const char *elements_why(enum element_fault f)
{
	static const char *const words[] = {"", "polarity reversed",
		"deaf", "clock or place wrong", "swapped"};

	return words[f];
}

/* -- what is heard together -- */

static double delay(const struct view *v, size_t a, size_t b)
{
	return a < b ? v->tau_s[fk_pair(v->k, a, b)]
		     : -v->tau_s[fk_pair(v->k, b, a)];
}

static size_t pair(const struct view *v, size_t a, size_t b)
{
	return a < b ? fk_pair(v->k, a, b) : fk_pair(v->k, b, a);
}

static bool closes(const struct view *v, size_t a, size_t b, size_t c)
{
	return fabs(delay(v, a, b) + delay(v, b, c) + delay(v, c, a)) <=
		v->tolerance_s;
}

static void measure(struct view *v, const struct fk_window *w)
{
	const struct fk_grid *g = &v->k->grid;
	struct delays d;

	lts_delays(v->k, w, BEYOND_S, &d);
	/* A tenth of the shortest period, as array.c. */
	v->tolerance_s = 0.1 /
		(g->first_hz + (double)(g->freqs - 1) * g->step_hz);
	for (size_t p = 0; p < v->k->pairs; p++) {
		bool up = d.rho[p] >= -d.low_rho[p];

		v->known[p] = d.known[p];
		v->sign[p] = up ? 1 : -1;
		v->strength[p] = fmax(d.rho[p], -d.low_rho[p]);
		v->margin[p] = fabs(d.rho[p] + d.low_rho[p]);
		v->tau_s[p] = up ? d.tau_s[p] : d.low_s[p];
		if (!d.known[p])
			v->strength[p] = 0;
	}
}

static double least_of(const struct view *v, size_t a, size_t b, size_t c)
{
	return fmin(v->strength[fk_pair(v->k, a, b)],
		fmin(v->strength[fk_pair(v->k, b, c)],
			v->strength[fk_pair(v->k, a, c)]));
}

/* The three that share it best. */
static bool find_core(struct view *v)
{
	size_t n = v->k->elements;

	v->core_strength = SHARED;
	v->n = 0;
	for (size_t a = 0; a < n; a++)
		for (size_t b = a + 1; b < n; b++)
			for (size_t c = b + 1; c < n; c++) {
				double s = least_of(v, a, b, c);

				if (s <= v->core_strength ||
					!closes(v, a, b, c))
					continue;
				v->core_strength = s;
				v->core[0] = a;
				v->core[1] = b;
				v->core[2] = c;
				v->n = 3;
			}
	return v->n == 3;
}

static bool is_core(const struct view *v, size_t m)
{
	return m == v->core[0] || m == v->core[1] || m == v->core[2];
}

static double best_with_core(const struct view *v, size_t m)
{
	double most = 0;

	for (size_t i = 0; i < 3; i++)
		most = fmax(most, v->strength[pair(v, m, v->core[i])]);
	return most;
}

static void find_others(struct view *v)
{
	double sum = 0;
	size_t pairs = 0;

	for (size_t m = 0; m < v->k->elements; m++) {
		double least = 1;

		v->in[m] = is_core(v, m);
		if (v->in[m])
			continue;
		for (size_t i = 0; i < 3; i++)
			least = fmin(least,
				v->strength[pair(v, m, v->core[i])]);
		v->in[m] = least >= JOINS &&
			closes(v, m, v->core[0], v->core[1]) &&
			closes(v, m, v->core[1], v->core[2]);
		v->n += v->in[m];
	}
	for (size_t p = 0; p < v->k->pairs; p++)
		if (v->in[v->k->a[p]] && v->in[v->k->b[p]]) {
			sum += v->strength[p];
			pairs++;
		}
	v->mean_strength = sum / (double)pairs;
}

/* -- sums that name and clear -- */

/* vote 1: the fault; -1: none. */
static void add(struct elements_sum *s, double vote, bool named,
	struct instant at)
{
	if (s->on <= 0 && vote > 0) {
		s->since = at;
		s->votes = 0;
	}
	s->votes += fmax(vote, 0);
	s->cleared |= vote < 0 && s->on <= 0;
	s->on = fmin(fmax(0, s->on + vote), 2 * SUM_NAMED);
	s->off = named ? fmax(0, s->off - vote) : 0;
	if (s->off > SUM_NAMED)
		s->on = s->off = 0;
}

/* Signs of those that are in, against the majority's: 0 where nothing can be
 * said. */
static void signs(const struct view *v, int out[FK_ELEMENTS])
{
	size_t first = v->core[0];
	int sum = 0, own[FK_ELEMENTS] = {0};

	for (size_t m = 0; m < v->k->elements; m++) {
		out[m] = 0;
		if (!v->in[m])
			continue;
		own[m] = m == first ? 1 : v->sign[pair(v, m, first)];
		sum += own[m];
	}
	for (size_t p = 0; p < v->k->pairs; p++) {
		size_t a = v->k->a[p], b = v->k->b[p];

		if (v->in[a] && v->in[b] && v->sign[p] != own[a] * own[b])
			return; /* they contradict one another */
	}
	/* Two of four: nobody knows which. */
	if (sum == 0)
		return;
	for (size_t m = 0; m < v->k->elements; m++) {
		double margin = 0;

		for (size_t i = 0; v->in[m] && i < 3; i++)
			if (m != v->core[i])
				margin += v->margin[pair(v, m, v->core[i])] /
					(is_core(v, m) ? 2 : 3);
		if (v->in[m] && margin >= MARGIN)
			out[m] = (sum > 0) == (own[m] > 0) ? 1 : -1;
	}
}

static void hear_signs(struct elements *e, const struct view *v,
	struct instant at)
{
	int sign[FK_ELEMENTS];

	signs(v, sign);
	for (size_t m = 0; m < v->k->elements; m++)
		if (sign[m] != 0)
			add(&e->reversed[m], -sign[m] * e->weight,
				e->now[m] == ELEMENT_REVERSED, at);
}

static void hear_deaf(struct elements *e, const struct view *v,
	const struct fk_window *w, struct instant at)
{
	for (size_t m = 0; m < v->k->elements; m++) {
		bool named = e->now[m] == ELEMENT_DEAF;

		if (v->in[m])
			add(&e->deaf[m], -e->weight, named, at);
		else if (w->there[m] && v->core_strength >= CLEAR &&
			best_with_core(v, m) < DEAF)
			add(&e->deaf[m], e->weight, named, at);
	}
}

/* -- likelihoods of times -- */

struct fitting {
	const struct elements *e;
	const struct view *v;
	struct lts_plane all;
	double variance_s2; /* of an element's time */
};

static double mean_w2(const struct fk_grid *g)
{
	double sum = 0;

	for (size_t i = 0; i < g->freqs; i++) {
		double w = 2 * PI * (g->first_hz + (double)i * g->step_hz);

		sum += w * w / (double)g->freqs;
	}
	return sum;
}

/* Half of a delay's variance, which is (1/rho^2 - 1)/(2 n w^2) at n free
 * complex bins (Carter 1987), and the place's. */
static double variance(const struct elements *e, const struct view *v,
	struct xy s)
{
	double r2 = v->mean_strength * v->mean_strength;
	double n = (double)v->k->grid.freqs / 1.5;
	double place2 = e->place_err_m * e->place_err_m *
		(s.x_m * s.x_m + s.y_m * s.y_m);

	return INFLATE * (1 / r2 - 1) / (4 * n * mean_w2(&v->k->grid)) +
		place2 + LEAST_S * LEAST_S;
}

/* ln of how likely a trace speed is: along the ground that of sound, faster
 * from above.  Flat within; and a quarter only, since the windows of a signal
 * have one speed, not many. */
static double speed(const struct elements *e, struct xy s)
{
	double v = 1 / sqrt(s.x_m * s.x_m + s.y_m * s.y_m + 1e-12);
	double low = (310 - v) / 10, high = (v - 450) / 30, ln = 0;

	if (!e->sound)
		return 0;
	if (low > 0)
		ln = -0.5 * low * low;
	if (high > 0)
		ln = -high;
	return fmax(ln, -8) / 4;
}

static double fit(const struct fitting *x, struct lts_plane *p)
{
	if (!lts_plane_of_times(x->v->k, p))
		return -MOST;
	return -p->square_s2 / (2 * x->variance_s2) + speed(x->e, p->slowness);
}

static double without(const struct fitting *x, size_t m, double *late_s)
{
	const struct fk *k = x->v->k;
	struct lts_plane p = x->all;
	double ln, x0 = 0, y0 = 0, t0 = 0;

	p.there[m] = false;
	p.elements--;
	ln = fit(x, &p);
	for (size_t i = 0; i < k->elements; i++)
		if (p.there[i]) {
			x0 += k->place[i].x_m / (double)p.elements;
			y0 += k->place[i].y_m / (double)p.elements;
			t0 += p.time_s[i] / (double)p.elements;
		}
	*late_s = p.time_s[m] - t0 -
		p.slowness.x_m * (k->place[m].x_m - x0) -
		p.slowness.y_m * (k->place[m].y_m - y0);
	return ln;
}

static double exchanged(const struct fitting *x, size_t a, size_t b)
{
	struct lts_plane p = x->all;
	double t = p.time_s[a];

	p.time_s[a] = p.time_s[b];
	p.time_s[b] = t;
	return fit(x, &p);
}

static void forget(struct elements *e, size_t elements, size_t pairs)
{
	double keep = m_exp(-0.69314718055994531 * e->weight / HALF_WINDOWS);

	e->plain *= keep;
	for (size_t m = 0; m < elements; m++)
		for (size_t i = 0; i < ELEMENTS_LATE; i++)
			e->late[m][i] *= keep;
	for (size_t p = 0; p < pairs; p++)
		e->swap[p] *= keep;
}

static double late_of(size_t i)
{
	const double none = (ELEMENTS_LATE - 1) / 2.0;

	return ((double)i - none) * LATE_STEP_S;
}

/* Element m late by each of the amounts: its own time against the plane of
 * the others, and that plane. */
static void add_late(struct elements *e, const struct fitting *x, size_t m,
	double best)
{
	double s, ln = without(x, m, &s);
	double free = fmax(x->all.share[m], 1e-3);
	double var = x->variance_s2 / free + LATE_STEP_S * LATE_STEP_S / 12;

	for (size_t i = 0; i < ELEMENTS_LATE; i++) {
		double off = s - late_of(i);

		e->late[m][i] += e->weight *
			fmax(ln - off * off / (2 * var) - best, -MOST);
	}
}

/* The best that any hypothesis does in this window. */
static double best_of(const struct fitting *x, double plain)
{
	const struct fk *k = x->v->k;
	double best = plain, s;

	for (size_t m = 0; m < k->elements; m++)
		if (x->v->in[m])
			best = fmax(best, without(x, m, &s));
	return best;
}

static void hear_times(struct elements *e, const struct view *v)
{
	const struct fk *k = v->k;
	struct fitting x = {.e = e, .v = v};
	struct delays d = {0};
	double plain, best;

	for (size_t p = 0; p < k->pairs; p++) {
		d.known[p] = v->known[p];
		d.tau_s[p] = v->tau_s[p];
	}
	if (!lts_plane(k, &d, v->in, &x.all))
		return;
	x.variance_s2 = variance(e, v, x.all.slowness);
	plain = fit(&x, &x.all);
	best = best_of(&x, plain);
	plain = fmax(plain - best, -MOST);
	e->votes += e->weight;
	e->sectors |= 1u << (unsigned)fmin(floor(
		(fk_back_azimuth_deg(x.all.slowness) + 180) / 30), 11);
	forget(e, k->elements, k->pairs);
	e->plain += e->weight * plain;
	for (size_t m = 0; m < k->elements; m++) {
		if (v->in[m])
			add_late(e, &x, m, best);
		for (size_t i = 0; !v->in[m] && i < ELEMENTS_LATE; i++)
			e->late[m][i] += e->weight * plain;
	}
	for (size_t p = 0; p < k->pairs; p++) {
		double ln = plain;

		if (v->in[k->a[p]] && v->in[k->b[p]])
			ln = fmax(exchanged(&x, k->a[p], k->b[p]) - best,
				-MOST);
		e->swap[p] += e->weight * ln;
	}
}

/* The best lateness of an element; none is no lateness. */
static double best_late(const struct elements *e, size_t m, double *late_s)
{
	size_t best = 0;

	for (size_t i = 1; i < ELEMENTS_LATE; i++)
		if (i != ELEMENTS_LATE / 2 && e->late[m][i] > e->late[m][best])
			best = i;
	*late_s = late_of(best);
	return e->late[m][best];
}

/* -- who is named -- */

static void end_episode(struct elements *e, size_t m, struct instant at)
{
	struct elements_episode *x;

	if (e->now[m] == ELEMENT_SOUND || e->open[m] == ELEMENTS_EPISODES)
		return;
	x = &e->episode[e->open[m]];
	x->span.to = at;
	x->windows = x->fault == ELEMENT_REVERSED ? e->reversed[m].votes
		: x->fault == ELEMENT_DEAF	  ? e->deaf[m].votes
						  : e->votes;
	if (x->fault == ELEMENT_LATE)
		(void)best_late(e, m, &x->late_s);
}

static void become(struct elements *e, size_t m, enum element_fault to,
	struct instant since, struct instant at)
{
	if (e->now[m] == to)
		return;
	end_episode(e, m, at);
	e->now[m] = to;
	e->open[m] = ELEMENTS_EPISODES;
	if (to == ELEMENT_SOUND || e->episodes == ELEMENTS_EPISODES)
		return;
	e->open[m] = e->episodes;
	e->episode[e->episodes++] = (struct elements_episode){
		m, to, {since, at}, NAN, 0};
}

struct guess {
	enum element_fault fault;
	size_t a, b;
};

/* Two of the twelve sectors that are no neighbours. */
static bool two_directions(unsigned sectors)
{
	for (unsigned i = 0; i < 12; i++) {
		unsigned near = 1u << i | 1u << (i + 1) % 12 |
			1u << (i + 11) % 12;

		if ((sectors & 1u << i) && (sectors & ~near))
			return true;
	}
	return false;
}

/* The best hypothesis, if it is far enough ahead. */
static struct guess best_times(
	const struct elements *e, const struct fk *k, double *ahead)
{
	struct guess best = {ELEMENT_SOUND, 0, 0};
	double first = -INFINITY, second = -INFINITY, unused;

	for (size_t i = 0; i < k->elements + k->pairs; i++) {
		bool late = i < k->elements;
		size_t p = i - k->elements;
		double ln = late ? best_late(e, i, &unused) : e->swap[p];

		if (ln > first) {
			second = first;
			first = ln;
			best = late ? (struct guess){ELEMENT_LATE, i, i}
				    : (struct guess){ELEMENT_SWAPPED,
					      k->a[p], k->b[p]};
		} else if (ln > second) {
			second = ln;
		}
	}
	*ahead = first - COST - e->plain;
	if (*ahead < AHEAD_OF_PLAIN || first - second < AHEAD_OF_NEXT ||
		e->votes < SPOKEN || !two_directions(e->sectors))
		best.fault = ELEMENT_SOUND;
	return best;
}

static void decide(struct elements *e, const struct fk *k, struct span t)
{
	double ahead;
	struct guess v = best_times(e, k, &ahead);

	if (ahead <= 0) {
		e->doubt = INSTANT_UNKNOWN;
		e->cleared = true;
	} else if (!instant_known(e->doubt)) {
		e->doubt = t.from;
		e->votes = 0;
		e->sectors = 0;
	}
	for (size_t m = 0; m < k->elements; m++) {
		const struct elements_sum *r = &e->reversed[m];
		const struct elements_sum *d = &e->deaf[m];
		enum element_fault was = e->now[m];
		bool times = v.fault != ELEMENT_SOUND &&
			(v.a == m || v.b == m);

		if (d->on >= SUM_NAMED || (was == ELEMENT_DEAF && d->on > 0))
			become(e, m, ELEMENT_DEAF,
				d->cleared ? d->since : e->all.from, t.to);
		else if (r->on >= SUM_NAMED ||
			(was == ELEMENT_REVERSED && r->on > 0))
			become(e, m, ELEMENT_REVERSED,
				r->cleared ? r->since : e->all.from, t.to);
		else if (times)
			become(e, m, v.fault,
				e->cleared ? e->doubt : e->all.from, t.to);
		else if (ahead <= 0 || v.fault != ELEMENT_SOUND ||
			was == ELEMENT_DEAF || was == ELEMENT_REVERSED)
			become(e, m, ELEMENT_SOUND, t.to, t.to);
	}
}

void elements_look(struct elements *e, const struct fk *k,
	const struct fk_window *w, const bool stuck[FK_ELEMENTS],
	struct span t)
{
	struct view v = {.k = k};

	if (!instant_known(e->all.from))
		e->all.from = t.from;
	e->all.to = t.to;
	for (size_t m = 0; m < k->elements; m++)
		if (stuck[m])
			add(&e->deaf[m], e->weight,
				e->now[m] == ELEMENT_DEAF, t.from);
	measure(&v, w);
	if (find_core(&v)) {
		find_others(&v);
		hear_deaf(e, &v, w, t.from);
		hear_signs(e, &v, t.from);
		if (v.n >= 4)
			hear_times(e, &v);
	}
	decide(e, k, t);
}

void elements_end(struct elements *e)
{
	for (size_t m = 0; m < FK_ELEMENTS; m++)
		end_episode(e, m, e->all.to);
}
