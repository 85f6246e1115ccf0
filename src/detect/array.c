/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * array.c - waves that cross an array: whence, how fast, how sure.
 *
 * Spectra of a window (detect/hops.h) are brought to one power: a gain that
 * differs, or wind at one element, then counts once.
 *
 * Beams: detect/fk.h.  F of the best beam is scaled so that its mode over the
 * last hour meets that of F(2bT, 2bT(M-1)) (adaptive F, Arrowsmith et al.
 * 2009); a window passes at p < 0.01, and a family of windows of one azimuth
 * becomes one detection.  Nothing is judged before 5 minutes have been heard.
 *
 * The error of azimuth and slowness: delays about the best beam, their
 * residuals over the family, C_s of detect/lts.h, and Student's t: sigma is
 * that of the normal distribution with the same 90 % interval.  With three
 * elements nothing is left over: unknown. */
#include "base/maths.h"
#include "base/text.h"
#include "detect/detector.h"
#include "detect/elements.h"
#include "detect/hops.h"
#include "detect/lts.h"

enum {
	HISTORY = 4096,
	LEVELS = 320,  /* of ln F, by 0.02 */
	NAMES = 400,
};

struct setting {
	enum source_kind kind;
	double low_hz, high_hz, window_s;
};

/* Infrasound: as the peers on YJ.BRP (InfraPy's example).  Seismic arrays: a
 * start, cal. */
static const struct setting settings[] = {
	{SOURCE_INFRASOUND, 0.5, 2.5, 10},
	{SOURCE_SEISMIC, 2, 8, 4},
};

/* WAVEFORM.md 3.6. */
static const double pass = 0.01;
/* Half of the windows are asked only beside one that comes near it, and F's
 * history is of the other half: they overlap by three quarters. */
static const double may_pass = 0.1;
static const double history_s = 3600, ready_s = 300;
static const double scatter_deg = 10;
enum { FAMILY_LEAST = 5 };
/* A pulse is shorter than five windows take: one so unlikely is enough. */
static const double pulse = 1e-8;
/* A family may miss two windows, and is told after 5 minutes at the latest. */
enum { FAMILY_GAP = 3 };
static const double family_s = 300;
/* Delays that differ by less than a tenth of the shortest period agree. */
static const double agree_periods = 0.1;

struct heard { /* a window for the beams, and what they said */
	int64_t hop;
	struct fk_window x;
	double rms[FK_ELEMENTS];
	double scale; /* to Pa or m/s; 0 unless all have the same */
	struct cite cite;
	struct fk_peak peak;
	double f, f_scale, p;
};

struct best { /* of a family */
	int64_t hop;
	double f, p, scale, amplitude, frequency_hz, consistency_s;
	bool calibrated;
	size_t elements, agreeing;
	struct xy slowness;
	struct lts_plane plane;
	struct cite cite;
};

struct family {
	int64_t first, last; /* hops */
	size_t windows, residuals;
	double east, north;  /* sum of unit vectors of back azimuth */
	double square_s2;    /* sum of sigma_t^2 (F - 1) */
	size_t free;         /* degrees of freedom a window */
	double valley;       /* least F since the best */
	bool goes_on;        /* is the next peak of a train of waves */
	struct best best;
};

struct array {
	const struct source *element[FK_ELEMENTS];
	size_t elements;
	const struct setting *set;
	struct hops_plan plan;
	double hop_s;
	int half_a; /* half of 2bT */
	struct xy place[FK_ELEMENTS]; /* m, from the mean */
	double place_err_m;
	bool failed; /* too many or no places: says nothing */
	int64_t next;  /* hop that begins the next window */
	int64_t least, latest; /* since until() was called; ever */
	struct heard heard[2 * FK_LANES + 1]; /* even ones, then odd */
	size_t waiting;
	int64_t odd_next, odd_wanted, to; /* to: data end there */
	double odd_scale;
	struct {
		int64_t hop;
		uint16_t level;
	} history[HISTORY];
	size_t history_from, history_count;
	int32_t smooth[LEVELS]; /* how many, each spread over a triangle */
	double level[LEVELS];   /* F in the middle */
	struct family family;
	bool open;
	struct elements judged;
	struct hops stream[FK_ELEMENTS];
	struct fk fk;
};

