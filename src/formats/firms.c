/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * firms.c - active fires of NASA FIRMS: one row, one hot pixel.
 *
 * Columns are found by header name: VIIRS 375 m (bright_ti4, bright_ti5) and
 * MODIS (brightness, bright_t31), near-real-time and standard; unknown columns
 * are passed over.  A row is the centre of a pixel of scan x track km, never
 * the place of a fire: the observation's region is the pixel's footprint, at
 * the level at which it holds the source.  acq_time is HHMM, UTC, and may lack
 * leading zeros ("48" is 00:48); "00:48" is read too.  Missing is unknown.
 *
 * A continent makes 10^5 rows a day and archives hold 10^8, so rows are walked
 * once, eight bytes at a time (swar.h), whatever is unusual goes a plain way,
 * byte by byte, and nothing is allocated for a row.  What follows from a
 * latitude, or from the size of a pixel, is worked out once for each that
 * comes.  bench/firms.c has the figure. */
#include "base/csv.h"
#include "base/maths.h"
#include "base/text.h"
#include "formats/format.h"
#include "formats/swar.h"
#include "geo/footprint.h"
#include "geo/frame.h"

#include <stdarg.h>

enum {
	LINE_MAX_BYTES = 4096, /* SATELLITE.md 5, "hostile CSV" */
	WORD_MAX = 23,
	KEPT = 4096, /* bands and sizes of pixels, when the file is long */
};

enum role {
	LATITUDE,
	LONGITUDE,
	T4,
	T5,
	SCAN,
	TRACK,
	FRP,
	NUMBERS,
	SATELLITE = NUMBERS,
	INSTRUMENT,
	CONFIDENCE,
	VERSION,
	DAYNIGHT,
	TYPE,
	DATE,
	TIME,
	ROLES,
	OTHER = ROLES,
	WORDS = DATE - SATELLITE,
};

static const struct {
	const char *name;
	enum role role;
} columns[] = {
	{"latitude", LATITUDE}, {"longitude", LONGITUDE}, {"bright_ti4", T4},
	{"brightness", T4}, {"bright_ti5", T5}, {"bright_t31", T5},
	{"scan", SCAN}, {"track", TRACK}, {"frp", FRP},
	{"satellite", SATELLITE}, {"instrument", INSTRUMENT},
	{"confidence", CONFIDENCE}, {"version", VERSION},
	{"daynight", DAYNIGHT}, {"type", TYPE}, {"acq_date", DATE},
	{"acq_time", TIME},
};

/* What a number may be.  Temperatures: saturation is near 367 K (VIIRS) and
 * 500 K (MODIS); the coldest ground is 184 K.  Pixel: MODIS reaches 4.8 x 2
 * km at the edge of its scan.  FRP: the largest on record are some 10^4 MW. */
static const struct {
	double min, max;
} bounds[NUMBERS] = {
	[LATITUDE] = {-90, 90}, [LONGITUDE] = {-180, 180}, [T4] = {150, 2000},
	[T5] = {150, 2000}, [SCAN] = {0.01, 10}, [TRACK] = {0.01, 10},
	[FRP] = {-1, 1e6},
};

struct band { /* the lie of a pixel at a latitude, ascending or descending */
	double m_per_deg_lat, m_per_deg_lon;
	double sin_track, cos_track;
	double azimuth_deg[2]; /* of scan and of track, [0, 180) */
	int of; /* tenth of a degree from the south pole, twice, and way; + 1 */
};

struct pixel { /* what follows from its size */
	double scan_km, track_km; /* 0, 0: not filled */
	double level, semi_major_m, semi_minor_m;
	bool tall; /* the longer axis is along the track */
};

/* A field as it lies in a register: its bytes, when they are at most 7, with
 * zeros behind; or KEY_LONG.  Two of the same key are the same word. */
#define KEY_LONG UINT64_MAX

