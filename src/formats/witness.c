/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * witness.c - what a patrol or a camera reported, from one row of values.
 *
 * Bearing and distance are from the observer: together they are a sector with
 * error, never a point (R6).  16-point words are +-11.25 degrees; "S+SSW" and
 * "N..SE" span all they name (the smallest arc that holds them).  Distances
 * without a bearing are a disc around the observer; a bearing without a
 * greatest distance names no region: the place stays unknown, its words stay
 * features.  Counts keep their meaning (R7). */
#include "base/maths.h"
#include "base/text.h"
#include "formats/statement.h"
#include "geo/frame.h"

enum { ARC_POINTS = 24, SECTOR_POINTS = 2 * ARC_POINTS };

/* A hand-held compass, when the report gives degrees: read to 5 degrees. */
static const double compass_half_deg = 5;

/* A thing seen at the observer's own place, when its position error is not
 * stated: within 100 m, the distance at which a vehicle's type is told by eye
 * and its place is written as the patrol's own. */
static const double at_hand_m = 100;

struct sector {
	double lat_deg, lon_deg, err_m; /* observer, 1 sigma an axis */
	double bearing_deg, half_deg;   /* half 180: all around */
	double min_m, max_m;
};

static int compass_point(struct bytes b)
{
	static const char *const names[16] = {"N", "NNE", "NE", "ENE", "E",
		"ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
		"NNW"};

	for (int i = 0; i < 16; i++)
		if (bytes_are(b, names[i]))
			return i;
	return -1;
}

/* The smallest arc that holds all points of the set: the circle without its
 * widest gap. */
static void arc_of(unsigned set, double *middle, double *half)
{
	int gap = 0, gap_from = 0, run;

	for (int i = 0; i < 16; i++) {
		if (!(set >> i & 1))
			continue;
		for (run = 1; run < 16 && !(set >> (i + run) % 16 & 1); run++)
			;
		if (run > gap) {
			gap = run;
			gap_from = i;
		}
	}
	int first = gap_from + gap, steps = 16 - gap;
	*half = fmin(180, steps * 11.25 + 11.25);
	*middle = first * 22.5 + steps * 11.25;
	*middle -= 360 * floor(*middle / 360);
}

static bool bearing_words(struct bytes b, struct sector *s, struct fault *f)
{
	struct reader r = reader(b);
	unsigned set = 0;

	while (!reader_done(&r)) {
		size_t n = 0;

		while (n < reader_left(&r) && r.in.at[r.pos + n] != '+' &&
			r.in.at[r.pos + n] != '.')
			n++;
		struct bytes word = bytes_trim(read_bytes(&r, n));
		int k = compass_point(word);

		if (k < 0)
			return fault(f, FAULT_INPUT, "bearing '%.*s', wants "
				"points of the compass such as S+SSW",
				(int)(b.len < 40 ? b.len : 40),
				(const char *)b.at);
		set |= 1u << k;
		while (reader_left(&r) > 0 && (r.in.at[r.pos] == '+' ||
						      r.in.at[r.pos] == '.'))
			reader_skip(&r, 1);
	}
	if (set)
		arc_of(set, &s->bearing_deg, &s->half_deg);
	return true;
}

static bool bearing(struct statement *s, struct sector *c, struct fault *f)
{
	const char *words;

	c->half_deg = NAN;
	if (!statement_number(s, "bearing_deg", 0, 360, &c->bearing_deg, f) ||
		!statement_text(s, "bearing", &words, f))
		return false;
	if (words[0])
		return bearing_words(bytes_of(words), c, f);
	if (isfinite(c->bearing_deg))
		c->half_deg = compass_half_deg;
	return true;
}

static struct point along(const struct frame *fr, double azimuth_deg, double m)
{
	double a = RAD(azimuth_deg);

	return frame_from(fr, (struct xy){m * m_sin(a), m * m_cos(a)});
}

