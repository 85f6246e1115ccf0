/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * equivocation.h - proof that a log told two histories: two of its signed
 * notes that cannot both be true (PROOF.md 9.3).  Who has this file needs
 * nothing else but the log's key.
 *
 *	truce.equivocation/1
 *	log VKEY
 *	first BYTES          of the first note
 *	root BASE64          only when sizes differ: the root that the second
 *	                     history has at the first one's size,
 *	BASE64               and the path from it to the second root
 *	                     (an empty line)
 *	the first note, the second note */
#ifndef LEDGER_EQUIVOCATION_H
#define LEDGER_EQUIVOCATION_H

#include "ledger/merkle.h"
#include "ledger/note.h"

#define EQUIVOCATION_TITLE "truce.equivocation/1"

struct equivocation { /* views into what was read */
	struct note_key log;
	struct note note[2];
	struct checkpoint says[2];
	bool longer; /* the second is; root and path are there */
	struct digest root;
	struct merkle_path path;
};

/* INPUT fault: it proves nothing, and why.  `key`: the log's, NULL: the one
 * in the file. */
MUST_USE bool equivocation_read(struct bytes, const struct note_key *key,
	struct equivocation *, struct fault *);
/* Of two notes, of which `ours` is of the history in the tree and not the
 * shorter.  INPUT fault: they are no two histories. */
MUST_USE bool equivocation_make(const struct note_key *log,
	struct bytes theirs, struct bytes ours, const struct merkle_tree *,
	struct text *, struct fault *);

#endif
