/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tracks against zones, and interference with satellite navigation. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"
#include "formats/format.h"

extern const struct detector detector_track, detector_gnss;
extern const struct format format_mavlink;

#define T0 INT64_C(1770091200000000000)

static _Alignas(64) uint8_t state[1 << 20];
static struct detection got[64];
static char words[64][8][96];
static struct feature numbers[64][4];
static size_t gots;
static struct fault f;

static bool put(void *self, const struct detection *d, struct fault *why)
{
	(void)self;
	(void)why;
	if (gots == 64)
		return true;
	got[gots] = *d;
	memcpy(numbers[gots], d->feature,
		d->feature_count * sizeof *d->feature);
	got[gots].feature = numbers[gots];
	for (size_t i = 0; i < d->attribute_count; i++)
		(void)snprintf(words[gots][i], 96, "%s=%s",
			d->attribute[i].name, d->attribute[i].text);
	gots++;
	return true;
}

static const struct detections out = {put, NULL};

static bool has(size_t i, const char *word)
{
	for (size_t k = 0; i < gots && k < 8; k++)
		if (strcmp(words[i][k], word) == 0)
			return true;
	return false;
}

static struct mission m;

static void begin(const struct detector *d)
{
	memset(state, 0, sizeof state);
	memset(words, 0, sizeof words);
	gots = 0;
	d->start(state, NULL, &m);
}

/* A fix each dt seconds; x_m east of the zone's west edge. */
static const struct attribute mav[] = {{"vehicle", "mav-1"}};

static void fix(double s, double x_m, double r90_m)
{
	struct observation o = observation_new(OBSERVATION_TRACK);

	o.source = "D1";
	o.at = (struct instant){T0 + (int64_t)(s * 1e9)};
	o.sigma_s = 0.1;
	o.kind = KIND_FLIGHT;
	o.place.lat_deg = 48.05;
	o.place.lon_deg = 37 + x_m / 74500;
	o.place.region.ellipse = (struct ellipse){r90_m, r90_m, 0};
	o.attribute = mav;
	o.attribute_count = 1;
	if (!detector_track.observation(state, &o, &out, &f))
		abort();
}

