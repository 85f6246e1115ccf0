/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kept.h - older checkpoints that a mirror keeps of itself, checkpoints/SIZE,
 * each a note as it was published: with their cosignatures they tell when
 * entries were logged (bracket.h, clocks.h).  mirror_audit() holds them
 * against the log; here nothing is believed and nothing judged. */
#ifndef LEDGER_KEPT_H
#define LEDGER_KEPT_H

#include "ledger/bracket.h"
#include "ledger/clocks.h"
#include "ledger/mirror.h"

enum { KEPT_MAX = 4096 };

struct kept {
	struct mirror_seen note[KEPT_MAX]; /* by size, ascending */
	size_t count;
};

/* Other names in the folder are passed over.  LIMIT fault: too many. */
MUST_USE bool kept_read(
	struct disk *, struct arena *, struct kept *, struct fault *);
/* What witnesses say of those, in order, and of the newest: to *clocks, and to
 * *entry (may be NULL).  Notes that mirror_audit() has found sound. */
MUST_USE bool kept_times(const struct kept *, const struct policy *,
	const struct mirror *, struct clocks *clocks, struct bracket *entry,
	struct fault *);

#endif
