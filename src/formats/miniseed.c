/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * miniseed.c - records of miniSEED 2 and 3, one segment each.
 *
 * Records follow one another without a frame, so the thread can be lost: by
 * bytes between them, by bytes missing inside one.  Then the next header is
 * looked for byte by byte, and the damage says where the thread was lost and
 * where it was found.  A record is believed when its own checksum holds (the
 * last sample of Steim, the CRC of version 3); one that fails is a damage and
 * gives no samples.  One that the input cuts off gives the samples of the
 * frames that are there.
 *
 * float64 is kept as float32: 24 bits of 53 stay, which no sensor of ours
 * exceeds.  The old 16- and 24-bit gain-ranged encodings (12 to 18, 30 to 33)
 * are damages that keep the bytes.  Records without samples and records of
 * text become a status. */
#include "formats/mseed.h"
#include "formats/pieces.h"
#include "formats/steim.h"

struct work {
	struct bytes in;
	struct arena *scratch;
	const struct intake *intake;
	void *room;      /* for the samples of one record */
	size_t room_for; /* 4-byte samples */
	size_t mark;     /* of scratch, before the room was taken */
	size_t records;
};

static bool is_record(struct bytes in, size_t at)
{
	struct bytes b = bytes_part(in, at, MSEED2_HEADER);

	return mseed3_is(b) || mseed2_is(b);
}

/* The next record's first byte in [from, to), or `to`. */
static size_t find(struct bytes in, size_t from, size_t to)
{
	while (from < to && !is_record(in, from))
		from++;
	return from < to ? from : to;
}

/* A record of version 2 without blockette 1000 does not say how long it is:
 * as far as the next one that stands at a power of two, or to the end. */
static size_t guess_length(struct bytes in, size_t at)
{
	size_t left = in.len - at;

	for (size_t n = MSEED2_RECORD_MIN; n <= MSEED_RECORD_MAX; n *= 2) {
		if (n >= left)
			break;
		if (is_record(in, at + n))
			return n;
	}
	return left < MSEED_RECORD_MAX ? left : MSEED_RECORD_MAX;
}

static bool room(struct work *w, size_t samples, struct fault *f)
{
	if (samples <= w->room_for)
		return true;
	w->scratch->used = w->mark;
	w->room_for = 0;
	w->room = arena_array(w->scratch, samples, 4, f);
	if (!w->room)
		return false;
	w->room_for = samples;
	return true;
}

static size_t width(int encoding)
{
	switch (encoding) {
	case MSEED_INT16:
		return 2;
	case MSEED_INT32:
	case MSEED_FLOAT32:
		return 4;
	case MSEED_FLOAT64:
		return 8;
	default:
		return 0;
	}
}

/* n values that are there; bounds are the caller's. */
static void plain(struct bytes data, const struct mseed *m, void *out, size_t n)
{
	size_t size = width(m->encoding);
	struct reader r = reader(data);
	int32_t *counts = out;
	float *values = out;

	for (size_t i = 0; i < n; i++) {
		struct bytes b = read_bytes(&r, size);
		uint64_t v = m->big ? bytes_be(b) : bytes_le(b);

		if (m->encoding == MSEED_INT16)
			counts[i] = (int16_t)v;
		else if (m->encoding == MSEED_INT32)
			counts[i] = (int32_t)v;
		else if (m->encoding == MSEED_FLOAT32)
			values[i] = float_of((uint32_t)v);
		else
			values[i] = (float)double_of(v);
	}
}

/* Samples into the room, *count of them; false with `why` when they are not
 * all there. */
static bool unpack(struct work *w, const struct mseed *m, struct bytes data,
	bool cut, size_t *count, struct fault *why)
{
	size_t size = width(m->encoding);

	if (size == 0) {
		struct steim s = {.level = m->encoding - MSEED_STEIM1 + 1,
			.big = m->big, .cut = cut, .wanted = m->count};
		bool ok = steim_decode(data, &s, w->room, why);

		*count = s.count;
		return ok;
	}
	*count = m->count <= data.len / size ? m->count : data.len / size;
	plain(data, m, w->room, *count);
	return *count == m->count ||
		fault(why, FAULT_INPUT, "%zu samples in %zu bytes, wants %zu",
			*count, data.len, m->count);
}

static bool known(int encoding)
{
	return width(encoding) > 0 || encoding == MSEED_STEIM1 ||
		encoding == MSEED_STEIM2;
}

/* A record of text, or one that holds no samples. */
static bool status(struct work *w, const struct mseed *m, struct bytes record,
	size_t at, struct fault *f)
{
	size_t mark = w->scratch->used;
	struct observation o = observation_new(OBSERVATION_STATUS);
	struct bytes text = {0};
	struct attribute a = {"text", "a record without samples"};
	bool ok;

	if (m->encoding == MSEED_TEXT && m->count > 0 && m->data > 0)
		text = bytes_part(record, m->data, m->count);
	while (text.len > 0 && text.at[text.len - 1] == 0)
		text.len--;
	if (text.len > 0)
		a.text = arena_text(w->scratch, text, f);
	if (!a.text)
		return false;
	o.source = m->channel;
	o.at = m->start;
	o.attribute = &a;
	o.attribute_count = 1;
	o.cite.offset = at;
	o.cite.length = record.len;
	ok = w->intake->observation(w->intake->self, &o, f);
	w->scratch->used = mark;
	return ok;
}

