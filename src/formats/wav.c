/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wav.c - sound in RIFF or RF64 files: PCM of 16, 24 or 32 bits and 32-bit
 * float (Microsoft "Multimedia Programming Interface" 1991; EBU Tech 3306).
 *
 * The moment of the first sample is the bext chunk's date and time reference
 * (EBU Tech 3285; taken as UTC), else the file name's: ...YYYYMMDDTHHMMSS[.f]Z
 * or YYYYMMDD_HHMMSS.  The channel is the source the file lay under; more
 * than one channel get _1, _2 behind it.
 *
 * A recorder fills missing time with zeros: a run of exact zeros of 0.1 s or
 * more at either end is a gap, and its edge is no sound.  (Zeros inside stay:
 * the longest real run in the Pittsburgh recordings is 5 samples.)
 *
 * Sizes are not believed: a data chunk of 0, of 2^32-1 without ds64, or of
 * more than there is goes to the end of the file, and is a damage. */
#include "base/text.h"
#include "formats/pieces.h"

enum {
	PCM = 1,
	FLOAT = 3,
	EXTENSIBLE = 0xfffe,
	CHANNELS_MAX = 64,
	BLOCK = 1 << 16, /* frames given out at a time */
	NAME = 128,
};

static const double zero_s = 0.1;

struct wav {
	struct bytes data;
	size_t offset; /* of data in the file */
	uint64_t stated; /* bytes of data */
	uint64_t data64; /* of ds64; 0 none */
	unsigned format, channels, bits, align;
	double rate_hz;
	struct instant start;
	bool has_format, has_data;
};

static void read_format(struct bytes b, struct wav *w)
{
	struct reader r = reader(b);

	w->format = read_u16le(&r);
	w->channels = read_u16le(&r);
	w->rate_hz = read_u32le(&r);
	reader_skip(&r, 4);
	w->align = read_u16le(&r);
	w->bits = read_u16le(&r);
	w->has_format = !r.ran_out;
	if (w->format == EXTENSIBLE) {
		reader_skip(&r, 8);
		w->format = read_u16le(&r);
	}
}

/* n digits; -1 when they are none. */
static int digits(struct bytes b, size_t at, size_t n)
{
	int v = 0;

	b = bytes_part(b, at, n);
	if (b.len < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (b.at[i] < '0' || b.at[i] > '9')
			return -1;
		v = 10 * v + (b.at[i] - '0');
	}
	return v;
}

/* bext: date "2026-02-03" at 320, time "04:05:06" at 330, then samples since
 * midnight; a reference of 0 says nothing, the time of day does then. */
static void read_bext(struct bytes b, struct wav *w)
{
	struct civil c = {.year = digits(b, 320, 4),
		.month = digits(b, 325, 2), .day = digits(b, 328, 2)};
	struct reader r = reader(bytes_part(b, 338, 8));
	uint64_t samples = read_u64le(&r);
	struct instant t;
	struct fault why;

	if (samples == 0) {
		c.hour = digits(b, 330, 2);
		c.minute = digits(b, 333, 2);
		c.second = digits(b, 336, 2);
	}
	if (r.ran_out || !instant_of_civil(&c, &t, &why))
		return;
	w->start = t;
	if (samples > 0 && w->rate_hz > 0 &&
		(double)samples / w->rate_hz < 2 * 86400) {
		struct segment day = {.start = t, .rate_hz = w->rate_hz};
		w->start = segment_time(&day, (size_t)samples);
	}
}

