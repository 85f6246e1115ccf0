/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trend.h - a week day by day, what was corrected, and who reviewed: the
 * tables and the chart that weekly trends and spot reports add.
 *
 * A day's count stands beside what was watched that day; two days are
 * compared only where that differs by at most ten points (report.h). */
#ifndef PUBLISH_TREND_H
#define PUBLISH_TREND_H

#include "publish/drawings.h"
#include "publish/tables.h"

MUST_USE bool days_table(struct view *, struct table *, struct fault *);
MUST_USE bool corrections_table(struct view *, struct table *, struct fault *);
MUST_USE bool reviews_table(struct view *, struct table *, struct fault *);
/* Columns: incidents of a day by group; beneath them the share watched. */
MUST_USE bool drawing_days(struct view *, struct figure *, struct fault *);

#endif
