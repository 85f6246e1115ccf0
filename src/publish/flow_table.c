/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/flow.h"

#include "base/maths.h"
#include "publish/svg.h"

/* SAMPLE rows tell how wide the columns are; PAD between columns. */
enum { SAMPLE = 400, CELL_LINES = 1024 };
#define PAD 7.0
#define ICON 8.0
#define ROW_AIR 4.6
#define NARROW 90.0

static const struct type plain = {FACE_PLAIN, 7.3, INK_TEXT};
static const struct type bold = {FACE_BOLD, 7.1, INK_TEXT};
static const struct type group_type = {FACE_BOLD, 7.6, INK_TEXT};

struct inset {
	const char *text;
	struct press_line *line;
	size_t lines;
};

struct grid {
	struct flow *w;
	const struct table *t;
	double x[TABLE_COLUMNS], wide[TABLE_COLUMNS]; /* 0: not on paper */
	double head_high;
	struct inset head[TABLE_COLUMNS];
};

static bool on_paper(const struct table *t, size_t c)
{
	return (t->column[c].where & ON_PAGE) != 0;
}

static bool is_right(const struct table *t, size_t c)
{
	return strcmp(t->column[c].key, "number") == 0;
}

static double icon_room(const struct table *t, size_t r, size_t c)
{
	return t->row[r].icon >= 0 && c == t->icon_at ? ICON + 2 : 0;
}

static const char *said(struct grid *g, size_t r, size_t c)
{
	const char *s = g->t->row[r].cell[c];

	if (!s)
		return "";
	if (strcmp(g->t->column[c].key, "incident") == 0)
		s = table_short_id(g->w->v, s);
	return press_safe(g->w->press, g->w->arena, s);
}

static const char *head_of(struct grid *g, size_t c)
{
	return press_safe(g->w->press, g->w->arena,
		flow_capital(g->w, g->t->column[c].heading));
}

/* What each column needs (its widest word) and would like. */
static void measure(struct grid *g, double *least, double *most)
{
	size_t every = g->t->rows / SAMPLE + 1;

	for (size_t c = 0; c < g->t->columns; c++) {
		struct press *p = g->w->press;
		const char *h = head_of(g, c);

		least[c] = most[c] = 0;
		if (!on_paper(g->t, c))
			continue;
		least[c] = press_word(p, bold, h);
		most[c] = fmin(press_width(p, bold, h, strlen(h)),
			2 * least[c]);
		for (size_t r = 0; r < g->t->rows; r += every) {
			size_t mark = g->w->arena->used;
			const char *s = said(g, r, c);
			double icon = icon_room(g->t, r, c);

			least[c] = fmax(least[c],
				press_word(p, plain, s) + icon);
			most[c] = fmax(most[c],
				press_width(p, plain, s, strlen(s)) + icon);
			g->w->arena->used = mark;
		}
		least[c] += 0.5;
		most[c] = fmax(most[c] + 0.5, least[c]);
	}
}

/* Each gets what it needs; what is left goes where text is long, but a column
 * of long text counts no more than 260 pt of it while others want some. */
static void share_out(struct grid *g)
{
	double least[TABLE_COLUMNS], most[TABLE_COLUMNS];
	double need = 0, like = 0, all = 0, x = FLOW_EDGE;
	double room = flow_width(g->w);
	size_t n = table_page_columns(g->t);

	measure(g, least, most);
	room -= PAD * (double)(n - 1);
	for (size_t c = 0; c < g->t->columns; c++)
		all += most[c];
	for (size_t c = 0; c < g->t->columns; c++) {
		least[c] = fmin(least[c], room / 4);
		most[c] = fmax(least[c],
			fmin(most[c], fmax(260, room - (all - most[c]))));
		need += least[c];
		like += most[c] - least[c];
	}
	/* A narrow column is not broken for the sake of a wide one. */
	for (size_t c = 0; c < g->t->columns; c++) {
		double more = most[c] - least[c];

		if (most[c] > NARROW || more > (room - need) / 4)
			continue;
		least[c] = most[c];
		need += more;
		like -= more;
	}
	for (size_t c = 0; c < g->t->columns; c++) {
		double spare = room - need;
		double w = spare < 0 ? least[c] * room / need
			: like <= spare
			? fmax(most[c], least[c])
			: least[c] + spare * (most[c] - least[c]) / like;

		g->wide[c] = on_paper(g->t, c) ? w : 0;
		g->x[c] = x;
		if (on_paper(g->t, c))
			x += g->wide[c] + PAD;
	}
}

static void cell_break(struct grid *g, struct type type, const char *s,
	double wide, struct inset *out)
{
	struct press_line at[CELL_LINES];
	struct fault f;
	size_t n = press_break(g->w->press, type, s, wide, at, CELL_LINES);

	n = n < CELL_LINES ? n : CELL_LINES;
	*out = (struct inset){.text = s};
	out->line = arena_array(g->w->arena, n + 1, sizeof *out->line, &f);
	if (!out->line)
		return;
	memcpy(out->line, at, n * sizeof *at);
	out->lines = n;
}

