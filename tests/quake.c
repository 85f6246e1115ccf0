/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * quake.c - what only seismometers felt, by simulation with another model than
 * the fit's: speeds that grow with distance, statics of stations, depths,
 * magnitudes and charges of their own.  Regions of 90 % must hold 86-94 % of
 * the truths; kinds must be right or unknown in nine of ten; random picks and
 * true ones whose stations are shifted must give nothing. */
#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "check.h"
#include "dice.h"
#include "geo/geodesic.h"
#include "locate/quake.h"
#include "model/loudness.h"

enum { GROUND = 8, MICS = 12, SOURCES = GROUND + MICS, HEARD = 16384,
	FOUND = 64, ARRIVALS = 256 };

enum act { QUAKE, QUARRY, SURFACE, ACTS };
static const char *const act_name[ACTS] = {
	"earthquakes", "quarry blasts", "surface blasts"};
static const enum kind act_kind[ACTS] = {
	KIND_EARTHQUAKE, KIND_QUARRY_BLAST, KIND_EXPLOSION};

#ifdef __SANITIZE_ADDRESS__
static int draws = 12;
#else
static int draws = 100;
#endif
static struct arena work;

struct world {
	struct source source[SOURCES];
	char id[SOURCES][8];
	size_t ground, mics, sources;
	double statics[GROUND][2];
	struct ambient ambient[SOURCES];
	size_t ambients;
	struct mission mission;
	struct network net;
	struct detection other[HEARD];
	struct feature peak[HEARD];
	size_t others;
	struct bearing bearing[HEARD];
	struct bearings bearings;
	struct shaken_arrival arrival[ARRIVALS];
	size_t arrivals, told; /* told: of the act */
	struct quake_sound sound;
	bool located;
	struct point at;
	double depth_m;
	struct instant t0;
	size_t both, stations;
};

struct found {
	struct incident incident[FOUND];
	size_t count;
};

static const struct point middle = {48, 37.5};

/* By id: mics, "a..", come before the ground's, "s..". */
static void stand(struct world *w, bool ground, double out_m)
{
	size_t i = w->sources++;
	struct point p = geodesic_reach(
		middle, 360 * uniform(), out_m * sqrt(uniform()));

	(void)snprintf(w->id[i], sizeof w->id[i], "%c%02u",
		ground ? 's' : 'a', (unsigned)i);
	w->source[i] = (struct source){.id = w->id[i],
		.kind = ground ? SOURCE_SEISMIC : SOURCE_ACOUSTIC,
		.lat_deg = p.lat_deg, .lon_deg = p.lon_deg, .elev_m = 150,
		.rate_hz = 100, .sensitivity = 1000,
		.owner = i % 2 ? "A" : "B", .host_party = "",
		.installed = INSTANT_UNKNOWN, .position_err_m = 3,
		.public_key = "", .array = ""};
	if (ground)
		return;
	/* 45 to 60 dB in two bands, twelve decibels over it. */
	w->ambient[w->ambients++] = (struct ambient){.source = w->id[i],
		.span = {instant_plus_s(w->t0, -90000),
			instant_plus_s(w->t0, 90000)},
		.band = {{2, 15, 0.1, 48 + 12 * uniform(), 10},
			{10, 60, 0.05, 42 + 12 * uniform(), 10}},
		.bands = 2};
}

static void lay(struct world *w, size_t ground, size_t mics, double out_m)
{
	memset(w, 0, sizeof *w);
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	for (size_t i = 0; i < mics; i++)
		stand(w, false, 4e3);
	for (size_t i = 0; i < ground; i++)
		stand(w, true, out_m);
	w->mics = mics;
	w->ground = ground;
	for (size_t i = 0; i < ground; i++)
		for (int k = 0; k < 2; k++)
			w->statics[i][k] = (k ? 0.12 : 0.08) * normal();
	w->mission = (struct mission){
		.source = w->source, .source_count = w->sources};
	w->net = (struct network){.mission = &w->mission,
		.bearings = &w->bearings, .ambient = w->ambient,
		.ambient_count = w->ambients};
}

static void feel(struct world *w, size_t i, double after_s, double snr,
	double peak_ms)
{
	struct detection *d = &w->other[w->others];

	*d = detection_new();
	d->source = w->source[i].id;
	d->modality = MODALITY_SEISMIC;
	d->detector = "test";
	d->at = instant_round_us(instant_plus_s(w->t0, after_s));
	d->sigma_s = 0.02;
	d->snr = snr;
	d->cite.offset = w->others;
	w->peak[w->others] = (struct feature){"peak_ums", 1e6 * peak_ms};
	d->feature = &w->peak[w->others++];
	d->feature_count = 1;
	detection_name(d);
}

