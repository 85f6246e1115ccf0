/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * desk.h - what key, review and disclose share: a person's key, a mission's
 * log opened to be written, the entry that an id means. */
#ifndef CMD_DESK_H
#define CMD_DESK_H

#include "cmd/load.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "roles/turn.h"
#include "spool/files.h"

struct desk {
	const char *folder;
	struct files files;
	struct ledger *ledger;
	struct turn turn;
	const struct people *people;
	struct arena arena;
	struct instant now; /* cut to ms, as entries are */
	bool versions; /* what is appended decides which version of an incident
			* stands, or that none does */
	bool logged;   /* the log has it, whatever a fault says */
	uint64_t changed; /* findings that followed from that */
};

/* A key file; one that others than its owner can read is refused. */
MUST_USE bool desk_key(const char *path, struct sign_key *, struct fault *);
/* A new one; what is there already is left alone. */
MUST_USE bool desk_key_new(
	const char *path, const char *name, struct sign_key *, struct fault *);

MUST_USE bool desk_open(struct desk *, const char *folder, struct fault *);
/* To read and draft only: beside whoever writes. */
MUST_USE bool desk_look(struct desk *, const char *folder, struct fault *);
void desk_close(struct desk *);
/* By index, or the id of an incident or finding, or its end: its newest
 * version. */
MUST_USE bool desk_find(struct desk *, const char *id, uint64_t *index,
	struct fault *);
MUST_USE bool desk_item(struct desk *, const char *id,
	const struct people_item **, struct fault *);
/* Is it sealed, and have no two persons lifted that? */
bool desk_sealed(const struct desk *, uint64_t index);
/* The entry itself. */
MUST_USE bool desk_entry(
	struct desk *, uint64_t index, struct entry *, struct fault *);
/* The index learns what was appended while a replay of `truce run` had it. */
MUST_USE bool desk_tell(const char *folder, struct fault *);
/* Appends one, signs the log, tells the index.  *item as ledger.h says. */
MUST_USE bool desk_append(
	struct desk *, struct ledger_item *, struct fault *);
/* Several at once: all or none. */
MUST_USE bool desk_append_all(
	struct desk *, struct ledger_item *, size_t count, struct fault *);
/* "analyst of mission, person 6f0c..." */
void desk_say_key(const struct people_key *);
void desk_hex(struct fields *, const char *name, const void *, size_t n);

#endif
