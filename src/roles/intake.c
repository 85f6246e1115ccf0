/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/intake.h"

#include <stdio.h>

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "roles/crew.h"

#define ARENA_BYTES ((size_t)4 << 30)
#define SCRATCH_BYTES ((size_t)16 << 30)
#define NOTES_BYTES ((size_t)1 << 30)

enum { KNOWN_BUCKETS = 1 << 16, ABOUT_MAX = 4096, INTAKE_SPAN = 65536 };
/* Threads that mostly wait for the disk. */
enum { WAITERS = 4 };

struct known {
	struct known *next;
	struct digest sha256;
	const char *source, *format;
};

static struct known **bucket(struct intake_role *r, const struct digest *d)
{
	size_t at = (size_t)bytes_be(bytes_part(digest_view(d), 0, 2));

	return &r->known[at % KNOWN_BUCKETS];
}

static bool is_known(struct intake_role *r, const struct digest *d,
	const char *source, const char *format)
{
	for (const struct known *k = *bucket(r, d); k; k = k->next)
		if (memcmp(k->sha256.at, d->at, SHA256_LEN) == 0 &&
			strcmp(k->source, source) == 0 &&
			strcmp(k->format, format) == 0)
			return true;
	return false;
}

/* Of whatever source, in whatever format. */
static bool is_kept(struct intake_role *r, const struct digest *d)
{
	for (const struct known *k = *bucket(r, d); k; k = k->next)
		if (digest_equal(&k->sha256, d))
			return true;
	return false;
}

static bool learn(struct intake_role *r, const struct digest *d,
	const char *source, const char *format, struct fault *f)
{
	struct known *k = arena_take(&r->arena, sizeof *k, f);

	if (!k)
		return false;
	k->sha256 = *d;
	k->source = arena_text(&r->arena, bytes_of(source), f);
	k->format = arena_text(&r->arena, bytes_of(format), f);
	if (!k->source || !k->format)
		return false;
	k->next = *bucket(r, d);
	*bucket(r, d) = k;
	return true;
}

static const char *word_of(const struct tree *t, const char *name)
{
	const char *s = tree_text(t, name);

	return s ? s : "";
}

bool intake_note_read(const struct journal_record *rec, struct arena *a,
	struct intake_note *n, struct fault *f)
{
	const struct tree *t;
	struct bytes about;

	if (!blob_note_read(rec->payload, &n->blob, &about, f) ||
		!tree_read(about, a, &t, f))
		return fault_in(f, "spool record %llu",
			(unsigned long long)rec->sequence);
	n->name = word_of(t, "name");
	n->source = word_of(t, "source");
	n->format = word_of(t, "format");
	n->how = word_of(t, "how");
	n->from = word_of(t, "obtained_from");
	n->by = word_of(t, "obtained_by");
	n->at = word_of(t, "obtained_at");
	n->level = word_of(t, "level");
	n->tool = word_of(t, "tool");
	n->params = word_of(t, "params");
	n->frames_first = (uint64_t)tree_i64(t, "frames_first", 0);
	n->frames_after = (uint64_t)tree_i64(t, "frames_after", 0);
	n->aside = tree_flag(t, "aside", false);
	return true;
}

static void packed(struct intake_role *r, uint64_t after)
{
	if (after > r->frames_after)
		r->frames_after = after;
}

static bool recall(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct intake_role *r = self;
	struct intake_note n;

	if (rec->kind != JOURNAL_FILE)
		return true;
	r->scratch.used = 0;
	if (!intake_note_read(rec, &r->scratch, &n, f))
		return false;
	packed(r, n.frames_after);
	return learn(r, &n.blob.sha256, n.source, n.format, f);
}

bool intake_ledger(struct disk *disk, const char *mission,
	struct digest mission_sha256, struct instant now, struct ledger **l,
	struct fault *f)
{
	struct ledger_birth birth = {mission, now, mission_sha256};
	bool there;

	return ledger_exists(disk, &there, f) &&
		(there || ledger_init(disk, &birth, f)) &&
		ledger_open(l, disk, true, f);
}

static bool open_spool(struct intake_role *r, struct fault *f)
{
	struct journal journal;
	uint8_t id[LOG_ID];

	/* The floor needs the spool's id, which opening tells: once for
	 * reading, then for writing. */
	if (!spool_open(&r->spool, r->disk, "inbox", SPOOL_READ, 0, f))
		return false;
	memcpy(id, r->spool.log.id, sizeof id);
	spool_close(&r->spool);
	if (!spool_open(&r->spool, r->disk, "inbox", SPOOL_WRITE,
		ledger_intake_end(r->ledger, id), f))
		return false;
	journal = spool_journal(&r->spool);
	return journal.read(journal.self, 0, recall, r, f);
}

