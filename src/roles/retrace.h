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

struct retracer { /* the first three are set */
	struct store *store;
	const struct mission *mission;
	struct arena *arena;
	/* Own: the arrivals that were located last, and what came of it; the
	 * next sound may be of the same. */
	const struct detection *pick;
	size_t picks;
	const struct incident *made;
	size_t made_count;
	const struct fit *fit;
	size_t fits;
};

/* All that the picture points to lies in the arena.  *found false: no sound
 * was located from what the incident rests on. */
MUST_USE bool retrace(struct retracer *, const struct incident *,
	struct picture *, bool *found, struct fault *);

/* The same of an incident that only arrays and seismometers heard: what each
 * says of its place and time.  None for any other. */
MUST_USE bool retrace_afar(struct retracer *, const struct incident *,
	const struct far **, size_t *count, struct fault *);

/* The samples of the sensors of some pictures of one mission, of those that
 * are not out, from its evidence; each blob that is read is held against its
 * name.  A row without samples says why. */
MUST_USE bool retrace_samples(struct disk *, struct picture *, size_t count,
	struct arena *, struct fault *);

#endif
