/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * livefire.h - the live-fire tests of ../shared/data (ShotSpotter, Tech Note
 * 098) as sources, weather and arrivals, one network a firing position. */
#ifndef TESTS_LIVEFIRE_H
#define TESTS_LIVEFIRE_H

#include <dirent.h>
#include <string.h>

#include "base/tree.h"
#include "check.h"
#include "geo/frame.h"
#include "locate/locate.h"

enum {
	POSITIONS = 9,
	SENSORS = 400,
	TRIALS = 64,
	PULSES = 1024,
};

struct trial {
	char name[32];
	int rounds;
	double x, y; /* of the truth, metres of the position's frame */
	struct weather weather;
	struct detection pulse[PULSES];
	size_t pulses;
};

struct position {
	char name[16];
	struct source source[SENSORS];
	size_t sources;
	struct trial trial[TRIALS];
	size_t trials;
	double x0, y0;
	struct frame frame;
};

static struct position position[POSITIONS];
static size_t positions;
static struct arena fire_memory;

static const struct tree *fire_json(const char *folder, const char *test,
	const char *what)
{
	const struct tree *t = NULL;
	struct fault f = {0};
	char path[600];
	unsigned char *at;
	size_t len;

	(void)snprintf(path, sizeof path, "%.400s/%.32s/%.32s.%s.json",
		folder, test, test, what);
	if (access(path, R_OK) != 0)
		return NULL;
	at = check_file(path, &len);
	if (!tree_read((struct bytes){at, len}, &fire_memory, &t, &f))
		printf("# %s: %s\n", path, f.text);
	free(at);
	return t;
}

static struct source *fire_sensor(struct position *p, const struct tree *pulse)
{
	const struct tree *at = tree_get(pulse, "location");
	const char *id = tree_text(pulse, "serial_number");
	struct source *s;
	struct point q;
	struct fault f = {0};

	for (size_t i = 0; i < p->sources; i++)
		if (strcmp(p->source[i].id, id) == 0)
			return &p->source[i];
	if (p->sources == 0) {
		p->x0 = floor(tree_number(at, "x"));
		p->y0 = floor(tree_number(at, "y"));
	}
	q = frame_from(&p->frame, (struct xy){tree_number(at, "x") - p->x0,
					  tree_number(at, "y") - p->y0});
	s = &p->source[p->sources++];
	*s = (struct source){.kind = SOURCE_ACOUSTIC, .lat_deg = q.lat_deg,
		.lon_deg = q.lon_deg, .elev_m = 400 + tree_number(at, "z"),
		.id = arena_text(&fire_memory, bytes_of(id), &f),
		.rate_hz = NAN, .sensitivity = NAN, .owner = "mission",
		.host_party = "", .installed = INSTANT_UNKNOWN,
		.position_err_m = 2, .public_key = "", .array = ""};
	return s;
}

static void fire_pulses(struct position *p, struct trial *t,
	const struct tree *list)
{
	struct fault f = {0};

	for (list = list ? list->first : NULL; list && t->pulses < PULSES;
		list = list->next) {
		struct detection *d = &t->pulse[t->pulses++];
		struct feature *x = arena_array(&fire_memory, 1, sizeof *x, &f);

		*d = detection_new();
		d->source = fire_sensor(p, list)->id;
		d->modality = MODALITY_ACOUSTIC;
		d->at = tree_time(list, "arrival_time_utc");
		d->sigma_s = 0.003;
		d->snr = tree_number(list, "signal_to_noise_dB");
		*x = (struct feature){
			"level_db", tree_number(list, "power_dB_SPL")};
		d->feature = x;
		d->feature_count = 1;
		d->cite.offset = t->pulses;
		detection_name(d);
	}
}

static void fire_trial(struct position *p, const char *folder, const char *name)
{
	struct trial *t = &p->trial[p->trials];
	const struct tree *s = fire_json(folder, name, "survey"), *w, *at;

	if (!s)
		return;
	p->trials++;
	(void)snprintf(t->name, sizeof t->name, "%.31s", name);
	t->rounds = (int)tree_i64(s, "num_rounds", 0);
	at = tree_get(s, "survey_location");
	t->x = tree_number(at, "x");
	t->y = tree_number(at, "y");
	w = fire_json(folder, name, "weather");
	t->weather = (struct weather){
		.at = tree_time(w, "observation_time"), .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = tree_number(w, "temperature"),
		.pressure_pa = NAN, .humidity_pct = NAN,
		.wind_ms = tree_number(w, "speed"),
		.wind_from_deg = tree_number(w, "direction")};
	fire_pulses(p, t, fire_json(folder, name, "allpulses"));
}

static int fire_by_name(const void *a, const void *b)
{
	return strcmp((const char *)a, (const char *)b);
}

static int fire_by_id(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->id,
		((const struct source *)b)->id);
}

static size_t fire_folders(const char *path, const char *start,
	char (*out)[32], size_t most)
{
	DIR *d = opendir(path);
	struct dirent *e;
	size_t n = 0;

	while (d && n < most && (e = readdir(d)))
		if (strncmp(e->d_name, start, strlen(start)) == 0)
			(void)snprintf(out[n++], 32, "%.31s", e->d_name);
	if (d)
		(void)closedir(d);
	qsort(out, n, 32, fire_by_name);
	return n;
}

/* Fills position[]; false when there is no memory. */
static bool fire_load(const char *data)
{
	char fp[POSITIONS][32], test[TRIALS][32], path[512];
	struct fault f = {0};

	if (!arena_map(&fire_memory, (size_t)1 << 30, &f))
		return false;
	positions = fire_folders(data, "FP", fp, POSITIONS);
	for (size_t i = 0; i < positions; i++) {
		struct position *p = &position[i];
		size_t n;

		(void)snprintf(p->name, sizeof p->name, "%.15s", fp[i]);
		p->frame = frame_at(40.44 + 0.5 * (double)i, -80);
		(void)snprintf(path, sizeof path, "%.300s/%s", data, p->name);
		n = fire_folders(path, "test_", test, TRIALS);
		for (size_t k = 0; k < n; k++)
			fire_trial(p, path, test[k]);
		qsort(p->source, p->sources, sizeof *p->source, fire_by_id);
	}
	return true;
}

#endif
