/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/clues.h"

#include <string.h>

#include "base/maths.h"
#include "model/loudness.h"

/* What comes within the time of an echo says nothing of rolling. */
#define ECHO_S 0.7
#define ROLL_S 10.0
/* Rounds: as far apart as two located from one place are, and as long as a
 * magazine or a salvo. */
#define ROUND_M 60.0
#define ROUND_S 8.0
/* Charges looked at: ln of 1e-9 and 1e8 kg. */
#define LEAST_LN (-20.72326583694641)
#define MOST_LN 18.420680743952367
/* 20 uPa. */
#define REFERENCE_PA 20e-6
/* What the location leaves open of the wind, an axis (WAVEFORM.md 3.3). */
#define WIND_SIGMA_MS 2.0
/* A sensor that states a level of a pulse states its mean power over some
 * hundredths or tenths of a second (judged; the format does not say): of a
 * millisecond's pulse some 20 dB less than the peak.  Good for a kind, not for
 * a charge. */
#define STATED_DB 20.0
/* A distance closer than which no network hears: levels clip. */
#define NEAR_M 20.0

const char *clue_name(enum clue c)
{
	static const char *const name[CLUE_COUNT] = {"clue_long",
		"clue_shape", "clue_fit", "clue_kg", "clue_slope",
		"clue_roll", "clue_before", "clue_up",
		"clue_high", "clue_top", "clue_others", "clue_gap",
		"clue_even"};

	return name[c];
}

static double median(double *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double q = x[i];
		size_t k = i;

		for (; k > 0 && x[k - 1] > q; k--)
			x[k] = x[k - 1];
		x[k] = q;
	}
	if (n == 0)
		return NAN;
	return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

static double ln(double x)
{
	return x > 0 ? m_log(x) : NAN;
}

static double feature(const struct detection *d, const char *name)
{
	return feature_of(d->feature, d->feature_count, name);
}

struct heard { /* one source's arrival */
	const struct detection *d;
	const struct post *post;
	double t_s, d_m;
	double weight;  /* of its level */
	bool own;       /* we measured it: its level is a peak */
	double ln_kg;   /* equivalent charge; NAN */
	double more_db; /* than the median charge makes there */
};

/* Peak of a blast's pulse as a detector's band shows it, of its true peak.
 * With u the upper edge times the duration, u/(u + 0.42 + 0.016/u) times a
 * level that a narrow band does not reach: within 2 dB of the filters of
 * detect/kernel.h for durations of 1 to 64 ms at 100 to 4000 samples a second,
 * but for 10 to 40 Hz at 100, which is 5 dB less. */
static double shown(double long_s, const struct detection *d)
{
	double low_hz = feature(d, "band_low_hz");
	double high_hz = feature(d, "band_high_hz");
	double u = high_hz * long_s;

	if (!(low_hz > 0 && u > 0))
		return 1;
	return fmin(0.6, 0.1 * high_hz / low_hz) * u /
		(u + 0.42 + 0.016 / u);
}

static double peak_pa(double ln_kg, double d_m, const struct detection *d)
{
	double kg = m_exp(ln_kg);

	d_m = fmax(d_m, NEAR_M);
	return loudness_peak_pa(kg, d_m) * shown(loudness_long_s(kg, d_m), d);
}

/* Peaks grow with the charge, so halving finds it. */
static double ln_charge(double pa, double d_m, const struct detection *d)
{
	double low = LEAST_LN, high = MOST_LN;

	for (int i = 0; i < 24; i++) {
		double mid = 0.5 * (low + high);

		if (peak_pa(mid, d_m, d) < pa)
			low = mid;
		else
			high = mid;
	}
	return 0.5 * (low + high);
}

static struct heard hear(
	const struct view *v, const struct origin *o, size_t post)
{
	const struct post *p = &v->post[post];
	const struct pick *k = &v->scene->pick[o->choice[post]];
	struct heard h = {.d = k->detection, .post = p, .t_s = k->t_s};
	double along, bend_db, sigma_db, level_db;
	struct loudness_bend b;

	(void)origin_travel(o, p, NULL, &h.d_m);
	along = ((p->x_m - o->x_m) * o->east_ms +
		(p->y_m - o->y_m) * o->north_ms) / fmax(h.d_m, 1);
	b = loudness_bends(along, WIND_SIGMA_MS, h.d_m);
	loudness_bend_mean(&b, &bend_db, &sigma_db);
	/* What is heard out of a shadow is as sure as the shadow is shallow. */
	h.weight = 1 / (LOUDNESS_SIGMA_DB * LOUDNESS_SIGMA_DB +
		sigma_db * sigma_db + bend_db * bend_db);
	h.own = feature(h.d, "band_low_hz") > 0;
	level_db = feature(h.d, "level_db") + (h.own ? 0 : STATED_DB);
	h.ln_kg = isfinite(level_db)
		? ln_charge(REFERENCE_PA * m_exp((level_db - bend_db) *
			0.11512925464970228), h.d_m, h.d) : NAN;
	return h;
}

