/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_findings;

static int run(int argc, char **argv)
{
	return list_run(&cmd_findings, &resource_findings, argc, argv);
}

const struct cmd cmd_findings = {
	.name = "findings",
	.usage = "findings MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what each rule makes of each incident",
	.run = run,
};
