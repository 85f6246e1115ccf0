/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/import.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/log.h"
#include "ledger/anchor.h"
#include "ledger/audit.h"
#include "ledger/blobs.h"
#include "ledger/foreign.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/takeover.h"
#include "ledger/tiles.h"
#include "ledger/token.h"
#include "ledger/mirror.h"
#include "roles/taking.h"

enum { GROUP = 256, GROUP_BYTES = 8 << 20, DISCLOSURE_MAX = 1 << 18 };
#define ARENA_BYTES ((size_t)16 << 30)

/* A log's journal, and where its entries are put. */
struct entries {
	struct importer *of;
	struct log log;
	struct secrets secrets;
	struct tile bundle;
	uint64_t held; /* which bundle, + 1 */
	struct arena arena, group;
	struct disclosure shown;
	uint8_t plain[BODY_MAX];
	struct journal_record record[GROUP];
	uint8_t secret[GROUP][BODY_SECRET];
	size_t n;
};

struct importer {
	const struct import_ask *ask;
	struct imported *out;
	struct arena arena;
	struct manifest manifest;
	bool full; /* bodies, evidence, records and mission files */
	struct mirror_anchors anchors;
	struct merkle_tree theirs, ours;
	struct bytes note; /* their checkpoint */
};

/* -- what was given -- */

static bool refuse(struct importer *x, const char *rule, struct fault *f)
{
	if (f->kind == FAULT_SYSTEM)
		return false;
	x->out->refused = true;
	return outcome_fails_by(&x->out->audit.is, UINT64_MAX, rule, f);
}

static bool whole(struct importer *x, const char *path, size_t max,
	struct bytes *out, struct fault *f)
{
	return mirror_file(x->ask->from, path, max, &x->arena, out, f);
}

static bool check_signer(struct importer *x, struct fault *f)
{
	const struct note_key *key = x->ask->has_signer ? &x->ask->signer
		: &x->out->audit.signer;
	bool by = false;

	if (x->ask->unsigned_)
		return true;
	if (x->manifest.note.count > 0 &&
		!note_signed(&x->manifest.note, key, &by, f))
		return false;
	return by || fault(f, FAULT_INPUT, "MANIFEST: is not signed by %s: who "
		"packed this?  name their key, or say that it need not be",
		key->name);
}

static bool verify(struct importer *x, struct fault *f)
{
	struct bytes b;

	if (!mirror_audit(x->ask->from, &x->anchors, &x->out->audit, f))
		return false;
	if (!x->out->audit.is.verified) {
		x->out->refused = true;
		return fault(f, FAULT_INPUT, "%s", x->out->audit.is.where);
	}
	if (!whole(x, "checkpoint", NOTE_MAX, &x->note, f))
		return false;
	if (x->ask->mirror)
		return true;
	if (!whole(x, "MANIFEST", MANIFEST_MAX, &b, f))
		return false;
	if (!b.at) {
		(void)fault(f, FAULT_INPUT, "MANIFEST: is not there: this is "
			"no pack (a mirror is taken with --mirror)");
		return refuse(x, "manifest", f);
	}
	if (!manifest_read(b, &x->arena, &x->manifest, f) ||
		!check_signer(x, f) ||
		!manifest_check(&x->manifest, x->ask->from, f))
		return refuse(x, "manifest", f);
	x->full = manifest_find(&x->manifest, "mission/mission.yaml") != NULL;
	return true;
}

/* -- entries -- */

static bool raw_entry(struct entries *e, uint64_t i, struct bytes *raw,
	struct fault *f)
{
	struct tile *t = &e->bundle;
	uint64_t n = i / TILE_WIDTH;

	if (e->held != n + 1) {
		*t = (struct tile){.level = TILE_ENTRIES, .n = n, .at = t->at,
			.width = tile_width(n, e->of->out->audit.size)};
		if (!tiles_read(e->of->ask->from, "", t, f))
			return false;
		e->held = n + 1;
	}
	*raw = tiles_entry((struct bytes){t->at, t->len},
		(unsigned)(i % TILE_WIDTH));
	return raw->len == ENTRY_LEN || fault(f, FAULT_INPUT,
		"%s: ends early", t->path);
}

