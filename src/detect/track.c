/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * track.c - entries and exits of tracks into the mission's zones.
 *
 * P(inside) is the part of a fix's error ellipse that lies in the zone.
 * Inside: P >= 0.95 on 3 fixes over 10 s; outside: P <= 0.05 likewise; in
 * between is undetermined (TRACKS.md 7).  A gap is never an exit: the last
 * known state stays until fixes show another.  A crossing that speed would
 * merely have allowed is not shown, and gives nothing. */
#include "base/maths.h"
#include "base/text.h"
#include "detect/detector.h"
#include "geo/polygon.h"

enum {
	VEHICLES = 8, /* of one source; beyond, the longest silent goes */
	ZONES = 64,
	FIXES = 3,
	NAME = 48,
	RADII = 8,
	ANGLES = 24,
};
#define P_IN 0.95
#define P_OUT 0.05
#define HELD_S 10.0
#define GAP_S 60.0 /* a run of fixes does not reach over it; cal. */

enum side { SIDE_UNKNOWN, SIDE_IN, SIDE_OUT };

struct fix {
	struct instant at;
	double sigma_s;
	struct place place; /* ellipse only */
	struct cite cite;
	enum kind kind;
	double p, margin_m;
};

struct run { /* fixes on one side without break */
	enum side side;
	int count;
	struct fix first;
	struct instant last;
};

struct zone_state {
	enum side side;      /* shown */
	struct instant seen; /* last fix shown on that side */
	struct run run;
};

struct vehicle {
	char name[NAME], reported_by[NAME];
	struct instant last;
	struct zone_state zone[ZONES];
};

struct state {
	const struct mission *mission;
	char source[NAME];
	struct vehicle vehicle[VEHICLES];
	size_t vehicles;
};

/* Cut when longer: a name is compared by as much. */
static void keep(char to[NAME], const char *name)
{
	struct text t = text_on(to, NAME);

	text_add(&t, name);
}

static bool sees(enum observation_what what)
{
	return what == OBSERVATION_TRACK;
}

static void start(
	void *self, const struct source *source, const struct mission *m)
{
	struct state *s = self;

	(void)source;
	s->mission = m;
}

static bool in_shape(const struct shape *z, struct point p)
{
	for (size_t i = 0; i < z->ring_count; i++)
		if (polygon_holds(&z->ring[i], p))
			return true;
	return false;
}

/* To the zone's edge; positive inside. */
static double margin(const struct shape *z, struct point p)
{
	double d = INFINITY;

	for (size_t i = 0; i < z->ring_count; i++)
		d = fmin(d, polygon_distance_m(&z->ring[i], true, p));
	return in_shape(z, p) ? d : 0 - d;
}

/* Mass of the ellipse in the zone: points of equal probability, at the mid
 * quantiles of the radius and evenly round; good to about 1 %. */
static double p_inside(const struct shape *z, const struct place *p, double m)
{
	const struct ellipse *e = &p->region.ellipse;
	double scale = 1 / sqrt(-2 * m_log(1 - p->region.level));
	double a = e->semi_major_m * scale, b = e->semi_minor_m * scale;
	double s = m_sin(RAD(e->azimuth_deg)), c = m_cos(RAD(e->azimuth_deg));
	int in = 0;

	if (!isfinite(a) || !isfinite(b) || !isfinite(m))
		return NAN;
	/* 4 sigma: 3e-4 is beyond. */
	if (fabs(m) > 4 * fmax(a, b))
		return m > 0;
	struct frame f = frame_at(p->lat_deg, p->lon_deg);
	for (int i = 0; i < RADII; i++) {
		double r = sqrt(-2 * m_log(1 - (i + 0.5) / RADII));

		for (int k = 0; k < ANGLES; k++) {
			double t = 2 * PI * (k + 0.5 * (i % 2)) / ANGLES;
			double u = r * a * m_cos(t), v = r * b * m_sin(t);

			in += in_shape(z, frame_from(&f, (struct xy){
				u * s + v * c, u * c - v * s}));
		}
	}
	return (double)in / (RADII * ANGLES);
}

static struct vehicle *vehicle_of(struct state *s, const char *name)
{
	struct vehicle *oldest = &s->vehicle[0];

	for (size_t i = 0; i < s->vehicles; i++) {
		struct vehicle *v = &s->vehicle[i];

		if (strncmp(v->name, name, NAME - 1) == 0)
			return v;
		if (v->last.utc_ns < oldest->last.utc_ns)
			oldest = v;
	}
	if (s->vehicles < VEHICLES)
		oldest = &s->vehicle[s->vehicles++];
	*oldest = (struct vehicle){.last = INSTANT_UNKNOWN};
	keep(oldest->name, name);
	return oldest;
}

