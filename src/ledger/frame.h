/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame.h - sensor frame v1: 152 signed bytes, 64 of signature, payload
 * (PROOF.md 5).  Layout and signature only: what follows what is judged
 * against what is held of the sensor. */
#ifndef LEDGER_FRAME_H
#define LEDGER_FRAME_H

#include "base/instant.h"
#include "ledger/sign.h"

enum {
	FRAME_SIGNED = 152,
	FRAME_HEAD = 216,
	FRAME_PAYLOAD_MAX = 65320,
	FRAME_SENSOR = 16,
};

enum frame_flag { FRAME_RESTARTED = 1 << 0, FRAME_STORED = 1 << 1 };

struct frame { /* views into what was read */
	unsigned flags;   /* of enum frame_flag */
	unsigned kind;    /* of the payload, 1 to 6 */
	uint8_t sensor[FRAME_SENSOR];
	uint32_t boot;
	uint64_t sequence;
	struct instant start; /* of the first sample, or unknown */
	uint64_t monotonic_ns;
	uint32_t span_us;
	uint8_t time_source, lock;
	uint16_t error_us;    /* 65535: unknown or more */
	int32_t lat_e7, lon_e7, height_mm; /* INT32_MIN: unknown */
	uint16_t tamper, health;
	uint8_t calibration[8]; /* SHA-256 of the record in force, [0..7] */
	struct digest prev, digest; /* of bytes 0..215 */
	struct bytes payload;
};

enum frame_kind { FRAME_MINISEED = 1, FRAME_DETECTIONS, FRAME_HEALTH,
	FRAME_ACTUATION, FRAME_MEDIA, FRAME_OTHER };
enum frame_lock { FRAME_UNLOCKED, FRAME_HOLDOVER, FRAME_LOCKED };
enum { FRAME_ERROR_UNKNOWN = 65535 };

MUST_USE bool frame_read(struct bytes, struct frame *, struct fault *);
bool frame_signed(struct bytes, const uint8_t key[SIGN_KEY]);
/* The length of the one in front, as its head says; 0: not all of the head is
 * here.  INPUT fault: no frame begins here. */
MUST_USE bool frame_length(struct bytes, size_t *, struct fault *);
/* Signed: FRAME_HEAD and the payload's bytes; sets x->digest. */
void frame_write(struct frame *, const struct sign_key *, uint8_t *out);

#endif
