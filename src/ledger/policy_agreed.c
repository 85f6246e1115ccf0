/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/policy.h"

/* The fewest witnesses that reach a name; those of a group are its `needs`
 * cheapest members. */
static size_t fewest(const struct policy *p, size_t least[POLICY_NAMES],
	const struct policy_name *x)
{
	size_t sum = 0, n = 0;

	/* by cost: 1, 2, ...; a group has as many members as it needs, each
	 * of a cost */
	for (size_t cost = 1; n < x->needs; cost++)
		for (size_t k = 0; k < x->count && n < x->needs; k++)
			if (least[p->member[x->from + k]] == cost) {
				sum += cost;
				n++;
			}
	return sum;
}

size_t policy_agreed(const struct policy *p)
{
	size_t least[POLICY_NAMES], n = 0, k;

	if (p->quorum == POLICY_NAMES)
		return 0;
	for (size_t i = 0; i < p->names; i++) {
		n += !p->name[i].is_group;
		least[i] = p->name[i].is_group ? fewest(p, least, &p->name[i])
					       : 1;
	}
	k = least[p->quorum];
	return 2 * k > n ? k : n - k + 1;
}
