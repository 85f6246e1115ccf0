/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lex.h - a .terms text as words.
 *
 * A word is a run of letters, digits, bytes above 127 and _ . / : + - @ % ,
 * at most 100 bytes long, so that no form of it need ever be cut;
 * a text stands in double quotes on one line (\" and \\ inside), and texts
 * that follow each other are one; `#` begins a comment.  Lines and columns
 * count from 1; a column is a character, not a byte. */
#ifndef JUDGE_LEX_H
#define JUDGE_LEX_H

#include "base/arena.h"

enum { LEX_WORD_MAX = 100 };

enum token_is {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_TEXT,
	TOKEN_MARK, /* ( ) , = < > <= >= -> */
	TOKEN_BAD,  /* what says why */
};

struct token {
	enum token_is is;
	bool first; /* on its line */
	bool late;  /* what was meant stands here, found by the second walk */
	bool known; /* to the language, or a name, when there were */
	size_t names; /* so many names less one; 0: not asked yet */
	size_t line, column;
	const char *what; /* word, mark, or text unquoted */
};

/* *out ends with a TOKEN_END. */
MUST_USE bool lex(struct bytes, struct arena *, struct token **out,
	size_t *count, struct fault *);
/* The candidate (a list ended by NULL) that differs from the word by the
 * fewest single letters, case aside; NULL when none is near. */
const char *lex_nearest(const char *word, const char *const *candidates);

#endif
