/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * book.h - the small steps that all statements of a .pledges text share,
 * beside those of parser.h. */
#ifndef JUDGE_BOOK_H
#define JUDGE_BOOK_H

#include "judge/parser.h"
#include "judge/pledges.h"

struct book {
	struct parser p;
	struct pledges *out;
};

extern const char *const book_statements[]; /* NULL ends it */

/* A word that begins a statement, or the end. */
bool book_starts(const struct parser *);
/* The book that this parser is of. */
struct book *book_of(struct parser *);
/* What may stand behind other words: an end to each list of clauses. */
#define BOOK_OPTIONS "LINE", "REPORTED", "SHA256", "PRICES", NULL
/* Behind a slip in this statement: one of them that it hides the start of,
 * read and not kept. */
bool book_option(struct parser *, size_t told);
/* No clause begins here, though one was wanted: told, and mended (parser.h)
 * where it can be. */
void book_no_clause(struct parser *, const char *wanted,
	const char *const *near, parser_reading *, void *self);
struct instant book_date(struct parser *);
void book_source(struct parser *, struct citation *);
const char *book_one_of(struct parser *, const struct party *list, size_t n,
	const char *wanted);
void book_add_name(struct parser *, struct names *to, const char *name);
void book_actors(struct book *, struct names *to);
const char *book_instrument(struct book *);
void book_stage(struct parser *, struct legal_stage *list, size_t *count);
void book_file(struct parser *, struct draft *);

/* Of pledge_rows.c. */
void book_pledge(struct book *);
void book_flow(struct book *);

#endif
