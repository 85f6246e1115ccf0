/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/entries.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "ledger/body.h"
#include "serve/api.h"
#include "serve/leases.h"

void drafts_init(struct drafts *d)
{
	memset(d, 0, sizeof *d);
	(void)pthread_mutex_init(&d->lock, NULL);
}

void drafts_done(struct drafts *d)
{
	(void)pthread_mutex_destroy(&d->lock);
	sign_forget(d->one, sizeof d->one);
}

/* -- the table -- */

/* A free one; else the one that ends first, the person's own before others':
 * nobody can push out everybody. */
static struct drafted *place(
	struct drafts *d, const uint8_t *person, struct instant now)
{
	struct drafted *own = NULL, *first = NULL;
	size_t mine = 0;

	for (size_t i = 0; i < DRAFTS; i++) {
		struct drafted *x = &d->one[i];

		if (x->busy)
			continue;
		if (!x->name[0] || x->until.utc_ns <= now.utc_ns)
			return x;
		if (!first || x->until.utc_ns < first->until.utc_ns)
			first = x;
		if (memcmp(x->person, person, PERSON_LEN) != 0)
			continue;
		mine++;
		if (!own || x->until.utc_ns < own->until.utc_ns)
			own = x;
	}
	return mine > 0 ? own : first;
}

static struct drafted *find(struct drafts *d, const char *name,
	const uint8_t *person, struct instant now)
{
	for (size_t i = 0; name && i < DRAFTS; i++)
		if (d->one[i].name[0] && strcmp(d->one[i].name, name) == 0 &&
			d->one[i].until.utc_ns > now.utc_ns &&
			memcmp(d->one[i].person, person, PERSON_LEN) == 0)
			return &d->one[i];
	return NULL;
}

/* -- what is wished -- */

static const char *keep(struct text *t, const char *s)
{
	char *at = t->at + t->len;

	if (!s)
		s = "";
	text_add(t, s);
	text_char(t, '\0');
	return at;
}

/* Into the draft's own text. */
static bool read_act(const struct wire_request *q, struct arena *a,
	struct drafted *d, struct fault *f)
{
	struct text t = text_on(d->text, sizeof d->text);
	struct office_act *x = &d->act;
	const struct tree *root, *words;

	if (!tree_read(q->body, a, &root, f))
		return false;
	if (!tree_text(root, "does") || !tree_text(root, "of"))
		return fault(f, FAULT_INPUT, "wants does and of");
	x->does = keep(&t, tree_text(root, "does"));
	x->of = keep(&t, tree_text(root, "of"));
	x->why = keep(&t, tree_text(root, "why"));
	words = tree_get(root, "words");
	for (size_t i = 0; words && i < words->count; i++) {
		const struct tree *w = tree_at(words, i);

		if (i == OFFICE_WORDS || !w || w->type != TREE_TEXT)
			return fault(f, FAULT_INPUT, "words are at most %d "
				"texts", OFFICE_WORDS);
		x->word[x->words++] = (char *)(uintptr_t)keep(
			&t, (const char *)w->text.at);
	}
	return !t.full || fault(f, FAULT_INPUT, "all of its text together is "
		"over %d bytes", DRAFT_TEXT);
}

static bool may(const struct asker *who, const char *does)
{
	const char *const *m = session_may(who->is.role);

	for (size_t i = 0; m[i]; i++)
		if (strcmp(m[i], does) == 0 && strcmp(does, "take") != 0)
			return true;
	return false;
}

/* What is said beside the decision needs no lease. */
static bool wants_lease(const char *does)
{
	static const char *const beside[] = {"note", "publish", "withdraw",
		"reply", "acknowledge", "decide", "fulfil", "decline",
		"contest"};

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		if (strcmp(does, beside[i]) == 0)
			return false;
	return true;
}

static bool leased_away(const struct api *api, const struct drafted *d,
	const struct asker *who, struct instant now, struct lease *l)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->entry[i].id[0] && leases_holder(api->leases,
			d->entry[i].id, now, l) && !lease_is(l, &who->is))
			return true;
	return false;
}

static void office_problem(
	const struct fault *f, struct arena *a, struct wire_response *r)
{
	if (f->kind != FAULT_INPUT)
		wire_problem(r, a, 503, "%s", f->text);
	else if (strstr(f->text, "refused: prev"))
		wire_problem(r, a, 409, "%s", f->text);
	else
		wire_problem(r, a, strstr(f->text, "refused:") ? 403 : 422,
			"%s", f->text);
}

/* -- a draft, shown -- */

static void say_base64(struct json *j, const char *key, const void *at,
	size_t n, struct arena *a)
{
	struct text t = text_in(a, n * 2 + 8);

	text_base64(&t, (struct bytes){at, n});
	json_key_text(j, key, t.at);
}

