/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terms.c - the agreement from the shell: what is wrong with it, what it
 * says in one canonical form, whether its own examples come out. */
#include "cmd/load.h"
#include "cmd/wording.h"
#include "feeds/zone.h"

extern const struct cmd cmd_terms;

enum { ARENA_MIB = 256, CANONICAL_MAX = 16 << 20 };

struct opened {
	struct loaded mission; /* of a mission folder */
	struct arena arena;    /* of a single file */
	struct terms *terms;
	const struct zone_offset *offset; /* of a single file */
	size_t offsets;
	size_t wrong;
};

static void print_errors(
	const char *file, const struct terms_error *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)fprintf(stderr, "%s:%zu:%zu: %s\n", file, e[i].line,
			e[i].column, e[i].text);
}

/* The geometry beside a single file: hashes only, nothing is bound. */
static bool check_files(const char *file, struct opened *o, struct fault *f)
{
	const char *slash = strrchr(file, '/');
	size_t n = slash ? (size_t)(slash - file) + 1 : 0;

	for (size_t i = 0; i < terms_files(o->terms); i++) {
		char path[1024], hex[SHA256_HEX];
		struct digest want, is;
		const char *name = terms_file(o->terms, i, &want);
		struct bytes b;

		(void)snprintf(path, sizeof path, "%.*s%.500s", (int)n, file,
			name);
		if (!file_exists(path)) {
			(void)fprintf(stderr,
				"%s: %s is not there: its hash was "
				"not checked\n",
				file, path);
			continue;
		}
		if (!file_map(path, &b, f))
			return false;
		is = sha256_of(b);
		file_unmap(b);
		if (memcmp(&is, &want, sizeof is) == 0)
			continue;
		o->wrong++;
		(void)fprintf(stderr, "%s: %s: wanted SHA256 %s\n", file, name,
			digest_hex(&is, hex));
	}
	return true;
}

/* Examples of a single file may ask for local time. */
static bool set_clock(const char *file, struct opened *o, struct fault *f)
{
	size_t n, line, column;
	const char *zone = terms_timezone(o->terms, &line, &column);
	const struct zone_offset *table;
	const char *version;

	if (!*zone)
		return true;
	if (zone_load(zone, &o->arena, &table, &n, &version, f)) {
		o->offset = table;
		o->offsets = n;
		return true;
	}
	if (f->kind != FAULT_INPUT)
		return false;
	o->wrong++;
	(void)fprintf(stderr, "%s:%zu:%zu: %s\n", file, line, column,
		f->text);
	return true;
}

static bool open_file(const char *file, struct opened *o, struct fault *f)
{
	const struct terms_error *e;
	struct bytes in;
	size_t n;

	if (!arena_map(&o->arena, (size_t)ARENA_MIB << 20, f) ||
		!file_read(file, &o->arena, &in, f) ||
		!terms_read(in, &o->arena, &o->terms, &e, &n, f))
		return false;
	print_errors(file, e, n);
	o->wrong = n;
	return check_files(file, o, f) && set_clock(file, o, f);
}

static int open_mission(const char *folder, struct opened *o)
{
	struct loaded *l = &o->mission;
	int code = load_mission(&cmd_terms, folder, l);

	if (code != EXIT_DONE)
		return code;
	o->terms = l->terms;
	load_print(l);
	o->wrong = l->wrong;
	return EXIT_DONE;
}

static struct arena *room(struct opened *o)
{
	return o->arena.at ? &o->arena : &o->mission.arena;
}

static int check(struct opened *o, const char *what, struct fault *f)
{
	const struct terms_error *e;
	char hex[SHA256_HEX];
	struct digest d;
	size_t n;

	if (o->wrong > 0) {
		printf("%s: %zu error%s\n", what, o->wrong,
			o->wrong == 1 ? "" : "s");
		return EXIT_NO;
	}
	d = terms_sha256(o->terms);
	printf("%s: sound: %zu rules, %zu examples, terms_sha256 %s\n", what,
		terms_rules(o->terms), terms_examples(o->terms),
		digest_hex(&d, hex));
	if (!terms_remarks(o->terms, room(o), &e, &n, f))
		return cmd_fault(&cmd_terms, f);
	for (size_t i = 0; i < n; i++)
		printf("line %zu: %s\n", e[i].line, e[i].text);
	return EXIT_DONE;
}

