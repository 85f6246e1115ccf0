/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * miniseed.c - our miniSEED decoder, and decoder with detector, beside
 * Debian's libmseed on the same bytes.  To the detector they are sixteen
 * channels, one after the other in the file, read by slices and heard side by
 * side as a replay does (roles/pending.h); beside it, one channel alone.  That
 * one hears 49 of the 50 pulses, all but that in which it starts, and
 * noise five times (it has a quota of that); of the sixteen the ninth
 * starts in a pulse too, and thresholds that start anew every 375 s are high
 * yet: 48, each of which the one hears at the same moment.
 *
 * A hundred minutes of a 500 Hz microphone, made by seed: noise of 30 counts
 * with a low swell, and a pulse every two minutes (30 an hour, the load test
 * of WAVEFORM.md 3.1); Steim 2 in 512-byte
 * records, version 2.  Turn by turn, 9 rounds, the process' CPU clock; the
 * ratio is of speeds, median over the rounds, over 1 when ours is faster. */
#include "../tests/mseed_write.h"
#include "base/maths.h"
#include "detect/detector.h"
#include "formats/format.h"
#include "roles/pending.h"

#include <libmseed.h>
#include <time.h>

extern const struct format format_miniseed;
extern const struct detector detector_stalta;

enum { RATE = 500, SAMPLES = RATE * 6000, ROUNDS = 9, RECORD = 512 };

static int32_t wave[SAMPLES];
static uint8_t *file;
static size_t records;

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void make_file(void)
{
	uint64_t z = 20260203;
	struct instant t = {INT64_C(1770091506000000000)};
	size_t at = 0;

	for (size_t i = 0; i < SAMPLES; i++) {
		double sum = -6; /* twelve uniforms: nearly normal */

		for (int k = 0; k < 4; k++) {
			z = z * UINT64_C(6364136223846793005) +
				UINT64_C(1442695040888963407);
			sum += (double)(z >> 48 & 0xffff) / 65536 +
				(double)(z >> 32 & 0xffff) / 65536 +
				(double)(z >> 40 & 0xffff) / 65536;
		}
		size_t since = i % (120 * RATE);
		double blast = 3000 * (1 - (double)since / 4) *
			m_exp(-(double)since / 4);
		wave[i] = (int32_t)(30 * sum + 200 * m_sin((double)(i %
			100000) * 2 * PI / 5000) + (since < 100 ? blast : 0));
	}
	file = malloc((SAMPLES / 103 + 2) * RECORD);
	if (!file)
		abort();
	for (; at < SAMPLES; records++) {
		size_t k = mseed2_record(file + records * RECORD,
			"NODE 00HDFXX", t, RATE, wave + at, SAMPLES - at);
		t = instant_plus_ns(t, (int64_t)k * (1000000000 / RATE));
		at += k;
	}
}

struct run {
	void *state; /* of the detector; NULL: decode only */
	size_t samples, detections, wrong;
	bool compare;
};

static bool detection(void *self, const struct detection *d, struct fault *f)
{
	struct run *r = self;

	(void)d;
	(void)f;
	r->detections++;
	return true;
}

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct run *r = self;
	struct detections out = {detection, r};

	if (r->compare)
		for (size_t i = 0; i < s->count; i++)
			r->wrong += s->counts[i] != wave[r->samples + i];
	r->samples += s->count;
	return !r->state || detector_stalta.segment(r->state, s, &out, f);
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)f;
	(void)length;
	fprintf(stderr, "byte %llu: %s\n", (unsigned long long)offset,
		why->text);
	exit(1);
}

static double ours(struct run *r)
{
	static uint8_t block[1 << 22];
	static const struct source source = {.id = "XX_NODE_00",
		.kind = SOURCE_ACOUSTIC, .sensitivity = 100};
	struct arena scratch = arena_on(block, sizeof block);
	struct intake in = {r, segment, observation, damage, false};
	struct origin o = {"", ""};
	struct detections out = {detection, r};
	struct fault f;
	double t;

	r->samples = r->detections = 0;
	if (r->state) {
		memset(r->state, 0, detector_stalta.state_size);
		detector_stalta.start(r->state, &source, NULL);
	}
	t = seconds();
	if (!format_miniseed.decode((struct bytes){file, records * RECORD}, &o,
		    &scratch, &in, &f) ||
		(r->state && !detector_stalta.finish(r->state, &out, &f)))
		exit(1);
	return seconds() - t;
}

/* -- sixteen side by side -- */

struct channel {
	struct pending pending;
	size_t at, end; /* bytes of the file */
};

static struct channel channel[STRANDS];

static bool wait_beside(void *self, const struct segment *s, struct fault *f)
{
	struct channel *c = self;

	return pending_add(&c->pending, s) ||
		fault(f, FAULT_LIMIT, "too many samples in a slice");
}

