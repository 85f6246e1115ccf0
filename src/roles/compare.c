/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/compare.h"

#include "base/encode.h"
#include "base/tree.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "model/id.h"

#define ARENA_BYTES ((size_t)16 << 30)
#define HOUR_MS (UINT64_C(3600) * 1000)
enum { BUCKETS = 1 << 16, DIGITS_MAX = 17, PLACES_LEAST = 3,
	TIME_TEXT = 34 };

struct head { /* the last entry of a subject; of batches each */
	struct head *next; /* in its bucket */
	struct head *later; /* in the order of the log */
	struct head *hour;  /* of a batch that is the last of its kind and
			     * hour: the next in its bucket */
	uint8_t type;
	uint8_t subject[ENTRY_SUBJECT];
	uint64_t index;
	const struct field *field;
	size_t fields;
	bool closed;
	bool met;
};

struct side {
	const struct people *people; /* while the log is read */
	struct disk *disk;
	struct arena *arena;
	struct head **bucket, *first, **end;
	struct head **hours; /* of batches, by kind and hour */
	/* Entries under another record's subject. */
	uint64_t strange, strange_at;
};

static struct bytes value(const struct head *h, const char *name)
{
	for (size_t i = 0; i < h->fields; i++)
		if (strcmp(h->field[i].name, name) == 0)
			return h->field[i].value;
	return (struct bytes){NULL, 0};
}

static bool equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
		(a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static void quote(char *out, size_t size, struct bytes b)
{
	struct text t = text_on(out, size);

	if (!b.at)
		text_add(&t, "nothing");
	else
		text_bytes(&t, bytes_part(b, 0, b.len < size - 1
				? b.len : size - 1));
}

static struct head **slot_of(
	const struct side *s, uint8_t type, const uint8_t *subject)
{
	uint32_t h = 2166136261u ^ type; /* FNV-1a */
	struct head **at;

	for (size_t i = 0; i < ENTRY_SUBJECT; i++)
		h = (h ^ subject[i]) * 16777619u;
	at = &s->bucket[h % BUCKETS];
	while (*at && ((*at)->type != type ||
		memcmp((*at)->subject, subject, ENTRY_SUBJECT) != 0))
		at = &(*at)->next;
	return at;
}

static bool keep_fields(struct side *s, struct head *h,
	const struct ledger_entry *e, struct fault *f)
{
	size_t n = e->open ? e->body->count : 0;
	struct field *x = arena_array(s->arena, n + 1, sizeof *x, f);

	if (!x)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct field *from = &e->body->field[i];
		char *text = arena_take(s->arena, from->value.len + 1, f);

		x[i].name = arena_text(s->arena, bytes_of(from->name), f);
		if (!text || !x[i].name)
			return false;
		if (from->value.len > 0)
			memcpy(text, from->value.at, from->value.len);
		x[i].value = (struct bytes){
			(const uint8_t *)text, from->value.len};
	}
	h->field = x;
	h->fields = n;
	h->closed = !e->open;
	h->index = e->index;
	return true;
}

/* Under another's subject a record would hide behind that one's last. */
static bool own_subject(const struct ledger_entry *e)
{
	const struct field *x = fields_find(e->body, "id");
	uint8_t subject[ENTRY_SUBJECT];
	char text[80];
	struct id id;

	if (!x)
		return false;
	quote(text, sizeof text, x->value);
	return id_read(text, &id) && id_subject(&id, subject) &&
		memcmp(subject, e->entry.subject, ENTRY_SUBJECT) == 0;
}

static bool take(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct side *s = self;
	uint8_t type = e->entry.type;
	struct head **at, *h;

	const struct people_key *by =
		people_author(s->people, e->entry.key_id);

	/* What people wrote follows from nothing else. */
	if ((type != ENTRY_INCIDENT && type != ENTRY_FINDING &&
		    type != ENTRY_STEP && type != ENTRY_CLAIM &&
		    type != ENTRY_BATCH) ||
		!by || by->role != PEOPLE_ENGINE)
		return true;
	if (e->open && type != ENTRY_BATCH && !own_subject(e)) {
		s->strange++;
		s->strange_at = s->strange == 1 ? e->index : s->strange_at;
		return true;
	}
	at = slot_of(s, type, e->entry.subject);
	if (!*at) {
		if (!(h = arena_array(s->arena, 1, sizeof *h, f)))
			return false;
		h->type = type;
		memcpy(h->subject, e->entry.subject, ENTRY_SUBJECT);
		*at = h;
		*s->end = h;
		s->end = &h->later;
	}
	return keep_fields(s, *at, e, f);
}

