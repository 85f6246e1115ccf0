/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stamp.h - an RFC 3161 time stamp: an authority that we know, by its
 * certificate, says that it saw a hash no later than a time (PROOF.md 1).
 *
 * libcrypto judges the token; the certificate is the only one trusted, and
 * must have been valid at the stamped time, whatever the time is now. */
#ifndef LEDGER_STAMP_H
#define LEDGER_STAMP_H

#include "base/instant.h"
#include "base/sha256.h"

/* `reply`: DER of a TimeStampResp; `pem`: the authority's certificate. */
MUST_USE bool stamp_holds(struct bytes reply, const struct digest *imprint,
	struct bytes pem, struct instant *time, struct fault *);

#endif
