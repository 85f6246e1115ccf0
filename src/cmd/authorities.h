/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * authorities.h - whose time stamps are believed: the certificates of a
 * mission, authorities/NAME.pem, and one that is named. */
#ifndef CMD_AUTHORITIES_H
#define CMD_AUTHORITIES_H

#include "ledger/anchor.h"

/* `mission`, `ca` may be NULL. */
MUST_USE bool authorities_load(const char *mission, const char *ca,
	struct arena *, struct authorities *, struct fault *);

#endif
