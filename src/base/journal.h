/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * journal.h - an append-only run of records (SCALE: section 2 is the format).
 *
 * Sequences count from 0 without holes.  append() returns true only when the
 * records are durable; nothing may be acknowledged before. */
#ifndef BASE_JOURNAL_H
#define BASE_JOURNAL_H

#include "base/instant.h"
#include "base/sha256.h"

enum {
	JOURNAL_PAYLOAD_MAX = 65536,
	JOURNAL_HEADER = 64,
};

enum journal_kind {
	JOURNAL_FRAME = 1,
	JOURNAL_PACKET = 2,
	JOURNAL_FILE = 3, /* taken as a blob */
	JOURNAL_FAULT = 4,
	JOURNAL_GAP = 5,
	JOURNAL_CLOCK = 6,
	JOURNAL_ENTRY = 16,
	JOURNAL_CHECKPOINT = 17,
	JOURNAL_COSIGNATURE = 18,
	JOURNAL_ERASURE = 19,
};

enum journal_flag {
	JOURNAL_LATE = 1 << 0,
	JOURNAL_IMPORTED = 1 << 1,
	JOURNAL_CONTINUES = 1 << 2,
	JOURNAL_SALVAGED = 1 << 3,
};

struct journal_record {
	uint64_t sequence;      /* set by append() */
	struct instant received;
	uint32_t feed;          /* 0 in a ledger journal */
	enum journal_kind kind;
	unsigned flags;         /* of enum journal_flag */
	struct bytes payload;
	struct digest digest;   /* set by append(): over header and payload */
};

struct journal {
	void *self;
	bool (*append)(void *self, struct journal_record *, size_t count,
		struct fault *);
	/* From a sequence on, in order; stops early without a fault when
	 * each() returns false and left its fault's kind FAULT_NONE. */
	bool (*read)(void *self, uint64_t from,
		bool (*each)(void *each_self, const struct journal_record *,
			struct fault *),
		void *each_self, struct fault *);
	uint64_t (*end)(void *self); /* the next sequence */
	/* Forget what lies below; refuses to pass the released mark. */
	bool (*drop)(void *self, uint64_t below, struct fault *);
};

#endif