static void test_zones(void)
{
	static const struct {
		const char *name;
		double from_m, to_m, step_s, r90_m;
		int n;
		const char *events[3]; /* in order, NULL ends */
	} cases[] = {
		{"flies in", -300, 700, 1, 10, 101, {"event=entered"}},
		{"flies out", 700, -300, 1, 10, 101,
			{"event=inside", "event=left"}},
		{"begins inside", 300, 400, 1, 10, 20, {"event=inside"}},
		{"stays outside", -900, -300, 1, 10, 60, {NULL}},
		{"along the edge", -5, 5, 1, 10, 60, {NULL}},
		{"in, error unknown", 300, 400, 1, INFINITY, 60, {NULL}},
		{"in, error of 5 km", 300, 400, 1, 5000, 60, {NULL}},
		{"in for 2 fixes", 300, 310, 11, 10, 2, {NULL}},
		{"in for 9 s", 300, 310, 1, 10, 10, {NULL}},
		{"fixes too far apart", 300, 310, 100, 10, 9, {NULL}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = 0;
		bool ok = true;

		begin(&detector_track);
		for (int k = 0; k < cases[i].n; k++)
			fix(k * cases[i].step_s, cases[i].from_m + k *
				(cases[i].to_m - cases[i].from_m) /
				(cases[i].n - 1), cases[i].r90_m);
		for (; n < 3 && cases[i].events[n]; n++)
			ok = ok && has(n, cases[i].events[n]);
		CHECK(ok && gots == n, "%s: %zu events", cases[i].name, gots);
	}
	/* What the entry says. */
	begin(&detector_track);
	for (int k = 0; k < 101; k++)
		fix(k, -300 + 10 * k, 10);
	CHECK(has(0, "zone=square") && has(0, "vehicle=mav-1") &&
		got[0].kind == KIND_FLIGHT && got[0].id.text[0] == 'd' &&
		got[0].modality == MODALITY_TRACK, "what it says");
	double margin = feature_of(numbers[0], 3, "margin_m");
	/* P >= 0.95 at 1.645 sigma = 7.7 m: the fix at 10 m. */
	CHECK(fabs(margin - 10) < 1 &&
		feature_of(numbers[0], 3, "p_inside") >= 0.95,
		"margin %.1f m", margin);

	/* A gap is no exit, and flying through one is shown late. */
	begin(&detector_track);
	for (int k = 0; k < 20; k++)
		fix(k, 300, 10);
	for (int k = 1000; k < 1020; k++)
		fix(k, 300, 10);
	CHECK(gots == 1, "a gap is never an exit");
	for (int k = 2000; k < 2020; k++)
		fix(k, -300, 10);
	CHECK(gots == 2 && has(1, "event=left") &&
		fabs(feature_of(numbers[1], 3, "since_seen_s") - 981) < 1e-6,
		"left, at some time in the gap");
}

static void test_p_inside(void)
{
	/* At d sigma inside a straight edge, P = Phi(d): entry needs 1.645. */
	static const struct {
		double sigmas;
		bool in;
	} cases[] = {{1.45, false}, {1.85, true}};

	for (size_t i = 0; i < 2; i++) {
		begin(&detector_track);
		for (int k = 0; k < 20; k++)
			fix(k, cases[i].sigmas * 50, 50 * REGION_SIGMA_90);
		CHECK((gots == 1) == cases[i].in, "%.2f sigma inside the edge",
			cases[i].sigmas);
	}
}

struct receiver {
	double fix, sats, h_acc, x_m;
};

static void gnss(double s, struct receiver r)
{
	struct observation o = observation_new(OBSERVATION_GNSS);
	struct feature x[] = {{"receiver", 1}, {"fix_type", r.fix},
		{"sats", r.sats}, {"h_acc_m", r.h_acc}};

	o.source = "D1";
	o.at = (struct instant){T0 + (int64_t)(s * 1e9)};
	if (r.fix >= 3) {
		o.place.lat_deg = 48.05;
		o.place.lon_deg = 37 + r.x_m / 74500;
		o.place.region.ellipse = (struct ellipse){10, 10, 0};
	}
	o.feature = x;
	o.feature_count = 4;
	o.attribute = mav;
	o.attribute_count = 1;
	if (!detector_gnss.observation(state, &o, &out, &f))
		abort();
}

static void status(double s, const char *name, double v, const char *event)
{
	struct observation o = observation_new(OBSERVATION_STATUS);
	struct feature x[] = {{name, v}};
	struct attribute a[] = {mav[0], {"event", event}};

	o.source = "D1";
	o.at = (struct instant){T0 + (int64_t)(s * 1e9)};
	o.feature = x;
	o.feature_count = 1;
	o.attribute = a;
	o.attribute_count = event ? 2 : 1;
	if (!detector_gnss.observation(state, &o, &out, &f))
		abort();
}

enum extra { NOTHING, BANK, RESTART, NOISE, ALARM };

/* Good for good_s, then `bad` for bad_s, then good for 60 s; at 2 Hz. */
static void flight(double good_s, struct receiver bad, double bad_s,
	enum extra extra)
{
	const struct receiver good = {3, 12, 1.5, 0};

	begin(&detector_gnss);
	for (double s = 0; s < good_s + bad_s + 60; s += 0.5) {
		bool in = s >= good_s && s < good_s + bad_s;

		status(s, "link_noise", extra == NOISE && in ? 90 : 40, NULL);
		if (in && extra == BANK)
			status(s, "roll_deg", 60, NULL);
		if (s == good_s && extra == RESTART)
			status(s, "boot", 0, "restart");
		if (in && extra == ALARM) {
			struct observation o = observation_new(
				OBSERVATION_GNSS);
			static const struct feature x[] = {
				{"jamming_state", 3}};

			o.source = "D1";
			o.at = (struct instant){T0 + (int64_t)(s * 1e9)};
			o.feature = x;
			o.feature_count = 1;
			o.attribute = mav;
			o.attribute_count = 1;
			if (!detector_gnss.observation(state, &o, &out, &f))
				abort();
		}
		gnss(s, in ? bad : good);
	}
	if (!detector_gnss.finish(state, &out, &f))
		abort();
}

static void test_gnss(void)
{
	static const struct {
		const char *name;
		double good_s;
		struct receiver bad;
		double bad_s;
		enum extra extra;
		const char *level;
		enum kind kind;
	} cases[] = {
		{"all well", 120, {3, 12, 1.5, 0}, 30, NOTHING, NULL, 0},
		{"loss of fix and satellites", 120, {1, 2, NAN, 0}, 40, NOTHING,
			"level=interference, probable", KIND_JAMMING},
		{"the same with link noise", 120, {1, 2, NAN, 0}, 40, NOISE,
			"level=jamming, probable", KIND_JAMMING},
		{"the same with the receiver's alarm", 120, {1, 2, NAN, 0}, 40,
			ALARM, "level=jamming, probable", KIND_JAMMING},
		{"two signs for 10 s", 120, {3, 5, 6, 0}, 10, NOTHING, NULL, 0},
		{"satellites only", 120, {3, 6, 2, 0}, 40, NOTHING,
			"level=degraded, cause undetermined", KIND_UNKNOWN},
		{"position jumps", 120, {3, 12, 1.5, 5000}, 40, NOTHING,
			"level=spoofing, probable", KIND_SPOOFING},
		{"cold start", 20, {1, 2, NAN, 0}, 40, NOTHING, NULL, 0},
		{"restart", 120, {1, 2, NAN, 0}, 40, RESTART, NULL, 0},
		{"jump by restart", 120, {3, 12, 1.5, 5000}, 40, RESTART, NULL,
			0},
		{"steep bank", 120, {2, 4, 20, 0}, 40, BANK, NULL, 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		flight(cases[i].good_s, cases[i].bad, cases[i].bad_s,
			cases[i].extra);
		CHECK(cases[i].level ? gots == 1 && has(0, cases[i].level) &&
				got[0].kind == cases[i].kind : gots == 0,
			"%s: %zu, %s", cases[i].name, gots, words[0][2]);
		/* Nobody is named. */
		for (size_t k = 0; k < 8; k++)
			CHECK_QUIET(!strstr(words[0][k], "party") &&
				!strstr(words[0][k], "by "), "attribution");
	}
	flight(120, (struct receiver){1, 2, NAN, 0}, 40, NOTHING);
	CHECK(fabs(feature_of(numbers[0], 3, "duration_s") - 39.5) < 1 &&
		feature_of(numbers[0], 3, "sats_before") == 12 &&
		feature_of(numbers[0], 3, "sats_least") == 2 &&
		place_known(&got[0].place), "duration, satellites, place");
}

static bool to_detectors(
	void *self, const struct observation *o, struct fault *why)
{
	(void)self;
	return !detector_gnss.sees(o->what) ||
		detector_gnss.observation(state, o, &out, why);
}

static bool no_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *g)
{
	(void)self;
	(void)why;
	(void)offset;
	(void)length;
	(void)g;
	return true;
}

static void test_real(void)
{
	const char *path = check_data("drones/mavlink/flight_300_900.tlog");
	static uint8_t block[1 << 20];
	struct arena a = arena_on(block, sizeof block);
	struct intake in = {NULL, NULL, to_detectors, no_damage, false};
	size_t len;

	if (!path) {
		CHECK_SKIP("no real MAVLink log");
		return;
	}
	uint8_t *at = check_file(path, &len);
	begin(&detector_gnss);
	CHECK(format_mavlink.decode((struct bytes){at, len},
		&(struct origin){"x.tlog", "D1"}, &a, &in, &f) &&
		detector_gnss.finish(state, &out, &f) && gots == 0,
		"a real quiet flight raises nothing");
	free(at);
}

int main(void)
{
	static const struct point square[] = {
		{48, 37}, {48, 37.1}, {48.1, 37.1}, {48.1, 37}};
	static const struct ring ring = {square, 4};
	static const struct shape zone = {.name = "square", .version = "1",
		.role = SHAPE_ZONE, .ring = &ring, .ring_count = 1,
		.closed = true};

	m = (struct mission){.shape = &zone, .shape_count = 1};
	CHECK(detector_track.state_size <= sizeof state &&
		detector_gnss.state_size <= sizeof state, "state: %zu, %zu",
		detector_track.state_size, detector_gnss.state_size);
	test_zones();
	test_p_inside();
	test_gnss();
	test_real();
	return check_done();
}
