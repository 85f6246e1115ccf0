/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * entry.h - entry v1 of the ledger: 168 bytes (PROOF.md 2). */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "base/instant.h"
#include "base/sha256.h"

enum {
	ENTRY_LEN = 168,
	ENTRY_SIGNED = 104, /* bytes in front of the signature */
	ENTRY_SUBJECT = 16,
	ENTRY_KEY_ID = 8,
	ENTRY_SIGNATURE = 64,
};

enum entry_type {
	ENTRY_SEALED = 0,
	ENTRY_INTAKE = 1,
	ENTRY_INCIDENT = 2,
	ENTRY_FINDING = 3,
	ENTRY_REVIEW = 4,
	ENTRY_AGREEMENT = 5,
	ENTRY_STEP = 6,
	ENTRY_KEY = 7,
	ENTRY_HEALTH = 8,
	ENTRY_PUBLICATION = 9,
	ENTRY_CORRECTION = 10,
	ENTRY_ACCESS = 11,
	ENTRY_ANCHOR = 12,
	ENTRY_BATCH = 13,
	ENTRY_CLAIM = 14, /* claim, objection, notified activity, report */
	ENTRY_REPORT = 15,
};

enum entry_flag {
	ENTRY_EMBARGO = 1 << 0,
	ENTRY_TWO = 1 << 1, /* two persons; set by itself where it is a must */
};

struct entry {
	uint8_t type;  /* of enum entry_type; others are kept as they are */
	uint8_t flags; /* of enum entry_flag */
	struct instant clock; /* whole milliseconds */
	uint8_t subject[ENTRY_SUBJECT];
	struct digest prev; /* leaf of the subject's last entry, or 0 */
	struct digest body; /* root */
	uint8_t key_id[ENTRY_KEY_ID];
	uint8_t signature[ENTRY_SIGNATURE];
};

/* Flags that a type always bears. */
uint8_t entry_flags(uint8_t type);
void entry_write(const struct entry *, uint8_t out[ENTRY_LEN]);
/* Refuses other magic, reserved bits, absurd times. */
MUST_USE bool entry_read(struct bytes, struct entry *, struct fault *);
struct digest entry_leaf(struct bytes entry);

/* UTC ms (6 bytes) | SHA-256(made_of)[0..9]: as ids are made. */
void entry_subject(struct instant, struct bytes made_of,
	uint8_t out[ENTRY_SUBJECT]);

#endif
