/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/stated.h"

#include "geo/geodesic.h"

enum {
	TAMPERS = 8, SAYS = 11,
	IS_CLOCK = 0, IS_STEP, IS_DRIFT, IS_MOVED, IS_BROKEN, IS_TWICE,
	IS_RESTARTED, IS_TAMPERED, IS_SAID = IS_TAMPERED + TAMPERS,
	CONDITIONS = IS_SAID + SAYS,
	RING = 360, /* points, a minute apart: six hours */
};

/* Seconds.  How old what the rate is fitted over is, and how long at least;
 * after so long nothing can be said by an old fit. */
#define POINT_S 60.0
#define AGED_S 3600.0
#define FITTED_S 1800.0
#define STALE_S (6 * 3600.0)
/* A quartz whose rate is not known yet (any is better: 50 ppm). */
#define LOOSE 50e-6
/* A bound above this, stated by the sensor, is a doubt: ten times what places
 * a sound to 35 m. */
#define ERROR_MAX_US 10000

static const struct {
	const char *why;
	enum health_state state;
} words[CONDITIONS] = {
	[IS_CLOCK] = {STATED_CLOCK, HEALTH_DEGRADED},
	[IS_STEP] = {STATED_STEP, HEALTH_QUARANTINED},
	[IS_DRIFT] = {STATED_DRIFT, HEALTH_QUARANTINED},
	[IS_MOVED] = {STATED_MOVED_AWAY, HEALTH_QUARANTINED},
	[IS_BROKEN] = {STATED_BROKEN, HEALTH_DEGRADED},
	[IS_TWICE] = {STATED_TWICE, HEALTH_QUARANTINED},
	[IS_RESTARTED] = {STATED_RESTARTED, HEALTH_DEGRADED},
	[IS_TAMPERED] = {"tampered: case", HEALTH_QUARANTINED},
	{"tampered: moved or tilted", HEALTH_QUARANTINED},
	{"tampered: transducer", HEALTH_QUARANTINED},
	{"tampered: supply", HEALTH_DEGRADED},
	{"tampered: seal", HEALTH_QUARANTINED},
	{"tampered: key store", HEALTH_QUARANTINED},
	{"tampered: clock stepped", HEALTH_QUARANTINED},
	{"tampered: firmware changed", HEALTH_QUARANTINED},
	[IS_SAID] = {"says: clipped", HEALTH_DEGRADED},
	{"says: stuck", HEALTH_DEGRADED},
	{"says: loud", HEALTH_DEGRADED},
	{"says: deaf", HEALTH_DEGRADED},
	{"says: storage", HEALTH_DEGRADED},
	{"says: battery", HEALTH_DEGRADED},
	{"says: heat", HEALTH_DEGRADED},
	{"says: antenna", HEALTH_DEGRADED},
	{"says: interference suspected", HEALTH_DEGRADED},
	{"says: link was lost", HEALTH_DEGRADED},
	{"says: self-test failed", HEALTH_DEGRADED},
};

struct point_of { /* own seconds; how far satellites are ahead of them */
	double own_s, ahead_s;
};

struct own { /* clock of one boot */
	bool begun;
	uint64_t first_ns;
	int64_t first_utc_ns;
	struct point_of ring[RING];
	size_t points; /* ever put */
	double last_s, last_ahead_s; /* the frame before */
	double good_s; /* the last frame within bounds */
};

struct condition {
	bool on;
	struct span span;
	uint64_t record; /* that showed it first */
	double measure;  /* the largest */
};

struct judge {
	const struct healths *out;
	struct span all;
	const struct source *source;
	struct condition is[CONDITIONS];
	struct own own;
};

