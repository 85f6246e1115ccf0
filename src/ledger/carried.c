/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/carried.h"

#include <stdlib.h>

enum { FIRST_ROOM = 1024 };

static bool carries(const struct carried_list *x, uint64_t record)
{
	enum chain_verdict v = record < x->verdicts ?
		(enum chain_verdict)x->verdict[record] : CHAIN_REFUSED;

	return v == CHAIN_NEXT || v == CHAIN_JUMP || v == CHAIN_LATE ||
		v == CHAIN_BREAK;
}

static bool grow(struct carried_list *x, struct fault *f)
{
	size_t more = x->room ? 2 * x->room : FIRST_ROOM;
	struct carried *wide;

	if (x->count < x->room)
		return true;
	if (!(wide = arena_array(x->arena, more, sizeof *wide, f)))
		return false;
	if (x->count > 0)
		memcpy(wide, x->at, x->count * sizeof *wide);
	x->at = wide;
	x->room = more;
	return true;
}

bool carried_add(struct carried_list *x, const struct journal_record *rec,
	struct fault *f)
{
	struct carried *c;
	struct frame fr;
	uint8_t *copy;

	if (rec->kind != JOURNAL_FRAME || !carries(x, rec->sequence))
		return true;
	if (!frame_read(rec->payload, &fr, f) || !grow(x, f) ||
		!(copy = arena_room(x->arena, fr.payload.len + 1, f)))
		return false;
	c = &x->at[x->count++];
	*c = (struct carried){.boot = fr.boot, .sequence = fr.sequence,
		.record = rec->sequence, .kind = fr.kind,
		.payload = {copy, fr.payload.len}};
	memcpy(c->sensor, fr.sensor, FRAME_SENSOR);
	if (fr.payload.len > 0)
		memcpy(copy, fr.payload.at, fr.payload.len);
	x->bytes += fr.payload.len;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;
	bool p = x->kind == FRAME_MINISEED, q = y->kind == FRAME_MINISEED;
	int d = memcmp(x->sensor, y->sensor, FRAME_SENSOR);

	if (p != q)
		return q - p;
	if (d)
		return d;
	if (x->boot != y->boot)
		return (x->boot > y->boot) - (x->boot < y->boot);
	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

void carried_sort(struct carried_list *x, size_t *miniseed)
{
	if (x->count > 0)
		qsort(x->at, x->count, sizeof *x->at, by_place);
	*miniseed = 0;
	while (*miniseed < x->count && x->at[*miniseed].kind == FRAME_MINISEED)
		++*miniseed;
}

struct digest carried_digest(const struct carried_list *x, size_t n)
{
	struct sha256 s;

	sha256_start(&s);
	for (size_t i = 0; i < n; i++)
		sha256_add(&s, x->at[i].payload);
	return sha256_end(&s);
}
