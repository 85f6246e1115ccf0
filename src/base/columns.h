/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * columns.h - lines of words between blanks, as Fortran and awk leave them.
 *
 * Words are views into the input.  Blanks are spaces and tabs; lines end in
 * LF or CRLF.  Empty lines are passed over. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include "base/bytes.h"
#include "base/fault.h"

enum { COLUMNS_MAX = 16 };

struct columns {
	struct bytes in;
	size_t pos;    /* next byte to read */
	size_t line;   /* of the row last read, from 1 */
	size_t next_line;
	size_t row_at; /* byte where the row last read begins */
	size_t count;  /* of its words; those beyond COLUMNS_MAX are counted */
	struct bytes word[COLUMNS_MAX];
};

struct columns columns_of(struct bytes);
/* The next row that has a word; false at the end. */
bool columns_next(struct columns *);
/* Word k as a number within [min, max]; a fault names the line. */
MUST_USE bool columns_number(const struct columns *, size_t k, double min,
	double max, double *, struct fault *);

#endif
