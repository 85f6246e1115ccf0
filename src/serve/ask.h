/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ask.h - what a list of records was asked for, out of the query of a URL:
 *
 *	from, to    RFC 3339; records whose time touches [from, to)
 *	bbox        west,south,east,north in degrees; west > east crosses 180
 *	kind, status or verdict or modality or state, source or incident
 *	id          exact
 *	q           words of incidents and obligations (search.h)
 *	limit       1 to 1000; 100 unless said
 *	after       `next` of the page before (keyset paging)
 *	at          a ledger index: only what was logged up to it
 *	versions    "all": every version, not only the newest
 *	f           json, geojson, csv, jsonl; else by Accept
 *
 * A word that cannot occur, a name that is none of these and a value that
 * cannot be read are refused: what is ignored would look like calm. */
#ifndef SERVE_ASK_H
#define SERVE_ASK_H

#include "serve/render.h"
#include "serve/wire.h"

struct api;

enum { ASK_PAGE = 100, ASK_PAGE_MAX = 1000 };

struct ask {
	struct query query; /* its strings lie in the arena */
	enum render_form form;
};

/* False: the response says what is wrong.  also: names that the caller reads
 * himself, ended by NULL; or NULL. */
MUST_USE bool ask_read(const struct api *, const struct wire_request *,
	const struct resource *, const char *const *also, struct arena *,
	struct ask *, struct wire_response *);
/* "18927e4b9d5a3000~i-..." (ns, hex): a place in the order of pages. */
void ask_place(struct text *, struct instant from, const char *id);
const char *ask_media(enum render_form);

#endif
