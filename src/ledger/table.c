/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/table.h"

#include "ledger/merkle.h"

#include <stdlib.h>

enum { SIZE_BEGIN = 256, SIZE_BITS_MAX = 32 };

static uint64_t front_of(const struct digest *key)
{
	return bytes_be((struct bytes){key->at, 4});
}

/* By the upper bits: a bigger table is then filled from front to end. */
static size_t place_of(const struct table *t, uint64_t front)
{
	return (size_t)(front >> (SIZE_BITS_MAX - __builtin_ctzll(t->size)));
}

/* Where it is, or where it would be. */
static uint64_t *slot_of(const struct table *t, const struct digest *key)
{
	uint64_t front = front_of(key);
	size_t k = place_of(t, front);

	for (size_t i = 0;; i++) {
		uint64_t *s = &t->slot[(k + i) & (t->size - 1)];

		if (*s == 0 || (*s >> 32 == front && digest_equal(
			&t->key[(uint32_t)*s - 1].key, key)))
			return s;
	}
}

static bool more_slots(struct table *t, struct fault *f)
{
	struct table bigger = *t;

	bigger.size = t->size ? 2 * t->size : SIZE_BEGIN;
	if (bigger.size >> SIZE_BITS_MAX) /* GCOVR_EXCL_BR_LINE: 32 GB */
		return fault(f, FAULT_LIMIT, "a table of more than 2^%d keys",
			SIZE_BITS_MAX - 2);
	bigger.slot = calloc(bigger.size, sizeof *bigger.slot);
	if (!bigger.slot)
		return fault(f, FAULT_LIMIT, "memory: %zu slots", bigger.size);
	for (size_t i = 0; i < t->size; i++) {
		size_t k = place_of(&bigger, t->slot[i] >> 32);

		if (t->slot[i] == 0)
			continue;
		while (bigger.slot[k] != 0)
			k = (k + 1) & (bigger.size - 1);
		bigger.slot[k] = t->slot[i];
	}
	free(t->slot);
	*t = bigger;
	return true;
}

static bool more_keys(struct table *t, struct fault *f)
{
	size_t room = t->room ? 2 * t->room : SIZE_BEGIN / 2;
	struct table_key *at = realloc(t->key, room * sizeof *at);

	if (!at)
		return fault(f, FAULT_LIMIT, "memory: %zu keys", room);
	t->key = at;
	t->room = room;
	return true;
}

bool table_set(struct table *t, const struct digest *key, uint64_t value,
	struct fault *f)
{
	uint64_t *s;

	if ((2 * t->used >= t->size && !more_slots(t, f)) ||
		(t->used == t->room && !more_keys(t, f)))
		return false;
	s = slot_of(t, key);
	if (*s == 0) {
		t->key[t->used++].key = *key;
		*s = front_of(key) << 32 | t->used;
	}
	t->key[(uint32_t)*s - 1].value = value;
	return true;
}

bool table_get(const struct table *t, const struct digest *key,
	uint64_t *value)
{
	const uint64_t *s = t->size > 0 ? slot_of(t, key) : NULL;

	if (!s || *s == 0)
		return false;
	*value = t->key[(uint32_t)*s - 1].value;
	return true;
}

void table_expect(const struct table *t, const struct digest *key)
{
	if (t->size > 0)
		__builtin_prefetch(&t->slot[place_of(t, front_of(key))]);
}

void table_free(struct table *t)
{
	free(t->slot);
	free(t->key);
	*t = (struct table){0};
}

struct digest table_subject(const uint8_t subject[ENTRY_SUBJECT])
{
	return sha256_of((struct bytes){subject, ENTRY_SUBJECT});
}
