/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/slips.h"

#include <stdarg.h>
#include <stdio.h>

void slips_add(struct slips *c, size_t line, size_t column,
	const char *fmt, ...)
{
	struct terms_error *e;
	va_list ap;

	if (c->broke || c->count == SLIPS_MAX)
		return;
	if (!c->error)
		c->error = arena_room(
			c->arena, SLIPS_MAX * sizeof *c->error, c->fault);
	if (!c->error) {
		c->broke = true;
		return;
	}
	e = &c->error[c->count++];
	e->line = line;
	e->column = column;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
}

static bool before(const struct terms_error *a, const struct terms_error *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* By insertion: there are few, and equals keep their order. */
void slips_sort(struct slips *c)
{
	for (size_t i = 1; i < c->count; i++) {
		struct terms_error e = c->error[i];
		size_t j = i;

		for (; j > 0 && before(&e, &c->error[j - 1]); j--)
			c->error[j] = c->error[j - 1];
		c->error[j] = e;
	}
}
