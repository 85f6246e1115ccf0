/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/cluster.h"

#include "base/maths.h"
#include "geo/polygon.h"

enum {
	NONE = -1,
	DAY_MIN = 1440,      /* looks of one fire (SATELLITE.md 3.4, tbc) */
	PASS_S = 660,        /* no pass of the 2022 files is longer */
	PERSISTENT_DATES = 6, /* SATELLITE.md 3.5, 8 */
};
static const double grow_m = 190;   /* half a pixel of VIIRS */
static const double longest_gap_s = 12.2 * 3600; /* SATELLITE.md 3.2 */
static const double complex_m = 5000, complex_s = 10 * 86400.0;
static const double m_per_deg = 111195; /* R = 6371 km */

struct pixel {
	double lat, lon, cos_lat;
	double ux, uy;          /* ahead, a unit vector east, north */
	double ahead_m, right_m; /* half sizes, grown */
	int64_t minute;
	int32_t parent;
};

struct slot {
	int64_t key;
	int32_t head;      /* newest first */
	int32_t last_date, dates;
};

struct table {
	struct slot *slot;
	size_t mask;
	struct node {
		int32_t pixel, next;
	} *node;
	size_t count;
};

struct work {
	const struct network *net;
	const struct detection *const *heat;
	struct pixel *pixel;
	size_t count;
	struct arena *arena;
	const struct look **look; /* of heat */
	size_t look_count;
};

static int32_t root(struct pixel *p, int32_t i)
{
	while (p[i].parent != i) {
		p[i].parent = p[p[i].parent].parent;
		i = p[i].parent;
	}
	return i;
}

/* The earlier pixel stays root. */
static void join(struct pixel *p, int32_t a, int32_t b)
{
	a = root(p, a);
	b = root(p, b);
	if (a < b)
		p[b].parent = a;
	else
		p[a].parent = b;
}

static struct pixel pixel_of(const struct detection *d, int32_t i)
{
	const struct region *r = &d->place.region;
	double scan = feature_of(d->feature, d->feature_count, "scan_m");
	double track = feature_of(d->feature, d->feature_count, "track_m");
	struct pixel p = {.lat = d->place.lat_deg, .lon = d->place.lon_deg,
		.uy = 1, .minute = d->at.utc_ns / 60000000000, .parent = i};
	double half = isfinite(r->ellipse.semi_major_m) ?
		fmin(r->ellipse.semi_major_m, 3000) : 500;

	p.cos_lat = fmax(m_cos(RAD(p.lat)), 1e-3);
	p.ahead_m = (track > 0 ? fmin(track, 10e3) / 2 : half) + grow_m;
	p.right_m = (scan > 0 ? fmin(scan, 10e3) / 2 : half) + grow_m;
	if (r->ring_count == 1 && r->ring[0].count == 4) {
		const struct point *c = r->ring[0].point;
		double y = c[0].lat_deg - c[3].lat_deg;
		double x = (c[0].lon_deg - c[3].lon_deg) * p.cos_lat;
		double n = sqrt(x * x + y * y);

		if (n > 0 && n < 1) {
			p.ux = x / n;
			p.uy = y / n;
		}
	}
	return p;
}

/* Half width of b seen along the axis (x, y). */
static double width(const struct pixel *b, double x, double y)
{
	return b->ahead_m * fabs(b->ux * x + b->uy * y) +
		b->right_m * fabs(b->uy * x - b->ux * y);
}

/* Two turned rectangles meet unless one of their four axes parts them. */
static bool meet(const struct pixel *a, const struct pixel *b)
{
	double x = (b->lon - a->lon) * m_per_deg * a->cos_lat;
	double y = (b->lat - a->lat) * m_per_deg;

	return fabs(x * a->ux + y * a->uy) <=
		a->ahead_m + width(b, a->ux, a->uy) &&
		fabs(x * a->uy - y * a->ux) <=
		a->right_m + width(b, a->uy, -a->ux) &&
		fabs(x * b->ux + y * b->uy) <=
		b->ahead_m + width(a, b->ux, b->uy) &&
		fabs(x * b->uy - y * b->ux) <=
		b->right_m + width(a, b->uy, -b->ux);
}

