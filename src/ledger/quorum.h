/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * quorum.h - a log's witnesses, as the log sees them: asked all at once, by
 * the policy that entry 0 (or a later event of the root keys) names (PROOF.md
 * 4 and 8).
 *
 *	ledger/policy/accepted.policy   who must have cosigned (policy.h)
 *	ledger/policy/next.policy       takes its place once the log names it
 *	ledger/policy/joint.policy      "jointly accepted"; may be missing
 *	ledger/witness/1, 2             witnesses on this machine (cosigner.h)
 *	ledger/cosigned/                each signed note with what was cosigned
 *	                                of it, in order (base/log.h, kind 18)
 *
 * A witness whose key lies in ledger/witness/ is asked in this process, one
 * with a URL in the policy by a courier. */
#ifndef LEDGER_QUORUM_H
#define LEDGER_QUORUM_H

#include "base/log.h"
#include "ledger/cosigner.h"
#include "ledger/merkle.h"
#include "ledger/policy.h"
#include "ledger/secrets.h"

enum {
	QUORUM_LOCAL = 2,
	QUORUM_REPLY = 4096,
	QUORUM_NOTE = 32 << 10, /* with all lines */
};

struct letter { /* one POST, or GET where the body is empty */
	char url[512];
	struct bytes body;
	int status; /* 0: no answer, in `why` */
	uint8_t reply[QUORUM_REPLY];
	size_t len;
	struct fault why;
};

/* Who carries letters to other machines (cmd/courier.h). */
struct courier {
	void *self;
	MUST_USE bool (*carry)(
		void *self, struct letter *, size_t count, struct fault *);
};

enum quorum_state { QUORUM_SILENT, QUORUM_AGREES, QUORUM_AHEAD, QUORUM_FORK };

struct quorum {
	struct disk *disk;
	bool wanted; /* a policy is in force */
	uint8_t text[SECRETS_FILE_MAX];
	struct digest hash; /* of the policy */
	struct policy policy;
	struct cosigner local[QUORUM_LOCAL];
	size_t locals;
	const struct courier *courier; /* or NULL: only those here */
	uint64_t seen[POLICY_NAMES];   /* what each witness saw last */
	enum quorum_state state[POLICY_NAMES];
	/* When each cosigned by its clock, as it answered last; 0: it did not,
	 * or lies here and has this machine's clock. */
	uint64_t said_s[POLICY_NAMES];
	struct log kept;
	bool keeping;
	char why[200]; /* of the last that was silent, ahead, or forked */
};

struct quorum_ask {
	const struct merkle_tree *tree; /* NULL: nothing is proved */
	const struct checkpoint *checkpoint;
	struct bytes note; /* signed */
};

/* Two witnesses on this machine and the policy "both", where there is no
 * policy yet.  Before entry 0 is made. */
MUST_USE bool quorum_make(
	struct disk *, const struct sign_key *log, struct fault *);
/* For a new key of the log, where the policy that is there could not be met
 * with it, next.policy: the same with that key, or, if a witness has no
 * address, two on this machine. */
MUST_USE bool quorum_make_next(
	struct disk *, const struct sign_key *log, struct fault *);
/* `policy`: the hash in force; zeros: no witnesses. */
MUST_USE bool quorum_open(struct quorum *, struct disk *,
	const struct digest *policy, struct fault *);
void quorum_close(struct quorum *);
/* Asks every witness to cosign; adds their lines to *lines, sets state[]. */
MUST_USE bool quorum_cosign(struct quorum *, const struct quorum_ask *,
	struct text *lines, struct fault *);
size_t quorum_count(const struct quorum *, enum quorum_state);
/* Do those that agreed suffice? */
bool quorum_met(const struct quorum *);
/* By how many seconds the time `now_s` is ahead of (above 0), or behind, what
 * witnesses elsewhere said last, if it is by over CLOCKS_OFF_S and one more of
 * them say so than may lie; else 0.  *n: how many said something. */
int64_t quorum_clock(const struct quorum *, uint64_t now_s, size_t *n);
/* As if they had said so now: the times of a note that they cosigned before.
 * What it says of a clock that is ahead is nothing. */
void quorum_recall(struct quorum *, struct bytes note);
/* Durably, beside the journal. */
MUST_USE bool quorum_keep(struct quorum *, struct bytes note, uint64_t now_s,
	struct fault *);
/* The note that a witness holds of this log, if it shows it. */
MUST_USE bool quorum_other(struct quorum *, size_t witness,
	const char *origin, struct letter *, struct fault *);

#endif
