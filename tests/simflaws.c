/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each fault that the simulator knows, seen in the bytes: one microphone and
 * one explosion, written whole and with the fault, and compared. */
#include "check.h"

#include "formats/format.h"
#include "sim/ear.h"
#include "sim/seed2.h"

enum { RATE = 100, MINUTES = 20, SAMPLES = RATE * MINUTES * 60,
	STORE = 8 << 20, RECORDS = STORE / SEED2_RECORD };
#define HALF_NS (INT64_C(600) * 1000000000)

struct store { /* the files of a run, one after the other */
	uint8_t at[STORE];
	size_t len, count;
	struct {
		char path[160];
		size_t from, len;
	} file[4];
};

struct take { /* what was heard, as the formats read it */
	int32_t sample[2 * SAMPLES];
	size_t count, damage;
};

static struct store clean, flawed;
static struct take heard, heard_flawed;
static uint8_t block[48 << 20];
static struct act blast;
static struct node node;

static bool open_file(void *self, const char *path, struct fault *f)
{
	struct store *s = self;

	(void)f;
	(void)snprintf(s->file[s->count].path, sizeof s->file->path, "%s",
		path);
	s->file[s->count].from = s->len;
	return true;
}

static bool put(void *self, struct bytes b, struct fault *f)
{
	struct store *s = self;

	if (s->len + b.len > STORE)
		return fault(f, FAULT_LIMIT, "store full");
	memcpy(s->at + s->len, b.at, b.len);
	s->len += b.len;
	return true;
}

static bool close_file(void *self, struct fault *f)
{
	struct store *s = self;

	(void)f;
	s->file[s->count].len = s->len - s->file[s->count].from;
	s->count++;
	return true;
}

static struct world world_of(void)
{
	struct world w = {.seed = 7, .name = "flaws", .full = true, .rough = 1,
		.wind_ms = 2, .wind_from_deg = 90, .temperature_c = 10};

	w.frame = frame_at(48, 37);
	w.span.from = world_time("2026-02-03T18:00:00Z");
	w.span.to = instant_plus_ns(w.span.from, 2 * HALF_NS);
	blast = (struct act){.id = "t1", .at = {900, 300}, .yield_kg = 5,
		.t0 = instant_plus_s(w.span.from, 700)};
	w.act = &blast;
	w.act_count = 1;
	node = (struct node){.id = "XT_T01_00", .station = "T01",
		.channel = "EDF", .kind = "acoustic", .owner = "A", .array = "",
		.rate_hz = RATE, .counts_per_pa = 64,
		.run = {{w.span, 0, 100}}, .run_count = 1};
	w.node = &node;
	w.node_count = 1;
	sky_prepare(&w);
	sky_acts(&w);
	return w;
}

static void write_with(struct flaw x, struct store *s)
{
	struct world w = world_of();
	struct arena arena = arena_on(block, sizeof block);
	const struct sim_files files = {s, open_file, put, close_file};
	struct fault f = {0};

	if (x.sort != FLAW_NONE)
		node.flaw[node.flaw_count++] = x;
	s->len = s->count = 0;
	CHECK_QUIET(wire_write(&w, 0, &arena, &files, &f), "%s: %s",
		flaw_name(x.sort), f.text);
}

static bool take_segment(
	void *self, const struct segment *s, struct fault *f)
{
	struct take *x = self;

	(void)f;
	for (size_t i = 0; s->counts && i < s->count &&
		x->count < 2 * SAMPLES; i++)
		x->sample[x->count++] = s->counts[i];
	return true;
}

static bool take_observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

static bool take_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct take *x = self;

	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	x->damage++;
	return true;
}

static void listen(const struct store *s, struct take *x)
{
	struct arena scratch = arena_on(block, sizeof block);
	const struct intake in = {.self = x, .segment = take_segment,
		.observation = take_observation, .damage = take_damage};
	const struct origin o = {"x.mseed", ""};
	struct fault f = {0};

	*x = (struct take){0};
	CHECK_QUIET(format_named("miniseed")->decode(
		(struct bytes){s->at + s->file[0].from, s->file[0].len}, &o,
		&scratch, &in, &f), "decodes: %s", f.text);
}

/* Of record i: the start that its header says, ns of the day. */
static int64_t start_ns(const struct store *s, size_t i)
{
	const uint8_t *at = s->at + i * SEED2_RECORD;

	return (at[24] * INT64_C(3600) + at[25] * 60 + at[26]) * 1000000000 +
		(at[28] * 256 + at[29]) * INT64_C(100000) +
		(int8_t)at[61] * 1000;
}

/* How far the clock of a record is off, against the clean one. */
static double off_s(size_t i)
{
	return (double)(start_ns(&flawed, i) - start_ns(&clean, i)) * 1e-9;
}

