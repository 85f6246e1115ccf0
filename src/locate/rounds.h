/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rounds.h - what is done with an origin that was accepted: the rounds that
 * repeat it are found (burst.h), all are given out with one place, and their
 * arrivals go, echoes with them.
 *
 * Late arrivals of one sound may agree on another, at ears that heard the sound
 * by its echoes alone.  Who rests on such for the most part is no sound; its
 * arrivals go with those of the sound whose echoes they are. */
#ifndef LOCATE_ROUNDS_H
#define LOCATE_ROUNDS_H

#include "locate/burst.h"

/* Takes each accepted origin while its view stands, and the round of its
 * burst that says most of the place of all (itself, if it is alone). */
struct accepted {
	bool (*take)(void *self, const struct view *, const struct origin *,
		const struct origin *where, struct fault *);
	void *self;
};

struct round {
	struct round *next;
	struct origin origin;
	ptrdiff_t *choice; /* room for all ears */
};

struct burst { /* when its rounds were, from where */
	struct burst *next;
	struct point at;
	double *t_s;
	size_t count;
};

struct given { /* a sound */
	struct given *next;
	struct point at;
	struct origin origin; /* in another frame; no choice */
	size_t *ear, ears;    /* that heard it */
};

struct rounds { /* start with the first three */
	struct scene *scene;
	struct arena *arena;
	const struct accepted *out;
	struct round *round, *spare; /* of the burst in hand; for others */
	struct burst *burst;         /* found so far, the last one first */
	struct given *given;         /* the same, one by one */
};

/* Whether an arrival of the same ear is an echo of one that was used. */
bool rounds_is_echo(const struct pick *used, const struct pick *);

/* One more round, with room for its choice. */
MUST_USE struct round *rounds_new(struct rounds *, struct fault *);
void rounds_put_back(struct rounds *, struct round *);
/* Takes an origin and all rounds that repeat it; they are a burst then. */
MUST_USE bool rounds_take(struct rounds *, const struct view *,
	struct round *first, struct fault *);

#endif
