/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * canon.h - the terms in words again: one form for one meaning.
 *
 * The canonical form is JSON, members sorted, no spaces, with the texts, each
 * geometry file's SHA-256 and (once bound) the zone's table of UTC offsets;
 * its SHA-256 is the version of the terms.  Comments, line ends, order of
 * clauses within a rule's conditions as written are kept; units are not:
 * 15 km and 15000 m are one form. */
#ifndef JUDGE_CANON_H
#define JUDGE_CANON_H

#include "judge/terms.h"

/* Longer is no expression (200 words of 100 bytes, each with at most 7 more
 * around it), and no rule in words (16 conditions of at most 400 besides). */
enum { CANON_MAX = 32000 };

void canon_expression(
	const struct terms *, const struct expression *, struct text *);
void canon_condition(
	const struct terms *, const struct condition *, struct text *);
/* "rule 4.a forbids presence of heavy WITHIN 15 km OF loc ..." */
void canon_rule(const struct terms *, const struct rule *, struct text *);
void canon_length(struct text *, int64_t mm);
void canon_time(struct text *, int64_t us);
void canon_duration(struct text *, int64_t us);
/* A millionth as 0.991; never 1.000 or 0.000 unless it is. */
void canon_ppm(struct text *, int32_t ppm);
/* Sets sha256 and its hex. */
void canon_seal(struct terms *);

#endif
