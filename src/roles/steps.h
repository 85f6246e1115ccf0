/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * steps.h - what guarantors made of obligations, from the log into the index,
 * and beside the record when it is shown: `state`, `deadline`, `contested`,
 * `history[]`.  The record itself, as it was logged, has none of these; that a
 * deadline passed is read off the clock of whoever looks. */
#ifndef ROLES_STEPS_H
#define ROLES_STEPS_H

#include "base/json.h"
#include "ledger/ledger.h"
#include "ledger/owed.h"
#include "model/obligation.h"
#include "store/store.h"

/* A row for each obligation that somebody took a step of; its status is the
 * state without a clock.  In a transaction of its own. */
MUST_USE bool steps_index(struct store *, struct ledger *, struct fault *);

/* An obligation with what people and the clock made of it. */
struct owed_shown {
	struct obligation record;
	enum obligation_state state;
	enum obligation_clock clock;
	bool contested, decidable;
	struct bytes history; /* JSON: a list */
};
/* Of a row of obligations; lies in the arena. */
MUST_USE bool steps_shown(struct store *, const struct row *,
	struct instant now, struct arena *, struct owed_shown *,
	struct fault *);
/* The row's body with these members. */
MUST_USE bool steps_body(const struct row *, const struct owed_shown *,
	struct arena *, struct bytes *out, struct fault *);

#endif
