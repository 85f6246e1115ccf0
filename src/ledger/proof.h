/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * proof.h - what one file proves by itself.
 *
 * `.tlog-proof` (C2SP tlog-proof): an index, the path from the entry's leaf to
 * a root, and the signed checkpoint that has this root.
 * `.disclosure` (PROOF.md 3): the entry, each field of its body in order,
 * open (salt, name, value) or shut (its leaf hash), an empty line, the entry's
 * `.tlog-proof`.  Who has it needs nothing else, and sees what is withheld.
 *
 *	truce.disclosure/1
 *	entry BASE64
 *	open SALT NAME VALUE       base64; VALUE may be empty
 *	shut HASH
 */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "ledger/body.h"
#include "ledger/merkle.h"
#include "ledger/note.h"

#define PROOF_TITLE "c2sp.org/tlog-proof@v1"
#define DISCLOSURE_TITLE "truce.disclosure/1"

enum { PROOF_FIELDS = FIELDS_MAX };

struct proof { /* views into what was read */
	uint64_t index;
	struct merkle_path path;
	struct bytes note; /* the checkpoint as it stands */
};

MUST_USE bool proof_read(struct bytes, struct proof *, struct fault *);
void proof_print(const struct proof *, struct text *);
/* The checkpoint that `leaf` is proved to lie under.  `key` NULL: taken as it
 * stands, so only the path is proved. */
MUST_USE bool proof_holds(const struct proof *, const struct digest *leaf,
	const struct note_key *key, struct checkpoint *, struct fault *);

struct shown { /* a field */
	bool open;
	uint8_t salt[BODY_SALT];
	struct bytes name, value; /* when open */
	struct digest leaf;
};

struct disclosure {
	uint8_t raw[ENTRY_LEN];
	struct entry entry;
	struct digest leaf;
	size_t count, withheld;
	bool named; /* field `!` is open: no name is there twice */
	struct shown field[PROOF_FIELDS];
	char name[PROOF_FIELDS][BODY_NAME + 1]; /* disclosure_fields()' */
	struct proof proof;
};

/* Values go into the arena.  The body's root is checked, names too. */
MUST_USE bool disclosure_read(struct bytes, struct arena *,
	struct disclosure *, struct fault *);
/* One open field's leaf. */
struct digest shown_leaf(const struct shown *);
/* Root, order and names of what is shown; sets named and withheld. */
MUST_USE bool shown_check(struct disclosure *, struct fault *);
/* NULL: there is none, or it is shut. */
const struct shown *disclosure_find(const struct disclosure *, const char *);
/* Its text (body_text()); empty when there is none. */
struct bytes disclosure_text(const struct disclosure *, const char *name);

/* The fields that are open, without `!`, sorted: views into it. */
void disclosure_fields(struct disclosure *, struct fields *);

/* The same of fields that were shown before; what was shut stays so. */
MUST_USE bool shown_print(const struct disclosure *,
	bool (*shut)(void *self, struct bytes name), void *self,
	const struct proof *, struct text *, struct fault *);
/* Of a body's plain text: each field open, or shut where shut(self, name)
 * says so (NULL: none). */
MUST_USE bool disclosure_print(const uint8_t entry[ENTRY_LEN],
	struct bytes plain, const uint8_t secret[BODY_SECRET],
	bool (*shut)(void *self, struct bytes name), void *self,
	const struct proof *, struct text *, struct fault *);

#endif