/* Outer arc with falling azimuth, inner arc back: counter-clockwise. */
static bool sector_ring(const struct sector *c, struct region *r,
	struct arena *a, struct fault *f)
{
	double e = isfinite(c->err_m) ? REGION_SIGMA_90 * c->err_m : 0;
	double far = c->max_m + e, near = fmax(0, c->min_m - e);
	double mid = (c->min_m + c->max_m) / 2;
	double half = c->half_deg + DEG(m_atan2(e, fmax(mid, 1)));
	bool round = half >= 180;
	struct point *p = arena_array(a, SECTOR_POINTS, sizeof *p, f);
	struct ring *ring = arena_take(a, sizeof *ring, f);
	struct frame fr = frame_at(c->lat_deg, c->lon_deg);
	size_t n = 0;

	if (!p || !ring)
		return false;
	for (int i = 0; i < ARC_POINTS; i++) {
		double t = round ? 360.0 * i / ARC_POINTS :
			2 * half * i / (ARC_POINTS - 1);

		p[n++] = along(&fr, c->bearing_deg + fmin(half, 180) - t, far);
	}
	if (!round && near == 0)
		p[n++] = (struct point){c->lat_deg, c->lon_deg};
	for (int i = 0; !round && near > 0 && i < ARC_POINTS; i++)
		p[n++] = along(&fr, c->bearing_deg - half +
			2 * half * i / (ARC_POINTS - 1), near);
	*ring = (struct ring){p, n};
	r->ring = ring;
	r->ring_count = 1;
	return true;
}

/* Centre and ellipse of the density uniform over the sector. */
static void sector_ellipse(const struct sector *c, struct place *p)
{
	double h = RAD(fmin(c->half_deg, 180));
	double a = c->min_m, b = fmax(c->max_m, c->min_m + 1);
	double mean = 2.0 / 3 * (b * b * b - a * a * a) / (b * b - a * a);
	double square = (a * a + b * b) / 2;
	double turn = m_sin(h) / h, turn2 = m_sin(2 * h) / (2 * h);
	double e2 = isfinite(c->err_m) ? c->err_m * c->err_m : 0;
	double ahead = square * (1 + turn2) / 2 - mean * mean * turn * turn;
	double aside = square * (1 - turn2) / 2;
	double m = REGION_SIGMA_90 * sqrt(fmax(ahead, 0) + e2);
	double w = REGION_SIGMA_90 * sqrt(aside + e2);
	double az = c->bearing_deg + (m >= w ? 0 : 90);
	struct frame fr = frame_at(c->lat_deg, c->lon_deg);
	struct point centre = along(&fr, c->bearing_deg, mean * turn);

	p->lat_deg = centre.lat_deg;
	p->lon_deg = centre.lon_deg;
	p->region.ellipse = (struct ellipse){fmax(m, w), fmin(m, w),
		az - 180 * floor(az / 180)};
}

/* Kinds that a person meets where he stands; the others are heard or seen
 * from afar. */
static bool at_hand(enum kind k)
{
	switch (k) {
	case KIND_WEAPON:
	case KIND_VEHICLE:
	case KIND_DAMAGE:
	case KIND_CASUALTY:
	case KIND_OBSTRUCTION:
	case KIND_DENIAL:
	case KIND_DELAY:
	case KIND_OUTAGE:
	case KIND_TAMPERING:
	case KIND_JAMMING:
	case KIND_SPOOFING:
	case KIND_FIRE:
		return true;
	default:
		return false;
	}
}

static void place_at_hand(const struct sector *c, struct place *p)
{
	double r = isfinite(c->err_m) && c->err_m > 0 ?
		REGION_SIGMA_90 * c->err_m : at_hand_m;

	p->lat_deg = c->lat_deg;
	p->lon_deg = c->lon_deg;
	p->region.ellipse = (struct ellipse){r, r, 0};
}

