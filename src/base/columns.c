/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/columns.h"

#include "base/csv.h"

struct columns columns_of(struct bytes in)
{
	return (struct columns){.in = in, .next_line = 1};
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool columns_next(struct columns *c)
{
	const uint8_t *at = c->in.at;

	while (c->pos < c->in.len) {
		c->row_at = c->pos;
		c->line = c->next_line++;
		c->count = 0;
		while (c->pos < c->in.len && at[c->pos] != '\n') {
			size_t from = c->pos;

			if (is_blank(at[from])) {
				c->pos++;
				continue;
			}
			while (c->pos < c->in.len && at[c->pos] != '\n' &&
				!is_blank(at[c->pos]))
				c->pos++;
			if (c->count < COLUMNS_MAX)
				c->word[c->count] = bytes_part(
					c->in, from, c->pos - from);
			c->count++;
		}
		if (c->pos < c->in.len)
			c->pos++;
		if (c->count > 0)
			return true;
	}
	return false;
}

bool columns_number(const struct columns *c, size_t k, double min, double max,
	double *v, struct fault *f)
{
	if (k >= c->count || k >= COLUMNS_MAX)
		return fault(f, FAULT_INPUT, "line %zu: %zu words, wants %zu",
			c->line, c->count, k + 1);
	if (!number_read(c->word[k], v, f))
		return fault_in(f, "line %zu, word %zu", c->line, k + 1);
	if (!(*v >= min && *v <= max))
		return fault(f, FAULT_INPUT, "line %zu, word %zu: %g, wants "
			"%g to %g", c->line, k + 1, *v, min, max);
	return true;
}
