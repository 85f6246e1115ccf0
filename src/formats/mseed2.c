/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "formats/mseed.h"

enum { /* SEED manual, fixed section of data header, fields 12 to 14 */
	ACTIVITY_CORRECTED = 1 << 1,
	ACTIVITY_LEAP_PLUS = 1 << 4,
	ACTIVITY_LEAP_MINUS = 1 << 5,
	ACTIVITY_EVENT = 1 << 6,
	QUALITY_SATURATED = 1 << 0,
	QUALITY_CLIPPED = 1 << 1,
	QUALITY_TIME = 1 << 7,
};

struct order {
	bool big;
};

static uint16_t u16(struct reader *r, struct order o)
{
	return o.big ? read_u16be(r) : read_u16le(r);
}

static uint32_t u32(struct reader *r, struct order o)
{
	return o.big ? read_u32be(r) : read_u32le(r);
}

static uint16_t u16_at(struct bytes b, size_t at, struct order o)
{
	struct reader r = reader(bytes_part(b, at, 2));

	return u16(&r, o);
}

/* Year and day say which order the header has; years of the field's life. */
static bool order_of(struct bytes b, struct order *o)
{
	for (int big = 1; big >= 0; big--) {
		unsigned year, day;

		o->big = big;
		year = u16_at(b, 20, *o);
		day = u16_at(b, 22, *o);
		if (year >= 1900 && year <= 2200 && day >= 1 && day <= 366)
			return true;
	}
	return false;
}

bool mseed2_is(struct bytes b)
{
	struct order o;

	if (b.len < MSEED2_HEADER)
		return false;
	for (size_t i = 0; i < 6; i++)
		if ((b.at[i] < '0' || b.at[i] > '9') && b.at[i] != ' ' &&
			b.at[i] != 0)
			return false;
	if (b.at[6] != 'D' && b.at[6] != 'R' && b.at[6] != 'Q' &&
		b.at[6] != 'M')
		return false;
	if ((b.at[7] != ' ' && b.at[7] != 0) || b.at[24] > 23 ||
		b.at[25] > 59 || b.at[26] > 60 || !order_of(b, &o))
		return false;
	/* Data and blockettes: none, or behind this header. */
	unsigned data = u16_at(b, 44, o), first = u16_at(b, 46, o);
	return (data == 0 || data >= MSEED2_HEADER) &&
		(first == 0 || first >= MSEED2_HEADER) &&
		u16_at(b, 28, o) <= 9999;
}

/* Characters up to the first that is none, without spaces at the end.  Says
 * whether all were what the standard wants. */
static bool code(struct bytes b, struct text *out)
{
	size_t n = 0;

	while (n < b.len && b.at[n] > ' ' && b.at[n] < 0x7f)
		n++;
	text_bytes(out, bytes_part(b, 0, n));
	while (n < b.len && (b.at[n] == ' ' || b.at[n] == 0))
		n++;
	return n == b.len;
}

static void name_channel(struct bytes b, struct mseed *m)
{
	struct text t = text_on(m->channel, sizeof m->channel);
	struct bytes chan = bytes_part(b, 15, 3);
	bool sound = code(bytes_part(b, 18, 2), &t);

	text_char(&t, '_');
	sound &= code(bytes_part(b, 8, 5), &t);
	text_char(&t, '_');
	sound &= code(bytes_part(b, 13, 2), &t);
	for (size_t i = 0; i < 3; i++) {
		text_char(&t, '_');
		sound &= code(bytes_part(chan, i, 1), &t);
	}
	if (!sound)
		mseed_doubt(m, "names are not ASCII");
}

/* SEED manual, field 10 and 11: negative is a period, or a divisor. */
static double rate(int factor, int multiplier)
{
	double r = 1;

	if (factor == 0 || multiplier == 0)
		return NAN;
	r = factor > 0 ? factor : -1.0 / factor;
	return multiplier > 0 ? r * multiplier : r / -multiplier;
}

static void flags(struct mseed *m, unsigned activity, unsigned quality)
{
	if (activity & ACTIVITY_EVENT)
		m->flags |= SEGMENT_EVENT;
	if (activity & (ACTIVITY_LEAP_PLUS | ACTIVITY_LEAP_MINUS))
		m->flags |= SEGMENT_LEAP_SECOND;
	if (quality & (QUALITY_SATURATED | QUALITY_CLIPPED))
		m->flags |= SEGMENT_CLIPPED;
	if (quality & QUALITY_TIME)
		m->flags |= SEGMENT_TIME_DOUBTFUL;
}

