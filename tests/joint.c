/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * joint.c - what arrays and seismometers add to a sound that nodes located, by
 * simulation: every error that locate/joint.h believes in, and chance.  Their
 * regions of 90 % must hold 86-94 % of the truths, be smaller than those of
 * the nodes alone, and not be turned by what is of something else. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "geo/frame.h"
#include "locate/joint.h"

enum { NODES = 5, OTHERS = 6, SOURCES = NODES + OTHERS, DRAWS = 1000,
	PICKS = 64, HEARD = 512, FOUND = 16 };

struct condition {
	const char *name;
	int arrays, ground;       /* how many */
	double near_m, far_m;     /* where they stand */
	double out_m;             /* shots so far, +- a fifth; 0: among them */
	double busy;              /* chance, times the stated rate */
	double shrinks;           /* median area over that of nodes alone */
};

static const struct condition conditions[] = {
	{"an array, shots 8 to 12 km out", 1, 0, 5e3, 15e3, 10e3, 1, 0.9},
	{"two arrays, shots 8 to 12 km out", 2, 0, 5e3, 15e3, 10e3, 1, 0.8},
	{"three at 60 to 250 km",          3, 0, 60e3, 250e3, 0, 1, 1},
	{"four seismometers",              0, 4, 1e3, 8e3, 0, 1, 0.5},
	{"all of them, and ten times the chance",
					   2, 4, 4e3, 15e3, 10e3, 10, 0.6},
};

#ifdef __SANITIZE_ADDRESS__
static int draws = 40; /* it takes five times */
#else
static int draws = 250;
#endif
static struct arena work;

struct world {
	struct frame frame;
	struct source source[SOURCES];
	char id[SOURCES][8];
	struct xy at[SOURCES];
	size_t sources;
	struct mission mission;
	struct weather weather;
	struct network net;
	struct detection pick[PICKS], other[HEARD];
	size_t picks, others;
	struct bearing bearing[HEARD];
	struct bearings bearings;
	struct xy shot;
	double sound, east, north; /* the true air */
	struct instant t0;
};

struct found {
	struct incident incident[FOUND];
	size_t count;
	struct fit fit;
	size_t far;
};

static void stand(struct world *w, enum source_kind kind, struct xy at)
{
	static const char *const names[] = {"n", "i", "s"};
	size_t i = w->sources++;
	struct point p = frame_from(&w->frame, at);

	(void)snprintf(w->id[i], sizeof w->id[i], "%s%02u", kind ==
		SOURCE_ACOUSTIC ? "a" : names[kind], (unsigned)i);
	w->at[i] = at;
	w->source[i] = (struct source){.id = w->id[i], .kind = kind,
		.lat_deg = p.lat_deg, .lon_deg = p.lon_deg, .elev_m = 150,
		.rate_hz = 100, .sensitivity = NAN,
		.owner = i % 2 ? "A" : "B", .host_party = "",
		.installed = INSTANT_UNKNOWN, .position_err_m = 3,
		.public_key = "", .array = ""};
}

static void lay(struct world *w, const struct condition *c)
{
	*w = (struct world){.frame = frame_at(48, 37.5)};
	for (int i = 0; i < NODES; i++) {
		double a = RAD(72 * i + 20 * uniform());

		stand(w, SOURCE_ACOUSTIC,
			(struct xy){3000 * m_cos(a), 3000 * m_sin(a)});
	}
	for (int i = 0; i < c->arrays + c->ground; i++) {
		double a = 2 * PI * uniform();
		double r = c->near_m + (c->far_m - c->near_m) * uniform();

		/* By id: infrasound before seismic. */
		stand(w, i < c->arrays ? SOURCE_INFRASOUND : SOURCE_SEISMIC,
			(struct xy){r * m_cos(a), r * m_sin(a)});
	}
	w->t0 = instant_plus_s((struct instant){
		INT64_C(1770000000000000000)}, 20 * uniform());
	w->mission = (struct mission){
		.source = w->source, .source_count = w->sources};
	w->weather = (struct weather){.at = w->t0, .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = 10, .pressure_pa = NAN,
		.humidity_pct = 50, .wind_ms = 0, .wind_from_deg = 0,
		.wind_err_ms = 2};
	w->net = (struct network){.mission = &w->mission,
		.weather = &w->weather, .weather_count = 1,
		.bearings = &w->bearings};
	w->sound = 337.7 + 1.2 * normal();
	w->east = 2 * normal();
	w->north = 2 * normal();
	w->shot = (struct xy){5000 * (2 * uniform() - 1),
		5000 * (2 * uniform() - 1)};
	if (c->out_m > 0) {
		double a = 2 * PI * uniform();
		double r = c->out_m * (0.8 + 0.4 * uniform());

		w->shot = (struct xy){r * m_cos(a), r * m_sin(a)};
	}
}

