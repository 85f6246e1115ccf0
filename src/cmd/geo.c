/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geo.c - what a mission's maps are drawn of: lists it, and brings lines,
 * zones, areas of control, boundaries, places and tiles into geo/. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/load.h"
#include "cmd/maps.h"
#include "cmd/surveying.h"
#include "feeds/gdal.h"

extern const struct cmd cmd_geo;

/* Of a path; of the arena, which is filled as far as it is needed. */
enum { PATH = 4096, ROOM_GIB = 8 };

static const char *const roles[] = {"line", "zone", "basemap", "control"};

static bool together(const struct shape *a, const struct shape *b)
{
	return a->role == b->role && strcmp(a->name, b->name) == 0 &&
		strcmp(a->class_, b->class_) == 0 &&
		strcmp(a->version, b->version) == 0 &&
		strcmp(a->file, b->file) == 0;
}

static int list(const struct mission *m)
{
	size_t pieces = 0, points = 0;

	printf("%-8s  %-24s  %-16s  %-12s  %6s  %8s  %s\n", "role", "name",
		"class", "version", "pieces", "points", "file");
	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		pieces += s->ring_count;
		for (size_t k = 0; k < s->ring_count; k++)
			points += s->ring[k].count;
		if (i + 1 < m->shape_count && together(s, s + 1))
			continue;
		printf("%-8s  %-24s  %-16s  %-12s  %6zu  %8zu  %s\n",
			roles[s->role], s->name, s->class_, s->version, pieces,
			points, s->file);
		pieces = points = 0;
	}
	printf("places    %zu\n", m->town_count);
	return EXIT_DONE;
}

/* A new file, whole or not at all. */
static bool put(const char *path, struct bytes b, bool replace,
	struct fault *f)
{
	char part[PATH];
	struct text t = text_on(part, sizeof part);
	FILE *file;
	bool ok;

	if (!replace && access(path, F_OK) == 0)
		return fault(f, FAULT_INPUT, "%s is there already; --replace "
			"puts this in its place", path);
	text_fmt(&t, "%s.part", path);
	if (!text_check(&t, f))
		return false;
	if (!(file = fopen(part, "wb")))
		return fault_errno(f, "%s", part);
	ok = fwrite(b.at, 1, b.len, file) == b.len && fflush(file) == 0 &&
		fsync(fileno(file)) == 0;
	if (fclose(file) != 0)
		ok = false;
	if (ok && rename(part, path) == 0)
		return true;
	(void)fault_errno(f, "%s", path);
	(void)unlink(part);
	return false;
}

struct asked {
	const char *as, *name, *class_, *version, *party, *layer, *from;
	bool replace;
};

static bool target(const struct loaded *l, const struct asked *q,
	const char *ending, char out[PATH], struct fault *f)
{
	struct text t = text_on(out, PATH);

	for (const char *s = q->name; *s; s++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			"YZ0123456789_-", *s))
			return fault(f, FAULT_INPUT, "--name %s, wants letters,"
				" digits, - and _", q->name);
	text_fmt(&t, "%s/geo", l->folder);
	if (!text_check(&t, f) || !folder_make(out, f))
		return false;
	text_fmt(&t, "/%s%s", q->name, ending);
	return text_check(&t, f);
}

static bool bring_tiles(
	struct loaded *l, const struct asked *q, struct fault *f)
{
	struct tiles_facts facts;
	struct tiles *tiles;
	struct bytes b = {0};
	char path[PATH];
	bool ok;

	if (!tiles_open(q->from, &l->arena, &tiles, &facts, f))
		return false;
	tiles_close(tiles);
	if (!target(l, q, ".mbtiles", path, f) || !file_map(q->from, &b, f))
		return false;
	ok = put(path, b, q->replace, f);
	file_unmap(b);
	if (ok)
		printf("%s: tiles %s of zooms %d to %d\n", path, facts.format,
			facts.zoom_min, facts.zoom_max);
	return ok;
}

/* Of the basemap: what a map of the area has room for. */
static void cut(const struct mission *m, double box[4], struct gdal_wish *w)
{
	double wide = m->east - m->west, high = m->north - m->south;

	box[0] = m->west - 0.1 * wide;
	box[1] = m->south - 0.1 * high;
	box[2] = m->east + 0.1 * wide;
	box[3] = m->north + 0.1 * high;
	w->box = box;
	w->simplify_deg = (wide > high ? wide : high) / 2000;
	if (wide > 6)
		w->where = "class <> 'river' OR level < 6";
}

static bool bring_shapes(struct loaded *l, const struct asked *q,
	struct gdal_wish *w, struct fault *f)
{
	bool places = strcmp(q->as, "places") == 0;
	struct survey s = {.as = q->as, .name = q->name, .class_ = q->class_,
		.version = q->version, .party = q->party};
	struct arena a;
	struct bytes in;
	struct text t;
	char path[PATH];
	bool ok;

