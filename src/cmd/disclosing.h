/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * disclosing.h - one entry shown to somebody, as `truce disclose` and the desk
 * do it: first the log says who is shown which fields, and why; then a
 * `.disclosure` (ledger/proof.h) is printed, with the proof that the log holds
 * the entry.  What is not shown stays visible as withheld. */
#ifndef CMD_DISCLOSING_H
#define CMD_DISCLOSING_H

#include "cmd/desk.h"

struct disclosing {
	struct desk *desk;
	uint64_t index;
	const uint8_t *person; /* whose act it is; NULL: the operator's */
	const char *by;        /* of the operator; NULL: "operator" */
	const char *to, *why;  /* NULL: not said */
	bool (*shut)(void *self, struct bytes name);
	void *self;
};

/* *at: the entry that says so. */
MUST_USE bool disclosing_log(
	const struct disclosing *, uint64_t *at, struct fault *);
/* INPUT fault: it is under no published checkpoint yet. */
MUST_USE bool disclosing_print(
	const struct disclosing *, struct text *, struct fault *);

/* Whether the parties are shown it at all: incidents and findings. */
bool disclosing_to_parties(uint8_t entry_type);
/* A shut() of what serve/level.h keeps from them: sensors' names, what each
 * heard, what an observer said of themselves. */
bool disclosing_shut(void *, struct bytes name);

#endif
