/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * list.h - what incidents, detections, findings, looks, health and faults
 * share: a query over the store, printed in five ways (serve/shape.h). */
#ifndef CMD_LIST_H
#define CMD_LIST_H

#include "cmd/ui.h"
#include "model/mission.h"
#include "serve/resource.h"

struct store;

int list_run(const struct cmd *, const struct resource *, int argc,
	char **argv);
/* A row as people left it (struct api's revise). */
MUST_USE bool list_revise(struct bytes reviews, const struct mission *,
	struct instant now, struct row *, struct arena *, struct fault *);

/* An obligation as people and the clock left it (struct api's owed). */
MUST_USE bool list_owed(struct store *, struct instant now, struct row *,
	struct arena *, struct fault *);

#endif
