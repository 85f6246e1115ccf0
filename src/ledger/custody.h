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
	uint64_t derived; /* files that were made of them */
	uint64_t unkeyed; /* no key of their sensor is at hand */
};

enum { CUSTODY_SPOOLS = 64 };

struct custody_spool { /* of which files say that they were made */
	uint8_t id[16];
	uint64_t claimed, end; /* records: by files; that are there */
};

struct custody {
	const struct chain_keys *keys; /* NULL: only people's */
	const struct people *people;
	struct arena arena;
	struct chains chains;
	struct custody_seen seen;
	struct custody_spool spool[CUSTODY_SPOOLS];
	size_t spools;
};

MUST_USE bool custody_start(struct custody *, const struct chain_keys *,
	const struct people *, struct fault *);
void custody_end(struct custody *);
/* `index`: of the entry that commits to the record.  INPUT fault: its layout
 * or signature. */
MUST_USE bool custody_take(struct custody *, const struct journal_record *,
	uint64_t index, struct fault *);
/* What the spool says of a file (blobs.h, `about`): of a derivative its parent
 * is noted. */
MUST_USE bool custody_file(
	struct custody *, struct bytes about, struct fault *);
/* A spool of this id has so many records. */
MUST_USE bool custody_spool(struct custody *, const uint8_t id[16],
	uint64_t end, struct fault *);
/* INPUT fault: a parent is not there. */
MUST_USE bool custody_parents(const struct custody *, struct fault *);
/* Adds what can be said at the end. */
void custody_count(struct custody *);

/* The key that is good for a frame received at `at`, committed to by entry
 * `index`: of the directory where it knows the sensor, else of sensors.csv. */
const uint8_t *custody_key(const struct chain_keys *, const struct people *,
	const uint8_t id[FRAME_SENSOR], uint64_t index, struct instant at);

#endif