/* The median of one number of each. */
static double typical(const struct heard *h, size_t n,
	double (*get)(const struct heard *), double *room)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		double x = get(&h[i]);

		if (isfinite(x))
			room[count++] = x;
	}
	return median(room, count);
}

static double get_long(const struct heard *h)
{
	return ln(feature(h->d, "duration_s"));
}

static double get_shape(const struct heard *h)
{
	return feature(h->d, "n_wave_fit") - feature(h->d, "blast_fit");
}

static double get_fit(const struct heard *h)
{
	double n = feature(h->d, "n_wave_fit");
	double b = feature(h->d, "blast_fit");

	return isfinite(n) && isfinite(b) ? fmax(n, b) : NAN;
}

static double get_high(const struct heard *h)
{
	return feature(h->d, "snr_40_200_db") - feature(h->d, "snr_10_60_db");
}

static double get_top(const struct heard *h)
{
	return feature(h->d, "snr_200_1000_db") -
		feature(h->d, "snr_40_200_db");
}

/* Slope of the departures over log10 of the distance; NAN if those who heard
 * are all about as far. */
static double slope(const struct heard *h, size_t n)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, count = 0;

	for (size_t i = 0; i < n; i++) {
		double x = m_log10(fmax(h[i].d_m, NEAR_M));

		if (!isfinite(h[i].more_db))
			continue;
		sx += x;
		sy += h[i].more_db;
		sxx += x * x;
		sxy += x * h[i].more_db;
		count++;
	}
	if (count < 4 || sxx - sx * sx / count < 0.04 * count)
		return NAN;
	return (sxy - sx * sy / count) / (sxx - sx * sx / count);
}

/* How many of an ear's picks, which are in order of time, come before. */
static size_t before(const struct view *v, const struct ear *e, double t_s)
{
	size_t low = 0, high = e->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (v->scene->pick[e->first + mid].t_s < t_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Arrivals at those who heard, between two times from it; mean of ln (1+n). */
static double roll(const struct view *v, const struct heard *h, size_t n,
	double from_s, double to_s)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct ear *e = &v->scene->ear[h[i].post->ear];
		size_t from = before(v, e, h[i].t_s + from_s);
		size_t to = before(v, e, h[i].t_s + to_s);

		sum += m_log(1 + (double)(to - from));
	}
	return n ? sum / (double)n : NAN;
}

static double up(const struct heard *h, size_t n)
{
	double more = 0, all = 0;

	for (size_t i = 0; i < n; i++) {
		double p = feature(h[i].d, "polarity");

		more += p > 0;
		all += p > 0 || p < 0;
	}
	return all >= 3 ? more / all : NAN;
}

/* Of the sources of other owners than the nearest's that are as near as the
 * farthest that heard it: the share that heard it too. */
static double others(const struct view *v, const struct origin *o,
	const struct heard *h, size_t n)
{
	const struct heard *first = &h[0];
	double far_m = 0, all = 0, more = 0;

	for (size_t i = 0; i < n; i++) {
		if (h[i].d_m < first->d_m)
			first = &h[i];
		far_m = fmax(far_m, h[i].d_m);
	}
	for (size_t k = 0; k < v->posts; k++) {
		const struct ear *e = &v->scene->ear[v->post[k].ear];
		double d;

		(void)origin_travel(o, &v->post[k], NULL, &d);
		if (d > far_m || strcmp(e->source->owner, v->scene->ear[
			first->post->ear].source->owner) == 0)
			continue;
		all++;
		more += o->choice[k] != HEAR_NONE;
	}
	return all >= 2 ? more / all : NAN;
}

