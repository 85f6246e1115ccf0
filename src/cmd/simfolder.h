/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simfolder.h - runs a scenario into a folder on disk (sim, demo). */
#ifndef CMD_SIMFOLDER_H
#define CMD_SIMFOLDER_H

#include "sim/sim.h"

struct simfolder_sum {
	size_t files;
	uint64_t bytes;
};

/* The folder is made, with its parents; one that holds anything is refused
 * (INPUT).  *sum may be NULL. */
MUST_USE bool simfolder_write(const struct sim_ask *, const char *folder,
	struct simfolder_sum *sum, struct fault *);

#endif
