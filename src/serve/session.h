/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session.h - who asks.  A person proves to hold an enrolled key by signing a
 * challenge; a cookie then stands for them, and a token that another page
 * cannot know goes with each write.  A session reads and takes leases; what
 * a person decides they sign anew each time (entries.h).
 *
 * In memory alone: a server that starts again knows nobody. */
#ifndef SERVE_SESSION_H
#define SERVE_SESSION_H

#include <pthread.h>

#include "base/json.h"
#include "publish/publish.h"
#include "serve/office.h"
#include "serve/wire.h"

enum {
	SESSIONS = 512,
	CHALLENGES = 1024,
	SESSION_S = 8 * 3600,
	CHALLENGE_S = 120,
	SESSION_LOOK_S = 60, /* so often the log is asked again */
	SECRET_LEN = 32,
	SECRET_HEX = 2 * SECRET_LEN + 1,
};

struct session {
	char name[SECRET_HEX], token[SECRET_HEX]; /* "": free */
	struct office_person who;
	struct instant until, looked;
};

struct challenge {
	char text[SECRET_HEX]; /* "": free */
	struct instant until;
};

struct sessions {
	pthread_mutex_t lock;
	struct session one[SESSIONS];
	struct challenge challenge[CHALLENGES];
	size_t turn; /* whose place the next challenge takes */
};

struct asker { /* of one request */
	bool known;
	struct office_person is;
	char token[SECRET_HEX];
	struct instant until;
	enum level level;
};

struct api;

void sessions_init(struct sessions *);
void sessions_done(struct sessions *);
/* By the cookie; without one what the front door gives everybody. */
void session_asker(
	const struct api *, const struct wire_request *, struct asker *);
/* GET, POST, DELETE of /api/v1/session. */
void session_answer(const struct api *, const struct wire_request *,
	const struct asker *, struct arena *, struct wire_response *);
/* A write: by a known person, with their token, from our own page.  False:
 * the response says why not. */
MUST_USE bool session_writes(const struct wire_request *,
	const struct asker *, struct arena *, struct wire_response *);
/* What a role may do, ended by NULL. */
const char *const *session_may(enum people_role);
/* {"person", "org", "role"} members into an open object. */
void session_say(struct json *, const struct office_person *);

#endif
