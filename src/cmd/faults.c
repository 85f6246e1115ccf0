/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_faults;

static int run(int argc, char **argv)
{
	return list_run(&cmd_faults, &resource_faults, argc, argv);
}

const struct cmd cmd_faults = {
	.name = "faults",
	.usage = "faults MISSION [--from T] [--to T] [--source ID] "
		"[--json | --jsonl | --csv]",
	.about = "what was damaged in the files taken in",
	.run = run,
};
