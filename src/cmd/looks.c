/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"source", "source", 18}, {"from", "from", 27},
	{"to", "to", 27}, {"kind", "kind", 12}, {"pd", "pd", 6},
	{"modality", "modality", 10}, {"yield_kg", "of.yield_kg", 0},
	{"w90_kg", "of.w90_kg", 7},
	{0},
};

static const struct list_kind kind = {ROW_LOOK, "looks",
	"truce.look/1", "area", columns};

extern const struct cmd cmd_looks;

static int run(int argc, char **argv)
{
	return list_run(&cmd_looks, &kind, argc, argv);
}

const struct cmd cmd_looks = {
	.name = "looks",
	.usage = "looks MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what was watched, and how well",
	.run = run,
};
