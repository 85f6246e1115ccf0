/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bind.c - the terms get the geometry they name, checked by hash. */
#include "judge/canon.h"
#include "judge/slips.h"

enum { CHUNK = TERMS_RUN, STRETCH_MAX = 2000000 /* 0.2 degree */ };

static int64_t pieces(struct spot a, struct spot b)
{
	int64_t dlat = (int64_t)b.lat - a.lat, dlon = (int64_t)b.lon - a.lon;
	int64_t most = fixed_max(dlat < 0 ? -dlat : dlat,
		dlon < 0 ? -dlon : dlon);

	return 1 + most / STRETCH_MAX;
}

static struct spot between(struct spot a, struct spot b, int64_t i, int64_t n)
{
	return (struct spot){
		(int32_t)(a.lat + ((int64_t)b.lat - a.lat) * i / n),
		(int32_t)(a.lon + ((int64_t)b.lon - a.lon) * i / n)};
}

/* Adds a ring's pieces at *n; with to NULL only counts. */
static bool add_ring(const struct ring *r, bool closed, struct stretch *to,
	size_t *n)
{
	size_t last = closed ? r->count : r->count - (r->count > 0);

	for (size_t i = 0; i < last; i++) {
		struct spot a, b;
		int64_t k;
		const struct point *p = &r->point[i];
		const struct point *q = &r->point[(i + 1) % r->count];

		if (!fixed_place(p->lat_deg, p->lon_deg, &a) ||
			!fixed_place(q->lat_deg, q->lon_deg, &b))
			return false;
		k = pieces(a, b);
		for (int64_t j = 0; j < k; j++, (*n)++)
			if (to)
				to[*n] = (struct stretch){
					between(a, b, j, k),
					between(a, b, j + 1, k)};
	}
	return true;
}

static void grow(struct chunk *c, struct spot s)
{
	if (s.lat < c->low.lat)
		c->low.lat = s.lat;
	if (s.lon < c->low.lon)
		c->low.lon = s.lon;
	if (s.lat > c->high.lat)
		c->high.lat = s.lat;
	if (s.lon > c->high.lon)
		c->high.lon = s.lon;
}

static void close_chunk(struct chunk *c)
{
	c->cos = fixed_min(fixed_cos(c->low.lat), fixed_cos(c->high.lat));
}

/* Chunks of chunks: what is far off is passed over eight runs at once. */
static bool bind_sheaves(struct outline *o, struct arena *a, struct fault *f)
{
	size_t n = (o->chunks + CHUNK - 1) / CHUNK;
	struct chunk *c = arena_array(a, n, sizeof *c, f);

	if (!c)
		return false;
	for (size_t i = 0; i < o->chunks; i++) {
		struct chunk *s = &c[i / CHUNK];

		if (s->count++ == 0) {
			s->from = i;
			s->low = o->chunk[i].low;
			s->high = o->chunk[i].high;
		}
		grow(s, o->chunk[i].low);
		grow(s, o->chunk[i].high);
	}
	for (size_t i = 0; i < n; i++)
		close_chunk(&c[i]);
	o->sheaf = c;
	o->sheaves = n;
	return true;
}

static bool chunk_up(struct outline *o, struct arena *a, struct fault *f)
{
	size_t n = (o->count + CHUNK - 1) / CHUNK;
	struct chunk *c = arena_array(a, n, sizeof *c, f);

	if (!c)
		return false;
	for (size_t i = 0; i < n; i++) {
		c[i].from = i * CHUNK;
		c[i].count = o->count - c[i].from < CHUNK
			? o->count - c[i].from : CHUNK;
		c[i].low = c[i].high = o->stretch[c[i].from].a;
		for (size_t j = 0; j < c[i].count; j++) {
			grow(&c[i], o->stretch[c[i].from + j].a);
			grow(&c[i], o->stretch[c[i].from + j].b);
		}
		close_chunk(&c[i]);
	}
	o->chunk = c;
	o->chunks = n;
	return bind_sheaves(o, a, f);
}

/* Which shapes of a file a LINE or ZONE takes. */
static bool takes(const struct shape *s, const char *file, bool line)
{
	return strcmp(s->file, file) == 0 &&
		(line ? s->role == SHAPE_LINE : s->closed);
}

/* false only for want of memory; *why says what is wrong, else NULL. */
static bool outline_of(const struct mission *m, const char *file, bool line,
	struct arena *a, struct outline *o, const char **why, struct fault *f)
{
	struct stretch *to = NULL;
	size_t n = 0;

	*why = NULL;
	for (int pass = 0; pass < 2; pass++) {
		n = 0;
		for (size_t i = 0; i < m->shape_count; i++) {
			const struct shape *s = &m->shape[i];

			if (!takes(s, file, line))
				continue;
			for (size_t k = 0; k < s->ring_count; k++)
				if (!add_ring(&s->ring[k], s->closed, to, &n))
					*why = "a corner lies outside the "
					       "Earth's degrees";
		}
		if (n == 0)
			*why = line ? "it has no line (a feature of role "
				      "line)"
				    : "it has no polygon";
		if (n > TERMS_STRETCH_MAX)
			*why = "it has too many corners";
		if (*why)
			return true;
		if (!to && !(to = arena_array(a, n, sizeof *to, f)))
			return false;
	}
	o->stretch = to;
	o->count = n;
	o->closed = !line;
	return chunk_up(o, a, f);
}

