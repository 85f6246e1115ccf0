/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * words.h - how near two words are, for "did you mean ...?".
 *
 * Letters to change, add, drop or swap with their neighbour: the optimal
 * string alignment of Damerau, "A technique for computer detection and
 * correction of spelling errors", CACM 7 (1964), case of A-Z aside. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>

enum { WORDS_MAX = 64 }; /* a word that long or longer is far from any */

/* WORDS_MAX when either word is too long. */
size_t words_apart(const char *a, const char *b);

/* The nearest of n words, the first of equals; "" when there are none. */
const char *words_nearest(const char *word, const char *const *words, size_t n);

/* The same, but NULL when none is near enough to be meant: more than a third
 * of its letters differ (one in short words), and it begins none of them. */
const char *words_meant(const char *word, const char *const *words, size_t n);

#endif
