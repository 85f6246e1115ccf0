/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * footprints.c - looks from what cameras and satellites covered.
 *
 * Camera: footprints of one source that follow each other within 10 s become
 * at most one look a minute.  Its area is the ground that was in view the
 * whole time: the common part of the footprints, each shrunk by its error, so
 * a look never claims more than was seen.
 *
 * Satellite: the rows of one pass span the ground it scanned: their convex
 * hull, since a swath is convex but for the Earth's curve.  What a pass saw
 * beyond its outermost rows is not claimed. */
#include "base/maths.h"
#include "geo/polygon.h"
#include "watch/watch.h"

enum { RING_MAX = 32 };
#define MINUTE_NS INT64_C(60000000000)
#define STEP_NS INT64_C(1000000000)  /* footprints closer are not needed */
#define JOIN_NS (10 * STEP_NS)       /* a longer gap was not watched */
/* A common part below this share of the view begins a new look. */
#define COMMON_SHARE 0.25
/* Rows of one pass: a pass over one country takes under 10 minutes, the next
 * of the same satellite comes after 100 (SATELLITE.md 3.2). */
#define PASS_NS (30 * MINUTE_NS)
#define PASS_SIGMA_S 120.0 /* acq_time labels a granule: +-2 min, 3.2 */
/* Clear sky and detection of 50 m2 at 1000 K: share of days on which
 * persistent sources were seen under 50-75 % cloud (SATELLITE.md 3.3). */
#define PD_HEAT 0.40
#define FIRE_M2 50.0
#define FIRE_K 1000.0
/* What a camera is asked for: a vehicle, and the smoke or dust of a burst. */
#define WEAPON_M 3.0
#define BURST_M 10.0
#define WIDTH_PX 1280.0 /* when the stream does not say; cal. */

struct view {
	const char *source;
	struct instant from, to;
	struct point ring[RING_MAX];
	size_t count;    /* 0: none open */
	double sample_m; /* the coarsest in it; NAN not known */
	struct cite cite;
};

struct watcher {
	const struct mission *m;
	struct arena *arena;
	const struct looks *out;
	struct view view;
	int64_t told_minute; /* of view.source */
};

/* Johnson's criterion as a curve: half at 2 pixels across (Johnson 1958;
 * exponent of the target transfer function, Holst, "Electro-Optical Imaging
 * System Performance"). */
static double seen_pd(double size_m, double sample_m)
{
	double n = size_m / sample_m / 2;
	double e, up;

	if (!isfinite(n))
		return NAN;
	e = 2.7 + 0.7 * fmin(n, 10);
	up = m_pow(n, e);
	return up > 1e6 ? 1 : up / (1 + up);
}

static bool tell(struct watcher *w, enum kind kind, double size_m,
	struct fault *f)
{
	struct view *v = &w->view;
	struct look l = {
		.source = v->source,
		.modality = MODALITY_IMAGE,
		.span = {v->from, v->to},
		.area = {v->ring, v->count},
		.kind = kind,
		.of = {{"size_m", size_m}},
		.of_count = 1,
		.pd = seen_pd(size_m, v->sample_m),
		.cite = v->cite,
	};

	look_name(&l);
	return w->out->put(w->out->self, &l, f);
}

static bool close_view(struct watcher *w, struct fault *f)
{
	struct view *v = &w->view;
	int64_t minute = v->from.utc_ns / MINUTE_NS;
	bool tells = v->count >= 3 && v->to.utc_ns > v->from.utc_ns &&
		minute != w->told_minute;

	if (tells) {
		w->told_minute = minute;
		if (!tell(w, KIND_WEAPON, WEAPON_M, f) ||
			!tell(w, KIND_EXPLOSION, BURST_M, f))
			return false;
	}
	v->count = 0;
	return true;
}

