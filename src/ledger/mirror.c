/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/mirror.h"

#include "base/encode.h"
#include "ledger/blobs.h"
#include "ledger/people.h"
#include "ledger/proof.h"
#include "ledger/table.h"
#include "ledger/tiles.h"

#include <stdlib.h>

enum { ARENA = 1 << 20, DISCLOSURE_MAX = 1 << 18 };
enum { FILES = 1, NOTE = 2 }; /* that a body names; under which it is shown */

struct auditor {
	struct disk *disk;
	const struct mirror_anchors *anchors;
	struct mirror *out;
	struct checkpoint checkpoint;
	struct merkle from_tiles; /* what the hash tiles say */
	struct merkle_tree tree;  /* what the entries say */
	struct table head;
	uint8_t *raw; /* ENTRY_LEN bytes an entry */
	uint8_t *again; /* what is to be looked at once all are read */
	uint64_t room;
	bool has_blobs;
	bool follows; /* entry 0 is at hand: so are later keys of the log */
	struct people people;
	uint64_t differs; /* first entry whose hash is not its tile's */
	char bundle[TILE_PATH], tile[TILE_PATH]; /* where that was */
	struct arena arena;
	struct disclosure disclosure;
	uint8_t note[NOTE_MAX]; /* the checkpoint, whose signature held */
	size_t note_len;
	uint8_t at[TILE_BUNDLE], tile_at[TILE_BUNDLE];
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
	if (f->kind == FAULT_SYSTEM)
		return false;
	return outcome_fails_by(&a->out->is, index, rule, f);
}

/* A file whole, into the arena; at NULL: there is none. */
bool mirror_file(struct disk *d, const char *path, size_t max, struct arena *a,
	struct bytes *out, struct fault *f)
{
	uint64_t size;
	uint8_t *at;
	bool exists, ok;
	size_t n = 0;
	int file;

	*out = (struct bytes){0};
	if (!d->size(d->self, path, &size, &exists, f))
		return false;
	if (!exists)
		return true;
	if (size > max)
		return fault(f, FAULT_INPUT, "%s: %ju bytes, at most %zu", path,
			(uintmax_t)size, max);
	at = arena_take(a, (size_t)size + 1, f);
	if (!at || /* GCOVR_EXCL_BR_LINE: max fits the arena */
		!d->open(d->self, path, DISK_READ, &file, f))
		return false;
	ok = d->read(d->self, file, 0, at, (size_t)size, &n, f);
	d->close(d->self, file);
	*out = (struct bytes){at, n};
	return ok;
}

static bool get(struct auditor *a, const char *path, size_t max,
	struct bytes *out, struct fault *f)
{
	return mirror_file(a->disk, path, max, &a->arena, out, f);
}

static void disclosure_path(uint64_t index, char *out, size_t size)
{
	struct text t = text_on(out, size);

	text_add(&t, "disclosures/");
	tile_index(index, &t);
	text_add(&t, ".disclosure");
}

/* -- keys and checkpoint -- */

/* What entry 0 says of itself, if its body is at hand. */
static bool genesis(struct auditor *a, struct fault *f)
{
	const struct mirror_anchors *w = a->anchors;
	struct fields body;
	struct checkpoint c;
	struct genesis g;
	char path[TILE_PATH];
	struct bytes b;

	disclosure_path(0, path, sizeof path);
	a->arena.used = 0;
	if (!get(a, path, DISCLOSURE_MAX, &b, f))
		return fails_by(a, 0, "genesis", f);
	a->out->key = w->key;
	if (!b.at && w->has_key)
		return true;
	if (!b.at)
		return fails(a, UINT64_MAX, "key", "the log's key is not "
			"known: give it, or a mirror with disclosures", f);
	if (!disclosure_read(b, &a->arena, &a->disclosure, f) ||
		!proof_holds(&a->disclosure.proof, &a->disclosure.leaf, NULL,
			&c, f))
		return fails_by(a, 0, "genesis", f);
	disclosure_fields(&a->disclosure, &body);
	if (!genesis_read(&body, &g, f))
		return fails_by(a, 0, "genesis", f);
	if (w->has_key && (strcmp(w->key.name, g.origin) != 0 ||
		memcmp(w->key.key, g.log, SIGN_KEY) != 0))
		return fails(a, 0, "genesis",
			"entry 0 names another key than yours", f);
	a->out->key = (struct note_key){.type = NOTE_SIGNS};
	memcpy(a->out->key.name, g.origin, sizeof a->out->key.name);
	memcpy(a->out->key.key, g.log, SIGN_KEY);
	a->follows = true;
	return true;
}

