/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/quake.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "locate/posterior.h"
#include "locate/quake_fit.h"

/* Odds against chance: of 50 random picks an hour and channel, near what is
 * asked at the most, two came to 12 and one to 13.9 in 100 days; of 20 and of 4
 * none in 100 and 1,000 (tests/quake.c). */
#define ACCEPT_LN 15.0
/* S after P where nobody is asked any more, and slack. */
#define SP_MOST_S 14.0
/* What goes on after S in the ground; an air wave's slack; after a located
 * sound or one found here. */
#define CODA_S 3.0
/* Slowest and fastest sound with wind, m/s, and how far it is felt. */
#define AIR_SLOW_MS 300.0
#define AIR_FAST_MS 370.0
#define AIR_MOST_M 30e3
/* Who says more is not asked, as in afar.c; the pickers' quota (bearing.c). */
#define RATE_MOST (60 / 3600.0)
#define RATE_LEAST (4 / 3600.0)
#define Z_90 1.6448536269514722
enum {
	NEAR = 24, /* stations of a trial, the nearest */
	PASSES = 3,
};

struct station {
	const struct source *source;
	size_t first, end;
};

struct search {
	const struct network *net;
	const struct quake_ask *ask;
	struct arena *arena;
	struct instant start;
	struct quake_felt *felt; /* by station, then time */
	size_t count;
	struct station *station;
	size_t stations;
	struct quake_felt **seed; /* by time */
};

/* -- trials from one pick, as the first P -- */

/* The first pick of a station that is not before a moment. */
static size_t first_after(const struct search *s, size_t station, double t_s)
{
	size_t lo = s->station[station].first, hi = s->station[station].end;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->felt[mid].t_s < t_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The nearest, and how many of them have picks. */
static size_t stands_of(const struct search *s, const struct quake_felt *p,
	const struct frame *frame, struct quake_stand at[NEAR], size_t *some)
{
	double d[NEAR];
	size_t n = 0;

	for (size_t i = 0; i < s->stations; i++) {
		const struct station *st = &s->station[i];
		struct xy q = frame_to(frame, st->source->lat_deg,
			st->source->lon_deg);
		double away = sqrt(q.x_m * q.x_m + q.y_m * q.y_m);
		double until = p->t_s + away / 3000 + SP_MOST_S;
		struct quake_stand x = {.x_m = q.x_m, .y_m = q.y_m};
		size_t k;

		if (away > 2 * QUAKE_RANGE_M ||
			(n == NEAR && away >= d[NEAR - 1]))
			continue;
		for (k = first_after(s, i, p->t_s - 0.5); k < st->end &&
			s->felt[k].t_s <= until && x.picks < QUAKE_EACH; k++)
			if (!s->felt[k].taken)
				x.pick[x.picks++] = &s->felt[k];
		n += n < NEAR;
		for (k = n - 1; k > 0 && d[k - 1] > away; k--) {
			d[k] = d[k - 1];
			at[k] = at[k - 1];
		}
		d[k] = away;
		at[k] = x;
	}
	*some = 0;
	for (size_t i = 0; i < n; i++)
		*some += at[i].picks > 0;
	return n;
}

/* Starts all around at one distance. */
static void around(const struct quake_stand *at, size_t n,
	const struct quake_felt *p, double way_m, struct quake_trial *best)
{
	const double z = fmin(6e3, 0.5 * way_m);
	const double d = sqrt(way_m * way_m - z * z);

	for (int k = 0; k < 12; k++) {
		struct quake_trial g = {.frame = best->frame, .ln = -INFINITY};

		g.u[0] = d * m_sin(PI / 6 * k);
		g.u[1] = d * m_cos(PI / 6 * k);
		g.u[2] = z;
		g.u[3] = p->t_s - quake_travel(way_m, false);
		quake_climb(at, n, &g);
		if (g.ln > best->ln)
			*best = g;
	}
}

static void seek(const struct search *s, const struct quake_felt *p,
	struct quake_trial *best)
{
	static const double ways[] = {3e3, 10e3, 25e3, 60e3};
	const struct source *of = s->station[p->station].source;
	const double per_s = 1e3 / (quake_travel(1e3, true) -
		quake_travel(1e3, false));
	struct quake_stand at[NEAR];
	size_t n, some;

	*best = (struct quake_trial){.ln = -INFINITY,
		.frame = frame_at(of->lat_deg, of->lon_deg)};
	if (p->taken || !quake_may_be(p->of, false))
		return;
	n = stands_of(s, p, &best->frame, at, &some);
	if (some < QUAKE_STATIONS - 1)
		return;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		around(at, n, p, ways[i], best);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < at[i].picks; k++) {
			double late = at[i].pick[k]->t_s - p->t_s;

			if (at[i].pick[k]->station == p->station &&
				late > 0.2 && late < SP_MOST_S)
				around(at, n, p, late * per_s, best);
		}
}

