/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/atlas.h"

#include "base/csv.h"
#include "base/json.h"

bool atlas_add(struct atlas *atlas, const char *name, const char *path,
	struct arena *a, struct fault *f)
{
	struct atlas_sheet *s = &atlas->sheet[atlas->count];
	struct fault why;

	if (atlas->count == ATLAS_SHEETS)
		return fault(f, FAULT_LIMIT, "%s: more than %d files of tiles",
			path, ATLAS_SHEETS);
	if (!tiles_open(path, a, &s->tiles, &s->facts, f))
		return false;
	s->name = name;
	if (!tree_read(bytes_of(s->facts.layers), a, &s->layers, &why))
		s->layers = NULL;
	s->layers = tree_get(s->layers, "vector_layers");
	atlas->count++;
	return true;
}

void atlas_close(struct atlas *atlas)
{
	for (size_t i = 0; i < atlas->count; i++)
		tiles_close(atlas->sheet[i].tiles);
	atlas->count = 0;
}

static void member(struct json *j, const char *key, const char *value)
{
	json_key_text(j, key, *value ? value : NULL);
}

void atlas_facts(const struct atlas *atlas, struct text *t)
{
	struct json j = json_on(t);

	json_object(&j);
	member(&j, "schema", "truce.map/1");
	json_key(&j, "sheets");
	json_list(&j);
	for (size_t i = 0; i < atlas->count; i++) {
		const struct atlas_sheet *s = &atlas->sheet[i];

		json_object(&j);
		member(&j, "name", s->name);
		member(&j, "format", s->facts.format);
		json_key_i64(&j, "minzoom", s->facts.zoom_min);
		json_key_i64(&j, "maxzoom", s->facts.zoom_max);
		member(&j, "attribution", s->facts.attribution);
		json_key(&j, "layers");
		json_list(&j);
		for (const struct tree *l = s->layers ? s->layers->first : NULL;
			l; l = l->next)
			if (tree_text(l, "id"))
				json_text(&j, tree_text(l, "id"));
		json_close(&j);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	text_char(t, '\n');
}

/* "NAME/6/36/21" */
static bool parts(struct bytes path, struct bytes *name, int64_t n[3])
{
	size_t from = 0;

	for (int i = 0; i < 4; i++) {
		size_t to = from;
		struct bytes part;
		struct fault f;

		while (to < path.len && path.at[to] != '/')
			to++;
		part = bytes_part(path, from, to - from);
		if (i == 0)
			*name = part;
		else if (part.len == 0 || part.len > 8 || part.at[0] < '0' ||
			part.at[0] > '9' || !integer_read(part, &n[i - 1], &f))
			return false;
		if ((to == path.len) != (i == 3))
			return false;
		from = to + 1;
	}
	return true;
}

static void send(const struct atlas_sheet *s, struct bytes tile,
	struct wire_response *r)
{
	bool gzip = tile.len > 2 && tile.at[0] == 0x1f && tile.at[1] == 0x8b;

	*r = (struct wire_response){.status = tile.len ? 200 : 204,
		.body = tile, .encoding = gzip ? "gzip" : NULL,
		.cache = "private, max-age=3600",
		.type = strcmp(s->facts.format, "pbf") == 0
			? "application/vnd.mapbox-vector-tile"
			: strcmp(s->facts.format, "jpg") == 0 ? "image/jpeg"
			: strcmp(s->facts.format, "png") == 0 ? "image/png"
			: "image/webp"};
}

void atlas_tile(const struct atlas *atlas, struct bytes path, struct arena *a,
	struct wire_response *r)
{
	struct fault f = {0};
	struct bytes name = {0}, tile;
	int64_t n[3];

	for (size_t i = 0; parts(path, &name, n) && i < atlas->count; i++) {
		const struct atlas_sheet *s = &atlas->sheet[i];

		if (!bytes_are(name, s->name))
			continue;
		if (n[0] > TILES_ZOOM)
			break;
		if (tiles_get(s->tiles, (int)n[0], (uint32_t)n[1],
			(uint32_t)n[2], a, &tile, &f))
			send(s, tile, r);
		else
			wire_problem(r, a, 503, "map/%s: %s", s->name, f.text);
		return;
	}
	wire_problem(r, a, 404, "wants /map/NAME/ZOOM/X/Y; "
		"/api/v1/map says which there are");
}
