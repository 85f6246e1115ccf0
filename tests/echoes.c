/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * echoes.c - late arrivals that agree on a place of their own are no second
 * sound, where those ears heard nothing else of the first; two sounds that all
 * ears heard are two. */
#include "check.h"
#include "dice.h"
#include "ears.h"
#include "locate/locate.h"

enum { ACROSS = 5, NODES = ACROSS * ACROSS, FOUND = 16, TRIALS = 20 };
#define SPACING_M 500.0
#define SOUND_MS 337.9

struct world {
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES];
	struct mission mission;
	struct weather weather;
	struct network net;
	struct detection pick[4 * NODES];
	size_t picks;
	struct instant t0;
};

struct found {
	struct incident incident[FOUND];
	size_t count;
};

static struct arena work;

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	if (out->count == FOUND)
		return fault(f, FAULT_LIMIT, "too many incidents");
	out->incident[out->count++] = *i;
	return true;
}

static void lay(struct world *w)
{
	w->frame = frame_at(48, 37.5);
	w->picks = 0;
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	for (size_t i = 0; i < NODES; i++) {
		double x = (double)(i % ACROSS) - 2 + 0.4 * (uniform() - 0.5);
		double y = (double)(i / ACROSS) - 2 + 0.4 * (uniform() - 0.5);
		struct point p;

		w->at[i] = (struct xy){SPACING_M * x, SPACING_M * y};
		p = frame_from(&w->frame, w->at[i]);
		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
		w->source[i] = ear_at(w->id[i], i, p, 3);
	}
	w->mission = (struct mission){
		.source = w->source, .source_count = NODES};
	w->weather = (struct weather){.at = w->t0, .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = 10, .pressure_pa = NAN,
		.humidity_pct = 50, .wind_ms = 0, .wind_from_deg = 0,
		.wind_err_ms = 0.8};
	w->net = (struct network){.mission = &w->mission,
		.weather = &w->weather, .weather_count = 1};
}

static void arrival(struct world *w, size_t i, struct xy from, double t_s)
{
	struct detection *d = &w->pick[w->picks++];
	double dx = w->at[i].x_m - from.x_m, dy = w->at[i].y_m - from.y_m;

	*d = ear_heard(w->id[i], w->picks, instant_plus_s(w->t0, t_s +
		sqrt(dx * dx + dy * dy) / SOUND_MS + 0.005 * normal()), 0.003);
	d->snr = 30;
	detection_name(d);
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static size_t found_of(struct world *w)
{
	static struct found out;
	struct incidents to = {put, &out};
	struct fault f = {0};

	out.count = 0;
	work.used = 0;
	qsort(w->pick, w->picks, sizeof *w->pick, by_order);
	if (!locate_sound(&w->net, w->pick, w->picks, &work, &to, &f)) {
		CHECK(false, "%s", f.text);
		exit(1);
	}
	return out.count;
}

int main(void)
{
	static const struct xy here = {0, 0}, mirror = {-170, 40};
	static struct world w;
	size_t one = 0, two = 0;
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 30, &f))
		return 1;
	seed = 1;
	for (int k = 0; k < TRIALS; k++) {
		lay(&w);
		for (size_t i = 0; i < NODES; i++)
			/* In the east behind a house, all by one wall. */
			if (w.at[i].x_m > 150)
				arrival(&w, i, mirror, 0.05);
			else
				arrival(&w, i, here, 0);
		one += found_of(&w) == 1;
		lay(&w);
		for (size_t i = 0; i < NODES; i++) {
			arrival(&w, i, here, 0);
			arrival(&w, i, mirror, 0.9);
		}
		two += found_of(&w) == 2;
	}
	CHECK(one == TRIALS, "a shot and the wall that ten ears heard it by is "
		"one: %zu of %d", one, TRIALS);
	CHECK(two == TRIALS, "two shots 170 m and 0.9 s apart are two: %zu of "
		"%d", two, TRIALS);
	arena_unmap(&work);
	return check_done();
}
