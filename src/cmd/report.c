/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"

#include "roles/edition.h"

extern const struct cmd cmd_report;

static const struct publisher *publisher_for(const char *format)
{
	const char *words[64];
	char meant[UI_MEANT];
	size_t n = 0;

	for (size_t i = 0; publishers[i] && n < 64; i++) {
		if (strcmp(publishers[i]->name, format) == 0)
			return publishers[i];
		words[n++] = publishers[i]->name;
	}
	(void)cmd_usage(&cmd_report, "no format '%s'%s", format,
		ui_meant(format, words, n, meant));
	return NULL;
}

/* Only a page has room for pictures. */
static bool pictures(const struct edition_ask *ask, struct disk *disk,
	const struct publisher *p, struct arena *a, struct report *r,
	struct fault *f)
{
	return strcmp(p->name, "html") != 0 ||
		edition_pictures(ask, disk, a, r, f);
}

static bool print(const struct edition_ask *ask, struct disk *disk,
	const char *period_text, const struct publisher *p, FILE *to,
	struct fault *f)
{
	struct arena a;
	struct report r;
	struct period period;
	bool ok;

	if (!arena_map(&a, (size_t)8 << 30, f))
		return false;
	ok = (strcmp(period_text, "last") == 0
			? edition_last(ask, &period, f)
			: period_named(
				ask->mission, period_text, &period, f)) &&
		edition_gather(ask, &period, &a, &r, f) &&
		pictures(ask, disk, p, &a, &r, f) &&
		p->print(&r, &a, ui_file(to), f);
	arena_unmap(&a);
	if (ok && fflush(to) != 0)
		ok = fault_errno(f, "write");
	return ok;
}

/* The parts of a report: mission, store, ledger, opened for reading. */
static int with_mission(const char *folder, const struct edition_ask *wish,
	const char *period, const struct publisher *p, FILE *to)
{
	struct store store = {stores[0], NULL};
	struct edition_ask ask = *wish;
	struct loaded l;
	struct files files;
	struct fault f = {0};
	bool there = false, ok;
	int code = load_sound(&cmd_report, folder, &l);

	if (code != EXIT_DONE)
		return code;
	ask.mission = &l.mission;
	ask.terms = l.terms;
	ask.store = &store;
	ok = store.engine->open(&store, folder, false, &f);
	if (ok && (ok = files_open(&files, folder, &f))) {
		ok = ledger_exists(&files.disk, &there, &f) &&
			(!there || ledger_open(&ask.ledger, &files.disk,
				false, &f)) &&
			print(&ask, &files.disk, period, p, to, &f);
		if (ask.ledger)
			ledger_close(ask.ledger);
		files_close(&files);
	}
	if (store.self)
		store.engine->close(&store);
	load_free(&l);
	return ok ? EXIT_DONE : cmd_fault(&cmd_report, &f);
}

static int run(int argc, char **argv)
{
	const char *period = "last", *format = "txt", *level = "mission";
	const char *out = NULL, *lang = "en";
	const struct ui_option options[] = {{"--period", &period, NULL},
		{"--format", &format, NULL}, {"--level", &level, NULL},
		{"--lang", &lang, NULL}, {"--output", &out, NULL},
		{"-o", &out, NULL}, {0}};
	struct edition_ask ask = {0};
	const struct publisher *p;
	FILE *to = stdout;
	int code, lv;

	if (!ui_options(&cmd_report, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_report, "one mission folder is wanted");
	if (!(p = publisher_for(format)))
		return EXIT_USAGE;
	if ((lv = level_named(level)) < 0)
		return cmd_usage(&cmd_report, "level '%s', wants public, "
			"parties, mission or restricted", level);
	if (strcmp(lang, "en") != 0 && strcmp(lang, "uk") != 0 &&
		strcmp(lang, "ru") != 0 && strcmp(lang, "fr") != 0)
		return cmd_usage(&cmd_report,
			"language '%s', wants en, uk, ru or fr", lang);
	ask.level = (enum level)lv;
	ask.lang = lang;
	if (out && !(to = fopen(out, "wb"))) {
		struct fault f = {0};

		fault_errno(&f, "%s", out);
		return cmd_fault(&cmd_report, &f);
	}
	code = with_mission(argv[1], &ask, period, p, to);
	if (out && fclose(to) != 0 && code == EXIT_DONE) {
		struct fault f = {0};

		fault_errno(&f, "%s", out);
		code = cmd_fault(&cmd_report, &f);
	}
	return code;
}

const struct cmd cmd_report = {
	.name = "report",
	.usage = "report MISSION [--period NNN/YYYY | DATE | last] "
		"[--format html|pdf|txt|csv|json|geojson] [--level LEVEL] "
		"[--lang en|uk|ru|fr] [-o FILE]",
	.about = "the daily report",
	.run = run,
};
