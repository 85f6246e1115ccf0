/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv.h - rows of comma-separated values (RFC 4180), by header name.
 *
 * A byte order mark is skipped; lines end in LF, CRLF or the end of input.
 * Quoted fields may hold commas, line ends and doubled quotes (unfolded into
 * `scratch` on demand by csv_text()).  A row with another number of fields
 * than the header is a fault with its line; the reader can go on after it.
 * Fields are views into the input: nothing is copied on the fast path. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"

enum { CSV_COLUMNS = 64 };

struct csv {
	struct bytes in;
	size_t pos;          /* next byte to read */
	size_t line;         /* of the row last read, from 1 */
	size_t next_line;
	size_t row_at;       /* byte where the row last read begins */
	size_t columns;      /* of the header */
	size_t fields;       /* of the row last read */
	struct bytes name[CSV_COLUMNS];
	struct bytes field[CSV_COLUMNS]; /* as written, without outer quotes */
	bool quoted[CSV_COLUMNS];
};

/* Reads the header row. */
MUST_USE bool csv_open(struct csv *, struct bytes, struct fault *);
/* Index of a column, or -1. Names are compared without case. */
int csv_column(const struct csv *, const char *name);
bool csv_done(const struct csv *);
/* The next row; empty lines are passed over (then csv_done() may be true and
 * fields is 0).  On false the row is skipped and the next call goes on. */
MUST_USE bool csv_row(struct csv *, struct fault *);
/* Field of a column, empty when the column is -1. */
struct bytes csv_field(const struct csv *, int column);
/* The field with its doubled quotes undone, zero-ended, in the arena. */
MUST_USE const char *csv_text(
	const struct csv *, int column, struct arena *, struct fault *);

/* Decimal number, whole field, no locale: sign, digits, point, exponent.
 * Correctly rounded for up to 15 digits and exponents within 22 (Clinger 1990,
 * the fast path); else strtod on a copy.  Empty field: NAN and true. */
MUST_USE bool number_read(struct bytes, double *, struct fault *);
MUST_USE bool integer_read(struct bytes, int64_t *, struct fault *);

#endif
