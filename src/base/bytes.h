/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bytes.h - looking at bytes: bounds in one place.
 *
 * `struct bytes` is a borrowed view, valid until its lender's next call.
 * `struct reader` walks one.  A read past the end sets ran_out and gives zeros
 * or an empty view from then on, so a parser may read a whole header and ask
 * once.  No other code does pointer arithmetic on input. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *at;
	size_t len;
};

struct reader {
	struct bytes in;
	size_t pos;   /* never greater than in.len */
	bool ran_out; /* a read went past the end */
};

/* The view of a C string, without its end mark. */
static inline struct bytes bytes_of(const char *s)
{
	return (struct bytes){(const uint8_t *)s, s ? strlen(s) : 0};
}

static inline bool bytes_are(struct bytes b, const char *s)
{
	size_t n = strlen(s);

	return b.len == n && (n == 0 || memcmp(b.at, s, n) == 0);
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool bytes_start(struct bytes b, const char *s)
{
	size_t n = strlen(s);

	return b.len >= n && (n == 0 || memcmp(b.at, s, n) == 0);
}

/* At most n bytes from `from`; empty where there are none. */
static inline struct bytes bytes_part(struct bytes b, size_t from, size_t n)
{
	if (from >= b.len)
		return (struct bytes){0};
	if (n > b.len - from)
		n = b.len - from;
	return (struct bytes){b.at + from, n};
}

static inline struct bytes bytes_trim(struct bytes b)
{
	while (b.len > 0 && (b.at[0] == ' ' || b.at[0] == '\t')) {
		b.at++;
		b.len--;
	}
	while (b.len > 0 && (b.at[b.len - 1] == ' ' ||
				b.at[b.len - 1] == '\t'))
		b.len--;
	return b;
}

static inline struct reader reader(struct bytes in)
{
	return (struct reader){.in = in};
}

static inline bool reader_done(const struct reader *r)
{
	return r->ran_out || r->pos == r->in.len;
}

static inline size_t reader_left(const struct reader *r)
{
	return r->ran_out ? 0 : r->in.len - r->pos;
}

/* The next n bytes, or an empty view and a short reader. */
static inline struct bytes read_bytes(struct reader *r, size_t n)
{
	struct bytes b = {0};

	if (r->ran_out || n > r->in.len - r->pos) {
		r->ran_out = true;
		return b;
	}
	b.at = r->in.at + r->pos;
	b.len = n;
	r->pos += n;
	return b;
}

static inline void reader_skip(struct reader *r, size_t n)
{
	(void)read_bytes(r, n);
}

/* Whole view as an unsigned number, big- or little-endian; at most 8 bytes. */
static inline uint64_t bytes_be(struct bytes b)
{
	uint64_t v = 0;

	for (size_t i = 0; i < b.len; i++)
		v = v << 8 | b.at[i];
	return v;
}

static inline uint64_t bytes_le(struct bytes b)
{
	uint64_t v = 0;

	for (size_t i = b.len; i > 0; i--)
		v = v << 8 | b.at[i - 1];
	return v;
}

static inline uint8_t read_u8(struct reader *r)
{
	return (uint8_t)bytes_be(read_bytes(r, 1));
}

static inline uint16_t read_u16be(struct reader *r)
{
	return (uint16_t)bytes_be(read_bytes(r, 2));
}

static inline uint32_t read_u32be(struct reader *r)
{
	return (uint32_t)bytes_be(read_bytes(r, 4));
}

static inline uint64_t read_u64be(struct reader *r)
{
	return bytes_be(read_bytes(r, 8));
}

static inline uint16_t read_u16le(struct reader *r)
{
	return (uint16_t)bytes_le(read_bytes(r, 2));
}

static inline uint32_t read_u32le(struct reader *r)
{
	return (uint32_t)bytes_le(read_bytes(r, 4));
}

static inline uint64_t read_u64le(struct reader *r)
{
	return bytes_le(read_bytes(r, 8));
}

/* Bits of an IEEE number: a copy, never a cast of the pointer. */
static inline float float_of(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static inline double double_of(uint64_t bits)
{
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static inline void put_be(uint8_t *at, uint64_t v, size_t n)
{
	for (size_t i = n; i > 0; i--, v >>= 8)
		at[i - 1] = (uint8_t)v;
}

static inline void put_le(uint8_t *at, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++, v >>= 8)
		at[i] = (uint8_t)v;
}

#endif
