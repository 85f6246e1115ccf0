/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sheet.h - words on a drawing: cut to a width, broken into lines, and put
 * where they lie on nothing else.
 *
 * Widths are those of svg_width_em(), an estimate on the wide side, so what
 * fits here fits in any common sans-serif face. */
#ifndef PUBLISH_SHEET_H
#define PUBLISH_SHEET_H

#include "base/text.h"

enum { SHEET_CUT = 512, SHEET_TAKEN_MAX = 1024 };

struct sheet_box {
	double x0, y0, x1, y1;
};

struct sheet_room { /* what is taken of a frame */
	struct sheet_box frame;
	struct sheet_box taken[SHEET_TAKEN_MAX];
	size_t count;
};

/* s itself, or as much as fits and an ellipsis; whole code points. */
const char *sheet_cut(
	const char *s, double px, double width, char out[SHEET_CUT]);

enum sheet_anchor { SHEET_START, SHEET_MIDDLE, SHEET_END };
/* A text element, escaped; style: further attributes, "" none. */
void sheet_text(struct text *, double x, double y, double px,
	enum sheet_anchor, const char *style, const char *s);
/* A paragraph from the first line's base line down; returns how many lines. */
size_t sheet_lines(struct text *, double x, double y, double px, double width,
	const char *style, const char *s);

/* false: it was full, and the box is not kept free. */
bool sheet_take(struct sheet_room *, struct sheet_box);
bool sheet_free(const struct sheet_room *, const struct sheet_box *);
struct sheet_word { /* to be put beside a point */
	const char *text, *style;
	double px, gap; /* gap: from the point to the word */
	bool left;      /* rather to the left */
};
/* At one of eight places and two distances, on a scrap of paper; false: there
 * was room at none, and nothing was drawn. */
bool sheet_label(struct text *, struct sheet_room *, double x, double y,
	const struct sheet_word *);

/* The largest of 1, 2, 5 times a power of ten that is not above. */
double sheet_round(double most);

#endif
