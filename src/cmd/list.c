/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

#include "base/csv.h"
#include "cmd/load.h"
#include "cmd/take.h"
#include "roles/reviews.h"
#include "roles/steps.h"
#include "serve/render.h"

struct listing {
	struct render render;
	struct text out;
	struct sink sink; /* stdout */
	struct arena arena, held;
	struct bytes reviews; /* what people made of it (roles/reviews.h) */
	struct mission mission; /* once they made something */
	const char *status;   /* looked for among those */
	struct store store;
	struct instant now;
	size_t limit;         /* then; 0 none */
};

bool list_revise(struct bytes reviews, const struct mission *m,
	struct instant now, struct row *row, struct arena *a, struct fault *f)
{
	const struct revising by = {reviews, m, now};

	return reviews_row(&by, row, a, f);
}

bool list_owed(struct store *store, struct instant now, struct row *row,
	struct arena *a, struct fault *f)
{
	struct owed_shown s;

	if (!steps_shown(store, row, now, a, &s, f))
		return false;
	row->status = obligation_state_name(s.state);
	return steps_body(row, &s, a, &row->body, f);
}

/* With what people and the clock made of it. */
static bool show_owed(struct listing *l, struct row *row, struct fault *f)
{
	if (!list_owed(&l->store, l->now, row, &l->arena, f))
		return false;
	return (l->status && strcmp(l->status, row->status) != 0) ||
		render_row(&l->render, row, f);
}

static bool show(void *self, const struct row *given, struct fault *f)
{
	struct listing *l = self;
	struct row row = *given;

	l->arena.used = 0;
	if (l->limit > 0 && l->render.rows == l->limit) {
		f->kind = FAULT_NONE;
		return false;
	}
	if (row.type == ROW_OBLIGATION)
		return show_owed(l, &row, f);
	if (!list_revise(l->reviews, &l->mission, l->now, &row, &l->arena, f))
		return false;
	if (l->status && strcmp(l->status, row.status) != 0)
		return true;
	return render_row(&l->render, &row, f);
}

static bool box_of(const struct cmd *c, const char *s, struct query *q)
{
	double v[4];
	struct bytes left = bytes_of(s);
	struct fault f;

	for (int i = 0; i < 4; i++) {
		const uint8_t *comma =
			left.len ? memchr(left.at, ',', left.len) : NULL;
		size_t n = comma ? (size_t)(comma - left.at) : left.len;

		if ((i < 3) != (comma != NULL) || n == 0 ||
			!number_read(bytes_part(left, 0, n), &v[i], &f)) {
			(void)cmd_usage(c, "--bbox '%s', wants "
				"west,south,east,north in degrees", s);
			return false;
		}
		left = bytes_part(left, n + 1, left.len);
	}
	if (v[1] > v[3] || v[1] < -90 || v[3] > 90 || fabs(v[0]) > 180 ||
		fabs(v[2]) > 180) {
		(void)cmd_usage(c, "--bbox '%s', wants degrees, south not "
			"north of north", s);
		return false;
	}
	q->boxed = true;
	q->west = v[0];
	q->south = v[1];
	q->east = v[2];
	q->north = v[3];
	return true;
}

/* A word that cannot occur would look like calm. */
static bool can_occur(const struct cmd *c, const char *word,
	const char *(*nth)(int))
{
	const char *words[64];
	char meant[UI_MEANT], list[512];
	struct text t = text_on(list, sizeof list);
	size_t n = 0;

	if (!word || !nth)
		return true;
	for (; n < 64 && (words[n] = nth((int)n)); n++) {
		if (strcmp(word, words[n]) == 0)
			return true;
		text_fmt(&t, "%s%s", n ? ", " : "", words[n]);
	}
	(void)cmd_usage(c, "'%s', wants %s%s", word, list,
		ui_meant(word, words, n, meant));
	return false;
}

/* Whose hours a reply has.  What is wrong with its files is for `truce check`
 * to say. */
static bool take_mission(
	struct listing *l, const char *folder, struct fault *f)
{
	struct complaints none = {.arena = &l->held};

	return l->reviews.len == 0 ||
		mission_load(folder, &l->held, &l->mission, &none, f);
}

