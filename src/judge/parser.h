/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * parser.h - the small steps that all statements of a .terms text share.
 *
 * Sticky: after a slip `bad` is set and every step gives nothing until
 * the statement or clause is given up, so one slip makes one slip.
 *
 * All slips are told, not the first: a strange word (parser_strange()) is
 * told and read over as though it were what was wanted, and where one of
 * several words was wanted, parser_mend() tries each in its place.  What has
 * slips is never used: what stands in for a thing may be any. */
#ifndef JUDGE_PARSER_H
#define JUDGE_PARSER_H

#include "judge/slips.h"
#include "judge/roll.h"
#include "judge/terms.h"

/* Whose names are whose; of an agreement. */
struct rolls {
	struct words words;
	struct roll area, class_, standard, article, rule;
};

struct parser {
	struct terms *t;
	struct arena *a;
	struct token *token; /* mended as they are told; the last: TOKEN_END */
	size_t at;
	struct slips *c;
	const char *const *statements; /* no name is such a word */
	bool bad;
	bool slipped; /* something was told since it was last false */
	size_t told;  /* slips so far, also beyond those kept */
	/* Of parser_mend(); the language fills them. */
	bool (*known)(const struct parser *, const char *word);
	size_t (*names)(const struct parser *); /* so many are known now */
	bool (*starts)(const struct parser *); /* a statement begins here */
	void (*statement)(struct parser *); /* reads one, from its word on */
	struct rolls *roll; /* kept with what is made; never taken back */
	void *made; /* what is read so far */
	size_t made_size, margin; /* the column where statements begin */
	size_t spare;  /* statements more that there is room for */
	size_t care;   /* words more that trials may look at */
	bool late;     /* in a second walk */
	bool trying;   /* nothing is told, only counted */
	size_t until;  /* a trial reads no clause that begins behind it */
	size_t from;   /* where the trial began */
	size_t cost;   /* of what it passed over */
	bool astray;   /* it passes over what another trial would read */
};

enum { PARSER_SPARE = 16 };
/* A trial reads some forty words, counted together with all names that are
 * known.  An agreement of 300 names may so have 200 slips mended; one made to
 * be slow takes little longer than if it had none (docs/fuzzing.md). */
#define PARSER_CARE ((size_t)4000000)

typedef void parser_reading(struct parser *, void *self);

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

/* The token after next is a word that means nothing: no word of the language,
 * no number, no name.  So it may be any word misspelt. */
bool parser_strange(const struct parser *, size_t ahead);
/* First on its line, and where statements begin. */
bool parser_at_margin(const struct parser *);
/* Not when bad.  Complains as parser_wrong(); a strange word is read over as
 * though it were what was wanted, and nothing given up.  True: so it was. */
bool parser_instead(struct parser *, const char *wanted,
	const char *const *near);
/* Behind parser_wrong(), where one of `words` was wanted, or a statement: that
 * one takes the strange word's place behind which the fewest slips are, the
 * nearest of equals, and nothing is given up.  `read` reads on from there as
 * the caller will, on copies; NULL: statements.  False: none is better than
 * giving up. */
bool parser_mend(struct parser *, const char *const *words,
	parser_reading *read, void *self);
/* No statement begins here, though one was wanted: told, and mended where it
 * can be; else it is given up. */
void parser_no_statement(struct parser *, const char *wanted);
/* Not bad, not at the end, at no statement, and of a trial not done. */
bool parser_more(const struct parser *);
/* Behind a slip: at least one word on from where the clause began. */
void parser_give_up(struct parser *, size_t began);
/* The same, and on to the next of these words, or statement. */
void parser_next_clause(struct parser *, size_t began,
	const char *const *words);
/* The next word is taken for a name: a trial trusts some less. */
void parser_doubt(struct parser *);
/* One word on, behind a slip. */
void parser_pass(struct parser *);

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
/* The CLASS whose name stands so far ahead; SIZE_MAX: none. */
size_t parser_class(const struct parser *, size_t ahead);
size_t parser_area(struct parser *, bool line);
size_t parser_standard(struct parser *);

/* Never NULL but for want of memory: a word of no class stands for itself,
 * so that the rest is read. */
const struct expression *parser_expression(struct parser *);
const struct expression *parser_factor(struct parser *, int depth);
/* What stands for words that mean nothing, so that the rest is read: it may
 * be whatever is asked of it.  NULL for want of memory. */
const struct expression *parser_stand_in(struct parser *);
/* A thing, `not` or a bracket stands so far ahead; no end before it. */
bool parser_begins(const struct parser *, size_t ahead);
/* A party of the agreement, or the mission, does. */
bool parser_party(const struct parser *, size_t ahead);
void parser_rule(struct parser *, struct rule *);
void parser_example(struct parser *, struct example *);

#endif
