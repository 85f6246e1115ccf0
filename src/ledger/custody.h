/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * custody.h - the frames that spools hold, for an audit: each signed by a key
 * that was its sensor's, each chain as it is said to be.
 *
 * A fork or a break is no failure of the log, which kept what came: it is
 * counted, and named in health.  A signature that does not hold is one. */
#ifndef LEDGER_CUSTODY_H
#define LEDGER_CUSTODY_H

#include "base/journal.h"
#include "ledger/chain.h"

struct people;

struct custody_seen {
	uint64_t frames, sensors;
	uint64_t missing; /* of gaps that are open still */
	uint64_t late, forks, breaks, twice;
	uint64_t unkeyed; /* no key of their sensor is at hand */
};

struct custody {
	const struct chain_keys *keys; /* NULL: only people's */
	const struct people *people;
	struct arena arena;
	struct chains chains;
	struct custody_seen seen;
};

MUST_USE bool custody_start(struct custody *, const struct chain_keys *,
	const struct people *, struct fault *);
void custody_end(struct custody *);
/* `index`: of the entry that commits to the record.  INPUT fault: its layout
 * or signature. */
MUST_USE bool custody_take(struct custody *, const struct journal_record *,
	uint64_t index, struct fault *);
/* Adds what can be said at the end. */
void custody_count(struct custody *);

/* The key that is good for a frame received at `at`, committed to by entry
 * `index`: of the directory where it knows the sensor, else of sensors.csv. */
const uint8_t *custody_key(const struct chain_keys *, const struct people *,
	const uint8_t id[FRAME_SENSOR], uint64_t index, struct instant at);

#endif
