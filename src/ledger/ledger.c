/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/inside.h"

#include "base/encode.h"
#include "ledger/genesis.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	GROUP = 512,           /* entries a sync (PROOF.md 8) */
	GROUP_BYTES = 8 << 20, /* or so many bytes of payload */
	ARENA = 4 << 20,       /* fields of one body that is read */
};

static const char folder[] = "ledger/journal";

/* Of an entry with a body.  author: NULL for the engine's, whose key may
 * change. */
static struct digest content_key(uint8_t type,
	const uint8_t subject[ENTRY_SUBJECT], struct bytes plain,
	const uint8_t *author)
{
	struct sha256 s;

	sha256_start(&s);
	sha256_add(&s, (struct bytes){&type, 1});
	sha256_add(&s, (struct bytes){subject, ENTRY_SUBJECT});
	sha256_add(&s, plain);
	if (author)
		sha256_add(&s, (struct bytes){author, ENTRY_KEY_ID});
	return sha256_end(&s);
}

/* Of one that confirms another's. */
static struct digest confirm_key(const struct entry *e)
{
	return content_key(e->type, e->subject, digest_view(&e->body),
		e->key_id);
}

/* -- what is known of an entry -- */

/* Takes an entry into tree and tables.  Refused: nothing is changed. */
static bool note(struct ledger *l, const struct entry *e,
	const struct digest *leaf, struct bytes plain,
	const struct fields *body, struct fault *f)
{
	uint64_t index = l->tree.count[0], first, count;
	struct people_entry x = {index, e, leaf, body,
		body && plain.len == 0};
	struct digest subject = table_subject(e->subject), key;
	const struct people_key *k;

	l->people.rule = NULL;
	if (!people_may(&l->people, &x, f) ||
		!people_take(&l->people, &x, &l->tree, f)) {
		l->refused = l->people.rule != NULL;
		if (l->refused)
			(void)fault_in(f, "refused: %s", l->people.rule);
		return false;
	}
	if (!merkle_tree_add(&l->tree, leaf, f) ||
		!table_set(&l->head, &subject, index, f))
		return false;
	k = people_author(&l->people, e->key_id);
	if (body)
		key = content_key(e->type, e->subject, plain,
			k && k->role == PEOPLE_ENGINE ? NULL : e->key_id);
	else
		key = confirm_key(e);
	if (!table_set(&l->content, &key, index, f))
		return false;
	return e->type != ENTRY_INTAKE || !body ||
		!body_number(body, "first", &first) ||
		!body_number(body, "count", &count) ||
		table_set(&l->intake, &subject, first + count, f);
}

/* Of a body that was imported; plain: what stands in the record, and then as
 * we would have written it, or nothing where fields are shut. */
static bool read_foreign(struct ledger *l, struct ledger_entry *e,
	struct fields *body, struct bytes *plain, struct fault *f)
{
	struct disclosure *d = &l->shown;
	struct bytes from = *plain;

	memcpy(d->raw, e->raw.at, ENTRY_LEN);
	d->entry = e->entry;
	*plain = (struct bytes){l->again, 0};
	if (!foreign_read(from, d, f) ||
		!disclosure_fields(d, &l->fields, body, f) ||
		(d->withheld == 0 && !body_write(body, l->again, BODY_MAX,
			&plain->len, f)))
		return false;
	e->open = true;
	e->body = body;
	e->shown = d;
	return true;
}

/* One slot may be torn where a crash met its erasure, which a later entry
 * tells of. */
static bool half_erased(struct ledger *l, uint64_t index)
{
	if (l->size > 0 || (l->torn > 0 && l->torn != index + 1))
		return people_erased(&l->people, index);
	l->torn = index + 1;
	return true;
}

/* Entry, and its body if its secret is there. */
static bool read_entry(struct ledger *l, const struct journal_record *r,
	struct ledger_entry *e, struct fields *body, struct bytes *plain,
	struct fault *f)
{
	struct bytes raw = bytes_part(r->payload, 0, ENTRY_LEN);
	struct bytes cipher = bytes_part(r->payload, ENTRY_LEN, SIZE_MAX);
	uint8_t *secret = l->secret;
	enum secret_state state;
	struct digest root;

