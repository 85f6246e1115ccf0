/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/export.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ledger/anchor.h"
#include "ledger/people.h"
#include "ledger/proof.h"
#include "ledger/secrets.h"
#include "ledger/table.h"
#include "ledger/tiles.h"
#include "roles/manifest.h"
#include "roles/taking.h"
#include "spool/spool.h"

enum { TEXT_MAX = 1 << 18 };
#define ARENA_BYTES ((size_t)16 << 30)

static const char readme[] =
"What this folder proves, and how to check it without trusting who gave it\n"
"\n"
"  sha256sum -c MANIFEST      the files came through whole (it passes over\n"
"                             the last lines: they are the signature)\n"
"  truce audit .              the log is honest; ends in VERIFIED or not\n"
"  truce audit . --recompute  level full (see PACK): findings made anew from\n"
"                             the evidence, and held against the log\n"
"  truce import DIR .         level full: a mission of your own to look at\n"
"  web/verify/index.html      the log once more, in a browser: choose this\n"
"                             folder\n"
"\n"
"Compare two things with what you hold on paper: the log's key and the hash\n"
"of entry 0, which both programs print.  Proved then: who said what, and no\n"
"later than when; that nothing was changed since.  Not proved: who fired;\n"
"calm where nobody looked.\n"
"\n"
"The formats, byte by byte: docs/design/PROOF.md of the program.  An entry\n"
"is 168 bytes; tile/entries holds them, each behind a length of two bytes;\n"
"its leaf is SHA-256 of a zero byte and the entry; two hashes join as\n"
"SHA-256 of a one byte and both (RFC 6962).  The root of all leaves stands\n"
"in checkpoint, signed by the log's key.  disclosures/ holds what entries\n"
"say: fields that\n"
"are open, and the hashes of those that this level keeps shut.\n";

static const char *const levels[] = {"public", "parties", "full", NULL};

int export_level_named(const char *name)
{
	for (int i = 0; levels[i]; i++)
		if (strcmp(levels[i], name) == 0)
			return i;
	return -1;
}

const char *export_level_name(enum export_level level)
{
	return levels[level];
}

static bool one_of(struct bytes name, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (bytes_are(name, list[i]))
			return true;
	return false;
}

bool export_opens(enum export_level level, uint8_t type, struct bytes name)
{
	static const char *const incident[] = {"!", "schema", "id", "version",
		"status", "kind", "count.value", "count.meaning", "count.max",
		NULL};
	static const char *const finding[] = {"!", "schema", "id", "version",
		"status", "incident", "incident_version", "clause", "verdict",
		"probability", "grade", "party", "standard", "terms_sha256",
		"line_sha256", NULL};
	static const char *const review[] = {"!", "does", "of", NULL};
	static const char *const shut_step[] = {"why", "evidence", NULL};
	static const char *const other[] = {"!", "schema", "id", "state",
		NULL};

	if (type == ENTRY_SEALED)
		return false;
	if (type == ENTRY_ACCESS)
		return level == EXPORT_FULL;
	if (level > EXPORT_PUBLIC)
		return true;
	switch (type) {
	case ENTRY_INTAKE:
	case ENTRY_AGREEMENT:
	case ENTRY_KEY:
	case ENTRY_PUBLICATION:
	case ENTRY_ANCHOR:
	case ENTRY_BATCH:
	case ENTRY_REPORT:
		return true;
	case ENTRY_INCIDENT:
		return one_of(name, incident);
	case ENTRY_FINDING:
		return one_of(name, finding);
	case ENTRY_REVIEW:
		return one_of(name, review);
	case ENTRY_STEP: /* who owes what, and what became of it */
		return !one_of(name, shut_step);
	default:
		return one_of(name, other);
	}
}

struct reach { /* how far a spool is committed to */
	uint8_t id[LOG_ID];
	uint64_t from, end; /* at `since`, at the checkpoint */
};

struct packer {
	const struct export_ask *ask;
	struct exported *out;
	struct arena arena; /* names, lines */
	struct manifest_line *line;
	size_t count, room;
	uint8_t note_at[NOTE_MAX];
	struct bytes note;
	uint64_t size; /* under the checkpoint */
	char *text;    /* TEXT_MAX */
	struct table named; /* blobs: 1 to do, 2 done */
	struct reach *reach;
	size_t reaches, reach_room;
	uint8_t type; /* of the body being shown */
	bool lifted;  /* it was sealed */
	/* the spool being copied */
	const struct reach *now;
	struct digest last; /* of the segment before */
	uint64_t keep;
};

