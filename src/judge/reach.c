/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/reach.h"

struct piece { /* a stretch on the plane: from a along d */
	struct flat a, d;
	int64_t length2;
};

static struct piece piece_of(struct spot centre, const struct stretch *s)
{
	struct flat a = fixed_flat(centre, s->a);
	struct flat b = fixed_flat(centre, s->b);
	struct flat d = {b.x - a.x, b.y - a.y};

	return (struct piece){a, d, d.x * d.x + d.y * d.y};
}

/* From the nearest point of the piece to p.  A piece is 0.2 degree at most,
 * 32 km, so all products stay below 2^63. */
static struct flat apart(const struct piece *k, struct flat p)
{
	struct flat r = {p.x - k->a.x, p.y - k->a.y};
	int64_t dot = r.x * k->d.x + r.y * k->d.y, q;

	if (dot <= 0 || k->length2 == 0)
		return r;
	if (dot >= k->length2)
		return (struct flat){r.x - k->d.x, r.y - k->d.y};
	/* dot/length2 in 2^-20: a thirtieth of a millimetre a metre. */
	q = k->length2 < INT64_C(1) << 42
		? (dot << 20) / k->length2
		: (dot << 10) / (k->length2 >> 10);
	return (struct flat){r.x - ((k->d.x * q) >> 20),
		r.y - ((k->d.y * q) >> 20)};
}

static int64_t beyond(int32_t v, int32_t low, int32_t high)
{
	return v < low ? (int64_t)low - v : v > high ? (int64_t)v - high : 0;
}

/* No point of the chunk is nearer than this: least metres a degree
 * (110.57 km north; 111.3 km x cos east), less half a percent. */
static int64_t gap(const struct chunk *c, struct spot o, int64_t cos_o)
{
	int64_t y = beyond(o.lat, c->low.lat, c->high.lat) * 11000 / 1000;
	int64_t x = beyond(o.lon, c->low.lon, c->high.lon) * 11080 / 1000;

	x = ((x >> 10) * fixed_min(c->cos, cos_o)) >> 20;
	return fixed_length((struct flat){
		fixed_min(x, FIXED_FAR_MM), fixed_min(y, FIXED_FAR_MM)});
}

/* Is p inside the polygons?  A ray to the east, in 1e-7 degree. */
static bool holds(const struct outline *o, struct spot p)
{
	bool in = false;

	for (size_t i = 0; i < o->chunks; i++) {
		const struct chunk *c = &o->chunk[i];

		if (p.lat < c->low.lat || p.lat > c->high.lat ||
			p.lon > c->high.lon)
			continue;
		for (size_t j = c->from; j < c->from + c->count; j++) {
			const struct stretch *s = &o->stretch[j];

			if ((s->a.lat > p.lat) == (s->b.lat > p.lat))
				continue;
			if (s->a.lon + ((int64_t)s->b.lon - s->a.lon) *
					((int64_t)p.lat - s->a.lat) /
					((int64_t)s->b.lat - s->a.lat) >
				p.lon)
				in = !in;
		}
	}
	return in;
}

static int64_t dot_over(struct flat a, struct flat b, int64_t length)
{
	return (a.x * b.x + a.y * b.y) / length;
}

/* Half width of an ellipse given by its semi-axes, along `way`. */
static int64_t width(const struct flat axis[2], struct flat way)
{
	int64_t n = fixed_length(way);

	if (n == 0)
		return fixed_max(fixed_length(axis[0]), fixed_length(axis[1]));
	return fixed_length((struct flat){
		dot_over(axis[0], way, n), dot_over(axis[1], way, n)});
}

void reach_centre(const struct cloud *c, const struct outline *o,
	struct reach *r)
{
	int64_t best = INT64_MAX, near = INT64_MAX,
		cos = fixed_cos(c->centre.lat);
	size_t first = 0;

	r->sampled = false;
	r->toward = (struct flat){FIXED_FAR_MM, 0};
	for (size_t i = 0; i < o->chunks; i++) {
		int64_t g = gap(&o->chunk[i], c->centre, cos);

		if (g < near) {
			near = g;
			first = i;
		}
	}
	for (size_t n = 0; n < o->chunks; n++) {
		/* The nearest box first; then most others are too far. */
		size_t i = n == 0 ? first : n <= first ? n - 1 : n;
		const struct chunk *k = &o->chunk[i];

		if (gap(k, c->centre, cos) > best)
			continue;
		for (size_t j = k->from; j < k->from + k->count; j++) {
			struct piece p = piece_of(c->centre, &o->stretch[j]);
			struct flat v = apart(&p, (struct flat){0, 0});
			int64_t d = fixed_length(v);

			if (d >= best)
				continue;
			best = d;
			r->toward = v;
		}
	}
	r->centre_mm = best;
	r->err_mm = width(c->err, r->toward);
	if (o->closed && holds(o, c->centre))
		r->centre_mm = -best;
}

void reach_spot(const struct cloud *c, struct spot s, struct reach *r)
{
	struct flat o = fixed_flat(c->centre, s);

	r->sampled = true;
	r->toward = (struct flat){-o.x, -o.y};
	r->centre_mm = fixed_length(o);
	r->err_mm = width(c->err, r->toward);
	for (size_t i = 0; i < c->count; i++) {
		struct flat v = {c->at[i].x - o.x, c->at[i].y - o.y};

		r->mm[i] = fixed_length(v);
		r->spread[i] = c->normal ? width(c->axis, v) : c->half[i];
	}
}

struct bundle { /* pieces that lie together, and their box */
	size_t from, count;
	struct flat low, high;
};