/* A note of this log by the key that entry 0 names, or by one that came later:
 * by_right() will tell. */
static bool note_of(struct auditor *a, struct bytes b, struct checkpoint *c,
	struct fault *f)
{
	struct note n;
	bool by;

	if (!note_read(b, &n, f) || !note_checkpoint(&n, c, f))
		return false;
	if (strcmp(c->origin, a->out->key.name) != 0)
		return fault(f, FAULT_INPUT, "checkpoint: of another log");
	if (!note_signed(&n, &a->out->key, &by, f))
		return fault_in(f, "checkpoint");
	return by || a->follows ||
		fault(f, FAULT_INPUT, "checkpoint: no signature of its log");
}

/* Signed by the key whose word it is, by what all entries say. */
static bool by_right(struct auditor *a, struct bytes b, struct note_key *k,
	struct fault *f)
{
	struct checkpoint c;

	*k = a->out->key;
	return !a->follows || people_note(&a->people, b, &c, k, f);
}

static bool judge_policy(
	struct auditor *a, struct bytes note, struct fault *f)
{
	struct mirror *o = a->out;
	struct note n;

	if (!a->anchors->policy)
		return true;
	if (NEVER(!note_read(note, &n, f))) /* GCOVR_EXCL_BR_LINE: it was */
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	if (!policy_judge(a->anchors->policy, &n, a->checkpoint.origin,
		&o->witnessed, f))
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	if (o->witnessed.met)
		return true;
	return fails(a, UINT64_MAX, "quorum",
		"too few of the policy's witnesses cosigned", f);
}

static bool read_checkpoint(struct auditor *a, struct fault *f)
{
	struct mirror *o = a->out;
	struct bytes b;

	a->arena.used = 0;
	if (!get(a, "checkpoint", NOTE_MAX, &b, f))
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	if (!b.at)
		return fails(a, UINT64_MAX, "checkpoint",
			"checkpoint: is not there", f);
	if (!note_of(a, b, &a->checkpoint, f))
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	memcpy(a->note, b.at, b.len);
	a->note_len = b.len;
	o->size = a->checkpoint.size;
	o->root = a->checkpoint.root;
	if (!judge_policy(a, b, f))
		return false;
	if (o->size > 0)
		return true;
	return fails(a, 0, "checkpoint", "no entry", f);
}

/* -- tree -- */

static bool keep(struct auditor *a, uint64_t index, struct bytes entry,
	const struct digest *leaf, struct fault *f)
{
	if (index == a->room) {
		uint64_t room = a->room ? 2 * a->room : TILE_WIDTH;
		uint8_t *more = realloc(a->raw, (size_t)room * ENTRY_LEN);

		if (!more)
			return fault(f, FAULT_LIMIT, "memory");
		a->raw = more;
		a->room = room;
	}
	/* What is no entry is found later, by its first bytes. */
	memset(a->raw + index * ENTRY_LEN, 0, ENTRY_LEN);
	if (entry.len == ENTRY_LEN)
		memcpy(a->raw + index * ENTRY_LEN, entry.at, ENTRY_LEN);
	return merkle_tree_add(&a->tree, leaf, f);
}

static bool need_tile(struct auditor *a, struct tile *t, struct fault *f)
{
	const char *rule = t->level == TILE_ENTRIES ? "bundle" : "tile";
	int level = t->level == TILE_ENTRIES ? 0 : t->level;
	uint64_t first = (t->n * TILE_WIDTH) << (8 * level);
	char where[TILE_PATH + 32];
	struct text text = text_on(where, sizeof where);

	if (!tiles_read(a->disk, "", t, f))
		return fails_by(a, first, rule, f);
	text_fmt(&text, "%s: is not there", t->path);
	if (t->len > 0)
		return true;
	return fails(a, first, rule, where, f);
}

