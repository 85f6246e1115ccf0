/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalta.c - sounds that begin: short over long average of power in up to
 * four bands at once (bank.h), then the onset by AIC (onset.h).
 *
 * Bands: recursive averages over T_S and T_L as Withers et al. 1998, BSSA 88.
 * Samples above 12 kHz are averaged to picks, those above 2400 Hz to what the
 * bands hear.  Bands that see one onset within one period of the lower band
 * edge, and three sigmas of its times, make one detection, the best-timed.
 *
 * A run is what lies between two gaps (or steps of rate); all in it counts
 * from its first sample, so how a stream is cut does not matter. */
#include "detect/abreast.h"
#include "detect/detector.h"
#include "detect/features.h"
#include "detect/listener.h"
#include "detect/onset.h"

#include "base/maths.h"

enum {
	LANES = KERNEL_LANES,
	BLOCK = KERNEL_BLOCK, /* band samples */
	RING = 8192,     /* samples kept for picks: 0.68 s at 12 kHz */
	PICK_MAX = 12000, /* Hz; above, neighbours are averaged */
	BAND_MAX = 2400, /* Hz; bands end at 1000 Hz */
	POST_MIN = 12,   /* pick samples after a trigger */
	FEATURES = 16,
	/* Without, one sound in thirty was told twice by an ear: low in 40-200
	 * Hz and picked 25 to 100 ms early there (scale, 3,000 nodes). */
	SAME_SIGMAS = 3,
	SHAPE_DB = 10,   /* below, noise shapes the shape */
	TRIGGERS = 16,
	ONSETS = 32,
	PLACES = 64,     /* segments remembered for time and cite: 2^n */
	EARLY_HZ = 10,   /* an early word waits for the bands from here on:
	                    0.35 s, where all take 1.05 s */
};

/* WAVEFORM.md 3.1; by kind of source, the first lane differs. */
static const struct band bands[LANES] = {
	{0.5, 5, 0.5, 30},
	{2, 15, 0.1, 10},
	{10, 60, 0.05, 5},
	{40, 200, 0.02, 2},
};
/* A microphone has no use for the lowest (wind), and where its rate allows
 * hears small arms best here: of the Pittsburgh pulses of 10 dB and more the
 * other three alone miss a fifth. */
static const struct band high_band = {200, 1000, 0.01, 2};
struct trigger {
	uint64_t at, not_before, due; /* pick samples */
	size_t lane;
	bool closed;
	uint64_t closed_at;
};

struct onset {
	uint64_t at;     /* pick sample */
	double sigma_s, duration_s;
	double rank;     /* of two bands, the lower has the better time */
	struct features is;
	struct pulse_shape shape;
	double band_db[LANES]; /* snr in each band; NAN where it was none */
	size_t lane;
	unsigned members; /* bit set of all bands; lane is the best */
	uint64_t trigger_at;
	bool open;
};

struct place_of { /* where samples from input sample `first` on came from */
	uint64_t first;
	uint64_t zero;   /* input sample of `start` */
	struct instant start;
	double scale;
	struct cite cite;
};

struct stalta {
	const struct source *source;
	double rate_hz;      /* of the run; 0: no run */
	double pick_hz, band_hz;
	unsigned fold, thin; /* input to pick to band samples */
	uint64_t input, picks, blocks; /* so far in the run */
	double fold_sum;
	unsigned folded;
	double reference;
	double floor; /* least power of noise: one count^2, or about 0 */
	struct bank bank;
	struct listener listener;
	struct trigger trigger[TRIGGERS];
	size_t triggers;
	struct onset onset[ONSETS];
	size_t onsets;
	struct place_of place[PLACES]; /* the last ones, in turn */
	size_t places; /* since the run began */
	float ring[RING];
};

static bool hears(const struct source *s)
{
	return s && (s->kind == SOURCE_ACOUSTIC ||
		s->kind == SOURCE_INFRASOUND || s->kind == SOURCE_SEISMIC);
}

static void start(
	void *state, const struct source *s, const struct mission *m)
{
	struct stalta *d = state;

	(void)m;
	d->source = s;
	for (size_t i = 0; i < LANES; i++)
		d->bank.nominal[i] = bands[i];
	if (s->kind == SOURCE_ACOUSTIC)
		d->bank.nominal[0] = high_band;
}

