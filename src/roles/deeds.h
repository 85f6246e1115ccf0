/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * deeds.h - what persons did about incidents and findings: confirmed,
 * rejected, took, noted, published, withdrew, replied, and other versions
 * that they made; from the log into the index, so that lists and reports need
 * not read the log.
 *
 * A row of type ROW_DEED each: id of the record, version = index of the
 * entry, body {at, by, does, of, org, why[, record]}; of: the entry it is
 * about; record: of a version of an incident, all of it. */
#ifndef ROLES_DEEDS_H
#define ROLES_DEEDS_H

#include "ledger/ledger.h"
#include "model/finding.h"
#include "store/store.h"

struct deed {
	const char *id;
	uint64_t entry, of; /* of: the entry it is about */
	struct finding_review is;
	struct bytes record; /* len 0: none */
};

struct deeds { /* by id, then entry */
	struct deed *deed;
	size_t count, room;
	struct arena *arena;
};

/* What the log has since the last time; within the store's begin(). */
MUST_USE bool deeds_index(struct store *, struct ledger *, struct fault *);
/* All of them; borrowed from the arena. */
MUST_USE bool deeds_read(
	struct store *, struct arena *, struct deeds *, struct fault *);
/* Those about a record; NULL: none. */
const struct deed *deeds_of(
	const struct deeds *, const char *id, size_t *count);
/* It makes another version of its record, or leaves none that stands. */
bool deed_changes(const struct deed *);
/* As finding JSON has them: without leases. */
MUST_USE bool deeds_reviews(const struct deeds *, const char *id,
	struct arena *, const struct finding_review **, size_t *count,
	struct fault *);
#endif
