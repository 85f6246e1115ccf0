/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/reviews.h"

#include "base/encode.h"
#include "model/codec.h"
#include "roles/rows.h"

#include <inttypes.h>

enum { LINE = 72, ROOM = 8 << 20, LINES_MAX = 4 /* GiB */ };

void reviews_id(const struct people_item *x, char out[ID_TEXT])
{
	struct text t = text_on(out, ID_TEXT);

	text_add(&t, x->type == ENTRY_INCIDENT ? "i-" : "f-");
	text_base32hex(&t, (struct bytes){x->subject, ENTRY_SUBJECT});
}

static bool told(const struct people *p, const struct people_item *x)
{
	enum people_state s = people_state(p, x);

	return (x->type == ENTRY_INCIDENT || x->type == ENTRY_FINDING ||
		       x->type == ENTRY_PUBLICATION ||
		       x->type == ENTRY_CORRECTION) &&
		(s == PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED ||
			s == PEOPLE_REJECTED);
}

static void add_status(
	const struct people *p, const struct people_item *x, struct text *t)
{
	struct instant laid = people_completed(p, x);
	char at[INSTANT_TEXT];

	text_fmt(t, "%" PRIu64 " %s%s%s\n", x->index,
		people_state_name(people_state(p, x)),
		instant_known(laid) ? " " : "",
		instant_known(laid) ? instant_print(laid, 6, at) : "");
}

static void add_statuses(const struct people *p, struct text *t)
{
	for (size_t i = 0; i < p->items; i++)
		if (told(p, &p->item[i]))
			add_status(p, &p->item[i], t);
}

/* A line each finding about which somebody did something. */
static bool add_deeds(const struct deeds *d, struct arena *a, struct text *t,
	struct fault *f)
{
	const struct finding_review *r;
	size_t all, n;

	for (size_t i = 0; i < d->count; i += all) {
		const char *id = d->deed[i].id;

		if (!deeds_of(d, id, &all) ||
			!deeds_reviews(d, id, a, &r, &n, f))
			return false;
		if (id[0] != 'f' || n == 0)
			continue;
		text_fmt(t, "%s ", id);
		text_bytes(t, finding_reviews(r, n, a));
		text_char(t, '\n');
	}
	return true;
}

static bool is_said(const struct deed *d)
{
	return strcmp(d->is.does, "reply") == 0 ||
		strcmp(d->is.does, "publish") == 0;
}

static void add_said(const struct deed *d, struct json *j)
{
	json_object(j);
	json_key_time(j, "at", d->is.at, 6);
	json_key_text(j, "does", d->is.does);
	json_key_i64(j, "index", (int64_t)d->entry);
	json_key_i64(j, "of", (int64_t)d->of);
	json_key_text(j, "org", d->is.org);
	json_key_text(j, "why", d->is.why);
	json_close(j);
}

/* A line each record to which a party replied, or that was published. */
static void add_replies(const struct deeds *d, struct text *t)
{
	size_t all;

	for (size_t i = 0; i < d->count; i += all) {
		struct json j = json_on(t);
		bool some = false;

		(void)deeds_of(d, d->deed[i].id, &all);
		for (size_t k = i; k < i + all; k++) {
			if (!is_said(&d->deed[k]))
				continue;
			if (!some) {
				text_fmt(t, "r%s ", d->deed[i].id);
				json_list(&j);
			}
			some = true;
			add_said(&d->deed[k], &j);
		}
		if (some) {
			json_close(&j);
			text_char(t, '\n');
		}
	}
}

static size_t room_for(const struct people *p, const struct deeds *d)
{
	size_t n = LINE;

	for (size_t i = 0; i < p->items; i++)
		n += told(p, &p->item[i]) ? LINE : 0;
	for (size_t i = 0; i < d->count; i++)
		n += 2 * (6 * (strlen(d->deed[i].is.why) + 128) + 256);
	return n;
}

static bool set_lines(struct store *s, const struct people *p,
	struct fault *f)
{
	struct arena a = {0};
	struct deeds d;
	struct text t;
	bool ok = arena_map(&a, (size_t)LINES_MAX << 30, f) &&
		deeds_read(s, &a, &d, f);

	if (ok) {
		t = text_in(&a, room_for(p, &d));
		add_statuses(p, &t);
		ok = add_deeds(&d, &a, &t, f);
		add_replies(&d, &t);
		ok = ok && text_check(&t, f) &&
			s->engine->set(s, "reviews", text_view(&t), f);
	}
	arena_unmap(&a);
	return ok;
}

/* -- versions of incidents that people made -- */

