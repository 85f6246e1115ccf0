/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * packets.h - what came over the network, from its arrival to a file of the
 * mission.
 *
 * A group of records becomes a packet of the spool `live`, which is synced
 * before anybody is told "kept".  There it waits, not yet part of the mission.
 * packets_pack() makes files of all that waits and takes them in as any others
 * (intake.h): one of what is sound, by channel and time, and one for each
 * sender of what is damaged, so that the damage is not laid to others.  What
 * came by MQTT and is no sound record is a file of its own, of whatever sort;
 * so is a gap, of which it tells.  What is in files is then removed from the
 * spool.
 *
 * The state, spool/live/state, says how far that is: `done`, and `next` of the
 * cut that is being made.  It is written before the cut and after it, so a cut
 * that was interrupted is made again of the same packets, into the same bytes,
 * which the intake knows.  It also holds the last sequence number of each
 * subscription and the end of its samples, as the packets that said it are
 * gone.  What a server then passes over is kept as a gap (skips.h).
 *
 * One writer, `truce run`; whoever packs has the intake open, which is the
 * lock.  A packet's payload is "FEED\tENTRY\tSEQUENCE\n" and the records; what
 * is longer goes on in the next. */
#ifndef ROLES_PACKETS_H
#define ROLES_PACKETS_H

#include "roles/intake.h"

struct packet {
	const char *feed, *entry;
	uint64_t sequence;
	struct bytes bytes; /* whole records, or a file of any sort */
	struct instant received; /* out */
};

/* Of what was passed over: its feed begins so, its bytes say what. */
#define PACKETS_GAP "gap "
/* Of what its sender lost: a table of formats/gaps.c. */
#define PACKETS_LOST "lost "
/* Not of records alone. */
bool packets_mixed(const struct packet *);

struct packets_last { /* where a subscription is */
	struct packets_last *next;
	const char *feed, *entry;
	uint64_t sequence;
	struct instant end; /* of its samples; may be unknown */
};

struct packets {
	struct disk *disk;
	struct spool spool;
	bool open;
	uint64_t done, next; /* of the state */
	struct arena lasts;
	struct packets_last *last;
	/* What came and is not kept yet. */
	struct arena waiting;
	struct packet *packet;
	size_t count, room;
	struct journal_record *record;
	size_t records, record_room;
};

/* false, and *busy: another process receives. */
MUST_USE bool packets_open(
	struct packets *, struct disk *, bool *busy, struct fault *);
void packets_close(struct packets *);
/* Copied. */
MUST_USE bool packets_add(struct packets *, const struct packet *,
	struct instant now, struct fault *);
/* That so many bytes were passed over: kept in their place, without them. */
MUST_USE bool packets_gap(struct packets *, const struct packet *,
	uint64_t lost, struct instant now, struct fault *);
/* true: all that was added is durable; packet[0..count) stays until
 * packets_clear(). */
MUST_USE bool packets_keep(struct packets *, struct fault *);
void packets_clear(struct packets *);
/* The last sequence number that was kept; false: none. */
bool packets_resume(const struct packets *, const char *feed,
	const char *entry, uint64_t *sequence);

enum { PACKETS_CLIENT = 22 };
/* A name by which others know this mission's receiver, made once and kept, in
 * spool/live/client: "truce" and 16 hex digits. */
MUST_USE bool packets_client(
	struct packets *, char out[PACKETS_CLIENT], struct fault *);

struct packed {
	uint64_t packets, bytes, files, damaged;
};

/* Of a spool that another process writes, after packets_look(): packets from
 * `from` on and below `end`, `most` bytes or a little more, to packet[];
 * *after: where the next begins. */
MUST_USE bool packets_follow(struct packets *, uint64_t from, uint64_t end,
	size_t most, uint64_t *after, struct fault *);
/* Of a spool that may be open for reading only: packets below `end` to files,
 * taken in. */
MUST_USE bool packets_pack(struct packets *, struct intake_role *,
	uint64_t end, struct instant now, struct packed *, struct fault *);
/* Its steps: packets [done, *after) to packet[], `most` bytes or a little more,
 * the state written; then, when they are taken in, the state again. */
MUST_USE bool packets_cut(struct packets *, uint64_t end, size_t most,
	uint64_t *after, struct fault *);
MUST_USE bool packets_cut_done(struct packets *, struct fault *);
/* After packing by another process: what it did is known, and room is made,
 * but for what is needed still: all from `needed` on. */
MUST_USE bool packets_packed(struct packets *, uint64_t needed,
	struct fault *);
/* For packing beside the process that receives: the same spool, not locked. */
MUST_USE bool packets_look(
	struct packets *, struct disk *, struct fault *);

#endif