struct near_by { /* what can be nearest to some sample */
	struct piece *piece;
	struct bundle *bundle;
	size_t bundles;
};

static void take_in(struct bundle *b, struct flat p)
{
	b->low.x = fixed_min(b->low.x, p.x);
	b->low.y = fixed_min(b->low.y, p.y);
	b->high.x = fixed_max(b->high.x, p.x);
	b->high.y = fixed_max(b->high.y, p.y);
}

/* The centre's distance and twice the samples' farthest at most. */
static bool gather(const struct cloud *c, const struct outline *o,
	int64_t most, struct arena *scratch, struct near_by *out,
	struct fault *f)
{
	int64_t cos = fixed_cos(c->centre.lat);
	size_t room = 0, chunks = 0, n = 0;

	for (size_t i = 0; i < o->chunks; i++)
		if (gap(&o->chunk[i], c->centre, cos) <= most) {
			room += o->chunk[i].count;
			chunks++;
		}
	out->piece = arena_array(scratch, room + 1, sizeof *out->piece, f);
	out->bundle = arena_array(scratch, chunks + 1, sizeof *out->bundle, f);
	out->bundles = 0;
	if (!out->piece || !out->bundle)
		return false;
	for (size_t i = 0; i < o->chunks; i++) {
		const struct chunk *k = &o->chunk[i];
		struct bundle b = {n, 0, {FIXED_FAR_MM, FIXED_FAR_MM},
			{-FIXED_FAR_MM, -FIXED_FAR_MM}};

		if (gap(k, c->centre, cos) > most)
			continue;
		for (size_t j = k->from; j < k->from + k->count; j++) {
			struct piece p = piece_of(c->centre, &o->stretch[j]);

			take_in(&b, p.a);
			take_in(&b, (struct flat){
					p.a.x + p.d.x, p.a.y + p.d.y});
			out->piece[n++] = p;
		}
		b.count = n - b.from;
		out->bundle[out->bundles++] = b;
	}
	return true;
}

static int64_t squared(struct flat v)
{
	return v.x * v.x + v.y * v.y;
}

static int64_t outside(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low - v : v > high ? v - high : 0;
}

static int64_t box2(const struct bundle *b, struct flat p)
{
	return squared((struct flat){outside(p.x, b->low.x, b->high.x),
		outside(p.y, b->low.y, b->high.y)});
}

/* From the nearest point of all bundles to p; *hint: where to look first,
 * and where it was found. */
static struct flat nearest(
	const struct near_by *near, struct flat p, size_t *hint)
{
	int64_t best = INT64_MAX;
	struct flat way = {FIXED_FAR_MM, 0};
	size_t first = *hint;

	for (size_t n = 0; n < near->bundles; n++) {
		size_t i = n == 0 ? first : n <= first ? n - 1 : n;
		const struct bundle *b = &near->bundle[i];

		if (box2(b, p) >= best)
			continue;
		for (size_t j = b->from; j < b->from + b->count; j++) {
			struct flat v = apart(&near->piece[j], p);
			int64_t d2 = squared(v);

			if (d2 >= best)
				continue;
			best = d2;
			way = v;
			*hint = i;
		}
	}
	return way;
}

static int64_t signed_mm(const struct cloud *c, const struct outline *o,
	const struct reach *r, struct flat at, int64_t d)
{
	bool in;

	if (!o->closed)
		return d;
	if (fixed_length(at) < (r->centre_mm < 0 ? -r->centre_mm
						 : r->centre_mm))
		in = r->centre_mm < 0; /* the border lies farther off */
	else
		in = holds(o, fixed_spot(c->centre, at));
	return in ? -d : d;
}

bool reach_samples(const struct cloud *c, const struct outline *o,
	struct reach *r, struct arena *scratch, struct fault *f)
{
	size_t mark = scratch->used, hint = 0;
	/* Samples lie up to 5.31 sigma off, the radius is 5. */
	int64_t most = (r->centre_mm < 0 ? -r->centre_mm : r->centre_mm) +
		2 * c->radius_mm * 107 / 100 + 1;
	struct near_by near;

	if (!gather(c, o, most, scratch, &near, f))
		return false;
	for (size_t i = 0; i < c->count; i++) {
		struct flat way = nearest(&near, c->at[i], &hint);

		r->mm[i] = signed_mm(c, o, r, c->at[i], fixed_length(way));
		r->spread[i] = c->normal ? width(c->axis, way) : c->half[i];
	}
	r->sampled = true;
	scratch->used = mark;
	return true;
}

bool reach_settled(const struct cloud *c, const struct reach *r, int64_t mm)
{
	return r->centre_mm + c->radius_mm <= mm ||
		r->centre_mm - c->radius_mm > mm;
}

/* Of one sample: its normal, or its square seen edge on. */
static int32_t part(const struct cloud *c, int64_t room, int64_t spread)
{
	if (spread == 0)
		return room >= 0 ? CHANCE_SURE : 0;
	if (c->normal)
		return fixed_phi(room, spread);
	if (room <= -spread || room >= spread)
		return room > 0 ? CHANCE_SURE : 0;
	return (int32_t)((room + spread) * CHANCE_SURE / (2 * spread));
}

int32_t reach_share(
	const struct cloud *c, const struct reach *r, int64_t limit_mm)
{
	int64_t sum = 0;

	if (r->centre_mm + c->radius_mm <= limit_mm)
		return CHANCE_SURE;
	if (r->centre_mm - c->radius_mm > limit_mm)
		return 0;
	for (size_t i = 0; i < c->count; i++)
		sum += c->weight[i] *
			part(c, limit_mm - r->mm[i], r->spread[i]);
	return (int32_t)((sum + c->total / 2) / c->total);
}
