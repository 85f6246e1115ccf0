/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tables.h - the tables of a report as cells of text, for every publisher.
 *
 * A column stands on the page (for people), in the data (for programs, full
 * digits and ids), or in both.  Column sets follow the annexes of the OSCE
 * Special Monitoring Mission.  Rows are sorted and grouped here; a group's
 * name stands in each of its rows. */
#ifndef PUBLISH_TABLES_H
#define PUBLISH_TABLES_H

#include "publish/report.h"

enum { TABLE_COLUMNS = 24 };

enum table_id {
	TABLE_COUNTS,
	TABLE_VIOLATIONS,
	TABLE_HARM,
	TABLE_WEAPONS,
	TABLE_RESTRICTIONS,
	TABLE_NOTIFIED,
	TABLE_CLAIMS,
	TABLE_COVERAGE,
	TABLE_LIMITS,
	TABLE_HEALTH,
	TABLE_REGIONS,
	TABLE_DAYS,        /* of a week */
	TABLE_CORRECTIONS, /* of earlier reports */
	TABLE_REVIEWS,     /* of findings, by people */
	TABLES,
};

enum { ON_PAGE = 1, IN_DATA = 2, BOTH = 3 };

struct column {
	const char *key;     /* "place", of the data */
	const char *heading; /* of the page */
	unsigned where;
	bool number;         /* digits only: set right, never quoted */
};

struct table_row {
	const char *group;
	const char *cell[TABLE_COLUMNS];
	const char *anchor; /* the incident's id, or "" */
	const char *mark;   /* verdict's word, for the page; or "" */
	int icon;           /* group of the row's icon, -1: none */
};

struct table {
	const char *name; /* "violations" */
	enum word title;
	struct column column[TABLE_COLUMNS];
	size_t columns;
	struct table_row *row;
	size_t rows;
	const char *empty; /* what is said when there are no rows */
	size_t icon_at;    /* the column that shows the row's icon */
	bool anchors;      /* rows are where their incidents stand */
};

MUST_USE bool table_make(
	struct view *, enum table_id, struct table *, struct fault *);
/* -1 when there is none of that name. */
int table_named(const char *);
size_t table_page_columns(const struct table *);
/* "i-", an ellipsis and the last six characters: what commands take. */
const char *table_short_id(struct view *, const char *id);
/* Its data columns as one CSV document (RFC 4180, lines end in LF). */
void table_csv(const struct table *, struct text *out);

/* For those that make one. */
void table_column(
	struct table *, const char *key, const char *heading, unsigned where);
/* Room for n rows, each empty. */
MUST_USE bool table_rows(
	struct view *, struct table *, size_t n, struct fault *);
/* UTC to the microsecond; "" not known. */
const char *table_stamp(struct view *, struct instant);

#endif