static void chance(struct world *w, double per_h, double half_s)
{
	for (size_t i = w->mics; i < w->sources; i++) {
		double t = -half_s;

		while ((t -= m_log(1 - uniform()) * 3600 / per_h) < half_s &&
			w->others < HEARD)
			feel(w, i, t, 6 - 4 * m_log(1 - uniform()), 1e-7);
	}
}

/* Peaks of S at a station, m/s, by what it was. */
static double peak_of(enum act a, double size, double way_m)
{
	double km = way_m / 1000;

	if (a == QUAKE) /* Hutton and Boore 1987, at 7 Hz */
		return m_pow(10, size - 1.11 * m_log10(km / 100) -
			0.00189 * (km - 100) - 3) / 2.08e6 * 2 * PI * 7;
	/* size: log10 of the charge that well coupled rock would need */
	return 1.143 * m_pow(way_m / m_pow(10, size / 2), -1.6);
}

struct draw { /* of an act */
	double size, air_kg, sp, vp, ratio;
};

static struct draw draw_of(enum act a)
{
	struct draw d = {.vp = 5300 + 900 * uniform(),
		.ratio = 1.68 + 0.1 * uniform()};
	double kg;

	d.sp = (a == QUAKE ? 0.45 : 0.05) + 0.3 * normal();
	if (a == QUAKE) {
		d.size = 1.3 + 1.7 * uniform();
		return d;
	}
	kg = a == QUARRY ? m_pow(10, 1.5 + 1.5 * uniform())
			 : m_pow(10, 0.7 + 2.5 * uniform());
	d.size = m_log10(kg) + (a == QUARRY ? -0.7 : -1.8) + 0.6 * normal();
	d.air_kg = a == QUARRY ? kg * m_pow(10, -3 + 0.6 * normal()) : kg;
	return d;
}

/* The air wave at the microphones; each errs by itself and all together. */
static void sound(struct world *w, double air_kg)
{
	double all_db = 5 * normal();

	for (size_t i = 0; i < w->mics; i++) {
		struct geodesic g = geodesic_between(w->at, (struct point){
			w->source[i].lat_deg, w->source[i].lon_deg});
		double best = -INFINITY;

		for (size_t k = 0; k < 2 && air_kg > 0; k++) {
			const struct ambient_band *b = &w->ambient[i].band[k];

			best = fmax(best, loudness_band_db(
				air_kg, g.length_m, b) -
				loudness_needed_db(b));
		}
		if (best + all_db + 5 * normal() > 0) {
			w->told++;
			w->arrival[w->arrivals++] = (struct shaken_arrival){
				&w->source[i], instant_plus_s(w->t0,
					g.length_m / (332 + 16 * uniform()))};
		}
		/* One in four minutes of anything else. */
		for (double t = -900; (t -= m_log(1 - uniform()) * 240) < 900
			&& w->arrivals < ARRIVALS;)
			w->arrival[w->arrivals++] = (struct shaken_arrival){
				&w->source[i], instant_plus_s(w->t0, t)};
	}
}

static int arrival_order(const void *a, const void *b, const void *self)
{
	const struct shaken_arrival *x = a, *y = b;

	(void)self;
	return (x->at.utc_ns > y->at.utc_ns) - (x->at.utc_ns < y->at.utc_ns);
}

