/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * golden.c - every tests/data/FORMAT/x.in, decoded by format_FORMAT, prints as
 * x.out: one JSON line for each segment, observation and damage, in order, and
 * last `{"fault":...}` where decode() says false.
 *
 * The origin is the name "x.in" (so a name may carry a time) and no source,
 * unless the name has a dot: "S01.x.in" came from the inbox of S01.  The
 * format must also be the surest of all by its bytes.  GOLDEN=write makes the
 * .out files anew: read the difference before you commit it. */
#include "base/json.h"
#include "check.h"
#include "formats/print.h"

#include <dirent.h>

enum { NAME = 300, OUT_MAX = 4 << 20 };

struct printed {
	struct text text;
};

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

static struct bytes decoded(const struct format *fmt, struct bytes in,
	const struct origin *o, char *out)
{
	static struct arena scratch;
	struct printed p = {text_on(out, OUT_MAX)};
	struct intake intake = {&p, segment, observation, damage, false};
	struct fault f = {0};

	if (!scratch.at && !arena_map(&scratch, (size_t)1 << 30, &f))
		abort();
	scratch.used = 0;
	if (!fmt->decode(in, o, &scratch, &intake, &f)) {
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
	compare(path, decoded(fmt, in, &o, out));
	const struct format *found = format_of(in, &o);
	CHECK(found == fmt, "%s is found by its bytes (%s)", path,
		found ? found->name : "none");
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
	return check_done();
}
