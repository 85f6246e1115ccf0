/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * turned.h - what would turn a finding over, in the view's language.
 *
 * A record has it in the judge's English (src/judge/flip.c), "would be no
 * breach if it lay 1.2 km farther from loc, or if the error region were 60 m
 * or less (is 90 m)".  What reads so is said in other words; what an act that
 * is owed would turn (src/judge/duty.c) is left as it is recorded. */
#ifndef PUBLISH_TURNED_H
#define PUBLISH_TURNED_H

#include "publish/report.h"

/* NULL: in English, or not of that form. */
const char *view_turned(struct view *, const char *flips_if);
/* "1.2 km" in the view's language; NULL: something else. */
const char *turned_length(struct view *, const char *said);
/* A line or zone by the agreement's word: its name, and the word. */
const char *turned_area(struct view *, const char *id);

#endif
