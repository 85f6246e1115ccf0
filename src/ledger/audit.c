/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit.h"

#include "base/log.h"
#include "ledger/access.h"
#include "ledger/audit_spools.h"
#include "ledger/audit_witness.h"
#include "ledger/blobs.h"
#include "ledger/body.h"
#include "ledger/foreign.h"
#include "ledger/genesis.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/people_event.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/table.h"
#include "ledger/tiles.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ARENA = 4 << 20 };

struct auditor {
	struct disk *disk;
	struct audit *out;
	struct secrets secrets;
	struct merkle_tree tree;
	struct table head;
	const struct audit_with *with;
	uint64_t noted; /* size of the last checkpoint read */
	bool copy; /* entry 0 was imported */
	struct people people;
	struct pulse pulse;
	struct clocks clocks;
	uint8_t engine[SIGN_KEY]; /* of entry 0 */
	uint64_t *gone; /* entries whose body is erased, so it seems */
	size_t gones, gone_room;
	struct arena arena;
	uint8_t plain[BODY_MAX];
	struct disclosure shown; /* of a body that was imported */
	struct audit_segments segments;
	struct audit_spools spools;
	struct custody custody;
};

/* Notes the first failure; false, for `return`. */
static bool fails(struct auditor *a, uint64_t index, const char *rule,
	const char *where, struct fault *f)
{
	return outcome_fails(&a->out->is, index, rule, where, f);
}

static bool fails_by(struct auditor *a, uint64_t index, const char *rule,
	struct fault *f)
{
	return outcome_fails_by(&a->out->is, index, rule, f);
}

/* -- entries -- */

static bool learn_keys(struct auditor *a, const struct ledger_entry *e,
	struct fault *f)
{
	struct text o = text_on(a->out->origin, sizeof a->out->origin);
	struct text v = text_on(a->out->vkey, sizeof a->out->vkey);
	struct genesis g;

	if (e->entry.type != ENTRY_KEY || e->entry.flags != 0)
		return fails(a, 0, "genesis", "entry 0 names no keys", f);
	if (!genesis_read(e->body, &g, f))
		return fails_by(a, 0, "genesis", f);
	memcpy(a->engine, g.engine, SIGN_KEY);
	text_add(&o, g.origin);
	sign_vkey_print(g.origin, g.log, &v);
	a->out->genesis = e->leaf;
	return true;
}

/* Its secret is gone: an erasure must say so, later. */
static bool note_gone(struct auditor *a, uint64_t index, struct fault *f)
{
	if (!people_room(&a->gone, a->gones, &a->gone_room, sizeof *a->gone,
		f))
		return false;
	a->gone[a->gones++] = index;
	return true;
}

static bool check_gone(struct auditor *a, struct fault *f)
{
	for (size_t i = 0; i < a->gones; i++)
		if (!people_erased(&a->people, a->gone[i]))
			return fails(a, a->gone[i], "secret", "its secret is "
				"gone or damaged, and no erasure says so", f);
	a->out->closed = a->gones;
	return true;
}

/* What a pack showed of a body. */
static bool check_foreign(struct auditor *a, struct ledger_entry *e,
	struct bytes plain, struct fields *body, struct fault *f)
{
	struct disclosure *d = &a->shown;

	memcpy(d->raw, e->raw.at, ENTRY_LEN);
	d->entry = e->entry;
	if (!foreign_read(plain, d, f))
		return fails_by(a, e->index, "body", f);
	disclosure_fields(d, body);
	e->body = body;
	e->shown = d;
	a->out->bodies++;
	return true;
}

static bool check_body(struct auditor *a, const struct journal_record *r,
	struct ledger_entry *e, struct fields *body, struct fault *f)
{
	struct bytes cipher = bytes_part(r->payload, ENTRY_LEN, SIZE_MAX);
	uint8_t secret[BODY_SECRET];
	enum secret_state state;
	struct digest root;
	struct bytes plain;

