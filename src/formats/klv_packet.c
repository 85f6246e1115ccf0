/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/klv_packet.h"

#include <math.h>

const uint8_t klv_packet_key[KLV_KEY] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x0b,
	0x01, 0x01, 0x0e, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00};

enum { TAG_CHECKSUM = 1, TAG_TIME = 2, TAG_SECURITY = 48 };

enum form { FORM_UNSIGNED, FORM_SIGNED, FORM_IMAPB };

/* ST 0601.19 section 8.  Unsigned: value lo..hi over 0..2^n - 1.  Signed: lo
 * is -hi, full range over 2^n - 2, the lowest pattern reserved.  bytes 0: any
 * length up to 8 (IMAPB). */
static const struct {
	uint8_t tag, bytes;
	enum form form;
	double lo, hi;
} items[] = {
	{5, 2, FORM_UNSIGNED, 0, 360},       /* platform heading */
	{6, 2, FORM_SIGNED, -20, 20},        /* pitch */
	{7, 2, FORM_SIGNED, -50, 50},        /* roll */
	{13, 4, FORM_SIGNED, -90, 90},       /* sensor latitude */
	{14, 4, FORM_SIGNED, -180, 180},
	{15, 2, FORM_UNSIGNED, -900, 19000}, /* above mean sea level */
	{16, 2, FORM_UNSIGNED, 0, 180},      /* horizontal field of view */
	{17, 2, FORM_UNSIGNED, 0, 180},
	{18, 4, FORM_UNSIGNED, 0, 360},      /* sensor azimuth, relative */
	{19, 4, FORM_SIGNED, -180, 180},     /* elevation */
	{20, 4, FORM_UNSIGNED, 0, 360},      /* roll */
	{21, 4, FORM_UNSIGNED, 0, 5000000},  /* slant range */
	{22, 2, FORM_UNSIGNED, 0, 10000},    /* target width */
	{23, 4, FORM_SIGNED, -90, 90},       /* frame centre */
	{24, 4, FORM_SIGNED, -180, 180},
	{25, 2, FORM_UNSIGNED, -900, 19000},
	{26, 2, FORM_SIGNED, -0.075, 0.075}, /* corner offsets */
	{27, 2, FORM_SIGNED, -0.075, 0.075},
	{28, 2, FORM_SIGNED, -0.075, 0.075},
	{29, 2, FORM_SIGNED, -0.075, 0.075},
	{30, 2, FORM_SIGNED, -0.075, 0.075},
	{31, 2, FORM_SIGNED, -0.075, 0.075},
	{32, 2, FORM_SIGNED, -0.075, 0.075},
	{33, 2, FORM_SIGNED, -0.075, 0.075},
	{40, 4, FORM_SIGNED, -90, 90},       /* target */
	{41, 4, FORM_SIGNED, -180, 180},
	{42, 2, FORM_UNSIGNED, -900, 19000},
	{45, 2, FORM_UNSIGNED, 0, 4095},     /* its CE90, LE90 */
	{46, 2, FORM_UNSIGNED, 0, 4095},
	{56, 1, FORM_UNSIGNED, 0, 255},      /* ground speed */
	{57, 4, FORM_UNSIGNED, 0, 5000000},  /* ground range */
	{65, 1, FORM_UNSIGNED, 0, 255},      /* version of the standard */
	{75, 2, FORM_UNSIGNED, -900, 19000}, /* above the ellipsoid */
	{78, 2, FORM_UNSIGNED, -900, 19000}, /* frame centre, ellipsoid */
	{82, 4, FORM_SIGNED, -90, 90},       /* corners */
	{83, 4, FORM_SIGNED, -180, 180},
	{84, 4, FORM_SIGNED, -90, 90},
	{85, 4, FORM_SIGNED, -180, 180},
	{86, 4, FORM_SIGNED, -90, 90},
	{87, 4, FORM_SIGNED, -180, 180},
	{88, 4, FORM_SIGNED, -90, 90},
	{89, 4, FORM_SIGNED, -180, 180},
	{90, 4, FORM_SIGNED, -90, 90},       /* pitch, full range */
	{91, 4, FORM_SIGNED, -90, 90},       /* roll, full range */
	{96, 0, FORM_IMAPB, 0, 1500000},     /* target width, extended */
	{104, 0, FORM_IMAPB, -900, 40000},   /* ellipsoid height, extended */
};

/* 2^n, |n| < 1000; exact. */
static double two_to(int n)
{
	double v = 1;

	for (; n > 0; n--)
		v *= 2;
	for (; n < 0; n++)
		v /= 2;
	return v;
}

double klv_packet_imapb(struct bytes b, double lo, double hi)
{
	int power = -60, bits = (int)(8 * b.len) - 1;
	double scale, zero = 0, y;

	if (b.len < 1 || b.len > 8 || !(hi > lo))
		return NAN;
	/* ST 1201 8.1: power of two that holds the range. */
	while (power < 60 && two_to(power) < hi - lo)
		power++;
	scale = two_to(bits - power);
	if (lo < 0 && hi > 0)
		zero = scale * lo - floor(scale * lo);
	/* Highest bit set: infinities, NaN, out of range - but for the one
	 * pattern that is the range's own upper end. */
	uint64_t raw = bytes_be(b);
	if (raw >> bits & 1 && raw != UINT64_C(1) << bits)
		return NAN;
	y = (double)raw;
	return (y - zero) / scale + lo;
}

