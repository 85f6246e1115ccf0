/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/inside.h"

#include "base/encode.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>

enum {
	GROUP_BYTES = 8 << 20, /* or so many of payload end a group */
	YIELD = 16, /* entries, 0.1 ms (bench/ledger.c) */
};

_Static_assert(ENTRY_LEN + BODY_MAX + BODY_TAG <= JOURNAL_PAYLOAD_MAX,
	"an entry fits behind a group that is not full");

bool ledger_groups(struct ledger *l, struct fault *f)
{
	for (size_t i = 0; i < 2; i++)
		if (!arena_map(&l->group[i].payload,
			GROUP_BYTES + JOURNAL_PAYLOAD_MAX, f))
			return false;
	return true;
}

static uint8_t flags_of(const struct ledger *l, const struct ledger_item *item)
{
	uint8_t flags = item->flags | entry_flags(item->type);

	/* Entry 0: nothing stands behind it but paper. */
	if (l->tree.count[0] == 0)
		return 0;
	if (item->type == ENTRY_SEALED)
		flags |= ENTRY_EMBARGO;
	if (item->type == ENTRY_FINDING && item->author)
		flags |= ENTRY_TWO;
	return flags;
}

/* The entry but for its signature, and for the root of a body of its own. */
static void compose(const struct ledger *l, const struct ledger_item *item,
	struct entry *e, struct digest *subject)
{
	uint64_t before;

	*e = (struct entry){.type = item->type, .flags = flags_of(l, item),
		.clock = item->clock};
	memcpy(e->subject, item->confirms ? item->confirms->subject :
		item->subject, ENTRY_SUBJECT);
	if (item->author)
		sign_key_id(item->author->public_key, e->key_id);
	else
		memcpy(e->key_id, l->engine_id, sizeof e->key_id);
	*subject = table_subject(e->subject);
	(void)ledger_head_of(l, subject, &before, &e->prev);
	if (item->confirms)
		e->body = item->confirms->body;
}

/* As its author signed it elsewhere, if nothing moved since. */
static bool adopt(struct ledger *l, const struct ledger_item *item,
	struct entry *e, struct fault *f)
{
	uint8_t at[ENTRY_LEN];

	memcpy(e->signature, item->draft->entry + ENTRY_SIGNED,
		ENTRY_SIGNATURE);
	entry_write(e, at);
	l->refused = true;
	if (memcmp(at, item->draft->entry, ENTRY_SIGNED) != 0)
		return fault(f, FAULT_INPUT, "refused: prev: something was "
			"logged about it meanwhile");
	if (!sign_entry_holds(item->author->public_key,
		(struct bytes){at, ENTRY_LEN}))
		return fault(f, FAULT_INPUT, "refused: signature: it is not "
			"that of its author's key");
	l->refused = false;
	return true;
}

struct made { /* of an item, before it is signed */
	struct entry entry;
	struct bytes plain;
	struct digest seal, subject, content;
};

/* Signs, seals and notes one entry into a group. */
static bool prepare(struct ledger *l, struct ledger_item *item,
	struct made *m, struct ledger_group *g, struct fault *f)
{
	struct bytes plain = m->plain;
	struct entry *e = &m->entry;
	size_t n = ENTRY_LEN + (item->confirms ? 0 : plain.len + BODY_TAG);
	/* A group that has more than GROUP_BYTES is full. */
	uint8_t *payload = g->payload.at + g->payload.used;
	struct ledger_entry x = {.index = l->tree.count[0],
		.body = item->confirms ? NULL : item->body, .plain = plain};

	if (!item->draft)
		sign_entry(item->author ? item->author : &l->engine, e);
	else if (!adopt(l, item, e, f))
		return false;
	entry_write(e, payload);
	if (!item->confirms)
		body_seal_by(plain, &m->seal, payload, payload + ENTRY_LEN);
	x.leaf = entry_leaf((struct bytes){payload, ENTRY_LEN});
	item->index = x.index;
	item->leaf = x.leaf;
	g->record[g->n] = (struct journal_record){.received = item->clock,
		.kind = JOURNAL_ENTRY, .payload = {payload, n}};
	/* As whoever reads it will see it. */
	e->clock.utc_ns -= e->clock.utc_ns % 1000000;
	x.entry = *e;
	if (!ledger_note(l, &x, &m->subject, &m->content, f))
		return false;
	if (item->confirms) /* what lies elsewhere */
		memset(g->secret[g->n], 0, BODY_SECRET);
	g->n++;
	g->payload.used += n;
	return true;
}

