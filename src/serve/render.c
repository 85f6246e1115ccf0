/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/render.h"

#include "base/json.h"
#include "base/tree.h"

void render_record(struct text *t, const struct row *row)
{
	char hex[SHA256_HEX];

	if (row->ledger_index < 0 || row->body.len < 2) {
		text_bytes(t, row->body);
		return;
	}
	text_bytes(t, bytes_part(row->body, 0, row->body.len - 1));
	text_add(t, ",\"ledger\":{\"index\":");
	text_i64(t, row->ledger_index);
	text_add(t, ",\"leaf\":\"");
	text_add(t, digest_hex(&row->ledger_leaf, hex));
	text_add(t, "\"}}");
}

static const struct tree *at_path(const struct tree *t, const char *path)
{
	char part[64];

	while (t && path) {
		const char *dot = strchr(path, '.');
		size_t n = dot ? (size_t)(dot - path) : strlen(path);
		struct text x = text_on(part, sizeof part);

		text_bytes(&x, bytes_part(bytes_of(path), 0, n));
		t = tree_get(t, part);
		path = dot ? dot + 1 : NULL;
	}
	return t;
}

/* A value in few letters: text, number, the likeliest of probabilities, the
 * length of a list. */
static void brief(struct text *t, const struct tree *v)
{
	const struct tree *best = NULL;

	if (!v || v->type == TREE_NULL)
		return;
	switch (v->type) {
	case TREE_TEXT:
		text_bytes(t, v->text);
		return;
	case TREE_FLAG:
		text_add(t, v->flag ? "true" : "false");
		return;
	case TREE_NUMBER:
		if (v->whole)
			text_i64(t, v->integer);
		else
			text_short(t, v->number, 7);
		return;
	case TREE_LIST:
		if (v->count == 2 && v->first->type == TREE_NUMBER)
			text_fmt(t, "%.3f-%.3f", v->first->number,
				v->first->next->number);
		else
			text_i64(t, (int64_t)v->count);
		return;
	default:
		for (const struct tree *k = v->first; k; k = k->next)
			if (!best || k->number > best->number)
				best = k;
		if (best)
			text_fmt(t, "%s %.2f", best->key, best->number);
	}
}

static void table_cell(struct text *out, const struct tree *v, int width)
{
	char s[512];
	struct text t = text_on(s, sizeof s);
	int shown = 0;
	size_t i = 0;

	brief(&t, v);
	/* Counts characters, not bytes: names may be Cyrillic. */
	while (i < t.len && shown < width) {
		do {
			text_char(out, s[i++]);
		} while (i < t.len && ((unsigned char)s[i] & 0xc0) == 0x80);
		shown++;
	}
	for (; shown < width + 1; shown++)
		text_char(out, ' ');
}

static void csv_cell(struct text *out, const struct tree *v)
{
	char s[8192];
	struct text t = text_on(s, sizeof s);
	bool quote;

	brief(&t, v);
	quote = strpbrk(s, ",\"\r\n") != NULL;
	if (quote)
		text_char(out, '"');
	for (size_t i = 0; i < t.len; i++) {
		if (s[i] == '"')
			text_char(out, '"');
		text_char(out, s[i]);
	}
	if (quote)
		text_char(out, '"');
}

static void cells(struct render *s, const struct tree *t)
{
	bool csv = s->form == RENDER_CSV;

	for (const struct resource_column *c = s->is->columns; c->head; c++) {
		const struct tree *v = at_path(t, c->path);

		if (csv && c != s->is->columns)
			text_char(s->out, ',');
		if (csv)
			csv_cell(s->out, v);
		else if (c->width > 0)
			table_cell(s->out, v, c->width);
	}
	text_char(s->out, '\n');
}

static void point(struct text *out, double lat, double lon)
{
	text_add(out, "{\"type\":\"Point\",\"coordinates\":[");
	text_fixed(out, lon, 7);
	text_char(out, ',');
	text_fixed(out, lat, 7);
	text_add(out, "]}");
}

