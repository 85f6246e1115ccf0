/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What others than the verifier ask of people.h. */
#include "ledger/people_event.h"

const char *people_state_name(enum people_state s)
{
	static const char *const name[] = {"automatic", "proposed",
		"reviewed", "published", "rejected", "undecided"};

	return name[s];
}

const struct people_key *people_sensor(const struct people *p,
	struct bytes sensor, uint64_t index, struct instant at)
{
	struct digest d = sha256_of(sensor);
	uint64_t n;

	if (!table_get(&p->by_sensor, &d, &n))
		return NULL;
	for (n++; n > 0; n = p->key[n - 1].before) {
		const struct people_key *k = &p->key[n - 1];

		if (people_key_good(k, index, at) &&
			(k->revoked == UINT64_MAX ||
				at.utc_ns <= k->since.utc_ns))
			return k;
	}
	return NULL;
}

const struct people_item *people_item_at(
	const struct people *p, uint64_t index)
{
	size_t from = 0, to = p->items;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (p->item[mid].index < index)
			from = mid + 1;
		else
			to = mid;
	}
	return from < p->items && p->item[from].index == index ?
		&p->item[from] : NULL;
}

struct instant people_completed(
	const struct people *p, const struct people_item *x)
{
	uint32_t n = x->behind;

	while (n > 0 && p->behind[n - 1].index != x->complete)
		n = p->behind[n - 1].before;
	return n > 0 ? p->behind[n - 1].clock : INSTANT_UNKNOWN;
}

bool people_erased(const struct people *p, uint64_t index)
{
	struct digest d = {{0}};
	uint64_t by;

	put_be(d.at, index, 8);
	return table_get(&p->erased, &d, &by);
}
