/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inside.h - what the files of the log share, and nobody else sees: ledger.c
 * appends and reads, signing.c signs and publishes. */
#ifndef LEDGER_INSIDE_H
#define LEDGER_INSIDE_H

#include "base/log.h"
#include "ledger/body.h"
#include "ledger/foreign.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/quorum.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/table.h"

enum { LEDGER_VKEY = SIGN_NAME_MAX + 64 };

struct ledger {
	struct disk *disk;
	bool writable, dead, refused;
	bool copy; /* imported, and its keys are elsewhere */
	struct log log;
	struct secrets secrets;
	struct sign_key engine, signer;
	uint8_t signer_key[SIGN_KEY];
	char vkey[LEDGER_VKEY], origin[SIGN_NAME_MAX + 1];
	struct merkle_tree tree;
	uint64_t size; /* acknowledged */
	struct table content, head, intake;
	struct people people;
	const struct ledger_writer *writer; /* NULL: this process */
	uint64_t erased; /* complete erasures that are done */
	uint64_t torn;   /* 1 + entry whose slot a crash left half erased */
	struct merkle back; /* leaves as read back from the disk */
	struct quorum quorum;
	bool compared; /* enough witnesses know this history */
	char held[240]; /* why nothing is signed, or published */
	struct arena group;  /* payloads of one append */
	struct arena fields; /* one body read */
	uint8_t plain[BODY_MAX], secret[BODY_SECRET]; /* of it */
	struct disclosure shown;   /* of one that was imported */
	uint8_t again[BODY_MAX];   /* its plain text, if all is open */
};

/* The key of a file; made under that name where there is none. */
MUST_USE bool signing_key(struct disk *, const char *path, const char *name,
	struct sign_key *, struct fault *);
/* Engine and log key, which must be those that the log names. */
MUST_USE bool signing_keys(struct ledger *, struct fault *);
/* Witnesses, by the policy in force. */
MUST_USE bool signing_quorum(struct ledger *, struct fault *);
/* The journal must hold what was signed (HEAD). */
MUST_USE bool signing_check(struct ledger *, struct fault *);

#endif
