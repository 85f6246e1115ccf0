/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit_spools.h"

#include "ledger/blobs.h"
#include "ledger/body.h"
#include "ledger/people_event.h"

#include <stdlib.h>

/* Notes the first failure; false, for `return`. */
static bool fails(struct audit_spools *a, uint64_t index, const char *rule,
	const char *where, struct fault *f)
{
	return outcome_fails(&a->out->is, index, rule, where, f);
}

static bool fails_by(struct audit_spools *a, uint64_t index, const char *rule,
	struct fault *f)
{
	return outcome_fails_by(&a->out->is, index, rule, f);
}

/* -- a folder of segments -- */

bool audit_segments(struct audit_segments *a, const char *folder,
	enum log_use use, bool (*each)(void *self,
		const struct journal_record *, struct fault *),
	void *self, const char *rule, struct fault *f)
{
	struct log_check *c = &a->check;
	uint8_t id[LOG_ID];
	size_t n;

	*c = (struct log_check){.folder = folder, .use = use};
	if (!log_segments(a->disk, folder, a->first, LOG_SEGMENTS_MAX, &n, f))
		return outcome_fails_by(a->is, UINT64_MAX, rule, f);
	if (n > 0 && a->first[0] != 0)
		return outcome_fails(a->is, UINT64_MAX, rule,
			"the first records are gone", f);
	for (size_t i = 0; i < n; i++) {
		c->first = a->first[i];
		c->stop = i + 1 < n ? a->first[i + 1] : UINT64_MAX;
		if (!log_segment_check(a->disk, c, each, self, f))
			return outcome_fails_by(a->is, use == LOG_JOURNAL ?
				c->end : UINT64_MAX, rule, f);
		if (i > 0 && memcmp(id, c->head.id, LOG_ID) != 0)
			return outcome_fails(a->is, UINT64_MAX, rule,
				"segments of two logs in one folder", f);
		memcpy(id, c->head.id, LOG_ID);
	}
	return true;
}

/* -- what the log promises -- */

/* In the place of a first record: how far a spool's intakes reach. */
#define END UINT64_MAX

static struct digest start_key(const uint8_t id[LOG_ID], uint64_t first)
{
	uint8_t at[LOG_ID + 8];

	memcpy(at, id, LOG_ID);
	put_be(at + LOG_ID, first, 8);
	return sha256_of((struct bytes){at, sizeof at});
}

/* The clock of the spool's intake before this one; what was taken in at once is
 * in several, of one clock.  Spools are few, and their turns come often. */
static struct instant clock_before(
	const struct audit_spools *a, const struct audit_promise *p)
{
	const struct audit_promise *b = p;

	while (b > a->promise) {
		b--;
		if (memcmp(b->spool, p->spool, LOG_ID) == 0)
			return b->clock.utc_ns == p->clock.utc_ns ? b->after
				: b->clock;
	}
	return INSTANT_UNKNOWN;
}

/* A record was received after the intake before its own and before that one,
 * by one clock; where that was set back between them, as the log shows, before
 * or after. */
static bool in_its_time(const struct audit_promise *p, struct instant t)
{
	const int64_t slack = (int64_t)CLOCKS_OFF_S * 1000000000;
	int64_t clock = p->clock.utc_ns, after = p->after.utc_ns;
	bool known = instant_known(p->after);
	bool back = known && after > clock + slack;

	return (!known || t.utc_ns >= (back ? clock : after) - slack) &&
		(back || t.utc_ns <= clock + slack);
}

bool audit_spools_promise(
	struct audit_spools *a, const struct ledger_entry *e, struct fault *f)
{
	uint64_t end = 0;
	struct digest start;
	struct audit_promise *p;

	if (!people_room(&a->promise, a->promises, &a->room, sizeof *p, f))
		return false;
	p = &a->promise[a->promises++];
	*p = (struct audit_promise){.index = e->index, .clock = e->entry.clock};
	memcpy(p->spool, e->entry.subject, LOG_ID);
	p->after = clock_before(a, p);
	a->out->intakes++;
	if (!body_number(e->body, "first", &p->first) ||
		!body_number(e->body, "count", &p->count) || p->count == 0 ||
		!body_digest(e->body, "root", &p->root))
		return fails(a, e->index, "intake", "wants first, count, root",
			f);
	start = start_key(p->spool, END);
	(void)table_get(&a->starts, &start, &end);
	if (p->first < end && a->out->twice++ == 0)
		a->out->first_twice = e->index;
	if (p->first + p->count > end && !table_set(&a->starts, &start,
		p->first + p->count, f))
		return false;
	start = start_key(p->spool, p->first);
	return table_set(&a->starts, &start, a->promises - 1, f);
}

static struct audit_promise *promise_of(
	struct audit_spools *a, const uint8_t id[LOG_ID], uint64_t sequence)
{
	struct digest key = start_key(id, sequence);
	uint64_t i;

	return table_get(&a->starts, &key, &i) && !a->promise[i].met ?
		&a->promise[i] : NULL;
}

static bool file_kept(
	struct audit_spools *a, const struct journal_record *r, struct fault *f)
{
	struct bytes about;
	struct blob b;
	bool has;