/* u16 length, name, u32 length, value (body.h). */
static void say_fields(struct json *j, const struct office_entry *e,
	struct arena *a)
{
	struct bytes left = e->plain;
	uint8_t salt[BODY_SALT];

	json_key(j, "fields");
	json_list(j);
	while (left.len >= 6) {
		size_t n = bytes_be(bytes_part(left, 0, 2));
		struct bytes name = bytes_part(left, 2, n), value;
		size_t m = bytes_be(bytes_part(left, 2 + n, 4));

		value = bytes_part(left, 6 + n, m);
		body_salt(e->secret, name, salt);
		json_object(j);
		json_key_bytes(j, "name", name);
		json_key_bytes(j, "value", value);
		say_base64(j, "salt", salt, sizeof salt, a);
		json_close(j);
		left = bytes_part(left, 6 + n + m, left.len);
	}
	json_close(j);
}

static void say_draft(
	const struct drafted *d, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, API_BYTES);
	struct json j = json_on(&t);
	struct fault f = {0};

	json_object(&j);
	json_key_text(&j, "schema", "truce.draft/1");
	json_key_text(&j, "draft", d->name);
	json_key_time(&j, "until", d->until, 0);
	json_key_text(&j, "does", d->act.does);
	json_key(&j, "entries");
	json_list(&j);
	for (size_t i = 0; i < d->count; i++) {
		const struct office_entry *e = &d->entry[i];

		json_object(&j);
		json_key_i64(&j, "type", e->draft.entry[4]);
		json_key(&j, "about");
		if (e->about == UINT64_MAX)
			json_text(&j, NULL);
		else
			json_i64(&j, (int64_t)e->about);
		json_key_text(&j, "id", e->id[0] ? e->id : NULL);
		say_base64(&j, "entry", e->draft.entry, ENTRY_SIGNED, a);
		say_fields(&j, e, a);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	text_char(&t, '\n');
	if (text_check(&t, &f))
		api_text(r, "application/json", &t);
	else
		api_fault(&f, a, r);
	r->cache = "no-store";
}

/* What is shown is not kept: the body can be made again, and a secret that is
 * of another's entry is none of the draft's. */
static void put(const struct api *api, struct drafted *d, struct instant now)
{
	struct drafts *all = api->drafts;
	struct drafted *x;

	(void)pthread_mutex_lock(&all->lock);
	x = place(all, d->person, now);
	if (x) {
		*x = *d;
		x->act.does = x->text + (d->act.does - d->text);
		x->act.of = x->text + (d->act.of - d->text);
		x->act.why = x->text + (d->act.why - d->text);
		for (int i = 0; i < x->act.words; i++)
			x->act.word[i] = x->text + (d->act.word[i] - d->text);
		for (size_t i = 0; i < x->count; i++) {
			x->entry[i].plain = (struct bytes){0};
			sign_forget(x->entry[i].secret, BODY_SECRET);
		}
	} else {
		d->name[0] = '\0';
	}
	(void)pthread_mutex_unlock(&all->lock);
}

static void draft(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	struct fault f = {0};
	struct drafted *d = arena_take(a, sizeof *d, &f);
	uint8_t name[16];
	struct text t;
	struct lease l;

	if (!d) {
		api_fault(&f, a, r);
		return;
	}
	d->act.clock = q->now;
	d->act.clock.utc_ns -= d->act.clock.utc_ns % 1000000;
	d->until = instant_plus_ns(q->now, (int64_t)DRAFT_S * 1000000000);
	memcpy(d->act.key, who->is.key, SIGN_KEY);
	memcpy(d->person, who->is.person, PERSON_LEN);
	if (!read_act(q, a, d, &f)) {
		wire_problem(r, a, 400, "%s", f.text);
	} else if (!may(who, d->act.does)) {
		wire_problem(r, a, 403, "a %s does not '%.40s'",
			people_role_name(who->is.role), d->act.does);
	} else if (!api->office->draft(api->office->self, &d->act, a,
		d->entry, &d->count, &f)) {
		office_problem(&f, a, r);
	} else if (wants_lease(d->act.does) &&
		leased_away(api, d, who, q->now, &l)) {
		lease_problem(&l, a, r);
	} else {
		sign_random(name, sizeof name);
		t = text_on(d->name, sizeof d->name);
		text_hex(&t, (struct bytes){name, sizeof name});
		put(api, d, q->now);
		if (d->name[0])
			say_draft(d, a, r);
		else
			wire_problem(r, a, 503, "too many drafts");
	}
	sign_forget(d, sizeof *d);
}

