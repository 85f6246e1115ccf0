/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * intake.h - files into the mission: kept first, understood afterwards.
 *
 * A file's bytes become a blob, then one group of spool records: the file
 * (what, where from, which format, how much of it was sound) and a fault
 * record for each damaged part, with its offset, length and what was wanted.
 * true means durable.  Bytes are read by parsers' children (parser/parser.h):
 * if one dies, a fault record says how, and if two do, the file is set aside:
 * kept, and never read again.  The same bytes from the same source again:
 * nothing is added.  When an intake ends, a type-1 entry commits to its
 * records. */
#ifndef ROLES_INTAKE_H
#define ROLES_INTAKE_H

#include "formats/format.h"
#include "ledger/ledger.h"
#include "parser/parser.h"
#include "spool/spool.h"

struct intake_role {
	struct disk *disk;
	struct spool spool;
	struct ledger *ledger;
	bool borrowed; /* the ledger is somebody else's */
	struct parsers *parsers; /* of all that is taken in and replayed */
	struct arena arena;   /* names of what is known; grows with files */
	struct arena scratch; /* one file; its decoder may rewind it */
	struct arena notes;   /* one file: what the spool will say of it */
	struct known **known; /* hash by sha256 and source */
	uint64_t frames_after; /* records of the spool `frames` that files
	                        * were made of (roles/frames.h) */
};

enum { INTAKE_FAULTS_MAX = 1000 }; /* a file; more are counted in one record */

struct intake_file {
	const char *name;   /* relative, for people */
	const char *source; /* of the inbox's sub-folder, "" none */
	const char *format; /* forced, or NULL: by content */
	struct bytes bytes;
	struct instant now;
	const struct blob *kept; /* of intake_ahead(); NULL none */
	const char *how;  /* it came: "file", "frames", "network"; NULL: file */
	const char *from; /* "inbox", "ingest", a feed; NULL: its source */
	const char *gap; /* why bytes are missing of which this tells; NULL:
			  * none are */
	bool of_frames;  /* made of these records of this spool */
	uint8_t spool[LOG_ID];
	uint64_t frames_first, frames_after;
	/* out */
	const char *found;  /* format, "" unknown */
	bool fresh;         /* false: it was there already */
	uint64_t taken;     /* segments and observations */
	uint64_t damaged;   /* faults */
	bool aside;         /* two parsers died of it */
	struct fault why;   /* the first of them */
};

/* Makes the ledger at the first time. */
MUST_USE bool intake_open(struct intake_role *, struct disk *,
	const char *mission, struct digest mission_sha256, struct instant now,
	struct fault *);
/* With a log that is open already, and stays the caller's. */
MUST_USE bool intake_open_on(struct intake_role *, struct disk *,
	struct ledger *, struct fault *);
/* The mission's log, made at the first time; for writing. */
MUST_USE bool intake_ledger(struct disk *, const char *mission,
	struct digest mission_sha256, struct instant now, struct ledger **,
	struct fault *);
MUST_USE bool intake_take(
	struct intake_role *, struct intake_file *, struct fault *);
/* Makes blobs of several files at once: each waits for the disk two to four
 * times.  To be given to intake_take() with the same bytes. */
MUST_USE bool intake_ahead(struct intake_role *,
	const struct bytes *, size_t count, struct blob *, struct fault *);
/* The type-1 entry, and a signed checkpoint. */
MUST_USE bool intake_commit(
	struct intake_role *, struct instant now, struct fault *);
/* Type-1 entries over what is not committed to yet of any spool. */
MUST_USE bool intake_commit_spool(struct spool *, struct ledger *,
	struct instant now, struct fault *);
void intake_close(struct intake_role *);

struct intake_note { /* what a JOURNAL_FILE record says */
	struct blob blob;
	const char *name, *source, *format;
	/* Custody; "" where it was not noted yet. */
	const char *how, *from, *by, *at, *level;
	const char *tool, *params; /* of what was made of kept frames */
	uint64_t frames_first, frames_after; /* 0: made of no frames */
	bool aside; /* parsers died of it: nobody reads it again */
};
MUST_USE bool intake_note_read(const struct journal_record *, struct arena *,
	struct intake_note *, struct fault *);

/* What a fault record says: "truce.fault/1". */
struct intake_fault {
	const char *blob; /* hex */
	const char *name, *source, *why;
	uint64_t offset, length;
};
MUST_USE bool intake_fault_write(
	const struct intake_fault *, struct text *, struct fault *);

#endif
