/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sensor.c - sensors judged, in simulated networks: each fault is named within
 * 20 sounds, sound sensors are not, and what one place of sound cannot tell is
 * not told.  Paths, echoes, survey errors and wind are drawn; a path and its
 * echoes are the same for sounds within 50 m of each other. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "geo/frame.h"
#include "locate/locate.h"
#include "watch/clock.h"
#include "watch/loudness.h"

enum { SIDE = 5, NODES = SIDE * SIDE, PICKS = 512, ROWS = 64, ECHOES = 2 };

enum fault_of { /* of one node */
	SOUND,
	OFFSET,
	STEP,
	DRIFT,
	MISPLACED, /* from the start */
	MOVED,     /* half-way */
	SWAPPED,   /* with the next */
	RESET,     /* steps, and back */
	REVERSED,  /* half-way */
	GAIN,      /* half-way */
};

struct plan {
	const char *name;
	enum fault_of fault;
	double size;      /* ms; m; ppm; dB */
	double spacing_m;
	bool town;        /* paths, echoes */
	int places;       /* of sounds; 0: anywhere */
	int sounds;
	double wind_ms;   /* nobody reports it */
	const char *why;  /* wanted */
	const char *other; /* or this; NULL */
	double most_ms;   /* the measure may be off by */
};

static uint64_t seed;
static bool verbose;
static struct arena work, keep, scratch;

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static double unit(uint64_t x)
{
	return (double)(mix(x) >> 11) * 0x1p-53;
}

static double uniform(void)
{
	return unit(seed += UINT64_C(0x9e3779b97f4a7c15));
}

static double bell(double u)
{
	return m_phi_inverse(0.5 * 0x1p-53 + u * (1 - 0x1p-53));
}

static double normal(void)
{
	return bell(uniform());
}

struct world {
	const struct plan *plan;
	uint64_t paths;
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES], truly[NODES];
	struct mission mission;
	struct network net;
	struct detection pick[PICKS];
	struct feature level[PICKS][2]; /* and first motion */
	size_t picks, culprit;
	struct xy place[8], shot;
	struct clock_log log;
	struct fits fits;
	struct instant t0;
};

static struct health row[ROWS];
static size_t rows;

static bool keep_row(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)f;
	if (rows < ROWS)
		row[rows++] = *h;
	return true;
}

static bool keep_fit(void *self, const struct fit *x, struct fault *f)
{
	return clock_take(self, x, f);
}

static bool no_incident(void *self, const struct incident *i, struct fault *f)
{
	(void)self;
	(void)i;
	(void)f;
	return true;
}

static void lay(struct world *w, const struct plan *p)
{
	double s = p->spacing_m;

	memset(w, 0, sizeof *w);
	w->plan = p;
	w->paths = seed;
	w->frame = frame_at(48, 37.5);
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	for (size_t i = 0; i < NODES; i++) {
		struct xy at = {((double)(i % SIDE) - 2 + 0.4 *
				(uniform() - 0.5)) * s,
			((double)(i / SIDE) - 2 + 0.4 * (uniform() - 0.5)) *
				s};
		struct point q = frame_from(&w->frame, at);

		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u",
			(unsigned)i);
		w->at[i] = at;
		w->truly[i] = (struct xy){at.x_m + 2 * normal(),
			at.y_m + 2 * normal()};
		w->source[i] = (struct source){.id = w->id[i],
			.kind = SOURCE_ACOUSTIC, .lat_deg = q.lat_deg,
			.lon_deg = q.lon_deg, .elev_m = 150 + 5 * normal(),
			.rate_hz = 500, .sensitivity = NAN, .owner = "m",
			.host_party = "", .installed = INSTANT_UNKNOWN,
			.position_err_m = 2, .public_key = "", .array = ""};
	}
	for (size_t i = 0; i < 8; i++)
		w->place[i] = (struct xy){1.6 * s * (2 * uniform() - 1),
			1.6 * s * (2 * uniform() - 1)};
	/* Not at the edge: it is heard from all sides, and so is the next. */
	w->culprit = SIDE * (1 + (size_t)(uniform() * 3)) + 1 +
		(size_t)(uniform() * 2);
	w->mission = (struct mission){
		.source = w->source, .source_count = NODES};
	w->log = (struct clock_log){.arena = &keep};
	w->fits = (struct fits){keep_fit, &w->log};
	w->net = (struct network){
		.mission = &w->mission, .fits = &w->fits};
	keep.used = 0;
}

