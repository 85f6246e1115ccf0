/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * print.h - what a format gave, one JSON object each, without a line end.
 *
 * For people (`truce decode`) and for golden pairs.  Every number has its
 * stated digits: times 6 decimals, degrees 7, metres 3, features up to 6;
 * scales up to 12.  Unknown is null; a list that is empty is left out.  The
 * samples of a segment are summed up as first, last, sum, min and max.
 * Strings may be any bytes; the JSON is valid UTF-8 whatever they are. */
#ifndef FORMATS_PRINT_H
#define FORMATS_PRINT_H

#include "base/text.h"
#include "formats/format.h"

/* false: a LIMIT fault, the text was full (or what its sink said). */
MUST_USE bool print_segment(
	const struct segment *, struct text *, struct fault *);
MUST_USE bool print_observation(
	const struct observation *, struct text *, struct fault *);
MUST_USE bool print_damage(const struct fault *why, uint64_t offset,
	uint64_t length, struct text *, struct fault *);

#endif