/* -- start -- */

static const struct setting *setting_of(enum source_kind kind)
{
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (settings[i].kind == kind)
			return &settings[i];
	return NULL;
}

static bool gathers(const struct source *const *s, size_t n)
{
	return n >= 3 && n <= FK_ELEMENTS && setting_of(s[0]->kind);
}

/* Elements whose place is not known are left out. */
static bool lay_out(struct array *a, const struct source *const *s, size_t n)
{
	double lat = 0, lon = 0, err = 0;
	struct frame f;

	for (size_t m = 0; m < n; m++) {
		if (!isfinite(s[m]->lat_deg + s[m]->lon_deg))
			return false;
		lat += s[m]->lat_deg / (double)n;
		lon += s[m]->lon_deg / (double)n;
		if (isfinite(s[m]->position_err_m))
			err += s[m]->position_err_m * s[m]->position_err_m;
	}
	f = frame_at(lat, lon);
	for (size_t m = 0; m < n; m++) {
		a->element[m] = s[m];
		a->place[m] = frame_to(&f, s[m]->lat_deg, s[m]->lon_deg);
	}
	a->place_err_m = sqrt(err / (double)n);
	a->elements = n;
	return true;
}

/* As fine as the array can tell: a quarter of what a wave of the highest
 * frequency changes across it; from the best the beams climb to the top. */
static size_t steps(const struct array *a, double range, size_t least,
	size_t most)
{
	double far = 0, n;

	for (size_t m = 0; m < a->elements; m++)
		for (size_t k = 0; k < m; k++) {
			double x = a->place[m].x_m - a->place[k].x_m;
			double y = a->place[m].y_m - a->place[k].y_m;

			far = fmax(far, sqrt(x * x + y * y));
		}
	n = range * far * a->set->high_hz * 4;
	return n < (double)least ? least : n > (double)most ? most : (size_t)n;
}

static void set_grid(const struct array *a, struct fk_grid *g)
{
	const struct hops_plan *p = &a->plan;
	/* Trace speeds 300-600 m/s of sound; P, S and surface waves. */
	bool seismic = a->set->kind == SOURCE_SEISMIC;
	double low = seismic ? 1.0 / 60e3 : 1.0 / 600;
	double high = seismic ? 1.0 / 2000 : 1.0 / 300;

	g->step_hz = 1 / p->window_s;
	g->first_hz = hops_first_hz(p);
	g->freqs = p->freqs;
	g->azimuths = steps(a, 2 * PI * high, 72, 240);
	g->slownesses = steps(a, high - low, 20, 120);
	for (size_t i = 0; i < g->slownesses; i++)
		g->slowness[i] = low + (high - low) * (double)i /
			(double)(g->slownesses - 1);
}

static void gather(void *state, const struct source *const *s, size_t n,
	const struct mission *m)
{
	struct array *a = state;
	const struct setting *t = setting_of(s[0]->kind);
	struct fk_grid grid;
	struct fault f;

	(void)m;
	a->set = t;
	a->plan = hops_plan(t->low_hz, t->high_hz, t->window_s);
	a->hop_s = t->window_s / HOPS;
	/* The taper spreads a bin over 1.5 (its equivalent noise bandwidth;
	 * Harris 1978): 2bT = 2 K / 1.5. */
	a->half_a = (int)floor((double)a->plan.freqs / 1.5 + 0.5);
	a->next = a->least = INT64_MAX;
	a->latest = a->odd_next = a->odd_wanted = -1;
	for (size_t i = 0; i < FK_ELEMENTS; i++)
		hops_init(&a->stream[i]);
	for (int i = 0; i < LEVELS; i++)
		a->level[i] = m_exp((i + 0.5 - 40) * 0.02);
	a->failed = !lay_out(a, s, n);
	set_grid(a, &grid);
	a->failed = a->failed || !fk_init(&a->fk, a->place, n, &grid, &f);
	elements_init(&a->judged, t->kind != SOURCE_SEISMIC, 1,
		a->place_err_m);
}

