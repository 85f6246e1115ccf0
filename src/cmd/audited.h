/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audited.h - what an audit found, said on stdout: in words, the verdict on the
 * last line, or as one line of JSON (docs/schema/audit.json). */
#ifndef CMD_AUDITED_H
#define CMD_AUDITED_H

#include "cmd/recompute.h"
#include "ledger/audit.h"
#include "ledger/bracket.h"

struct audited { /* what is said beside */
	bool json;
	const char *limit; /* NULL: none, of what was proved */
	const char *index; /* of index.db; "" */
	const struct bracket *at; /* NULL: no entry was asked for */
	size_t witnesses;
	const struct compared *anew; /* NULL: nothing was made anew */
};

/* EXIT_DONE, or EXIT_NO: not verified, or made anew it is otherwise. */
int audited_print(const struct audit *, const struct audited *);

#endif