/* Pulls the corners in by the error, along the line to the middle. */
static size_t shrunk(const struct place *p, struct point out[RING_MAX])
{
	const struct ring *r = &p->region.ring[0];
	double err = p->region.ellipse.semi_major_m;
	struct point mid;
	double inner, keep;

	if (r->count < 3 || r->count > RING_MAX)
		return 0;
	mid = polygon_centroid(r);
	inner = polygon_distance_m(r, true, mid);
	if (!polygon_holds(r, mid) || !(inner > 0))
		return 0;
	/* The ellipse of a footprint holds its whole extent when it is wider
	 * than the ring is: then it says nothing of the ring's own error. */
	keep = err < inner ? 1 - err / inner : 1;
	struct frame fr = frame_at(mid.lat_deg, mid.lon_deg);
	for (size_t i = 0; i < r->count; i++) {
		struct xy q = frame_to(&fr, r->point[i].lat_deg,
			r->point[i].lon_deg);

		out[i] = frame_from(
			&fr, (struct xy){q.x_m * keep, q.y_m * keep});
	}
	return r->count;
}

/* Ground sample at the middle of the view. */
static double sample_of(const struct observation *o)
{
	double slant = feature_of(o->feature, o->feature_count, "slant_m");
	double hfov = feature_of(o->feature, o->feature_count, "hfov_deg");

	if (!(hfov > 0 && hfov < 170))
		return NAN;
	return 2 * slant * m_tan(RAD(hfov / 2)) / WIDTH_PX;
}

static void open_view(struct view *v, const struct observation *o,
	const struct point *ring, size_t count)
{
	*v = (struct view){.source = o->source, .from = o->at, .to = o->at,
		.count = count, .sample_m = sample_of(o), .cite = o->cite};
	memcpy(v->ring, ring, count * sizeof *ring);
}

/* The common part, when enough of the new view is in it. */
static bool narrow(struct watcher *w, const struct point *ring, size_t count,
	bool *joined, struct fault *f)
{
	struct view *v = &w->view;
	struct ring old = {v->ring, v->count}, now = {ring, count}, both;
	size_t mark = w->arena->used;

	*joined = false;
	if (!polygon_clip(&old, &now, w->arena, &both, f))
		return false;
	if (both.count >= 3 && both.count <= RING_MAX &&
		polygon_area_m2(&both) >=
			COMMON_SHARE * polygon_area_m2(&now)) {
		memcpy(v->ring, both.point, both.count * sizeof *v->ring);
		v->count = both.count;
		*joined = true;
	}
	w->arena->used = mark;
	return true;
}

/* Widened by nobody's wish: a checksum that is wrong carries no footprint. */
static bool usable(const struct observation *o)
{
	const char *sum = attribute_of(
		o->attribute, o->attribute_count, "checksum");

	return o->place.region.ring_count > 0 && instant_known(o->at) &&
		(!sum || strcmp(sum, "ok") == 0 ||
			strcmp(sum, "payload_only") == 0);
}

static bool camera(
	struct watcher *w, const struct observation *o, struct fault *f)
{
	struct view *v = &w->view;
	struct point ring[RING_MAX];
	bool joined = false;
	size_t n;

	if (!usable(o))
		return true;
	bool same = v->source && strcmp(v->source, o->source) == 0;
	int64_t gap = same && v->count ? o->at.utc_ns - v->to.utc_ns
				       : INT64_MAX;

	if (gap < STEP_NS &&
		o->at.utc_ns / MINUTE_NS == v->from.utc_ns / MINUTE_NS)
		return true;
	n = shrunk(&o->place, ring);
	if (n < 3)
		return true;
	if (gap <= JOIN_NS && !narrow(w, ring, n, &joined, f))
		return false;
	if (joined) {
		v->to = o->at;
		v->sample_m = fmax(v->sample_m, sample_of(o));
		if (o->at.utc_ns / MINUTE_NS == v->from.utc_ns / MINUTE_NS)
			return true;
	}
	if (!close_view(w, f))
		return false;
	if (!same)
		w->told_minute = INT64_MIN;
	open_view(v, o, ring, n);
	return true;
}

