/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit_witness.h - the part of an audit that looks at witnesses: policies,
 * every note that was cosigned, keys and memory of those on this machine
 * (quorum.h). */
#ifndef LEDGER_AUDIT_WITNESS_H
#define LEDGER_AUDIT_WITNESS_H

#include "ledger/audit_spools.h"
#include "ledger/merkle.h"
#include "ledger/people.h"

struct audit_log { /* what the entries say */
	struct disk *disk;
	const struct merkle_tree *tree;
	uint64_t size;
	const struct people *people; /* with the log's keys */
	struct digest policy;  /* in force; zeros: none */
	bool changed;          /* another one was, before, or will be */
	bool copy;             /* imported: may have what is public alone */
	uint64_t *segment;     /* room for LOG_SEGMENTS_MAX */
	const struct audit_promise *intake; /* in order */
	size_t intakes;
	struct pulse *pulse; /* is told of each cosigned note */
	struct clocks *clocks; /* likewise */
};

/* Fills out's part; false: out->is or the fault says why. */
MUST_USE bool audit_witnesses(
	const struct audit_log *, struct audit *out, struct fault *);

#endif
