/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * custodian.h - what the spool says of a file of evidence: where from, when,
 * how, and of what it was made. */
#ifndef CMD_CUSTODIAN_H
#define CMD_CUSTODIAN_H

#include "base/arena.h"
#include "base/sha256.h"

struct custodian { /* zeroed: nothing read yet */
	bool read;
	struct arena arena;
	struct custodian_note *note; /* by blob */
	size_t count, room;
};

/* Two lines at most, to stdout, each begun by `lead`; nothing where the spool
 * knows nothing.  Reads the spool at the first time. */
MUST_USE bool custodian_tell(struct custodian *, const char *mission,
	const struct digest *blob, const char *lead, struct fault *);
void custodian_done(struct custodian *);

#endif
