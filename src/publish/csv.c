/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv.c - five tables, each a CSV document of its own behind a line
 * `# table NAME`, with an empty line between: violations, weapons,
 * restrictions, coverage, limits.  table_csv() prints any one alone. */
#include "publish/tables.h"

enum { BUFFER = 1 << 16 };

/* A cell of text that a spreadsheet would take for a formula begins with an
 * apostrophe (OWASP, "CSV injection"); quotes are doubled (RFC 4180); line
 * ends and other controls become spaces, so that a row is a line (verbatim
 * text is in the JSON). */
static void csv_cell(struct text *out, const char *s, bool is_number)
{
	bool formula = !is_number && s[0] && strchr("=+-@\t\r", s[0]);
	bool quote = formula || strpbrk(s, ",\"\r\n") != NULL;

	if (quote)
		text_char(out, '"');
	if (formula)
		text_char(out, '\'');
	for (; *s; s++) {
		if (*s == '"')
			text_char(out, '"');
		text_char(out, (unsigned char)*s < 0x20 ? ' ' : *s);
	}
	if (quote)
		text_char(out, '"');
}

void table_csv(const struct table *t, struct text *out)
{
	bool first = true;

	for (size_t c = 0; c < t->columns; c++) {
		if (!(t->column[c].where & IN_DATA))
			continue;
		text_add(out, first ? "" : ",");
		csv_cell(out, t->column[c].key, false);
		first = false;
	}
	text_char(out, '\n');
	for (size_t r = 0; r < t->rows; r++) {
		first = true;
		for (size_t c = 0; c < t->columns; c++) {
			const char *cell = t->row[r].cell[c];

			if (!(t->column[c].where & IN_DATA))
				continue;
			text_add(out, first ? "" : ",");
			csv_cell(out, cell ? cell : "", t->column[c].number);
			first = false;
		}
		text_char(out, '\n');
	}
}

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
