/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * svg.h - text of XML made safe, and the marks of a drawing.
 *
 * Coordinates are printed with one decimal: a tenth of a pixel of a drawing a
 * thousand wide.  Kinds have a hue and a shape each (Okabe and Ito, "Color
 * universal design", 2008), outlined dark, so that they are told apart in
 * grey and by the colour-blind; how an event was judged shows in the outline
 * alone (breach thick, undetermined or conflict dashed). */
#ifndef PUBLISH_SVG_H
#define PUBLISH_SVG_H

#include "publish/report.h"

/* Escapes for XML text and attributes.  Bytes that are no UTF-8, controls,
 * and marks that turn the direction of writing (U+202A-E, U+2066-9) become
 * U+FFFD, so that no text can disguise what stands beside it. */
void svg_escape(struct text *, const char *);
/* The same for the first n bytes. */
void svg_escape_bytes(struct text *, struct bytes);
/* The same unescaped: for paper. */
void svg_plain(struct text *, struct bytes);
void svg_number(struct text *, double);
/* Advance width in em of text in a common sans-serif face, by code point: an
 * estimate on the wide side (measured against DejaVu Sans, the widest of the
 * faces that are asked for). */
double svg_width_em(const char *);

const char *svg_hue(enum group);
/* A mark of radius r; `outline` of its verdict: "breach", ... or "". */
void svg_mark(struct text *, enum group, double x, double y, double r,
	const char *verdict);
/* A tiny drawing of its own for legends and table cells. */
void svg_icon(struct text *, enum group, const char *verdict);

#endif
