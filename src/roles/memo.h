/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * memo.h - what a replay need not do again: results in the index, each under
 * the SHA-256 of all that it was made of.
 *
 * A key holds the program and its libraries, by their build ids, the mission as
 * it was loaded, and what its user adds.  What is stale is therefore simply not
 * found; what is damaged, or lies under another's key, neither.  A value may
 * be anything that this very program can read again, structs as they are.  What
 * no replay asked for that came to its end is removed by that end.
 *
 * It lies in index.db and can be deleted at any time.  `truce audit
 * --recompute` begins without an index, so it never finds anything here. */
#ifndef ROLES_MEMO_H
#define ROLES_MEMO_H

#include "model/mission.h"
#include "store/store.h"

/* Of all values of one replay: beyond it nothing is remembered. */
#define MEMO_BYTES ((uint64_t)1 << 30)

struct memo {
	struct store *store;
	struct sha256 base;  /* program and mission */
	struct arena *arena; /* lives as long as the replay */
	const char **name;   /* that values point to */
	size_t names, name_room;
	uint64_t bytes; /* that were found or put */
	bool off;       /* of a program that does not know what it is */
};

/* Between begin() and commit() of the store, as all that follow. */
MUST_USE bool memo_open(struct memo *, struct store *, const struct mission *,
	struct arena *, struct fault *);
/* The beginning of a key; `what` is of its user alone. */
struct sha256 memo_key(const struct memo *, const char *what);
/* Texts with their ends, so that two never read as one. */
void memo_text(struct sha256 *, const char *);
void memo_number(struct sha256 *, uint64_t);
void memo_real(struct sha256 *, double);
/* value->at NULL: it is not there; else in the arena. */
MUST_USE bool memo_get(struct memo *, const struct digest *key, struct arena *,
	struct bytes *value, struct fault *);
MUST_USE bool memo_put(struct memo *, const struct digest *key,
	struct bytes value, struct fault *);
/* A name that outlives the value. */
MUST_USE bool memo_name(
	struct memo *, const char *text, const char **name, struct fault *);
/* At the end of a replay: what it did not ask for goes. */
MUST_USE bool memo_sweep(struct memo *, struct fault *);

#endif
