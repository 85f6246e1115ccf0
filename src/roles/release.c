/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/release.h"

#include "ledger/chain_ack.h"
#include "ledger/secrets.h"

#define WORK_BYTES ((size_t)1 << 30)

enum { HEARD_MAX = 1 << 20, BATCH_MAX = 65536, RECEIPT_ROOM = 64 << 10 };

bool release_open(struct release *r, struct fault *f)
{
	size_t each = sizeof(struct release_one);

	return arena_map(&r->memory, (HEARD_MAX + RELEASE_WAITING) * each +
			RELEASE_BATCHES * sizeof *r->batch + 4096, f) &&
		arena_map(&r->work, WORK_BYTES, f) &&
		(r->heard = arena_room(&r->memory, HEARD_MAX * each, f)) &&
		(r->waiting = arena_room(
			 &r->memory, RELEASE_WAITING * each, f)) &&
		(r->batch = arena_array(&r->memory, RELEASE_BATCHES,
			 sizeof *r->batch, f));
}

void release_close(struct release *r)
{
	arena_unmap(&r->memory);
	arena_unmap(&r->work);
}

/* The record it will be is the spool's next. */
bool release_hold(struct release *r, uint64_t node,
	const struct chain_arrival *a, struct fault *f)
{
	const struct frames *x = r->frames;

	if (r->heards == HEARD_MAX)
		return fault(f, FAULT_LIMIT, "too many frames in one round");
	r->heard[r->heards] = (struct release_one){.node = node,
		.verdict = a->verdict, .frame = a->frame,
		.record = spool_end(&x->spool) + x->records - 1};
	r->heard[r->heards++].frame.payload = (struct bytes){0};
	return true;
}

static void wait_for_more(struct release *r, const struct release_one *x)
{
	/* Who waits longest is told by `truce receipt`. */
	if (r->waitings == RELEASE_WAITING) {
		r->waitings /= 2;
		memmove(r->waiting, r->waiting + RELEASE_WAITING / 2,
			r->waitings * sizeof *x);
	}
	r->waiting[r->waitings++] = *x;
}

void release_kept(struct release *r)
{
	for (size_t i = 0; i < r->heards; i++) {
		const struct release_one *x = &r->heard[i];
		uint8_t ack[CHAIN_ACK];

		if (!chain_acknowledges(x->verdict))
			continue;
		chain_ack(&x->frame, 1, 0, ack);
		r->tell(r->self, x->node, (struct bytes){ack, sizeof ack});
		if (chain_keeps(x->verdict))
			wait_for_more(r, x);
	}
	r->heards = 0;
}

bool release_due(const struct release *r)
{
	const struct spool *s = &r->frames->spool;

	return r->batches > 0 ||
		ledger_intake_end(r->ledger, s->log.id) < spool_end(s);
}

static bool commit(struct release *r, struct instant now, struct fault *f)
{
	struct spool *s = &r->frames->spool;
	struct journal j = frames_headers(r->frames);
	uint64_t first = ledger_intake_end(r->ledger, s->log.id), n;
	struct ledger_item out;

	for (; first < spool_end(s); first += n) {
		n = spool_end(s) - first;
		n = n < BATCH_MAX ? n : BATCH_MAX;
		if (!ledger_append_intake(r->ledger, &j, s->log.id, first, n,
			now, &out, f))
			return false;
		if (r->batches == RELEASE_BATCHES)
			memmove(r->batch, r->batch + 1,
				--r->batches * sizeof *r->batch);
		r->batch[r->batches++] =
			(struct receipt_batch){out.index, first, n};
	}
	return true;
}

static bool tell_one(struct release *r, const struct receipts *x,
	const struct release_one *one, struct fault *f)
{
	size_t mark = r->work.used;
	struct text t = text_in(&r->work, RECEIPT_ROOM);
	uint8_t *ack;
	bool ok;

	/* The acknowledgement goes in front, its length known last. */
	for (size_t i = 0; i < CHAIN_ACK; i++)
		text_char(&t, ' ');
	ok = receipts_print(x, one->record, &t, f);
	if (ok) {
		ack = (uint8_t *)t.at;
		chain_ack(&one->frame, 2, t.len - CHAIN_ACK, ack);
		r->tell(r->self, one->node, text_view(&t));
		r->told++;
	}
	r->work.used = mark;
	return ok;
}

/* Who waits is in order of records, as batches are. */
static bool tell_batch(struct release *r, const struct receipt_batch *b,
	struct bytes note, size_t *at, struct fault *f)
{
	struct journal j = frames_headers(r->frames);
	struct receipts x;
	bool ok = true;

	while (*at < r->waitings && r->waiting[*at].record < b->first)
		++*at;
	if (*at == r->waitings || r->waiting[*at].record >= b->first + b->count)
		return true;
	r->work.used = 0;
	if (!receipts_open(&x, r->ledger, &j, b, note, &r->work, f))
		return false;
	for (; ok && *at < r->waitings &&
		r->waiting[*at].record < b->first + b->count; ++*at)
		ok = tell_one(r, &x, &r->waiting[*at], f);
	receipts_close(&x);
	return ok;
}

static bool tell_all(struct release *r, struct bytes note, uint64_t size,
	struct fault *f)
{
	size_t at = 0, n = 0;
	bool ok = true;

	for (; ok && n < r->batches && r->batch[n].index < size; n++)
		ok = tell_batch(r, &r->batch[n], note, &at, f);
	r->batches -= n;
	memmove(r->batch, r->batch + n, r->batches * sizeof *r->batch);
	r->waitings -= at;
	memmove(r->waiting, r->waiting + at,
		r->waitings * sizeof *r->waiting);
	return ok;
}

bool release_go(struct release *r, struct instant now, struct fault *f)
{
	static const char path[] = "ledger/pub/checkpoint";
	uint8_t at[SECRETS_FILE_MAX];
	struct checkpoint c;
	struct note n;
	size_t len;

	if (!commit(r, now, f) || !ledger_sign(r->ledger, f) ||
		!small_read(r->frames->disk, path, at, &len, f))
		return false;
	if (len == 0)
		return true; /* not witnessed yet */
	if (!note_read((struct bytes){at, len}, &n, f) ||
		!note_checkpoint(&n, &c, f))
		return fault_in(f, "%s", path);
	return tell_all(r, (struct bytes){at, len}, c.size, f);
}
