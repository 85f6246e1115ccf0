/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/custody.h"

#include "base/encode.h"
#include "base/tree.h"
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
	return arena_map(&c->arena, ARENA_BYTES, f) &&
		chains_start(&c->chains, &c->arena, SENSORS_MAX, f);
}

void custody_end(struct custody *c)
{
	arena_unmap(&c->arena);
}

bool custody_take(struct custody *c, const struct journal_record *r,
	uint64_t index, struct fault *f)
{
	struct chain_arrival a;
	const uint8_t *key;

	if (!chain_recall(&c->chains, r->payload, &a, f))
		return fault_in(f, "record %" PRIu64, r->sequence);
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

static struct custody_spool *spool_of(
	struct custody *c, const uint8_t id[16], struct fault *f)
{
	struct custody_spool *s = c->spool;

	while (s < c->spool + c->spools &&
		memcmp(s->id, id, sizeof s->id) != 0)
		s++;
	if (s == c->spool + CUSTODY_SPOOLS) {
		(void)fault(f, FAULT_LIMIT, "more than %d spools",
			CUSTODY_SPOOLS);
		return NULL;
	}
	if (s == c->spool + c->spools) {
		memcpy(s->id, id, sizeof s->id);
		c->spools++;
	}
	return s;
}

bool custody_file(struct custody *c, struct bytes about, struct fault *f)
{
	size_t mark = c->arena.used;
	struct custody_spool *s;
	const struct tree *t;
	const char *spool;
	int64_t first, after;
	uint8_t id[16];

	/* What is no JSON speaks of no parent. */
	if (!tree_read(about, &c->arena, &t, f)) {
		c->arena.used = mark;
		return f->kind == FAULT_INPUT;
	}
	spool = tree_text(t, "frames_spool");
	first = tree_i64(t, "frames_first", -1);
	after = tree_i64(t, "frames_after", -1);
	if (spool && (first < 0 || after <= first ||
			!hex_read(bytes_of(spool), id, sizeof id, f)))
		return fault(f, FAULT_INPUT,
			"a file of frames wants frames_first, frames_after");
	c->arena.used = mark;
	if (!spool)
		return true;
	if (!(s = spool_of(c, id, f)))
		return false;
	c->seen.derived++;
	if ((uint64_t)after > s->claimed)
		s->claimed = (uint64_t)after;
	return true;
}

bool custody_spool(struct custody *c, const uint8_t id[16], uint64_t end,
	struct fault *f)
{
	struct custody_spool *s = spool_of(c, id, f);

	if (s)
		s->end = end;
	return s != NULL;
}

bool custody_parents(const struct custody *c, struct fault *f)
{
	for (size_t i = 0; i < c->spools; i++)
		if (c->spool[i].claimed > c->spool[i].end)
			return fault(f, FAULT_INPUT, "a file was made of "
				"records up to %" PRIu64 " of a spool that has "
				"%" PRIu64, c->spool[i].claimed,
				c->spool[i].end);
	return true;
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