static void shake(struct world *w, enum act a, double out_m)
{
	struct draw d = draw_of(a);

	w->at = geodesic_reach(
		middle, 360 * uniform(), out_m * sqrt(uniform()));
	w->depth_m = a == QUAKE ? 1e3 * m_exp(2.1 + 0.5 * normal()) : 50;
	w->both = w->stations = 0;
	for (size_t i = w->mics; i < w->sources; i++) {
		struct geodesic g = geodesic_between(w->at, (struct point){
			w->source[i].lat_deg, w->source[i].lon_deg});
		double way = sqrt(g.length_m * g.length_m +
			w->depth_m * w->depth_m), v, told = 0, own;
		double peak = peak_of(a, d.size, way) *
			m_pow(10, 0.2 * normal());

		/* Rays go deeper, and faster, to who is far. */
		v = d.vp * (1 + 0.002 * way / 1000);
		own = d.sp + 0.15 * normal();
		for (int s = 0; s < 2; s++) {
			double p = s ? peak : peak / m_pow(10, own);
			double t = way / v * (s ? d.ratio : 1) +
				w->statics[i - w->mics][s] +
				(s ? 0.10 : 0.06) * normal();
			/* Noise of 0.1 um/s; S begins in P's coda. */
			double snr = 20 * m_log10(p / (s ? 3e-7 : 1e-7));

			if (uniform() < 0.15)
				t -= 0.3 * m_log(1 - uniform());
			if (snr < 10 || uniform() < (s ? 0.25 : 0.05))
				continue;
			feel(w, i, t, snr, p * m_pow(10, 0.1 * normal()));
			told++;
			if (s && uniform() < 0.4) /* coda */
				feel(w, i, t + 2 * uniform(), snr - 12, p / 3);
		}
		w->stations += told > 0;
		w->both += told > 1;
	}
	sound(w, d.air_kg);
	sort_items(w->arrival, w->arrivals, sizeof *w->arrival,
		arrival_order, NULL);
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
	struct quake_ask ask = {.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN},
		.arrival = w->arrival, .arrival_count = w->arrivals,
		.sound = &w->sound, .sound_count = w->located};
	struct fault f = {0};
	size_t n = 0;

	for (size_t i = 0; i < w->others; i++)
		n += bearing_of(&w->other[i], &w->mission, &w->bearing[n]);
	w->bearings = (struct bearings){
		w->bearing, bearings_sort(w->bearing, n)};
	out->count = 0;
	if (!quake_find(&w->net, &ask, &work, &to, &f))
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

struct tally {
	int drawn, could, found, in, timed, deep, right, unknown, wrong, extra;
	int alarm; /* said to be an explosion, and was none */
	double km;
};

static double feature(const struct incident *q, const char *name)
{
	return feature_of(q->feature, q->feature_count, name);
}

static void judge(const struct incident *q, const struct world *w, enum act a,
	struct tally *t)
{
	enum kind best = incident_kind(q);
	double off = feature(q, "depth_m") - w->depth_m;

	t->found++;
	t->in += holds(q, w->at);
	t->timed += q->from.utc_ns <= w->t0.utc_ns &&
		w->t0.utc_ns <= q->to.utc_ns;
	t->deep += fabs(off) <= 1.645 * feature(q, "sigma_z_m") + 300;
	t->km += geodesic_between(w->at, (struct point){
		q->place.lat_deg, q->place.lon_deg}).length_m / 1000;
	if (best == KIND_UNKNOWN || q->kind[best] < 0.7)
		t->unknown++;
	else if (best == act_kind[a])
		t->right++;
	else
		t->wrong++;
	t->alarm += a != SURFACE && q->kind[KIND_EXPLOSION] >= 0.5;
	if (getenv("QUAKE_SAY"))
		printf("# %s z %.1f, %.1f +- %.1f; eq %.2f qb %.2f ex %.2f; "
			"deep %.1f sp %.2f air %.1f/%g\n", act_name[a],
			w->depth_m / 1e3, feature(q, "depth_m") / 1e3,
			feature(q, "sigma_z_m") / 1e3,
			q->kind[KIND_EARTHQUAKE], q->kind[KIND_QUARRY_BLAST],
			q->kind[KIND_EXPLOSION], feature(q, "deep_ln"),
			feature(q, "sp_log10"), feature(q, "air_expected"),
			feature(q, "air_heard"));
}

static struct tally acts(enum act a)
{
	static struct world w;
	static struct found found;
	struct tally t = {0};

	for (int k = 0; k < draws * 60 && t.drawn < draws; k++) {
		bool hit = false;

		work.used = 0;
		/* What nodes locate is theirs: of the open ground only what
		 * too few heard comes here. */
		lay(&w, 4 + (size_t)(5 * uniform()), a == SURFACE ? 3 : MICS,
			15e3);
		shake(&w, a, 20e3);
		if (w.told >= LOUDNESS_NODES_MIN)
			continue;
		chance(&w, 4, 3600);
		t.drawn++;
		t.could += w.stations >= 4 && w.both >= 2;
		run(&w, &found);
		for (size_t i = 0; i < found.count; i++)
			if (!hit && fabs(instant_seconds(
				found.incident[i].at, w.t0)) < 5) {
				judge(&found.incident[i], &w, a, &t);
				hit = true;
			} else {
				printf("# another, %.1f s off, of odds %.1f\n",
					instant_seconds(w.t0,
						found.incident[i].at),
					feature(&found.incident[i], "score"));
				t.extra++;
			}
	}
	printf("# %s: %d of %d (%d felt by four, two of them both waves); "
		"regions hold %.1f %%, times %.1f %%, depths %.1f %%; %.1f km "
		"off; right %d, unknown %d, wrong %d; %d false\n",
		act_name[a], t.found, t.drawn, t.could, 100.0 * t.in / t.found,
		100.0 * t.timed / t.found, 100.0 * t.deep / t.found,
		t.km / t.found, t.right, t.unknown, t.wrong, t.extra);
	(void)fflush(stdout);
	return t;
}

