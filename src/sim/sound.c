/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pressure at each node as 24-bit counts, a file for each BLOCK_HOURS: wind
 * noise of slope f^-5/3 (one white sequence through four one-pole filters two
 * octaves apart), the digitiser's floor, a motor's hum, passing traffic, and
 * every blast with its echoes and scattered coda. */
#include "base/maths.h"
#include "sim/sky.h"
#include "sim/seed2.h"

enum {
	CHUNK = 256,         /* samples made at once */
	SOUNDS_MAX = 65536,  /* pulses and bursts at one node */
	SCATTER = 6,         /* weak pulses in the coda of each arrival */
	TAPE_MAX = 4 << 20,  /* a file that is kept, to be faulted */
	FILTERS = 4,
	RAIL = (1 << 23) - 1,
};

/* Heard: the largest sample stands 12 dB over the noise of its band, about
 * what a band-passed STA/LTA of ratio 4 asks of a pulse. */
#define HEARD_DB 12
#define FLOOR_PA 0.006
/* Wind noise at 1 Hz, Pa^2/Hz, in 4 m/s behind a wind screen; it grows with
 * the fourth power of the speed (WAVEFORM.md 7: w^2 in pressure). */
#define WIND_PSD 0.002

struct sound {
	double t_s;         /* onset after the world's beginning, true time */
	struct pulse pulse;
	double hz, long_s;  /* traffic: a swell of this tone; 0 a pulse */
};

struct noise {
	uint64_t seed, stream;
	double state[FILTERS], step[FILTERS], weight[FILTERS];
	double exposure;
};

struct ear { /* one node while it is rendered */
	struct world *w;
	const struct node *n;
	struct sound *sound;
	size_t sound_count, first; /* first: earliest that may still sound */
	struct noise noise;
	struct seed2 out;
	struct bytes tape; /* kept file of a fault; at: arena */
	uint8_t *tape_at;
	size_t tape_len;
	bool taping;
};

static struct noise noise_of(const struct world *w, const struct node *n)
{
	struct noise s = {.seed = w->seed,
		.stream = philox_stream("noise", n->id, 0)};
	double hz = 0.1;

	for (size_t k = 0; k < FILTERS; k++, hz *= 4) {
		s.step[k] = 1 - m_exp(-2 * PI * hz / n->rate_hz);
		s.weight[k] = m_pow(hz, -5.0 / 6);
	}
	s.exposure = 0.8 + 0.45 * philox_unit(w->seed, s.stream, UINT64_MAX);
	return s;
}

static double wind_psd(const struct sky *a)
{
	double r = a->wind_ms / 4;

	return WIND_PSD * r * r * r * r;
}

/* Rms of the noise between 10 Hz and 0.4 of the rate: the integral of
 * S f^-5/3 is 1.5 S (f1^-2/3 - f2^-2/3). */
static double noise_pa(const struct ear *e, const struct sky *a)
{
	double top = 0.4 * e->n->rate_hz, low = fmin(10, 0.25 * top);
	double s = wind_psd(a) * e->noise.exposure * e->noise.exposure;

	return sqrt(FLOOR_PA * FLOOR_PA + 1.5 * s *
		(m_pow(low, -2.0 / 3) - m_pow(top, -2.0 / 3)));
}

static bool add_sound(struct ear *e, struct sound s, struct fault *f)
{
	if (e->sound_count == SOUNDS_MAX)
		return fault(f, FAULT_LIMIT,
			"sim: more than %d sounds at %s", SOUNDS_MAX, e->n->id);
	e->sound[e->sound_count++] = s;
	return true;
}

/* The run that holds a moment, or NULL: then the node delivers nothing. */
static const struct node_run *run_at(const struct node *n, struct instant t)
{
	for (size_t i = 0; i < n->run_count; i++)
		if (span_holds(n->run[i].span, t))
			return &n->run[i];
	return NULL;
}

static void tell_arrival(struct ear *e, const struct blast *b,
	struct instant at, double snr_db, bool heard)
{
	struct json j = world_truth(e->w, "arrival");

