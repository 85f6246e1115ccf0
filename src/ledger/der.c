/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/der.h"

/* The second byte of a head on; false: no length in its shortest form. */
static bool read_length(struct reader *r, size_t *length)
{
	struct bytes b;

	*length = read_u8(r);
	if (*length < 0x80)
		return true;
	if (*length < 0x81 || *length > 0x83)
		return false;
	b = read_bytes(r, *length - 0x80);
	*length = (size_t)bytes_be(b);
	return *length >= 0x80 && (b.len == 1 || b.at[0] != 0);
}

bool der_next(struct reader *r, struct der *d)
{
	size_t from = r->pos, length;

	d->tag = read_u8(r);
	if (!read_length(r, &length))
		return false;
	d->value = read_bytes(r, length);
	d->raw = bytes_part(r->in, from, r->pos - from);
	return !r->ran_out;
}

bool der_whole(struct bytes b, uint8_t tag, struct der *d)
{
	struct reader r = reader(b);

	return der_next(&r, d) && reader_done(&r) && d->tag == tag;
}

bool der_parts(const struct der *of, uint8_t tag, struct der *c, size_t room,
	size_t least, size_t *n)
{
	struct reader r = reader(of->value);
	struct der d;

	for (*n = 0; !reader_done(&r); ++*n) {
		if (!der_next(&r, &d))
			return false;
		if (*n < room)
			c[*n] = d;
	}
	return of->tag == tag && *n >= least;
}

bool der_is(const struct der *d, uint8_t tag, struct bytes value)
{
	return d->tag == tag && bytes_equal(d->value, value);
}