static bool all_theirs(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;
	struct digest root;

	for (uint64_t i = 0; i < x->out->audit.size; i++) {
		struct bytes raw;
		struct digest leaf;

		if (!raw_entry(e, i, &raw, f))
			return false;
		leaf = entry_leaf(raw);
		if (!merkle_tree_add(&x->theirs, &leaf, f))
			return false;
	}
	root = merkle_tree_root(&x->theirs, x->out->audit.size);
	return digest_equal(&root, &x->out->audit.root) || fault(f,
		FAULT_SYSTEM, "what was verified has changed since");
}

/* The disclosure of entry i, as it came; at NULL: none. */
static bool shown_of(struct entries *e, uint64_t i, char path[TILE_PATH],
	struct bytes *b, struct fault *f)
{
	struct text t = text_on(path, TILE_PATH);

	text_add(&t, "disclosures/");
	tile_index(i, &t);
	text_add(&t, ".disclosure");
	e->arena.used = 0;
	return mirror_file(e->of->ask->from, path, DISCLOSURE_MAX, &e->arena,
		b, f);
}

/* What the pack shows of entry i, as the journal holds it; n 0: nothing. */
static bool body_of(struct entries *e, uint64_t i, struct bytes raw, size_t *n,
	struct fault *f)
{
	struct importer *x = e->of;
	struct disclosure *d = &e->shown;
	struct fault why = {0};
	char path[TILE_PATH];
	struct digest leaf = entry_leaf(raw);
	struct bytes b;

	*n = 0;
	/* Names of keys are always open; the rest may speak of blobs. */
	if (!x->full && raw.at[4] != ENTRY_KEY)
		return true;
	if (!shown_of(e, i, path, &b, f))
		return false;
	if (!b.at)
		return true;
	if (!disclosure_read(b, &e->arena, d, f) ||
		!digest_equal(&d->leaf, &leaf))
		return fault_in(f, "%s", path);
	/* One that has no room with its salts is not at hand then. */
	if (!foreign_write(d, e->plain, sizeof e->plain, n, &why))
		*n = 0;
	return true;
}

static bool write_group(struct entries *e, struct fault *f)
{
	if (e->n > 0 && (!secrets_put(&e->secrets, e->log.end,
		(const uint8_t (*)[BODY_SECRET])e->secret, e->n, f) ||
		!log_append(&e->log, e->record, e->n, f)))
		return false;
	e->of->out->taken += e->n;
	e->n = 0;
	e->group.used = 0;
	return true;
}

static bool add_entry(struct entries *e, uint64_t i, struct fault *f)
{
	struct journal_record *r = &e->record[e->n];
	uint8_t *secret = e->secret[e->n], *payload;
	struct entry entry;
	struct bytes raw;
	size_t n;

	if (!raw_entry(e, i, &raw, f) || !entry_read(raw, &entry, f) ||
		!body_of(e, i, raw, &n, f))
		return false;
	payload = arena_room(&e->group, ENTRY_LEN + n + BODY_TAG, f);
	if (!payload)
		return false;
	memcpy(payload, raw.at, ENTRY_LEN);
	memset(secret, 0, BODY_SECRET);
	if (n > 0) {
		sign_random(secret, BODY_SECRET);
		body_seal((struct bytes){e->plain, n}, secret, payload,
			payload + ENTRY_LEN);
		e->of->out->bodies++;
	} else {
		e->of->out->absent++;
	}
	*r = (struct journal_record){.received = entry.clock,
		.kind = JOURNAL_ENTRY, .flags = JOURNAL_IMPORTED,
		.payload = {payload, n > 0 ? ENTRY_LEN + n + BODY_TAG
					   : ENTRY_LEN}};
	e->n++;
	return (e->n < GROUP && e->group.used < GROUP_BYTES) ||
		write_group(e, f);
}

static bool add_entries(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true};

	sign_random(o.id, sizeof o.id);
	if (!secrets_open(&e->secrets, x->ask->to, true, f) ||
		!log_open(&e->log, x->ask->to, &o, f))
		return false;
	if (e->log.end != x->out->had)
		return fault(f, FAULT_SYSTEM, "somebody else writes to it");
	for (uint64_t i = e->log.end; i < x->out->audit.size; i++)
		if (!add_entry(e, i, f))
			return false;
	return write_group(e, f);
}

