/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/foreign.h"

static void put(uint8_t *out, size_t size, size_t *n, struct bytes b)
{
	if (b.len > 0 && *n <= size && b.len <= size - *n)
		memcpy(out + *n, b.at, b.len);
	*n += b.len;
}

bool foreign_write(const struct disclosure *d, uint8_t *out, size_t size,
	size_t *n, struct fault *f)
{
	*n = 0;
	for (size_t i = 0; i < d->count; i++) {
		const struct shown *s = &d->field[i];
		uint8_t open = s->open, len[4];

		put(out, size, n, (struct bytes){&open, 1});
		if (!open) {
			put(out, size, n, digest_view(&s->leaf));
			continue;
		}
		put(out, size, n, (struct bytes){s->salt, BODY_SALT});
		put_be(len, s->name.len, 2);
		put(out, size, n, (struct bytes){len, 2});
		put(out, size, n, s->name);
		put_be(len, s->value.len, 4);
		put(out, size, n, (struct bytes){len, 4});
		put(out, size, n, s->value);
	}
	return *n <= size || fault(f, FAULT_LIMIT, "body of %zu bytes with "
		"its salts, at most %zu", *n, size);
}

bool foreign_read(struct bytes plain, struct disclosure *d, struct fault *f)
{
	struct reader r = reader(plain);

	for (d->count = 0; !reader_done(&r); d->count++) {
		struct shown *s = &d->field[d->count];
		struct bytes b;
		uint8_t open = read_u8(&r);

		if (d->count == PROOF_FIELDS || open > 1)
			return fault(f, FAULT_INPUT, "body: field %zu is none",
				d->count);
		*s = (struct shown){.open = open};
		b = read_bytes(&r, open ? BODY_SALT : SHA256_LEN);
		if (open) {
			s->name = read_bytes(&r, read_u16be(&r));
			s->value = read_bytes(&r, read_u32be(&r));
		}
		if (r.ran_out)
			break;
		memcpy(open ? s->salt : s->leaf.at, b.at, b.len);
		if (open && !body_name_ok(s->name))
			return fault(f, FAULT_INPUT, "body: bad name of field "
				"%zu", d->count);
		if (open)
			s->leaf = shown_leaf(s);
	}
	if (r.ran_out)
		return fault(f, FAULT_INPUT, "body: field %zu is cut",
			d->count);
	return shown_check(d, f);
}