	*e = (struct ledger_entry){.index = r->sequence, .raw = raw};
	*plain = (struct bytes){0};
	if (!entry_read(raw, &e->entry, f))
		return false;
	e->leaf = entry_leaf(raw);
	if (r->flags & JOURNAL_IMPORTED && cipher.len == 0)
		return true;
	if (!secrets_get(&l->secrets, e->index, secret, &state, f))
		return false;
	if (state == SECRET_DAMAGED)
		return half_erased(l, e->index) ||
			fault(f, FAULT_INPUT, "its secret is damaged");
	if (state == SECRET_EMPTY)
		return true;
	if (cipher.len < BODY_TAG || !body_unseal(cipher, secret, raw.at,
		l->plain))
		return fault(f, FAULT_INPUT, "its body is damaged");
	*plain = (struct bytes){l->plain, cipher.len - BODY_TAG};
	l->fields.used = 0;
	if (r->flags & JOURNAL_IMPORTED)
		return read_foreign(l, e, body, plain, f);
	if (!body_root(*plain, secret, &root, f) ||
		!body_read(*plain, &l->fields, body, f))
		return false;
	if (!digest_equal(&root, &e->entry.body))
		return fault(f, FAULT_INPUT, "its body has another root");
	e->open = true;
	e->body = body;
	e->plain = *plain;
	e->secret = secret;
	return true;
}

/* Entry 0 says which keys hold. */
static bool learn_keys(
	struct ledger *l, const struct ledger_entry *e, struct fault *f)
{
	struct text t = text_on(l->vkey, sizeof l->vkey);
	struct genesis g;

	if (e->entry.type != ENTRY_KEY || !e->open)
		return fault(f, FAULT_INPUT, "is no genesis that can be read");
	if (!genesis_read(e->body, &g, f))
		return false;
	memcpy(l->origin, g.origin, sizeof l->origin);
	memcpy(l->signer_key, g.log, SIGN_KEY);
	sign_vkey_print(l->origin, l->signer_key, &t);
	return true;
}

static bool take_record(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct ledger *l = self;
	struct fields body;
	struct bytes plain;
	struct ledger_entry e;

	if (r->kind != JOURNAL_ENTRY)
		return fault(f, FAULT_INPUT, "ledger: record %" PRIu64
			" of kind %d", r->sequence, r->kind);
	if (r->sequence == 0)
		l->copy = r->flags & JOURNAL_IMPORTED;
	if (!read_entry(l, r, &e, &body, &plain, f) ||
		(e.index == 0 && !learn_keys(l, &e, f)) ||
		!note(l, &e.entry, &e.leaf, plain, e.body, f))
		return fault_in(f, "ledger: entry %" PRIu64, r->sequence);
	merkle_add(&l->back, &e.leaf);
	return true;
}

/* -- opening -- */

bool ledger_exists(struct disk *d, bool *exists, struct fault *f)
{
	uint64_t first[1];
	struct fault no = {0};
	size_t n = 0;

	if (!log_segments(d, folder, first, 1, &n, &no)) {
		*f = no;
		*exists = no.kind == FAULT_LIMIT;
		return *exists;
	}
	*exists = n > 0;
	return true;
}

static struct ledger *new_ledger(struct disk *d, bool writable, struct fault *f)
{
	struct ledger *l;

	if (!sign_ready(f))
		return NULL;
	l = calloc(1, sizeof *l);
	if (!l) {
		fault(f, FAULT_LIMIT, "memory");
		return NULL;
	}
	l->disk = d;
	l->writable = writable;
	if (!arena_map(&l->group, GROUP_BYTES + JOURNAL_PAYLOAD_MAX + 64 *
			GROUP, f) || !arena_map(&l->fields, ARENA, f)) {
		ledger_close(l);
		return NULL;
	}
	return l;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	quorum_close(&l->quorum);
	log_close(&l->log);
	secrets_close(&l->secrets);
	merkle_tree_free(&l->tree);
	table_free(&l->content);
	table_free(&l->head);
	table_free(&l->intake);
	people_free(&l->people);
	if (l->fields.at)
		sign_forget(l->plain, sizeof l->plain);
	arena_unmap(&l->group);
	arena_unmap(&l->fields);
	sign_forget(l, sizeof *l);
	free(l);
}