static bool table_make(
	struct table *t, size_t entries, struct arena *a, struct fault *f)
{
	size_t size = 64;

	while (size < 2 * entries)
		size *= 2;
	t->slot = arena_array(a, size, sizeof *t->slot, f);
	t->node = arena_array(a, entries + 1, sizeof *t->node, f);
	t->mask = size - 1;
	t->count = 0;
	if (!t->slot || !t->node)
		return false;
	for (size_t i = 0; i < size; i++)
		t->slot[i] = (struct slot){INT64_MIN, NONE, NONE, 0};
	return true;
}

static struct slot *slot_of(struct table *t, int64_t key)
{
	uint64_t h = (uint64_t)key * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(h >> 20) & t->mask;

	while (t->slot[i].key != key && t->slot[i].key != INT64_MIN)
		i = (i + 1) & t->mask;
	t->slot[i].key = key;
	return &t->slot[i];
}

static void put(struct table *t, struct slot *s, int32_t pixel)
{
	t->node[t->count].pixel = pixel;
	t->node[t->count].next = s->head;
	s->head = (int32_t)t->count++;
}

struct cells { /* of 0.01 degree, that a pixel's box touches */
	int64_t south, north, west, east;
};

static struct cells cells_of(const struct pixel *p)
{
	double y = width(p, 0, 1) / m_per_deg * 100;
	double x = width(p, 1, 0) / (m_per_deg * p->cos_lat) * 100;

	x = fmin(x, 40); /* near the poles */
	return (struct cells){(int64_t)floor(p->lat * 100 - y),
		(int64_t)floor(p->lat * 100 + y),
		(int64_t)floor(p->lon * 100 - x),
		(int64_t)floor(p->lon * 100 + x)};
}

static bool touch(struct work *w, struct fault *f)
{
	struct table t;
	size_t entries = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct cells c = cells_of(&w->pixel[i]);

		entries += (size_t)((c.north - c.south + 1) *
			(c.east - c.west + 1));
	}
	size_t mark = w->arena->used;
	if (!table_make(&t, entries, w->arena, f))
		return false;
	for (int32_t i = 0; i < (int32_t)w->count; i++) {
		const struct pixel *p = &w->pixel[i];
		struct cells c = cells_of(p);

		for (int64_t y = c.south; y <= c.north; y++)
			for (int64_t x = c.west; x <= c.east; x++) {
				struct slot *s = slot_of(&t, y * 100000 + x);

				for (int32_t n = s->head; n != NONE;
					n = t.node[n].next) {
					int32_t k = t.node[n].pixel;

					if (p->minute - w->pixel[k].minute >
						DAY_MIN)
						break;
					if (meet(p, &w->pixel[k]))
						join(w->pixel, i, k);
				}
				put(&t, s, i);
			}
	}
	w->arena->used = mark;
	return true;
}

static int64_t cell_500m(const struct pixel *p)
{
	double row = floor(p->lat * m_per_deg / 500);
	double mid = (row + 0.5) * 500 / m_per_deg;
	double column = floor(p->lon * m_per_deg *
		fmax(m_cos(RAD(mid)), 1e-3) / 500);

	return (int64_t)row * 1000000 + (int64_t)column;
}

/* Cells hot on enough dates: all their pixels are one. */
static bool persist(struct work *w, bool *marked, struct fault *f)
{
	struct table t;

	size_t mark = w->arena->used;
	if (!table_make(&t, w->count, w->arena, f))
		return false;
	for (size_t i = 0; i < w->count; i++) {
		struct slot *s = slot_of(&t, cell_500m(&w->pixel[i]));
		int32_t date = (int32_t)(w->pixel[i].minute / 1440);

		s->dates += date != s->last_date;
		s->last_date = date;
		put(&t, s, (int32_t)i);
	}
	for (size_t k = 0; k <= t.mask; k++) {
		if (t.slot[k].dates < PERSISTENT_DATES)
			continue;
		for (int32_t n = t.slot[k].head; n != NONE;
			n = t.node[n].next) {
			marked[t.node[n].pixel] = true;
			join(w->pixel, t.node[n].pixel,
				t.node[t.slot[k].head].pixel);
		}
	}
	w->arena->used = mark;
	return true;
}

