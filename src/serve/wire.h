/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wire.h - one request and its one response, as the front doors (door.h)
 * bring and carry them: no socket here, so that a test asks what a browser
 * asks.
 *
 * Everything in a request is borrowed and as it came, but for the path, whose
 * %xx are undone; an absent header is empty.  A response lies in the arena
 * that it was made in. */
#ifndef SERVE_WIRE_H
#define SERVE_WIRE_H

#include "base/instant.h"
#include "base/text.h"

enum wire_method {
	WIRE_GET,
	WIRE_HEAD,
	WIRE_PUT,
	WIRE_POST,
	WIRE_DELETE,
	WIRE_OTHER,
};

struct wire_request {
	enum wire_method method;
	struct bytes path;  /* "/api/v1/incidents" */
	struct bytes query; /* "from=...&to=...", without the '?' */
	struct bytes accept, content_type, last_event_id, if_none_match, host;
	struct bytes origin, cookie, token; /* token: X-Truce-Token */
	struct bytes body;
	struct instant now;
};

enum wire_is {
	WIRE_TEXT,   /* `body` */
	WIRE_FILE,   /* the bytes of `file` */
	WIRE_EVENTS, /* server-sent events behind `after` (events.h) */
};

struct wire_response {
	enum wire_is is;
	unsigned status;
	const char *type;  /* of the media */
	const char *cache; /* Cache-Control */
	const char *encoding; /* of `body` as it stands, "gzip"; NULL none */
	const char *policy; /* Content-Security-Policy */
	const char *cookie; /* Set-Cookie; NULL: none */
	char etag[40];     /* "" none */
	const char *next;  /* of a list, the place of its next page; or NULL */
	struct bytes body;
	const char *file;
	int64_t after;
	bool parties; /* events: only what those may see (level.h) */
};

/* All headers of a response but its status line, one after the other. */
void wire_headers(const struct wire_response *,
	void (*each)(void *self, const char *name, const char *value),
	void *self);

enum wire_method wire_method_named(struct bytes);

/* The value of a parameter of the query, %xx and '+' undone, zero-ended, in
 * the arena; false: it is not there.  A broken %xx or a zero byte: *bad. */
bool wire_parameter(struct bytes query, const char *name, struct arena *,
	const char **value, bool *bad);
/* Undoes %xx; false: broken, or a zero byte. */
bool wire_decode(struct bytes, bool plus, struct text *);

/* RFC 9457: application/problem+json with what was wrong and what is wanted. */
PRINTF(4, 5) void wire_problem(struct wire_response *, struct arena *,
	unsigned status, const char *fmt, ...);
/* With the members of `more`, an object of JSON; empty: none. */
PRINTF(5, 6) void wire_problem_more(struct wire_response *, struct arena *,
	unsigned status, struct bytes more, const char *fmt, ...);

#endif
