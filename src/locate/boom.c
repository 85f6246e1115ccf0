/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/boom.h"

#include <stdlib.h>
#include <string.h>

#include "base/cholesky.h"
#include "base/maths.h"
#include "base/sort.h"

enum { UNKNOWNS = 6, SPARE = 2 };
/* Of more arrivals than this a sample is asked first: of a front that half of
 * them follow, two in five of any 128 do. */
enum { MANY = 128 };

/* Whole length of the N, seconds: fighters 0.1, Concorde 0.3; a ground that
 * answers shortens what is found. */
#define N_LEAST_S 0.04
#define N_MOST_S 0.4
/* Slowest front over the ground. */
#define FASTER 1.05
#define SLOWEST_MS 350.0
/* Faster than any aircraft: ground motion, or lightning in the wires. */
#define FASTEST_MS 2000.0
#define RMS_S 0.05
/* A front is stated with this probability: in simulation none of them was
 * anything else (docs/hearing.md), which is not to say that none ever is. */
#define SURE 0.9
/* A front is looked for from moments this far apart. */
#define STEP_S 0.5
/* How long before it is heard an aircraft 20 km up has passed. */
#define BEFORE_S 60.0

struct front {
	const struct scene *s;
	const struct pick **n; /* all that are left, by time */
	size_t ns;
	const struct pick **best; /* by ear; room */
	const struct pick **pick;
	struct xy *at;   /* of its source, km */
	double *off;     /* room: residuals */
	size_t count;
	double x[UNKNOWNS]; /* s; of 1, x, y, xx, xy, yy */
	double rms_s;
};

static void terms(struct xy p, double t[UNKNOWNS])
{
	t[0] = 1;
	t[1] = p.x_m;
	t[2] = p.y_m;
	t[3] = p.x_m * p.x_m;
	t[4] = p.x_m * p.y_m;
	t[5] = p.y_m * p.y_m;
}

static double residual(const struct front *b, size_t i)
{
	double t[UNKNOWNS], r = b->pick[i]->t_s - b->pick[0]->t_s;

	terms(b->at[i], t);
	for (size_t k = 0; k < UNKNOWNS; k++)
		r -= b->x[k] * t[k];
	return r;
}

/* Least squares; a little ridge, so that sources in a row have an answer. */
static bool solve(struct front *b, size_t *worst)
{
	double a[UNKNOWNS * UNKNOWNS] = {0}, sum = 0, most = -1;

	memset(b->x, 0, sizeof b->x);
	for (size_t i = 0; i < b->count; i++) {
		double t[UNKNOWNS], r = b->pick[i]->t_s - b->pick[0]->t_s;

		terms(b->at[i], t);
		for (size_t k = 0; k < UNKNOWNS; k++) {
			b->x[k] += t[k] * r;
			for (size_t j = 0; j <= k; j++)
				a[k * UNKNOWNS + j] += t[k] * t[j];
		}
	}
	for (size_t k = 0; k < UNKNOWNS; k++)
		a[k * UNKNOWNS + k] += 1e-3;
	if (!cholesky(a, UNKNOWNS))
		return false;
	cholesky_solve(a, UNKNOWNS, b->x);
	for (size_t i = 0; i < b->count; i++) {
		double r = fabs(residual(b, i));

		sum += r * r;
		if (r > most) {
			most = r;
			*worst = i;
		}
	}
	b->rms_s = sqrt(sum / (double)(b->count - UNKNOWNS));
	return true;
}

/* Speed of the front over the ground in the middle. */
static double speed_ms(const struct front *b)
{
	return 1000 / sqrt(fmax(b->x[1] * b->x[1] + b->x[2] * b->x[2], 1e-12));
}

static bool is_n(const struct pick *p)
{
	const struct detection *d = p->detection;
	double s = feature_of(d->feature, d->feature_count, "n_wave_s");

	return !p->gone && s >= N_LEAST_S && s <= N_MOST_S;
}

static int by_time(const void *a, const void *b)
{
	const struct pick *x = *(const struct pick *const *)a;
	const struct pick *y = *(const struct pick *const *)b;

	if (x->t_s != y->t_s)
		return x->t_s < y->t_s ? -1 : 1;
	return detection_order(x->detection, y->detection);
}

/* Each ear's strongest N from the nth on, until a time. */
static void gather(
	struct front *b, const struct frame *f, size_t nth, double to_s)
{
	size_t end = nth;

