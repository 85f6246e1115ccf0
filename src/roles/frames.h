/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frames.h - signed frames of sensors, from their arrival to files of the
 * mission.
 *
 * Each is held against its sensor's key and chain (ledger/chain.h) and kept as
 * it is, a record of the spool `frames`; what is refused is kept as a blob,
 * with a fault record.  frames_commit() makes type-1 entries of them;
 * frames_pack() gives what they carry to the intake: of miniSEED one file for
 * all frames that came since the last time, by sensor, boot and sequence, and
 * of other kinds a file each.  The file's note says which records it was made
 * of, so a crash between makes it again of the same.
 *
 * One writer holds the spool: `truce run`, or whoever takes files in. */
#ifndef ROLES_FRAMES_H
#define ROLES_FRAMES_H

#include "ledger/chain.h"
#include "ledger/chain_ack.h"
#include "model/mission.h"
#include "roles/intake.h"

enum { FRAMES_RECENT = 1 << 17 };

struct frames_sensor { /* of sensors.csv, with its public_key */
	uint8_t id[FRAME_SENSOR];
	uint8_t key[SIGN_KEY];
	bool keyed;
	const struct source *source;
};

struct frames_sensors {
	struct frames_sensor *sensor; /* by id */
	size_t count;
};
MUST_USE bool frames_sensors(const struct mission *, struct arena *,
	struct frames_sensors *, struct fault *);
/* NULL: no source of the mission. */
const struct frames_sensor *frames_sensor(
	const struct frames_sensors *, const uint8_t id[FRAME_SENSOR]);
/* What sensors.csv says of keys. */
struct chain_keys frames_keys(struct frames_sensors *);

struct frames {
	struct disk *disk;
	struct spool spool;
	bool open;
	const struct ledger *ledger; /* whose directory has keys; or NULL */
	struct frames_sensors sensors;
	struct chain_keys keys;
	struct arena memory; /* sensors, chains */
	struct arena marks;  /* a byte a record: enum chain_verdict */
	struct arena waiting;
	struct chains chains;
	struct journal_record *record; /* not kept yet */
	size_t records, room;
	/* The last ones that were kept here, without their payloads: by
	 * sequence, from `recents` on. */
	struct journal_record *recent;
	uint64_t recents;
	uint64_t count[CHAIN_VERDICTS]; /* since it was opened */
	/* What is refused is kept so far: so many a second. */
	struct instant spared;
	uint64_t unkept; /* refused, and only counted */
};

/* Has the mission a sensor with a key, or kept frames already? */
MUST_USE bool frames_wanted(struct disk *, const struct mission *,
	const struct ledger *, bool *wanted, struct fault *);
/* false, and *busy: another process receives.  `ledger` says how many records
 * of the spool it has committed to, and which keys are enrolled; it stays the
 * caller's. */
MUST_USE bool frames_open(struct frames *, struct disk *,
	const struct mission *, const struct ledger *, bool *busy,
	struct fault *);
void frames_close(struct frames *);

/* One frame; the record, if it is kept, waits for frames_keep(). */
MUST_USE bool frames_take(struct frames *, struct bytes, struct instant now,
	unsigned record_flags, struct chain_arrival *, struct fault *);
/* true: all that was taken is durable; record[0..records) stays until
 * frames_clear(). */
MUST_USE bool frames_keep(struct frames *, struct fault *);
void frames_clear(struct frames *);

/* The spool, for who wants headers alone: recent ones are not read again from
 * the disk, and have no payload but its length. */
struct journal frames_headers(struct frames *);

struct frames_file { /* a run of frames from elsewhere */
	const char *name;
	struct bytes bytes;
	struct instant now;
	uint64_t count[CHAIN_VERDICTS]; /* out */
	struct fault why;               /* out: of the first refused */
};
/* Taken and kept. */
MUST_USE bool frames_take_file(
	struct frames *, struct frames_file *, struct fault *);

/* Type-1 entries over all records. */
MUST_USE bool frames_commit(struct frames *, struct ledger *,
	struct instant now, struct fault *);
/* What they carry, into files of the mission; *files: how many. */
MUST_USE bool frames_pack(struct frames *, struct intake_role *,
	struct instant now, uint64_t *files, struct fault *);

#endif
