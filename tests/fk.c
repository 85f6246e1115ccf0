/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fk.c - beams against the plain full grid; errors of azimuth and slowness
 * against what they say; odds; delays that close, and those that do not. */
#include "base/maths.h"
#include "check.h"
#include "detect/lts.h"
#include "formats/format.h"

#include <stdint.h>
#include <string.h>

extern const struct format format_sac;

static struct fk fk;
static struct fk_window window[FK_LANES];
static uint64_t seed = 1;

/* Steele, Lea, Flood 2014 (splitmix64). */
static double uniform(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ z >> 31) >> 11) + 0.5) / (1 << 30) / (1 << 23);
}

static double normal(void)
{
	return m_phi_inverse(uniform());
}

static const struct xy four[] = {
	{0, 0}, {34.1, 122.3}, {154.7, 22.4}, {77.4, 33.4}};
static const struct xy six[] = {{0, 0}, {150, 20}, {60, 140}, {-110, 90},
	{-90, -120}, {70, -150}};

static void array(const struct xy *place, size_t n, size_t freqs)
{
	struct fk_grid g = {.first_hz = 0.5, .step_hz = 0.1, .freqs = freqs,
		.azimuths = 240, .slownesses = 120};
	struct fault f;

	for (size_t i = 0; i < g.slownesses; i++)
		g.slowness[i] = 1 / (300 + 2.5 * (double)i);
	if (!fk_init(&fk, place, n, &g, &f))
		abort();
}

static struct xy heading(double baz_deg, double speed_ms)
{
	return (struct xy){-m_sin(RAD(baz_deg)) / speed_ms,
		-m_cos(RAD(baz_deg)) / speed_ms};
}

/* A wave of unit power a bin, late[] s late, and noise of that sigma. */
static void make(struct fk_window *w, struct xy s, const double *late,
	double noise)
{
	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < fk.grid.freqs; i++) {
		double a = normal() / sqrt(2), b = normal() / sqrt(2);
		double h = 2 * PI * (fk.grid.first_hz +
			(double)i * fk.grid.step_hz);

		for (size_t m = 0; m < fk.elements; m++) {
			double t = h * (s.x_m * fk.place[m].x_m +
				s.y_m * fk.place[m].y_m + (late ? late[m] : 0));
			double c = m_cos(t), n = noise / sqrt(2);

			t = m_sin(t);
			w->re[m][i] = (float)(a * c + b * t + n * normal());
			w->im[m][i] = (float)(b * c - a * t + n * normal());
			w->there[m] = true;
		}
	}
}

/* -- the answer is that of the full grid -- */

static size_t full_grid(const struct fk_window *w, double *best)
{
	size_t at = 0;

	*best = -1;
	for (size_t d = 0; d < fk.grid.azimuths * fk.grid.slownesses; d++) {
		double b = fk_power(&fk, w, fk_direction(&fk, d));

		if (b > *best) {
			*best = b;
			at = d;
		}
	}
	return at;
}

static void exact(void)
{
	size_t wrong = 0, cases = 0, computed = 0, split = 0;

	for (int round = 0; round < 9; round++) {
		const struct fk_window *w[FK_LANES];
		struct xy place[8];
		struct fk_peak got[FK_LANES], one;
		size_t n = 3 + (size_t)round % 6;
		double size = round < 3 ? 20 : round < 10 ? 150 : 900;

		for (size_t m = 0; m < n; m++)
			place[m] = (struct xy){
				size * normal(), size * normal()};
		array(place, n, 26);
		for (size_t l = 0; l < FK_LANES; l++) {
			make(&window[l], heading(360 * uniform(),
				280 + 350 * uniform()), NULL,
				l == 0 ? 1e3 : l == 1 ? 0 : 0.5 * (double)l);
			if (l == 3)
				window[l].there[0] = false;
			for (size_t i = 0; l == 3 && i < FK_FREQS; i++)
				window[l].re[0][i] = window[l].im[0][i] = 0;
			w[l] = &window[l];
		}
		fk_find(&fk, w, FK_LANES, got);
		for (size_t l = 0; l < FK_LANES; l++) {
			double best;

			cases++;
			computed += got[l].computed;
			wrong += full_grid(w[l], &best) != got[l].direction ||
				!(fabs(best - got[l].b) < 1e-12) ||
				!(got[l].b_top >= got[l].b);
			fk_find(&fk, &w[l], 1, &one);
			split += memcmp(&one, &got[l], sizeof one) != 0;
		}
	}
	CHECK(wrong == 0, "direction and value are the full grid's: %zu "
		"windows, %.1f of 28800 directions by the formula", cases,
		(double)computed / (double)cases);
	CHECK(split == 0, "a window alone gives the same bytes as among four");
}

/* -- odds -- */

