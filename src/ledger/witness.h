/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * witness.h - what a witness answers to `add-checkpoint` (C2SP tlog-witness;
 * PROOF.md 8).  Pure: the caller keeps what was seen, durably, before it
 * answers 200, and cosigns (note_cosign()).
 *
 *	404 origin unknown        403 no valid signature of the log
 *	400 no such request, or old beyond the checkpoint
 *	409 old is not what was seen: text is "<size>\n"
 *	422 proof wrong, or same size and other root */
#ifndef LEDGER_WITNESS_H
#define LEDGER_WITNESS_H

#include "ledger/note.h"

struct witness_log {
	struct note_key key;
	uint64_t size; /* last cosigned; 0: never */
	struct digest root;
};

struct witness_answer {
	int status;
	char text[80];
	size_t log; /* with 200: which, */
	struct checkpoint checkpoint;
	struct bytes signed_; /* and the text to cosign, in the request */
};

void witness_answer(struct bytes request, const struct witness_log *,
	size_t logs, struct witness_answer *);

#endif
