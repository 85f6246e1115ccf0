/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/frame.h"

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
	uint8_t message[13 + FRAME_SIGNED] = "cfm/frame/v1\n";
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
	memcpy(message + 13, out, FRAME_SIGNED);
	sign_make(key, (struct bytes){message, sizeof message},
		out + FRAME_SIGNED);
	if (x->payload.len > 0)
		memcpy(out + FRAME_HEAD, x->payload.at, x->payload.len);
	x->digest = sha256_of((struct bytes){out, FRAME_HEAD});
}
