/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * authorities.h - whose time stamps are believed: the certificates of a
 * mission, authorities/NAME.pem, and one that is named; or those alone that an
 * auditor names, who need not believe those of the mission. */
#ifndef CMD_AUTHORITIES_H
#define CMD_AUTHORITIES_H

#include "ledger/anchor.h"

/* `mission`, `ca` may be NULL. */
MUST_USE bool authorities_load(const char *mission, const char *ca,
	struct arena *, struct authorities *, struct fault *);
/* Of a file, or of a folder all NAME.pem; INPUT fault: there is none. */
MUST_USE bool authorities_named(const char *path, struct arena *,
	struct authorities *, struct fault *);

#endif
