/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/merkle.h"

#include <stdlib.h>

enum { PIECE = 65536 };

static struct digest tagged(uint8_t tag, struct bytes a, struct bytes b)
{
	const struct bytes part[] = {{&tag, 1}, a, b};

	return sha256_parts(part, 3);
}

struct digest merkle_leaf(struct bytes data)
{
	return tagged(0, data, (struct bytes){0});
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
	return tagged(1, digest_view(left), digest_view(right));
}

void merkle_add(struct merkle *m, const struct digest *leaf)
{
	struct digest d = *leaf;
	int k = 0;

	for (; m->count >> k & 1; k++)
		d = merkle_node(&m->top[k], &d);
	m->top[k] = d;
	m->count++;
}

struct digest merkle_root(const struct merkle *m)
{
	struct digest d = {{0}};
	bool some = false;

	if (m->count == 0)
		return sha256_of((struct bytes){0});
	for (int k = 0; k < MERKLE_LEVELS; k++) {
		if (!(m->count >> k & 1))
			continue;
		d = some ? merkle_node(&m->top[k], &d) : m->top[k];
		some = true;
	}
	return d;
}

struct digest merkle_lines(struct bytes text, uint64_t *count)
{
	struct merkle m = {0};

	for (size_t at = 0; at < text.len;) {
		const uint8_t *lf = memchr(text.at + at, '\n', text.len - at);
		size_t n = lf ? (size_t)(lf - text.at) - at : text.len - at;
		struct digest d = merkle_leaf(bytes_part(text, at, n));

		merkle_add(&m, &d);
		at += n + 1;
	}
	if (count)
		*count = m.count;
	return merkle_root(&m);
}

struct digest merkle_pieces(struct bytes file)
{
	struct merkle m = {0};

	for (size_t at = 0; at < file.len; at += PIECE) {
		struct digest d = merkle_leaf(bytes_part(file, at, PIECE));

		merkle_add(&m, &d);
	}
	return merkle_root(&m);
}

/* -- verification -- */

bool merkle_is_subtree(uint64_t start, uint64_t end)
{
	uint64_t left = end - start - 1; /* as many low bits must be 0 */

	if (start >= end)
		return false;
	for (; left > 0; left >>= 1, start >>= 1)
		if (start & 1)
			return false;
	return true;
}

bool merkle_subtree_extends(const uint64_t range[2], uint64_t n,
	const struct digest *part, const struct digest *whole,
	const struct digest *path, size_t count)
{
	uint64_t f = range[0], s = range[1] - 1, t = n - 1;
	struct digest x, y;
	size_t k = 0;

	if (!merkle_is_subtree(range[0], range[1]) || range[1] > n)
		return false;
	for (; f != s && (s == t || (s & 1)); f >>= 1, s >>= 1)
		t >>= 1;
	if (f != s && count == 0)
		return false;
	x = y = f == s ? *part : path[k++];
	for (; k < count; k++) {
		if (t == 0)
			return false;
		if ((s & 1) || s == t) {
			if (f < s)
				x = merkle_node(&path[k], &x);
			y = merkle_node(&path[k], &y);
			while (!(s & 1)) { /* not 0, as t is not */
				f >>= 1;
				s >>= 1;
				t >>= 1;
			}
		} else {
			y = merkle_node(&y, &path[k]);
		}
		f >>= 1;
		s >>= 1;
		t >>= 1;
	}
	return t == 0 && digest_equal(&x, part) && digest_equal(&y, whole);
}

bool merkle_includes(uint64_t i, uint64_t n, const struct digest *leaf,
	const struct digest *root, const struct digest *path, size_t count)
{
	return i < n && merkle_subtree_extends((const uint64_t[]){i, i + 1}, n,
				leaf, root, path, count);
}

bool merkle_extends(uint64_t m, uint64_t n, const struct digest *root_m,
	const struct digest *root_n, const struct digest *path, size_t count)
{
	return merkle_subtree_extends(
		(const uint64_t[]){0, m}, n, root_m, root_n, path, count);
}

/* -- a tree that proves -- */

static bool push(struct merkle_tree *t, int k, const struct digest *d,
	struct fault *f)
{
	if (t->count[k] == t->room[k]) {
		size_t room = t->room[k] ? 2 * t->room[k] : 64;
		struct digest *at = realloc(t->level[k], room * sizeof *at);

		if (!at)
			return fault(f, FAULT_LIMIT, "memory: %zu hashes",
				room);
		t->level[k] = at;
		t->room[k] = room;
	}
	t->level[k][t->count[k]++] = *d;
	return true;
}

bool merkle_tree_add(
	struct merkle_tree *t, const struct digest *leaf, struct fault *f)
{
	struct digest d = *leaf;

	for (int k = 0;; k++) {
		size_t n;

		if (!push(t, k, &d, f)) {
			/* as if it had never come */
			while (k-- > 0)
				t->count[k]--;
			return false;
		}
		n = t->count[k];
		if (n % 2)
			return true;
		d = merkle_node(&t->level[k][n - 2], &t->level[k][n - 1]);
	}
}

void merkle_tree_free(struct merkle_tree *t)
{
	for (int k = 0; k < MERKLE_LEVELS; k++)
		free(t->level[k]);
	*t = (struct merkle_tree){0};
}

struct digest merkle_tree_range(
	const struct merkle_tree *t, uint64_t from, uint64_t to)
{
	struct digest d = {{0}};
	bool some = false;

	if (from >= to)
		return sha256_of((struct bytes){0});
	for (int k = 0; from < to; k++) {
		const struct digest *top;

		if (!((to - from) >> k & 1))
			continue;
		to -= UINT64_C(1) << k;
		top = &t->level[k][to >> k];
		d = some ? merkle_node(top, &d) : *top;
		some = true;
	}
	return d;
}

struct digest merkle_tree_root(const struct merkle_tree *t, uint64_t n)
{
	return merkle_tree_range(t, 0, n);
}