static struct detection *heard(struct world *w, size_t i, double after_s,
	double sigma_s)
{
	bool node = w->source[i].kind == SOURCE_ACOUSTIC;
	struct detection *d = node ? &w->pick[w->picks++]
				   : &w->other[w->others++];

	*d = detection_new();
	d->source = w->id[i];
	d->modality = node ? MODALITY_ACOUSTIC
		: w->source[i].kind == SOURCE_SEISMIC ? MODALITY_SEISMIC
						      : MODALITY_INFRASOUND;
	d->detector = "test";
	d->at = instant_round_us(instant_plus_s(w->t0, after_s));
	d->sigma_s = sigma_s;
	d->frequency_hz = 40;
	d->cite.offset = w->picks + w->others;
	return d;
}

static double air_s(const struct world *w, size_t i, double *d)
{
	double dx = w->at[i].x_m - w->shot.x_m;
	double dy = w->at[i].y_m - w->shot.y_m, along;

	*d = sqrt(dx * dx + dy * dy + 1);
	along = (w->east * dx + w->north * dy) / *d;
	return *d / (along + sqrt(w->sound * w->sound + along * along -
		w->east * w->east - w->north * w->north));
}

/* Sound at a node, or in soil. */
static void air_wave(struct world *w, size_t i, double soil_s)
{
	double d, t = air_s(w, i, &d);

	t += 0.005 * normal() + 0.002 * normal() + 6e-6 * d * normal() +
		0.001 * normal() + 3 * normal() / 340 + soil_s * normal();
	if (uniform() < 0.05)
		t -= 0.03 * m_log(1 - uniform());
	detection_name(heard(w, i, t, 0.005));
}

static void p_wave(struct world *w, size_t i)
{
	double d, t;

	(void)air_s(w, i, &d);
	t = d * (1 / 5500.0 + 0.0167e-3 * normal()) + 0.15 * normal() +
		0.02 * normal();
	if (uniform() < 0.15)
		t -= 0.3 * m_log(1 - uniform());
	detection_name(heard(w, i, t, 0.02));
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

static void array(struct world *w, size_t i)
{
	double d, t = air_s(w, i, &d), stated = 0.7 + 3 * uniform();
	double share = fmax(0.05, fmin(1, (200e3 - d) / 150e3));
	double x = w->shot.x_m - w->at[i].x_m + share * t * w->east;
	double y = w->shot.y_m - w->at[i].y_m + share * t * w->north;
	double aloft = 3.5 * fmin(1, d / 100e3);
	struct detection *to;

	t = uniform() < share ? t * (1 + 0.02 * normal()) : d * way_s_per_m();
	to = heard(w, i, t + 10 * (uniform() - 0.5), 10 / sqrt(12));
	to->back_azimuth_deg = DEG(m_atan2(x, y)) + stated * normal() +
		normal() + aloft * normal();
	to->sigma_az_deg = stated;
	to->slowness_s_per_km = 3;
	detection_name(to);
}

/* Chance, from 20 minutes before to 40 after. */
static void chance(struct world *w, size_t i, double busy)
{
	bool is_array = w->source[i].kind == SOURCE_INFRASOUND;
	double rate = busy * (is_array ? 1 : 4) / 3600, t = -1200;
	struct detection *d;

	while ((t -= m_log(1 - uniform()) / rate) < 2400 && w->others < HEARD) {
		d = heard(w, i, t, is_array ? 3 : 0.02);
		if (is_array) {
			d->back_azimuth_deg = 360 * uniform();
			d->sigma_az_deg = 2;
			d->slowness_s_per_km = 3;
		}
		detection_name(d);
	}
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void shoot(struct world *w, const struct condition *c)
{
	for (size_t i = 0; i < w->sources; i++) {
		enum source_kind kind = w->source[i].kind;

		if (kind == SOURCE_ACOUSTIC && uniform() < 0.95)
			air_wave(w, i, 0);
		if (kind == SOURCE_INFRASOUND && uniform() < 0.8)
			array(w, i);
		if (kind == SOURCE_SEISMIC && uniform() < 0.7)
			air_wave(w, i, 0.02);
		if (kind == SOURCE_SEISMIC && uniform() < 0.7)
			p_wave(w, i);
		if (kind != SOURCE_ACOUSTIC)
			chance(w, i, c->busy);
	}
	qsort(w->pick, w->picks, sizeof *w->pick, by_order);
}

static void gather(struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->others; i++)
		n += bearing_of(&w->other[i], &w->mission, &w->bearing[n]);
	w->bearings = (struct bearings){
		w->bearing, bearings_sort(w->bearing, n)};
}

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	if (out->count == FOUND)
		return fault(f, FAULT_LIMIT, "too many incidents");
	out->incident[out->count++] = *i;
	return true;
}

