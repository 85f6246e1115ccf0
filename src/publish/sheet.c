/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/sheet.h"

#include <string.h>

#include "base/maths.h"
#include "publish/svg.h"

/* Of a line, to the next. */
#define LEADING 1.4

static bool goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

const char *sheet_cut(
	const char *s, double px, double width, char out[SHEET_CUT])
{
	static const char dots[] = "\xe2\x80\xa6";
	size_t n = strnlen(s, SHEET_CUT - sizeof dots);

	memcpy(out, s, n);
	out[n] = '\0';
	if (!s[n] && svg_width_em(out) * px <= width)
		return out;
	for (;;) {
		while (n > 0 && goes_on(s[n]))
			n--;
		memcpy(out + n, dots, sizeof dots);
		if (n == 0 || svg_width_em(out) * px <= width)
			return out;
		n--;
	}
}

void sheet_text(struct text *t, double x, double y, double px,
	enum sheet_anchor anchor, const char *style, const char *s)
{
	static const char *const anchors[] = {"", " text-anchor=\"middle\"",
		" text-anchor=\"end\""};

	text_add(t, "<text x=\"");
	svg_number(t, x);
	text_add(t, "\" y=\"");
	svg_number(t, y);
	text_add(t, "\" font-size=\"");
	svg_number(t, px);
	text_fmt(t, "\"%s%s%s>", anchors[anchor], *style ? " " : "", style);
	svg_escape(t, s);
	text_add(t, "</text>\n");
}

/* Bytes of the longest run of words that fits; at least one word. */
static size_t line_of(const char *s, double px, double width)
{
	size_t best = 0, n = 0;
	char at[SHEET_CUT];

	while (s[n]) {
		n += strcspn(s + n, " ");
		if (n >= sizeof at)
			break;
		memcpy(at, s, n);
		at[n] = '\0';
		if (best > 0 && svg_width_em(at) * px > width)
			break;
		best = n;
		n += strspn(s + n, " ");
	}
	return best ? best : strlen(s);
}

size_t sheet_lines(struct text *t, double x, double y, double px, double width,
	const char *style, const char *s)
{
	size_t lines = 0;

	s += strspn(s, " ");
	while (*s) {
		size_t n = line_of(s, px, width);
		char line[SHEET_CUT], cut[SHEET_CUT];
		size_t k = n < sizeof line - 1 ? n : sizeof line - 1;

		memcpy(line, s, k);
		line[k] = '\0';
		sheet_text(t, x, y + (double)lines * px * LEADING, px,
			SHEET_START, style, sheet_cut(line, px, width, cut));
		lines++;
		s += n + strspn(s + n, " ");
	}
	return lines;
}

bool sheet_take(struct sheet_room *r, struct sheet_box b)
{
	if (r->count == SHEET_TAKEN_MAX)
		return false;
	r->taken[r->count++] = b;
	return true;
}

bool sheet_free(const struct sheet_room *r, const struct sheet_box *b)
{
	if (b->x0 < r->frame.x0 || b->x1 > r->frame.x1 ||
		b->y0 < r->frame.y0 || b->y1 > r->frame.y1)
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (b->x0 < r->taken[i].x1 && b->x1 > r->taken[i].x0 &&
			b->y0 < r->taken[i].y1 && b->y1 > r->taken[i].y0)
			return false;
	return true;
}

/* On a scrap of paper rather than with a halo: some PDF engines draw the halo
 * over the letters. */
static void scrap(struct text *t, const struct sheet_box *b,
	const struct sheet_word *w)
{
	text_fmt(t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\" fill=\"#faf8f3\" "
		    "fill-opacity=\"0.8\"/>", b->x0, b->y0, b->x1 - b->x0,
		b->y1 - b->y0);
	sheet_text(t, (b->x0 + b->x1) / 2,
		(b->y0 + b->y1) / 2 + w->px * 0.36, w->px, SHEET_MIDDLE,
		w->style, w->text);
}

bool sheet_label(struct text *t, struct sheet_room *r, double x, double y,
	const struct sheet_word *word)
{
	static const int way[8][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1},
		{1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
	double w = svg_width_em(word->text) * word->px + 4;
	double h = word->px * 1.2;

	for (size_t i = 0; i < 16; i++) {
		double d = word->gap + (i < 8 ? 0 : word->px);
		int side = word->left ? -way[i % 8][0] : way[i % 8][0];
		double cx = x + side * (d + w / 2);
		double cy = y + way[i % 8][1] * (d + h / 2);
		struct sheet_box b = {cx - w / 2, cy - h / 2, cx + w / 2,
			cy + h / 2};

		if (!sheet_free(r, &b) || !sheet_take(r, b))
			continue;
		scrap(t, &b, word);
		return true;
	}
	return false;
}

double sheet_round(double most)
{
	double step = 1;

	if (!(most > 0) || !isfinite(most))
		return 1;
	while (step > most)
		step /= 10;
	while (step * 10 <= most)
		step *= 10;
	return step * (most / step >= 5 ? 5 : most / step >= 2 ? 2 : 1);
}
