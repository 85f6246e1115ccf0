/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simfolder.h - runs a scenario into a folder on disk (sim, demo). */
#ifndef CMD_SIMFOLDER_H
#define CMD_SIMFOLDER_H

#include "sim/sim.h"

enum { SIMFOLDER_JOBS = 64 };

struct simfolder_sum {
	size_t files;
	uint64_t bytes;
};

/* The folder is made, with its parents; one that holds anything is refused
 * (INPUT).  The nodes are written by so many threads; the bytes do not depend
 * on it.  Memory: SIM_ARENA, and SIM_NODE_ARENA a thread, at most; a file more
 * where nodes sign.  *sum may be NULL.  `sign`: so many nodes give signed
 * frames (simsign.h). */
MUST_USE bool simfolder_write(const struct sim_ask *, int jobs, size_t sign,
	const char *folder, struct simfolder_sum *sum, struct fault *);

#endif
