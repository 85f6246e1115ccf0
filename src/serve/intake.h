/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * intake.h - GET /api/v1/intake: does anybody receive, and is there room?
 *
 *	{"schema":"truce.intake/1","receives":true,"at":"...Z",
 *	 "free_bytes":64012345344}
 *
 * `truce run` shows life once a second, in spool/live/heard; nobody receives
 * when that is INTAKE_GONE_S old.  Of a mission that never was live both are
 * null.  So a quiet map is told from a dead one. */
#ifndef SERVE_INTAKE_H
#define SERVE_INTAKE_H

#include "serve/api.h"

enum { INTAKE_GONE_S = 10 };

void intake_answer(
	const struct api *, struct arena *, struct wire_response *);

#endif
