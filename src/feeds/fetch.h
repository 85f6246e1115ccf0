/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fetch.h - asks other machines by HTTP: the only file that does (libcurl).
 *
 * GET, or POST of a body; https anywhere, http on loopback only (names
 * 127.0.0.1, ::1, localhost), since what travels in the clear can be changed
 * on its way.  No redirect is followed: who answers is who was asked.  A
 * reply longer than `most`, or later than `limit_ms`, is none.
 *
 *	struct fetch x = {.url = url, .most = 64 << 10, .limit_ms = 5000};
 *	if (!fetch_all(&x, 1, f)) ...          memory
 *	if (x.status != 200) ...               0: x.why says what went wrong
 *	fetch_free(&x, 1);
 */
#ifndef FEEDS_FETCH_H
#define FEEDS_FETCH_H

#include "base/bytes.h"
#include "base/fault.h"

enum { FETCH_TYPE = 64 };

struct fetch {
	/* in */
	const char *url;
	bool post;
	struct bytes body;
	size_t most;   /* bytes of a reply */
	long limit_ms; /* for all of it */
	/* out */
	int status; /* 0: no answer */
	char type[FETCH_TYPE]; /* Content-Type, cut */
	struct bytes reply; /* until fetch_free() */
	struct fault why;
	/* its own */
	void *handle;
	uint8_t *at;
	size_t room;
};

/* A URL that may be asked; INPUT fault: why not. */
MUST_USE bool fetch_may(const char *url, struct fault *);
/* All at once; false only when none could be asked. */
MUST_USE bool fetch_all(struct fetch *, size_t count, struct fault *);
void fetch_free(struct fetch *, size_t count);

#endif
