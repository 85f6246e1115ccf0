/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * secrets.h - the secret of each entry, in slots that can be erased one by one
 * (SCALE.md 3), and small private files.
 *
 * ledger/secrets/EPOCH/FILE holds 65,536 slots of 72 bytes: a random nonce of
 * 24, the secret sealed under the epoch's wrap key (ledger/keys/wrap.EPOCH),
 * its tag; the index is associated data.  A slot of zeros is empty or erased.
 * The newest epoch in which a slot is not empty holds.  When a sync of a file
 * fails, that file is left alone and a new epoch is begun. */
#ifndef LEDGER_SECRETS_H
#define LEDGER_SECRETS_H

#include "base/disk.h"
#include "ledger/body.h"

enum {
	SECRETS_EPOCHS = 64,
	SECRETS_SLOT = 72,
	SECRETS_FILE_SLOTS = 65536,
	SECRETS_FILE_MAX = 4096, /* of a small file */
};

struct secrets {
	struct disk *disk;
	uint32_t epochs; /* 1 .. epochs are there */
	uint8_t wrap[SECRETS_EPOCHS][BODY_SECRET];
	/* the file that is open */
	int file; /* -1: none */
	uint32_t file_epoch;
	uint64_t file_number;
	bool for_writing;
	uint64_t used, written; /* slots of it; with zeros behind them */
};

enum secret_state { SECRET_OPEN, SECRET_EMPTY, SECRET_DAMAGED };

/* make: begins the first epoch where there is none. */
MUST_USE bool secrets_open(
	struct secrets *, struct disk *, bool make, struct fault *);
void secrets_close(struct secrets *);
/* Slots first .. first + n - 1; true: durable.  A secret of zeros: its slot
 * stays empty. */
MUST_USE bool secrets_put(struct secrets *, uint64_t first,
	const uint8_t (*secret)[BODY_SECRET], size_t n, struct fault *);
MUST_USE bool secrets_get(struct secrets *, uint64_t index,
	uint8_t out[BODY_SECRET], enum secret_state *, struct fault *);

/* Its slot is zeros in every epoch; true: durable.  What a flash memory keeps
 * beneath falls with the epoch's wrap key. */
MUST_USE bool secrets_erase(struct secrets *, uint64_t index, struct fault *);

/* Every slot of every epoch is empty or opens; INPUT fault: which is not.  A
 * write that failed may leave a torn slot: of no entry yet (there are `size`),
 * of one whose secret a newer epoch holds, or of one that is erased, as
 * erased() says.  That is no damage. */
MUST_USE bool secrets_check(struct secrets *, uint64_t size,
	bool (*erased)(void *self, uint64_t index), void *self,
	struct fault *);

/* A small file whole; *n 0 when there is none. */
MUST_USE bool small_read(struct disk *, const char *path,
	uint8_t out[SECRETS_FILE_MAX], size_t *n, struct fault *);
/* Temporary name, sync, rename; private: 0600. */
MUST_USE bool small_write(struct disk *, const char *path, struct bytes,
	bool private_, struct fault *);

#endif