static void geometry(struct text *out, const struct resource *is,
	const struct row *row, const struct tree *t)
{
	const struct tree *place = at_path(t, is->place);
	double lat = tree_number(place, "lat"), lon = tree_number(place, "lon");

	if (lat == lat && lon == lon) {
		point(out, lat, lon);
	} else {
		const struct tree *geo =
			tree_get(tree_get(place, "region"), "geojson");
		/* The region's own text, cut out of the body. */
		const char *key = "\"geojson\":{";
		const uint8_t *from = geo && geo->type == TREE_OBJECT
			? memmem(row->body.at, row->body.len, key, strlen(key))
			: NULL;
		size_t n = 0, depth = 0;

		if (!from) {
			text_add(out, "null");
		} else {
			from += strlen(key) - 1;
			do {
				depth += from[n] == '{';
				depth -= from[n] == '}';
				n++;
			} while (depth > 0);
			text_bytes(out, (struct bytes){from, n});
		}
	}
}

void render_head(struct render *s)
{
	switch (s->form) {
	case RENDER_JSON:
		text_fmt(s->out, "{\"schema\":\"%s\",\"%s\":[",
			s->is->schema, s->is->plural);
		return;
	case RENDER_GEO:
		text_add(s->out, "{\"type\":\"FeatureCollection\","
			"\"features\":[");
		return;
	case RENDER_LINES:
		return;
	default:
		for (const struct resource_column *c = s->is->columns; c->head;
			c++)
			if (s->form == RENDER_CSV)
				text_fmt(s->out, "%s%s",
					c == s->is->columns ? "" : ",",
					c->head);
			else if (c->width > 0)
				text_fmt(s->out, "%-*s ", c->width, c->head);
		text_char(s->out, '\n');
	}
}

bool render_feature(struct text *out, const struct resource *is,
	const struct row *row, struct arena *work, struct fault *f)
{
	size_t mark = work->used;
	const struct tree *t;
	/* The row has it, to the digits of the body: reading that again costs
	 * twenty times what is written (bench/serve.c). */
	bool has = row->type == ROW_INCIDENT && row->lat_e7 != INT32_MIN &&
		row->lon_e7 != INT32_MIN;

	if (!has && !tree_read(row->body, work, &t, f))
		return fault_in(f, "%s", row->id);
	text_add(out, "{\"type\":\"Feature\",\"id\":");
	text_quoted(out, bytes_of(row->id));
	text_add(out, ",\"geometry\":");
	if (has)
		point(out, row->lat_e7 * 1e-7, row->lon_e7 * 1e-7);
	else
		geometry(out, is, row, t);
	text_add(out, ",\"properties\":");
	render_record(out, row);
	text_char(out, '}');
	work->used = mark;
	return text_check(out, f);
}

bool render_row(struct render *s, const struct row *row, struct fault *f)
{
	size_t mark = s->work->used;
	const struct tree *t;

	if (s->form == RENDER_JSON || s->form == RENDER_GEO)
		text_add(s->out, s->rows ? ",\n" : "\n");
	if (s->form == RENDER_GEO) {
		if (!render_feature(s->out, s->is, row, s->work, f))
			return false;
	} else if (s->form == RENDER_LINES || s->form == RENDER_JSON) {
		render_record(s->out, row);
		if (s->form == RENDER_LINES)
			text_char(s->out, '\n');
	} else if (!tree_read(row->body, s->work, &t, f)) {
		return fault_in(f, "%s", row->id);
	} else {
		cells(s, t);
	}
	s->work->used = mark;
	s->rows++;
	return text_check(s->out, f);
}

void render_end(struct render *s, const char *more)
{
	if (s->form == RENDER_JSON || s->form == RENDER_GEO)
		text_fmt(s->out, "\n]%s}\n", more);
}
