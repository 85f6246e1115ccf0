/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/holding.h"

#include "roles/published.h"
#include "roles/reviews.h"
#include "roles/steps.h"

enum { VALUES = 1 << 30 };

static const struct store_engine *engine_of(const struct holding *h)
{
	return h->index->engine;
}

static struct store *under(struct store *s)
{
	return (struct store *)(uintptr_t)((struct holding *)s->self)->index;
}

static bool begin(struct store *s, const char *role, struct fault *f)
{
	(void)s;
	(void)role;
	(void)f;
	return true;
}

static bool commit(struct store *s, const struct cursor *c, struct fault *f)
{
	(void)s;
	(void)c;
	(void)f;
	return true;
}

static void rollback(struct store *s)
{
	(void)s;
}

static bool scrub(struct store *s, struct fault *f)
{
	(void)s;
	(void)f;
	return true;
}

static bool find(struct store *s, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	return under(s)->engine->find(under(s), q, each, self, f);
}

/* As if nothing of it were there yet: all is made. */
static bool get(struct store *s, const char *name, struct arena *a,
	struct bytes *out, struct fault *f)
{
	*out = (struct bytes){0};
	return strcmp(name, "deeds") == 0 ||
		under(s)->engine->get(under(s), name, a, out, f);
}

static void differs(struct holding *h, const char *what, const char *id)
{
	struct text t;

	if (h->out->differ++ > 0 || h->out->first[0])
		return;
	t = text_on(h->out->first, sizeof h->out->first);
	text_fmt(&t, "%.60s%s%.40s is not what the log says", what,
		*id ? " " : "", id);
}

static bool set(struct store *s, const char *name, struct bytes want,
	struct fault *f)
{
	static const char *const held[] = {
		"reviews", REVIEWS_REJECTED, "published"};
	struct holding *h = s->self;
	bool wanted = false;
	struct bytes is;

	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		wanted = wanted || strcmp(name, held[i]) == 0;
	if (!wanted)
		return true;
	h->arena.used = 0;
	if (!engine_of(h)->get(under(s), name, &h->arena, &is, f))
		return false;
	/* An older version's index has nothing where nothing is published. */
	if (!bytes_equal(is, want) &&
		!(is.len == 0 && bytes_are(want, "[]")))
		differs(h, "what people did and what came of it, value", name);
	return true;
}

struct meeting {
	const struct row *row;
	bool same, shown;
};

static bool meets(void *self, const struct row *r, struct fault *f)
{
	struct meeting *m = self;
	const struct row *x = m->row;

	(void)f;
	if (r->version != x->version)
		return true;
	m->same = bytes_equal(r->body, x->body) &&
		r->from.utc_ns == x->from.utc_ns &&
		r->to.utc_ns == x->to.utc_ns && r->lat_e7 == x->lat_e7 &&
		r->lon_e7 == x->lon_e7 && strcmp(r->kind, x->kind) == 0 &&
		strcmp(r->status, x->status) == 0 &&
		strcmp(r->source, x->source) == 0 &&
		r->ledger_index == x->ledger_index &&
		(x->ledger_index < 0 || digest_equal(
			&r->ledger_leaf, &x->ledger_leaf));
	return true;
}

/* What lists show of that id is this version, or a newer one. */
static bool shows(void *self, const struct row *r, struct fault *f)
{
	struct meeting *m = self;

	(void)f;
	m->shown = r->version >= m->row->version;
	return true;
}

static const char *called(enum row_type type)
{
	return type == ROW_DEED ? "what a person did about"
		: type == ROW_STEPS ? "the steps of"
		: type == ROW_INCIDENT ? "incident"
		: type == ROW_FINDING ? "finding" : "obligation";
}

static bool replace(struct store *s, const struct row *row, struct fault *f)
{
	struct holding *h = s->self;
	struct meeting m = {row, false, false};
	struct query q = {.type = row->type, .id = row->id,
		.all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	if (!find(s, &q, meets, &m, f))
		return false;
	q.all_versions = false;
	if (!find(s, &q, shows, &m, f))
		return false;
	h->deeds += row->type == ROW_DEED;
	if (!m.same || !m.shown)
		differs(h, called(row->type), row->id);
	return true;
}

static bool put(
	struct store *s, const struct row *row, bool *fresh, struct fault *f)
{
	*fresh = false;
	return replace(s, row, f);
}

static bool logged(struct store *s, enum row_type type, const char *id,
	uint32_t version, int64_t index, const struct digest *leaf,
	struct fault *f)
{
	(void)s;
	(void)type;
	(void)id;
	(void)version;
	(void)index;
	(void)leaf;
	(void)f;
	return true;
}

/* A version of people that does not stand. */
static bool drop(struct store *s, enum row_type type, const char *id,
	uint32_t version, struct fault *f)
{
	(void)version;
	(void)f;
	differs(s->self, called(type), id);
	return true;
}

static bool erase(
	struct store *s, int64_t index, uint64_t *gone, struct fault *f)
{
	(void)s;
	(void)index;
	(void)f;
	*gone = 0;
	return true;
}

static const struct store_engine holds = {.name = "holding",
	.begin = begin, .commit = commit, .rollback = rollback,
	.scrub = scrub, .find = find, .get = get, .set = set, .put = put,
	.replace = replace, .logged = logged, .drop = drop, .erase = erase};

bool holding_open(struct holding *h, const struct store *index,
	struct indexed *out, struct fault *f)
{
	*h = (struct holding){.index = index, .out = out};
	h->store = (struct store){&holds, h};
	return arena_map(&h->arena, VALUES, f);
}

void holding_close(struct holding *h)
{
	arena_unmap(&h->arena);
}

bool holding_people(struct holding *h, struct ledger *l, struct fault *f)
{
	struct query q = {.type = ROW_DEED, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	uint64_t there;

	h->deeds = 0;
	if (!reviews_index(&h->store, l, f) ||
		!steps_index(&h->store, l, f) ||
		!published_index(&h->store, l, f) ||
		!engine_of(h)->count(under(&h->store), &q, &there, f))
		return false;
	if (there != h->deeds)
		differs(h, "the list of what people did", "");
	return true;
}
