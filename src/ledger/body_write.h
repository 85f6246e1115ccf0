/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * body_write.h - what only a writer of bodies asks of body.h: no check that
 * was made before, and once what root and seal both do with the secret. */
#ifndef LEDGER_BODY_WRITE_H
#define LEDGER_BODY_WRITE_H

#include "ledger/body.h"

/* body_write() of fields that body_size() found sound: how long it is. */
size_t body_put(const struct fields *, uint8_t *out);
/* body_root(), and with it the key that seals; `seal` may be NULL. */
void body_commit(struct bytes plain, const uint8_t secret[BODY_SECRET],
	struct digest *root, struct digest *seal);
/* out: plain.len + BODY_TAG bytes. */
void body_seal_by(struct bytes plain, const struct digest *seal,
	const uint8_t entry[ENTRY_LEN], uint8_t *out);

#endif
