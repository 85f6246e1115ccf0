/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * txt.c - the report as plain text, at most 110 columns, for terminals, mail
 * and screen readers.  Columns are made as narrow as their text allows; cells
 * wrap at spaces; widths count code points. */
#include "publish/sentences.h"

#include "base/encode.h"

enum { BUFFER = 1 << 16, WIDE = 110, CELL_LEAST = 6, GAP = 2 };

static bool begins(char c) /* a code point */
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t points(const char *s, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes && s[i]; i++)
		n += begins(s[i]);
	return n;
}

/* Bytes of the next line of at most `wide` code points: broken at the last
 * space, in a word that is longer behind its last hyphen, or hard. */
static size_t line_of(const char *s, size_t wide)
{
	size_t i = 0, n = 0, space = 0, hyphen = 0;

	for (; s[i]; i++) {
		if (begins(s[i]) && n++ == wide)
			return s[i] == ' ' ? i : space ? space
				: hyphen ? hyphen : i;
		if (s[i] == ' ')
			space = i;
		if (s[i] == '-')
			hyphen = i + 1;
	}
	return i;
}

/* Control bytes would steer a terminal: shown as '?'. */
static void clean(struct text *t, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_char(t, (unsigned char)s[i] < 0x20 || s[i] == 0x7f
				? '?'
				: s[i]);
}

static void paragraph(struct text *t, const char *first, const char *s)
{
	size_t indent = points(first, strlen(first));

	text_add(t, first);
	while (*s) {
		size_t n = line_of(s, WIDE - indent);

		clean(t, s, n);
		text_char(t, '\n');
		s += n;
		while (*s == ' ')
			s++;
		if (*s)
			text_fmt(t, "%*s", (int)indent, "");
	}
}

static void heading(struct view *v, struct text *t, enum word w)
{
	const char *s = catalogue_word(v->words, w);

	text_fmt(t, "\n%s\n", s);
	for (size_t i = points(s, strlen(s)); i > 0; i--)
		text_char(t, '-');
	text_char(t, '\n');
}

static const char *cell_of(
	struct view *v, const struct table *x, size_t c, size_t r)
{
	const char *s = x->row[r].cell[c];

	if (!s)
		return "";
	return strcmp(x->column[c].key, "incident") == 0
		? table_short_id(v, s)
		: s;
}

/* Widths of the page's columns, 0 for the others. */
static void widths(struct view *v, const struct table *x, size_t *wide)
{
	size_t sum = 0;

	for (size_t c = 0; c < x->columns; c++) {
		wide[c] = 0;
		if (!(x->column[c].where & ON_PAGE))
			continue;
		wide[c] = points(x->column[c].heading,
			strlen(x->column[c].heading));
		for (size_t r = 0; r < x->rows; r++) {
			const char *s = cell_of(v, x, c, r);
			size_t n = points(s, strlen(s));

			wide[c] = n > wide[c] ? n : wide[c];
		}
		sum += wide[c] + GAP;
	}
	while (sum > WIDE + GAP) {
		size_t most = 0;

		for (size_t c = 1; c < x->columns; c++)
			if (wide[c] > wide[most])
				most = c;
		if (wide[most] <= CELL_LEAST)
			return;
		wide[most]--;
		sum--;
	}
}

static void row(struct text *t, const struct table *x, const size_t *wide,
	const char *const *cell)
{
	const char *rest[TABLE_COLUMNS];
	bool more = true;

	for (size_t c = 0; c < x->columns; c++)
		rest[c] = cell[c];
	while (more) {
		size_t owed = 0;

		more = false;
		for (size_t c = 0; c < x->columns; c++) {
			size_t n;

			if (wide[c] == 0)
				continue;
			n = line_of(rest[c], wide[c]);
			if (n > 0) {
				text_fmt(t, "%*s", (int)owed, "");
				clean(t, rest[c], n);
				owed = 0;
			}
			owed += wide[c] + GAP - points(rest[c], n);
			rest[c] += n;
			while (*rest[c] == ' ')
				rest[c]++;
			more = more || *rest[c];
		}
		text_char(t, '\n');
	}
}

static bool table(struct view *v, struct text *t, enum table_id id,
	struct fault *f)
{
	const char *cell[TABLE_COLUMNS] = {0}, *group = "";
	size_t wide[TABLE_COLUMNS];
	struct table x;

	if (!table_make(v, id, &x, f))
		return false;
	if (id != TABLE_COUNTS && id != TABLE_REGIONS)
		heading(v, t, x.title);
	if (x.rows == 0) {
		paragraph(t, "", x.empty);
		return true;
	}
	widths(v, &x, wide);
	for (size_t c = 0; c < x.columns; c++)
		cell[c] = x.column[c].heading;
	row(t, &x, wide, cell);
	for (size_t r = 0; r < x.rows; r++) {
		if (strcmp(group, x.row[r].group) != 0) {
			group = x.row[r].group;
			text_fmt(t, "[%.200s]\n", group);
		}
		for (size_t c = 0; c < x.columns; c++)
			cell[c] = cell_of(v, &x, c, r);
		row(t, &x, wide, cell);
	}
	return true;
}