size_t klv_packet_length(struct reader *r)
{
	uint8_t first = read_u8(r);
	struct bytes more;
	uint64_t n;

	if (first < 0x80)
		return first;
	/* Long form; leading zero bytes are legal. */
	more = read_bytes(r, first & 0x7f);
	while (more.len > 0 && more.at[0] == 0) {
		more.at++;
		more.len--;
	}
	n = more.len > 8 ? UINT64_MAX : bytes_be(more);
	if (first == 0x80 || n > r->in.len) {
		r->ran_out = true; /* also the indefinite form */
		return 0;
	}
	return (size_t)n;
}

static uint64_t read_tag(struct reader *r)
{
	uint64_t tag = 0;

	for (int i = 0; i < 9; i++) { /* BER-OID: seven bits a byte */
		uint8_t b = read_u8(r);

		tag = tag << 7 | (b & 0x7f);
		if (!(b & 0x80))
			return tag;
	}
	r->ran_out = true;
	return 0;
}

size_t klv_packet_size(struct bytes in)
{
	struct reader r = reader(in);
	struct bytes key = read_bytes(&r, KLV_KEY);

	if (key.len < KLV_KEY || memcmp(key.at, klv_packet_key, KLV_KEY) != 0)
		return 0;
	size_t n = klv_packet_length(&r);
	if (r.ran_out || n > reader_left(&r))
		return 0;
	return r.pos + n;
}

static double number(size_t k, struct bytes v, bool *fits)
{
	uint64_t raw = bytes_be(v);
	int bits = (int)(8 * v.len);
	double span;

	if (items[k].form == FORM_IMAPB) {
		*fits = v.len >= 1 && v.len <= 8;
		return klv_packet_imapb(v, items[k].lo, items[k].hi);
	}
	*fits = v.len == items[k].bytes;
	if (!*fits || bits == 0)
		return NAN;
	span = items[k].hi - items[k].lo;
	if (items[k].form == FORM_UNSIGNED)
		return (double)raw * span / (two_to(bits) - 1) + items[k].lo;
	/* Lowest pattern: out of range, an error, or off the Earth. */
	if (raw == UINT64_C(1) << (bits - 1))
		return NAN;
	int64_t s = (int64_t)raw;
	if (raw >> (bits - 1))
		s -= INT64_C(1) << bits;
	return (double)s * span / (two_to(bits) - 2);
}

static void security(struct klv_packet *p, struct bytes set)
{
	struct reader r = reader(set);

	while (!reader_done(&r)) {
		uint64_t tag = read_tag(&r);
		struct bytes v = read_bytes(&r, klv_packet_length(&r));

		if (r.ran_out)
			return;
		p->security_items++;
		if (tag == 1 && v.len == 1)
			p->classification = v.at[0];
	}
}

static void item(struct klv_packet *p, uint64_t tag, struct bytes v)
{
	bool fits = true;

	if (v.len == 0) /* ST 0601: the value is not known any more */
		return;
	switch (tag) {
	case TAG_TIME:
		if (v.len == 8)
			p->time_us = bytes_be(v);
		else
			p->misfits++;
		return;
	case 3:
	case 4:
	case 10:
	case 11:
		p->text[tag] = v;
		return;
	case TAG_SECURITY:
		security(p, v);
		return;
	default:
		break;
	}
	for (size_t k = 0; k < sizeof items / sizeof *items; k++)
		if (items[k].tag == tag) {
			p->item[tag] = number(k, v, &fits);
			p->misfits += !fits;
			return;
		}
	p->skipped++;
}

/* ST 0601 8.1: bytes summed as big-endian words of 16 bits. */
static uint16_t sum(struct bytes b)
{
	uint16_t s = 0;

	for (size_t i = 0; i < b.len; i++)
		s = (uint16_t)(s + (b.at[i] << (i % 2 ? 0 : 8)));
	return s;
}

/* `end` is where the checksum's value begins, `body` where the items do. */
static enum klv_checksum check(
	struct bytes whole, size_t body, size_t end, uint16_t said)
{
	if (sum(bytes_part(whole, 0, end)) == said)
		return KLV_OK;
	/* Over the items, with or without the checksum's own tag and length
	 * (kwiver #1734 and others). */
	if (sum(bytes_part(whole, body, end - body)) == said ||
		sum(bytes_part(whole, body, end - 2 - body)) == said)
		return KLV_PAYLOAD_ONLY;
	return KLV_WRONG;
}

bool klv_packet_read(
	struct bytes whole, struct klv_packet *p, struct fault *f)
{
	struct reader r = reader(whole);
	size_t body;

	*p = (struct klv_packet){.checksum = KLV_ABSENT};
	for (size_t i = 0; i < KLV_ITEMS; i++)
		p->item[i] = NAN;
	reader_skip(&r, KLV_KEY);
	(void)klv_packet_length(&r);
	body = r.pos;
	while (!reader_done(&r)) {
		size_t at = r.pos;
		uint64_t tag = read_tag(&r);
		size_t n = klv_packet_length(&r);
		size_t value = r.pos;
		struct bytes v = read_bytes(&r, n);

		if (r.ran_out)
			return fault(f, FAULT_INPUT, "item at byte %zu passes "
				"the packet's end", at);
		if (tag == TAG_CHECKSUM && n == 2)
			p->checksum = check(whole, body, value,
				(uint16_t)bytes_be(v));
		else
			item(p, tag, v);
	}
	return true;
}