struct group {
	const int32_t *member; /* in order of time */
	size_t count;
	bool persistent;
};

static const struct detection *of(
	const struct work *w, const struct group *g, size_t i)
{
	return w->heat[g->member[i]];
}

static int by_text(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static bool evidence(struct work *w, const struct group *g,
	struct incident *inc, struct fault *f)
{
	size_t n = g->count < INCIDENT_EVIDENCE_MAX ? g->count :
		INCIDENT_EVIDENCE_MAX;
	struct id *id = arena_array(w->arena, n, sizeof *id, f);

	if (!id)
		return false;
	for (size_t i = 0; i < n; i++)
		id[i] = of(w, g, i)->id;
	qsort(id, n, sizeof *id, by_text);
	inc->evidence = id;
	inc->evidence_count = n;
	return true;
}

/* Centre and ellipse of the first look's n pixels. */
static void spread(const struct work *w, const struct group *g, size_t n,
	struct place *p)
{
	const struct detection *first = of(w, g, 0);
	struct frame fr = frame_at(
		first->place.lat_deg, first->place.lon_deg);
	double mx = 0, my = 0, xx = 0, yy = 0, xy = 0, var = 0;

	for (size_t i = 0; i < n; i++) {
		const struct detection *d = of(w, g, i);
		struct xy c = frame_to(
			&fr, d->place.lat_deg, d->place.lon_deg);
		double e = d->place.region.ellipse.semi_major_m /
			REGION_SIGMA_90;

		var += isfinite(e) ? e * e : 500 * 500;
		mx += c.x_m;
		my += c.y_m;
		xx += c.x_m * c.x_m;
		yy += c.y_m * c.y_m;
		xy += c.x_m * c.y_m;
	}
	double k = 1 / (double)n;
	mx *= k;
	my *= k;
	xx = xx * k - mx * mx + var * k;
	yy = yy * k - my * my + var * k;
	xy = xy * k - mx * my;
	double mid = (xx + yy) / 2, diff = (xx - yy) / 2;
	double rt = sqrt(diff * diff + xy * xy);
	double az = DEG(m_atan2(2 * xy, yy - xx)) / 2;
	struct point c = frame_from(&fr, (struct xy){mx, my});
	*p = PLACE_UNKNOWN;
	p->lat_deg = c.lat_deg;
	p->lon_deg = c.lon_deg;
	p->region.ellipse = (struct ellipse){
		REGION_SIGMA_90 * sqrt(mid + rt),
		REGION_SIGMA_90 * sqrt(fmax(mid - rt, 0)),
		az - 180 * floor(az / 180)};
}

static bool hull(struct work *w, const struct group *g, size_t n,
	struct region *r, struct fault *f)
{
	struct point *p = arena_array(w->arena, 4 * n, sizeof *p, f);
	struct ring *ring = arena_take(w->arena, sizeof *ring, f);
	size_t k = 0;

	if (!p || !ring)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct region *q = &of(w, g, i)->place.region;

		for (size_t c = 0; q->ring_count == 1 &&
			q->ring[0].count == 4 && c < 4; c++)
			p[k++] = q->ring[0].point[c];
	}
	if (k == 0)
		return true;
	if (!polygon_hull(p, k, w->arena, ring, f))
		return false;
	r->ring = ring;
	r->ring_count = 1;
	return true;
}

/* The footprints of the first look, or their hull when they are many. */
static bool first_look(struct work *w, const struct group *g,
	struct incident *inc, struct fault *f)
{
	struct region *r = &inc->place.region;
	struct instant t0 = of(w, g, 0)->at;
	size_t n = 0, k = 0;

	while (n < g->count &&
		instant_seconds(t0, of(w, g, n)->at) <= PASS_S)
		n++;
	if (n == 1) {
		inc->place = of(w, g, 0)->place;
		return true;
	}
	spread(w, g, n, &inc->place);
	if (4 * n > REGION_POINTS_MAX)
		return hull(w, g, n, r, f);
	struct ring *ring = arena_array(w->arena, n, sizeof *ring, f);
	if (!ring)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct region *q = &of(w, g, i)->place.region;

		if (q->ring_count == 1)
			ring[k++] = q->ring[0];
	}
	r->ring = ring;
	r->ring_count = k;
	return true;
}

