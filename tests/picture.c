/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * picture.c - what a picture is laid out with: bands, thinning, words that
 * fit; and a picture of what is odd. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "base/maths.h"
#include "publish/picture.h"
#include "publish/sheet.h"
#include "publish/svg.h"
#include "publish/wave.h"

/* Largest of the second half of a sine of hz at 1000 Hz after the band. */
static double passed(double hz, double low_hz, double high_hz)
{
	static double x[8000];
	double most = 0;

	for (int i = 0; i < 8000; i++)
		x[i] = 5 + m_sin(2 * PI * hz * i / 1000);
	wave_band(x, 8000, 1000, low_hz, high_hz);
	for (int i = 4000; i < 8000; i++)
		most = fmax(most, fabs(x[i]));
	return most;
}

static void bands(void)
{
	static const struct {
		const char *name;
		double hz, low, high, least, most;
	} cases[] = {
		{"in the band",          20, 5, 80,   0.97, 1.01},
		{"at the lower corner",   5, 5, 80,   0.69, 0.72},
		{"at the upper corner",  80, 5, 80,   0.69, 0.72},
		{"a decade below",      0.5, 5, 80,   0.0, 0.012},
		{"far above",           400, 5, 80,   0.0, 0.02},
		{"no upper corner",     400, 5, 500,  0.94, 1.01},
		{"no corner: the mean goes", 20, NAN, NAN, 0.97, 1.01},
	};
	double none = 1;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		double x = passed(cases[i].hz, cases[i].low, cases[i].high);

		CHECK(x >= cases[i].least && x <= cases[i].most, "band: %s",
			cases[i].name);
	}
	wave_band(&none, 0, 100, 1, 10);
	CHECK(none > 0.5, "band: no samples");
}

static void thinning(void)
{
	static double v[1000];
	struct wave_point p[1000];
	double low = 0, high = 0;
	bool onward = true;
	size_t n;

	for (int i = 0; i < 1000; i++)
		v[i] = m_sin(i * 0.7);
	v[613] = -9;
	v[614] = 8;
	n = wave_thin(v, 1000, 10.3, 0.1, p);
	for (size_t i = 0; i < n; i++) {
		low = fmin(low, p[i].y);
		high = fmax(high, p[i].y);
		onward = onward && (i == 0 || p[i].x > p[i - 1].x);
	}
	CHECK(n <= wave_room(1000, 0.1) && n < 210,
		"thin: two points a pixel at most");
	CHECK(low < -8.9 && high > 7.9 && onward,
		"thin: the extremes stay, in their order");
	n = wave_thin(v, 10, 0, 2, p);
	CHECK(n == 10 && p[9].x > 17.9 && p[9].y == v[9],
		"thin: few samples stay as they are");
	CHECK(wave_thin(v, 0, 0, 0.1, p) == 0, "thin: nothing");
}

static void words(void)
{
	static const char name[] = "A very l\xc3\xb6ng name of a t\xc3\xb6wn";
	char cut[SHEET_CUT], buffer[8192];
	struct text t = text_on(buffer, sizeof buffer);
	static struct sheet_room room = {.frame = {0, 0, 100, 40}};
	struct sheet_word w = {"word", "", 10, 3, false};
	bool fits = true;
	size_t n = 0;

	CHECK(strcmp(sheet_cut("short", 10, 100, cut), "short") == 0,
		"cut: what fits stays");
	for (double px = 0; px < 200; px++) {
		sheet_cut(name, 10, px, cut);
		fits = fits && (svg_width_em(cut) * 10 <= px ||
			strcmp(cut, "\xe2\x80\xa6") == 0);
		for (const char *s = cut; *s; s++)
			fits = fits && ((*s & 0xc0) != 0x80 || s > cut);
	}
	CHECK(fits, "cut: never wider than asked, to the last ellipsis");
	CHECK(sheet_lines(&t, 0, 0, 10, 120, "", "one two three four five six "
		"seven eight") > 1, "lines: broken at spaces");
	CHECK(sheet_lines(&t, 0, 0, 10, 20, "", "Donaudampfschiff") == 1 &&
		strstr(buffer, "\xe2\x80\xa6"), "lines: a long word is cut");
	CHECK(sheet_lines(&t, 0, 0, 10, 20, "", "  ") == 0, "lines: none");
	while (n < 99 && sheet_label(&t, &room, 50, 20, &w))
		n++;
	CHECK(n > 0 && n < 17, "labels: until there is no room (%zu)", n);
	CHECK(sheet_round(190) == 100 && sheet_round(51) == 50 &&
		sheet_round(0.3) > 0.19 && sheet_round(0.3) < 0.21 &&
		sheet_round(NAN) == 1, "round: 1, 2, 5");
}