static void random_days(int days, double per_h)
{
	static struct world w;
	static struct found found;
	size_t made = 0;
	double most = 0;

	for (int k = 0; k < days; k++) {
		work.used = 0;
		lay(&w, 4 + (size_t)(5 * uniform()), 0, 15e3);
		chance(&w, per_h, 43200);
		run(&w, &found);
		made += found.count;
		for (size_t i = 0; i < found.count; i++)
			most = fmax(most, feature(&found.incident[i],
				"score"));
	}
	CHECK(made == 0, "%g random picks an hour: %zu incidents in %d days "
		"(%.1f)", per_h, made, days, most);
	(void)fflush(stdout);
}

/* True quakes, four an hour, each station's clock minutes off. */
static void shifted(int days)
{
	static struct world w;
	static struct found found;
	size_t made = 0;

	for (int k = 0; k < days; k++) {
		work.used = 0;
		lay(&w, 5, 0, 15e3);
		for (int n = 0; n < 96; n++) {
			w.t0 = instant_plus_s(w.t0, 600 + 600 * uniform());
			shake(&w, QUAKE, 20e3);
		}
		for (size_t i = 0; i < w.others; i++) {
			struct detection *d = &w.other[i];
			size_t s = (size_t)(d->source[2] - '0');

			d->at = instant_plus_s(d->at, 137 * (double)s);
			detection_name(d);
		}
		run(&w, &found);
		made += found.count;
	}
	CHECK(made == 0, "stations minutes apart: %zu in %d days", made, days);
}

static void explained(void)
{
	static struct world w;
	static struct found one, two;

	do {
		work.used = 0;
		lay(&w, 8, 0, 10e3);
		shake(&w, QUARRY, 8e3);
	} while (w.both < 6);
	run(&w, &one);
	for (size_t i = w.others; i-- > 1;) {
		size_t j = (size_t)(uniform() * (double)(i + 1));
		struct detection swap = w.other[i];

		w.other[i] = w.other[j];
		w.other[j] = swap;
	}
	run(&w, &two);
	CHECK(one.count == 1 && two.count == 1 && one.incident[0].at.utc_ns ==
			two.incident[0].at.utc_ns && memcmp(
			&one.incident[0].place.lat_deg,
			&two.incident[0].place.lat_deg, sizeof(double)) == 0,
		"order of input does not matter: %zu", one.count);
	w.sound = (struct quake_sound){w.at, w.t0};
	w.located = true;
	run(&w, &two);
	CHECK(two.count == 0, "of a located sound there is no second");
}

/* quake [draws of each] [days of chance] */
int main(int argc, char **argv)
{
	int days = argc > 2 ? (int)strtol(argv[2], NULL, 10) : draws;
	struct tally t[ACTS], all = {0};
	struct fault f = {0};
	double part;

	if (argc > 1)
		draws = (int)strtol(argv[1], NULL, 10);
	if (!arena_map(&work, (size_t)1 << 30, &f))
		return 1;
	seed = 20261126;
	explained();
	random_days(days, 4);
	random_days(days / 10, 20);
	random_days(days / 10, 50);
	shifted(days / 10);
	for (int a = 0; a < ACTS; a++) {
		t[a] = acts((enum act)a);
		all.could += t[a].could;
		all.found += t[a].found;
		all.in += t[a].in;
		all.timed += t[a].timed;
		all.deep += t[a].deep;
		all.wrong += t[a].wrong;
		all.alarm += t[a].alarm;
		all.extra += t[a].extra;
	}
	/* Of few, chance has its part: two sigma. */
	part = 0.6 / sqrt(all.found);
	CHECK(all.found >= 0.9 * all.could, "found %d; %d could be",
		all.found, all.could);
	CHECK(all.in >= all.found * (0.88 - part) &&
			all.in <= all.found * (0.92 + part),
		"90 %% regions hold 88-92 %%: %d of %d", all.in, all.found);
	CHECK(all.timed >= (0.85 - part) * all.found, "times too: %d",
		all.timed);
	CHECK(all.wrong <= (0.1 + part / 3) * all.found,
		"kinds right or unknown but for %d", all.wrong);
	CHECK(all.alarm == 0, "%d that were none are called explosions",
		all.alarm);
	CHECK(all.extra <= 1, "%d false beside them", all.extra);
	return check_done();
}
