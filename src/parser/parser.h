/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * parser.h - strangers' bytes, understood by somebody who can do no harm.
 *
 * parsers_decode() does what a format's decode() does, with the same calls to
 * the intake in the same order, but the decoder runs in a child without files,
 * network or keys (sandbox.h).  Children are kept for the next file, one for
 * each thread that asks at the same time; a long file has one of its own, as it
 * needs more memory than a child may have.
 *
 * A child that dies costs nothing that was heard: another one reads the bytes
 * again from the start, and what the intake has been told already is passed
 * over.  Bytes of which two children die are set aside: an INPUT fault, which
 * says how.  They are bounded by memory (512 MiB, and eight times its length
 * more for a file of over 16 MiB), by processor time (2 s and another for each
 * 8 MiB), by what they say (16 MiB and 256 times the input), and may do nothing
 * for 10 s.  The bound is of processor time as the wall's clock would let a
 * busy machine set aside what an idle one reads.
 *
 * What the kernel or a container refuses of the sandbox is left out, and told
 * by parsers_hold(). */
#ifndef PARSER_PARSER_H
#define PARSER_PARSER_H

#include "formats/format.h"
#include "parser/sandbox.h"

struct parsers;

enum { PARSER_DEATHS = 2 }; /* of one's bytes: they are set aside */

struct parsers_limits { /* 0: as above */
	size_t memory_mib;
	unsigned cpu_s, idle_s;
};

struct parse {
	const struct format *format;
	struct bytes in;
	const struct origin *origin;
	struct arena *scratch; /* for what an observation holds */
	/* out, and in: what was sniffed and is decoded then has both's deaths
	 */
	unsigned deaths;   /* of children; 2: set aside */
	struct fault died; /* how the first did, when there are any */
};

struct parsers_seen {
	uint64_t started, died;
	int last; /* process id of the child that was started last */
};

/* No child is started before there is something to read. */
MUST_USE bool parsers_open(
	struct parsers **, const struct parsers_limits *, struct fault *);
void parsers_close(struct parsers *);

/* By any thread.  Names of features and attributes last until
 * parsers_close(). */
MUST_USE bool parsers_decode(struct parsers *, struct parse *,
	const struct intake *, struct fault *);
/* The surest format of `in`, whose first 64 KiB are looked at, to `format`:
 * NULL: none.  false: as parsers_decode(). */
MUST_USE bool parsers_sniff(struct parsers *, struct parse *, struct fault *);

/* The fault of those that two died of; false. */
bool parse_set_aside(const struct parse *, struct fault *);

/* What holds of the sandbox here: asks a child. */
MUST_USE bool parsers_hold(struct parsers *, struct sandbox *, struct fault *);
void parsers_seen(struct parsers *, struct parsers_seen *);

#endif
