/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cosigner.h - a witness with a memory: a folder with its key and, for each
 * log that it watches, what it saw last (PROOF.md 8).
 *
 *	FOLDER/key           "PRIVATE+KEY+name+id+base64", 0600
 *	FOLDER/vkey          "name+id+base64", for policies
 *	FOLDER/logs/<hex>    the log's key LF size, root LF the note; named by
 *	                     SHA-256(origin)[0..7].  Where another key was
 *	                     accepted since: both keys, the new one first
 *
 * What it saw is replaced and synced before a cosignature leaves, so that
 * whenever it dies it never cosigns two histories of one log.  A state that
 * cannot be read stops it: to begin anew from nothing would be to forget.
 * One process at a time (a lock); one request at a time. */
#ifndef LEDGER_COSIGNER_H
#define LEDGER_COSIGNER_H

#include "base/disk.h"
#include "ledger/witness.h"

enum {
	COSIGNER_LOGS = 64,
	COSIGNER_FOLDER = 64,
	COSIGNER_REPLY = 512,
	COSIGNER_ID = 17, /* of a log: 16 hex digits */
};

struct cosigner {
	struct disk *disk;
	char folder[COSIGNER_FOLDER];
	struct sign_key key;
	size_t logs;
	struct witness_log log[COSIGNER_LOGS];
	int lock;
	bool writable;
};

struct cosigned {
	int status; /* as witness.h; 500: it could not be kept, why says */
	const char *type;
	char text[COSIGNER_REPLY];
	struct fault why;
};

/* The key, made under this name where there is none; `key`: its public one. */
MUST_USE bool cosigner_make(struct disk *, const char *folder,
	const char *name, struct note_key *key, struct fault *);
/* writable: takes the lock.  Reading needs no key. */
MUST_USE bool cosigner_open(struct cosigner *, struct disk *,
	const char *folder, bool writable, struct fault *);
void cosigner_close(struct cosigner *);
/* Watches a log from nothing on; one that it watches is left alone. */
MUST_USE bool cosigner_add(
	struct cosigner *, const struct note_key *log, struct fault *);
/* From now on by another key, of the same name: its operator changed, as the
 * log itself says, which whoever runs the witness has looked at.  What was
 * seen stays. */
MUST_USE bool cosigner_accept(
	struct cosigner *, const struct note_key *log, struct fault *);
void cosigner_answer(struct cosigner *, struct bytes request, uint64_t now_s,
	struct cosigned *);
/* The last note of a log, by its id; *n 0: never seen. */
MUST_USE bool cosigner_note(struct cosigner *, const char *id, uint8_t *out,
	size_t size, size_t *n, struct fault *);
void cosigner_id(const char *origin, char out[COSIGNER_ID]);

#endif