static bool name_time_at(struct bytes b, size_t at, struct instant *t)
{
	bool marked = at + 8 < b.len && b.at[at + 8] == 'T';
	struct civil c = {.year = digits(b, at, 4),
		.month = digits(b, at + 4, 2), .day = digits(b, at + 6, 2),
		.hour = digits(b, at + 9, 2), .minute = digits(b, at + 11, 2),
		.second = digits(b, at + 13, 2)};
	size_t end = at + 15;
	struct fault why;
	int32_t unit = 100000000;

	if (end > b.len || (!marked && b.at[at + 8] != '_'))
		return false;
	if (marked && end < b.len && b.at[end] == '.')
		for (end++; end < b.len && digits(b, end, 1) >= 0; end++) {
			c.ns += digits(b, end, 1) * unit;
			unit /= 10;
		}
	if (marked ? end >= b.len || b.at[end] != 'Z'
		   : digits(b, end, 1) >= 0)
		return false;
	return instant_of_civil(&c, t, &why);
}

static struct instant name_time(const char *name)
{
	struct bytes b = bytes_of(name);
	struct instant t;

	for (size_t at = 0; at < b.len; at++)
		if ((at == 0 || digits(b, at - 1, 1) < 0) &&
			name_time_at(b, at, &t))
			return t;
	return INSTANT_UNKNOWN;
}

static void read_data(struct reader *r, uint64_t size, struct wav *w)
{
	w->stated = size == UINT32_MAX && w->data64 ? w->data64 : size;
	w->offset = r->pos;
	if (w->stated == 0 || w->stated > reader_left(r))
		w->data = read_bytes(r, reader_left(r));
	else
		w->data = read_bytes(r, (size_t)w->stated);
	w->has_data = true;
}

static void chunks(struct bytes in, struct wav *w)
{
	struct reader r = reader(in);
	struct bytes bext = {0};

	reader_skip(&r, 12);
	while (reader_left(&r) >= 8) {
		struct bytes id = read_bytes(&r, 4);
		uint32_t size = read_u32le(&r);

		if (bytes_are(id, "data") && !w->has_data) {
			read_data(&r, size, w);
		} else {
			struct bytes b = read_bytes(&r,
				size < reader_left(&r) ? size
						       : reader_left(&r));

			if (bytes_are(id, "fmt ") && !w->has_format)
				read_format(b, w);
			else if (bytes_are(id, "bext"))
				bext = b;
			else if (bytes_are(id, "ds64"))
				w->data64 = bytes_le(bytes_part(b, 8, 8));
		}
		if (r.pos % 2 == 1 && reader_left(&r) > 0)
			reader_skip(&r, 1);
	}
	if (bext.len > 0)
		read_bext(bext, w);
}

static bool silent(struct bytes frames, size_t i, size_t align)
{
	struct bytes b = bytes_part(frames, i * align, align);

	for (size_t k = 0; k < b.len; k++)
		if (b.at[k] != 0)
			return false;
	return true;
}

/* Shortens [*from, *to) by long runs of zeros at its ends. */
static void trim(const struct wav *w, size_t *from, size_t *to)
{
	size_t n = *to, i = 0, j = n;

	while (i < n && silent(w->data, i, w->align))
		i++;
	while (j > i && silent(w->data, j - 1, w->align))
		j--;
	if ((double)i >= zero_s * w->rate_hz)
		*from = i;
	if (i < n && (double)(n - j) >= zero_s * w->rate_hz)
		*to = j;
	if (i == n && *from > 0)
		*to = *from;
}

/* What is not as it should be, or NULL. */
static const char *trouble(const struct wav *w)
{
	if (!w->has_format)
		return "no fmt chunk of 16 bytes";
	if (!w->has_data)
		return "no data chunk";
	if (!(w->rate_hz > 0 && w->rate_hz <= 1e6))
		return "rate is outside (0, 1e6] Hz";
	if (w->channels < 1 || w->channels > CHANNELS_MAX)
		return "channels are outside 1..64";
	if (!(w->format == PCM && (w->bits == 16 || w->bits == 24 ||
					  w->bits == 32)) &&
		!(w->format == FLOAT && w->bits == 32))
		return "neither PCM of 16, 24, 32 bits nor float of 32";
	if (w->align != w->channels * w->bits / 8)
		return "frame length is not channels x bits";
	if (!instant_known(w->start))
		return "no start time, neither in bext nor in the name";
	return NULL;
}

