/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * policy.h - who must have cosigned a checkpoint (C2SP tlog-policy): logs,
 * witnesses, groups of k of n, one quorum.
 *
 * Names refer to lines above them, and each is a member once, so a witness
 * counts in one way only and no group can hold itself. */
#ifndef LEDGER_POLICY_H
#define LEDGER_POLICY_H

#include "ledger/note.h"

enum { POLICY_LOGS = 32, POLICY_NAMES = 64, POLICY_MEMBERS = 256 };

struct policy_name { /* a witness or a group */
	struct bytes name;
	bool is_group, is_member;
	struct note_key key;     /* of a witness */
	struct bytes url;        /* where it is asked; empty: not said */
	size_t needs, from, count; /* of a group: members from .. + count - 1 */
};

struct policy { /* views into the text that was read */
	size_t logs, names, members;
	struct note_key log[POLICY_LOGS];
	struct policy_name name[POLICY_NAMES];
	size_t member[POLICY_MEMBERS]; /* numbers of names */
	size_t quorum; /* number of a name; POLICY_NAMES: none wanted */
};

struct witnessed {
	uint64_t time_s[POLICY_NAMES]; /* of a witness; 0: not cosigned */
	bool yes[POLICY_NAMES];        /* witness or group */
	bool by_log, met;
	size_t witnesses; /* that cosigned */
};

/* Faults name the line. */
MUST_USE bool policy_read(struct bytes, struct policy *, struct fault *);
/* Groups from their members: yes[] holds what witnesses say.  Is the quorum
 * reached? */
bool policy_weigh(const struct policy *, bool yes[POLICY_NAMES]);
/* How many witnesses must have agreed before a log may be signed again that
 * may have been put back (PROOF.md 8, start-up): n - k + 1 + f, where n are
 * asked, k suffice, and f = 2k - n - 1 may lie (none, if that is less). */
size_t policy_agreed(const struct policy *);
/* False: a line of a known key does not hold.  Else see out->met. */
MUST_USE bool policy_judge(const struct policy *, const struct note *,
	const char *origin, struct witnessed *out, struct fault *);

#endif
