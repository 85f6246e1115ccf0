/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * livefire.c - sensors judged on real shots (../shared/data, ShotSpotter Tech
 * Note 098): one clock is shifted, or one sensor's place is wrong, from the
 * start or from the middle of the session on; who is named, who is flagged
 * without cause, and where do the rounds land?  What is constant was set on
 * FP1 and FP2; count positions and sensors, not rounds.
 *
 *     livefire [-v] [-n N] [-o M] [-p N] [DATA]
 *         -n  one case in N, 1 for every sensor and every fault (an hour);
 *         -o  from the M-th on, 0 the first;
 *         -p  one position */
#include "livefire.h"

#include "base/maths.h"
#include "watch/clock.h"

enum { HALF_LEAST = 6, ROWS = 64, MADE = 64, ROUNDS = 64 };
#define FAR_M 100.0
#define HIT_M 25.0

static const struct kind_of_case {
	const char *name;
	bool place, mid;
	double size; /* ms, or degrees of the move */
} kinds[] = {
	{"clock  +50 ms, mid-session", false, true, 50},
	{"clock  -50 ms, mid-session", false, true, -50},
	{"clock +100 ms, mid-session", false, true, 100},
	{"clock -250 ms, mid-session", false, true, -250},
	{"clock +500 ms, mid-session", false, true, 500},
	{"moved 100 m, mid-session", true, true, 45},
	{"moved 100 m, mid-session", true, true, 225},
	{"clock  +50 ms, always", false, false, 50},
	{"clock  -50 ms, always", false, false, -50},
	{"clock +100 ms, always", false, false, 100},
	{"clock -200 ms, always", false, false, -200},
	{"clock +250 ms, always", false, false, 250},
	{"clock -250 ms, always", false, false, -250},
	{"clock +500 ms, always", false, false, 500},
	{"place 100 m off, always", true, false, 0},
	{"place 100 m off, always", true, false, 120},
	{"place 100 m off, always", true, false, 240},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct table {
	int cases, named, either, flagged, rounds, found, wrong, far;
	double error[40000];
	size_t errors;
} table[KINDS];

static struct arena work, keep, scratch, memory;
static bool verbose;
static struct incident made[MADE];
static size_t mades;
static struct health row[ROWS];
static size_t rows;

struct hearers { /* rounds in which each source was used, by half */
	int heard[SENSORS][2];
};

static bool keep_fit(void *self, const struct fit *x, struct fault *f)
{
	return clock_take(self, x, f);
}

static bool keep_incident(void *self, const struct incident *i, struct fault *f)
{
	(void)self;
	(void)f;
	if (mades < MADE)
		made[mades++] = *i;
	return true;
}

static bool keep_row(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)f;
	if (rows < ROWS)
		row[rows++] = *h;
	return true;
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

struct one { /* a case */
	struct position *p;
	const struct kind_of_case *kind;
	size_t source;
	struct mission mission;
};

static void must(bool ok, const struct fault *f)
{
	if (ok)
		return;
	CHECK(false, "%s", f->text);
	exit(check_done());
}

/* By how much the culprit is late in a trial. */
static double late_s(const struct one *c, size_t trial)
{
	const struct trial *t = &c->p->trial[trial];
	const struct source *s = &c->p->source[c->source];
	double deg = c->kind->size, dx, dy, ax, ay;
	struct xy at;

	if (c->kind->mid && trial < c->p->trials / 2)
		return 0;
	if (!c->kind->place)
		return c->kind->size * 1e-3;
	if (!c->kind->mid)
		return 0;
	at = frame_to(&c->p->frame, s->lat_deg, s->lon_deg);
	dx = at.x_m + c->p->x0 - t->x;
	dy = at.y_m + c->p->y0 - t->y;
	ax = dx + FAR_M * m_sin(RAD(deg));
	ay = dy + FAR_M * m_cos(RAD(deg));
	return (sqrt(ax * ax + ay * ay) - sqrt(dx * dx + dy * dy)) / 332;
}

static void hear(const struct one *c, size_t trial, double late,
	const struct fits *fits, size_t healths)
{
	static struct detection d[PULSES];
	struct trial *t = &c->p->trial[trial];
	struct network net = {.mission = &c->mission, .weather = &t->weather,
		.weather_count = 1, .fits = fits, .health = row,
		.health_count = healths};
	struct incidents to = {keep_incident, NULL};
	struct fault f = {0};

	memcpy(d, t->pulse, t->pulses * sizeof *d);
	for (size_t i = 0; i < t->pulses && late != 0; i++)
		if (strcmp(d[i].source, c->p->source[c->source].id) == 0) {
			d[i].at = instant_plus_s(d[i].at, late);
			detection_name(&d[i]);
		}
	qsort(d, t->pulses, sizeof *d, by_order);
	work.used = 0;
	mades = 0;
	must(locate_sound(&net, d, t->pulses, &work, &to, &f), &f);
}

/* Where the rounds of a trial land, for cases that are alike in it: nothing is
 * wrong and nobody is charged; or one is left out, whatever its clock says. */
struct landing {
	bool known;
	int near, wrong, far;
	double error[ROUNDS];
};
static struct landing sound[TRIALS], without[TRIALS];

static void score(const struct one *c, size_t trial, struct landing *s)
{
	const struct trial *t = &c->p->trial[trial];

	*s = (struct landing){.known = true};

	for (size_t i = 0; i < mades; i++) {
		struct xy at = frame_to(&c->p->frame, made[i].place.lat_deg,
			made[i].place.lon_deg);
		double dx = at.x_m + c->p->x0 - t->x;
		double dy = at.y_m + c->p->y0 - t->y;
		double e = sqrt(dx * dx + dy * dy);

		if (e > HIT_M || s->near == t->rounds || s->near == ROUNDS) {
			s->wrong++;
			continue;
		}
		s->far += e > 15;
		s->error[s->near++] = e;
	}
}

static void add(const struct landing *x, int rounds, struct table *t)
{
	for (int i = 0; i < x->near; i++)
		if (t->errors < sizeof t->error / sizeof *t->error)
			t->error[t->errors++] = x->error[i];
	t->rounds += rounds;
	t->found += x->near;
	t->wrong += x->wrong;
	t->far += x->far;
}

/* Who of the charged counts for a trial: nobody, the culprit alone (left out
 * of all of it), or it must be reckoned. */
static struct landing *alike(const struct one *c, size_t trial, double late)
{
	const struct trial *t = &c->p->trial[trial];
	struct span at = {t->pulse[0].at, t->pulse[0].at};
	bool out = false;

	for (size_t i = 0; i < t->pulses; i++) {
		if (t->pulse[i].at.utc_ns < at.from.utc_ns)
			at.from = t->pulse[i].at;
		if (t->pulse[i].at.utc_ns > at.to.utc_ns)
			at.to = t->pulse[i].at;
	}
	at.from = instant_plus_s(at.from, -10);
	at.to = instant_plus_s(at.to, 10);
	for (size_t i = 0; i < rows; i++) {
		const struct span *r = &row[i].span;

		if (!span_meets(*r, at))
			continue;
		if (row[i].state != HEALTH_QUARANTINED ||
			strcmp(row[i].source, c->p->source[c->source].id) != 0
			|| r->from.utc_ns > at.from.utc_ns ||
			r->to.utc_ns < at.to.utc_ns)
			return NULL;
		out = true;
	}
	if (c->kind->place && !c->kind->mid)
		return NULL;
	if (out)
		return &without[trial];
	return late == 0 ? &sound[trial] : NULL;
}

/* Fits of the untouched trials, kept: half of most cases need no more. */
static struct clock_log clean[TRIALS];

static void note(const struct position *p, size_t trial, const char *id,
	struct hearers *h)
{
	const struct trial *t = &p->trial[trial];

	for (size_t d = 0; d < t->pulses; d++) {
		const struct source *s;

		if (strcmp(t->pulse[d].id.text, id) != 0)
			continue;
		s = source_find(p->source, p->sources, t->pulse[d].source);
		h->heard[s - p->source][trial >= p->trials / 2]++;
	}
}

static void untouched(struct position *p, struct hearers *h)
{
	struct one c = {.p = p, .mission = {.source = p->source,
		.source_count = p->sources}};

	memset(h, 0, sizeof *h);
	memory.used = 0;
	for (size_t k = 0; k < p->trials; k++) {
		struct fits fits = {keep_fit, &clean[k]};

		clean[k] = (struct clock_log){.arena = &memory};
		hear(&c, k, 0, &fits, 0);
		for (size_t i = 0; i < mades; i++)
			for (size_t q = 0; q < made[i].evidence_count; q++)
				note(p, k, made[i].evidence[q].text, h);
	}
}

static bool relog(void *self, const struct fit *x, struct fault *f)
{
	return clock_take(self, x, f);
}

static void judge(struct one *c)
{
	struct clock_log log = {.arena = &keep};
	struct fits fits = {keep_fit, &log}, again = {relog, &log};
	struct healths to = {keep_row, NULL};
	struct span all = {{0}, {INSTANT_MAX_NS - 1}};
	struct fault f = {0};
	bool place = c->kind->place && !c->kind->mid;

	keep.used = 0;
	rows = 0;
	for (size_t k = 0; k < c->p->trials; k++) {
		double late = late_s(c, k);

		if (late == 0 && !place)
			must(clock_each(&clean[k], &again, &f), &f);
		else
			hear(c, k, late, &fits, 0);
	}
	must(clock_judge(&log, &c->mission, all, &scratch, &to, &f), &f);
}

static void run(struct one *c, struct table *t)
{
	const char *id = c->p->source[c->source].id;
	bool named = false, either = false, flagged = false;

	judge(c);
	for (size_t i = 0; i < rows; i++) {
		bool mine = strcmp(row[i].source, id) == 0;

		named |= mine && row[i].state == HEALTH_QUARANTINED;
		either |= mine && row[i].state == HEALTH_DEGRADED;
		/* What always was so of a healthy path is no flag. */
		flagged |= !mine && strcmp(row[i].why, CLOCK_OR_PATH) != 0;
		if (verbose)
			printf("# %s %s %s: %s%s %s %.0f\n", c->p->name, id,
				c->kind->name, mine ? "" : row[i].source,
				mine ? "" : " FLAGGED", row[i].why,
				row[i].measure.value);
	}
	if (verbose && !named && !either)
		printf("# %s %s %s: -\n", c->p->name, id, c->kind->name);
	t->cases++;
	t->named += named;
	t->either += either && !named;
	t->flagged += flagged;
	for (size_t k = 0; k < c->p->trials; k++) {
		double late = late_s(c, k);
		struct landing here = {.known = false}, *x = alike(c, k, late);

		if (!x)
			x = &here;
		if (!x->known) {
			hear(c, k, late, NULL, rows);
			score(c, k, x);
		}
		add(x, c->p->trial[k].rounds, t);
	}
}

static void move(struct one *c)
{
	struct source *s = &c->p->source[c->source];
	struct frame f = frame_at(s->lat_deg, s->lon_deg);
	struct point q = frame_from(&f, (struct xy){
		FAR_M * m_sin(RAD(c->kind->size)),
		FAR_M * m_cos(RAD(c->kind->size))});

	s->lat_deg = q.lat_deg;
	s->lon_deg = q.lon_deg;
}

/* One case in so many. */
static void run_position(struct position *p, size_t stride, size_t first)
{
	static struct hearers h;
	static size_t n;

	untouched(p, &h);
	memset(sound, 0, sizeof sound);
	for (size_t s = 0; s < p->sources; s++) {
		memset(without, 0, sizeof without);
		if (h.heard[s][0] < HALF_LEAST || h.heard[s][1] < HALF_LEAST)
			continue;
		for (size_t k = 0; k < KINDS; k++) {
			struct source was = p->source[s];
			struct one c = {.p = p, .kind = &kinds[k], .source = s,
				.mission = {.source = p->source,
					.source_count = p->sources}};

			if (n++ % stride != first % stride)
				continue;
			if (kinds[k].place && !kinds[k].mid)
				move(&c);
			run(&c, &table[k]);
			p->source[s] = was;
		}
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct table *t)
{
	qsort(t->error, t->errors, sizeof *t->error, by_size);
	return t->errors ? t->error[t->errors / 2] : NAN;
}

static void print(void)
{
	int cases[2] = {0}, named[2] = {0}, flagged = 0, far = 0, found = 0;
	int rounds = 0, early = 0;
	double worst = 0;

	printf("# fault                        cases named either missed "
		"flagged  found   median  over 15 m\n");
	for (size_t k = 0; k < KINDS; k++) {
		struct table *t = &table[k];
		double mid = median(t);
		bool big = fabs(kinds[k].size) >= 250 || kinds[k].mid;

		if (t->cases == 0)
			continue;
		printf("# %-28s %5d %5d %6d %6d %7d  %d/%d %6.1f m %6.2f %%\n",
			kinds[k].name, t->cases, t->named, t->either,
			t->cases - t->named - t->either, t->flagged, t->found,
			t->rounds, mid, 100.0 * t->far / t->found);
		worst = fmax(worst, mid);
		flagged += t->flagged;
		far += t->far + t->wrong + t->rounds - t->found;
		found += t->found;
		rounds += t->rounds;
		if (big && !kinds[k].place) {
			cases[kinds[k].mid] += t->cases;
			named[kinds[k].mid] += t->named;
		}
		if (!big && !kinds[k].place)
			early += t->named;
	}
	CHECK(named[1] * 100 >= cases[1] * 95, "mid-session: %d of %d named",
		named[1], cases[1]);
	CHECK(named[0] * 100 >= cases[0] * 90,
		"always, from 250 ms on: %d of %d named", named[0], cases[0]);
	CHECK(early == 0, "below that a clock is not named outright: %d",
		early);
	CHECK(flagged == 0, "sound sensors flagged in %d cases", flagged);
	CHECK(worst < 8, "median error under 8 m: %.1f m", worst);
	CHECK(far * 100 <= rounds, "99 %% of rounds within 15 m: %d of %d are "
		"not (%d found)", far, rounds, found);
}

int main(int argc, char **argv)
{
	const char *data = check_data("acoustic/shotspotter-pittsburgh");
	struct fault f = {0};
#ifdef __SANITIZE_ADDRESS__
	size_t only = 0, stride = 61, first = 0; /* a quarter */
#else
	size_t only = POSITIONS, stride = 61, first = 0;
#endif

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-v") == 0)
			verbose = true;
		else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			stride = (size_t)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
			first = (size_t)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc)
			only = (size_t)strtoul(argv[++i], NULL, 10) - 1;
		else
			data = argv[i];
	}
	if (!data) {
		CHECK_SKIP("no acoustic/shotspotter-pittsburgh");
		return check_done();
	}
	if (!arena_map(&work, (size_t)1 << 28, &f) ||
		!arena_map(&keep, (size_t)1 << 30, &f) ||
		!arena_map(&scratch, (size_t)1 << 30, &f) ||
		!arena_map(&memory, (size_t)1 << 30, &f) || !fire_load(data))
		return 1;
	for (size_t i = 0; i < positions; i++)
		if (only == POSITIONS || only == i)
			run_position(&position[i], stride ? stride : 1, first);
	print();
	return check_done();
}
