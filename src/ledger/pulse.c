/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/pulse.h"

#include "base/encode.h"
#include "ledger/body.h"
#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/people_event.h"
#include "ledger/secrets.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ARENA = 1 << 16 };

static const char act[] = "heartbeat";

void pulse_free(struct pulse *p)
{
	free(p->beat);
	table_free(&p->notes);
	*p = (struct pulse){0};
}

static bool is_beat(const struct entry *e)
{
	uint8_t subject[ENTRY_SUBJECT];

	entry_subject(INSTANT_UNKNOWN, bytes_of(act), subject);
	return e->type == ENTRY_HEALTH &&
		memcmp(e->subject, subject, sizeof subject) == 0;
}

static int64_t due_ns(const struct pulse_beat *b)
{
	return b->clock.utc_ns + (int64_t)(b->next_s + PULSE_SLACK_S) *
		INT64_C(1000000000);
}

/* All that a heartbeat says; false: some of it is not there, or no number. */
static bool read_beat(
	const struct fields *s, struct pulse_beat *b, struct digest *root)
{
	char word[sizeof act];

	return people_text(s, "act", word, sizeof word) &&
		strcmp(word, act) == 0 && body_number(s, "beat", &b->beat) &&
		body_number(s, "next_s", &b->next_s) &&
		b->next_s <= PULSE_MOST_S &&
		body_number(s, "size", &b->size) &&
		body_digest(s, "root", root) &&
		body_digest(s, "note", &b->note);
}

static void note_late(struct pulse_seen *p, const struct pulse_beat *b)
{
	if (!p->known || p->last.next_s == 0 ||
		b->clock.utc_ns <= due_ns(&p->last) || p->late++ > 0)
		return;
	p->late_after = p->last;
	p->late_until = b->clock;
}

/* What is wrong with it; NULL: nothing. */
static const char *judge(const struct pulse_seen *p,
	const struct people_entry *x, const struct pulse_beat *b)
{
	static const struct digest none;
	bool first = digest_equal(&x->entry->prev, &none);

	if (first ? b->beat != 0 : p->known && b->beat != p->last.beat + 1)
		return "its number does not follow the last one's";
	if (b->size == 0 || b->size > x->index || b->size < p->last.size)
		return "names a checkpoint that cannot have been the last";
	return NULL;
}

static bool keep(struct pulse *p, const struct pulse_beat *b, struct fault *f)
{
	if (!people_room(&p->beat, p->seen.beats, &p->room, sizeof *b, f))
		return false;
	p->beat[p->seen.beats++] = p->seen.last = *b;
	p->seen.known = true;
	return table_set(&p->notes, &b->note, p->seen.beats - 1, f);
}

const char *pulse_take(struct pulse *p, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	struct pulse_beat b = {.index = x->index, .clock = x->entry->clock};
	struct digest root, is;
	const char *wrong;

	if (!is_beat(x->entry))
		return NULL;
	if (!x->body || x->withheld) {
		p->seen.known = false;
		return NULL;
	}
	wrong = !read_beat(x->body, &b, &root) ? "is no heartbeat" :
		judge(&p->seen, x, &b);
	if (!wrong) {
		is = merkle_tree_root(tree, b.size);
		if (!digest_equal(&is, &root))
			wrong = "names another history";
	}
	if (wrong) {
		(void)fault(f, FAULT_INPUT, "%s", wrong);
		return act;
	}
	note_late(&p->seen, &b);
	return keep(p, &b, f) ? NULL : act;
}

void pulse_met(struct pulse *p, struct bytes note)
{
	struct digest d = sha256_of(note);
	uint64_t n;

	/* Several may name one: those before it were met with it. */
	if (!table_get(&p->notes, &d, &n))
		return;
	for (n++; n > 0 && digest_equal(&p->beat[n - 1].note, &d) &&
		!p->beat[n - 1].met; n--)
		p->beat[n - 1].met = true;
}

const struct pulse_beat *pulse_unmet(const struct pulse *p)
{
	for (size_t i = 0; i < p->seen.beats; i++)
		if (!p->beat[i].met)
			return &p->beat[i];
	return NULL;
}

bool pulse_missing(const struct pulse_seen *p, struct instant now)
{
	return p->known && p->last.next_s > 0 &&
		now.utc_ns > due_ns(&p->last);
}

/* -- the writer's -- */

static bool read_last(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct pulse_beat *b = self;
	struct digest root;

	f->kind = FAULT_NONE;
	b->next_s = e->open && read_beat(e->body, b, &root);
	return false;
}

bool pulse_beat(struct ledger *l, struct disk *d, struct instant now,
	uint64_t next_s, struct fault *f)
{
	struct ledger_item item = {.type = ENTRY_HEALTH, .clock = now};
	struct pulse_beat last = {.beat = UINT64_MAX};
	uint8_t at[SECRETS_FILE_MAX];
	char hex[SHA256_HEX];
	struct arena arena = {0};
	struct checkpoint c;
	struct fields body;
	struct digest sha;
	struct note note;
	bool ok;
	size_t n;

	entry_subject(INSTANT_UNKNOWN, bytes_of(act), item.subject);
	if (!small_read(d, "ledger/pub/checkpoint", at, &n, f))
		return false;
	if (n == 0)
		return true;
	if (!note_read((struct bytes){at, n}, &note, f) ||
		!note_checkpoint(&note, &c, f) || !arena_map(&arena, ARENA, f))
		return false;
	ok = !ledger_head(l, item.subject, &last.index, &sha) ||
		ledger_read(l, last.index, read_last, &last, f);
	body = fields_in(&arena);
	sha = sha256_of((struct bytes){at, n});
	fields_text(&body, "act", act);
	fields_i64(&body, "beat", (int64_t)(last.beat + 1));
	fields_i64(&body, "next_s", (int64_t)next_s);
	fields_text(&body, "note", digest_hex(&sha, hex));
	fields_text(&body, "root", digest_hex(&c.root, hex));
	fields_i64(&body, "size", (int64_t)c.size);
	item.body = &body;
	ok = ok && ledger_append(l, &item, 1, f);
	arena_unmap(&arena);
	return ok;
}
