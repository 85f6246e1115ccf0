/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pulse.h - the heartbeat of a log that is live: an entry of type 8 each
 * minute, which says what was cosigned last (docs/people.md, Heartbeats).
 *
 *	act = heartbeat, beat (0, 1, ...), next_s (the next one is due within
 *	so many seconds; 0: the last of this run), size and root of the
 *	checkpoint that was published last, note (SHA-256 of it, with its
 *	cosignatures)
 *
 * All bear one subject, so none can be left out of their chain.  A cosigned
 * note that one of them names must be there; a root must be the log's; and one
 * that was due and never came is said, with its number.
 *
 *	struct pulse p = {0};
 *	rule = pulse_take(&p, &x, &tree, f);     each entry, in order
 *	pulse_met(&p, &note);                    each cosigned note
 *	... p.seen.late, pulse_unmet(&p) */
#ifndef LEDGER_PULSE_H
#define LEDGER_PULSE_H

#include "ledger/people.h"

enum {
	PULSE_EVERY_S = 60, /* PROOF.md 4 */
	PULSE_SLACK_S = 60, /* a replay may be in its way */
	PULSE_MOST_S = 86400,
};

struct pulse_beat {
	uint64_t beat, index, next_s, size;
	struct instant clock;
	struct digest note;
	bool met; /* its note was seen */
};

struct pulse_seen { /* of those whose bodies are at hand */
	uint64_t beats, late; /* late: came later than was said */
	struct pulse_beat last, late_after; /* the one before the first such */
	struct instant late_until;          /* when that came */
	bool known; /* `last` is the last of all */
};

struct pulse {
	struct pulse_seen seen;
	struct pulse_beat *beat;
	size_t room;
	struct table notes; /* number of the last beat that names it */
};

void pulse_free(struct pulse *);
/* NULL, or the rule that an entry breaks: "heartbeat", and f says why, LIMIT
 * where memory was wanting. */
const char *pulse_take(struct pulse *, const struct people_entry *,
	const struct merkle_tree *, struct fault *);
/* A cosigned note as it is kept. */
void pulse_met(struct pulse *, struct bytes note);
/* The first heartbeat whose note was not seen; NULL: all were. */
const struct pulse_beat *pulse_unmet(const struct pulse *);
/* The next one was due before `now`, and is not there. */
bool pulse_missing(const struct pulse_seen *, struct instant now);

/* Appends the next one, if something was published yet.  Then the log is to be
 * signed. */
struct ledger;
MUST_USE bool pulse_beat(struct ledger *, struct disk *, struct instant now,
	uint64_t next_s, struct fault *);

#endif
