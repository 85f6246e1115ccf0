/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"source", "source", 20}, {"from", "from", 27},
	{"to", "to", 27}, {"state", "state", 11}, {"why", "why", 50},
	{0},
};

static const struct list_kind kind = {ROW_HEALTH, "health",
	"truce.health/1", NULL, columns};

extern const struct cmd cmd_health;

static int run(int argc, char **argv)
{
	return list_run(&cmd_health, &kind, argc, argv);
}

const struct cmd cmd_health = {
	.name = "health",
	.usage = "health MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "how each source fared",
	.run = run,
};