static bool bind_area(struct terms *t, struct area *z,
	const struct mission *m, struct slips *c, struct fault *f)
{
	const struct shape *s = NULL;
	char hex[SHA256_HEX];
	const char *why;

	(void)t;
	z->bound = false;
	for (size_t i = 0; i < m->shape_count && !s; i++)
		if (strcmp(m->shape[i].file, z->file) == 0)
			s = &m->shape[i];
	if (!s) {
		slips_add(c, z->line, z->column, "%.80s: not among the "
			"mission's geometry", z->file);
		return true;
	}
	digest_hex(&s->sha256, hex);
	if (!z->has_hash || memcmp(&s->sha256, &z->sha256, SHA256_LEN) != 0) {
		slips_add(c, z->line, z->column, "%.80s: wanted SHA256 %s%s",
			z->file, hex,
			z->has_hash ? "; the terms name another" : "");
		return true;
	}
	if (!outline_of(m, z->file, z->is == AREA_LINE, c->arena,
		    &z->outline, &why, f))
		return false;
	if (why)
		slips_add(c, z->line, z->column, "%.80s: %s", z->file, why);
	z->bound = !why;
	return true;
}

/* A version that is a date says from when the map of control holds. */
static int64_t in_force(const char *version)
{
	struct instant t;
	struct fault f;

	return instant_parse(bytes_of(version), true, &t, &f)
		? t.utc_ns / 1000 : 0;
}

static bool bind_control(struct terms *t, const struct mission *m,
	struct arena *a, struct fault *f)
{
	size_t n = 0;

	for (size_t i = 0; i < m->shape_count; i++)
		n += m->shape[i].role == SHAPE_CONTROL;
	t->controls = 0;
	t->control = arena_array(a, n + 1, sizeof *t->control, f);
	if (!t->control)
		return false;
	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];
		struct mission one = {.shape = s, .shape_count = 1};
		struct outline *o = &t->control[t->controls];
		const char *why;

		if (s->role != SHAPE_CONTROL || !*s->party)
			continue;
		if (!outline_of(&one, s->file, false, a, o, &why, f))
			return false;
		o->party = s->party;
		o->from_us = in_force(s->version);
		t->controls += !why;
	}
	return true;
}

const char *terms_name(const struct terms *t)
{
	return t->id;
}

const char *terms_timezone(
	const struct terms *t, size_t *line, size_t *column)
{
	*line = t->timezone_line;
	*column = t->timezone_column;
	return t->timezone;
}

void terms_clock(struct terms *t, const struct zone_offset *o, size_t count)
{
	t->offset = o;
	t->offsets = count;
}

bool terms_bind(struct terms *t, const struct mission *m, struct arena *a,
	const struct terms_error **errors, size_t *error_count,
	struct fault *f)
{
	struct slips c = {.arena = a, .fault = f};

	*errors = NULL;
	*error_count = 0;
	for (size_t i = 0; i < t->areas; i++) {
		struct area *z = &t->area[i];

		if (*z->file && !bind_area(t, z, m, &c, f))
			return false;
	}
	if (*t->timezone && strcmp(t->timezone, m->timezone) != 0)
		slips_add(&c, t->timezone_line, t->timezone_column,
			"the agreement's TIMEZONE is %.40s, the "
			"mission's is %.40s", t->timezone, m->timezone);
	for (size_t i = 0; i < t->areas; i++)
		if (t->area[i].is == AREA_BAND)
			t->area[i].bound = t->area[t->area[i].of].bound;
	if (!bind_control(t, m, a, f) || c.broke)
		return false;
	t->offset = m->offset;
	t->offsets = m->offset_count;
	slips_sort(&c);
	*errors = c.error;
	*error_count = c.count;
	canon_seal(t);
	return true;
}

/* What a file calls all that lies in it; NULL: several names, or none. */
static const struct shape *one_name(const struct mission *m, const char *file)
{
	const struct shape *found = NULL;

	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		if (strcmp(s->file, file) != 0)
			continue;
		if (found && strcmp(found->name, s->name) != 0)
			return NULL;
		found = s;
	}
	return found;
}

bool terms_called(const struct terms *t, const struct mission *m,
	struct arena *a, const struct called **out, size_t *count,
	struct fault *f)
{
	struct called *c = arena_array(a, t->areas + 1, sizeof *c, f);

	*count = 0;
	if (!(*out = c))
		return false;
	for (size_t i = 0; i < t->areas; i++) {
		const struct area *z = &t->area[i];
		const struct shape *s = *z->file ? one_name(m, z->file) : NULL;

		if (s && strcmp(s->name, z->name) != 0)
			c[(*count)++] = (struct called){z->name, s->name,
				s->name_uk, s->name_ru, s->name_fr};
	}
	return true;
}