/* The secret of the group's next entry.  All of a group are drawn at once: a
 * call of the kernel for each would cost more than its sealing. */
static uint8_t *next_secret(struct ledger_group *g, size_t wanted)
{
	if (g->n == g->secrets) {
		size_t left = LEDGER_GROUP - g->n;
		size_t n = wanted < left ? wanted : left;

		sign_random(g->secret[g->n], n * BODY_SECRET);
		g->secrets += n;
	}
	return g->secret[g->n];
}

/* Records of a spool are taken in once, and in order. */
static bool goes_on(struct ledger *l, const struct ledger_item *item,
	struct fault *f)
{
	uint64_t first, end;

	if (item->type != ENTRY_INTAKE ||
		!body_number(item->body, "first", &first))
		return true;
	end = ledger_intake_end(l, item->subject);
	if (first >= end)
		return true;
	l->refused = true;
	return fault(f, FAULT_INPUT, "refused: intake: it begins at record %"
		PRIu64 ", and all before %" PRIu64 " were taken in already and"
		" are in the log; begun anew, it goes on from there", first,
		end);
}

/* One item into the group, unless it is there already; `left`: so many
 * follow, with it. */
static bool append_one(struct ledger *l, struct ledger_item *item, size_t left,
	struct ledger_group *g, struct fault *f)
{
	uint8_t *secret = next_secret(g, left);
	struct made m = {.plain = {l->plain, 0}};
	bool ok = true;

	if (item->draft)
		memcpy(secret, item->draft->secret, BODY_SECRET);
	if (!item->confirms)
		m.plain.len = body_put(item->body, l->plain);
	compose(l, item, &m.entry, &m.subject);
	m.content = item->confirms ? ledger_confirmed(&m.entry) :
		ledger_content(item->type, item->subject, m.plain,
			item->author ? m.entry.key_id : NULL);
	table_expect(&l->content, &m.content); /* beside the salts' work */
	if (!item->confirms)
		body_commit(m.plain, secret, &m.entry.body, &m.seal);
	item->fresh = !table_get(&l->content, &m.content, &item->index);
	if (!item->fresh)
		item->leaf = l->tree.level[0][item->index];
	else if (l->copy)
		ok = fault(f, FAULT_SYSTEM, "ledger: this is a copy, whose "
			"keys are elsewhere: nothing new can be logged here");
	else
		ok = goes_on(l, item, f) && prepare(l, item, &m, g, f);
	sign_forget(&m.seal, sizeof m.seal);
	return ok;
}

bool ledger_draft(struct ledger *l, const struct ledger_item *item,
	struct ledger_draft *d, struct fault *f)
{
	struct bytes plain = {l->plain, 0};
	struct people_entry x = {.index = l->tree.count[0]};
	struct digest subject;
	struct entry e;

	*d = (struct ledger_draft){{0}, {0}};
	if (!item->author || !instant_known(item->clock))
		return fault(f, FAULT_INPUT, "ledger: a draft wants an author "
			"and a clock");
	if (!item->confirms && !body_write(item->body, l->plain, BODY_MAX,
		&plain.len, f))
		return false;
	compose(l, item, &e, &subject);
	if (!item->confirms) {
		sign_random(d->secret, BODY_SECRET);
		e.body = body_root(plain, d->secret);
	}
	x.entry = &e;
	if (!people_may(&l->people, &x, f))
		return fault_in(f, "refused: %s", l->people.rule);
	entry_write(&e, d->entry);
	return true;
}

/* -- groups -- */

/* While one is written, the next one is made: the disk is waited for without
 * a core.  They meet in join() only. */
struct writing {
	struct ledger *of;
	struct ledger_group *group; /* NULL: none is being written */
	pthread_t thread;
	bool ok;
	struct fault fault;
};

