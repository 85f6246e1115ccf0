/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fold.h"

#include "base/encode.h"

/* Resolution of the Cabinet of Ministers of Ukraine No. 55 of 27 January 2010,
 * without its forms for the begin of a word; U+0430 and on.  Russian letters
 * as BGN/PCGN 1947 has them. */
static const char *const cyrillic[32] = {"a", "b", "v", "h", "d", "e", "zh",
	"z", "y", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
	"kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia"};

/* U+00E0 and on, without their marks; "" where it is no letter. */
static const char *const latin[32] = {"a", "a", "a", "a", "a", "a", "ae", "c",
	"e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o",
	"o", "", "o", "u", "u", "u", "u", "y", "th", "y"};

static uint32_t character(struct bytes b, size_t n)
{
	static const uint8_t first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = b.at[0] & first[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (b.at[i] & 0x3f);
	return c;
}

static bool is_apostrophe(uint32_t c)
{
	return c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 ||
		c == 0x02bc || c == 0x02b9 || c == 0x2032 || c == 0xb4 ||
		c == 0x0301; /* a stress mark */
}

/* NULL: a blank. */
static const char *written(uint32_t c, char one[2])
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
		one[0] = (char)c;
		return one;
	}
	if (is_apostrophe(c))
		return "";
	if (c >= 0xc0 && c <= 0xff)
		return latin[c & 31];
	if (c >= 0x410 && c <= 0x44f)
		return cyrillic[(c - 0x410) & 31];
	switch (c) {
	case 0x401: case 0x451: /* yo */
	case 0x404: case 0x454: /* ye */
		return "e";
	case 0x406: case 0x456:
	case 0x407: case 0x457: /* yi */
		return "i";
	case 0x490: case 0x491: /* g with upturn */
		return "h";
	case 0x306: case 0x308: /* marks of a decomposed yi, short i, yo */
		return "";
	default:
		return NULL;
	}
}

/* One letter behind what stands there already. */
static void put(struct text *out, size_t begin, char c)
{
	char last = out->len > begin ? out->at[out->len - 1] : '\0';

	if (c == 'y')
		c = 'i';
	if (c == 'g')
		c = 'h';
	if (c == 'e' && last == 'i' && !out->full)
		out->at[out->len - 1] = 'e'; /* ie is e */
	else if (c != last || (c >= '0' && c <= '9'))
		text_char(out, c);
	/* "iie": the i before, too. */
	while (!out->full && out->len > begin + 1 &&
		out->at[out->len - 1] == 'e' &&
		(out->at[out->len - 2] == 'i' || out->at[out->len - 2] == 'e'))
		out->at[--out->len - 1] = 'e';
}

void fold(struct bytes in, struct text *out)
{
	size_t begin = out->len;
	bool blank = false;

	while (in.len > 0) {
		size_t n = utf8_length(in);
		char one[2] = "";
		const char *s = n ? written(character(in, n), one) : NULL;

		in = bytes_part(in, n ? n : 1, in.len);
		if (!s) {
			blank = true;
			continue;
		}
		if (blank && *s && out->len > begin)
			text_char(out, ' ');
		blank = blank && !*s;
		for (; *s; s++)
			put(out, begin, *s);
	}
	if (!out->full)
		out->at[out->len] = '\0';
}
