/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * outcome.h - what the verifiers (audit.h, mirror.h) answer: all is as it was
 * logged, or the first thing that is not. */
#ifndef LEDGER_OUTCOME_H
#define LEDGER_OUTCOME_H

#include "base/fault.h"

#include <stdint.h>

struct outcome {
	bool verified;
	/* when it is not: */
	uint64_t index;  /* of the entry, UINT64_MAX: none is concerned */
	char rule[32];   /* "signature", "prev", "blob", ... */
	char where[240]; /* file, record, byte; what was wanted */
};

/* Notes a failure; false, for `return`. */
bool outcome_fails(struct outcome *, uint64_t index, const char *rule,
	const char *where, struct fault *);
/* The same for what a fault says, unless a failure is noted already, or memory
 * was wanting. */
bool outcome_fails_by(
	struct outcome *, uint64_t index, const char *rule, struct fault *);

#endif
