/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * genesis.h - entry 0: which keys a log begins with (docs/people.md).
 *
 *	act = genesis, engine (hex), log (vkey), mission, mission_sha256,
 *	policy_sha256 (of ledger/policy/accepted.policy; zeros: no witnesses),
 *	roots (lines PERSON KEY ORG, ascending), threshold, two_orgs
 *
 * Root keys enrol all others, `threshold` persons of them together.  A mission
 * folder may hold the file `roots`, lines `threshold N`, `two_orgs yes|no`,
 * `PERSON KEY ORG`; where it does not, one root key is made beside the log's
 * and stands alone. */
#ifndef LEDGER_GENESIS_H
#define LEDGER_GENESIS_H

#include "base/disk.h"
#include "ledger/sign.h"
#include "model/fields.h"

enum {
	PERSON_LEN = 16, /* opaque */
	ORG_MAX = 64,    /* [A-Za-z0-9._-] */
	ROOTS_MAX = 16,
	ROOT_LINE = 2 * PERSON_LEN + 1 + 2 * SIGN_KEY + 1 + ORG_MAX + 1,
};

struct root {
	uint8_t person[PERSON_LEN], key[SIGN_KEY];
	char org[ORG_MAX + 1];
};

struct roots {
	struct root of[ROOTS_MAX];
	size_t count;
	uint64_t threshold;
};

struct genesis {
	uint8_t engine[SIGN_KEY], log[SIGN_KEY];
	char origin[SIGN_NAME_MAX + 1]; /* the log's name */
	const char *mission;            /* not read back */
	struct digest mission_sha256, policy_sha256;
	struct roots roots;
	bool two_orgs;
};

bool org_ok(struct bytes);
/* A value as text, quoted or not (fields.h), without escapes but \n, \" and
 * \\: into `out`; false if it is none, or longer. */
MUST_USE bool value_text(struct bytes value, char *out, size_t size);
/* Could it be read so, whatever its length? */
bool value_reads(struct bytes value);

/* Lines PERSON KEY ORG, ascending; 1 <= threshold <= lines. */
MUST_USE bool roots_read(
	struct bytes lines, uint64_t threshold, struct roots *, struct fault *);
void roots_print(const struct roots *, struct text *);
/* What the file `roots` says; got false: there is none. */
MUST_USE bool roots_file(struct bytes, struct genesis *, struct fault *);

void genesis_fields(const struct genesis *, struct fields *);
/* Of entry 0's body. */
MUST_USE bool genesis_read(
	const struct fields *, struct genesis *, struct fault *);

#endif
