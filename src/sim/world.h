/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * world.h - what is true in a scenario: where the sensors stand and how they
 * fail, what explodes, burns, flies and is said.
 *
 * A scenario fills a world; sound.c, flight.c, sheets.c and folder.c each
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
	WORLD_NAME = 24,
	BLOCK_HOURS = 3, /* of sound a file */
	PATROLS_MAX = 8,
};

struct node_run { /* a stretch in which a node delivers */
	struct span span;
	double clock_s; /* its clock less the true time */
	int quality;    /* percent, as it says itself */
};

/* What is done to the file that holds this moment. */
enum node_fault { FAULTLESS, FILE_TWICE, FILE_LATE, RECORD_DAMAGED };

struct node {
	char id[WORLD_NAME];     /* "XT_W01_00" */
	char station[8];         /* "W01" */
	const char *channel;     /* "EDF": 80 to 250 Hz, pressure, outside */
	const char *kind;        /* of sensors.csv */
	const char *owner, *host, *array;
	struct xy at;
	double elev_m;
	int rate_hz;
	double counts_per_pa;
	struct node_run run[NODE_RUNS];
	size_t run_count;
	double hum_pa, hum_hz;   /* of a motor nearby; 0 none */
	enum node_fault fault;
	struct instant fault_at;
};

struct blast {
	char id[WORLD_NAME];
	struct instant t0;
	struct xy at;
	double yield_kg;
	const char *kind;   /* word of model/words.h */
	const char *cause;  /* attack, demining, training */
	const char *party;  /* who truly did it; NULL not known */
	const char *group;  /* same word, same cause; NULL alone */
	const char *breach; /* rule that it truly breaks, or NULL */
	size_t heard;       /* nodes; set by sound.c */
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

struct hearing { /* a patrol reports blasts first to last */
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
	double wind_ms, wind_from_deg, temperature_c;
	bool flights;               /* drone logs are written */
	struct node *node;
	size_t node_count;
	struct blast *blast;
	size_t blast_count;
	const struct fire *fire;
	size_t fire_count;
	struct patrol patrol[PATROLS_MAX];
	size_t patrol_count;
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

	struct arena *arena;
	const struct sim_files *files;
	struct bytes agreement_text; /* as asked for */
	struct text truth;           /* truth.jsonl, written last */
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
/* The line of an incident: its beginning, then whose it is. */
struct json world_incident(struct world *, const char *id, struct instant t0,
	struct xy, const char *kind, int count);
void world_whose(
	struct json *, const char *party, const char *breach, bool observable);

/* A whole file, small enough for memory. */
MUST_USE bool world_file(
	struct world *, const char *path, struct bytes, struct fault *);

/* The writers.  sound first: sheets say which blasts were witnessed, and
 * folder writes the truth of the blasts last. */
MUST_USE bool sound_write(struct world *, struct fault *);
MUST_USE bool sheets_write(struct world *, struct fault *);
MUST_USE bool flight_write(struct world *, struct fault *);
MUST_USE bool folder_write(struct world *, struct fault *);

/* The scenarios' makers. */
MUST_USE bool demo_make(
	struct world *, const struct sim_ask *, struct fault *);
MUST_USE bool plain_make(
	struct world *, const struct sim_ask *, struct fault *);

#endif
