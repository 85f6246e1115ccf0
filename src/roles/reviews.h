/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reviews.h - what people made of incidents and findings, from the log into
 * the index: the named value `reviews`, lines INDEX STATUS, ascending. */
#ifndef ROLES_REVIEWS_H
#define ROLES_REVIEWS_H

#include "ledger/ledger.h"
#include "ledger/people.h"
#include "model/id.h"
#include "store/store.h"

/* Of an incident or a finding. */
void reviews_id(const struct people_item *, char out[ID_TEXT]);
MUST_USE bool reviews_index(
	struct store *, struct ledger *, struct fault *);
/* CONTRACT's word for the record of a ledger index; NULL: as it says itself. */
const char *reviews_status(
	struct bytes reviews, int64_t index, char out[16]);

#endif
