/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fields.h - a record as a flat list of named values; its canonical form.
 *
 * Every noun writes itself as fields ("place.lat" is the member lat of the
 * member place).  From the sorted list come both the JSON that people read
 * and the ledger body that is hashed (PROOF.md 3), so the two cannot differ.
 * A value is raw text, a decimal with its stated digits, or JSON without
 * spaces.  Raw text that could be taken for one of the other two (it is
 * empty, or begins with a digit, '-', '"', '[', '{', or is null, true or
 * false) is stored as quoted JSON, so the form can be told from the value.
 * Names are [a-z0-9_.-]{1,64}; at most 256 a record. */
#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include "base/instant.h"
#include "base/text.h"

enum { FIELDS_MAX = 256 };

struct field {
	const char *name;
	struct bytes value;
};

struct fields {
	struct field field[FIELDS_MAX];
	size_t count;
	struct arena *arena;
	struct fault why; /* the first trouble; see fields_done() */
};

struct fields fields_in(struct arena *);
void fields_text(struct fields *, const char *name, const char *); /* or NULL */
void fields_fixed(struct fields *, const char *name, double, int decimals);
void fields_i64(struct fields *, const char *name, int64_t);
void fields_flag(struct fields *, const char *name, bool);
void fields_time(struct fields *, const char *name, struct instant);
void fields_null(struct fields *, const char *name);
void fields_json(struct fields *, const char *name, struct bytes json);
/* Sorts by name; false if anything went wrong on the way, or names repeat. */
MUST_USE bool fields_done(struct fields *, struct fault *);
/* The nested JSON object of a finished list. */
void fields_print(const struct fields *, struct text *out);
/* NULL if there is none. */
const struct field *fields_find(const struct fields *, const char *name);

#endif
