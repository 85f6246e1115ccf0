/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * court.h - an incident before the rules, with the notices and the claims
 * that concern it, all from the store. */
#ifndef ROLES_COURT_H
#define ROLES_COURT_H

#include "judge/judge.h"
#include "store/store.h"

struct court {
	struct store *store;
	const struct mission *mission;
	struct arena *arena; /* of notices and claims */
	struct activity *activity;
	size_t activity_count, activity_room;
	struct claim *claim, *near;
	size_t claim_count, claim_room;
	struct instant known; /* the newest receipt, and if anything was asked
	                       * about an incident, the newest incident */
	bool asked;
	struct bytes rejected; /* reviews.h: incidents */
	struct arena one; /* of one incident */
	char does[16];    /* of its version, where people made that; "" */
	const struct findings *to; /* then: whom its findings go to */
};

/* Reads notices and claims; all is borrowed until court_close(). */
MUST_USE bool court_open(struct court *, struct store *,
	const struct mission *, struct arena *, struct fault *);
void court_close(struct court *);
/* The incident of a row, valid until the next is heard; *sits false: it was
 * withdrawn, people rejected it, or it is a part of another act; and it is not
 * judged. */
MUST_USE bool court_hear(struct court *, const struct row *,
	struct incident *, bool *sits, struct fault *);
/* The same of an incident heard elsewhere, for several threads at once: `near`
 * has room for all claims. */
MUST_USE bool court_read(const struct court *, const struct row *,
	struct arena *, struct incident *, bool *sits, struct fault *);
/* A finding that falls with its incident, or with its rule: rejected, and says
 * so where people rejected the incident.  New texts lie in court.one. */
MUST_USE bool court_withdraw(
	struct court *, struct finding *, struct fault *);
struct facts court_facts(
	const struct court *, const struct incident *, struct claim *near);
MUST_USE bool court_judge(struct court *, const struct terms *,
	const struct incident *, const struct findings *, struct fault *);

#endif
