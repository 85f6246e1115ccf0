/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * forked.h - what is kept where a witness shows a note of another history than
 * this one (PROOF.md 9.3), in ledger/equivocation/:
 *
 *	HEX.equivocation       two notes of one key, which cannot both be true
 *	HEX.first, HEX.second  theirs and ours, where no single key signed both
 *
 * A key that handed the log over has signed this history too, as far as the
 * entry says by which it did (`last`): a note of its time that says otherwise
 * is held against that.  What it signs of more entries contradicts no word of
 * its own: who has both notes shows it by the log itself
 * (truce audit FOLDER --since HEX.first). */
#ifndef LEDGER_FORKED_H
#define LEDGER_FORKED_H

#include "ledger/ledger.h"

/* `ours`: of all entries, by the key in force.  Nothing is kept of a note that
 * no key of this log signed, or that is of this history. */
MUST_USE bool forked_keep(struct ledger *, struct bytes theirs,
	struct bytes ours, struct fault *);

#endif
