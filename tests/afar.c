/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * afar.c - what only arrays and seismometers hear, by simulation: their
 * regions of 90 % must hold 86-94 % of the truths; days in which arrays speak
 * by chance, twice as often as their detector does in steady waves, and true
 * days whose sources are shifted by hours, must give no incident; and order of
 * input must not matter. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "geo/geodesic.h"
#include "locate/afar.h"

enum { SOURCES = 16, HEARD = 4096, FOUND = 64 };

struct condition {
	const char *name;
	int arrays, ground;
	double out_m;     /* arrays stand so far from the middle, 0.4 to 1 */
	double per_h;     /* an array speaks of other things */
	double least;     /* share of shots that must be found */
};

static const struct condition conditions[] = {
	{"two quiet arrays, 60 km", 2, 0, 60e3, 1 / 48.0, 0.4},
	{"two arrays, 60 km", 2, 0, 60e3, 1 / 6.0, 0.1},
	{"four arrays, 250 km", 4, 0, 250e3, 1 / 6.0, 0.5},
	{"an array and four seismometers, 40 km", 1, 4, 40e3, 1 / 6.0, 0.3},
};

#ifdef __SANITIZE_ADDRESS__
static int draws = 30; /* it takes five times */
#else
static int draws = 100;
#endif
static struct arena work;

struct world {
	struct source source[SOURCES];
	char id[SOURCES][8];
	size_t sources;
	struct mission mission;
	struct network net;
	struct detection other[HEARD];
	size_t others;
	struct bearing bearing[HEARD];
	struct bearings bearings;
	struct point shot;
	struct instant t0;
};

struct found {
	struct incident incident[FOUND];
	size_t count;
};

static const struct point middle = {48, 37.5};

static void stand(struct world *w, enum source_kind kind, double out_m)
{
	size_t i = w->sources++;
	struct point p = geodesic_reach(middle, 360 * uniform(),
		out_m * (0.4 + 0.6 * uniform()));

	(void)snprintf(w->id[i], sizeof w->id[i], "%c%02u",
		kind == SOURCE_SEISMIC ? 's' : 'i', (unsigned)i);
	w->source[i] = (struct source){.id = w->id[i], .kind = kind,
		.lat_deg = p.lat_deg, .lon_deg = p.lon_deg, .elev_m = 150,
		.rate_hz = 100, .sensitivity = NAN,
		.owner = i % 2 ? "A" : "B", .host_party = "",
		.installed = INSTANT_UNKNOWN, .position_err_m = 3,
		.public_key = "", .array = ""};
}

static void lay(struct world *w, int arrays, int ground, double out_m)
{
	memset(w, 0, sizeof *w);
	for (int i = 0; i < arrays; i++)
		stand(w, SOURCE_INFRASOUND, out_m);
	for (int i = 0; i < ground; i++)
		stand(w, SOURCE_SEISMIC, out_m);
	w->mission = (struct mission){
		.source = w->source, .source_count = w->sources};
	w->net = (struct network){
		.mission = &w->mission, .bearings = &w->bearings};
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	w->shot = geodesic_reach(
		middle, 360 * uniform(), out_m * sqrt(uniform()));
}

static struct detection *heard(struct world *w, size_t i, double after_s)
{
	struct detection *d = &w->other[w->others++];

	*d = detection_new();
	d->source = w->id[i];
	d->modality = w->source[i].kind == SOURCE_SEISMIC
		? MODALITY_SEISMIC : MODALITY_INFRASOUND;
	d->detector = "test";
	d->at = instant_round_us(instant_plus_s(w->t0, after_s));
	d->sigma_s = 0.02;
	d->cite.offset = w->others;
	return d;
}

static void bearing(struct detection *d, double az, double stated)
{
	d->sigma_s = 10 / sqrt(12);
	d->back_azimuth_deg = az;
	d->sigma_az_deg = stated;
	d->slowness_s_per_km = 3;
}

/* By WAVEFORM.md 3.7, written anew. */
static double way_s_per_m(void)
{
	double u = uniform();

	if (u < 0.0539)
		return 1 / 327.0 + 0.066e-3 * normal();
	if (u < 0.0539 + 0.0899)
		return 1 / 293.0 + 0.08e-3 * normal();
	return 1 / 260.0 + 0.33e-3 * normal();
}

