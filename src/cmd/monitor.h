/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * monitor.h - `truce witness monitor`: follows a published log from afar.
 * Its folder keeps what was seen last, and the proof of a fork. */
#ifndef CMD_MONITOR_H
#define CMD_MONITOR_H

#include "cmd/cmd.h"

/* monitor FOLDER URL [KEY] */
int monitor_run(const struct cmd *, int argc, char **argv);

#endif
