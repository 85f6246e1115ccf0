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

struct text *trace_line(struct trace *t, struct text *none)
{
	if (!t) {
		*none = text_on(NULL, 0);
		return none;
	}
	t->text = text_on(t->buffer, sizeof t->buffer);
	return &t->text;
}

void trace_borrow(struct trace *t, const char *whole_line)
{
	if (t && t->count < FINDING_LINES_MAX)
		t->line[t->count++] = whole_line;
}

/* Too long for a line: its end is cut at a whole character, and says so. */
static void cut(struct text *t)
{
	size_t n = t->len < 3 ? 0 : t->len - 3;

	while (n > 0 && ((unsigned char)t->at[n] & 0xC0) == 0x80)
		n--;
	t->len = n;
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
