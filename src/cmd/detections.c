/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_detections;

static int run(int argc, char **argv)
{
	return list_run(&cmd_detections, &resource_detections, argc, argv);
}

const struct cmd cmd_detections = {
	.name = "detections",
	.usage = "detections MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what stood out at one source",
	.run = run,
};
