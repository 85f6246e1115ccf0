/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seed2.h - writing miniSEED 2: records of 512 bytes, Steim 2, big-endian.
 *
 * SEED manual 2.4: fixed header of chapter 8, blockettes 1000 and 1001, data
 * from byte 64, seven frames of 64 bytes.  Samples are gathered until a record
 * is full; seed2_flush() writes what is left as a shorter record.  The rate is
 * a whole number of hertz, so that the start of each record is exact. */
#ifndef SIM_SEED2_H
#define SIM_SEED2_H

#include "base/instant.h"
#include "base/sink.h"

enum {
	SEED2_RECORD = 512,
	/* Seven frames of sixteen words, less seven control words and the two
	 * integration constants, seven differences a word. */
	SEED2_SAMPLES = (7 * 15 - 2) * 7,
};

struct seed2 {
	const char *network, *station, *location, *channel;
	int rate_hz;
	struct instant start; /* of pending[0], by the station's clock */
	int quality;          /* percent, blockette 1001 */
	bool locked;          /* clock locked, I/O flag 5 */
	uint32_t sequence;
	int32_t last;         /* sample before pending[0] */
	int32_t pending[SEED2_SAMPLES + 1];
	size_t count;
	struct sink out;
};

/* A new stretch: what is pending must have been flushed. */
void seed2_start(struct seed2 *, struct instant);
MUST_USE bool seed2_add(
	struct seed2 *, const int32_t *, size_t count, struct fault *);
MUST_USE bool seed2_flush(struct seed2 *, struct fault *);

#endif
