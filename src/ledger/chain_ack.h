/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain_ack.h - whose frames they are, and what a sensor is answered (PROOF.md
 * 5); chain.h says what a frame is. */
#ifndef LEDGER_CHAIN_ACK_H
#define LEDGER_CHAIN_ACK_H

#include "ledger/frame.h"

enum { CHAIN_ACK = 40 };

struct chain_owner { /* as sensors.csv says */
	const char *source;
	const uint8_t *key; /* NULL: none */
};

struct chain_keys { /* false: no source of the mission has this id */
	void *self;
	bool (*find)(void *self, const uint8_t id[FRAME_SENSOR],
		struct chain_owner *);
};

/* 16 bytes for a source of sensors.csv: SHA-256(its id)[0..15]. */
void chain_sensor_id(const char *source, uint8_t out[FRAME_SENSOR]);
/* level 1 kept, 2 witnessed: `more` bytes of a receipt follow. */
void chain_ack(const struct frame *, unsigned level, size_t more,
	uint8_t out[CHAIN_ACK]);

#endif
