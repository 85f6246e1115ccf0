/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree.h"

#include <jansson.h>
#include <math.h>

enum { DEPTH_MAX = 64 };

static bool grow(json_t *, const char *key, int depth, struct arena *,
	struct tree **, struct fault *);

static bool grow_list(
	json_t *j, int depth, struct arena *a, struct tree *t, struct fault *f)
{
	const struct tree **end = &t->first;
	size_t i;
	json_t *v;

	json_array_foreach(j, i, v)
	{
		struct tree *kid;

		if (!grow(v, NULL, depth + 1, a, &kid, f))
			return false;
		*end = kid;
		end = &kid->next;
		t->count++;
	}
	return true;
}

static bool grow_object(
	json_t *j, int depth, struct arena *a, struct tree *t, struct fault *f)
{
	const struct tree **end = &t->first;
	const char *key;
	json_t *v;

	json_object_foreach(j, key, v)
	{
		struct tree *kid;

		if (!grow(v, key, depth + 1, a, &kid, f))
			return false;
		*end = kid;
		end = &kid->next;
		t->count++;
	}
	return true;
}

static bool grow_leaf(json_t *j, struct arena *a, struct tree *t,
	struct fault *f)
{
	struct bytes b;
	char *s;

	switch (json_typeof(j)) {
	case JSON_TRUE:
	case JSON_FALSE:
		t->type = TREE_FLAG;
		t->flag = json_is_true(j);
		return true;
	case JSON_INTEGER:
		t->type = TREE_NUMBER;
		t->whole = true;
		t->integer = json_integer_value(j);
		t->number = (double)t->integer;
		return true;
	case JSON_REAL:
		t->type = TREE_NUMBER;
		t->number = json_real_value(j);
		return true;
	case JSON_STRING:
		t->type = TREE_TEXT;
		b = (struct bytes){(const uint8_t *)json_string_value(j),
			json_string_length(j)};
		s = arena_text(a, b, f);
		t->text = (struct bytes){(uint8_t *)s, b.len};
		return s != NULL;
	default:
		t->type = TREE_NULL;
		return true;
	}
}

static bool grow(json_t *j, const char *key, int depth, struct arena *a,
	struct tree **out, struct fault *f)
{
	struct tree *t = arena_take(a, sizeof *t, f);

	if (!t)
		return false;
	if (depth > DEPTH_MAX)
		return fault(f, FAULT_LIMIT, "JSON deeper than %d", DEPTH_MAX);
	t->number = NAN;
	if (key && !(t->key = arena_text(a, bytes_of(key), f)))
		return false;
	*out = t;
	if (json_is_array(j)) {
		t->type = TREE_LIST;
		return grow_list(j, depth, a, t, f);
	}
	if (json_is_object(j)) {
		t->type = TREE_OBJECT;
		return grow_object(j, depth, a, t, f);
	}
	return grow_leaf(j, a, t, f);
}

bool tree_read(struct bytes in, struct arena *a, const struct tree **out,
	struct fault *f)
{
	size_t stopped;

	return tree_read_to(in, a, out, &stopped, f);
}

bool tree_read_to(struct bytes in, struct arena *a, const struct tree **out,
	size_t *stopped, struct fault *f)
{
	struct tree *t = NULL;
	json_error_t why;
	json_t *j;
	bool ok;

	*out = NULL;
	*stopped = in.len;
	j = json_loadb((const char *)in.at, in.len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!j) {
		if (why.position >= 0 && (size_t)why.position < in.len)
			*stopped = (size_t)why.position;
		return fault(f, FAULT_INPUT, "line %d, column %d: JSON: %s",
			why.line, why.column, why.text);
	}
	ok = grow(j, NULL, 0, a, &t, f);
	json_decref(j);
	*out = t;
	return ok;
}

const struct tree *tree_get(const struct tree *t, const char *key)
{
	if (!t || t->type != TREE_OBJECT)
		return NULL;
	for (const struct tree *k = t->first; k; k = k->next)
		if (strcmp(k->key, key) == 0)
			return k;
	return NULL;
}

const struct tree *tree_at(const struct tree *t, size_t index)
{
	const struct tree *k;

	if (!t || t->type != TREE_LIST)
		return NULL;
	for (k = t->first; k && index > 0; k = k->next)
		index--;
	return k;
}

const char *tree_text(const struct tree *t, const char *key)
{
	const struct tree *k = tree_get(t, key);

	return k && k->type == TREE_TEXT ? (const char *)k->text.at : NULL;
}

double tree_number(const struct tree *t, const char *key)
{
	const struct tree *k = tree_get(t, key);

	return k ? k->number : NAN;
}

int64_t tree_i64(const struct tree *t, const char *key, int64_t otherwise)
{
	const struct tree *k = tree_get(t, key);

	return k && k->whole ? k->integer : otherwise;
}

bool tree_flag(const struct tree *t, const char *key, bool otherwise)
{
	const struct tree *k = tree_get(t, key);

	return k && k->type == TREE_FLAG ? k->flag : otherwise;
}

struct instant tree_time(const struct tree *t, const char *key)
{
	const struct tree *k = tree_get(t, key);
	struct instant when;
	struct fault f;

	if (!k || k->type != TREE_TEXT ||
		!instant_parse(k->text, false, &when, &f))
		return INSTANT_UNKNOWN;
	return when;
}