static bool stands(const struct quake_trial *g)
{
	return quake_enough(g) && g->ln >= ACCEPT_LN;
}

/* -- as an incident -- */

struct ground_of {
	const struct quake_trial *trial;
};

static double density(const void *self, struct xy mid, double half_m,
	double *t_s, double *var_t_s2)
{
	const struct ground_of *o = self;
	struct quake_view v;

	(void)half_m;
	quake_density(o->trial, mid.x_m, mid.y_m, &v);
	*t_s = o->trial->u[3] + v.t_s;
	*var_t_s2 = v.var_t_s2;
	return v.ln;
}

struct depths { /* over all places */
	double ln_deep, share[QUAKE_DEPTHS];
};

static void over_places(const struct quake_trial *g, const struct region *r,
	struct depths *to)
{
	double top = -INFINITY, in = 0, open = 0;

	memset(to, 0, sizeof *to);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < r->cell_count; i++) {
			const struct cell *c = &r->cell[i];
			struct xy p = frame_to(&g->frame, c->lat_deg,
				c->lon_deg);
			double area = c->half_side_m * c->half_side_m;
			struct quake_view v;

			if (c->share < 1e-4)
				continue;
			quake_density(g, p.x_m, p.y_m, &v);
			if (round == 0) {
				top = fmax(top, v.ln);
				continue;
			}
			in += area * m_exp(v.ln_crust - top);
			open += area * m_exp(v.ln_open - top);
			for (int d = 0; d < QUAKE_DEPTHS; d++)
				to->share[d] += c->share * v.depth[d];
		}
	to->ln_deep = in > 0 && open > 0 ? m_log(in / open)
		: in > 0 ? 1e3 : -1e3;
}

static double rounded(double x, double unit)
{
	return floor(x / unit + 0.5) * unit;
}

static int by_value(const void *x, const void *y, const void *self)
{
	const double *a = x, *b = y;

	(void)self;
	return (*a > *b) - (*a < *b);
}

static double median(double *x, size_t n)
{
	if (n == 0)
		return NAN;
	sort_items(x, n, sizeof *x, by_value, NULL);
	return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

/* S over P of channels that had both, and the charge of each one's peak. */
static void strengths(const struct quake_trial *g, double z_m, struct shaken *k)
{
	double ratio[QUAKE_MEMBERS], charge[QUAKE_MEMBERS];
	size_t ratios = 0, charges = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct quake_member *m = &g->at[i];
		double way = quake_way(g->u[0] - m->x_m, g->u[1] - m->y_m, z_m);
		double peak = m->pick->of->peak_ms;

		if (!(peak > 0))
			continue;
		charge[charges++] = shaken_charge(peak, way);
		if (m->s && i > 0 && !g->at[i - 1].s &&
			g->at[i - 1].pick->station == m->pick->station &&
			g->at[i - 1].pick->of->peak_ms > 0)
			ratio[ratios++] = m_log10(
				peak / g->at[i - 1].pick->of->peak_ms);
	}
	k->sp_log10 = median(ratio, ratios);
	k->motion = median(charge, charges);
}

static bool features(struct search *s, const struct quake_trial *g,
	const struct depths *z, const struct shaken *k, struct incident *i,
	struct fault *f)
{
	struct feature *x = arena_array(s->arena, 10, sizeof *x, f);
	double mean = 0, square = 0, waves[2] = {0};

