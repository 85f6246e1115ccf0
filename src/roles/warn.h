/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * warn.h - what guarantors should be told of obligations by a clock: a trigger
 * was reached, a deadline is near, has perhaps passed, has passed, and what
 * called it up fell.  Each is told once.  And what was found. */
#ifndef ROLES_WARN_H
#define ROLES_WARN_H

#include "roles/steps.h"

enum warning {
	WARN_REACHED, WARN_NEAR, WARN_PERHAPS, WARN_PASSED, WARN_FELL,
	WARNINGS,
};
const char *warning_name(enum warning);

enum { WARNED_MAX = 65536 };

struct warned { /* zeroed: nothing was told */
	struct warned_one *one;
	size_t count, room;
};
void warned_free(struct warned *);

/* What stands and is not decided, by its clock; of others only once that they
 * were reached or fell.  The line is JSON, schema truce.alert/1, with LF.
 * NULL memory: all is told. */
MUST_USE bool warn_each(struct store *, struct warned *, struct instant now,
	bool (*each)(void *self, struct bytes line, struct fault *),
	void *self, struct fault *);

/* Breaches and conflicts that the log has behind *index, likewise; *index goes
 * on to the newest entry.  A later version is told again. */
MUST_USE bool warn_findings(struct store *, int64_t *index,
	bool (*each)(void *self, struct bytes line, struct fault *),
	void *self, struct fault *);

struct warn_counts {
	uint64_t standing, waiting; /* waiting: neither decided nor declined */
	uint64_t near, perhaps, passed, fell;
};
MUST_USE bool warn_count(struct store *, struct instant now,
	struct warn_counts *, struct fault *);

#endif
