/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/receipt_write.h"

#include "base/encode.h"
#include "base/log.h"
#include "ledger/receipt.h"

_Static_assert(RECEIPT_HEADER == (int)JOURNAL_HEADER, "header");

enum { BATCH_TEXT = 32 << 10 };

struct search {
	const uint8_t *spool;
	uint64_t sequence;
	struct receipt_batch *out;
	bool found;
};

static bool look(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct search *x = self;
	uint64_t first, count;

	(void)f;
	if (e->entry.type != ENTRY_INTAKE || !e->open ||
		memcmp(e->entry.subject, x->spool, ENTRY_SUBJECT) != 0 ||
		!body_number(e->body, "first", &first) ||
		!body_number(e->body, "count", &count) ||
		x->sequence < first || x->sequence - first >= count)
		return true;
	*x->out = (struct receipt_batch){e->index, first, count};
	x->found = true;
	return false;
}

bool receipt_find(struct ledger *l, const uint8_t spool_id[16],
	uint64_t sequence, struct receipt_batch *out, struct fault *f)
{
	struct search x = {spool_id, sequence, out, false};

	f->kind = FAULT_NONE;
	if (!ledger_read(l, 0, look, &x, f))
		return false;
	return x.found || fault(f, FAULT_INPUT, "record %llu is in no intake "
		"of the log yet", (unsigned long long)sequence);
}

static bool add_leaf(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct receipts *x = self;
	uint64_t i = r->sequence - x->of.first;
	uint8_t *at = x->header + i * JOURNAL_HEADER;
	struct digest leaf;

	if (i >= x->of.count)
		return false;
	log_record_header(r, at);
	leaf = merkle_leaf((struct bytes){at, JOURNAL_HEADER});
	return merkle_tree_add(&x->tree, &leaf, f);
}

struct printing {
	struct proof proof;
	struct text *out;
};

static bool print_batch(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct printing *x = self;
	bool ok;

	if (!e->open)
		return fault(f, FAULT_INPUT, "the intake's secret is gone");
	f->kind = FAULT_NONE;
	ok = disclosure_print(e->raw.at, e->plain, e->secret, NULL, NULL,
		&x->proof, x->out, f);
	(void)ok; /* else `f` says why */
	return false;
}

static bool disclose(struct receipts *x, struct ledger *l, struct bytes note,
	struct fault *f)
{
	struct text out = text_in(x->arena, BATCH_TEXT + 2 * note.len);
	struct printing p = {.proof = {.index = x->of.index, .note = note},
		.out = &out};
	struct checkpoint c;
	struct note n;

	if (!note_read(note, &n, f) || !note_checkpoint(&n, &c, f))
		return false;
	if (x->of.index >= c.size)
		return fault(f, FAULT_INPUT, "no checkpoint covers its intake "
			"yet");
	if (!ledger_proof_in(l, x->of.index, c.size, &p.proof.path, f))
		return false;
	if (!ledger_read(l, x->of.index, print_batch, &p, f))
		return false;
	x->batch = text_view(&out);
	return text_check(&out, f);
}

bool receipts_open(struct receipts *x, struct ledger *l,
	struct journal *spool, const struct receipt_batch *of,
	struct bytes note, struct arena *a, struct fault *f)
{
	*x = (struct receipts){.of = *of, .arena = a};
	x->header = arena_array(a, of->count, JOURNAL_HEADER, f);
	f->kind = FAULT_NONE;
	if (x->header && spool->read(spool->self, of->first, add_leaf, x, f)) {
		if (x->tree.count[0] != of->count)
			(void)fault(f, FAULT_SYSTEM, "records of an intake "
				"are not in its spool");
		else if (disclose(x, l, note, f))
			return true;
	}
	receipts_close(x);
	return false;
}

bool receipts_print(const struct receipts *x, uint64_t sequence,
	struct text *t, struct fault *f)
{
	uint64_t i = sequence - x->of.first;
	struct merkle_path p;

	if (!merkle_tree_includes(&x->tree, i, x->of.count, &p, f))
		return false;
	text_fmt(t, "%s\nrecord ", RECEIPT_TITLE);
	text_base64(t, (struct bytes){x->header + i * JOURNAL_HEADER,
		JOURNAL_HEADER});
	text_fmt(t, "\nat %llu of %llu\n", (unsigned long long)i,
		(unsigned long long)x->of.count);
	for (size_t k = 0; k < p.count; k++) {
		text_base64(t, digest_view(&p.at[k]));
		text_char(t, '\n');
	}
	text_char(t, '\n');
	text_bytes(t, x->batch);
	return text_check(t, f);
}

void receipts_close(struct receipts *x)
{
	merkle_tree_free(&x->tree);
}