/* Entries and hashes of one tile. */
static bool one_tile(struct auditor *a, uint64_t n, unsigned width,
	struct fault *f)
{
	struct tile b = {.level = TILE_ENTRIES, .n = n, .width = width,
		.at = a->at};
	struct tile t = {.n = n, .width = width, .at = a->tile_at};
	struct reader r;
	uint64_t first = n * TILE_WIDTH;

	if (!need_tile(a, &b, f) || !need_tile(a, &t, f))
		return false;
	if (t.len % SHA256_LEN != 0 || t.len / SHA256_LEN < width)
		return fails(a, first, "tile", t.path, f);
	r = reader((struct bytes){b.at, b.len});
	for (unsigned i = 0; !reader_done(&r) || i < width; i++) {
		struct bytes e = read_bytes(&r, read_u16be(&r));
		struct digest leaf = merkle_leaf(e), said;

		if (r.ran_out)
			return fails(a, first, "bundle", b.path, f);
		if (i >= width)
			continue; /* a full one in place of a partial one */
		memcpy(said.at, t.at + i * SHA256_LEN, SHA256_LEN);
		merkle_add(&a->from_tiles, &said);
		if (!keep(a, first + i, e, &leaf, f))
			return false;
		if (a->differs != UINT64_MAX || digest_equal(&leaf, &said))
			continue;
		a->differs = first + i;
		memcpy(a->bundle, b.path, sizeof a->bundle);
		memcpy(a->tile, t.path, sizeof a->tile);
	}
	return true;
}

/* Where an entry and its hash differ, the root tells which is wrong. */
static bool judge_tree(struct auditor *a, struct fault *f)
{
	struct digest root = merkle_tree_root(&a->tree, a->out->size);
	struct digest said = merkle_root(&a->from_tiles);
	char where[TILE_PATH + 64];
	struct text t = text_on(where, sizeof where);

	if (a->differs != UINT64_MAX &&
		digest_equal(&said, &a->checkpoint.root)) {
		text_fmt(&t, "%s: entry is not the one that was logged",
			a->bundle);
		return fails(a, a->differs, "entry", where, f);
	}
	if (a->differs != UINT64_MAX) {
		text_fmt(&t, "%s: hash is not that of the entry", a->tile);
		return fails(a, a->differs, "tile", where, f);
	}
	if (digest_equal(&root, &a->checkpoint.root))
		return true;
	return fails(a, a->out->size, "checkpoint",
		"the entries up to here are not those signed", f);
}

static bool one_upper(struct auditor *a, struct tile *t, struct fault *f)
{
	const struct digest *want =
		a->tree.level[8 * t->level] + t->n * TILE_WIDTH;
	uint64_t i = 0;

	if (!need_tile(a, t, f))
		return false;
	while (i < t->width && t->len >= (i + 1) * SHA256_LEN &&
		memcmp(t->at + i * SHA256_LEN, want[i].at, SHA256_LEN) == 0)
		i++;
	if (i == t->width)
		return true;
	return fails(a, (t->n * TILE_WIDTH + i) << (8 * t->level), "tile",
		t->path, f);
}

/* The levels above. */
static bool upper(struct auditor *a, struct fault *f)
{
	struct tile t = {.level = 1, .at = a->tile_at};

	for (; t.level < 8; t.level++) {
		uint64_t has = tile_level_size(t.level, a->out->size);

		for (t.n = 0; t.n * TILE_WIDTH < has; t.n++) {
			t.width = tile_width(t.n, has);
			if (!one_upper(a, &t, f))
				return false;
		}
	}
	return true;
}

static bool seen_before(struct auditor *a, struct fault *f)
{
	for (size_t i = 0; i < a->anchors->seen_count; i++) {
		const struct mirror_seen *s = &a->anchors->seen[i];
		struct checkpoint c;
		struct digest root;

		if (!note_of(a, s->note, &c, f))
			return fails_by(a, s->size, "checkpoint", f);
		if (s->size != UINT64_MAX && c.size != s->size)
			return fails(a, s->size, "checkpoint",
				"a note that is kept is of another size", f);
		if (c.size > a->out->size)
			return fails(a, a->out->size, "checkpoint",
				"more entries were seen before than are here",
				f);
		root = merkle_tree_root(&a->tree, c.size);
		if (!digest_equal(&root, &c.root))
			return fails(a, c.size, "checkpoint",
				"another log than the one seen before", f);
		a->out->seen++;
	}
	return true;
}

