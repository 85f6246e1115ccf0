/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tape.h - what was told of samples, as bytes that this very program can tell
 * again: detections, charges, what could have been heard (memo.h).
 *
 * Structs lie in it as they are, texts behind them. */
#ifndef ROLES_TAPE_H
#define ROLES_TAPE_H

#include "model/ambient.h"
#include "model/detection.h"
#include "model/health.h"
#include "roles/memo.h"

struct tape {
	struct arena at; /* its bytes */
	bool partial; /* something was told that it cannot hold */
};

struct tape_to { /* who is told */
	struct detections detections;
	struct healths healths;
	struct ambients ambients;
};

MUST_USE bool tape_open(struct tape *, struct fault *);
void tape_close(struct tape *);
void tape_clear(struct tape *);
struct bytes tape_view(const struct tape *);

MUST_USE bool tape_raw(
	struct tape *, const void *, size_t size, struct fault *);
MUST_USE bool tape_text(struct tape *, const char *, struct fault *);
MUST_USE bool tape_detection(
	struct tape *, const struct detection *, struct fault *);
MUST_USE bool tape_health(struct tape *, const struct health *, struct fault *);
MUST_USE bool tape_ambient(
	struct tape *, const struct ambient *, struct fault *);

/* Reads a struct; false: the bytes end. */
bool tape_read(struct reader *, void *, size_t size);
const char *tape_read_text(struct reader *);
/* Tells all of it again.  `names` gives the names of features a longer life;
 * `source` is that of ambients.  What else is told is borrowed from the
 * bytes, lists from the arena. */
MUST_USE bool tape_play(struct bytes, struct memo *names, const char *source,
	struct arena *, const struct tape_to *, struct fault *);

#endif
