/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fold.h - a text as it is searched: the same whatever its letters.
 *
 * Names are typed as people know them: with U+0027, U+2019, U+02BC, U+2032, a
 * backtick or no apostrophe; in Cyrillic of either language or in Latin; by
 * KMU 2010 or BGN.  All of it folds to one form of a-z, 0-9 and single blanks:
 * Cyrillic as KMU 2010 writes it, then what the ways of writing differ in is
 * made one (y is i, g is h, ie is e, a doubled letter is one).  So "Авдіївка"
 * and "Avdiivka" are "avdivka"; "Київ" and "Kyiv" are "kiv".  Two names may
 * fold alike: a search then finds both, which is better than neither. */
#ifndef MODEL_FOLD_H
#define MODEL_FOLD_H

#include "base/bytes.h"
#include "base/text.h"

/* Without a blank at either end.  Bytes that are no UTF-8 are blanks. */
void fold(struct bytes, struct text *out);

#endif
