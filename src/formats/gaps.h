/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gaps.h - the table of gaps.c, as it is written. */
#ifndef FORMATS_GAPS_H
#define FORMATS_GAPS_H

#include "base/instant.h"
#include "base/text.h"

/* A table of one row; of `why` what could end a field is written '_'. */
void gaps_table(struct text *, struct bytes sensor, struct span,
	struct bytes why);

#endif
