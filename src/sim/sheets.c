/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes as tables: weather, fire pixels, patrol reports, notices of the
 * parties and their claims. */
#include "base/maths.h"
#include "sim/sky.h"

enum { SHEET = 1 << 18 };

static void put_point(struct text *t, struct point p, int decimals)
{
	text_fixed(t, p.lat_deg, decimals);
	text_char(t, ',');
	text_fixed(t, p.lon_deg, decimals);
}

static void put_time(struct text *t, struct instant at)
{
	char s[INSTANT_TEXT];

	text_add(t, instant_print(at, 0, s));
}

/* A field in quotes, RFC 4180. */
static void put_quoted(struct text *t, const char *s)
{
	text_char(t, '"');
	for (; *s; s++) {
		if (*s == '"')
			text_char(t, '"');
		text_char(t, *s);
	}
	text_char(t, '"');
}

static bool put_sheet(struct world *w, const char *path, const struct text *t,
	struct fault *f)
{
	return text_check(t, f) && world_file(w, path, text_view(t), f);
}

static void tell_weather(struct world *w, struct instant t, const struct sky *a)
{
	struct json j = world_truth(w, "weather");

	json_key_time(&j, "at", t, 0);
	json_key_fixed(&j, "temperature_c", a->temperature_c, 2);
	json_key_fixed(&j, "wind_ms", a->wind_ms, 2);
	json_key_fixed(&j, "wind_from_deg", a->wind_from_deg, 1);
	json_key_fixed(&j, "east_ms", a->east_ms, 2);
	json_key_fixed(&j, "north_ms", a->north_ms, 2);
	world_truth_end(w, &j);
}

/* One station, a row each half hour, with errors of its stated size. */
static bool put_weather(struct world *w, struct fault *f)
{
	const double temperature_err = 0.8, wind_err = 0.8;
	const struct point p = world_point(w, (struct xy){-6000, 300});
	uint64_t stream = philox_stream("station", "WX-1", 0), row = 0;
	struct text t = text_in(w->arena, SHEET);
	struct instant at = w->span.from;

	text_add(&t, "at,lat,lon,temperature_c,pressure_hpa,humidity_pct,"
		"wind_ms,wind_from_deg,temperature_err_c,wind_err_ms\n");
	for (; at.utc_ns <= w->span.to.utc_ns;
		at.utc_ns += INT64_C(1800000000000), row++) {
		struct sky a = sky_at(w, at);
		double warmer = philox_normal(w->seed, stream, 3 * row);
		double faster = philox_normal(w->seed, stream, 3 * row + 1);
		double from_deg = a.wind_from_deg +
			6 * philox_normal(w->seed, stream, 3 * row + 2);

		put_time(&t, at);
		text_char(&t, ',');
		put_point(&t, p, 5);
		text_fmt(&t, ",%.1f,%.1f,%.0f,%.1f,%.0f,%.1f,%.1f\n",
			a.temperature_c + temperature_err * warmer,
			a.pressure_hpa, a.humidity_pct,
			fmax(0, a.wind_ms + wind_err * faster),
			from_deg - 360 * floor(from_deg / 360),
			temperature_err, wind_err);
		tell_weather(w, at, &a);
	}
	return put_sheet(w, "inbox/WX-1/weather.csv", &t, f);
}

/* Planck's law at a wavelength, but for its factor; and its inverse.  Second
 * radiation constant 14387.77 um K (CODATA 2018). */
static double planck(double um, double k)
{
	return 1 / (m_exp(14387.77 / (um * k)) - 1);
}

static double planck_k(double um, double b)
{
	return 14387.77 / (um * m_log(1 + 1 / b));
}

struct pixel {
	double scan_km, track_km, t4_k, t5_k, background_k, frp_mw;
};

/* VIIRS 375 m (SATELLITE.md 3.1 and 3.3). */
static struct pixel pixel_of(
	const struct pass *p, double area_m2, double temp_k, bool day)
{
	const double earth_km = 6371, height_km = 829;
	double th = RAD(fabs(p->scan_deg));
	double vz = m_asin((earth_km + height_km) / earth_km * m_sin(th));
	double rho = th > 0 ? earth_km * m_sin(vz - th) / m_sin(th) : height_km;
	double z = fabs(p->scan_deg) < 31.72 ? 3 :
		fabs(p->scan_deg) < 44.86 ? 2 : 1;
	struct pixel x = {.background_k = day ? 276 : 267};
	double share;

	x.track_km = 0.36 * rho / height_km;
	x.scan_km = 0.127 * z * rho / (height_km * m_cos(vz));
	share = area_m2 / (x.scan_km * x.track_km * 1e6);
	x.t4_k = fmin(367, planck_k(3.74, share * planck(3.74, temp_k) +
			(1 - share) * planck(3.74, x.background_k)));
	x.t5_k = fmin(380, planck_k(11.45, share * planck(11.45, temp_k) +
			(1 - share) * planck(11.45, x.background_k)));
	/* Stefan-Boltzmann, MW. */
	x.frp_mw = 5.670374e-14 * area_m2 * temp_k * temp_k * temp_k * temp_k;
	return x;
}