struct firms {
	struct csv csv; /* the header; then pos and line go on from here */
	const struct intake *intake;
	const struct origin *origin;
	enum role role[CSV_COLUMNS];
	bool has[ROLES];
	bool modis;
	size_t kept;         /* of these, a power of two; 1801 bands come */
	struct band *band;   /* in two ways: 3602 */
	struct pixel *pixel;

	/* The row at hand. */
	struct bytes line;
	bool roomy; /* so many bytes follow that 64 at once may be read */
	uint16_t end[LINE_MAX_BYTES + 1]; /* of its fields */
	struct bytes field[ROLES + 1]; /* the last for OTHER */
	uint64_t key[ROLES + 1];
	double number[NUMBERS];
	struct bytes last_date; /* of an earlier row, with its day */
	int64_t last_day;
	char word[WORDS][WORD_MAX + 1];
	uint64_t word_key[WORDS]; /* of the field that wrote the word */
	char source[2 * WORD_MAX + 16];
	struct feature feature[NUMBERS];
	struct attribute attribute[WORDS];
	struct point point[4];
	struct ring ring;
	struct observation o; /* as put last */
};

/* One damaged row; false only when the intake says stop. */
PRINTF(3, 4)
static bool bad(struct firms *d, struct fault *f, const char *fmt, ...)
{
	struct fault why = {.kind = FAULT_INPUT};
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why.text, sizeof why.text, fmt, ap);
	va_end(ap);
	(void)fault_in(&why, "line %zu", d->csv.line);
	return d->intake->damage(d->intake->self, &why, d->csv.row_at,
		d->line.len, f);
}

static int shown(struct bytes b) /* for "%.*s" */
{
	return b.len < 32 ? (int)b.len : 32;
}

static struct bytes column_of(const struct firms *d, enum role r)
{
	for (size_t k = 0; k < d->csv.columns; k++)
		if (d->role[k] == r)
			return d->csv.name[k];
	return (struct bytes){0};
}

/* Bands of a tenth of a degree: a footprint is turned by less than 0.1 deg and
 * stretched by less than 0.4 % below 65 degrees by that. */
static const struct band *band_at(
	struct firms *d, double lat_deg, bool ascending)
{
	int i = (int)((lat_deg + 90) * 10);
	int of = 2 * i + ascending + 1;
	struct band *b = &d->band[(size_t)of & (d->kept - 1)];

	if (b->of != of) {
		double lat = (i + 0.5) / 10 - 90;
		struct frame fr = frame_at(fmin(lat, 89.95), 0);
		double az = footprint_track_azimuth_deg(lat, ascending);
		double scan = az + 90;

		b->m_per_deg_lat = fr.m_per_deg_lat;
		b->m_per_deg_lon = fr.m_per_deg_lon * fr.cos_lat;
		b->sin_track = m_sin(RAD(az));
		b->cos_track = m_cos(RAD(az));
		scan -= 180 * floor(scan / 180);
		b->azimuth_deg[0] = scan;
		b->azimuth_deg[1] = scan < 90 ? scan + 90 : scan - 90;
		b->of = of;
	}
	return b;
}

static double wrap(double lon_deg)
{
	if (lon_deg > 180)
		return lon_deg - 360;
	return lon_deg < -180 ? lon_deg + 360 : lon_deg;
}

/* Terra crosses southward by day; Aqua and the VIIRS satellites northward.
 * Without the column, day is by the sun's hour angle. */
static bool ascends(const struct firms *d, int64_t minute)
{
	struct bytes dn = d->field[DAYNIGHT], sat = d->field[SATELLITE];
	bool day;

	if (dn.len > 0) {
		day = dn.at[0] == 'D';
	} else {
		int64_t local = (minute + 1440 +
			(int64_t)floor(d->number[LONGITUDE] * 4)) % 1440;

		day = local >= 360 && local < 1080;
	}
	return day != (sat.len > 0 && sat.at[0] == 'T');
}

/* The share of sources that lie in the bare pixel, the same on both axes being
 * multiplied.  VIIRS: uniform in the pixel, blurred by geolocation of 0.13 km
 * (SATELLITE.md 3.1): 1 - sqrt(2/pi) s/size, exact to 0.3 % for size > 2.5 s.
 * MODIS answers along scan with a triangle two pixels wide: 3/4. */
