/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ui.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "base/words.h"
#include "cmd/help.h"

static bool quiet, strict, dumb;

void ui_start(int *argc, char **argv)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
	int n = 1;

	dumb = !isatty(2) || (none && *none) ||
		(term && strcmp(term, "dumb") == 0);
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--quiet") == 0)
			quiet = true;
		else if (strcmp(argv[i], "--strict") == 0)
			strict = true;
		else if (strcmp(argv[i], "--color=never") == 0)
			dumb = true;
		else if (strcmp(argv[i], "--color=always") == 0 ||
			strcmp(argv[i], "--color") == 0)
			dumb = false;
		else if (strcmp(argv[i], "--color=auto") != 0)
			argv[n++] = argv[i];
	}
	*argc = n;
	argv[n] = NULL;
}

bool ui_quiet(void)
{
	return quiet;
}

bool ui_strict(void)
{
	return strict;
}

int cmd_fault(const struct cmd *c, const struct fault *f)
{
	(void)fflush(stdout);
	(void)fprintf(stderr, "%struce %s:%s %s\n", dumb ? "" : "\033[31m",
		c->name, dumb ? "" : "\033[0m", f->text);
	return f->kind == FAULT_SYSTEM ? EXIT_SYSTEM : EXIT_INPUT;
}

int cmd_usage(const struct cmd *c, const char *fmt, ...)
{
	va_list ap;

	(void)fflush(stdout);
	(void)fprintf(stderr, "truce %s: ", c->name);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fprintf(stderr, "\nusage: truce %s\n", c->usage);
	return EXIT_USAGE;
}

const char *ui_meant(const char *word, const char *const *words, size_t n,
	char out[UI_MEANT])
{
	const char *near = words_meant(word, words, n);
	struct text t = text_on(out, UI_MEANT);

	if (near && near[0] == '-')
		text_fmt(&t, "; did you mean %s?", near);
	else if (near)
		text_fmt(&t, "; did you mean '%s'?", near);
	return out;
}

static bool one_option(const struct cmd *c, const struct ui_option *o,
	char **argv, int argc, int *i, bool *ok)
{
	size_t n = strlen(o->name);

	if (strncmp(argv[*i], o->name, n) != 0 ||
		(argv[*i][n] != '\0' && argv[*i][n] != '='))
		return false;
	if (o->flag) {
		*o->flag = true;
		*ok = argv[*i][n] == '\0';
		if (!*ok)
			(void)cmd_usage(c, "%s takes no value", o->name);
	} else if (argv[*i][n] == '=') {
		*o->value = argv[*i] + n + 1;
	} else if (*i + 1 < argc) {
		*o->value = argv[++*i];
	} else {
		*ok = false;
		(void)cmd_usage(c, "%s wants a value", o->name);
	}
	return true;
}

bool ui_options(const struct cmd *c, int *argc, char **argv,
	const struct ui_option *list)
{
	const char *words[64];
	char meant[UI_MEANT];
	int n = 1;
	size_t known = 0;
	bool ok = true;

	for (int i = 1; i < *argc && ok; i++) {
		const struct ui_option *o = list;

		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[n++] = argv[i];
			continue;
		}
		while (o->name && !one_option(c, o, argv, *argc, &i, &ok))
			o++;
		if (o->name)
			continue;
		for (o = list; o->name && known < 64; o++)
			words[known++] = o->name;
		(void)cmd_usage(c, "unknown option %s%s", argv[i],
			ui_meant(argv[i], words, known, meant));
		return false;
	}
	*argc = n;
	argv[n] = NULL;
	return ok;
}

static int64_t monotonic_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

struct ui_progress ui_progress(const char *what, uint64_t total)
{
	int64_t now = monotonic_ns();

	return (struct ui_progress){what, total, now, now, false};
}

void ui_progress_at(struct ui_progress *p, uint64_t done)
{
	int64_t now = monotonic_ns();
	double s = (double)(now - p->began_ns) * 1e-9;
	double rate = s > 0 ? (double)done / s : 0;

	if (quiet || !isatty(2) || s < 1 ||
		now - p->shown_ns < 200000000)
		return;
	p->shown_ns = now;
	p->drawn = true;
	if (p->total > 0 && rate > 0)
		(void)fprintf(stderr,
			"\r\033[K%s: %llu of %llu, %.0f/s, %.0f s left",
			p->what, (unsigned long long)done,
			(unsigned long long)p->total, rate,
			(double)(p->total > done ? p->total - done : 0) / rate);
	else
		(void)fprintf(stderr, "\r\033[K%s: %llu, %.0f/s", p->what,
			(unsigned long long)done, rate);
}

void ui_progress_end(struct ui_progress *p)
{
	if (p->drawn)
		(void)fputs("\r\033[K", stderr);
}

static bool put(void *self, struct bytes b, struct fault *f)
{
	if (b.len > 0 && fwrite(b.at, 1, b.len, self) != b.len)
		return fault_errno(f, "write");
	return true;
}

struct sink ui_stdout(void)
{
	return (struct sink){put, stdout};
}

struct sink ui_file(FILE *to)
{
	return (struct sink){put, to};
}

bool ui_time(const struct cmd *c, const char *s, struct instant *t)
{
	struct fault f;

	if (!s || !*s)
		return true;
	if (instant_parse(bytes_of(s), true, t, &f))
		return true;
	(void)cmd_usage(c, "%s", f.text);
	return false;
}
