/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pittsburgh.c - the associator and locator against surveyed police shots
 * (ShotSpotter Tech Note 098; ../shared/data/.../SOURCE.md), from the pulses
 * that the sensors picked.  Constants were set on FP1 and FP2; FP3 and FP4
 * (and whatever positions there are beside them) are the examination.
 *
 *     pittsburgh [-v] [DATA]      -v lists every round */
#include <dirent.h>
#include <string.h>
#include <time.h>

#include "base/maths.h"
#include "base/tree.h"
#include "check.h"
#include "geo/frame.h"
#include "locate/locate.h"

enum { POSITIONS = 9, SENSORS = 400, TESTS = 200, PULSES = 4096, FOUND = 64,
	NEAR = 12, FEW = 6 };
/* The survey is good to 2.5 m an axis. */
#define SURVEY_M 2.5
#define SCRAMBLE_S 3.0

struct trial {
	char name[32], path[400];
	int rounds;
	double x, y, z;
	struct weather weather;
	struct detection *pulse;
	size_t pulses;
};

struct position {
	char name[16];
	struct source source[SENSORS];
	size_t sources;
	struct trial trial[TESTS];
	size_t trials;
	double x0, y0; /* local metres of the anchor */
	struct frame frame;
};

static struct position position[POSITIONS];
static size_t positions;
static struct arena memory, work;
static bool verbose;

struct found {
	struct incident incident[FOUND];
	size_t count;
};

static const struct tree *json_of(const char *path)
{
	const struct tree *t = NULL;
	struct fault f = {0};
	size_t len;
	unsigned char *at;

	if (access(path, R_OK) != 0)
		return NULL;
	at = check_file(path, &len);
	if (!tree_read((struct bytes){at, len}, &memory, &t, &f)) {
		printf("# %s: %s\n", path, f.text);
		return NULL;
	}
	free(at);
	return t;
}

static void *take(size_t n)
{
	struct fault f = {0};
	void *p = arena_take(&memory, n, &f);

	if (!p)
		abort();
	return p;
}

static const char *keep(const char *s)
{
	char *p = take(strlen(s) + 1);

	memcpy(p, s, strlen(s) + 1);
	return p;
}

static struct source *sensor(struct position *p, const struct tree *pulse)
{
	const struct tree *at = tree_get(pulse, "location");
	const char *id = tree_text(pulse, "serial_number");
	struct source *s;
	struct point q;

	for (size_t i = 0; i < p->sources; i++)
		if (strcmp(p->source[i].id, id) == 0)
			return &p->source[i];
	if (p->sources == 0) {
		p->x0 = floor(tree_number(at, "x"));
		p->y0 = floor(tree_number(at, "y"));
	}
	q = frame_from(&p->frame, (struct xy){tree_number(at, "x") - p->x0,
					  tree_number(at, "y") - p->y0});
	s = &p->source[p->sources++];
	*s = (struct source){.id = keep(id), .kind = SOURCE_ACOUSTIC,
		.lat_deg = q.lat_deg, .lon_deg = q.lon_deg,
		.elev_m = 400 + tree_number(at, "z"), .rate_hz = NAN,
		.sensitivity = NAN, .owner = "mission", .host_party = "",
		.installed = INSTANT_UNKNOWN, .position_err_m = 2,
		.public_key = "", .array = ""};
	return s;
}

static void read_pulses(struct position *p, struct trial *t)
{
	char path[512];
	const struct tree *list;

	(void)snprintf(path, sizeof path, "%s.allpulses.json", t->path);
	list = json_of(path);
	t->pulse = take(PULSES * sizeof *t->pulse);
	for (list = list ? list->first : NULL; list; list = list->next) {
		struct detection *d = &t->pulse[t->pulses++];
		struct feature *f = take(2 * sizeof *f);

		*d = detection_new();
		d->source = sensor(p, list)->id;
		d->modality = MODALITY_ACOUSTIC;
		d->at = tree_time(list, "arrival_time_utc");
		d->sigma_s = 0.001;
		d->snr = tree_number(list, "signal_to_noise_dB");
		f[0] = (struct feature){
			"level_db", tree_number(list, "power_dB_SPL")};
		d->feature = f;
		d->feature_count = 1;
		d->cite.offset = t->pulses;
		detection_name(d);
	}
}