static double level_of(const struct firms *d, double scan_m, double track_m)
{
	double lost_m = 0.79788456 * 130;
	double along = fmax(1 - lost_m / track_m, 0.1);

	return along * (d->modis ? 0.75 : fmax(1 - lost_m / scan_m, 0.1));
}

/* The semi-axes are of the same level, around the same spread. */
static const struct pixel *pixel_of(struct firms *d)
{
	double scan_km = d->number[SCAN], track_km = d->number[TRACK];
	int i = (int)(scan_km * 100 + 0.5) * 64 + (int)(track_km * 100 + 0.5);
	struct pixel *p = &d->pixel[(size_t)i & (d->kept - 1)];

	if (p->scan_km != scan_km || p->track_km != track_km) {
		double scan_m = scan_km * 1000, track_m = track_km * 1000;
		double scan_var = scan_m * scan_m / (d->modis ? 6 : 12);
		double k, scan, track;

		p->scan_km = scan_km;
		p->track_km = track_km;
		p->level = level_of(d, scan_m, track_m);
		k = sqrt(-2 * m_log(1 - p->level));
		scan = k * sqrt(scan_var + 130 * 130);
		track = k * sqrt(track_m * track_m / 12 + 130 * 130);
		p->tall = scan < track;
		p->semi_major_m = p->tall ? track : scan;
		p->semi_minor_m = p->tall ? scan : track;
	}
	return p;
}

static struct point moved(
	const struct place *p, double north_deg, double east_deg)
{
	double lat = p->lat_deg + north_deg;

	return (struct point){lat > 90 ? 90 : lat < -90 ? -90 : lat,
		wrap(p->lon_deg + east_deg)};
}

static void footprint(struct firms *d, struct observation *o, bool ascending)
{
	double scan_m = d->number[SCAN] * 1000;
	double track_m = d->number[TRACK] * 1000;
	struct region *r = &o->place.region;

	if (!(scan_m > 0 && track_m > 0)) { /* not known: somewhere around */
		*r = PLACE_UNKNOWN.region;
		return;
	}
	const struct band *b = band_at(d, o->place.lat_deg, ascending);
	const struct pixel *p = pixel_of(d);
	double tx = b->sin_track * track_m / 2, ty = b->cos_track * track_m / 2;
	double sx = b->cos_track * scan_m / 2, sy = -b->sin_track * scan_m / 2;
	/* Two corners of four; the others lie across. */
	double x0 = (tx + sx) / b->m_per_deg_lon;
	double y0 = (ty + sy) / b->m_per_deg_lat;
	double x1 = (tx - sx) / b->m_per_deg_lon;
	double y1 = (ty - sy) / b->m_per_deg_lat;

	d->point[0] = moved(&o->place, y0, x0);
	d->point[1] = moved(&o->place, y1, x1);
	d->point[2] = moved(&o->place, -y0, -x0);
	d->point[3] = moved(&o->place, -y1, -x1);
	r->ring = &d->ring;
	r->ring_count = 1;
	r->level = p->level;
	r->ellipse.semi_major_m = p->semi_major_m;
	r->ellipse.semi_minor_m = p->semi_minor_m;
	r->ellipse.azimuth_deg = b->azimuth_deg[p->tall];
}

static bool day_of(struct firms *d, struct bytes b)
{
	struct instant t;
	struct fault f;

	if (d->last_date.len > 0 && (b.at == d->last_date.at ||
			bytes_equal(b, d->last_date)))
		return true;
	if (b.len != 10 || !instant_parse(b, true, &t, &f))
		return false;
	d->last_date = b;
	d->last_day = t.utc_ns;
	return true;
}

