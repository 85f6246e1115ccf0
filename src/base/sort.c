/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sort.h"

#include <stdint.h>
#include <string.h>

#include "base/fault.h"

struct heap {
	uint8_t *at;
	size_t size;
	int (*order)(const void *, const void *, const void *);
	const void *self;
};

static void swap(const struct heap *h, size_t a, size_t b)
{
	uint8_t t[SORT_SIZE_MAX];

	memcpy(t, h->at + a * h->size, h->size);
	memcpy(h->at + a * h->size, h->at + b * h->size, h->size);
	memcpy(h->at + b * h->size, t, h->size);
}

static bool is_below(const struct heap *h, size_t a, size_t b)
{
	return h->order(h->at + a * h->size, h->at + b * h->size, h->self) < 0;
}

static void sift(const struct heap *h, size_t root, size_t count)
{
	for (size_t c = 2 * root + 1; c < count; c = 2 * root + 1) {
		if (c + 1 < count && is_below(h, c, c + 1))
			c++;
		if (!is_below(h, root, c))
			return;
		swap(h, root, c);
		root = c;
	}
}

void sort_items(void *items, size_t count, size_t size,
	int (*order)(const void *a, const void *b, const void *self),
	const void *self)
{
	struct heap h = {items, size, order, self};

	if (NEVER(size > SORT_SIZE_MAX))
		return;
	for (size_t i = count / 2; i > 0; i--)
		sift(&h, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		swap(&h, 0, i - 1);
		sift(&h, 0, i - 1);
	}
}
