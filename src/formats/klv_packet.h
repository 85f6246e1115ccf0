/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * klv_packet.h - one MISB ST 0601 packet as numbers.
 *
 * A packet is a 16-byte key, a BER length, and items of tag, length, value;
 * item 1, the checksum, comes last.  Whatever the standard calls invalid, an
 * item that is absent and an item of the wrong length are all NAN.  The
 * numbers of a packet whose checksum is wrong are given too: the caller marks
 * them. */
#ifndef FORMATS_KLV_PACKET_H
#define FORMATS_KLV_PACKET_H

#include "base/bytes.h"
#include "base/fault.h"

enum { KLV_KEY = 16, KLV_ITEMS = 144 };
extern const uint8_t klv_packet_key[KLV_KEY];

enum klv_checksum {
	KLV_OK,
	KLV_PAYLOAD_ONLY, /* summed over the items alone, as many do */
	KLV_WRONG,
	KLV_ABSENT,
};

struct klv_packet {
	double item[KLV_ITEMS]; /* by tag; degrees, metres, m/s; NAN unknown */
	uint64_t time_us;       /* item 2; 0: none */
	struct bytes text[KLV_ITEMS]; /* items 3, 4, 10, 11 */
	enum klv_checksum checksum;
	size_t security_items; /* of a nested ST 0102 set */
	uint64_t classification; /* its item 1; 0: none */
	size_t skipped;        /* items we do not read */
	size_t misfits;        /* items whose length is not the standard's */
};

/* BER length, short, long or not minimal; runs the reader out when it cannot
 * be held. */
size_t klv_packet_length(struct reader *);
/* How long the packet at the front is, key and length included; 0 when there
 * is none or it is cut short. */
size_t klv_packet_size(struct bytes);
/* `whole` is exactly one packet.  false: items pass its end. */
MUST_USE bool klv_packet_read(
	struct bytes whole, struct klv_packet *, struct fault *);
/* A number mapped by ST 1201 (IMAPB) into `b` from [lo, hi]; NAN for its
 * special patterns. */
double klv_packet_imapb(struct bytes b, double lo, double hi);

#endif