static void begin_run(struct stalta *d, const struct segment *s)
{
	double rate = s->rate_hz;

	d->rate_hz = rate;
	d->fold = (unsigned)floor((rate + PICK_MAX - 1) / PICK_MAX);
	d->fold = d->fold ? d->fold : 1;
	d->pick_hz = rate / d->fold;
	d->thin = (unsigned)floor((d->pick_hz + BAND_MAX - 1) / BAND_MAX);
	d->thin = d->thin ? d->thin : 1;
	d->band_hz = d->pick_hz / d->thin;
	d->input = d->picks = d->blocks = 0;
	d->fold_sum = 0;
	d->folded = 0;
	d->reference = segment_sample(s, 0);
	d->floor = s->counts ? 1 : 1e-30;
	bank_start(&d->bank, d->band_hz, s->counts ? 1.0 / 12 : 1e-30);
	d->triggers = d->onsets = d->places = 0;
	listener_start(&d->listener);
}

/* Band samples count from the run's first pick sample. */
static void trigger_on(void *self, size_t i, uint64_t at, uint64_t after)
{
	struct stalta *d = self;
	double post_s = fmax(0.1, 0.5 / d->bank.band[i].low_hz);
	struct trigger *t;

	if (d->triggers == TRIGGERS)
		return; /* 16 undecided in a tenth of a second: one roar */
	t = &d->trigger[d->triggers++];
	*t = (struct trigger){.at = at * d->thin, .not_before = after * d->thin,
		.lane = i};
	t->due = t->at + (uint64_t)(post_s * d->pick_hz);
	/* onset_find() looks at no later one than 8 before the end. */
	if (t->due < t->at + POST_MIN)
		t->due = t->at + POST_MIN;
}

/* An onset of this lane is over at a band sample. */
static void trigger_off(void *self, size_t i, uint64_t since, uint64_t at)
{
	struct stalta *d = self;

	since *= d->thin;
	at *= d->thin;
	for (size_t k = 0; k < d->triggers; k++)
		if (d->trigger[k].lane == i && d->trigger[k].at == since) {
			d->trigger[k].closed = true;
			d->trigger[k].closed_at = at;
		}
	for (size_t k = 0; k < d->onsets; k++) {
		struct onset *o = &d->onset[k];

		if (o->open && o->lane == i && o->trigger_at == since) {
			o->open = false;
			o->duration_s = (double)(at > o->at ? at - o->at : 0) /
				d->pick_hz;
		}
	}
}

static const struct bank_ear *ear_of(struct stalta *d, struct bank_ear *ear)
{
	*ear = (struct bank_ear){trigger_on, trigger_off, d};
	return ear;
}

/* The next n band samples, where they lie or as means. */
static const float *band_samples(
	const struct stalta *d, size_t n, float mean[BLOCK])
{
	uint64_t at = d->blocks * BLOCK * d->thin;

	if (d->thin == 1) /* BLOCK divides RING: a block does not wrap. */
		return d->ring + at % RING;
	for (size_t i = 0; i < n; i++) {
		float sum = 0;

		for (unsigned k = 0; k < d->thin; k++, at++)
			sum += d->ring[at % RING];
		mean[i] = sum / (float)d->thin;
	}
	return mean;
}

static void block(struct stalta *d, size_t n)
{
	struct bank_ear ear;
	float mean[BLOCK];

	bank_block(&d->bank, band_samples(d, n, mean), n, ear_of(d, &ear));
}

/* The upper edge for picks.  Where there is more above the high bands, it
 * sharpens the onset. */
static double top(const struct stalta *d, size_t lane)
{
	double high = d->bank.band[lane].high_hz;

	return high >= 200 && d->thin > 1 ? 0.4 * d->pick_hz : high;
}

/* Ring samples [begin, end), filtered. */
static void refilter(const struct stalta *d, const struct trigger *t,
	uint64_t begin, uint64_t end, double *y)
{
	size_t n = (size_t)(end - begin);

	for (size_t i = 0; i < n; i++)
		y[i] = (double)d->ring[(begin + i) % RING];
	onset_filter(y, n, d->bank.band[t->lane].low_hz, top(d, t->lane),
		d->pick_hz, y);
}