	if (!blob_note_read(r->payload, &b, &about, f) ||
		!blobs_has(a->disk, &b.sha256, &has, f))
		return fails_by(a, UINT64_MAX, "spool", f);
	if (!custody_file(a->custody, &b.sha256, about, f))
		return fails_by(a, UINT64_MAX, "parent", f);
	if (has)
		return true;
	return fails(a, UINT64_MAX, "blob",
		"a file that the spool names is not there", f);
}

static bool spool_record(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct audit_spools *a = self;
	uint8_t at[JOURNAL_HEADER];
	struct digest d;

	a->out->spool_records++;
	if (r->kind == JOURNAL_FILE && !file_kept(a, r, f))
		return false;
	if (!a->now) {
		a->now = promise_of(a, a->segments->check.head.id, r->sequence);
		a->headers = (struct merkle){0};
	}
	if (r->kind == JOURNAL_FRAME && !custody_take(a->custody, r,
		a->now ? a->now->index : a->out->entries, f))
		return fails_by(a, a->now ? a->now->index : UINT64_MAX,
			"frame", f);
	if (!a->now) {
		a->out->uncommitted++;
		return true;
	}
	if (!in_its_time(a->now, r->received)) {
		a->out->untimely++;
		a->out->untimely_in = a->now->index;
	}
	log_record_header(r, at);
	d = merkle_leaf((struct bytes){at, sizeof at});
	merkle_add(&a->headers, &d);
	if (a->headers.count < a->now->count)
		return true;
	d = merkle_root(&a->headers);
	if (!digest_equal(&d, &a->now->root))
		return fails(a, a->now->index, "intake",
			"the spool's records are not those committed", f);
	a->now->met = true;
	a->now = NULL;
	return true;
}

static bool add_header(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct audit_spools *a = self;
	uint8_t at[JOURNAL_HEADER];
	struct digest d;

	(void)f;
	log_record_header(r, at);
	d = merkle_leaf((struct bytes){at, sizeof at});
	merkle_add(&a->headers, &d);
	return a->headers.count < a->now->count;
}

/* Records that went to another intake's root, and are in this one too. */
static bool meet_again(struct audit_spools *a, struct log *log,
	struct audit_promise *p, struct fault *f)
{
	struct journal j = log_journal(log);
	struct digest d;

	a->now = p;
	a->headers = (struct merkle){0};
	f->kind = FAULT_NONE;
	if (!j.read(j.self, p->first, add_header, a, f))
		return fails_by(a, p->index, "spool", f);
	d = merkle_root(&a->headers);
	if (!digest_equal(&d, &p->root))
		return fails(a, p->index, "intake",
			"the spool's records are not those committed", f);
	p->met = true;
	return true;
}

/* Of the spool that was read; what it has not is missing. */
static bool taken_in_twice(struct audit_spools *a, const char *folder,
	struct fault *f)
{
	const struct log_options o = {.folder = folder, .use = LOG_SPOOL};
	const struct log_check *c = &a->segments->check;
	struct log log;
	bool ok = true, open = false;

	for (size_t i = 0; ok && i < a->promises; i++) {
		struct audit_promise *p = &a->promise[i];

		if (p->met || p->first + p->count > c->end ||
			memcmp(p->spool, c->head.id, LOG_ID) != 0)
			continue;
		if (!open && !log_open(&log, a->disk, &o, f))
			return fails_by(a, p->index, "spool", f);
		open = true;
		ok = meet_again(a, &log, p, f);
	}
	if (open)
		log_close(&log);
	a->now = NULL;
	return ok;
}

static bool spool(void *self, const char *name, struct fault *f)
{
	struct audit_spools *a = self;
	char folder[LOG_FOLDER];
	struct text t = text_on(folder, sizeof folder);
	struct fault no;

	text_fmt(&t, "spool/%s", name);
	/* What waits to be taken in (roles/packets.h) is committed to when it
	 * is, and then goes. */
	if (!text_check(&t, &no) || strcmp(name, "sds") == 0 ||
		strcmp(name, "live") == 0)
		return true;
	a->now = NULL;
	a->out->spools++;
	if (!audit_segments(a->segments, folder, LOG_SPOOL, spool_record, a,
		"spool", f) ||
		!taken_in_twice(a, folder, f))
		return false;
	if (strcmp(name, "frames") == 0)
		custody_spool(a->custody, a->segments->check.head.id,
			a->segments->check.end);
	return true;
}

static bool all_met(struct audit_spools *a, struct fault *f)
{
	if (!custody_parents(a->custody, a->disk, f))
		return fails_by(a, UINT64_MAX, "parent", f);
	for (size_t i = 0; i < a->promises; i++)
		if (!a->promise[i].met)
			return fails(a, a->promise[i].index, "spool",
				"records that were taken in are missing", f);
	return true;
}

bool audit_spools_read(struct audit_spools *a, struct fault *f)
{
	return a->disk->list(a->disk->self, "spool", spool, a, f) &&
		all_met(a, f);
}

void audit_spools_free(struct audit_spools *a)
{
	table_free(&a->starts);
	free(a->promise);
}
