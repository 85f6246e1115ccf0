/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * resource.h - the kinds of records that the outside may list, and how: what
 * `truce incidents` and its sisters print is what /api/v1/incidents answers.
 *
 * A new kind is a row of the table in resource.c. */
#ifndef SERVE_RESOURCE_H
#define SERVE_RESOURCE_H

#include "store/store.h"

struct resource_column { /* of a table and of CSV */
	const char *head, *path; /* dotted path into the JSON */
	int width;               /* of the table; 0: only in CSV */
};

struct resource {
	enum row_type type;
	const char *plural, *schema;
	const char *place; /* member with lat, lon, region; NULL: none */
	const char *about;
	const struct resource_column *columns; /* ended by a NULL head */
	/* The i-th word that may stand there; NULL: no more, or any may. */
	const char *(*kind)(int i);
	const char *(*status)(int i);
	const char *status_called; /* "verdict" of findings */
	const char *source_called; /* "incident" of findings */
};

extern const struct resource resource_incidents, resource_detections,
	resource_findings, resource_looks, resource_health, resource_faults,
	resource_obligations;
extern const struct resource *const resources[]; /* served; NULL ends it */

const struct resource *resource_named(struct bytes plural);

#endif
