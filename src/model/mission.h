/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mission.h - what a mission is: its area, clocks, parties and sources, as
 * read from mission.yaml, sensors.csv and geo/.  All borrowed from the arena
 * it was loaded into.  Offsets of the time zone come as a table, computed by
 * the porch from a named tzdata version, so no pure room looks at a zone. */
#ifndef MODEL_MISSION_H
#define MODEL_MISSION_H

#include "model/source.h"

enum { PARTIES_MAX = 8, MISSION_YIELDS = 4 };

struct zone_offset { /* from this moment on, until the next row */
	struct instant from;
	int32_t east_s;
	char abbreviation[8]; /* "EET" */
};

struct party {
	const char *id;   /* "A" */
	const char *name; /* "Party A" */
};

enum shape_role { SHAPE_LINE, SHAPE_ZONE, SHAPE_BASEMAP, SHAPE_CONTROL };

struct shape { /* a geometry file of geo/, or a part of one */
	const char *name;  /* as it says; file name without ending, "loc" */
	const char *name_uk, *name_ru, *name_fr; /* "" not stated */
	const char *file;  /* "geo/loc.geojson" */
	struct digest sha256; /* of the file */
	const char *version, *class_, *party; /* properties; "" not stated */
	enum shape_role role;
	const struct ring *ring; /* polygons' outer rings, or open lines */
	size_t ring_count;
	bool closed; /* polygons */
};

struct town { /* of the gazetteer */
	const char *name;    /* in the mission's first language */
	const char *name_uk, *name_ru, *name_fr, *former; /* "" not known */
	double lat_deg, lon_deg;
	int64_t population;  /* COUNT_UNKNOWN */
	const char *control; /* "A", "B", "" as of control_at */
};

struct called { /* a line or zone of the agreement, as its map names it */
	const char *id;   /* the agreement's word, "loc" */
	const char *name; /* "line of contact", and in other languages */
	const char *name_uk, *name_ru, *name_fr; /* "" not known */
};

struct mission {
	const char *name, *title;
	const char *timezone, *tzdata; /* "Europe/Kyiv", "2026b" */
	const struct zone_offset *offset; /* ascending */
	size_t offset_count;
	int cutoff_minute;   /* local, minutes after midnight: 19:30 is 1170 */
	bool weekend_joins;  /* Friday's cut-off to Monday's is one period */
	bool exercise;       /* it says so, or the simulator made it */
	double south, west, north, east; /* the area's box, degrees */
	struct ring area;    /* its polygon, or none */
	struct party party[PARTIES_MAX];
	size_t party_count;
	const struct source *source; /* sorted by id */
	size_t source_count;
	const struct shape *shape;
	size_t shape_count;
	const struct called *called; /* of the agreement, once it is bound */
	size_t called_count;
	const struct town *town;
	size_t town_count;
	struct instant control_at; /* date of the control statement */
	const char *agreement; /* file name, "agreement.terms" */
	const char *pledges;   /* file name, "pledges.pledges"; may be absent */
	double public_cell_m;  /* generalisation for level public */
	int reply_h; /* hours that parties have for a reply (reply.h); 0 none */
	double yield_kg[MISSION_YIELDS]; /* explosions that looks are told of,
	                                  * ascending; none: 1 kg */
	size_t yield_count;
};

/* Seconds east of UTC at a moment; *abbreviation may be NULL. */
int32_t mission_offset(const struct mission *, struct instant,
	const char **abbreviation);
/* "2026-02-03 19:30 EET" */
const char *mission_local(
	const struct mission *, struct instant, char out[INSTANT_TEXT]);

/* The reporting period (R1): an object, never a day. */
struct period {
	int number;          /* n-th cut-off of its local year, from 1 */
	int year;            /* local year of the closing cut-off */
	struct span span;
	int evenings;        /* cut-offs it covers, 1..4 */
	char label[16];      /* "034/2026" */
};

/* The period whose span holds t. */
struct period period_at(const struct mission *, struct instant t);
struct period period_before(const struct mission *, const struct period *);
/* "034/2026", or the local date of the closing cut-off, "2026-02-03". */
MUST_USE bool period_named(const struct mission *, const char *text,
	struct period *, struct fault *);

#endif
