/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * watch.h - what could we have seen?
 *
 * Zero seen is not zero happened.  From what each source delivered (uptime)
 * come health records; from those, looks; and from looks the share of an area
 * and a period that was watched. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "base/text.h"
#include "model/ambient.h"
#include "model/health.h"
#include "model/look.h"
#include "model/mission.h"
#include "model/weather.h"

struct uptime { /* an unbroken stretch in which a source delivered data */
	const char *source;
	struct span span;
	double time_quality; /* percent, worst; NAN not known */
	unsigned flags;      /* of enum segment_flag, any */
	size_t damaged;      /* faults in it */
};

/* Health of every sampled source over a span: up where uptime covers it (gaps
 * shorter than 1 s are none), degraded where the clock is in doubt, down
 * elsewhere.  uptime: sorted by source, then from. */
MUST_USE bool watch_health(const struct mission *, struct span,
	const struct uptime *, size_t count, struct arena *,
	const struct healths *, struct fault *);

struct watch_air { /* what sound meets on its way and where it arrives */
	const struct health *health;   /* by source, then from */
	size_t health_count;
	const struct ambient *ambient; /* by source, then from */
	size_t ambient_count;
	const struct weather *weather;
	size_t weather_count;
	double range_m; /* beyond it no source is asked (locate/hear.h) */
};

/* Looks of the sound network: per cell of the mission's area and piece of
 * time, the probability that `of yield_kg` would have been heard by enough
 * working sources, and the smallest yield for which that is 90 %, `w90_kg`.
 * No look: not observed. */
MUST_USE bool watch_sound(const struct mission *, struct span,
	const struct watch_air *, struct arena *, const struct looks *,
	struct fault *);

/* The ground a drone's or satellite's observations show as watched: from
 * OBSERVATION_FOOTPRINT, OBSERVATION_TRACK with attitude, OBSERVATION_HEAT
 * (a pass that delivered rows did look). Sorted by source, then time. */
MUST_USE bool watch_footprints(const struct mission *,
	const struct observation *, size_t count, struct arena *,
	const struct looks *, struct fault *);

struct coverage { /* of one area, kind and period */
	const char *area;   /* zone name, "all" */
	enum kind kind;
	enum modality modality; /* MODALITY_COUNT: any */
	double watched;     /* share of area x time with pd >= 0.9; 0..1 */
	double partly;      /* share with pd in [0.1, 0.9) */
	double not_watched; /* the rest; the three sum to 1 */
	size_t looks;       /* that saw some of it at some time */
	double pd_least, pd_most; /* theirs; NAN not known */
	const struct look *one;   /* the first of them; NULL: none */
};

/* For each zone and the whole area, each kind the looks speak of. */
MUST_USE bool watch_coverage(const struct mission *, struct span,
	const struct look *, size_t count, struct arena *,
	struct coverage **out, size_t *out_count, struct fault *);

/* What silence means for explosions, in one area and period.  Three things can
 * be said, of shares that make up the whole: heard; not heard, and would have
 * been heard above W90; not observed.  An outage is the third, never quiet. */
struct limit {
	const char *area; /* zone name, "all" */
	double observed;  /* share of area x time with a W90; 0..1 */
	/* W90 that held in half, nine tenths and all of that; NAN: nothing
	 * was observed. */
	double half_kg, most_kg, all_kg;
	size_t heard;     /* of the points given */
};

struct limits {
	struct limit *limit;
	size_t count;
};

/* For the whole area and each zone, from looks of sound.  heard: where
 * explosions of that period were. */
MUST_USE bool watch_limits(const struct mission *, struct span,
	const struct look *, size_t count, const struct ring *heard,
	struct arena *, struct limits *, struct fault *);
/* "not heard over 84 % of area and hours, and would have been heard there ..."
 */
void watch_limit_say(const struct limit *, struct text *);

/* As GeoJSON: cells of the area with their share watched at a moment or over
 * a span; explosions also with their `limit`. */
MUST_USE bool watch_geojson(const struct mission *, struct span, enum kind,
	const struct look *, size_t count, struct arena *, struct text *out,
	struct fault *);

#endif
