/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * custody.h - the frames that spools hold, for an audit: each signed by a key
 * that was its sensor's, each chain as it is said to be.
 *
 * Files that say that they were made of frames are made again, and must be the
 * same bytes: so nothing passes for a sensor's word that its key did not sign.
 *
 * A fork or a break is no failure of the log, which kept what came: it is
 * counted, and named in health.  A signature that does not hold is one. */
#ifndef LEDGER_CUSTODY_H
#define LEDGER_CUSTODY_H

#include "base/disk.h"
#include "base/journal.h"
#include "ledger/chain.h"
#include "ledger/chain_ack.h"

struct people;

struct custody_seen {
	uint64_t frames, sensors;
	uint64_t missing; /* of gaps that are open still */
	uint64_t late, forks, breaks, twice;
	uint64_t derived; /* files that were made of them */
	uint64_t unkeyed; /* no key of their sensor is at hand */
};

struct custody_claim { /* a file says that it was made of frames */
	struct custody_claim *next;
	struct digest file;
	uint8_t spool[16];
	uint64_t first, after; /* records */
};

struct custody {
	const struct chain_keys *keys; /* NULL: only people's */
	const struct people *people;
	struct arena arena;
	struct chains chains;
	struct custody_seen seen;
	struct arena claims, marks, work;
	struct custody_claim *claim;
	/* Of the spool `frames`: a byte a record, enum chain_verdict. */
	uint8_t spool[16];
	uint64_t end;
};

MUST_USE bool custody_start(struct custody *, const struct chain_keys *,
	const struct people *, struct fault *);
void custody_end(struct custody *);
/* `index`: of the entry that commits to the record.  INPUT fault: its layout
 * or signature. */
MUST_USE bool custody_take(struct custody *, const struct journal_record *,
	uint64_t index, struct fault *);
/* What the spool says of a file (blobs.h, `about`): of a derivative its parents
 * are noted. */
MUST_USE bool custody_file(struct custody *, const struct digest *file,
	struct bytes about, struct fault *);
/* The spool `frames` has this id, and so many records. */
void custody_spool(struct custody *, const uint8_t id[16], uint64_t end);
/* Makes each derivative again (carried.h).  INPUT fault: its parents are not
 * there, or it is not what they carry. */
MUST_USE bool custody_parents(
	struct custody *, struct disk *, struct fault *);
/* Adds what can be said at the end. */
void custody_count(struct custody *);

/* The key that is good for a frame received at `at`, committed to by entry
 * `index`: of the directory where it knows the sensor, else of sensors.csv. */
const uint8_t *custody_key(const struct chain_keys *, const struct people *,
	const uint8_t id[FRAME_SENSOR], uint64_t index, struct instant at);

#endif