static bool grow(void **list, size_t count, size_t *room, size_t each,
	struct fault *f)
{
	size_t want = *room ? 2 * *room : 64;
	void *more;

	if (count < *room)
		return true;
	more = realloc(*list, want * each);
	if (!more)
		return fault(f, FAULT_LIMIT, "memory");
	*list = more;
	*room = want;
	return true;
}

static bool note_file(struct packer *p, const char *path, struct bytes b,
	struct fault *f)
{
	void *list = p->line;
	struct manifest_line *x;

	if (!grow(&list, p->count, &p->room, sizeof *p->line, f))
		return false;
	p->line = list;
	x = &p->line[p->count++];
	x->path = arena_text(&p->arena, bytes_of(path), f);
	x->sha256 = sha256_of(b);
	p->out->files++;
	p->out->bytes += b.len;
	return x->path != NULL;
}

static bool write_file(struct packer *p, const char *path, struct bytes b,
	struct fault *f)
{
	struct disk *d = p->ask->to;
	int file;
	bool ok;

	if (!d->open(d->self, path, DISK_CREATE, &file, f))
		return fault_in(f, "%s", path);
	ok = d->write(d->self, file, 0, b, f) && d->sync(d->self, file, f);
	d->close(d->self, file);
	return ok || fault_in(f, "%s", path);
}

static bool put(struct packer *p, const char *path, struct bytes b,
	struct fault *f)
{
	return write_file(p, path, b, f) && note_file(p, path, b, f);
}

/* -- entries -- */

static bool shut(void *self, struct bytes name)
{
	const struct packer *p = self;

	return !p->lifted && !export_opens(p->ask->level, p->type, name);
}

static bool name_blob(struct packer *p, const struct ledger_entry *e,
	const char *field, struct fault *f)
{
	struct digest d;
	uint64_t known;

	return !body_digest(e->body, field, &d) ||
		table_get(&p->named, &d, &known) ||
		table_set(&p->named, &d, 1, f);
}

static bool note_reach(
	struct packer *p, const struct ledger_entry *e, struct fault *f)
{
	uint64_t first, count;
	struct reach *x = NULL;
	void *list = p->reach;

	if (!body_number(e->body, "first", &first) ||
		!body_number(e->body, "count", &count))
		return true;
	for (size_t i = 0; i < p->reaches && !x; i++)
		if (memcmp(p->reach[i].id, e->entry.subject, LOG_ID) == 0)
			x = &p->reach[i];
	if (!x) {
		if (!grow(&list, p->reaches, &p->reach_room, sizeof *x, f))
			return false;
		p->reach = list;
		x = &p->reach[p->reaches++];
		*x = (struct reach){.from = 0};
		memcpy(x->id, e->entry.subject, LOG_ID);
	}
	x->end = first + count;
	if (e->index < p->ask->since)
		x->from = x->end;
	return true;
}

/* What a stranger stamped is nobody's secret. */
static bool put_stamp(struct packer *p, const struct ledger_entry *e,
	struct fault *f)
{
	char path[ANCHOR_PATH];
	struct digest name;
	struct bytes token;
	bool ok;

	if (e->entry.type != ENTRY_ANCHOR ||
		!body_digest(e->body, "token_sha256", &name))
		return true;
	if (!blobs_get_sound(p->ask->from, &name, &token, f))
		return false;
	ok = put(p, anchor_path(e->index, path), token, f);
	blobs_release(p->ask->from, token);
	return ok;
}

static bool put_entry(void *self, const struct ledger_entry *e,
	struct fault *f)
{
	struct packer *p = self;
	const struct export_ask *q = p->ask;
	const struct people_item *sealed =
		people_item_at(ledger_people(q->ledger), e->index);
	struct text t = text_on(p->text, TEXT_MAX);
	struct proof proof = {.index = e->index, .note = p->note};
	char path[MANIFEST_PATH];
	struct text name = text_on(path, sizeof path);

