/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fault.h - the one way to fail.
 *
 * A function that can fail returns bool and takes `struct fault *f` last.  It
 * returns false only after filling *f, where the trouble was first seen;
 * callers add what they know with fault_in() and pass it up.  Nothing below
 * cmd/ prints, logs or exits: a fault is data, and the fault of a rejected
 * packet is kept in the spool beside the packet. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <assert.h>
#include <stdbool.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* A branch we believe cannot be reached: death in strict builds (debug, asan,
 * tsan, fuzz), safety in the field.  Use as `if (NEVER(p == NULL)) ...`. */
#ifdef STRICT
#define NEVER(x) ((x) ? (assert(false && "NEVER(" #x ")"), true) : false)
#else
#define NEVER(x) (x)
#endif

enum fault_kind {
	FAULT_NONE,
	FAULT_INPUT,  /* what came from outside is wrong */
	FAULT_LIMIT,  /* a stated bound is reached: size, count, memory */
	FAULT_SYSTEM, /* the system said no; its reason is in the text */
};

struct fault {
	enum fault_kind kind;
	char text[240]; /* "klv: item 13 at byte 31: 5 bytes, wants 4" */
};

/* All return false, so that `return fault(f, ...)` reads well. */
PRINTF(3, 4) bool fault(struct fault *, enum fault_kind, const char *fmt, ...);
/* A FAULT_SYSTEM whose text ends in what errno means. */
PRINTF(2, 3) bool fault_errno(struct fault *, const char *fmt, ...);
/* Put the place in front: "ledger /srv: log: No space left on device". */
PRINTF(2, 3) bool fault_in(struct fault *, const char *fmt, ...);

#endif
