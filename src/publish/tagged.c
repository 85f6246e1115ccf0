/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/tagged.h"

#include <stdlib.h>

bool tagged_init(struct tagged *t, struct sink sink, const char *lang,
	struct arena *a, struct fault *f)
{
	*t = (struct tagged){.sink = sink, .lang = lang};
	t->added = arena_array(a, TAGGED_ADDED, sizeof *t->added, f);
	return t->added != NULL;
}

void tagged_alt(struct tagged *t, const char *alt)
{
	if (t->alts < TAGGED_ALTS)
		t->alt[t->alts++] = alt;
}

/* UTF-8 as a hexadecimal string of UTF-16 (7.9.2.2); clean text is given. */
static void utf16(struct text *out, const char *s)
{
	text_add(out, "<FEFF");
	while (*s) {
		uint8_t c = (uint8_t)*s++;
		uint32_t code = c < 0x80 ? c : c & (c < 0xe0 ? 0x1fu
			: c < 0xf0			     ? 0x0fu
							     : 0x07u);

		while (((uint8_t)*s & 0xc0) == 0x80)
			code = code << 6 | ((uint8_t)*s++ & 0x3fu);
		if (code >= 0x10000)
			text_fmt(out, "%04X%04X",
				0xd800u + ((code - 0x10000) >> 10),
				0xdc00u + (code & 0x3ff));
		else
			text_fmt(out, "%04X", code);
	}
	text_add(out, ">");
}

static bool send(struct tagged *t, struct bytes b, struct fault *f)
{
	return b.len == 0 || sink_put(t->sink, b, f);
}

static bool add(struct tagged *t, const struct text *x, struct fault *f)
{
	uint64_t sum = t->count ? t->added[t->count - 1].sum : 0;

	if (t->count == TAGGED_ADDED || x->full || x->len == 0)
		return true;
	t->added[t->count].at = t->at;
	t->added[t->count++].sum = sum + x->len;
	return send(t, text_view(x), f);
}

/* What follows a line that has just passed. */
static bool behind(struct tagged *t, struct bytes line, struct fault *f)
{
	char at[4096];
	struct text x = text_on(at, sizeof at);

	if (bytes_are(line, "<< /Type /Catalog")) {
		text_fmt(&x, "   /Lang (%.8s)\n   /ViewerPreferences "
			     "<< /DisplayDocTitle true >>\n", t->lang);
	} else if (t->in == TAGGED_ELEMENT && bytes_are(line, "   /S /TH")) {
		text_add(&x, "   /A << /O /Table /Scope /Column >>\n");
	} else if (t->in == TAGGED_ELEMENT &&
		bytes_are(line, "   /S /Figure") && t->figures < t->alts) {
		text_add(&x, "   /Alt ");
		utf16(&x, t->alt[t->figures++]);
		text_char(&x, '\n');
	}
	t->in = bytes_are(line, "<< /Type /StructElem") ? TAGGED_ELEMENT
		: bytes_are(line, "xref")		? TAGGED_OFFSETS
		: bytes_are(line, "startxref")		? TAGGED_START
							: TAGGED_BODY;
	return add(t, &x, f);
}

/* Where a byte of cairo's went. */
static uint64_t moved(const struct tagged *t, uint64_t at)
{
	size_t lo = 0, hi = t->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->added[mid].at <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return at + (lo ? t->added[lo - 1].sum : 0);
}

static uint64_t number(struct bytes b)
{
	uint64_t n = 0;

	for (size_t i = 0; i < b.len && b.at[i] >= '0' && b.at[i] <= '9'; i++)
		n = n * 10 + (b.at[i] - (uint8_t)'0');
	return n;
}

/* A whole line, without its end. */
static bool pass(struct tagged *t, struct bytes line, struct fault *f)
{
	char at[TAGGED_LINE];
	struct text x = text_on(at, sizeof at);
	bool used = line.len == 19 && line.at[17] == 'n';

	if (t->in == TAGGED_OFFSETS && !bytes_are(line, "trailer")) {
		if (used)
			text_fmt(&x, "%010llu 00000 n \n",
				(unsigned long long)moved(t, number(line)));
		else
			text_fmt(&x, "%.*s\n", (int)line.len, line.at);
		return send(t, text_view(&x), f);
	}
	if (t->in == TAGGED_START) {
		t->in = TAGGED_BODY;
		text_fmt(&x, "%llu\n",
			(unsigned long long)moved(t, number(line)));
		return send(t, text_view(&x), f);
	}
	return send(t, line, f) && send(t, bytes_of("\n"), f) &&
		behind(t, line, f);
}

static bool end_line(struct tagged *t, struct fault *f)
{
	struct bytes line = {(const uint8_t *)t->line, t->len};
	bool longer = t->longer;

	t->len = 0;
	t->longer = false;
	if (!longer)
		return pass(t, line, f);
	t->in = TAGGED_BODY;
	return send(t, line, f) && send(t, bytes_of("\n"), f);
}

bool tagged_put(struct tagged *t, struct bytes b, struct fault *f)
{
	for (size_t i = 0; i < b.len; i++) {
		t->at++;
		if (b.at[i] == '\n') {
			if (!end_line(t, f))
				return false;
			continue;
		}
		if (t->len == TAGGED_LINE) {
			if (!send(t, (struct bytes){(const uint8_t *)t->line,
				    t->len}, f))
				return false;
			t->len = 0;
			t->longer = true;
		}
		t->line[t->len++] = (char)b.at[i];
	}
	return true;
}

bool tagged_done(struct tagged *t, struct fault *f)
{
	struct bytes line = {(const uint8_t *)t->line, t->len};

	t->len = 0;
	return send(t, line, f);
}
