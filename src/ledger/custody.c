/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/custody.h"

#include "base/encode.h"
#include "base/log.h"
#include "base/tree.h"
#include "ledger/carried.h"
#include "ledger/chain_ack.h"
#include "ledger/people.h"

#include <inttypes.h>

#define ARENA_BYTES ((size_t)8 << 30)

enum { SENSORS_MAX = 65536 };

/* Had a key of it counted by then?  What is proposed alone takes none away. */
static bool is_enrolled(
	const struct people *p, const char *source, uint64_t index)
{
	struct digest d = sha256_of(bytes_of(source));
	uint64_t n;

	if (!p || !table_get(&p->by_sensor, &d, &n))
		return false;
	for (n++; n > 0; n = p->key[n - 1].before)
		if (p->key[n - 1].from < index)
			return true;
	return false;
}

const uint8_t *custody_key(const struct chain_keys *keys,
	const struct people *p, const uint8_t id[FRAME_SENSOR],
	uint64_t index, struct instant at)
{
	struct chain_owner o = {NULL, NULL};
	const struct people_key *k;

	if (!keys || !keys->find(keys->self, id, &o))
		return NULL;
	if (!is_enrolled(p, o.source, index))
		return o.key;
	k = people_sensor(p, bytes_of(o.source), index, at);
	return k ? k->key : NULL;
}

bool custody_start(struct custody *c, const struct chain_keys *keys,
	const struct people *p, struct fault *f)
{
	*c = (struct custody){.keys = keys, .people = p};
	if (!arena_map(&c->arena, ARENA_BYTES, f) ||
		!arena_map(&c->claims, ARENA_BYTES, f) ||
		!arena_map(&c->marks, ARENA_BYTES, f) ||
		!arena_map(&c->work, ARENA_BYTES, f))
		return false;
	return chains_start(&c->chains, &c->arena, SENSORS_MAX, f);
}

void custody_end(struct custody *c)
{
	arena_unmap(&c->arena);
	arena_unmap(&c->claims);
	arena_unmap(&c->marks);
	arena_unmap(&c->work);
}

/* Records between that are no frames carry nothing. */
static bool mark(struct custody *c, uint64_t record, enum chain_verdict v,
	struct fault *f)
{
	if (record >= c->marks.size)
		return fault(f, FAULT_LIMIT, "too many records");
	while (c->marks.used < record)
		c->marks.at[c->marks.used++] = CHAIN_REFUSED;
	if (c->marks.used == record)
		c->marks.at[c->marks.used++] = (uint8_t)v;
	return true;
}

bool custody_take(struct custody *c, const struct journal_record *r,
	uint64_t index, struct fault *f)
{
	struct chain_arrival a;
	const uint8_t *key;

	if (!chain_recall(&c->chains, r->payload, &a, f))
		return fault_in(f, "record %" PRIu64, r->sequence);
	if (!mark(c, r->sequence, a.verdict, f))
		return false;
	key = custody_key(c->keys, c->people, a.frame.sensor, index,
		r->received);
	if (!key)
		c->seen.unkeyed++;
	else if (!frame_signed(r->payload, key))
		return fault(f, FAULT_INPUT, "record %" PRIu64 ": not signed "
			"by the key of its sensor", r->sequence);
	c->seen.frames++;
	c->seen.late += a.verdict == CHAIN_LATE;
	c->seen.forks += a.verdict == CHAIN_FORK;
	c->seen.breaks += a.verdict == CHAIN_BREAK;
	c->seen.twice += a.verdict == CHAIN_SAME || a.verdict == CHAIN_OLD;
	return true;
}

bool custody_file(struct custody *c, const struct digest *file,
	struct bytes about, struct fault *f)
{
	size_t mark_at = c->claims.used, taken;
	struct custody_claim *x = arena_take(&c->claims, sizeof *x, f);
	const struct tree *t;
	const char *spool = NULL;
	int64_t first = -1, after = -1;

	if (!x)
		return false;
	taken = c->claims.used;
	/* What is no JSON speaks of no parents. */
	if (!tree_read(about, &c->claims, &t, f)) {
		c->claims.used = mark_at;
		return f->kind == FAULT_INPUT;
	}
	if ((spool = tree_text(t, "frames_spool"))) {
		first = tree_i64(t, "frames_first", -1);
		after = tree_i64(t, "frames_after", -1);
		if (first < 0 || after <= first || !hex_read(bytes_of(spool),
			x->spool, sizeof x->spool, f))
			return fault(f, FAULT_INPUT, "a file of frames wants "
				"frames_first, frames_after");
	}
	c->claims.used = spool ? taken : mark_at;
	if (!spool)
		return true;
	x->next = c->claim;
	x->file = *file;
	x->first = (uint64_t)first;
	x->after = (uint64_t)after;
	c->claim = x;
	c->seen.derived++;
	return true;
}

void custody_spool(struct custody *c, const uint8_t id[16], uint64_t end)
{
	memcpy(c->spool, id, sizeof c->spool);
	c->end = end;
}

struct gathering {
	struct carried_list list;
	uint64_t after;
};

static bool gather(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct gathering *g = self;

	return r->sequence < g->after && carried_add(&g->list, r, f);
}

static bool one_parent(struct custody *c, struct log *log,
	const struct custody_claim *x, struct fault *f)
{
	struct gathering g = {.list = {.arena = &c->work,
		.verdict = c->marks.at, .verdicts = c->marks.used},
		.after = x->after};
	struct journal j = log_journal(log);
	struct digest is;
	size_t n;

	if (memcmp(x->spool, c->spool, sizeof x->spool) != 0 ||
		x->after > c->end)
		return fault(f, FAULT_INPUT, "a file was made of frames up to "
			"record %" PRIu64 ", which are not there", x->after);
	c->work.used = 0;
	f->kind = FAULT_NONE;
	if (!j.read(j.self, x->first, gather, &g, f))
		return false;
	carried_sort(&g.list, &n);
	is = carried_digest(&g.list, n > 0 ? n : g.list.count);
	return digest_equal(&is, &x->file) || fault(f, FAULT_INPUT, "a file is "
		"not what records frames/%" PRIu64 " to %" PRIu64 " carry",
		x->first, x->after - 1);
}

bool custody_parents(struct custody *c, struct disk *d, struct fault *f)
{
	const struct log_options o = {
		.folder = "spool/frames", .use = LOG_SPOOL};
	struct log log;
	bool ok;

	if (!c->claim)
		return true;
	if (!log_open(&log, d, &o, f))
		return false;
	ok = true;
	for (const struct custody_claim *x = c->claim; ok && x; x = x->next)
		ok = one_parent(c, &log, x, f);
	log_close(&log);
	return ok;
}

void custody_count(struct custody *c)
{
	c->seen.sensors = c->chains.count;
	c->seen.missing = 0;
	for (size_t i = 0; i < c->chains.room; i++) {
		const struct chain_sensor *s = c->chains.sensor[i];

		if (!s)
			continue;
		c->seen.missing += s->lost;
		for (size_t k = 0; k < s->gaps; k++)
			c->seen.missing += s->gap[k].end - s->gap[k].first;
	}
}
