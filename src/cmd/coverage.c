/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/load.h"

#include "roles/edition.h"
#include "serve/watching.h"
#include "watch/watch.h"

extern const struct cmd cmd_coverage;

struct asked {
	struct span span;
	enum kind kind;
	bool limit;
};

struct hearing {
	struct arena *arena;
	struct span span;
	struct point *list;
	size_t count, room;
};

static bool take_heard(void *self, const struct row *row, struct fault *f)
{
	struct hearing *h = self;
	const struct tree *t;
	struct incident x;
	size_t mark;

	if (h->count == h->room) {
		size_t room = h->room ? 2 * h->room : 1024;
		struct point *more =
			arena_array(h->arena, room, sizeof *more, f);

		if (!more)
			return false;
		if (h->count > 0)
			memcpy(more, h->list, h->count * sizeof *more);
		h->list = more;
		h->room = room;
	}
	mark = h->arena->used;
	if (!tree_read(row->body, h->arena, &t, f) ||
		!incident_read(t, h->arena, &x, f))
		return false;
	if (span_holds(h->span, x.at))
		h->count += edition_heard(&x, 1, &h->list[h->count]);
	h->arena->used = mark;
	return true;
}

/* Area by area, the three statements. */
static bool print_limits(const struct loaded *l, struct store *store,
	const struct asked *ask, const struct looks_found *looks,
	struct fault *f)
{
	struct hearing heard = {.arena = looks->arena, .span = ask->span};
	struct query q = {.type = ROW_INCIDENT, .span = ask->span};
	char at[512], from[INSTANT_TEXT], to[INSTANT_TEXT];
	struct limits limits;

	if (!store->engine->find(store, &q, take_heard, &heard, f) ||
		!watch_limits(&l->mission, ask->span, looks->list,
			looks->count, &(struct ring){heard.list, heard.count},
			looks->arena, &limits, f))
		return false;
	printf("explosions, %s to %s\n",
		instant_print(ask->span.from, 0, from),
		instant_print(ask->span.to, 0, to));
	for (size_t i = 0; i < limits.count; i++) {
		const struct limit *x = &limits.limit[i];
		struct text t = text_on(at, sizeof at);

		watch_limit_say(x, &t);
		printf("%s: %zu heard; %.*s\n",
			strcmp(x->area, "all") == 0 ? "whole area" : x->area,
			x->heard, (int)t.len, t.at);
	}
	return true;
}

static bool print_map(const struct loaded *l, const struct asked *ask,
	const struct looks_found *looks, struct fault *f)
{
	struct text out = text_in(looks->arena, (size_t)256 << 20);

	if (!watch_geojson(&l->mission, ask->span, ask->kind, looks->list,
		looks->count, looks->arena, &out, f))
		return false;
	text_char(&out, '\n');
	if (!text_check(&out, f))
		return false;
	return fwrite(out.at, 1, out.len, stdout) == out.len ||
		fault_errno(f, "write");
}

static bool print(
	const struct loaded *l, const struct asked *ask, struct fault *f)
{
	struct store store = {stores[0], NULL};
	struct arena a;
	struct looks_found looks = {.arena = &a};
	bool ok;

	if (!arena_map(&a, (size_t)4 << 30, f))
		return false;
	ok = store.engine->open(&store, l->folder, false, f);
	if (ok) {
		ok = watching_looks(&store, ask->span, ask->kind, &looks, f) &&
			(ask->limit ? print_limits(l, &store, ask, &looks, f)
				    : print_map(l, ask, &looks, f));
		store.engine->close(&store);
	}
	arena_unmap(&a);
	return ok;
}

static int run(int argc, char **argv)
{
	const char *at = NULL, *kind = "explosion", *from = NULL, *to = NULL;
	bool limit = false;
	const struct ui_option options[] = {{"--at", &at, NULL},
		{"--kind", &kind, NULL}, {"--from", &from, NULL},
		{"--to", &to, NULL}, {"--limit", NULL, &limit}, {0}};
	struct span span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct asked ask;
	struct fault f = {0};
	struct loaded l;
	int code;

	if (!ui_options(&cmd_coverage, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2 || (!at && !(from && to)))
		return cmd_usage(&cmd_coverage,
			"a mission folder, and --at T or --from T --to T");
	if (kind_named(kind) < 0)
		return cmd_usage(&cmd_coverage, "no kind '%s'; wants "
			"explosion, fire, weapon, ...", kind);
	if (limit && kind_named(kind) != KIND_EXPLOSION)
		return cmd_usage(&cmd_coverage, "--limit is of explosions");
	if (!ui_time(&cmd_coverage, at ? at : from, &span.from) ||
		!ui_time(&cmd_coverage, at ? at : to, &span.to))
		return EXIT_USAGE;
	if (!at && span.to.utc_ns <= span.from.utc_ns)
		return cmd_usage(&cmd_coverage, "--to '%s' is not after "
			"--from '%s'", to, from);
	if (at)
		span.to.utc_ns = span.from.utc_ns + 1000000000;
	code = load_sound(&cmd_coverage, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	ask = (struct asked){span, (enum kind)kind_named(kind), limit};
	if (!print(&l, &ask, &f))
		code = cmd_fault(&cmd_coverage, &f);
	load_free(&l);
	return code;
}

const struct cmd cmd_coverage = {
	.name = "coverage",
	.usage = "coverage MISSION (--at T | --from T --to T) [--kind K | "
		"--limit]",
	.about = "what could be seen and heard where",
	.run = run,
};