bool intake_open_on(struct intake_role *r, struct disk *disk,
	struct ledger *l, struct fault *f)
{
	*r = (struct intake_role){.disk = disk, .ledger = l,
		.borrowed = true};
	if (parsers_open(&r->parsers, NULL, f) &&
		arena_map(&r->arena, ARENA_BYTES, f) &&
		arena_map(&r->scratch, SCRATCH_BYTES, f) &&
		arena_map(&r->notes, NOTES_BYTES, f) &&
		(r->known = arena_array(&r->arena, KNOWN_BUCKETS,
			 sizeof(struct known *), f)) &&
		open_spool(r, f))
		return true;
	intake_close(r);
	return false;
}

bool intake_open(struct intake_role *r, struct disk *disk,
	const char *mission, struct digest mission_sha256, struct instant now,
	struct fault *f)
{
	struct ledger *l;

	*r = (struct intake_role){.disk = disk};
	if (!intake_ledger(disk, mission, mission_sha256, now, &l, f))
		return false;
	if (!intake_open_on(r, disk, l, f)) {
		ledger_close(l);
		return false;
	}
	r->borrowed = false;
	return true;
}

void intake_close(struct intake_role *r)
{
	spool_close(&r->spool);
	parsers_close(r->parsers);
	if (r->ledger && !r->borrowed)
		ledger_close(r->ledger);
	arena_unmap(&r->arena);
	arena_unmap(&r->scratch);
	arena_unmap(&r->notes);
	*r = (struct intake_role){0};
}

/* -- one file -- */

struct tally {
	struct intake_file *file;
	struct arena *arena;
	const char *blob; /* hex */
	struct journal_record *record; /* of faults */
	size_t count;
};

static bool count_segment(
	void *self, const struct segment *s, struct fault *f)
{
	struct tally *t = self;

	(void)s;
	(void)f;
	t->file->taken++;
	return true;
}

static bool count_observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct tally *t = self;

	(void)o;
	(void)f;
	t->file->taken++;
	return true;
}

bool intake_fault_write(
	const struct intake_fault *x, struct text *t, struct fault *f)
{
	struct json j = json_on(t);

	json_object(&j);
	json_key_text(&j, "blob", x->blob);
	json_key_i64(&j, "length", (int64_t)x->length);
	json_key_text(&j, "name", x->name);
	json_key_i64(&j, "offset", (int64_t)x->offset);
	json_key_text(&j, "schema", "truce.fault/1");
	json_key_text(&j, "source", x->source);
	json_key_text(&j, "why", x->why);
	json_close(&j);
	return text_check(t, f);
}

static bool fault_record(struct tally *t, const char *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct text text = text_in(t->arena, 1024 +
		6 * (strlen(t->file->name) + strlen(t->file->source)));
	const struct intake_fault x = {t->blob, t->file->name,
		t->file->source, why, offset, length};
	struct journal_record *rec = &t->record[t->count];

	if (!intake_fault_write(&x, &text, f))
		return false;
	*rec = (struct journal_record){.received = t->file->now,
		.kind = JOURNAL_FAULT, .payload = text_view(&text)};
	t->count++;
	return true;
}

static bool count_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct tally *t = self;

	if (t->file->damaged++ == 0)
		t->file->why = *why;
	if (t->count >= INTAKE_FAULTS_MAX)
		return true;
	return fault_record(t, why->text, offset, length, f);
}

/* Which format it is, to p->format; false: no parser can be had.  Two that died
 * of it are in *p. */
static bool format_for(struct intake_role *r, const struct intake_file *x,
	struct parse *p, struct fault *f)
{
	struct origin o = {x->name, x->source};
	struct fault why = {0};

	*p = (struct parse){.in = x->bytes, .scratch = &r->scratch,
		.origin = &o};
	if (x->gap)
		return true;
	if (x->format)
		p->format = format_named(x->format);
	else if (x->bytes.len > 0 && !parsers_sniff(r->parsers, p, &why) &&
		p->deaths < PARSER_DEATHS) {
		*f = why;
		return false;
	}
	p->origin = NULL;
	return true;
}

