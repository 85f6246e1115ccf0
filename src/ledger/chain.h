/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain.h - what a sensor's frame is, held against what came of that sensor
 * before (PROOF.md 5).  Pure: bytes and state in, a verdict out.
 *
 *	next     fits at the end: keep, acknowledge
 *	jump     farther on: keep; a gap is open behind it
 *	late     fits into a gap at both ends it meets: keep, marked late
 *	same     is held already: acknowledge again, store nothing
 *	fork     another one of the same boot and sequence is held: keep both;
 *	         the key is used twice, whatever comes is quarantined
 *	break    the chain does not lead to it: keep, mark, never evidence
 *	         alone
 *	old      signed, but older than what is remembered: not kept, not
 *	         acknowledged.  So a sensor sends no more than CHAIN_WINDOW
 *	         frames that it has not heard of
 *	refused  length, layout, key, signature: no frame of anybody's
 *
 * Sequences are never reset but by a sensor that says so (flag 0, a higher
 * boot).  Gaps are remembered up to CHAIN_GAPS a sensor; of more the oldest is
 * lost, and what comes of it later is old.  The state is what the kept frames
 * say, in their order: reading them again makes it anew. */
#ifndef LEDGER_CHAIN_H
#define LEDGER_CHAIN_H

#include "base/arena.h"
#include "ledger/frame.h"

enum {
	CHAIN_WINDOW = 1024, /* frames: 17 min of 1 s, 2.8 h of 10 s */
	CHAIN_GAPS = 16,
	CHAIN_ODD = 16, /* breaks and forks that are known again */
	CHAIN_PART = 20, /* of a digest; 2^80 tries for two alike */
};

enum chain_verdict {
	CHAIN_NEXT,
	CHAIN_JUMP,
	CHAIN_LATE,
	CHAIN_SAME,
	CHAIN_FORK,
	CHAIN_BREAK,
	CHAIN_OLD,
	CHAIN_REFUSED,
	CHAIN_VERDICTS,
};
const char *chain_verdict_name(enum chain_verdict);

struct chain_gap { /* frames [first, end) have not come */
	uint64_t first, end;
	uint32_t boot_from, boot_to; /* of the frames around it */
	struct digest before; /* the frame in front of it */
	struct digest after;  /* what the frame behind it calls its prev;
	                       * zeros: it began a chain anew */
};

struct chain_slot {
	uint64_t after; /* sequence + 1; 0: free */
	uint32_t boot;
	uint8_t part[CHAIN_PART];
};

struct chain_sensor {
	uint8_t id[FRAME_SENSOR];
	uint64_t next; /* sequence */
	uint32_t boot;
	bool forked;
	struct digest last; /* of frame next - 1 */
	struct chain_gap gap[CHAIN_GAPS]; /* ascending */
	size_t gaps;
	uint64_t lost; /* frames of gaps that are no longer remembered */
	struct chain_slot front[CHAIN_WINDOW], late[CHAIN_WINDOW];
	struct chain_slot odd[CHAIN_ODD];
	size_t odds;
};

struct chains {
	struct arena *arena;
	struct chain_sensor **sensor; /* hash by id */
	size_t room, count, most;
};

struct chain_arrival {
	enum chain_verdict verdict;
	struct frame frame;      /* of all but what has no layout */
	bool restarted;          /* a chain that says that it begins anew */
	bool quarantined;        /* the sensor's key is used twice */
	uint64_t missing;        /* of a jump: how many are not there */
	struct fault why;        /* of break and refused, in words */
};

/* The arena gives 66 KiB to each sensor that sends. */
MUST_USE bool chains_start(
	struct chains *, struct arena *, size_t most, struct fault *);
/* `key`: of the sensor that the frame names, NULL: it has none that is good.
 * LIMIT fault: more sensors than `most`. */
MUST_USE bool chain_arrive(struct chains *, struct bytes,
	const uint8_t key[SIGN_KEY], struct chain_arrival *, struct fault *);
/* The same for a frame that was kept, and so was signed. */
MUST_USE bool chain_recall(struct chains *, struct bytes,
	struct chain_arrival *, struct fault *);
/* NULL: nothing came of it yet. */
const struct chain_sensor *chain_of(
	const struct chains *, const uint8_t id[FRAME_SENSOR]);
/* To be kept in the spool. */
static inline bool chain_keeps(enum chain_verdict v)
{
	return v == CHAIN_NEXT || v == CHAIN_JUMP || v == CHAIN_LATE ||
		v == CHAIN_FORK || v == CHAIN_BREAK;
}
/* "Kept" may be said of it, once the spool is synced. */
static inline bool chain_acknowledges(enum chain_verdict v)
{
	return chain_keeps(v) || v == CHAIN_SAME;
}

#endif
