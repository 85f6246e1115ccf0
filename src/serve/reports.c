/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/reports.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/json.h"
#include "publish/catalogue.h"

struct file {
	const char *name;
	int64_t bytes;
	struct instant written;
};

static int newest_first(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	if (x->written.utc_ns != y->written.utc_ns)
		return x->written.utc_ns < y->written.utc_ns ? 1 : -1;
	return strcmp(x->name, y->name);
}

static bool keep(const struct dirent *e, const struct stat *st,
	struct arena *a, struct file *list, size_t *n, struct fault *f)
{
	char *name;

	if (!S_ISREG(st->st_mode) || e->d_name[0] == '.')
		return true;
	if (*n == REPORTS_MAX)
		return fault(f, FAULT_LIMIT, "out/: over %d files",
			REPORTS_MAX);
	name = arena_text(a, bytes_of(e->d_name), f);
	if (!name)
		return false;
	list[(*n)++] = (struct file){name, st->st_size,
		{(int64_t)st->st_mtim.tv_sec * 1000000000}};
	return true;
}

/* No out/ yet is no file yet. */
static bool gather(const char *folder, struct arena *a, struct file *list,
	size_t *n, struct fault *f)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;
	bool good = true;

	*n = 0;
	if (!d)
		return errno == ENOENT || fault_errno(f, "%s", folder);
	while (good && (e = readdir(d)) != NULL)
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			0)
			good = keep(e, &st, a, list, n, f);
	(void)closedir(d);
	qsort(list, *n, sizeof *list, newest_first);
	return good;
}

static void print(const struct file *list, size_t n, struct text *t)
{
	struct json j = json_on(t);

	json_object(&j);
	json_key_text(&j, "schema", "truce.report_files/1");
	json_key(&j, "reports");
	json_list(&j);
	for (size_t i = 0; i < n; i++) {
		json_object(&j);
		json_key_text(&j, "name", list[i].name);
		json_key_i64(&j, "bytes", list[i].bytes);
		json_key_time(&j, "written", list[i].written, 0);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	text_char(t, '\n');
}

bool reports_list(const struct api *api, const char *folder, struct arena *a,
	struct text *out, struct fault *f)
{
	struct text path = text_in(a, 4200);
	struct file *list = arena_room(a, REPORTS_MAX * sizeof *list, f);
	size_t n;

	text_fmt(&path, "%s/%s", api->folder, folder);
	if (!list || !text_check(&path, f) ||
		!gather(path.at, a, list, &n, f))
		return false;
	print(list, n, out);
	return text_check(out, f);
}

void reports_answer(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};

	if (reports_list(api, "out", a, &t, &f))
		api_text(r, "application/json", &t);
	else
		api_fault(&f, a, r);
}

static const struct publisher *publisher_of(const char *format)
{
	for (size_t i = 0; publishers[i]; i++)
		if (strcmp(publishers[i]->name, format) == 0)
			return publishers[i];
	return NULL;
}

/* Letters, digits and what a period has between them: it goes to a command
 * line, where it must be no option. */
static bool plain(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-/");

	return n > 0 && n < 64 && !s[n] && s[0] != '-';
}

/* What is wrong with it; NULL: nothing. */
static const char *refusal(
	const struct api_report *x, const struct publisher *p)
{
	const char *f = x->format;

	if (!p)
		return "f wants html, pdf, txt, csv, json or geojson";
	if (strcmp(catalogue_of(x->lang)->lang, x->lang) != 0)
		return "lang wants en, uk, ru or fr";
	if (!plain(x->period))
		return "period wants last, NNN/YYYY or YYYY-MM-DD";
	if (x->incident && !plain(x->incident))
		return "incident wants an id, or its last letters";
	if (x->incident && x->week)
		return "week or incident, not both";
	if ((x->incident || x->week) && strcmp(f, "html") != 0 &&
		strcmp(f, "pdf") != 0)
		return "a week's or an incident's report comes as html or pdf";
	return NULL;
}

void reports_print(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct api_report x = {"html", "en", level_name(api->level), "last",
		NULL, false};
	const char *week = "0", *wrong;
	const struct publisher *p;
	struct fault f = {0};
	bool bad = false;

	(void)wire_parameter(q->query, "f", a, &x.format, &bad);
	(void)wire_parameter(q->query, "lang", a, &x.lang, &bad);
	(void)wire_parameter(q->query, "period", a, &x.period, &bad);
	(void)wire_parameter(q->query, "incident", a, &x.incident, &bad);
	(void)wire_parameter(q->query, "week", a, &week, &bad);
	x.week = strcmp(week, "1") == 0;
	p = publisher_of(x.format);
	wrong = bad ? "a parameter that does not read" : refusal(&x, p);
	*r = (struct wire_response){.status = 200, .cache = "no-cache"};
	if (wrong)
		wire_problem(r, a, 400, "%s", wrong);
	else if (!api->print)
		wire_problem(r, a, 404, "no report is made here");
	else if (api->print(api->self, &x, a, &r->body, &f))
		r->type = p->media_type;
	else if (f.kind == FAULT_INPUT)
		wire_problem(r, a, 404, "%s", f.text);
	else
		api_fault(&f, a, r);
}
