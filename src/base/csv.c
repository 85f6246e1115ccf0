/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <strings.h>

/* One field from pos; leaves pos on the separator or line end. */
static bool field_at(struct csv *c, size_t k, struct fault *f)
{
	const uint8_t *at = c->in.at;
	size_t n = c->in.len, p = c->pos, from = p;

	if (p < n && at[p] == '"') {
		from = ++p;
		for (;; p++) {
			if (p >= n)
				return fault(f, FAULT_INPUT,
					"line %zu: a quote is never closed",
					c->line);
			if (at[p] == '\n')
				c->next_line++;
			if (at[p] != '"')
				continue;
			if (p + 1 < n && at[p + 1] == '"')
				p++;
			else
				break;
		}
		c->field[k] = bytes_part(c->in, from, p - from);
		c->quoted[k] = true;
		c->pos = p + 1;
		return true;
	}
	while (p < n && at[p] != ',' && at[p] != '\n')
		p++;
	c->pos = p;
	if (p > from && at[p - 1] == '\r' && (p == n || at[p] == '\n'))
		p--;
	c->field[k] = (struct bytes){at + from, p - from};
	c->quoted[k] = false;
	return true;
}

static void skip_line(struct csv *c)
{
	while (c->pos < c->in.len && c->in.at[c->pos] != '\n')
		c->pos++;
	if (c->pos < c->in.len)
		c->pos++;
}

static bool raw_row(struct csv *c, struct fault *f)
{
	c->line = c->next_line++;
	c->row_at = c->pos;
	c->fields = 0;
	for (;;) {
		if (c->fields == CSV_COLUMNS) {
			skip_line(c);
			return fault(f, FAULT_LIMIT,
				"line %zu: more than %d columns", c->line,
				CSV_COLUMNS);
		}
		if (!field_at(c, c->fields, f)) {
			c->pos = c->in.len;
			return false;
		}
		c->fields++;
		if (c->pos < c->in.len && c->in.at[c->pos] == '\r')
			c->pos++;
		if (c->pos >= c->in.len)
			return true;
		if (c->in.at[c->pos] == ',') {
			c->pos++;
			continue;
		}
		if (c->in.at[c->pos] == '\n') {
			c->pos++;
			return true;
		}
		skip_line(c);
		return fault(f, FAULT_INPUT,
			"line %zu: text after a closing quote", c->line);
	}
}

bool csv_open(struct csv *c, struct bytes in, struct fault *f)
{
	c->in = in;
	c->pos = bytes_start(in, "\xef\xbb\xbf") ? 3 : 0;
	c->next_line = 1;
	c->columns = 0;
	if (c->pos >= in.len)
		return fault(f, FAULT_INPUT, "no header line");
	if (!raw_row(c, f))
		return false;
	c->columns = c->fields;
	for (size_t i = 0; i < c->columns; i++)
		c->name[i] = bytes_trim(c->field[i]);
	return true;
}

int csv_column(const struct csv *c, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < c->columns; i++)
		if (c->name[i].len == n && strncasecmp(name,
			(const char *)c->name[i].at, n) == 0)
			return (int)i;
	return -1;
}

bool csv_done(const struct csv *c)
{
	return c->pos >= c->in.len;
}

bool csv_row(struct csv *c, struct fault *f)
{
	do {
		c->fields = 0;
		if (csv_done(c))
			return true;
		if (!raw_row(c, f))
			return false;
	} while (c->fields == 1 && c->field[0].len == 0 && !c->quoted[0]);
	if (c->fields != c->columns)
		return fault(f, FAULT_INPUT,
			"line %zu: %zu fields, wants %zu as in the header",
			c->line, c->fields, c->columns);
	return true;
}

struct bytes csv_field(const struct csv *c, int column)
{
	if (column < 0 || (size_t)column >= c->fields)
		return (struct bytes){0};
	return bytes_trim(c->field[column]);
}

const char *csv_text(const struct csv *c, int column, struct arena *a,
	struct fault *f)
{
	struct bytes b = csv_field(c, column);
	char *s = arena_text(a, b, f);
	size_t n = 0;

	if (!s || column < 0 || !c->quoted[column])
		return s;
	for (size_t i = 0; i < b.len; i++) {
		s[n++] = (char)b.at[i];
		if (b.at[i] == '"' && i + 1 < b.len && b.at[i + 1] == '"')
			i++;
	}
	s[n] = '\0';
	return s;
}

static bool no_number(struct bytes b, struct fault *f)
{
	return fault(f, FAULT_INPUT, "'%.*s' is no number",
		(int)(b.len < 40 ? b.len : 40), (const char *)b.at);
}

static bool slow_number(struct bytes b, double *v, struct fault *f)
{
	char s[64], *end;

	if (b.len >= sizeof s)
		return no_number(b, f);
	memcpy(s, b.at, b.len);
	s[b.len] = '\0';
	errno = 0;
	*v = strtod(s, &end);
	if (*end != '\0' || errno == ERANGE || !isfinite(*v))
		return no_number(b, f);
	return true;
}

bool number_read(struct bytes b, double *v, struct fault *f)
{
	static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	uint64_t m = 0;
	size_t i = 0, digits = 0, after = 0;
	bool minus = false, point = false;

	*v = NAN;
	if (b.len == 0)
		return true;
	if (b.at[0] == '-' || b.at[0] == '+') {
		minus = b.at[0] == '-';
		i++;
	}
	for (; i < b.len; i++) {
		uint8_t d = (uint8_t)(b.at[i] - '0');

		if (d <= 9) {
			m = m * 10 + d;
			after += point;
			if (++digits > 15)
				return slow_number(b, v, f);
		} else if (b.at[i] == '.' && !point) {
			point = true;
		} else if ((b.at[i] == 'e' || b.at[i] == 'E') && digits > 0) {
			return slow_number(b, v, f);
		} else {
			return no_number(b, f);
		}
	}
	if (digits == 0)
		return no_number(b, f);
	*v = (double)m / ten[after];
	if (minus)
		*v = -*v;
	return true;
}

bool integer_read(struct bytes b, int64_t *v, struct fault *f)
{
	size_t i = b.len > 0 && (b.at[0] == '-' || b.at[0] == '+');
	int64_t m = 0;

	if (b.len == i || b.len - i > 18)
		return no_number(b, f);
	for (size_t k = i; k < b.len; k++) {
		if (b.at[k] < '0' || b.at[k] > '9')
			return no_number(b, f);
		m = m * 10 + (b.at[k] - '0');
	}
	*v = b.at[0] == '-' ? -m : m;
	return true;
}
