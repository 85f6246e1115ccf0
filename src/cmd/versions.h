/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * versions.h - what people did about a record, and their version of an
 * incident beside the machine's. */
#ifndef CMD_VERSIONS_H
#define CMD_VERSIONS_H

#include "cmd/telling.h"

MUST_USE bool versions_tell(
	struct telling *, const struct found *, struct fault *);
/* ,"machine":{...},"versions":[{...}],"reviews":[...]: what there is. */
MUST_USE bool versions_json(
	struct telling *, const struct found *, struct fault *);

#endif
