/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rejudge.h - the incidents of a mission under two wordings: whose verdict
 * changes, and the first line of the reasoning that differs.  Rules that both
 * have alike are not judged; of the others the verdicts alone, and the reasons
 * where one changed. */
#ifndef ROLES_REJUDGE_H
#define ROLES_REJUDGE_H

#include "judge/judge.h"
#include "store/store.h"

/* There is no such rule, or no finding. */
enum { VERDICT_NONE = VERDICT_COUNT };

struct rejudged {
	const struct incident *incident;
	const char *rule;
	int was, is; /* enum verdict or VERDICT_NONE */
	const char *grade_was, *grade_is; /* "" none */
	const char *why_was, *why_is; /* "" none */
	const char *party; /* whose breach it was, or would be; else "" */
};

struct rejudging {
	/* in; both bound to the mission */
	const struct terms *was, *is;
	bool (*put)(void *self, const struct rejudged *, struct fault *);
	void *self;
	int jobs; /* threads; 0 is one */
	/* out */
	uint64_t incidents, findings; /* judged; pairs compared */
	uint64_t changed;             /* of which the verdict or grade */
};

/* In order of incidents, then of the new text's rules, then of rules that
 * are gone.  What put() is given is valid until it returns. */
MUST_USE bool rejudge(struct rejudging *, struct store *,
	const struct mission *, struct arena *, struct fault *);

#endif
