/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_abreast.c - channels that are heard side by side give what each gives
 * alone, byte for byte: rates, levels, gaps, overlaps and what is no number by
 * chance, and by chance how much of each waits when. */
#include "base/maths.h"
#include "check.h"
#include "detect/abreast.h"
#include "detect/detector.h"

extern const struct detector detector_stalta;

enum { SAMPLES = 60000, SEGMENTS = 400, CHANNELS = STRANDS };

struct wave { /* of a channel */
	double rate_hz;
	int32_t counts[SAMPLES];
	float values[SAMPLES];
	struct segment segment[SEGMENTS];
	size_t segments;
};

struct told {
	char *text;
	size_t used, room, detections, ambients;
};

static struct wave wave[CHANNELS];
static struct told alone[CHANNELS], beside[CHANNELS];
static uint64_t seed = 11;

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) / 9007199254740992.0;
}

static size_t below(size_t n)
{
	return (size_t)(uniform() * (double)n);
}

static void note(struct told *t, const void *at, size_t n)
{
	if (t->used + n > t->room) {
		t->room = 2 * t->room + n;
		t->text = realloc(t->text, t->room);
		if (!t->text)
			abort();
	}
	memcpy(t->text + t->used, at, n);
	t->used += n;
}

static bool take_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct told *t = self;

	(void)f;
	t->detections++;
	note(t, d->id.text, strlen(d->id.text));
	note(t, &d->at, sizeof d->at);
	note(t, &d->sigma_s, sizeof d->sigma_s);
	note(t, &d->amplitude, sizeof d->amplitude);
	note(t, &d->frequency_hz, sizeof d->frequency_hz);
	note(t, &d->cite.offset, sizeof d->cite.offset);
	for (size_t i = 0; i < d->feature_count; i++) {
		note(t, d->feature[i].name, strlen(d->feature[i].name));
		note(t, &d->feature[i].value, sizeof d->feature[i].value);
	}
	return true;
}

static bool take_ambient(void *self, const struct ambient *a, struct fault *f)
{
	struct told *t = self;

	(void)f;
	t->ambients++;
	note(t, &a->span, sizeof a->span);
	note(t, &a->busy_hz, sizeof a->busy_hz);
	for (size_t i = 0; i < a->bands; i++) {
		note(t, &a->band[i].noise_db, sizeof a->band[i].noise_db);
		note(t, &a->band[i].on_db, sizeof a->band[i].on_db);
	}
	return true;
}

/* Noise with bangs, a dead stretch now and then, cut by chance; between two
 * segments sometimes a gap, or what was sent already. */
static void make_wave(struct wave *w, double rate_hz, double level)
{
	struct instant t = {INT64_C(1770091506000000000)};
	size_t at = 0, every = 3000 + below(9000);

	w->rate_hz = rate_hz;
	w->segments = 0;
	for (size_t i = 0; i < SAMPLES; i++) {
		double sum = uniform() + uniform() + uniform() + uniform() - 2;
		double bang = i % every < 40 ? 60 * uniform() : 0;

		if (i / 5000 % 7 == 3 && rate_hz > 400)
			sum = 0;
		w->counts[i] = (int32_t)(level * (sum + bang));
		w->values[i] = below(20000) ? (float)w->counts[i] : NAN;
	}
	while (at < SAMPLES && w->segments < SEGMENTS) {
		size_t n = 1 + below(700), chance = below(60);
		struct segment *s = &w->segment[w->segments++];
		bool counts = below(8) > 0;

		n = n < SAMPLES - at ? n : SAMPLES - at;
		if (chance == 0)
			t = instant_plus_s(t, 5 * uniform());
		if (chance == 1 && at > 1000) {
			at -= 500;
			t = instant_plus_s(t, -500 / rate_hz);
		}
		*s = (struct segment){.channel = "X", .start = t,
			.rate_hz = rate_hz, .count = n, .scale = 0.01,
			.counts = counts ? w->counts + at : NULL,
			.values = counts ? NULL : w->values + at,
			.time_quality = NAN,
			.cite = {.offset = w->segments * 512, .length = 512}};
		t = segment_time(s, n);
		at += n;
	}
}

