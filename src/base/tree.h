/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tree.h - JSON that was read, as a tree in the caller's arena.
 *
 * Read by jansson (the only file that includes it), which refuses duplicate
 * names, bad UTF-8 and nesting beyond 2048; we refuse depth over 64.  All
 * getters take NULL and the wrong type and answer "not there", so a parser may
 * ask for a path and check once. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "base/arena.h"
#include "base/instant.h"

enum tree_type {
	TREE_NULL,
	TREE_FLAG,
	TREE_NUMBER,
	TREE_TEXT,
	TREE_LIST,
	TREE_OBJECT,
};

struct tree {
	enum tree_type type;
	bool flag;
	double number;    /* NAN unless TREE_NUMBER */
	bool whole;       /* the number was written as an integer */
	int64_t integer;  /* when whole */
	struct bytes text; /* ended by a zero byte that is not counted */
	const char *key;  /* in an object, else NULL */
	size_t count;     /* children */
	const struct tree *first, *next;
};

/* INPUT faults give line and column.  At most `in.len` x 40 bytes of arena. */
MUST_USE bool tree_read(struct bytes in, struct arena *,
	const struct tree **, struct fault *);

/* The same; where it is no JSON, *stopped is the byte at which that was
 * seen. */
MUST_USE bool tree_read_to(struct bytes in, struct arena *,
	const struct tree **, size_t *stopped, struct fault *);

const struct tree *tree_get(const struct tree *, const char *key);
const struct tree *tree_at(const struct tree *, size_t index);
/* NULL where there is no text. */
const char *tree_text(const struct tree *, const char *key);
/* NAN where there is no number. */
double tree_number(const struct tree *, const char *key);
int64_t tree_i64(const struct tree *, const char *key, int64_t otherwise);
bool tree_flag(const struct tree *, const char *key, bool otherwise);
/* INSTANT_UNKNOWN where there is no time. */
struct instant tree_time(const struct tree *, const char *key);

#endif