/* Of one that died, and another one read it all. */
static bool note_death(struct tally *t, const struct parse *p, struct fault *f)
{
	char why[sizeof p->died.text + 80];

	(void)snprintf(why, sizeof why, "a parser died of it, and another one "
		"has read it: %s", p->died.text);
	return p->deaths != 1 || t->count >= INTAKE_FAULTS_MAX ||
		fault_record(t, why, 0, t->file->bytes.len, f);
}

static bool look_at(struct intake_role *r, struct tally *t, struct parse *p,
	struct fault *f)
{
	struct intake_file *x = t->file;
	const char *slash = strrchr(x->name, '/');
	struct origin o = {slash ? slash + 1 : x->name, x->source};
	struct intake in = {t, count_segment, count_observation, count_damage,
		true};
	struct fault why = {0};

	if (x->gap) {
		(void)fault(&why, FAULT_INPUT, "%s", x->gap);
		return count_damage(t, &why, 0, x->bytes.len, f);
	}
	x->aside = p->deaths >= PARSER_DEATHS;
	if (x->aside) {
		(void)parse_set_aside(p, &why);
		return count_damage(t, &why, 0, x->bytes.len, f);
	}
	if (!p->format) {
		fault(&why, FAULT_INPUT, x->bytes.len ?
			"no format knows these bytes" : "no bytes in it");
		return count_damage(t, &why, 0, x->bytes.len, f);
	}
	p->origin = &o;
	if (parsers_decode(r->parsers, p, &in, &why))
		return note_death(t, p, f);
	x->aside = p->deaths >= PARSER_DEATHS;
	if (why.kind == FAULT_SYSTEM) {
		*f = why;
		return false;
	}
	return count_damage(t, &why, 0, x->bytes.len, f);
}

/* What it was made of: kept frames, or nothing but itself. */
static void say_parent(const struct intake_file *x, struct json *j)
{
	char hex[2 * LOG_ID + 1];
	struct text t = text_on(hex, sizeof hex);

	if (!x->of_frames)
		return;
	text_hex(&t, (struct bytes){x->spool, LOG_ID});
	json_key_i64(j, "frames_after", (int64_t)x->frames_after);
	json_key_i64(j, "frames_first", (int64_t)x->frames_first);
	json_key_text(j, "frames_spool", hex);
}

/* The rule by which it was made, whatever the program's version. */
static void say_tool(const struct intake_file *x, struct json *j)
{
	if (!x->of_frames)
		return;
	json_key_text(j, "tool", "truce frames");
	json_key_text(j, "tool_version", "1");
}

static void say_obtained(const struct intake_file *x, struct json *j)
{
	char at[INSTANT_TEXT];

	json_key_text(j, "obtained_at", instant_print(x->now, 6, at));
	json_key_text(j, "obtained_by", "truce");
	json_key_text(j, "obtained_from", x->from ? x->from : x->source);
}

static void about_file(const struct intake_file *x, struct json *j)
{
	json_object(j);
	if (x->aside)
		json_key_flag(j, "aside", true);
	json_key_i64(j, "damaged", (int64_t)x->damaged);
	json_key_text(j, "format", x->found);
	say_parent(x, j);
	json_key_text(j, "how", x->how ? x->how : x->of_frames ? "frames" :
		"file");
	json_key_text(j, "level", x->of_frames ? "working" : "evidence");
	json_key_text(j, "name", x->name);
	say_obtained(x, j);
	if (x->of_frames) {
		json_key_text(j, "params",
			"payloads by sensor, boot, sequence");
	}
	json_key_text(j, "source", x->source);
	json_key_i64(j, "taken", (int64_t)x->taken);
	say_tool(x, j);
	json_close(j);
}

static bool file_record(struct intake_role *r, const struct intake_file *x,
	const struct blob *blob, struct journal_record *rec, struct fault *f)
{
	uint8_t *note = arena_take(&r->notes, BLOB_NOTE_MAX, f);
	struct text about = text_in(&r->notes, ABOUT_MAX);
	struct json j = json_on(&about);
	size_t n;

	about_file(x, &j);
	if (!note || !text_check(&about, f) ||
		!blob_note(blob, text_view(&about), note, &n, f))
		return false;
	*rec = (struct journal_record){.received = x->now,
		.kind = JOURNAL_FILE, .payload = {note, n}};
	return true;
}

