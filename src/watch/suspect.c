/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/suspect.h"

#include "base/maths.h"
#include "watch/clock.h"
#include "watch/drift.h"
#include "watch/misplaced.h"
#include "watch/pattern.h"

/* Hits that a piece needs to be spoken of, and share of what it heard. */
enum { HITS_LEAST = 3, ALWAYS_LEAST = 6, DIRECTIONS_LEAST = 3 };
#define SAME_S 0.012
#define SHARE_LEAST 0.4
/* Repeats of one place (FP1, FP2: 3-5 ms), and how the fit of other sources'
 * moves from one set of them to the next. */
#define REPEAT_S 0.005
#define SET_S 0.002
/* Beyond so many sigmas (docs/WAVEFORM.md 5), and beyond what any pick may do:
 * less is of no use to a locator with errors of 10 ms. */
#define SIGMAS 5.0
#define STEP_LEAST_S 0.020
#define OFFSET_LEAST_S 0.015
/* Surveys are good to 3 m; five times that is no survey's error. */
#define MOVED_LEAST_M 15.0
/* From one place: healthy paths are up to 64-128 ms late (Pittsburgh set); a
 * clock is named only beyond that and half as much again. */
#define PATH_LEAST_S 0.030
#define PATH_MOST_S 0.225
/* Where the straight path is blocked, a facade's echo is all there is: late
 * for good, but much weaker than its distance says (FP1: 1.07 s, -14 dB; of
 * 75 healthy sources one in twenty is as weak).  Such a one is not named, and
 * beyond ECHO_S nothing is said of it. */
#define WEAK_DB 12.0
#define ECHO_S 0.65
enum { LEVELS_LEAST = 4 };
/* What must be gained in chi^2: the square of SIGMAS and the second unknown;
 * and to tell place from clock. */
#define GAIN_LEAST 30.0
#define GAIN_APART 9.0
/* The pattern of arrivals before, shifted, must explain those after better
 * than unshifted by this, in nats: else an echo took the first one's place. */
#define PATTERN_LEAST 8.0
enum { COMMON_LEAST = 3 };
#define PATTERN_S 0.006
#define PATTERN_RATE 1.0
/* A survey's error of 2 m is in all of a source's latenesses; and so many
 * paths of one direction count as strangers. */
#define OWN_S 0.004
#define ALIKE 3.0
/* Directions are distinct from 30 degrees on. */
#define COS_APART 0.86602540378443864676
#define LEAP_S 0.060

struct group { /* hits of one place in one piece */
	size_t place;
	double late_s; /* median */
	size_t hits;
	double east, north;
	double var_s2; /* with the path's part */
};

struct groups {
	struct group *at;
	size_t count;
};

static bool is_hit(const struct sight *s, const struct piece *p)
{
	return s->near >= 0 && fabs(s->late_s - p->late_s) < 0.060;
}

static void fill(const struct suspect *s, const struct piece *p, double *room,
	struct group *g)
{
	size_t n = 0;

	for (size_t i = p->from; i < p->to; i++)
		if (s->sight[i].place == g->place && is_hit(&s->sight[i], p))
			room[n++] = s->sight[i].late_s;
	g->hits = n;
	g->late_s = pieces_median(room, n);
}

static bool group(const struct suspect *s, const struct piece *p,
	struct arena *a, struct groups *out, struct fault *f)
{
	double *room = arena_array(a, s->count + 1, sizeof *room, f);

	*out = (struct groups){0};
	out->at = room ? arena_array(a, s->count + 1, sizeof *out->at, f)
		       : NULL;
	if (!out->at)
		return false;
	for (size_t i = p->from; i < p->to; i++) {
		const struct sight *x = &s->sight[i];
		double own = x->hearing->sigma_s;
		size_t k = 0;

		if (!is_hit(x, p))
			continue;
		while (k < out->count && out->at[k].place != x->place)
			k++;
		if (k < out->count)
			continue;
		out->at[out->count++] = (struct group){.place = x->place,
			.east = x->hearing->east, .north = x->hearing->north,
			.var_s2 = own * own + x->var_s2};
	}
	for (size_t k = 0; k < out->count; k++)
		fill(s, p, room, &out->at[k]);
	return true;
}

/* Directions in which no other lies within 30 degrees, taken in order. */
static size_t directions(const struct groups *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct group *a = &g->at[i];
		bool fresh = true;

		for (size_t k = 0; k < i && fresh; k++) {
			const struct group *b = &g->at[k];

			fresh = a->east * b->east + a->north * b->north <
				COS_APART;
		}
		n += fresh;
	}
	return n;
}

static double repeat_var(size_t hits)
{
	/* Of a median: pi/2 times that of a mean. */
	return 1.5707963 * REPEAT_S * REPEAT_S / (double)hits;
}

