/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * called.h - a finding's sentences, read by somebody who does not know the
 * agreement by heart.
 *
 * The judge names a line or zone by the agreement's word, "distance to loc 1.2
 * km"; a reader knows it by what its map calls it: "distance to line of contact
 * (loc) 1.2 km".  Records keep the word: it is the law's, and the same in every
 * language.  The agreement's own words (lines that begin with "article " or
 * "rule ") stay as they are. */
#ifndef MODEL_CALLED_H
#define MODEL_CALLED_H

#include "base/text.h"
#include "model/mission.h"

/* Its name in a language (en uk ru fr); where there is none, as stated. */
const char *called_in(const struct called *, const char *lang);
const char *called_shape(const struct shape *, const char *lang);
const char *called_town(const struct town *, const char *lang);
/* The sentence, with names. */
void called_text(const struct mission *, const char *lang,
	const char *sentence, struct text *);

#endif