/* folder: of the position */
static void read_trial(struct position *p, const char *folder, const char *name)
{
	struct trial *t = &p->trial[p->trials];
	const struct tree *s, *w, *at;
	char path[512];

	(void)snprintf(t->name, sizeof t->name, "%s", name);
	(void)snprintf(t->path, sizeof t->path, "%.300s/%.32s/%.32s", folder,
		name, name);
	(void)snprintf(path, sizeof path, "%s.survey.json", t->path);
	if (!(s = json_of(path)))
		return;
	p->trials++;
	t->rounds = (int)tree_i64(s, "num_rounds", 0);
	at = tree_get(s, "survey_location");
	t->x = tree_number(at, "x");
	t->y = tree_number(at, "y");
	t->z = 400 + tree_number(at, "z");
	(void)snprintf(path, sizeof path, "%s.weather.json", t->path);
	w = json_of(path);
	t->weather = (struct weather){
		.at = tree_time(w, "observation_time"), .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = tree_number(w, "temperature"),
		.pressure_pa = NAN, .humidity_pct = NAN,
		.wind_ms = tree_number(w, "speed"),
		.wind_from_deg = tree_number(w, "direction")};
	read_pulses(p, t);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((const char *)a, (const char *)b);
}

static size_t folders(const char *path, const char *start, char (*out)[32],
	size_t most)
{
	DIR *d = opendir(path);
	struct dirent *e;
	size_t n = 0;

	while (d && n < most && (e = readdir(d)))
		if (strncmp(e->d_name, start, strlen(start)) == 0)
			(void)snprintf(out[n++], 32, "%.31s", e->d_name);
	if (d)
		(void)closedir(d);
	qsort(out, n, 32, by_name);
	return n;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->id,
		((const struct source *)b)->id);
}

static int by_moment(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void load(const char *data)
{
	char fp[POSITIONS][32], test[TESTS][32], path[512];

	positions = folders(data, "FP", fp, POSITIONS);
	for (size_t i = 0; i < positions; i++) {
		struct position *p = &position[i];
		size_t n;

		(void)snprintf(p->name, sizeof p->name, "%.15s", fp[i]);
		p->frame = frame_at(40.44 + 0.5 * (double)i, -80);
		(void)snprintf(path, sizeof path, "%.300s/%s", data, p->name);
		n = folders(path, "test_", test, TESTS);
		for (size_t k = 0; k < n; k++)
			read_trial(p, path, test[k]);
		qsort(p->source, p->sources, sizeof *p->source, by_id);
	}
}

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	if (out->count == FOUND)
		return fault(f, FAULT_LIMIT, "too many incidents");
	out->incident[out->count++] = *i;
	return true;
}

static void run(const struct position *p, const struct trial *t,
	struct detection *d, struct found *out)
{
	struct mission m = {.source = p->source, .source_count = p->sources};
	struct network net = {
		.mission = &m, .weather = &t->weather, .weather_count = 1};
	struct incidents to = {put, out};
	struct fault f = {0};

	out->count = 0;
	work.used = 0;
	qsort(d, t->pulses, sizeof *d, by_moment);
	if (!locate_sound(&net, d, t->pulses, &work, &to, &f)) {
		CHECK(false, "%s/%s: %s", p->name, t->name, f.text);
		exit(1);
	}
}

struct score {
	int rounds, found, wrong, tests, right, inside;
	double error[8192];
	size_t errors;
	/* Of the places, m: sums, and the variance that is said to be each
	 * round's own. */
	double x, y, xx, yy, own;
};

/* Whether the truth, with its own error, lies in the 90 % ellipse. */
static bool holds(const struct incident *i, double dx, double dy)
{
	const struct ellipse *e = &i->place.region.ellipse;
	double az = RAD(e->azimuth_deg), own = SURVEY_M * REGION_SIGMA_90;
	double along = dx * m_sin(az) + dy * m_cos(az);
	double across = dx * m_cos(az) - dy * m_sin(az);
	double a2 = e->semi_major_m * e->semi_major_m + own * own;
	double b2 = e->semi_minor_m * e->semi_minor_m + own * own;

	return along * along / a2 + across * across / b2 <= 1;
}

/* Variance of the place, both axes, that other rounds from there do not share,
 * m2. */
static double own_var(const struct incident *i)
{
	const struct ellipse *e = &i->place.region.ellipse;
	double shared = feature_of(i->feature, i->feature_count,
		"error_shared");

	return (1 - shared) * (e->semi_major_m * e->semi_major_m +
		e->semi_minor_m * e->semi_minor_m) /
		(REGION_SIGMA_90 * REGION_SIGMA_90);
}