	if (r->flags & JOURNAL_IMPORTED && cipher.len == 0 && e->index > 0) {
		a->out->absent += !people_confirmed(&a->people, &e->entry);
		return true;
	}
	if (!secrets_get(&a->secrets, e->index, secret, &state, f))
		return fails_by(a, e->index, "secret", f);
	if (state == SECRET_DAMAGED && e->index > 0)
		return note_gone(a, e->index, f); /* torn by its erasure? */
	if (state != SECRET_OPEN && e->index == 0)
		return fails(a, 0, "secret", "entry 0 is never erased", f);
	if (state != SECRET_OPEN) {
		/* What confirms another's body has none of its own. */
		if (cipher.len == 0 && people_confirmed(&a->people, &e->entry))
			return true;
		return note_gone(a, e->index, f);
	}
	if (cipher.len < BODY_TAG || !body_unseal(cipher, secret, e->raw.at,
		a->plain))
		return fails(a, e->index, "body", "does not open", f);
	plain = (struct bytes){a->plain, cipher.len - BODY_TAG};
	a->arena.used = 0;
	if (r->flags & JOURNAL_IMPORTED)
		return check_foreign(a, e, plain, body, f);
	if (!body_read(plain, &a->arena, body, f))
		return fails_by(a, e->index, "body", f);
	root = body_root(plain, secret);
	sign_forget(secret, sizeof secret);
	if (!digest_equal(&root, &e->entry.body))
		return fails(a, e->index, "body", "has another root", f);
	e->body = body;
	a->out->bodies++;
	return true;
}

/* Whatever an entry says lies in a blob must lie there. */
static bool check_blob(
	struct auditor *a, const struct ledger_entry *e, struct fault *f)
{
	struct digest name, root, want;
	uint64_t lines, count;
	struct bytes b;
	bool same;

	if (!body_digest(e->body, "blob", &name))
		return fails(a, e->index, "batch", "wants blob", f);
	if (!blobs_get(a->disk, &name, &b, f))
		return fails_by(a, e->index, "blob", f);
	root = merkle_lines(b, &lines);
	blobs_release(a->disk, b);
	if (e->entry.type != ENTRY_BATCH)
		return true;
	a->out->batches++;
	same = body_number(e->body, "count", &count) && count == lines &&
		body_digest(e->body, "root", &want) &&
		digest_equal(&want, &root);
	if (same)
		return true;
	return fails(a, e->index, "batch",
		"count or root is not that of its blob", f);
}

/* A stamp lies in a blob. */
static bool check_anchor(
	struct auditor *a, const struct people_entry *x, struct fault *f)
{
	struct anchor_claim c = {.entry = x, .origin = a->out->origin,
		.tree = &a->tree, .clocks = &a->clocks};
	bool ok = anchor_token(a->disk, x, &c.token, f) &&
		anchor_check(&c, a->with->authorities, &a->out->anchors, f);

	if (c.token.len > 0)
		blobs_release(a->disk, c.token);
	if (ok)
		return true;
	return fails_by(a, x->index, "anchor", f);
}

static bool check_chain(
	struct auditor *a, const struct ledger_entry *e, struct fault *f)
{
	struct digest key = table_subject(e->entry.subject), want = {{0}};
	uint64_t before;

	if (table_get(&a->head, &key, &before))
		want = a->tree.level[0][before];
	if (!digest_equal(&want, &e->entry.prev))
		return fails(a, e->index, "prev",
			"does not follow the last entry of its subject", f);
	return merkle_tree_add(&a->tree, &e->leaf, f) &&
		table_set(&a->head, &key, e->index, f);
}

/* By whom, and may they? */
static bool check_author(struct auditor *a, const struct ledger_entry *e,
	struct people_entry *x, struct fault *f)
{
	const struct people_key *k;
	bool held;

	if (e->index > 0) {
		k = people_author(&a->people, e->entry.key_id);
		held = !k || sign_entry_holds(k->key, e->raw);
	} else {
		uint8_t id[ENTRY_KEY_ID];

		sign_key_id(a->engine, id);
		held = memcmp(id, e->entry.key_id, sizeof id) == 0 &&
			sign_entry_holds(a->engine, e->raw);
	}
	if (!held)
		return fails(a, e->index, "signature",
			"not by the key that it names", f);
	if (people_may(&a->people, x, f))
		return true;
	return fails_by(a, e->index, a->people.rule, f);
}

