/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drafting.h - the texts of a register's drafts, from the files it names, and
 * what became weaker between them. */
#ifndef CMD_DRAFTING_H
#define CMD_DRAFTING_H

#include "judge/drafts.h"

struct drafting {
	struct draft_text *text; /* of each draft */
	size_t missing; /* files that are not there */
	size_t wrong;   /* of another hash than is stated: said on stderr */
	struct draft_change *change;
	struct weaker *weaker;
	size_t changes, count;
};

/* Files are named from `folder` on. */
MUST_USE bool drafting_read(const struct pledges *, const char *folder,
	const char *file, struct arena *, struct drafting *, struct fault *);
void drafting_say(const struct drafting *, struct text *);

#endif