/* Where cosigned notes are kept (ledger/quorum.h), what is shown is among
 * them. */
static bool keep_note(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;
	struct log_options o = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL, .writable = true};
	struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
		.payload = x->note};
	struct fault why = {0};
	struct log kept = {0};
	struct entry last;
	struct bytes raw;
	uint64_t first;
	size_t n = 0;
	bool ok;

	/* A pack brings them all. */
	if (x->out->had == 0)
		return true;
	if (log_segments(x->ask->to, o.folder, &first, 1, &n, &why) ? n == 0
			: why.kind != FAULT_LIMIT)
		return true;
	if (!raw_entry(e, x->out->audit.size - 1, &raw, f) ||
		!entry_read(raw, &last, f))
		return false;
	r.received = last.clock;
	sign_random(o.id, sizeof o.id);
	ok = log_open(&kept, x->ask->to, &o, f) &&
		log_append(&kept, &r, 1, f);
	log_close(&kept);
	return ok;
}

/* The token before the words about it, and neither without the other. */
static bool show_stamp(struct entries *e, uint64_t i, struct bytes words,
	bool *there, struct fault *f)
{
	struct importer *x = e->of;
	char path[ANCHOR_PATH], to[ANCHOR_PATH + 16];
	struct text t = text_on(to, sizeof to);
	struct digest want, is;
	struct fields body;
	struct bytes token;

	*there = false;
	if (!disclosure_read(words, &e->arena, &e->shown, f) ||
		!mirror_file(x->ask->from, anchor_path(i, path), TOKEN_MAX,
			&e->arena, &token, f))
		return false;
	disclosure_fields(&e->shown, &body);
	is = sha256_of(token);
	if (!token.at || !body_digest(&body, "token_sha256", &want))
		return true;
	if (!digest_equal(&is, &want)) {
		(void)fault(f, FAULT_INPUT, "%s: is another token than was "
			"logged", path);
		return refuse(x, "anchor", f);
	}
	text_fmt(&t, "ledger/pub/%s", path);
	*there = true;
	return small_write(x->ask->to, to, token, false, f);
}

/* Whose log it is, whose keys are good, and what was stamped, with the stamps,
 * is shown to whoever has the address, as the log itself shows it. */
static bool show(struct entries *e, uint64_t i, uint8_t type, struct fault *f)
{
	struct importer *x = e->of;
	char path[TILE_PATH], to[TILE_PATH + 16];
	struct text t = text_on(to, sizeof to);
	bool there = true;
	struct bytes b;

	if (type != ENTRY_KEY && type != ENTRY_ANCHOR)
		return true;
	if (!shown_of(e, i, path, &b, f))
		return false;
	if (b.at && type == ENTRY_ANCHOR && !show_stamp(e, i, b, &there, f))
		return false;
	text_fmt(&t, "ledger/pub/%s", path);
	return !b.at || !there || small_write(x->ask->to, to, b, false, f);
}

static bool show_all(struct entries *e, struct fault *f)
{
	struct bytes raw;

	for (uint64_t i = 0; i < e->of->out->audit.size; i++)
		if (!raw_entry(e, i, &raw, f) || !show(e, i, raw.at[4], f))
			return false;
	return true;
}

/* Tiles first, then what was signed last, then what others are shown. */
static bool publish(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;
	struct disk *d = x->ask->to;
	uint64_t size = x->out->audit.size;
	struct tiles t;
	bool ok = tiles_begin(&t, d, "ledger/pub", f);

	for (uint64_t i = 0; ok && i < size; i++) {
		struct bytes raw;

		ok = raw_entry(e, i, &raw, f) && tiles_add(&t, i, raw.at, f);
	}
	ok = ok && tiles_end(&t, &x->theirs, 0, size, f);
	tiles_free(&t);
	return ok && show_all(e, f) && keep_note(e, f) &&
		small_write(d, "ledger/signer/HEAD", x->note, true, f) &&
		small_write(d, "ledger/pub/checkpoint", x->note, false, f);
}

