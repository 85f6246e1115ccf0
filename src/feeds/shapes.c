/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/shapes.h"

#include "formats/format.h"

enum { SHAPES_MAX = 100000 };

struct taking {
	struct arena *arena; /* of the mission */
	struct complaints *c;
	const char *file, *name;
	struct digest sha256;
	struct shape *list;
	size_t count, room;
};

static const char *kept(struct taking *t, const struct observation *o,
	const char *name, const char *otherwise, struct fault *f)
{
	const char *s = attribute_of(o->attribute, o->attribute_count, name);

	return arena_text(t->arena, bytes_of(s && *s ? s : otherwise), f);
}

static bool rings(
	struct taking *t, const struct region *r, struct shape *s,
	struct fault *f)
{
	struct ring *ring =
		arena_array(t->arena, r->ring_count, sizeof *ring, f);

	if (!ring)
		return false;
	for (size_t i = 0; i < r->ring_count; i++) {
		struct point *p = arena_array(
			t->arena, r->ring[i].count, sizeof *p, f);

		if (!p)
			return false;
		for (size_t k = 0; k < r->ring[i].count; k++)
			p[k] = r->ring[i].point[k];
		ring[i] = (struct ring){p, r->ring[i].count};
	}
	s->ring = ring;
	s->ring_count = r->ring_count;
	return true;
}

static bool room_for_one(struct taking *t, struct fault *f)
{
	size_t room = t->room ? 2 * t->room : 64;
	struct shape *more;

	if (t->count < t->room)
		return true;
	if (t->count == SHAPES_MAX)
		return fault(f, FAULT_LIMIT, "more than %d shapes", SHAPES_MAX);
	if (!(more = arena_array(t->arena, room, sizeof *more, f)))
		return false;
	for (size_t i = 0; i < t->count; i++)
		more[i] = t->list[i];
	t->list = more;
	t->room = room;
	return true;
}

static enum shape_role role_of(const char *role, bool closed)
{
	if (strcmp(role, "line") == 0)
		return SHAPE_LINE;
	if (strcmp(role, "zone") == 0)
		return SHAPE_ZONE;
	if (strcmp(role, "control") == 0)
		return SHAPE_CONTROL;
	if (strcmp(role, "basemap") == 0)
		return SHAPE_BASEMAP;
	return closed ? SHAPE_ZONE : SHAPE_LINE;
}

static bool take(void *self, const struct observation *o, struct fault *f)
{
	struct taking *t = self;
	const char *geometry, *role;
	struct shape s = {.file = t->file, .sha256 = t->sha256};

	if (o->what != OBSERVATION_SHAPE || o->place.region.ring_count == 0)
		return true;
	geometry = kept(t, o, "geometry", "polygon", f);
	role = kept(t, o, "role", "", f);
	s.name = kept(t, o, "name", t->name, f);
	s.name_uk = kept(t, o, "name_uk", "", f);
	s.name_ru = kept(t, o, "name_ru", "", f);
	s.name_fr = kept(t, o, "name_fr", "", f);
	s.version = kept(t, o, "version", "", f);
	s.class_ = kept(t, o, "class", "", f);
	s.party = kept(t, o, "party", "", f);
	if (!geometry || !role || !s.name || !s.name_uk || !s.name_ru ||
		!s.name_fr || !s.version || !s.class_ || !s.party)
		return false;
	s.closed = strcmp(geometry, "line") != 0;
	s.role = role_of(role, s.closed);
	if (!rings(t, &o->place.region, &s, f) || !room_for_one(t, f))
		return false;
	t->list[t->count++] = s;
	return true;
}

static bool no_segment(
	void *self, const struct segment *s, struct fault *f)
{
	(void)self;
	(void)s;
	(void)f;
	return true;
}

static bool wrong(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct taking *t = self;

	(void)f;
	(void)length;
	complain(t->c, t->file, 0, 0, "byte %llu: %s",
		(unsigned long long)offset, why->text);
	return true;
}

static const char *bare_name(
	struct arena *a, const char *file, struct fault *f)
{
	const char *slash = strrchr(file, '/');
	const char *from = slash ? slash + 1 : file;
	const char *dot = strchr(from, '.');

	return arena_text(a, (struct bytes){(const uint8_t *)from,
		dot ? (size_t)(dot - from) : strlen(from)}, f);
}

static bool load_one(struct taking *t, const char *path, struct fault *f)
{
	const struct format *format = format_named("geojson");
	struct intake in = {t, no_segment, take, wrong, false};
	struct origin o = {t->file, ""};
	struct fault why = {0};
	struct arena scratch;
	struct bytes b;
	bool ok;

	if (!format)
		return fault(f, FAULT_INPUT, "no format geojson is built in");
	if (!file_map(path, &b, f))
		return false;
	t->sha256 = sha256_of(b);
	t->name = bare_name(t->arena, t->file, f);
	if (!t->name || !arena_map(&scratch, 64 * b.len + (64 << 20), f)) {
		file_unmap(b);
		return false;
	}
	ok = format->decode(b, &o, &scratch, &in, &why);
	arena_unmap(&scratch);
	file_unmap(b);
	if (!ok && why.kind != FAULT_INPUT) {
		*f = why;
		return fault_in(f, "%s", t->file);
	}
	if (!ok)
		complain(t->c, t->file, 0, 0, "%s", why.text);
	return true;
}

bool shapes_load(const char *folder, const char *const *files, size_t count,
	struct arena *a, struct mission *m, struct complaints *c,
	struct fault *f)
{
	struct taking t = {.arena = a, .c = c};

	for (size_t i = 0; i < count; i++) {
		const char *path = path_join(a, folder, files[i], f);

		if (!path)
			return false;
		t.file = files[i];
		if (!file_exists(path))
			complain(c, "mission.yaml", 0, 0,
				"geometry %s: there is no such file",
				files[i]);
		else if (!load_one(&t, path, f))
			return false;
	}
	m->shape = t.list;
	m->shape_count = t.count;
	return true;
}