static struct instant start(struct reader *r, struct order o)
{
	unsigned year = u16(r, o), day = u16(r, o);
	unsigned hour = read_u8(r), minute = read_u8(r), second = read_u8(r);
	unsigned tenths;

	reader_skip(r, 1);
	tenths = u16(r, o);
	return mseed_time(year, day, (hour * 60 + minute) * 60 + second,
		tenths * 100000);
}

struct chain {
	int32_t us;      /* of blockette 1001 */
	bool data_only;  /* blockette 1000 was there */
};

static void blockette(struct bytes b, unsigned type, struct order o,
	struct mseed *m, struct chain *c)
{
	struct reader r = reader(b);

	reader_skip(&r, 4);
	if (type == 1000) {
		m->encoding = read_u8(&r);
		m->big = read_u8(&r) != 0;
		unsigned exponent = read_u8(&r);
		if (r.ran_out)
			return;
		if (exponent < 7 || exponent > 20)
			mseed_doubt(m, "blockette 1000: length 2^%u, wants "
				"2^7 to 2^20", exponent);
		else
			m->length = (size_t)1 << exponent;
		c->data_only = true;
	} else if (type == 1001) {
		unsigned quality = read_u8(&r);
		int us = read_u8(&r);
		if (r.ran_out)
			return;
		if (us > INT8_MAX)
			us -= 1 << 8;
		m->time_quality = quality <= 100 ? (double)quality : NAN;
		c->us = us;
	} else if (type == 100) {
		double v = (double)float_of(u32(&r, o));
		/* The exact rate; the header's is a ratio of integers. */
		if (!r.ran_out && v > 0 && v <= 1e6)
			m->rate_hz = v;
	}
}

/* The count of blockettes is not believed; the chain must go forward. */
static void walk(struct bytes b, unsigned first, struct order o,
	struct mseed *m, struct chain *c)
{
	size_t at = first;

	while (at != 0) {
		unsigned type = u16_at(b, at, o), next = u16_at(b, at + 2, o);

		if (at + 4 > b.len || (m->length && at + 4 > m->length)) {
			mseed_doubt(m, "blockette at byte %zu is beyond the "
				"record", at);
			return;
		}
		blockette(bytes_part(b, at, 16), type, o, m, c);
		if (next != 0 && next < at + 4) {
			mseed_doubt(m, "blockette %u at byte %zu points to "
				"byte %u, wants forward", type, at, next);
			return;
		}
		at = next;
	}
}

bool mseed2_read(struct bytes b, struct mseed *m, struct fault *f)
{
	struct reader r = reader(b);
	struct order o;
	struct chain c = {0};

	*m = (struct mseed){.version = 2, .time_quality = NAN,
		.encoding = MSEED_STEIM1};
	if (!mseed2_is(b) || !order_of(b, &o))
		return fault(f, FAULT_INPUT, "no header of a record");
	name_channel(b, m);
	reader_skip(&r, 20);
	m->big = o.big;
	m->start = start(&r, o);
	m->count = u16(&r, o);
	int factor = (int16_t)u16(&r, o), multiplier = (int16_t)u16(&r, o);
	m->rate_hz = rate(factor, multiplier);
	unsigned activity = read_u8(&r);
	reader_skip(&r, 1);
	unsigned quality = read_u8(&r);
	reader_skip(&r, 1);
	int32_t correction = (int32_t)u32(&r, o);
	m->data = u16(&r, o);
	unsigned first = u16(&r, o);
	flags(m, activity, quality);
	walk(b, first, o, m, &c);
	if (instant_known(m->start)) {
		int64_t ns = c.us * INT64_C(1000);
		/* In units of 0.1 ms; the flag says it is in the time. */
		if (correction != 0) {
			m->flags |= SEGMENT_CORRECTED;
			if (!(activity & ACTIVITY_CORRECTED))
				ns += correction * INT64_C(100000);
		}
		m->start = instant_plus_ns(m->start, ns);
	}
	if (!(m->rate_hz > 0 && m->rate_hz <= 1e6))
		m->rate_hz = NAN;
	return true;
}
