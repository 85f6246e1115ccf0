/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/warn.h"

#include "model/obligation.h"

#include <stdlib.h>

#define WORK_BYTES ((size_t)64 << 20)

struct warned_one {
	char id[ID_TEXT];
	enum warning is;
};

const char *warning_name(enum warning w)
{
	static const char *const names[WARNINGS] = {"trigger_reached",
		"deadline_near", "deadline_perhaps_passed", "deadline_passed",
		"no_longer_called_up"};

	return names[w];
}

void warned_free(struct warned *w)
{
	free(w->one);
	*w = (struct warned){0};
}

/* The oldest are forgotten, and would be told again. */
static bool is_new(struct warned *w, const char *id, enum warning is)
{
	struct text t;

	for (size_t i = 0; w && i < w->count; i++)
		if (w->one[i].is == is && strcmp(w->one[i].id, id) == 0)
			return false;
	if (!w)
		return true;
	if (w->count == w->room && w->room < WARNED_MAX) {
		size_t more = w->room ? 2 * w->room : 256;
		void *wide = realloc(w->one, more * sizeof *w->one);

		if (!wide)
			return true;
		w->one = wide;
		w->room = more;
	}
	if (w->count == w->room) {
		w->count /= 2;
		memmove(w->one, w->one + w->room / 2,
			w->count * sizeof *w->one);
	}
	t = text_on(w->one[w->count].id, ID_TEXT);
	text_add(&t, id);
	w->one[w->count++].is = is;
	return true;
}

static bool waits(const struct owed_shown *s)
{
	return s->record.fall == OBLIGATION_STANDS &&
		(s->state == OBLIGATION_OPEN ||
			s->state == OBLIGATION_ACKNOWLEDGED ||
			s->state == OBLIGATION_LAPSED);
}

struct warning_of {
	struct store *store;
	struct warned *memory;
	struct instant now;
	bool (*each)(void *, struct bytes, struct fault *);
	void *self;
	struct arena work;
	struct warn_counts *counts;
};

/* A line: the record under the name that `front` ends in, with its entry. */
static bool put(struct warning_of *w, const struct row *row, const char *front,
	struct fault *f)
{
	struct text t = text_in(&w->work, row->body.len + 400);
	char hex[SHA256_HEX];

	text_fmt(&t, "{\"schema\":\"truce.alert/1\",%s:", front);
	text_bytes(&t, bytes_part(row->body, 0, row->body.len - 1));
	if (row->ledger_index >= 0)
		text_fmt(&t, ",\"ledger\":{\"index\":%lld,\"leaf\":\"%s\"}",
			(long long)row->ledger_index,
			digest_hex(&row->ledger_leaf, hex));
	text_add(&t, "}}\n");
	return text_check(&t, f) && w->each(w->self, text_view(&t), f);
}

static bool tell(struct warning_of *w, const struct row *row,
	const struct owed_shown *s, enum warning is, struct fault *f)
{
	struct row shown = *row;
	char front[80];

	if (!is_new(w->memory, row->id, is))
		return true;
	if (!steps_body(row, s, &w->work, &shown.body, f))
		return false;
	(void)snprintf(front, sizeof front, "\"warning\":\"%s\",\"obligation\"",
		warning_name(is));
	return put(w, &shown, front, f);
}

static bool one(void *self, const struct row *row, struct fault *f)
{
	static const enum warning by[CLOCKS] = {WARN_REACHED, WARN_REACHED,
		WARN_NEAR, WARN_PERHAPS, WARN_PASSED};
	struct warning_of *w = self;
	struct owed_shown s;

	w->work.used = 0;
	if (!steps_shown(w->store, row, w->now, &w->work, &s, f))
		return false;
	if (s.record.fall != OBLIGATION_STANDS)
		return tell(w, row, &s, WARN_FELL, f);
	if (!tell(w, row, &s, WARN_REACHED, f))
		return false;
	return !waits(&s) || by[s.clock] == WARN_REACHED ||
		tell(w, row, &s, by[s.clock], f);
}

static bool count(void *self, const struct row *row, struct fault *f)
{
	struct warning_of *w = self;
	struct warn_counts *c = w->counts;
	struct owed_shown s;

	w->work.used = 0;
	if (!steps_shown(w->store, row, w->now, &w->work, &s, f))
		return false;
	c->fell += s.record.fall != OBLIGATION_STANDS;
	c->standing += s.record.fall == OBLIGATION_STANDS;
	if (!waits(&s))
		return true;
	c->waiting++;
	c->near += s.clock == CLOCK_NEAR;
	c->perhaps += s.clock == CLOCK_PERHAPS;
	c->passed += s.clock == CLOCK_PASSED;
	return true;
}

static bool over_all(struct warning_of *w,
	bool (*each)(void *, const struct row *, struct fault *),
	struct fault *f)
{
	struct query q = {.type = ROW_OBLIGATION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool ok = arena_map(&w->work, WORK_BYTES, f) &&
		w->store->engine->find(w->store, &q, each, w, f);

	arena_unmap(&w->work);
	return ok;
}

bool warn_each(struct store *s, struct warned *memory, struct instant now,
	bool (*each)(void *self, struct bytes line, struct fault *),
	void *self, struct fault *f)
{
	struct warning_of w = {.store = s, .memory = memory, .now = now,
		.each = each, .self = self};

	return over_all(&w, one, f);
}

static bool found(void *self, const struct row *row, struct fault *f)
{
	struct warning_of *w = self;

	w->work.used = 0;
	return (strcmp(row->status, "breach") != 0 &&
		strcmp(row->status, "conflict") != 0) || row->body.len == 0 ||
		put(w, row, "\"finding\"", f);
}

bool warn_findings(struct store *s, int64_t *index,
	bool (*each)(void *self, struct bytes line, struct fault *),
	void *self, struct fault *f)
{
	struct warning_of w = {.store = s, .each = each, .self = self};
	int64_t newest;
	bool ok = arena_map(&w.work, WORK_BYTES, f) &&
		s->engine->newest(s, &newest, f) &&
		s->engine->since(s, "f", *index, INT32_MAX, found, &w, f);

	if (ok && newest > *index)
		*index = newest;
	arena_unmap(&w.work);
	return ok;
}

bool warn_count(struct store *s, struct instant now, struct warn_counts *c,
	struct fault *f)
{
	struct warning_of w = {.store = s, .now = now, .counts = c};

	*c = (struct warn_counts){0};
	return over_all(&w, count, f);
}