static void odds(void)
{
	static const struct {
		double x;
		int a, b;
		double want;
	} t[] = {
		{3, 1, 1, 0.25},          /* 1/(1 + x) */
		{1.7628, 20, 60, 0.01},   /* tables of F(40, 120) */
		{2.1142, 20, 20, 0.01},   /* F(40, 40) */
		{4.2016, 3, 8, 0.01},     /* F(6, 16) */
		{0, 5, 9, 1},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		double p = fk_chance(t[i].x, t[i].a, t[i].b);

		CHECK(fabs(p - t[i].want) < 0.002 * t[i].want + 5e-5,
			"P(F(%d, %d) > %.4f) = %.5f", 2 * t[i].a, 2 * t[i].b,
			t[i].x, p);
	}
	CHECK(fk_chance(1e6, 20, 60) < 1e-100 && isnan(fk_chance(NAN, 2, 2)),
		"far out nothing, and nothing known of what is not known");
	CHECK(fabs(fk_mode(20, 60) - 19.0 / 20 * 60 / 61) < 1e-12, "mode");
}

/* -- errors that hold what they say -- */

struct spread {
	double bias_deg, rms_deg, said_deg, held_az, held_slow, bias_ms;
};

static struct spread spread(size_t n, double noise, int rounds)
{
	struct spread o = {0};

	for (int i = 0; i < rounds; i++) {
		double baz = 360 * uniform(), speed = 330 + 60 * uniform();
		const struct fk_window *w = window;
		bool all[FK_ELEMENTS];
		struct lts_plane plane;
		struct delays d;
		struct fk_peak k;
		double az, v, sigma, t, say;

		for (size_t m = 0; m < FK_ELEMENTS; m++)
			all[m] = m < n;
		make(window, heading(baz, speed), NULL, noise);
		fk_find(&fk, &w, 1, &k);
		lts_delays_near(&fk, window, k.slowness, &d);
		if (!lts_plane(&fk, &d, all, &plane))
			abort();
		sigma = sqrt(plane.square_s2 / ((double)n - 3));
		t = lts_t90((int)n - 3);
		az = fk_back_azimuth_deg(k.slowness) - baz;
		az -= 360 * floor(az / 360 + 0.5);
		v = 1 / sqrt(k.slowness.x_m * k.slowness.x_m +
			k.slowness.y_m * k.slowness.y_m);
		o.bias_deg += az / rounds;
		o.bias_ms += (v - speed) / rounds;
		o.rms_deg += az * az / rounds;
		say = lts_azimuth_deg(&plane, k.slowness, sigma);
		o.said_deg += say * say / rounds;
		o.held_az += (fabs(az) <= t * say) / (double)rounds;
		say = lts_slowness(&plane, k.slowness, sigma);
		o.held_slow += (fabs(1 / v - 1 / speed) <= t * say) /
			(double)rounds;
	}
	o.rms_deg = sqrt(o.rms_deg);
	o.said_deg = sqrt(o.said_deg);
	return o;
}

static void errors(void)
{
	static const struct {
		const struct xy *place;
		size_t n;
		double noise;
	} c[] = {{four, 4, 0.15}, {four, 4, 0.4}, {six, 6, 0.15},
		{six, 6, 0.4}};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct spread s;

		array(c[i].place, c[i].n, 21);
		s = spread(c[i].n, c[i].noise, 800);
		CHECK(fabs(s.bias_deg) < 0.1 * s.rms_deg &&
				fabs(s.bias_ms) < 2,
			"%zu elements, noise %.2f: bias %.3f deg, %.2f m/s",
			c[i].n, c[i].noise, s.bias_deg, s.bias_ms);
		CHECK(s.rms_deg < 1.15 * s.said_deg &&
				s.said_deg < 1.15 * s.rms_deg,
			"spread %.3f deg, C_s says %.3f", s.rms_deg,
			s.said_deg);
		CHECK(s.held_az > 0.85 && s.held_az < 0.95 &&
				s.held_slow > 0.85 && s.held_slow < 0.95,
			"90 %% intervals hold azimuth %.3f, slowness %.3f",
			s.held_az, s.held_slow);
	}
}

/* -- delays -- */

static void delays(void)
{
	double late[6] = {0, 0, 0, 0.3, 0, 0};
	struct xy s = heading(77, 345);
	struct lts_fit fit;
	struct delays d;
	double c;

	array(six, 6, 21);
	make(window, s, NULL, 0.2);
	lts_delays(&fk, window, 1.1, &d);
	c = lts_consistency(&fk, &d);
	lts_fit(&fk, &d, 0.02, &fit);
	CHECK(c < 0.02 && fit.agreeing == 6, "delays close to %.4f s, %zu of 6 "
		"elements agree", c, fit.agreeing);
	CHECK(fabs(fk_back_azimuth_deg(fit.slowness) - 77) < 4,
		"azimuth by delays %.2f", fk_back_azimuth_deg(fit.slowness));
	make(window, s, late, 0.2);
	lts_delays(&fk, window, 1.1, &d);
	lts_fit(&fk, &d, 0.02, &fit);
	CHECK(fit.agreeing == 5 && !fit.consistent[3],
		"an element 0.3 s late is the one that does not agree");
	CHECK(fabs(fk_back_azimuth_deg(fit.slowness) - 77) < 4,
		"and does not pull: %.2f", fk_back_azimuth_deg(fit.slowness));
	for (size_t i = 0; i < FK_FREQS; i++) {
		window[0].re[3][i] = -window[0].re[3][i];
		window[0].im[3][i] = -window[0].im[3][i];
	}
	lts_delays(&fk, window, 1.1, &d);
	CHECK(d.low_rho[2] < -0.9 && fabs(d.low_s[2] + 0.3 -
			(s.x_m * (six[0].x_m - six[3].x_m) +
				s.y_m * (six[0].y_m - six[3].y_m))) < 0.02,
		"reversed, its bottom is where its top was: %.3f at %.3f s",
		d.low_rho[2], d.low_s[2]);
}