static bool is_low(const struct detection *d)
{
	const char *c = attribute_of(
		d->attribute, d->attribute_count, "confidence");
	double pct = feature_of(
		d->feature, d->feature_count, "confidence_pct");

	return pct < 30 || (c && (c[0] == 'l' || c[0] == 'L'));
}

/* How likely heat is a fire: start values, to be calibrated with incidents
 * that another modality confirms.  Low confidence is sun glint or the edge of
 * the threshold; a persistent source is as likely a plant. */
static void kinds(const struct work *w, const struct group *g,
	struct incident *inc)
{
	bool low = true;
	double p;

	for (size_t i = 0; i < g->count; i++)
		low = low && is_low(of(w, g, i));
	p = g->persistent ? 0.5 : low ? 0.7 : 0.95;
	inc->kind[KIND_UNKNOWN] = 1 - p;
	inc->kind[KIND_FIRE] = p;
}

static bool numbers(struct work *w, const struct group *g,
	struct incident *inc, struct fault *f)
{
	struct feature *to = arena_array(w->arena, 3, sizeof *to, f);
	double most = -INFINITY, looks = 0;
	int64_t last = INT64_MIN;

	if (!to)
		return false;
	for (size_t i = 0; i < g->count; i++) {
		const struct detection *d = of(w, g, i);

		most = fmax(most, feature_of(
			d->feature, d->feature_count, "frp_mw"));
		/* Granules of a pass are labelled minutes apart. */
		looks += last == INT64_MIN ||
			d->at.utc_ns - last > PASS_S * INT64_C(1000000000);
		last = d->at.utc_ns;
	}
	if (isfinite(most))
		to[inc->feature_count++] = (struct feature){"frp_mw", most};
	to[inc->feature_count++] = (struct feature){"looks", looks};
	to[inc->feature_count++] =
		(struct feature){"pixels", (double)g->count};
	inc->feature = to;
	return true;
}

static bool is_complex(const struct work *w, const struct group *g)
{
	const struct pixel *a = &w->pixel[g->member[0]];
	double s = a->lat, n = s, west = a->lon, east = west;

	for (size_t i = 1; i < g->count; i++) {
		const struct pixel *p = &w->pixel[g->member[i]];

		s = fmin(s, p->lat);
		n = fmax(n, p->lat);
		west = fmin(west, p->lon);
		east = fmax(east, p->lon);
	}
	double y = (n - s) * m_per_deg;
	double x = (east - west) * m_per_deg * a->cos_lat;
	return x * x + y * y > complex_m * complex_m ||
		instant_seconds(of(w, g, 0)->at,
			of(w, g, g->count - 1)->at) > complex_s;
}

static bool marks(struct work *w, const struct group *g, struct incident *inc,
	struct fault *f)
{
	struct attribute *to = arena_array(w->arena, 2, sizeof *to, f);

	if (!to)
		return false;
	if (is_complex(w, g))
		to[inc->attribute_count++] =
			(struct attribute){"complex", "yes"};
	if (g->persistent)
		to[inc->attribute_count++] =
			(struct attribute){"persistent", "candidate"};
	inc->attribute = to;
	return true;
}

static bool saw(const struct work *w, const struct group *g,
	const char *source)
{
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(of(w, g, i)->source, source) == 0)
			return true;
	return false;
}

/* Onset from the last look that saw nothing; and who looked while it burnt,
 * would rather have seen it, and did not. */
static bool looks(struct work *w, const struct group *g, struct incident *inc,
	struct fault *f)
{
	struct instant t0 = of(w, g, 0)->at;
	struct instant t1 = of(w, g, g->count - 1)->at;
	struct point at = {inc->place.lat_deg, inc->place.lon_deg};
	size_t mark = w->arena->used, n = 0;
	const char **silent = arena_array(
		w->arena, w->look_count + 1, sizeof *silent, f);

