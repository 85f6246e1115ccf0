/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * records.h - a page of records, and one record, as a response. */
#ifndef SERVE_RECORDS_H
#define SERVE_RECORDS_H

#include "model/id.h"
#include "serve/api.h"
#include "serve/ask.h"

/* What follows a page's list: `next` is the place of the next page, "" at the
 * end; of JSON and GeoJSON members (render_end()). */
struct records_tail {
	uint64_t rows;
	const char *next;
	int64_t newest; /* ledger index where the log stood; -1 none */
};

/* tail NULL: ,"next":...,"index":... */
void records_list(const struct api *, const struct ask *,
	const struct resource *,
	void (*tail)(void *self, const struct records_tail *, struct text *),
	void *self, struct arena *, struct wire_response *);
/* By its id or a unique ending of 4 letters; 404, 409.  Of a finding ?lang=L
 * adds `said`: its sentences in that language (publish/steps.h); 400. */
void records_one(const struct api *, const struct wire_request *,
	const struct resource *, const char *id, enum render_form,
	struct arena *, struct wire_response *);
/* ?lang=L, one of the house's languages; without it *lang stays.  False: the
 * response says which there are (400). */
MUST_USE bool records_spoken(const struct wire_request *, struct arena *,
	const char **lang, struct wire_response *);
/* The id of the incident or finding that is called so, or ends so; false: the
 * response says why not. */
MUST_USE bool records_named(const struct api *, const char *ending,
	char id[ID_TEXT], struct arena *, struct wire_response *);

#endif