static void put_pixel(struct world *w, struct text *t, const struct pass *p,
	const struct fire *fire, uint64_t nth)
{
	const struct instant at = world_time(p->at);
	const struct civil c = instant_civil(at);
	const uint64_t stream = philox_stream("pixel", p->at, nth);
	/* Scan direction across the ground track: 344 deg by day, 196 by
	 * night at 48 N. */
	const bool day = c.hour >= 6 && c.hour < 18;
	const double across = RAD((day ? 344 : 196) + 90);
	const struct pixel x = pixel_of(p, fire->area_m2, fire->temp_k, day);
	double u = philox_unit(w->seed, stream, 0) - 0.5;
	double v = philox_unit(w->seed, stream, 1) - 0.5;
	struct xy at_m = fire->at;

	at_m.x_m += 1000 * (u * x.scan_km * m_sin(across) -
			v * x.track_km * m_cos(across)) +
		130 * philox_normal(w->seed, stream, 2);
	at_m.y_m += 1000 * (u * x.scan_km * m_cos(across) +
			v * x.track_km * m_sin(across)) +
		130 * philox_normal(w->seed, stream, 3);
	put_point(t, world_point(w, at_m), 5);
	text_fmt(t, ",%.2f,%.2f,%.2f,%04d-%02d-%02d,%d,%s,VIIRS,%s,2.0NRT,"
		"%.2f,%.2f,%s\n",
		x.t4_k + 0.5 * philox_normal(w->seed, stream, 4), x.scan_km,
		x.track_km, c.year, c.month, c.day, c.hour * 100 + c.minute,
		p->satellite, x.t4_k - x.background_k > 60 ? "h" : "n",
		x.t5_k + 0.5 * philox_normal(w->seed, stream, 5), x.frp_mw,
		day ? "D" : "N");
}

static void tell_look(struct world *w, const struct pass *p, size_t rows)
{
	struct json j = world_truth(w, "look");

	json_key_text(&j, "satellite", p->satellite);
	json_key_time(&j, "at", world_time(p->at), 0);
	json_key_fixed(&j, "scan_deg", p->scan_deg, 1);
	json_key_flag(&j, "clear", p->clear);
	json_key_i64(&j, "rows", (int64_t)rows);
	world_truth_end(w, &j);
}

/* A blast that lit a fire shares its id: "t07" and "t07-fire". */
static void mark_burnt(struct world *w, const struct fire *fire)
{
	for (size_t i = 0; i < w->act_count; i++) {
		size_t n = strlen(w->act[i].id);

		if (strncmp(fire->id, w->act[i].id, n) == 0 &&
			fire->id[n] == '-')
			w->act[i].burnt = true;
	}
}

static size_t put_pass(struct world *w, struct text *t, const struct pass *p)
{
	struct instant at = world_time(p->at);
	bool day = instant_civil(at).hour >= 6 && instant_civil(at).hour < 18;
	size_t rows = 0;

	for (size_t i = 0; i < w->fire_count && p->clear; i++) {
		const struct fire *fire = &w->fire[i];
		struct pixel x = pixel_of(
			p, fire->area_m2, fire->temp_k, day);

		/* Threshold of nominal confidence, 15 K, by day 25 K. */
		if (!span_holds(fire->span, at) ||
			x.t4_k - x.background_k < (day ? 25 : 15))
			continue;
		put_pixel(w, t, p, fire, i);
		mark_burnt(w, fire);
		rows++;
	}
	return rows;
}

/* A file a satellite; one without rows has its header: it looked. */
static bool put_heat(struct world *w, const char *satellite, struct fault *f)
{
	struct text t = text_in(w->arena, SHEET);
	char path[96];

	text_add(&t, "latitude,longitude,bright_ti4,scan,track,acq_date,"
		"acq_time,satellite,instrument,confidence,version,bright_ti5,"
		"frp,daynight\n");
	for (size_t i = 0; i < w->pass_count; i++)
		if (strcmp(w->pass[i].satellite, satellite) == 0)
			tell_look(w, &w->pass[i],
				put_pass(w, &t, &w->pass[i]));
	(void)snprintf(path, sizeof path,
		"inbox/VIIRS_%s/viirs_%s_nrt.csv", satellite, satellite);
	return put_sheet(w, path, &t, f);
}