struct versions {
	struct store *store;
	struct arena arena;
	bool stands;  /* of the one in question */
	int64_t index;
	uint32_t held; /* its row's version; 0: none */
};

static bool is_held(void *self, const struct row *row, struct fault *f)
{
	struct versions *v = self;

	(void)f;
	if (row->ledger_index == v->index && row->version >= ROW_PEOPLE)
		v->held = row->version;
	return true;
}

static bool put_one(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct versions *v = self;

	v->arena.used = 0;
	if (!e->open || rows_back(v->store, e, &v->arena, true, f))
		f->kind = FAULT_NONE;
	return false; /* this one only */
}

static bool one_version(struct versions *v, struct ledger *l,
	const struct people_item *x, struct fault *f)
{
	char id[ID_TEXT];
	struct query q = {.type = ROW_INCIDENT, .id = id, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	enum people_state is = people_state(ledger_people(l), x);

	reviews_id(x, id);
	v->stands = is == PEOPLE_REVIEWED || is == PEOPLE_PUBLISHED;
	v->index = (int64_t)x->index;
	v->held = 0;
	if (!v->store->engine->find(v->store, &q, is_held, v, f))
		return false;
	if (v->stands == (v->held > 0))
		return true;
	if (v->held > 0)
		return v->store->engine->drop(
			v->store, ROW_INCIDENT, id, v->held, f);
	f->kind = FAULT_NONE;
	return ledger_read(l, x->index, put_one, v, f) ||
		f->kind == FAULT_NONE;
}

/* -- the incidents that people rejected -- */

struct newest { /* of the engine's versions of an incident */
	char id[ID_TEXT];
	uint64_t index;
	bool rejected;
};

static int by_id_index(const void *a, const void *b)
{
	const struct newest *x = a, *y = b;
	int d = strcmp(x->id, y->id);

	return d ? d : (x->index > y->index) - (x->index < y->index);
}

static size_t machines(const struct people *p, struct newest *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->items; i++) {
		const struct people_item *x = &p->item[i];

		if (x->type != ENTRY_INCIDENT || people_versions(x))
			continue;
		if (out) {
			out[n].index = x->index;
			out[n].rejected =
				people_state(p, x) == PEOPLE_REJECTED;
			reviews_id(x, out[n].id);
		}
		n++;
	}
	return n;
}

static bool set_rejected(struct store *s, const struct people *p, bool anew,
	struct fault *f)
{
	struct arena a = {0};
	size_t n = machines(p, NULL);
	struct newest *x = NULL;
	bool ok = arena_map(&a, (size_t)LINES_MAX << 30, f) &&
		(x = arena_array(&a, n + 1, sizeof *x, f));
	struct text t = text_in(&a, n * LINE + 1);

	if (ok && machines(p, x) > 0)
		qsort(x, n, sizeof *x, by_id_index);
	for (size_t i = 0; ok && i < n; i++)
		if (x[i].rejected && (i + 1 == n ||
			strcmp(x[i].id, x[i + 1].id) != 0))
			text_fmt(&t, "%s %" PRId64 "\n", x[i].id,
				anew ? -1 : (int64_t)x[i].index);
	ok = ok && text_check(&t, f) &&
		s->engine->set(s, REVIEWS_REJECTED, text_view(&t), f);
	arena_unmap(&a);
	return ok;
}

static bool set_versions(struct store *s, struct ledger *l, bool anew,
	struct fault *f)
{
	const struct people *p = ledger_people(l);
	struct versions v = {.store = s};
	bool ok = true;

	for (size_t i = 0; ok && i < p->items; i++)
		if (people_versions(&p->item[i]))
			ok = (v.arena.at || arena_map(&v.arena, ROOM, f)) &&
				one_version(&v, l, &p->item[i], f);
	arena_unmap(&v.arena);
	return ok && set_rejected(s, p, anew, f);
}