	if (!silent)
		return false;
	inc->from = instant_plus_s(t0, -longest_gap_s);
	for (size_t i = 0; i < w->look_count; i++) {
		const struct look *l = w->look[i];
		int64_t end = l->span.to.utc_ns;

		if (!polygon_holds(&l->area, at))
			continue;
		if (end <= t0.utc_ns && end > inc->from.utc_ns)
			inc->from = l->span.to;
		if (l->span.from.utc_ns < t0.utc_ns ||
			l->span.from.utc_ns > t1.utc_ns ||
			!(l->pd >= 0.5) || saw(w, g, l->source))
			continue;
		size_t k = n;
		while (k > 0 && strcmp(silent[k - 1], l->source) > 0)
			k--;
		if (k > 0 && strcmp(silent[k - 1], l->source) == 0)
			continue;
		memmove(silent + k + 1, silent + k, (n - k) * sizeof *silent);
		silent[k] = l->source;
		n++;
	}
	if (n == 0)
		w->arena->used = mark;
	inc->silent = n > 0 ? silent : NULL;
	inc->silent_count = n;
	return true;
}

static bool make(struct work *w, const struct group *g, struct incident *inc,
	struct fault *f)
{
	*inc = incident_new();
	kinds(w, g, inc);
	inc->count = COUNT_OF(1);
	inc->at = inc->to = of(w, g, 0)->at;
	inc->modalities = 1u << MODALITY_HEAT;
	incident_name(inc, of(w, g, 0));
	return first_look(w, g, inc, f) && looks(w, g, inc, f) &&
		evidence(w, g, inc, f) && numbers(w, g, inc, f) &&
		marks(w, g, inc, f);
}

/* Members of each root, in order of time: a counting sort. */
static bool groups(struct work *w, const bool *marked,
	struct incident **out, size_t *out_count, struct fault *f)
{
	size_t n = w->count, k = 0, sum = 0;
	size_t *at = arena_array(w->arena, n + 1, sizeof *at, f);
	int32_t *member = arena_array(w->arena, n + 1, sizeof *member, f);
	bool *lasting = arena_array(w->arena, n + 1, sizeof *lasting, f);

	if (!at || !member || !lasting)
		return false;
	for (size_t i = 0; i < n; i++) {
		int32_t r = root(w->pixel, (int32_t)i);

		at[r]++;
		lasting[r] = lasting[r] || marked[i];
		k += r == (int32_t)i;
	}
	for (size_t i = 0; i < n; i++) {
		size_t m = at[i];

		at[i] = sum;
		sum += m;
	}
	for (size_t i = 0; i < n; i++)
		member[at[root(w->pixel, (int32_t)i)]++] = (int32_t)i;
	*out = arena_array(w->arena, k + 1, sizeof **out, f);
	if (!*out)
		return false;
	*out_count = 0;
	for (size_t i = 0, from = 0; i < n; i++) {
		struct group g = {member + from, at[i] - from, lasting[i]};

		if (w->pixel[i].parent != (int32_t)i)
			continue;
		if (!make(w, &g, &(*out)[(*out_count)++], f))
			return false;
		from = at[i];
	}
	return true;
}

static bool heat_looks(struct work *w, struct fault *f)
{
	const struct network *n = w->net;
	size_t k = 0;

	for (size_t i = 0; i < n->look_count; i++)
		k += n->look[i].modality == MODALITY_HEAT;
	w->look = arena_array(w->arena, k + 1, sizeof *w->look, f);
	if (!w->look)
		return false;
	for (size_t i = 0; i < n->look_count; i++)
		if (n->look[i].modality == MODALITY_HEAT)
			w->look[w->look_count++] = &n->look[i];
	return true;
}

bool cluster_heat(const struct network *net,
	const struct detection *const *heat, size_t count, struct arena *a,
	struct incident **out, size_t *out_count, struct fault *f)
{
	struct work w = {.net = net, .heat = heat, .arena = a, .count = count};
	bool *marked;

	if (count > INT32_MAX / 2)
		return fault(f, FAULT_LIMIT, "%zu hot pixels at once", count);
	w.pixel = arena_array(a, count + 1, sizeof *w.pixel, f);
	marked = arena_array(a, count + 1, sizeof *marked, f);
	if (!w.pixel || !marked)
		return false;
	for (size_t i = 0; i < count; i++)
		w.pixel[i] = pixel_of(heat[i], (int32_t)i);
	return touch(&w, f) && persist(&w, marked, f) && heat_looks(&w, f) &&
		groups(&w, marked, out, out_count, f);
}
