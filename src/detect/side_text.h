/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * side_text.h - one band of a block of sixteen channels, as text: side.c takes
 * it twice, for vectors `vec` of WIDTH 4 and 8 (a compiler cuts wide vectors
 * to the machine's before it knows which machine); LESS and MORE as in
 * kernel_text.h.  Two vectors go abreast,
 * so that one works while the other waits for its own last result. */
TARGET static void NAME(
	struct side_band *s, const struct gains *g, size_t i, float (*u)[16])
{
	const vec a1 = EVERY(g->a1[i]), a2 = EVERY(g->a2[i]);
	const vec b1 = EVERY(g->b1[i]), b2 = EVERY(g->b2[i]);
	const vec w0 = EVERY(g->fast4[0][i]), w1 = EVERY(g->fast4[1][i]);
	const vec w2 = EVERY(g->fast4[2][i]), w3 = EVERY(g->fast4[3][i]);
	const vec rest4 = EVERY(g->rest4[i]), keep4 = EVERY(g->keep4[i]);
	const vec take4 = EVERY(g->take4[i]);

/* Of the first and of the second vector; names turn instead of values. */
#define GET(v, from)                                                          \
	memcpy(&v##_a, (from) + at, sizeof v##_a);                            \
	memcpy(&v##_b, (from) + at + WIDTH, sizeof v##_b)
#define PUT(v, to)                                                            \
	memcpy((to) + at, &v##_a, sizeof v##_a);                              \
	memcpy((to) + at + WIDTH, &v##_b, sizeof v##_b)
/* As kernel_rest(). */
#define REST(v)                                                               \
	v = (vec)((mask)(v) & (((v) > EVERY(KERNEL_NOTHING)) |                \
				((v) < EVERY(-KERNEL_NOTHING))))
#define LEAVE(v, to)                                                          \
	REST(v##_a);                                                          \
	REST(v##_b);                                                          \
	PUT(v, to)
#define ONE(p, p1, p2, q, q1, q2, x)                                          \
	p##x = LESS(a1, p1##x, LESS(a2, p2##x, u##x));                        \
	q##x = LESS(b1, q1##x, LESS(b2, q2##x, p##x))
#define TURN(j, p, p1, p2, q, q1, q2, take)                                   \
	GET(u, u[n + j]);                                                     \
	ONE(p, p1, p2, q, q1, q2, _a);                                        \
	take(_a, q##_a * q##_a, w##j);                                        \
	ONE(p, p1, p2, q, q1, q2, _b);                                        \
	take(_b, q##_b * q##_b, w##j)
/* As (w0 e0 + w1 e1) + (w2 e2 + w3 e3), each taken when it is there. */
#define FIRST(x, e, w) early##x = w * (e)
#define THEN(x, e, w) early##x = MORE(w, e, early##x)
#define LATER(x, e, w) late##x = w * (e)
#define LAST(x, e, w) late##x = MORE(w, e, late##x)
#define SUM(x)                                                                \
	S##x = MORE(S##x, rest4, early##x + late##x);                         \
	any##x |= S##x > MORE(guard##x, L##x, floor##x);                      \
	L##x = L##x * keep4 + S##x * take4

	for (size_t at = 0; at < SIDE_CHANNELS; at += 2 * WIDTH) {
		vec p1_a, p1_b, p2_a, p2_b, q1_a, q1_b, q2_a, q2_b;
		vec S_a, S_b, L_a, L_b, guard_a, guard_b, floor_a, floor_b;
		vec u_a, u_b, early_a, early_b, late_a, late_b;
		mask any_a = {0}, any_b = {0};

		GET(p1, s->p1);
		GET(p2, s->p2);
		GET(q1, s->q1);
		GET(q2, s->q2);
		GET(S, s->S);
		GET(L, s->L);
		GET(guard, s->guard);
		GET(floor, s->floor);
		for (size_t n = 0; n < KERNEL_BLOCK; n += 4) {
			TURN(0, p2, p1, p2, q2, q1, q2, FIRST);
			TURN(1, p1, p2, p1, q1, q2, q1, THEN);
			TURN(2, p2, p1, p2, q2, q1, q2, LATER);
			TURN(3, p1, p2, p1, q1, q2, q1, LAST);
			SUM(_a);
			SUM(_b);
		}
		LEAVE(p1, s->p1);
		LEAVE(p2, s->p2);
		LEAVE(q1, s->q1);
		LEAVE(q2, s->q2);
		LEAVE(S, s->S);
		LEAVE(L, s->L);
		PUT(any, s->any);
	}
#undef GET
#undef PUT
#undef REST
#undef LEAVE
#undef ONE
#undef TURN
#undef FIRST
#undef THEN
#undef LATER
#undef LAST
#undef SUM
}
