/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * render.h - rows of the store as JSON, JSON lines, CSV, GeoJSON or a table.
 *
 *	struct render s = {.is = &resource_incidents, .form = RENDER_JSON,
 *		.out = &text, .work = &arena};
 *	render_head(&s);
 *	for each row: render_row(&s, row, f)
 *	render_end(&s, "");
 *
 * The text may have a sink (text.h), so any number of rows streams through it.
 * One row takes up to 40 times its length of `work`, given back after it. */
#ifndef SERVE_RENDER_H
#define SERVE_RENDER_H

#include "base/text.h"
#include "serve/resource.h"

enum render_form {
	RENDER_TABLE,
	RENDER_JSON,
	RENDER_LINES,
	RENDER_CSV,
	RENDER_GEO,
};

struct render {
	const struct resource *is;
	enum render_form form;
	struct text *out;
	struct arena *work;
	uint64_t rows; /* so far */
};

void render_head(struct render *);
/* A body that is no JSON: INPUT fault (not with RENDER_JSON and _LINES). */
MUST_USE bool render_row(struct render *, const struct row *, struct fault *);
/* `more`: members behind the list (",\"next\":null"), of JSON and GeoJSON. */
void render_end(struct render *, const char *more);
/* The body with `ledger` added once it is logged. */
void render_record(struct text *, const struct row *);
/* As a GeoJSON Feature. */
MUST_USE bool render_feature(struct text *, const struct resource *,
	const struct row *, struct arena *, struct fault *);

#endif
