/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * photo.c - a photo that a person took, JPEG (ITU-T T.81) or PNG (ISO/IEC
 * 15948): its size in pixels and what the camera wrote beside it (Exif 2.32).
 * No pixel is decoded.
 *
 * All that Exif says is claimed: whoever holds the file can write it.  The
 * time is told as written; it is a moment only with its offset from UTC
 * (OffsetTimeOriginal).  A position becomes the features claimed_lat and
 * claimed_lon, and never a place.
 *
 * The segments before the scan are walked once, the three directories of Exif
 * likewise; an offset is good when it lies in them, and nothing is followed
 * twice. */
#include "base/text.h"
#include "formats/format.h"

enum {
	SIDE_MAX = 65535, /* pixels; a PNG may state more, and is refused */
	TAGS_MAX = 512,   /* of a directory */
	STAMP = 19,       /* "2026:02-03 04:05:06" */
	/* markers of T.81, table B.1 */
	SOF0 = 0xc0, SOF15 = 0xcf, DHT = 0xc4, JPG = 0xc8, DAC = 0xcc,
	RST0 = 0xd0, SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP1 = 0xe1,
	TEM = 0x01,
	/* tags of Exif 2.32, 4.6 */
	TAG_EXIF = 0x8769, TAG_GPS = 0x8825, TAG_TAKEN = 0x9003,
	TAG_OFFSET = 0x9011, TAG_LAT_REF = 1, TAG_LAT = 2, TAG_LON_REF = 3,
	TAG_LON = 4,
};

static const char png_magic[] = "\x89PNG\r\n\x1a\n";

struct photo {
	size_t width, height;
	struct bytes taken, offset; /* as written */
	double lat_deg, lon_deg;    /* NAN: not claimed */
};

struct tiff {
	struct bytes in;
	bool little;
};

static uint64_t number(const struct tiff *t, size_t at, size_t n)
{
	struct bytes b = bytes_part(t->in, at, n);

	if (b.len < n)
		return 0;
	return t->little ? bytes_le(b) : bytes_be(b);
}

struct tag {
	size_t id, type, count;
	struct bytes value;
};

/* Types 2 (ASCII), 4 (LONG), 5 (RATIONAL); of others nothing is wanted. */
static struct tag tag_at(const struct tiff *t, size_t at)
{
	static const size_t wide[] = {0, 1, 1, 2, 4, 8};
	struct tag x = {number(t, at, 2), number(t, at + 2, 2),
		number(t, at + 4, 4), {0}};
	size_t n;

	if (x.type >= sizeof wide / sizeof *wide || x.count > t->in.len)
		return x;
	n = wide[x.type] * x.count;
	x.value = n <= 4 ? bytes_part(t->in, at + 8, n)
		: bytes_part(t->in, number(t, at + 8, 4), n);
	if (x.value.len < n)
		x.value.len = 0;
	return x;
}

static double rational(const struct tiff *t, struct bytes b, size_t i)
{
	struct tiff v = {b, t->little};
	double over = (double)number(&v, 8 * i, 4);
	double under = (double)number(&v, 8 * i + 4, 4);

	return under > 0 ? over / under : NAN;
}

/* Degrees, minutes, seconds; NAN outside what is on Earth. */
static double degrees(const struct tiff *t, const struct tag *x, char ref,
	double most)
{
	double v;

	if (x->type != 5 || x->count != 3 || x->value.len != 24)
		return NAN;
	v = rational(t, x->value, 0) + rational(t, x->value, 1) / 60 +
		rational(t, x->value, 2) / 3600;
	if (!(v <= most) || !strchr(most > 90 ? "EW" : "NS", ref))
		return NAN;
	return strchr("SW", ref) ? -v : v;
}

/* What a directory points to: of Exif, and of GPS. */
struct next {
	size_t exif, gps;
};

static struct next walk(const struct tiff *t, size_t at, struct photo *p)
{
	struct next next = {0, 0};
	struct tag lat = {0}, lon = {0};
	char ns = '\0', ew = '\0';
	size_t n = number(t, at, 2);

	for (size_t i = 0; i < n && i < TAGS_MAX; i++) {
		struct tag x = tag_at(t, at + 2 + 12 * i);
		struct tiff v = {x.value, t->little};

		if (x.value.len == 0)
			continue;
		switch (x.id) {
		case TAG_EXIF: next.exif = number(&v, 0, 4); break;
		case TAG_GPS: next.gps = number(&v, 0, 4); break;
		case TAG_TAKEN: p->taken = x.value; break;
		case TAG_OFFSET: p->offset = x.value; break;
		case TAG_LAT_REF: ns = (char)x.value.at[0]; break;
		case TAG_LON_REF: ew = (char)x.value.at[0]; break;
		case TAG_LAT: lat = x; break;
		case TAG_LON: lon = x; break;
		default: break;
		}
	}
	if (ns && ew) {
		p->lat_deg = degrees(t, &lat, ns, 90);
		p->lon_deg = degrees(t, &lon, ew, 180);
	}
	return next;
}

static void read_exif(struct bytes in, struct photo *p)
{
	struct tiff t = {in, bytes_start(in, "II")};
	struct next next;

	if ((!t.little && !bytes_start(in, "MM")) || number(&t, 2, 2) != 42)
		return;
	next = walk(&t, number(&t, 4, 4), p);
	if (next.exif)
		(void)walk(&t, next.exif, p);
	if (next.gps)
		(void)walk(&t, next.gps, p);
}

static bool is_frame(unsigned marker)
{
	return marker >= SOF0 && marker <= SOF15 && marker != DHT &&
		marker != JPG && marker != DAC;
}

