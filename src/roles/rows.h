/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rows.h - nouns into the store and into the ledger.
 *
 * put: the noun's JSON under its id.  What is versioned (incident, finding)
 * gets the next version only when its content changed, so that doing work
 * twice does nothing.  One id made twice from different copies of the same
 * bytes (a detection in two overlapping files) keeps the body that sorts
 * first, whatever the order they came in. */
#ifndef ROLES_ROWS_H
#define ROLES_ROWS_H

#include "ledger/ledger.h"
#include "model/activity.h"
#include "model/finding.h"
#include "model/health.h"
#include "model/look.h"
#include "model/obligation.h"
#include "store/store.h"

struct rows {
	struct store *store;
	struct arena scratch; /* one record; emptied by each put */
	struct fields fields;
};

MUST_USE bool rows_open(struct rows *, struct store *, struct fault *);
void rows_close(struct rows *);

MUST_USE bool rows_detection(
	struct rows *, const struct detection *, bool *fresh, struct fault *);
MUST_USE bool rows_incident(
	struct rows *, const struct incident *, bool *fresh, struct fault *);
/* *n: the newest the machine made; then the number of the next version, which
 * no proposal of people has either. */
MUST_USE bool rows_version(
	struct store *, const char *id, uint32_t *n, struct fault *);
MUST_USE bool rows_finding(
	struct rows *, const struct finding *, bool *fresh, struct fault *);
MUST_USE bool rows_look(
	struct rows *, const struct look *, bool *fresh, struct fault *);
MUST_USE bool rows_health(
	struct rows *, const struct health *, bool *fresh, struct fault *);
MUST_USE bool rows_activity(
	struct rows *, const struct activity *, bool *fresh, struct fault *);
MUST_USE bool rows_claim(
	struct rows *, const struct claim *, bool *fresh, struct fault *);
MUST_USE bool rows_obligation(
	struct rows *, const struct obligation *, bool *fresh, struct fault *);
/* Only what watch/ and locate/ need again: weather. */
MUST_USE bool rows_observation(
	struct rows *, const struct observation *, bool *fresh, struct fault *);

/* Everything not yet logged goes into the ledger: incidents, findings,
 * obligations, activities and claims an entry each, detections, looks and
 * health in batches of one kind and one UTC hour.  clock: when we sign. */
MUST_USE bool rows_log(struct rows *, struct ledger *, struct disk *,
	struct instant clock, uint64_t *logged, struct fault *);
/* The row of an open entry, an incident or a finding; people: as a version of
 * theirs. */
MUST_USE bool rows_back(struct store *, const struct ledger_entry *,
	struct arena *, bool people, struct fault *);
/* What a record of that body is found by, as it was put: its row but for body
 * and entry.  A version of people's
 * as theirs was numbered, without ROW_PEOPLE.  Views of the arena. */
MUST_USE bool rows_made(enum row_type, struct bytes body, struct arena *,
	struct row *, struct fault *);
/* An empty store beside a ledger that is not: incidents, findings and
 * obligations back from their bodies, so that versions go on where they
 * were. */
MUST_USE bool rows_restore(
	struct rows *, struct ledger *, uint64_t *restored, struct fault *);

#endif
