/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_incidents;

static int run(int argc, char **argv)
{
	return list_run(&cmd_incidents, &resource_incidents, argc, argv);
}

const struct cmd cmd_incidents = {
	.name = "incidents",
	.usage = "incidents MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what happened: when, where, how sure",
	.run = run,
};
