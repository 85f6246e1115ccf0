/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mirror.h - is this copy of a log whole and honest?  For whoever has no more
 * than files that a web server or an export gave (PROOF.md 9):
 *
 *	checkpoint                     the newest signed note
 *	tile/...                       hashes and entries (tiles.h)
 *	disclosures/<N>.disclosure     bodies at hand, by index (exports)
 *	blobs/sha256/aa/bb/<hex>       evidence at hand (exports)
 *
 * A log may have been handed over (`act` log, docs/people.md): then it is the
 * entries that say whose word the checkpoint is, and so that is judged last.
 *
 * Nothing in it is believed: neither secrets nor journal nor spool are there.
 * Stops at the first failure and names it by the words of web/verify, which
 * does the same in a browser. */
#ifndef LEDGER_MIRROR_H
#define LEDGER_MIRROR_H

#include "base/disk.h"
#include "ledger/people.h"
#include "ledger/policy.h"
#include "ledger/outcome.h"

struct mirror_seen { /* a checkpoint that this log must have passed */
	struct bytes note;
	uint64_t size; /* it must be of; UINT64_MAX: of any */
};

/* What the auditor brings, exchanged on paper. */
struct mirror_anchors {
	bool has_key, has_genesis;
	struct note_key key;     /* of the log */
	struct digest genesis;   /* leaf of entry 0 */
	const struct policy *policy; /* or NULL */
	size_t seen_count;       /* checkpoints seen before */
	const struct mirror_seen *seen;
	/* Told of each entry that held; NULL, or the rule it breaks. */
	void *self;
	const char *(*also)(void *self, const struct people_entry *,
		const struct merkle_tree *, struct fault *);
};

struct mirror {
	struct outcome is;
	/* counted so far */
	uint64_t size, entries, signatures, bodies, withheld, unnamed;
	uint64_t batches, blobs, blobs_missing, intakes, seen;
	struct people_counts people;
	struct digest root, genesis;
	struct note_key key;    /* that entry 0 names, */
	struct note_key signer; /* and that of the checkpoint: people.h */
	struct witnessed witnessed;
};

/* A whole file of a mirror, nothing if it is not there; INPUT fault: it has
 * more than max bytes. */
MUST_USE bool mirror_file(struct disk *, const char *path, size_t max,
	struct arena *, struct bytes *out, struct fault *);
/* False only when nothing could be checked (memory). */
MUST_USE bool mirror_audit(struct disk *, const struct mirror_anchors *,
	struct mirror *out, struct fault *);

#endif
