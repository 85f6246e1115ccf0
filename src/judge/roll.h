/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * roll.h - who has a name: of a list that grows, the place where a word is
 * the name, without looking through it.
 *
 * The words of the text are sorted once.  Of each a roll keeps where it was
 * last a name, and of each place which word that is: only where the two agree
 * is it so (Briggs and Torczon 1993).  So a list that is cut back, as after a
 * trial (parser.h), needs nothing undone, and no text makes a look-up slow. */
#ifndef JUDGE_ROLL_H
#define JUDGE_ROLL_H

#include "judge/lex.h"

struct words { /* of the text, each once, in order of their bytes */
	const char **at;
	size_t count;
};

struct roll {
	const struct words *words;
	uint32_t *place; /* by word */
	uint32_t *word;  /* by place; words->count: none of the text's */
	const char **name; /* by place */
	size_t room;
};

MUST_USE bool words_of(const struct token *, size_t count, struct arena *,
	struct words *, struct fault *);
/* For a list of at most `room`. */
MUST_USE bool roll_start(struct roll *, const struct words *, size_t room,
	struct arena *, struct fault *);
/* The name at this place from now on. */
void roll_put(struct roll *, size_t place, const char *name);
/* Of the first `count` the one with this name of len bytes; SIZE_MAX: none. */
size_t roll_find(
	const struct roll *, size_t count, const char *name, size_t len);

#endif