/* Lateness of `b` over `a`: at places both have, where the path cancels; else
 * between their means.  Few in common by chance say less than all. */
static void compare(const struct groups *a, const struct groups *b,
	double *late_s, double *var_s2)
{
	double w = 0, sum = 0, mean[2] = {0}, var[2] = {0};
	size_t hits = 0;
	const struct groups *both[2] = {a, b};

	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++) {
			double v = SET_S * SET_S + repeat_var(a->at[i].hits) +
				repeat_var(b->at[k].hits);

			if (a->at[i].place != b->at[k].place)
				continue;
			hits += b->at[k].hits;
			w += 1 / v;
			sum += (b->at[k].late_s - a->at[i].late_s) / v;
		}
	if (hits >= COMMON_LEAST) {
		*late_s = sum / w;
		*var_s2 = 1 / w;
		return;
	}
	for (int s = 0; s < 2; s++) {
		double n = (double)both[s]->count;

		for (size_t i = 0; i < both[s]->count; i++) {
			const struct group *g = &both[s]->at[i];

			mean[s] += g->late_s / n;
			var[s] += (g->var_s2 + repeat_var(g->hits)) / (n * n);
		}
	}
	*late_s = mean[1] - mean[0];
	*var_s2 = var[0] + var[1];
}

/* Arrivals a second so late, by the pattern of a place in a piece. */
static double pattern(const struct suspect *s, const struct piece *p,
	size_t place, double late_s)
{
	double sum = 0, n = 0;

	for (size_t i = p->from; i < p->to; i++) {
		const struct sight *x = &s->sight[i];

		if (x->place != place || !isfinite(x->shift_s) ||
			x->hearing->near_count == 0)
			continue;
		n++;
		for (size_t k = 0; k < x->hearing->near_count; k++) {
			double u = (x->hearing->near[k].offset_s + x->shift_s -
					   late_s) / PATTERN_S;

			if (fabs(u) < 6)
				sum += m_exp(-0.5 * u * u) *
					0.39894228040143267794 / PATTERN_S;
		}
	}
	return n > 0 ? PATTERN_RATE + sum / n : NAN;
}

/* Whether the pattern of `a`, later by late_s, explains the arrivals of `b`
 * better than the pattern as it was; without places in common, it may. */
static bool pattern_shifts(const struct suspect *s, const struct piece *a,
	const struct piece *b, double late_s)
{
	double sum = 0;
	size_t common = 0;

	for (size_t i = b->from; i < b->to; i++) {
		const struct sight *x = &s->sight[i];

		if (!pieces_usable(x) ||
			isnan(pattern(s, a, x->place, 0)))
			continue;
		common++;
		for (size_t k = 0; k < x->hearing->near_count; k++) {
			double t = x->hearing->near[k].offset_s + x->shift_s;

			sum += m_log(pattern(s, a, x->place, t - late_s) /
				pattern(s, a, x->place, t));
		}
	}
	return common < COMMON_LEAST ||
		sum > fmin(PATTERN_LEAST, 2 * (double)common);
}

struct models { /* chi^2 that each explains, of what nothing explains */
	double offset, moved;
	double late_s, east_m, north_m;
};

/* Offset, or a place wrong by (east, north): late by u.ds/c. */
static struct models explain(const struct groups *g)
{
	struct models m = {0};
	double w = 0, wy = 0, ee = 0, en = 0, nn = 0, ey = 0, ny = 0, det;
	/* Metres to seconds; 0.6 % of c a degree does not matter here. */
	const double c = 335;

	for (size_t i = 0; i < g->count; i++) {
		const struct group *q = &g->at[i];
		double p = 1 / (q->var_s2 + repeat_var(q->hits));
		double e = q->east / c, n = q->north / c;

		w += p;
		wy += p * q->late_s;
		ee += p * e * e;
		en += p * e * n;
		nn += p * n * n;
		ey += p * e * q->late_s;
		ny += p * n * q->late_s;
	}
	if (!(w > 0))
		return m;
	m.late_s = wy / w;
	m.offset = wy * wy / w;
	det = ee * nn - en * en;
	if (det > 1e-6 * ee * nn) {
		m.east_m = (nn * ey - en * ny) / det;
		m.north_m = (ee * ny - en * ey) / det;
		m.moved = m.east_m * ey + m.north_m * ny;
	}
	return m;
}

static void as_moved(struct charge *c, const struct models *m)
{
	double deg = DEG(m_atan2(m->east_m, m->north_m));

	c->moved_m = sqrt(m->east_m * m->east_m + m->north_m * m->north_m);
	c->moved_deg = deg < 0 ? deg + 360 : deg;
}