static void empty(struct ledger_group *g)
{
	sign_forget(g->secret, g->secrets * BODY_SECRET);
	g->n = g->secrets = 0;
	g->payload.used = 0;
}

static bool write_group(
	struct ledger *l, struct ledger_group *g, struct fault *f)
{
	/* Never a record without its secret. */
	return g->n == 0 || (secrets_put(&l->secrets, l->log.end,
		(const uint8_t (*)[BODY_SECRET])g->secret, g->n, f) &&
		log_append(&l->log, g->record, g->n, f));
}

static void *write_beside(void *self)
{
	struct writing *w = self;

	w->ok = write_group(w->of, w->group, &w->fault);
	return NULL;
}

static bool join(struct writing *w, struct fault *f)
{
	if (!w->group)
		return true;
	(void)pthread_join(w->thread, NULL);
	empty(w->group);
	w->group = NULL;
	if (!w->ok)
		*f = w->fault;
	w->of->size = w->of->log.end;
	return w->ok;
}

/* The group is written: beside us where more follows. */
static bool hand_over(struct writing *w, struct ledger_group *g, bool more,
	struct fault *f)
{
	bool ok;

	if (!join(w, f))
		return false;
	w->group = g;
	if (more && pthread_create(&w->thread, NULL, write_beside, w) == 0)
		return true;
	w->group = NULL;
	ok = write_group(w->of, g, f);
	empty(g);
	w->of->size = w->of->log.end;
	return ok;
}

static bool append_items(struct ledger *l, struct ledger_item *item,
	size_t count, struct fault *f)
{
	struct ledger_group *g = &l->group[0];
	struct writing w = {.of = l};
	struct fault no;
	bool ok = true;

	sign_key_id(l->engine.public_key, l->engine_id);
	for (size_t i = 0; ok && i < count; i++) {
		/* On one core: or its second sync would wait for us. */
		if (w.group && i % YIELD == 0)
			(void)sched_yield();
		ok = append_one(l, &item[i], count - i, g, f);
		if (ok && (g->n == LEDGER_GROUP ||
			g->payload.used > GROUP_BYTES)) {
			ok = hand_over(&w, g, i + 1 < count, f);
			g = g == &l->group[0] ? &l->group[1] : &l->group[0];
		}
	}
	if (ok)
		ok = hand_over(&w, g, false, f);
	/* What was noted is written, so we can go on. */
	else if (!join(&w, &no) || (l->refused && !hand_over(&w, g, false,
		&no)))
		l->refused = false;
	empty(&l->group[0]);
	empty(&l->group[1]);
	return ok && ledger_erase(l, f);
}

/* Nothing is noted before all of them can be written. */
static bool check_items(struct ledger *l, struct ledger_item *item,
	size_t count, struct fault *f)
{
	size_t n;

	if (!l->writable)
		return fault(f, FAULT_SYSTEM, "ledger: opened for reading");
	if (l->dead)
		return fault(f, FAULT_SYSTEM,
			"ledger: an append failed: open it again");
	if (ledger_off(l))
		return fault(f, FAULT_SYSTEM, "%s", l->held);
	for (size_t i = 0; i < count; i++) {
		if (!instant_known(item[i].clock))
			return fault(f, FAULT_INPUT, "ledger: no clock");
		if (item[i].draft && !item[i].author)
			return fault(f, FAULT_INPUT,
				"ledger: a draft of nobody");
		if (item[i].confirms && (item[i].type != ENTRY_REVIEW ||
				!item[i].author))
			return fault(f, FAULT_INPUT,
				"ledger: a person confirms, by type 4");
		if (!item[i].confirms &&
			!body_size(item[i].body, BODY_MAX, &n, f))
			return false;
	}
	return true;
}

bool ledger_append(struct ledger *l, struct ledger_item *item, size_t count,
	struct fault *f)
{
	bool ok;

	if (!check_items(l, item, count, f))
		return false;
	if (l->writer)
		return l->writer->append(l->writer->self, item, count, f);
	l->refused = false;
	ok = append_items(l, item, count, f);
	/* Tree and tables hold what the disk may not: start afresh. */
	l->dead = !ok && !l->refused;
	return ok;
}

