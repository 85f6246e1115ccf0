/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * events.h - records as server-sent events (WHATWG HTML 9.2), by ledger index:
 *
 *	id: 184233
 *	event: incident
 *	data: {...,"ledger":{...}}
 *
 * Incidents, findings, activities, claims and obligations; of these at level
 * parties what they may ask for (level.h), the incidents without what they
 * must not see.  A list says in
 * `index` where the log stood, and the stream goes on behind it: nothing is
 * missed between them, nothing comes twice. */
#ifndef SERVE_EVENTS_H
#define SERVE_EVENTS_H

#include "serve/api.h"

enum { EVENTS_ROWS = 256 }; /* at a time */

/* What was logged behind `after`, EVENTS_ROWS records at most; *last is the
 * index of the last, `after` if there was none. */
MUST_USE bool events_since(const struct api *, int64_t after, struct arena *,
	struct text *, int64_t *last, struct fault *);

#endif