static void bring(struct suspect *s, struct charge c, double weight)
{
	if (s->charges < PIECES_MAX)
		s->charge[s->charges++] = c;
	s->weight = fmax(s->weight, weight);
}

static struct charge charge_of(size_t piece, const struct piece *p,
	const struct groups *g)
{
	return (struct charge){.piece = piece, .sounds = p->hits,
		.state = HEALTH_QUARANTINED, .directions = directions(g),
		.moved_m = NAN, .moved_deg = NAN, .drift_ppm = NAN};
}

/* Which of clock and place, from three directions or more. */
static const char *which(struct charge *c, const struct models *m,
	const char *clock, const char *place, const char *either)
{
	if (fabs(fabs(c->late_s) - 1) < LEAP_S)
		return CLOCK_LEAP;
	if (c->directions < DIRECTIONS_LEAST)
		return either;
	if (m->moved > m->offset + GAIN_APART) {
		as_moved(c, m);
		return place;
	}
	return m->offset + GAIN_APART > m->moved && m->offset > m->moved - 1
		? clock : either;
}

/* A piece against the one that is right. */
static void stepped(struct suspect *s, size_t piece, const struct groups *ref,
	const struct groups *g, size_t right)
{
	const struct piece *p = &s->piece[piece];
	struct charge c = charge_of(piece, p, g);
	struct models m = explain(g);
	double var, z;

	compare(ref, g, &c.late_s, &var);
	c.sigma_s = sqrt(var);
	z = fabs(c.late_s) / c.sigma_s;
	if (fabs(c.late_s) < STEP_LEAST_S || z < SIGMAS)
		return;
	if (!pattern_shifts(s, &s->piece[right], p, c.late_s))
		return;
	c.why = which(&c, &m, CLOCK_STEP, CLOCK_MOVED, CLOCK_STEP_OR_MOVED);
	bring(s, c, z);
}

double suspect_louder_db(const struct sight *s, int near)
{
	double n = 0, x = 0, y = 0, xx = 0, xy = 0, slope;
	const struct fit *fit = s->fit;

	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *h = &fit->hearing[i];
		double ln, db;

		if (h->used < 0 || h == s->hearing ||
			isnan(h->near[h->used].level_db))
			continue;
		ln = m_log(h->d_m);
		db = h->near[h->used].level_db;
		n++;
		x += ln;
		y += db;
		xx += ln * ln;
		xy += ln * db;
	}
	if (n < LEVELS_LEAST || !(n * xx - x * x > 1e-9))
		return NAN;
	slope = (n * xy - x * y) / (n * xx - x * x);
	return s->hearing->near[near].level_db - (y - slope * x) / n -
		slope * m_log(s->hearing->d_m);
}

static bool weak(const struct suspect *s, const struct piece *p, double *room)
{
	size_t n = 0;

	for (size_t i = p->from; i < p->to; i++)
		if (is_hit(&s->sight[i], p)) {
			room[n] = suspect_louder_db(
				&s->sight[i], s->sight[i].near);
			n += isfinite(room[n]) ? 1 : 0;
		}
	return pieces_median(room, n) < -WEAK_DB; /* false for NAN */
}

/* From one place: what can be said of a source that was always late. */
static void one_sided(struct suspect *s, struct charge *c, double *room)
{
	bool echo = c->late_s >= PATH_MOST_S &&
		weak(s, &s->piece[c->piece], room);
	double size = fabs(c->late_s);

	if (size < PATH_LEAST_S || size < 3 * c->sigma_s ||
		(echo && c->late_s > ECHO_S))
		return;
	c->why = which(c, NULL, NULL, NULL, CLOCK_OR_PLACE);
	if (size < PATH_MOST_S || c->late_s > ECHO_S || echo) {
		c->why = CLOCK_OR_PATH;
		c->state = HEALTH_DEGRADED;
	}
	bring(s, *c, size / c->sigma_s);
}

/* The piece that is nearest to right: was it always wrong? */
static void always(struct suspect *s, size_t piece, const struct groups *g,
	double *room)
{
	const struct piece *p = &s->piece[piece];
	struct charge c = charge_of(piece, p, g);
	struct models m = explain(g);
	double var = 0, n = (double)g->count, size;

	for (size_t i = 0; i < g->count; i++)
		var += (g->at[i].var_s2 + repeat_var(g->at[i].hits)) / n;
	c.late_s = c.directions < DIRECTIONS_LEAST ? p->late_s : m.late_s;
	/* Paths of one direction are not quite each other's strangers. */
	n = fmax(1, fmin(n, ALIKE * (double)c.directions));
	c.sigma_s = sqrt(var / n + (n > 1 ? OWN_S * OWN_S : 0));
	size = fabs(c.late_s);
	if (c.directions >= DIRECTIONS_LEAST) {
		bool offset = size / c.sigma_s > SIGMAS &&
			size > OFFSET_LEAST_S;

		if (!offset && (m.moved < GAIN_LEAST ||
				sqrt(m.east_m * m.east_m + m.north_m *
					m.north_m) < MOVED_LEAST_M))
			return;
		c.why = which(&c, &m, CLOCK_OFFSET, CLOCK_PLACE,
			CLOCK_OR_PLACE);
		bring(s, c, sqrt(fmax(m.moved, m.offset)));
		return;
	}
	one_sided(s, &c, room);
}

