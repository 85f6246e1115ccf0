/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check.h - the whole test framework: CHECK counts and prints TAP, and
 * check_done() ends main().  A loop of a million checks prints one line when
 * it is wrapped: CHECK_QUIET says something only on failure. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int check_count, check_failed;

#define CHECK(ok, ...)                                                        \
	do {                                                                  \
		bool check_ok = (ok);                                         \
		check_count++;                                                \
		check_failed += !check_ok;                                    \
		printf("%s %d - ", check_ok ? "ok" : "not ok", check_count);  \
		printf(__VA_ARGS__);                                          \
		printf("\n");                                                 \
		if (!check_ok)                                                \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #ok);     \
	} while (0)

#define CHECK_QUIET(ok, ...)                                                  \
	do {                                                                  \
		if (!(ok))                                                    \
			CHECK(false, __VA_ARGS__);                            \
	} while (0)

#define CHECK_SKIP(...)                                                       \
	do {                                                                  \
		check_count++;                                                \
		printf("ok %d - ", check_count);                              \
		printf(__VA_ARGS__);                                          \
		printf(" # SKIP\n");                                          \
	} while (0)

/* ../shared/data/NAME, or NULL (then skip, loudly). */
__attribute__((unused)) static const char *check_data(const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof path, "../shared/data/%s", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

/* A whole file on the heap; exits the test when it cannot be read. */
__attribute__((unused)) static unsigned char *check_file(
	const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	unsigned char *at = NULL;
	size_t size = 0;

	*len = 0;
	if (!f) {
		printf("not ok - cannot open %s\n", path);
		exit(1);
	}
	do {
		if (*len == size) {
			size = size ? 2 * size : 65536;
			at = realloc(at, size);
			if (!at)
				abort();
		}
		*len += fread(at + *len, 1, size - *len, f);
	} while (*len == size);
	(void)fclose(f);
	return at;
}

__attribute__((unused)) static int check_done(void)
{
	printf("1..%d\n", check_count);
	return check_failed > 0;
}

#endif
