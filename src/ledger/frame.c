/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/frame.h"

enum { LABEL = 13 };

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
	uint8_t message[LABEL + FRAME_SIGNED] = "cfm/frame/v1\n";

	if (b.len < FRAME_HEAD)
		return false;
	memcpy(message + LABEL, b.at, FRAME_SIGNED);
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

static void put_place(const struct frame *x, uint8_t *out)
{
	put_be(out + 60, x->time_source, 1);
	put_be(out + 61, x->lock, 1);
	put_be(out + 62, x->error_us, 2);
	put_be(out + 64, (uint32_t)x->lat_e7, 4);
	put_be(out + 68, (uint32_t)x->lon_e7, 4);
	put_be(out + 72, (uint32_t)x->height_mm, 4);
	put_be(out + 76, x->tamper, 2);
	put_be(out + 78, x->health, 2);
	memcpy(out + 80, x->calibration, sizeof x->calibration);
}

void frame_write(struct frame *x, const struct sign_key *key, uint8_t *out)
{
	uint8_t message[LABEL + FRAME_SIGNED] = "cfm/frame/v1\n";
	struct digest payload = sha256_of(x->payload);
	int64_t start = instant_known(x->start) ? x->start.utc_ns : INT64_MIN;

	memset(out, 0, FRAME_HEAD);
	memcpy(out, "CFS1", 4);
	put_be(out + 4, x->flags, 2);
	put_be(out + 6, x->kind, 2);
	memcpy(out + 8, x->sensor, FRAME_SENSOR);
	put_be(out + 24, x->boot, 4);
	put_be(out + 28, x->payload.len, 4);
	put_be(out + 32, x->sequence, 8);
	put_be(out + 40, (uint64_t)start, 8);
	put_be(out + 48, x->monotonic_ns, 8);
	put_be(out + 56, x->span_us, 4);
	put_place(x, out);
	memcpy(out + 88, payload.at, SHA256_LEN);
	memcpy(out + 120, x->prev.at, SHA256_LEN);
	memcpy(message + LABEL, out, FRAME_SIGNED);
	sign_make(key, (struct bytes){message, sizeof message},
		out + FRAME_SIGNED);
	if (x->payload.len > 0)
		memcpy(out + FRAME_HEAD, x->payload.at, x->payload.len);
	x->digest = sha256_of((struct bytes){out, FRAME_HEAD});
}
