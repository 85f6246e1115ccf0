/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/mavlink_frame.h"

/* CRC_EXTRA of ids 0..255, computed by the rule of mavlink.io ("CRC_EXTRA
 * Calculation") from common.xml and ardupilotmega.xml; 0: no such message. */
static const uint8_t extras[256] = {
	50, 124, 137, 0, 237, 217, 104, 119, 0, 0, 0, 89, 0,
	0, 0, 0, 0, 0, 0, 0, 214, 159, 220, 168, 24, 23,
	170, 144, 67, 115, 39, 246, 185, 104, 237, 244, 222, 212, 9,
	254, 230, 28, 28, 132, 221, 232, 11, 153, 41, 39, 78, 196,
	0, 0, 15, 3, 0, 0, 0, 0, 0, 167, 183, 119, 191,
	118, 148, 21, 0, 243, 124, 0, 0, 38, 20, 158, 152, 143,
	0, 0, 0, 106, 49, 22, 143, 140, 5, 150, 0, 231, 183,
	63, 54, 47, 0, 0, 0, 0, 0, 0, 175, 102, 158, 208,
	56, 93, 138, 108, 32, 185, 84, 34, 174, 124, 237, 4, 76,
	128, 56, 116, 134, 237, 203, 250, 87, 203, 220, 25, 226, 46,
	29, 223, 85, 6, 229, 203, 1, 195, 109, 168, 181, 47, 72,
	131, 127, 0, 103, 154, 178, 200, 134, 219, 208, 188, 84, 22,
	19, 21, 134, 0, 78, 68, 189, 127, 154, 21, 21, 144, 1,
	234, 73, 181, 22, 83, 167, 138, 234, 240, 47, 189, 52, 174,
	229, 85, 159, 186, 72, 0, 0, 0, 0, 92, 36, 71, 98,
	120, 0, 0, 0, 0, 134, 205, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 69, 101, 50, 202, 17, 162, 0,
	0, 0, 0, 0, 208, 207, 0, 0, 0, 163, 105, 151, 35,
	150, 179, 0, 0, 0, 0, 0, 90, 104, 85, 95, 130, 184,
	81, 8, 204, 49, 170, 44, 83, 46, 0,
};

/* Those above 255 that we read; of development.xml 441. */
static const struct {
	uint32_t id;
	uint8_t extra;
} more[] = {{265, 26}, {271, 22}, {285, 137}, {301, 243}, {441, 169},
	{12900, 114}, {12901, 254}, {12902, 140}, {12903, 249}, {12904, 77},
	{12905, 49}, {12915, 94}};

static int extra_of(uint32_t id)
{
	if (id < 256)
		return extras[id];
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		if (more[i].id == id)
			return more[i].extra;
	return 0;
}

/* CRC-16/MCRF4XX, as mavlink.io states it ("checksum"). */
static uint16_t crc_byte(uint16_t crc, uint8_t byte)
{
	uint8_t t = (uint8_t)(byte ^ (crc & 0xff));

	t = (uint8_t)(t ^ (t << 4));
	return (uint16_t)((crc >> 8) ^ (t << 8) ^ (t << 3) ^ (t >> 4));
}

static uint16_t crc_of(struct bytes b)
{
	uint16_t crc = 0xffff;

	for (size_t i = 0; i < b.len; i++)
		crc = crc_byte(crc, b.at[i]);
	return crc;
}

/* crc_byte() backwards: the one byte that may lead from crc to said. */
static uint8_t extra_under(uint16_t crc, uint16_t said)
{
	uint8_t high = (uint8_t)(said >> 8);
	uint8_t t = (uint8_t)(high ^ (high >> 5));
	uint8_t b = (uint8_t)(t ^ (t << 4));

	return (uint8_t)(b ^ (crc & 0xff));
}

static void check(struct mavlink_frame *m, struct bytes covered, uint16_t said)
{
	uint16_t crc = crc_of(covered);
	int extra = extra_of(m->id);

	m->extra = -1;
	if (extra != 0 && crc_byte(crc, (uint8_t)extra) == said) {
		m->check = MAVLINK_OK;
		m->extra = extra;
		return;
	}
	m->check = extra == 0 ? MAVLINK_UNCHECKED : MAVLINK_WRONG;
	uint8_t e = extra_under(crc, said);
	if (crc_byte(crc, e) == said)
		m->extra = e;
}

bool mavlink_frame_read(struct bytes in, struct mavlink_frame *m)
{
	struct reader r = reader(in);
	uint8_t mark = read_u8(&r);
	uint8_t length = read_u8(&r), flags = 0;

	*m = (struct mavlink_frame){0};
	if (r.ran_out || (mark != 0xfe && mark != 0xfd))
		return false;
	m->version = mark == 0xfe ? 1 : 2;
	if (m->version == 2) {
		flags = read_u8(&r);
		reader_skip(&r, 1); /* compatible flags: may be ignored */
	}
	m->sequence = read_u8(&r);
	m->system = read_u8(&r);
	m->component = read_u8(&r);
	m->id = m->version == 1 ? read_u8(&r)
				: (uint32_t)bytes_le(read_bytes(&r, 3));
	m->payload = read_bytes(&r, length);
	size_t covered = r.pos - 1;
	uint16_t said = read_u16le(&r);

	/* Flags other than `signed` change the frame in ways we cannot know:
	 * the standard says to drop it. */
	if (r.ran_out || (flags & ~1) != 0)
		return false;
	if (flags & 1) {
		m->is_signed = true;
		m->link = read_u8(&r);
		m->stamp_10us = bytes_le(read_bytes(&r, 6));
		reader_skip(&r, 6);
		if (r.ran_out)
			return false;
	}
	m->length = r.pos;
	check(m, bytes_part(in, 1, covered), said);
	return true;
}