static uint64_t hour_of(const struct head *h)
{
	uint64_t ms = 0;

	for (size_t i = 0; i < 6; i++)
		ms = ms << 8 | h->subject[i];
	return ms / HOUR_MS;
}

/* Where the last batch of the same kind and hour stands, or would. */
static struct head **hour_slot(const struct side *s, const struct head *of)
{
	uint64_t hour = hour_of(of);
	struct bytes kind = value(of, "kind");
	uint32_t h = 2166136261u ^ (uint32_t)hour; /* FNV-1a */
	struct head **at;

	for (size_t i = 0; i < kind.len; i++)
		h = (h ^ kind.at[i]) * 16777619u;
	at = &s->hours[h % BUCKETS];
	while (*at && (hour_of(*at) != hour ||
		!equal(value(*at, "kind"), kind)))
		at = &(*at)->hour;
	return at;
}

static bool index_hours(struct side *s, struct fault *f)
{
	s->hours = arena_array(s->arena, BUCKETS, sizeof *s->hours, f);
	for (struct head *h = s->first; s->hours && h; h = h->later) {
		struct head **at;

		if (h->type != ENTRY_BATCH)
			continue;
		at = hour_slot(s, h);
		h->hour = *at ? (*at)->hour : NULL;
		*at = h;
	}
	return s->hours != NULL;
}

static const struct head *of_hour(const struct side *s, const struct head *h)
{
	return *hour_slot(s, h);
}

static bool read_log(struct side *s, struct fault *f)
{
	struct ledger *l;
	bool ok;

	s->end = &s->first;
	s->bucket = arena_array(s->arena, BUCKETS, sizeof *s->bucket, f);
	if (!s->bucket || !ledger_open(&l, s->disk, false, f))
		return false;
	s->people = ledger_people(l);
	ok = ledger_read(l, 0, take, s, f);
	ledger_close(l);
	return ok && index_hours(s, f);
}

/* -- two values -- */

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Digits and places of a decimal at *i; false: none, or a long one. */
static bool decimal(struct bytes b, size_t *i, int64_t *n, int *places)
{
	size_t digits = 0;
	bool point = false;

	*n = 0;
	*places = 0;
	for (; *i < b.len && (digit(b.at[*i]) ||
		(!point && b.at[*i] == '.')); ++*i) {
		if (b.at[*i] == '.') {
			point = true;
			continue;
		}
		if (++digits > DIGITS_MAX)
			return false;
		*n = *n * 10 + (b.at[*i] - '0');
		*places += point;
	}
	return digits > 0;
}

static bool one_off(int64_t a, int a_places, int64_t b, int b_places)
{
	for (; a_places < b_places; a_places++)
		if (__builtin_mul_overflow(a, 10, &a))
			return false;
	for (; b_places < a_places; b_places++)
		if (__builtin_mul_overflow(b, 10, &b))
			return false;
	/* Zeros at the end are not printed: of few places one is no unit. */
	return a_places >= PLACES_LEAST && a - b >= -1 && a - b <= 1;
}

/* Whether a word ends before i. */
static bool after(struct bytes a, size_t i, const char *word)
{
	size_t n = strlen(word);

	return i >= n && memcmp(a.at + i - n, word, n) == 0;
}

static bool holds(struct bytes b, const char *word)
{
	return b.len > 0 && memmem(b.at, b.len, word, strlen(word)) != NULL;
}

/* Whether what ends before i is the word of an explanation that a version
 * follows (judge/opinion.c). */
static bool after_version(struct bytes a, size_t i)
{
	return after(a, i, " version ");
}

/* The same but for numbers that are one off in the last place, and versions;
 * *exact stays true if only versions are other. */
