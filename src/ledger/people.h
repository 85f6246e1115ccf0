/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * people.h - who may append what, and who stands behind it (docs/people.md).
 *
 * Pure: entries are fed in order, nothing else is seen.  The writer asks
 * before it appends, the verifier after, by the same code; so what it refuses
 * is never written by us, and is found when somebody else wrote it.  Each
 * entry costs a few look-ups in a table, however long the log; a word that
 * is withheld, one step for each item of its subject that came since the last
 * such word on it, and for all of them once after each revocation.
 *
 *	struct people p = {0};
 *	struct people_entry x = {index, &entry, &leaf, body};
 *	if (!people_may(&p, &x, f) ||         key, role, flags
 *		...chain of the subject...
 *		!people_take(&p, &x, f))      body, proof, self
 *		... p.rule, f->text ...       p is as it was before
 *
 * An entry P that wants it is *reviewed* once two different persons stand
 * behind the same subject and body root: its author unless it is the engine,
 * and authors of entries C (type 4 with P's subject and body root).  A key
 * that is revoked as of T takes back what it signed after T, unless somebody
 * else confirms anew; so the state is worked out when it is asked for. */
#ifndef LEDGER_PEOPLE_H
#define LEDGER_PEOPLE_H

#include "ledger/entry.h"
#include "ledger/genesis.h"
#include "ledger/merkle.h"
#include "ledger/note.h"
#include "ledger/table.h"

enum { PEOPLE_KEY_DAYS = 90 };

enum people_role {
	PEOPLE_ENGINE,
	PEOPLE_ANALYST,
	PEOPLE_REVIEWER,
	PEOPLE_CHIEF,
	PEOPLE_LIAISON, /* org is the party */
	PEOPLE_GUARANTOR,
	PEOPLE_REPORTER,
	PEOPLE_AUDITOR,
	PEOPLE_ROOT,
	PEOPLE_SENSOR, /* signs frames, no entry; org is the host party */
	PEOPLE_ROLES
};

struct people_key {
	uint8_t key[SIGN_KEY], person[PERSON_LEN];
	char org[ORG_MAX + 1], sensor[ORG_MAX + 1];
	enum people_role role;
	struct instant not_before, not_after;
	/* Good for entries from + 1 .. until.  from UINT64_MAX: not yet. */
	uint64_t from, until;
	/* At this index, of several that of the earliest time; UINT64_MAX:
	 * not. */
	uint64_t revoked;
	struct instant since; /* what it signed later is in doubt */
	uint32_t before; /* 1 + number of the sensor's key before it */
};

enum people_state {
	PEOPLE_AUTOMATIC, /* of the engine, nobody behind it */
	PEOPLE_PROPOSED,
	PEOPLE_REVIEWED,
	PEOPLE_PUBLISHED,
	PEOPLE_REJECTED,
	PEOPLE_UNDECIDED, /* a body that could tell is not at hand */
};

struct people_item { /* an entry that can be confirmed */
	uint64_t index, target; /* of a type 9: what it is about */
	uint64_t complete;      /* since this index; UINT64_MAX */
	/* 1 + number of the item before it of its subject; index of the last
	 * withheld word that it was held against. */
	uint64_t older, asked;
	uint8_t subject[ENTRY_SUBJECT];
	struct instant clock;
	uint32_t author;    /* 1 + number of its key; 0: not known */
	uint32_t behind;    /* 1 + number of the last of them */
	uint32_t publisher; /* 1 + number of the last item publishing it */
	uint32_t next;      /* likewise, the one before this one */
	uint32_t event;     /* of a type 7: 1 + its number */
	uint32_t holder;    /* 1 + number of the key that leases it */
	struct instant held; /* until then */
	uint8_t type, act;
	bool by_engine, dead, dark, lifted;
};

struct people_entry {
	uint64_t index;
	const struct entry *entry;
	const struct digest *leaf;
	const struct fields *body; /* NULL: not at hand */
	bool withheld;             /* some of its fields */
};

struct people_log { /* a key of the log: it signs checkpoints */
	uint8_t key[SIGN_KEY];
	uint64_t from, to; /* of so many entries */
};

struct people { /* zeroed: before entry 0 */
	const char *rule; /* of the last refusal */
	struct genesis genesis;
	bool two_orgs, blind; /* blind: the body of a key event is missing */
	/* Index of the last entry, and of the last revocation. */
	uint64_t threshold, latest, taken_back;
	struct digest policy;  /* in force */
	struct people_log *log; /* entry 0's first */
	struct people_key *key;
	struct people_item *item;
	struct people_behind *behind;
	struct people_event *event;
	struct people_owed *owed; /* owed.h */
	struct people_step *step;
	size_t owes, steps, owed_room, step_room;
	size_t keys, items, behinds, events, logs;
	size_t key_room, item_room, behind_room, event_room, log_room;
	struct table by_id, by_root, by_leaf, by_subject, erased, by_sensor;
	struct table by_owed; /* subjects and leaves of obligations */
};

void people_free(struct people *);

/* NULL: nobody's.  Then `author` is the rule, unless p->blind. */
const struct people_key *people_author(
	const struct people *, const uint8_t id[ENTRY_KEY_ID]);
/* Key, role, flags.  INPUT fault, and p->rule. */
MUST_USE bool people_may(
	struct people *, const struct people_entry *, struct fault *);
/* Takes it in; `leaf_at` says the leaf of an earlier entry. */
MUST_USE bool people_take(struct people *, const struct people_entry *,
	const struct merkle_tree *, struct fault *);

/* The item that an entry of type 4 confirms; NULL: it has a body of its
 * own. */
const struct people_item *people_confirmed(
	const struct people *, const struct entry *);
/* By index or leaf; NULL: of a type that nobody confirms. */
const struct people_item *people_item_at(const struct people *, uint64_t);
const struct people_item *people_item_of(
	const struct people *, const struct digest *leaf);
enum people_state people_state(
	const struct people *, const struct people_item *);
/* The clock of the entry by which it was complete; INSTANT_UNKNOWN: it never
 * was. */
struct instant people_completed(
	const struct people *, const struct people_item *);
/* It is a person's version of an incident. */
bool people_versions(const struct people_item *);
/* Who holds it at `now`; NULL: nobody. */
const struct people_key *people_holder(
	const struct people *, const struct people_item *, struct instant now);
/* Its erasure is complete. */
bool people_erased(const struct people *, uint64_t index);

/* The key that signs a sensor's frames at entry `index`, time `at`. */
const struct people_key *people_sensor(const struct people *,
	struct bytes sensor, uint64_t index, struct instant at);
/* The log's own key, whose word a checkpoint of so many entries is; NULL:
 * nobody's (the key before had handed over, the next one did not count yet),
 * or entry 0 is not at hand. */
const uint8_t *people_log_key(const struct people *, uint64_t size);
/* A note of this log, signed by the key whose word it is; *by may be NULL. */
MUST_USE bool people_note(const struct people *, struct bytes note,
	struct checkpoint *, struct note_key *by, struct fault *);
/* By public key; NULL: none, or it does not count yet. */
const struct people_key *people_key(
	const struct people *, const uint8_t key[SIGN_KEY]);
bool people_key_good(const struct people_key *, uint64_t index,
	struct instant clock);

struct people_counts {
	uint64_t keys, persons, sensors; /* neither replaced nor revoked */
	uint64_t proposed, reviewed, published, rejected, undecided, erased;
	uint64_t amended; /* of those reviewed: people's versions */
};
/* Of types 0, 2, 3, 5, 9, 10, 15. */
struct people_counts people_count(const struct people *);

const char *people_role_name(enum people_role);
bool people_role_named(struct bytes, enum people_role *);
const char *people_state_name(enum people_state);
/* What a new key signs at its enrolment. */
void people_proof(const char *origin, const struct fields *, struct text *);

#endif
