/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * form.h - the verdict of a rule that hangs on one distance alone.
 *
 * When of all a rule asks only one distance hangs on the place or its error,
 * and no exception does, the verdict is a form in that distance's interval
 * [lo, hi]: with the rest of the conditions [a, b], the exceptions [c, d] and
 * the standard S,
 *   NOT APPLICABLE  hi = 0
 *   BREACH          lo >= S + 1 - a + d  (a + lo - 1 + (1 - d) - 1 >= S)
 *   NO BREACH       min(b, hi, 1 - c) <= 1 - S
 * so that it takes at most three questions whether a share is so much.  The
 * rest is asked once a rule, however often its distance is. */
#ifndef JUDGE_FORM_H
#define JUDGE_FORM_H

#include "judge/opinion.h"

/* Is the rule such a one?  Asked once a rule and scene. */
bool form_fits(struct scene *, const struct rule *);
/* Of a rule that is: as opinion_verdict(). */
struct opinion form_verdict(struct scene *, const struct standard *);
/* Does another of its conditions exclude it, wherever it happened? */
bool form_excludes(struct scene *, const struct rule *);
/* Is all of it within already, or nothing, so that shifting the place nearer,
 * or farther, changes no verdict? */
bool form_stays(struct scene *, int sign);

#endif
