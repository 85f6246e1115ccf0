/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A node's sound as 24-bit counts in miniSEED, a file for each BLOCK_HOURS,
 * with what is wrong with the node: its clock, its samples, its files. */
#include "base/maths.h"
#include "sim/ear.h"
#include "sim/seed2.h"
#include "sim/wire.h"

enum {
	TAPE_MAX = 16 << 20, /* a file that is kept, to be faulted */
	RAIL = (1 << 23) - 1,
};

struct wire { /* one node while it is written */
	const struct world *w;
	const struct node *n;
	const struct sim_files *files;
	struct arena *arena;
	struct ear ear;
	struct noise looped; /* as it was at a loop's beginning */
	size_t first;        /* earliest sound that may still be heard */
	double before_s;     /* time of the samples made last */
	struct seed2 out;
	uint8_t *tape;
	size_t tape_len;
	bool taping;
};

/* What was heard of a moment that is sent as another: a loop or a replay. */
static struct instant source_time(
	const struct node *n, struct instant t, const struct flaw **loop)
{
	const struct flaw *x = node_flaw(n, FLAW_REPLAY, t);

	if (x)
		t.utc_ns -= (int64_t)(x->size * 1e9);
	*loop = node_flaw(n, FLAW_LOOP, t);
	if (*loop)
		t.utc_ns = (*loop)->span.from.utc_ns +
			(t.utc_ns - (*loop)->span.from.utc_ns) %
				(int64_t)((*loop)->size * 1e9);
	return t;
}

/* How many samples may be made at once from t on: no flaw begins, ends or
 * wraps among them. */
static size_t chunk_at(const struct node *n, struct instant t, size_t left)
{
	const int64_t step = 1000000000 / n->rate_hz;
	size_t most = left < NOISE_CHUNK ? left : NOISE_CHUNK;
	struct instant end = instant_plus_ns(t, (int64_t)most * step);

	for (size_t i = 0; i < n->flaw_count; i++) {
		const struct flaw *x = &n->flaw[i];
		int64_t turn = x->span.from.utc_ns, long_ns;

		if (x->sort < FLAW_RAIL)
			continue;
		if (turn <= t.utc_ns && x->sort == FLAW_LOOP &&
			t.utc_ns < x->span.to.utc_ns) {
			long_ns = (int64_t)(x->size * 1e9);
			turn += ((t.utc_ns - turn) / long_ns + 1) * long_ns;
		}
		if (turn <= t.utc_ns)
			turn = x->span.to.utc_ns;
		if (turn > t.utc_ns && turn < end.utc_ns)
			end.utc_ns = turn;
	}
	most = (size_t)((end.utc_ns - t.utc_ns) / step);
	return most > 0 ? most : 1;
}

static void to_counts(const struct wire *e, struct instant t, const double *pa,
	int32_t *count, size_t n)
{
	const struct flaw *x = node_flaw(e->n, FLAW_GAIN, t);
	const double clip = e->n->clip_pa > 0 ?
		fmin(RAIL, e->n->clip_pa * e->n->counts_per_pa) : RAIL;
	double gain = e->n->counts_per_pa * (x ? x->size : 1);

	if (node_flaw(e->n, FLAW_FLIP, t))
		gain = -gain;
	if (node_flaw(e->n, FLAW_RAIL, t)) {
		for (size_t i = 0; i < n; i++)
			count[i] = RAIL;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		double v = pa[i] * gain + 0.5;
		int32_t k;

		v = v < -clip ? -clip : v > clip ? clip : v;
		/* Down, not towards 0. */
		k = (int32_t)v;
		count[i] = k - (v < (double)k);
	}
}

static bool render(
	struct wire *e, struct instant t, size_t n, struct fault *f)
{
	double pa[NOISE_CHUNK];
	int32_t count[NOISE_CHUNK];
	const struct flaw *loop;
	const struct instant from = source_time(e->n, t, &loop);
	double t_s = instant_seconds(e->w->span.from, from);
	uint64_t index = (uint64_t)(from.utc_ns / 1000000) *
		(uint64_t)e->n->rate_hz / 1000;