static void tell_fires(struct world *w)
{
	for (size_t i = 0; i < w->fire_count; i++) {
		const struct fire *x = &w->fire[i];
		struct point p = world_point(w, x->at);
		struct json j = world_truth(w, "fire");

		json_key_text(&j, "id", x->id);
		json_key_time(&j, "from", x->span.from, 0);
		json_key_time(&j, "to", x->span.to, 0);
		json_key_fixed(&j, "lat", p.lat_deg, 7);
		json_key_fixed(&j, "lon", p.lon_deg, 7);
		json_key_fixed(&j, "area_m2", x->area_m2, 0);
		json_key_fixed(&j, "temp_k", x->temp_k, 0);
		json_key_text(&j, "cause", x->cause);
		world_truth_end(w, &j);
	}
}

static bool put_all_heat(struct world *w, struct fault *f)
{
	for (size_t i = 0; i < w->pass_count; i++)
		if (world_pass_first(w, i) &&
			!put_heat(w, w->pass[i].satellite, f))
			return false;
	tell_fires(w);
	return true;
}

static double bearing_deg(struct xy from, struct xy to)
{
	double b = DEG(m_atan2(to.x_m - from.x_m, to.y_m - from.y_m));

	return b < 0 ? b + 360 : b;
}

static const char *bearing_word(double deg)
{
	static const char *const word[16] = {"N", "NNE", "NE", "ENE", "E",
		"ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
		"NNW"};

	return word[(int)floor(deg / 22.5 + 0.5) & 15];
}

static void put_observer(struct world *w, struct text *t, size_t nth,
	const char *observer, struct xy at, double err_m)
{
	text_fmt(t, "r%03u,%s,", (unsigned)nth, observer);
	put_point(t, world_point(w, at), 5);
	text_fmt(t, ",%.0f,", err_m);
}

static void tell_report(struct world *w, size_t nth, const struct hearing *h)
{
	struct json j = world_truth(w, "report");
	char id[16];

	(void)snprintf(id, sizeof id, "r%03u", (unsigned)nth);
	json_key_text(&j, "id", id);
	json_key(&j, "of");
	json_list(&j);
	for (size_t i = h->first; i <= h->last; i++)
		json_text(&j, w->act[i].id);
	json_close(&j);
	world_truth_end(w, &j);
}

static void put_hearing(struct world *w, struct text *t, size_t nth)
{
	const struct hearing *h = &w->hearing[nth];
	const struct patrol *p = &w->patrol[h->patrol];
	const struct act *b = &w->act[h->first];
	const double d = world_distance(p->at, b->at);
	const uint64_t stream = philox_stream("report", p->id, nth);
	const int64_t minute = INT64_C(60000000000);
	struct sky a = sky_at(w, b->t0);
	struct instant at = instant_plus_s(
		b->t0, sky_travel_s(&a, p->at, b->at));
	struct instant until = instant_plus_s(w->act[h->last].t0,
		sky_travel_s(&a, p->at, w->act[h->last].at));
	double guess = d * (0.85 + 0.3 * philox_unit(w->seed, stream, 0));

	/* People note the minute, and judge distance by half and twice. */
	at.utc_ns = at.utc_ns / minute * minute;
	until.utc_ns = (until.utc_ns / minute + 1) * minute;
	put_observer(w, t, nth + 1, p->id, p->at, 10);
	put_time(t, at);
	text_char(t, ',');
	put_time(t, until);
	text_fmt(t, ",%s,%s,%s,%u,%s,,", h->means, b->kind, h->assessment,
		(unsigned)(h->last - h->first + 1), h->count_meaning);
	text_fmt(t, "%s,,%.0f,%.0f,,undetermined,,,,,",
		bearing_word(bearing_deg(p->at, b->at)),
		floor(guess * 0.6 / 100) * 100, ceil(guess * 1.6 / 100) * 100);
	put_time(t, instant_plus_s(until, 900));
	text_char(t, '\n');
	for (size_t i = h->first; i <= h->last; i++)
		w->act[i].witnessed = true;
	tell_report(w, nth + 1, h);
}

static void put_sighting(struct world *w, struct text *t, size_t nth,
	const struct sighting *s)
{
	double b = bearing_deg(s->from, s->at);
	struct instant at = world_time(s->time);

	put_observer(w, t, nth, s->observer, s->from,
		strcmp(s->means, "recorded") == 0 ? 20 : 10);
	text_fmt(t, "%s,%s,%s,%s,,%d,exact,,", s->time, s->until, s->means,
		s->kind, s->count);
	if (s->far_m > 0)
		text_fmt(t, "%s,%.1f,%.0f,%.0f,", bearing_word(b), b,
			s->near_m, s->far_m);
	else
		text_add(t, ",,,,");
	text_fmt(t, "%s,%s,", s->direction, s->weapon);
	if (s->calibre_mm > 0)
		text_fmt(t, "%d,%d,", s->calibre_mm, s->calibre_mm);
	else
		text_add(t, ",,");
	text_char(t, ',');
	put_quoted(t, s->notes);
	text_char(t, ',');
	put_time(t, instant_plus_s(at, 1800));
	text_char(t, '\n');
}

