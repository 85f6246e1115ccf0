/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/bearing.h"
#include "locate/hear.h"
#include "roles/islands.h"

/* Sounds lie within a gap of their arrivals (locate.h): so far before and after
 * an island nothing is asked. */
#define GAPS 4
#define MORE_S 600

static void add_bearing(struct sha256 *s, const struct bearing *b)
{
	memo_text(s, b->id.text);
	memo_text(s, b->source->id);
	memo_number(s, b->modality);
	memo_number(s, (uint64_t)b->at.utc_ns);
	memo_real(s, b->sigma_s);
	memo_real(s, b->back_azimuth_deg);
	memo_real(s, b->sigma_az_deg);
	memo_number(s, b->phases);
	memo_real(s, b->peak_ms);
	memo_real(s, b->snr_db);
	memo_real(s, b->rate_hz);
	memo_number(s, b->end);
}

/* Whose word or silence counts less.  A row that goes on beyond the time that
 * is asked for is the same row. */
static void add_health(
	struct sha256 *s, const struct health *h, struct span asked)
{
	struct span span = h->span;
	bool late = h->measure.name &&
		strcmp(h->measure.name, "late_ms") == 0;

	if (h->state == HEALTH_UP || !span_meets(span, asked))
		return;
	if (span.from.utc_ns < asked.from.utc_ns)
		span.from = asked.from;
	if (span.to.utc_ns > asked.to.utc_ns)
		span.to = asked.to;
	memo_text(s, h->source);
	memo_number(s, h->state);
	memo_text(s, h->why);
	memo_number(s, (uint64_t)span.from.utc_ns);
	memo_number(s, (uint64_t)span.to.utc_ns);
	memo_real(s, late ? h->measure.value : 0);
}

static void add_weather(struct sha256 *s, const struct weather *w)
{
	memo_number(s, (uint64_t)w->at.utc_ns);
	memo_real(s, w->lat_deg);
	memo_real(s, w->lon_deg);
	memo_real(s, w->temperature_c);
	memo_real(s, w->pressure_pa);
	memo_real(s, w->humidity_pct);
	memo_real(s, w->wind_ms);
	memo_real(s, w->wind_from_deg);
	memo_real(s, w->temperature_err_c);
	memo_real(s, w->wind_err_ms);
}

static struct span wider(struct span s, double by_s)
{
	return (struct span){instant_plus_s(s.from, -by_s),
		instant_plus_s(s.to, by_s)};
}

struct digest islands_key(const struct memo *m, const struct network *net,
	const struct digest *rows, struct span arrivals)
{
	struct sha256 s = memo_key(m, "island");
	const struct bearings *b = net->bearings;
	struct span asked = wider(arrivals,
		GAPS * locate_gap_s(net->mission) + MORE_S);
	struct span air = wider(asked, AIR_S);

	sha256_add(&s, digest_view(rows));
	memo_real(&s, net->spacing_m);
	memo_number(&s, net->fits != NULL);
	for (size_t i = 0; i < net->weather_count; i++)
		if (span_holds(air, net->weather[i].at))
			add_weather(&s, &net->weather[i]);
	memo_text(&s, "");
	/* What is far away is heard at other times, when somebody there may be
	 * in doubt. */
	for (size_t i = 0; b && i < b->count; i++)
		add_bearing(&s, &b->at[i]);
	if (b && b->count > 0)
		asked = (struct span){{INT64_MIN / 2}, {INT64_MAX / 2}};
	for (size_t i = 0; i < net->health_count; i++)
		add_health(&s, &net->health[i], asked);
	return sha256_end(&s);
}
