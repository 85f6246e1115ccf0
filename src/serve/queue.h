/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * queue.h - what waits for people: incidents or findings, each as far as
 * somebody made something of it (docs/api.md).
 *
 *	new         nobody said anything of this version
 *	claimed     leased (leases.h)
 *	needs_more  the last word is a note
 *	proposed    somebody stands behind it, or behind another version or
 *	            the publication of it, and another person is wanted
 *	decided     reviewed, published, rejected
 *	disputed    a party's word is newer than the last decision */
#ifndef SERVE_QUEUE_H
#define SERVE_QUEUE_H

#include "serve/session.h"

enum queue_state {
	QUEUE_NEW, QUEUE_CLAIMED, QUEUE_NEEDS_MORE, QUEUE_PROPOSED,
	QUEUE_DECIDED, QUEUE_DISPUTED, QUEUE_STATES,
};

struct total {
	bool counted;
	int64_t index; /* the log's newest then */
	uint64_t count;
};

struct totals { /* counted once, not for each who asks */
	pthread_mutex_t lock;
	struct total one[2];
};

void totals_init(struct totals *);
void totals_done(struct totals *);

void queue_answer(const struct api *, const struct wire_request *,
	const struct asker *, struct arena *, struct wire_response *);

#endif