static bool open_log(struct ledger *l, struct fault *f)
{
	struct log_options o = {.folder = folder, .use = LOG_JOURNAL,
		.writable = l->writable};

	sign_random(o.id, sizeof o.id);
	return log_open(&l->log, l->disk, &o, f);
}

/* Destroys what is to be erased; the erasure is in the log. */
static bool erase(struct ledger *l, struct fault *f)
{
	const struct people *p = &l->people;

	if (p->erased.used == l->erased)
		return true;
	for (size_t i = 0; i < p->items; i++)
		if (p->item[i].type == ENTRY_PUBLICATION &&
			people_erased(p, p->item[i].target) &&
			!secrets_erase(&l->secrets, p->item[i].target, f))
			return false;
	l->erased = p->erased.used;
	return true;
}

bool ledger_open(struct ledger **out, struct disk *d, bool writable,
	struct fault *f)
{
	struct ledger *l = new_ledger(d, writable, f);
	struct journal j;
	bool exists;

	*out = NULL;
	if (!l)
		return false;
	if (!ledger_exists(d, &exists, f))
		goto bad;
	if (!exists) {
		fault(f, FAULT_INPUT, "no ledger here");
		goto bad;
	}
	if (!secrets_open(&l->secrets, d, false, f) || !open_log(l, f))
		goto bad;
	j = log_journal(&l->log);
	if (!j.read(j.self, 0, take_record, l, f))
		goto bad;
	l->size = l->log.end;
	if (l->size == 0) {
		fault(f, FAULT_SYSTEM, "ledger: damage: no entry is left");
		goto bad;
	}
	if (l->torn > 0 && !people_erased(&l->people, l->torn - 1)) {
		fault(f, FAULT_INPUT, "ledger: entry %" PRIu64 ": its secret "
			"is damaged", l->torn - 1);
		goto bad;
	}
	if (!signing_check(l, f) ||
		(writable && (!signing_keys(l, f) || !erase(l, f) ||
			(!l->copy && !signing_quorum(l, f)))))
		goto bad;
	*out = l;
	return true;
bad:
	ledger_close(l);
	return false;
}

/* -- genesis -- */

static void origin_name(const char *mission, char out[SIGN_NAME_MAX + 1])
{
	uint8_t id[4];
	struct text t = text_on(out, SIGN_NAME_MAX + 1);

	sign_random(id, sizeof id);
	for (size_t i = 0; mission[i] && i < 100; i++)
		text_char(&t, strchr("abcdefghijklmnopqrstuvwxyz0123456789.-"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ", mission[i]) ?
			mission[i] : '-');
	text_char(&t, '/');
	text_hex(&t, (struct bytes){id, sizeof id});
}

/* The root keys that the file `roots` names, or one made here. */
static bool find_roots(struct ledger *l, struct genesis *g, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	char name[SIGN_NAME_MAX + 1];
	struct text t = text_on(name, sizeof name);
	struct root *r = &g->roots.of[0];
	struct sign_key key;
	struct digest d;
	size_t n;
	bool ok;

	if (!small_read(l->disk, "roots", at, &n, f))
		return false;
	if (n > 0)
		return roots_file((struct bytes){at, n}, g, f);
	text_fmt(&t, "%s/root", l->origin);
	ok = signing_key(l->disk, "ledger/keys/root", name, &key, f);
	d = sha256_of((struct bytes){key.public_key, SIGN_KEY});
	g->roots.count = g->roots.threshold = 1;
	memcpy(r->person, d.at, PERSON_LEN);
	memcpy(r->key, key.public_key, SIGN_KEY);
	memcpy(r->org, "local", sizeof "local");
	sign_forget(&key, sizeof key);
	return ok;
}

static bool genesis(struct ledger *l, const struct ledger_birth *b,
	struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	char vkey[LEDGER_VKEY];
	struct text t = text_on(vkey, sizeof vkey);
	struct fields body = fields_in(&l->fields);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = b->clock,
		.body = &body};
	struct genesis g = {.mission = b->mission,
		.mission_sha256 = b->mission_sha256};
	size_t n;

	if (!find_roots(l, &g, f) || !quorum_make(l->disk, &l->signer, f) ||
		!small_read(l->disk, "ledger/policy/accepted.policy", at, &n,
			f))
		return false;
	if (n > 0)
		g.policy_sha256 = sha256_of((struct bytes){at, n});
	memcpy(g.origin, l->origin, sizeof g.origin);
	memcpy(g.log, l->signer.public_key, SIGN_KEY);
	memcpy(g.engine, l->engine.public_key, SIGN_KEY);
	genesis_fields(&g, &body);
	sign_vkey_print(l->signer.name, l->signer.public_key, &t);
	entry_subject(b->clock, text_view(&t), item.subject);
	return fields_done(&body, f) && ledger_append(l, &item, 1, f) &&
		signing_quorum(l, f) && ledger_sign(l, f);
}

