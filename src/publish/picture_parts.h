/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * picture_parts.h - what the parts of a picture share: the look of a mark, and
 * where each part lies on the sheet. */
#ifndef PUBLISH_PICTURE_PARTS_H
#define PUBLISH_PICTURE_PARTS_H

#include "publish/phrases.h"
#include "publish/picture.h"
#include "publish/sheet.h"

/* The sheet, px; the section's frame; the two maps'. */
enum {
	SHEET_W = 1400,
	SHEET_H = 990,
	EDGE = 36,
	PANELS_TOP = 142,
	PANELS_END = 822,
	SECTION_X0 = 204,
	SECTION_X1 = 752,
	SECTION_WORDS = 760, /* what is said of each row, up to: */
	SECTION_END = 904,
	MAP_X0 = 936,
	MAP_X1 = 1364,
	OVER_Y1 = 492,
	ZOOM_Y0 = 532,
	PICTURE_ROWS_MAX = 30, /* of the section: 22 px each */
};

/* Okabe and Ito, as svg.h. */
#define INK "#1a1a1a"
#define PALE "#8a8a8a"
#define PAPER "#faf8f3"
#define PICKED "#d55e00"
#define EXPECTED "#0072b2"

/* One and 90 % of a normal, either side. */
#define PICTURE_Z_90 1.6448536269514722

/* The flag of an arrival on its staff. */
void picture_flag(struct text *, double x, double y0, double y1, bool used);
/* A sensor's triangle: full, open, or a cross. */
void picture_sensor(struct text *, double x, double y, enum picture_state);
/* Another that heard it: an open square. */
void picture_other(struct text *, double x, double y);
void picture_star(struct text *, double x, double y, double r);
/* The band that is drawn, most of the used arrivals' own; NAN: none is
 * known. */
void picture_band(const struct picture *, double *low_hz, double *high_hz);
/* "0.12 Pa", "940 counts"; two digits that count. */
void picture_level(struct text *, const struct picture_row *, double value);

const char *picture_lang(const struct picture *);
/* A phrase in the picture's language, and with {0}, {1}, ... filled in. */
const char *picture_tr(const struct picture *, const char *english);
#define PICTURE_SAY(p, t, english, ...)                                       \
	phrase_fill(t, picture_lang(p), picture_tr(p, english),               \
		(const char *const[]){__VA_ARGS__, NULL})

/* The parts. */
MUST_USE bool picture_section(const struct picture *, struct arena *,
	struct text *, struct fault *);
MUST_USE bool picture_maps(const struct picture *, struct arena *,
	struct text *, struct fault *);

#endif