	if (e->index >= p->size)
		return false;
	p->out->entries++;
	p->type = e->entry.type;
	p->lifted = p->type == ENTRY_SEALED && q->level > EXPORT_PUBLIC &&
		sealed && sealed->lifted;
	if (!e->open)
		return true;
	if (p->type == ENTRY_INTAKE && !note_reach(p, e, f))
		return false;
	if (p->type != ENTRY_KEY && e->index < q->since)
		return true;
	if (shut(p, bytes_of("!")))
		return true;
	if ((q->level > EXPORT_PUBLIC && (!name_blob(p, e, "blob", f) ||
		!name_blob(p, e, "token_sha256", f))) || !put_stamp(p, e, f))
		return false;
	text_add(&name, "disclosures/");
	tile_index(e->index, &name);
	text_add(&name, ".disclosure");
	if (!ledger_proof_in(q->ledger, e->index, p->size, &proof.path, f) ||
		!(e->shown ? shown_print(e->shown, shut, p, &proof, &t, f)
			: disclosure_print(e->raw.at, e->plain, e->secret,
				shut, p, &proof, &t, f)))
		return fault_in(f, "%s", path);
	p->out->bodies++;
	return put(p, path, text_view(&t), f);
}

static bool put_tile(struct packer *p, struct tile *t, struct fault *f)
{
	if (!tiles_read(p->ask->from, "ledger/pub", t, f))
		return false;
	return t->len > 0 ? put(p, t->path, (struct bytes){t->at, t->len}, f)
			  : fault(f, FAULT_INPUT, "%s: is not there", t->path);
}

static bool put_tiles(struct packer *p, struct fault *f)
{
	struct tile t = {.level = TILE_ENTRIES, .at = malloc(TILE_BUNDLE)};
	bool ok = t.at || fault(f, FAULT_LIMIT, "memory");

	for (; ok && t.level < 8; t.level++) {
		uint64_t has = tile_level_size(
			t.level < 0 ? 0 : t.level, p->size);

		for (t.n = 0; ok && t.n * TILE_WIDTH < has; t.n++) {
			t.width = tile_width(t.n, has);
			ok = put_tile(p, &t, f);
		}
	}
	free(t.at);
	return ok;
}

/* -- the spool -- */

static bool measure(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct packer *p = self;
	struct bytes about;
	struct blob b;
	uint64_t known;

	if (r->sequence >= p->now->end) {
		f->kind = FAULT_NONE;
		return false;
	}
	p->keep += log_record_size(r);
	p->out->records++;
	if (r->kind != JOURNAL_FILE)
		return true;
	return blob_note_read(r->payload, &b, &about, f) &&
		(table_get(&p->named, &b.sha256, &known) ||
			table_set(&p->named, &b.sha256, 1, f));
}

/* A note with what was cosigned of it, of entries that are handed over. */
static bool measure_note(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct packer *p = self;
	struct checkpoint c;
	struct note n;

	if (!note_read(r->payload, &n, f) || !note_checkpoint(&n, &c, f))
		return false;
	if (c.size > p->size) {
		f->kind = FAULT_NONE;
		return false;
	}
	p->keep += log_record_size(r);
	return true;
}

/* As far as it is to be kept. */
static bool put_segment(struct packer *p, struct log_check *c, struct fault *f)
{
	bool notes = c->use == LOG_JOURNAL;
	struct disk *d = p->ask->from;
	char path[LOG_PATH];
	struct bytes b;
	bool ok;

	p->keep = LOG_HEAD;
	c->last = p->last;
	f->kind = FAULT_NONE;
	if (!log_segment_check(d, c, notes ? measure_note : measure, p, f) &&
		f->kind != FAULT_NONE)
		return false;
	p->last = c->last;
	if (p->keep == LOG_HEAD)
		return true;
	(void)log_path(c->folder, c->first, path);
	if (!d->map(d->self, path, &b, f))
		return false;
	/* Its last record may be padded by nothing. */
	ok = put(p, notes ? path + strlen("ledger/") : path,
		bytes_part(b, 0, p->keep), f);
	d->unmap(d->self, b);
	return ok;
}

/* Which spool is it: NULL, none that is committed to. */
static bool find_reach(struct packer *p, const char *folder, uint64_t first,
	struct fault *f)
{
	struct log_head head;

	p->now = NULL;
	if (!taking_head(p->ask->from, folder, first, &head, f))
		return false;
	p->last = head.before;
	for (size_t i = 0; i < p->reaches; i++)
		if (memcmp(p->reach[i].id, head.id, LOG_ID) == 0)
			p->now = &p->reach[i];
	return true;
}