static bool pick(
	const struct stalta *d, const struct trigger *t, struct onset *o)
{
	const struct band *b = &d->bank.band[t->lane];
	uint64_t oldest = d->picks > RING ? d->picks - RING : 0;
	uint64_t lead = (uint64_t)(2 / b->low_hz * d->pick_hz);
	uint64_t from = t->not_before > oldest ? t->not_before : oldest;
	uint64_t begin = from > oldest + lead ? from - lead : oldest;
	uint64_t end = t->due < d->picks ? t->due : d->picks;
	double all[RING], *y, sigma, dt = 1 / d->pick_hz;
	struct onset_window w = {NULL, 0, d->floor,
		fmin(1, 2 * (b->high_hz - b->low_hz) / d->pick_hz)};
	double smear;
	size_t k, last;

	if (end < from + 24)
		return false;
	refilter(d, t, begin, end, all);
	w.y = y = all + (from - begin);
	w.n = (size_t)(end - from);
	k = onset_find(&w, &sigma);
	*o = (struct onset){.at = from + k, .lane = t->lane,
		.members = 1u << t->lane, .trigger_at = t->at,
		.open = !t->closed, .duration_s = NAN};
	/* An onset is smeared over the shortest period that passes; a quarter
	 * of it keeps a low band from claiming the better time (tests). */
	smear = 0.25 / top(d, t->lane);
	o->rank = sqrt(sigma * sigma * dt * dt + smear * smear);
	if (t->closed)
		o->duration_s = (double)(t->closed_at > o->at
				? t->closed_at - o->at : 0) * dt;
	last = k + (size_t)(4 * b->short_s * d->pick_hz) + 8;
	features_of(y, k, last < w.n ? last : w.n, d->pick_hz, d->bank.floor,
		&o->is);
	for (size_t i = 0; i < LANES; i++)
		o->band_db[i] = i == t->lane ? o->is.snr_db : NAN;
	sigma *= dt * onset_error(o->is.snr_db, b->low_hz);
	o->sigma_s = fmax(sqrt(sigma * sigma + dt * dt / 12), 1e-3);
	return true;
}

/* The shape of what the first band to see it sees. */
static void outline(const struct stalta *d, struct onset *o)
{
	uint64_t oldest = d->picks > RING ? d->picks - RING : 0;
	uint64_t begin = o->at > oldest + SHAPE_MAX / 4
		? o->at - SHAPE_MAX / 4 : oldest;
	uint64_t end = d->picks < begin + SHAPE_MAX ? d->picks
						    : begin + SHAPE_MAX;
	double x[SHAPE_MAX];

	for (uint64_t i = begin; i < end; i++)
		x[i - begin] = (double)d->ring[i % RING];
	features_shape(x, (size_t)(o->at - begin), (size_t)(end - begin),
		d->pick_hz, &o->shape);
}

/* Into the onset that another band has seen, or a new one. */
static void join(struct stalta *d, struct onset *o)
{
	struct onset *near = NULL;
	double nearest = INFINITY;

	for (size_t i = 0; i < d->onsets; i++) {
		struct onset *p = &d->onset[i];
		double gap = fabs((double)p->at - (double)o->at) / d->pick_hz;
		double low = fmin(d->bank.band[p->lane].low_hz,
			d->bank.band[o->lane].low_hz);
		double off_s = sqrt(o->sigma_s * o->sigma_s +
			p->sigma_s * p->sigma_s);

		/* A band that triggers again may find the same onset. */
		if ((p->at == o->at || !(p->members & o->members)) &&
			gap < nearest &&
			gap <= 1 / low + SAME_SIGMAS * off_s) {
			near = p;
			nearest = gap;
		}
	}
	if (!near) {
		outline(d, o);
		d->onset[d->onsets++] = *o;
		return;
	}
	struct onset *better = o->rank < near->rank ? o : near;
	better->members = near->members | o->members;
	for (size_t i = 0; i < LANES; i++)
		better->band_db[i] = isfinite(near->band_db[i])
			? near->band_db[i] : o->band_db[i];
	better->shape = near->shape;
	*near = *better;
}

