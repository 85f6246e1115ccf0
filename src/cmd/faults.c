/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"source", "source", 18}, {"name", "name", 36},
	{"offset", "offset", 10}, {"length", "length", 8}, {"why", "why", 60},
	{"blob", "blob", 0},
	{0},
};

static const struct list_kind kind = {ROW_FAULT, "faults",
	"truce.fault/1", NULL, columns};

extern const struct cmd cmd_faults;

static int run(int argc, char **argv)
{
	return list_run(&cmd_faults, &kind, argc, argv);
}

const struct cmd cmd_faults = {
	.name = "faults",
	.usage = "faults MISSION [--from T] [--to T] [--source ID] "
		"[--json | --jsonl | --csv]",
	.about = "what was damaged in the files taken in",
	.run = run,
};