static bool entry(void *self, const struct journal_record *r, struct fault *f)
{
	struct auditor *a = self;
	struct ledger_entry e = {.index = r->sequence,
		.raw = bytes_part(r->payload, 0, ENTRY_LEN)};
	struct people_entry x = {e.index, &e.entry, &e.leaf, NULL, false};
	struct fields body;
	const char *rule;

	if (r->kind != JOURNAL_ENTRY || r->feed != 0 ||
		(r->flags & ~(unsigned)JOURNAL_IMPORTED) != 0)
		return fails(a, e.index, "journal", "is no entry", f);
	if (e.index == 0)
		a->copy = r->flags & JOURNAL_IMPORTED;
	if (!entry_read(e.raw, &e.entry, f))
		return fails_by(a, e.index, "entry", f);
	e.leaf = entry_leaf(e.raw);
	if (!check_body(a, r, &e, &body, f) ||
		(e.index == 0 && !learn_keys(a, &e, f)))
		return false;
	x.body = e.body;
	if (e.entry.type != ENTRY_KEY && e.shown && !e.shown->named)
		x.body = NULL; /* people.md 25 */
	x.withheld = e.shown && (e.shown->withheld > 0 || !e.shown->named);
	if (!check_author(a, &e, &x, f) || !check_chain(a, &e, f))
		return false;
	if (!people_take(&a->people, &x, &a->tree, f))
		return fails_by(a, e.index, a->people.rule, f);
	a->out->entries++;
	if (!clocks_note(&a->clocks, e.entry.clock, f))
		return false;
	rule = pulse_take(&a->pulse, &x, &a->tree, f);
	if (!rule)
		rule = access_take(&a->out->told, &x, &a->tree, f);
	if (rule)
		return fails_by(a, e.index, rule, f);
	if (e.entry.type == ENTRY_ANCHOR)
		return check_anchor(a, &x, f);
	if (!e.body)
		return true;
	if (e.entry.type == ENTRY_INTAKE)
		return audit_spools_promise(&a->spools, &e, f);
	if (e.entry.type != ENTRY_BATCH && !fields_find(&body, "blob"))
		return true;
	return check_blob(a, &e, f);
}

/* -- checkpoints and keys -- */

static bool check_one(struct auditor *a, const char *path, struct bytes note,
	struct fault *f)
{
	struct checkpoint c;
	struct digest root;

	if (!people_note(&a->people, note, &c, NULL, f)) {
		(void)fault_in(f, "%s", path);
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	}
	if (c.size > a->out->entries)
		return fails(a, a->out->entries, "checkpoint",
			"more entries were signed than are here", f);
	root = merkle_tree_root(&a->tree, c.size);
	if (!digest_equal(&root, &c.root))
		return fails(a, c.size, "checkpoint",
			"the entries up to here are not those signed", f);
	if (c.size > a->out->signed_size)
		a->out->signed_size = c.size;
	a->noted = c.size;
	return true;
}

static bool check_note(struct auditor *a, const char *path, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	if (!small_read(a->disk, path, at, &n, f))
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	return n == 0 || check_one(a, path, (struct bytes){at, n}, f);
}

/* Entry 0 as it is shown to whoever has no key of the log. */
static bool check_first(struct auditor *a, struct fault *f)
{
	static const char path[] = "ledger/pub/disclosures/000.disclosure";
	struct disk *d = a->disk;
	struct checkpoint c;
	struct digest root;
	struct bytes b;
	uint64_t n;
	bool there, ok;

	if (!d->size(d->self, path, &n, &there, f))
		return fails_by(a, 0, "checkpoint", f);
	if (!there)
		return true;
	if (!d->map(d->self, path, &b, f))
		return fails_by(a, 0, "checkpoint", f);
	a->arena.used = 0;
	ok = disclosure_read(b, &a->arena, &a->shown, f) &&
		people_note(&a->people, a->shown.proof.note, &c, NULL, f) &&
		proof_holds(&a->shown.proof, &a->shown.leaf, NULL, &c, f);
	root = merkle_tree_root(&a->tree,
		ok && c.size <= a->out->entries ? c.size : 0);
	d->unmap(d->self, b);
	if (!ok) {
		(void)fault_in(f, "%s", path);
		return fails_by(a, 0, "checkpoint", f);
	}
	if (a->shown.withheld == 0 && digest_equal(&root, &c.root) &&
		digest_equal(&a->shown.leaf, &a->tree.level[0][0]))
		return true;
	return fails(a, 0, "checkpoint", path, f);
}

