/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * air.c - what surrounds a sound on its way and where it arrives: reported
 * weather, and the noise that each source stood in. */
#include "base/maths.h"
#include "locate/hear.h"
#include "model/codec.h"
#include "model/loudness.h"
#include "roles/chain.h"

struct airs {
	struct chain *c;
	struct weather *w;
	size_t count, room;
};

static bool take_weather(void *self, const struct row *row, struct fault *f)
{
	struct airs *x = self;
	void *list = x->w;
	const struct tree *t, *p;
	const struct feature *v;
	size_t n;

	x->c->work.used = 0;
	if (!chain_grow(&x->c->arena, &list, x->count, &x->room, sizeof *x->w,
		f) || !tree_read(row->body, &x->c->work, &t, f))
		return false;
	x->w = list;
	p = tree_get(t, "features");
	if (!read_features(p, &x->c->work, &v, &n, f))
		return false;
	x->w[x->count++] = (struct weather){
		.at = row->from,
		.lat_deg = tree_number(tree_get(t, "place"), "lat"),
		.lon_deg = tree_number(tree_get(t, "place"), "lon"),
		.temperature_c = feature_of(v, n, "temperature_c"),
		.pressure_pa = feature_of(v, n, "pressure_pa"),
		.humidity_pct = feature_of(v, n, "humidity_pct"),
		.wind_ms = feature_of(v, n, "wind_ms"),
		.wind_from_deg = feature_of(v, n, "wind_from_deg"),
		.temperature_err_c = feature_of(v, n, "temperature_err_c"),
		.wind_err_ms = feature_of(v, n, "wind_err_ms"),
	};
	return true;
}

bool chain_air(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	struct airs air = {.c = c};
	struct query q = {.type = ROW_OBSERVATION, .kind = "weather",
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	if (c->weather_known)
		return true;
	if (!s->engine->find(s, &q, take_weather, &air, f))
		return false;
	c->weather = air.w;
	c->weather_count = air.count;
	c->weather_known = true;
	return true;
}

bool chain_keep_ambient(
	struct chain *c, const struct ambient *a, struct fault *f)
{
	struct ambient *x = arena_room(&c->air, sizeof *a, f);

	if (!x)
		return false;
	if (c->ambient_count == 0)
		c->ambient = x;
	*x = *a;
	c->ambient_count++;
	return true;
}

/* Threads tell in any order. */
static int by_source(const void *a, const void *b)
{
	const struct ambient *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (!d)
		d = span_order(x->span, y->span);
	if (d)
		return d;
	for (size_t i = 0; i < x->bands && i < y->bands; i++) {
		double off = x->band[i].noise_db - y->band[i].noise_db;

		if (off < 0 || off > 0)
			return off < 0 ? -1 : 1;
	}
	return (x->bands > y->bands) - (x->bands < y->bands);
}

void chain_around(struct chain *c, struct watch_air *a)
{
	if (c->ambient_count > 0)
		qsort(c->ambient, c->ambient_count, sizeof *c->ambient,
			by_source);
	*a = (struct watch_air){
		.health = c->health,
		.health_count = c->health_count,
		.ambient = c->ambient,
		.ambient_count = c->ambient_count,
		.weather = c->weather,
		.weather_count = c->weather_count,
		.range_m = hear_range_m(c->ask->mission),
	};
}

/* The band in which a kilogram, 3 km away, stands out most. */
static const struct ambient_band *best_band(const struct ambient *a)
{
	const struct ambient_band *best = NULL;
	double most = -INFINITY;

	for (size_t i = 0; i < a->bands; i++) {
		double db = loudness_band_db(1, 3000, &a->band[i]) -
			loudness_needed_db(&a->band[i]);

		if (db > most) {
			most = db;
			best = &a->band[i];
		}
	}
	return best;
}

/* Means over a stretch: of the noise its power's. */
static struct ambient_band mean_band(
	const struct chain *c, size_t from, const struct health *h)
{
	struct ambient_band mean = {0};
	double power = 0, on = 0, n = 0;

	for (size_t i = from; i < c->ambient_count &&
		strcmp(c->ambient[i].source, h->source) == 0; i++) {
		const struct ambient_band *b = best_band(&c->ambient[i]);

		if (!b || !span_meets(c->ambient[i].span, h->span))
			continue;
		if (n > 0 && (b->low_hz < mean.low_hz ||
				b->low_hz > mean.low_hz))
			continue;
		mean = *b;
		power += m_pow(10, b->noise_db / 10);
		on += b->on_db;
		n++;
	}
	/* As stated: to a hundredth of a decibel. */
	mean.noise_db = n > 0 ? floor(1000 * m_log10(power / n) + 0.5) / 100
			      : NAN;
	mean.on_db = floor(100 * on / n + 0.5) / 100;
	return mean;
}

bool chain_say_ambient(struct chain *c, struct health *h, struct fault *f)
{
	struct feature *all = arena_array(
		&c->arena, h->more_count + 6, sizeof *all, f);
	struct ambient_band b;
	size_t lo = 0, hi = c->ambient_count, n = 0;

	if (!all)
		return false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(c->ambient[mid].source, h->source) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	b = mean_band(c, lo, h);
	if (!isfinite(b.noise_db) || h->more_count + 6 > HEALTH_MORE_MAX)
		return true;
	for (size_t i = 0; i < h->more_count; i++)
		all[n++] = h->more[i];
	if (h->measure.name)
		all[n++] = (struct feature){"noise_db", b.noise_db};
	else
		h->measure = (struct feature){"noise_db", b.noise_db};
	all[n++] = (struct feature){"on_db", b.on_db};
	all[n++] = (struct feature){"band_low_hz", b.low_hz};
	all[n++] = (struct feature){"band_high_hz", b.high_hz};
	all[n++] = (struct feature){"short_s", b.short_s};
	h->more = all;
	h->more_count = n;
	return true;
}
