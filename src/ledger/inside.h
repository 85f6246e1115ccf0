/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inside.h - what the files of the log share, and nobody else sees: ledger.c
 * appends and reads, signing.c signs and publishes. */
#ifndef LEDGER_INSIDE_H
#define LEDGER_INSIDE_H

#include "base/log.h"
#include "ledger/body_write.h"
#include "ledger/foreign.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/quorum.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/table.h"

enum {
	LEDGER_VKEY = SIGN_NAME_MAX + 64,
	LEDGER_GROUP = 512, /* entries a sync (PROOF.md 8) */
};

/* Entries that are synced together, while the next ones are made. */
struct ledger_group {
	struct journal_record record[LEDGER_GROUP];
	uint8_t secret[LEDGER_GROUP][BODY_SECRET];
	size_t n, secrets; /* entries; secrets that are drawn */
	struct arena payload;
};

struct ledger {
	struct disk *disk;
	bool writable, dead, refused;
	bool copy; /* imported, and its keys are elsewhere */
	bool waits; /* imported, with keys that do not count yet */
	struct log log;
	struct secrets secrets;
	struct sign_key engine, signer;
	uint8_t engine_id[ENTRY_KEY_ID]; /* while something is appended */
	uint8_t signer_key[SIGN_KEY];
	char vkey[LEDGER_VKEY], origin[SIGN_NAME_MAX + 1];
	struct merkle_tree tree;
	uint64_t size; /* acknowledged */
	struct table content, head, intake;
	struct people people;
	const struct ledger_writer *writer; /* NULL: this process */
	uint64_t erased; /* complete erasures that are done */
	uint64_t torn;   /* 1 + entry whose slot a crash left half erased */
	size_t events; /* of people's items: so many were looked at for those
			* that are published */
	uint64_t *anchor; /* entries of type 12; so many are published */
	size_t anchors, anchor_room, anchors_shown;
	struct merkle back; /* leaves as read back from the disk */
	struct quorum quorum;
	bool compared; /* enough witnesses know this history */
	char held[240]; /* why nothing is signed, or published */
	int64_t off_s; /* this machine's clock: nothing is logged, as `held`
			* says; 0: it is right, or nobody knows */
	size_t off_by; /* by so many witnesses */
	struct ledger_group group[2];
	struct arena fields; /* one body read */
	uint8_t plain[BODY_MAX], secret[BODY_SECRET]; /* of it */
	struct disclosure shown;   /* of one that was imported */
	uint8_t again[BODY_MAX];   /* its plain text, if all is open */
};

/* Takes an entry into tree and tables; `subject`: table_subject() of it;
 * `content`: what ledger_content() or ledger_confirmed() makes of it, or NULL.
 * Refused: nothing is changed. */
MUST_USE bool ledger_note(struct ledger *, const struct ledger_entry *,
	const struct digest *subject, const struct digest *content,
	struct fault *);
/* ledger_head() by table_subject(). */
bool ledger_head_of(const struct ledger *, const struct digest *subject,
	uint64_t *index, struct digest *leaf);
/* By which a repetition is known.  Of an entry with a body; author: NULL for
 * the engine's, whose key may change. */
struct digest ledger_content(uint8_t type,
	const uint8_t subject[ENTRY_SUBJECT], struct bytes plain,
	const uint8_t *author);
/* Of one that confirms another's. */
struct digest ledger_confirmed(const struct entry *);
/* Destroys what is to be erased; the erasure is in the log. */
MUST_USE bool ledger_erase(struct ledger *, struct fault *);
/* Room for what is appended. */
MUST_USE bool ledger_groups(struct ledger *, struct fault *);

/* The key of a file; made under that name where there is none. */
MUST_USE bool signing_key(struct disk *, const char *path, const char *name,
	struct sign_key *, struct fault *);
/* Engine and log key, which must be those that the log names. */
MUST_USE bool signing_keys(struct ledger *, struct fault *);
/* HEAD of entry 0 alone, if a crash left it without. */
MUST_USE bool signing_begin(struct ledger *, struct fault *);
/* Entry 0, all of it open: it says whose log it is.  Made where missing. */
#define SIGNING_FIRST "ledger/pub/disclosures/000.disclosure"
MUST_USE bool signing_first(struct ledger *, struct fault *);
/* Witnesses, by the policy in force. */
MUST_USE bool signing_quorum(struct ledger *, struct fault *);
/* The journal must hold what was signed (HEAD). */
MUST_USE bool signing_check(struct ledger *, struct fault *);

#endif