static const struct place_of *place_at(const struct stalta *d, uint64_t input)
{
	size_t oldest = d->places > PLACES ? d->places - PLACES : 0;
	size_t i = d->places - 1;

	while (i > oldest && d->place[i % PLACES].first > input)
		i--;
	return &d->place[i % PLACES];
}

static double scale_at(const struct stalta *d, const struct place_of *p)
{
	return !isfinite(p->scale) && d->source->sensitivity > 0
		? 1 / d->source->sensitivity : p->scale;
}

/* What the window said, in words of docs/names.md; how many. */
static size_t describe(const struct stalta *d, const struct onset *o,
	struct feature feature[FEATURES])
{
	static const char *const band_names[LANES] = {"snr_0_5_db",
		"snr_2_15_db", "snr_10_60_db", "snr_40_200_db"};
	const struct band *b = &d->bank.band[o->lane];
	const struct pulse_shape *s = &o->shape;
	size_t k = 0;

	feature[k++] = (struct feature){"snr_db", o->is.snr_db};
	feature[k++] = (struct feature){"band_low_hz", b->low_hz};
	feature[k++] = (struct feature){"band_high_hz", b->high_hz};
	if (isfinite(o->duration_s))
		feature[k++] = (struct feature){"duration_s", o->duration_s};
	if (o->is.polarity != 0)
		feature[k++] = (struct feature){"polarity", o->is.polarity};
	for (size_t i = 0; i < LANES; i++)
		if (isfinite(o->band_db[i]))
			feature[k++] = (struct feature){i == 0 &&
				d->bank.band[0].low_hz >= 200
					? "snr_200_1000_db" : band_names[i],
				o->band_db[i]};
	if (o->is.snr_db >= SHAPE_DB && isfinite(s->n_fit)) {
		feature[k++] = (struct feature){"n_wave_fit", s->n_fit};
		feature[k++] = (struct feature){"n_wave_s", s->n_s};
	}
	if (o->is.snr_db >= SHAPE_DB && isfinite(s->blast_fit)) {
		feature[k++] = (struct feature){"blast_fit", s->blast_fit};
		feature[k++] = (struct feature){"blast_s", s->blast_s};
	}
	return k;
}

/* An onset in words; the features are the caller's. */
static struct detection word(const struct stalta *d, const struct onset *o,
	struct feature feature[FEATURES])
{
	const struct place_of *p = place_at(d, o->at * d->fold);
	struct segment clock = {.start = p->start, .rate_hz = d->rate_hz};
	struct detection n = detection_new();
	double scale = scale_at(d, p), shift;
	size_t k;

	n.source = d->source->id;
	n.modality = d->source->kind == SOURCE_SEISMIC ? MODALITY_SEISMIC
		: d->source->kind == SOURCE_INFRASOUND ? MODALITY_INFRASOUND
						       : MODALITY_ACOUSTIC;
	n.detector = "stalta";
	n.at = o->at * d->fold >= p->zero
		? segment_time(&clock, (size_t)(o->at * d->fold - p->zero))
		: instant_plus_s(p->start, -(double)(p->zero -
				o->at * d->fold) / d->rate_hz);
	/* A pick sample is the middle of `fold`.  The first that is louder is
	 * late by a quarter of one on average, where a digitiser's samples are
	 * means about their times (tests/detect_onset.c). */
	shift = ((d->fold - 1) / 2.0 - d->fold / 4.0) / d->rate_hz;
	n.at = instant_round_us(instant_plus_s(n.at, shift));
	n.sigma_s = o->sigma_s;
	n.amplitude = o->is.amplitude * (isfinite(scale) ? scale : 1);
	n.frequency_hz = o->is.frequency_hz;
	n.snr = o->is.snr_db;
	n.cite = p->cite;
	k = describe(d, o, feature);
	/* Sound pressure level, dB above 20 micropascal. */
	if (isfinite(scale) && n.modality != MODALITY_SEISMIC &&
		n.amplitude > 0)
		feature[k++] = (struct feature){"level_db",
			20 * m_log10(n.amplitude / 20e-6)};
	/* A record's amplitude ends at a micrometre a second. */
	if (isfinite(scale) && n.modality == MODALITY_SEISMIC)
		feature[k++] = (struct feature){
			"peak_ums", 1e6 * n.amplitude};
	n.feature = feature;
	n.feature_count = k;
	detection_name(&n);
	return n;
}