static void judge(const struct position *p, const struct trial *t,
	const struct found *found, struct score *s)
{
	int near = 0;

	for (size_t i = 0; i < found->count; i++) {
		const struct incident *q = &found->incident[i];
		struct xy at = frame_to(
			&p->frame, q->place.lat_deg, q->place.lon_deg);
		double dx = at.x_m + p->x0 - t->x, dy = at.y_m + p->y0 - t->y;
		double e = sqrt(dx * dx + dy * dy);
		bool in = holds(q, dx, dy), hit = e < 25 && near < t->rounds;
		char text[INSTANT_TEXT];

		if (verbose)
			printf("# %s/%s %s %s %6.1f m (%+.1f %+.1f) %zu "
				"picks %zu silent score %.1f  %.1f x %.1f %s\n",
				p->name, t->name,
				instant_print(q->at, 3, text) + 11,
				hit ? "hit  " : "FALSE", e, dx, dy,
				q->evidence_count, q->silent_count,
				q->feature[0].value,
				q->place.region.ellipse.semi_major_m,
				q->place.region.ellipse.semi_minor_m,
				in ? "in" : "OUT");
		if (!hit) {
			s->wrong++;
			continue;
		}
		near++;
		s->error[s->errors++] = e;
		s->inside += in;
		s->x += dx;
		s->y += dy;
		s->xx += dx * dx;
		s->yy += dy * dy;
		s->own += own_var(q);
	}
	s->tests++;
	s->rounds += t->rounds;
	s->found += near;
	s->right += (int)found->count == t->rounds;
	if (verbose && (int)found->count != t->rounds)
		printf("# %s/%s: %d rounds, %zu incidents\n", p->name, t->name,
			t->rounds, found->count);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(struct score *s, double q)
{
	size_t i = (size_t)(q * (double)s->errors);

	qsort(s->error, s->errors, sizeof *s->error, by_size);
	return s->errors ? s->error[i < s->errors ? i : s->errors - 1] : NAN;
}

static void print(const char *name, struct score *s)
{
	double mid = quantile(s, 0.5), p95 = quantile(s, 0.95);

	printf("# %-8s %6d %5d %5d  %3d/%-3d %8.1f %6.1f    %3.0f %%\n", name,
		s->rounds, s->found, s->wrong, s->right, s->tests, mid, p95,
		100.0 * s->inside / (s->found ? s->found : 1));
}

static struct score all;

/* How far the rounds of each position scatter about their mean, and by how
 * much they are said to, metres an axis. */
static void add_scatter(const struct score *s, double *is2, double *said2)
{
	*is2 += s->xx - s->x * s->x / s->found + s->yy - s->y * s->y / s->found;
	*said2 += s->own;
}

static void table(void)
{
	static struct found found;
	double is2 = 0, said2 = 0;
	clock_t from = clock();
	double s;
	size_t pulses = 0;

	printf("# position rounds found false  right/of   median p95, m   "
		"in 90 %%\n");
	for (size_t i = 0; i < positions; i++) {
		static struct score one;

		memset(&one, 0, sizeof one);
		for (size_t k = 0; k < position[i].trials; k++) {
			struct trial *t = &position[i].trial[k];

			run(&position[i], t, t->pulse, &found);
			judge(&position[i], t, &found, &one);
			judge(&position[i], t, &found, &all);
			pulses += t->pulses;
		}
		print(position[i].name, &one);
		add_scatter(&one, &is2, &said2);
	}
	print("all", &all);
	printf("# rounds of one position scatter by %.2f m an axis, said to by "
		"%.2f\n", sqrt(is2 / 2 / all.found),
		sqrt(said2 / 2 / all.found));
	CHECK(is2 <= 2 * said2 && is2 * 9 >= said2,
		"what rounds of one place do not share is as stated");
	s = (double)(clock() - from) / CLOCKS_PER_SEC;
	printf("# %zu pulses in %.2f s: %.0f/s, %.1f ms a round\n", pulses, s,
		(double)pulses / s, 1000 * s / all.found);
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Each sensor's times moved by its own +-3 s: what is found is false.  The
 * set has no quiet hour; this is its test of false alarms. */
static void scramble(size_t from, size_t to, int draws)
{
	static struct detection d[PULSES];
	static struct found found;
	int tests = 0, false_in = 0, n = 0;
	double best[5] = {0};

	for (size_t i = from; i < to && i < positions; i++)
		for (size_t k = 0; k < position[i].trials; k++)
			for (int r = 0; r < draws; r++) {
				struct position *p = &position[i];
				struct trial *t = &p->trial[k];

				memcpy(d, t->pulse, t->pulses * sizeof *d);
				for (size_t q = 0; q < t->pulses; q++) {
					uint64_t h = 0;
					const char *c = d[q].source;

					while (*c)
						h = mix(h * 31 +
							(uint64_t)*c++);
					h = mix(h + k * 1000 + (uint64_t)r);
					d[q].at = instant_plus_s(d[q].at,
						SCRAMBLE_S * (2 * (double)(h >>
							11) * 0x1p-53 - 1));
				}
				run(p, t, d, &found);
				tests++;
				n += (int)found.count;
				false_in += found.count > 0;
				for (size_t q = 0; q < found.count; q++) {
					double v = found.incident[q]
							   .feature[0].value;

					for (int b = 0; b < 5; b++) {
						double was = best[b];

						best[b] = fmax(was, v);
						v = fmin(was, v);
					}
				}
			}
	printf("# scrambled %zu-%zu: %d of %d tests, %d incidents, best %.1f "
		"%.1f %.1f %.1f %.1f\n", from, to, false_in, tests, n, best[0],
		best[1], best[2], best[3], best[4]);
	/* One in fifty of islands that hold nothing but echoes and noise. */
	CHECK(false_in * 50 <= tests, "scrambled sensors: %d of %d", false_in,
		tests);
}

/* The sources of the twelve nearest to a shot, six of them drawn: what is
 * there where sound is recorded (six microphones a test). */
static void draw_ears(const struct position *p, const struct trial *t,
	uint64_t seed, struct position *out)
{
	bool near[SENSORS] = {false};
	size_t n = 0;

	for (int k = 0; k < NEAR; k++) {
		double least = INFINITY;
		size_t best = 0;

		for (size_t i = 0; i < p->sources; i++) {
			struct xy q = frame_to(&p->frame, p->source[i].lat_deg,
				p->source[i].lon_deg);
			double dx = q.x_m + p->x0 - t->x;
			double dy = q.y_m + p->y0 - t->y;

			if (!near[i] && dx * dx + dy * dy < least) {
				least = dx * dx + dy * dy;
				best = i;
			}
		}
		near[best] = true;
	}
	for (size_t i = 0, left = NEAR; i < p->sources; i++) {
		if (!near[i])
			continue;
		seed = mix(seed + i);
		if (seed % left-- < FEW - n)
			out->source[n++] = p->source[i];
	}
	out->sources = n;
	out->frame = p->frame;
	out->x0 = p->x0;
	out->y0 = p->y0;
}

static size_t six_pulses(const struct position *six, const struct trial *t,
	struct detection *d)
{
	size_t n = 0;

	for (size_t i = 0; i < t->pulses; i++)
		for (size_t k = 0; k < six->sources; k++)
			if (strcmp(t->pulse[i].source, six->source[k].id) == 0)
				d[n++] = t->pulse[i];
	return n;
}

/* Six drawn ears, as where sound is recorded: how often a round is found, and
 * within 10 m.  Each position is shown by itself: constants that were set on
 * some of them show here what they do to the others. */
static void few(int draws)
{
	static struct position six;
	static struct detection d[PULSES];
	static struct found found;
	int rounds = 0, hits = 0, wrong = 0;

	printf("# six ears  rounds found within 10 m false   median p95, m   "
		"in 90 %%\n");
	for (size_t i = 0; i < positions; i++) {
		static struct score one;
		size_t tries = position[i].trials * (size_t)draws, near = 0;

		memset(&one, 0, sizeof one);
		for (size_t k = 0; k < tries; k++) {
			struct trial t = position[i].trial[k / (size_t)draws];

			draw_ears(&position[i], &t, mix(k + 1), &six);
			t.pulses = six_pulses(&six, &t, d);
			run(&six, &t, d, &found);
			judge(&six, &t, &found, &one);
		}
		for (size_t k = 0; k < one.errors; k++)
			near += one.error[k] <= 10;
		printf("# %-8s %8d %5d %11zu %5d %8.1f %6.1f    %3.0f %%\n",
			position[i].name, one.rounds, one.found, near,
			one.wrong, quantile(&one, 0.5), quantile(&one, 0.95),
			100.0 * one.inside / (one.found ? one.found : 1));
		rounds += one.rounds;
		hits += one.found;
		wrong += one.wrong;
	}
	CHECK(hits * 4 >= rounds * 3, "six ears find three rounds in four");
	CHECK(wrong * 20 <= hits, "of what six ears find, 95 %% within 25 m");
}

int main(int argc, char **argv)
{
	const char *data = check_data("acoustic/shotspotter-pittsburgh");
	struct fault f = {0};

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "-v") == 0)
			verbose = true;
		else
			data = argv[i];
	if (!data) {
		CHECK_SKIP("no acoustic/shotspotter-pittsburgh");
		return check_done();
	}
	if (!arena_map(&memory, (size_t)1 << 30, &f) ||
		!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	load(data);
	table();
	CHECK(all.found * 100 >= all.rounds * 95, "95 %% of rounds found");
	CHECK(all.right * 100 >= all.tests * 95, "count right in 95 %%");
	CHECK(all.wrong == 0, "no false incident");
	CHECK(quantile(&all, 0.5) < 6, "median under 6 m");
	CHECK(quantile(&all, 0.95) < 10, "95 %% within 10 m");
	/* The errors of one position are alike: with four positions the share
	 * says that regions are not too small, and cannot say more. */
	CHECK(all.inside * 100 >= all.found * 85,
		"90 %% regions hold at least 85 %% of shots (%zu positions)",
		positions);
	few(10);
	scramble(0, 2, 2);
	scramble(2, positions, 2);
	return check_done();
}
