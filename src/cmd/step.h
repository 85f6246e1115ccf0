/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * step.h - what a guarantor makes of an obligation, from the shell: signed by
 * their key, logged, and nothing more. */
#ifndef CMD_STEP_H
#define CMD_STEP_H

#include "cmd/cmd.h"
#include "ledger/owed.h"

struct step_ask {
	enum owed_does does;
	const char *mission, *id; /* of the obligation, or its end */
	const char *key, *why;
	const char *evidence; /* a file; NULL: none */
};

/* EXIT_DONE, or the code to end with. */
int step_take(const struct cmd *, const struct step_ask *);

#endif