static bool within_unit(
	struct bytes a, struct bytes b, bool versions, bool *exact)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		int64_t x, y;
		int x_places, y_places;
		bool version = versions && after_version(a, i) &&
			after_version(b, k);

		if (!digit(a.at[i]) || !digit(b.at[k])) {
			if (a.at[i++] != b.at[k++])
				return false;
			continue;
		}
		if (!decimal(a, &i, &x, &x_places) ||
			!decimal(b, &k, &y, &y_places))
			return false;
		if (version || (x == y && x_places == y_places))
			continue;
		*exact = false;
		if (!one_off(x, x_places, y, y_places))
			return false;
	}
	return i == a.len && k == b.len;
}

/* -- the first that differs -- */

static const char *word_of(const struct head *h, char buffer[24])
{
	struct bytes kind = value(h, "kind");

	if (h->type != ENTRY_BATCH)
		return h->type == ENTRY_INCIDENT ? "incident"
			: h->type == ENTRY_FINDING ? "finding"
			: h->type == ENTRY_STEP ? "obligation" : "claim";
	quote(buffer, 24, kind);
	return buffer;
}

static void note(struct compared *c, const struct head *logged,
	const struct head *made, const char *field, struct bytes a,
	struct bytes b)
{
	const struct head *h = logged ? logged : made;
	char word[24];

	if (c->what[0])
		return;
	c->index = logged ? logged->index : UINT64_MAX;
	quote(c->what, sizeof c->what, bytes_of(word_of(h, word)));
	quote(c->id, sizeof c->id, value(h, "id"));
	quote(c->field, sizeof c->field, bytes_of(field));
	quote(c->logged, sizeof c->logged, a);
	quote(c->made, sizeof c->made, b);
}

/* Which version of itself or of its incident. */
static bool told_of_work(const char *name)
{
	return strcmp(name, "version") == 0 || strcmp(name, "ledger") == 0 ||
		strcmp(name, "incident_version") == 0;
}

/* What floating point makes; all else is equal or different. */
static bool may_round(const struct head *h, const char *name)
{
	static const char *const incident[] = {"place", "kind", "features"};

	if (h->type == ENTRY_FINDING)
		return strcmp(name, "probability") == 0 ||
			strcmp(name, "explanation") == 0;
	for (size_t i = 0; h->type == ENTRY_INCIDENT && i < 3; i++)
		if (strncmp(name, incident[i], strlen(incident[i])) == 0)
			return true;
	return false;
}

/* Each field of a that b has otherwise, or not. */
static void fields_of(struct compared *c, const struct head *logged,
	const struct head *made, bool turned, bool *unit, bool *other)
{
	const struct head *from = turned ? made : logged;

	for (size_t i = 0; i < from->fields; i++) {
		const char *name = from->field[i].name;
		struct bytes a = value(logged, name), b = value(made, name);
		bool exact = true;

		if (told_of_work(name) || (a.at && b.at && equal(a, b)))
			continue;
		if (a.at && b.at && may_round(logged, name) &&
			within_unit(a, b, strcmp(name, "explanation") == 0,
				&exact)) {
			*unit |= !exact;
			continue;
		}
		*other = true;
		note(c, logged, made, name, a, b);
	}
}

static bool get_lines(struct side *s, const struct head *h, struct bytes *out,
	struct fault *f)
{
	struct bytes hex = value(h, "blob");
	struct digest d;

	/* A hash that begins with a digit is stored in quotes (fields.h). */
	if (hex.len == 2 * SHA256_LEN + 2)
		hex = bytes_part(hex, 1, 2 * SHA256_LEN);
	return hex_read(hex, d.at, SHA256_LEN, f) &&
		blobs_get_sound(s->disk, &d, out, f);
}

/* Bodies beside the log, but for versions. */
static bool same_text(struct bytes a, struct bytes b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		bool version = after(a, i, "version\":") &&
			after(b, k, "version\":");

		for (; version && i < a.len && digit(a.at[i]); i++)
			;
		for (; version && k < b.len && digit(b.at[k]); k++)
			;
		if (i < a.len && k < b.len && a.at[i++] != b.at[k++])
			return false;
	}
	return i == a.len && k == b.len;
}

