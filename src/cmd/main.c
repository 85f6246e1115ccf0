/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * main.c - finds the verb and runs it. */
#include <signal.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/help.h"
#include "cmd/ui.h"

static const struct cmd *find(const char *name)
{
	for (size_t i = 0; cmds[i]; i++)
		if (strcmp(cmds[i]->name, name) == 0)
			return cmds[i];
	return NULL;
}

static int unknown(const char *name)
{
	const char *words[128];
	char meant[UI_MEANT];
	size_t n = 0;

	while (n < 127 && cmds[n]) {
		words[n] = cmds[n]->name;
		n++;
	}
	(void)fprintf(stderr, "truce: '%s' is no verb%s\n`truce help` lists "
		"all\n", name, ui_meant(name, words, n, meant));
	return EXIT_USAGE;
}

/* What was said is there, or it was not done. */
static int said(const struct cmd *c, int code)
{
	struct fault f = {0};

	if ((fflush(stdout) == 0 && !ferror(stdout)) || code == EXIT_SYSTEM)
		return code;
	(void)fault_errno(&f, "standard output");
	return cmd_fault(c, &f);
}

int main(int argc, char **argv)
{
	const struct cmd *c;

	(void)signal(SIGPIPE, SIG_DFL);
	ui_start(&argc, argv);
	if (argc < 2) {
		help_short(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("truce " TRUCE_VERSION);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		c = find("help");
	else
		c = find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return said(c, help_page(c->name, stdout) ? EXIT_DONE
								  : EXIT_USAGE);
	return said(c, c->run(argc - 1, argv + 1));
}
