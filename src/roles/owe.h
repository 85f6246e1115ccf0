/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * owe.h - what the store's findings call up under the register, into the
 * store: obligations opened, changed, or standing no more.  They are records
 * like findings: versioned, logged, made again by an audit. */
#ifndef ROLES_OWE_H
#define ROLES_OWE_H

#include "judge/owing.h"
#include "roles/rows.h"
#include "roles/standing.h"

struct owe_ask {
	const struct pledges *pledges;
	struct rows *rows; /* a writable store */
	struct ledger *ledger;
	struct disk *disk;
	const struct ledger *people_of; /* NULL: of `ledger`; else what people
					 * made of findings stands in this one,
					 * of this disk */
	struct disk *people_disk;
	struct instant clock; /* of what is logged */
};

struct owe_done {
	uint64_t standing, opened, fell, logged;
};

/* Does a pledge of the register have a trigger? */
bool owe_wanted(const struct pledges *);
/* In one transaction, then logged; what is jointly accepted is that of the
 * last signed checkpoint.  Not signed. */
MUST_USE bool owe_all(
	const struct owe_ask *, struct owe_done *, struct fault *);
/* Breaches as the register counts them, of a store; texts lie in the arena.
 * standing NULL: nobody reviewed or accepted anything. */
MUST_USE bool owe_breaches(struct store *, const struct standing *,
	struct arena *, struct breach **, size_t *count, struct fault *);

#endif