static bool tree(struct auditor *a, struct fault *f)
{
	uint64_t size = a->out->size;

	for (uint64_t n = 0; n * TILE_WIDTH < size; n++)
		if (!one_tile(a, n, tile_width(n, size), f))
			return false;
	return judge_tree(a, f) && upper(a, f) && seen_before(a, f);
}

/* -- entries -- */

static bool first_entry(struct auditor *a, const struct entry *e,
	const struct digest *leaf, struct fault *f)
{
	a->out->genesis = *leaf;
	if (e->type != ENTRY_KEY || e->flags != 0)
		return fails(a, 0, "genesis", "entry 0 names no keys", f);
	if (!a->anchors->has_genesis ||
		digest_equal(leaf, &a->anchors->genesis))
		return true;
	return fails(a, 0, "genesis", "entry 0 is not the one you know", f);
}

static bool check_author(struct auditor *a, struct people_entry *x,
	struct bytes raw, struct fault *f)
{
	const struct people_key *k =
		people_author(&a->people, x->entry->key_id);
	const uint8_t *by = k ? k->key : NULL;
	uint8_t id[ENTRY_KEY_ID];
	struct digest engine;

	/* Entry 0 names its author itself, as genesis() has seen. */
	if (x->index == 0 && x->body && /* GCOVR_EXCL_BR_LINE */
		body_digest(x->body, "engine", &engine))
		by = engine.at;
	if (!by)
		return true;
	sign_key_id(by, id);
	if (memcmp(id, x->entry->key_id, sizeof id) == 0 &&
		sign_entry_holds(by, raw)) {
		a->out->signatures++;
		return true;
	}
	return fails(a, x->index, "signature",
		"not by the key that it names", f);
}

static bool check_chain(struct auditor *a, const struct people_entry *x,
	struct fault *f)
{
	struct digest key = table_subject(x->entry->subject), want = {{0}};
	uint64_t before;

	if (table_get(&a->head, &key, &before))
		want = a->tree.level[0][before];
	if (!digest_equal(&want, &x->entry->prev))
		return fails(a, x->index, "prev",
			"does not follow the last entry of its subject", f);
	return table_set(&a->head, &key, x->index, f);
}

/* -- bodies and evidence -- */

static bool shown_digest(const struct disclosure *d, const char *name,
	struct digest *out)
{
	struct fault no;

	return hex_read(disclosure_text(d, name), out->at, SHA256_LEN, &no);
}

static bool check_batch(
	struct auditor *a, uint64_t i, struct bytes b, struct fault *f)
{
	const struct shown *s = disclosure_find(&a->disclosure, "count");
	struct digest root, want;
	uint64_t lines, count;

	root = merkle_lines(b, &lines);
	a->out->batches++;
	if (s && note_number(s->value, &count) && count == lines &&
		shown_digest(&a->disclosure, "root", &want) &&
		digest_equal(&want, &root))
		return true;
	return fails(a, i, "batch", "count or root is not that of its blob",
		f);
}

static bool has_field(const struct disclosure *d, const char *name)
{
	struct bytes list = d->named ? d->field[0].value : (struct bytes){0};

	for (size_t at = 0; at < list.len;) {
		const uint8_t *lf = memchr(list.at + at, '\n', list.len - at);
		size_t n = lf ? (size_t)(lf - list.at) - at : list.len - at;

		if (bytes_are(bytes_part(list, at, n), name))
			return true;
		at += n + 1;
	}
	return disclosure_find(d, name) != NULL;
}

