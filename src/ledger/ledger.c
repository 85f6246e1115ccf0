/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/inside.h"

#include "base/encode.h"
#include "ledger/genesis.h"
#include "ledger/people_event.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ARENA = 4 << 20 }; /* fields of one body that is read */

static const char folder[] = "ledger/journal";

struct digest ledger_content(uint8_t type,
	const uint8_t subject[ENTRY_SUBJECT], struct bytes plain,
	const uint8_t *author)
{
	const struct bytes part[] = {{&type, 1}, {subject, ENTRY_SUBJECT},
		plain, {author, author ? ENTRY_KEY_ID : 0}};

	return sha256_parts(part, 4);
}

struct digest ledger_confirmed(const struct entry *e)
{
	return ledger_content(e->type, e->subject, digest_view(&e->body),
		e->key_id);
}

/* -- what is known of an entry -- */

static bool note_anchor(struct ledger *l, uint64_t index, struct fault *f)
{
	if (!people_room(&l->anchor, l->anchors, &l->anchor_room,
		sizeof *l->anchor, f))
		return false;
	l->anchor[l->anchors++] = index;
	return true;
}

bool ledger_note(struct ledger *l, const struct ledger_entry *n,
	const struct digest *subject, const struct digest *content,
	struct fault *f)
{
	const struct entry *e = &n->entry;
	struct people_entry x = {n->index, e, &n->leaf, n->body,
		n->body && n->plain.len == 0};
	struct digest key;
	const struct people_key *k;
	uint64_t first, count, end = 0;

	l->people.rule = NULL;
	if (!people_may(&l->people, &x, f) ||
		!people_take(&l->people, &x, &l->tree, f)) {
		l->refused = l->people.rule != NULL;
		if (l->refused)
			(void)fault_in(f, "refused: %s", l->people.rule);
		return false;
	}
	if (!merkle_tree_add(&l->tree, &n->leaf, f) ||
		!table_set(&l->head, subject, n->index, f))
		return false;
	k = people_author(&l->people, e->key_id);
	if (content)
		key = *content;
	else if (n->body)
		key = ledger_content(e->type, e->subject, n->plain,
			k && k->role == PEOPLE_ENGINE ? NULL : e->key_id);
	else
		key = ledger_confirmed(e);
	if (!table_set(&l->content, &key, n->index, f) ||
		(e->type == ENTRY_ANCHOR && !note_anchor(l, n->index, f)))
		return false;
	if (e->type != ENTRY_INTAKE || !n->body ||
		!body_number(n->body, "first", &first) ||
		!body_number(n->body, "count", &count))
		return true;
	(void)table_get(&l->intake, subject, &end);
	return first + count <= end ||
		table_set(&l->intake, subject, first + count, f);
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
	if (!foreign_read(from, d, f))
		return false;
	disclosure_fields(d, body);
	if (d->withheld == 0)
		plain->len = body_put(body, l->again); /* without salts */
	e->open = true;
	e->body = body;
	e->shown = d;
	return true;
}

/* One slot may be torn where a crash met its erasure, which a later entry
 * tells of. */
static bool half_erased(struct ledger *l, uint64_t index)
{
	if (l->size > 0 || l->torn > 0)
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
	if (!body_read(*plain, &l->fields, body, f))
		return false;
	root = body_root(*plain, secret);
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
	struct digest subject;

	if (r->kind != JOURNAL_ENTRY)
		return fault(f, FAULT_INPUT, "ledger: record %" PRIu64
			" of kind %d", r->sequence, r->kind);
	if (r->sequence == 0)
		l->copy = r->flags & JOURNAL_IMPORTED;
	if (!read_entry(l, r, &e, &body, &plain, f) ||
		(e.index == 0 && !learn_keys(l, &e, f)))
		return fault_in(f, "ledger: entry %" PRIu64, r->sequence);
	e.plain = plain; /* of one that was imported, too */
	subject = table_subject(e.entry.subject);
	if (!ledger_note(l, &e, &subject, NULL, f))
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
	if (!arena_map(&l->fields, ARENA, f) ||
		(writable && !ledger_groups(l, f))) {
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
	free(l->anchor);
	if (l->fields.at)
		sign_forget(l->plain, sizeof l->plain);
	for (size_t i = 0; i < 2; i++)
		arena_unmap(&l->group[i].payload);
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

bool ledger_erase(struct ledger *l, struct fault *f)
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
	if (!signing_check(l, f) || (writable && (!signing_keys(l, f) ||
			!signing_begin(l, f) || !signing_first(l, f) ||
			!ledger_erase(l, f) ||
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
	g.policy_sha256 = sha256_of((struct bytes){at, n});
	memcpy(g.origin, l->origin, sizeof g.origin);
	memcpy(g.log, l->signer.public_key, SIGN_KEY);
	memcpy(g.engine, l->engine.public_key, SIGN_KEY);
	genesis_fields(&g, &body);
	sign_vkey_print(l->signer.name, l->signer.public_key, &t);
	entry_subject(b->clock, text_view(&t), item.subject);
	return ledger_append(l, &item, 1, f) &&
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

	return ledger_head_of(l, &key, index, leaf);
}

bool ledger_head_of(const struct ledger *l, const struct digest *subject,
	uint64_t *index, struct digest *leaf)
{
	if (!table_get(&l->head, subject, index))
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
		key = ledger_content(type, subject, (struct bytes){plain, n},
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
