/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merkle.h - the tree hash of RFC 6962 (section 2.1) and its proofs.
 *
 * leaf = SHA-256(00 | data), node = SHA-256(01 | left | right), no leaves =
 * SHA-256("").  `struct merkle` holds only the tops of full subtrees: enough
 * for a root over any number of leaves.  `struct merkle_tree` keeps every full
 * subtree, so it can prove.  Verification takes any numbers without
 * overflow or long loops. */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/fault.h"
#include "base/sha256.h"

enum { MERKLE_PATH_MAX = 65, MERKLE_LEVELS = 64 };

struct digest merkle_leaf(struct bytes data);
struct digest merkle_node(
	const struct digest *left, const struct digest *right);
static inline bool digest_equal(const struct digest *a, const struct digest *b)
{
	return memcmp(a->at, b->at, SHA256_LEN) == 0;
}

struct merkle { /* zeroed: empty */
	uint64_t count;
	struct digest top[MERKLE_LEVELS]; /* by level, where count has a bit */
};

void merkle_add(struct merkle *, const struct digest *leaf);
struct digest merkle_root(const struct merkle *);
/* The root over the lines of a text, each without its LF: how batches are
 * committed.  *count may be NULL. */
struct digest merkle_lines(struct bytes text, uint64_t *count);
/* The root over 64 KiB pieces of a file. */
struct digest merkle_pieces(struct bytes file);

struct merkle_path {
	size_t count;
	struct digest at[MERKLE_PATH_MAX];
};

/* [start, end) is a subtree of some tree: start is a multiple of the smallest
 * power of two that holds it (draft-ietf-plants-merkle-tree-certs, which the
 * cosignatures to come of type 0x06 use). */
bool merkle_is_subtree(uint64_t start, uint64_t end);
/* The subtree with root `part` lies in the tree of n leaves with root `whole`.
 * The one rule of this file: RFC 9162, 2.1.4.2, from any start. */
bool merkle_subtree_extends(const uint64_t range[2], uint64_t n,
	const struct digest *part, const struct digest *whole,
	const struct digest *path, size_t count);
/* Of one leaf: leaf i of n (2.1.3.2). */
bool merkle_includes(uint64_t i, uint64_t n, const struct digest *leaf,
	const struct digest *root, const struct digest *path, size_t count);
/* From 0: the tree of n leaves has that of m as its beginning, 1 <= m. */
bool merkle_extends(uint64_t m, uint64_t n, const struct digest *root_m,
	const struct digest *root_n, const struct digest *path, size_t count);

struct merkle_tree { /* zeroed: empty */
	struct digest *level[MERKLE_LEVELS];
	size_t count[MERKLE_LEVELS], room[MERKLE_LEVELS];
};

MUST_USE bool merkle_tree_add(
	struct merkle_tree *, const struct digest *leaf, struct fault *);
void merkle_tree_free(struct merkle_tree *);
/* The hash over leaves [from, to): from a multiple of a power of two that is
 * at least to - from, as RFC 6962 splits. */
struct digest merkle_tree_range(
	const struct merkle_tree *, uint64_t from, uint64_t to);
/* Of its first n leaves. */
struct digest merkle_tree_root(const struct merkle_tree *, uint64_t n);
MUST_USE bool merkle_tree_includes(const struct merkle_tree *, uint64_t i,
	uint64_t n, struct merkle_path *, struct fault *);
MUST_USE bool merkle_tree_extends(const struct merkle_tree *, uint64_t m,
	uint64_t n, struct merkle_path *, struct fault *);

#endif