static bool where(struct statement *s, struct sector *c, struct fault *f)
{
	struct place *p = &s->o.place;

	if (!statement_number(s, "lat", -85, 85, &c->lat_deg, f) ||
		!statement_number(s, "lon", -180, 180, &c->lon_deg, f) ||
		!statement_number(
			s, "position_err_m", 0, 1e5, &c->err_m, f) ||
		!bearing(s, c, f))
		return false;
	if (isnan(c->lat_deg) != isnan(c->lon_deg))
		return fault(f, FAULT_INPUT,
			"lat without lon, or lon without lat");
	if (c->min_m > c->max_m)
		return fault(f, FAULT_INPUT,
			"dist_min_m %g is more than dist_max_m %g", c->min_m,
			c->max_m);
	statement_add_number(s, "bearing_deg", c->bearing_deg);
	statement_add_number(s, "bearing_half_deg", c->half_deg);
	statement_add_number(s, "dist_min_m", c->min_m);
	statement_add_number(s, "dist_max_m", c->max_m);
	statement_add_number(s, "observer_lat", c->lat_deg);
	statement_add_number(s, "observer_lon", c->lon_deg);
	statement_add_number(s, "observer_err_m", c->err_m);
	if (isnan(c->lat_deg))
		return true;
	if (isnan(c->max_m)) {
		if (at_hand(s->o.kind) && isnan(c->half_deg))
			place_at_hand(c, p);
		return true;
	}
	if (isnan(c->min_m))
		c->min_m = 0;
	if (isnan(c->half_deg)) {
		c->bearing_deg = 0;
		c->half_deg = 180;
	}
	if (c->max_m == 0) {
		place_at_hand(c, p);
		return true;
	}
	sector_ellipse(c, p);
	return sector_ring(c, &p->region, s->arena, f);
}

/* The vocabulary of the reports (docs/MISSION.md), as people write it. */
static int kind_said(const char *word)
{
	static const struct {
		const char *said;
		enum kind kind;
	} also[] = {
		{"projectile in flight", KIND_PROJECTILE},
		{"illumination flare", KIND_FLARE},
		{"muzzle flash", KIND_MUZZLE_FLASH},
		{"quarry blast", KIND_QUARRY_BLAST},
		{"sonic boom", KIND_SONIC_BOOM},
		{"uav", KIND_FLIGHT},
	};

	for (size_t i = 0; i < sizeof also / sizeof *also; i++)
		if (strcmp(word, also[i].said) == 0)
			return (int)also[i].kind;
	return kind_named(word);
}

static bool means_known(const char *m)
{
	static const char *const known[] = {"heard", "saw", "recorded",
		"heard+saw", "saw+heard", "saw+recorded", "heard+recorded"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(m, known[i]) == 0)
			return true;
	return false;
}

static bool kind_and_means(
	struct statement *s, const char *column, struct fault *f)
{
	const char *kind, *means;
	int k;

	if (!statement_needs(s, column, &kind, f) ||
		!statement_needs(s, "means", &means, f))
		return false;
	k = kind_said(kind);
	if (k < 0)
		return fault(f, FAULT_INPUT, "%s '%.40s' is not in the "
			"vocabulary (explosion, shot, burst, ...)", column,
			kind);
	if (!means_known(means))
		return fault(f, FAULT_INPUT,
			"means '%.40s', wants heard, saw or recorded", means);
	s->o.kind = (enum kind)k;
	statement_add_text(s, "means", means);
	return true;
}

static bool times(struct statement *s, struct fault *f)
{
	struct observation *o = &s->o;

	if (!statement_time(s, "at", &o->at, f) ||
		!statement_time(s, "until", &o->until, f) ||
		!statement_time(s, "received", &o->received, f))
		return false;
	if (!instant_known(o->at))
		return fault(f, FAULT_INPUT, "at is empty");
	if (instant_known(o->until) && o->until.utc_ns < o->at.utc_ns)
		return fault(f, FAULT_INPUT, "until is before at");
	/* Watches are read, and reports written, to the minute. */
	o->sigma_s = 60;
	return true;
}