static void *state_for(size_t c, const struct ambients *to)
{
	static struct source source[CHANNELS];
	void *state = calloc(1, detector_stalta.state_size);

	if (!state)
		abort();
	source[c] = (struct source){.id = "X", .kind = SOURCE_ACOUSTIC,
		.sensitivity = 100};
	detector_stalta.start(state, &source[c], NULL);
	detector_stalta.listen(state, to);
	return state;
}

static void hear_alone(size_t c)
{
	struct detections out = {take_detection, &alone[c]};
	struct ambients to = {take_ambient, &alone[c]};
	void *state = state_for(c, &to);
	struct fault f;

	for (size_t i = 0; i < wave[c].segments; i++)
		CHECK_QUIET(detector_stalta.segment(
			state, &wave[c].segment[i], &out, &f), "segment");
	CHECK_QUIET(detector_stalta.finish(state, &out, &f), "finish");
	free(state);
}

/* Each gets some segments when it has none left. */
static void hear_beside(size_t count)
{
	struct strand strand[CHANNELS], *all[CHANNELS];
	struct detections out[CHANNELS];
	struct ambients to[CHANNELS];
	size_t given[CHANNELS] = {0}, n = 1;
	struct fault f;

	for (size_t c = 0; c < count; c++) {
		out[c] = (struct detections){take_detection, &beside[c]};
		to[c] = (struct ambients){take_ambient, &beside[c]};
		strand[c] = (struct strand){
			.state = state_for(c, &to[c]), .out = &out[c]};
	}
	while (n > 0) {
		n = 0;
		for (size_t c = 0; c < count; c++) {
			size_t some = 1 + below(30);
			size_t left = wave[c].segments - given[c];

			some = some < left ? some : left;
			if (strand[c].segments == 0) {
				strand[c].segment = wave[c].segment + given[c];
				strand[c].segments = some;
				strand[c].at = strand[c].end = 0;
				given[c] += some;
			}
			if (strand[c].segments > 0)
				all[n++] = &strand[c];
		}
		CHECK_QUIET(detector_stalta.abreast(all, n, &f), "abreast");
	}
	for (size_t c = 0; c < count; c++) {
		CHECK_QUIET(detector_stalta.finish(
			strand[c].state, &out[c], &f), "finish");
		free(strand[c].state);
	}
}

static void forget(struct told *t)
{
	free(t->text);
	*t = (struct told){.text = NULL};
}

static void test_same(const char *what, size_t count, const double *rate,
	size_t rates)
{
	size_t wrong = 0, detections = 0, ambients = 0;

	for (size_t c = 0; c < count; c++) {
		make_wave(&wave[c], rate[c % rates],
			20 * (1 + 100 * uniform() * uniform()));
		hear_alone(c);
	}
	hear_beside(count);
	for (size_t c = 0; c < count; c++) {
		const struct told *a = &alone[c], *b = &beside[c];

		wrong += a->used != b->used ||
			(a->used && memcmp(a->text, b->text, a->used));
		detections += a->detections;
		ambients += a->ambients;
		forget(&alone[c]);
		forget(&beside[c]);
	}
	CHECK(wrong == 0 && detections > 2 * count && ambients > 0,
		"%s, %zu side by side: %zu detections, %zu of noise; %zu "
		"channels differ", what, count, detections, ambients, wrong);
}

static void nothing(void *self, size_t lane, uint64_t a, uint64_t b)
{
	(void)self;
	(void)lane;
	(void)a;
	(void)b;
}

