/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * der.h - elements of DER (X.690), as far as a time stamp is made of them: a
 * tag of one byte, a length in its shortest form, at most 2^24 - 1.  Views
 * only; nothing is read beyond the bytes given. */
#ifndef LEDGER_DER_H
#define LEDGER_DER_H

#include "base/bytes.h"

enum {
	DER_INTEGER = 0x02, DER_BITS = 0x03, DER_OCTETS = 0x04, DER_OID = 0x06,
	DER_UTC_TIME = 0x17, DER_TIME = 0x18, DER_SEQUENCE = 0x30,
	DER_SET = 0x31, DER_CONTEXT_0 = 0xa0, DER_CONTEXT_3 = 0xa3
};

struct der {
	uint8_t tag;
	struct bytes raw, value; /* with its head, without */
};

/* The next element; false: what is there is none. */
bool der_next(struct reader *, struct der *);
/* The only element of these bytes, and of this tag. */
bool der_whole(struct bytes, uint8_t tag, struct der *);
/* What `of` is made of, if its tag is this one: all of it elements, `least` of
 * them or more; the first `room` into c, the others looked at only.  *n: how
 * many. */
bool der_parts(const struct der *of, uint8_t tag, struct der *c, size_t room,
	size_t least, size_t *n);
/* Its tag, and its value byte for byte. */
bool der_is(const struct der *, uint8_t tag, struct bytes value);

#endif