static int show(struct opened *o, const char *what, struct fault *f)
{
	struct text t = text_in(room(o), CANONICAL_MAX);

	(void)what;
	if (o->offsets > 0)
		terms_clock(o->terms, o->offset, o->offsets);
	if (!terms_show(o->terms, &t, f))
		return cmd_fault(&cmd_terms, f);
	(void)fputs(t.at, stdout);
	return o->wrong ? EXIT_NO : EXIT_DONE;
}

static int canonical(struct opened *o, const char *what, struct fault *f)
{
	struct text t = text_in(room(o), CANONICAL_MAX);

	(void)what;
	if (!terms_canonical(o->terms, &t, f))
		return cmd_fault(&cmd_terms, f);
	printf("%s\n", t.at);
	return o->wrong ? EXIT_NO : EXIT_DONE;
}

static int test(struct opened *o, const char *what, struct fault *f)
{
	size_t failed = 0, n = terms_examples(o->terms);

	if (o->offsets > 0)
		terms_clock(o->terms, o->offset, o->offsets);
	for (size_t i = 0; i < n; i++) {
		struct example_result r;

		if (!terms_example(o->terms, i, room(o), &r, f))
			return cmd_fault(&cmd_terms, f);
		failed += r.got != r.want;
		printf("%s %s line %zu \"%s\": %s", r.got == r.want ? "ok  "
								    : "FAIL",
			r.rule, r.line, r.says, verdict_name(r.got));
		if (r.got != r.want)
			printf(", wanted %s", verdict_name(r.want));
		printf("\n");
	}
	printf("%s: %zu examples, %zu failed\n", what, n, failed);
	return failed > 0 || o->wrong > 0 ? EXIT_NO : EXIT_DONE;
}

static const struct {
	const char *name;
	int (*run)(struct opened *, const char *what, struct fault *);
} verbs[] = {{"check", check}, {"show", show}, {"canonical", canonical},
	{"test", test}};
enum { VERBS = sizeof verbs / sizeof *verbs };

static int run_verb(size_t verb, const char *what)
{
	struct opened o = {0};
	struct fault f = {0};
	int code = EXIT_DONE;

	if (folder_exists(what)) {
		code = open_mission(what, &o);
	} else if (!open_file(what, &o, &f)) {
		fault_in(&f, "%s", what);
		code = cmd_fault(&cmd_terms, &f);
	}
	if (code == EXIT_DONE && o.terms)
		code = verbs[verb].run(&o, what, &f);
	else if (code == EXIT_DONE)
		code = EXIT_NO; /* a mission without an agreement: was said */
	if (o.arena.at)
		arena_unmap(&o.arena);
	if (o.mission.arena.at)
		load_free(&o.mission);
	return code;
}

static int diff(int argc, char **argv, struct wording_ask *ask)
{
	if (argc != 4)
		return cmd_usage(&cmd_terms, "diff wants two files");
	ask->was = argv[2];
	ask->is = argv[3];
	return wording_diff(&cmd_terms, ask);
}

static int run(int argc, char **argv)
{
	struct wording_ask ask = {0};
	const struct ui_option options[] = {
		{"--mission", &ask.mission, NULL}, {"--html", &ask.html, NULL},
		{"--json", NULL, &ask.json}, {0}};
	const char *names[VERBS + 1];
	char meant[UI_MEANT];

	if (!ui_options(&cmd_terms, &argc, argv, options))
		return EXIT_USAGE;
	if (argc > 1 && strcmp(argv[1], "diff") == 0)
		return diff(argc, argv, &ask);
	if (ask.mission || ask.html || ask.json)
		return cmd_usage(&cmd_terms, "--mission, --html and --json "
			"are options of diff");
	if (argc != 3)
		return cmd_usage(&cmd_terms, "a word and a file or mission "
			"folder are wanted");
	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(argv[1], verbs[i].name) == 0)
			return run_verb(i, argv[2]);
	}
	names[VERBS] = "diff";
	return cmd_usage(&cmd_terms, "no '%s'%s", argv[1],
		ui_meant(argv[1], names, VERBS + 1, meant));
}

const struct cmd cmd_terms = {
	.name = "terms",
	.usage = "terms check|show|canonical|test FILE|MISSION, or terms diff "
		"OLD NEW [--mission M] [--json] [--html FILE]",
	.about = "the agreement: its errors, its words, its examples",
	.run = run,
};