static bool emit(struct stalta *d, const struct onset *o,
	const struct detections *out, struct fault *f)
{
	struct feature feature[FEATURES];
	struct detection n = word(d, o, feature);

	listener_arrival(&d->listener, n.at);
	return out->put(out->self, &n, f);
}

/* Seconds until every band from low_hz on has had its say about an onset; 0:
 * there is none. */
static double hold(const struct stalta *d, double low_hz)
{
	double most = 0;

	for (size_t i = 0; i < LANES; i++)
		if (d->bank.lane[i].active && d->bank.band[i].low_hz >= low_hz)
			most = fmax(most, 3 * d->bank.band[i].short_s +
				fmax(fmax(0.1, POST_MIN / d->pick_hz),
					0.5 / d->bank.band[i].low_hz) +
				1 / d->bank.band[i].low_hz);
	return most;
}

/* Picks what is due and gives what is ready; at the end of a run, all. */
static bool serve(struct stalta *d, bool last, const struct detections *out,
	struct fault *f)
{
	/* Nobody waits longer than 5 s for a roar to end. */
	double wait = hold(d, 0) * d->pick_hz, most = 5 * d->pick_hz;
	size_t kept = 0;

	for (size_t i = 0; i < d->triggers; i++) {
		struct onset o;

		if (!last && d->trigger[i].due > d->picks) {
			d->trigger[kept++] = d->trigger[i];
			continue;
		}
		if (!pick(d, &d->trigger[i], &o))
			continue;
		if (d->onsets == ONSETS) {
			if (!emit(d, &d->onset[0], out, f))
				return false;
			d->onsets--;
			memmove(d->onset, d->onset + 1,
				d->onsets * sizeof *d->onset);
		}
		join(d, &o);
	}
	d->triggers = kept;
	kept = 0;
	for (size_t i = 0; i < d->onsets; i++) {
		struct onset o = d->onset[i];
		double age = (double)(d->picks - o.at);

		if (!last && (age < wait || (o.open && age < wait + most)))
			d->onset[kept++] = o;
		else if (!emit(d, &o, out, f))
			return false;
	}
	d->onsets = kept;
	return true;
}

static bool end_run(
	struct stalta *d, const struct detections *out, struct fault *f)
{
	uint64_t first = d->blocks * BLOCK * d->thin;

	if (!(d->rate_hz > 0))
		return true;
	if (d->picks > first)
		block(d, (size_t)(d->picks - first) / d->thin);
	if (!serve(d, true, out, f) ||
		!listener_end(&d->listener, &d->bank, f))
		return false;
	d->rate_hz = 0;
	return true;
}

/* Every so many blocks: what is the noise now, and the threshold? */
static bool listen_now(struct stalta *d, struct fault *f)
{
	const struct place_of *p = place_at(d, d->input - 1);
	struct segment clock = {.start = p->start, .rate_hz = d->rate_hz};

	if (d->blocks % LISTENER_BLOCKS != 0 || !d->listener.to)
		return true;
	return listener_hear(&d->listener, &d->bank,
		segment_time(&clock, (size_t)(d->input - p->zero)),
		scale_at(d, p), f);
}

/* Where the next sample should be in time. */
static struct instant expected(const struct stalta *d)
{
	const struct place_of *p = &d->place[(d->places - 1) % PLACES];
	struct segment clock = {.start = p->start, .rate_hz = d->rate_hz};

	return segment_time(&clock, (size_t)(d->input - p->zero));
}

