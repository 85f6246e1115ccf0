/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * taking.h - files, evidence and received records of a pack, each hashed as
 * it is taken (import.h). */
#ifndef ROLES_TAKING_H
#define ROLES_TAKING_H

#include "base/arena.h"
#include "base/log.h"

/* A mission's file that a pack may bring: not of what the mission makes. */
MUST_USE bool taking_may(const char *path, struct fault *);
MUST_USE bool taking_file(struct disk *from, const char *path,
	const struct digest *, struct disk *to, const char *as,
	struct fault *);
/* *fresh false: it was there. */
MUST_USE bool taking_blob(struct disk *from, const char *path,
	const struct digest *, struct disk *to, bool *fresh, struct fault *);
/* What stands in front of a segment. */
MUST_USE bool taking_head(struct disk *, const char *folder, uint64_t first,
	struct log_head *, struct fault *);
/* The records of spool/NAME that are behind the end of ours; adds to
 * *records. */
MUST_USE bool taking_spool(struct disk *from, struct disk *to,
	const char *name, uint64_t *records, struct fault *);

#endif