static void unpack(const struct wav *w, struct bytes b, unsigned channel,
	size_t n, void *room)
{
	size_t size = w->bits / 8;
	struct reader r = reader(b);
	int32_t *counts = room;
	float *values = room;

	for (size_t i = 0; i < n; i++) {
		uint32_t v;

		reader_skip(&r, channel * size);
		v = (uint32_t)bytes_le(read_bytes(&r, size));
		reader_skip(&r, w->align - (channel + 1) * size);
		if (w->format == FLOAT)
			values[i] = float_of(v);
		else /* the sign stands at the top */
			counts[i] = (int32_t)(v << (32 - w->bits)) >>
				(32 - w->bits);
	}
}

static bool channel(const struct wav *w, const char *name, unsigned c,
	void *room, const struct intake *in, struct fault *f)
{
	size_t from = 0, to = w->data.len / w->align;

	trim(w, &from, &to);
	for (size_t at = from; at < to;) {
		struct segment s = {.channel = name, .start = w->start,
			.rate_hz = w->rate_hz, .scale = NAN,
			.time_quality = NAN};
		size_t n = to - at < BLOCK || in->headers_only ? to - at
							       : BLOCK;

		s.start = segment_time(&s, at);
		s.declared = n;
		s.cite.offset = w->offset + at * w->align;
		s.cite.length = n * w->align;
		if (!instant_known(s.start))
			return format_damage(in, s.cite.offset, s.cite.length,
				f, "time runs beyond 2200");
		if (!in->headers_only) {
			unpack(w, bytes_part(w->data, at * w->align,
				n * w->align), c, n, room);
			s.count = n;
		}
		if (s.count > 0 && w->format == FLOAT)
			s.values = room;
		else if (s.count > 0)
			s.counts = room;
		if (!(s.count ? pieces_put(&s, in, f)
			      : in->segment(in->self, &s, f)))
			return false;
		at += n;
	}
	return true;
}

static bool channels(const struct wav *w, const struct origin *o,
	struct arena *scratch, const struct intake *in, struct fault *f)
{
	const char *base = o->source[0] ? o->source : o->name;
	size_t mark = scratch->used;
	size_t frames = w->data.len / w->align;
	void *room = arena_array(
		scratch, frames < BLOCK ? frames : BLOCK, 4, f);
	bool ok = room != NULL;

	for (unsigned c = 0; ok && c < w->channels; c++) {
		char name[NAME];
		struct text t = text_on(name, sizeof name);

		text_add(&t, base);
		if (w->channels > 1)
			text_fmt(&t, "_%u", c + 1);
		ok = channel(w, name, c, room, in, f);
	}
	scratch->used = mark;
	return ok;
}

static bool is_wav(struct bytes b)
{
	return b.len >= 12 && (bytes_start(b, "RIFF") ||
		bytes_start(b, "RF64")) &&
		bytes_are(bytes_part(b, 8, 4), "WAVE");
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *intake, struct fault *f)
{
	struct wav w = {.start = INSTANT_UNKNOWN};
	const char *why;

	if (!is_wav(in))
		return fault(f, FAULT_INPUT, "neither RIFF nor RF64 WAVE");
	chunks(in, &w);
	if (!instant_known(w.start))
		w.start = name_time(o->name);
	why = trouble(&w);
	if (why)
		return format_damage(intake, 0, in.len, f, "%s", why);
	if ((w.stated != w.data.len || w.data.len % w.align != 0) &&
		!format_damage(intake, w.offset, w.data.len, f,
			"data chunk of %llu bytes, %zu are there, frames of %u",
			(unsigned long long)w.stated, w.data.len, w.align))
		return false;
	return channels(&w, o, scratch, intake, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return is_wav(head) ? 95 : 0;
}

const struct format format_wav = {
	.name = "wav",
	.about = "sound, RIFF and RF64 WAVE, PCM 16/24/32 and float",
	.sniff = sniff,
	.decode = decode,
};
