/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * receipt.h - what a sensor holds against us: this record lies in that batch,
 * and the batch in the log (PROOF.md 5).
 *
 *	truce.receipt/1
 *	record BASE64         the 64 bytes in front of the record (SCALE.md 2)
 *	at I of N             its place in the batch
 *	BASE64                hashes of the path, a line each
 *
 *	truce.disclosure/1    of the type-1 entry (proof.h)
 *	... */
#ifndef LEDGER_RECEIPT_H
#define LEDGER_RECEIPT_H

#include "base/journal.h"
#include "ledger/ledger.h"
#include "ledger/proof.h"

struct receipt {
	uint8_t header[JOURNAL_HEADER];
	uint64_t at, of;
	struct merkle_path path;
	struct disclosure *batch; /* the caller's */
};

/* Read only: layout, and that the disclosure is whole. */
MUST_USE bool receipt_read(struct bytes, struct arena *, struct receipt *,
	const char **rule, struct fault *);
/* The record lies where it says, and the batch in the log; *rule names what
 * does not hold.  `key` NULL: only the paths are proved. */
MUST_USE bool receipt_holds(const struct receipt *,
	const struct note_key *key, struct checkpoint *, const char **rule,
	struct fault *);
/* The record itself: its header is what the receipt is about. */
bool receipt_is_of(const struct receipt *, struct bytes payload);

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
