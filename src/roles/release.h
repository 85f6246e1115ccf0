/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * release.h - what a sensor hears of its frames: level 1 when the spool is
 * synced, level 2 with a receipt when a published checkpoint covers them.
 *
 * release_hold() notes whom to tell; release_kept() tells of level 1;
 * release_go() commits to what came since, has it signed, and tells of level 2
 * whoever a checkpoint covers by then. */
#ifndef ROLES_RELEASE_H
#define ROLES_RELEASE_H

#include "ledger/receipt.h"
#include "ledger/receipt_write.h"
#include "roles/frames.h"

enum { RELEASE_BATCHES = 4096, RELEASE_WAITING = 1 << 20 };

struct release_one {
	uint64_t node, record;
	struct frame frame; /* its head */
	enum chain_verdict verdict;
};

struct release {
	struct frames *frames;
	struct ledger *ledger;
	void *self;
	void (*tell)(void *self, uint64_t node, struct bytes);
	struct arena memory, work;
	struct release_one *heard; /* since release_kept() */
	size_t heards;
	struct release_one *waiting; /* for level 2, by record */
	size_t waitings;
	struct receipt_batch *batch; /* not covered yet */
	size_t batches;
	uint64_t told; /* of level 2 */
};

MUST_USE bool release_open(struct release *, struct fault *);
void release_close(struct release *);
/* One frame, by the node that sent it. */
MUST_USE bool release_hold(struct release *, uint64_t node,
	const struct chain_arrival *, struct fault *);
/* All that was held is durable. */
void release_kept(struct release *);
/* Is there anything to commit to? */
bool release_due(const struct release *);
MUST_USE bool release_go(
	struct release *, struct instant now, struct fault *);

#endif