/* What others are shown is what is here. */
static bool check_signed(struct auditor *a, struct fault *f)
{
	uint64_t index = 0, head;

	a->noted = 0;
	if (!check_note(a, "ledger/signer/HEAD", f))
		return false;
	head = a->noted;
	a->noted = 0;
	if (!check_note(a, "ledger/pub/checkpoint", f))
		return false;
	/* HEAD comes before entry 1 (signing.c). */
	if (head == 0 && a->noted == 0 && a->out->entries > 1)
		return fails(a, UINT64_MAX, "checkpoint", "what was signed "
			"last is gone: neither ledger/signer/HEAD nor "
			"ledger/pub/checkpoint is here", f);
	if (tiles_check(a->disk, "ledger/pub", &a->tree, a->noted, &index,
		       f))
		return true;
	return fails_by(a, index, "tile", f);
}

/* Is a key file the log's, or of a key with this role?  A copy without keys
 * can be audited too. */
static bool check_key(struct auditor *a, const char *path, int role,
	struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	const struct people_key *p;
	const uint8_t *log;
	struct sign_key k;
	bool ok = false;
	size_t n;

	if (!small_read(a->disk, path, at, &n, f))
		return fails_by(a, UINT64_MAX, "key", f);
	if (n == 0)
		return true;
	if (sign_key_read((struct bytes){at, n}, &k, f)) {
		p = people_key(&a->people, k.public_key);
		log = people_log_key(&a->people, UINT64_MAX);
		ok = role == PEOPLE_ROLES ? memcmp(k.public_key, log,
			SIGN_KEY) == 0 : p && (int)p->role == role;
		/* Of whoever is about to take a copy over. */
		ok = ok || a->copy;
	}
	sign_forget(at, sizeof at);
	sign_forget(&k, sizeof k);
	if (ok)
		return true;
	return fails(a, UINT64_MAX, "key", path, f);
}

static bool check_keys(struct auditor *a, struct fault *f)
{
	return check_key(a, "ledger/keys/engine", PEOPLE_ENGINE, f) &&
		check_key(a, "ledger/keys/log", PEOPLE_ROLES, f) &&
		check_key(a, "ledger/keys/root", PEOPLE_ROOT, f);
}

static bool check_witnesses(struct auditor *a, struct fault *f)
{
	struct audit_log l = {a->disk, &a->tree, a->out->entries,
		&a->people, a->people.policy,
		a->copy || !digest_equal(&a->people.policy,
			&a->people.genesis.policy_sha256), a->copy,
		a->segments.first, a->spools.promise, a->spools.promises,
		&a->pulse, &a->clocks};

	return audit_witnesses(&l, a->out, f);
}

/* What a heartbeat says was cosigned lies here, unless this is a copy. */
static bool check_pulse(struct auditor *a, struct fault *f)
{
	static const struct digest none;
	const struct pulse_beat *b = pulse_unmet(&a->pulse);
	char where[120];
	struct text t = text_on(where, sizeof where);

	if (!b || a->copy || digest_equal(&a->people.policy, &none))
		return true;
	text_fmt(&t, "ledger/cosigned has not the note of %" PRIu64
		" entries that heartbeat %" PRIu64 " names", b->size, b->beat);
	return fails(a, b->index, "heartbeat", where, f);
}

/* -- blobs -- */

static bool blob(void *self, const struct digest *d, struct fault *f)
{
	struct auditor *a = self;
	struct blob b;

	if (!blobs_verify(a->disk, d, &b, f))
		return fails_by(a, UINT64_MAX, "blob", f);
	a->out->blobs++;
	a->out->blob_bytes += b.size;
	return true;
}

/* -- all of it -- */

static void tell(void (*say)(void *self, const char *line), void *self,
	const char *fmt, uint64_t n)
{
	char line[120];
	struct text t = text_on(line, sizeof line);

	text_i64(&t, (int64_t)n);
	text_add(&t, fmt);
	if (say)
		say(self, line);
}

static bool erased(void *self, uint64_t index)
{
	const struct auditor *a = self;

	return people_erased(&a->people, index);
}

