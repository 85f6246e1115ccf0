/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/steps.h"

#include "base/encode.h"
#include "base/tree.h"
#include "ledger/body.h"

#define WORK_BYTES ((size_t)64 << 20)
#define CONTESTED "contested" /* in the row's columns */
#define DARK "dark"

enum { HISTORY_ROOM = 1 << 20, WHY_MAX = 1 << 16 };

/* -- from the log -- */

struct indexing {
	struct store *store;
	struct ledger *ledger;
	const struct people *people;
	struct arena work;
	struct json *json; /* the history being written */
	const struct people_step *step;
};

static void hex_value(struct json *j, struct bytes b)
{
	char hex[SHA256_HEX];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, b);
	json_text(j, hex);
}

static const char *plain(
	const struct ledger_entry *e, const char *name, char *out, size_t size)
{
	const struct field *x = e->open ? fields_find(e->body, name) : NULL;

	return x && value_text(x->value, out, size) ? out : NULL;
}

static bool write_step(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	static const struct digest none;
	struct indexing *x = self;
	const struct people_step *s = x->step;
	const struct people_key *k = &x->people->key[s->key];
	char *why = arena_take(&x->work, WHY_MAX, f);
	struct json *j = x->json;

	if (!why)
		return false;
	json_object(j);
	json_key_time(j, "at", s->clock, 6);
	json_key(j, "by");
	hex_value(j, (struct bytes){k->person, PERSON_LEN});
	json_key_flag(j, "counts", owed_counts(x->people, s));
	json_key_text(j, "does", owed_word(s->does));
	json_key(j, "evidence");
	if (digest_equal(&s->evidence, &none))
		json_null_value(j);
	else
		hex_value(j, digest_view(&s->evidence));
	json_key_i64(j, "index", (int64_t)s->index);
	json_key_text(j, "org", k->org);
	json_key_text(j, "why", plain(e, "why", why, WHY_MAX));
	json_close(j);
	f->kind = FAULT_NONE;
	return false; /* one entry is enough */
}

/* They are linked from the last. */
static bool in_order(struct indexing *x, const struct people_owed *o,
	const struct people_step ***list, size_t *n, struct fault *f)
{
	*n = 0;
	for (uint32_t k = o->last; k > 0; k = x->people->step[k - 1].before)
		++*n;
	*list = arena_array(&x->work, *n + 1, sizeof **list, f);
	if (!*list)
		return false;
	for (uint32_t i = o->last, k = 0; i > 0; k++) {
		(*list)[*n - 1 - k] = &x->people->step[i - 1];
		i = x->people->step[i - 1].before;
	}
	return true;
}

static bool history(struct indexing *x, const struct people_owed *o,
	struct json *j, struct fault *f)
{
	const struct people_step **list;
	size_t n;

	if (!in_order(x, o, &list, &n, f))
		return false;
	x->json = j;
	json_list(j);
	for (size_t i = 0; i < n; i++) {
		struct fault why = {0};

		x->step = list[i];
		if (!ledger_read(x->ledger, list[i]->index, write_step, x,
			&why) && why.kind != FAULT_NONE) {
			*f = why;
			return false;
		}
	}
	json_close(j);
	x->json = NULL;
	return true;
}

static bool index_one(struct indexing *x, const struct people_owed *o,
	struct fault *f)
{
	struct text id = text_in(&x->work, ID_TEXT);
	struct text t = text_in(&x->work, HISTORY_ROOM);
	enum obligation_state state = owed_state(x->people, o);
	struct json j = json_on(&t);
	struct row row = {.type = ROW_STEPS, .lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN, .ledger_index = -1,
		.kind = owed_contested(x->people, o) ? CONTESTED : "",
		.source = o->dark ? DARK : "",
		.status = obligation_state_name(state)};

	text_add(&id, "o-");
	text_base32hex(&id, (struct bytes){o->subject, ENTRY_SUBJECT});
	if (!history(x, o, &j, f) || !text_check(&t, f) ||
		!text_check(&id, f))
		return false;
	row.id = id.at;
	row.body = text_view(&t);
	if (o->last > 0)
		row.from = row.to = x->people->step[o->last - 1].clock;
	return x->store->engine->replace(x->store, &row, f);
}

bool steps_index(struct store *s, struct ledger *l, struct fault *f)
{
	struct indexing x = {.store = s, .ledger = l,
		.people = ledger_people(l)};
	bool ok;

	if (x.people->owes == 0)
		return true;
	ok = arena_map(&x.work, WORK_BYTES, f) &&
		s->engine->begin(s, "steps", f);
	for (size_t i = 0; ok && i < x.people->owes; i++) {
		x.work.used = 0;
		ok = (x.people->owed[i].last == 0 && !x.people->owed[i].dark) ||
			index_one(&x, &x.people->owed[i], f);
		if (!ok)
			s->engine->rollback(s);
	}
	ok = ok && s->engine->commit(s, NULL, f);
	arena_unmap(&x.work);
	return ok;
}

/* -- shown -- */

struct taking_steps {
	struct arena *arena;
	struct owed_shown *to;
};

static bool take_steps(void *self, const struct row *row, struct fault *f)
{
	struct taking_steps *x = self;
	char *copy = arena_text(x->arena, row->body, f);

	for (int i = 0; i < OBLIGATION_STATES; i++)
		if (strcmp(row->status, obligation_state_name(
			(enum obligation_state)i)) == 0)
			x->to->state = (enum obligation_state)i;
	x->to->contested = strcmp(row->kind, CONTESTED) == 0;
	x->to->decidable = strcmp(row->source, DARK) != 0;
	x->to->history = (struct bytes){(uint8_t *)copy, row->body.len};
	return copy != NULL;
}

bool steps_shown(struct store *s, const struct row *row, struct instant now,
	struct arena *a, struct owed_shown *out, struct fault *f)
{
	struct taking_steps x = {a, out};
	struct query q = {.type = ROW_STEPS, .id = row->id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *t;

	*out = (struct owed_shown){.decidable = true,
		.history = bytes_of("[]")};
	if (!tree_read(row->body, a, &t, f) ||
		!obligation_read(t, a, &out->record, f))
		return fault_in(f, "%s", row->id);
	if (!s->engine->find(s, &q, take_steps, &x, f))
		return false;
	out->clock = obligation_clock(&out->record, now);
	out->state = obligation_at(out->state, out->clock);
	return true;
}

bool steps_body(const struct row *row, const struct owed_shown *s,
	struct arena *a, struct bytes *out, struct fault *f)
{
	struct text t = text_in(a, row->body.len + s->history.len + 200);

	text_bytes(&t, bytes_part(row->body, 0, row->body.len - 1));
	text_fmt(&t, ",\"state\":\"%s\",\"deadline\":\"%s\",\"contested\":%s,"
		"\"decidable\":%s,\"history\":",
		obligation_state_name(s->state),
		obligation_clock_name(s->clock),
		s->contested ? "true" : "false",
		s->decidable ? "true" : "false");
	text_bytes(&t, s->history);
	text_char(&t, '}');
	*out = text_view(&t);
	return text_check(&t, f);
}