static bool put_spool(void *self, const char *name, struct fault *f)
{
	struct packer *p = self;
	char folder[LOG_FOLDER];
	struct text t = text_on(folder, sizeof folder);
	uint64_t *first = calloc(LOG_SEGMENTS_MAX, sizeof *first);
	size_t n = 0;
	bool ok;

	if (!first)
		return fault(f, FAULT_LIMIT, "memory");
	text_fmt(&t, "spool/%s", name);
	ok = text_check(&t, f) && log_segments(p->ask->from, folder,
		first, LOG_SEGMENTS_MAX, &n, f);
	if (ok && n > 0)
		ok = find_reach(p, folder, first[0], f);
	for (size_t i = 0; ok && n > 0 && p->now && i < n; i++) {
		struct log_check c = {.folder = folder, .use = LOG_SPOOL,
			.first = first[i],
			.stop = i + 1 < n ? first[i + 1] : UINT64_MAX};

		if (c.first >= p->now->end)
			break;
		/* What an older pack has. */
		if (c.stop <= p->now->from) {
			struct log_head next;

			ok = taking_head(p->ask->from, folder, c.stop, &next,
				f);
			p->last = next.before;
			continue;
		}
		ok = put_segment(p, &c, f);
	}
	free(first);
	return ok;
}

static bool put_notes(struct packer *p, struct fault *f)
{
	static const char folder[] = "ledger/cosigned";
	uint64_t *first = calloc(LOG_SEGMENTS_MAX, sizeof *first);
	size_t n = 0;
	bool ok;

	if (!first)
		return fault(f, FAULT_LIMIT, "memory");
	ok = log_segments(p->ask->from, folder, first, LOG_SEGMENTS_MAX,
		&n, f);
	p->last = (struct digest){{0}};
	for (size_t i = 0; ok && i < n; i++) {
		struct log_check c = {.folder = folder, .use = LOG_JOURNAL,
			.first = first[i],
			.stop = i + 1 < n ? first[i + 1] : UINT64_MAX};

		ok = put_segment(p, &c, f);
	}
	free(first);
	return ok;
}

/* -- evidence and the mission's own files -- */

static bool put_blob(void *self, const struct digest *d, struct fault *f)
{
	struct packer *p = self;
	char path[BLOB_PATH];
	struct bytes b;
	uint64_t known;
	bool ok;

	if (p->ask->level == EXPORT_PUBLIC)
		return true;
	if (!table_get(&p->named, d, &known) &&
		(p->ask->level < EXPORT_FULL || p->ask->since > 0))
		return true;
	if (!blobs_get_sound(p->ask->from, d, &b, f))
		return false;
	ok = put(p, blob_path(d, path), b, f);
	blobs_release(p->ask->from, b);
	p->out->blobs++;
	return ok;
}

static bool put_mission(struct packer *p, struct fault *f)
{
	struct disk *d = p->ask->from;

	for (size_t i = 0; i < p->ask->files; i++) {
		char path[MANIFEST_PATH];
		struct text t = text_on(path, sizeof path);
		struct bytes b;
		bool ok;

		text_fmt(&t, "mission/%s", p->ask->file[i]);
		if (!text_check(&t, f) ||
			!d->map(d->self, p->ask->file[i], &b, f))
			return false;
		ok = put(p, path, b, f);
		d->unmap(d->self, b);
		if (!ok)
			return false;
	}
	return true;
}

/* -- all of it -- */

static bool read_checkpoint(struct packer *p, struct fault *f)
{
	static const char path[] = "ledger/pub/checkpoint";
	struct disk *d = p->ask->from;
	struct checkpoint c;
	struct note n;
	struct bytes b;
	uint64_t size;
	bool exists;

	if (!d->size(d->self, path, &size, &exists, f))
		return false;
	if (!exists)
		return fault(f, FAULT_INPUT,
			"no checkpoint is published yet: truce replay");
	if (size > NOTE_MAX)
		return fault(f, FAULT_INPUT, "%s: is too long", path);
	if (!d->map(d->self, path, &b, f))
		return false;
	if (b.len > 0)
		memcpy(p->note_at, b.at, b.len);
	p->note = (struct bytes){p->note_at, b.len};
	d->unmap(d->self, b);
	if (!note_read(p->note, &n, f) || !note_checkpoint(&n, &c, f))
		return fault_in(f, "%s", path);
	if (c.size > ledger_size(p->ask->ledger))
		return fault(f, FAULT_SYSTEM, "the checkpoint is of a longer "
			"log: a restored backup?");
	p->size = c.size;
	return p->ask->since < c.size || fault(f, FAULT_INPUT, "the log has "
		"%" PRIu64 " entries: none is new since %" PRIu64, c.size,
		p->ask->since);
}

