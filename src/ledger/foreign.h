/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * foreign.h - a body whose secret somebody else has: as it stands in the
 * journal of a mission that was made of a pack (roles/import.h).
 *
 * A pack opens fields with a salt each, and never hands the entry's secret
 * over.  So the record bears the flag JOURNAL_IMPORTED, and its plain text is
 * per field 1, salt, u16 name length, name, u32 value length, value, or 0 and
 * the leaf hash of a field that is shut; sealed as any other, under a secret of
 * this mission's own, so that it can be erased here too.  A record without any
 * is an entry whose body is not at hand. */
#ifndef LEDGER_FOREIGN_H
#define LEDGER_FOREIGN_H

#include "ledger/proof.h"

/* LIMIT fault: more than `size` bytes. */
MUST_USE bool foreign_write(const struct disclosure *, uint8_t *out,
	size_t size, size_t *n, struct fault *);
/* Fields of a plain text, views into it, held against the entry in d. */
MUST_USE bool foreign_read(
	struct bytes plain, struct disclosure *d, struct fault *);

#endif