/* No samples, no bounds, names that would break out. */
static void odd_picture(void)
{
	static char page[1 << 20], block[1 << 22];
	struct arena a = arena_on(block, sizeof block);
	struct text t = text_on(page, sizeof page);
	struct mission m = {.name = "m", .title = "<b>&\"\xff"};
	struct incident i = incident_new();
	const struct source s[2] = {{.id = "S<1>", .lat_deg = 48,
		.lon_deg = 37, .kind = SOURCE_ACOUSTIC, .sensitivity = NAN},
		{.id = "S-with-a-name-that-is-far-too-long-for-its-column-000",
		.lat_deg = 48.1, .lon_deg = 37.1, .sensitivity = NAN}};
	struct picture_row row[2] = {{.source = &s[0], .d_m = 10,
		.travel_s = 0.03, .sigma_s = NAN, .pd = NAN, .why = "",
		.state = PICTURE_SILENT, .late_s = NAN, .rate_hz = NAN,
		.scale = NAN, .missing = "gone"}, {.source = &s[1],
		.d_m = 13000, .travel_s = 39, .sigma_s = NAN, .pd = 0.5,
		.state = PICTURE_OUT, .why = "down: no data", .scale = NAN}};
	struct picture p = {.mission = &m, .incident = &i, .row = row,
		.rows = 2, .speed_ms = 333, .range_m = 20000};
	struct fault f = {0};
	char said[64];
	struct text w = text_on(said, sizeof said);

	i.at = (struct instant){1770000000000000000};
	i.phrase = "";
	i.kind[KIND_UNKNOWN] = 1;
	p.sound = i;
	p.sound.place.lat_deg = 48;
	p.sound.place.lon_deg = 37;
	p.sound.from = p.sound.to = i.at;
	CHECK(picture_svg(&p, &a, &t, &f), "odd: drawn: %s", f.text);
	CHECK(!strstr(page, "nan") && !strstr(page, "inf ") &&
		!strstr(page, "<b>") && !strstr(page, "S<1>"),
		"odd: no number that is none, no tag that is a name");
	CHECK(strstr(page, "gone") && !strstr(page, "column-000"),
		"odd: says what is missing; a long name is cut");
	picture_words(&row[0], NULL, &w);
	CHECK(strcmp(said, "silent, Pd < 10 %") == 0, "odd: words");
	p.rows = 0;
	t = text_on(page, sizeof page);
	CHECK(picture_svg(&p, &a, &t, &f), "odd: no sensor at all");
	i.kind[KIND_UNKNOWN] = 0;
	i.kind[KIND_QUARRY_BLAST] = 1;
	t = text_on(page, sizeof page);
	CHECK(picture_svg(&p, &a, &t, &f) && strstr(page, "Quarry blast"),
		"a kind of two words");
	p.lang = "fr";
	t = text_on(page, sizeof page);
	CHECK(picture_svg(&p, &a, &t, &f) && strstr(page, "tir de carri"),
		"and in French");
	p.lang = NULL;
	t = text_on(page, 1000);
	CHECK(!picture_svg(&p, &a, &t, &f), "odd: no room is a fault");
}

int main(void)
{
	bands();
	thinning();
	words();
	odd_picture();
	return check_done();
}
