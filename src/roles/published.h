/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * published.h - what was published, and what became of it since: a word that
 * was given to everybody is corrected before everybody, and never just gone.
 *
 * The named value `published` of the index, a list of objects by entry:
 *
 *	at, entry, leaf    of the publication, complete by two persons
 *	id, of, of_leaf    the record, and the version that was published
 *	state              PUBLISHED_WORDS
 *	changes            what came after it, by entry: at, by (roles), does
 *	                   (a state), entry, leaf, publication, why
 *
 * withdrawn     two persons withdraw it (`withdraw`), or too few good keys
 *               stand behind it any more
 * corrected     another version was published: `publication` is its entry
 * under_review  there is another version, which nobody published yet; or one
 *               person rejected the incident that it is about: what two gave
 *               to everybody one alone does not take back
 *
 * `why` are the words of a `withdraw`, which two persons signed to be read by
 * everybody; what a single person gave as a reason stays in the house. */
#ifndef ROLES_PUBLISHED_H
#define ROLES_PUBLISHED_H

#include "ledger/ledger.h"
#include "store/store.h"

/* From the log's people and the index's rows, once both are of one time. */
MUST_USE bool published_index(
	struct store *, struct ledger *, struct fault *);

#endif
