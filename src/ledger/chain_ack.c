/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/chain_ack.h"

void chain_sensor_id(const char *source, uint8_t out[FRAME_SENSOR])
{
	struct digest d = sha256_of(bytes_of(source));

	memcpy(out, d.at, FRAME_SENSOR);
}

void chain_ack(const struct frame *x, unsigned level, size_t more,
	uint8_t out[CHAIN_ACK])
{
	memset(out, 0, CHAIN_ACK);
	memcpy(out, "CFK1", 4);
	out[4] = (uint8_t)level;
	memcpy(out + 8, x->sensor, FRAME_SENSOR);
	put_be(out + 24, x->boot, 4);
	put_be(out + 28, more, 4);
	put_be(out + 32, x->sequence, 8);
}
