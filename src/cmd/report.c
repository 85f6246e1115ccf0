/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"

#include <sys/stat.h>

#include "publish/catalogue.h"
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

struct wanted {
	const char *period, *incident; /* incident: NULL, the whole period */
	bool week;
	const struct publisher *publisher;
	FILE *to;
};

/* Only a page has room for the pictures of a day, and a sheet for one. */
static bool pictures(const struct edition_ask *ask, struct disk *disk,
	const struct wanted *x, struct arena *a, struct report *r,
	struct fault *f)
{
	return (strcmp(x->publisher->name, "html") != 0 && !x->incident) ||
		edition_pictures(ask, disk, a, r, f);
}

static bool gather(const struct edition_ask *ask, const struct wanted *x,
	struct arena *a, struct report *r, struct fault *f)
{
	struct period period;

	if (x->incident)
		return edition_spot(ask, x->incident, a, r, f);
	if (!(strcmp(x->period, "last") == 0
			? edition_last(ask, &period, f)
			: period_named(ask->mission, x->period, &period, f)))
		return false;
	return x->week ? edition_week(ask, &period, a, r, f)
		       : edition_gather(ask, &period, a, r, f);
}

static bool print(const struct edition_ask *ask, struct disk *disk,
	const struct wanted *x, struct fault *f)
{
	struct arena a;
	struct report r;
	bool ok;

	if (!arena_map(&a, (size_t)8 << 30, f))
		return false;
	ok = gather(ask, x, &a, &r, f) &&
		pictures(ask, disk, x, &a, &r, f) &&
		x->publisher->print(&r, &a, ui_file(x->to), f);
	arena_unmap(&a);
	if (ok && fflush(x->to) != 0)
		ok = fault_errno(f, "write");
	return ok;
}

/* The parts of a report: mission, store, ledger, opened for reading. */
static int with_mission(const char *folder, const struct edition_ask *wish,
	const struct wanted *x)
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
			print(&ask, &files.disk, x, &f);
		if (ask.ledger)
			ledger_close(ask.ledger);
		files_close(&files);
	}
	if (store.self)
		store.engine->close(&store);
	load_free(&l);
	return ok ? EXIT_DONE : cmd_fault(&cmd_report, &f);
}

/* false: said, code set. */
static bool check(const struct wanted *x, const struct edition_ask *ask,
	const char *level, int *code)
{
	const char *format = x->publisher->name;
	bool whole = strcmp(format, "html") == 0 || strcmp(format, "pdf") == 0;

	*code = EXIT_USAGE;
	if ((int)ask->level < 0)
		(void)cmd_usage(&cmd_report, "level '%s', wants public, "
			"parties, mission or restricted", level);
	else if (strcmp(catalogue_of(ask->lang)->lang, ask->lang) != 0)
		(void)cmd_usage(&cmd_report,
			"language '%s', wants en, uk, ru or fr", ask->lang);
	else if (x->week && x->incident)
		(void)cmd_usage(&cmd_report, "--week or --incident, not both");
	else if ((x->week || x->incident) && !whole)
		(void)cmd_usage(&cmd_report, "a %s comes as html or pdf",
			x->week ? "weekly trend" : "spot report");
	else
		return true;
	return false;
}

/* Into a file beside it, which takes its place when it is whole; what is no
 * plain file (a pipe, /dev/stdout) is written as it is. */
static int into(const char *path, const char *folder,
	const struct edition_ask *ask, struct wanted *x)
{
	char at[4096];
	struct text name = text_on(at, sizeof at);
	struct fault f = {0};
	struct stat st;
	bool plain = stat(path, &st) != 0 || S_ISREG(st.st_mode);
	int code;

	text_fmt(&name, plain ? "%s.new" : "%s", path);
	if (name.full || !(x->to = fopen(at, "wb"))) {
		fault_errno(&f, "%s", at);
		return cmd_fault(&cmd_report, &f);
	}
	code = with_mission(folder, ask, x);
	if ((fclose(x->to) != 0 || (code == EXIT_DONE && plain &&
			rename(at, path) != 0)) && code == EXIT_DONE) {
		fault_errno(&f, "%s", path);
		code = cmd_fault(&cmd_report, &f);
	}
	if (code != EXIT_DONE && plain)
		(void)remove(at);
	return code;
}

static int run(int argc, char **argv)
{
	const char *format = "txt", *level = "mission", *out = NULL;
	struct edition_ask ask = {.lang = "en"};
	struct wanted x = {.period = "last", .to = stdout};
	const struct ui_option options[] = {{"--period", &x.period, NULL},
		{"--format", &format, NULL}, {"--level", &level, NULL},
		{"--lang", &ask.lang, NULL}, {"--output", &out, NULL},
		{"--incident", &x.incident, NULL}, {"--week", NULL, &x.week},
		{"-o", &out, NULL}, {0}};
	int code;

	if (!ui_options(&cmd_report, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_report, "one mission folder is wanted");
	if (!(x.publisher = publisher_for(format)))
		return EXIT_USAGE;
	ask.level = (enum level)level_named(level);
	if (!check(&x, &ask, level, &code))
		return code;
	return out ? into(out, argv[1], &ask, &x)
		   : with_mission(argv[1], &ask, &x);
}

const struct cmd cmd_report = {
	.name = "report",
	.usage = "report MISSION [--period NNN/YYYY | DATE | last] "
		"[--week | --incident ID] "
		"[--format html|pdf|txt|csv|json|geojson] [--level LEVEL] "
		"[--lang en|uk|ru|fr] [-o FILE]",
	.about = "the daily report, a week's, one incident's",
	.run = run,
};
