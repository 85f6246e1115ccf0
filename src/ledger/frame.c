/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/frame.h"

static void read_place(struct reader *r, struct frame *x)
{
	x->lat_e7 = (int32_t)read_u32be(r);
	x->lon_e7 = (int32_t)read_u32be(r);
	x->height_mm = (int32_t)read_u32be(r);
	x->tamper = read_u16be(r);
	x->health = read_u16be(r);
}

static void read_times(struct reader *r, struct frame *x)
{
	int64_t start = (int64_t)read_u64be(r);

	x->start = start == INT64_MIN ? INSTANT_UNKNOWN
				      : (struct instant){start};
	x->monotonic_ns = read_u64be(r);
	x->span_us = read_u32be(r);
	x->time_source = read_u8(r);
	x->lock = read_u8(r);
	x->error_us = read_u16be(r);
}

static void take(struct reader *r, uint8_t *to, size_t n)
{
	memcpy(to, read_bytes(r, n).at, n); /* the head is all there */
}

bool frame_read(struct bytes b, struct frame *x, struct fault *f)
{
	struct reader r = reader(b);
	struct digest said = {{0}}, is;
	uint32_t len;

	*x = (struct frame){0};
	if (b.len < FRAME_HEAD)
		return fault(f, FAULT_INPUT, "frame of %zu bytes, wants %d",
			b.len, FRAME_HEAD);
	if (!bytes_are(read_bytes(&r, 4), "CFS1"))
		return fault(f, FAULT_INPUT, "not a frame");
	x->flags = read_u16be(&r);
	x->kind = read_u16be(&r);
	take(&r, x->sensor, FRAME_SENSOR);
	x->boot = read_u32be(&r);
	len = read_u32be(&r);
	x->sequence = read_u64be(&r);
	read_times(&r, x);
	read_place(&r, x);
	take(&r, x->calibration, sizeof x->calibration);
	take(&r, said.at, SHA256_LEN);
	take(&r, x->prev.at, SHA256_LEN);
	reader_skip(&r, SIGN_LEN);
	if (x->flags > 3 || x->kind < 1 || x->kind > 6 || x->time_source > 4 ||
		x->lock > 2)
		return fault(f, FAULT_INPUT, "frame: reserved values");
	if (len > FRAME_PAYLOAD_MAX || reader_left(&r) != len)
		return fault(f, FAULT_INPUT, "frame: payload of %zu bytes, "
			"the head says %u", reader_left(&r), (unsigned)len);
	x->payload = read_bytes(&r, len);
	is = sha256_of(x->payload);
	if (memcmp(is.at, said.at, SHA256_LEN) != 0)
		return fault(f, FAULT_INPUT,
			"frame: payload is not what the head says");
	x->digest = sha256_of(bytes_part(b, 0, FRAME_HEAD));
	return true;
}

bool frame_signed(struct bytes b, const uint8_t key[SIGN_KEY])
{
	uint8_t message[13 + FRAME_SIGNED] = "cfm/frame/v1\n";

	if (b.len < FRAME_HEAD)
		return false;
	memcpy(message + 13, b.at, FRAME_SIGNED);
	return sign_holds(key, (struct bytes){message, sizeof message},
		b.at + FRAME_SIGNED);
}

bool frame_length(struct bytes b, size_t *n, struct fault *f)
{
	static const char magic[] = "CFS1";
	size_t have = b.len < 4 ? b.len : 4;
	uint64_t payload;

	*n = 0;
	if (have > 0 && memcmp(b.at, magic, have) != 0)
		return fault(f, FAULT_INPUT, "not a frame");
	if (b.len < 32)
		return true;
	payload = bytes_be(bytes_part(b, 28, 4));
	if (payload > FRAME_PAYLOAD_MAX)
		return fault(f, FAULT_INPUT, "frame: payload of %llu bytes",
			(unsigned long long)payload);
	*n = FRAME_HEAD + (size_t)payload;
	return true;
}