bool ledger_init(
	struct disk *d, const struct ledger_birth *b, struct fault *f)
{
	char origin[SIGN_NAME_MAX + 1], engine[SIGN_NAME_MAX + 1];
	struct text t = text_on(engine, sizeof engine);
	struct ledger *l;
	bool exists, ok = false;

	if (!ledger_exists(d, &exists, f))
		return false;
	if (exists)
		return fault(f, FAULT_INPUT, "there is a ledger already");
	l = new_ledger(d, true, f);
	if (!l)
		return false;
	origin_name(b->mission, origin);
	/* Keys of an earlier try that a crash cut short are used again. */
	if (!signing_key(d, "ledger/keys/log", origin, &l->signer, f))
		goto out;
	memcpy(l->origin, l->signer.name, sizeof l->origin);
	text_fmt(&t, "%s/engine", l->origin);
	if (!signing_key(d, "ledger/keys/engine", engine, &l->engine, f) ||
		!secrets_open(&l->secrets, d, true, f) || !open_log(l, f))
		goto out;
	ok = genesis(l, b, f);
out:
	ledger_close(l);
	return ok;
}

/* -- appending -- */

static bool know(struct ledger *l, struct ledger_item *item, struct bytes plain,
	const struct entry *e)
{
	struct digest key = item->confirms ? confirm_key(e) :
		content_key(item->type, item->subject, plain,
			item->author ? e->key_id : NULL);

	item->fresh = !table_get(&l->content, &key, &item->index);
	if (!item->fresh)
		item->leaf = l->tree.level[0][item->index];
	return !item->fresh;
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

/* The entry but for its signature; head and body root. */
static bool compose(struct ledger *l, const struct ledger_item *item,
	struct bytes plain, const uint8_t secret[BODY_SECRET], struct entry *e,
	struct fault *f)
{
	const struct sign_key *by = item->author ? item->author : &l->engine;
	uint64_t before;

	*e = (struct entry){.type = item->type, .flags = flags_of(l, item),
		.clock = item->clock};
	memcpy(e->subject, item->confirms ? item->confirms->subject :
		item->subject, ENTRY_SUBJECT);
	sign_key_id(by->public_key, e->key_id);
	if (ledger_head(l, e->subject, &before, &e->prev) &&
		before >= l->tree.count[0])
		return fault(f, FAULT_SYSTEM, "ledger: tables are wrong");
	if (!item->confirms)
		return body_root(plain, secret, &e->body, f);
	e->body = item->confirms->body;
	return true;
}

/* Signs, seals and notes one entry; its record goes to the journal later. */
static bool prepare(struct ledger *l, struct ledger_item *item,
	struct entry *e, struct bytes plain, const uint8_t secret[BODY_SECRET],
	struct journal_record *r, struct fault *f)
{
	size_t n = ENTRY_LEN + (item->confirms ? 0 : plain.len + BODY_TAG);
	size_t used = l->group.used;
	uint8_t *payload = arena_take(&l->group, n, f);

	if (!payload)
		return false;
	sign_entry(item->author ? item->author : &l->engine, e);
	entry_write(e, payload);
	if (!item->confirms)
		body_seal(plain, secret, payload, payload + ENTRY_LEN);
	item->index = l->tree.count[0];
	item->leaf = entry_leaf((struct bytes){payload, ENTRY_LEN});
	*r = (struct journal_record){.received = item->clock,
		.kind = JOURNAL_ENTRY, .payload = {payload, n}};
	/* As whoever reads it will see it. */
	e->clock.utc_ns -= e->clock.utc_ns % 1000000;
	if (note(l, e, &item->leaf, plain, item->confirms ? NULL : item->body,
		f))
		return true;
	l->group.used = used;
	return false;
}

struct group {
	struct journal_record record[GROUP];
	uint8_t secret[GROUP][BODY_SECRET];
	size_t n;
};

static bool write_group(struct ledger *l, struct group *g, struct fault *f)
{
	uint64_t first = l->log.end;

	if (g->n == 0)
		return true;
	/* Never a record without its secret. */
	if (!secrets_put(&l->secrets, first,
		(const uint8_t (*)[BODY_SECRET])g->secret, g->n, f) ||
		!log_append(&l->log, g->record, g->n, f))
		return false;
	l->size = l->log.end;
	g->n = 0;
	l->group.used = 0;
	return true;
}

/* One item into the group, unless it is there already. */
static bool append_one(struct ledger *l, struct ledger_item *item,
	struct group *g, struct fault *f)
{
	struct bytes plain = {l->plain, 0};
	uint8_t *secret = g->secret[g->n];
	struct entry e;

	if (!item->confirms && !body_write(item->body, l->plain, BODY_MAX,
		&plain.len, f))
		return false;
	if (item->confirms)
		memset(secret, 0, BODY_SECRET);
	else
		sign_random(secret, BODY_SECRET);
	if (!compose(l, item, plain, secret, &e, f))
		return false;
	if (know(l, item, plain, &e))
		return true;
	if (l->copy)
		return fault(f, FAULT_SYSTEM, "ledger: this is a copy, whose "
			"keys are elsewhere: nothing new can be logged here");
	if (!prepare(l, item, &e, plain, secret, &g->record[g->n], f))
		return false;
	g->n++;
	return true;
}

static bool append_items(struct ledger *l, struct ledger_item *item,
	size_t count, struct group *g, struct fault *f)
{
	for (size_t i = 0; i < count; i++) {
		if (!append_one(l, &item[i], g, f)) {
			struct fault no;

			/* What was noted is written, so we can go on. */
			if (l->refused && !write_group(l, g, &no))
				l->refused = false;
			return false;
		}
		if ((g->n == GROUP || l->group.used > GROUP_BYTES) &&
			!write_group(l, g, f))
			return false;
	}
	return write_group(l, g, f) && erase(l, f);
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
	for (size_t i = 0; i < count; i++) {
		if (!instant_known(item[i].clock))
			return fault(f, FAULT_INPUT, "ledger: no clock");
		if (item[i].confirms ? item[i].type != ENTRY_REVIEW ||
				!item[i].author : !body_write(item[i].body,
				l->plain, BODY_MAX, &n, f))
			return item[i].confirms ? fault(f, FAULT_INPUT,
				"ledger: a person confirms, by type 4") : false;
	}
	return true;
}

bool ledger_append(struct ledger *l, struct ledger_item *item, size_t count,
	struct fault *f)
{
	struct group *g;
	bool ok;

	if (!check_items(l, item, count, f))
		return false;
	if (l->writer)
		return l->writer->append(l->writer->self, item, count, f);
	g = calloc(1, sizeof *g);
	if (!g)
		return fault(f, FAULT_LIMIT, "memory");
	l->group.used = 0;
	l->refused = false;
	ok = append_items(l, item, count, g, f);
	/* Tree and tables hold what the disk may not: start afresh. */
	l->dead = !ok && !l->refused;
	sign_forget(g, sizeof *g);
	free(g);
	return ok;
}

void ledger_forward(struct ledger *l, const struct ledger_writer *w)
{
	l->writer = w;
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
	struct digest root;
	bool ok;

	f->kind = FAULT_NONE;
	if (count == 0 || !spool->read(spool->self, first, add_header, &h, f))
		return count != 0 ? false :
			fault(f, FAULT_INPUT, "an intake of no records");
	if (h.tree.count != count)
		return fault(f, FAULT_INPUT, "intake: %" PRIu64 " records from"
			" %" PRIu64 ", wants %" PRIu64, h.tree.count, first,
			count);
	root = merkle_root(&h.tree);
	l->fields.used = 0;
	body = fields_in(&l->fields);
	fields_i64(&body, "first", (int64_t)first);
	fields_i64(&body, "count", (int64_t)count);
	fields_text(&body, "root", digest_hex(&root, at));
	t = text_on(at, sizeof at);
	text_hex(&t, (struct bytes){spool_id, ENTRY_SUBJECT});
	fields_text(&body, "spool", at);
	*out = (struct ledger_item){.type = ENTRY_INTAKE, .clock = clock,
		.body = &body};
	memcpy(out->subject, spool_id, ENTRY_SUBJECT);
	ok = fields_done(&body, f) && ledger_append(l, out, 1, f);
	out->body = NULL;
	return ok;
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

/* -- asking -- */

uint64_t ledger_size(const struct ledger *l)
{
	return l->size;
}

struct digest ledger_root(const struct ledger *l)
{
	return merkle_tree_root(&l->tree, l->size);
}

struct digest ledger_root_at(const struct ledger *l, uint64_t size)
{
	return merkle_tree_root(&l->tree, size);
}

const char *ledger_origin(const struct ledger *l)
{
	return l->origin;
}

const char *ledger_vkey(const struct ledger *l)
{
	return l->vkey;
}

bool ledger_leaf(const struct ledger *l, uint64_t index, struct digest *d)
{
	if (index >= l->size)
		return false;
	*d = l->tree.level[0][index];
	return true;
}

struct digest ledger_genesis(const struct ledger *l)
{
	return l->tree.level[0][0];
}

bool ledger_head(const struct ledger *l, const uint8_t subject[ENTRY_SUBJECT],
	uint64_t *index, struct digest *leaf)
{
	struct digest key = table_subject(subject);

	if (!table_get(&l->head, &key, index))
		return false;
	*leaf = l->tree.level[0][*index];
	return true;
}

bool ledger_find(const struct ledger *l, uint8_t type,
	const uint8_t subject[ENTRY_SUBJECT], const struct fields *body,
	uint64_t *index)
{
	uint8_t *plain = malloc(BODY_MAX);
	struct digest key;
	struct fault no;
	bool found;
	size_t n;

	found = plain && body_write(body, plain, BODY_MAX, &n, &no);
	if (found) {
		key = content_key(type, subject, (struct bytes){plain, n},
			NULL);
		found = table_get(&l->content, &key, index);
	}
	free(plain);
	return found;
}

const struct people *ledger_people(const struct ledger *l)
{
	return &l->people;
}

struct reading {
	struct ledger *of;
	bool (*each)(void *self, const struct ledger_entry *, struct fault *);
	void *self;
};

static bool read_one(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct reading *x = self;
	struct fields body;
	struct bytes plain;
	struct ledger_entry e;

	if (!read_entry(x->of, r, &e, &body, &plain, f))
		return fault_in(f, "ledger: entry %" PRIu64, r->sequence);
	return x->each(x->self, &e, f);
}

bool ledger_read(struct ledger *l, uint64_t from,
	bool (*each)(void *self, const struct ledger_entry *, struct fault *),
	void *self, struct fault *f)
{
	struct reading x = {l, each, self};
	struct journal j = log_journal(&l->log);

	return j.read(j.self, from, read_one, &x, f);
}

bool ledger_proof_in(const struct ledger *l, uint64_t index, uint64_t size,
	struct merkle_path *p, struct fault *f)
{
	return merkle_tree_includes(&l->tree, index, size, p, f);
}

bool ledger_proof(const struct ledger *l, uint64_t index,
	struct merkle_path *p, struct fault *f)
{
	return ledger_proof_in(l, index, l->size, p, f);
}