	if (!x)
		return false;
	for (int d = 0; d < QUAKE_DEPTHS; d++) {
		mean += z->share[d] * quake_depth_m[d];
		square += z->share[d] * quake_depth_m[d] * quake_depth_m[d];
	}
	for (size_t n = 0; n < g->count; n++)
		waves[g->at[n].s]++;
	/* Rounded: a record must not hang on a last bit. */
	x[i->feature_count++] = (struct feature){"score",
		rounded(g->ln, 1e-3)};
	x[i->feature_count++] = (struct feature){"picks_p", waves[0]};
	if (waves[1] > 0)
		x[i->feature_count++] = (struct feature){"picks_s", waves[1]};
	x[i->feature_count++] = (struct feature){"depth_m",
		rounded(mean, 100)};
	x[i->feature_count++] = (struct feature){"sigma_z_m",
		rounded(sqrt(fmax(0, square - mean * mean)), 100)};
	x[i->feature_count++] = (struct feature){"deep_ln",
		rounded(fmax(-99, fmin(99, k->ln_deep)), 1e-2)};
	if (isfinite(k->sp_log10))
		x[i->feature_count++] = (struct feature){"sp_log10",
			rounded(k->sp_log10, 1e-3)};
	if (isfinite(k->would_hear)) {
		x[i->feature_count++] = (struct feature){"air_expected",
			rounded(k->would_hear, 1e-2)};
		x[i->feature_count++] = (struct feature){"air_heard",
			k->heard};
	}
	i->feature = x;
	return true;
}

static bool evidence(struct search *s, const struct quake_trial *g,
	struct incident *i, struct fault *f)
{
	struct id *id = arena_array(s->arena, g->count, sizeof *id, f);
	struct detection first = detection_new();

	if (!id)
		return false;
	i->status = STATUS_AUTOMATIC;
	i->modalities = 1u << MODALITY_SEISMIC;
	for (size_t n = 0; n < g->count; n++) {
		const struct bearing *b = g->at[n].pick->of;
		size_t k = n;

		if (n == 0 || b->at.utc_ns < first.at.utc_ns ||
			(b->at.utc_ns == first.at.utc_ns &&
				strcmp(b->id.text, first.id.text) < 0)) {
			first.at = b->at;
			first.id = b->id;
		}
		for (; k > 0 && strcmp(id[k - 1].text, b->id.text) > 0; k--)
			id[k] = id[k - 1];
		id[k] = b->id;
		/* Of two owners, or one could have made it up. */
		if (strcmp(b->source->owner,
			    g->at[0].pick->of->source->owner) != 0)
			i->status = STATUS_ASSOCIATED;
	}
	i->evidence = id;
	i->evidence_count = g->count;
	incident_name(i, &first);
	return true;
}

static bool place_it(struct search *s, const struct quake_trial *g,
	struct incident *i, struct fault *f)
{
	struct ground_of ground = {g};
	struct posterior_field field = {.frame = &g->frame, .x_m = g->u[0],
		.y_m = g->u[1], .t_s = g->u[3], .alt_m = NAN,
		.cov_xx = g->cov_xx + 1e4, .cov_xy = g->cov_xy,
		.cov_yy = g->cov_yy + 1e4, .ln = density, .self = &ground};
	struct posterior_time t;
	struct instant at;

	if (!posterior_of(&field, s->arena, &i->place, &t, f))
		return false;
	at = instant_plus_s(s->start, field.t_s + t.later_s);
	i->at = instant_round_us(at);
	i->from = instant_round_us(instant_plus_s(at, -Z_90 * t.sigma_s));
	i->to = instant_round_us(instant_plus_s(at, Z_90 * t.sigma_s));
	i->time_level = 0.9;
	return true;
}

static bool make(struct search *s, const struct quake_trial *g,
	struct incident *i, struct fault *f)
{
	struct depths z;
	struct shaken k = {.arrival = s->ask->arrival,
		.arrival_count = s->ask->arrival_count};

	*i = incident_new();
	i->count = COUNT_OF(1);
	if (!place_it(s, g, i, f) || !evidence(s, g, i, f))
		return false;
	over_places(g, &i->place.region, &z);
	k.at = (struct point){i->place.lat_deg, i->place.lon_deg};
	k.t0 = i->at;
	k.ln_deep = z.ln_deep;
	strengths(g, g->u[2], &k);
	return shaken_kind(s->net, &k, s->arena, i->kind, f) &&
		features(s, g, &z, &k, i, f);
}