/* -- the signatures -- */

static bool read_signatures(const struct tree *root, struct drafted *d,
	struct fault *f)
{
	const struct tree *s = tree_get(root, "signatures");
	size_t n;

	if (!s || s->count != d->count)
		return fault(f, FAULT_INPUT, "wants %zu signatures", d->count);
	for (size_t i = 0; i < d->count; i++) {
		const struct tree *x = tree_at(s, i);

		if (!x || x->type != TREE_TEXT || !base64_read(x->text,
			d->entry[i].draft.entry + ENTRY_SIGNED,
			ENTRY_SIGNATURE, &n, f) || n != ENTRY_SIGNATURE)
			return fault(f, FAULT_INPUT, "signature %zu is not "
				"base64 of 64 bytes", i);
	}
	return true;
}

static void say_logged(
	const struct drafted *d, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 16384);
	struct json j = json_on(&t);
	char hex[SHA256_HEX];

	json_object(&j);
	json_key_text(&j, "schema", "truce.entries/1");
	json_key(&j, "entries");
	json_list(&j);
	for (size_t i = 0; i < d->count; i++) {
		const struct office_entry *e = &d->entry[i];

		json_object(&j);
		json_key_i64(&j, "index", (int64_t)e->index);
		json_key_text(&j, "leaf", digest_hex(&e->leaf, hex));
		json_key_flag(&j, "fresh", e->fresh);
		json_key_text(&j, "state", e->state);
		json_close(&j);
	}
	json_close(&j);
	json_key_i64(&j, "changed", (int64_t)d->done.changed);
	json_key_i64(&j, "size", (int64_t)d->done.size);
	json_key_flag(&j, "indexed", d->done.indexed);
	json_close(&j);
	text_char(&t, '\n');
	api_text(r, "application/json", &t);
	r->status = 201;
	r->cache = "no-store";
}

/* NULL: none of theirs; else it is ours until let_go(). */
static struct drafted *take(const struct api *api, const char *name,
	const struct asker *who, struct instant now, bool *busy)
{
	struct drafts *all = api->drafts;
	struct drafted *d;

	(void)pthread_mutex_lock(&all->lock);
	d = find(all, name, who->is.person, now);
	*busy = d && d->busy;
	if (d && !d->busy)
		d->busy = true;
	(void)pthread_mutex_unlock(&all->lock);
	return d;
}

static void let_go(const struct api *api, struct drafted *d)
{
	(void)pthread_mutex_lock(&api->drafts->lock);
	d->busy = false;
	(void)pthread_mutex_unlock(&api->drafts->lock);
}

static void append(const struct api *api, const struct asker *who,
	const struct tree *root, struct drafted *d, struct instant now,
	struct arena *a, struct wire_response *r)
{
	struct fault f = {0};
	struct lease l;

	if (d->logged)
		say_logged(d, a, r);
	else if (!read_signatures(root, d, &f))
		wire_problem(r, a, 400, "%s", f.text);
	else if (wants_lease(d->act.does) && leased_away(api, d, who, now, &l))
		lease_problem(&l, a, r);
	else if (!api->office->append(api->office->self, &d->act, d->entry,
		d->count, &d->done, &f))
		office_problem(&f, a, r);
	else {
		d->logged = true;
		say_logged(d, a, r);
	}
}

static void sign(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	const struct tree *root;
	struct fault f = {0};
	struct drafted *d;
	bool busy;

	if (!tree_read(q->body, a, &root, &f)) {
		wire_problem(r, a, 400, "%s", f.text);
		return;
	}
	d = take(api, tree_text(root, "draft"), who, q->now, &busy);
	if (!d) {
		wire_problem(r, a, 410, "the draft is gone, or is none of "
			"yours: ask for another");
	} else if (busy) {
		wire_problem(r, a, 409, "it is being logged");
	} else {
		append(api, who, root, d, q->now, a, r);
		let_go(api, d);
	}
}

void entries_answer(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct bytes what, struct arena *a,
	struct wire_response *r)
{
	if (!api->office || !api->drafts)
		wire_problem(r, a, 404, "nothing is signed here");
	else if (q->method != WIRE_POST)
		wire_problem(r, a, 405, "POST only");
	else if (!session_writes(q, who, a, r))
		return;
	else if (q->body.len > ENTRIES_BYTES)
		wire_problem(r, a, 413, "over %d bytes", ENTRIES_BYTES);
	else if (bytes_are(what, "draft"))
		draft(api, q, who, a, r);
	else if (what.len == 0)
		sign(api, q, who, a, r);
	else
		wire_problem(r, a, 404, "/api/v1/entries or "
			"/api/v1/entries/draft");
}
