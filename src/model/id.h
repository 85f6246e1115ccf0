/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * id.h - names of records, made from what they are.
 *
 * An id is a letter (i incident, d detection, f finding, l look, h health,
 * o obligation, r report, a activity, c claim), '-', and a 16-byte subject in
 * lower-case base32hex: 6 bytes of UTC milliseconds, then 10 bytes of SHA-256
 * over what made the record (PROOF.md 2).  So ids sort by time, and the same
 * input gives the same id on every machine. */
#ifndef MODEL_ID_H
#define MODEL_ID_H

#include "base/instant.h"

enum { ID_SUBJECT = 16, ID_TEXT = 2 + 26 + 1 };

struct id {
	char text[ID_TEXT]; /* "" is no id */
};

struct id id_make(char letter, struct instant, struct bytes made_of);
/* false when the text is no id. */
bool id_subject(const struct id *, uint8_t subject[ID_SUBJECT]);
bool id_read(const char *text, struct id *);
/* Whether it is one of a sorted list. */
bool id_among(const struct id *sorted, size_t count, const struct id *);
static inline bool id_is(const struct id *id)
{
	return id->text[0] != '\0';
}

#endif