static size_t tallest(const struct grid *g, const struct inset *cell)
{
	size_t n = 0;

	for (size_t c = 0; c < g->t->columns; c++)
		if (on_paper(g->t, c) && cell[c].lines > n)
			n = cell[c].lines;
	return n;
}

/* Lines from..to of every cell. */
static void set_cells(struct grid *g, const struct inset *cell,
	struct type type, const char *tag, size_t from, size_t to,
	const double *indent)
{
	struct press *p = g->w->press;
	double step = flow_leading(type);

	press_tag(p, "TR");
	for (size_t c = 0; c < g->t->columns; c++) {
		if (!on_paper(g->t, c))
			continue;
		press_tag(p, tag);
		for (size_t i = from; i < to && i < cell[c].lines; i++) {
			struct press_line l = cell[c].line[i];
			double x = g->x[c] + (indent ? indent[c] : 0);

			if (is_right(g->t, c))
				x = g->x[c] + g->wide[c] - press_width(p, type,
					cell[c].text + l.from, l.len);
			press_text(p, type, x, g->w->y + type.pt +
				step * (double)(i - from),
				cell[c].text + l.from, l.len);
		}
		press_untag(p, tag);
	}
	press_untag(p, "TR");
	g->w->y += step * (double)(to - from);
}

static void set_head(struct grid *g)
{
	set_cells(g, g->head, bold, "TH", 0, tallest(g, g->head), NULL);
	g->w->y += 2.5;
	press_rule(g->w->press, FLOW_EDGE, g->w->y, flow_width(g->w), 0.9,
		INK_TEXT);
	g->w->y += 1.5;
}

static void next_sheet(struct grid *g)
{
	flow_sheet(g->w);
	set_head(g);
}

static void set_group(struct grid *g, const char *s)
{
	struct press *p = g->w->press;

	press_fill(p, FLOW_EDGE, g->w->y, flow_width(g->w), 13, 0xf1eee7);
	press_tag(p, "TR");
	press_tag(p, "TD");
	press_text(p, group_type, FLOW_EDGE + 3, g->w->y + 9.4, s, strlen(s));
	press_untag(p, "TD");
	press_untag(p, "TR");
	g->w->y += 13;
}

static void set_icon(struct grid *g, size_t r)
{
	const struct table_row *row = &g->t->row[r];
	char at[1024];
	struct text t = text_on(at, sizeof at);

	if (row->icon < 0 || !on_paper(g->t, g->t->icon_at))
		return;
	svg_icon(&t, (enum group)row->icon, row->mark);
	(void)press_drawing(g->w->press, text_view(&t), g->x[g->t->icon_at],
		g->w->y + 0.8, ICON);
}

/* A row that is taller than a sheet goes on where it must; any other starts
 * a sheet when it does not fit. */
static void set_row(struct grid *g, size_t r, const char *group)
{
	struct inset cell[TABLE_COLUMNS] = {{0}};
	double indent[TABLE_COLUMNS] = {0}, step = flow_leading(plain);
	size_t n, from = 0;
	double extra = group ? 13 : 0;

	for (size_t c = 0; c < g->t->columns; c++) {
		if (!on_paper(g->t, c))
			continue;
		indent[c] = icon_room(g->t, r, c);
		cell_break(g, plain, said(g, r, c), g->wide[c] - indent[c],
			&cell[c]);
	}
	n = tallest(g, cell);
	if (g->w->y + extra + (double)(n < 40 ? n : 3) * step + ROW_AIR >
		flow_bottom(g->w))
		next_sheet(g);
	if (group)
		set_group(g, group);
	g->w->y += ROW_AIR / 2;
	set_icon(g, r);
	while (from < n) {
		double room = flow_bottom(g->w) - g->w->y - ROW_AIR / 2;
		size_t fit = room > 0 ? (size_t)(room / step) : 0;
		size_t to = from + fit < n ? from + fit : n;

		set_cells(g, cell, plain, "TD", from, to > from ? to : from + 1,
			indent);
		from = to > from ? to : from + 1;
		if (from < n)
			next_sheet(g);
	}
	g->w->y += ROW_AIR / 2;
	press_rule(g->w->press, FLOW_EDGE, g->w->y, flow_width(g->w), 0.5,
		INK_HAIR);
}

void flow_table(struct flow *w, const struct table *t)
{
	struct grid *g;
	size_t begun = w->arena->used;
	const char *group = "";
	struct fault f;

	flow_room(w, 60); /* turns the sheet where that is asked */
	g = arena_take(w->arena, sizeof *g, &f);
	if (!g)
		return;
	g->w = w;
	g->t = t;
	share_out(g);
	for (size_t c = 0; c < t->columns; c++)
		if (on_paper(t, c))
			cell_break(g, bold, head_of(g, c), g->wide[c],
				&g->head[c]);
	press_tag(w->press, "Table");
	w->y += 4;
	set_head(g);
	for (size_t r = 0; r < t->rows; r++) {
		size_t mark = w->arena->used;
		bool other = strcmp(t->row[r].group, group) != 0;

		group = t->row[r].group;
		set_row(g, r, other ? group : NULL);
		w->arena->used = mark;
	}
	press_untag(w->press, "Table");
	w->y += 4;
	w->arena->used = begun;
}
