/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * golden.c - every tests/data/FORMAT/x.in, decoded by format_FORMAT, prints as
 * x.out: one JSON line for each segment, observation and damage, in order, and
 * last `{"fault":...}` where decode() says false.
 *
 * The origin is the name "x.in" (so a name may carry a time) and no source,
 * unless the name has a dot: "S01.x.in" came from the inbox of S01.  The
 * format must also be the surest of all by its bytes.  A parser's child must
 * say the same of each, and of headers alone.  GOLDEN=write makes the .out
 * files anew: read the difference before you commit it. */
#include "base/json.h"
#include "check.h"
#include "formats/print.h"
#include "parser/parser.h"

#include <dirent.h>

enum { NAME = 300, OUT_MAX = 4 << 20 };

struct printed {
	struct text text;
};

static struct parsers *parsers;

static bool ended(struct printed *p, bool ok)
{
	text_char(&p->text, '\n');
	return ok;
}

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct printed *p = self;

	return ended(p, print_segment(s, &p->text, f));
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct printed *p = self;

	return ended(p, print_observation(o, &p->text, f));
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct printed *p = self;

	return ended(p, print_damage(why, offset, length, &p->text, f));
}

enum how { HERE, CHILD, HEADERS_HERE, HEADERS_CHILD };

static struct bytes decoded(const struct format *fmt, struct bytes in,
	const struct origin *o, char *out, enum how how)
{
	static struct arena scratch;
	struct printed p = {text_on(out, OUT_MAX)};
	struct intake intake = {&p, segment, observation, damage,
		how >= HEADERS_HERE};
	struct parse parse = {.format = fmt, .in = in, .origin = o,
		.scratch = &scratch};
	struct fault f = {0};

	if (!scratch.at && !arena_map(&scratch, (size_t)1 << 30, &f))
		abort();
	scratch.used = 0;
	if (how == HERE || how == HEADERS_HERE
		? !fmt->decode(in, o, &scratch, &intake, &f)
		: !parsers_decode(parsers, &parse, &intake, &f)) {
		text_add(&p.text, "{\"fault\":");
		text_quoted(&p.text, bytes_of(f.text));
		text_add(&p.text, "}\n");
	}
	return text_view(&p.text);
}

/* Line of the first difference, or 0. */
static size_t differs(struct bytes a, struct bytes b)
{
	size_t line = 1;

	for (size_t i = 0; i < a.len && i < b.len; i++) {
		if (a.at[i] != b.at[i])
			return line;
		line += a.at[i] == '\n';
	}
	return a.len == b.len ? 0 : line;
}

static void show_line(const char *what, struct bytes b, size_t line)
{
	size_t from = 0, to;

	for (; from < b.len && line > 1; from++)
		line -= b.at[from] == '\n';
	for (to = from; to < b.len && b.at[to] != '\n'; to++)
		;
	printf("# %s %.*s\n", what, (int)(to - from),
		(const char *)b.at + from);
}

static void compare(const char *path, struct bytes got)
{
	char want_path[2 * NAME];
	struct bytes want;
	FILE *out;

	(void)snprintf(want_path, sizeof want_path, "%.*s.out",
		(int)strlen(path) - 3, path);
	if (getenv("GOLDEN")) {
		out = fopen(want_path, "wb");
		if (!out || fwrite(got.at, 1, got.len, out) != got.len)
			abort();
		(void)fclose(out);
		CHECK_SKIP("%s written", want_path);
		return;
	}
	uint8_t *file = check_file(want_path, &want.len);
	want.at = file;
	size_t line = differs(got, want);
	CHECK(line == 0, "%s", path);
	if (line > 0) {
		printf("# first difference in line %zu\n", line);
		show_line("got ", got, line);
		show_line("want", want, line);
	}
	free(file);
}

/* Turn by turn, so that one child sees all formats one after the other. */
static void child_says_the_same(const char *path, const struct format *fmt,
	struct bytes in, const struct origin *o)
{
	static char here[OUT_MAX], there[OUT_MAX];
	struct parse parse = {.in = in, .origin = o};
	struct fault f;

	for (enum how how = HERE; how <= HEADERS_HERE; how += 2) {
		struct bytes a = decoded(fmt, in, o, here, how);
		struct bytes b = decoded(fmt, in, o, there, how + 1);
		size_t line = differs(a, b);

		CHECK(line == 0, "%s: a child says the same%s", path,
			how == HERE ? "" : " of the headers");
		if (line > 0) {
			show_line("here ", a, line);
			show_line("child", b, line);
		}
	}
	CHECK(parsers_sniff(parsers, &parse, &f) && parse.format == fmt,
		"%s: a child finds its format", path);
}

static void pair(const char *dir, const char *name)
{
	static char out[OUT_MAX];
	char path[2 * NAME], source[NAME] = "";
	const struct format *fmt = format_named(dir);
	struct origin o = {name, source};
	struct bytes in;
	const char *dot = strchr(name, '.');

	(void)snprintf(path, sizeof path, "tests/data/%s/%s", dir, name);
	if (!fmt) {
		CHECK(false, "%s: no format '%s'", path, dir);
		return;
	}
	if (dot && dot != strrchr(name, '.')) {
		(void)snprintf(source, sizeof source, "%.*s",
			(int)(dot - name), name);
		o.name = dot + 1;
	}
	uint8_t *file = check_file(path, &in.len);
	in.at = file;
	compare(path, decoded(fmt, in, &o, out, HERE));
	const struct format *found = format_of(in, &o);
	CHECK(found == fmt, "%s is found by its bytes (%s)", path,
		found ? found->name : "none");
	child_says_the_same(path, fmt, in, &o);
	free(file);
}

static int is_input(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 3 && strcmp(d->d_name + n - 3, ".in") == 0;
}

static int is_folder(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(void)
{
	struct dirent **dirs, **files;
	int n = scandir("tests/data", &dirs, is_folder, alphasort);
	struct parsers_seen seen;
	struct fault f;

	if (!parsers_open(&parsers, NULL, &f))
		abort();

	for (int i = 0; i < n; i++) {
		char path[NAME];

		(void)snprintf(path, sizeof path, "tests/data/%s",
			dirs[i]->d_name);
		int m = scandir(path, &files, is_input, alphasort);
		for (int k = 0; k < m; k++) {
			pair(dirs[i]->d_name, files[k]->d_name);
			free(files[k]);
		}
		if (m >= 0)
			free(files);
		free(dirs[i]);
	}
	if (n >= 0)
		free(dirs);
	if (n <= 0)
		CHECK_SKIP("no golden pairs in tests/data");
	parsers_seen(parsers, &seen);
	CHECK(seen.started == 1 && seen.died == 0,
		"one child has read all of them");
	parsers_close(parsers);
	return check_done();
}