	for (; end < b->ns && b->n[end]->t_s <= to_s; end++) {
		const struct pick **best = &b->best[b->n[end]->ear];

		if (!*best ||
			b->n[end]->detection->snr > (*best)->detection->snr)
			*best = b->n[end];
	}
	b->count = 0;
	for (size_t i = nth; i < end; i++) {
		const struct ear *ear = &b->s->ear[b->n[i]->ear];
		struct xy p;

		if (b->best[b->n[i]->ear] != b->n[i])
			continue;
		p = frame_to(f, ear->source->lat_deg, ear->source->lon_deg);
		b->pick[b->count] = b->n[i];
		b->at[b->count++] =
			(struct xy){p.x_m / 1000, p.y_m / 1000};
	}
	for (size_t i = nth; i < end; i++)
		b->best[b->n[i]->ear] = NULL;
}

static int larger(const void *x, const void *y, const void *self)
{
	const double *a = x, *b = y;

	(void)self;
	return (*a < *b) - (*a > *b);
}

/* Leaves out the worst; of many an eighth at once, or the work would go as the
 * square of their number. */
static void leave_out(struct front *b, size_t worst)
{
	size_t drop = b->count / 8, n = 0;
	double least;

	if (b->count <= MANY) {
		b->count--;
		b->pick[worst] = b->pick[b->count];
		b->at[worst] = b->at[b->count];
		return;
	}
	for (size_t i = 0; i < b->count; i++)
		b->off[i] = fabs(residual(b, i));
	sort_items(b->off, b->count, sizeof *b->off, larger, NULL);
	least = b->off[drop];
	for (size_t i = 0; i < b->count; i++)
		b->off[i] = fabs(residual(b, i));
	/* All are reckoned before any goes: they hang on the first. */
	for (size_t i = 0; i < b->count; i++) {
		if (b->off[i] > least)
			continue;
		b->pick[n] = b->pick[i];
		b->at[n++] = b->at[i];
	}
	b->count = n < b->count ? n : b->count - 1;
}

static bool fits_so_many(struct front *b, size_t least, double sound_ms)
{
	size_t worst = 0;

	if (least < UNKNOWNS + SPARE)
		least = UNKNOWNS + SPARE;
	while (b->count >= least) {
		if (!solve(b, &worst))
			return false;
		if (b->rms_s <= RMS_S)
			return speed_ms(b) > FASTER * sound_ms &&
				speed_ms(b) < FASTEST_MS;
		leave_out(b, worst);
	}
	return false;
}

static bool fits(struct front *b, double sound_ms)
{
	const struct pick *pick[MANY];
	struct xy at[MANY];
	struct front some = *b;

	if (b->count > MANY) {
		some.pick = pick;
		some.at = at;
		for (some.count = 0; some.count < MANY; some.count++) {
			size_t i = some.count * b->count / MANY;

			pick[some.count] = b->pick[i];
			at[some.count] = b->at[i];
		}
		if (!fits_so_many(&some, MANY * 2 / 5, sound_ms))
			return false;
	}
	return fits_so_many(b, b->count / 2, sound_ms);
}

/* All ears' mean place, and how far they are from each other at most. */
static struct frame middle(const struct scene *s, double *across_m)
{
	double lat = 0, lon = 0, far_m = 0;
	struct frame f;

	for (size_t e = 0; e < s->ears; e++) {
		lat += s->ear[e].source->lat_deg / (double)s->ears;
		lon += s->ear[e].source->lon_deg / (double)s->ears;
	}
	f = frame_at(lat, lon);
	for (size_t e = 0; e < s->ears; e++) {
		struct xy p = frame_to(&f, s->ear[e].source->lat_deg,
			s->ear[e].source->lon_deg);

		far_m = fmax(far_m, sqrt(p.x_m * p.x_m + p.y_m * p.y_m));
	}
	*across_m = 2 * far_m;
	return f;
}

/* The ground over which it was heard, as a circle. */
static struct place heard_over(const struct front *b, const struct frame *f)
{
	struct place p = PLACE_UNKNOWN;
	struct xy mean = {0, 0};
	struct point at;
	double far_m = 0;

	for (size_t i = 0; i < b->count; i++) {
		mean.x_m += 1000 * b->at[i].x_m / (double)b->count;
		mean.y_m += 1000 * b->at[i].y_m / (double)b->count;
	}
	for (size_t i = 0; i < b->count; i++) {
		double x = 1000 * b->at[i].x_m - mean.x_m;
		double y = 1000 * b->at[i].y_m - mean.y_m;

		far_m = fmax(far_m, sqrt(x * x + y * y));
	}
	at = frame_from(f, mean);
	p.lat_deg = at.lat_deg;
	p.lon_deg = at.lon_deg;
	p.region.ellipse = (struct ellipse){far_m, far_m, 0};
	return p;
}