/* Minutes of the day, or -1. */
static int64_t minute_of(struct bytes b, uint64_t key)
{
	int64_t v = 0;
	uint64_t upper = swar_upper(key, 4);
	size_t digits = 0;

	if (b.len == 4 && swar_digits(upper)) {
		int64_t hhmm = swar_number(upper);

		return hhmm % 100 < 60 && hhmm < 2400 ?
			hhmm / 100 * 60 + hhmm % 100 : -1;
	}
	if (b.len > 5) /* HH:MM */
		return -1;
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] >= '0' && b.at[i] <= '9') {
			v = v * 10 + (b.at[i] - '0');
			digits++;
		} else if (b.at[i] != ':' || i + 3 != b.len || i == 0) {
			return -1;
		}
	}
	if (digits == 0 || digits > 4 || v % 100 > 59 || v / 100 > 23)
		return -1;
	return v / 100 * 60 + v % 100;
}

static void name_source(struct firms *d)
{
	struct text t = text_on(d->source, sizeof d->source);

	text_add(&t, "firms-");
	text_add(&t, d->word[SATELLITE - SATELLITE]);
	text_char(&t, '-');
	text_add(&t, d->word[INSTRUMENT - SATELLITE]);
}

/* The field as a word, ended by zero; true when it is another than before. */
static bool word(struct firms *d, size_t i)
{
	struct bytes b = d->field[SATELLITE + i];
	size_t n = b.len < WORD_MAX ? b.len : WORD_MAX;
	uint64_t key = d->key[SATELLITE + i];
	char *w = d->word[i];
	bool other = key != d->word_key[i];

	d->word_key[i] = key;
	if (key != KEY_LONG) {
		swar_store(w, key);
		return other;
	}
	if (w[n] == '\0' && (n == 0 || memcmp(w, b.at, n) == 0))
		return other;
	if (n > 0)
		memcpy(w, b.at, n);
	w[n] = '\0';
	return true;
}

/* Words as the product writes them. */
static void words(struct firms *d, struct observation *o)
{
	static const char *const names[WORDS] = {"satellite", "instrument",
		"confidence", "version", "daynight", "type"};
	bool renamed = d->source[0] == '\0';

	o->attribute_count = 0;
	for (size_t i = 0; i < WORDS; i++) {
		bool other = word(d, i);

		renamed |= other && i <= INSTRUMENT - SATELLITE;
		if (d->field[SATELLITE + i].len > 0)
			d->attribute[o->attribute_count++] =
				(struct attribute){names[i], d->word[i]};
	}
	if (d->origin->source[0] == '\0' && renamed)
		name_source(d);
}

static void numbers(struct firms *d, struct observation *o)
{
	static const struct {
		enum role role;
		double scale;
		const char *name;
	} list[] = {{T4, 1, "t4_k"}, {T5, 1, "t5_k"}, {SCAN, 1000, "scan_m"},
		{TRACK, 1000, "track_m"}, {FRP, 1, "frp_mw"}};
	struct bytes c = d->field[CONFIDENCE];
	struct fault f;
	double pct;

	o->feature_count = 0;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		double v = d->number[list[i].role];

		if (v == v)
			d->feature[o->feature_count++] = (struct feature){
				list[i].name, v * list[i].scale};
	}
	if (c.len > 0 && c.at[0] <= '9' && number_read(c, &pct, &f))
		d->feature[o->feature_count++] =
			(struct feature){"confidence_pct", pct};
}

/* The first number out of its bounds, or NUMBERS. */
static enum role out_of_bounds(const struct firms *d)
{
	for (size_t i = 0; i < NUMBERS; i++) {
		double v = d->number[i];

		if (v < bounds[i].min || v > bounds[i].max)
			return (enum role)i;
	}
	return NUMBERS;
}

static bool bad_value(struct firms *d, enum role r, struct fault *f)
{
	struct bytes name = column_of(d, r);

	return bad(d, f, "%.*s %g, wants %g to %g", shown(name),
		(const char *)name.at, d->number[r], bounds[r].min,
		bounds[r].max);
}

