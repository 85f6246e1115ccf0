/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * list.h - what incidents, detections, findings, looks, health, activities
 * and claims share: a query over the store, and four ways to print it. */
#ifndef CMD_LIST_H
#define CMD_LIST_H

#include "base/text.h"
#include "cmd/ui.h"
#include "store/store.h"

struct list_column { /* of the table and of CSV: dotted path into the JSON */
	const char *head, *path;
	int width; /* of the table; 0: only in CSV */
};

struct list_kind {
	enum row_type type;
	const char *plural, *schema;
	const char *place; /* member with lat, lon, region; NULL: none */
	const struct list_column *columns; /* ended by a NULL head */
};

int list_run(const struct cmd *, const struct list_kind *, int argc,
	char **argv);
/* The body with `ledger` added once it is logged. */
void list_record(struct text *, const struct row *);

#endif
