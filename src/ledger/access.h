/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * access.h - who was told what, and when: entries of type 11, written before
 * a sealed or withheld body is read or handed out (docs/people.md).
 *
 *	who (hex of a person, or an operator's name), of (leaf of the entry),
 *	index (of it), fields (names shown, by lines), to, why */
#ifndef LEDGER_ACCESS_H
#define LEDGER_ACCESS_H

#include "ledger/people.h"

/* NULL: no access, or one that reads; else "access", and f says why.  *told
 * counts them. */
const char *access_take(uint64_t *told, const struct people_entry *,
	const struct merkle_tree *, struct fault *);

#endif
