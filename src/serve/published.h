/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * published.h - each record that two persons published, as far as everybody
 * may see it, and what became of it since: out of the index's named value
 * `published` (what stands in it is for everybody) and the version that was
 * published, whatever versions came later. */
#ifndef SERVE_PUBLISHED_H
#define SERVE_PUBLISHED_H

#include "base/tree.h"
#include "model/finding.h"
#include "serve/api.h"

struct publication { /* of a record's version, by two persons */
	const char *id, *state;
	uint64_t entry, of;
	struct instant at;
	const char *leaf, *of_leaf; /* hex */
	const struct tree *changes; /* a list: at, by, does, entry, leaf,
				     * publication, why */
	bool silent; /* another one speaks for its incident */
};

struct gathering {
	const struct api *api;
	bool incidents; /* those too that were published by themselves */
	struct arena *arena;
	struct publication *one; /* by entry */
	size_t count;
};

MUST_USE bool published_gather(struct gathering *, struct fault *);

/* Of a publication, as far as the public may see it. */
struct shown {
	const struct publication *of;
	struct finding finding;
	struct incident incident; /* in the version that was judged */
	struct place place; /* generalised */
	bool known;         /* incident is there */
	struct digest leaf;
};

/* *found false: its record was erased. */
MUST_USE bool published_look(struct gathering *, const struct publication *,
	struct shown *, bool *found, struct fault *);

#endif
