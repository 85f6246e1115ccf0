/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hostile.h - a sound text, made unsound line by line.  A row names a line
 * (from 1), what stands there instead (NULL: nothing, not even its end; a \n
 * in it makes lines of it), and what the fault must say; NULL: it is taken.
 * Every text that is cut short must be refused as well. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include "check.h"

#include "base/text.h"

enum { HOSTILE_MAX = 1 << 18 };

struct hostile {
	unsigned line; /* 0: nothing is changed */
	const char *with, *says;
};

static char hostile_at[HOSTILE_MAX];

static inline struct bytes hostile_edit(
	struct bytes sound, unsigned line, const char *with)
{
	struct text t = text_on(hostile_at, sizeof hostile_at);
	unsigned n = 1;

	for (size_t i = 0; i < sound.len; n++) {
		const uint8_t *lf = memchr(sound.at + i, '\n', sound.len - i);
		size_t len = lf ? (size_t)(lf - sound.at) - i + 1
				: sound.len - i;

		if (n != line) {
			text_bytes(&t, bytes_part(sound, i, len));
		} else if (with) {
			text_add(&t, with);
			text_char(&t, '\n');
		}
		i += len;
	}
	return text_view(&t);
}

static inline void hostile_row(const char *what, struct bytes b,
	const struct hostile *row, bool (*reads)(struct bytes, struct fault *))
{
	struct fault f = {0};
	bool ok = reads(b, &f);

	CHECK(ok == !row->says && (ok || strstr(f.text, row->says)),
		"%s, line %u '%.60s': %s", what, row->line,
		row->with ? row->with : "(gone)", ok ? "taken" : f.text);
}

static inline void hostile_rows(const char *what, struct bytes sound,
	const struct hostile *row, size_t rows,
	bool (*reads)(struct bytes, struct fault *))
{
	for (size_t i = 0; i < rows; i++)
		hostile_row(what, hostile_edit(sound, row[i].line,
			row[i].with), &row[i], reads);
}

/* Cut at every byte, in memory of just that size for the sanitizer. */
static inline void hostile_cut(const char *what, struct bytes sound,
	bool (*reads)(struct bytes, struct fault *))
{
	size_t taken = 0, silent = 0;

	for (size_t n = 0; n < sound.len; n++) {
		uint8_t *copy = malloc(n + 1);
		struct fault f = {0};

		if (!copy)
			abort();
		memcpy(copy, sound.at, n);
		taken += reads((struct bytes){copy, n}, &f);
		silent += !f.text[0];
		free(copy);
	}
	CHECK(taken == 0 && silent == 0, "%s: cut at each of %zu bytes: %zu "
		"taken, %zu refused without a word", what, sound.len, taken,
		silent);
}

#define HOSTILE(what, sound, rows, reads) \
	hostile_rows(what, sound, rows, sizeof(rows) / sizeof *(rows), reads)

#endif