static void hear(struct world *w, size_t i)
{
	struct geodesic g = geodesic_between((struct point){
		w->source[i].lat_deg, w->source[i].lon_deg}, w->shot);
	double d = g.length_m, t, stated = 0.7 + 3 * uniform();
	double share = fmax(0.05, fmin(1, (200e3 - d) / 150e3));
	struct detection *to;

	if (w->source[i].kind == SOURCE_SEISMIC) {
		t = d * (1 / 5500.0 + 0.0167e-3 * normal()) +
			0.15 * normal() + 0.02 * normal();
		if (uniform() < 0.15)
			t -= 0.3 * m_log(1 - uniform());
		detection_name(heard(w, i, t));
		return;
	}
	t = uniform() < share ? d / 338 * (1 + 0.035 * normal())
			      : d * way_s_per_m();
	to = heard(w, i, t + 10 * (uniform() - 0.5));
	bearing(to, g.azimuth_deg + stated * normal() + normal() +
		3.5 * fmin(1, d / 100e3) * normal(), stated);
	detection_name(to);
}

/* Chance, so often an hour, from half a day before to half a day after. */
static void chance(struct world *w, size_t i, double per_h)
{
	double t = -43200;

	while ((t -= m_log(1 - uniform()) * 3600 / per_h) < 43200 &&
		w->others < HEARD) {
		struct detection *d = heard(w, i, t);

		if (w->source[i].kind == SOURCE_INFRASOUND)
			bearing(d, 360 * uniform(), 0.7 + 3 * uniform());
		detection_name(d);
	}
}

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	if (out->count == FOUND)
		return fault(f, FAULT_LIMIT, "too many incidents");
	out->incident[out->count++] = *i;
	return true;
}