static void remember(struct stalta *d, const struct segment *s)
{
	const struct place_of *was = &d->place[(d->places - 1) % PLACES];
	uint64_t zero = d->input;
	struct instant start = s->start;

	if (d->places > 0) {
		int64_t off = expected(d).utc_ns - s->start.utc_ns;

		/* Cut elsewhere, a record's start differs by its rounding. */
		if (off >= -2 && off <= 2) {
			if (memcmp(&s->cite, &was->cite, sizeof s->cite) == 0)
				return;
			zero = was->zero;
			start = was->start;
		}
	}
	d->place[d->places++ % PLACES] = (struct place_of){.first = d->input,
		.zero = zero, .start = start, .scale = s->scale,
		.cite = s->cite};
}

/* Floats hold 24 bits: counts beyond 2^24 lose what is below their 24th bit,
 * and none wraps. */
static void take_counts(float *out, const int32_t *in, size_t n, float ref)
{
	size_t k = 0;

	for (; k + 4 <= n; k += 4) {
		masks c;
		lanes v;

		memcpy(&c, in + k, sizeof c);
		v = __builtin_convertvector(c, lanes) - ref;
		memcpy(out + k, &v, sizeof v);
	}
	for (; k < n; k++)
		out[k] = (float)in[k] - ref;
}

/* Samples [i, n) as far as one block goes; how many were taken. */
static size_t take(
	struct stalta *d, const struct segment *s, size_t i, size_t n)
{
	uint64_t full = (d->blocks + 1) * BLOCK * d->thin;
	size_t room = (size_t)(full - d->picks), at = d->picks % RING;
	double ref = d->reference;

	if (d->fold == 1) {
		n = n - i < room ? n - i : room;
		n = n < RING - at ? n : RING - at;
		if (s->counts)
			take_counts(d->ring + at, s->counts + i, n, (float)ref);
		else
			for (size_t k = 0; k < n; k++)
				d->ring[at + k] = (float)(
					(double)s->values[i + k] - ref);
		d->picks += n;
		d->input += n;
		return n;
	}
	d->fold_sum += segment_sample(s, i) - ref;
	d->input++;
	if (++d->folded == d->fold) {
		d->ring[at] = (float)(d->fold_sum / d->fold);
		d->picks++;
		d->folded = 0;
		d->fold_sum = 0;
	}
	return 1;
}

/* -- segments, alone and side by side -- */

struct turn { /* one of those that are heard */
	struct stalta *d;
	struct strand *q;
	struct abreast *side; /* NULL: it is alone */
	size_t number;        /* in it */
};

/* The next piece of finite samples; false: there is none. */
static bool next_piece(struct strand *q)
{
	for (; q->segments > 0; q->segment++, q->segments--) {
		const struct segment *s = q->segment;
		size_t i = q->end;

		while (!s->counts && i < s->count && !isfinite(s->values[i]))
			i++;
		q->at = i;
		if (s->counts)
			i = s->count;
		while (i < s->count && isfinite(s->values[i]))
			i++;
		q->end = i;
		if (q->at < q->end && s->rate_hz > 0 &&
			instant_known(s->start))
			return true;
		q->at = q->end = 0;
	}
	return false;
}

/* A piece begins, after a gap a run; what was heard already is passed over. */
static bool begin_piece(const struct turn *t, struct fault *f)
{
	struct stalta *d = t->d;
	struct strand *q = t->q;
	struct segment s = *q->segment;

	s.start = segment_time(&s, q->at);
	if (s.counts)
		s.counts += q->at;
	else
		s.values += q->at;
	s.count = q->end - q->at;
	if (d->rate_hz > 0) {
		double late = instant_seconds(expected(d), s.start) * s.rate_hz;

		if (fabs(s.rate_hz / d->rate_hz - 1) > 1e-4 || late > 0.5) {
			if (t->side)
				abreast_out(t->side, t->number, &d->bank);
			if (!end_run(d, q->out, f))
				return false;
		} else if (late < -0.5) { /* seen already */
			size_t seen = -late >= (double)s.count
				? s.count : (size_t)floor(0.5 - late);

			q->at += seen < s.count ? seen : s.count;
			if (q->at == q->end)
				return true;
			s.start = segment_time(&s, seen);
		}
	}
	if (!(d->rate_hz > 0))
		begin_run(d, &s);
	remember(d, &s);
	return true;
}

