/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reviews.h - what people made of incidents and findings, from the log into
 * the index: the named value `reviews`, lines INDEX STATUS [TIME], ascending,
 * then lines FINDING [what they did, as JSON], then lines rRECORD [replies and
 * publications], ascending too.  TIME: when two persons stood behind it. */
#ifndef ROLES_REVIEWS_H
#define ROLES_REVIEWS_H

#include "ledger/ledger.h"
#include "ledger/people.h"
#include "model/id.h"
#include "model/reply.h"
#include "roles/deeds.h"
#include "store/store.h"

/* Of an incident or a finding. */
void reviews_id(const struct people_item *, char out[ID_TEXT]);
/* Statuses; deeds (deeds.h); the versions of incidents that people made and
 * that stand, as rows above ROW_PEOPLE; and what was erased is erased here,
 * from every page of every file of the index. */
MUST_USE bool reviews_index(
	struct store *, struct ledger *, struct fault *);
/* The versions alone, and which were rejected.  anew: the store is made anew,
 * and this is the log of another; what is made there has no place in it. */
MUST_USE bool reviews_versions(
	struct store *, struct ledger *, bool anew, struct fault *);

/* Whether people rejected the version of an incident that a row holds: it
 * supports no finding.  What the machine finds later is another version.
 * `rejected`: the named value of that name, lines ID INDEX, by id; INDEX that
 * of the row. */
#define REVIEWS_REJECTED "rejected"
bool reviews_rejected(struct bytes rejected, const struct row *);
/* CONTRACT's word for the record of a ledger index; NULL: as it says itself. */
const char *reviews_status(
	struct bytes reviews, int64_t index, char out[16]);

struct revising { /* what a record is shown with */
	struct bytes reviews;          /* the named value */
	const struct mission *mission; /* NULL: no replies are told */
	struct instant now;
};

/* A row as the log has it now, for lists: its body with the status that people
 * gave it, the parties' replies (model/reply.h), and a finding's with what they
 * did about it, which the logged record cannot have.  New texts lie in the
 * arena. */
MUST_USE bool reviews_row(const struct revising *, struct row *,
	struct arena *, struct fault *);
/* Those to a record whose newest version is entry `index`. */
MUST_USE bool reviews_replies(const struct revising *, const char *id,
	int64_t index, struct arena *, struct replies *, struct fault *);

#endif
