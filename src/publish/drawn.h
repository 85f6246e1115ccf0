/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drawn.h - our own SVG, read back and drawn with another brush.
 *
 * The page and the sheet of paper show one drawing, since the second is made
 * of the first: what map.c, timeline.c and picture.c wrote.  Of SVG 1.1 this
 * knows what they write and no more: svg (viewBox), g (clip-path), rect,
 * circle, ellipse, path (M L H V Z, absolute and relative), text, clipPath of
 * one rect, and of style the classes of style_sheet and the attributes fill,
 * stroke and their kin, font-*, text-anchor, transform (translate, rotate).
 * Two patterns are known by name: none-watched*, part-watched*.  An element
 * that it does not know is passed over. */
#ifndef PUBLISH_DRAWN_H
#define PUBLISH_DRAWN_H

#include "base/bytes.h"

struct hatch { /* lines at 45 degrees */
	double every, width;
	uint32_t rgb;
};

struct ink {
	bool fills, strokes;
	uint32_t fill, stroke; /* 0xrrggbb */
	double fill_alpha, stroke_alpha;
	double width, dash[4];
	size_t dashes;
	const struct hatch *hatch; /* instead of a fill; NULL none */
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
struct lettering {
	double px;
	bool bold, italic;
	enum anchor anchor;
	uint32_t rgb;
};

/* Coordinates are those of the viewBox. */
struct brush {
	void *self;
	void (*size)(void *self, double wide, double high); /* first of all */
	void (*move)(void *self, double x, double y);
	void (*line)(void *self, double x, double y);
	void (*shut)(void *self);
	void (*ellipse)(void *self, double x, double y, double rx, double ry,
		double turn_deg);
	void (*ink)(void *self, const struct ink *); /* what was traced */
	void (*clip)(void *self, double x, double y, double w, double h);
	void (*unclip)(void *self);
	void (*text)(void *self, double x, double y, const char *,
		const struct lettering *);
};

/* Size of the viewBox alone; false: there is none. */
bool drawn_size(struct bytes svg, double *wide, double *high);
void drawn(struct bytes svg, const struct brush *);

#endif
