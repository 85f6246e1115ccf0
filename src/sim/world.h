/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * world.h - what is true in a scenario: where the sensors stand and how they
 * fail, what explodes, burns, flies and is said.
 *
 * A scenario fills a world; wire.c, flight.c, sheets.c and folder.c each
 * write their part of it as bytes and add to the truth.  Places are metres
 * east and north of the world's origin; all times are true UTC. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "base/json.h"
#include "geo/frame.h"
#include "sim/philox.h"
#include "sim/sim.h"

enum {
	NODE_RUNS = 8,
	NODE_FLAWS = 4,
	WORLD_NAME = 24,
	BLOCK_HOURS = 3, /* of sound a file */
	PATROLS_MAX = 8,
	OWN_NOTICES = 4,
	AIR_TURNS = 3, AIR_WAVES = 4,
};

struct node_run { /* a stretch in which a node delivers */
	struct span span;
	double clock_s; /* its clock less the true time */
	int quality;    /* percent, as it says itself */
};

enum flaw_sort {
	FLAW_NONE,
	/* Of the file that holds the span's beginning. */
	FLAW_FILE_TWICE, FLAW_FILE_LATE, FLAW_RECORD_DAMAGED,
	/* Of every file that the span meets. */
	FLAW_RECORDS_TWICE, FLAW_RECORDS_SHUFFLED, FLAW_BYTES_DAMAGED,
	/* Of the clock; `size` in seconds, ppm, seconds a root hour. */
	FLAW_CLOCK_STEP, FLAW_CLOCK_DRIFT, FLAW_CLOCK_WALK,
	FLAW_GNSS_LOST,  /* it says so, and drifts by `size` ppm */
	FLAW_SPOOFED,    /* its time jumps by `size` s, and it says nothing */
	/* Of the samples. */
	FLAW_RAIL,       /* stuck at the digitiser's end */
	FLAW_GAIN,       /* times `size` */
	FLAW_FLIP,
	FLAW_MOVED,      /* stands `size` m from where sensors.csv says */
	FLAW_LOOP,       /* repeats its first `size` s */
	FLAW_REPLAY,     /* sends again what it heard `size` s ago */
	FLAW_SORTS,
};

struct flaw {
	enum flaw_sort sort;
	struct span span;
	double size;
};

struct node {
	char id[WORLD_NAME];     /* "XT_W01_00" */
	char station[8];         /* "W01" */
	const char *channel;     /* "EDF": 80 to 250 Hz, pressure, outside */
	const char *kind;        /* of sensors.csv */
	const char *owner, *host, *array;
	struct xy at;            /* as sensors.csv says */
	double elev_m;
	int rate_hz;
	/* A seismometer counts in units of 1 um/s, which is about what 1 Pa
	 * of passing sound does to soil (1 to 10; Edwards et al. 2007): so
	 * wind and sound need no second model. */
	double counts_per_pa;
	bool ground;             /* a seismometer */
	struct node_run run[NODE_RUNS];
	size_t run_count;
	double hum_pa, hum_hz;   /* of a motor nearby, or mains; 0 none */
	double clip_pa;          /* of the microphone; 0: as the digitiser */
	struct flaw flaw[NODE_FLAWS];
	size_t flaw_count;
};

/* The true air at a moment, see sky.h. */
struct sky {
	double temperature_c, humidity_pct, pressure_hpa;
	double wind_ms, wind_from_deg; /* at 10 m */
	double east_ms, north_ms;      /* of the layer that carries sound */
};

enum act_sort { /* what makes the sound */
	ACT_BLAST,   /* at the ground */
	ACT_MUZZLE,  /* a gun's, towards heading_deg */
	ACT_SHOCK,   /* of a projectile: from `at`, over range_m */
	ACT_THUNDER, /* a channel over `at`, length range_m */
	ACT_QUARRY,  /* holes one after the other: ground, weak air wave */
	ACT_QUAKE,   /* height_m below 0; size: magnitude */
	ACT_BOOM,    /* aircraft above sound speed; passes `at` at t0 */
	ACT_DRONE,   /* passes `at` at t0; size: blade rate, Hz */
	ACT_FAR,     /* beyond the horizon: infrasound */
	ACT_FORGED,  /* written into the data of one owner's nodes */
};

struct act {
	char id[WORLD_NAME];
	enum act_sort sort;
	struct instant t0;
	struct xy at;
	double yield_kg;
	double heading_deg, speed_ms, height_m, range_m;
	double size;        /* see the sort; calibre in m of a projectile */
	double reach_m;     /* heard no further; 0: not known */
	const char *owner;  /* whose nodes are forged */
	const char *kind;   /* word of model/words.h */
	const char *cause;  /* attack, demining, training, nature, ... */
	const char *party;  /* who truly did it; NULL not known */
	const char *group;  /* same word, same cause; NULL alone */
	const char *breach; /* rule that it truly breaks, or NULL */
	const char *link_is; /* shock_of, impact_of; NULL none */
	size_t link;         /* index of the act it belongs to */
	struct sky sky;     /* at t0; set by sky_acts() */
	size_t heard;       /* nodes; counted when the truth is told */
	const struct node *last_heard;
	bool witnessed;     /* by a patrol; set by sheets.c */
	bool burnt;         /* seen from above; set by sheets.c */
};

struct fire {
	char id[WORLD_NAME];
	struct span span;
	struct xy at;
	double area_m2, temp_k;
	const char *cause;  /* impact, industry */
};

