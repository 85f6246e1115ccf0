/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/custody.h"

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
