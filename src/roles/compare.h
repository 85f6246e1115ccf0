/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare.h - does one log say what another does, which was made anew from the
 * same evidence?  (PROOF.md 10)
 *
 * Of each incident, finding, obligation, claim and notified activity the last
 * version is held against the other's, field by field; of detections, looks
 * and health each batch, by its root.  Not compared: version and ledger, which
 * tell of work done twice.  What was withdrawn (an incident or finding of
 * status rejected, an obligation that stands no more) is not looked for.  A
 * decimal of three places or more of an incident's place, kinds and features,
 * or of a finding's probability and explanation, or of a detection (never its
 * time), that differs by one in its last place is told apart: another
 * processor may do so (PROOF.md 10). */
#ifndef ROLES_COMPARE_H
#define ROLES_COMPARE_H

#include "base/disk.h"
#include "base/fault.h"

struct compared {
	uint64_t same;
	uint64_t unit;      /* numbers one off in the last place, else same */
	uint64_t different;
	uint64_t unfounded; /* in the log, and nothing makes it */
	uint64_t missing;   /* made, and not in the log */
	uint64_t withdrawn; /* not compared */
	uint64_t closed;    /* not compared: body erased */
	uint64_t superseded; /* batches of an hour that has another now */
	/* The first that is different, unfounded or missing; index UINT64_MAX:
	 * it is not in the log. */
	uint64_t index;
	char what[24], id[80], field[72];
	char logged[120], made[120];
};

/* log: what is asked; anew: what was made. */
MUST_USE bool logs_compare(struct disk *log, struct disk *anew,
	struct compared *, struct fault *);

static inline bool compared_well(const struct compared *c)
{
	return c->different + c->unfounded + c->missing == 0;
}

#endif
