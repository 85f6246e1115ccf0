/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_looks;

static int run(int argc, char **argv)
{
	return list_run(&cmd_looks, &resource_looks, argc, argv);
}

const struct cmd cmd_looks = {
	.name = "looks",
	.usage = "looks MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what was watched, and how well",
	.run = run,
};