void ledger_forward(struct ledger *l, const struct ledger_writer *w)
{
	l->writer = w;
}

const struct ledger_writer *ledger_forwards(const struct ledger *l)
{
	return l->writer;
}

struct headers {
	struct merkle tree;
	uint64_t want;
};

static bool add_header(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct headers *h = self;
	uint8_t at[JOURNAL_HEADER];
	struct digest leaf;

	(void)f;
	if (h->tree.count == h->want)
		return false;
	log_record_header(r, at);
	leaf = merkle_leaf((struct bytes){at, sizeof at});
	merkle_add(&h->tree, &leaf);
	return true;
}

bool ledger_append_intake(struct ledger *l, struct journal *spool,
	const uint8_t spool_id[16], uint64_t first, uint64_t count,
	struct instant clock, struct ledger_item *out, struct fault *f)
{
	struct fields body;
	struct headers h = {.want = count};
	char at[SHA256_HEX];
	struct text t = text_on(at, sizeof at);
	struct digest root, key;
	bool ok;

	f->kind = FAULT_NONE;
	if (count == 0)
		return fault(f, FAULT_INPUT, "an intake of no records");
	if (!spool->read(spool->self, first, add_header, &h, f))
		return false;
	if (h.tree.count != count)
		return fault(f, FAULT_INPUT, "intake: %" PRIu64 " records from"
			" %" PRIu64 ", wants %" PRIu64, h.tree.count, first,
			count);
	root = merkle_root(&h.tree);
	l->fields.used = 0;
	body = fields_in(&l->fields);
	fields_i64(&body, "count", (int64_t)count);
	fields_i64(&body, "first", (int64_t)first);
	fields_text(&body, "root", digest_hex(&root, at));
	t = text_on(at, sizeof at);
	text_hex(&t, (struct bytes){spool_id, ENTRY_SUBJECT});
	fields_text(&body, "spool", at);
	*out = (struct ledger_item){.type = ENTRY_INTAKE, .clock = clock,
		.body = &body};
	memcpy(out->subject, spool_id, ENTRY_SUBJECT);
	ok = ledger_append(l, out, 1, f);
	out->body = NULL;
	/* Who appends through another has a table of its own. */
	key = table_subject(spool_id);
	return ok && table_set(&l->intake, &key, first + count, f);
}

uint64_t ledger_intake_end(const struct ledger *l, const uint8_t spool_id[16])
{
	struct digest key = table_subject(spool_id);
	uint64_t end = 0;

	(void)table_get(&l->intake, &key, &end);
	return end;
}

bool ledger_batch(struct ledger *l, const char *kind, struct bytes lines,
	struct instant at, struct fields *body, struct ledger_item *out,
	struct blob *blob, struct fault *f)
{
	char hex[SHA256_HEX], made_of[128];
	struct text t = text_on(made_of, sizeof made_of);
	struct digest root;
	uint64_t count;

	if (lines.len == 0 || lines.at[lines.len - 1] != '\n')
		return fault(f, FAULT_INPUT, "batch: lines end in LF");
	if (!blobs_put(l->disk, lines, blob, NULL, f))
		return false;
	root = merkle_lines(lines, &count);
	fields_text(body, "blob", digest_hex(&blob->sha256, hex));
	text_fmt(&t, "%.40s\n%s", kind, hex);
	fields_i64(body, "count", (int64_t)count);
	fields_text(body, "kind", kind);
	fields_text(body, "root", digest_hex(&root, hex));
	*out = (struct ledger_item){.type = ENTRY_BATCH, .body = body};
	entry_subject(at, text_view(&t), out->subject);
	return fields_done(body, f);
}

bool ledger_append_batch(struct ledger *l, const char *kind,
	struct bytes lines, struct instant at, struct instant clock,
	struct ledger_item *out, struct blob *blob, struct fault *f)
{
	struct fields body;
	bool ok;

	l->fields.used = 0;
	body = fields_in(&l->fields);
	ok = ledger_batch(l, kind, lines, at, &body, out, blob, f);
	out->clock = clock;
	ok = ok && ledger_append(l, out, 1, f);
	out->body = NULL;
	return ok;
}