/* "From: ..." */
static void line(const struct view *v, struct text *t, const char *name,
	const char *what)
{
	text_fmt(t, "%s%s%s\n", name, view_mark(v, ':'), what);
}

static void masthead(struct view *v, struct text *t)
{
	const struct period *p = &v->report->now.period;
	const struct mission *m = v->mission;

	paragraph(t, "", m->title ? m->title : m->name);
	text_fmt(t, "%s %s\n\n", catalogue_word(v->words, W_REPORT), p->label);
	line(v, t, catalogue_word(v->words, W_FROM), view_fmt(v, "%s = %s",
		view_utc(v, p->span.from), view_local(v, p->span.from)));
	line(v, t, catalogue_word(v->words, W_TO), view_fmt(v, "%s = %s",
		view_utc(v, p->span.to), view_local(v, p->span.to)));
	line(v, t, catalogue_word(v->words, W_EVENINGS),
		view_fmt(v, "%d", p->evenings));
	line(v, t, catalogue_word(v->words, W_CUTOFF), view_fmt(v,
		"%s (%s, tzdata %s)", sentences_cutoff(v),
		m->timezone ? m->timezone : "UTC",
		m->tzdata ? m->tzdata
			  : catalogue_word(v->words, W_NOT_STATED)));
	line(v, t, catalogue_word(v->words, W_LEVEL),
		view_tr(v, level_name(v->report->level)));
}

static void findings(struct view *v, struct text *t)
{
	static const enum verdict order[] = {VERDICT_BREACH,
		VERDICT_UNDETERMINED, VERDICT_CONFLICT};

	heading(v, t, W_FINDINGS);
	for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
		line(v, t, catalogue_verdict(v->words, order[o]),
			view_fmt(v, "%zu", v->verdicts[order[o]]));
		for (size_t i = 0; i < v->event_count; i++) {
			const struct event *e = &v->event[i];

			for (size_t k = 0; k < e->finding_count; k++) {
				if (e->finding[k].verdict != order[o])
					continue;
				paragraph(t, "  * ", sentences_event(v, e));
				paragraph(t, "    ", sentences_finding(v,
							   &e->finding[k]));
			}
		}
	}
	line(v, t, catalogue_verdict(v->words, VERDICT_NO_BREACH),
		view_fmt(v, "%zu", v->verdicts[VERDICT_NO_BREACH]));
	line(v, t, catalogue_verdict(v->words, VERDICT_NOT_APPLICABLE),
		view_fmt(v, "%zu", v->verdicts[VERDICT_NOT_APPLICABLE]));
}

static void closing(struct view *v, struct text *t)
{
	const char *said[METHOD_MOST];
	const struct proof *p = &v->report->proof;
	size_t n = sentences_method(v, said);
	char at[80];
	struct text h = text_on(at, sizeof at);

	heading(v, t, W_METHOD);
	for (size_t i = 0; i < n; i++)
		paragraph(t, "* ", said[i]);
	heading(v, t, W_PROOF);
	text_hex(&h, digest_view(&p->root));
	line(v, t, catalogue_word(v->words, W_ROOT), at);
	line(v, t, catalogue_word(v->words, W_SIZE),
		view_fmt(v, "%llu", (unsigned long long)p->size));
	line(v, t, catalogue_word(v->words, W_INDEX),
		view_fmt(v, "%llu", (unsigned long long)p->index));
	line(v, t, catalogue_word(v->words, W_AT), view_utc(v, p->at));
	text_fmt(t, "%s\n", SAY(v, "Check with: {0}", "truce audit MISSION"));
}

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	static const enum table_id ids[] = {TABLE_COVERAGE, TABLE_LIMITS,
		TABLE_VIOLATIONS, TABLE_HARM, TABLE_WEAPONS,
		TABLE_RESTRICTIONS, TABLE_NOTIFIED, TABLE_CLAIMS, TABLE_HEALTH};
	struct text out = text_in(a, BUFFER);
	const char *said[SUMMARY_MOST];
	struct view v;
	size_t n;

	out.sink = &sink;
	if (!report_view(r, a, &v, f))
		return false;
	masthead(&v, &out);
	heading(&v, &out, W_SUMMARY);
	n = sentences_summary(&v, said);
	for (size_t i = 0; i < n; i++)
		paragraph(&out, "* ", said[i]);
	text_char(&out, '\n');
	if (!table(&v, &out, TABLE_COUNTS, f))
		return false;
	text_char(&out, '\n');
	if (!table(&v, &out, TABLE_REGIONS, f))
		return false;
	findings(&v, &out);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (!table(&v, &out, ids[i], f))
			return false;
	closing(&v, &out);
	if (v.why.kind != FAULT_NONE) {
		*f = v.why;
		return false;
	}
	return text_flush(&out, f);
}

const struct publisher publisher_txt = {
	.name = "txt",
	.about = "plain text for terminals, mail and screen readers",
	.media_type = "text/plain; charset=utf-8",
	.suffix = "txt",
	.print = print,
};
