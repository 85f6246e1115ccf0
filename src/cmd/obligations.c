/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

extern const struct cmd cmd_obligations;

static int run(int argc, char **argv)
{
	return list_run(&cmd_obligations, &resource_obligations, argc, argv);
}

const struct cmd cmd_obligations = {
	.name = "obligations",
	.usage = "obligations MISSION [--from T] [--to T] [--pledge P] "
		"[--actor A] [--state S] [--at T] [--json | --jsonl | --csv]",
	.about = "what findings called up: who owes what, by when",
	.run = run,
};
