/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * objects.h - the objects of a list in a JSON text, one after the other, as
 * bytes: so that each can be cited by its place, and those before a cut be
 * taken when the whole is unsound.
 *
 * Brackets and quotes are counted, nothing else is looked at: what comes from
 * a text that was not read as a whole must be read for itself. */
#ifndef FORMATS_OBJECTS_H
#define FORMATS_OBJECTS_H

#include "base/bytes.h"

struct objects {
	struct reader r;
	int depth; /* of brackets, where we stand */
	int want;  /* depth at which the objects begin */
};

/* Of the list at the top, or of the one under `key` in the object there. */
struct objects objects_in(struct bytes, const char *key);
/* Empty at the end of the text. */
struct bytes objects_next(struct objects *);

#endif
