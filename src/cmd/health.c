/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_health;

static int run(int argc, char **argv)
{
	return list_run(&cmd_health, &resource_health, argc, argv);
}

const struct cmd cmd_health = {
	.name = "health",
	.usage = "health MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "how each source fared",
	.run = run,
};
