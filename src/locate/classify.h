/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * classify.h - what a located sound was, as probabilities, and how much would
 * have had to explode.
 *
 * Tempered naive Bayes: ln p(kind) = ln prior + t sum_clue ln p(clue | kind),
 * a clue's likelihood a normal with a floor (an odd clue never decides
 * alone), a clue that is not known left out.  Means, spreads, t and where they
 * come from are in likelihood.h, which tools/fit-kinds writes from simulated
 * sounds.  `unknown` is a kind with likelihoods of its own, those of sounds
 * that are nothing: wrongly associated, forged; and since a wide one always
 * keeps some of a case that no kind explains, such a case is unknown.  Each
 * clue that is missing makes it likelier.
 *
 * Yield: the equivalent charge (clues.h), kg of TNT on the ground.  Its 90 %
 * interval is of two parts: what all sources share (coupling, weather, the
 * law itself: half a decade, WAVEFORM.md 3.8), and each one's scatter
 * (LOUDNESS_SIGMA_DB), which the median of n lessens. */
#ifndef LOCATE_CLASSIFY_H
#define LOCATE_CLASSIFY_H

#include "locate/clues.h"

void classify(const struct clues *, double kind[KIND_COUNT]);

struct yield { /* kg of TNT; NAN where levels are not known */
	double low_kg, high_kg; /* hold the truth with 0.9 */
};
struct yield classify_yield(const struct clues *);

#endif
