/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * spool.h - the intake log: bytes as received, synced before anybody is told
 * "kept".
 *
 * A spool is the folder spool/NAME, with a random id and one writer.  Format,
 * salvage and the rules after a failed disk call are base/log.h's.  A record
 * holds at most 64 KiB; more is split (JOURNAL_CONTINUES), or put into a blob
 * and noted by a JOURNAL_FILE record (ledger/blobs.h, blob_note()).
 *
 *	struct spool s;
 *	if (!spool_open(&s, disk, "inbox", SPOOL_WRITE, floor, f)) ...
 *	struct journal_record r = {.received = now, .kind = JOURNAL_FILE,
 *		.payload = note};
 *	if (!spool_append(&s, &r, 1, f)) ...      true: durable, r.sequence set
 *	spool_close(&s);
 */
#ifndef SPOOL_SPOOL_H
#define SPOOL_SPOOL_H

#include "base/log.h"
#include "base/stream.h"

enum spool_mode { SPOOL_READ, SPOOL_WRITE };

struct spool {
	struct log log; /* log.id, log.end, log.salvaged may be read */
	/* the stream */
	struct log_reader reader;
	bool reading;
	uint64_t taken; /* the next sequence take() gives */
	struct arena views;
	int wake;
};

/* SPOOL_WRITE makes the folder and takes its lock.  `floor`: how many records
 * the ledger has committed to (type-1 entries: first + count; 0 if none);
 * one missing below it is a SYSTEM fault.  SPOOL_READ of a spool that does not
 * exist gives an empty one. */
MUST_USE bool spool_open(struct spool *, struct disk *, const char *name,
	enum spool_mode, uint64_t floor, struct fault *);
void spool_close(struct spool *);

static inline uint64_t spool_end(const struct spool *s)
{
	return s->log.end;
}

/* One group, one sync.  Sets sequence and digest of each record. */
MUST_USE bool spool_append(
	struct spool *, struct journal_record *, size_t count, struct fault *);

/* Its only reader has done with what lies below: whole segments of that are
 * removed. */
MUST_USE bool spool_done(struct spool *, uint64_t below, struct fault *);

/* append, read, end and drop. */
struct journal spool_journal(struct spool *);

/* For who follows a spool that another process writes, which says that all
 * below `end` is durable: the record at `at`, or the first that is there
 * still.  *got false: none below the end.  A view until the next call. */
MUST_USE bool spool_next(struct spool *, uint64_t at, uint64_t end,
	struct journal_record *, bool *got, struct fault *);

/* As a stream, from a cursor on (the store's; sequence 0 if it knows none).
 * A cursor of another log id is an INPUT fault.  wake_fd() tells of appends
 * by this process. */
MUST_USE bool spool_stream(struct spool *, const struct cursor *from,
	struct stream *, struct fault *);

/* Names of the folders below spool/ that hold a spool. */
MUST_USE bool spool_each(struct disk *,
	bool (*each)(void *self, const char *name, struct fault *), void *self,
	struct fault *);

#endif
