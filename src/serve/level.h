/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * level.h - what each level may see.  What is not named is refused: a new
 * resource is the mission's own until somebody writes it here.
 *
 *	mission   all
 *	parties   incidents, findings, obligations, their columns, cells, board
 *	          and stream; the agreement's geometry, coverage; no sensor, no
 *	          detection, no picture, no name of an observer
 *	public    /public/v1/ (public.h), the page, the log, the map beneath
 *
 * /api/v1/party/X is X at level parties, for whoever may see that. */
#ifndef SERVE_LEVEL_H
#define SERVE_LEVEL_H

#include "serve/api.h"

/* May whoever has the level ask for the path at all? */
bool level_permits(enum level, struct bytes path);
/* A row as people left it, as the level may show it; new texts lie in the
 * arena. */
MUST_USE bool level_row(const struct api *, struct bytes reviews,
	struct row *, struct arena *, struct fault *);

#endif
