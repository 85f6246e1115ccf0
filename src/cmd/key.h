/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * key.h - what `truce import --take-over` leaves to `truce key`. */
#ifndef CMD_KEY_H
#define CMD_KEY_H

#include "base/fault.h"

/* The root key in the file names the keys that wait in a mission
 * (ledger/takeover.h), and a policy, if one waits with them; prints what
 * counts. */
MUST_USE bool key_take_over(
	const char *mission, const char *root, struct fault *);

#endif
