/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv.c - five tables, each a CSV document of its own behind a line
 * `# table NAME`, with an empty line between: violations, weapons,
 * restrictions, coverage, limits.  table_csv() prints any one alone. */
#include "publish/tables.h"

enum { BUFFER = 1 << 16 };

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	static const enum table_id ids[] = {TABLE_VIOLATIONS, TABLE_WEAPONS,
		TABLE_RESTRICTIONS, TABLE_COVERAGE, TABLE_LIMITS};
	struct text out = text_in(a, BUFFER);
	struct view v;

	out.sink = &sink;
	if (!report_view(r, a, &v, f))
		return false;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct table t;

		if (!table_make(&v, ids[i], &t, f))
			return false;
		text_fmt(&out, "%s# table %s\n", i ? "\n" : "", t.name);
		table_csv(&t, &out);
	}
	return text_flush(&out, f);
}

const struct publisher publisher_csv = {
	.name = "csv",
	.about = "tables of violations, weapons, restrictions, coverage, "
		"limits",
	.media_type = "text/csv; charset=utf-8",
	.suffix = "csv",
	.print = print,
};
