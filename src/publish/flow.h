/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flow.h - text that flows down sheets of paper: what pdf.c and its tables
 * share.
 *
 * A heading is held back until what follows is known to fit below it, so that
 * none stands alone at the foot of a sheet. */
#ifndef PUBLISH_FLOW_H
#define PUBLISH_FLOW_H

#include "publish/document.h"
#include "publish/press.h"

enum { FLOW_LINES = 4096 }; /* of one text */

struct flow {
	struct press *press;
	struct view *v;
	struct arena *arena;
	double wide, high; /* of the sheet, pt */
	double y;          /* next free */
	int sheet;
	bool turned, turn_asked;
	const char *foot;  /* at the foot of each sheet */
	const char *held;  /* a heading, or "" */
	int held_level;
	struct annex *annex; /* of pdf.c */
};

#define FLOW_EDGE 42.5 /* 15 mm */
#define FLOW_FOOT 51.0 /* 18 mm */
#define INK_TEXT 0x1a1a1au
#define INK_NOTE 0x555555u
#define INK_HAIR 0xd9d5ccu

/* Between the edges of the sheet that is written on next. */
double flow_width(const struct flow *);
double flow_bottom(const struct flow *);
void flow_sheet(struct flow *); /* the next one */
/* That much room, below the heading that is held, which is set now. */
void flow_room(struct flow *, double high);
void flow_heading(struct flow *, int level, const char *);
const char *flow_capital(struct flow *, const char *);
/* A paragraph within a tag, from x, that wide; over sheets where need be. */
void flow_text(struct flow *, const char *tag, struct type, double x,
	double wide, const char *);
/* Its height, without setting it. */
double flow_height(struct flow *, struct type, double wide, const char *);
double flow_leading(struct type);

void flow_table(struct flow *, const struct table *);

#endif
