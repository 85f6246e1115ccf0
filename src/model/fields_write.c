/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fields.h"

#include "base/json.h"

#include <stdlib.h>

static bool name_ok(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	return n > 0 && n <= 64 && name[n] == '\0';
}

static void add(struct fields *s, const char *name, struct bytes value)
{
	struct field *x;

	if (s->why.kind != FAULT_NONE)
		return;
	if (s->count == FIELDS_MAX) {
		fault(&s->why, FAULT_LIMIT, "more than %d fields", FIELDS_MAX);
		return;
	}
	if (!name_ok(name)) {
		fault(&s->why, FAULT_INPUT, "'%.70s' is no field name", name);
		return;
	}
	x = &s->field[s->count++];
	x->name = arena_text(s->arena, bytes_of(name), &s->why);
	x->value.at = (uint8_t *)arena_text(s->arena, value, &s->why);
	x->value.len = value.len;
}

static bool looks_like_json(struct bytes b)
{
	return b.len == 0 || strchr("-0123456789\"[{", b.at[0]) ||
		bytes_are(b, "null") || bytes_are(b, "true") ||
		bytes_are(b, "false");
}

void fields_text(struct fields *s, const char *name, const char *value)
{
	struct bytes b = bytes_of(value);
	struct text t;

	if (!value) {
		fields_null(s, name);
		return;
	}
	if (!looks_like_json(b)) {
		add(s, name, b);
		return;
	}
	t = text_in(s->arena, 6 * b.len + 3);
	text_quoted(&t, b);
	add(s, name, text_view(&t));
}

void fields_fixed(struct fields *s, const char *name, double v, int decimals)
{
	char at[352];
	struct text t = text_on(at, sizeof at);

	text_fixed(&t, v, decimals);
	add(s, name, text_view(&t));
}

void fields_i64(struct fields *s, const char *name, int64_t v)
{
	char at[24];
	struct text t = text_on(at, sizeof at);

	text_i64(&t, v);
	add(s, name, text_view(&t));
}

void fields_flag(struct fields *s, const char *name, bool v)
{
	add(s, name, bytes_of(v ? "true" : "false"));
}

/* Quoted, since a time begins with a digit. */
void fields_time(struct fields *s, const char *name, struct instant v)
{
	char at[INSTANT_TEXT];

	fields_text(s, name,
		instant_known(v) ? instant_print(v, 6, at) : NULL);
}

void fields_null(struct fields *s, const char *name)
{
	add(s, name, bytes_of("null"));
}

void fields_json(struct fields *s, const char *name, struct bytes json)
{
	add(s, name, json);
}

static int by_name(const void *a, const void *b)
{
	const struct field *x = a, *y = b;

	return strcmp(x->name, y->name);
}

bool fields_done(struct fields *s, struct fault *f)
{
	if (s->why.kind != FAULT_NONE) {
		*f = s->why;
		return false;
	}
	qsort(s->field, s->count, sizeof *s->field, by_name);
	for (size_t i = 1; i < s->count; i++)
		if (strcmp(s->field[i - 1].name, s->field[i].name) == 0)
			return fault(f, FAULT_INPUT, "field %s twice",
				s->field[i].name);
	return true;
}

/* Length of the name's part that holds whole members up to depth dots. */
static size_t shared(const char *a, const char *b)
{
	size_t same = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '.')
			same = i + 1;
	return same;
}

static int dots(const char *s, size_t n)
{
	int k = 0;

	for (size_t i = 0; i < n; i++)
		k += s[i] == '.';
	return k;
}

/* Sorted names keep an object's members together, since '.' sorts before
 * every letter, digit and underscore. */
void fields_print(const struct fields *s, struct text *out)
{
	struct json j = json_on(out);
	const char *last = "";

	json_object(&j);
	for (size_t i = 0; i < s->count; i++) {
		const struct field *x = &s->field[i];
		size_t at = shared(last, x->name);
		char part[72];

		for (int k = dots(last, strlen(last)) - dots(last, at); k > 0;
			k--)
			json_close(&j);
		for (const char *dot; (dot = strchr(x->name + at, '.'));
			at = (size_t)(dot - x->name) + 1) {
			struct text t = text_on(part, sizeof part);

			text_bytes(&t, bytes_part(bytes_of(x->name), at,
				(size_t)(dot - x->name) - at));
			json_key(&j, part);
			json_object(&j);
		}
		json_key(&j, x->name + at);
		if (looks_like_json(x->value))
			json_raw(&j, x->value);
		else
			json_bytes(&j, x->value);
		last = x->name;
	}
	for (int k = dots(last, strlen(last)); k >= 0; k--)
		json_close(&j);
}
