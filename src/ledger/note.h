/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * note.h - signed notes, their keys, cosignatures (C2SP signed-note v1.0.0,
 * tlog-cosignature; PROOF.md 1 and 4).
 *
 * A note is text that ends in LF, an empty line, and lines "— name base64(id |
 * signature)".  It is read strictly: UTF-8, no control characters, every line
 * well formed, nothing behind the last LF; what has two spellings would give
 * two auditors two answers.  Lines of unknown keys are skipped; one that names
 * a known key and does not hold refuses the note.
 *
 *	struct note n;
 *	if (!note_read(bytes, &n, f)) ...
 *	if (!note_signed(&n, &key, &by, f) || !by) ...
 */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "ledger/sign.h"

enum {
	NOTE_MAX = 64 << 10,
	NOTE_LINES = 64,
	NOTE_ID = 4,
	NOTE_KEEP = 76, /* of a signature: id, time, Ed25519 */
	NOTE_TIME = 48,
	NOTE_COSIGNED = NOTE_TIME + 1024, /* a checkpoint has less than 300 */
};

#define NOTE_DASH "\xe2\x80\x94 "

enum note_type { NOTE_SIGNS = 1, NOTE_COSIGNS = 4 };

struct note_key {
	char name[SIGN_NAME_MAX + 1];
	enum note_type type;
	uint8_t key[SIGN_KEY];
};

struct note_line {
	struct bytes name;
	size_t len; /* of id and signature, as it was */
	uint8_t raw[NOTE_KEEP];
};

struct note { /* views into what was read */
	struct bytes text; /* with its last LF */
	size_t count;
	struct note_line line[NOTE_LINES];
};

void note_key_id(const char *name, enum note_type,
	const uint8_t key[SIGN_KEY], uint8_t out[NOTE_ID]);
/* "name+id+base64(type | key)", of either type. */
MUST_USE bool note_key_read(struct bytes, struct note_key *, struct fault *);
void note_key_print(const struct note_key *, struct text *);
/* The same for a secret: base64(type | seed), the id that of the public key,
 * which k->key is, and split() cannot know: it leaves the seed there. */
void note_key_print_as(
	const struct note_key *, const uint8_t value[SIGN_KEY], struct text *);
MUST_USE bool note_key_split(struct bytes, struct note_key *,
	uint8_t id[NOTE_ID], struct fault *);
MUST_USE bool note_key_fits(
	const struct note_key *, const uint8_t id[NOTE_ID], struct fault *);

MUST_USE bool note_read(struct bytes, struct note *, struct fault *);
/* The faults of a line begin "signature line": what was signed could be
 * read.  *unsigned_ says that it was one of those. */
MUST_USE bool note_read_but(
	struct bytes, struct note *, bool *unsigned_, struct fault *);

/* *by: the key signed.  False: a line of the key does not hold. */
MUST_USE bool note_signed(const struct note *, const struct note_key *,
	bool *by, struct fault *);
/* *time_s: when the witness cosigned; 0: it did not. */
MUST_USE bool note_cosigned(const struct note *, const struct note_key *,
	uint64_t *time_s, struct fault *);
/* What a witness signs: two lines, then the text, of at most 1024 bytes. */
struct bytes note_cosigned_text(
	struct bytes text, uint64_t time_s, uint8_t at[NOTE_COSIGNED]);
/* The signature line of a log, or of a witness, with its LF. */
void note_sign(struct bytes text, const struct sign_key *, struct text *);
MUST_USE bool note_cosign(struct bytes text, const struct sign_key *,
	uint64_t time_s, struct text *, struct fault *);

/* Does it bear the name and id of the key?  Nothing is verified. */
bool note_line_by(const struct note_line *, const struct note_key *);
/* A signature line as it was read, with its LF. */
void note_line_print(const struct note_line *, struct text *);

/* A checkpoint as it stands (sign.h): three lines, nothing verified. */
MUST_USE bool note_checkpoint(
	const struct note *, struct checkpoint *, struct fault *);

/* Lines of a text, each ended by LF; *line without it.  False at the end, or
 * when no LF ends it. */
bool note_next_line(struct reader *, struct bytes *line);
/* A decimal without leading zeros, below 2^63. */
bool note_number(struct bytes, uint64_t *);
/* Padded base64 of just 32 bytes. */
bool note_digest(struct bytes, struct digest *);

#endif
