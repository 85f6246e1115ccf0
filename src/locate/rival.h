/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rival.h - of which other sounds an arrival may be.
 *
 * Who took an arrival first has it, and what comes of that when all sounds are
 * taken: another one, from beyond the range of hearing perhaps, may be as good
 * a reason for it, and then nobody's place should hang on it. */
#ifndef LOCATE_RIVAL_H
#define LOCATE_RIVAL_H

#include "locate/origin.h"

struct rival { /* a sound that was taken */
	struct point at;
	double t_s, sigma_m;
	double at_1m_db; /* as loud as it was there; NAN not known */
	const size_t *pick;
	size_t picks; /* its own */
};

struct rivals { /* by time */
	const struct rival *at;
	size_t count;
};

/* How often a post would have an arrival then of those that it is not of, as
 * loud as that, 1/s. */
double rivals_hz(const struct rivals *, const struct view *, size_t post,
	ptrdiff_t pick);

#endif
