/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * takeover.h - another operator goes on with a log: the same log, whose
 * entries say so (`act` log, docs/people.md).
 *
 * What was imported has no keys (roles/import.h).  First keys are made beside
 * it, which count for nothing; then the root persons name them in the log;
 * from the entry that completes this on they sign.  Nothing the old keys sign
 * afterwards is of this log.
 *
 *	ledger/keys/log, engine    new, under the old name
 *	ledger/signer/first        the key that entry 0 names
 *	ledger/policy/next.policy  where the old policy cannot be met here: it
 *	                           names the old key, or witnesses that have no
 *	                           address; then two are made on this machine */
#ifndef LEDGER_TAKEOVER_H
#define LEDGER_TAKEOVER_H

#include "ledger/ledger.h"
#include "ledger/sign.h"

#define TAKEOVER_FIRST "ledger/signer/first"

struct takeover {
	struct sign_key log, engine; /* to be forgotten: sign_forget() */
	bool policy;                 /* a new one lies beside the old one, */
	struct digest policy_sha256; /* with this hash */
	char last[1024]; /* what the old key signed last, by it alone */
};

/* Makes them where they are missing; adds the log's new key to *vkey, for its
 * witnesses.  INPUT fault: it was not imported. */
MUST_USE bool takeover_make(
	struct disk *, struct text *vkey, struct fault *);
/* They were made here, and hold the log already. */
MUST_USE bool takeover_done(struct disk *, bool *done, struct fault *);
/* The same read again, of a log that waits for the root persons.  INPUT
 * fault: it has no such keys, or they hold it already. */
MUST_USE bool takeover_read(
	struct disk *, const struct ledger *, struct takeover *,
	struct fault *);

#endif