/* -- a new mission -- */

static bool take_files(struct importer *x, struct fault *f)
{
	static const char *const from[] = {"mission/", "policy/", "blobs/",
		"spool/", "cosigned/"};
	static const char *const to[] = {"", "ledger/policy/", "blobs/",
		"spool/", "ledger/cosigned/"};

	for (size_t i = 0; i < x->manifest.count; i++) {
		const struct manifest_line *line = &x->manifest.line[i];
		char path[MANIFEST_PATH + 32];
		struct text t = text_on(path, sizeof path);

		for (size_t k = 0; k < 5; k++)
			if (strncmp(line->path, from[k], strlen(from[k])) == 0)
				text_fmt(&t, "%s%s", to[k],
					line->path + strlen(from[k]));
		if (t.len == 0)
			continue;
		if (!taking_may(path, f) || !taking_file(x->ask->from,
			line->path, &line->sha256, x->ask->to, path, f))
			return false;
		x->out->blobs += strncmp(path, "blobs/", 6) == 0;
	}
	return true;
}

/* What a stranger would say of what came of it. */
static bool check_new(struct importer *x, struct fault *f)
{
	struct audit a;

	if (!ledger_audit(x->ask->to, NULL, NULL, &a, f))
		return false;
	if (!a.is.verified) {
		x->out->audit.is = a.is;
		x->out->refused = true;
		return fault(f, FAULT_INPUT, "%s", a.is.where);
	}
	x->out->records = a.spool_records;
	return a.signed_size == x->out->audit.size || fault(f, FAULT_SYSTEM,
		"what was verified has changed since");
}

static bool make_new(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;

	if (!verify(x, f))
		return false;
	if (!x->ask->mirror && !x->full)
		return fault(f, FAULT_INPUT, "the pack's level is not full: a "
			"mission cannot be made of it");
	return all_theirs(e, f) && take_files(x, f) && add_entries(e, f) &&
		publish(e, f);
}

/* -- a mission that is there -- */

static bool own_leaf(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct importer *x = self;
	struct digest leaf = entry_leaf(bytes_part(r->payload, 0, ENTRY_LEN));

	return merkle_tree_add(&x->ours, &leaf, f);
}

static bool read_own(struct importer *x, struct fault *f)
{
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL};
	struct log log = {0};
	struct journal j;
	bool ok = log_open(&log, x->ask->to, &o, f);

	j = log_journal(&log);
	ok = ok && j.read(j.self, 0, own_leaf, x, f);
	x->out->had = ok ? x->ours.count[0] : 0;
	log_close(&log);
	return ok && (x->out->had > 0 || fault(f, FAULT_INPUT,
		"there is no ledger in it"));
}

/* Its own key, if nothing better is known. */
static bool own_anchors(struct importer *x, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct mirror_anchors *a = &x->anchors;
	struct sign_key k;
	size_t n;
	bool ok;

	a->has_genesis = true;
	a->genesis = x->ours.level[0][0];
	if (a->has_key)
		return true;
	if (!small_read(x->ask->to, TAKEOVER_FIRST, at, &n, f))
		return false;
	a->has_key = n > 0;
	if (n > 0) /* what it signs with now is another one */
		return note_key_read((struct bytes){at, n}, &a->key, f);
	if (!small_read(x->ask->to, "ledger/keys/log", at, &n, f))
		return false;
	ok = n == 0 || sign_key_read((struct bytes){at, n}, &k, f);
	if (ok && n > 0) {
		a->has_key = true;
		a->key = (struct note_key){.type = NOTE_SIGNS};
		memcpy(a->key.name, k.name, sizeof a->key.name);
		memcpy(a->key.key, k.public_key, SIGN_KEY);
	}
	sign_forget(at, sizeof at);
	sign_forget(&k, sizeof k);
	return ok;
}