static bool evidence(const struct front *b, struct arena *a,
	struct incident *i, struct fault *f)
{
	const struct detection *first = b->pick[0]->detection;
	struct id *id = arena_array(a, b->count, sizeof *id, f);
	const char *owner = b->s->ear[b->pick[0]->ear].source->owner;

	if (!id)
		return false;
	for (size_t n = 0; n < b->count; n++) {
		const struct detection *d = b->pick[n]->detection;
		size_t at = n;

		if (detection_order(d, first) < 0)
			first = d;
		if (strcmp(owner, b->s->ear[b->pick[n]->ear].source->owner) !=
			0)
			i->status = STATUS_ASSOCIATED;
		for (; at > 0 && strcmp(id[at - 1].text, d->id.text) > 0; at--)
			id[at] = id[at - 1];
		id[at] = d->id;
	}
	i->evidence = id;
	i->evidence_count = b->count;
	incident_name(i, first);
	return true;
}

static bool tell(const struct front *b, const struct frame *f,
	struct arena *a, const struct incidents *out, struct fault *fault)
{
	struct feature *x = arena_array(a, 2, sizeof *x, fault);
	struct incident i = incident_new();
	double last_s = -INFINITY, first_s = INFINITY;

	if (!x || !evidence(b, a, &i, fault))
		return false;
	for (size_t k = 0; k < b->count; k++) {
		first_s = fmin(first_s, b->pick[k]->t_s);
		last_s = fmax(last_s, b->pick[k]->t_s);
	}
	i.at = instant_round_us(instant_plus_s(b->s->start, first_s));
	i.from = instant_plus_s(i.at, -BEFORE_S);
	i.to = instant_round_us(instant_plus_s(b->s->start, last_s));
	i.time_level = 0.9;
	i.place = heard_over(b, f);
	i.modalities = 1u << MODALITY_ACOUSTIC;
	i.count = COUNT_OF(1);
	i.kind[KIND_SONIC_BOOM] = SURE;
	i.kind[KIND_UNKNOWN] = 1 - SURE;
	x[0] = (struct feature){"trace_speed_ms",
		floor(speed_ms(b) + 0.5)};
	x[1] = (struct feature){"residual_s",
		floor(1e4 * b->rms_s + 0.5) / 1e4};
	i.feature = x;
	i.feature_count = 2;
	return out->put(out->self, &i, fault);
}

static bool take_rooms(struct front *b, struct arena *a, struct fault *f)
{
	const struct scene *s = b->s;

	b->pick = arena_array(a, s->ears + 1, sizeof *b->pick, f);
	b->best = arena_array(a, s->ears + 1, sizeof *b->best, f);
	b->at = arena_array(a, s->ears + 1, sizeof *b->at, f);
	b->n = arena_array(a, s->picks + 1, sizeof *b->n, f);
	b->off = arena_array(a, s->ears + 1, sizeof *b->off, f);
	if (!b->pick || !b->best || !b->at || !b->n || !b->off)
		return false;
	memset(b->best, 0, (s->ears + 1) * sizeof *b->best);
	for (size_t k = 0; k < s->picks; k++)
		if (is_n(&s->pick[k]))
			b->n[b->ns++] = &s->pick[k];
	qsort(b->n, b->ns, sizeof *b->n, by_time);
	return true;
}

bool boom_find(const struct scene *s, struct arena *a,
	const struct incidents *out, struct fault *f)
{
	double across_m, next_s = -INFINITY;
	struct frame frame = middle(s, &across_m);
	struct front b = {.s = s};
	struct air air;

	if (s->ears < UNKNOWNS + SPARE || s->picks < UNKNOWNS + SPARE)
		return true;
	if (!take_rooms(&b, a, f))
		return false;
	air = air_at(s->net, s->start, frame_from(&frame, (struct xy){0, 0}));
	for (size_t i = 0; i < b.ns; i++) {
		double at_s = b.n[i]->t_s;
		double last_s = at_s + across_m / SLOWEST_MS + STEP_S;

		if (at_s < next_s)
			continue;
		gather(&b, &frame, i, last_s);
		next_s = at_s + STEP_S;
		if (!fits(&b, air.c_ms))
			continue;
		if (!tell(&b, &frame, a, out, f))
			return false;
		next_s = last_s;
	}
	return true;
}
