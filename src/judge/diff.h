/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * diff.h - two wordings of an agreement side by side: which articles, rules
 * and definitions changed, word by word, and how strong their words are.
 *
 * Words are parted by white space.  Of all ways to make the new words of the
 * old ones the one that keeps most words is shown (longest common subsequence,
 * Wagner and Fischer 1974); where a text is too long for it, what differs
 * between its common beginning and end stands as one piece. */
#ifndef JUDGE_DIFF_H
#define JUDGE_DIFF_H

#include "judge/pledges.h"

enum diff_is { DIFF_SAME, DIFF_OLD, DIFF_NEW };

struct diff_piece { /* words with one blank between them */
	enum diff_is is;
	const char *text;
};

MUST_USE bool diff_words(const char *was, const char *is, struct arena *,
	struct diff_piece **, size_t *count, struct fault *);

enum change_of {
	CHANGE_ARTICLE,
	CHANGE_RULE,
	CHANGE_DEFINITION, /* line, zone, class, standard, status, ... */
};

struct terms_change {
	enum change_of of;
	const char *name;     /* "article 4", "rule 4.a", "class heavy" */
	const char *was, *is; /* NULL: it is not there */
	struct diff_piece *piece; /* of both; NULL where one is not there */
	size_t pieces;
	/* Of articles: the weakest word of duty among the words that went and
	 * that came, where both have one; else in each text as a whole. */
	enum modality_word duty_was, duty_is;
	const char *hedge; /* of articles: words that came and leave a way
	                    * out, such as "where possible"; else NULL */
};

/* A phrase that leaves a way out and stands in `is` more often than in
 * `was`; NULL when there is none. */
const char *diff_hedge(const char *was, const char *is);
/* A promise by another word than those of duty, such as "commitment", that
 * stands in `was` more often than in `is`; NULL when there is none. */
const char *diff_promise_gone(const char *was, const char *is);
/* By how many steps a change's duty is weaker: what is gone had all of it;
 * below zero: stronger. */
int terms_weaker(const struct terms_change *);

/* What differs, articles first, each in the order of the new text, then what
 * is gone in the order of the old. */
MUST_USE bool terms_diff(const struct terms *was, const struct terms *is,
	struct arena *, struct terms_change **, size_t *count, struct fault *);

#endif