	json_key(&j, "incident");
	json_text(&j, b->id);
	json_key(&j, "source");
	json_text(&j, e->n->id);
	json_key(&j, "at");
	json_time(&j, at, 6);
	json_key(&j, "snr_db");
	json_fixed(&j, snr_db, 1);
	json_key(&j, "heard");
	json_flag(&j, heard);
	world_truth_end(e->w, &j);
}

/* Late paths of one arrival: at most one clear echo, then scattered coda.  All
 * are a function of where it was (a 300 m cell) and who heard it. */
static bool add_echoes(struct ear *e, const struct sound *direct,
	uint64_t stream, struct fault *f)
{
	uint64_t seed = e->w->seed, i = 0;
	bool echo = philox_unit(seed, stream, i++) < 0.3;

	for (int k = echo ? 0 : 1; k <= SCATTER; k++) {
		struct sound s = *direct;
		double mean_s = k == 0 ? 0.25 : 0.15;
		double loss_db = (k == 0 ? 6 : 14) +
			(k == 0 ? 6 : 10) * philox_unit(seed, stream, i++);

		s.t_s += 0.05 + mean_s * philox_wait(seed, stream, i++);
		s.pulse.peak_pa *= m_pow(10, -loss_db / 20);
		if (philox_unit(seed, stream, i++) < 0.5)
			s.pulse.peak_pa = -s.pulse.peak_pa;
		if (!add_sound(e, s, f))
			return false;
	}
	return true;
}

static uint64_t cell_of(struct xy p)
{
	int64_t x = (int64_t)floor(p.x_m / 300);
	int64_t y = (int64_t)floor(p.y_m / 300);

	return (uint64_t)x << 32 ^ ((uint64_t)y & UINT32_MAX);
}

/* An infrasound element breathes through pipes laid out over some metres
 * against the wind: a pulse is spread over the 50 ms that sound takes across
 * them, its first lobe's impulse kept. */
static struct pulse through_pipes(struct pulse p)
{
	double td_s = p.td_s + 0.05;

	return (struct pulse){p.peak_pa * p.td_s / td_s, td_s};
}

static bool hear(struct ear *e, struct blast *b, size_t nth, struct fault *f)
{
	const struct world *w = e->w;
	const struct sky a = sky_at(w, b->t0);
	const double d = world_distance(b->at, e->n->at);
	const uint64_t path =
		philox_stream("path", e->n->id, cell_of(b->at));
	const uint64_t shot = philox_stream("shot", e->n->id, nth);
	const struct node_run *run;
	struct sound s = {.pulse = sky_blast(b->yield_kg, d)};
	const bool pipes = strcmp(e->n->kind, "infrasound") == 0;
	double late_s, scatter_db, snr_db;
	struct instant at;
	bool heard;

	if (pipes)
		s.pulse = through_pipes(s.pulse);

	/* Turbulence: 3 ms/km that a path keeps, 1 ms/km from shot to shot
	 * (WAVEFORM.md 3.3 takes 5 to 10 for both together). */
	late_s = w->rough * d * (3e-6 * philox_normal(w->seed, path, 100) +
		1e-6 * philox_normal(w->seed, shot, 0));
	scatter_db = w->rough * (3 + 3 * fmin(d / 10000, 1)) *
		philox_normal(w->seed, shot, 1);
	s.pulse.peak_pa *= m_pow(10,
		(scatter_db + sky_refraction_db(&a, b->at, e->n->at)) / 20);
	s.t_s = instant_seconds(w->span.from, b->t0) +
		sky_travel_s(&a, b->at, e->n->at) + late_s;
	at = instant_plus_s(w->span.from, s.t_s);
	run = run_at(e->n, at);
	snr_db = 20 * m_log10(sky_pulse_mean(&s.pulse, 0,
			1.0 / e->n->rate_hz) / noise_pa(e, &a));
	heard = run && snr_db >= HEARD_DB;
	if (heard && run->quality >= 50 && !pipes)
		b->heard++;
	if (run || snr_db >= HEARD_DB)
		tell_arrival(e, b, at, snr_db, heard);
	return add_sound(e, s, f) &&
		(!(w->rough > 0) || add_echoes(e, &s, path, f));
}