	if (!arena_map(&a, (size_t)ROOM_GIB << 30, f))
		return false;
	ok = gdal_geojson(w, &a, &in, f);
	if (ok) {
		t = text_in(&a, 2 * in.len + (1 << 16));
		ok = (places ? survey_places(&s, in, &a, &t, f)
			: survey_shapes(&s, in, &a, &t, f)) &&
			text_check(&t, f) &&
			target(l, q, places ? ".csv" : ".geojson", path, f) &&
			put(path, text_view(&t), q->replace, f);
	}
	arena_unmap(&a);
	if (ok)
		printf("%s: %zu %s, %zu left out\n", path, s.taken,
			places ? "places" : "features", s.left);
	return ok || fault_in(f, "%s", q->from);
}

/* What stands in the folder now, as the mission reads it. */
static int look_again(const char *folder, const struct asked *q)
{
	struct loaded l;
	int code = load_mission(&cmd_geo, folder, &l);
	char file[PATH];
	struct text t = text_on(file, sizeof file);
	bool used = strcmp(q->as, "tiles") == 0;

	if (code != EXIT_DONE)
		return code;
	if (strcmp(q->as, "places") == 0)
		used = strcmp(q->name, "places") == 0;
	text_fmt(&t, "geo/%s.geojson", q->name);
	for (size_t i = 0; i < l.mission.shape_count; i++)
		used = used || strcmp(l.mission.shape[i].file, file) == 0;
	if (l.wrong > 0) {
		load_print(&l);
		code = EXIT_INPUT;
	} else if (!used) {
		printf("not used yet: name it in mission.yaml, under %s\n",
			strcmp(q->as, "places") == 0 ? "gazetteer"
			: "geometry");
	}
	load_free(&l);
	return code;
}

static int bring(struct loaded *l, struct asked *q)
{
	static const char *const as[] = {
		"line", "zone", "control", "basemap", "places", "tiles"};
	struct gdal_wish w = {.path = q->from, .layer = q->layer};
	struct fault f = {0};
	char basemap[PATH];
	double box[4];
	size_t i = 0;
	bool ok;

	while (i < sizeof as / sizeof *as && strcmp(as[i], q->as) != 0)
		i++;
	if (i == sizeof as / sizeof *as)
		return cmd_usage(&cmd_geo, "--as '%s', wants line, zone, "
			"control, basemap, places or tiles", q->as);
	if (!q->from) {
		if (!maps_lines(basemap, sizeof basemap))
			return cmd_usage(&cmd_geo, "the built-in basemap is "
				"not there: `make basemap`");
		w.path = q->from = basemap;
		cut(&l->mission, box, &w);
	}
	ok = i == 5 ? bring_tiles(l, q, &f) : bring_shapes(l, q, &w, &f);
	q->from = NULL; /* it may have lain here */
	return ok ? look_again(l->folder, q) : cmd_fault(&cmd_geo, &f);
}

static int run(int argc, char **argv)
{
	struct asked q = {.name = NULL};
	const struct ui_option options[] = {{"--as", &q.as, NULL},
		{"--name", &q.name, NULL}, {"--class", &q.class_, NULL},
		{"--version", &q.version, NULL}, {"--party", &q.party, NULL},
		{"--layer", &q.layer, NULL}, {"--replace", NULL, &q.replace},
		{0}};
	struct loaded l;
	bool basemap;
	int code;

	if (!ui_options(&cmd_geo, &argc, argv, options))
		return EXIT_USAGE;
	basemap = argc == 3 && strcmp(argv[2], "basemap") == 0;
	if (argc != 2 && !basemap &&
		!(argc == 4 && strcmp(argv[2], "import") == 0))
		return cmd_usage(&cmd_geo, "wants a mission folder, then "
			"nothing, `basemap`, or `import FILE --as ROLE`");
	if (argc == 4 && (!q.as || (!q.name && strcmp(q.as, "places") != 0)))
		return cmd_usage(&cmd_geo, "import wants --as and --name");
	if (basemap)
		q.as = "basemap";
	if (!q.name)
		q.name = basemap ? "basemap" : "places";
	q.from = argc == 4 ? argv[3] : NULL;
	code = load_sound(&cmd_geo, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	code = argc == 2 ? list(&l.mission) : bring(&l, &q);
	load_free(&l);
	return code;
}

const struct cmd cmd_geo = {
	.name = "geo",
	.usage = "geo MISSION [basemap | import FILE --as ROLE --name NAME]",
	.about = "what its maps are drawn of",
	.run = run,
};
