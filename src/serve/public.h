/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * public.h - what everybody may read: findings that two persons published, and
 * the incidents that they are about, generalised (publish/report.h, level
 * public): the centre of a cell of the mission's public grid, the hour, the
 * likeliest kind, the count; no evidence, no sensor, no text of anybody but
 * what two persons signed to be read by all (`withdraw`), no trace, and an id
 * that is the number of the entry that published it.
 *
 *	/public/v1/             what there is
 *	/public/v1/findings     all, oldest publication first (f=csv, geojson;
 *	                        state=...), what is withdrawn too; /ID one
 *	/public/v1/incidents    theirs, and those published by themselves
 *	/public/v1/reports      what out/public/ holds
 *	/public/v1/mission      name, parties, the size of the grid
 *	/public/v1/reports/NAME files of out/public/
 *	/cap, /cap/ID           Atom feed of CAP 1.2 alerts; one of them
 *	/cap/ID.ENTRY           what became of it: Cancel or Update
 *
 * Each answer is the same for everybody: no session is looked at.  Nothing
 * else here writes a place. */
#ifndef SERVE_PUBLIC_H
#define SERVE_PUBLIC_H

#include "serve/api.h"

/* False: the path is none of these. */
bool public_answer(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);

#endif
