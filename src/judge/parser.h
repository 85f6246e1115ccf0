/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * parser.h - the small steps that all statements of a .terms text share.
 *
 * Sticky: after a slip `bad` is set and every step gives nothing until
 * the statement or clause is given up, so one slip makes one slip. */
#ifndef JUDGE_PARSER_H
#define JUDGE_PARSER_H

#include "judge/slips.h"
#include "judge/lex.h"
#include "judge/terms.h"

struct parser {
	struct terms *t;
	struct arena *a;
	const struct token *token; /* the last is TOKEN_END */
	size_t at;
	struct slips *c;
	const char *const *statements; /* no name is such a word */
	bool bad;
	bool slipped; /* something was told since it was last false */
};

const struct token *parser_peek(const struct parser *);
bool parser_is(const struct parser *, const char *word);
/* The token after next. */
bool parser_then(const struct parser *, size_t ahead, const char *word);
bool parser_take(struct parser *, const char *word);
void parser_step(struct parser *);
/* Complains of the token at hand; `near` are words it may have meant. */
void parser_wrong(struct parser *, const char *wanted,
	const char *const *near);
PRINTF(3, 4) void parser_wrong_at(struct parser *, const struct token *,
	const char *fmt, ...);

void parser_want(struct parser *, const char *word);
bool parser_total(struct parser *); /* [TOTAL] OF */
const char *parser_word(struct parser *, const char *wanted);
const char *parser_text(struct parser *, const char *wanted);
int64_t parser_whole(struct parser *, const char *wanted);
/* Decimal with at most `decimals` digits after the point, x 10^decimals. */
int64_t parser_decimal(struct parser *, int decimals, const char *wanted);
int64_t parser_length(struct parser *);   /* "15 km", mm */
int64_t parser_duration(struct parser *); /* "48 h", us */
int64_t parser_time(struct parser *, const char *wanted); /* us */
/* "06:00-18:00", us after midnight; 24:00 may end it. */
void parser_window(struct parser *, int64_t *from, int64_t *to);
/* A party of the agreement, or the mission. */
const char *parser_who(struct parser *);
/* One slip more, and on: nothing is given up.  Only where nothing was. */
PRINTF(3, 4) void parser_note(struct parser *, const struct token *,
	const char *fmt, ...);
/* A word that begins a statement. */
bool parser_starts(const struct parser *);
size_t parser_area(struct parser *, bool line);
size_t parser_standard(struct parser *);

/* Never NULL but for want of memory: a word of no class stands for itself,
 * so that the rest is read. */
const struct expression *parser_expression(struct parser *);
const struct expression *parser_factor(struct parser *, int depth);
/* What stands for words that mean nothing, so that the rest is read: it may
 * be whatever is asked of it.  NULL for want of memory. */
const struct expression *parser_stand_in(struct parser *);
void parser_rule(struct parser *, struct rule *);
void parser_example(struct parser *, struct example *);

#endif
