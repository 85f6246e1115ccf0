/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/load.h"

#include "watch/watch.h"

extern const struct cmd cmd_coverage;

struct looking {
	struct arena *arena;
	struct look *list;
	size_t count, room;
};

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct looking *l = self;
	const struct tree *t;

	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 1024;
		struct look *more =
			arena_array(l->arena, room, sizeof *more, f);

		if (!more)
			return false;
		for (size_t i = 0; i < l->count; i++)
			more[i] = l->list[i];
		l->list = more;
		l->room = room;
	}
	return tree_read(row->body, l->arena, &t, f) &&
		look_read(t, l->arena, &l->list[l->count++], f);
}

static bool print(const struct loaded *l, struct span span, enum kind kind,
	struct fault *f)
{
	struct store store = {stores[0], NULL};
	struct query q = {.type = ROW_LOOK, .span = span,
		.kind = kind_name(kind)};
	struct arena a;
	struct looking looks = {.arena = &a};
	struct text out;
	bool ok;

	if (!arena_map(&a, (size_t)4 << 30, f))
		return false;
	ok = store.engine->open(&store, l->folder, false, f);
	if (ok) {
		ok = store.engine->find(&store, &q, take, &looks, f);
		store.engine->close(&store);
	}
	out = text_in(&a, (size_t)256 << 20);
	ok = ok && watch_geojson(&l->mission, span, kind, looks.list,
		looks.count, &a, &out, f);
	text_char(&out, '\n');
	ok = ok && text_check(&out, f);
	if (ok && fwrite(out.at, 1, out.len, stdout) != out.len)
		ok = fault_errno(f, "write");
	arena_unmap(&a);
	return ok;
}

static int run(int argc, char **argv)
{
	const char *at = NULL, *kind = "explosion", *from = NULL, *to = NULL;
	const struct ui_option options[] = {{"--at", &at, NULL},
		{"--kind", &kind, NULL}, {"--from", &from, NULL},
		{"--to", &to, NULL}, {0}};
	struct span span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
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
	if (!print(&l, span, (enum kind)kind_named(kind), &f))
		code = cmd_fault(&cmd_coverage, &f);
	load_free(&l);
	return code;
}

const struct cmd cmd_coverage = {
	.name = "coverage",
	.usage = "coverage MISSION --at T [--kind K] | --from T --to T",
	.about = "what could be seen where, as GeoJSON",
	.run = run,
};