/* -- what is left to explain -- */

/* A wave of something that was so far off, so long ago. */
static bool is_wave(double d_m, double after_s)
{
	double p_s = quake_travel(d_m, false), s_s = quake_travel(d_m, true);

	if (d_m > QUAKE_RANGE_M)
		return false;
	return (after_s > 0.9 * p_s - 0.5 && after_s < 1.1 * s_s + CODA_S +
			1.5 * (s_s - p_s)) ||
		(d_m < AIR_MOST_M && after_s > d_m / AIR_FAST_MS - 1 &&
			after_s < d_m / AIR_SLOW_MS + CODA_S);
}

/* Of a located sound. */
static bool is_explained(const struct quake_ask *ask, const struct bearing *b)
{
	struct frame frame = frame_at(b->source->lat_deg, b->source->lon_deg);
	double back_s = AIR_MOST_M / AIR_SLOW_MS + CODA_S;
	size_t lo = 0, hi = ask->sound_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (instant_seconds(ask->sound[mid].t0, b->at) > back_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < ask->sound_count; lo++) {
		const struct quake_sound *x = &ask->sound[lo];
		double after = instant_seconds(x->t0, b->at);
		struct xy p = frame_to(
			&frame, x->at.lat_deg, x->at.lon_deg);

		if (after < -1)
			break;
		if (is_wave(quake_way(p.x_m, p.y_m, 0), after))
			return true;
	}
	return false;
}

/* One of an array's elements speaks for all. */
static bool is_double(const struct mission *m, const struct source *s)
{
	for (const struct source *x = m->source; s->array[0] && x < s; x++)
		if (x->kind == s->kind && strcmp(x->array, s->array) == 0)
			return true;
	return false;
}

static bool is_wanted(const struct search *s, const struct bearing *b)
{
	return b->modality == MODALITY_SEISMIC && !bearing_is_array(b) &&
		(!instant_known(s->ask->span.from) ||
			span_holds(s->ask->span, b->at)) &&
		!id_among(s->ask->used, s->ask->used_count, &b->id) &&
		!is_double(s->net->mission, b->source) &&
		!hear_doubted(s->net, b->source->id, b->at) &&
		!is_explained(s->ask, b);
}

/* How often a channel says things as strong; who says too much is silent. */
static void rates(struct search *s, struct station *st)
{
	size_t lo = st->first, hi = st->first;

	for (size_t i = st->first; i < st->end; i++) {
		struct quake_felt *p = &s->felt[i];
		size_t strong = 0;

		while (s->felt[lo].t_s < p->t_s - BEARING_PICK_S)
			lo++;
		while (hi < st->end &&
			s->felt[hi].t_s <= p->t_s + BEARING_PICK_S)
			hi++;
		p->taken = (double)(hi - lo - 1) >
			RATE_MOST * 2 * BEARING_PICK_S;
		for (size_t k = lo; k < hi && !p->taken; k++)
			strong += !(s->felt[k].of->snr_db <
				p->of->snr_db - HEAR_LOUD_DB);
		p->ln_rate = m_log(fmax(RATE_LEAST, ((double)strong - 1) /
			(2 * BEARING_PICK_S)));
	}
}

