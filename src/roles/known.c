/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/known.h"

#include <string.h>

#include "model/codec.h"

#define KNOWN_BYTES ((size_t)1 << 30)
enum { WORK_BYTES = 4 << 20 };

struct reading {
	struct known *k;
	const struct mission *m;
	struct arena *work;
	struct weather *weather;
	size_t weathers, weather_room;
	struct health *charge;
	size_t charges, charge_room;
};

static bool grow(struct arena *a, void **list, size_t count, size_t *room,
	size_t size, struct fault *f)
{
	size_t want = *room ? 2 * *room : 64;
	void *wide;

	if (count < *room)
		return true;
	if (!(wide = arena_array(a, want, size, f)))
		return false;
	if (count > 0)
		memcpy(wide, *list, count * size);
	*list = wide;
	*room = want;
	return true;
}

static bool take_weather(void *self, const struct row *row, struct fault *f)
{
	struct reading *r = self;
	void *list = r->weather;
	const struct tree *t, *p;
	const struct feature *v;
	size_t n;

	r->work->used = 0;
	if (!grow(&r->k->arena, &list, r->weathers, &r->weather_room,
		    sizeof *r->weather, f) ||
		!tree_read(row->body, r->work, &t, f) ||
		!read_features(tree_get(t, "features"), r->work, &v, &n, f))
		return false;
	r->weather = list;
	p = tree_get(t, "place");
	r->weather[r->weathers++] = (struct weather){.at = row->from,
		.lat_deg = tree_number(p, "lat"),
		.lon_deg = tree_number(p, "lon"),
		.temperature_c = feature_of(v, n, "temperature_c"),
		.pressure_pa = feature_of(v, n, "pressure_pa"),
		.humidity_pct = feature_of(v, n, "humidity_pct"),
		.wind_ms = feature_of(v, n, "wind_ms"),
		.wind_from_deg = feature_of(v, n, "wind_from_deg"),
		.temperature_err_c = feature_of(v, n, "temperature_err_c"),
		.wind_err_ms = feature_of(v, n, "wind_err_ms")};
	return true;
}

/* To the end of a period: on, while nobody says otherwise. */
static struct span goes_on(const struct mission *m, struct span s)
{
	struct period p = period_at(m, instant_plus_ns(s.to, -1));

	if (instant_known(s.to) && p.span.to.utc_ns == s.to.utc_ns)
		s.to = (struct instant){INSTANT_MAX_NS - 1};
	return s;
}

/* What uptime says cites nothing. */
static bool take_charge(void *self, const struct row *row, struct fault *f)
{
	struct reading *r = self;
	struct arena *a = &r->k->arena;
	void *list = r->charge;
	const struct tree *t;
	struct health h, *x;

	r->work->used = 0;
	if (!grow(a, &list, r->charges, &r->charge_room, sizeof *r->charge, f))
		return false;
	r->charge = list;
	if (!tree_read(row->body, r->work, &t, f) ||
		!health_read(t, r->work, &h, f))
		return false;
	if (h.state == HEALTH_DEGRADED && h.evidence_count == 0)
		return true;
	x = &r->charge[r->charges++];
	*x = (struct health){.source = arena_text(a, bytes_of(h.source), f),
		.why = arena_text(a, bytes_of(h.why), f), .state = h.state,
		.span = goes_on(r->m, h.span)};
	/* How late it is said to be widens what it is believed. */
	if (h.measure.name && strcmp(h.measure.name, "late_ms") == 0)
		x->measure = (struct feature){"late_ms", h.measure.value};
	return x->source && x->why;
}

static int by_source(const void *a, const void *b)
{
	const struct health *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	return d ? d : (x->span.from.utc_ns > y->span.from.utc_ns) -
			(x->span.from.utc_ns < y->span.from.utc_ns);
}

bool known_read(struct known *k, const struct mission *m, struct store *s,
	struct instant since, struct fault *f)
{
	static const char *const states[] = {"quarantined", "degraded"};
	struct arena work = {0};
	struct reading r = {.k = k, .m = m, .work = &work};
	struct query q = {.type = ROW_OBSERVATION, .kind = "weather",
		.span = {since, {INSTANT_MAX_NS - 1}}};
	bool ok = (k->arena.at || arena_map(&k->arena, KNOWN_BYTES, f)) &&
		arena_map(&work, WORK_BYTES, f);

	k->arena.used = 0;
	k->weather_count = k->charge_count = 0;
	ok = ok && s->engine->find(s, &q, take_weather, &r, f);
	q = (struct query){.type = ROW_HEALTH,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	for (size_t i = 0; ok && i < 2; i++) {
		q.status = states[i];
		ok = s->engine->find(s, &q, take_charge, &r, f);
	}
	arena_unmap(&work);
	if (!ok)
		return false;
	if (r.charges > 0)
		qsort(r.charge, r.charges, sizeof *r.charge, by_source);
	k->weather = r.weather;
	k->weather_count = r.weathers;
	k->charge = r.charge;
	k->charge_count = r.charges;
	return true;
}

bool known_doubted(
	const struct known *k, const char *source, struct instant at)
{
	size_t lo = 0, hi = k->charge_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(k->charge[mid].source, source) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < k->charge_count &&
		strcmp(k->charge[lo].source, source) == 0; lo++)
		if (k->charge[lo].state == HEALTH_QUARANTINED &&
			span_holds(k->charge[lo].span, at))
			return true;
	return false;
}

void known_done(struct known *k)
{
	arena_unmap(&k->arena);
	*k = (struct known){.weather_count = 0};
}