/* -- samples to hops -- */

static bool note_hop(void *self, int64_t number, struct fault *f)
{
	struct array *a = self;

	if (number < a->least)
		a->least = number;
	if (number > a->latest)
		a->latest = number;
	/* Beyond, hops would overwrite one another. */
	if (a->latest - a->least < HOPS_KEPT - HOPS)
		return true;
	return fault(f, FAULT_LIMIT, "array %s: samples come more than %d "
		"hops ahead", a->element[0]->array, HOPS_KEPT);
}

static bool element(void *state, size_t which, const struct segment *g,
	const struct detections *out, struct fault *f)
{
	struct array *a = state;
	struct hops_out to = {note_hop, a};
	double scale = g->scale;

	(void)out;
	if (a->failed || NEVER(which >= a->elements) ||
		!(g->rate_hz > 2.5 * a->set->high_hz))
		return true;
	if (!isfinite(scale) && a->element[which]->sensitivity > 0)
		scale = 1 / a->element[which]->sensitivity;
	if (!isfinite(scale))
		scale = 0;
	return hops_take(&a->stream[which], &a->plan, g, scale, &to, f);
}

/* -- hops to windows -- */

static size_t window(const struct array *a, int64_t hop, struct heard *h,
	bool stuck[FK_ELEMENTS])
{
	size_t there = 0;

	*h = (struct heard){.hop = hop, .p = NAN};
	for (size_t m = 0; m < a->elements; m++) {
		double re[FK_FREQS], im[FK_FREQS], sum = 0;
		const struct hop *first;

		stuck[m] = false;
		if (!hops_window(&a->stream[m], &a->plan, hop, re, im))
			continue;
		for (size_t k = 0; k < a->fk.grid.freqs; k++)
			sum += re[k] * re[k] + im[k] * im[k];
		stuck[m] = !(sum > 0);
		if (stuck[m])
			continue;
		sum = sqrt(sum);
		for (size_t k = 0; k < a->fk.grid.freqs; k++) {
			h->x.re[m][k] = (float)(re[k] / sum);
			h->x.im[m][k] = (float)(im[k] / sum);
		}
		h->x.there[m] = true;
		h->rms[m] = sum;
		first = hops_kept(&a->stream[m], hop);
		if (there++ == 0) {
			h->cite = hops_kept(&a->stream[m], hop + 1)->cite;
			h->scale = first->scale;
		} else if (h->scale > first->scale || h->scale < first->scale) {
			h->scale = 0;
		}
	}
	return there;
}

/* -- adaptive F -- */

enum { WIDE = 10 }; /* triangle of 0.2 in ln F: its own noise is 0.1 */

/* A window more (1) or less (-1) at a level. */
static void count(struct array *a, int level, int by)
{
	for (int k = -WIDE; k <= WIDE; k++)
		if (level + k >= 0 && level + k < LEVELS)
			a->smooth[level + k] += by * (WIDE + 1 - abs(k));
}

static void remember(struct array *a, int64_t hop, double f)
{
	int64_t oldest = hop - (int64_t)(history_s / a->hop_s);
	double level = m_log(f) / 0.02;
	size_t at;

	while (a->history_count > 0 &&
		(a->history_count == HISTORY ||
			a->history[a->history_from].hop < oldest)) {
		count(a, a->history[a->history_from].level, -1);
		a->history_from = (a->history_from + 1) % HISTORY;
		a->history_count--;
	}
	at = (a->history_from + a->history_count++) % HISTORY;
	level = fmin(fmax(level + 40, 0), LEVELS - 1); /* F from 0.45 on */
	a->history[at].hop = hop;
	a->history[at].level = (uint16_t)level;
	count(a, (int)level, 1);
}

