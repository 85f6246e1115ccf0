/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alerts.h - what `truce run` tells at once, for who serves beside it: the
 * newest lines of its alerts in a file of the mission's folder, alerts.jsonl.
 * What they are of comes into the log with the next replay, so nothing rests on
 * this file: it is emptied when it is full, and may be deleted at any time. */
#ifndef STORE_ALERTS_H
#define STORE_ALERTS_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/fault.h"

enum { ALERTS_MAX = 1 << 20 }; /* bytes of the file, and of one reading */

/* A line with its end; one process at a time. */
MUST_USE bool alerts_add(
	const char *folder, struct bytes line, struct fault *);

struct alerts { /* zeroed: begins behind what is there */
	int fd;
	bool open;
	dev_t device;
	ino_t file;
	off_t at;
};

/* Whole lines that came since, into at[ALERTS_MAX]; empty: none, or no file. */
struct bytes alerts_read(struct alerts *, const char *folder, uint8_t *at);
void alerts_done(struct alerts *);

#endif
