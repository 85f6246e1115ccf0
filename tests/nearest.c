/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nearest.c - the nearest word, found without measuring those that cannot be,
 * is the one found by measuring all: of words of the language and of none,
 * with letters changed, left out, doubled and swapped, in either case. */
#include "base/words.h"
#include "check.h"
#include "dice.h"
#include "judge/lex.h"

#include <string.h>

enum { TRIES = 20000, WORD = 40 };

static const char *const words[] = {"AGREEMENT", "TITLE", "STATUS",
	"TIMEZONE", "PARTIES", "LINE", "ZONE", "CLASS", "STANDARD", "ARTICLE",
	"TEXT", "RULE", "FORBIDS", "REQUIRES", "WITHIN", "INSIDE", "OUTSIDE",
	"FROM", "UNTIL", "DAILY", "BY", "NOTIFIED", "EXCEPT", "GRADE",
	"EXAMPLE", "GIVEN", "AT", "ERROR", "COUNT", "OF", "ON", "own", "side",
	"km", "m", "h", "min", "burst", "shot", "projectile", "explosion",
	"no_breach", "on-site", "\xD0\xB7\xD0\xBE\xD0\xBD\xD0\xB0", "", NULL};

static size_t any(size_t n)
{
	return (size_t)(uniform() * (double)n);
}

/* As lex_nearest() says it: less than 2 apart, or 3 if it has four letters,
 * and less than its own length; of equals the first. */
static const char *by_all(const char *word)
{
	size_t n = strlen(word), least = n < 4 ? 2 : 3;
	const char *best = NULL;

	if (n == 0 || n >= WORDS_MAX)
		return NULL;
	for (size_t i = 0; words[i]; i++) {
		size_t d = words_apart(word, words[i]);

		if (d < least && d < n) {
			least = d;
			best = words[i];
		}
	}
	return best;
}

static void spoil(char *s)
{
	static const char letters[] = "abehilmnorstuABEHILMNORSTU_-9\xD0";
	size_t n = strlen(s), at = any(n + 1);
	char c = letters[any(sizeof letters - 1)];

	switch (any(5)) {
	case 0: /* one more */
		if (n + 1 < WORD) {
			memmove(s + at + 1, s + at, n - at + 1);
			s[at] = c;
		}
		break;
	case 1: /* one less */
		if (at < n)
			memmove(s + at, s + at + 1, n - at);
		break;
	case 2: /* another */
		if (at < n)
			s[at] = c;
		break;
	case 3: /* two swapped */
		if (at + 1 < n) {
			c = s[at];
			s[at] = s[at + 1];
			s[at + 1] = c;
		}
		break;
	default: /* of the other case */
		if (at < n && ((s[at] | 32) >= 'a' && (s[at] | 32) <= 'z'))
			s[at] = (char)(s[at] ^ 32);
	}
}

int main(void)
{
	size_t found = 0, none = 0, other = 0;

	seed = 5;
	(void)normal;
	for (int i = 0; i < TRIES; i++) {
		char s[WORD];
		const char *is, *all;

		(void)snprintf(s, sizeof s, "%s",
			words[any(sizeof words / sizeof *words - 1)]);
		for (size_t k = any(5); k > 0; k--)
			spoil(s);
		is = lex_nearest(s, words);
		all = by_all(s);
		found += is != NULL;
		none += is == NULL;
		other += is != all;
	}
	CHECK(other == 0, "of %d spoilt words each has the nearest of all",
		TRIES);
	CHECK(found > TRIES / 4 && none > TRIES / 10,
		"%zu have one, %zu have none", found, none);
	return check_done();
}