static bool keep_notes(struct importer *x, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct digest d = sha256_of(x->note);
	char hex[SHA256_HEX], path[80];
	struct text t = text_on(path, sizeof path);
	size_t n;

	(void)digest_hex(&d, hex);
	text_fmt(&t, "ledger/evidence/%.16s.theirs", hex);
	if (!small_write(x->ask->to, path, x->note, false, f) ||
		!small_read(x->ask->to, "ledger/signer/HEAD", at, &n, f))
		return false;
	t = text_on(path, sizeof path);
	text_fmt(&t, "ledger/evidence/%.16s.ours", hex);
	return n == 0 || small_write(x->ask->to, path, (struct bytes){at, n},
		false, f);
}

/* One is the beginning of the other, or they are two logs. */
static bool check_fork(struct importer *x, struct fault *f)
{
	uint64_t had = x->out->had, size = x->out->audit.size;
	uint64_t both = had < size ? had : size, at = 0;
	struct digest a = merkle_tree_root(&x->ours, both);
	struct digest b = merkle_tree_root(&x->theirs, both);

	if (digest_equal(&a, &b))
		return true;
	while (digest_equal(&x->ours.level[0][at], &x->theirs.level[0][at]))
		at++;
	if (!keep_notes(x, f))
		return false;
	x->out->fork = x->out->refused = true;
	x->out->audit.is.verified = false;
	return outcome_fails(&x->out->audit.is, at, "fork", "this entry is "
		"another there than here: two logs of one name; both signed "
		"notes are kept in ledger/evidence", f);
}

static bool take_blobs(struct importer *x, struct fault *f)
{
	for (size_t i = 0; i < x->manifest.count; i++) {
		const struct manifest_line *line = &x->manifest.line[i];
		bool fresh;

		if (strncmp(line->path, "blobs/", 6) != 0)
			continue;
		if (!taking_blob(x->ask->from, line->path, &line->sha256,
			x->ask->to, &fresh, f))
			return false;
		x->out->blobs += fresh;
	}
	return true;
}

static bool take_spool(void *self, const char *name, struct fault *f)
{
	struct importer *x = self;

	return taking_spool(x->ask->from, x->ask->to, name, &x->out->records,
		f);
}

static bool make_more(struct entries *e, struct fault *f)
{
	struct importer *x = e->of;
	struct disk *from = x->ask->from;

	if (!read_own(x, f) || !own_anchors(x, f) || !verify(x, f) ||
		!all_theirs(e, f) || !check_fork(x, f))
		return false;
	if (x->out->had > x->out->audit.size)
		return true;
	/* What entries speak of is there before them. */
	if (x->full && (!take_blobs(x, f) ||
		!from->list(from->self, "spool", take_spool, x, f)))
		return false;
	return add_entries(e, f) && publish(e, f);
}

/* -- either -- */

static bool run(const struct import_ask *ask, struct imported *out,
	bool (*make)(struct entries *, struct fault *),
	bool (*after)(struct importer *, struct fault *), struct fault *f)
{
	struct importer x = {.ask = ask, .out = out, .anchors = ask->anchors};
	struct entries *e = calloc(1, sizeof *e);
	bool ok;

	*out = (struct imported){0};
	if (!sign_ready(f) || !e) {
		free(e);
		return e ? false : fault(f, FAULT_LIMIT, "memory");
	}
	e->of = &x;
	e->bundle.at = malloc(TILE_BUNDLE);
	ok = (e->bundle.at || fault(f, FAULT_LIMIT, "memory")) &&
		arena_map(&x.arena, ARENA_BYTES, f) &&
		arena_map(&e->arena, 4 << 20, f) &&
		arena_map(&e->group, 2 * GROUP_BYTES, f) && make(e, f);
	log_close(&e->log);
	secrets_close(&e->secrets);
	ok = ok && (!after || after(&x, f));
	arena_unmap(&e->group);
	arena_unmap(&e->arena);
	merkle_tree_free(&x.theirs);
	merkle_tree_free(&x.ours);
	arena_unmap(&x.arena);
	free(e->bundle.at);
	sign_forget(e, sizeof *e);
	free(e);
	return ok;
}

bool import_new(
	const struct import_ask *ask, struct imported *out, struct fault *f)
{
	return run(ask, out, make_new, check_new, f);
}

bool import_more(
	const struct import_ask *ask, struct imported *out, struct fault *f)
{
	return run(ask, out, make_more, NULL, f);
}
