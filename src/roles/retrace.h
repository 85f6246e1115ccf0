/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * retrace.h - one located sound again: from the detections, the health and
 * the weather that the store holds, who heard it, when it was expected there,
 * what that weighed, and what each sensor recorded.
 *
 * Nothing of it is kept in records, and nothing has to be: the same records
 * give the same origin.  Where they do not any more (the store holds only a
 * part of them, or another program made them), `same` is false. */
#ifndef ROLES_RETRACE_H
#define ROLES_RETRACE_H

#include "base/disk.h"
#include "publish/picture.h"
#include "store/store.h"

/* All it points to lies in the arena.  *found false: no sound was located
 * from what the incident rests on. */
MUST_USE bool retrace(struct store *, const struct mission *,
	const struct incident *, struct arena *, struct picture *, bool *found,
	struct fault *);

/* The samples of its sensors that are not out, from the mission's evidence;
 * each blob that is read is held against its name.  A row without samples
 * says why. */
MUST_USE bool retrace_samples(struct disk *, struct picture *, struct arena *,
	struct fault *);

#endif
