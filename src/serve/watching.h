/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * watching.h - what could be seen and heard where (truce coverage), for the
 * map: ?kind=K&at=T or &from=T&to=T, at most WATCHING_HOURS, since every look
 * of the time is read. */
#ifndef SERVE_WATCHING_H
#define SERVE_WATCHING_H

#include "model/look.h"
#include "serve/api.h"

enum { WATCHING_HOURS = 48 };

struct looks_found { /* zeroed but for the arena */
	struct arena *arena;
	struct look *list;
	size_t count, room;
};

/* Every look of the kind that touches the span. */
MUST_USE bool watching_looks(struct store *, struct span, enum kind,
	struct looks_found *, struct fault *);
void watching_answer(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);

#endif
