/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * statement.h - what people and parties write down, as CSV or as JSON.
 *
 * Reports, notices and claims are rows of named values; a row of a CSV table
 * and an object of a JSON list are the same to whoever reads it.  A value that
 * is empty, null or has no column is not known.  Numbers may stand as JSON
 * numbers or as text.  The drivers walk a file row by row: a row whose maker
 * refuses it becomes damage, with its line (CSV) or its number (JSON), and
 * the next one is read.  What a maker takes from the arena lives for the row.
 */
#ifndef FORMATS_STATEMENT_H
#define FORMATS_STATEMENT_H

#include "base/csv.h"
#include "base/tree.h"
#include "formats/format.h"

enum { STATEMENT_FEATURES = 16, STATEMENT_ATTRIBUTES = 16 };

struct statement {
	const struct csv *csv;   /* one of the two */
	const struct tree *tree;
	const struct origin *origin;
	struct arena *arena;
	/* The observation being made; the lists grow by statement_add_x(). */
	struct observation o;
	struct feature feature[STATEMENT_FEATURES];
	struct attribute attribute[STATEMENT_ATTRIBUTES];
};

/* Fills s->o; an INPUT fault says what is wrong with the row. */
typedef bool statement_maker(struct statement *, struct fault *);

/* "" where there is none; numbers of JSON are printed. */
MUST_USE bool statement_text(struct statement *, const char *name,
	const char **, struct fault *);
/* NAN where there is none; outside [min, max] is a fault. */
MUST_USE bool statement_number(struct statement *, const char *name,
	double min, double max, double *, struct fault *);
/* INSTANT_UNKNOWN where there is none. */
MUST_USE bool statement_time(struct statement *, const char *name,
	struct instant *, struct fault *);
/* A fault when the text is empty. */
MUST_USE bool statement_needs(struct statement *, const char *name,
	const char **, struct fault *);
/* count, count_meaning, count_max; "15-20" is a range. */
MUST_USE bool statement_count(struct statement *, struct count *,
	struct fault *);
/* Not added when not known. */
void statement_add_number(struct statement *, const char *name, double);
void statement_add_text(struct statement *, const char *name, const char *);
/* The value of a column or member, added under its own name. */
MUST_USE bool statement_keep(
	struct statement *, const char *name, struct fault *);
/* lat, lon, radius_m: a disc. */
MUST_USE bool statement_disc(struct statement *, struct fault *);

MUST_USE bool statements_csv(struct bytes, const struct origin *,
	struct arena *, const struct intake *, statement_maker *,
	struct fault *);
/* The list under `key`, or the whole when it is a list. */
MUST_USE bool statements_json(struct bytes, const char *key,
	const struct origin *, struct arena *, const struct intake *,
	statement_maker *, struct fault *);

/* The whole is one object, one row. */
MUST_USE bool statement_json(struct bytes, const struct tree *,
	const struct origin *, struct arena *, const struct intake *,
	statement_maker *, struct fault *);

/* For sniff(): 90 when the header has all these columns, else 0. */
int statements_header(struct bytes head, const char *const *names);

/* The makers. */
bool statement_report(struct statement *, struct fault *); /* witness.c */
/* The columns of an earlier mission's coded table, but for time, observer and
 * place: event, means, count, approx, ... (reports.c). */
bool statement_coded(struct statement *, struct fault *);
bool statement_notice(struct statement *, struct fault *); /* notices.c */
bool statement_claim(struct statement *, struct fault *);  /* claims.c */

#endif
