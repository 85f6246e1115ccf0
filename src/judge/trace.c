/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/trace.h"

#include "judge/canon.h"

void trace_start(struct trace *t, struct arena *a, struct fault *f)
{
	t->arena = a;
	t->fault = f;
	t->count = 0;
	t->broke = false;
}

/* As text_on(), where it is: what a sink may say is long, and not cleared. */
static struct text *start(struct text *t, char *buffer, size_t size)
{
	if (size > 0)
		buffer[0] = '\0';
	t->at = buffer;
	t->size = size;
	t->len = 0;
	t->full = false;
	t->sink = NULL;
	t->lost.kind = FAULT_NONE;
	return t;
}

struct text *trace_line(struct trace *t, struct text *none)
{
	return t ? start(&t->text, t->buffer, sizeof t->buffer)
		 : start(none, NULL, 0);
}

void trace_borrow(struct trace *t, const char *whole_line)
{
	if (t->count < FINDING_LINES_MAX)
		t->line[t->count++] = whole_line;
}

/* The most of n bytes or fewer that end with a whole character. */
static size_t whole(const char *s, size_t n)
{
	while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* Too long for a line: its end is cut at a whole character, and says so. */
static void cut(struct text *t)
{
	t->len = whole(t->at, t->len - 3);
	t->full = false;
	text_add(t, "...");
}

void trace_end(struct trace *t)
{
	char *kept;

	if (!t || t->broke)
		return;
	if (t->text.full)
		cut(&t->text);
	kept = arena_text(t->arena, text_view(&t->text), t->fault);
	if (kept)
		trace_borrow(t, kept);
	else
		t->broke = true;
}

void trace_part(struct text *t, const char *s, size_t most)
{
	size_t n = strlen(s);

	if (n <= most) {
		text_add(t, s);
		return;
	}
	text_bytes(t, (struct bytes){(const uint8_t *)s, whole(s, most)});
	text_add(t, "...");
}

void trace_chance_short(struct text *t, struct chance c)
{
	canon_ppm(t, c.lo);
	if (c.lo == c.hi)
		return;
	text_add(t, " to ");
	canon_ppm(t, c.hi);
}

void trace_chance(struct text *t, struct chance c)
{
	text_add(t, ": P = ");
	trace_chance_short(t, c);
}

/* "340 m", "23.4 km"; below 10 m "1.234 m". */
void trace_distance(struct text *t, int64_t mm)
{
	if (mm < 0)
		mm = -mm;
	if (mm >= 950000000) {
		text_add(t, "950 km or more");
	} else if (mm >= 1000000) {
		text_i64(t, (mm + 50000) / 1000000);
		text_char(t, '.');
		text_char(t, (char)('0' + (mm + 50000) / 100000 % 10));
		text_add(t, " km");
	} else {
		text_i64(t, (mm + 500) / 1000);
		text_add(t, " m");
	}
}