bool reviews_versions(struct store *s, struct ledger *l, bool anew,
	struct fault *f)
{
	if (!s->engine->begin(s, "versions", f))
		return false;
	if (set_versions(s, l, anew, f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

/* -- what was erased -- */

#define ERASED "erased" /* named value: 8 bytes, how many were scrubbed */

static bool erase(struct store *s, const struct people *p, bool *dirty,
	struct fault *f)
{
	uint8_t block[64];
	struct arena a = arena_on(block, sizeof block);
	struct bytes b;
	uint64_t gone;

	*dirty = false;
	if (p->erased.used == 0)
		return true;
	if (!s->engine->get(s, ERASED, &a, &b, f))
		return false;
	*dirty = b.len != 8 || bytes_be(b) != p->erased.used;
	for (size_t i = 0; i < p->items; i++) {
		const struct people_item *x = &p->item[i];

		if (x->type != ENTRY_PUBLICATION ||
			!people_erased(p, x->target))
			continue;
		if (!s->engine->erase(s, (int64_t)x->target, &gone, f))
			return false;
		*dirty = *dirty || gone > 0;
	}
	return true;
}

static bool scrub(struct store *s, const struct people *p, struct fault *f)
{
	uint8_t at[8];

	put_be(at, p->erased.used, sizeof at);
	return s->engine->scrub(s, f) &&
		s->engine->begin(s, ERASED, f) &&
		s->engine->set(s, ERASED, (struct bytes){at, sizeof at}, f) &&
		s->engine->commit(s, NULL, f);
}

bool reviews_index(struct store *s, struct ledger *l, struct fault *f)
{
	const struct people *p = ledger_people(l);
	bool dirty;

	if (!s->engine->begin(s, "reviews", f))
		return false;
	if (!deeds_index(s, l, f) || !set_lines(s, p, f) ||
		!set_versions(s, l, false, f) || !erase(s, p, &dirty, f)) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, f) && (!dirty || scrub(s, p, f));
}

/* -- its lines -- */

/* A line begins with an index, or with a word: the id of a finding, or r and
 * the id of a record, which sort behind.  Below, at or above 0: the line sorts
 * before, is, or sorts behind. */
static int order(struct bytes line, int64_t index, const char *word)
{
	struct bytes first = bytes_part(line, 0, (size_t)((const uint8_t *)
		memchr(line.at, ' ', line.len) - line.at));
	int64_t n = 0;
	size_t i = 0;

	if ((line.at[0] >= 'a') != (word != NULL))
		return word ? -1 : 1;
	if (word)
		return bytes_are(first, word) ? 0 : memcmp(first.at, word,
			first.len < strlen(word) ? first.len : strlen(word));
	for (; i < first.len; i++)
		n = n * 10 + (first.at[i] - '0');
	return (n > index) - (n < index);
}

/* What follows the blank of the line that is asked for; len 0: none. */
static struct bytes find_line(
	struct bytes s, int64_t index, const char *word)
{
	size_t from = 0, to = s.len;

	while (from < to) {
		size_t at = from + (to - from) / 2, end;
		struct bytes line;
		int is;

		while (at > from && s.at[at - 1] != '\n')
			at--;
		for (end = at; end < s.len && s.at[end] != '\n';)
			end++;
		line = bytes_part(s, at, end - at);
		if (!line.at || !memchr(line.at, ' ', line.len))
			break;
		is = order(line, index, word);
		if (is == 0) {
			const uint8_t *blank = memchr(line.at, ' ', line.len);
			size_t n = (size_t)(blank - line.at) + 1;

			return bytes_part(line, n, line.len);
		}
		if (is < 0)
			from = end + 1;
		else
			to = at;
	}
	return (struct bytes){0};
}

const char *reviews_status(struct bytes reviews, int64_t index, char out[16])
{
	struct text t = text_on(out, 16);
	struct bytes line = index < 0 ? (struct bytes){0}
		: find_line(reviews, index, NULL);
	const uint8_t *blank = line.len ? memchr(line.at, ' ', line.len)
					: NULL;

	text_bytes(&t, bytes_part(line, 0,
		blank ? (size_t)(blank - line.at) : line.len));
	return line.len > 0 ? out : NULL;
}

bool reviews_rejected(struct bytes rejected, const struct row *row)
{
	struct bytes line = find_line(rejected, 0, row->id);
	char index[24];
	struct text t = text_on(index, sizeof index);

	text_i64(&t, row->ledger_index);
	return row->version < ROW_PEOPLE && line.len > 0 &&
		bytes_are(line, index);
}

static bool take_reply(const struct tree *k, struct arena *a,
	struct replies *out, bool published, struct fault *f)
{
	struct reply *x = (struct reply *)(uintptr_t)&out->reply[out->count];
	const char *does = tree_text(k, "does");

	*x = (struct reply){.at = tree_time(k, "at"),
		.entry = (uint64_t)tree_i64(k, "index", 0),
		.of = (uint64_t)tree_i64(k, "of", -1)};
	if (!read_text(k, "org", a, &x->party, f) ||
		!read_text(k, "why", a, &x->says, f))
		return false;
	if (does && strcmp(does, "reply") == 0) {
		out->count++;
	} else if (published && !out->why && (int64_t)x->of == out->of &&
		replies_open(out, x->at)) {
		out->early = x->at;
		out->why = x->says;
	}
	return true;
}

bool reviews_replies(const struct revising *by, const char *id,
	int64_t index, struct arena *a, struct replies *out, struct fault *f)
{
	struct bytes line = index < 0 ? (struct bytes){0}
		: find_line(by->reviews, index, NULL);
	const uint8_t *blank = line.len ? memchr(line.at, ' ', line.len)
					: NULL;
	bool published = bytes_start(line, "published");
	char word[ID_TEXT + 1];
	struct text w = text_on(word, sizeof word);
	const struct tree *list;

	*out = (struct replies){index, INSTANT_UNKNOWN, INSTANT_UNKNOWN,
		NULL, 0, INSTANT_UNKNOWN, NULL};
	if (blank && !bytes_start(line, "rejected") && instant_parse(
		bytes_part(line, (size_t)(blank - line.at) + 1, line.len),
		true, &out->opened, f))
		out->until = reply_until(by->mission, out->opened);
	text_fmt(&w, "r%s", id);
	line = find_line(by->reviews, 0, word);
	if (line.len == 0)
		return true;
	if (!tree_read(line, a, &list, f) || !(out->reply = arena_array(
		a, list->count + 1, sizeof *out->reply, f)))
		return false;
	for (const struct tree *k = list->first; k; k = k->next)
		if (!take_reply(k, a, out, published, f))
			return false;
	return true;
}

static bool set_status(struct bytes *body, const char *status,
	struct arena *a, struct fault *f)
{
	static const char key[] = "\"status\":\"";
	struct text t = text_in(a, body->len + 16);
	const uint8_t *at = memmem(body->at, body->len, key, sizeof key - 1);
	size_t from = at ? (size_t)(at - body->at) + sizeof key - 1 : 0;
	const uint8_t *end =
		at ? memchr(body->at + from, '"', body->len - from) : NULL;

	if (!end)
		return true;
	text_bytes(&t, bytes_part(*body, 0, from));
	text_add(&t, status);
	text_bytes(&t, bytes_part(*body, (size_t)(end - body->at), body->len));
	*body = text_view(&t);
	return text_check(&t, f);
}

static bool set_deeds(struct bytes *body, struct bytes list, struct arena *a,
	struct fault *f)
{
	static const char key[] = "\"reviews\":[]";
	const uint8_t *at = memmem(body->at, body->len, key, sizeof key - 1);
	size_t front = at ? (size_t)(at - body->at) + sizeof key - 3 : 0;
	struct text t;

	if (!at)
		return true;
	t = text_in(a, body->len + list.len + 16);
	text_bytes(&t, bytes_part(*body, 0, front));
	text_bytes(&t, list);
	text_bytes(&t, bytes_part(*body, front + 2, body->len));
	*body = text_view(&t);
	return text_check(&t, f);
}

/* As the last member of the body. */
static bool set_replies(const struct revising *by, struct row *row,
	struct arena *a, struct fault *f)
{
	struct replies r;
	struct text t;
	struct json j;
	size_t room = 1024;

	if (!by->mission || row->body.len <= 2)
		return true;
	if (!reviews_replies(by, row->id, row->ledger_index, a, &r, f))
		return false;
	if (!replies_laid(&r) && r.count == 0)
		return true;
	for (size_t i = 0; i < r.count; i++)
		room += 6 * strlen(r.reply[i].says) + 512;
	room += r.why ? 6 * strlen(r.why) : 0;
	t = text_in(a, row->body.len + room);
	text_bytes(&t, bytes_part(row->body, 0, row->body.len - 1));
	text_add(&t, ",\"reply\":");
	j = json_on(&t);
	replies_say(&r, by->mission, by->now, &j);
	text_char(&t, '}');
	row->body = text_view(&t);
	return text_check(&t, f);
}

bool reviews_row(const struct revising *by, struct row *row, struct arena *a,
	struct fault *f)
{
	char word[16];
	const char *status;
	struct bytes list;

	if (by->reviews.len == 0 || row->body.len == 0 ||
		(row->type != ROW_INCIDENT && row->type != ROW_FINDING))
		return true;
	status = reviews_status(by->reviews, row->ledger_index, word);
	if ((status && !set_status(&row->body, status, a, f)) ||
		!set_replies(by, row, a, f))
		return false;
	if (row->type == ROW_INCIDENT) {
		if (status)
			row->status = arena_text(a, bytes_of(status), f);
		return row->status != NULL;
	}
	list = find_line(by->reviews, 0, row->id);
	return list.len == 0 || set_deeds(&row->body, list, a, f);
}
