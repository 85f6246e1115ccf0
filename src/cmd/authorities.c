/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/authorities.h"

#include "feeds/file.h"

static bool add(struct authorities *a, const char *path, struct arena *arena,
	struct fault *f)
{
	struct bytes pem;

	if (a->count == ANCHOR_AUTHORITIES)
		return fault(f, FAULT_LIMIT, "more than %d authorities",
			ANCHOR_AUTHORITIES);
	if (!file_read(path, arena, &pem, f))
		return fault_in(f, "%s", path);
	/* The same one twice is one. */
	for (size_t i = 0; i < a->count; i++)
		if (bytes_equal(a->pem[i], pem))
			return true;
	a->pem[a->count++] = pem;
	return true;
}

static bool is_pem(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && strcmp(dot, ".pem") == 0;
}

static bool add_folder(struct authorities *a, const char *folder,
	struct arena *arena, struct fault *f)
{
	const char **names, *path;
	size_t n;

	if (!folder_list(folder, arena, &names, &n, f))
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_pem(names[i]) && (!(path = path_join(
				arena, folder, names[i], f)) ||
			!add(a, path, arena, f)))
			return false;
	return true;
}

bool authorities_load(const char *mission, const char *ca,
	struct arena *arena, struct authorities *a, struct fault *f)
{
	const char *folder;

	a->count = 0;
	if (mission && (!(folder = path_join(
			arena, mission, "authorities", f)) ||
		!add_folder(a, folder, arena, f)))
		return false;
	return !ca || add(a, ca, arena, f);
}

bool authorities_named(const char *path, struct arena *arena,
	struct authorities *a, struct fault *f)
{
	a->count = 0;
	if (!folder_exists(path))
		return add(a, path, arena, f);
	return add_folder(a, path, arena, f) && (a->count > 0 ||
		fault(f, FAULT_INPUT, "%s: has no certificate (NAME.pem)",
			path));
}
