/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shock.c - bullets by simulation: nodes that hear a shot and, before it, the
 * shock of its bullet.  Its heading must be right as often as its sigma says,
 * a shot without a bullet must have none, nor one whose early arrivals are
 * drawn at random, and order must not matter. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "ears.h"
#include "locate/locate.h"

enum { ACROSS = 5, NODES = ACROSS * ACROSS, FOUND = 16 };
#ifdef __SANITIZE_ADDRESS__
enum { TRIALS = 20 }; /* it takes five times */
#else
enum { TRIALS = 120 };
#endif
#define SPACING_M 250.0
#define SOUND_MS 337.7

enum bullet { NONE, TRUE, RANDOM };

struct world {
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES];
	struct mission mission;
	struct weather weather;
	struct network net;
	struct detection pick[4 * NODES];
	struct feature feature[4 * NODES];
	size_t picks, met; /* nodes that the cone met before the weapon */
	struct xy shot;
	double heading_deg, speed_ms;
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
	for (size_t i = 0; i < NODES; i++) {
		double x = (double)(i % ACROSS) - 2;
		double y = (double)(i / ACROSS) - 2;
		struct point p;

		w->at[i] = (struct xy){
			SPACING_M * (x + 0.4 * (uniform() - 0.5)),
			SPACING_M * (y + 0.4 * (uniform() - 0.5))};
		p = frame_from(&w->frame, w->at[i]);
		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
		w->source[i] = ear_at(w->id[i], i, p, 2);
		w->source[i].rate_hz = 4000;
	}
	w->t0 = instant_plus_s(
		(struct instant){INT64_C(1770000000000000000)}, 20 * uniform());
	w->mission = (struct mission){
		.source = w->source, .source_count = NODES};
	w->weather = (struct weather){.at = w->t0, .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = 10, .pressure_pa = NAN,
		.humidity_pct = 50, .wind_ms = 0, .wind_from_deg = 0,
		.wind_err_ms = 2};
	w->net = (struct network){.mission = &w->mission,
		.weather = &w->weather, .weather_count = 1};
}

/* n_s: length of its N; 0: no shape. */
static void arrival(struct world *w, size_t i, double after_s, double n_s)
{
	struct detection *d = &w->pick[w->picks];
	struct feature *x = &w->feature[w->picks++];

	*d = ear_heard(w->id[i], w->picks, instant_plus_s(w->t0, after_s),
		0.002);
	d->snr = 35;
	d->frequency_hz = n_s > 0 ? 900 : 300;
	*x = (struct feature){"n_wave_s", n_s};
	if (n_s > 0) {
		d->feature = x;
		d->feature_count = 1;
	}
	detection_name(d);
}

