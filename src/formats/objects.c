/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/objects.h"

/* Past one string at pos, which is on its opening quote. */
static void skip_string(struct reader *r)
{
	bool escaped = false;

	reader_skip(r, 1);
	while (!reader_done(r)) {
		uint8_t c = read_u8(r);

		if (c == '"' && !escaped)
			return;
		escaped = c == '\\' && !escaped;
	}
}

struct bytes objects_next(struct objects *o)
{
	struct reader *r = &o->r;
	size_t from = 0;

	while (!reader_done(r)) {
		uint8_t c = r->in.at[r->pos];

		if (c == '"') {
			skip_string(r);
			continue;
		}
		if (c == '{' && o->depth == o->want)
			from = r->pos;
		o->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		reader_skip(r, 1);
		if (c == '}' && o->depth == o->want)
			return bytes_part(r->in, from, r->pos - from);
	}
	return (struct bytes){0};
}

/* Stands behind the '[' of the list under key; the tree says it is there. */
static void go_to_list(struct reader *r, const char *key, int *depth)
{
	size_t n = strlen(key);

	while (!reader_done(r)) {
		size_t from = r->pos;
		uint8_t c = r->in.at[from];

		if (c == '"') {
			skip_string(r);
			if (*depth != 1 || r->pos - from != n + 2 ||
				memcmp(r->in.at + from + 1, key, n) != 0)
				continue;
			while (!reader_done(r) && r->in.at[r->pos] != '[' &&
				r->in.at[r->pos] != ',')
				reader_skip(r, 1);
			if (!reader_done(r) && r->in.at[r->pos] == '[') {
				reader_skip(r, 1);
				(*depth)++;
				return;
			}
			continue;
		}
		*depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		reader_skip(r, 1);
	}
}

struct objects objects_in(struct bytes in, const char *key)
{
	struct objects o = {reader(in), 0, 1};

	while (!reader_done(&o.r) && in.at[o.r.pos] != '[' &&
		in.at[o.r.pos] != '{')
		reader_skip(&o.r, 1);
	if (!reader_done(&o.r) && in.at[o.r.pos] == '{') {
		go_to_list(&o.r, key, &o.depth);
		o.want = o.depth > 0 ? o.depth : 1;
	}
	return o;
}