/* By how much F must be scaled; NAN until enough has been heard. */
static double factor(const struct array *a, size_t elements)
{
	double most = 0, mode = NAN;

	if ((double)a->history_count * 2 * a->hop_s < ready_s)
		return NAN;
	for (int i = 0; i < LEVELS; i++) {
		/* Counts are by ln F; the density by F is theirs over F. */
		double dense = a->smooth[i] / a->level[i];

		if (dense > most) {
			most = dense;
			mode = a->level[i];
		}
	}
	return fk_mode(a->half_a, a->half_a * ((int)elements - 1)) / mode;
}

/* -- families -- */

/* What makes the detection if no better window comes. */
static void take_best(const struct array *a, const struct heard *h,
	const struct fk_peak *k, const struct lts_plane *plane, struct best *b)
{
	struct delays wide;
	struct lts_fit fit;
	double power[FK_FREQS], all = 0, sum = 0, mean = 0;
	double n = (double)k->elements;

	lts_delays(&a->fk, &h->x, 0, &wide);
	lts_fit(&a->fk, &wide, agree_periods / a->set->high_hz, &fit);
	b->consistency_s = lts_consistency(&a->fk, &wide);
	b->agreeing = fit.agreeing;
	b->elements = k->elements;
	b->slowness = k->slowness;
	b->plane = *plane;
	b->hop = h->hop;
	b->cite = h->cite;
	fk_beam(&a->fk, &h->x, k->slowness, power);
	for (size_t i = 0; i < a->fk.grid.freqs; i++) {
		all += power[i];
		sum += power[i] * (a->fk.grid.first_hz +
			(double)i * a->fk.grid.step_hz);
	}
	b->frequency_hz = sum / all;
	for (size_t m = 0; m < a->elements; m++)
		mean += h->rms[m] * h->rms[m] / n;
	/* Mean square under the taper (3/8); the wave's share of it; the
	 * amplitude of the sine with as much. */
	mean *= 2 / (a->set->window_s * a->set->window_s * 0.375) *
		fmax(k->b_top * n - 1, 0) / (n - 1);
	b->calibrated = h->scale > 0;
	b->amplitude = sqrt(2 * mean) * (b->calibrated ? h->scale : 1);
}

/* Sigma of an element's time in the best window, s, so that the normal
 * distribution has the 90 % interval of Student's t; NAN without a residual.
 * The variance of a delay goes as noise over signal, F - 1.  What the elements'
 * places are off is the same in all windows. */
static double sigma_of(const struct array *a, const struct family *y)
{
	const struct xy s = y->best.slowness;
	double place = a->place_err_m * sqrt(s.x_m * s.x_m + s.y_m * s.y_m);
	size_t apart = (y->windows - 1) / HOPS + 1; /* that do not overlap */
	double t = lts_t90((int)(y->free * apart)) / 1.6449;

	if (y->residuals == 0 || y->free == 0)
		return NAN;
	return sqrt(t * t * y->square_s2 / (double)y->residuals /
			fmax(y->best.f - 1, 0.1) + place * place);
}

static void name_elements(const struct array *a, struct text *t)
{
	for (size_t m = 0; m < a->elements; m++) {
		if (m > 0)
			text_char(t, ',');
		text_add(t, a->element[m]->id);
	}
}

static struct instant centre(const struct array *a, int64_t hop)
{
	return (struct instant){(hop + HOPS / 2) * a->plan.hop_ns};
}

/* The wave passes the first element, whose detection it is said to be. */
static void fill(const struct array *a, const struct family *y, double sigma,
	struct detection *d)
{
	const struct best *b = &y->best;
	double size = sqrt(b->slowness.x_m * b->slowness.x_m +
		b->slowness.y_m * b->slowness.y_m);

