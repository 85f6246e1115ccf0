/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * speaker.h - lines for a reader who may be slow, or gone, and must hold up
 * nobody.
 *
 * A queue of bounded size stands before the descriptor.  Written is only what
 * it takes without waiting: after poll() says so, up to PIPE_BUF bytes at a
 * time, which a pipe or a socket then takes whole; a descriptor shared with
 * others is not made non-blocking behind their backs.  When the queue is full
 * its oldest lines go, as the newest are wanted most; where they stood comes a
 * line that says how many.  A line that was begun is always ended. */
#ifndef CMD_SPEAKER_H
#define CMD_SPEAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* What is said where lines are missing; %llu of them. */
#define SPEAKER_GAP "{\"dropped\":%llu,\"schema\":\"truce.alert/1\"}\n"
enum { SPEAKER_GAP_MAX = 80 };

struct speaker {
	int fd;
	char *at;    /* the queue: whole lines, but for the first */
	size_t size, len;
	bool begun;  /* a part of the first line is written */
	bool gone;   /* nobody reads any more */
	bool full;   /* it is a file, and its disk is full; it is tried again */
	uint64_t missing; /* dropped, and not said yet */
	uint64_t lines, dropped; /* in all */
};

/* room: size bytes for the queue, more than SPEAKER_GAP_MAX. */
void speaker_start(struct speaker *, int fd, void *room, size_t size);
/* A line with its end. */
void speaker_say(struct speaker *, struct bytes line);
/* Writes what can be written without waiting. */
void speaker_go(struct speaker *);
/* Waits so long for the reader; what is left then is dropped. */
void speaker_end(struct speaker *, int most_ms);

#endif
