/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/maps.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feeds/file.h"

const char *maps_web(char *out, size_t size)
{
	static const char *const at[] = {"/../../web/build/desk",
		"/../share/truce/web"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	struct stat st;
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct text t = text_on(out, size);

		text_fmt(&t, "%s%s", self, at[i]);
		if (stat(out, &st) == 0 && S_ISDIR(st.st_mode))
			return out;
	}
	return NULL;
}

bool maps_lines(char *out, size_t size)
{
	char web[4200];
	struct text t = text_on(out, size);

	if (!maps_web(web, sizeof web))
		return false;
	text_fmt(&t, "%s/../basemap.geojsonl", web);
	return !t.full && file_exists(out);
}

/* A file of tiles that cannot be read is said, and stops nothing. */
static void add_sheet(struct atlas *atlas, const char *name, const char *path,
	struct arena *a)
{
	struct fault f = {0};

	if (!atlas_add(atlas, name, path, a, &f))
		(void)fprintf(stderr, "truce serve: %s; the map goes without "
			"it\n", f.text);
}

void maps_open(struct atlas *atlas, const char *folder, const char *web,
	struct arena *a)
{
	const char *basemap = NULL, *geo;
	const char **names = NULL;
	struct fault f = {0};
	size_t count = 0;

	if (web && (basemap = path_join(a, web, "../basemap.mbtiles", &f)) &&
		file_exists(basemap))
		add_sheet(atlas, "basemap", basemap, a);
	if (!(geo = path_join(a, folder, "geo", &f)) ||
		!folder_list(geo, a, &names, &count, &f))
		return;
	for (size_t i = 0; i < count; i++) {
		struct bytes name = bytes_of(names[i]);

		if (name.len > 8 && bytes_are(bytes_part(
			name, name.len - 8, 8), ".mbtiles")) {
			const char *path = path_join(a, geo, names[i], &f);

			name.len -= 8;
			names[i] = arena_text(a, name, &f);
			if (path && names[i])
				add_sheet(atlas, names[i], path, a);
		}
	}
}