static int order_of(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int stated_order(const void *a, const void *b)
{
	const struct stated *x = a, *y = b;
	int d = strcmp(x->source->id, y->source->id);

	d = d ? d : order_of(x->boot, y->boot);
	d = d ? d : order_of(x->sequence, y->sequence);
	return d ? d : order_of(x->record, y->record);
}

static struct instant begin_of(const struct stated *x)
{
	return instant_known(x->start) ? x->start : x->received;
}

static struct instant end_of(const struct stated *x)
{
	struct instant t = begin_of(x);

	return instant_known(x->start) ?
		instant_plus_ns(t, x->span_us * INT64_C(1000) + 1) :
		instant_plus_ns(t, 1);
}

/* -- telling -- */

static const char *measure_of(int i)
{
	return i == IS_STEP || i == IS_DRIFT ? "late_ms"
		: i == IS_MOVED ? "moved_m" : i == IS_CLOCK ? "error_us"
		: "record";
}

static bool tell(struct judge *j, int i, struct fault *f)
{
	struct condition *c = &j->is[i];
	char record[40];
	const char *evidence[] = {record};
	struct text t = text_on(record, sizeof record);
	struct health h = {.source = j->source->id, .span = c->span,
		.state = words[i].state, .why = words[i].why,
		.measure = {measure_of(i), isfinite(c->measure) ? c->measure
								: NAN},
		.evidence = evidence, .evidence_count = 1};

	if (!c->on)
		return true;
	c->on = false;
	text_fmt(&t, "frames/%llu", (unsigned long long)c->record);
	if (!isfinite(c->measure))
		h.measure.name = NULL;
	health_name(&h);
	return j->out->put(j->out->self, &h, f);
}

static bool tell_all(struct judge *j, struct fault *f)
{
	for (int i = 0; i < CONDITIONS; i++) {
		/* No key becomes one person's again by itself. */
		if (i == IS_TWICE && j->is[i].on &&
			j->is[i].span.to.utc_ns < j->all.to.utc_ns)
			j->is[i].span.to = j->all.to;
		if (!tell(j, i, f))
			return false;
	}
	return true;
}

static bool hold(struct judge *j, int i, bool is, double measure,
	const struct stated *x, struct fault *f)
{
	struct condition *c = &j->is[i];
	struct instant end = end_of(x);

	if (!is)
		return i == IS_TWICE || tell(j, i, f);
	if (!c->on)
		*c = (struct condition){true, {begin_of(x), end}, x->record,
			measure};
	if (end.utc_ns > c->span.to.utc_ns)
		c->span.to = end;
	if (fabs(measure) > fabs(c->measure))
		c->measure = measure;
	return true;
}

static bool tell_gap(struct judge *j, const struct stated *before,
	const struct stated *x, struct fault *f)
{
	char record[40];
	const char *evidence[] = {record};
	struct text t = text_on(record, sizeof record);
	struct health h = {.source = j->source->id,
		.span = {end_of(before), begin_of(x)}, .state = HEALTH_DOWN,
		.why = STATED_MISSING, .evidence = evidence,
		.evidence_count = 1, .measure = {"frames",
			(double)(x->sequence - before->sequence - 1)}};

	if (h.span.to.utc_ns <= h.span.from.utc_ns)
		h.span.to = instant_plus_ns(h.span.from, 1);
	text_fmt(&t, "frames/%llu", (unsigned long long)x->record);
	health_name(&h);
	return j->out->put(j->out->self, &h, f);
}

/* -- clocks -- */

/* Where the line through what is an hour old and more leads; false: there is
 * not enough of it. */
static bool foresee(const struct own *o, double now_s, double *ahead_s)
{
	size_t from = o->points > RING ? o->points - RING : 0, n = 0;
	double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, first = NAN, last = 0;

	for (size_t i = from; i < o->points; i++) {
		const struct point_of *p = &o->ring[i % RING];
		double x = p->own_s - now_s;

		if (x > -AGED_S)
			break;
		if (n++ == 0)
			first = x;
		last = x;
		s += 1;
		sx += x;
		sy += p->ahead_s;
		sxx += x * x;
		sxy += x * p->ahead_s;
	}
	if (n < 3 || last - first < FITTED_S)
		return false;
	*ahead_s = (sy * sxx - sx * sxy) / (s * sxx - sx * sx);
	return true;
}

static void put_point(struct own *o, double own_s, double ahead_s)
{
	if (o->points > 0 &&
		own_s - o->ring[(o->points - 1) % RING].own_s < POINT_S)
		return;
	o->ring[o->points++ % RING] = (struct point_of){own_s, ahead_s};
}

static void begin_clock(struct own *o, const struct stated *x)
{
	*o = (struct own){.begun = true, .first_ns = x->monotonic_ns,
		.first_utc_ns = x->start.utc_ns};
}

static bool one_clock(struct judge *j, const struct stated *x, struct fault *f)
{
	struct own *o = &j->own;
	double own_s, ahead_s, want_s = 0, off_s, dt_s;
	bool fitted, step, drift, was;

	if (x->time_source != 1 || x->lock != 2 || !instant_known(x->start) ||
		x->broken || x->forked)
		return true;
	if (!o->begun || x->monotonic_ns < o->first_ns)
		begin_clock(o, x);
	own_s = (double)(x->monotonic_ns - o->first_ns) * 1e-9;
	ahead_s = (double)(x->start.utc_ns - o->first_utc_ns) * 1e-9 - own_s;
	fitted = foresee(o, own_s, &want_s);
	off_s = fitted ? ahead_s - want_s : ahead_s - o->last_ahead_s;
	dt_s = fabs(own_s - o->last_s);
	step = o->points > 0 && dt_s < AGED_S &&
		fabs(ahead_s - o->last_ahead_s) - LOOSE * dt_s >=
			STATED_OFF_MS * 0.5e-3;
	was = j->is[IS_STEP].on || j->is[IS_DRIFT].on;
	drift = fitted && fabs(off_s) > STATED_OFF_MS * (was ? 0.4e-3 : 1e-3);
	/* It lasts as what is off lasts. */
	step = step || (drift && j->is[IS_STEP].on);
	o->last_ahead_s = ahead_s;
	o->last_s = own_s;
	if (!step && !drift) {
		o->good_s = own_s;
		put_point(o, own_s, ahead_s);
	} else if (!fitted || own_s - o->good_s > STALE_S) {
		begin_clock(o, x);
	}
	return hold(j, IS_STEP, step, off_s * 1e3, x, f) &&
		hold(j, IS_DRIFT, drift && !step, off_s * 1e3, x, f);
}

/* -- a frame -- */

static double moved_m(const struct stated *x)
{
	struct point is = {x->lat_e7 * 1e-7, x->lon_e7 * 1e-7};
	struct point was = {x->source->lat_deg, x->source->lon_deg};

	if (x->lat_e7 == INT32_MIN || x->lon_e7 == INT32_MIN ||
		!isfinite(was.lat_deg + was.lon_deg))
		return 0;
	return floor(geodesic_between(was, is).length_m + 0.5);
}

static bool one_frame(struct judge *j, const struct stated *x,
	const struct stated *before, struct fault *f)
{
	bool doubt = x->lock == 0 || x->error_us > ERROR_MAX_US;
	bool fitted = !(x->tamper >> 15), tested = !(x->health >> 15);
	double away_m = moved_m(x);
	bool ok = hold(j, IS_CLOCK, doubt, x->error_us == UINT16_MAX ? NAN :
			x->error_us, x, f) &&
		hold(j, IS_MOVED, away_m >= STATED_MOVED_M, away_m, x, f) &&
		hold(j, IS_BROKEN, x->broken, NAN, x, f) &&
		hold(j, IS_TWICE, x->forked, NAN, x, f) &&
		hold(j, IS_RESTARTED, before && before->boot != x->boot, NAN,
			x, f);

	for (int i = 0; ok && i < TAMPERS; i++)
		ok = hold(j, IS_TAMPERED + i, fitted && (x->tamper >> i & 1),
			NAN, x, f);
	for (int i = 0; ok && i < SAYS; i++)
		ok = hold(j, IS_SAID + i, tested && (x->health >> i & 1), NAN,
			x, f);
	return ok && one_clock(j, x, f);
}

static bool follow(struct judge *j, const struct stated *x,
	const struct stated *before, struct fault *f)
{
	if (before && before->boot != x->boot)
		j->own.begun = false;
	if (before && !x->forked && x->sequence > before->sequence + 1 &&
		!tell_gap(j, before, x, f))
		return false;
	return one_frame(j, x, before, f);
}

bool stated_judge(const struct stated *x, size_t count, struct span all,
	const struct healths *out, struct fault *f)
{
	struct judge j = {.out = out, .all = all};

	for (size_t i = 0; i < count; i++) {
		const struct stated *before = NULL;

		if (i > 0 && x[i - 1].source == x[i].source)
			before = &x[i - 1];
		if (!before && j.source && !tell_all(&j, f))
			return false;
		if (!before)
			j = (struct judge){.out = out, .all = all,
				.source = x[i].source};
		if (!follow(&j, &x[i], before, f))
			return false;
	}
	return !j.source || tell_all(&j, f);
}
