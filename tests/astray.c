/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * astray.c - a sound is located by all that heard it, and is one: in a wind
 * that is not as it is thought to be, and wherever it lies in the tiles that
 * the search looks at one by one.  A few of the arrivals agree on other places
 * too. */
#include "check.h"
#include "dice.h"
#include "ears.h"
#include "locate/locate.h"

enum { ACROSS = 5, NODES = ACROSS * ACROSS, FOUND = 16, TRIALS = 60 };
#define SOUND_MS 337.3

static const struct condition {
	const char *name;
	double spacing_m, wind_ms, far_m; /* who is nearer hears it */
} conditions[] = {
	{"14 m/s that nobody reports, 3 km apart", 3000, 14, 8500},
	{"calm, 500 m apart", 500, 0, 2700},
};

struct world {
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES];
	struct mission mission;
	struct network net;
	struct detection pick[NODES];
	size_t picks;
	struct instant t0;
};

struct found {
	size_t count, evidence;
	struct point at;
};

static struct arena work;

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	(void)f;
	out->count++;
	out->evidence = i->evidence_count;
	out->at = (struct point){i->place.lat_deg, i->place.lon_deg};
	return true;
}

static void lay(struct world *w, double spacing_m)
{
	w->frame = frame_at(48 + uniform(), 37 + uniform());
	w->picks = 0;
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	w->t0 = instant_plus_s(w->t0, 20 * uniform());
	for (size_t i = 0; i < NODES; i++) {
		double x = (double)(i % ACROSS) - 2 + 0.4 * (uniform() - 0.5);
		double y = (double)(i / ACROSS) - 2 + 0.4 * (uniform() - 0.5);
		struct point p;

		w->at[i] = (struct xy){spacing_m * x, spacing_m * y};
		p = frame_from(&w->frame, w->at[i]);
		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
		w->source[i] = ear_at(w->id[i], i, p, 3);
	}
	w->mission = (struct mission){
		.source = w->source, .source_count = NODES};
	w->net = (struct network){.mission = &w->mission};
}

static void hear(struct world *w, size_t i, double after_s)
{
	struct detection *d = &w->pick[w->picks++];

	*d = ear_heard(w->id[i], w->picks, instant_plus_s(w->t0, after_s),
		0.003);
	d->snr = 30;
	detection_name(d);
}

/* Wind to an azimuth. */
static void shoot(struct world *w, const struct condition *c, struct xy from)
{
	double to = 2 * PI * uniform();
	double we = c->wind_ms * m_sin(to), wn = c->wind_ms * m_cos(to);

	for (size_t i = 0; i < NODES; i++) {
		double dx = w->at[i].x_m - from.x_m;
		double dy = w->at[i].y_m - from.y_m;
		double d = sqrt(dx * dx + dy * dy);
		double along = (we * dx + wn * dy) / d;
		double cross2 = we * we + wn * wn - along * along;
		double v = along + sqrt(SOUND_MS * SOUND_MS - cross2);

		if (d < c->far_m)
			hear(w, i, d / v + 0.005 * normal() +
				5e-6 * d * normal());
	}
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static bool locate(struct world *w, struct found *out)
{
	struct incidents to = {put, out};
	struct fault f = {0};

	*out = (struct found){0};
	work.used = 0;
	qsort(w->pick, w->picks, sizeof *w->pick, by_order);
	return locate_sound(&w->net, w->pick, w->picks, &work, &to, &f);
}

static void check(const struct condition *c)
{
	static struct world w;
	int one = 0, all = 0, near = 0;

	for (int k = 0; k < TRIALS; k++) {
		struct xy from = {0}, p;
		struct found q;

		lay(&w, c->spacing_m);
		from.x_m = 4 * c->spacing_m * (uniform() - 0.5);
		from.y_m = 4 * c->spacing_m * (uniform() - 0.5);
		shoot(&w, c, from);
		if (!locate(&w, &q))
			continue;
		p = frame_to(&w.frame, q.at.lat_deg, q.at.lon_deg);
		one += q.count == 1;
		all += q.evidence * 10 >= w.picks * 9;
		near += fabs(p.x_m - from.x_m) < 60 &&
			fabs(p.y_m - from.y_m) < 60;
	}
	CHECK(one == TRIALS, "%s: one sound in %d of %d", c->name, one, TRIALS);
	CHECK(all == TRIALS, "%s: by all that heard it in %d", c->name, all);
	CHECK(near == TRIALS, "%s: within 60 m in %d", c->name, near);
}

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	seed = 5;
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		check(&conditions[i]);
	arena_unmap(&work);
	return check_done();
}