	d->source = a->element[0]->id;
	d->modality = a->set->kind == SOURCE_SEISMIC ? MODALITY_SEISMIC
						     : MODALITY_INFRASOUND;
	d->detector = "array";
	d->at = instant_round_us(instant_plus_s(centre(a, b->hop),
		b->slowness.x_m * a->place[0].x_m +
			b->slowness.y_m * a->place[0].y_m));
	/* Anywhere in the window. */
	d->sigma_s = a->set->window_s / sqrt(12);
	d->until = instant_round_us((struct instant){
		(y->last + HOPS) * a->plan.hop_ns});
	d->back_azimuth_deg = fk_back_azimuth_deg(b->slowness);
	if (d->back_azimuth_deg < 0)
		d->back_azimuth_deg += 360;
	d->slowness_s_per_km = size * 1000;
	if (isfinite(sigma))
		d->sigma_az_deg = fmin(
			lts_azimuth_deg(&b->plane, b->slowness, sigma), 180);
	d->frequency_hz = b->frequency_hz;
	d->amplitude = b->amplitude;
	d->snr = 10 * m_log10(fmax(b->f - 1, 1e-3) / (double)b->elements);
	d->cite = b->cite;
}

static bool tell(const struct array *a, const struct family *y,
	const struct detections *out, struct fault *f)
{
	const struct best *b = &y->best;
	char names[NAMES];
	struct text t = text_on(names, sizeof names);
	struct detection d = detection_new();
	double sigma = sigma_of(a, y);
	struct feature feature[12] = {
		{"f_stat", b->f}, {"f_scale", b->scale},
		{"p_log10", m_log10(fmax(b->p, 1e-300))},
		{"windows", (double)y->windows},
		{"duration_s", (double)(y->last - y->first + HOPS) * a->hop_s},
		{"elements", (double)b->elements},
		{"share_consistent",
			(double)b->agreeing / (double)b->elements},
		{"consistency_s", b->consistency_s},
		{"band_low_hz", a->set->low_hz},
		{"band_high_hz", a->set->high_hz}};
	struct attribute attribute[3] = {
		{"array", a->element[0]->array}, {"members", names}};

	name_elements(a, &t);
	fill(a, y, sigma, &d);
	d.feature = feature;
	d.feature_count = 10;
	if (isfinite(sigma))
		feature[d.feature_count++] = (struct feature){
			"sigma_slowness_s_per_km", 1000 *
				lts_slowness(&b->plane, b->slowness, sigma)};
	d.attribute = attribute;
	d.attribute_count = 2;
	if (a->set->kind != SOURCE_SEISMIC)
		attribute[d.attribute_count++] =
			(struct attribute){"phase", "I"};
	detection_name(&d);
	return out->put(out->self, &d, f);
}

static bool is_enough(const struct family *y)
{
	return y->windows >= FAMILY_LEAST || y->goes_on ||
		(y->best.p < pulse && y->best.elements > 3);
}

static bool close_family(
	struct array *a, const struct detections *out, struct fault *f)
{
	const struct family *y = &a->family;

	a->open = false;
	return !is_enough(y) || tell(a, y, out, f);
}

static bool joins(const struct array *a, int64_t hop, double az_deg)
{
	const struct family *y = &a->family;
	double mean = DEG(m_atan2(y->east, y->north)), off = az_deg - mean;

	off -= 360 * floor(off / 360 + 0.5);
	return hop - y->last <= FAMILY_GAP && fabs(off) < scatter_deg &&
		(double)(hop - y->first) * a->hop_s < family_s;
}

/* A train of waves has a detection for each peak of F: where it has fallen to
 * half of both, and their windows do not overlap. */
static bool next_peak(const struct family *y, int64_t hop, double value)
{
	return is_enough(y) && hop - y->best.hop >= HOPS &&
		value > 2 * y->valley &&
		y->best.f > 2 * y->valley;
}

