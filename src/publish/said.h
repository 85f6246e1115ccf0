/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * said.h - what the parties say, each in a column beside what the mission
 * finds: claims, replies, and of what was laid before them (model/reply.h)
 * until when they may reply or did not.  None overwrites another. */
#ifndef PUBLISH_SAID_H
#define PUBLISH_SAID_H

#include "publish/tables.h"

MUST_USE bool claims_table(struct view *, struct table *, struct fault *);

#endif
