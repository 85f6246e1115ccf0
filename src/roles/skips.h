/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * skips.h - what a server passed over, as its memory did not reach back far
 * enough: numbers are missing, and so are samples.
 *
 * One of the two alone is no loss: a server may count all its stations in one
 * row, and a sensor may pause. */
#ifndef ROLES_SKIPS_H
#define ROLES_SKIPS_H

#include "base/instant.h"
#include "base/text.h"

#define SKIPS_WHY "its server no longer had it"
enum { SKIPS_TABLE = 320 };

/* When a record of miniSEED ends; INSTANT_UNKNOWN: not known. */
struct instant skips_end(struct bytes record);
/* Between the number `last`, whose samples ended at `end`, and this record:
 * the table of formats/gaps.c; false: nothing was lost. */
bool skips_between(uint64_t last, struct instant end, uint64_t sequence,
	struct bytes record, struct text *table);

#endif
