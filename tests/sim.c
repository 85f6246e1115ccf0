/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The simulator: the same bytes on every machine, sound at the time that
 * geometry says, files that the formats read, and a truth that agrees. */
#include "check.h"

#include <libmseed.h>

#include "base/csv.h"
#include "base/maths.h"
#include "base/sha256.h"
#include "base/tree.h"
#include "formats/format.h"
#include "sim/ear.h"
#include "sim/philox.h"
#include "sim/seed2.h"
#include "sim/sim.h"

#define QUIET_SHA256 \
	"458852f7361364f68982902044a18a807ba2f462c37c6835a2e86066b4fa7261"
#define SINGLES_SHA256 \
	"a4b50423c67905f4513809b48440b64275aefaa85770d6a5693413e761f11788"
#define MIXED_SHA256 \
	"5ecad9b910e0980a4fb5ba2b2061d9109489e4133c8e4fa30394c66d664ae6f8"
#define TAMPER_SHA256 \
	"884c383131441bbed49b74bea1edf8981c6891b99bf9b5688bcab5767ae07b79"
enum { FILES_MAX = 2000, STORE = 96 << 20 };

struct file {
	char path[160];
	size_t from, len;
};

struct store { /* all files of a run, in memory */
	struct arena arena;
	uint8_t *at;
	size_t len;
	struct file file[FILES_MAX];
	size_t count;
	bool open;
};

static struct store store;

static bool open_file(void *self, const char *path, struct fault *f)
{
	struct store *s = self;

	if (s->open || s->count == FILES_MAX)
		return fault(f, FAULT_LIMIT, "open twice, or too many files");
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->file[i].path, path) == 0)
			return fault(f, FAULT_INPUT, "%s twice", path);
	(void)snprintf(s->file[s->count].path, sizeof s->file->path, "%s",
		path);
	s->file[s->count].from = s->len;
	s->open = true;
	return true;
}

static bool put(void *self, struct bytes b, struct fault *f)
{
	struct store *s = self;

	if (!s->open || s->len + b.len > STORE)
		return fault(f, FAULT_LIMIT, "no file open, or store full");
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
	s->open = false;
	return true;
}

static struct bytes view(const struct file *x)
{
	return (struct bytes){store.at + x->from, x->len};
}

static struct bytes file_named(const char *path)
{
	for (size_t i = 0; i < store.count; i++)
		if (strcmp(store.file[i].path, path) == 0)
			return view(&store.file[i]);
	return (struct bytes){0};
}

/* Runs a scenario into the store; the digest is over paths and bytes. */
static struct digest run(struct sim_ask ask)
{
	const struct sim_files files = {&store, open_file, put, close_file};
	struct arena arena = {0};
	struct sha256 h;
	struct fault f = {0};

	store.len = store.count = 0;
	store.open = false;
	CHECK(arena_map(&arena, SIM_ARENA, &f) &&
			sim_run(&ask, &arena, &files, &f),
		"%s runs (%s)", ask.scenario, f.text);
	arena_unmap(&arena);
	sha256_start(&h);
	for (size_t i = 0; i < store.count; i++) {
		sha256_add(&h, bytes_of(store.file[i].path));
		sha256_add(&h, view(&store.file[i]));
	}
	return sha256_end(&h);
}

