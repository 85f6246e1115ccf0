/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit.h - is everything in this mission folder what it was when it was
 * logged?
 *
 * Reads journal, secrets, keys, blobs and spools, and believes none of them:
 * digests, signatures, what each author may do and who stands behind it
 * (people.h), the chain of each subject, body roots, the tree's root against
 * the signed checkpoint, the hash of every blob, the root of every batch and
 * of every intake.  Stops at the first failure and names it. */
#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include "base/disk.h"
#include "base/sha256.h"
#include "ledger/anchor.h"
#include "ledger/chain_ack.h"
#include "ledger/clocks.h"
#include "ledger/custody.h"
#include "ledger/policy.h"
#include "ledger/outcome.h"
#include "ledger/people.h"
#include "ledger/pulse.h"

struct audit_witness {
	char name[SIGN_NAME_MAX + 1]; /* in its key */
	uint64_t last_s; /* it last cosigned; 0: never */
	bool local;      /* its key lies in this mission */
};

/* Intakes whose stated time lies outside what the witnesses' clocks prove of
 * it (bracket.h); the first of them. */
struct audit_times {
	uint64_t proved, outside, first;
	struct instant stated;
	uint64_t from_s, to_s; /* 0: not known */
};

struct audit {
	struct outcome is;
	/* counted so far */
	uint64_t absent; /* bodies that were never handed over: imported */
	uint64_t entries, bodies, closed; /* closed: body erased */
	struct people_counts people;
	uint64_t blobs, blob_bytes, batches, intakes;
	/* Intakes of records that another took in too, as a version before
	 * 0.1.0 could write them; the first of them.  Nothing is missing. */
	uint64_t twice, first_twice;
	/* Records that state a receipt at another time than their intake and
	 * the one before allow: the clock was wrong then, or somebody wrote
	 * them later.  The intake of the last. */
	uint64_t untimely, untimely_in;
	uint64_t spools, spool_records, uncommitted; /* not in an intake yet */
	struct custody_seen custody; /* frames of sensors */
	struct anchor_seen anchors;  /* stamps of authorities */
	uint64_t signed_size; /* of the checkpoint; 0: none yet */
	struct digest root, genesis;
	char origin[208], vkey[320];
	/* of the published checkpoint */
	bool policy, accepted; /* one is in force, and it is met */
	bool joint, jointly;   /* the same of joint.policy */
	size_t cosigned, asked;   /* witnesses that did, and all */
	uint64_t kept;            /* cosigned notes that are kept */
	uint64_t kept_size, shown_size; /* entries under the last of them, and
	                                 * under ledger/pub/checkpoint */
	struct audit_witness witness[POLICY_NAMES]; /* asked of them */
	struct audit_times times;
	struct clocks_seen clocks; /* of authors */
	struct pulse_seen pulse; /* heartbeats */
	uint64_t told;           /* who was told what (access.h) */
};

/* False only when nothing could be checked (no ledger, no memory): else look
 * at out->is.verified.  say() (may be NULL) is told what is done, line by
 * line. */
MUST_USE bool ledger_audit(struct disk *,
	void (*say)(void *self, const char *line), void *self,
	struct audit *out, struct fault *);

struct audit_with { /* what the auditor brings; zeroed: nothing */
	struct bytes since; /* a checkpoint (a note) from before: this log must
	                     * begin with what it says */
	const struct chain_keys *sensors; /* whose frames the spool has */
	const struct authorities *authorities; /* whose stamps are believed */
};

MUST_USE bool ledger_audit_with(struct disk *, const struct audit_with *,
	void (*say)(void *self, const char *line), void *self,
	struct audit *out, struct fault *);

#endif
