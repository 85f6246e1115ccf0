/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tagged.h - what cairo 1.16 leaves out of a tagged PDF, put in as the file
 * streams by: the language and the title bar in the catalogue, a text for each
 * figure (/Alt), the scope of each head of a table (PDF 1.7, 14.9.2, 14.9.3,
 * 14.8.5.7); the table of offsets at the file's end is moved to match.
 *
 * Lines are looked at, and only those that cairo writes as lines of their own
 * behind "<< /Type /StructElem" or "<< /Type /Catalog".  A file without them
 * passes unchanged. */
#ifndef PUBLISH_TAGGED_H
#define PUBLISH_TAGGED_H

#include "base/text.h"

enum { TAGGED_ALTS = 256, TAGGED_ADDED = 1 << 16, TAGGED_LINE = 64 };

struct tagged {
	struct sink sink;
	const char *lang;
	const char *alt[TAGGED_ALTS]; /* of the figures, in their order */
	size_t alts, figures;
	struct {
		uint64_t at, sum; /* of cairo's bytes; added up to here */
	} *added;                 /* TAGGED_ADDED of them, in order */
	size_t count;
	uint64_t at;              /* cairo's bytes so far */
	char line[TAGGED_LINE];   /* the one that is not ended yet */
	size_t len;
	bool longer;              /* than that: its start has passed */
	enum { TAGGED_BODY, TAGGED_ELEMENT, TAGGED_OFFSETS, TAGGED_START } in;
};

MUST_USE bool tagged_init(struct tagged *, struct sink, const char *lang,
	struct arena *, struct fault *);
/* For the next figure; borrowed. */
void tagged_alt(struct tagged *, const char *);
MUST_USE bool tagged_put(struct tagged *, struct bytes, struct fault *);
/* The last line, which need not be ended. */
MUST_USE bool tagged_done(struct tagged *, struct fault *);

#endif
