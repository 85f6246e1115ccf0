/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stamp.h - an RFC 3161 time stamp: an authority that we know, by its
 * certificate, says that it saw a hash no later than a time (PROOF.md 1).
 *
 * By the rule of docs/verifying.md, which the page has too: of what a token and
 * a certificate may be one form each (token.h).  The certificate, that of the
 * key which signs, is the only one trusted, and must have been valid at the
 * stamped time, whatever the time is now. */
#ifndef LEDGER_STAMP_H
#define LEDGER_STAMP_H

#include "base/instant.h"
#include "base/sha256.h"
#include "base/text.h"

/* What it says that it saw, before anybody is believed.  INPUT fault: no
 * reply with a SHA-256. */
MUST_USE bool stamp_imprint(
	struct bytes reply, struct digest *imprint, struct fault *);
/* The authority's name as its certificate says, RFC 2253. */
MUST_USE bool stamp_authority(struct bytes pem, struct text *, struct fault *);
/* What is sent to an authority: DER of a TimeStampReq that asks for its
 * certificate.  No nonce: who wants the same stamp asks the same. */
enum { STAMP_REQUEST_MAX = 256 };
MUST_USE bool stamp_request(const struct digest *imprint,
	uint8_t out[STAMP_REQUEST_MAX], size_t *n, struct fault *);
/* `reply`: DER of a TimeStampResp; `pem`: the authority's certificate.  INPUT
 * fault: which of the two is none, or in what it does not hold. */
MUST_USE bool stamp_holds(struct bytes reply, const struct digest *imprint,
	struct bytes pem, struct instant *time, struct fault *);
/* It says that it is by the key of this certificate, whether it is or not. */
bool stamp_names(struct bytes reply, struct bytes pem);

#endif
