/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/yaml.h"

#include <yaml.h>

enum { DEPTH_MAX = 16 };

struct walk {
	yaml_parser_t parser;
	struct arena *arena;
	struct fault *f;
};

static bool next(struct walk *w, yaml_event_t *e)
{
	if (yaml_parser_parse(&w->parser, e))
		return true;
	return fault(w->f, FAULT_INPUT, "line %zu, column %zu: YAML: %s",
		w->parser.problem_mark.line + 1,
		w->parser.problem_mark.column + 1,
		w->parser.problem ? w->parser.problem : "unreadable");
}

static struct yaml *node(struct walk *w, const yaml_event_t *e)
{
	struct yaml *y = arena_take(w->arena, sizeof *y, w->f);

	if (!y)
		return NULL;
	y->line = e->start_mark.line + 1;
	y->column = e->start_mark.column + 1;
	return y;
}

static bool no_anchor(struct walk *w, const yaml_event_t *e, const void *anchor,
	const void *tag)
{
	if (!anchor && !tag)
		return true;
	return fault(w->f, FAULT_INPUT,
		"line %zu, column %zu: anchors and tags are not used here",
		e->start_mark.line + 1, e->start_mark.column + 1);
}

static bool value(struct walk *, yaml_event_t *, int depth, struct yaml **);

static bool list(struct walk *w, int depth, struct yaml *y)
{
	const struct yaml **end = &y->first;

	for (;;) {
		struct yaml *kid = NULL;
		yaml_event_t e;
		bool ok, last;

		if (!next(w, &e))
			return false;
		last = e.type == YAML_SEQUENCE_END_EVENT;
		ok = last || value(w, &e, depth + 1, &kid);
		yaml_event_delete(&e);
		if (!ok || last)
			return ok;
		*end = kid;
		end = &kid->next;
		y->count++;
	}
}

static bool key_of(struct walk *w, const yaml_event_t *e,
	const struct yaml *y, const char **key)
{
	if (e->type != YAML_SCALAR_EVENT)
		return fault(w->f, FAULT_INPUT,
			"line %zu: a key must be a word",
			e->start_mark.line + 1);
	*key = arena_text(w->arena, (struct bytes){e->data.scalar.value,
		e->data.scalar.length}, w->f);
	if (!*key)
		return false;
	if (yaml_get(y, *key))
		return fault(w->f, FAULT_INPUT,
			"line %zu, column %zu: '%.60s' is given twice",
			e->start_mark.line + 1, e->start_mark.column + 1,
			*key);
	return true;
}

static bool map(struct walk *w, int depth, struct yaml *y)
{
	const struct yaml **end = &y->first;

	for (;;) {
		struct yaml *kid = NULL;
		const char *key = NULL;
		yaml_event_t e;
		bool ok, last;

		if (!next(w, &e))
			return false;
		last = e.type == YAML_MAPPING_END_EVENT;
		ok = last || key_of(w, &e, y, &key);
		yaml_event_delete(&e);
		if (!ok || last)
			return ok;
		if (!next(w, &e))
			return false;
		ok = value(w, &e, depth + 1, &kid);
		yaml_event_delete(&e);
		if (!ok)
			return false;
		kid->key = key;
		*end = kid;
		end = &kid->next;
		y->count++;
	}
}

static bool value(
	struct walk *w, yaml_event_t *e, int depth, struct yaml **out)
{
	struct yaml *y = node(w, e);

	*out = y;
	if (!y)
		return false;
	if (depth > DEPTH_MAX)
		return fault(w->f, FAULT_LIMIT, "line %zu: deeper than %d",
			y->line, DEPTH_MAX);
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		y->type = YAML_SCALAR;
		y->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		y->text = arena_text(w->arena,
			(struct bytes){e->data.scalar.value,
				e->data.scalar.length}, w->f);
		return y->text && no_anchor(w, e, e->data.scalar.anchor,
			e->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		y->type = YAML_LIST;
		return no_anchor(w, e, e->data.sequence_start.anchor,
			e->data.sequence_start.tag) && list(w, depth, y);
	case YAML_MAPPING_START_EVENT:
		y->type = YAML_MAP;
		return no_anchor(w, e, e->data.mapping_start.anchor,
			e->data.mapping_start.tag) && map(w, depth, y);
	default:
		return fault(w->f, FAULT_INPUT,
			"line %zu, column %zu: a value was wanted", y->line,
			y->column);
	}
}

static bool document(struct walk *w, struct yaml **out)
{
	for (;;) {
		yaml_event_t e;
		bool start, ok = true;

		if (!next(w, &e))
			return false;
		start = e.type == YAML_STREAM_START_EVENT ||
			e.type == YAML_DOCUMENT_START_EVENT;
		if (!start)
			ok = value(w, &e, 0, out);
		yaml_event_delete(&e);
		if (!start)
			return ok;
	}
}

bool yaml_read(struct bytes in, struct arena *a, const struct yaml **out,
	struct fault *f)
{
	struct walk w = {.arena = a, .f = f};
	struct yaml *y = NULL;
	bool ok;

	*out = NULL;
	if (!yaml_parser_initialize(&w.parser))
		return fault(f, FAULT_LIMIT, "YAML: no memory");
	yaml_parser_set_input_string(&w.parser, in.at, in.len);
	yaml_parser_set_encoding(&w.parser, YAML_UTF8_ENCODING);
	ok = document(&w, &y);
	yaml_parser_delete(&w.parser);
	*out = y;
	return ok;
}

const struct yaml *yaml_get(const struct yaml *y, const char *key)
{
	if (!y || y->type != YAML_MAP)
		return NULL;
	for (const struct yaml *k = y->first; k; k = k->next)
		if (strcmp(k->key, key) == 0)
			return k;
	return NULL;
}