/* -- YJ.BRP against InfraPy's answers, window by window -- */

enum { BRP = 120000 };
static float brp[4][BRP];
static size_t brp_at;
static struct point brp_place[4];

static bool take_segment(void *self, const struct segment *s, struct fault *f)
{
	size_t *n = self;

	(void)f;
	memcpy(brp[brp_at] + *n, s->values, s->count * sizeof(float));
	*n += s->count;
	return true;
}

static bool take_place(void *self, const struct observation *o,
	struct fault *f)
{
	(void)self;
	(void)f;
	brp_place[brp_at] = (struct point){o->place.lat_deg, o->place.lon_deg};
	return true;
}

static bool read_brp(void)
{
	static uint8_t block[1 << 20];
	struct xy place[4];
	struct frame frame;

	for (brp_at = 0; brp_at < 4; brp_at++) {
		struct arena a = arena_on(block, sizeof block);
		struct origin o = {"", ""};
		size_t n = 0, len;
		struct intake in = {&n, take_segment, take_place, NULL, false};
		struct fault f;
		char name[64];
		const char *path;
		unsigned char *b;

		(void)snprintf(name, sizeof name, "infrasound/brp-array/"
			"YJ.BRP%zu..EDF.SAC", brp_at + 1);
		if (!(path = check_data(name)))
			return false;
		b = check_file(path, &len);
		if (!format_sac.decode((struct bytes){b, len}, &o, &a, &in, &f))
			abort();
		free(b);
	}
	frame = frame_at(brp_place[0].lat_deg, brp_place[0].lon_deg);
	for (size_t m = 0; m < 4; m++)
		place[m] = frame_to(&frame, brp_place[m].lat_deg,
			brp_place[m].lon_deg);
	array(place, 4, 21);
	return true;
}

static void brp_window(size_t first)
{
	memset(window, 0, sizeof *window);
	for (size_t m = 0; m < 4; m++) {
		window->there[m] = true;
		for (size_t i = 0; i < fk.grid.freqs; i++) {
			double w = 2 * PI * (double)(5 + i) / 1000;
			double re = 0, im = 0;

			for (size_t k = 0; k < 1000; k++) {
				double h = 0.5 - 0.5 * m_cos(
					2 * PI * (double)k / 1000);
				double x = h * (double)brp[m][first + k];

				re += x * m_cos(w * (double)k);
				im -= x * m_sin(w * (double)k);
			}
			window->re[m][i] = (float)re;
			window->im[m][i] = (float)im;
		}
	}
}

static void peers(void)
{
	const char *path;
	size_t near = 0, strong = 0;
	char line[256];
	FILE *f;

	if (!read_brp() || !(path = check_data(
			"infrasound/brp-array/infrapy_fk_expected.csv"))) {
		CHECK_SKIP("no infrasound/brp-array");
		return;
	}
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f)) {
		double centre, az, v, stat, own, d;
		const struct fk_window *w = window;
		struct fk_peak k;

		if (sscanf(line, "%*d,%lf,%*[^,],%lf,%lf,%lf", &centre, &az, &v,
			&stat) != 4 || stat < 15)
			continue;
		brp_window((size_t)(centre * 100 - 500));
		fk_find(&fk, &w, 1, &k);
		d = fk_back_azimuth_deg(k.slowness) - az;
		d -= 360 * floor(d / 360 + 0.5);
		own = 1 / sqrt(k.slowness.x_m * k.slowness.x_m +
			k.slowness.y_m * k.slowness.y_m);
		strong++;
		near += fabs(d) < 1.5 && fabs(own - v) < 10;
		if (fabs(centre - 675) < 0.1 || fabs(centre - 830) < 0.1)
			CHECK(fabs(d) < 1.5 && fabs(own - v) < 10,
				"18:%.0f s: InfraPy %.1f deg, %.1f m/s; ours "
				"%.1f more, %.1f m/s", centre, az, v, d, own);
	}
	if (f)
		(void)fclose(f);
	/* Its grid is 1.5 deg by 2.5 m/s, its windows are not tapered. */
	CHECK(strong == 40 && near >= 30, "InfraPy's %zu windows of F > 15: "
		"%zu within 1.5 deg and 10 m/s", strong, near);
}

int main(void)
{
	exact();
	odds();
	errors();
	delays();
	peers();
	return check_done();
}
