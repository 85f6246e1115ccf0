/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/body.h"

#include "base/encode.h"

bool body_name_ok(struct bytes name)
{
	if (bytes_are(name, "!"))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == 0 || !strchr("abcdefghijklmnopqrstuvwxyz"
			"0123456789_.-", name.at[i]))
			return false;
	return name.len > 0 && name.len <= BODY_NAME;
}

int body_order(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int k = n > 0 ? memcmp(a.at, b.at, n) : 0;

	return k != 0 ? k : (a.len > b.len) - (a.len < b.len);
}

bool body_number(const struct fields *s, const char *name, uint64_t *v)
{
	const struct field *x = fields_find(s, name);

	*v = 0;
	if (!x || x->value.len == 0 || x->value.len > 19 ||
		(x->value.len > 1 && x->value.at[0] == '0'))
		return false;
	for (size_t i = 0; i < x->value.len; i++) {
		if (x->value.at[i] < '0' || x->value.at[i] > '9')
			return false;
		*v = *v * 10 + (uint64_t)(x->value.at[i] - '0');
	}
	return true;
}

struct bytes body_text(struct bytes b)
{
	if (b.len == 0 || b.at[0] != '"')
		return b;
	if (b.len < 2 || b.at[b.len - 1] != '"' ||
		memchr(b.at, '\\', b.len) || memchr(b.at + 1, '"', b.len - 2))
		return (struct bytes){0};
	return bytes_part(b, 1, b.len - 2);
}

bool body_hex(
	const struct fields *s, const char *name, uint8_t *out, size_t n)
{
	const struct field *x = fields_find(s, name);
	struct fault no;

	return x && hex_read(body_text(x->value), out, n, &no);
}
