/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * duty.h - what was asked of a party, and whether it answered in time:
 * RULE 6.a REQUIRES answer BY accused WITHIN 24 h OF query ELSE obstruction.
 *
 * A query is a notice of the mission, its `what` the word behind OF, its
 * attribute `incident` the incident's id, `to` the party that is asked.  An
 * answer is a notice of that party, its `what` the word behind REQUIRES, about
 * the same incident; where that word is `answer`, also a claim of the party
 * that names the incident.  BY a party of the agreement: that party alone
 * owes; by any other word (`accused`): who is asked, and if the query does not
 * say, whom the evidence names.
 *
 * Only receipt counts (PROOF.md 2), and it is an interval.  The window runs
 * from the query's receipt, its end included.  The duty is undone when no
 * answer came in the window and the record reaches beyond it (facts.known);
 * what an interval straddles is open.  What was received before the query is
 * no answer to it. */
#ifndef JUDGE_DUTY_H
#define JUDGE_DUTY_H

#include "judge/scene.h"

/* Who owes it, in order of the parties; "" last: someone not known. */
size_t duty_owed(const struct scene *, const struct rule *,
	const char *who[PARTIES_MAX + 1]);
/* That s->asked left it undone; the best answer to each query is told. */
struct chance duty_undone(struct scene *, const struct rule *, struct trace *);
/* When an answer would change the verdict; "" where nothing simple does.  `now`
 * is the verdict as it stands, the other as if the duty were undone. */
void duty_flip(struct scene *, const struct rule *, enum verdict now,
	enum verdict if_undone, struct text *out);

#endif
