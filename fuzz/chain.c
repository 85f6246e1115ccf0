/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain.c - frames of one sensor in any order, with any sequence, boot, flags
 * and prev: gaps stay in order and below the end, what was kept is the same
 * when it comes again, and what was kept makes the same state anew. */
#include "ledger/chain.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { MOST = 64, STEP = 5, LEN = FRAME_HEAD + 1 };

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void in_order(const struct chain_sensor *s)
{
	uint64_t from = 0;

	need(s->gaps <= CHAIN_GAPS);
	for (size_t i = 0; i < s->gaps; i++) {
		const struct chain_gap *g = &s->gap[i];

		need(g->first < g->end && g->boot_from <= g->boot_to);
		/* A chain that began anew counts from 0 again. */
		need(g->first >= from || g->boot_from >=
			s->gap[i - 1].boot_to);
		from = g->end;
	}
}

static void one(struct chains *c, struct chains *again, const uint8_t *at)
{
	struct chain_arrival a, b;
	const struct chain_sensor *s;
	struct frame x;
	struct fault f = {0};

	need(chain_recall(c, (struct bytes){at, LEN}, &a, &f));
	s = chain_of(c, a.frame.sensor);
	need(s && a.verdict != CHAIN_REFUSED);
	in_order(s);
	if (!chain_keeps(a.verdict))
		return;
	need(chain_recall(again, (struct bytes){at, LEN}, &b, &f));
	need(a.verdict == b.verdict);
	x = a.frame;
	need(chain_recall(c, (struct bytes){at, LEN}, &b, &f) &&
		b.verdict == CHAIN_SAME && b.frame.sequence == x.sequence);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static uint8_t block[2][1 << 18];
	static const struct sign_key key;
	struct digest made[MOST] = {{{0}}};
	struct arena a = arena_on(block[0], sizeof block[0]);
	struct arena b = arena_on(block[1], sizeof block[1]);
	struct chains c, again;
	const struct chain_sensor *s, *t;
	struct frame x = {.kind = 6};
	struct fault f;
	uint8_t at[LEN];

	need(chains_start(&c, &a, 1, &f) && chains_start(&again, &b, 1, &f));
	for (size_t i = 0; i < MOST && (i + 1) * STEP <= len; i++) {
		const uint8_t *p = in + i * STEP;

		x = (struct frame){.kind = FRAME_OTHER, .boot = p[0] % 4,
			.sequence = p[1], .flags = p[2] % 4,
			.prev = p[3] < i ? made[p[3]] : (struct digest){{0}},
			.payload = {p + 4, 1}};
		frame_write(&x, &key, at);
		made[i] = x.digest;
		one(&c, &again, at);
	}
	s = chain_of(&c, x.sensor);
	t = chain_of(&again, x.sensor);
	need(!s == !t && (!s || memcmp(s, t, sizeof *s) == 0));
	return 0;
}
