/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/help.h"

#include "cmd/cmd.h"
#include "cmd/ui.h"

void help_short(FILE *to)
{
	(void)fputs(
		"Truce monitors and verifies a cease-fire: from sensors and "
		"reports to incidents,\nfindings under the agreement, and a "
		"daily report that every party can recompute.\n\n"
		"usage: truce VERB ...\n\n",
		to);
	for (size_t i = 0; cmds[i]; i++)
		(void)fprintf(
			to, "  %-12s %s\n", cmds[i]->name, cmds[i]->about);
	(void)fputs("\nexamples:\n"
	      "  truce demo                       a whole simulated day, and "
	      "its report\n"
	      "  truce replay MISSION && truce report MISSION --period last\n"
	      "\n`truce help VERB` shows its page.\n", to);
}

bool help_page(const char *verb, FILE *to)
{
	const char *words[64];
	char meant[UI_MEANT];
	size_t n = 0;

	for (size_t i = 0; helps[i].name; i++) {
		if (n < 64)
			words[n++] = helps[i].name;
		if (strcmp(helps[i].name, verb) != 0)
			continue;
		for (size_t k = 0; k < HELP_PARTS && helps[i].text[k]; k++)
			(void)fputs(helps[i].text[k], to);
		return true;
	}
	(void)fprintf(stderr, "truce help: no page for '%s'%s\n", verb,
		ui_meant(verb, words, n, meant));
	return false;
}

static int run(int argc, char **argv)
{
	if (argc < 2) {
		help_short(stdout);
		return EXIT_DONE;
	}
	return help_page(argv[1], stdout) ? EXIT_DONE : EXIT_USAGE;
}

const struct cmd cmd_help = {
	.name = "help",
	.usage = "help [VERB]",
	.about = "this list, or the page of a verb",
	.run = run,
};