static int by_time(const void *x, const void *y, const void *self)
{
	const struct bearing *a = (*(struct quake_felt *const *)x)->of;
	const struct bearing *b = (*(struct quake_felt *const *)y)->of;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

static bool gather(struct search *s, struct fault *f)
{
	const struct bearings *all = s->net->bearings;
	size_t sources = s->net->mission->source_count;

	s->felt = arena_array(s->arena, all->count + 1, sizeof *s->felt, f);
	s->seed = arena_array(s->arena, all->count + 1, sizeof(void *), f);
	s->station = arena_array(
		s->arena, sources + 1, sizeof *s->station, f);
	if (!s->felt || !s->seed || !s->station)
		return false;
	for (size_t i = 0; i < all->count; i++) {
		const struct bearing *b = &all->at[i];
		struct station *st = &s->station[s->stations];

		if (!is_wanted(s, b))
			continue;
		if (s->stations == 0 || st[-1].source != b->source) {
			*st = (struct station){b->source, s->count, s->count};
			s->stations++;
		}
		s->station[s->stations - 1].end = s->count + 1;
		if (s->count == 0)
			s->start = b->at;
		s->seed[s->count] = &s->felt[s->count];
		s->felt[s->count++] = (struct quake_felt){.of = b,
			.t_s = instant_seconds(s->start, b->at),
			.station = s->stations - 1};
	}
	for (size_t i = 0; i < s->stations; i++)
		rates(s, &s->station[i]);
	if (s->count > 0)
		sort_items(s->seed, s->count, sizeof *s->seed, by_time, NULL);
	return true;
}

/* -- all of it -- */

struct found { /* from which pick */
	struct quake_felt *seed;
	double ln;
};

static int by_ln(const void *x, const void *y, const void *self)
{
	const struct found *a = x, *b = y;

	if (a->ln < b->ln || a->ln > b->ln)
		return a->ln > b->ln ? -1 : 1;
	return by_time(&a->seed, &b->seed, self);
}

/* Its picks, and what goes on after them. */
static void take(struct search *s, const struct quake_trial *g)
{
	for (size_t i = 0; i < g->count; i++)
		g->at[i].pick->taken = true;
	for (size_t i = 0; i < s->stations; i++) {
		const struct station *st = &s->station[i];
		struct xy q = frame_to(&g->frame, st->source->lat_deg,
			st->source->lon_deg);
		double d = quake_way(g->u[0] - q.x_m, g->u[1] - q.y_m,
			g->u[2]);

		for (size_t k = first_after(s, i, g->u[3]); k < st->end &&
			s->felt[k].t_s < g->u[3] + AIR_MOST_M / AIR_SLOW_MS +
				CODA_S; k++)
			s->felt[k].taken |= is_wave(
				d, s->felt[k].t_s - g->u[3]);
	}
}

/* What there is in one pass, the best first. */
static bool pass(struct search *s, struct found *found, struct incident *made,
	size_t *count, struct fault *f)
{
	struct quake_trial g;
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		s->felt[i].seen = false;
	for (size_t i = 0; i < s->count; i++) {
		if (s->seed[i]->seen)
			continue;
		seek(s, s->seed[i], &g);
		if (!stands(&g))
			continue;
		found[n++] = (struct found){s->seed[i], g.ln};
		for (size_t k = 0; k < g.count; k++)
			g.at[k].pick->seen = true;
	}
	if (n > 0)
		sort_items(found, n, sizeof *found, by_ln, NULL);
	for (size_t i = 0; i < n; i++) {
		seek(s, found[i].seed, &g);
		if (!stands(&g))
			continue;
		take(s, &g);
		if (!make(s, &g, &made[(*count)++], f))
			return false;
	}
	return true;
}

static int by_order(const void *x, const void *y, const void *self)
{
	const struct incident *a = x, *b = y;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

bool quake_find(const struct network *net, const struct quake_ask *ask,
	struct arena *a, const struct incidents *out, struct fault *f)
{
	struct search s = {.net = net, .ask = ask, .arena = a};
	struct incident *made;
	struct found *found;
	size_t n = 0, before;

	if (!net->bearings || net->bearings->count == 0)
		return true;
	if (!gather(&s, f))
		return false;
	if (s.stations < QUAKE_STATIONS - 1)
		return true;
	/* Each takes QUAKE_PICKS. */
	made = arena_array(a, s.count / QUAKE_PICKS + 1, sizeof *made, f);
	found = arena_array(a, s.count, sizeof *found, f);
	if (!made || !found)
		return false;
	for (int k = 0; k < PASSES; k++) {
		before = n;
		if (!pass(&s, found, made, &n, f))
			return false;
		if (n == before)
			break;
	}
	if (n > 0)
		sort_items(made, n, sizeof *made, by_order, NULL);
	for (size_t i = 0; i < n; i++)
		if (!out->put(out->self, &made[i], f))
			return false;
	return true;
}
