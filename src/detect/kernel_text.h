/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kernel_text.h - a sample and a block of four bands, as text: kernel.c takes
 * it twice, where LESS(a, b, c), c - a b rounded once, and MORE(a, b, c),
 * c + a b, are the machine's own instructions and where they are libm's. */

/* The power of the sample of which `u` are the zeros. */
TARGET static inline lanes STEP(
	struct kernel *k, const struct gains *g, lanes u)
{
	lanes p = LESS(g->a1, k->p1, LESS(g->a2, k->p2, u));
	lanes q = LESS(g->b1, k->q1, LESS(g->b2, k->q2, p));

	k->p2 = k->p1;
	k->p1 = p;
	k->q2 = k->q1;
	k->q1 = q;
	return q * q;
}

/* S after four samples. */
TARGET static inline lanes SHORT(const struct gains *g, lanes S, lanes e0,
	lanes e1, lanes e2, lanes e3)
{
	lanes early = MORE(g->fast4[1], e1, g->fast4[0] * e0);
	lanes late = MORE(g->fast4[3], e3, g->fast4[2] * e2);

	return MORE(S, g->rest4, early + late);
}

/* Whether no lane may switch; *state has gone to the end of the block then. */
TARGET static bool BLOCK(
	struct kernel *state, const struct gains *g, const float *x)
{
	float zero[KERNEL_BLOCK];
	struct kernel k = *state;
	masks any = {0};

	zeros(&k, x, zero);
	for (size_t i = 0; i < KERNEL_BLOCK; i += 4) {
		lanes e0 = STEP(&k, g, ALL(zero[i]));
		lanes e1 = STEP(&k, g, ALL(zero[i + 1]));
		lanes e2 = STEP(&k, g, ALL(zero[i + 2]));
		lanes e3 = STEP(&k, g, ALL(zero[i + 3]));

		k.S = SHORT(g, k.S, e0, e1, e2, e3);
		any |= k.S > MORE(g->guard, k.L, g->guard_floor);
		k.L = k.L * g->keep4 + k.S * g->take4;
	}
	if (any[0] | any[1] | any[2] | any[3])
		return false;
	memcpy(k.x, x + KERNEL_BLOCK - KERNEL_PAST, sizeof k.x);
	*state = k;
	return true;
}
