/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report.h - what every publisher prints, prepared once.
 *
 * report_view() takes a report and makes of it what its level may show: each
 * incident as an event with its words, the findings in order, the counts per
 * kind beside coverage and the period before.  Publishers lay it out and
 * withhold nothing of their own accord.
 *
 * Levels.  public: places are the centres of cells of mission->public_cell_m
 * (10 km where that is not set), with the cell added to the error; evidence,
 * silent sources, features, traces and all that a person wrote is left out,
 * and sources are named by kind.  parties: places as recorded; what points to
 * a person (observer, report, notes, the observer's position) is left out.
 * mission, restricted: everything.
 *
 * Order of events: region (zone), reference town, time, id; those without a
 * place last.  An event is set apart when a notified activity or another
 * exception explains it and no rule is found broken or undecided, or when its
 * kind is none of war (thunder, earthquake, ...).  Rejected incidents are
 * counted and not shown.  A count that is not stated adds to `uncounted`,
 * never to the sum. */
#ifndef PUBLISH_REPORT_H
#define PUBLISH_REPORT_H

#include "publish/catalogue.h"
#include "publish/publish.h"

enum group { /* of kinds: one hue and one shape each */
	GROUP_EXPLOSION,
	GROUP_SMALL_ARMS,
	GROUP_LIGHT, /* projectile, muzzle flash, flare */
	GROUP_FIRE,
	GROUP_AIR,   /* flight, vessel, vehicle */
	GROUP_WEAPON,
	GROUP_RESTRICTION,
	GROUP_OTHER,
	GROUP_COUNT,
};
enum group report_group(enum kind);
const char *report_group_name(enum group); /* "explosions" */

enum section { /* the table an event stands in */
	SECTION_EVENTS,
	SECTION_WEAPONS,
	SECTION_HARM,
	SECTION_RESTRICTIONS,
	SECTION_NOTIFIED,
};

struct event {
	struct incident incident; /* as this level may show it */
	enum kind kind;
	enum group group;
	enum section section;
	bool judged;
	enum verdict verdict; /* the gravest: breach, conflict, undetermined,
	                       * no breach, not applicable */
	const char *cause;    /* of the exception that explains it, or "" */
	const char *region, *town; /* "" : outside the zones; none */
	const struct finding *finding;
	size_t finding_count;
	const char *position, *place, *means, *number, *observation;
	const char *description, *weapon, *time, *plus_minus, *judgement;
	double half_s; /* half of from..to, NAN not known */
};

struct tally { /* of one kind in one period */
	struct count sum; /* of the stated counts */
	size_t incidents, uncounted;
};

struct kind_row { /* counts beside coverage */
	enum kind kind;
	struct tally now, apart, before; /* apart is a part of now */
	double watched, watched_before;  /* 0..1, NAN not known */
	bool comparable; /* both known, at most 10 points apart */
};

struct view {
	const struct report *report;
	const struct mission *mission;
	const struct catalogue *words, *speaker; /* headings, sentences */
	struct arena *arena;
	struct event *event; /* not rejected */
	size_t event_count;
	struct finding *finding; /* of those events, in their order */
	size_t finding_count;
	struct kind_row kind[KIND_COUNT];
	size_t kind_count; /* those that are printed */
	size_t rejected, rejected_before, before_count, apart_count, unplaced;
	size_t verdicts[VERDICT_COUNT];
	size_t failing; /* sources that were not up throughout */
	struct fault why; /* the first trouble, kind NONE while well */
};

MUST_USE bool report_view(const struct report *, struct arena *,
	struct view *, struct fault *);

/* Text kept in the arena; "" and view->why set when it is full. */
const char *view_keep(struct view *, const struct text *);
PRINTF(2, 3) const char *view_fmt(struct view *, const char *fmt, ...);
/* Whole up to n bytes; else what fits of its letters, and three dots. */
const char *view_cut(struct view *, const char *, size_t n);
/* An English phrase in the view's language (phrases.h); with {0}, {1}, ...
 * filled in from arg, which NULL ends. */
const char *view_tr(const struct view *, const char *english);
const char *view_say(
	struct view *, const char *english, const char *const *arg);
/* The same of a phrase in that language already. */
const char *view_fill(
	struct view *, const char *said, const char *const *arg);
#define SAY(v, english, ...)                                                  \
	view_say(v, english, (const char *const[]){__VA_ARGS__, NULL})
/* "99.2", with a comma where the language has one. */
const char *view_decimal(struct view *, double, int digits);
/* "; " or ": ", as the language sets it off from the word before. */
const char *view_mark(const struct view *, char mark);
/* A record's word, "no_breach" as "no breach", in the view's language. */
const char *view_spoken(struct view *, const char *name);
/* Of a short interval its middle, +- half of it; else both ends. */
const char *view_interval(struct view *, struct span);
/* A person's words in quotation marks. */
const char *view_quoted(struct view *, const char *words);
/* A zone or line of the mission by its name in the view's language. */
const char *view_area(const struct view *, const char *name);
const char *view_town(const struct view *, const struct town *);
/* A place by its reference town, in the view's language; "" without one. */
const char *view_where(struct view *, double lat_deg, double lon_deg);
/* The judge's sentence, its lines and zones by their names (called.h). */
const char *view_named(struct view *, const char *sentence);
/* "2026-02-03 06:05:06 EET", or the word for not known. */
const char *view_local(struct view *, struct instant);
/* "2026-02-03 04:05:06 UTC" */
const char *view_utc(struct view *, struct instant);
/* "38 %", "under 1 %", "over 99 %" or the word for not known. */
const char *view_share(struct view *, double share);
/* "at least 5", "about 10", "5 to 8", "not countable", "not stated". */
const char *view_number(struct view *, struct count);
const char *view_tally(struct view *, const struct tally *);
/* "+6", "-2 to +3", "no change", or the word for not comparable. */
const char *view_change(struct view *, const struct kind_row *);
/* "4 min", "2 h 05 min" */
const char *view_duration(struct view *, struct span);
/* How a source is named at this level. */
const char *view_source(struct view *, const char *id);
/* A place as this level may show it. */
struct place view_place(const struct view *, const struct place *);
/* Share watched of an area by kind; NAN when there is no row. */
double coverage_share(const struct report_part *, const char *area, enum kind);
/* Name of the smallest zone that holds a place (as the level shows it); "". */
const char *view_region(const struct view *, const struct place *);
/* Two shares that are both known and at most 10 points apart. */
bool report_comparable(double a, double b);
void tally_add(struct tally *, struct count);
/* "Party A" of "A"; the id itself when there is no such party. */
const char *view_party(const struct view *, const char *id);

#endif
