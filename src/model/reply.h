/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reply.h - the parties' right of reply.  A finding, or a version of an
 * incident, is laid before the parties when two persons stand behind it; from
 * then on they have the mission's hours (mission.yaml: reply_h).  No word of
 * theirs is a veto and none is refused: what comes later is kept, and is late.
 * Until the time is over nothing is published, unless the chief says why it
 * cannot wait.
 *
 * None of this is in the record: it follows from entries of the log, their
 * clocks, and those hours. */
#ifndef MODEL_REPLY_H
#define MODEL_REPLY_H

#include "base/json.h"
#include "model/mission.h"

struct reply {
	const char *party, *says;
	struct instant at;
	uint64_t entry, of; /* of: the version that it speaks of */
};

struct replies { /* to one record; zeroed: nothing is known */
	int64_t of;  /* entry of the version that was laid before them */
	struct instant opened, until; /* INSTANT_UNKNOWN: not laid yet */
	const struct reply *reply; /* to all versions, as they came */
	size_t count;
	struct instant early; /* published then, before its time was over; */
	const char *why;      /* for this reason; NULL: it was not */
};

enum reply_state {
	REPLY_OPEN,    /* it said nothing yet, and has time */
	REPLY_REPLIED, /* to this version, in time */
	REPLY_LAPSED,  /* its time is over, and it said nothing until then */
};

bool replies_laid(const struct replies *);
bool replies_open(const struct replies *, struct instant now);
bool reply_late(const struct replies *, const struct reply *);
/* Of one that was laid before them. */
enum reply_state reply_state(
	const struct replies *, const char *party, struct instant now);
const char *reply_state_name(enum reply_state);
/* The end of the time that begins at `opened`. */
struct instant reply_until(const struct mission *, struct instant opened);
/* The object `reply` of docs/schema/common.json. */
void replies_say(const struct replies *, const struct mission *,
	struct instant now, struct json *);

#endif
