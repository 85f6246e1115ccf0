/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/load.h"

enum { MISSION_ARENA_GIB = 4 };

static void add_errors(struct loaded *l, const char *file,
	const struct terms_error *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		complain(&l->complaints, file, e[i].line, e[i].column, "%s",
			e[i].text);
}

static bool load_terms(struct loaded *l, struct fault *f)
{
	const struct terms_error *errors;
	const char *path;
	struct bytes in;
	size_t n;

	path = path_join(&l->arena, l->folder, l->mission.agreement, f);
	if (!path)
		return false;
	if (!file_exists(path)) {
		complain(&l->complaints, l->mission.agreement, 0, 0,
			"there is no such file: nothing can be judged");
		return true;
	}
	if (!file_read(path, &l->arena, &in, f) ||
		!terms_read(in, &l->arena, &l->terms, &errors, &n, f))
		return false;
	add_errors(l, l->mission.agreement, errors, n);
	if (!terms_bind(l->terms, &l->mission, &l->arena, &errors, &n, f))
		return false;
	add_errors(l, l->mission.agreement, errors, n);
	return terms_called(l->terms, &l->mission, &l->arena,
		&l->mission.called, &l->mission.called_count, f);
}

static bool load_pledges(struct loaded *l, struct fault *f)
{
	const char *path = path_join(
		&l->arena, l->folder, l->mission.pledges, f);
	const struct terms_error *errors;
	struct bytes in;
	size_t n;

	if (!path || !file_exists(path))
		return path != NULL;
	if (!file_read(path, &l->arena, &in, f) ||
		!pledges_read(in, &l->arena, &l->pledges, &errors, &n, f))
		return false;
	add_errors(l, l->mission.pledges, errors, n);
	return true;
}

bool load_folder(const char *folder, struct fault *f)
{
	return folder_exists(folder) || fault(f, FAULT_INPUT,
		"%s: no such folder; `truce init %s` makes a mission there",
		folder, folder);
}

int load_mission(const struct cmd *c, const char *folder, struct loaded *l)
{
	struct fault f = {0};

	*l = (struct loaded){.folder = folder};
	if (!arena_map(&l->arena, (size_t)MISSION_ARENA_GIB << 30, &f))
		return cmd_fault(c, &f);
	if (!load_folder(folder, &f)) {
		load_free(l);
		return cmd_fault(c, &f);
	}
	if (!mission_load(folder, &l->arena, &l->mission, &l->complaints,
		&f) || (l->mission.name[0] &&
			(!load_terms(l, &f) || !load_pledges(l, &f)))) {
		load_free(l);
		return cmd_fault(c, &f);
	}
	l->wrong = l->complaints.count;
	return EXIT_DONE;
}

void load_print(const struct loaded *l)
{
	for (size_t i = 0; i < l->complaints.count; i++) {
		const struct complaint *x = &l->complaints.list[i];

		(void)fprintf(stderr, "%s/%s", l->folder, x->file);
		if (x->line > 0)
			(void)fprintf(stderr, ":%zu", x->line);
		if (x->column > 0)
			(void)fprintf(stderr, ":%zu", x->column);
		(void)fprintf(stderr, ": %s\n", x->text);
	}
}

int load_sound(const struct cmd *c, const char *folder, struct loaded *l)
{
	int code = load_mission(c, folder, l);

	if (code != EXIT_DONE || l->wrong == 0)
		return code;
	load_print(l);
	(void)fprintf(stderr, "truce %s: the mission's files have %zu error%s; "
		"mend them first (`truce check %s`)\n", c->name, l->wrong,
		l->wrong == 1 ? "" : "s", folder);
	load_free(l);
	return EXIT_INPUT;
}

void load_free(struct loaded *l)
{
	arena_unmap(&l->arena);
}
