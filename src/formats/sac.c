/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sac.c - SAC binary files (header versions 6 and 7, IRIS SAC manual), either
 * byte order: one evenly sampled series, and where its station stands.
 *
 * -12345 means undefined, never a value.  Version 7 repeats the interval and
 * the begin time as doubles behind the data; version 6 has floats only, so a
 * rate within 1e-6 of a whole number is that number. */
#include "base/text.h"
#include "formats/pieces.h"

enum { /* byte offsets in the header */
	AT_DELTA = 0,
	AT_B = 20,
	AT_STLA = 124,
	AT_STLO = 128,
	AT_STEL = 132,
	AT_NZYEAR = 280,
	AT_NVHDR = 304,
	AT_NPTS = 316,
	AT_IFTYPE = 340,
	AT_LEVEN = 420,
	AT_KSTNM = 440,
	AT_KHOLE = 464,
	AT_KCMPNM = 600,
	AT_KNETWK = 608,
	HEADER = 632,
	FOOTER = 176,
	UNDEFINED = -12345,
	ITIME = 1,
	BLOCK = 1 << 16, /* samples given out at a time */
	NAME = 64,
};

struct sac {
	struct bytes in;
	bool big;
	char channel[NAME], station[NAME];
	struct instant start;
	double rate_hz;
	size_t count; /* there */
};

static uint32_t u32(const struct sac *s, size_t at)
{
	struct reader r = reader(bytes_part(s->in, at, 4));

	return s->big ? read_u32be(&r) : read_u32le(&r);
}

static int32_t whole(const struct sac *s, size_t at)
{
	return (int32_t)u32(s, at);
}

/* NAN when undefined. */
static double number(const struct sac *s, size_t at)
{
	double v = (double)float_of(u32(s, at));

	return isfinite(v) && fabs(v - UNDEFINED) > 0 ? v : NAN;
}

static double footer(const struct sac *s, size_t at)
{
	struct reader r = reader(bytes_part(s->in, at, 8));
	double v = double_of(s->big ? read_u64be(&r) : read_u64le(&r));

	return isfinite(v) && fabs(v - UNDEFINED) > 0 ? v : NAN;
}

static bool order(struct sac *s)
{
	for (int big = 0; big < 2; big++) {
		s->big = big;
		int32_t version = whole(s, AT_NVHDR);
		if (version == 6 || version == 7)
			return s->in.len >= HEADER && number(s, AT_DELTA) > 0;
	}
	return false;
}

/* Eight characters, "" when undefined. */
static struct bytes word(const struct sac *s, size_t at)
{
	struct bytes b = bytes_part(s->in, at, 8);
	size_t n = 0;

	while (n < b.len && b.at[n] > ' ' && b.at[n] < 0x7f)
		n++;
	b = bytes_part(b, 0, n);
	return bytes_start(b, "-12345") ? (struct bytes){0} : b;
}

static void name(struct sac *s, const struct origin *o)
{
	struct text t = text_on(s->channel, sizeof s->channel);
	struct bytes sta = word(s, AT_KSTNM), cmp = word(s, AT_KCMPNM);

	if (sta.len == 0) {
		text_add(&t, o->source);
	} else {
		text_bytes(&t, word(s, AT_KNETWK));
		text_char(&t, '_');
		text_bytes(&t, sta);
		text_char(&t, '_');
		text_bytes(&t, word(s, AT_KHOLE));
	}
	(void)snprintf(s->station, sizeof s->station, "%s", s->channel);
	for (size_t i = 0; i < cmp.len; i++) {
		if (cmp.len == 3 || i == 0)
			text_char(&t, '_');
		text_char(&t, (char)cmp.at[i]);
	}
}

static void when(struct sac *s, double b)
{
	int32_t v[6];
	struct instant t;

	s->start = INSTANT_UNKNOWN;
	for (size_t i = 0; i < 6; i++)
		v[i] = whole(s, AT_NZYEAR + 4 * i);
	if (v[0] < 1970 || v[0] >= 2200 || v[1] < 1 || v[1] > 366 ||
		v[2] < 0 || v[2] > 23 || v[3] < 0 || v[3] > 59 || v[4] < 0 ||
		v[4] > 60 || v[5] < 0 || v[5] > 999 || !(fabs(b) < 1e9))
		return;
	t.utc_ns = (days_of_civil(v[0], 1, 1) + v[1] - 1) * 86400 +
		(v[2] * 60 + v[3]) * 60 + v[4];
	t.utc_ns = t.utc_ns * 1000000000 + v[5] * INT64_C(1000000);
	t = instant_round_us(instant_plus_s(t, b));
	if (instant_known(t))
		s->start = t;
}

