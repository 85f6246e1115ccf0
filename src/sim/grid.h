/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * grid.h - what differs between the scenarios on a grid. */
#ifndef SIM_GRID_H
#define SIM_GRID_H

#include "sim/world.h"

struct plan {
	const char *name, *title;
	int nodes, shots;
	double per_node_hour; /* shots, when they go with the network's size */
	double per_s;         /* shots, when they go with time alone */
	double hours;
	double spacing_m, spacing_most_m; /* drawn between; 0: the first */
	double gap_s;  /* between shots; 0: evenly random over the span */
	int rate_hz;
	bool full;     /* and what follows; see struct world */
	const char *kind;          /* of the shots; NULL explosion */
	double least_kg, most_kg;  /* 0: 1 to 50 kg */
	double wind_ms;            /* 0: 3 */
	double hum_pa, clip_pa;    /* of every third node; of all */
	bool flashes;
	double facades, blocked, microbarom_pa, inversion_k_m, traffic_s;
	/* What else there is: room for OTHER_NODES and OTHER_ACTS. */
	void (*more)(struct world *, const struct plan *);
};

/* nature.c: what else happens. */
void add_storm(struct world *, const struct plan *);
void add_quarry(struct world *, const struct plan *);
void add_mixed(struct world *, const struct plan *);
void add_forged(struct world *, const char *owner);
/* An act of nature's, and one that breaks the agreement. */
struct act *act_add(struct world *, enum act_sort, const char *kind,
	double t_s, struct xy);
struct act *act_attack(struct act *, double yield_kg);
/* kinds.c: every kind of sound. */
void add_kinds(struct world *, const struct plan *);
void add_batteries(struct world *, const struct plan *);
/* spoil.c: what is wrong with nodes. */
void spoil_files(struct world *, const struct plan *);
void spoil_lives(struct world *, const struct plan *);
void spoil_clocks(struct world *, const struct plan *);
void spoil_owner(struct world *, const struct plan *);

#endif
