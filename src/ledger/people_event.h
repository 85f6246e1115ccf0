/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * people_event.h - key events (type 7) read and applied; between people.c,
 * people_event.c and people_ask.c only. */
#ifndef LEDGER_PEOPLE_EVENT_H
#define LEDGER_PEOPLE_EVENT_H

#include "ledger/people.h"

enum people_act {
	PEOPLE_PUBLISH = 1, PEOPLE_LIFT, PEOPLE_ERASE, /* of type 9 */
	PEOPLE_ENROL, PEOPLE_REVOKE, PEOPLE_SENSOR_KEY, PEOPLE_POLICY,
	PEOPLE_LOG, PEOPLE_ROOTS,
	PEOPLE_VERSION, /* a person's type 2 */
};

struct people_behind { /* one who stands behind an item */
	uint32_t key, before; /* before: 1 + number of the one before */
	uint64_t index;
	struct instant clock;
	bool author;
};

struct people_event {
	uint32_t key, replaces; /* 1 + number: added or revoked; replaced */
	struct instant since;
	struct digest policy;
	uint8_t log[SIGN_KEY]; /* a new key of the log, */
	uint64_t last;         /* the entries under the old one's last note, */
	size_t before;         /* and how many keys there were before */
	size_t roots;
	uint32_t root[ROOTS_MAX]; /* numbers of keys */
	uint64_t threshold;
};

/* All refuse with a rule. */
bool people_refuse(struct people *, const char *rule, const char *why,
	struct fault *);
/* One more of `size` bytes fits into the list whose pointer is at `list`. */
MUST_USE bool people_room(void *list, size_t used, size_t *room, size_t size,
	struct fault *);
/* A text field; false: none, or too long. */
bool people_text(const struct fields *, const char *name, char *out,
	size_t size);
/* Texts that an act needs; *hidden: one of them is withheld, and it is not a
 * reason, which decides nothing. */
bool people_texts(const struct people_entry *, const char *const *names,
	bool *hidden);
/* Whoever has the id of this key, counting or not. */
struct people_key *people_taken(struct people *, const uint8_t key[SIGN_KEY]);
/* A key as *like says, that does not count yet. */
struct people_key *people_add(
	struct people *, const struct people_key *like, struct fault *);

MUST_USE bool people_begin(
	struct people *, const struct people_entry *, struct fault *);
/* Of a person's type 2: what it was made of, and why. */
MUST_USE bool people_version(struct people *, const struct people_entry *,
	struct people_item *, struct fault *);
MUST_USE bool people_event_read(struct people *, const struct people_entry *,
	struct people_item *, const struct merkle_tree *, struct fault *);
/* Do enough stand behind it? */
bool people_event_done(const struct people *, const struct people_item *);
MUST_USE bool people_event_apply(struct people *, const struct people_item *,
	uint64_t index, struct fault *);

#endif