/* Where a node is when sound `n` of the plan is heard. */
static struct xy node_at(const struct world *w, size_t i, int n)
{
	const struct plan *p = w->plan;
	bool late = n >= p->sounds / 2;
	struct xy at = w->truly[i];

	if (p->fault == SWAPPED && i == w->culprit)
		return w->truly[i + 1];
	if (p->fault == SWAPPED && i == w->culprit + 1)
		return w->truly[i - 1];
	if (i == w->culprit && (p->fault == MISPLACED ||
				       (p->fault == MOVED && late))) {
		at.x_m += p->size * 0.6;
		at.y_m -= p->size * 0.8;
	}
	return at;
}

static double clock_of(const struct world *w, size_t i, int n, double hours)
{
	const struct plan *p = w->plan;
	int half = p->sounds / 2;

	if (i != w->culprit)
		return 0;
	switch (p->fault) {
	case OFFSET:
		return p->size * 1e-3;
	case STEP:
		return n >= half ? p->size * 1e-3 : 0;
	case RESET:
		return n >= half && n < half + 20 ? p->size * 1e-3 : 0;
	case DRIFT:
		return p->size * 1e-6 * hours * 3600;
	default:
		return 0;
	}
}

/* A first motion is up in 19 of 20; an echo's is either. */
static void arrival(struct world *w, size_t i, struct instant at, double db,
	bool echo, bool late)
{
	const struct plan *p = w->plan;
	bool faulty = late && i == w->culprit;
	double up = uniform() < (echo ? 0.5 : 0.95) ? 1 : -1;
	struct detection *d;

	if (w->picks == PICKS)
		return;
	if (faulty && p->fault == REVERSED)
		up = -up;
	if (faulty && p->fault == GAIN)
		db += p->size;
	w->level[w->picks][0] = (struct feature){"level_db", db};
	w->level[w->picks][1] = (struct feature){"polarity", up};
	d = &w->pick[w->picks++];
	*d = detection_new();
	d->source = w->id[i];
	d->modality = MODALITY_ACOUSTIC;
	d->detector = "test";
	d->at = instant_round_us(at);
	d->sigma_s = 0.003;
	d->frequency_hz = 40;
	d->feature = w->level[w->picks - 1];
	d->feature_count = 2;
	d->cite.offset = w->picks;
	detection_name(d);
}

