/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"pledge", "pledge", 12}, {"actor", "actor", 6},
	{"step", "step", 10}, {"opens", "opens.from", 27},
	{"due_from", "due.from", 27}, {"due_to", "due.to", 27},
	{"stands", "stands", 6}, {"finding", "finding", 28},
	{"opens_to", "opens.to", 0}, {"act", "act", 0},
	{"instrument", "instrument", 0}, {"endorsed", "endorsed", 0},
	{"stage", "stage", 0}, {"modality", "modality", 0},
	{"strength", "strength", 0}, {"fell_by", "fell_by", 0},
	{"replaced_by", "replaced_by", 0}, {"version", "version", 0},
	{0},
};

static const struct list_kind kind = {ROW_OBLIGATION, "obligations",
	"truce.obligation/1", NULL, columns};

extern const struct cmd cmd_obligations;

static int run(int argc, char **argv)
{
	return list_run(&cmd_obligations, &kind, argc, argv);
}

const struct cmd cmd_obligations = {
	.name = "obligations",
	.usage = "obligations MISSION [--from T] [--to T] [--kind PLEDGE] "
		"[--source ACTOR] [--json | --jsonl | --csv]",
	.about = "what findings called up: who owes what, by when",
	.run = run,
};