/* Whitham's times from a path, seconds after the shot; 0: not met. */
static double shock_s(const struct world *w, size_t i)
{
	double a = RAD(w->heading_deg), m = w->speed_ms / SOUND_MS;
	double x = w->at[i].x_m - w->shot.x_m, y = w->at[i].y_m - w->shot.y_m;
	double along = x * m_sin(a) + y * m_cos(a);
	double off = fabs(x * m_cos(a) - y * m_sin(a));
	double from = along - off / sqrt(m * m - 1);

	if (from < 0 || from > 800)
		return 0;
	return along / w->speed_ms + off / SOUND_MS * sqrt(1 - 1 / (m * m));
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void shoot(struct world *w, enum bullet bullet)
{
	w->shot = (struct xy){600 * (uniform() - 0.5), 600 * (uniform() - 0.5)};
	w->heading_deg = 360 * uniform();
	w->speed_ms = 500 + 400 * uniform();
	w->met = 0;
	for (size_t i = 0; i < NODES; i++) {
		double dx = w->at[i].x_m + 2 * normal() - w->shot.x_m;
		double dy = w->at[i].y_m + 2 * normal() - w->shot.y_m;
		double direct = sqrt(dx * dx + dy * dy) / SOUND_MS;
		double early = shock_s(w, i);

		arrival(w, i, direct + 0.003 * normal(), 0);
		if (bullet == NONE || early <= 0 || direct - early < 0.03)
			continue;
		w->met++;
		if (bullet == RANDOM)
			early = direct * (0.4 + 0.5 * uniform());
		arrival(w, i, early + 0.003 * normal(), 0.0006);
	}
	qsort(w->pick, w->picks, sizeof *w->pick, by_order);
}

static void run(const struct world *w, struct found *out)
{
	struct incidents to = {put, out};
	struct fault f = {0};

	out->count = 0;
	work.used = 0;
	if (!locate_sound(&w->net, w->pick, w->picks, &work, &to, &f)) {
		CHECK(false, "%s", f.text);
		exit(1);
	}
}

static const struct incident *bullet_of(const struct found *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (incident_is_part(&f->incident[i]))
			return &f->incident[i];
	return NULL;
}

static double number(const struct incident *i, const char *name)
{
	return feature_of(i->feature, i->feature_count, name);
}

static void headings(void)
{
	static struct world w;
	struct found f;
	size_t could = 0, found = 0, within = 0, linked = 0, wild = 0,
		said = 0;

	seed = 1;
	for (int t = 0; t < TRIALS; t++) {
		const struct incident *b;
		double turn, sigma;

		lay(&w);
		shoot(&w, TRUE);
		run(&w, &f);
		could += w.met >= 4;
		if (!(b = bullet_of(&f)))
			continue;
		said++;
		found += w.met >= 4;
		turn = fabs(number(b, "heading_deg") - w.heading_deg);
		turn = turn > 180 ? 360 - turn : turn;
		sigma = number(b, "sigma_heading_deg");
		within += turn < 1.645 * sigma;
		wild += turn > 10;
		for (size_t i = 0; i < f.count; i++)
			linked += strcmp(f.incident[i].id.text,
				b->link[0].id.text) == 0 &&
				&f.incident[i] != b;
	}
	CHECK(could > TRIALS / 2 && found * 10 >= could * 8, "%zu of %zu "
		"bullets that four nodes heard before the shot", found, could);
	CHECK(wild == 0, "none of them points 10 degrees elsewhere: %zu", wild);
	CHECK(within * 100 >= said * 82, "heading within its 90 %% in %zu of "
		"%zu", within, said);
	CHECK(linked == said, "each hangs on a shot that is there");
}

static void none(enum bullet kind, const char *name)
{
	static struct world w;
	struct found f;
	size_t said = 0;

	seed = 77;
	for (int t = 0; t < TRIALS; t++) {
		lay(&w);
		shoot(&w, kind);
		run(&w, &f);
		said += bullet_of(&f) != NULL;
	}
	CHECK(said <= (kind == NONE ? 0 : 1), "%s: %zu of %d", name, said,
		TRIALS);
}

static void order(void)
{
	static struct world w;
	struct found a, b;
	const struct incident *x, *y;

	seed = 5;
	lay(&w);
	do {
		w.picks = 0;
		shoot(&w, TRUE);
		run(&w, &a);
	} while (!bullet_of(&a));
	x = bullet_of(&a);
	CHECK(x->attribute_count == 1 &&
		strcmp(x->attribute[0].name, "direction") == 0 &&
		incident_kind(x) == KIND_PROJECTILE &&
		strcmp(x->link[0].is, LINK_SHOCK_OF) == 0,
		"a projectile, its direction in words: %s",
		x->attribute[0].text);
	CHECK(x->evidence_count >= 3 && x->place.region.ellipse.semi_major_m >
		x->place.region.ellipse.semi_minor_m,
		"its region is a stretch of the path: %.0f by %.0f m",
		x->place.region.ellipse.semi_major_m,
		x->place.region.ellipse.semi_minor_m);
	for (size_t i = 0; i < w.picks / 2; i++) {
		struct detection d = w.pick[i];

		w.pick[i] = w.pick[w.picks - 1 - i];
		w.pick[w.picks - 1 - i] = d;
	}
	qsort(w.pick, w.picks, sizeof *w.pick, by_order);
	run(&w, &b);
	y = bullet_of(&b);
	CHECK(y && strcmp(x->id.text, y->id.text) == 0 &&
		number(x, "heading_deg") == number(y, "heading_deg"),
		"the same from the same arrivals");
}

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)4 << 30, &f))
		return 1;
	headings();
	none(NONE, "shots without a bullet");
	none(RANDOM, "early arrivals at random times");
	order();
	arena_unmap(&work);
	return check_done();
}
