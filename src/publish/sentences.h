/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sentences.h - what a report says in sentences: summary, findings, method.
 *
 * A sentence says what was recorded and what the rule's conditions came to;
 * it names no one guilty.  Each is written into a caller's text, plain. */
#ifndef PUBLISH_SENTENCES_H
#define PUBLISH_SENTENCES_H

#include "publish/tables.h"

enum { SUMMARY_MOST = 12, METHOD_MOST = 12 };

/* The sentences of the summary; returns how many. */
size_t sentences_summary(struct view *, const char *out[SUMMARY_MOST]);
/* "One explosion, 3 km north-west of Y, on ...". */
const char *sentences_event(struct view *, const struct event *);
/* "Rule 5.a: breach. Its conditions hold with a probability of ..." */
const char *sentences_finding(struct view *, const struct finding *);
/* How the figures came about and what they cannot say. */
size_t sentences_method(struct view *, const char *out[METHOD_MOST]);
/* "Every day at 19:30 local time (Europe/Kyiv) ..." */
const char *sentences_cutoff(struct view *);
/* What the verdict means, one sentence. */
const char *sentences_verdict(const struct view *, enum verdict);
/* The rule of a clause, quoted; "" without the terms. */
const char *sentences_rule(struct view *, const char *clause);

#endif
