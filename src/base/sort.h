/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sort.h - heap sort (Williams 1964): no memory, no worst case, no library,
 * the same order everywhere.  Not stable: the order must be total, or equals
 * must be exchangeable. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

enum { SORT_SIZE_MAX = 1024 };

/* count items of size bytes each, at most SORT_SIZE_MAX, ascending.  order()
 * is given self. */
void sort_items(void *items, size_t count, size_t size,
	int (*order)(const void *a, const void *b, const void *self),
	const void *self);

#endif
