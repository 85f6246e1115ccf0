/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sandbox.c - what a parser's child costs beside the same decoder here: the
 * samples of miniSEED (Steim 2, 512-byte records, noise of 30 counts), as a
 * replay reads them hour by hour, and the headers alone.  Processor time of
 * parent and child together, turn by turn, median of 7 rounds. */
#include "../tests/mseed_write.h"
#include "parser/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { RATE = 100, SAMPLES = RATE * 3600, FILES = 24, ROUNDS = 7,
	RECORD = 512 };

static int32_t wave[SAMPLES];
static uint8_t file[(SAMPLES / 100 + 2) * RECORD];
static size_t size;
static struct arena scratch;

static double spent_of(int who)
{
	struct rusage u;

	if (getrusage(who, &u) != 0)
		exit(1);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double spent(void)
{
	return spent_of(RUSAGE_SELF) + spent_of(RUSAGE_CHILDREN);
}

static void make_file(void)
{
	struct instant t = {INT64_C(1770091506000000000)};
	uint64_t z = 20260203;

	for (size_t i = 0; i < SAMPLES; i++) {
		z = z * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
		wave[i] = (int32_t)(z >> 58) - 32 + (int32_t)(z >> 40 & 31);
	}
	for (size_t at = 0; at < SAMPLES && size + RECORD <= sizeof file;
		size += RECORD) {
		size_t k = mseed2_record(file + size, "NODE 00HDFXX", t, RATE,
			wave + at, SAMPLES - at);

		t = instant_plus_ns(t, (int64_t)k * (1000000000 / RATE));
		at += k;
	}
}

static bool sum(void *self, const struct segment *s, struct fault *f)
{
	uint64_t *n = self;

	(void)f;
	*n += s->count ? s->count : s->declared;
	return true;
}

/* Seconds; all: by a child, which is waited for. */
static double decode(bool child, bool headers)
{
	static const struct origin o = {"", ""};
	uint64_t n = 0;
	const struct intake in = {&n, sum, intake_no_observation,
		intake_no_damage, headers};
	struct parse p = {.format = format_named("miniseed"),
		.in = {file, size}, .origin = &o, .scratch = &scratch};
	struct parsers *all = NULL;
	struct sandbox hold;
	struct fault f = {0};
	double from = spent();

	if (child && (!parsers_open(&all, NULL, &f) ||
		!parsers_hold(all, &hold, &f)))
		exit(1);
	for (int i = 0; i < FILES; i++) {
		scratch.used = 0;
		if (child ? !parsers_decode(all, &p, &in, &f) :
			!p.format->decode(p.in, &o, &scratch, &in, &f)) {
			fprintf(stderr, "%s\n", f.text);
			exit(1);
		}
	}
	parsers_close(all);
	return n == (uint64_t)FILES * SAMPLES ? spent() - from : 0;
}

static int order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(void)
{
	double here[2][ROUNDS], more[2][ROUNDS];
	struct fault f;

	if (!arena_map(&scratch, (size_t)1 << 28, &f))
		return 1;
	make_file();
	for (int i = 0; i < ROUNDS; i++)
		for (int headers = 0; headers < 2; headers++) {
			double a = decode(false, headers);
			double b = decode(true, headers);

			here[headers][i] = a * 1e9 / FILES / SAMPLES;
			more[headers][i] = (b - a) * 1e9 / FILES / SAMPLES;
		}
	for (int k = 0; k < 2; k++) {
		qsort(here[k], ROUNDS, sizeof **here, order);
		qsort(more[k], ROUNDS, sizeof **more, order);
	}
	printf("parser child, samples: %.2f ns a sample beside %.2f of the "
		"decoder\n", more[0][ROUNDS / 2], here[0][ROUNDS / 2]);
	printf("parser child, headers: %.2f ns a sample beside %.2f\n",
		more[1][ROUNDS / 2], here[1][ROUNDS / 2]);
	printf("# beside 4 to 5 ns from file to detections "
		"(bench/miniseed.c); %d hours at %d Hz, %zu bytes each, the "
		"child's start included\n", FILES, RATE, size);
	return 0;
}