static bool put_fit(void *self, const struct fit *fit, struct fault *f)
{
	struct found *out = self;

	(void)f;
	out->fit = *fit;
	out->far += fit->far_count;
	return true;
}

static void run(struct world *w, bool joint, struct found *out)
{
	struct incidents to = {put, out};
	struct fits fits = {put_fit, out};
	struct fault f = {0};

	out->count = out->far = 0;
	w->net.bearings = joint ? &w->bearings : NULL;
	w->net.fits = &fits;
	if (!locate_sound(&w->net, w->pick, w->picks, &work, &to, &f))
		CHECK(false, "%s", f.text);
}

struct held {
	double area; /* of the 90 % region, m2 */
	bool in, timed;
};

static struct held hold(const struct world *w, const struct incident *q)
{
	const struct region *r = &q->place.region;
	struct held h = {0};
	double mass = 0;

	/* Cells stand by density. */
	for (size_t i = 0; i < r->cell_count && mass < 0.9; i++) {
		const struct cell *c = &r->cell[i];
		struct xy p = frame_to(&w->frame, c->lat_deg, c->lon_deg);

		mass += c->share;
		h.area += 4 * c->half_side_m * c->half_side_m;
		h.in |= fabs(p.x_m - w->shot.x_m) <= c->half_side_m &&
			fabs(p.y_m - w->shot.y_m) <= c->half_side_m;
	}
	h.timed = q->from.utc_ns <= w->t0.utc_ns &&
		w->t0.utc_ns <= q->to.utc_ns;
	return h;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void coverage(const struct condition *c)
{
	static struct world w;
	static struct found alone, both;
	double ratio[DRAWS], small[DRAWS];
	double chance;
	int n = 0, in = 0, in_alone = 0, timed = 0, joined = 0;

	for (int k = 0; k < draws; k++) {
		struct held a, b;

		work.used = 0;
		lay(&w, c);
		shoot(&w, c);
		gather(&w);
		run(&w, false, &alone);
		run(&w, true, &both);
		CHECK_QUIET(alone.count == both.count,
			"%s: others make and lose no incident", c->name);
		if (both.count == 0 || alone.count == 0)
			continue;
		a = hold(&w, &alone.incident[0]);
		b = hold(&w, &both.incident[0]);
		ratio[n] = b.area / a.area;
		small[n] = sqrt(b.area / PI);
		joined += both.far > 0;
		in_alone += a.in;
		in += b.in;
		timed += b.timed;
		n++;
	}
	qsort(ratio, (size_t)n, sizeof *ratio, by_value);
	qsort(small, (size_t)n, sizeof *small, by_value);
	printf("# %s: %d of %d located, %d joined; regions hold %.1f %% "
		"(nodes alone %.1f %%), times %.1f %%; median area %.2f of the "
		"nodes' alone, radius %.0f m\n", c->name, n, draws, joined,
		100.0 * in / n, 100.0 * in_alone / n, 100.0 * timed / n,
		ratio[n / 2], small[n / 2]);
	/* Of few, chance has its part: two sigma. */
	chance = n < 200 ? 0.6 / sqrt(n) : 0;
	CHECK(in >= n * (0.86 - chance) && in <= n * (0.94 + chance),
		"%s: 90 %% regions hold 86-94 %%", c->name);
	CHECK(timed >= n * (0.85 - chance) && timed <= n * (0.96 + chance),
		"%s: and time intervals", c->name);
	CHECK(ratio[n / 2] <= c->shrinks, "%s: median area %.2f of before",
		c->name, ratio[n / 2]);
	(void)fflush(stdout);
}

/* joint [draws a condition] */
int main(int argc, char **argv)
{
	struct fault f = {0};

	if (argc > 1)
		draws = (int)fmin(DRAWS, strtod(argv[1], NULL));

	if (!arena_map(&work, (size_t)1 << 30, &f))
		return 1;
	seed = 20260204;
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		coverage(&conditions[i]);
	(void)fflush(stdout);
	return check_done();
}