/* False: it ends before its scan, or is no run of segments. */
static bool read_jpeg(struct bytes in, struct photo *p)
{
	static const struct bytes exif = {(const uint8_t *)"Exif\0", 6};
	struct reader r = reader(in);

	reader_skip(&r, 2);
	while (!reader_done(&r)) {
		unsigned marker;
		struct bytes b;
		size_t n;

		if (read_u8(&r) != 0xff)
			return false;
		do
			marker = read_u8(&r);
		while (marker == 0xff && !reader_done(&r));
		if (marker == SOS)
			return true;
		if (marker == TEM || (marker >= RST0 && marker <= SOI))
			continue;
		n = read_u16be(&r);
		if (marker == EOI || n < 2)
			return false;
		b = read_bytes(&r, n - 2);
		if (is_frame(marker) && b.len >= 5) {
			p->height = bytes_be(bytes_part(b, 1, 2));
			p->width = bytes_be(bytes_part(b, 3, 2));
		} else if (marker == APP1 && b.len > 6 &&
			bytes_equal(bytes_part(b, 0, 6), exif)) {
			read_exif(bytes_part(b, 6, b.len), p);
		}
	}
	return false;
}

/* Chunks up to IEND; eXIf may stand anywhere before it. */
static bool read_png(struct bytes in, struct photo *p)
{
	struct reader r = reader(in);

	reader_skip(&r, 8);
	while (!reader_done(&r)) {
		size_t n = read_u32be(&r);
		struct bytes kind = read_bytes(&r, 4);
		struct bytes b = read_bytes(&r, n);

		reader_skip(&r, 4); /* CRC-32 */
		if (r.ran_out)
			return false;
		if (bytes_are(kind, "IEND"))
			return p->width > 0;
		if (bytes_are(kind, "IHDR") && b.len == 13) {
			p->width = bytes_be(bytes_part(b, 0, 4));
			p->height = bytes_be(bytes_part(b, 4, 4));
		} else if (bytes_are(kind, "eXIf")) {
			read_exif(b, p);
		}
	}
	return false;
}

/* "2026-02-03T04:05:06" of "2026:02:03 04:05:06"; false: nobody set it. */
static bool stamp(struct bytes in, char out[STAMP + 1])
{
	static const char form[] = "dddd:dd:dd dd:dd:dd";

	if (in.len < STAMP || bytes_start(in, "0000"))
		return false;
	for (size_t i = 0; i < STAMP; i++) {
		bool digit = in.at[i] >= '0' && in.at[i] <= '9';

		if (form[i] == 'd' ? !digit : in.at[i] != (uint8_t)form[i])
			return false;
		out[i] = (char)(i == 4 || i == 7 ? '-' : i == 10 ? 'T'
			: in.at[i]);
	}
	out[STAMP] = '\0';
	return true;
}

/* As written, and as a moment where its offset says which. */
static const char *taken(const struct photo *p, char said[STAMP + 8],
	struct instant *at)
{
	struct bytes offset = bytes_part(p->offset, 0, 6);
	struct text t = text_on(said, STAMP + 8);
	char day[STAMP + 1];
	struct fault f;

	if (!stamp(p->taken, day))
		return NULL;
	text_add(&t, day);
	text_bytes(&t, offset);
	if (offset.len == 6 && instant_parse(text_view(&t), false, at, &f))
		return said;
	*at = INSTANT_UNKNOWN;
	said[STAMP] = '\0';
	return said;
}

static bool is_jpeg(struct bytes b)
{
	return bytes_start(b, "\xff\xd8\xff");
}

static bool is_png(struct bytes b)
{
	return bytes_start(b, png_magic);
}

static bool tell(const struct photo *p, struct bytes in,
	const struct origin *from, const struct intake *to, struct fault *f)
{
	struct observation o = observation_new(OBSERVATION_PHOTO);
	char said[STAMP + 8];
	struct attribute a[2] = {
		{"media_type", is_png(in) ? "image/png" : "image/jpeg"},
		{"claimed_at", taken(p, said, &o.at)}};
	struct feature n[4] = {{"height_px", (double)p->height},
		{"width_px", (double)p->width}};

	o.source = from->source;
	o.attribute = a;
	o.attribute_count = a[1].text ? 2 : 1;
	o.feature = n;
	o.feature_count = 2;
	if (isfinite(p->lat_deg) && isfinite(p->lon_deg)) {
		n[2] = (struct feature){"claimed_lat", p->lat_deg};
		n[3] = (struct feature){"claimed_lon", p->lon_deg};
		o.feature_count = 4;
	}
	o.cite.length = in.len;
	return to->observation(to->self, &o, f);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	struct photo p = {.lat_deg = NAN, .lon_deg = NAN};
	bool whole;

	(void)a;
	if (!is_jpeg(in) && !is_png(in))
		return fault(f, FAULT_INPUT, "neither JPEG nor PNG");
	whole = is_jpeg(in) ? read_jpeg(in, &p) : read_png(in, &p);
	if (p.width == 0 || p.height == 0 || p.width > SIDE_MAX ||
		p.height > SIDE_MAX)
		return fault(f, FAULT_INPUT, "no picture of 1 to %d pixels a "
			"side", SIDE_MAX);
	if (!whole && !format_damage(to, 0, in.len, f,
		"the picture ends before its end, or is broken"))
		return false;
	return tell(&p, in, o, to, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return is_jpeg(head) || is_png(head) ? 90 : 0;
}

const struct format format_photo = {
	.name = "photo",
	.about = "photo of a person's report (JPEG, PNG; Exif as claimed)",
	.sniff = sniff,
	.decode = decode,
};
