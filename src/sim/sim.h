/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sim.h - scenario and seed in; sensor bytes, and the truth beside them, out.
 *
 * The same scenario, seed and agreement give the same bytes on every machine:
 * random numbers are a function of (seed, stream, index) (sim/philox.h), the
 * maths is ours, and nothing asks the clock.  What is written is a mission
 * folder as CONTRACT.md draws it - mission.yaml, sensors.csv, geo/, inbox/,
 * agreement.terms - and truth.jsonl, which no verb but a test reads: one JSON
 * object a line, whose `what` is
 *   incident  t0, lat, lon, kind, count, yield_kg, cause, party, group,
 *             observable (would the sensors or reports suffice to find it),
 *             breach (the rule that it truly breaks, or null), modalities,
 *             same_as (the line of another observer of the same thing),
 *             height_m, speed_ms, heading_deg, link {is, id}
 *   arrival   incident, source, at (true time), snr_db, heard, phase
 *   source    where a node really stands
 *   forged    t0, owner: what one owner wrote into its nodes' data
 *   flight    source, from, to: of the mission's drones
 *   fire      from, to, lat, lon, area_m2, temp_k, cause
 *   look      satellite, at, clear
 *   report, notice, claim    what was given to whom, and whether it is true
 *   weather   the true air, hourly
 *   fault     source, kind, from, to, size: what is wrong with a source on
 *             purpose; size in the unit of sim/world.h, enum flaw_sort
 * Time is simulated in full; there is no real front line in any scenario. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"

/* Where the files go: one open at a time; `path` is relative, with '/'. */
struct sim_files {
	void *self;
	bool (*open)(void *self, const char *path, struct fault *);
	bool (*put)(void *self, struct bytes, struct fault *);
	bool (*close)(void *self, struct fault *);
};

struct sim_ask {
	const char *scenario;
	uint64_t seed;
	/* Text of agreement.terms, in which @loc@ stands for the SHA-256 of
	 * geo/loc.geojson, and so on; empty: the built-in one. */
	struct bytes agreement;
	int nodes;    /* of the scenarios that take it; 0: its own number */
	int shots;    /* likewise */
	int rate_hz;  /* likewise */
	double hours; /* likewise; 0: its own */
};

struct sim_scenario {
	const char *name, *about;
};

enum {
	/* Enough for every scenario's own size; samples are never held. */
	SIM_ARENA = 64 << 20,
	/* Of one node under way: its sounds, and a file that is faulted. */
	SIM_NODE_ARENA = 32 << 20,
};

/* Ended by a row whose name is NULL. */
const struct sim_scenario *sim_scenarios(void);
/* NULL if there is none. */
const struct sim_scenario *sim_scenario_named(const char *);

/* In steps: the files of node after node may be written in any order and by
 * several threads, each with an arena (SIM_NODE_ARENA) and files of its own;
 * then sim_close() writes the truth.  Which bytes are in which file does not
 * depend on it. */
struct sim;
MUST_USE bool sim_open(const struct sim_ask *, struct arena *,
	const struct sim_files *, struct sim **, struct fault *);
size_t sim_nodes(const struct sim *);
MUST_USE bool sim_node(const struct sim *, size_t, struct arena *,
	const struct sim_files *, struct fault *);
MUST_USE bool sim_close(struct sim *, struct fault *);
/* All of it, one after the other. */
MUST_USE bool sim_run(const struct sim_ask *, struct arena *,
	const struct sim_files *, struct fault *);

#endif
