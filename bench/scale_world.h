/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scale_world.h - the simulator's side of the bench of scale: the scenario
 * "load", of which one node's samples are held at a time; sources, weather
 * and truth, read back from the bytes it writes. */
#ifndef BENCH_SCALE_WORLD_H
#define BENCH_SCALE_WORLD_H

#include <stdio.h>
#include <stdlib.h>

#include "base/maths.h"
#include "formats/format.h"
#include "model/mission.h"
#include "model/weather.h"
#include "sim/sim.h"

struct page { /* bytes that grow */
	uint8_t *at;
	size_t len, room;
};

struct target { /* where the simulator's files go, of one thread */
	struct page node, sensors, weather, truth;
	struct page *open; /* NULL: not wanted */
};

static bool target_open(void *self, const char *path, struct fault *f)
{
	struct target *t = self;

	(void)f;
	t->open = strcmp(path, "sensors.csv") == 0 ? &t->sensors :
		strcmp(path, "truth.jsonl") == 0 ? &t->truth :
		strcmp(path, "inbox/WX-1/weather.csv") == 0 ? &t->weather :
		strncmp(path, "inbox/XT_", 9) == 0 ? &t->node : NULL;
	return true;
}

static bool target_put(void *self, struct bytes b, struct fault *f)
{
	struct target *t = self;
	struct page *p = t->open;

	if (!p)
		return true;
	if (p->len + b.len > p->room) {
		p->room = 2 * (p->len + b.len);
		p->at = realloc(p->at, p->room);
		if (!p->at)
			return fault(f, FAULT_SYSTEM, "no memory");
	}
	memcpy(p->at + p->len, b.at, b.len);
	p->len += b.len;
	return true;
}

static bool target_close(void *self, struct fault *f)
{
	(void)self;
	(void)f;
	return true;
}

static void target_free(struct target *t)
{
	free(t->node.at);
	free(t->sensors.at);
	free(t->weather.at);
	free(t->truth.at);
}

/* The next line of a page, ended by a zero byte. */
static const char *page_line(
	const struct page *p, size_t *at, char *line, size_t room)
{
	size_t n = 0;

	if (*at >= p->len)
		return NULL;
	while (*at < p->len && p->at[*at] != '\n') {
		if (n + 1 < room)
			line[n++] = (char)p->at[*at];
		++*at;
	}
	++*at;
	line[n] = '\0';
	return line;
}

static int by_source_id(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* The acoustic sources of sensors.csv, by id. */
static size_t world_sources(
	const struct page *p, struct arena *a, struct source **out)
{
	struct source *s = calloc(p->len / 40 + 1, sizeof *s);
	struct fault f;
	char line[512], id[24], kind[16], owner[4], host[4];
	size_t at = 0, n = 0;

	while (s && page_line(p, &at, line, sizeof line)) {
		struct source x = {.kind = SOURCE_ACOUSTIC, .public_key = "",
			.installed = INSTANT_UNKNOWN, .position_err_m = 2,
			.array = ""};

		if (sscanf(line, "%23[^,],%15[^,],%lf,%lf,%lf,%lf,%lf,"
				"%3[^,],%3[^,]", id, kind, &x.lat_deg,
				&x.lon_deg, &x.elev_m, &x.rate_hz,
				&x.sensitivity, owner, host) != 9 ||
			strcmp(kind, "acoustic") != 0)
			continue;
		x.id = arena_text(a, bytes_of(id), &f);
		x.owner = arena_text(a, bytes_of(owner), &f);
		x.host_party = arena_text(a, bytes_of(host), &f);
		if (!x.id || !x.owner || !x.host_party)
			exit(1);
		s[n++] = x;
	}
	if (n > 0)
		qsort(s, n, sizeof *s, by_source_id);
	*out = s;
	return n;
}

enum { WEATHERS_MAX = 64 };
struct weathers {
	struct weather w[WEATHERS_MAX];
	size_t count;
};

static bool take_weather(
	void *self, const struct observation *o, struct fault *f)
{
	struct weathers *x = self;
	const struct feature *v = o->feature;
	size_t n = o->feature_count;

	(void)f;
	if (x->count < WEATHERS_MAX)
		x->w[x->count++] = (struct weather){.at = o->at,
			.lat_deg = o->place.lat_deg,
			.lon_deg = o->place.lon_deg,
			.temperature_c = feature_of(v, n, "temperature_c"),
			.pressure_pa = feature_of(v, n, "pressure_pa"),
			.humidity_pct = feature_of(v, n, "humidity_pct"),
			.wind_ms = feature_of(v, n, "wind_ms"),
			.wind_from_deg = feature_of(v, n, "wind_from_deg"),
			.temperature_err_c =
				feature_of(v, n, "temperature_err_c"),
			.wind_err_ms = feature_of(v, n, "wind_err_ms")};
	return true;
}

struct truth {
	struct instant at;
	double lat_deg, lon_deg, yield_kg;
	size_t heard_by; /* nodes, 12 dB over their noise */
	double pd;       /* that enough hear it, as the chain reckons */
	bool found;
};

static double number_in(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? strtod(at + strlen(key), NULL) : NAN;
}

static size_t world_truths(const struct page *p, struct truth **out)
{
	struct truth *t = NULL;
	char line[1024];
	size_t at = 0, n = 0, room = 0;
	struct fault f;

	while (page_line(p, &at, line, sizeof line)) {
		const char *t0 = strstr(line, "\"t0\":\"");

		if (!strstr(line, "\"what\":\"incident\"") || !t0 ||
			!strstr(line, "\"heard_by\""))
			continue;
		if (n == room) {
			room = 2 * room + 64;
			t = realloc(t, room * sizeof *t);
			if (!t)
				exit(1);
		}
		t[n] = (struct truth){
			.lat_deg = number_in(line, "\"lat\":"),
			.lon_deg = number_in(line, "\"lon\":"),
			.yield_kg = number_in(line, "\"yield_kg\":"),
			.heard_by = (size_t)number_in(line, "\"heard_by\":")};
		if (instant_parse((struct bytes){(const uint8_t *)t0 + 6,
				strcspn(t0 + 6, "\"")}, false, &t[n].at, &f))
			n++;
	}
	*out = t;
	return n;
}

#endif
