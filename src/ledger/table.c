/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/table.h"

#include "ledger/merkle.h"

#include <stdlib.h>

static struct table_slot *slot_of(
	const struct table *t, const struct digest *key)
{
	size_t k = (size_t)bytes_be((struct bytes){key->at, 8});

	if (t->size == 0)
		return NULL;
	for (size_t i = 0;; i++) {
		struct table_slot *s = &t->slot[(k + i) & (t->size - 1)];

		if (s->value == 0 || digest_equal(&s->key, key))
			return s;
	}
}

bool table_set(struct table *t, const struct digest *key, uint64_t value,
	struct fault *f)
{
	struct table_slot *s;

	if (2 * t->used >= t->size) {
		struct table bigger = {.size = t->size ? 2 * t->size : 256};

		bigger.slot = calloc(bigger.size, sizeof *bigger.slot);
		if (!bigger.slot)
			return fault(f, FAULT_LIMIT, "memory: %zu slots",
				bigger.size);
		for (size_t i = 0; i < t->size; i++)
			if (t->slot[i].value != 0)
				*slot_of(&bigger, &t->slot[i].key) =
					t->slot[i];
		bigger.used = t->used;
		free(t->slot);
		*t = bigger;
	}
	s = slot_of(t, key);
	t->used += s->value == 0;
	s->key = *key;
	s->value = value + 1;
	return true;
}

bool table_get(const struct table *t, const struct digest *key,
	uint64_t *value)
{
	const struct table_slot *s = slot_of(t, key);

	if (!s || s->value == 0)
		return false;
	*value = s->value - 1;
	return true;
}

void table_free(struct table *t)
{
	free(t->slot);
	*t = (struct table){0};
}

struct digest table_subject(const uint8_t subject[ENTRY_SUBJECT])
{
	return sha256_of((struct bytes){subject, ENTRY_SUBJECT});
}
