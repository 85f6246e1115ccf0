/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/words.h"

#include <stdbool.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(char a, char b)
{
	return lower(a) == lower(b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t words_apart(const char *a, const char *b)
{
	size_t d[WORDS_MAX][WORDS_MAX], n = strlen(a), m = strlen(b);

	if (n >= WORDS_MAX || m >= WORDS_MAX)
		return WORDS_MAX;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			size_t x = d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]);

			x = least(x, d[i - 1][j] + 1);
			x = least(x, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
				same(a[i - 2], b[j - 1]))
				x = least(x, d[i - 2][j - 2] + 1);
			d[i][j] = x;
		}
	return d[n][m];
}

const char *words_nearest(const char *word, const char *const *words, size_t n)
{
	const char *best = n ? words[0] : "";

	for (size_t i = 1; i < n; i++)
		if (words_apart(word, words[i]) < words_apart(word, best))
			best = words[i];
	return best;
}

const char *words_meant(const char *word, const char *const *words, size_t n)
{
	const char *best = words_nearest(word, words, n);
	size_t len = strlen(word), most = (len + 1) / 3;

	for (size_t i = 0; len >= 3 && i < n; i++)
		if (strncmp(word, words[i], len) == 0)
			return words[i];
	return n && words_apart(word, best) <= (most ? most : 1) ? best : NULL;
}