/* Pieces of one lateness are one; a few sounds that fit nothing go with those
 * before. */
static void merge(struct suspect *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->pieces; i++) {
		struct piece *p = &s->piece[i], *q = &s->piece[n];
		bool same = i > 0 && !(fabs(p->late_s - q->late_s) > SAME_S);

		if (i == 0)
			continue;
		if (!same && p->hits > 0) {
			s->piece[++n] = *p;
			continue;
		}
		if (p->hits > q->hits)
			q->late_s = p->late_s;
		q->to = p->to;
		q->hits += p->hits;
		q->heard += p->heard;
		q->gain += p->gain;
	}
	s->pieces = s->pieces ? n + 1 : 0;
}

static bool speaks(const struct piece *p)
{
	return p->hits >= HITS_LEAST &&
		(double)p->hits >= SHARE_LEAST * (double)p->heard;
}

/* One charge for all of it. */
static bool drifting(struct suspect *s)
{
	struct charge c = {.state = HEALTH_QUARANTINED, .why = CLOCK_DRIFT,
		.moved_m = NAN, .moved_deg = NAN};

	if (!drift_found(s, &c))
		return false;
	for (size_t i = 1; i < s->pieces; i++) {
		s->piece[0].to = s->piece[i].to;
		s->piece[0].hits += s->piece[i].hits;
	}
	s->pieces = 1;
	c.sounds = s->piece[0].hits;
	bring(s, c, fabs(c.late_s) / c.sigma_s);
	return true;
}

/* One charge, from the first sight at which it stands elsewhere. */
static bool misplaced(struct suspect *s, struct arena *a, bool *found,
	struct fault *f)
{
	struct misplaced m;
	struct charge c = {.state = HEALTH_QUARANTINED, .late_s = NAN,
		.sigma_s = NAN, .drift_ppm = NAN, .moved_m = NAN,
		.moved_deg = NAN};
	struct models at;

	if (!misplaced_find(s, a, &m, found, f) || !*found)
		return !*found && f->kind == FAULT_NONE;
	at = (struct models){.east_m = m.east_m, .north_m = m.north_m};
	c.why = m.from == 0 ? CLOCK_PLACE : CLOCK_MOVED;
	c.twin = m.twin;
	if (m.twin)
		c.why = CLOCK_SWAPPED;
	else
		as_moved(&c, &at);
	c.piece = m.from > 0;
	c.sounds = m.hits;
	c.directions = m.directions;
	s->piece[0].from = 0;
	s->piece[c.piece].from = m.from;
	s->piece[0].to = m.from;
	s->piece[c.piece].to = s->count;
	s->pieces = 1 + c.piece;
	bring(s, c, m.gain);
	return true;
}

bool suspect_judge(struct suspect *s, struct arena *a, struct fault *f)
{
	size_t mark = a->used, right = PIECES_MAX;
	struct groups ref, g;
	double *room;
	bool elsewhere;

	s->charges = 0;
	s->weight = 0;
	if (!pattern_align(s->sight, s->count, a, f) ||
		!pieces_find(s->sight, s->count, a, s->piece, &s->pieces, f))
		return false;
	merge(s);
	if (s->pieces == 0)
		return true;
	if (!misplaced(s, a, &elsewhere, f))
		return false;
	if (elsewhere || drifting(s))
		return true;
	for (size_t i = 0; i < s->pieces; i++)
		if (speaks(&s->piece[i]) && (right == PIECES_MAX ||
				fabs(s->piece[i].late_s) <
					fabs(s->piece[right].late_s)))
			right = i;
	if (right == PIECES_MAX)
		return true;
	room = arena_array(a, s->count + 1, sizeof *room, f);
	if (!room || !group(s, &s->piece[right], a, &ref, f))
		return false;
	if (s->piece[right].hits >= ALWAYS_LEAST)
		always(s, right, &ref, room);
	for (size_t i = 0; i < s->pieces; i++) {
		if (i == right || !speaks(&s->piece[i]))
			continue;
		if (!group(s, &s->piece[i], a, &g, f))
			return false;
		stepped(s, i, &ref, &g, right);
	}
	a->used = mark;
	return true;
}
