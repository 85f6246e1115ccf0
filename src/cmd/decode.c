/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/confine.h"
#include "cmd/ui.h"
#include "feeds/file.h"
#include "formats/print.h"
#include "parser/parser.h"

extern const struct cmd cmd_decode;

struct shown {
	char line[1 << 20];
	uint64_t taken, damaged;
};

static bool show(struct shown *s, const struct text *t, struct fault *f)
{
	if (!text_check(t, f))
		return false;
	if (fwrite(t->at, 1, t->len, stdout) != t->len || putchar('\n') < 0)
		return fault_errno(f, "write");
	(void)s;
	return true;
}

static bool segment(void *self, const struct segment *g, struct fault *f)
{
	struct shown *s = self;
	struct text t = text_on(s->line, sizeof s->line);

	s->taken++;
	return print_segment(g, &t, f) && show(s, &t, f);
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct shown *s = self;
	struct text t = text_on(s->line, sizeof s->line);

	s->taken++;
	return print_observation(o, &t, f) && show(s, &t, f);
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct shown *s = self;
	struct text t = text_on(s->line, sizeof s->line);

	s->damaged++;
	return print_damage(why, offset, length, &t, f) && show(s, &t, f);
}

static bool slurp(struct arena *a, struct bytes *out, struct fault *f)
{
	size_t n = 0;

	while (n < a->size && !feof(stdin) && !ferror(stdin))
		n += fread(a->at + n, 1, a->size - n < 65536 ? a->size - n
							      : 65536, stdin);
	if (ferror(stdin))
		return fault_errno(f, "standard input");
	*out = (struct bytes){a->at, n};
	a->used = n;
	return true;
}

static bool decode(struct parsers *parsers, struct parse *p, struct shown *s,
	struct fault *f)
{
	struct intake to = {s, segment, observation, damage, false};
	struct arena scratch;
	bool ok;

	if (!arena_map(&scratch, (size_t)1 << 30, f))
		return false;
	p->scratch = &scratch;
	ok = parsers_decode(parsers, p, &to, f);
	arena_unmap(&scratch);
	return ok;
}

static bool choose(struct parsers *parsers, const char *name, struct parse *p,
	struct fault *f)
{
	const char *words[128];
	char meant[UI_MEANT];
	size_t n = 0;

	if (strcmp(name, "auto") == 0)
		return parsers_sniff(parsers, p, f) && (p->format ||
			fault(f, FAULT_INPUT, "no format knows these bytes; "
				"`truce decode` lists all"));
	p->format = format_named(name);
	while (formats[n] && n < 128) {
		words[n] = formats[n]->name;
		n++;
	}
	if (!p->format)
		(void)cmd_usage(&cmd_decode,
			"no format '%s'%s\n`truce decode` lists all", name,
			ui_meant(name, words, n, meant));
	return p->format;
}

static int run(int argc, char **argv)
{
	static const struct ui_option none[] = {{0}};
	static struct shown s;
	struct parsers *parsers = NULL;
	struct origin o = {"", ""};
	struct arena all = {0};
	struct fault f = {0};
	struct parse p = {.origin = &o};
	bool ok;
	int code;

	if (!ui_options(&cmd_decode, &argc, argv, none))
		return EXIT_USAGE;
	if (argc < 2 || argc > 3) {
		(void)cmd_usage(&cmd_decode, "a format is wanted:");
		(void)fprintf(
			stderr, "  %-12s %s\n", "auto", "found by content");
		for (size_t i = 0; formats[i]; i++)
			(void)fprintf(stderr, "  %-12s %s\n", formats[i]->name,
				formats[i]->about);
		return EXIT_USAGE;
	}
	if (argc == 3) {
		const char *slash = strrchr(argv[2], '/');

		o.name = slash ? slash + 1 : argv[2];
		ok = file_map(argv[2], &p.in, &f);
	} else {
		ok = arena_map(&all, (size_t)4 << 30, &f) &&
			slurp(&all, &p.in, &f);
	}
	if (!ok)
		return f.kind == FAULT_SYSTEM ? (cmd_fault(&cmd_decode, &f),
			EXIT_INPUT) : cmd_fault(&cmd_decode, &f);
	if (!parsers_open(&parsers, NULL, &f))
		return cmd_fault(&cmd_decode, &f);
	code = confine_check(&cmd_decode, parsers);
	if (code != EXIT_DONE) {
		parsers_close(parsers);
		return code;
	}
	ok = choose(parsers, argv[1], &p, &f);
	if (!ok) {
		parsers_close(parsers);
		return f.kind ? cmd_fault(&cmd_decode, &f) : EXIT_USAGE;
	}
	ok = decode(parsers, &p, &s, &f);
	parsers_close(parsers);
	if (s.damaged > 0)
		(void)fprintf(stderr, "%llu taken, %llu damaged\n",
			(unsigned long long)s.taken,
			(unsigned long long)s.damaged);
	return ok ? EXIT_DONE : cmd_fault(&cmd_decode, &f);
}

const struct cmd cmd_decode = {
	.name = "decode",
	.usage = "decode FORMAT [FILE]",
	.about = "show what a sensor's bytes say",
	.run = run,
};
