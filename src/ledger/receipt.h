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

#include "ledger/proof.h"

#define RECEIPT_TITLE "truce.receipt/1"

enum {
	RECEIPT_HEADER = 64,
	RECEIPT_LATER_S = 300, /* a clock may be off, as PROOF.md 8 has it */
};

struct receipt {
	uint8_t header[RECEIPT_HEADER];
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

#endif
