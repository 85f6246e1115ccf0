/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * opinion.h - what one rule makes of one scene (TERMS.md 3).
 *
 * `held` is the probability that the rule's own conditions hold, `breach`
 * that they hold and no exception applies; both by Frechet's bounds.  With S
 * the standard's probability, in this order:
 *   NOT APPLICABLE  time, place or party excludes it for certain
 *   CONFLICT        two exceptions or more apply (each lo >= S)
 *   BREACH          breach.lo >= S and the standard's other conditions hold
 *   NO BREACH       breach.hi <= 1 - S, unless one exception applies and
 *                   another may, which could be a conflict
 *   UNDETERMINED    all else */
#ifndef JUDGE_OPINION_H
#define JUDGE_OPINION_H

#include "judge/scene.h"

struct opinion {
	enum verdict verdict;
	struct chance held, unless, breach; /* unless: any exception */
	bool enough;         /* modalities, with what is asked extra */
	const char *cause;   /* of the exception that applied, or "" */
	const char *party, *grade;
	const struct area *from; /* first line or zone of the rule, or NULL */
	int applied, may;        /* exceptions */
};

/* False when the incident is not of the kinds the rule speaks of. */
bool opinion_concerns(const struct scene *, const struct rule *);
/* `more` modalities than the incident has.  trace may be NULL. */
struct opinion opinion_of(struct scene *, const struct rule *, int more,
	struct trace *);
/* Does a condition's answer hang on the place, or on how well it is known? */
bool opinion_moves(const struct scene *, const struct condition *);
/* The verdict, its cause and how many exceptions applied; of `held` and
 * `breach` nothing is known.  It is asked with growing care, and with less than
 * full care twice: with every share as wide an interval as it may be, and as
 * tight.  A wider interval never makes a narrower one (chance.h), so the truth
 * lies between; where both ends have the same exceptions and the same verdict,
 * so has it.  A rule that hangs on one distance alone is asked no more than
 * whether its share reaches the bounds that decide (form.h). */
struct opinion opinion_verdict(struct scene *, const struct rule *);
/* The grade it has where it is a breach. */
const char *opinion_grade(struct scene *, const struct rule *);
/* The smallest change, at fixed steps, that changes the verdict; "" if none
 * of them does.  Found by judging again, not guessed. */
void flip_find(struct scene *, const struct rule *, const struct opinion *,
	struct text *out);

#endif
