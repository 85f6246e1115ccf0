/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "base/tree.h"
#include "formats/crc32c.h"
#include "formats/mseed.h"

#include <stdarg.h>
#include <stdio.h>

enum { FLAG_TIME_QUESTIONABLE = 1 << 1 }; /* FDSN miniSEED 3, field 3 */

struct instant mseed_time(
	unsigned year, unsigned day, unsigned second_of_day, uint32_t ns)
{
	int64_t days = days_of_civil((int)year, 1, 1) + (int64_t)day - 1;
	int64_t s = days * 86400 + second_of_day;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 1970 || year >= 2200 || day < 1 || day > 365u + leap ||
		second_of_day > 86400 || ns >= 1000000000)
		return INSTANT_UNKNOWN;
	return (struct instant){s * 1000000000 + ns};
}

void mseed_doubt(struct mseed *m, const char *fmt, ...)
{
	va_list ap;

	if (m->doubt.kind != FAULT_NONE)
		return;
	m->doubt.kind = FAULT_INPUT;
	va_start(ap, fmt);
	(void)vsnprintf(m->doubt.text, sizeof m->doubt.text, fmt, ap);
	va_end(ap);
}

bool mseed3_is(struct bytes b)
{
	return b.len >= MSEED3_HEADER && b.at[0] == 'M' && b.at[1] == 'S' &&
		b.at[2] == 3 && b.at[12] <= 23 && b.at[13] <= 59 &&
		b.at[14] <= 60;
}

static void name_channel(struct bytes b, struct mseed *m)
{
	struct text t = text_on(m->channel, sizeof m->channel);
	size_t n = 0;

	if (bytes_start(b, "FDSN:"))
		b = bytes_part(b, 5, b.len);
	while (n < b.len && b.at[n] > ' ' && b.at[n] < 0x7f)
		n++;
	text_bytes(&t, bytes_part(b, 0, n));
	if (n < b.len || t.full)
		mseed_doubt(m, "source id is not ASCII, or beyond %d bytes",
			MSEED_CHANNEL - 1);
}

/* FDSN's reserved extra headers that this chain needs.  The correction there
 * is told for the record: the start time of version 3 holds it already. */
static void extra(struct bytes b, struct arena *a, struct mseed *m)
{
	size_t mark = a->used;
	const struct tree *t, *fdsn, *time, *flag;
	struct fault why = {0};

	if (b.len == 0)
		return;
	if (!tree_read(b, a, &t, &why)) {
		mseed_doubt(m, "extra headers: %.150s", why.text);
		a->used = mark;
		return;
	}
	fdsn = tree_get(t, "FDSN");
	time = tree_get(fdsn, "Time");
	flag = tree_get(fdsn, "Flags");
	m->time_quality = tree_number(time, "Quality");
	if (!(m->time_quality >= 0 && m->time_quality <= 100))
		m->time_quality = NAN;
	if (tree_i64(time, "LeapSecond", 0) != 0)
		m->flags |= SEGMENT_LEAP_SECOND;
	if (fabs(tree_number(time, "Correction")) > 0)
		m->flags |= SEGMENT_CORRECTED;
	if (tree_flag(tree_get(fdsn, "Event"), "InProgress", false))
		m->flags |= SEGMENT_EVENT;
	if (tree_flag(flag, "AmplifierSaturation", false) ||
		tree_flag(flag, "DigitizerClipping", false))
		m->flags |= SEGMENT_CLIPPED;
	a->used = mark;
}

/* Over the whole record with its own field as zeros. */
static bool crc_holds(struct bytes b, uint32_t stated)
{
	static const uint8_t none[4];
	uint32_t crc = crc32c_add(0, bytes_part(b, 0, 28));

	crc = crc32c_add(crc, (struct bytes){none, sizeof none});
	crc = crc32c_add(crc, bytes_part(b, 32, b.len));
	return crc == stated;
}

static double rate(double stated)
{
	double r = stated < 0 ? -1 / stated : stated;

	return r > 0 && r <= 1e6 ? r : NAN;
}

bool mseed3_read(struct bytes b, bool crc, struct arena *a, struct mseed *m,
	struct fault *f)
{
	struct reader r = reader(b);

	*m = (struct mseed){.version = 3, .time_quality = NAN};
	if (!mseed3_is(b))
		return fault(f, FAULT_INPUT, "no header of a record");
	reader_skip(&r, 3);
	unsigned flags = read_u8(&r);
	uint32_t ns = read_u32le(&r);
	unsigned year = read_u16le(&r), day = read_u16le(&r);
	unsigned hour = read_u8(&r), minute = read_u8(&r);
	unsigned second = read_u8(&r);
	m->start = mseed_time(
		year, day, (hour * 60 + minute) * 60 + second, ns);
	m->encoding = read_u8(&r);
	m->rate_hz = rate(double_of(read_u64le(&r)));
	m->count = read_u32le(&r);
	uint32_t stated = read_u32le(&r);
	reader_skip(&r, 1);
	size_t id = read_u8(&r), more = read_u16le(&r), data = read_u32le(&r);
	if (data > MSEED_RECORD_MAX)
		return fault(f, FAULT_LIMIT,
			"%zu data bytes in a record, at most %d", data,
			MSEED_RECORD_MAX);
	m->data = MSEED3_HEADER + id + more;
	m->length = m->data + data;
	m->big = m->encoding == MSEED_STEIM1 || m->encoding == MSEED_STEIM2;
	if (m->length > b.len) /* the caller says so */
		return true;
	name_channel(read_bytes(&r, id), m);
	if (flags & FLAG_TIME_QUESTIONABLE)
		m->flags |= SEGMENT_TIME_DOUBTFUL;
	b = bytes_part(b, 0, m->length);
	m->crc_wrong = crc && !crc_holds(b, stated);
	if (!m->crc_wrong)
		extra(read_bytes(&r, more), a, m);
	return true;
}
