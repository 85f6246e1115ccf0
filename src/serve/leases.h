/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * leases.h - so that two do not do the same at a time: an incident or finding
 * is one person's for a quarter of an hour, renewed while they are at it.
 * Compare and set: of two who ask at once one gets it, the other hears who.
 *
 * A lease decides nothing.  All lie in one file of the mission, `leases`, which
 * servers and `truce review take` read and write under one lock, so that each
 * sees the other's; a line each:
 *
 *	ID PERSON ROLE ORG SINCE UNTIL
 *
 * Where that file cannot be written they lie in memory, as long as the server
 * runs. */
#ifndef SERVE_LEASES_H
#define SERVE_LEASES_H

#include <pthread.h>

#include "serve/session.h"

enum { LEASES = 4096, LEASE_S = 900 };

struct lease {
	char id[ID_TEXT]; /* "": free */
	struct office_person who;
	struct instant since, until;
};

struct leases {
	pthread_mutex_t lock;
	char path[4200]; /* of the file */
	struct lease one[LEASES];
};

/* Large: not for the stack. */
void leases_init(struct leases *, const char *folder);
void leases_done(struct leases *);

enum leased { LEASED_NEW, LEASED_AGAIN, LEASED_OTHERS, LEASED_FULL };
/* *out: who has it now. */
enum leased leases_take(struct leases *, const char *id,
	const struct office_person *, struct instant now, struct instant until,
	struct lease *out);
/* False: another has it, *out.  Nobody's: true. */
MUST_USE bool leases_give(struct leases *, const char *id,
	const struct office_person *, struct instant now, struct lease *out);
/* False: nobody has it. */
MUST_USE bool leases_holder(
	struct leases *, const char *id, struct instant now, struct lease *);
/* All that hold; how many.  out: LEASES of them. */
size_t leases_all(struct leases *, struct instant now, struct lease *out);
bool lease_is(const struct lease *, const struct office_person *);

/* 409 with who and until when. */
void lease_problem(const struct lease *, struct arena *,
	struct wire_response *);
/* As an object; mine: who asks. */
void lease_say(struct json *, const struct lease *, const struct asker *);
/* GET /api/v1/leases; POST, DELETE of /api/v1/leases/ID. */
void leases_answer(const struct api *, const struct wire_request *,
	const struct asker *, const char *id, struct arena *,
	struct wire_response *);

#endif