struct patrol {
	const char *id;     /* "P-1" */
	struct xy at;       /* where it stands */
};

struct hearing { /* a patrol reports acts first to last */
	size_t patrol, first, last;
	const char *means;         /* heard, saw */
	const char *assessment;
	const char *count_meaning; /* with the true count, or NULL */
};

struct sighting { /* what a patrol or a camera operator saw or met */
	const char *observer;
	struct xy from, at;        /* the observer, and the thing */
	const char *time, *until;  /* until "" a moment */
	const char *means, *kind, *weapon, *direction, *notes;
	int calibre_mm;            /* 0 not known */
	int count;
	double near_m, far_m;      /* distance range said; 0: at `at` itself */
	const char *breach;        /* truly breaks this rule, or NULL */
	const char *party;
};

struct notice {
	const char *id, *party, *what, *from, *until, *place_name, *text;
	const char *received;
	struct xy at;
	double radius_m;
};

struct claim_said {
	const char *id, *party, *at, *kind, *says, *received;
	struct xy where;
	double radius_m;
	int count;
	const char *count_meaning;
	const char *honest; /* true, false, unknown: for the truth only */
};

struct pass { /* of a satellite over the area */
	const char *satellite; /* "N20" */
	const char *at;
	double scan_deg;       /* scan angle over the area */
	bool clear;
};

struct town_row {
	const char *name, *uk, *ru, *fr, *former;
	struct xy at;
	int population;
	const char *control;
};

struct world {
	uint64_t seed;
	const char *name, *title;
	struct span span;
	struct frame frame;
	double half_x_m, half_y_m;  /* of the area's box */
	double rough;               /* 1: echoes, turbulence; 0: plain air */
	bool full;                  /* all of WAVEFORM.md 7, see ear.h */
	double facades;             /* full: image sources a path, at most */
	double blocked;             /* full: share of direct paths blocked */
	double microbarom_pa;       /* rms, the same waves at every node */
	double inversion_k_m;       /* full: warmer with height; < 0 colder */
	double survey_m;            /* error of sensors.csv, an axis */
	double traffic_s;           /* mean wait between vehicles; 0 none */
	double wind_ms, wind_from_deg, temperature_c;
	bool flights;               /* drone logs are written */
	bool flashes;               /* a lightning network sees thunder */
	struct node *node;
	size_t node_count, node_room;
	struct act *act;
	size_t act_count, act_room;
	size_t others;              /* acts that are no shots of the grid */
	const struct fire *fire;
	size_t fire_count;
	struct patrol patrol[PATROLS_MAX];
	size_t patrol_count;
	struct hearing own_hearing; /* of a scenario without a table */
	struct notice own_notice[OWN_NOTICES];
	const struct hearing *hearing;
	size_t hearing_count;
	const struct sighting *sighting;
	size_t sighting_count;
	const struct notice *notice;
	size_t notice_count;
	const struct claim_said *claim;
	size_t claim_count;
	const struct pass *pass;
	size_t pass_count;
	const struct town_row *town;
	size_t town_count;

	double air[AIR_TURNS][AIR_WAVES]; /* phases; sky_prepare() */
	struct arena *arena;
	const struct sim_files *files;
	struct bytes agreement_text; /* as asked for */
	struct text truth;           /* lines of truth.jsonl */
};

/* A moment written in the scenario's own table: it must parse. */
struct instant world_time(const char *);
struct point world_point(const struct world *, struct xy);
/* Whether no earlier pass is of the same satellite. */
bool world_pass_first(const struct world *, size_t);
static inline double world_distance(struct xy a, struct xy b)
{
	double x = a.x_m - b.x_m, y = a.y_m - b.y_m;

	return sqrt(x * x + y * y);
}

/* One line of the truth: opens an object with `what`; end closes it. */
struct json world_truth(struct world *, const char *what);
void world_truth_end(struct world *, struct json *);
/* What a node's clock shows beyond true time, what place it really has, and
 * whether a flaw is on. */
double node_clock_s(const struct world *, const struct node *, struct instant);
struct xy node_place(const struct world *, const struct node *, struct instant);
const struct flaw *node_flaw(
	const struct node *, enum flaw_sort, struct instant);
/* The run that holds a moment, or NULL: then the node delivers nothing. */
const struct node_run *node_run_at(const struct node *, struct instant);
const char *flaw_name(enum flaw_sort);

/* The line of an incident: its beginning, then whose it is. */
struct json world_incident(struct world *, const char *id, struct instant t0,
	struct xy, const char *kind, int count);
void world_whose(
	struct json *, const char *party, const char *breach, bool observable);

/* A whole file, small enough for memory. */
MUST_USE bool world_file(
	struct world *, const char *path, struct bytes, struct fault *);

/* The writers.  A node's files need nothing but the world, unchanged, and
 * memory of their own: any order, any thread.  Sheets say which acts were
 * witnessed; the truth of the nodes counts who heard them. */
MUST_USE bool folder_write(struct world *, struct fault *);
MUST_USE bool wire_write(const struct world *, size_t node, struct arena *,
	const struct sim_files *, struct fault *);
MUST_USE bool sheets_write(struct world *, struct fault *);
MUST_USE bool flight_write(struct world *, struct fault *);
MUST_USE bool wire_tell(
	struct world *, size_t node, struct arena *, struct fault *);

/* The scenarios' makers. */
MUST_USE bool demo_make(
	struct world *, const struct sim_ask *, struct fault *);
MUST_USE bool grid_make(
	struct world *, const struct sim_ask *, struct fault *);

#endif
