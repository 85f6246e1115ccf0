/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log.h - the one log format of spool and ledger journal (SCALE.md 2), over a
 * struct disk: this file makes no system call of its own.
 *
 * A log is a folder of segments, each named by its first sequence in 16 hex
 * digits and ".seg": a header of 128 bytes, then records of 64 + n bytes, zero
 * padded to 8, then zeros.  Sequences run from 0 without holes.  A segment is
 * made as ".new", synced and renamed, so a ".seg" always has a whole header;
 * it is appended to only by the process that made it.  Whoever opens a log
 * whose last segment is small makes that one anew, the same bytes first, under
 * the same name: so a log opened each minute does not run out of segments.
 *
 * Rules (SCALE.md 4).  append() answers true only after the sync.  After a
 * failed write or sync the file is never written or synced again: what was not
 * acknowledged is written once more, into a new segment; if that fails too,
 * append() is false.  A second failed sync ends the log until it is opened
 * anew.  What lies behind the first sequence of the next segment was never
 * acknowledged and is not read.
 *
 * Opening for writing salvages the last segment: the valid run of records
 * stays; valid ones found behind damage are appended again with flag SALVAGED
 * (a journal keeps the run only, since later entries may build on a lost one).
 * If the run ends below `floor`, which somebody has committed to, that is
 * damage and not a torn tail: a SYSTEM fault, and nothing is touched. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/arena.h"
#include "base/disk.h"
#include "base/journal.h"

enum {
	LOG_ID = 16,
	LOG_HEAD = 128,             /* segment header */
	LOG_SEGMENT_MAX = 64 << 20, /* bytes; SCALE.md 2 */
	LOG_SEGMENTS_MAX = 1 << 16, /* 4 TiB */
	LOG_FOLDER = 64,            /* longest folder name, with its end mark */
	LOG_PATH = LOG_FOLDER + 24,
	LOG_RECORD_MAX = JOURNAL_HEADER + JOURNAL_PAYLOAD_MAX, /* padded too */
};

#define LOG_SEGMENT_NS (INT64_C(600) * 1000000000) /* rotation, 10 min */

enum log_use { LOG_SPOOL = 1, LOG_JOURNAL = 2 };

/* -- the format: pure -- */

struct log_head {
	enum log_use use;
	uint64_t first;
	struct instant created; /* `received` of its first record */
	uint8_t id[LOG_ID];
	struct digest before; /* digest of the last record before it, or 0 */
};

void log_head_write(const struct log_head *, uint8_t out[LOG_HEAD]);
MUST_USE bool log_head_read(struct bytes, struct log_head *, struct fault *);

/* Sets r->digest and writes the 64 bytes in front of the payload. */
void log_record_seal(struct journal_record *, uint8_t out[JOURNAL_HEADER]);
/* The 64 bytes again from a record that was read: what a Merkle leaf of an
 * intake batch is made of. */
void log_record_header(
	const struct journal_record *, uint8_t out[JOURNAL_HEADER]);
static inline size_t log_record_size(const struct journal_record *r)
{
	return (JOURNAL_HEADER + r->payload.len + 7) & ~(size_t)7;
}

enum log_found {
	LOG_RECORD, /* magic, bounds, digest; padding is not looked at */
	LOG_ZERO,   /* 64 zeros, or fewer to the end: nothing was written */
	LOG_SHORT,  /* would be longer than what is there */
	LOG_DAMAGED,
};

/* The record at the front of b.  Any sequence is taken. */
enum log_found log_record_read(struct bytes, struct journal_record *);

/* -- a folder of segments -- */

struct log_options {
	const char *folder; /* "spool/inbox" */
	enum log_use use;
	bool writable;       /* takes the folder's lock, salvages */
	uint8_t id[LOG_ID];  /* random; used only when the log is new */
	uint64_t floor;      /* committed: records below must be there */
	uint64_t segment_max; /* 0: LOG_SEGMENT_MAX */
};

struct log {
	struct disk *disk;
	char folder[LOG_FOLDER];
	enum log_use use;
	bool writable;
	uint8_t id[LOG_ID];
	uint64_t *first; /* of each segment, ascending */
	size_t segments;
	uint64_t end;       /* the next sequence: all below are durable */
	struct digest last; /* of record end - 1 */
	uint64_t released;  /* drop() does not pass it */
	uint64_t salvaged, cut; /* at opening: records kept, bytes dropped */
	/* the segment being written, file -1 if none */
	int file, lock;
	bool fresh; /* it is still ".new" */
	struct { /* the last segment found, if small; bytes 0: none */
		uint64_t first, bytes;
		struct instant created;
	} carry;
	uint64_t begins;       /* its first sequence */
	/* bytes: durable, preallocated, written if only with zeros */
	uint64_t at, reserved, zeros;
	uint64_t segment_max;
	struct instant created;
	bool dead;
	struct arena memory;
	uint8_t *out; /* what is gathered for one write */
	size_t filled;
};

/* A window on a file, for going through it once. */
struct log_scan {
	struct disk *disk;
	int file; /* -1: none */
	uint64_t from; /* where in the file the window begins */
	size_t have;
	struct arena memory;
};

MUST_USE bool log_open(struct log *, struct disk *,
	const struct log_options *, struct fault *);
/* Cuts the preallocated rest off.  Does nothing to a log that never opened
 * and was zeroed. */
void log_close(struct log *);

/* Sets sequence and digest of each; true: all are durable. */
MUST_USE bool log_append(
	struct log *, struct journal_record *, size_t count, struct fault *);
/* For a log opened for reading: see what the writer added since. */
MUST_USE bool log_refresh(struct log *, struct fault *);
/* The same as a table of functions. */
struct journal log_journal(struct log *);

MUST_USE bool log_scan_open(
	struct log_scan *, struct disk *, const char *path, struct fault *);
/* What lies at `at`, up to LOG_RECORD_MAX; shorter at the file's end. */
MUST_USE bool log_scan_at(
	struct log_scan *, uint64_t at, struct bytes *, struct fault *);
void log_scan_close(struct log_scan *);

/* Walks records from a sequence on. */
struct log_reader {
	struct log *of;
	struct log_scan scan;
	size_t segment;
	uint64_t at, next;
};

MUST_USE bool log_reader_open(
	struct log_reader *, struct log *, uint64_t from, struct fault *);
/* *got false: the end.  Views last until the next call. */
MUST_USE bool log_next(struct log_reader *, struct journal_record *,
	bool *got, struct fault *);
void log_reader_close(struct log_reader *);

/* "FOLDER/0000000000000000.seg" */
const char *log_path(const char *folder, uint64_t first, char out[LOG_PATH]);

/* Everything a segment file says, for an audit: its head, each record in
 * order, and the first thing that is wrong.  Records from `stop` on are the
 * next segment's. */
struct log_check {
	const char *folder;
	uint64_t first; /* from the file name */
	uint64_t stop;  /* first of the next segment, UINT64_MAX if last */
	enum log_use use;
	struct log_head head;      /* filled */
	struct digest last;        /* in: of the record before; out: last */
	uint64_t end;              /* out */
	bool torn; /* out: the last one's tail is not whole or not zero */
};

/* INPUT fault: damage, with record and byte. */
MUST_USE bool log_segment_check(struct disk *, struct log_check *,
	bool (*each)(void *self, const struct journal_record *,
		struct fault *),
	void *self, struct fault *);
/* First sequences of the segments in a folder, ascending; at most max. */
MUST_USE bool log_segments(struct disk *, const char *folder,
	uint64_t *first, size_t max, size_t *n, struct fault *);

#endif
