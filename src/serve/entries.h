/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * entries.h - what a person decides, signed in the page (docs/api.md):
 *
 *	POST /api/v1/entries/draft   the act; back: what is to be signed
 *	POST /api/v1/entries         the signatures; back: where it stands
 *
 * A draft is kept for a few minutes, since its salts must be the same when the
 * signature comes; it is of one person, and nobody else can use it.  Sent
 * twice, an entry is logged once. */
#ifndef SERVE_ENTRIES_H
#define SERVE_ENTRIES_H

#include <pthread.h>

#include "serve/session.h"

enum {
	DRAFTS = 128,
	DRAFT_S = 240, /* an author's clock is good for 300 s (PROOF.md 8) */
	DRAFT_TEXT = 12288,
	DRAFT_NAME = 33, /* 32 hex digits */
	ENTRIES_BYTES = 64 << 10, /* the longest body of a request */
};

struct drafted {
	char name[DRAFT_NAME]; /* "": free */
	uint8_t person[PERSON_LEN];
	struct instant until;
	struct office_act act; /* its strings lie in `text` */
	char text[DRAFT_TEXT];
	struct office_entry entry[OFFICE_ENTRIES];
	size_t count;
	bool busy, logged;
	struct office_done done; /* once logged */
};

struct drafts {
	pthread_mutex_t lock;
	struct drafted one[DRAFTS];
};

void drafts_init(struct drafts *);
void drafts_done(struct drafts *);
/* what: "draft" or "". */
void entries_answer(const struct api *, const struct wire_request *,
	const struct asker *, struct bytes what, struct arena *,
	struct wire_response *);

#endif
