/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * carried.h - what kept frames carry, as a file: rule 1, by which `truce`
 * makes it and an audit makes it again.
 *
 * Of records [first, after) of the spool `frames`: the payloads of kind
 * miniSEED, in order of sensor, boot, sequence, record; of none of that kind
 * the payload of the one record that it is.  Left out is what a second user of
 * a key said, and what was held already. */
#ifndef LEDGER_CARRIED_H
#define LEDGER_CARRIED_H

#include "base/journal.h"
#include "ledger/chain.h"

struct carried {
	uint8_t sensor[FRAME_SENSOR];
	uint32_t boot;
	uint64_t sequence, record;
	unsigned kind;
	struct bytes payload;
};

struct carried_list { /* of a run of records */
	struct arena *arena;
	const uint8_t *verdict; /* of each record, enum chain_verdict */
	uint64_t verdicts;
	struct carried *at;
	size_t count, room, bytes;
};

/* One record; payloads are copied. */
MUST_USE bool carried_add(struct carried_list *,
	const struct journal_record *, struct fault *);
/* miniSEED first, each kind in order; *miniseed: how many are. */
void carried_sort(struct carried_list *, size_t *miniseed);
/* Of the first n, one after the other. */
struct digest carried_digest(const struct carried_list *, size_t n);

#endif
