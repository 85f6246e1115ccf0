/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"

#include "formats/format.h"

extern const struct cmd cmd_ingest;

static int run(int argc, char **argv)
{
	const char *format = NULL, *source = "";
	const struct ui_option options[] = {{"--format", &format, NULL},
		{"--source", &source, NULL}, {0}};
	struct fault f = {0};
	struct taking t;
	struct take_name *x;
	size_t count;
	bool ok;
	int code;

	if (!ui_options(&cmd_ingest, &argc, argv, options))
		return EXIT_USAGE;
	if (argc < 3)
		return cmd_usage(&cmd_ingest,
			"a mission folder and at least one file are wanted");
	if (format && !format_named(format))
		return cmd_usage(&cmd_ingest,
			"no format '%s'; `truce decode` lists all", format);
	code = take_open(&t, &cmd_ingest, argv[1]);
	if (code != EXIT_DONE)
		return code;
	count = (size_t)argc - 2;
	x = arena_array(&t.loaded.arena, count, sizeof *x, &f);
	for (size_t i = 0; x && i < count; i++)
		x[i] = (struct take_name){argv[i + 2], argv[i + 2], source};
	ok = x && take_files(&t, x, count, format, &f) && take_commit(&t, &f);
	if (ok)
		printf("%llu taken, %llu known already, %llu damaged parts, "
			"%llu unreadable\n", (unsigned long long)t.taken,
			(unsigned long long)t.known,
			(unsigned long long)t.damaged,
			(unsigned long long)t.unread);
	code = !ok ? cmd_fault(&cmd_ingest, &f)
		: t.unread > 0 ? EXIT_INPUT : EXIT_DONE;
	take_close(&t);
	return code;
}

const struct cmd cmd_ingest = {
	.name = "ingest",
	.usage = "ingest MISSION FILE... [--format NAME] [--source ID]",
	.about = "take files into the mission, durably",
	.run = run,
};
