/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reconsider.h - people made another version of an incident, or rejected
 * one: its findings anew, at once, from the version that stands, or none
 * (docs/people.md 35, 36).  A replay does the same for all. */
#ifndef ROLES_RECONSIDER_H
#define ROLES_RECONSIDER_H

#include "judge/judge.h"
#include "ledger/ledger.h"
#include "store/store.h"

struct reconsidering {
	struct store *store;
	struct ledger *ledger;
	struct disk *disk;
	const struct mission *mission;
	const struct terms *terms;
	struct instant now;
	uint64_t changed; /* out: findings that are new, or withdrawn */
};

MUST_USE bool reconsider(struct reconsidering *, struct fault *);

#endif
