/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import.h - a log from others' hands: a pack (roles/export.h) or a mirror
 * (ledger/mirror.h) becomes a mission, or gives one the entries it lacks.
 *
 * Nothing is believed: first all of it is audited as any stranger would, then
 * each file is hashed once more as it is taken, and a new mission is audited
 * before it gets its name.  Bodies come with the salts of their fields and not
 * with their secrets (ledger/foreign.h), so what was imported proves as much
 * and can be handed on, and nothing new can be logged by it: its keys are
 * elsewhere.
 *
 * A mission that is there must begin as the other does, or be its beginning.
 * If neither is so, that is a fork: nothing is taken, and both signed notes
 * are kept below ledger/evidence/. */
#ifndef ROLES_IMPORT_H
#define ROLES_IMPORT_H

#include "ledger/mirror.h"
#include "roles/manifest.h"

struct import_ask {
	struct disk *from, *to;
	bool mirror;        /* entries only: no MANIFEST is asked for */
	bool unsigned_;     /* MANIFEST need not be signed */
	bool has_signer;
	struct note_key signer; /* of MANIFEST; else it is the log's key */
	struct mirror_anchors anchors;
};

struct imported {
	struct mirror audit; /* of what was given */
	bool refused;        /* audit.is says why */
	bool fork;
	uint64_t had, taken; /* entries */
	uint64_t bodies, absent, blobs, records;
};

/* Into an empty folder.  False with out->refused: it is not as it should be;
 * else a fault.  All is durable but the name of the folder. */
MUST_USE bool import_new(
	const struct import_ask *, struct imported *, struct fault *);
/* Into a mission that is there: entries, and of a pack evidence and records,
 * that it lacks.  Any part of it is sound if it is cut short. */
MUST_USE bool import_more(
	const struct import_ask *, struct imported *, struct fault *);

#endif