/* Vehicles: swells of a low tone, at no two nodes together. */
static bool add_traffic(struct ear *e, struct fault *f)
{
	uint64_t stream = philox_stream("traffic", e->n->id, 0), i = 0;
	double end_s = instant_seconds(e->w->span.from, e->w->span.to);
	double t = 0;

	if (!(e->w->rough > 0))
		return true;
	for (;;) {
		struct sound s = {0};

		/* One in 80 minutes: a track across fields. */
		t += 4800 * philox_wait(e->w->seed, stream, i++);
		if (t > end_s)
			return true;
		s.t_s = t;
		s.long_s = 3 + 5 * philox_unit(e->w->seed, stream, i++);
		s.hz = 11 + 7 * philox_unit(e->w->seed, stream, i++);
		s.pulse.peak_pa =
			0.05 + 0.15 * philox_unit(e->w->seed, stream, i++);
		if (!add_sound(e, s, f))
			return false;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct sound *x = a, *y = b;

	if (x->t_s < y->t_s || x->t_s > y->t_s)
		return x->t_s < y->t_s ? -1 : 1;
	/* Sums depend on the order, and qsort() keeps none. */
	return (x->pulse.peak_pa > y->pulse.peak_pa) -
		(x->pulse.peak_pa < y->pulse.peak_pa);
}

static void fill_noise(struct ear *e, double *pa, size_t n, uint64_t index,
	struct instant t)
{
	struct noise *s = &e->noise;
	struct sky a = sky_at(e->w, t);
	/* The filters' sum is 2.04 at 1 Hz and a white sequence of variance 1
	 * has a density of 2/rate: hence 2 x 2.04^2 = 8.32. */
	double gain = s->exposure *
		sqrt(wind_psd(&a) * e->n->rate_hz / 8.32);
	struct philox p = {0};

	for (size_t i = 0; i < n; i++, index++) {
		uint32_t r;
		double v, sum = 0;

		if (i == 0 || (index & 3) == 0)
			p = philox(s->seed, s->stream, index >> 2);
		r = p.at[index & 3];
		/* Four bytes summed: mean 510, variance 4 (256^2 - 1)/12;
		 * normal enough (kurtosis 2.7), and exact on any machine. */
		v = ((double)((r & 255) + (r >> 8 & 255) + (r >> 16 & 255) +
			     (r >> 24)) - 510) / 147.8;
		for (size_t k = 0; k < FILTERS; k++) {
			s->state[k] += s->step[k] * (v - s->state[k]);
			sum += s->weight[k] * s->state[k];
		}
		pa[i] = gain * sum + FLOOR_PA * v;
	}
}

static void add_hum(const struct ear *e, double *pa, size_t n, double t_s)
{
	double cycles = e->n->hum_hz * t_s;
	double phase = 2 * PI * (cycles - floor(cycles));

	if (!(e->n->hum_pa > 0))
		return;
	for (size_t i = 0; i < n; i++)
		pa[i] += e->n->hum_pa * m_sin(phase + 2 * PI * e->n->hum_hz *
				(double)i / e->n->rate_hz);
}

static double sound_end(const struct sound *s)
{
	/* exp(-14) of a pulse is a millionth: below any noise. */
	return s->t_s + (s->long_s > 0 ? s->long_s : 14 * s->pulse.td_s);
}

static void add_one(const struct sound *s, double *pa, size_t n, double t_s,
	double dt)
{
	double from = floor((s->t_s - t_s) / dt);
	double to = (sound_end(s) - t_s) / dt + 2;
	size_t i = from > 0 ? (size_t)from : 0;

	for (; i < n && (double)i < to; i++) {
		/* A sample is the mean of the half sample before and after: a
		 * digitiser takes its filter's delay out of its times. */
		double t = t_s + ((double)i - 0.5) * dt - s->t_s;

		if (s->hz > 0 && t > 0 && t < s->long_s) {
			double up = m_sin(PI * t / s->long_s);

			pa[i] += s->pulse.peak_pa * up * up *
				m_sin(2 * PI * s->hz * t);
		} else if (!(s->hz > 0)) {
			pa[i] += sky_pulse_mean(&s->pulse, t, dt);
		}
	}
}

static void add_sounds(struct ear *e, double *pa, size_t n, double t_s)
{
	double dt = 1.0 / e->n->rate_hz;
	double end_s = t_s + (double)n * dt;

	/* No sound is longer than 8 s. */
	while (e->first < e->sound_count && e->sound[e->first].t_s < t_s - 9)
		e->first++;
	for (size_t k = e->first;
		k < e->sound_count && e->sound[k].t_s < end_s; k++)
		if (sound_end(&e->sound[k]) > t_s)
			add_one(&e->sound[k], pa, n, t_s, dt);
}

static bool render(
	struct ear *e, struct instant from, size_t n, struct fault *f)
{
	double pa[CHUNK];
	int32_t count[CHUNK];
	double t_s = instant_seconds(e->w->span.from, from);
	uint64_t index = (uint64_t)(from.utc_ns / 1000000) *
		(uint64_t)e->n->rate_hz / 1000;

	fill_noise(e, pa, n, index, from);
	add_hum(e, pa, n, t_s);
	add_sounds(e, pa, n, t_s);
	for (size_t i = 0; i < n; i++)
		count[i] = (int32_t)fmin(fmax(floor(pa[i] *
				e->n->counts_per_pa + 0.5), -RAIL), RAIL);
	return seed2_add(&e->out, count, n, f);
}

static bool put_tape(void *self, struct bytes b, struct fault *f)
{
	struct ear *e = self;

	if (!e->taping)
		return e->w->files->put(e->w->files->self, b, f);
	if (e->tape_len + b.len > TAPE_MAX)
		return fault(f, FAULT_LIMIT, "sim: a file to be faulted "
			"is larger than %d bytes", TAPE_MAX);
	memcpy(e->tape_at + e->tape_len, b.at, b.len);
	e->tape_len += b.len;
	return true;
}

static void file_path(const struct ear *e, struct instant t, const char *mark,
	char *out, size_t size)
{
	struct civil c = instant_civil(t);

	(void)snprintf(out, size, "inbox/%s/%s%s_%04d%02d%02dT%02d%02d%02dZ"
		".mseed", e->n->id, mark, e->n->id, c.year, c.month, c.day,
		c.hour, c.minute, c.second);
}

static void tell_fault(struct ear *e, const char *kind, const char *path,
	struct span s)
{
	struct json j = world_truth(e->w, "fault");

	json_key(&j, "source");
	json_text(&j, e->n->id);
	json_key(&j, "kind");
	json_text(&j, kind);
	json_key(&j, "from");
	json_time(&j, s.from, 3);
	json_key(&j, "to");
	json_time(&j, s.to, 3);
	if (path) {
		json_key(&j, "file");
		json_text(&j, path);
	}
	world_truth_end(e->w, &j);
}

/* The file was kept back: now it is written, as its fault says. */
static bool put_faulted(struct ear *e, struct span s, struct fault *f)
{
	struct bytes tape = {e->tape_at, e->tape_len};
	char path[160], late[160];

	file_path(e, s.from, "", path, sizeof path);
	if (e->n->fault == RECORD_DAMAGED) {
		size_t at = tape.len / SEED2_RECORD / 2 * SEED2_RECORD;

		for (size_t i = 0; i < SEED2_RECORD; i++)
			e->tape_at[at + i] = (uint8_t)philox(e->w->seed,
				philox_stream("damage", e->n->id, 0), i).at[0];
		tell_fault(e, "record_damaged", path, s);
		return world_file(e->w, path, tape, f);
	}
	/* Lower case sorts after the other files of the node. */
	file_path(e, s.from, e->n->fault == FILE_LATE ? "late_" : "copy_",
		late, sizeof late);
	tell_fault(e, e->n->fault == FILE_LATE ? "file_late" : "file_twice",
		late, s);
	return (e->n->fault == FILE_LATE ||
			world_file(e->w, path, tape, f)) &&
		world_file(e->w, late, tape, f);
}

static bool one_file(struct ear *e, const struct node_run *run, struct span s,
	struct fault *f)
{
	const struct sim_files *files = e->w->files;
	const int64_t step = 1000000000 / e->n->rate_hz;
	size_t left = (size_t)((s.to.utc_ns - s.from.utc_ns) / step);
	char path[160];

	e->taping = e->n->fault != FAULTLESS && span_holds(s, e->n->fault_at);
	e->tape_len = 0;
	if (e->taping && !e->tape_at &&
		!(e->tape_at = arena_take(e->w->arena, TAPE_MAX, f)))
		return false;
	file_path(e, s.from, "", path, sizeof path);
	if (!e->taping && !files->open(files->self, path, f))
		return false;
	e->out.quality = run->quality;
	e->out.locked = run->quality >= 50;
	seed2_start(&e->out, instant_plus_s(s.from, run->clock_s));
	for (struct instant t = s.from; left > 0;) {
		size_t n = left < CHUNK ? left : CHUNK;

		if (!render(e, t, n, f))
			return false;
		left -= n;
		t.utc_ns += (int64_t)n * step;
	}
	if (!seed2_flush(&e->out, f))
		return false;
	return e->taping ? put_faulted(e, s, f) :
		files->close(files->self, f);
}

static bool one_run(struct ear *e, const struct node_run *run, struct fault *f)
{
	const int64_t block = (int64_t)BLOCK_HOURS * 3600 * 1000000000;
	struct span s = {.from = run->span.from};

	for (; s.from.utc_ns < run->span.to.utc_ns; s.from = s.to) {
		s.to.utc_ns = (s.from.utc_ns / block + 1) * block;
		if (s.to.utc_ns > run->span.to.utc_ns)
			s.to = run->span.to;
		if (!one_file(e, run, s, f))
			return false;
	}
	if (run->clock_s < 0 || run->clock_s > 0)
		tell_fault(e, "clock_offset", NULL, run->span);
	return true;
}

/* Where the node should deliver and does not. */
static void tell_gaps(struct ear *e)
{
	struct instant at = e->w->span.from;

	for (size_t i = 0; i <= e->n->run_count; i++) {
		struct instant to = i < e->n->run_count ?
			e->n->run[i].span.from : e->w->span.to;

		if (at.utc_ns < to.utc_ns)
			tell_fault(e, "no_data", NULL, (struct span){at, to});
		if (i < e->n->run_count)
			at = e->n->run[i].span.to;
	}
}

static bool one_node(struct world *w, const struct node *n, struct sound *list,
	struct fault *f)
{
	struct ear e = {.w = w, .n = n, .sound = list};

	e.noise = noise_of(w, n);
	e.out = (struct seed2){.network = "XT", .station = n->station,
		.location = n->array[0] ? n->id + strlen(n->id) - 2 : "00",
		.channel = n->channel, .rate_hz = n->rate_hz,
		.out = {put_tape, &e}};
	for (size_t i = 0; i < w->blast_count; i++)
		if (!hear(&e, &w->blast[i], i, f))
			return false;
	if (!add_traffic(&e, f))
		return false;
	qsort(e.sound, e.sound_count, sizeof *e.sound, by_time);
	for (size_t i = 0; i < n->run_count; i++)
		if (!one_run(&e, &n->run[i], f))
			return fault_in(f, "%s", n->id);
	tell_gaps(&e);
	return true;
}

bool sound_write(struct world *w, struct fault *f)
{
	struct sound *list =
		arena_array(w->arena, SOUNDS_MAX, sizeof *list, f);
	size_t mark = w->arena->used;

	if (!list)
		return false;
	for (size_t i = 0; i < w->node_count; i++) {
		if (!one_node(w, &w->node[i], list, f))
			return false;
		w->arena->used = mark; /* a faulted file's tape */
	}
	return true;
}