/* Where a blast was heard or seen from: docs/names.md. */
static bool assessment(struct statement *s, struct fault *f)
{
	static const char *const words[] = {"", "undetermined", "impact",
		"outgoing", "incoming", "airburst"};
	const char *text;

	if (!statement_text(s, "assessment", &text, f))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(text, words[i]) == 0) {
			statement_add_text(s, "assessment", words[i]);
			return true;
		}
	return fault(f, FAULT_INPUT, "assessment '%.40s', wants undetermined, "
		"impact, outgoing, incoming or airburst", text);
}

static bool words(struct statement *s, struct fault *f)
{
	static const char *const kept[] = {"direction", "weapon", "place_name",
		"notes", "photos"};
	double min, max;

	if (!assessment(s, f))
		return false;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (!statement_keep(s, kept[i], f))
			return false;
	if (!statement_number(s, "calibre_min_mm", 0, 1000, &min, f) ||
		!statement_number(s, "calibre_max_mm", 0, 1000, &max, f))
		return false;
	statement_add_number(s, "calibre_min_mm", min);
	statement_add_number(s, "calibre_max_mm", isnan(max) ? min : max);
	return true;
}

bool statement_report(struct statement *s, struct fault *f)
{
	const char *id, *observer;
	struct sector c = {0};

	s->o.what = OBSERVATION_REPORT;
	if (!statement_needs(s, "report_id", &id, f) ||
		!statement_needs(s, "observer", &observer, f) ||
		!times(s, f) || !kind_and_means(s, "kind", f) ||
		!statement_count(s, &s->o.count, f) ||
		!statement_number(s, "dist_min_m", 0, 1e5, &c.min_m, f) ||
		!statement_number(s, "dist_max_m", 0, 1e5, &c.max_m, f) ||
		!where(s, &c, f) || !words(s, f))
		return false;
	s->o.source = observer;
	statement_add_text(s, "observer", observer);
	statement_add_text(s, "report_id", id);
	return true;
}

/* "82+120", "82; 73; 73; -": from the least to the greatest. */
static bool calibres(struct statement *s, struct fault *f)
{
	double min = NAN, max = NAN;
	const char *text;

	if (!statement_text(s, "calibre_mm", &text, f))
		return false;
	struct reader r = reader(bytes_of(text));
	while (!reader_done(&r)) {
		size_t n = 0;

		while (n < reader_left(&r) && ((r.in.at[r.pos + n] >= '0' &&
			r.in.at[r.pos + n] <= '9') ||
			r.in.at[r.pos + n] == '.'))
			n++;
		struct bytes word = read_bytes(&r, n);
		double v = NAN;
		struct fault why;

		if (n > 0 && number_read(word, &v, &why)) {
			min = fmin(min, v);
			max = fmax(max, v);
		}
		if (n == 0)
			reader_skip(&r, 1);
	}
	statement_add_number(s, "calibre_min_mm", min);
	statement_add_number(s, "calibre_max_mm", max);
	return true;
}

static bool coded_words(struct statement *s, struct fault *f)
{
	static const char *const kept[][2] = {
		{"direction_of_flight", "direction"}, {"weapon", "weapon"}};
	const char *text;

	if (!assessment(s, f))
		return false;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		if (!statement_text(s, kept[i][0], &text, f))
			return false;
		statement_add_text(s, kept[i][1], text);
	}
	return calibres(s, f);
}

bool statement_coded(struct statement *s, struct fault *f)
{
	struct sector c = {0};
	const char *about;

	s->o.what = OBSERVATION_REPORT;
	if (!kind_and_means(s, "event", f) ||
		!statement_count(s, &s->o.count, f) ||
		!statement_text(s, "approx", &about, f) ||
		!statement_number(s, "dist_km_min", 0, 100, &c.min_m, f) ||
		!statement_number(s, "dist_km_max", 0, 100, &c.max_m, f))
		return false;
	if (about[0] == '1' && s->o.count.meaning == COUNT_EXACT)
		s->o.count.meaning = COUNT_ABOUT;
	c.min_m *= 1000;
	c.max_m *= 1000;
	return where(s, &c, f) && coded_words(s, f);
}
