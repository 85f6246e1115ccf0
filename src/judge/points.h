/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * points.h - what two points whose distance to a line is known tell of all
 * others, without asking for any.
 *
 * The point of the line that is nearest to the centre: no sample lies farther
 * from the line than from it.  And a point far behind the centre, as the line
 * is seen, with nothing of the line within `far_mm` of it: no sample lies
 * nearer to the line than to the edge of that circle.  Both hold for any line;
 * of a straight one they say nearly all. */
#ifndef JUDGE_POINTS_H
#define JUDGE_POINTS_H

#include "judge/reach.h"

/* A distance may differ from the true one by as much, for the rounding of
 * nearest points (sight.c: 70 mm), and so may the other's; rounded up. */
enum { POINTS_SLACK_MM = 200 };

/* Makes all of the outline that what lies within mm of the centre may be near
 * to. */
MUST_USE bool points_make(
	const struct asking *, const struct reach *, int64_t mm);
/* Can two points tell of others?  Not on which side of a border they are. */
bool points_tell(const struct asking *);
/* Finds the far one. */
MUST_USE bool points_probe(const struct asking *, struct reach *);
/* Of a tile's samples what the two tell: reach.h, `most` and what follows; as
 * the next, once the far one is found. */
MUST_USE bool points_span(const struct asking *, struct reach *, size_t tile);
/* That all of a tile lies within the limit, 1, or none of it, -1, or 0: look.
 * `off`: from its middle to what of it lies farthest off. */
int points_side(const struct asking *, const struct reach *, size_t tile,
	int64_t off, int64_t limit_mm);

#endif