static bool samples(struct work *w, const struct mseed *m,
	struct bytes record, size_t at, struct fault *f)
{
	struct segment s = {.channel = m->channel, .start = m->start,
		.rate_hz = m->rate_hz, .declared = m->count, .scale = NAN,
		.time_quality = m->time_quality, .flags = m->flags,
		.cite = {.offset = at, .length = record.len}};
	struct bytes data = bytes_part(record, m->data, record.len);
	struct fault why = {0};

	if (w->intake->headers_only)
		return w->intake->segment(w->intake->self, &s, f);
	/* No encoding holds more than 7 samples in 4 bytes. */
	if (m->count / 7 > data.len / 4 && record.len >= m->length)
		return format_damage(w->intake, at, record.len, f,
			"%zu samples in %zu bytes cannot be", m->count,
			data.len);
	if (!room(w, m->count + STEIM_SLACK, f))
		return false;
	if (!unpack(w, m, data, record.len < m->length, &s.count, &why) &&
		!format_damage(w->intake, at, record.len, f, "%s: %s",
			m->channel, why.text))
		return false;
	s.declared = s.count;
	if (m->encoding == MSEED_FLOAT32 || m->encoding == MSEED_FLOAT64)
		s.values = w->room;
	else
		s.counts = w->room;
	return s.count == 0 || pieces_put(&s, w->intake, f);
}

/* What a record with a readable header says. */
static bool record(struct work *w, const struct mseed *m, struct bytes b,
	size_t at, struct fault *f)
{
	const struct intake *in = w->intake;

	if (m->crc_wrong)
		return format_damage(in, at, b.len, f,
			"%s: CRC is not the record's", m->channel);
	if (m->doubt.kind != FAULT_NONE &&
		!format_damage(in, at, b.len, f, "%.70s: %.150s", m->channel,
			m->doubt.text))
		return false;
	if (!instant_known(m->start))
		return format_damage(in, at, b.len, f,
			"%s: start is outside 1970 to 2200", m->channel);
	if (m->count == 0 || m->encoding == MSEED_TEXT)
		return status(w, m, b, at, f);
	if (m->data == 0 || m->data >= b.len)
		return format_damage(in, at, b.len, f,
			"%s: data begin at byte %zu of %zu", m->channel,
			m->data, b.len);
	if (!known(m->encoding))
		return format_damage(in, at, b.len, f,
			"%s: encoding %d is not read", m->channel, m->encoding);
	if (!(m->rate_hz > 0))
		return format_damage(in, at, b.len, f,
			"%s: rate is outside (0, 1e6] Hz", m->channel);
	if (!((double)m->count / m->rate_hz < 1e9))
		return format_damage(in, at, b.len, f,
			"%s: it lasts 1e9 s or more", m->channel);
	return samples(w, m, b, at, f);
}

/* One record at *at, which is moved behind it. */
static bool step(struct work *w, size_t *at, struct fault *f)
{
	struct bytes b = bytes_part(w->in, *at, MSEED_RECORD_MAX + (1 << 17));
	size_t here = *at, end, next;
	struct mseed m;
	struct fault why = {0};
	bool ok = mseed3_is(b) ? mseed3_read(b, !w->intake->headers_only,
					 w->scratch, &m, &why)
			       : mseed2_read(b, &m, &why);

	if (!ok) {
		*at = find(w->in, here + 1, w->in.len);
		return format_damage(w->intake, here, *at - here, f, "%s",
			why.text);
	}
	if (m.length == 0)
		m.length = guess_length(w->in, here);
	end = here + m.length;
	if (end == w->in.len || is_record(w->in, end)) {
		w->records++;
		*at = end;
		return record(w, &m, bytes_part(b, 0, m.length), here, f);
	}
	/* The thread is lost: is the next record inside this one? */
	*at = end < w->in.len ? end : w->in.len;
	next = find(w->in, here + MSEED2_HEADER, *at);
	if (next < *at || (end > w->in.len && m.version == 3)) {
		*at = next;
		return format_damage(w->intake, here, next - here, f,
			"record of %zu bytes ends after %zu", m.length,
			next - here);
	}
	w->records++;
	if (end < w->in.len)
		return record(w, &m, bytes_part(b, 0, m.length), here, f);
	return format_damage(w->intake, here, *at - here, f,
		       "record of %zu bytes, the input ends after %zu",
		       m.length, *at - here) &&
		record(w, &m, b, here, f);
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *intake, struct fault *f)
{
	struct work w = {.in = in, .scratch = scratch, .intake = intake,
		.mark = scratch->used};
	size_t at = 0;

	(void)o;
	while (at < in.len) {
		size_t next = is_record(in, at) ? at : find(in, at, in.len);

		if (next > at && (next < in.len || w.records > 0) &&
			!format_damage(intake, at, next - at, f,
				next < in.len ? "no record: the thread is lost "
				"at byte %zu and found at byte %zu" :
				"no record: from byte %zu to the end at %zu",
				at, next))
			return false;
		at = next;
		if (at < in.len && !step(&w, &at, f))
			return false;
	}
	scratch->used = w.mark;
	return w.records > 0 || fault(f, FAULT_INPUT, "no miniSEED record");
}

/* Anywhere in the head counts, since garbage may come first; but little. */
static int sniff(struct bytes head, const struct origin *o)
{
	size_t at;

	(void)o;
	if (mseed3_is(head))
		return 95;
	if (mseed2_is(head))
		return 90;
	head = bytes_part(head, 0, 8192);
	at = find(head, 0, head.len);
	return at < head.len ? 15 : 0;
}

const struct format format_miniseed = {
	.name = "miniseed",
	.about = "seismic and sound samples, miniSEED 2 and 3 (FDSN)",
	.sliceable = true,
	.sniff = sniff,
	.decode = decode,
};