/* What is not as it should be, or NULL. */
static const char *trouble(struct sac *s, const struct origin *o)
{
	double delta = number(s, AT_DELTA), b = number(s, AT_B);
	int32_t stated = whole(s, AT_NPTS);
	size_t end = HEADER + (stated > 0 ? (size_t)stated : 0) * 4;

	if (stated <= 0)
		return "no samples stated";
	if (whole(s, AT_NVHDR) == 7 && s->in.len >= end + FOOTER) {
		delta = footer(s, end);
		b = footer(s, end + 8);
	}
	s->rate_hz = 1 / delta;
	if (!(s->rate_hz > 0 && s->rate_hz <= 1e6))
		return "interval is outside [1e-6, inf) s";
	double near = floor(s->rate_hz + 0.5);
	if (near > 0 && fabs(s->rate_hz / near - 1) < 1e-6)
		s->rate_hz = near;
	when(s, b);
	name(s, o);
	s->count = (s->in.len - HEADER) / 4;
	if (s->count > (size_t)stated)
		s->count = (size_t)stated;
	if (!instant_known(s->start))
		return "no time of the first sample";
	if (!((double)s->count / s->rate_hz < 1e9))
		return "it lasts 1e9 s or more";
	if (whole(s, AT_IFTYPE) != ITIME || whole(s, AT_LEVEN) == 0)
		return "no evenly sampled series";
	return NULL;
}

static bool survey(
	const struct sac *s, const struct intake *in, struct fault *f)
{
	struct observation o = observation_new(OBSERVATION_SURVEY);
	double lat = number(s, AT_STLA), lon = number(s, AT_STLO);

	if (!(fabs(lat) <= 90) || !(fabs(lon) <= 180))
		return true;
	o.source = s->station;
	o.at = s->start;
	o.place.lat_deg = lat;
	o.place.lon_deg = lon;
	o.place.alt_m = number(s, AT_STEL);
	o.cite.length = HEADER;
	return in->observation(in->self, &o, f);
}

static bool block(const struct sac *s, size_t from, float *room,
	const struct intake *in, struct fault *f)
{
	struct segment g = {.channel = s->channel, .start = s->start,
		.rate_hz = s->rate_hz, .values = room, .scale = NAN,
		.time_quality = NAN};
	size_t n = s->count - from < BLOCK ? s->count - from : BLOCK;
	struct reader r;

	g.start = segment_time(&g, from);
	g.cite.offset = HEADER + 4 * from;
	g.cite.length = 4 * n;
	g.count = g.declared = n;
	r = reader(bytes_part(s->in, g.cite.offset, g.cite.length));
	for (size_t i = 0; i < n; i++)
		room[i] = float_of(s->big ? read_u32be(&r) : read_u32le(&r));
	return pieces_put(&g, in, f);
}

static bool samples(const struct sac *s, struct arena *scratch,
	const struct intake *in, struct fault *f)
{
	size_t mark = scratch->used;
	float *room;
	bool ok = true;

	if (in->headers_only) {
		struct segment g = {.channel = s->channel, .start = s->start,
			.rate_hz = s->rate_hz, .declared = s->count,
			.scale = NAN, .time_quality = NAN,
			.cite = {.offset = HEADER, .length = 4 * s->count}};
		return in->segment(in->self, &g, f);
	}
	room = arena_array(scratch, s->count < BLOCK ? s->count : BLOCK,
		sizeof *room, f);
	if (!room)
		return false;
	for (size_t at = 0; ok && at < s->count; at += BLOCK)
		ok = block(s, at, room, in, f);
	scratch->used = mark;
	return ok;
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *intake, struct fault *f)
{
	struct sac s = {.in = in};
	const char *why;
	size_t stated;

	if (!order(&s))
		return fault(f, FAULT_INPUT, "no SAC header of version 6 or 7");
	why = trouble(&s, o);
	if (why)
		return format_damage(intake, 0, in.len, f, "%s", why);
	stated = (size_t)whole(&s, AT_NPTS);
	if (s.count < stated &&
		!format_damage(intake, HEADER, in.len - HEADER, f,
			"%zu samples are there, wants %zu", s.count, stated))
		return false;
	return survey(&s, intake, f) && samples(&s, scratch, intake, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	struct sac s = {.in = head};

	(void)o;
	return order(&s) ? 85 : 0;
}

const struct format format_sac = {
	.name = "sac",
	.about = "one series of samples, SAC binary (IRIS), versions 6 and 7",
	.sniff = sniff,
	.decode = decode,
};
