/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * steim.h - differences packed in frames of 64 bytes (SEED manual 2.4,
 * appendix B; Steim 1 and Steim 2).
 *
 * A frame is sixteen words; the first holds sixteen 2-bit codes that say how
 * the others are cut into differences.  Words 1 and 2 of the first frame are
 * the first and the last sample: the last one is the record's own checksum.
 * A word is always cut into eight: shifted up as a table says, then down, and
 * the write position moves on by as many as were meant.  No branch depends
 * on the data; mispredicted branches were the cost of the plain switch. */
#ifndef FORMATS_STEIM_H
#define FORMATS_STEIM_H

#include "base/bytes.h"
#include "base/fault.h"

enum {
	STEIM_FRAME = 64,
	STEIM_SLACK = 15 * 8, /* what one frame may write beyond its samples */
};

struct steim {
	int level;      /* 1 or 2 */
	bool big;       /* byte order of the words */
	bool cut;       /* frames may be missing at the end */
	size_t wanted;  /* samples that the header announces */
	size_t count;   /* result: samples in out */
};

/* out has room for wanted + STEIM_SLACK.  INPUT faults: no frame, a code that
 * does not exist, too few differences, last sample not as stated; count is 0
 * then, since no sample of the record can be trusted, but for missing frames
 * in a record known to be cut: count is what the frames there hold. */
MUST_USE bool steim_decode(
	struct bytes, struct steim *, int32_t *out, struct fault *);

#endif
