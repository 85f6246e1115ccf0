/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mavlink_frame.h - one MAVLink frame, version 1 or 2, out of bytes.
 *
 * Version 1: 0xFE, length, sequence, system, component, id, payload, CRC.
 * Version 2: 0xFD, length, two flag bytes, sequence, system, component,
 * three id bytes, payload, CRC, and 13 bytes of signature when flag 1 is set
 * (mavlink.io, "Packet Serialization" and "Message Signing").  The CRC ends
 * in a byte that stands for the message's definition; a frame whose
 * definition we do not know cannot be checked. */
#ifndef FORMATS_MAVLINK_FRAME_H
#define FORMATS_MAVLINK_FRAME_H

#include "base/bytes.h"

enum mavlink_check {
	MAVLINK_OK,
	MAVLINK_UNCHECKED, /* an id we have no definition byte for */
	MAVLINK_WRONG,
};

struct mavlink_frame {
	struct bytes payload; /* as sent: version 2 cuts trailing zeros */
	size_t length;        /* of the whole frame */
	uint32_t id;
	uint8_t version, sequence, system, component;
	bool is_signed;
	uint8_t link;         /* of a signed frame */
	uint64_t stamp_10us;  /* of a signed frame, since 2015-01-01 */
	enum mavlink_check check;
	int extra; /* definition byte under which a WRONG frame would be right,
	              or -1: one in 256 damaged frames has one */
};

/* The frame that begins `in`; false when none does, or it is cut short. */
bool mavlink_frame_read(struct bytes in, struct mavlink_frame *);

/* Little-endian fields of a payload; beyond its end all is zero, which is
 * what version 2 means by a short payload. */
static inline uint64_t mavlink_frame_u(
	const struct mavlink_frame *m, size_t at, size_t size)
{
	return bytes_le(bytes_part(m->payload, at, size));
}

static inline int32_t mavlink_frame_i32(
	const struct mavlink_frame *m, size_t at)
{
	return (int32_t)(uint32_t)mavlink_frame_u(m, at, 4);
}

static inline int16_t mavlink_frame_i16(
	const struct mavlink_frame *m, size_t at)
{
	return (int16_t)(uint16_t)mavlink_frame_u(m, at, 2);
}

static inline double mavlink_frame_f(const struct mavlink_frame *m, size_t at)
{
	return (double)float_of((uint32_t)mavlink_frame_u(m, at, 4));
}

#endif
