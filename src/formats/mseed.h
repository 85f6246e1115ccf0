/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mseed.h - the header of one miniSEED record, version 2 (SEED manual 2.4,
 * chapter 8) or 3 (FDSN 2022), as one struct; a helper of miniseed.c.
 *
 * mseed2_is() and mseed3_is() look at what stands at the beginning of a view
 * and judge it as strictly as the standard allows, since records are also
 * looked for inside garbage.  The readers then trust nothing: a length must
 * fit, a chain of blockettes must go forward, and what is wrong but does not
 * stop the reading is left in `doubt`. */
#ifndef FORMATS_MSEED_H
#define FORMATS_MSEED_H

#include "formats/format.h"

enum {
	MSEED_RECORD_MAX = 1 << 20, /* WAVEFORM.md 5; the standard's limits: */
	MSEED2_HEADER = 48,         /* 2^7..2^8 is the least ever seen */
	MSEED2_RECORD_MIN = 128,
	MSEED3_HEADER = 40,
	MSEED_CHANNEL = 80,
};

enum mseed_encoding { /* SEED manual, blockette 1000 field 3 */
	MSEED_TEXT = 0,
	MSEED_INT16 = 1,
	MSEED_INT32 = 3,
	MSEED_FLOAT32 = 4,
	MSEED_FLOAT64 = 5,
	MSEED_STEIM1 = 10,
	MSEED_STEIM2 = 11,
};

struct mseed {
	int version;
	char channel[MSEED_CHANNEL]; /* NET_STA_LOC_B_S_S */
	struct instant start; /* INSTANT_UNKNOWN: before 1970, or no time */
	double rate_hz;       /* NAN: none, or beyond (0, 1e6] */
	size_t count;         /* samples announced */
	int encoding;
	bool big;             /* byte order of the data */
	size_t length;        /* of the record, as stated; 0 not stated */
	size_t data;          /* where the data begin; 0: there are none */
	double time_quality;
	unsigned flags;
	bool crc_wrong;
	struct fault doubt;   /* kind FAULT_NONE: the header is sound */
};

bool mseed2_is(struct bytes);
bool mseed3_is(struct bytes);
/* false: the record cannot be used at all; `length` is set where it could be
 * read.  The view may end before the record does.  crc: check it, which reads
 * all bytes (version 3). */
MUST_USE bool mseed2_read(struct bytes, struct mseed *, struct fault *);
MUST_USE bool mseed3_read(struct bytes, bool crc, struct arena *,
	struct mseed *, struct fault *);

/* From day of the year 1..366; INSTANT_UNKNOWN outside 1970-2200. */
struct instant mseed_time(
	unsigned year, unsigned day, unsigned second_of_day, uint32_t ns);
/* Remembers the first doubt. */
PRINTF(2, 3) void mseed_doubt(struct mseed *, const char *fmt, ...);

#endif