static bool passed(struct array *a, const struct heard *h,
	const struct detections *out, struct fault *f)
{
	const struct fk_peak *k = &h->peak;
	double az = fk_back_azimuth_deg(k->slowness);
	struct family *y = &a->family;
	struct lts_plane plane;
	struct delays near;
	bool same = a->open && joins(a, h->hop, az);
	bool peak = same && next_peak(y, h->hop, h->f);

	lts_delays_near(&a->fk, &h->x, k->slowness, &near);
	if (!lts_plane(&a->fk, &near, h->x.there, &plane))
		return true; /* elements on a line */
	if (a->open && (!same || peak) && !close_family(a, out, f))
		return false;
	if (!a->open)
		*y = (struct family){.first = h->hop, .goes_on = peak,
			.free = k->elements - 3, .best = {.f = -1}};
	a->open = true;
	y->last = h->hop;
	y->windows++;
	y->east += m_sin(RAD(az));
	y->north += m_cos(RAD(az));
	if (k->elements > 3) {
		y->residuals++;
		y->square_s2 += plane.square_s2 /
			((double)k->elements - 3) * (h->f - 1);
	}
	if (k->elements - 3 < y->free)
		y->free = k->elements - 3;
	if (h->f > y->best.f) {
		y->best.f = h->f;
		y->best.scale = h->f_scale;
		y->best.p = h->p;
		take_best(a, h, k, &plane, &y->best);
		y->valley = h->f;
	}
	y->valley = fmin(y->valley, h->f);
	return true;
}

static bool judge(struct array *a, const struct heard *h,
	const struct detections *out, struct fault *f)
{
	if (a->open && h->hop - a->family.last > FAMILY_GAP &&
		!close_family(a, out, f))
		return false;
	return !(h->p < pass) || passed(a, h, out, f); /* false for NAN */
}

/* Those that are known to be wrong are no part of the beams. */
static size_t leave_out(struct array *a, struct heard *h)
{
	size_t there = 0;

	for (size_t m = 0; m < a->elements; m++) {
		if (a->judged.now[m] == ELEMENT_SOUND) {
			there += h->x.there[m];
			continue;
		}
		h->x.there[m] = false;
		memset(h->x.re[m], 0, sizeof h->x.re[m]);
		memset(h->x.im[m], 0, sizeof h->x.im[m]);
	}
	return there;
}

static bool next_window(struct array *a, int64_t hop, struct heard *h)
{
	bool stuck[FK_ELEMENTS] = {false};
	struct span t = {{hop * a->plan.hop_ns},
		{(hop + HOPS) * a->plan.hop_ns}};

	/* Two elements have no direction. */
	if (window(a, hop, h, stuck) < 3)
		return false;
	/* Those that do not overlap say all there is to say. */
	if (hop % HOPS == 0)
		elements_look(&a->judged, &a->fk, &h->x, stuck, t);
	return leave_out(a, h) >= 3;
}

static void find_beams(struct array *a, struct heard *h, size_t n)
{
	const struct fk_window *x[FK_LANES];
	struct fk_peak k[FK_LANES];

	for (size_t done = 0; done < n; done += FK_LANES) {
		size_t m = n - done < FK_LANES ? n - done : FK_LANES;

		for (size_t i = 0; i < m; i++)
			x[i] = &h[done + i].x;
		fk_find(&a->fk, x, m, k);
		for (size_t i = 0; i < m; i++)
			h[done + i].peak = k[i];
	}
}

static void score(const struct array *a, struct heard *h, double scale)
{
	int half_b = a->half_a * ((int)h->peak.elements - 1);

	h->f = fk_f(h->peak.b_top, h->peak.elements);
	h->f_scale = scale;
	h->p = fk_chance(h->f * scale, a->half_a, half_b);
}

/* Adds the odd window at a hop, unless it was asked before. */
static size_t ask_odd(
	struct array *a, int64_t hop, double scale, struct heard *odd, size_t n)
{
	if (hop < a->odd_next || hop + HOPS > a->to ||
		!next_window(a, hop, &odd[n]))
		return n;
	a->odd_next = hop + 2;
	odd[n].f_scale = scale;
	return n + 1;
}