static bool put_row(struct firms *d, struct fault *f)
{
	struct observation *o = &d->o;
	int64_t minute = minute_of(d->field[TIME], d->key[TIME]);
	enum role wrong = out_of_bounds(d);

	if (wrong != NUMBERS)
		return bad_value(d, wrong, f);
	if (!isfinite(d->number[LATITUDE]) || !isfinite(d->number[LONGITUDE]))
		return bad(d, f, "latitude or longitude is empty");
	if (!day_of(d, d->field[DATE]))
		return bad(d, f, "acq_date '%.*s', wants YYYY-MM-DD",
			shown(d->field[DATE]),
			(const char *)d->field[DATE].at);
	if (minute < 0)
		return bad(d, f, "acq_time '%.*s', wants HHMM",
			shown(d->field[TIME]),
			(const char *)d->field[TIME].at);
	o->at.utc_ns = d->last_day + minute * 60000000000;
	o->place.lat_deg = d->number[LATITUDE];
	o->place.lon_deg = d->number[LONGITUDE];
	footprint(d, o, ascends(d, minute));
	words(d, o);
	numbers(d, o);
	o->source = d->origin->source[0] ? d->origin->source : d->source;
	o->cite.offset = d->csv.row_at;
	o->cite.length = d->line.len;
	return d->intake->observation(d->intake->self, o, f);
}

/* The field from p to q; quotes are taken off.  FIRMS writes none, and none of
 * its fields can hold a comma. */
static struct bytes field(struct bytes line, size_t p, size_t q)
{
	if (q - p >= 2 && line.at[p] == '"' && line.at[q - 1] == '"')
		return bytes_part(line, p + 1, q - p - 2);
	return bytes_trim(bytes_part(line, p, q - p));
}

/* The same for a field that is no number; most are short, begin and end with
 * a letter or digit, and the date is mostly that of the row before. */
static void word_at(struct firms *d, enum role r, size_t p, size_t q)
{
	const uint8_t *at = d->line.at + p;
	size_t n = q - p;

	if (d->roomy && n <= 7 &&
		(n == 0 || (at[0] > '"' && at[n - 1] > '"'))) {
		d->field[r] = (struct bytes){at, n};
		d->key[r] = swar_first(swar_load(at), n);
		return;
	}
	d->key[r] = KEY_LONG;
	if (n == 10 && d->last_date.len == 10 &&
		memcmp(at, d->last_date.at, 10) == 0)
		d->field[r] = d->last_date;
	else
		d->field[r] = field(d->line, p, q);
}

/* A plain decimal of at most 8 bytes is read at once; any other way to write
 * a number goes through number_read(). */
static bool number_at(
	struct firms *d, enum role r, size_t p, size_t q, struct fault *f)
{
	if (d->roomy) {
		const uint8_t *at = d->line.at + p;
		bool minus = *at == '-';
		double v;

		if (swar_decimal(at + minus, q - p - minus, &v)) {
			d->number[r] = minus ? -v : v;
			return true;
		}
	}
	return number_read(field(d->line, p, q), &d->number[r], f);
}

/* Where the fields of the line end; returns how many there are. */
static size_t split(struct firms *d)
{
	const uint8_t *at = d->line.at;
	size_t n = d->line.len, k = 0;

	for (size_t p = 0; p < n; p += 64) {
		size_t left = n - p < 64 ? n - p : 64;
		uint64_t commas = 0;

		if (d->roomy)
			commas = swar_where(at + p, ',');
		else
			for (size_t i = 0; i < left; i++)
				commas |= (uint64_t)(at[p + i] == ',') << i;
		commas &= UINT64_MAX >> (64 - left);
		for (; commas != 0; commas &= commas - 1)
			d->end[k++] = (uint16_t)(p + swar_lowest(commas));
	}
	d->end[k++] = (uint16_t)n;
	return k;
}

