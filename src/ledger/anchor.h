/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * anchor.h - time stamps of strangers over our checkpoints (PROOF.md 1): an
 * authority (stamp.h) that knows neither party saw this log no later than
 * then.
 *
 * A type-12 entry says which: `token_sha256` (a blob), `imprint` (SHA-256 of
 * the checkpoint's three lines), `size`, `authority`.  A token holds by one
 * authority alone; a log is anchored once two have stamped it, as one could be
 * talked into anything.
 *
 * To others both are shown: the body as disclosures/N.disclosure, the token as
 * stamps/N.tsr, by the entry's index. */
#ifndef LEDGER_ANCHOR_H
#define LEDGER_ANCHOR_H

#include "ledger/clocks.h"
#include "ledger/ledger.h"
#include "ledger/people.h"

enum { ANCHOR_AUTHORITIES = 64, ANCHOR_WANTED = 2, ANCHOR_PATH = 64 };

struct authorities { /* certificates (PEM) of those that are believed */
	struct bytes pem[ANCHOR_AUTHORITIES];
	size_t count;
};

struct anchor_word {
	uint64_t size; /* all below were there ... */
	struct instant at; /* ... no later than then */
	size_t by;     /* so many authorities */
};

struct anchor_seen {
	uint64_t tokens;
	uint64_t unknown; /* by no authority that is known here */
	uint64_t missing; /* entries more, whose body or token is not at hand */
	uint64_t gone;    /* the first with a body and no token; 0: none */
	/* Earlier than an entry under it says of itself, by more than
	 * CLOCKS_OFF_S: that clock was ahead, or the stamp is back-dated.  The
	 * entry of the first such stamp, its time, and that of the latest
	 * entry under it. */
	uint64_t early, first_early;
	struct instant stamped, stated;
	struct anchor_word said[ANCHOR_AUTHORITIES]; /* the largest of each */
};
/* The most that at least so many (1 or more) of them said: one's stamp over
 * more is not the others' word.  All 0: they did not. */
struct anchor_word anchor_said(const struct anchor_seen *, size_t least);

/* SHA-256 of the checkpoint's text. */
struct digest anchor_imprint(
	const char *origin, uint64_t size, const struct digest *root);
/* The authority whose stamp it is; count: of none. */
size_t anchor_by(const struct authorities *, struct bytes token,
	const struct digest *imprint, struct instant *at);

/* The body of an entry for a token over any checkpoint of this log, and its
 * subject; the token becomes a blob.  INPUT fault: over none of them, or by
 * nobody who is known. */
MUST_USE bool anchor_entry(const struct ledger *, struct disk *,
	const struct authorities *, struct bytes token, struct fields *body,
	struct ledger_item *, struct instant *at, struct fault *);

/* Where its token is shown: stamps/N.tsr. */
const char *anchor_path(uint64_t index, char out[ANCHOR_PATH]);

struct anchor_claim { /* an entry that was read */
	const struct people_entry *entry;
	const char *origin;
	const struct merkle_tree *tree; /* up to here at least, */
	const struct clocks *clocks;    /* and what entries say of their time */
	struct bytes token; /* at NULL: it is not at hand */
};
/* Its token as a mission keeps it; at NULL: no body says which.  One that has
 * bytes is to be given back with blobs_release().  A fault: it is not there, or
 * another. */
MUST_USE bool anchor_token(struct disk *, const struct people_entry *,
	struct bytes *token, struct fault *);
/* `known` NULL: nobody.  One whose body is not at hand, or not all of it, is
 * counted.  INPUT fault: its size is not below `index`, or has
 * another root, its token is another one, or over something else, or says that
 * it is by the key of somebody who is known, and does not hold by it. */
MUST_USE bool anchor_check(const struct anchor_claim *,
	const struct authorities *known, struct anchor_seen *, struct fault *);

#endif
