/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct text text_in(struct arena *a, size_t n)
{
	struct fault f;
	char *p = arena_room(a, n, &f);

	if (!p)
		return (struct text){.full = true, .lost = f};
	return text_on(p, n);
}

static void pass_on(struct text *t)
{
	struct bytes b = text_view(t);

	t->len = 0;
	if (!t->full && b.len > 0 && !sink_put(*t->sink, b, &t->lost))
		t->full = true;
}

void text_bytes(struct text *t, struct bytes b)
{
	while (b.len > 0 && t->len + b.len >= t->size) { /* does not fit */
		size_t room = t->size > 0 ? t->size - t->len - 1 : 0;

		if (room > 0)
			memcpy(t->at + t->len, b.at, room);
		t->len += room;
		if (t->size > 0)
			t->at[t->len] = '\0';
		b = (struct bytes){b.at + room, b.len - room};
		t->full = t->full || !t->sink || t->size < 2;
		if (t->full)
			return;
		pass_on(t);
	}
	if (b.len > 0) {
		memcpy(t->at + t->len, b.at, b.len);
		t->len += b.len;
		t->at[t->len] = '\0';
	}
}

void text_char(struct text *t, char c)
{
	if (t->len + 1 < t->size) {
		t->at[t->len++] = c;
		t->at[t->len] = '\0';
		return;
	}
	text_bytes(t, (struct bytes){(const uint8_t *)&c, 1});
}

void text_fmt(struct text *t, const char *fmt, ...)
{
	char s[1024];
	va_list ap;
	int n;

	if (t->size == 0 && !t->sink) { /* to nowhere */
		t->full = true;
		return;
	}
	va_start(ap, fmt);
	n = vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof s) {
		t->full = true;
		n = (int)strlen(s);
	}
	text_bytes(t, (struct bytes){(const uint8_t *)s, (size_t)n});
}

void text_i64(struct text *t, int64_t v)
{
	char s[24];
	size_t at = sizeof s;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		s[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		s[--at] = '-';
	text_bytes(t, (struct bytes){(uint8_t *)s + at, sizeof s - at});
}

bool text_check(const struct text *t, struct fault *f)
{
	if (!t->full)
		return true;
	if (t->lost.kind != FAULT_NONE) {
		*f = t->lost;
		return false;
	}
	return fault(f, FAULT_LIMIT, "text longer than %zu bytes", t->size);
}

bool text_flush(struct text *t, struct fault *f)
{
	if (t->sink)
		pass_on(t);
	return text_check(t, f);
}
