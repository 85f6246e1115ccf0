/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * standing.h - what people and witnesses made of findings, from the log: the
 * accepted state that triggers of pledges ask for. */
#ifndef ROLES_STANDING_H
#define ROLES_STANDING_H

#include "ledger/jointly.h"
#include "ledger/people.h"
#include "model/id.h"

struct standing_one { /* of the newest entry about a finding */
	struct id id;
	bool rejected, reviewed, joint, both; /* both: review accepted too */
};

struct standing {
	struct standing_one *one; /* by id */
	size_t count;
};

/* `jointly`: how far the log is accepted. */
MUST_USE bool standing_read(struct standing *, const struct people *,
	uint64_t jointly, struct arena *, struct fault *);
/* NULL: the log has no such finding. */
const struct standing_one *standing_of(
	const struct standing *, const struct id *);

#endif
