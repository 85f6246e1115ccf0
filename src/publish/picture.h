/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * picture.h - one located sound on one sheet: who heard it, and where it was.
 *
 * Left a record section: what each working sensor in range recorded, nearest
 * first, each moved back by its distance over the speed of sound, so that one
 * sound stands in one column; with the arrival that was used, and when it was
 * expected, wind and all.  Right two maps: the sensors and what is around
 * them; and the posterior, the ring of its 90 % and the recorded ellipse.
 *
 * SVG by itself: no script, no font or file from elsewhere.  The same picture
 * gives the same bytes.  Colour is never alone: marks differ in shape, lines
 * in their dashes.  A4 landscape: 1 px is a fifth of a millimetre. */
#ifndef PUBLISH_PICTURE_H
#define PUBLISH_PICTURE_H

#include "base/text.h"
#include "model/fit.h"
#include "model/incident.h"
#include "model/mission.h"

enum picture_state {
	PICTURE_HEARD,  /* its arrival was used */
	PICTURE_APART,  /* it reported something near the expected time, which
	                 * was not used: an echo, another sound */
	PICTURE_SILENT, /* it was working and reported nothing */
	PICTURE_DOUBTED, /* quarantined: what it says is not believed */
	PICTURE_OUT,    /* it was not working */
};

struct picture_stretch { /* samples without a gap, before any filter */
	struct instant start;
	const float *value;
	size_t count;
};

struct picture_row { /* one sensor */
	const struct source *source;
	enum picture_state state;
	const char *why;       /* of the last two: "down: no data" */
	double d_m, travel_s;  /* travel as expected */
	double sigma_s;        /* of an arrival there; NAN not known */
	double pd;             /* that it reports it; NAN: under a tenth */
	const struct detection *used; /* NULL: none */
	double late_s, weight; /* of it: after the expected time; robust */
	const struct near *near; /* all arrivals near, by time */
	size_t near_count;
	/* What it recorded. */
	double rate_hz, scale; /* scale to Pa or m/s; NAN not known */
	const struct picture_stretch *stretch;
	size_t stretches;
	const char *missing;   /* why there is nothing to draw; or NULL */
};

struct picture {
	const struct mission *mission;
	const char *lang; /* "fr"; NULL: English */
	const struct incident *incident; /* as recorded */
	struct incident sound; /* as located anew: time, place with cells */
	double speed_ms;       /* of sound, that fits best */
	double range_m;        /* nothing is heard beyond */
	bool same;             /* located anew from all that is recorded */
	struct picture_row *row; /* by distance, then id */
	size_t rows;
	const struct far *far; /* what others than nodes heard of it */
	size_t far_count;
};

/* What a row says of its sensor in a few words: "+12 ms, 0.8 sigma",
 * "silent; 63 % expected", "down: no data". */
void picture_words(const struct picture_row *, const char *lang,
	struct text *);
/* How long before and after the expected time the section shows, seconds. */
void picture_window(const struct picture *, double *from_s, double *to_s);

MUST_USE bool picture_svg(const struct picture *, struct arena *,
	struct text *, struct fault *);

#endif