/* Known answers of the authors' Random123 1.09, tests/kat_vectors. */
static const struct {
	struct philox counter;
	uint32_t key[2];
	struct philox want;
} vectors[] = {
	{{{0, 0, 0, 0}}, {0, 0},
		{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
	{{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
		{0xffffffff, 0xffffffff},
		{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
	{{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
		{0xa4093822, 0x299f31d0},
		{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
};

static void test_philox(void)
{
	double sum = 0, square = 0;
	enum { DRAWS = 20000 };

	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		struct philox got =
			philox_block(vectors[i].counter, vectors[i].key);

		CHECK(memcmp(&got, &vectors[i].want, sizeof got) == 0,
			"philox known answer %zu", i);
	}
	for (uint64_t i = 0; i < DRAWS; i++) {
		double v = philox_normal(7, 3, i);

		sum += v;
		square += v * v;
	}
	/* Four standard errors. */
	CHECK(fabs(sum / DRAWS) < 4 / sqrt(DRAWS) &&
			fabs(square / DRAWS - 1) < 4 * sqrt(2.0 / DRAWS),
		"normal: mean %.4f, variance %.4f", sum / DRAWS,
		square / DRAWS);
}

struct samples {
	int32_t *at;
	size_t count, damage, segments;
	struct instant first;
};

static bool take_segment(
	void *self, const struct segment *s, struct fault *f)
{
	struct samples *x = self;

	(void)f;
	if (x->segments++ == 0)
		x->first = s->start;
	for (size_t i = 0; x->at && s->counts && i < s->count; i++)
		x->at[x->count + i] = s->counts[i];
	x->count += s->count;
	return true;
}

static bool take_observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct samples *x = self;

	(void)o;
	(void)f;
	x->count++;
	return true;
}

static bool take_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct samples *x = self;

	(void)length;
	(void)f;
	x->damage++;
	printf("# at %llu: %s\n", (unsigned long long)offset, why->text);
	return true;
}

/* Decodes by content; the format's name, or "". */
static const char *decode(
	struct bytes b, const char *path, struct samples *x)
{
	static uint8_t block[32 << 20];
	struct arena scratch = arena_on(block, sizeof block);
	const struct intake in = {.self = x, .segment = take_segment,
		.observation = take_observation, .damage = take_damage};
	const char *name = strrchr(path, '/');
	const struct origin o = {name ? name + 1 : path, ""};
	const struct format *fmt = format_of(bytes_part(b, 0, 65536), &o);
	struct fault f = {0};

	if (!fmt)
		return "";
	CHECK_QUIET(fmt->decode(b, &o, &scratch, &in, &f), "%s: %s", path,
		f.text);
	return fmt->name;
}

struct tape {
	uint8_t at[1 << 20];
	size_t len;
};

static bool put_tape(void *self, struct bytes b, struct fault *f)
{
	struct tape *t = self;

	if (t->len + b.len > sizeof t->at)
		return fault(f, FAULT_LIMIT, "tape full");
	memcpy(t->at + t->len, b.at, b.len);
	t->len += b.len;
	return true;
}

/* The same by Debian's libmseed, an independent reader. */
static void check_oracle(struct tape *t, const int32_t *in, size_t count,
	struct instant start)
{
	size_t done = 0, wrong = 0;

	for (size_t at = 0; at < t->len; at += SEED2_RECORD) {
		MSRecord *r = NULL;
		const int32_t *got;

		if (msr_unpack((char *)t->at + at, SEED2_RECORD, &r, 1, 0) !=
			MS_NOERROR) {
			wrong++;
			continue;
		}
		got = r->datasamples;
		wrong += r->starttime != (start.utc_ns + (int64_t)done *
				(1000000000 / 80)) / 1000;
		wrong += fabs(r->samprate - 80) > 0;
		for (int64_t i = 0; i < r->numsamples; i++)
			wrong += got[i] != in[done + (size_t)i];
		done += (size_t)r->numsamples;
		msr_free(&r);
	}
	CHECK(done == count && wrong == 0, "steim2: libmseed reads %zu "
		"samples, %zu wrong", done, wrong);
}

/* Every width of difference, steps to both rails, and odd lengths. */
static void test_steim(void)
{
	static int32_t in[20000], out[20000];
	static struct tape tape;
	static const size_t lengths[] = {1, 2, 3, 7, 720, 721, 722, 20000};
	struct fault f = {0};

	for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
		int bits = (int)(philox(1, 0, i / 50).at[0] % 24);

		in[i] = (int32_t)(philox(1, 1, i).at[0] >> (31 - bits)) -
			(1 << bits);
	}
	for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
		struct seed2 s = {.network = "XT", .station = "TEST",
			.location = "00", .channel = "EDF", .rate_hz = 80,
			.quality = 100, .locked = true,
			.out = {put_tape, &tape}};
		struct samples x = {.at = out};
		struct instant t = {INT64_C(1770132600012340000)};

		tape.len = 0;
		seed2_start(&s, t);
		CHECK(seed2_add(&s, in, lengths[k], &f) && seed2_flush(&s, &f),
			"steim2: %zu samples packed", lengths[k]);
		check_oracle(&tape, in, lengths[k], t);
		if (!format_named("miniseed")) {
			CHECK_SKIP("no miniseed format yet");
			continue;
		}
		(void)decode((struct bytes){tape.at, tape.len}, "x", &x);
		CHECK(x.count == lengths[k] && x.damage == 0 &&
				memcmp(in, out, x.count * sizeof *in) == 0,
			"steim2: %zu samples come back", x.count);
		CHECK(x.first.utc_ns == t.utc_ns, "to the microsecond");
	}
}

/* Times of sound: still air, wind along and against, wind across. */
static void test_travel(void)
{
	struct sky a = {.temperature_c = 20, .humidity_pct = 0,
		.pressure_hpa = 1013};
	struct xy o = {0, 0}, east = {3000, 0}, north = {0, 3000};
	double c = sky_sound_ms(&a);

	CHECK(fabs(c - 343.2) < 0.3, "sound at 20 deg C: %.2f m/s", c);
	CHECK(fabs(sky_travel_s(&a, o, east) - 3000 / c) < 1e-9, "still air");
	a.east_ms = 8;
	CHECK(fabs(sky_travel_s(&a, o, east) - 3000 / (c + 8)) < 1e-9 &&
			fabs(sky_travel_s(&a, east, o) - 3000 / (c - 8)) < 1e-9,
		"with the wind and against it");
	CHECK(fabs(sky_travel_s(&a, o, north) - 3000 / sqrt(c * c - 64)) <
			1e-9, "across it");
	CHECK(sky_refraction_db(&a, east, o) < -10 &&
			sky_refraction_db(&a, o, east) > 0,
		"shadow upwind, gain downwind");
}

/* 1 kg at 100 m: Z = 100, overpressure 0.83/Z of 101325 Pa; positive phase
 * 4.2 ms times the lengthening at Z = 100. */
static void test_blast(void)
{
	struct pulse p = sky_blast(1, 100), q = sky_blast(8, 200);
	double sum = 0;

	CHECK(fabs(p.peak_pa - 841) < 25, "1 kg at 100 m: %.0f Pa", p.peak_pa);
	CHECK(fabs(q.peak_pa - p.peak_pa) < 1e-6 &&
			fabs(q.td_s / p.td_s - 2) < 1e-9,
		"8 kg at 200 m is the same, twice as long");
	for (int i = -5; i < 2000; i++)
		sum += sky_pulse_mean(&p, i * 1e-4, 1e-4);
	CHECK(fabs(sum * 1e-4) < 1e-6 * p.peak_pa, "no net impulse");
}

/* Anchors of WAVEFORM.md 3.8 and 7. */
static void test_air(void)
{
	static const struct {
		double z, ratio; /* Kinney and Graham: dp/p0 at Z */
	} blasts[] = {{1, 9.95}, {10, 0.09854}, {50, 0.01664},
		{100, 0.0083}};
	static const struct {
		double hz, db_km, within; /* ISO 9613-1, 20 deg C, 70 % */
	} losses[] = {{63, 0.09, 0.01}, {125, 0.34, 0.02}, {250, 1.1, 0.05},
		{500, 2.8, 0.05}, {1000, 5.0, 0.05}, {2000, 9.0, 0.1},
		{4000, 22.9, 0.3}};
	const struct sky a = {.temperature_c = 20, .humidity_pct = 70,
		.pressure_hpa = 1013.25};
	struct pulse rifle = sky_nwave(0.0078, 0.032, 2.2, 20, 343);
	struct pulse shell = sky_nwave(0.155, 0.7, 1.8, 500, 343);

	for (size_t i = 0; i < sizeof blasts / sizeof *blasts; i++) {
		double got = sky_blast(1, blasts[i].z).peak_pa / 101325;

		CHECK(fabs(got / blasts[i].ratio - 1) < 0.01,
			"Kinney-Graham at Z = %g: %.4g", blasts[i].z, got);
	}
	CHECK(fabs(sky_blast(1, 1000).peak_pa / sky_blast(1, 100).peak_pa -
			m_pow(10, -1.1)) < 1e-9, "r^-1.1 beyond Z = 100");
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		double got = 1000 * sky_absorption_db_m(&a, losses[i].hz);

		CHECK(fabs(got - losses[i].db_km) < losses[i].within,
			"absorption at %g Hz: %.2f dB/km", losses[i].hz, got);
	}
	CHECK(fabs(rifle.td_s - 0.3e-3) < 0.05e-3, "N-wave of a bullet at "
		"20 m: %.2f ms", 1000 * rifle.td_s);
	CHECK(fabs(shell.td_s - 6e-3) < 0.5e-3, "N-wave of 155 mm at 500 m: "
		"%.1f ms", 1000 * shell.td_s);
}

/* c_eff falls by 0.05 m/s a metre: sqrt(2 340/0.05) (1 + sqrt 1.5). */
static void test_shadow(void)
{
	struct sky a = {.temperature_c = 15, .humidity_pct = 50,
		.pressure_hpa = 1013, .wind_ms = 5, .east_ms = 5 * RAY_WIND};
	struct xy west = {-1000, 0}, east = {1000, 0};
	double against = sky_gradient(&a, 0, east, west);
	double along = sky_gradient(&a, 0, west, east);
	double d = sky_shadow_m(-0.05, 340, 1, 1.5);

	CHECK(fabs(d - 259.4) < 0.2, "shadow begins at %.1f m", d);
	CHECK(isinf(sky_shadow_m(0.05, 340, 1, 1.5)), "no shadow downwind");
	/* 5 m/s at 10 m: ln 25 / ln 100 of it over 48 m. */
	CHECK(fabs(along - 5 * 0.69897 / 48) < 1e-4 &&
			fabs(along + against) < 1e-12,
		"5 m/s: %.4f 1/s along, %.4f against", along, against);
	CHECK(fabs(sky_gradient(&a, 0.1, east, west) - against - 0.06) < 1e-9,
		"an inversion bends down");
	CHECK(sky_bend_db(-0.07, 340, 1, 100) >= 0 &&
			sky_bend_db(-0.07, 340, 1, 3000) < -20 &&
			sky_bend_db(-0.07, 340, 1, 1e5) >= -30,
		"20 to 30 dB lost in the shadow");
	CHECK(sky_bend_db(0.07, 340, 1, 3000) > 3 &&
			sky_bend_db(0.07, 340, 1, 1e5) <= 6,
		"up to 6 dB gained downwind");
}

static struct world plain_world(struct act *a, struct node *n)
{
	struct world w = {.seed = 3, .full = true, .wind_ms = 0.3, .act = a,
		.act_count = 1, .node = n, .node_count = 1,
		.temperature_c = 10};

	w.span.from = world_time("2026-02-03T18:00:00Z");
	w.span.to = instant_plus_s(w.span.from, 3600);
	a->t0 = instant_plus_s(w.span.from, 600);
	n->run[0] = (struct node_run){w.span, 0, 100};
	n->run_count = 1;
	n->rate_hz = 500;
	n->owner = n->array = "";
	(void)snprintf(n->id, sizeof n->id, "XT_T01_00");
	sky_prepare(&w);
	sky_acts(&w);
	return w;
}

struct notes {
	struct arrival at[8];
	size_t count;
};

static void note(void *self, const struct arrival *a)
{
	struct notes *n = self;

	if (n->count < 8)
		n->at[n->count++] = *a;
}

/* The sounds of one act at one node; how long they last, s. */
static double listen(struct act *a, struct node *n, struct ear *e,
	struct notes *notes)
{
	static uint8_t block[4 << 20];
	static struct world w;
	struct arena arena = arena_on(block, sizeof block);
	struct fault f = {0};

	w = plain_world(a, n);
	*notes = (struct notes){0};
	*e = (struct ear){.w = &w, .n = n, .tell = note, .self = notes};
	CHECK_QUIET(ear_listen(e, &arena, &f), "listen: %s", f.text);
	return e->count < 2 ? 0 :
		e->sound[e->count - 1].t_s - e->sound[0].t_s;
}

/* Seconds after t0 of an arrival. */
static double after(const struct act *a, const struct arrival *x)
{
	return instant_seconds(a->t0, x->at);
}

static void test_acts(void)
{
	struct node mic = {.kind = "acoustic", .at = {2000, 0}};
	struct node ground = {.kind = "seismic", .ground = true,
		.at = {5000, 0}};
	struct act a = {.sort = ACT_THUNDER, .id = "x", .range_m = 6000};
	struct notes n;
	struct ear e;
	double s = listen(&a, &mic, &e, &n), first;

	CHECK(e.count == 300 && s > 3 && s < 25 && n.count == 1,
		"thunder: %zu N-waves over %.1f s", e.count, s);
	a = (struct act){.sort = ACT_QUARRY, .id = "x", .yield_kg = 1500};
	(void)listen(&a, &ground, &e, &n);
	CHECK(n.count == 3 && strcmp(n.at[0].phase, "P") == 0 &&
			fabs(after(&a, &n.at[0]) - 5000 / 5800.0) < 1e-3 &&
			fabs(after(&a, &n.at[1]) - 5000 / 3350.0) < 1e-3 &&
			fabs(after(&a, &n.at[2]) - 5000 / 337.5) < 0.3,
		"quarry: P, S and the air wave");
	CHECK(e.count == 60, "quarry: twenty holes");
	a = (struct act){.sort = ACT_QUAKE, .id = "x", .height_m = -8000,
		.size = 2.5};
	(void)listen(&a, &ground, &e, &n);
	CHECK(n.count == 2 && e.count == 2 &&
			fabs(after(&a, &n.at[0]) - 9434 / 5800.0) < 1e-3,
		"earthquake: P and S, no air wave");
	(void)listen(&a, &mic, &e, &n);
	CHECK(e.count == 0, "earthquake: microphones hear none");
	a = (struct act){.sort = ACT_BOOM, .id = "x", .height_m = 9000,
		.speed_ms = 480, .heading_deg = 90};
	(void)listen(&a, &mic, &e, &n);
	first = after(&a, &n.at[0]);
	mic.at.x_m = 4400;
	(void)listen(&a, &mic, &e, &n);
	CHECK(fabs(after(&a, &n.at[0]) - first - 5) < 0.05,
		"boom: 480 m/s along the track");
	CHECK(fabs(e.sound[0].pulse.td_s - 0.15) < 0.01, "boom: 150 ms");
	a = (struct act){.sort = ACT_SHOCK, .id = "x", .speed_ms = 750,
		.range_m = 800, .heading_deg = 90, .size = 0.0076};
	mic.at = (struct xy){400, 20};
	(void)listen(&a, &mic, &e, &n);
	/* l/v + b/c sqrt(1 - 1/M^2), M = 2.22. */
	CHECK(n.count == 1 && fabs(after(&a, &n.at[0]) -
			(400 / 750.0 + 20 / 337.5 * 0.893)) < 2e-3,
		"shock: %.4f s", after(&a, &n.at[0]));
	mic.at = (struct xy){-50, 20};
	(void)listen(&a, &mic, &e, &n);
	CHECK(e.count == 0, "shock: not behind the gun");
}

/* Doppler: zero crossings a second before and after it passes. */
static void test_drone(void)
{
	static double pa[1000];
	struct node mic = {.kind = "acoustic"};
	struct act a = {.sort = ACT_DRONE, .id = "x", .speed_ms = 50,
		.height_m = 100, .range_m = 12000, .size = 120,
		.heading_deg = 90};
	double hz[2];
	struct notes n;
	struct ear e;

	for (int k = 0; k < 2; k++) {
		size_t first = 0, cross = 0;

		(void)listen(&a, &mic, &e, &n);
		memset(pa, 0, sizeof pa);
		/* 2 s, a minute before and after: 3 km off. */
		sound_add(&e, &first, pa, 1000, 600 + (k ? 60 : -60));
		for (size_t i = 1; i < 1000; i++)
			cross += pa[i - 1] < 0 && pa[i] >= 0;
		hz[k] = (double)cross / 2;
	}
	/* At 500 Hz there is room for the first harmonic alone. */
	CHECK(fabs(hz[0] - 120 / (1 - 50 / 337.5)) < 1.5 &&
			fabs(hz[1] - 120 / (1 + 50 / 337.5)) < 1.5,
		"drone: %.1f Hz coming, %.1f Hz going", hz[0], hz[1]);
}

/* Nodes 100 m apart share the turbulence, nodes 3 km apart do not. */
static void test_turbulence(void)
{
	struct node n = {.kind = "acoustic"};
	struct world w = {.seed = 5, .rough = 1};
	double near = 0, far = 0, all = 0;
	enum { DRAWS = 400 };
	static struct act acts[DRAWS];

	w.act = acts;
	for (int i = 0; i < DRAWS; i++) {
		struct ear e = {.w = &w, .n = &n};
		double a, b, c;

		n.at = (struct xy){0, 40};
		(void)snprintf(n.id, sizeof n.id, "A");
		a = ear_late_s(&e, &acts[i], 5000);
		n.at.x_m = 60;
		b = ear_late_s(&e, &acts[i], 5000);
		n.at.x_m = 3000;
		c = ear_late_s(&e, &acts[i], 5000);
		near += a * b;
		far += a * c;
		all += a * a;
	}
	/* 5 ms/km over 5 km. */
	CHECK(fabs(sqrt(all / DRAWS) - 0.025) < 0.003,
		"turbulence: %.1f ms", 1000 * sqrt(all / DRAWS));
	CHECK(near / all > 0.6 && fabs(far / all) < 0.2,
		"turbulence: correlation %.2f over 60 m, %.2f over 3 km",
		near / all, far / all);
}

static void check_digest(struct sim_ask ask, const char *want)
{
	char hex[SHA256_HEX];
	struct digest d = run(ask);

	CHECK(strcmp(digest_hex(&d, hex), want) == 0, "%s, seed %llu: %s",
		ask.scenario, (unsigned long long)ask.seed, hex);
}

/* Changed on purpose only: the bytes of a scenario are part of the product. */
static void test_fixed(void)
{
	struct sim_ask quiet = {
		.scenario = "quiet", .seed = 1, .nodes = 3, .hours = 0.1};
	struct sim_ask singles = {.scenario = "singles", .seed = 42,
		.nodes = 5, .shots = 3, .hours = 0.2};

	check_digest(quiet, QUIET_SHA256);
	check_digest(singles, SINGLES_SHA256);
	check_digest((struct sim_ask){.scenario = "mixed", .seed = 3,
		.nodes = 3, .hours = 0.1, .rate_hz = 200}, MIXED_SHA256);
	check_digest((struct sim_ask){.scenario = "tamper", .seed = 3,
		.nodes = 18, .shots = 3, .hours = 0.3, .rate_hz = 50},
		TAMPER_SHA256);
}

/* Adding a node changes no file of the others. */
static void test_independent(void)
{
	struct sim_ask ask = {
		.scenario = "quiet", .seed = 5, .nodes = 2, .hours = 0.05};
	const char *path = "inbox/XT_G001_00/XT_G001_00_20260203T180000Z.mseed";
	struct digest before, after;
	size_t len;

	(void)run(ask);
	len = file_named(path).len;
	before = sha256_of(file_named(path));
	ask.nodes = 4;
	(void)run(ask);
	after = sha256_of(file_named(path));
	CHECK(len > 0 && memcmp(&before, &after, sizeof before) == 0,
		"a node's bytes do not depend on how many there are");
}

static bool next_line(struct reader *r, struct bytes *line)
{
	size_t n = 0;

	while (r->pos + n < r->in.len && r->in.at[r->pos + n] != '\n')
		n++;
	*line = read_bytes(r, n);
	reader_skip(r, 1);
	return line->len > 0;
}

/* Whether each line is an object with `what`; how many of one sort. */
static size_t count_truth(const char *what)
{
	static uint8_t block[1 << 20];
	struct reader r = reader(file_named("truth.jsonl"));
	struct bytes line;
	size_t n = 0;

	while (next_line(&r, &line)) {
		struct arena a = arena_on(block, sizeof block);
		const struct tree *t = NULL;
		struct fault f = {0};

		CHECK_QUIET(tree_read(line, &a, &t, &f) &&
				tree_text(t, "what"), "truth: %s", f.text);
		n += t && strcmp(tree_text(t, "what"), what) == 0;
	}
	return n;
}

/* The first sample well above the noise stands where the truth says. */
static void test_onset(void)
{
	static int32_t sample[1 << 20];
	static uint8_t block[1 << 20];
	struct sim_ask ask = {.scenario = "singles", .seed = 9, .nodes = 4,
		.shots = 2, .hours = 0.2};
	struct reader r;
	struct bytes line;
	size_t checked = 0;

	(void)run(ask);
	r = reader(file_named("truth.jsonl"));
	while (next_line(&r, &line)) {
		struct arena a = arena_on(block, sizeof block);
		const struct tree *t = NULL;
		struct samples x = {.at = sample};
		struct fault f = {0};
		char path[160];
		size_t i, at;

		if (!tree_read(line, &a, &t, &f) ||
			strcmp(tree_text(t, "what"), "arrival") != 0 ||
			!tree_flag(t, "heard", false) ||
			tree_number(t, "snr_db") < 30)
			continue;
		(void)snprintf(path, sizeof path,
			"inbox/%s/%s_20260203T180000Z.mseed",
			tree_text(t, "source"), tree_text(t, "source"));
		if (*decode(file_named(path), path, &x) == '\0')
			break;
		/* The sample whose half before and after holds it. */
		at = (size_t)(instant_seconds(x.first, tree_time(t, "at")) *
			100 + 0.5);
		for (i = at - 50; i < at + 50; i++)
			if (abs(sample[i] - sample[i - 1]) > 64)
				break;
		CHECK(i >= at && i <= at + 2, "%s hears %s at sample %zu, "
			"truth %zu", tree_text(t, "source"),
			tree_text(t, "incident"), i, at);
		checked++;
	}
	if (format_named("miniseed"))
		CHECK(checked >= 4, "%zu onsets compared", checked);
	else
		CHECK_SKIP("no miniseed format yet");
}

/* Every file of the inbox is known by its content, and only the one record
 * that was damaged on purpose is damaged. */
static void test_demo(void)
{
	static const char *const formats_wanted[] = {
		"miniseed", "mavlink", "klv", "firms", "reports", "weather"};
	size_t damage = 0, unknown = 0;

	(void)run((struct sim_ask){.scenario = "demo", .seed = 1});
	CHECK(store.len < 60000000, "demo: %.1f MB", (double)store.len / 1e6);
	for (size_t i = 0; i < store.count; i++) {
		struct samples x = {0};
		const struct file *file = &store.file[i];
		const char *name;

		if (strncmp(file->path, "inbox/", 6) != 0)
			continue;
		name = decode(view(file), file->path, &x);
		if (!*name) {
			printf("# %s: no format\n", file->path);
			unknown++;
		}
		if (x.damage > 0)
			printf("# %s: %s, damaged\n", file->path, name);
		damage += x.damage;
		CHECK_QUIET(!*name || x.count > 0 ||
				strncmp(name, "firms", 5) == 0,
			"%s: nothing in it", file->path);
	}
	for (size_t i = 0; i < sizeof formats_wanted / sizeof *formats_wanted;
		i++)
		if (!format_named(formats_wanted[i])) {
			CHECK_SKIP("demo: no format %s yet",
				formats_wanted[i]);
			unknown = 0;
		}
	CHECK(unknown == 0, "demo: every file has a format");
	CHECK(damage == 1, "demo: one record is damaged (%zu)", damage);
	CHECK(count_truth("incident") == 53 && count_truth("look") == 6 &&
			count_truth("fire") == 2,
		"demo: the truth counts");
}

struct known { /* of the truth, by id */
	char id[24];
	double lat_deg, lon_deg;
	struct instant t0;
	bool observable;
	int64_t heard_by;
};

/* Incidents stand after the arrivals in the truth. */
static size_t read_incidents(struct known *out, size_t max)
{
	static uint8_t block[1 << 20];
	struct reader r = reader(file_named("truth.jsonl"));
	struct bytes line;
	size_t n = 0;

	while (next_line(&r, &line) && n < max) {
		struct arena a = arena_on(block, sizeof block);
		const struct tree *t = NULL;
		struct fault f = {0};

		if (!tree_read(line, &a, &t, &f) ||
			strcmp(tree_text(t, "what"), "incident") != 0)
			continue;
		out[n] = (struct known){.lat_deg = tree_number(t, "lat"),
			.lon_deg = tree_number(t, "lon"),
			.t0 = tree_time(t, "t0"),
			.observable = tree_flag(t, "observable", false),
			.heard_by = tree_i64(t, "heard_by", -1)};
		(void)snprintf(out[n++].id, sizeof out->id, "%s",
			tree_text(t, "id"));
	}
	return n;
}

/* Where sensors.csv says that a node stands. */
static bool node_at(const char *id, double *lat_deg, double *lon_deg)
{
	struct csv t;
	struct fault f;

	if (!csv_open(&t, file_named("sensors.csv"), &f))
		return false;
	while (!csv_done(&t) && csv_row(&t, &f))
		if (bytes_are(csv_field(&t, 0), id))
			return number_read(csv_field(&t, 2), lat_deg, &f) &&
				number_read(csv_field(&t, 3), lon_deg, &f);
	return false;
}

/* Arrivals against geometry read from the files themselves: the sound of -6
 * to 1 deg C, 327 to 332 m/s, less or more 10 m/s of wind and turbulence. */
static void test_arrivals(void)
{
	static uint8_t block[1 << 20];
	static struct known known[64];
	size_t n = read_incidents(known, 64), arrivals = 0, bad = 0, sure = 0;
	struct reader r = reader(file_named("truth.jsonl"));
	struct bytes line;

	while (next_line(&r, &line)) {
		struct arena a = arena_on(block, sizeof block);
		const struct tree *t = NULL;
		struct fault f = {0};
		struct frame frame;
		struct xy d;
		double lat, lon, v;

		if (!tree_read(line, &a, &t, &f) ||
			strcmp(tree_text(t, "what"), "arrival") != 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			if (strcmp(known[i].id, tree_text(t, "incident")) != 0)
				continue;
			bad += !node_at(tree_text(t, "source"), &lat, &lon);
			frame = frame_at(lat, lon);
			d = frame_to(&frame, known[i].lat_deg,
				known[i].lon_deg);
			v = sqrt(d.x_m * d.x_m + d.y_m * d.y_m) /
				instant_seconds(known[i].t0,
					tree_time(t, "at"));
			bad += !(v > 327 - 10 && v < 332 + 10);
			arrivals++;
		}
	}
	for (size_t i = 0; i < n; i++) {
		sure += known[i].observable;
		bad += known[i].heard_by >= 0 &&
			known[i].observable != (known[i].heard_by >= 5);
	}
	CHECK(arrivals > 400 && bad == 0, "demo: %zu arrivals, %zu at another "
		"time than geometry says", arrivals, bad);
	CHECK(n == 53 && sure == 51, "demo: %zu of %zu observable", sure, n);
}

static void test_faults(void)
{
	struct sim_ask ask = {
		.scenario = "faults", .seed = 3, .nodes = 8, .hours = 0.2};
	size_t damage = 0, samples = 0;

	(void)run(ask);
	for (size_t i = 0; i < store.count; i++) {
		struct samples x = {0};

		if (strstr(store.file[i].path, ".mseed") == NULL)
			continue;
		(void)decode(view(&store.file[i]), store.file[i].path, &x);
		damage += x.damage;
		samples += x.count;
	}
	CHECK(count_truth("fault") == 5, "faults: five are told");
	CHECK(damage == 1, "faults: one record is damaged (%zu)", damage);
	/* Eight nodes, one dead half-way, one file twice, one record gone. */
	CHECK(samples < 85u * 7200 && samples > 84u * 7200,
		"faults: %zu samples", samples);
}

static void test_refusals(void)
{
	const struct sim_files files = {&store, open_file, put, close_file};
	struct sim_ask ask = {.scenario = "nothing"};
	struct arena arena = {0};
	struct fault f = {0};

	CHECK(arena_map(&arena, SIM_ARENA, &f), "arena");
	CHECK(!sim_run(&ask, &arena, &files, &f) && f.kind == FAULT_INPUT,
		"unknown scenario: %s", f.text);
	ask = (struct sim_ask){.scenario = "nodes", .nodes = 1 << 20};
	CHECK(!sim_run(&ask, &arena, &files, &f) && f.kind == FAULT_LIMIT,
		"too many nodes: %s", f.text);
	arena_unmap(&arena);
}

int main(void)
{
	struct fault f;

	if (!arena_map(&store.arena, STORE, &f))
		return 1;
	store.at = store.arena.at;
	test_philox();
	test_steim();
	test_travel();
	test_blast();
	test_air();
	test_shadow();
	test_acts();
	test_drone();
	test_turbulence();
	test_fixed();
	test_independent();
	test_onset();
	test_demo();
	test_arrivals();
	test_faults();
	test_refusals();
	arena_unmap(&store.arena);
	return check_done();
}
