/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/abreast.h"

void abreast_show(const struct abreast *a, size_t i, struct bank *b)
{
	if (a->in >> i & 1)
		side_store(&a->set, i, &b->kernel);
}

void abreast_out(struct abreast *a, size_t i, struct bank *b)
{
	abreast_show(a, i, b);
	a->in &= ~(1u << i);
}

/* Of those in `calm`, who lies in the set or may lie beside these filters. */
static unsigned alike(const struct abreast *a, const struct abreast_block *b,
	unsigned calm, const struct gains *g)
{
	unsigned who = calm & a->in;

	for (size_t i = 0; i < SIDE_CHANNELS; i++)
		if ((calm & ~who) >> i & 1 && side_equal(g, &b[i].bank->gains))
			who |= 1u << i;
	return __builtin_popcount(who) < ABREAST_LEAST ? 0 : who;
}

/* Whose blocks go side by side; 0: nobody's. */
static unsigned choose(
	struct abreast *a, const struct abreast_block *b, size_t count)
{
	unsigned calm = 0, who = 0;

	for (size_t i = 0; i < count; i++)
		if (b[i].x && (a->in >> i & 1 || bank_is_calm(b[i].bank)))
			calm |= 1u << i;
	if (__builtin_popcount(calm) < ABREAST_LEAST)
		return 0;
	if (a->in)
		return alike(a, b, calm, &a->set.gains);
	for (size_t i = 0; i < count && !who; i++) {
		if (!(calm >> i & 1))
			continue;
		who = alike(a, b, calm, &b[i].bank->gains);
		if (who)
			side_start(&a->set, &b[i].bank->gains);
	}
	return who;
}

/* A quiet block is over. */
static void passed(struct abreast *a, size_t i, struct bank *b)
{
	if (!bank_passed(b))
		return;
	side_store(&a->set, i, &b->kernel);
	bank_count(b);
	side_load(&a->set, i, &b->kernel, &b->gains);
}

void abreast_blocks(
	struct abreast *a, const struct abreast_block *b, size_t count)
{
	const float *x[SIDE_CHANNELS] = {NULL};
	unsigned who = choose(a, b, count), quiet = 0;

	for (size_t i = 0; i < count; i++) {
		x[i] = b[i].x;
		if (!((who & ~a->in) >> i & 1))
			continue;
		side_load(&a->set, i, &b[i].bank->kernel, &b[i].bank->gains);
		a->in |= 1u << i;
	}
	if (who)
		quiet = side_block(&a->set, x, who);
	for (size_t i = 0; i < count; i++) {
		if (quiet >> i & 1) {
			passed(a, i, b[i].bank);
		} else if (x[i]) {
			abreast_out(a, i, b[i].bank);
			bank_block(b[i].bank, x[i], KERNEL_BLOCK, &b[i].ear);
		}
	}
}