static bool put_reports(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, SHEET);

	text_add(&t, "report_id,observer,lat,lon,position_err_m,at,until,"
		"means,kind,assessment,count,count_meaning,count_max,bearing,"
		"bearing_deg,dist_min_m,dist_max_m,direction,weapon,"
		"calibre_min_mm,calibre_max_mm,place_name,notes,received\n");
	for (size_t i = 0; i < w->hearing_count; i++)
		put_hearing(w, &t, i);
	for (size_t i = 0; i < w->sighting_count; i++)
		put_sighting(w, &t, w->hearing_count + i + 1, &w->sighting[i]);
	return put_sheet(w, "inbox/patrols/reports.csv", &t, f);
}

static bool put_notices(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, SHEET);

	text_add(&t, "notice_id,party,what,from,until,lat,lon,radius_m,"
		"place_name,text,received\n");
	for (size_t i = 0; i < w->notice_count; i++) {
		const struct notice *n = &w->notice[i];

		text_fmt(&t, "%s,%s,%s,%s,%s,", n->id, n->party, n->what,
			n->from, n->until);
		put_point(&t, world_point(w, n->at), 5);
		text_fmt(&t, ",%.0f,", n->radius_m);
		put_quoted(&t, n->place_name);
		text_char(&t, ',');
		put_quoted(&t, n->text);
		text_fmt(&t, ",%s\n", n->received);
	}
	return put_sheet(w, "inbox/liaison/notices.csv", &t, f);
}

static void tell_claim(struct world *w, const struct claim_said *c)
{
	struct json j = world_truth(w, "claim");

	json_key_text(&j, "id", c->id);
	json_key_text(&j, "party", c->party);
	json_key_text(&j, "honest", c->honest);
	world_truth_end(w, &j);
}

static bool put_claims(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, SHEET);

	text_add(&t, "claim_id,party,incident,at,kind,count,count_meaning,"
		"count_max,lat,lon,radius_m,says,received\n");
	for (size_t i = 0; i < w->claim_count; i++) {
		const struct claim_said *c = &w->claim[i];

		text_fmt(&t, "%s,%s,,%s,%s,", c->id, c->party, c->at, c->kind);
		if (c->count > 0)
			text_fmt(&t, "%d,%s,,", c->count, c->count_meaning);
		else
			text_add(&t, ",,,");
		put_point(&t, world_point(w, c->where), 5);
		text_fmt(&t, ",%.0f,", c->radius_m);
		put_quoted(&t, c->says);
		text_fmt(&t, ",%s\n", c->received);
		tell_claim(w, c);
	}
	return put_sheet(w, "inbox/liaison/claims.csv", &t, f);
}

/* What a lightning network says: nine flashes of ten, 300 m off.  Beside the
 * inbox, until a format takes it. */
static bool put_flashes(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, SHEET);

	text_add(&t, "at,lat,lon,position_err_m\n");
	for (size_t i = 0; i < w->act_count; i++) {
		const struct act *a = &w->act[i];
		const uint64_t stream = philox_stream("flash", a->id, 0);
		struct xy at = a->at;
		char s[INSTANT_TEXT];

		if (a->sort != ACT_THUNDER ||
			philox_unit(w->seed, stream, 0) > 0.9)
			continue;
		at.x_m += 300 * philox_normal(w->seed, stream, 1);
		at.y_m += 300 * philox_normal(w->seed, stream, 2);
		text_add(&t, instant_print(a->t0, 3, s));
		text_char(&t, ',');
		put_point(&t, world_point(w, at), 4);
		text_add(&t, ",300\n");
	}
	return put_sheet(w, "lightning.csv", &t, f);
}

bool sheets_write(struct world *w, struct fault *f)
{
	size_t mark = w->arena->used;
	bool ok = put_weather(w, f) && put_all_heat(w, f) &&
		(w->hearing_count + w->sighting_count == 0 ||
			put_reports(w, f)) &&
		(w->notice_count == 0 || put_notices(w, f)) &&
		(w->claim_count == 0 || put_claims(w, f)) &&
		(!w->flashes || put_flashes(w, f));

	w->arena->used = mark;
	return ok;
}