/* One node hears one sound: straight, late, by echoes, or not. */
static void heard(struct world *w, size_t i, int n, struct instant t,
	double reach)
{
	const struct plan *p = w->plan;
	struct xy at = node_at(w, i, n);
	double dx = at.x_m - w->shot.x_m, dy = at.y_m - w->shot.y_m;
	double d = sqrt(dx * dx + dy * dy), q = d / reach;
	/* A path is of the place, in cells of 50 m, and of the node. */
	uint64_t path = mix(w->paths ^
		(uint64_t)(int64_t)floor(w->shot.x_m / 50) * 7919 ^
		(uint64_t)(int64_t)floor(w->shot.y_m / 50) * 104729 ^
		((uint64_t)i << 40));
	double late = (p->town ? 0.006 : 0.002) * bell(unit(path + 1));
	double v = 337 + p->wind_ms * dx / fmax(d, 1);
	double db = 130 - 20 * m_log10(fmax(d, 10)) + 4 * bell(unit(path + 2));
	bool half = n >= p->sounds / 2;

	if (uniform() > 0.95 / (1 + q * q * q * q))
		return;
	if (p->town && unit(path + 3) < 0.1)
		late -= 0.03 * m_log(1 - unit(path + 4));
	t = instant_plus_s(t, d / v + late +
		clock_of(w, i, n, instant_seconds(w->t0, t) / 3600));
	arrival(w, i, instant_plus_s(t, 0.003 * normal()), db, false, half);
	for (uint64_t k = 0; k < ECHOES && p->town; k++)
		if (uniform() < 0.7)
			arrival(w, i, instant_plus_s(t, 0.05 +
				0.5 * unit(path + 10 + k) + 0.002 * normal()),
				db - 4 - 8 * unit(path + 20 + k), true, half);
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void sounds(struct world *w)
{
	const struct plan *p = w->plan;
	struct incidents to = {no_incident, NULL};
	struct fault f = {0};
	double minutes = p->fault == DRIFT ? 10 : 3;

	for (int n = 0; n < p->sounds; n++) {
		struct instant t = instant_plus_s(w->t0, 60 * minutes * n +
			20 * uniform());
		double s = p->spacing_m;

		w->picks = 0;
		w->shot = (struct xy){1.8 * s * (2 * uniform() - 1),
			1.8 * s * (2 * uniform() - 1)};
		if (p->places) {
			w->shot = w->place[n % p->places];
			w->shot.x_m += 2 * normal();
			w->shot.y_m += 2 * normal();
		}
		for (size_t i = 0; i < NODES; i++)
			heard(w, i, n, t, 2.4 * s);
		qsort(w->pick, w->picks, sizeof *w->pick, by_order);
		work.used = 0;
		if (!locate_sound(&w->net, w->pick, w->picks, &work, &to, &f)) {
			CHECK(false, "%s", f.text);
			exit(1);
		}
	}
}

static void judge(struct world *w)
{
	struct healths to = {keep_row, NULL};
	struct span all = {w->t0, instant_plus_s(w->t0, 3 * 86400.0)};
	struct fault f = {0};

	rows = 0;
	sounds(w);
	if (!clock_judge(&w->log, &w->mission, all, &scratch, &to, &f)) {
		CHECK(false, "%s", f.text);
		exit(1);
	}
}

static const struct plan plans[] = {
	{"town, +50 ms step, anywhere", STEP, 50, 400, true, 0, 48, 0,
		CLOCK_STEP, CLOCK_STEP_OR_MOVED, 15},
	{"town, -50 ms step, one place", STEP, -50, 400, true, 1, 40, 0,
		CLOCK_STEP_OR_MOVED, NULL, 6},
	{"town, +250 ms step, four places", STEP, 250, 400, true, 4, 48, 0,
		CLOCK_STEP, CLOCK_STEP_OR_MOVED, 15},
	{"town, -400 ms for 20 sounds", RESET, -400, 400, true, 0, 60, 0,
		CLOCK_STEP, CLOCK_STEP_OR_MOVED, 15},
	{"open, +60 ms step, wind 5 m/s", STEP, 60, 1000, false, 0, 48, 5,
		CLOCK_STEP, CLOCK_STEP_OR_MOVED, 15},
	{"open, a leap second missed", STEP, -1000, 1000, false, 0, 48, 0,
		CLOCK_LEAP, NULL, 15},
	{"town, +60 ms always, anywhere", OFFSET, 60, 400, true, 0, 48, 0,
		CLOCK_OFFSET, NULL, 15},
	{"town, +100 ms always, one place", OFFSET, 100, 400, true, 1, 40, 0,
		CLOCK_OR_PATH, NULL, 60},
	{"town, +250 ms always, one place", OFFSET, 260, 400, true, 1, 40, 0,
		CLOCK_OR_PLACE, NULL, 60},
	{"open, -60 ms always, anywhere", OFFSET, -60, 1000, false, 0, 48, 3,
		CLOCK_OFFSET, NULL, 15},
	{"open, 8 ppm for seven hours", DRIFT, 8, 1000, false, 0, 48, 0,
		CLOCK_DRIFT, NULL, 60},
	{"town, 100 m from its place", MISPLACED, 100, 400, true, 0, 48, 0,
		CLOCK_PLACE, CLOCK_OR_PLACE, 1e9},
	{"open, 100 m from its place", MISPLACED, 100, 1000, false, 0, 48, 3,
		CLOCK_PLACE, CLOCK_OR_PLACE, 1e9},
	{"town, moved by 100 m", MOVED, 100, 400, true, 0, 48, 0,
		CLOCK_MOVED, CLOCK_STEP_OR_MOVED, 1e9},
	{"town, two swapped", SWAPPED, 0, 400, true, 0, 48, 0,
		CLOCK_SWAPPED, NULL, 1e9},
	{"open, two swapped", SWAPPED, 0, 1000, false, 0, 64, 3,
		CLOCK_SWAPPED, NULL, 1e9},
	{"town, polarity reversed", REVERSED, 0, 400, true, 0, 48, 2,
		LOUDNESS_REVERSED, NULL, 1e9},
	{"open, polarity reversed", REVERSED, 0, 1000, false, 0, 48, 0,
		LOUDNESS_REVERSED, NULL, 1e9},
	{"town, gain a tenth", GAIN, -20, 400, true, 0, 48, 2,
		LOUDNESS_GAIN, NULL, 4},
	{"open, gain tenfold", GAIN, 20, 1000, false, 4, 48, 0,
		LOUDNESS_GAIN, NULL, 4},
};

static int tried, found; /* of all plans */

static void try_plan(const struct plan *p)
{
	static struct world w;
	int named = 0, others = 0, draws = 3;
	const char *said = "nothing";

	for (int k = 0; k < draws; k++) {
		bool good = false;

		seed = (uint64_t)(p - plans) * 1000003 + (uint64_t)k * 7919;
		lay(&w, p);
		judge(&w);
		for (size_t i = 0; i < rows; i++) {
			bool mine = strcmp(row[i].source,
				w.id[w.culprit]) == 0;
			bool twin = p->fault == SWAPPED && strcmp(row[i].source,
				w.id[w.culprit + 1]) == 0;

			if (mine)
				said = row[i].why;
			if (mine && verbose) {
				printf("# %s: %s %.0f", p->name, row[i].why,
					row[i].measure.value);
				for (size_t q = 0; q < row[i].more_count; q++)
					printf(" %s %g", row[i].more[q].name,
						row[i].more[q].value);
				printf("\n");
			}
			if (mine && (strncmp(row[i].why, p->why,
					strlen(p->why)) == 0 || (p->other &&
					strcmp(row[i].why, p->other) == 0)) &&
				(p->most_ms > 1e6 || p->fault == DRIFT ||
					fabs(row[i].measure.value - p->size) <
						p->most_ms))
				good = true;
			/* A late path is a late path. */
			if (!mine && !twin && strcmp(row[i].why,
					CLOCK_OR_PATH) != 0) {
				others++;
				printf("# %s: %s %s %.0f\n", p->name,
					row[i].source, row[i].why,
					row[i].measure.value);
			}
		}
		named += good;
	}
	tried += draws;
	found += named;
	CHECK(named >= draws - 1, "%s: %d of %d named (%s)", p->name, named,
		draws, said);
	CHECK(others == 0, "%s: %d others flagged", p->name, others);
}

static void try_sound(void)
{
	static const struct plan healthy[] = {
		{"town", SOUND, 0, 400, true, 0, 48, 2, NULL, NULL, 0},
		{"town, four places", SOUND, 0, 400, true, 4, 48, 2, NULL,
			NULL, 0},
		{"open, wind 6 m/s", SOUND, 0, 1000, false, 0, 48, 6, NULL,
			NULL, 0},
	};
	static struct world w;
	int flags = 0, days = 0;

	for (size_t p = 0; p < sizeof healthy / sizeof *healthy; p++)
		for (uint64_t k = 0; k < 6; k++) {
			seed = p * 15485863 + k * 7919 + 5;
			lay(&w, &healthy[p]);
			judge(&w);
			days += NODES;
			flags += (int)rows;
			for (size_t i = 0; i < rows; i++)
				printf("# %s: %s %s %.0f\n", healthy[p].name,
					row[i].source, row[i].why,
					row[i].measure.value);
		}
	CHECK(flags * 100 <= days, "%d flags in %d node-days of 40 sounds",
		flags, days);
}

/* sensor [-v] [first plan] [last]: -v lists what is said of each culprit. */
int main(int argc, char **argv)
{
	struct fault f = {0};
	size_t first = 0, last = sizeof plans / sizeof *plans;

	if (!arena_map(&work, (size_t)1 << 28, &f) ||
		!arena_map(&keep, (size_t)1 << 30, &f) ||
		!arena_map(&scratch, (size_t)1 << 30, &f))
		return 1;
	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	if (argc > 3) {
		first = (size_t)strtoul(argv[2], NULL, 10);
		last = (size_t)strtoul(argv[3], NULL, 10) + 1;
	}
	for (size_t i = first; i < last; i++)
		try_plan(&plans[i]);
	CHECK(found * 100 >= tried * 95, "%d of %d faults named, 95 %% wanted",
		found, tried);
	if (argc < 4)
		try_sound();
	return check_done();
}