/* Who lies in the set, when all are calm and one is of another rate. */
static void test_who(void)
{
	static struct bank bank[CHANNELS];
	static const struct band bands[KERNEL_LANES] = {
		{200, 1000, 0.01, 2}, {2, 15, 0.1, 10}, {10, 60, 0.05, 5},
		{40, 200, 0.02, 2}};
	struct abreast side = {.in = 0};
	struct abreast_block b[CHANNELS];
	float x[KERNEL_BLOCK];

	memset(bank, 0, sizeof bank);
	for (size_t c = 0; c < CHANNELS; c++) {
		memcpy(bank[c].nominal, bands, sizeof bands);
		bank_start(&bank[c], c == 0 ? 250 : 500, 1.0 / 12);
		b[c] = (struct abreast_block){
			&bank[c], x, {nothing, nothing, NULL}};
	}
	for (size_t n = 0; n < 200; n++) {
		for (size_t i = 0; i < KERNEL_BLOCK; i++)
			x[i] = (float)(below(61) + below(61)) - 60;
		abreast_blocks(&side, b, CHANNELS);
	}
	CHECK(side.in == 0xfffe, "fifteen of one rate lie side by side, the "
		"first alone: %04x", side.in);
	b[3].x = NULL;
	abreast_blocks(&side, b, CHANNELS);
	abreast_out(&side, 3, &bank[3]);
	CHECK(side.in == 0xfff6 && bank[4].samples == 201 * KERNEL_BLOCK &&
		bank[3].samples == 200 * KERNEL_BLOCK, "one is taken out");
}

/* What a bank learns of the noise, it learns side by side too. */
static void test_learned(void)
{
	static struct bank bank[CHANNELS + 1]; /* the last is alone */
	static const struct band bands[KERNEL_LANES] = {
		{200, 1000, 0.01, 2}, {2, 15, 0.1, 10}, {10, 60, 0.05, 5},
		{40, 200, 0.02, 2}};
	const struct bank_ear ear = {nothing, nothing, NULL};
	struct bank *one = &bank[CHANNELS];
	struct abreast side = {.in = 0};
	struct abreast_block b[CHANNELS];
	float x[KERNEL_BLOCK];
	size_t wrong = 0, learned = 0;

	memset(bank, 0, sizeof bank);
	for (size_t c = 0; c <= CHANNELS; c++) {
		memcpy(bank[c].nominal, bands, sizeof bands);
		bank_start(&bank[c], 500, 1.0 / 12);
		if (c < CHANNELS)
			b[c] = (struct abreast_block){&bank[c], x, ear};
	}
	for (size_t n = 0; n < 2000; n++) {
		for (size_t i = 0; i < KERNEL_BLOCK; i++)
			x[i] = (float)(below(61) + below(61)) - 60;
		abreast_blocks(&side, b, CHANNELS);
		bank_block(one, x, KERNEL_BLOCK, &ear);
	}
	for (size_t k = 0; k < KERNEL_LANES; k++) {
		const struct lane *l = &one->lane[k];
		static const struct threshold none;

		learned += memcmp(&l->threshold, &none, sizeof none) != 0;
		for (size_t c = 0; c < CHANNELS; c++)
			wrong += bank[c].lane[k].skip != l->skip ||
				memcmp(&bank[c].lane[k].threshold,
					&l->threshold, sizeof none) != 0;
	}
	CHECK(learned > 0 && wrong == 0, "%zu bands learn the same side by "
		"side (%zu do not)", learned, wrong);
}

int main(void)
{
	static const double one[] = {500}, high[] = {4000}, more[] = {500, 500,
		500, 100, 500, 1000}, all[] = {100, 250, 500, 1000, 2400, 4000,
		48000};

	test_same("one rate", CHANNELS, one, 1);
	test_same("averaged", CHANNELS, high, 1);
	test_same("several rates", CHANNELS, more, 6);
	test_same("all rates", CHANNELS, all, 7);
	test_same("nine", 9, one, 1);
	test_same("too few", 3, one, 1);
	test_same("one", 1, one, 1);
	test_who();
	test_learned();
	return check_done();
}
