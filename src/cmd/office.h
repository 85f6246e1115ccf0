/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * office.h - what persons do over HTTP (serve/office.h), by the code of `truce
 * review`: one at a time, the log opened for each as a verb opens it, so a
 * running `truce run` is asked for a turn and nobody writes beside anybody. */
#ifndef CMD_OFFICE_H
#define CMD_OFFICE_H

#include <pthread.h>

#include "cmd/acts.h"
#include "serve/office.h"

struct clerk {
	const char *folder;
	pthread_mutex_t one;
	char origin[SIGN_NAME_MAX + 1]; /* "": not read yet */
	struct desk desk;
	struct acts acts;
	struct sign_key author; /* a public key alone */
};

void office_open(struct office *, struct clerk *, const char *folder);
void office_close(struct clerk *);

#endif
