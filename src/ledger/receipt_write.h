/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * receipt_write.h - receipts (receipt.h) for the records of a batch. */
#ifndef LEDGER_RECEIPT_WRITE_H
#define LEDGER_RECEIPT_WRITE_H

#include "base/journal.h"
#include "ledger/ledger.h"

struct receipt_batch { /* a type-1 entry: records [first, first + count) */
	uint64_t index, first, count;
};

/* The last batch that holds a record; INPUT fault: none does. */
MUST_USE bool receipt_find(struct ledger *, const uint8_t spool_id[16],
	uint64_t sequence, struct receipt_batch *, struct fault *);

struct receipts { /* for the records of one batch */
	struct receipt_batch of;
	struct arena *arena;
	struct merkle_tree tree;
	uint8_t *header;    /* of each record */
	struct bytes batch; /* the disclosure, which all share */
};

/* `spool`: where its records lie; `note`: a checkpoint that covers it, INPUT
 * fault if it does not.  What is printed lies in the arena. */
MUST_USE bool receipts_open(struct receipts *, struct ledger *,
	struct journal *spool, const struct receipt_batch *, struct bytes note,
	struct arena *, struct fault *);
MUST_USE bool receipts_print(const struct receipts *, uint64_t sequence,
	struct text *, struct fault *);
void receipts_close(struct receipts *);

#endif
