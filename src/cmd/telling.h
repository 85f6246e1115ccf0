/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * telling.h - what explain's parts share: a record that was found, and the
 * words for each kind of record. */
#ifndef CMD_TELLING_H
#define CMD_TELLING_H

#include "cmd/custodian.h"
#include "cmd/load.h"
#include "model/incident.h"

struct found {
	struct arena *arena;
	size_t count;
	enum row_type type;
	const char *id;
	struct bytes body, record;
	int64_t ledger_index;
};

struct telling {
	struct store *store;
	struct loaded *loaded;
	struct arena arena;
	struct custodian custodian;
};

/* For store->find(): the last row of those that came, and how many ids. */
bool telling_keep(void *found, const struct row *, struct fault *);
/* By its full id; *there false: none. */
MUST_USE bool telling_incident(struct telling *, const char *id,
	struct incident *, bool *there, struct fault *);
/* All that is known of it, in words, to stdout. */
MUST_USE bool telling_tell(
	struct telling *, const struct found *, struct fault *);

/* Of an obligation. */
MUST_USE bool telling_owed(
	struct telling *, const struct found *, struct fault *);

#endif