/* Samples until a block is full, *full, or there are no more. */
static bool fill(const struct turn *t, bool *full, struct fault *f)
{
	struct stalta *d = t->d;
	struct strand *q = t->q;

	for (*full = false; !*full;) {
		if (q->at < q->end) {
			q->at += take(d, q->segment, q->at, q->end);
			*full = d->picks >= (d->blocks + 1) * BLOCK * d->thin;
		} else if (!next_piece(q)) {
			return true;
		} else if (!begin_piece(t, f)) {
			return false;
		}
	}
	return true;
}

/* The bank has gone through a block. */
static bool after_block(const struct turn *t, struct fault *f)
{
	struct stalta *d = t->d;

	d->blocks++;
	if (t->side && d->blocks % LISTENER_BLOCKS == 0)
		abreast_show(t->side, t->number, &d->bank);
	return listen_now(d, f) && (d->triggers + d->onsets == 0 ||
		serve(d, false, t->q->out, f));
}

static bool segment(void *state, const struct segment *s,
	const struct detections *out, struct fault *f)
{
	struct strand q = {state, out, s, 1, 0, 0};
	struct turn t = {.d = state, .q = &q};
	bool full;

	while (fill(&t, &full, f)) {
		if (!full)
			return true;
		block(t.d, BLOCK);
		if (!after_block(&t, f))
			return false;
	}
	return false;
}

/* A block of each that has one; *all: all have. */
static bool round_of(const struct turn *t, struct abreast *side, size_t count,
	bool *all, struct fault *f)
{
	struct abreast_block b[STRANDS];
	float mean[STRANDS][BLOCK];
	bool ok = true, full;

	*all = true;
	for (size_t i = 0; ok && i < count; i++) {
		ok = fill(&t[i], &full, f);
		*all = *all && full;
		b[i].bank = &t[i].d->bank;
		b[i].x = full ? band_samples(t[i].d, BLOCK, mean[i]) : NULL;
		(void)ear_of(t[i].d, &b[i].ear);
	}
	if (ok)
		abreast_blocks(side, b, count);
	for (size_t i = 0; ok && i < count; i++)
		ok = !b[i].x || after_block(&t[i], f);
	return ok;
}

static bool abreast(struct strand *const *q, size_t count, struct fault *f)
{
	struct abreast side = {.in = 0};
	struct turn t[STRANDS];
	bool ok = true, all = count > 0;

	for (size_t i = 0; i < count; i++)
		t[i] = (struct turn){q[i]->state, q[i], &side, i};
	while (ok && all)
		ok = round_of(t, &side, count, &all, f);
	for (size_t i = 0; i < count; i++)
		abreast_out(&side, i, &t[i].d->bank);
	return ok;
}

/* The bands below add a level and take longest; that one of them times an
 * onset better is rare. */
static bool early(const void *state, const struct detections *out,
	struct fault *f)
{
	const struct stalta *d = state;
	double wait = hold(d, EARLY_HZ) * d->pick_hz;

	for (size_t i = 0; i < d->onsets && wait > 0; i++) {
		const struct onset *o = &d->onset[i];
		struct feature feature[FEATURES];
		struct detection n;

		if ((double)(d->picks - o->at) < wait)
			continue;
		n = word(d, o, feature);
		if (!out->put(out->self, &n, f))
			return false;
	}
	return true;
}

static bool finish(
	void *state, const struct detections *out, struct fault *f)
{
	return end_run(state, out, f);
}

/* Sound only: the level of a blast in the ground is not modelled. */
static void listen(void *state, const struct ambients *to)
{
	struct stalta *d = state;

	d->listener.source = d->source->id;
	d->listener.to = d->source->kind == SOURCE_SEISMIC ? NULL : to;
}

static void resume(void *state, const void *stood)
{
	struct stalta *d = state, own = *d;

	*d = *(const struct stalta *)stood;
	d->source = own.source;
	d->listener.source = own.listener.source;
	d->listener.to = own.listener.to;
}

const struct detector detector_stalta = {
	.name = "stalta",
	.about = "onsets of sound and ground motion, STA/LTA and AIC",
	.state_size = sizeof(struct stalta),
	.hears = hears,
	.start = start,
	.segment = segment,
	.abreast = abreast,
	.finish = finish,
	.listen = listen,
	.early = early,
	.resume = resume,
};