static bool tell(const struct state *s, const struct vehicle *v,
	const struct shape *z, const struct zone_state *was, const char *event,
	const struct detections *out, struct fault *f)
{
	const struct fix *x = &was->run.first;
	struct detection d = detection_new();
	struct feature feature[3] = {{"margin_m", x->margin_m},
		{"p_inside", x->p}};
	struct attribute attribute[5] = {{"event", event},
		{"vehicle", v->name}, {"zone", z->name},
		{"zone_version", z->version ? z->version : ""}};

	d.source = s->source;
	d.modality = MODALITY_TRACK;
	d.detector = "track";
	d.at = x->at;
	d.sigma_s = x->sigma_s;
	d.kind = x->kind;
	d.count = COUNT_OF(1);
	d.place = x->place;
	d.cite = x->cite;
	d.feature = feature;
	d.feature_count = 2;
	d.attribute = attribute;
	d.attribute_count = 4;
	if (was->side != SIDE_UNKNOWN) /* it was the other side until then */
		feature[d.feature_count++] = (struct feature){
			"since_seen_s", instant_seconds(was->seen, x->at)};
	if (v->reported_by[0])
		attribute[d.attribute_count++] = (struct attribute){
			"reported_by", v->reported_by};
	detection_name(&d);
	return out->put(out->self, &d, f);
}

static void extend(struct run *r, enum side side, const struct fix *x)
{
	bool breaks = r->side != side ||
		instant_seconds(r->last, x->at) > GAP_S;

	if (breaks)
		*r = (struct run){.side = side, .first = *x};
	r->count++;
	r->last = x->at;
}

static bool one_zone(const struct state *s, const struct vehicle *v,
	const struct shape *z, struct zone_state *t, struct fix *x,
	const struct detections *out, struct fault *f)
{
	struct point p = {x->place.lat_deg, x->place.lon_deg};
	const char *event = NULL;
	enum side side;

	x->margin_m = margin(z, p);
	x->p = p_inside(z, &x->place, x->margin_m);
	side = x->p >= P_IN ? SIDE_IN : x->p <= P_OUT ? SIDE_OUT : SIDE_UNKNOWN;
	extend(&t->run, side, x);
	if (side == SIDE_UNKNOWN || t->run.count < FIXES ||
		instant_seconds(t->run.first.at, x->at) < HELD_S)
		return true;
	if (side == SIDE_IN && t->side != SIDE_IN)
		event = t->side == SIDE_OUT ? "entered" : "inside";
	else if (side == SIDE_OUT && t->side == SIDE_IN)
		event = "left";
	if (event && !tell(s, v, z, t, event, out, f))
		return false;
	t->side = side;
	t->seen = x->at;
	return true;
}

static bool is_zone(const struct shape *s)
{
	return s->role == SHAPE_ZONE && s->ring_count > 0;
}

static bool usable(const struct observation *o)
{
	const char *sum = attribute_of(
		o->attribute, o->attribute_count, "checksum");

	/* Damaged words carry no place; those unchecked might. */
	return instant_known(o->at) && place_known(&o->place) &&
		(!sum || (strcmp(sum, "wrong") != 0 &&
				 strcmp(sum, "absent") != 0));
}

static bool observation(void *self, const struct observation *o,
	const struct detections *out, struct fault *f)
{
	struct state *s = self;
	const char *name = attribute_of(
		o->attribute, o->attribute_count, "vehicle");
	const char *by = attribute_of(
		o->attribute, o->attribute_count, "reported_by");
	struct fix x = {.at = o->at, .sigma_s = o->sigma_s, .cite = o->cite,
		.place = o->place,
		.kind = o->kind == KIND_UNKNOWN ? KIND_FLIGHT : o->kind};
	struct vehicle *v;
	size_t n = 0;

	if (!usable(o))
		return true;
	x.place.region.ring = NULL;
	x.place.region.cell = NULL;
	x.place.region.ring_count = x.place.region.cell_count = 0;
	keep(s->source, o->source);
	v = vehicle_of(s, name ? name : "");
	v->last = o->at;
	keep(v->reported_by, by ? by : "");
	for (size_t i = 0; i < s->mission->shape_count && n < ZONES; i++)
		if (is_zone(&s->mission->shape[i]) &&
			!one_zone(s, v, &s->mission->shape[i], &v->zone[n++],
				&x, out, f))
			return fault_in(f, "track");
	return true;
}

static bool finish(void *self, const struct detections *out, struct fault *f)
{
	(void)self;
	(void)out;
	(void)f;
	return true;
}

const struct detector detector_track = {
	.name = "track",
	.about = "tracks that enter or leave a zone, by their error ellipse",
	.state_size = sizeof(struct state),
	.sees = sees,
	.start = start,
	.observation = observation,
	.finish = finish,
};