	if (t_s < e->before_s)
		e->first = 0;
	e->before_s = t_s;
	if (loop && from.utc_ns == loop->span.from.utc_ns) {
		if (t.utc_ns == from.utc_ns)
			e->looped = e->ear.noise;
		else
			e->ear.noise = e->looped;
	}
	noise_fill(&e->ear.noise, e->w, e->n, pa, n, index, from);
	sound_add(&e->ear, &e->first, pa, n, t_s);
	to_counts(e, t, pa, count, n);
	return seed2_add(&e->out, count, n, f);
}

static bool put_tape(void *self, struct bytes b, struct fault *f)
{
	struct wire *e = self;

	if (!e->taping)
		return e->files->put(e->files->self, b, f);
	if (e->tape_len + b.len > TAPE_MAX)
		return fault(f, FAULT_LIMIT, "sim: a file to be faulted "
			"is larger than %d bytes", TAPE_MAX);
	memcpy(e->tape + e->tape_len, b.at, b.len);
	e->tape_len += b.len;
	return true;
}

static int64_t clock_ahead(void *self, struct instant t)
{
	const struct wire *e = self;

	return (int64_t)floor(node_clock_s(e->w, e->n, t) * 1e9 + 0.5);
}

void wire_path(const struct node *n, struct instant t, const char *mark,
	char *out, size_t size)
{
	struct civil c = instant_civil(t);

	(void)snprintf(out, size, "inbox/%s/%s%s_%04d%02d%02dT%02d%02d%02dZ"
		".mseed", n->id, mark, n->id, c.year, c.month, c.day,
		c.hour, c.minute, c.second);
}

const struct flaw *wire_file_flaw(const struct node *n, struct span s)
{
	for (size_t i = 0; i < n->flaw_count; i++) {
		const struct flaw *x = &n->flaw[i];

		if (x->sort >= FLAW_FILE_TWICE &&
			x->sort <= FLAW_RECORD_DAMAGED &&
			span_holds(s, x->span.from))
			return x;
		if (x->sort >= FLAW_RECORDS_TWICE &&
			x->sort <= FLAW_BYTES_DAMAGED && span_meets(s, x->span))
			return x;
	}
	return NULL;
}

static uint32_t draw(const struct wire *e, const char *what, uint64_t i)
{
	return philox(e->w->seed, philox_stream(what, e->n->id, 0), i).at[0];
}

/* One record of nonsense; or one byte of about 20,000. */
static void damage(struct wire *e, bool record)
{
	size_t at = e->tape_len / SEED2_RECORD / 2 * SEED2_RECORD;

	for (size_t i = 0; record && i < SEED2_RECORD; i++)
		e->tape[at + i] = (uint8_t)draw(e, "damage", i);
	for (uint64_t i = 0; !record && i < e->tape_len / 20000 + 1; i++)
		e->tape[draw(e, "damage", 2 * i) % e->tape_len] ^=
			(uint8_t)(1 + draw(e, "damage", 2 * i + 1) % 255);
}

static void shuffle(struct wire *e)
{
	uint8_t hold[SEED2_RECORD];

	for (size_t i = e->tape_len / SEED2_RECORD; i > 1; i--) {
		uint8_t *a = e->tape + (i - 1) * SEED2_RECORD;
		uint8_t *b = e->tape +
			draw(e, "shuffle", i) % i * SEED2_RECORD;

		memcpy(hold, a, sizeof hold);
		memmove(a, b, sizeof hold);
		memcpy(b, hold, sizeof hold);
	}
}

static bool put_twice(struct wire *e, const char *path, struct fault *f)
{
	const struct sim_files *to = e->files;

	if (!to->open(to->self, path, f))
		return false;
	for (size_t at = 0; at < e->tape_len; at += SEED2_RECORD) {
		struct bytes b = {e->tape + at, SEED2_RECORD};

		if (!to->put(to->self, b, f) || !to->put(to->self, b, f))
			return false;
	}
	return to->close(to->self, f);
}

static bool put_file(const struct sim_files *to, const char *path,
	struct bytes b, struct fault *f)
{
	return to->open(to->self, path, f) && to->put(to->self, b, f) &&
		to->close(to->self, f);
}

/* Lower case sorts after the other files of the node. */
static const char *late_mark(const struct flaw *x)
{
	return x->sort == FLAW_FILE_LATE ? "late_" : "copy_";
}