/* Statuses that people gave are not in the index's column. */
static bool take_reviews(struct store *s, struct listing *l, struct query *q,
	const char *folder, struct fault *f)
{
	if (q->type == ROW_OBLIGATION) { /* nor are states */
		l->status = q->status;
		l->limit = q->limit;
		q->status = NULL;
		q->limit = 0;
	}
	if (q->type != ROW_INCIDENT && q->type != ROW_FINDING)
		return true;
	if (!arena_map(&l->held, (size_t)4 << 30, f) ||
		!s->engine->get(s, "reviews", &l->held, &l->reviews, f) ||
		!take_mission(l, folder, f))
		return false;
	if (q->type == ROW_INCIDENT && q->status && l->reviews.len > 0) {
		l->status = q->status;
		l->limit = q->limit;
		q->status = NULL;
		q->limit = 0;
	}
	return true;
}

static int list_all(const struct cmd *c, const char *folder,
	struct listing *l, struct query *q)
{
	static char buffer[64 << 10];
	struct fault f = {0};
	bool ok;

	l->out = text_on(buffer, sizeof buffer);
	l->sink = ui_stdout();
	l->out.sink = &l->sink;
	l->render.out = &l->out;
	l->render.work = &l->arena;
	l->store.engine = stores[0];
	if (!load_folder(folder, &f) || !arena_map(&l->arena, 64 << 20, &f))
		return cmd_fault(c, &f);
	if (!l->store.engine->open(&l->store, folder, false, &f))
		return cmd_fault(c, &f);
	render_head(&l->render);
	ok = take_reviews(&l->store, l, q, folder, &f);
	f.kind = FAULT_NONE;
	ok = ok && (l->store.engine->find(&l->store, q, show, l, &f) ||
		f.kind == FAULT_NONE);
	render_end(&l->render, "");
	if (ok)
		ok = text_flush(&l->out, &f);
	l->store.engine->close(&l->store);
	arena_unmap(&l->arena);
	arena_unmap(&l->held);
	if (ok && fflush(stdout) != 0)
		ok = fault_errno(&f, "write");
	return ok ? EXIT_DONE : cmd_fault(c, &f);
}

int list_run(const struct cmd *c, const struct resource *is, int argc,
	char **argv)
{
	const char *from = NULL, *to = NULL, *box = NULL, *limit = NULL;
	const char *at = NULL;
	bool json = false, lines = false, csv = false, geo = false;
	struct query q = {.type = is->type,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct ui_option options[] = {{"--from", &from, NULL},
		{"--to", &to, NULL}, {"--bbox", &box, NULL},
		{"--kind", &q.kind, NULL}, {"--status", &q.status, NULL},
		{"--verdict", &q.status, NULL}, {"--source", &q.source, NULL},
		{"--incident", &q.source, NULL}, {"--id", &q.id, NULL},
		{"--state", &q.status, NULL}, {"--pledge", &q.kind, NULL},
		{"--actor", &q.source, NULL}, {"--at", &at, NULL},
		{"--limit", &limit, NULL}, {"--jsonl", NULL, &lines},
		{"--json", NULL, &json}, {"--csv", NULL, &csv},
		{"--geojson", NULL, &geo},
		{"--all-versions", NULL, &q.all_versions}, {0}};
	struct listing l = {.render.is = is, .now = take_now()};
	int64_t n = 0;
	struct fault f;

	if (!ui_options(c, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(c, "one mission folder is wanted");
	if (json + lines + csv + geo > 1)
		return cmd_usage(c, "one of --json, --jsonl, --csv, --geojson");
	if (limit && (!integer_read(bytes_of(limit), &n, &f) || n < 1))
		return cmd_usage(c, "--limit '%s', wants a number", limit);
	q.limit = (size_t)n;
	if (!ui_time(c, from, &q.span.from) || !ui_time(c, to, &q.span.to) ||
		(at && !ui_time(c, at, &l.now)) ||
		(box && !box_of(c, box, &q)) ||
		!can_occur(c, q.kind, is->kind) ||
		!can_occur(c, q.status, is->status))
		return EXIT_USAGE;
	if (from && to && q.span.to.utc_ns < q.span.from.utc_ns)
		return cmd_usage(c, "--to '%s' is before --from '%s'", to,
			from);
	if (to && !from) /* the span's beginning says whether there is one */
		q.span.from = (struct instant){0};
	l.render.form = json ? RENDER_JSON : lines ? RENDER_LINES
		: csv ? RENDER_CSV : geo ? RENDER_GEO : RENDER_TABLE;
	return list_all(c, argv[1], &l, &q);
}