/* The charge to either side of which half of the weight lies. */
static double middle_kg(const struct heard *h, size_t n)
{
	double all = 0, best = NAN;

	for (size_t i = 0; i < n; i++)
		all += isfinite(h[i].ln_kg) ? h[i].weight : 0;
	for (size_t i = 0; i < n; i++) {
		double below = 0;

		for (size_t k = 0; k < n; k++)
			below += h[k].ln_kg <= h[i].ln_kg ? h[k].weight : 0;
		if (isfinite(h[i].ln_kg) && below >= 0.5 * all &&
			!(best <= h[i].ln_kg))
			best = h[i].ln_kg;
	}
	return best;
}

static void levels(struct heard *h, size_t n, struct clues *c)
{
	double mid = middle_kg(h, n);
	size_t known = 0;

	for (size_t i = 0; i < n; i++) {
		known += isfinite(h[i].ln_kg) ? 1 : 0;
		c->calibrated += h[i].own && isfinite(h[i].ln_kg);
		h[i].more_db = 20 * m_log10(
			peak_pa(h[i].ln_kg, h[i].d_m, h[i].d) /
			peak_pa(mid, h[i].d_m, h[i].d));
	}
	if (known == 0)
		return;
	c->x[CLUE_KG] = mid / 2.302585092994046;
	c->x[CLUE_SLOPE] = slope(h, n);
}

bool clues_of(const struct view *v, const struct origin *o, struct arena *a,
	struct clues *c, struct fault *f)
{
	struct heard *h = arena_array(a, v->posts + 1, sizeof *h, f);
	double *room = arena_array(a, v->posts + 1, sizeof *room, f);
	size_t n = 0;

	if (!h || !room)
		return false;
	*c = (struct clues){0};
	for (size_t i = 0; i < CLUE_COUNT; i++)
		c->x[i] = NAN;
	for (size_t k = 0; k < v->posts; k++)
		if (o->choice[k] != HEAR_NONE)
			h[n++] = hear(v, o, k);
	if (n == 0)
		return true;
	c->x[CLUE_LONG] = typical(h, n, get_long, room);
	c->x[CLUE_SHAPE] = typical(h, n, get_shape, room);
	c->x[CLUE_FIT] = typical(h, n, get_fit, room);
	c->x[CLUE_HIGH] = typical(h, n, get_high, room);
	c->x[CLUE_TOP] = typical(h, n, get_top, room);
	c->x[CLUE_ROLL] = roll(v, h, n, ECHO_S, ROLL_S);
	c->x[CLUE_BEFORE] = roll(v, h, n, -ROLL_S, -0.2);
	c->x[CLUE_UP] = up(h, n);
	c->x[CLUE_OTHERS] = others(v, o, h, n);
	levels(h, n, c);
	/* A record's numbers must not hang on a last bit. */
	for (size_t i = 0; i < CLUE_COUNT; i++)
		c->x[i] = floor(1000 * c->x[i] + 0.5) / 1000;
	return true;
}

static bool one_place(const struct clue_round *a, const struct clue_round *b)
{
	double north = 111200 * (a->lat_deg - b->lat_deg);
	double east = 111200 * (a->lon_deg - b->lon_deg) *
		m_cos(RAD(a->lat_deg));
	double far_m = fmax(ROUND_M, 2 * fmax(a->sigma_m, b->sigma_m));

	return north * north + east * east < far_m * far_m &&
		fabs(instant_seconds(a->at, b->at)) < ROUND_S;
}

void clues_rounds(const struct clue_round *r, size_t count, size_t nth,
	struct clues *c)
{
	size_t from = nth, to = nth + 1, n = 0, last = 0;
	double sum = 0, square = 0, gaps;

	while (from > 0 &&
		instant_seconds(r[from - 1].at, r[nth].at) < ROUND_S)
		from--;
	while (to < count && instant_seconds(r[nth].at, r[to].at) < ROUND_S)
		to++;
	for (size_t i = from; i < to; i++) {
		double gap;

		if (!one_place(&r[i], &r[nth]))
			continue;
		if (n++ > 0) {
			gap = instant_seconds(r[last].at, r[i].at);
			sum += gap;
			square += gap * gap;
		}
		last = i;
	}
	gaps = (double)n - 1;
	if (n < 2)
		return;
	sum = fmax(sum / gaps, 1e-3);
	c->x[CLUE_GAP] = floor(1000 * m_log(sum) + 0.5) / 1000;
	if (n < 3)
		return;
	square = sqrt(fmax(square / gaps - sum * sum, 0)) / sum;
	c->x[CLUE_EVEN] = floor(1000 * m_log(fmax(square, 0.01)) + 0.5) / 1000;
}