static bool outside(struct compared *c, struct side *log, struct side *anew,
	const struct head *logged, const struct head *made, struct fault *f)
{
	struct bytes a, b;

	if (!get_lines(log, logged, &a, f))
		return false;
	if (!get_lines(anew, made, &b, f)) {
		blobs_release(log->disk, a);
		return false;
	}
	if (same_text(a, b)) {
		c->same++;
	} else {
		c->different++;
		note(c, logged, made, "blob", value(logged, "blob"),
			value(made, "blob"));
	}
	blobs_release(anew->disk, b);
	blobs_release(log->disk, a);
	return true;
}

static void two(struct compared *c, const struct head *logged,
	const struct head *made)
{
	bool unit = false, other = false;

	fields_of(c, logged, made, false, &unit, &other);
	fields_of(c, logged, made, true, &unit, &other);
	c->different += other;
	c->unit += unit && !other;
	c->same += !unit && !other;
}

/* -- batches -- */

static struct bytes next_line(struct bytes *rest)
{
	const uint8_t *lf = rest->len > 0
		? memchr(rest->at, '\n', rest->len) : NULL;
	size_t n = lf ? (size_t)(lf - rest->at) : rest->len;
	struct bytes line = bytes_part(*rest, 0, n);

	*rest = bytes_part(*rest, lf ? n + 1 : n, rest->len - (lf ? n + 1 : n));
	return line;
}

/* Detections hold what arrays and onsets measured in floating point; another
 * processor may be one off in the last place of that, never of a time. */
static bool line_within(struct bytes was, struct bytes now)
{
	static const char at[] = "\"at\":\"";
	const uint8_t *a = memmem(was.at, was.len, at, sizeof at - 1);
	const uint8_t *b = memmem(now.at, now.len, at, sizeof at - 1);
	size_t i = a ? (size_t)(a - was.at) : 0;
	size_t k = b ? (size_t)(b - now.at) : 0;
	bool exact = true;

	return a && b &&
		equal(bytes_part(was, i, TIME_TEXT),
			bytes_part(now, k, TIME_TEXT)) &&
		within_unit(was, now, false, &exact);
}

/* The lines of a batch in both; released by the caller. */
static bool get_both(struct side *log, struct side *anew, const struct head *a,
	const struct head *b, struct bytes *x, struct bytes *y,
	struct fault *f)
{
	if (!get_lines(log, a, x, f))
		return false;
	if (get_lines(anew, b, y, f))
		return true;
	blobs_release(log->disk, *x);
	return false;
}

/* All lines of two batches of detections, but for last places. */
static bool lines_within(struct side *log, struct side *anew,
	const struct head *a, const struct head *b, bool *yes, struct fault *f)
{
	struct bytes x, y, p, q;

	*yes = equal(value(a, "kind"), bytes_of("detection")) &&
		equal(value(a, "count"), value(b, "count"));
	if (!*yes)
		return true;
	if (!get_both(log, anew, a, b, &x, &y, f))
		return false;
	p = x;
	q = y;
	while (*yes && p.len > 0 && q.len > 0) {
		struct bytes was = next_line(&p), now = next_line(&q);

		*yes = equal(was, now) || line_within(was, now);
	}
	*yes = *yes && p.len == 0 && q.len == 0;
	blobs_release(anew->disk, y);
	blobs_release(log->disk, x);
	return true;
}

/* The record of the first line that the logged batch has otherwise. */
static bool first_line(struct compared *c, struct side *log, struct side *anew,
	const struct head *a, const struct head *b, struct fault *f)
{
	struct bytes x, y, p, q;
	const struct tree *t;
	struct bytes was, now;

	if (c->what[0])
		return true;
	if (!get_both(log, anew, a, b, &x, &y, f))
		return false;
	p = x;
	q = y;
	do {
		was = next_line(&p);
		now = next_line(&q);
	} while (equal(was, now) && was.len > 0);
	note(c, a, b, "line", was, now);
	if (now.len > 0 && tree_read(now, anew->arena, &t, f) &&
		tree_text(t, "id"))
		quote(c->id, sizeof c->id, bytes_of(tree_text(t, "id")));
	blobs_release(anew->disk, y);
	blobs_release(log->disk, x);
	return true;
}

