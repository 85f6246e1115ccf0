/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sort.c - any items, any size, against a plain insertion. */
#include <stdint.h>

#include "base/sort.h"
#include "check.h"

enum { MOST = 200 };

struct item {
	uint32_t key, other[5];
};

static int by_key(const void *x, const void *y, const void *self)
{
	const struct item *a = x, *b = y;
	const int *sign = self;

	return *sign * ((a->key > b->key) - (a->key < b->key));
}

int main(void)
{
	struct item v[MOST], w[MOST];
	uint32_t r = 1;
	int sign[2] = {1, -1};
	size_t wrong = 0, torn = 0;

	for (size_t n = 0; n <= MOST; n++) {
		for (size_t i = 0; i < n; i++) {
			struct item x = {.key = (r = r * 1664525 + 1) >> 8};
			size_t k = i;

			for (int m = 0; m < 5; m++)
				x.other[m] = x.key + (uint32_t)m;
			v[i] = x;
			for (; k > 0 && by_key(&w[k - 1], &x, &sign[n % 2]) > 0;
				k--)
				w[k] = w[k - 1];
			w[k] = x;
		}
		sort_items(v, n, sizeof *v, by_key, &sign[n % 2]);
		for (size_t i = 0; i < n; i++) {
			wrong += v[i].key != w[i].key;
			torn += v[i].other[4] != v[i].key + 4;
		}
	}
	CHECK(wrong == 0, "0 to %d items, either way", MOST);
	CHECK(torn == 0, "items go whole");
	return check_done();
}