static bool row(struct firms *d, struct fault *f)
{
	size_t fields = split(d), p = 0;

	for (size_t k = 0; k < d->csv.columns && k < fields; k++) {
		size_t q = d->end[k];
		enum role r = d->role[k];
		struct fault why;

		if (r >= NUMBERS)
			word_at(d, r, p, q);
		else if (!number_at(d, r, p, q, &why))
			return bad(d, f, "column %zu (%.*s): %s", k + 1,
				shown(d->csv.name[k]),
				(const char *)d->csv.name[k].at, why.text);
		p = q + 1;
	}
	if (fields != d->csv.columns)
		return bad(d, f, "%zu fields, wants %zu as in the header",
			fields, d->csv.columns);
	return put_row(d, f);
}

static bool rows(struct firms *d, struct fault *f)
{
	struct csv *c = &d->csv;
	bool ok = true;

	while (ok && c->pos < c->in.len) {
		struct bytes rest = bytes_part(c->in, c->pos, c->in.len);
		const uint8_t *lf = memchr(rest.at, '\n', rest.len);
		size_t n = lf ? (size_t)(lf - rest.at) : rest.len;

		c->line = c->next_line++;
		c->row_at = c->pos;
		c->pos += n + (lf != NULL);
		if (n > 0 && rest.at[n - 1] == '\r')
			n--;
		d->line = bytes_part(rest, 0, n);
		d->roomy = rest.len - n >= 64;
		if (n > LINE_MAX_BYTES)
			ok = bad(d, f, "%zu bytes, at most %d in a line", n,
				LINE_MAX_BYTES);
		else if (n > 0)
			ok = row(d, f);
	}
	return ok;
}

static bool header(struct firms *d, struct fault *f)
{
	static const enum role needed[] = {LATITUDE, LONGITUDE, DATE, TIME};

	for (size_t k = 0; k < d->csv.columns; k++)
		d->role[k] = OTHER;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		int k = csv_column(&d->csv, columns[i].name);

		if (k < 0)
			continue;
		d->role[k] = columns[i].role;
		d->has[columns[i].role] = true;
	}
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!d->has[needed[i]])
			return fault(f, FAULT_INPUT, "no FIRMS file: columns "
				"latitude, longitude, acq_date, acq_time are "
				"wanted");
	for (size_t i = 0; i < NUMBERS; i++)
		d->number[i] = NAN;
	d->modis = csv_column(&d->csv, "bright_t31") >= 0 ||
		csv_column(&d->csv, "brightness") >= 0;
	if (!d->has[INSTRUMENT] && d->has[T4]) {
		d->field[INSTRUMENT] = bytes_of(d->modis ? "MODIS" : "VIIRS");
		d->key[INSTRUMENT] = bytes_le(d->field[INSTRUMENT]);
	}
	return true;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	struct firms *d = arena_take(a, sizeof *d, f);

	if (!d || !csv_open(&d->csv, in, f) || !header(d, f))
		return false;
	for (d->kept = 1; d->kept < KEPT && d->kept < in.len / 64;)
		d->kept *= 2;
	d->band = arena_array(a, d->kept, sizeof *d->band, f);
	d->pixel = arena_array(a, d->kept, sizeof *d->pixel, f);
	if (!d->band || !d->pixel)
		return false;
	d->o = observation_new(OBSERVATION_HEAT);
	/* The label of a granule: good to 2 minutes (SATELLITE.md 3.2), taken
	 * as two sigma. */
	d->o.sigma_s = 60;
	d->o.feature = d->feature;
	d->o.attribute = d->attribute;
	d->intake = to;
	d->origin = o;
	d->ring = (struct ring){d->point, 4};
	return rows(d, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	struct csv c = {0};
	struct fault f;

	(void)o;
	if (!csv_open(&c, head, &f) || csv_column(&c, "latitude") < 0 ||
		csv_column(&c, "longitude") < 0 ||
		csv_column(&c, "acq_date") < 0 ||
		csv_column(&c, "acq_time") < 0)
		return 0;
	return csv_column(&c, "scan") >= 0 ? 95 : 80;
}

const struct format format_firms = {
	.name = "firms",
	.about = "active fires of NASA FIRMS, VIIRS and MODIS (CSV)",
	.sniff = sniff,
	.decode = decode,
};