static bool batch(struct compared *c, struct side *log, struct side *anew,
	const struct head *made, struct fault *f)
{
	struct head *near, *there;
	bool within;

	/* A batch's subject is made of its bytes. */
	there = *slot_of(log, made->type, made->subject);
	if (there && !there->closed &&
		equal(value(there, "root"), value(made, "root"))) {
		there->met = true;
		c->same++;
		return true;
	}
	near = *hour_slot(log, made);
	if (near && !near->closed) {
		if (!lines_within(log, anew, near, made, &within, f))
			return false;
		if (within) {
			near->met = true;
			c->unit++;
			return true;
		}
	}
	if (near) {
		c->different++;
		return first_line(c, log, anew, near, made, f);
	}
	c->missing++;
	note(c, NULL, made, "root", (struct bytes){NULL, 0},
		value(made, "root"));
	return true;
}

/* -- all -- */

/* Of a body that lies outside the blob says it. */
static bool withdrawn(struct side *s, const struct head *h, bool *is,
	struct fault *f)
{
	struct bytes b;

	*is = h->type == ENTRY_STEP &&
		equal(value(h, "stands"), bytes_of("false"));
	if (h->type != ENTRY_INCIDENT && h->type != ENTRY_FINDING)
		return true;
	if (!value(h, "blob").at) {
		*is = equal(value(h, "status"), bytes_of("rejected"));
		return true;
	}
	if (!get_lines(s, h, &b, f))
		return false;
	*is = holds(b, "\"status\":\"rejected\"");
	blobs_release(s->disk, b);
	return true;
}

static bool each_made(struct compared *c, struct side *log, struct side *anew,
	struct fault *f)
{
	for (struct head *h = anew->first; h; h = h->later) {
		struct head *there;

		if (h->type == ENTRY_BATCH) {
			if (!batch(c, log, anew, h, f))
				return false;
			continue;
		}
		there = *slot_of(log, h->type, h->subject);
		if (!there) {
			c->missing++;
			note(c, NULL, h, "id", (struct bytes){NULL, 0},
				value(h, "id"));
		} else if (there->closed) {
			there->met = true;
			c->closed++;
		} else if (value(there, "blob").at && value(h, "blob").at) {
			there->met = true;
			if (!outside(c, log, anew, there, h, f))
				return false;
		} else {
			there->met = true;
			two(c, there, h);
		}
	}
	return true;
}

static bool each_logged(struct compared *c, struct side *log,
	const struct side *anew, struct fault *f)
{
	for (const struct head *h = log->first; h; h = h->later) {
		bool gone = false;

		if (h->met)
			continue;
		/* An hour that got or lost rows has another batch since. */
		if (h->type == ENTRY_BATCH && !h->closed && of_hour(anew, h)) {
			c->superseded++;
			continue;
		}
		if (h->closed) {
			c->closed++;
			continue;
		}
		if (!withdrawn(log, h, &gone, f))
			return false;
		if (gone) {
			c->withdrawn++;
			continue;
		}
		c->unfounded++;
		note(c, h, NULL, "id", value(h, h->type == ENTRY_BATCH
				? "root" : "id"), (struct bytes){NULL, 0});
	}
	return true;
}

static void note_strange(struct compared *c, uint64_t index)
{
	if (c->what[0])
		return;
	c->index = index;
	quote(c->what, sizeof c->what, bytes_of("entry"));
	quote(c->field, sizeof c->field, bytes_of("subject"));
	quote(c->logged, sizeof c->logged, bytes_of("another record's"));
	quote(c->made, sizeof c->made, bytes_of("its own"));
}

bool logs_compare(struct disk *log, struct disk *anew, struct compared *c,
	struct fault *f)
{
	struct arena arena = {0};
	struct side a = {.disk = log, .arena = &arena};
	struct side b = {.disk = anew, .arena = &arena};
	bool ok;

	*c = (struct compared){.index = UINT64_MAX};
	ok = arena_map(&arena, ARENA_BYTES, f) && read_log(&a, f) &&
		read_log(&b, f) && each_made(c, &a, &b, f);
	ok = ok && each_logged(c, &a, &b, f);
	if (ok && a.strange > 0) {
		c->unfounded += a.strange;
		note_strange(c, a.strange_at);
	}
	arena_unmap(&arena);
	return ok;
}
