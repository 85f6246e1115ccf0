/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"at", "at", 27}, {"clause", "clause", 8},
	{"verdict", "verdict", 14}, {"probability", "probability", 12},
	{"grade", "grade", 8}, {"party", "party", 13},
	{"status", "status", 10}, {"incident", "incident", 28},
	{"cause", "cause", 0}, {"standard", "standard", 0},
	{"version", "version", 0}, {"flips_if", "flips_if", 0},
	{0},
};

static const struct list_kind kind = {ROW_FINDING, "findings",
	"truce.finding/1", NULL, columns};

extern const struct cmd cmd_findings;

static int run(int argc, char **argv)
{
	return list_run(&cmd_findings, &kind, argc, argv);
}

const struct cmd cmd_findings = {
	.name = "findings",
	.usage = "findings MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what each rule makes of each incident",
	.run = run,
};
