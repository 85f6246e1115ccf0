/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * office.h - what persons do, as the porch offers it to the API: who a key
 * belongs to, an act drafted, an act appended.  It is the code of `truce
 * review`, and the log's verifier says who may (ledger/people.h); nothing here
 * decides that anew.
 *
 * A draft is what its author signs where their key is: the entry but for its
 * signature.  The secret of a body stays in the house; its salts are shown,
 * since who signs must see what (PROOF.md 3). */
#ifndef SERVE_OFFICE_H
#define SERVE_OFFICE_H

#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/sign.h"
#include "model/id.h"

enum { OFFICE_ENTRIES = 32, OFFICE_WORDS = 16 };

struct office_person {
	uint8_t key[SIGN_KEY], person[PERSON_LEN];
	char org[ORG_MAX + 1];
	enum people_role role;
	struct instant not_after; /* of the key */
};

struct office_act { /* cmd/acts.h has the words */
	const char *does, *of, *why;
	char *word[OFFICE_WORDS];
	int words;
	uint8_t key[SIGN_KEY];
	struct instant clock; /* whole milliseconds */
};

struct office_entry {
	struct ledger_draft draft;
	uint64_t about;  /* the entry it is about; UINT64_MAX: none */
	char id[ID_TEXT]; /* record that it is about; "" none */
	/* Of a draft: the body that is signed, `!` first, and its secret.
	 * Empty: it is not at hand, and nobody should sign it. */
	struct bytes plain;
	uint8_t secret[32];
	/* Once appended. */
	uint64_t index;
	struct digest leaf;
	bool fresh;
	char state[16]; /* of what it is about */
};

struct office_done {
	uint64_t changed, size; /* findings that followed; entries of the log */
	bool indexed; /* false: the index hears of it later */
};

struct office_showing { /* one entry, as a file that proves itself */
	const char *of, *why;
	bool parties; /* what the parties may see of it, and no more */
	uint8_t person[PERSON_LEN];
	struct instant clock;
};

struct office {
	void *self;
	/* The log's origin; INPUT fault: there is no log yet. */
	bool (*origin)(void *self, char out[SIGN_NAME_MAX + 1],
		struct fault *);
	/* INPUT fault: nobody's key, or not good now. */
	bool (*person)(void *self, const uint8_t key[SIGN_KEY],
		struct instant now, struct office_person *, struct fault *);
	/* INPUT fault: "refused: RULE: why", or what is wrong with the act. */
	bool (*draft)(void *self, const struct office_act *, struct arena *,
		struct office_entry *, size_t *count, struct fault *);
	/* The same act, each entry's draft with its signature.  True: durable,
	 * whatever else could not be done. */
	bool (*append)(void *self, const struct office_act *,
		struct office_entry *, size_t count, struct office_done *,
		struct fault *);
	/* Its `.disclosure` (ledger/proof.h), once the log says who is shown
	 * what.  INPUT fault: "refused: why", or there is none. */
	bool (*show)(void *self, const struct office_showing *, struct text *,
		uint64_t *index, struct fault *);
};

#endif
