/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drawings.h - the map and the timeline of a report, as SVG that stands in
 * the page as it is and that drawn.c reads back for paper.
 *
 * Map: equirectangular, true to scale at the box's middle latitude, north up.
 * From below: paper, basemap, zones (neutral, named), hatch where not
 * watched, line with its version, regions of error, marks, labels.  Disputed
 * boundaries and statements of control are never drawn (DESK 9).  Events of
 * one group that would lie on each other become one mark with their number.
 * Labels never overlap a mark or another label and never leave the frame: one
 * that finds no room is left out.
 *
 * Timeline: a lane a group, incidents by hour of their likeliest time; under
 * it the share watched, by the same hours. */
#ifndef PUBLISH_DRAWINGS_H
#define PUBLISH_DRAWINGS_H

#include "publish/report.h"

enum { FIGURE_NOTES = 2, FIGURE_MAX = 16 << 20 /* bytes of SVG */ };

struct figure {
	struct bytes svg;   /* len 0: there is nothing to draw */
	const char *alt;    /* what it shows, in a sentence */
	const char *note[FIGURE_NOTES]; /* plain text, below it */
	size_t notes;
};

MUST_USE bool drawing_map(struct view *, struct figure *, struct fault *);
MUST_USE bool drawing_timeline(struct view *, struct figure *, struct fault *);

#endif
