/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mirrored.h - a log that a web server shows, copied into a folder for
 * mirror_audit().
 *
 * Nothing of what is fetched is believed here.  What a server can do is to be
 * slow, wrong or endless, so each reply has a bound in bytes and time, and so
 * has the whole: a fault names the path.  Redirects are not followed. */
#ifndef CMD_MIRRORED_H
#define CMD_MIRRORED_H

#include "base/disk.h"

bool mirrored_is_url(const char *);

/* checkpoint and its tiles; if there is a MANIFEST, all that it names, else
 * the disclosures of entry 0, of the events of root persons and of time stamps
 * that there are, with these. */
MUST_USE bool mirrored_copy(
	const char *url, struct disk *to, struct fault *);

#endif
