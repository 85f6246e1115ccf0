/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/load.h"

extern const struct cmd cmd_check;

static int run(int argc, char **argv)
{
	static const struct ui_option none[] = {{0}};
	struct loaded l;
	int code;

	if (!ui_options(&cmd_check, &argc, argv, none))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_check, "one mission folder is wanted");
	code = load_mission(&cmd_check, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	load_print(&l);
	if (l.wrong == 0)
		printf("%s: sound: %zu sources, %zu shapes, %zu places, %zu "
			"rules\n", argv[1], l.mission.source_count,
			l.mission.shape_count, l.mission.town_count,
			l.terms ? terms_rules(l.terms) : 0);
	else
		printf("%s: %zu error%s\n", argv[1], l.wrong,
			l.wrong == 1 ? "" : "s");
	code = l.wrong == 0 ? EXIT_DONE : EXIT_NO;
	load_free(&l);
	return code;
}

const struct cmd cmd_check = {
	.name = "check",
	.usage = "check MISSION",
	.about = "everything that is wrong with the mission's files",
	.run = run,
};