/* Whose cosignatures are asked for. */
static bool put_policy(void *self, const char *name, struct fault *f)
{
	struct packer *p = self;
	struct disk *d = p->ask->from;
	char from[MANIFEST_PATH], to[MANIFEST_PATH];
	struct text a = text_on(from, sizeof from), b = text_on(to, sizeof to);
	size_t n = strlen(name);
	struct bytes in;
	bool ok;

	if (n < 8 || strcmp(name + n - 7, ".policy") != 0)
		return true;
	text_fmt(&a, "ledger/policy/%s", name);
	text_fmt(&b, "policy/%s", name);
	if (!text_check(&a, f) || !text_check(&b, f) ||
		!d->map(d->self, from, &in, f))
		return false;
	ok = put(p, to, in, f);
	d->unmap(d->self, in);
	return ok;
}

static bool put_about(struct packer *p, struct fault *f)
{
	struct text t = text_on(p->text, TEXT_MAX);

	text_fmt(&t, "truce.pack/1\nlog %s\nlevel %s\nfrom %" PRIu64
		"\nsize %" PRIu64 "\n", ledger_vkey(p->ask->ledger),
		export_level_name(p->ask->level), p->ask->since, p->size);
	return text_check(&t, f) && put(p, "PACK", text_view(&t), f) &&
		put(p, "README", bytes_of(readme), f);
}

static bool put_manifest(struct packer *p, struct fault *f)
{
	size_t room = p->count * (MANIFEST_PATH + SHA256_HEX + 4) + 4096;
	struct text t = text_in(&p->arena, room);

	p->out->files++;
	return manifest_print(p->line, p->count, p->ask->key, &t, f) &&
		write_file(p, "MANIFEST", text_view(&t), f);
}

/* A file's name is safe when its folder is: each once, the top last. */
static bool sync_folders(struct packer *p, struct fault *f)
{
	struct disk *d = p->ask->to;
	char last[MANIFEST_PATH] = "", folder[MANIFEST_PATH];

	for (size_t i = 0; i < p->count; i++) {
		const char *end = strrchr(p->line[i].path, '/');
		size_t n = end ? (size_t)(end - p->line[i].path) : 0;

		memcpy(folder, p->line[i].path, n);
		folder[n] = '\0';
		if (n == 0 || strcmp(folder, last) == 0)
			continue;
		memcpy(last, folder, n + 1);
		if (!d->sync_folder(d->self, folder, f))
			return false;
	}
	return d->sync_folder(d->self, ".", f);
}

static bool everything(struct packer *p, struct fault *f)
{
	bool full = p->ask->level == EXPORT_FULL;

	if (!read_checkpoint(p, f))
		return false;
	f->kind = FAULT_NONE;
	return put(p, "checkpoint", p->note, f) && put_tiles(p, f) &&
		ledger_read(p->ask->ledger, 0, put_entry, p, f) &&
		(!full || spool_each(p->ask->from, put_spool, p, f)) &&
		blobs_each(p->ask->from, put_blob, p, f) &&
		(!full || put_mission(p, f)) &&
		p->ask->from->list(p->ask->from->self, "ledger/policy",
			put_policy, p, f) && put_notes(p, f) &&
		put_about(p, f) &&
		put_manifest(p, f) && sync_folders(p, f);
}

bool export_write(const struct export_ask *ask, struct exported *out,
	struct fault *f)
{
	struct packer *p = calloc(1, sizeof *p);
	bool ok;

	*out = (struct exported){0};
	if (!p)
		return fault(f, FAULT_LIMIT, "memory");
	p->ask = ask;
	p->out = out;
	p->text = malloc(TEXT_MAX);
	ok = (p->text || fault(f, FAULT_LIMIT, "memory")) &&
		arena_map(&p->arena, ARENA_BYTES, f) && everything(p, f);
	table_free(&p->named);
	arena_unmap(&p->arena);
	free(p->text);
	free(p->line);
	free(p->reach);
	free(p);
	return ok;
}