/* What a body says lies in a blob must lie there, if there are blobs. */
static bool check_blob(struct auditor *a, uint64_t i, struct fault *f)
{
	const struct disclosure *d = &a->disclosure;
	bool batch = d->entry.type == ENTRY_BATCH;
	struct digest name, is;
	char path[BLOB_PATH];
	struct bytes b;
	uint64_t size;
	bool exists, ok;

	if (has_field(d, "blob") && !disclosure_find(d, "blob"))
		return true; /* it is shut */
	if (!shown_digest(d, "blob", &name))
		return fails(a, i, "batch", "wants blob", f);
	if (!a->disk->size(a->disk->self, blob_path(&name, path), &size,
		&exists, f))
		return fails_by(a, i, "blob", f);
	a->out->blobs_missing += !exists && !a->has_blobs;
	if (!exists && !a->has_blobs)
		return true;
	if (!exists)
		return fails(a, i, "blob", path, f);
	if (!a->disk->map(a->disk->self, path, &b, f))
		return fails_by(a, i, "blob", f);
	is = sha256_of(b);
	ok = digest_equal(&is, &name) ? !batch || check_batch(a, i, b, f)
				      : fails(a, i, "blob", path, f);
	a->disk->unmap(a->disk->self, b);
	return ok;
}

/* Its proof leads to a beginning of this log. */
static bool check_proof(struct auditor *a, uint64_t i, struct fault *f)
{
	const struct disclosure *d = &a->disclosure;
	bool ours = bytes_equal(d->proof.note,
		(struct bytes){a->note, a->note_len});
	struct checkpoint c;
	struct digest root;

	if (!digest_equal(&d->leaf, &a->tree.level[0][i]))
		return fails(a, i, "body", "is of another entry", f);
	if (d->proof.index != i)
		return fails(a, i, "body", "its proof is of another entry", f);
	if ((!ours && !note_of(a, d->proof.note, &c, f)) ||
		!proof_holds(&d->proof, &d->leaf, NULL, &c, f))
		return fails_by(a, i, "body", f);
	if (!ours)
		a->again[i] |= NOTE;
	if (c.size <= a->out->size)
		root = merkle_tree_root(&a->tree, c.size);
	if (c.size <= a->out->size && digest_equal(&root, &c.root))
		return true;
	return fails(a, i, "body", "its checkpoint is of another log", f);
}

/* Reads its disclosure, if it is at hand; there: a->disclosure holds it. */
static bool read_body(struct auditor *a, uint64_t i, bool *there,
	struct fault *f)
{
	char path[TILE_PATH];
	struct bytes b;

	*there = false;
	disclosure_path(i, path, sizeof path);
	a->arena.used = 0;
	if (!get(a, path, DISCLOSURE_MAX, &b, f))
		return fails_by(a, i, "body", f);
	if (!b.at)
		return true;
	*there = true;
	if (disclosure_read(b, &a->arena, &a->disclosure, f))
		return true;
	(void)fault_in(f, "%s", path);
	return fails_by(a, i, "body", f);
}

/* Its body, in words for people.h. */
static bool one_body(struct auditor *a, struct people_entry *x,
	struct fields *body, struct fault *f)
{
	struct disclosure *d = &a->disclosure;
	bool there;

	a->out->intakes += x->entry->type == ENTRY_INTAKE;
	if (!read_body(a, x->index, &there, f) ||
		(there && !check_proof(a, x->index, f)))
		return false;
	if (!there)
		return true;
	a->out->bodies++;
	a->out->withheld += d->withheld;
	a->out->unnamed += !d->named;
	if (x->entry->type == ENTRY_BATCH || has_field(d, "blob"))
		a->again[x->index] |= FILES;
	disclosure_fields(d, body);
	/* Whose names are not shown may say `does` twice (people.md 25). */
	x->body = d->named || x->entry->type == ENTRY_KEY ? body : NULL;
	x->withheld = d->withheld > 0 || !d->named;
	return true;
}