static size_t records(const struct store *s)
{
	return s->len / SEED2_RECORD;
}

/* The record of the clean file that holds this second. */
static size_t record_at(double second)
{
	size_t i = 0;

	while (i + 1 < records(&clean) && (double)(start_ns(&clean, i + 1) -
		start_ns(&clean, 0)) * 1e-9 <= second)
		i++;
	return i;
}

static struct flaw half(enum flaw_sort sort, double size)
{
	struct world w = world_of();

	return (struct flaw){sort, {instant_plus_ns(w.span.from, HALF_NS),
		w.span.to}, size};
}

/* Clock faults leave the samples alone. */
static void test_clocks(void)
{
	static const struct {
		enum flaw_sort sort;
		double size, at_650, at_1150, within;
		int quality;
	} rows[] = {
		{FLAW_CLOCK_STEP,      1,      1,      1,   2e-6, 100},
		{FLAW_CLOCK_STEP,  -0.25,  -0.25,  -0.25,   2e-6, 100},
		{FLAW_CLOCK_DRIFT,    40, 0.0020, 0.0220, 0.0003, 100},
		{FLAW_GNSS_LOST,      10, 0.0005, 0.0055, 0.0001,  30},
		{FLAW_SPOOFED,      0.35,   0.35,   0.35,   2e-6, 100},
		{FLAW_CLOCK_WALK,    0.1,   0.00,   0.00,    0.2, 100},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t a = record_at(650), b = record_at(1150);

		write_with(half(rows[i].sort, rows[i].size), &flawed);
		listen(&flawed, &heard_flawed);
		CHECK(records(&flawed) == records(&clean) &&
				fabs(off_s(record_at(590))) < 1e-6 &&
				fabs(off_s(a) - rows[i].at_650) <
					rows[i].within &&
				fabs(off_s(b) - rows[i].at_1150) <
					rows[i].within &&
				fabs(off_s(b)) > 0,
			"%s %g: %.6f and %.6f s", flaw_name(rows[i].sort),
			rows[i].size, off_s(a), off_s(b));
		CHECK(memcmp(heard.sample, heard_flawed.sample,
				SAMPLES * sizeof *heard.sample) == 0 &&
				heard_flawed.count == SAMPLES,
			"%s: the samples are the same",
			flaw_name(rows[i].sort));
		CHECK(flawed.at[b * SEED2_RECORD + 60] == rows[i].quality,
			"%s: it says quality %d", flaw_name(rows[i].sort),
			flawed.at[b * SEED2_RECORD + 60]);
	}
}

/* What sample i is to be in the second half; false: nothing is known. */
static bool wanted(enum flaw_sort sort, size_t i, double *v, double *within)
{
	*within = 1;
	switch (sort) {
	case FLAW_RAIL:
		*v = 8388607;
		return true;
	case FLAW_GAIN:
		*v = 0.2 * heard.sample[i];
		return true;
	case FLAW_FLIP:
		*v = -heard.sample[i];
		return true;
	case FLAW_LOOP: /* of its first 120 s */
		*v = heard_flawed.sample[
			SAMPLES / 2 + (i - SAMPLES / 2) % 12000];
		*within = 0;
		return true;
	case FLAW_REPLAY: /* of 300 s before; once the filters agree */
		*v = heard_flawed.sample[i - 30000];
		return i > SAMPLES / 2 + 60 * RATE && i < SAMPLES / 2 + 30000;
	default:
		return false;
	}
}

static void test_samples(void)
{
	static const struct {
		enum flaw_sort sort;
		double size;
	} rows[] = {{FLAW_RAIL, 0}, {FLAW_GAIN, 0.2}, {FLAW_FLIP, 0},
		{FLAW_LOOP, 120}, {FLAW_REPLAY, 300}};

	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		size_t wrong = 0, known = 0, before = 0, same = 0;

		write_with(half(rows[k].sort, rows[k].size), &flawed);
		listen(&flawed, &heard_flawed);
		for (size_t i = 0; i < SAMPLES; i++) {
			double v, within;

			if (i < SAMPLES / 2) {
				before += heard.sample[i] !=
					heard_flawed.sample[i];
			} else if (wanted(rows[k].sort, i, &v, &within)) {
				known++;
				wrong += fabs(heard_flawed.sample[i] - v) >
					within;
				same += heard.sample[i] ==
					heard_flawed.sample[i];
			}
		}
		CHECK(before == 0 && wrong == 0 && known > 20000 &&
				same < known / 2,
			"%s: %zu of %zu samples are not as they should be",
			flaw_name(rows[k].sort), wrong, known);
	}
}

/* The loudest sample: the shot. */
static size_t loudest(const struct take *x)
{
	size_t most = 0;

	for (size_t i = 0; i < x->count; i++)
		if (x->sample[i] > x->sample[most])
			most = i;
	return most;
}

