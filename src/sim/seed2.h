/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seed2.h - writing miniSEED 2: records of 512 bytes, Steim 2, big-endian.
 *
 * SEED manual 2.4: fixed header of chapter 8, blockettes 1000 and 1001, data
 * from byte 64, seven frames of 64 bytes.  Samples are gathered until a record
 * is full; seed2_flush() writes what is left as a shorter record.  The rate is
 * a whole number of hertz, so that the start of each record is exact.  A clock
 * that is wrong by a changing amount is asked at the start of each record. */
#ifndef SIM_SEED2_H
#define SIM_SEED2_H

#include "base/instant.h"
#include "base/sink.h"

enum {
	SEED2_RECORD = 512,
	SEED2_SLOTS = 7 * 16 - 1, /* words of a record */
	SEED2_WAIT = 264,
	SEED2_SPARE = 8, /* words of four lanes end beyond the last */
};

struct seed2 {
	const char *network, *station, *location, *channel;
	int rate_hz;
	int quality; /* percent, blockette 1001 */
	bool locked; /* clock locked, I/O flag 5 */
	/* What the station's clock is ahead of `start` then; NULL: nothing. */
	int64_t (*ahead_ns)(void *self, struct instant);
	void *self;
	struct sink out;

	struct instant start; /* of the record under way */
	uint32_t sequence;
	int32_t before;       /* the sample added last */
	/* Samples not yet in a word, their differences, what fits these. */
	int32_t value[SEED2_WAIT];
	int32_t wait[SEED2_WAIT + SEED2_SPARE];
	int32_t pack[SEED2_WAIT + SEED2_SPARE];
	size_t waiting;
	uint8_t record[SEED2_RECORD];
	size_t slot, samples;  /* of the next word, 0: none yet; in it */
	int32_t first, last;   /* sample of it, so far */
};

/* A new stretch: what is pending must have been flushed. */
void seed2_start(struct seed2 *, struct instant);
MUST_USE bool seed2_add(
	struct seed2 *, const int32_t *, size_t count, struct fault *);
MUST_USE bool seed2_flush(struct seed2 *, struct fault *);

#endif