/* Known already: what the disk has lost since is put back. */
static bool put_back(struct intake_role *r, const struct intake_file *x,
	const struct digest *sha, struct fault *f)
{
	struct blob blob;
	bool there;

	return blobs_has(r->disk, sha, &there, f) &&
		(there || blobs_put(r->disk, x->bytes, &blob, NULL, f));
}

bool intake_take(
	struct intake_role *r, struct intake_file *x, struct fault *f)
{
	struct digest sha = x->kept ? x->kept->sha256 : sha256_of(x->bytes);
	char hex[SHA256_HEX];
	struct tally t = {x, &r->notes, digest_hex(&sha, hex), NULL, 0};
	struct blob blob = x->kept ? *x->kept : (struct blob){.size = 0};
	struct parse p;

	r->scratch.used = r->notes.used = 0;
	if (!format_for(r, x, &p, f))
		return false;
	x->found = p.format ? p.format->name : "";
	x->taken = x->damaged = 0;
	x->aside = false;
	x->fresh = !is_known(r, &sha, x->source, x->found);
	if (x->of_frames)
		packed(r, x->frames_after);
	if (!x->fresh)
		return put_back(r, x, &sha, f);
	t.record = arena_array(&r->notes, INTAKE_FAULTS_MAX + 2,
		sizeof *t.record, f);
	if (!t.record)
		return false;
	t.record++; /* the file's own goes in front */
	if (!look_at(r, &t, &p, f) || (!x->kept &&
		!blobs_put(r->disk, x->bytes, &blob, NULL, f)))
		return false;
	if (x->damaged > INTAKE_FAULTS_MAX &&
		!fault_record(&t, "more faults than are listed", 0,
			x->bytes.len, f))
		return false;
	return file_record(r, x, &blob, t.record - 1, f) &&
		spool_append(&r->spool, t.record - 1, t.count + 1, f) &&
		learn(r, &sha, x->source, x->found, f);
}

/* -- many at once -- */

struct ahead {
	struct intake_role *role;
	const struct bytes *bytes;
	struct blob *blob;
	bool *put; /* none like it is before it here */
	size_t count, next;
};

static bool name_them(void *self, struct crew *crew, struct fault *f)
{
	struct ahead *a = self;
	size_t i;

	(void)f;
	while (crew_next(crew, &a->next, a->count, &i))
		a->blob[i] = blob_of(a->bytes[i]);
	return true;
}

static bool put_them(void *self, struct crew *crew, struct fault *f)
{
	struct ahead *a = self;
	size_t i;

	while (crew_next(crew, &a->next, a->count, &i)) {
		const struct digest *sha = &a->blob[i].sha256;
		bool there = false;

		if (!a->put[i])
			continue;
		/* Known: only what the disk has lost since is put back. */
		if (is_kept(a->role, sha) &&
			!blobs_has(a->role->disk, sha, &there, f))
			return false;
		if (!there && !blobs_put_as(a->role->disk, a->bytes[i],
			&a->blob[i], NULL, f))
			return false;
	}
	return true;
}

static bool seen_before(const struct ahead *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (digest_equal(&a->blob[i].sha256, &a->blob[n].sha256))
			return true;
	return false;
}

bool intake_ahead(struct intake_role *r, const struct bytes *bytes,
	size_t count, struct blob *blob, struct fault *f)
{
	struct ahead a = {r, bytes, blob, .count = count};
	int jobs = count < WAITERS ? (int)count : WAITERS;

	r->notes.used = 0;
	a.put = arena_array(&r->notes, count + 1, sizeof *a.put, f);
	if (!a.put || !crew_run(jobs, &a, name_them, f))
		return false;
	a.next = 0;
	for (size_t i = 0; i < count; i++)
		a.put[i] = !seen_before(&a, i);
	return crew_run(jobs, &a, put_them, f);
}

bool intake_commit_spool(struct spool *s, struct ledger *l,
	struct instant now, struct fault *f)
{
	struct journal journal = spool_journal(s);
	const uint8_t *id = s->log.id;
	uint64_t first = ledger_intake_end(l, id);
	struct ledger_item out;

	while (first < spool_end(s)) {
		uint64_t n = spool_end(s) - first;

		if (n > INTAKE_SPAN)
			n = INTAKE_SPAN;
		if (!ledger_append_intake(l, &journal, id, first, n, now, &out,
			f))
			return false;
		first += n;
	}
	return true;
}

bool intake_commit(struct intake_role *r, struct instant now, struct fault *f)
{
	return intake_commit_spool(&r->spool, r->ledger, now, f) &&
		ledger_sign(r->ledger, f);
}
