/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/merkle.h"

/* The largest power of two below n; n > 1. */
static uint64_t split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

static void turn_round(struct merkle_path *p)
{
	for (size_t i = 0, j = p->count; i + 1 < j; i++) {
		struct digest d = p->at[i];

		p->at[i] = p->at[--j];
		p->at[j] = d;
	}
}

bool merkle_tree_includes(const struct merkle_tree *t, uint64_t i, uint64_t n,
	struct merkle_path *p, struct fault *f)
{
	uint64_t from = 0, to = n;

	p->count = 0;
	if (i >= n || n > t->count[0])
		return fault(f, FAULT_INPUT, "no leaf %ju in a tree of %ju",
			(uintmax_t)i, (uintmax_t)n);
	while (to - from > 1) { /* from the root down */
		uint64_t middle = from + split(to - from);

		if (i < middle) {
			p->at[p->count++] = merkle_tree_range(t, middle, to);
			to = middle;
		} else {
			p->at[p->count++] = merkle_tree_range(t, from, middle);
			from = middle;
		}
	}
	turn_round(p);
	return true;
}

bool merkle_tree_extends(const struct merkle_tree *t, uint64_t m, uint64_t n,
	struct merkle_path *p, struct fault *f)
{
	uint64_t from = 0, to = n;
	bool left = true; /* the part of m's tree is m's whole tree */

	p->count = 0;
	if (m < 1 || m > n || n > t->count[0])
		return fault(f, FAULT_INPUT, "no tree of %ju in one of %ju",
			(uintmax_t)m, (uintmax_t)n);
	while (to != m) { /* RFC 6962, 2.1.2: SUBPROOF, without recursion */
		uint64_t middle = from + split(to - from);

		if (m <= middle) {
			p->at[p->count++] = merkle_tree_range(t, middle, to);
			to = middle;
		} else {
			p->at[p->count++] = merkle_tree_range(t, from, middle);
			from = middle;
			left = false;
		}
	}
	if (!left)
		p->at[p->count++] = merkle_tree_range(t, from, to);
	turn_round(p);
	return true;
}