static bool all_secrets(struct auditor *a, struct fault *f)
{
	if (secrets_check(&a->secrets, a->out->entries, erased, a, f))
		return true;
	return fails_by(a, UINT64_MAX, "secret", f);
}

static bool everything(struct auditor *a,
	void (*say)(void *self, const char *line), void *self, struct fault *f)
{
	if (!audit_segments(&a->segments, "ledger/journal",
		LOG_JOURNAL, entry, a, "journal", f))
		return false;
	if (a->out->entries == 0)
		return fails(a, 0, "journal", "no entry", f);
	a->out->root = merkle_tree_root(&a->tree, a->out->entries);
	if (!check_gone(a, f))
		return false;
	tell(say, self, " entries: layout, signature, chain, body",
		a->out->entries);
	a->out->people = people_count(&a->people);
	if ((a->with->since.len > 0 &&
		    !check_one(a, "the one seen before", a->with->since, f)) ||
		!check_signed(a, f) ||
		!check_first(a, f) ||
		!check_keys(a, f) ||
		!check_witnesses(a, f) ||
		!check_pulse(a, f) ||
		!all_secrets(a, f))
		return false;
	tell(say, self, " entries under the signed checkpoint",
		a->out->signed_size);
	if (a->out->policy)
		tell(say, self, " cosigned notes, witnesses' keys and memory",
			a->out->kept);
	if (!blobs_each(a->disk, blob, a, f))
		return fails_by(a, UINT64_MAX, "blob", f);
	tell(say, self, " evidence files hashed", a->out->blobs);
	if (!audit_spools_read(&a->spools, f))
		return false;
	tell(say, self, " spool records, roots of intakes",
		a->out->spool_records);
	custody_count(&a->custody);
	a->out->custody = a->custody.seen;
	if (a->out->custody.frames > 0)
		tell(say, self, " frames of sensors: signature, chain",
			a->out->custody.frames);
	return true;
}

bool ledger_audit(struct disk *d, void (*say)(void *self, const char *line),
	void *self, struct audit *out, struct fault *f)
{
	const struct audit_with nothing = {.sensors = NULL};

	return ledger_audit_with(d, &nothing, say, self, out, f);
}

bool ledger_audit_with(struct disk *d, const struct audit_with *with,
	void (*say)(void *self, const char *line), void *self,
	struct audit *out, struct fault *f)
{
	struct auditor *a;
	bool exists, ok = false;

	*out = (struct audit){.is = {.index = UINT64_MAX}};
	if (!sign_ready(f) || !ledger_exists(d, &exists, f))
		return false;
	if (!exists)
		return fault(f, FAULT_INPUT, "no ledger here");
	a = calloc(1, sizeof *a);
	if (!a)
		return fault(f, FAULT_LIMIT, "memory");
	a->disk = d;
	a->out = out;
	a->with = with;
	a->segments = (struct audit_segments){.disk = d, .is = &out->is,
		.first = calloc(LOG_SEGMENTS_MAX, sizeof *a->segments.first)};
	a->spools = (struct audit_spools){.disk = d, .out = out,
		.segments = &a->segments, .custody = &a->custody};
	if (!a->segments.first)
		fault(f, FAULT_LIMIT, "memory");
	else if (arena_map(&a->arena, ARENA, f) &&
		custody_start(&a->custody, with->sensors, &a->people, f))
		ok = secrets_open(&a->secrets, d, false, f) ?
			everything(a, say, self, f) :
			fails_by(a, UINT64_MAX, "key", f);
	out->is.verified = ok;
	out->pulse = a->pulse.seen;
	out->clocks = a->clocks.seen;
	if (!ok && f->kind == FAULT_INPUT)
		(void)fails_by(a, UINT64_MAX, "read", f);
	secrets_close(&a->secrets);
	merkle_tree_free(&a->tree);
	table_free(&a->head);
	audit_spools_free(&a->spools);
	custody_end(&a->custody);
	sign_forget(a->plain, sizeof a->plain);
	arena_unmap(&a->arena);
	people_free(&a->people);
	pulse_free(&a->pulse);
	clocks_free(&a->clocks);
	free(a->gone);
	free(a->segments.first);
	free(a);
	return ok || out->is.rule[0];
}