static bool read_on(struct channel *c, struct arena *scratch, struct fault *f)
{
	struct intake in = {c, wait_beside, observation, damage, false};
	struct origin o = {"", ""};
	bool ok = true;

	while (ok && c->at < c->end && (!pending_any(&c->pending) ||
			c->pending.samples < PENDING_ENOUGH)) {
		size_t n = c->end - c->at < PENDING_SLICE ? c->end - c->at
							  : PENDING_SLICE;

		ok = format_miniseed.decode((struct bytes){file + c->at, n},
			&o, scratch, &in, f);
		c->at += n;
	}
	return ok;
}

static void open_channels(struct arena *a)
{
	struct fault f;

	for (size_t i = 0; i < STRANDS; i++) {
		if (!pending_open(&channel[i].pending, a, &f) ||
			!(channel[i].pending.strand.state = arena_take(
				  a, detector_stalta.state_size, &f)))
			abort();
	}
}

static bool hear_all(struct arena *scratch, struct fault *f)
{
	struct pending *all[STRANDS];
	bool any = true, ok = true;

	for (size_t i = 0; i < STRANDS; i++)
		all[i] = &channel[i].pending;
	while (ok && any) {
		any = false;
		for (size_t i = 0; ok && i < STRANDS; i++) {
			if (!pending_any(all[i]))
				ok = read_on(&channel[i], scratch, f);
			any |= pending_any(all[i]);
		}
		ok = ok && pending_turn(all, STRANDS, &detector_stalta, f);
	}
	return ok;
}

static double abreast(struct run *r)
{
	static uint8_t block[1 << 22];
	static const struct source source = {.id = "XX_NODE_00",
		.kind = SOURCE_ACOUSTIC, .sensitivity = 100};
	struct arena scratch = arena_on(block, sizeof block);
	struct detections out = {detection, r};
	struct fault f;
	bool ok;
	double t;

	r->detections = 0;
	for (size_t i = 0; i < STRANDS; i++) {
		struct strand *q = &channel[i].pending.strand;

		memset(q->state, 0, detector_stalta.state_size);
		detector_stalta.start(q->state, &source, NULL);
		q->out = &out;
		channel[i].at = records * i / STRANDS * RECORD;
		channel[i].end = records * (i + 1) / STRANDS * RECORD;
	}
	t = seconds();
	ok = hear_all(&scratch, &f);
	for (size_t i = 0; ok && i < STRANDS; i++)
		ok = detector_stalta.finish(
			channel[i].pending.strand.state, &out, &f);
	if (!ok)
		exit(1);
	return seconds() - t;
}

static double theirs(bool compare)
{
	MSRecord *m = NULL;
	size_t samples = 0;
	double t = seconds();

	for (size_t i = 0; i < records; i++) {
		if (msr_unpack((char *)file + i * RECORD, RECORD, &m, 1, 0) !=
			MS_NOERROR)
			exit(1);
		if (compare && memcmp(m->datasamples, wave + samples,
				       4 * (size_t)m->numsamples) != 0)
			exit(1);
		samples += (size_t)m->numsamples;
	}
	t = seconds() - t;
	msr_free(&m);
	if (samples != SAMPLES)
		exit(1);
	return t;
}

static int order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(void)
{
	double decode[ROUNDS], detect[ROUNDS], one[ROUNDS], speed[4][ROUNDS];
	struct run plain = {.compare = true}, full = {0}, all = {0};
	struct arena work;
	struct fault f;

	make_file();
	full.state = malloc(detector_stalta.state_size);
	(void)theirs(true);
	(void)ours(&plain);
	if (!full.state || plain.wrong || plain.samples != SAMPLES ||
		!arena_map(&work, (size_t)64 << 20, &f)) {
		fprintf(stderr, "samples differ\n");
		return 1;
	}
	open_channels(&work);
	plain.compare = false;
	for (int i = 0; i < ROUNDS; i++) {
		double peer = theirs(false), a = ours(&plain);
		double b = ours(&full), c = abreast(&all);

		decode[i] = peer / a;
		one[i] = peer / b;
		detect[i] = peer / c;
		speed[0][i] = SAMPLES / peer / 1e6;
		speed[1][i] = SAMPLES / a / 1e6;
		speed[2][i] = SAMPLES / b / 1e6;
		speed[3][i] = SAMPLES / c / 1e6;
	}
	qsort(decode, ROUNDS, sizeof *decode, order);
	qsort(detect, ROUNDS, sizeof *detect, order);
	qsort(one, ROUNDS, sizeof *one, order);
	for (int k = 0; k < 4; k++)
		qsort(speed[k], ROUNDS, sizeof **speed, order);
	printf("miniseed decode  ours/libmseed %.2f\n", decode[ROUNDS / 2]);
	printf("miniseed to detections / libmseed decode %.2f; one channel "
		"alone %.2f\n", detect[ROUNDS / 2], one[ROUNDS / 2]);
	printf("# %d samples in %zu records, %zu detections (%zu alone); "
		"M samples/s: libmseed %.0f, ours %.0f, to detections %.0f, "
		"alone %.0f\n", SAMPLES, records, all.detections,
		full.detections, speed[0][ROUNDS / 2], speed[1][ROUNDS / 2],
		speed[3][ROUNDS / 2], speed[2][ROUNDS / 2]);
	arena_unmap(&work);
	free(full.state);
	free(file);
	return 0;
}
