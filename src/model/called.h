/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * called.h - a finding's sentences, read by somebody who does not know the
 * agreement by heart.
 *
 * The judge names a line or zone by the agreement's word, "distance to loc 1.2
 * km"; a reader knows it by what its map calls it: "distance to line of contact
 * 1.2 km".  Records keep the word: it is the law's, and the same in every
 * language.  Where a rule is quoted (a line that begins with "rule ") the word
 * stands, with the name behind it: "OF loc (line of contact)", so that whoever
 * reads the agreement beside it finds the one by the other; an article's own
 * words ("article ") stay as they are.  Of two that maps call alike the words
 * tell which is meant: "bridge (east)". */
#ifndef MODEL_CALLED_H
#define MODEL_CALLED_H

#include "base/text.h"
#include "model/mission.h"

/* Its name in a language (en uk ru fr); where there is none, as stated. */
const char *called_in(const struct called *, const char *lang);
/* Whether another line or zone has that name too. */
bool called_twice(
	const struct mission *, const struct called *, const char *lang);
const char *called_shape(const struct shape *, const char *lang);
const char *called_town(const struct town *, const char *lang);
/* The sentence, with names. */
void called_text(const struct mission *, const char *lang,
	const char *sentence, struct text *);

#endif