static void run(struct world *w, struct found *out)
{
	struct incidents to = {put, out};
	struct afar_ask ask = {.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct fault f = {0};
	size_t n = 0;

	for (size_t i = 0; i < w->others; i++)
		n += bearing_of(&w->other[i], &w->mission, &w->bearing[n]);
	w->bearings = (struct bearings){
		w->bearing, bearings_sort(w->bearing, n)};
	out->count = 0;
	if (!afar_find(&w->net, &ask, &work, &to, &f))
		CHECK(false, "%s", f.text);
}

static bool holds(const struct incident *q, struct point p)
{
	const struct region *r = &q->place.region;
	double mass = 0;

	for (size_t i = 0; i < r->cell_count && mass < 0.9; i++) {
		const struct cell *c = &r->cell[i];
		struct frame frame = frame_at(c->lat_deg, c->lon_deg);
		struct xy d = frame_to(&frame, p.lat_deg, p.lon_deg);

		mass += c->share;
		if (fmax(fabs(d.x_m), fabs(d.y_m)) <= 1.02 * c->half_side_m)
			return true;
	}
	return false;
}

static double area(const struct incident *q)
{
	const struct region *r = &q->place.region;
	double mass = 0, sum = 0;

	for (size_t i = 0; i < r->cell_count && mass < 0.9; i++) {
		mass += r->cell[i].share;
		sum += 4 * r->cell[i].half_side_m * r->cell[i].half_side_m;
	}
	return sum;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct held { /* of all conditions */
	int n, in, timed, wrong;
};

static void coverage(const struct condition *c, struct held *all)
{
	static struct world w;
	static struct found found;
	static double km[4096];
	int n = 0, in = 0, timed = 0, could = 0, extra = 0;

	for (int k = 0; k < draws; k++) {
		size_t heard_by = 0;
		bool hit = false;

		work.used = 0;
		lay(&w, c->arrays, c->ground, c->out_m);
		for (size_t i = 0; i < w.sources; i++) {
			if (uniform() < 0.85) {
				hear(&w, i);
				heard_by++;
			}
			chance(&w, i, w.source[i].kind == SOURCE_SEISMIC
				? 4 : c->per_h);
		}
		could += heard_by >= 2;
		run(&w, &found);
		for (size_t i = 0; i < found.count; i++) {
			const struct incident *q = &found.incident[i];

			if (hit || fabs(instant_seconds(q->at, w.t0)) > 600) {
				extra++;
				continue;
			}
			hit = true;
			in += holds(q, w.shot);
			timed += q->from.utc_ns <= w.t0.utc_ns &&
				w.t0.utc_ns <= q->to.utc_ns;
			km[n++] = sqrt(area(q) / PI) / 1000;
		}
	}
	qsort(km, (size_t)n, sizeof *km, by_value);
	printf("# %s: %d of %d found (%d by two or more), regions hold %.1f "
		"%%, times %.1f %%, median radius %.1f km, %d false in %d "
		"days\n", c->name, n, draws, could, 100.0 * in / n,
		100.0 * timed / n, km[n / 2], extra, draws);
	CHECK(n >= c->least * could, "%s: found", c->name);
	all->n += n;
	all->in += in;
	all->timed += timed;
	all->wrong += extra;
	(void)fflush(stdout);
}

/* Each array by itself. */
static void by_chance(int days)
{
	static struct world w;
	static struct found found;
	size_t made = 0;

	for (int k = 0; k < days; k++) {
		work.used = 0;
		lay(&w, 4, 0, k % 2 ? 60e3 : 250e3);
		for (size_t i = 0; i < w.sources; i++)
			chance(&w, i, 1 / 6.0);
		run(&w, &found);
		made += found.count;
	}
	printf("# chance: %zu incidents in %d days of four arrays\n", made,
		days);
	CHECK(made == 0, "by chance: none");
	(void)fflush(stdout);
}

/* True days, each array's clock shifted by hours of its own. */
static void shifted(int days)
{
	static struct world w;
	static struct found found;
	size_t made = 0;

	for (int k = 0; k < days; k++) {
		work.used = 0;
		lay(&w, 3, 0, 100e3);
		for (int shot = 0; shot < 6; shot++) {
			w.t0 = instant_plus_s(w.t0, 7200 * uniform() + 1800);
			w.shot = geodesic_reach(middle, 360 * uniform(),
				100e3 * sqrt(uniform()));
			for (size_t i = 0; i < w.sources; i++)
				hear(&w, i);
		}
		for (size_t i = 0; i < w.others; i++) {
			struct detection *d = &w.other[i];
			size_t s = (size_t)(d->source[2] - '0');

			d->at = instant_plus_s(d->at, 3 * 3600 * (double)s +
				600);
			detection_name(d);
		}
		run(&w, &found);
		made += found.count;
	}
	printf("# shifted: %zu incidents in %d days of three arrays\n", made,
		days);
	CHECK(made == 0, "shifted by hours: none");
	(void)fflush(stdout);
}

static void shuffled(void)
{
	static struct world w;
	static struct found one, two;

	work.used = 0;
	lay(&w, 4, 0, 60e3);
	for (size_t i = 0; i < w.sources; i++) {
		hear(&w, i);
		chance(&w, i, 1);
	}
	run(&w, &one);
	for (size_t i = w.others; i-- > 1;) {
		size_t j = (size_t)(uniform() * (double)(i + 1));
		struct detection swap = w.other[i];

		w.other[i] = w.other[j];
		w.other[j] = swap;
	}
	run(&w, &two);
	CHECK(one.count >= 1 && one.count == two.count &&
			one.incident[0].at.utc_ns ==
				two.incident[0].at.utc_ns &&
			memcmp(&one.incident[0].place.lat_deg,
				&two.incident[0].place.lat_deg,
				sizeof(double)) == 0,
		"order of input does not matter: %zu", one.count);
	/* One array alone. */
	w.others = 0;
	hear(&w, 0);
	hear(&w, 0);
	run(&w, &one);
	CHECK(one.count == 0, "one array alone is no incident");
}

/* afar [draws a condition] [days of chance] */
int main(int argc, char **argv)
{
	int days = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 40;
	struct held all = {0};
	double part;
	struct fault f = {0};

	if (argc > 1)
		draws = (int)fmin(4096, strtod(argv[1], NULL));
	if (!arena_map(&work, (size_t)1 << 30, &f))
		return 1;
	seed = 20260205;
	shuffled();
	by_chance(days);
	shifted(days);
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		coverage(&conditions[i], &all);
	/* Of few, chance has its part: two sigma. */
	part = all.n < 200 ? 0.6 / sqrt(all.n) : 0;
	CHECK(all.in >= all.n * (0.86 - part) && all.in <= all.n *
		(0.94 + part),
		"90 %% regions hold 86-94 %%: %d of %d", all.in, all.n);
	CHECK(all.timed * 100 >= all.n * 85, "time intervals too: %d",
		all.timed);
	/* Another place of the same sound counts as one. */
	CHECK(all.wrong * 40 <= 4 * draws, "%d are of no shot, or misplaced "
		"by ten minutes, in %d days", all.wrong, 4 * draws);
	return check_done();
}
