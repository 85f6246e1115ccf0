/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stream.h - records handed to a role, at least once, in order.
 *
 * Order is (log id, sequence).  What was taken may be taken again after a
 * restart; it is forgotten only after release(), and release() is called only
 * after the store committed what was made of it. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include "base/journal.h"

struct cursor {
	uint8_t log_id[16];
	uint64_t sequence; /* the next one wanted */
};

struct stream {
	void *self;
	/* Up to max records; *n may be 0.  Borrowed until the next take(). */
	bool (*take)(void *self, struct journal_record *out, size_t max,
		size_t *n, struct fault *);
	bool (*release)(void *self, struct cursor, struct fault *);
	int (*wake_fd)(void *self); /* readable when there is more, or -1 */
};

#endif
