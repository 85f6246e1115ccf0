/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * text.h - text built in a caller's buffer.
 *
 * Always ended by a zero byte.  What does not fit is dropped and `full` says
 * so; a builder whose loss matters is checked once with text_check() at the
 * end.  With a sink, a full buffer is passed on instead, so any length streams
 * through a small buffer: end with text_flush().  Numbers are printed with a
 * stated number of decimals (exact binary value, half to even, as glibc does
 * in the C locale; never "-0"), since records hold no digit that was not
 * meant. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/sink.h"

struct text {
	char *at;
	size_t size;
	size_t len;
	bool full;
	const struct sink *sink; /* or NULL */
	struct fault lost;       /* what the sink said, once full */
};

static inline struct text text_on(char *buffer, size_t size)
{
	if (size > 0)
		buffer[0] = '\0';
	return (struct text){.at = buffer, .size = size};
}

/* A builder on n bytes of the arena; full at once when there is no room. */
struct text text_in(struct arena *, size_t n);

void text_bytes(struct text *, struct bytes);
static inline void text_add(struct text *t, const char *s)
{
	text_bytes(t, bytes_of(s));
}

void text_char(struct text *, char);
PRINTF(2, 3) void text_fmt(struct text *, const char *fmt, ...);
void text_i64(struct text *, int64_t);
/* Fixed decimals, 0..15.  NAN and infinities print as `null`. */
void text_fixed(struct text *, double, int decimals);
/* The same without trailing zeros ("12.5", "3"). */
void text_short(struct text *, double, int decimals);

static inline struct bytes text_view(const struct text *t)
{
	return (struct bytes){(const uint8_t *)t->at, t->len};
}

MUST_USE bool text_check(const struct text *, struct fault *);
MUST_USE bool text_flush(struct text *, struct fault *);

#endif
