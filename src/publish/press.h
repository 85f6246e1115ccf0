/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * press.h - sheets of paper with text and drawings on them, as a PDF.
 *
 * The one file that sees cairo, pango and fontconfig.  Points of 1/72 inch,
 * from a sheet's upper left corner down.  Fonts are the three files named in
 * press.c and no other: neither the system's configuration of fonts, nor a
 * home's, nor an environment variable decides which; so the same calls give
 * the same bytes wherever those files and libraries are the same.  They are
 * the one thing that this room reads of the world.
 *
 * Text of Latin, Greek and Cyrillic letters is set by us, from the fonts'
 * advances (a table of 10,000 rows in a second); what holds anything else
 * goes through pango.  Bytes that are no UTF-8, controls and marks that turn
 * the direction of writing are shown as U+FFFD.
 *
 * Everything that is read aloud lies within a tag (PDF 1.7, 14.8.4); leaves
 * must begin and end on one sheet.  The first trouble is kept, and said by
 * press_close(). */
#ifndef PUBLISH_PRESS_H
#define PUBLISH_PRESS_H

#include "base/arena.h"
#include "base/sink.h"

enum face { FACE_PLAIN, FACE_BOLD, FACE_ITALIC, FACES };
struct type {
	enum face face;
	double pt;
	uint32_t rgb;
};
struct press_line { /* of a text: a part of its bytes */
	size_t from, len;
};
struct press_paper {
	const char *title, *subject, *lang;
	const char *created; /* "2026-02-03T17:30:00Z" */
};
struct press;

MUST_USE bool press_open(struct press **, const struct press_paper *,
	struct sink, struct arena *, struct fault *);
MUST_USE bool press_close(struct press *, struct fault *);

void press_sheet(struct press *, double wide, double high); /* a new one */
void press_tag(struct press *, const char *name);
/* The tag "Figure", with a text (press_safe) that is read in its place. */
void press_figure(struct press *, const char *alt);
void press_untag(struct press *, const char *name);

/* Text made safe, in the arena where it has to be changed: what the calls
 * below that take lines want. */
const char *press_safe(struct press *, struct arena *, const char *);
double press_width(struct press *, struct type, const char *, size_t n);
/* Widest word of a text: what a column needs at least. */
double press_word(struct press *, struct type, const char *);
/* Lines no wider than that; words that are wider are broken.  Returns how
 * many there are, of which at most `most` are stored. */
size_t press_break(struct press *, struct type, const char *, double wide,
	struct press_line *, size_t most);
/* y: the base line. */
void press_text(struct press *, struct type, double x, double y, const char *,
	size_t n);
void press_rule(struct press *, double x, double y, double wide, double thick,
	uint32_t rgb);
/* An outline; dashed: of an undetermined thing. */
void press_frame(struct press *, double x, double y, double w, double h,
	double thick, bool dashed);
void press_fill(struct press *, double x, double y, double w, double h,
	uint32_t rgb);
/* Our SVG, that wide; returns its height. */
double press_drawing(
	struct press *, struct bytes svg, double x, double y, double wide);

#endif
