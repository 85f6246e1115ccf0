/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * firms.c - how fast rows of FIRMS are read and validated, as a ratio to
 * pandas.read_csv() of the same file.
 *
 * A million rows by a fixed seed, ours and the yardstick in turn (A B A B),
 * CPU time of one core, the best of each; the row counts and the sums of
 * latitude, longitude and power must agree before a figure is printed.
 * Wanted: 4.  Needs Debian's python3-pandas; without it the figure stands
 * alone and the ratio is skipped, loudly. */
#include "formats/format.h"

#include <math.h>
#include <time.h>

enum { ROWS = 1000000, ROUNDS = 5, SIZE = 100 * ROWS };

struct sums {
	size_t rows, damage, power; /* where in the list it stands */
	double lat, lon, frp, seconds;
};

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct sums *s = self;

	(void)f;
	s->rows++;
	s->lat += o->place.lat_deg;
	s->lon += o->place.lon_deg;
	while (s->power < o->feature_count &&
		strcmp(o->feature[s->power].name, "frp_mw") != 0)
		s->power++;
	s->frp += s->power < o->feature_count ? o->feature[s->power].value :
		NAN;
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct sums *s = self;

	(void)why, (void)offset, (void)length, (void)f;
	s->damage++;
	return true;
}

static uint32_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

static size_t generate(char *at)
{
	static const char *const confidence[] = {"low", "nominal", "high"};
	uint64_t seed = 20220901;
	size_t n = (size_t)snprintf(at, SIZE, "latitude,longitude,bright_ti4,"
		"scan,track,acq_date,acq_time,satellite,confidence,version,"
		"bright_ti5,frp,daynight\n");

	for (int i = 0; i < ROWS; i++) {
		unsigned a = next(&seed), b = next(&seed), c = next(&seed);

		n += (size_t)snprintf(at + n, SIZE - n, "%u.%05u,%u.%05u,"
			"%u.%02u,0.%02u,0.%02u,2022-%02u-%02u,%02u%02u,N,%s,"
			"2.0NRT,%u.%02u,%u.%02u,%c\n", 35 + a % 30,
			a / 32 % 100000, b % 40, b / 64 % 100000,
			295 + c % 70, a % 100, 36 + b % 44, 36 + c % 40,
			1 + (unsigned)i / 90000, 1 + (unsigned)i / 3100 % 28,
			a % 24, b % 60, confidence[c / 128 % 3], 270 + a % 40,
			b % 100, c % 60, a % 100, c % 2 ? 'D' : 'N');
	}
	return n;
}

static double cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct sums ours(struct bytes in)
{
	static uint8_t block[1 << 20];
	struct arena a = arena_on(block, sizeof block);
	struct sums s = {0};
	struct intake to = {&s, NULL, observation, damage, false};
	struct origin o = {"", ""};
	struct fault f = {0};
	double t = cpu();

	if (!format_named("firms")->decode(in, &o, &a, &to, &f)) {
		printf("firms: %s\n", f.text);
		exit(1);
	}
	s.seconds = cpu() - t;
	return s;
}

static bool pandas(const char *path, struct sums *s)
{
	char command[700];
	FILE *p;
	int n;

	(void)snprintf(command, sizeof command, "/usr/bin/python3 -c '"
		"import time,pandas\n"
		"t=time.process_time();d=pandas.read_csv(\"%s\")\n"
		"t=time.process_time()-t\n"
		"print(len(d),d.latitude.sum(),d.longitude.sum(),d.frp.sum(),t"
		")' 2>/dev/null", path);
	*s = (struct sums){0};
	if (!(p = popen(command, "r")))
		return false;
	n = fscanf(p, "%zu %lf %lf %lf %lf", &s->rows, &s->lat, &s->lon,
		&s->frp, &s->seconds);
	return pclose(p) == 0 && n == 5;
}

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-9 * (fabs(a) + 1);
}

int main(void)
{
	char path[] = "/tmp/truce-firms-XXXXXX";
	char *at = malloc(SIZE);
	int fd = mkstemp(path);
	FILE *out = fd >= 0 ? fdopen(fd, "wb") : NULL;
	double best = INFINITY, peer = INFINITY;
	bool there = true, same = true;

	if (!at || !out)
		return 1;
	size_t n = generate(at);
	same = fwrite(at, 1, n, out) == n && fclose(out) == 0;
	for (int i = 0; i < ROUNDS && same; i++) {
		struct sums a = ours((struct bytes){(uint8_t *)at, n}), b;

		best = fmin(best, a.seconds);
		same = a.rows == ROWS && a.damage == 0;
		there = there && pandas(path, &b);
		if (!there || !same)
			continue;
		peer = fmin(peer, b.seconds);
		same = a.rows == b.rows && near(a.lat, b.lat) &&
			near(a.lon, b.lon) && near(a.frp, b.frp);
	}
	(void)remove(path);
	free(at);
	if (!same) {
		printf("firms: rows or sums differ: no figure\n");
		return 1;
	}
	printf("firms: %.2f M rows/s read and validated\n", ROWS / best * 1e-6);
	if (there)
		printf("firms: %.1f x pandas.read_csv (%.2f M rows/s); wanted "
			"4\n", peer / best, ROWS / peer * 1e-6);
	else
		printf("firms: SKIP ratio to pandas: no python3-pandas\n");
	return there && peer / best < 4;
}