/* The file was kept back: now it is written, as its flaw says. */
static bool put_flawed(
	struct wire *e, const struct flaw *x, struct span s, struct fault *f)
{
	char path[160], late[160];

	wire_path(e->n, s.from, "", path, sizeof path);
	if (x->sort == FLAW_RECORDS_TWICE)
		return put_twice(e, path, f);
	if (x->sort == FLAW_RECORDS_SHUFFLED)
		shuffle(e);
	else if (x->sort != FLAW_FILE_LATE && x->sort != FLAW_FILE_TWICE)
		damage(e, x->sort == FLAW_RECORD_DAMAGED);
	wire_path(e->n, s.from, late_mark(x), late, sizeof late);
	return (x->sort == FLAW_FILE_LATE || put_file(e->files, path,
			(struct bytes){e->tape, e->tape_len}, f)) &&
		((x->sort != FLAW_FILE_LATE && x->sort != FLAW_FILE_TWICE) ||
			put_file(e->files, late,
				(struct bytes){e->tape, e->tape_len}, f));
}

static bool put_samples(struct wire *e, struct span s, struct fault *f)
{
	const int64_t step = 1000000000 / e->n->rate_hz;
	size_t left = (size_t)((s.to.utc_ns - s.from.utc_ns) / step);

	for (struct instant t = s.from; left > 0;) {
		size_t n = chunk_at(e->n, t, left);
		bool lost = node_flaw(e->n, FLAW_GNSS_LOST, t) != NULL;

		if (lost && e->out.locked) {
			e->out.quality = 30;
			e->out.locked = false;
		}
		if (!render(e, t, n, f))
			return false;
		left -= n;
		t.utc_ns += (int64_t)n * step;
	}
	return seed2_flush(&e->out, f);
}

static bool one_file(struct wire *e, const struct node_run *run, struct span s,
	struct fault *f)
{
	const struct flaw *x = wire_file_flaw(e->n, s);
	char path[160];

	e->taping = x != NULL;
	e->tape_len = 0;
	if (e->taping && !e->tape &&
		!(e->tape = arena_take(e->arena, TAPE_MAX, f)))
		return false;
	wire_path(e->n, s.from, "", path, sizeof path);
	if (!e->taping && !e->files->open(e->files->self, path, f))
		return false;
	e->out.quality = run->quality;
	e->out.locked = run->quality >= 50;
	seed2_start(&e->out, instant_plus_s(s.from, run->clock_s));
	if (!put_samples(e, s, f))
		return false;
	return e->taping ? put_flawed(e, x, s, f) :
		e->files->close(e->files->self, f);
}

struct span wire_file_at(const struct node_run *run, struct instant from)
{
	const int64_t block = (int64_t)BLOCK_HOURS * 3600 * 1000000000;
	struct span s = {from, {(from.utc_ns / block + 1) * block}};

	if (s.to.utc_ns > run->span.to.utc_ns)
		s.to = run->span.to;
	return s;
}

static bool one_run(struct wire *e, const struct node_run *run, struct fault *f)
{
	struct span s = {.to = run->span.from};

	while (s.to.utc_ns < run->span.to.utc_ns) {
		s = wire_file_at(run, s.to);
		if (!one_file(e, run, s, f))
			return false;
	}
	return true;
}

bool wire_write(const struct world *w, size_t node, struct arena *arena,
	const struct sim_files *files, struct fault *f)
{
	const struct node *n = &w->node[node];
	const size_t mark = arena->used;
	struct wire *e = arena_take(arena, sizeof *e, f);
	bool ok = e != NULL;

	if (!ok)
		return false;
	*e = (struct wire){.w = w, .n = n, .files = files, .arena = arena,
		.ear = {.w = w, .n = n}};
	ok = ear_listen(&e->ear, arena, f);
	e->out = (struct seed2){.network = "XT", .station = n->station,
		.location = n->array[0] ? n->id + strlen(n->id) - 2 : "00",
		.channel = n->channel, .rate_hz = n->rate_hz,
		.out = {put_tape, e}, .self = e,
		.ahead_ns = n->flaw_count > 0 ? clock_ahead : NULL};
	for (size_t i = 0; ok && i < n->run_count; i++)
		ok = one_run(e, &n->run[i], f) || fault_in(f, "%s", n->id);
	arena->used = mark;
	return ok;
}