static bool one_entry(struct auditor *a, uint64_t i, struct fault *f)
{
	struct bytes raw = {a->raw + i * ENTRY_LEN, ENTRY_LEN};
	const struct digest *leaf = &a->tree.level[0][i];
	struct people_entry x = {i, NULL, leaf, NULL, false};
	const char *rule = NULL;
	struct fields body;
	struct entry e;

	if (!entry_read(raw, &e, f))
		return fails_by(a, i, "entry", f);
	x.entry = &e;
	a->people.rule = NULL;
	/* Entry 0 says itself by whom it is. */
	if (i == 0 && (!first_entry(a, &e, leaf, f) ||
			!one_body(a, &x, &body, f)))
		return false;
	if (!check_author(a, &x, raw, f))
		return false;
	if (!people_may(&a->people, &x, f))
		return fails_by(a, i, a->people.rule, f);
	if (!check_chain(a, &x, f) || (i > 0 && !one_body(a, &x, &body, f)))
		return false;
	if (!people_take(&a->people, &x, &a->tree, f))
		return fails_by(a, i, a->people.rule, f);
	a->out->entries++;
	if (a->anchors->also)
		rule = a->anchors->also(a->anchors->self, &x, &a->tree, f);
	if (rule)
		return fails_by(a, i, rule, f);
	return true;
}

/* Whose word is what was read: known now. */
static bool all_by_right(struct auditor *a, struct fault *f)
{
	struct note_key k;

	if (!by_right(a, (struct bytes){a->note, a->note_len},
		&a->out->signer, f))
		return fails_by(a, UINT64_MAX, "checkpoint", f);
	for (size_t i = 0; i < a->anchors->seen_count; i++)
		if (!by_right(a, a->anchors->seen[i].note, &k, f))
			return fails_by(a, a->anchors->seen[i].size,
				"checkpoint", f);
	return true;
}

/* The note that an entry is shown under, or the files that it names. */
static bool once_more(struct auditor *a, int what, struct fault *f)
{
	for (uint64_t i = 0; i < a->out->size; i++) {
		struct note_key k;
		bool there;

		if (!(a->again[i] & what))
			continue;
		if (!read_body(a, i, &there, f))
			return false;
		if (there && what == NOTE &&
			!by_right(a, a->disclosure.proof.note, &k, f))
			return fails_by(a, i, "body", f);
		if (there && what == FILES && !check_blob(a, i, f))
			return false;
	}
	return true;
}

/* Is there evidence at all? */
static bool some(void *self, const struct digest *d, struct fault *f)
{
	(void)d;
	*(bool *)self = true;
	f->kind = FAULT_NONE;
	return false;
}

static bool one_blob(void *self, const struct digest *d, struct fault *f)
{
	struct auditor *a = self;
	struct blob b;

	if (!blobs_verify(a->disk, d, &b, f))
		return fails_by(a, UINT64_MAX, "blob", f);
	a->out->blobs++;
	return true;
}

static bool everything(struct auditor *a, struct fault *f)
{
	if (!genesis(a, f) || !read_checkpoint(a, f) || !tree(a, f))
		return false;
	a->again = calloc((size_t)a->out->size, sizeof *a->again);
	if (!a->again)
		return fault(f, FAULT_LIMIT, "memory");
	for (uint64_t i = 0; i < a->out->size; i++)
		if (!one_entry(a, i, f))
			return false;
	if (!all_by_right(a, f) || !once_more(a, NOTE, f))
		return false;
	if (!blobs_each(a->disk, some, &a->has_blobs, f) && !a->has_blobs)
		return fails_by(a, UINT64_MAX, "blob", f);
	if (!once_more(a, FILES, f))
		return false;
	if (blobs_each(a->disk, one_blob, a, f))
		return true;
	return fails_by(a, UINT64_MAX, "blob", f);
}

bool mirror_audit(struct disk *d, const struct mirror_anchors *anchors,
	struct mirror *out, struct fault *f)
{
	struct auditor *a;

	*out = (struct mirror){.is = {.index = UINT64_MAX}};
	if (!sign_ready(f))
		return false;
	a = calloc(1, sizeof *a);
	if (!a)
		return fault(f, FAULT_LIMIT, "memory");
	a->disk = d;
	a->anchors = anchors;
	a->out = out;
	a->differs = UINT64_MAX;
	out->is.verified = arena_map(&a->arena, ARENA, f) && everything(a, f);
	out->people = people_count(&a->people);
	merkle_tree_free(&a->tree);
	table_free(&a->head);
	people_free(&a->people);
	arena_unmap(&a->arena);
	free(a->raw);
	free(a->again);
	free(a);
	return out->is.verified || out->is.rule[0];
}