struct pass {
	const struct observation *first;
	size_t rows, points;
	struct instant to;
};

/* Only the mission's area: a hull across half the world is none. */
static bool within(struct watcher *w, struct ring *hull, struct fault *f)
{
	const struct mission *m = w->m;
	struct point corner[4] = {{m->south, m->west}, {m->south, m->east},
		{m->north, m->east}, {m->north, m->west}};
	struct ring box = {corner, 4}, in;

	if (!(m->south < m->north))
		return true;
	if (!polygon_clip(hull, &box, w->arena, &in, f))
		return false;
	*hull = in;
	return true;
}

static bool close_pass(struct watcher *w, const struct pass *p,
	const struct observation *all, struct fault *f)
{
	size_t mark = w->arena->used, n = 0;
	struct point *at = arena_array(
		w->arena, p->points + 1, sizeof *at, f);
	struct ring hull;
	bool ok = at != NULL;

	for (size_t i = 0; ok && i < p->rows; i++) {
		const struct observation *o = &all[i];

		for (size_t k = 0; o->what == OBSERVATION_HEAT &&
			k < o->place.region.ring_count; k++) {
			const struct ring *r = &o->place.region.ring[k];

			for (size_t q = 0; q < r->count; q++)
				at[n++] = r->point[q];
		}
	}
	ok = ok && polygon_hull(at, n, w->arena, &hull, f) &&
		within(w, &hull, f);
	if (ok && hull.count >= 3) {
		struct look l = {
			.source = p->first->source,
			.modality = MODALITY_HEAT,
			.span = {instant_plus_s(p->first->at, -PASS_SIGMA_S),
				instant_plus_s(p->to, PASS_SIGMA_S)},
			.area = hull,
			.kind = KIND_FIRE,
			.of = {{"area_m2", FIRE_M2}, {"temp_k", FIRE_K}},
			.of_count = 2,
			.pd = PD_HEAT,
			.cite = p->first->cite,
		};

		look_name(&l);
		ok = w->out->put(w->out->self, &l, f);
	}
	w->arena->used = mark;
	return ok;
}

static bool is_pass_row(const struct observation *o)
{
	return o->what == OBSERVATION_HEAT && instant_known(o->at) &&
		o->place.region.ring_count > 0;
}

/* The pass that begins at row i; *next is where to go on. */
static bool satellite(struct watcher *w, const struct observation *o,
	size_t count, size_t *next, struct fault *f)
{
	struct pass p = {.first = o, .to = o->at};

	for (; p.rows < count; p.rows++) {
		const struct observation *q = &o[p.rows];

		if (strcmp(q->source, o->source) != 0)
			break;
		if (!is_pass_row(q))
			continue;
		if (q->at.utc_ns - p.to.utc_ns > PASS_NS)
			break;
		p.to = q->at;
		for (size_t k = 0; k < q->place.region.ring_count; k++)
			p.points += q->place.region.ring[k].count;
	}
	*next += p.rows;
	return close_pass(w, &p, o, f);
}

bool watch_footprints(const struct mission *m, const struct observation *o,
	size_t count, struct arena *arena, const struct looks *out,
	struct fault *f)
{
	struct watcher w = {.m = m, .arena = arena, .out = out,
		.told_minute = INT64_MIN};

	for (size_t i = 0; i < count; i++)
		if (o[i].what == OBSERVATION_FOOTPRINT && !camera(&w, &o[i], f))
			return fault_in(f, "watch: footprint");
	if (!close_view(&w, f))
		return fault_in(f, "watch: footprint");
	for (size_t i = 0; i < count;) {
		if (!is_pass_row(&o[i]))
			i++;
		else if (!satellite(&w, &o[i], count - i, &i, f))
			return fault_in(f, "watch: pass");
	}
	return true;
}