/* Windows beside one that may pass; what has no data yet is asked next time. */
static size_t beside(struct array *a, struct heard *even, size_t n)
{
	struct heard *odd = even + n;
	size_t m = 0;

	if (a->odd_wanted >= 0 && a->odd_wanted + HOPS <= a->to) {
		m = ask_odd(a, a->odd_wanted, a->odd_scale, odd, m);
		a->odd_wanted = -1;
	}
	for (size_t i = 0; i < n; i++) {
		const struct heard *h = &even[i];

		if (!(h->p < may_pass))
			continue;
		m = ask_odd(a, h->hop - 1, h->f_scale, odd, m);
		m = ask_odd(a, h->hop + 1, h->f_scale, odd, m);
		if (a->odd_next <= h->hop + 1) {
			a->odd_wanted = h->hop + 1;
			a->odd_scale = h->f_scale;
		}
	}
	find_beams(a, odd, m);
	for (size_t i = 0; i < m; i++)
		score(a, &odd[i], odd[i].f_scale);
	return m;
}

static bool serve(struct array *a, const struct detections *out,
	struct fault *f)
{
	struct heard *h = a->heard;
	const struct heard *order[2 * FK_LANES + 1];
	size_t n = a->waiting;

	a->waiting = 0;
	find_beams(a, h, n);
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(h[i].peak.b_top))
			continue;
		score(a, &h[i], factor(a, h[i].peak.elements));
		remember(a, h[i].hop, h[i].f);
	}
	n += beside(a, h, n);
	for (size_t i = 0; i < n; i++) {
		size_t k = i;

		for (; k > 0 && order[k - 1]->hop > h[i].hop; k--)
			order[k] = order[k - 1];
		order[k] = &h[i];
	}
	for (size_t i = 0; i < n; i++)
		if (isfinite(order[i]->peak.b_top) &&
			!judge(a, order[i], out, f))
			return false;
	return true;
}

/* Every other window that ends before hop `to`, and those beside the ones that
 * may pass: a wave that five windows hold does not hide between two. */
static bool windows(struct array *a, int64_t to, const struct detections *out,
	struct fault *f)
{
	a->to = to;
	if (a->latest < 0)
		return true;
	/* After a long silence, not through every hop of it. */
	if (a->next == INT64_MAX ||
		(a->least != INT64_MAX && a->least - a->next > HOPS_KEPT))
		a->next = a->least;
	a->next += a->next % 2;
	for (; a->next + HOPS <= to && a->next <= a->latest; a->next += 2)
		if (next_window(a, a->next, &a->heard[a->waiting]) &&
			++a->waiting == FK_LANES && !serve(a, out, f))
			return false;
	a->least = INT64_MAX;
	return serve(a, out, f);
}

static bool until(void *state, struct instant t, const struct detections *out,
	struct fault *f)
{
	struct array *a = state;

	return a->failed ||
		windows(a, t.utc_ns / a->plan.hop_ns, out, f);
}

static bool finish(void *state, const struct detections *out, struct fault *f)
{
	struct array *a = state;

	if (a->failed)
		return true;
	if (!windows(a, INT64_MAX, out, f))
		return false;
	return !a->open || close_family(a, out, f);
}

static bool health(void *state, const struct healths *out, struct fault *f)
{
	struct array *a = state;

	if (a->failed)
		return true;
	elements_end(&a->judged);
	for (size_t i = 0; i < a->judged.episodes; i++) {
		const struct elements_episode *e = &a->judged.episode[i];
		struct health h = {.source = a->element[e->element]->id,
			.span = e->span, .state = HEALTH_QUARANTINED,
			.why = elements_why(e->fault),
			.measure = {"windows", e->windows}};
		struct feature late = {"late_ms", e->late_s * 1000};

		if (isfinite(e->late_s)) {
			h.more = &late;
			h.more_count = 1;
		}
		health_name(&h);
		if (!out->put(out->self, &h, f))
			return false;
	}
	return true;
}

const struct detector detector_array = {
	.name = "array",
	.about = "waves across an array, Bartlett beams and adaptive F",
	.state_size = sizeof(struct array),
	.gathers = gathers,
	.gather = gather,
	.element = element,
	.until = until,
	.finish = finish,
	.health = health,
};
