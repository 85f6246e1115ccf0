/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit_spools.h - the part of an audit that reads spools: each record of an
 * intake (type 1) lies there, as it was committed to, and came when it says.
 * Frames of sensors in them: custody.h. */
#ifndef LEDGER_AUDIT_SPOOLS_H
#define LEDGER_AUDIT_SPOOLS_H

#include "base/log.h"
#include "ledger/audit.h"
#include "ledger/custody.h"
#include "ledger/ledger.h"
#include "ledger/table.h"

struct audit_segments { /* a log's files, read one after the other */
	struct disk *disk;
	struct outcome *is;
	uint64_t *first;        /* room for LOG_SEGMENTS_MAX */
	struct log_check check; /* of the one that is read */
};

/* Each record of a folder, in order.  False: *is or the fault says why. */
MUST_USE bool audit_segments(struct audit_segments *, const char *folder,
	enum log_use, bool (*each)(void *self, const struct journal_record *,
		struct fault *),
	void *self, const char *rule, struct fault *);

struct audit_promise { /* a type-1 entry: what the spool must hold */
	uint8_t spool[LOG_ID];
	uint64_t first, count, index;
	struct instant clock;
	struct instant after; /* the clock of the spool's intake before it */
	struct digest root;
	bool met;
};

struct audit_spools {
	struct disk *disk;
	struct audit *out;
	struct audit_segments *segments;
	struct custody *custody;
	struct audit_promise *promise; /* in order of the log */
	size_t promises, room;
	/* Of promises, by spool and first record; by spool and END, how far. */
	struct table starts;
	/* the spool being read */
	struct audit_promise *now; /* the one its records go to */
	struct merkle headers;
};

/* Both: false, and out->is or the fault says why. */
MUST_USE bool audit_spools_promise(
	struct audit_spools *, const struct ledger_entry *, struct fault *);
/* All spools, once all entries were read. */
MUST_USE bool audit_spools_read(struct audit_spools *, struct fault *);
void audit_spools_free(struct audit_spools *);

#endif
