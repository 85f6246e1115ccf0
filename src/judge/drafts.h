/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drafts.h - what became weaker from one draft of an instrument to the next:
 * plain texts, compared word by word (diff.h).
 *
 * A place where words went and others came is weaker when its word of duty is
 * (shall > must > will > intends > stands ready > may > could), when a phrase
 * came that leaves a way out, or when words with a duty, or a promise such as
 * "commitment", went and none with one came for them.  Which is weaker in law
 * is for lawyers; this is where to look. */
#ifndef JUDGE_DRAFTS_H
#define JUDGE_DRAFTS_H

#include "judge/diff.h"

struct draft_text { /* as it was read; NULL: its file is not at hand */
	const char *text;
};

struct weaker {
	const char *instrument, *was, *is; /* drafts, older and newer */
	const char *gone, *came;           /* words; "" nothing */
	enum modality_word duty_was, duty_is; /* MODAL_NONE: none in them */
	const char *hedge; /* or NULL */
	const char *promise; /* that went: "commitment"; or NULL */
	const char *before; /* what stands in front, some words of it */
};

struct draft_change { /* one draft to the next, whole */
	const char *instrument, *was, *is;
	struct diff_piece *piece;
	size_t pieces;
};

/* Drafts of each instrument in order of date, then of the register, the final
 * text behind those of its day or, where it has none, behind all; text[i] is
 * of register->draft[i].  Those without a text are passed over. */
MUST_USE bool drafts_compare(const struct pledges *,
	const struct draft_text *text, struct arena *, struct draft_change **,
	size_t *changes, struct weaker **, size_t *count, struct fault *);

#endif