/* Moved by 200 m: the shot comes up to 0.6 s earlier or later. */
static void test_moved(void)
{
	struct world w;
	double want_s, off_m, late_s;

	write_with(half(FLAW_MOVED, 200), &flawed);
	listen(&flawed, &heard_flawed);
	w = world_of();
	node.flaw[node.flaw_count++] = half(FLAW_MOVED, 200);
	node.flaw_count = 1;
	want_s = (world_distance(blast.at, node_place(&w, &node, blast.t0)) -
		world_distance(blast.at, node.at)) / 338;
	off_m = world_distance(node_place(&w, &node, blast.t0), node.at);
	late_s = ((double)loudest(&heard_flawed) - (double)loudest(&heard)) /
		RATE;
	CHECK(fabs(off_m - 200) < 0.1 && fabs(late_s - want_s) < 0.05,
		"moved: the shot is %.2f s later, geometry says %.2f s",
		late_s, want_s);
}

/* How many records of the clean file stand in the flawed one, each at most
 * once; and how many at their place. */
static void held(size_t *somewhere, size_t *in_place)
{
	*somewhere = *in_place = 0;
	for (size_t i = 0; i < records(&clean); i++) {
		const uint8_t *a = clean.at + i * SEED2_RECORD;
		size_t k = 0;

		while (k < flawed.file[0].len / SEED2_RECORD &&
			memcmp(a, flawed.at + k * SEED2_RECORD, SEED2_RECORD))
			k++;
		*somewhere += k < flawed.file[0].len / SEED2_RECORD;
		*in_place += k == i;
	}
}

static void test_files(void)
{
	const size_t all = records(&clean);
	size_t some, place, differ = 0;

	write_with(half(FLAW_RECORDS_TWICE, 0), &flawed);
	held(&some, &place);
	CHECK(some == all && records(&flawed) == 2 * all, "records twice");
	write_with(half(FLAW_RECORDS_SHUFFLED, 0), &flawed);
	held(&some, &place);
	CHECK(some == all && records(&flawed) == all && place < all / 10,
		"records shuffled: %zu of %zu at their place", place, all);
	write_with(half(FLAW_RECORD_DAMAGED, 0), &flawed);
	held(&some, &place);
	CHECK(some == all - 1 && place == all - 1, "one record damaged");
	write_with(half(FLAW_BYTES_DAMAGED, 0), &flawed);
	for (size_t i = 0; i < clean.len; i++)
		differ += clean.at[i] != flawed.at[i];
	CHECK(flawed.len == clean.len && differ >= clean.len / 20000 &&
			differ <= clean.len / 20000 + 1,
		"%zu bytes damaged", differ);
	write_with(half(FLAW_FILE_TWICE, 0), &flawed);
	CHECK(flawed.count == 2 && flawed.len == 2 * clean.len &&
			strstr(flawed.file[1].path, "/copy_"), "file twice");
	write_with(half(FLAW_FILE_LATE, 0), &flawed);
	CHECK(flawed.count == 1 && flawed.len == clean.len &&
			strstr(flawed.file[0].path, "/late_"), "file late");
}

/* Another node and another act far off: not a byte changes. */
static void test_company(void)
{
	static struct node two[2];
	static struct act acts[2];
	struct arena arena = arena_on(block, sizeof block);
	const struct sim_files files = {&flawed, open_file, put, close_file};
	struct world w = world_of();
	struct fault f = {0};

	two[0] = node;
	two[1] = node;
	(void)snprintf(two[1].id, sizeof two[1].id, "XT_T02_00");
	two[1].at.x_m = 500;
	acts[0] = acts[1] = blast;
	acts[1].at.x_m = 90000;
	acts[1].reach_m = 5000;
	w.node = two;
	w.act = acts;
	w.node_count = w.act_count = 2;
	flawed.len = flawed.count = 0;
	CHECK(wire_write(&w, 0, &arena, &files, &f) &&
			flawed.len == clean.len &&
			memcmp(flawed.at, clean.at, clean.len) == 0,
		"a node's bytes do not depend on who else is there");
	flawed.len = flawed.count = 0;
	CHECK(wire_write(&w, 1, &arena, &files, &f) &&
			memcmp(flawed.at, clean.at, clean.len) != 0,
		"another node hears something else");
}

int main(void)
{
	size_t most;

	write_with((struct flaw){0}, &clean);
	listen(&clean, &heard);
	most = loudest(&heard);
	/* 949 m and some 338 m/s after second 700. */
	CHECK(heard.count == SAMPLES && heard.damage == 0 &&
			(double)most > 702.6 * RATE &&
			(double)most < 703.1 * RATE,
		"without a flaw: the shot at %.2f s", (double)most / RATE);
	test_clocks();
	test_samples();
	test_moved();
	test_files();
	test_company();
	return check_done();
}
