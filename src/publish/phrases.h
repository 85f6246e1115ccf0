/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phrases.h - what a report says besides its headings and summary, in four
 * languages side by side, found by the English.
 *
 * English is authoritative; {0}, {1}, ... are filled in.  Phrases are whole:
 * none is joined to another but as an item of a list, so a translator may put
 * words in any order.  A phrase that is not in the table is said in English,
 * and a test fails (tests/phrases.sh).  Words that are part of a record (what a
 * person wrote, names, phrases of place) are not translated; the judge's lines
 * are in steps.h. */
#ifndef PUBLISH_PHRASES_H
#define PUBLISH_PHRASES_H

#include "base/text.h"

/* lang: "uk", "ru", "fr"; the English itself for any other. */
const char *phrase_in(const char *lang, const char *english);
/* A phrase in a language, with {0}, {1}, ... filled in from arg, which NULL
 * ends. */
void phrase_fill(struct text *, const char *lang, const char *phrase,
	const char *const *arg);
#endif
