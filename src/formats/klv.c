/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * klv.c - where a drone was and what ground its camera saw (MISB ST 0601).
 *
 * Bare packets, or packets in an MPEG transport stream (ST 1402): an
 * elementary stream of type 0x06 with the registration KLVA, or 0x15 with
 * metadata cells; both give the same packets.
 *
 * Of a packet come a track point (the platform) and a footprint.  Its ring is
 * computed from attitude and optics where they are known, on flat ground at
 * the stated height of the frame centre; else it is the stated corners.  The
 * ellipse of a footprint is the error of its place, not its size.  A packet
 * whose checksum is wrong or absent keeps its place, marked, and carries no
 * footprint. */
#include "base/maths.h"
#include "base/text.h"
#include "formats/format.h"
#include "formats/klv_packet.h"
#include "formats/klv_ts.h"
#include "geo/footprint.h"
#include "geo/polygon.h"

enum { NAME = 64, PACKET_MAX = 1 << 20 };
#define SIGMA_S 0.1 /* frame and metadata: some frames apart; cal. */
/* A satellite receiver as HDOP 2, 5 m a unit, x 1.52 (TRACKS.md 4); the
 * standard states no accuracy of the platform.  cal. */
#define PLATFORM_R90_M 15.0
/* Error of a footprint (TRACKS.md 5), cal.: attitude of small drones 0.5 deg,
 * ground from a frame centre's height 10 m. */
#define ATTITUDE_DEG 0.5
#define PLACE_M 5.0
#define HEIGHT_M 8.0
#define GROUND_M 10.0
#define RANGE_M 20e3 /* refraction is neglected below this */
/* Corners that are stated as offsets are good to 0.25 m, and half a frame's
 * motion: beyond 3 sigma of ours they disagree. */
#define DISAGREE 3.0

struct carried { /* what all packets of one file share */
	const struct intake *out;
	const struct origin *origin;
	struct arena *arena;
	uint64_t packets, timeless;
};

struct said {
	struct observation o;
	struct feature feature[20];
	struct attribute attribute[6];
	char vehicle[NAME], sensor[NAME];
	struct ring ring;
	struct point corner[4];
};

static void number(struct said *s, const char *name, double v)
{
	if (isfinite(v) &&
		s->o.feature_count < sizeof s->feature / sizeof *s->feature)
		s->feature[s->o.feature_count++] = (struct feature){name, v};
}

static void word(struct said *s, const char *name, const char *text)
{
	if (text[0] && s->o.attribute_count <
			sizeof s->attribute / sizeof *s->attribute)
		s->attribute[s->o.attribute_count++] =
			(struct attribute){name, text};
}

/* Printable ASCII only: names go into ids and paths. */
static void keep(char to[NAME], struct bytes b)
{
	struct text t = text_on(to, NAME);

	for (size_t i = 0; i < b.len && i < NAME - 1; i++)
		text_char(&t, b.at[i] > 32 && b.at[i] < 127 ? (char)b.at[i]
							    : '_');
}

static const char *checksum_word(enum klv_checksum c)
{
	static const char *const words[] = {
		"ok", "payload_only", "wrong", "absent"};

	return words[c];
}

static double first(double a, double b)
{
	return isfinite(a) ? a : b;
}

static void begin(struct said *s, const struct carried *c,
	const struct klv_packet *p, enum observation_what what,
	struct cite cite)
{
	s->o = observation_new(what);
	s->o.cite = cite;
	s->o.at = (struct instant){(int64_t)p->time_us * 1000};
	s->o.sigma_s = SIGMA_S;
	s->o.feature = s->feature;
	s->o.attribute = s->attribute;
	keep(s->vehicle, p->text[4].len ? p->text[4] : p->text[10]);
	if (s->vehicle[0] == '\0')
		keep(s->vehicle, bytes_of("uav"));
	keep(s->sensor, p->text[11]);
	s->o.source = c->origin->source[0] ? c->origin->source : s->vehicle;
	word(s, "vehicle", s->vehicle);
	word(s, "sensor", s->sensor);
	word(s, "checksum", checksum_word(p->checksum));
	number(s, "heading_deg", p->item[5]);
	number(s, "pitch_deg", first(p->item[90], p->item[6]));
	number(s, "roll_deg", first(p->item[91], p->item[7]));
	number(s, "security_items",
		p->security_items ? (double)p->security_items : NAN);
	number(s, "classification",
		p->classification ? (double)p->classification : NAN);
}

static bool track(const struct carried *c, const struct klv_packet *p,
	struct cite cite, struct fault *f)
{
	struct said s;

	if (!isfinite(p->item[13]) || !isfinite(p->item[14]))
		return true;
	begin(&s, c, p, OBSERVATION_TRACK, cite);
	s.o.kind = KIND_FLIGHT;
	s.o.place.lat_deg = p->item[13];
	s.o.place.lon_deg = p->item[14];
	s.o.place.alt_m = p->item[15];
	s.o.place.region.ellipse = (struct ellipse){
		PLATFORM_R90_M, PLATFORM_R90_M, 0};
	number(&s, "alt_ellipsoid_m", first(p->item[104], p->item[75]));
	number(&s, "speed_ms", p->item[56]);
	return c->out->observation(c->out->self, &s.o, f);
}

/* Corners as stated: whole (82-89), else offsets from the frame centre
 * (26-33); both go from the upper left clockwise. */
static bool stated(const struct klv_packet *p, struct point corner[4])
{
	bool whole = true, offsets = true;

	for (int i = 0; i < 4; i++) {
		corner[i] = (struct point){
			p->item[82 + 2 * i], p->item[83 + 2 * i]};
		whole = whole && point_known(corner[i]);
	}
	for (int i = 0; i < 4 && !whole; i++) {
		corner[i] = (struct point){p->item[23] + p->item[26 + 2 * i],
			p->item[24] + p->item[27 + 2 * i]};
		offsets = offsets && point_known(corner[i]) &&
			fabs(corner[i].lat_deg) <= 90 &&
			fabs(corner[i].lon_deg) <= 180;
	}
	return whole || offsets;
}

/* Heights above the ellipsoid on both ends, or above the sea on both: mixed,
 * the separation of the two would move the ground by itself over tan D. */
static bool heights(const struct klv_packet *p, double *camera, double *ground)
{
	*camera = first(p->item[104], p->item[75]);
	*ground = p->item[78];
	if (isfinite(*camera) && isfinite(*ground))
		return true;
	*camera = p->item[15];
	*ground = p->item[25];
	return isfinite(*camera) && isfinite(*ground);
}

static bool computed(const struct klv_packet *p, struct footprint *w,
	struct ellipse *err)
{
	const struct camera_error e = {
		ATTITUDE_DEG, PLACE_M, HEIGHT_M, GROUND_M,
		isfinite(p->item[56]) ? p->item[56] * SIGMA_S : 0};
	struct camera k = {
		.lat_deg = p->item[13],
		.lon_deg = p->item[14],
		.heading_deg = p->item[5],
		.pitch_deg = first(p->item[90], p->item[6]),
		.roll_deg = first(p->item[91], p->item[7]),
		.az_deg = p->item[18],
		.el_deg = p->item[19],
		.rot_deg = first(p->item[20], 0),
		.hfov_deg = p->item[16],
		.vfov_deg = p->item[17],
	};
	double ground;

	if (!heights(p, &k.height_m, &ground) ||
		!footprint_camera(&k, ground, RANGE_M, w))
		return false;
	*err = footprint_error(w, k.height_m - ground, &e);
	return true;
}

static bool disagree(const struct point a[4], const struct point b[4],
	const struct footprint *w, double r90_m)
{
	for (int i = 0; i < 4; i++) {
		struct frame f = frame_at(a[i].lat_deg, a[i].lon_deg);
		struct xy d = frame_to(&f, b[i].lat_deg, b[i].lon_deg);

		if (!w->open[i] && sqrt(d.x_m * d.x_m + d.y_m * d.y_m) >
				DISAGREE * r90_m / REGION_SIGMA_90)
			return true;
	}
	return false;
}

static void set_ring(struct said *s, const struct point corner[4])
{
	memcpy(s->corner, corner, sizeof s->corner);
	polygon_turn(s->corner, 4);
	s->ring = (struct ring){s->corner, 4};
	s->o.place.region.ring = &s->ring;
	s->o.place.region.ring_count = 1;
}

static void set_centre(struct said *s, const struct klv_packet *p,
	const struct footprint *w, bool have)
{
	struct point mid = {p->item[23], p->item[24]};

	if (!point_known(mid) && have)
		mid = w->centre;
	if (!point_known(mid))
		mid = polygon_centroid(&s->ring);
	s->o.place.lat_deg = mid.lat_deg;
	s->o.place.lon_deg = mid.lon_deg;
	s->o.place.alt_m = p->item[25];
}

static bool footprint(const struct carried *c, const struct klv_packet *p,
	struct cite cite, struct fault *f)
{
	struct said s;
	struct footprint w;
	struct point corner[4];
	struct ellipse err = {INFINITY, INFINITY, 0};
	bool given = stated(p, corner), have = computed(p, &w, &err);
	bool sound = p->checksum == KLV_OK || p->checksum == KLV_PAYLOAD_ONLY;

	if (!sound || (!given && !have))
		return true;
	begin(&s, c, p, OBSERVATION_FOOTPRINT, cite);
	set_ring(&s, have ? w.corner : corner);
	set_centre(&s, p, &w, have);
	/* Stated corners without our own geometry: the encoder's word, with
	 * the error the standard lets it state, or unknown. */
	if (!have && isfinite(p->item[45]))
		err = (struct ellipse){p->item[45], p->item[45], 0};
	s.o.place.region.ellipse = err;
	if (have && given && disagree(w.corner, corner, &w, err.semi_major_m))
		word(&s, "disagrees", "stated corners");
	if (have && (w.open[0] || w.open[1] || w.open[2] || w.open[3]))
		word(&s, "open", "cut at 20 km");
	number(&s, "gimbal_az_deg", p->item[18]);
	number(&s, "gimbal_el_deg", p->item[19]);
	number(&s, "gimbal_roll_deg", p->item[20]);
	number(&s, "hfov_deg", p->item[16]);
	number(&s, "vfov_deg", p->item[17]);
	number(&s, "slant_m", first(p->item[21], have ? w.slant_m : NAN));
	return c->out->observation(c->out->self, &s.o, f);
}

/* One whole packet; `where` are the bytes of the file that carried it. */
static bool packet(struct carried *c, struct bytes whole, struct cite where,
	struct fault *f)
{
	struct klv_packet p;
	struct fault why = {0};

	c->packets++;
	if (!klv_packet_read(whole, &p, &why))
		return format_damage(c->out, where.offset, where.length, f,
			"klv: packet at byte %llu: %s",
			(unsigned long long)where.offset, why.text);
	if (p.checksum == KLV_WRONG &&
		!format_damage(c->out, where.offset, where.length, f,
			"klv: packet at byte %llu: checksum is wrong",
			(unsigned long long)where.offset))
		return false;
	if (p.time_us == 0 || p.time_us >= (uint64_t)(INSTANT_MAX_NS / 1000)) {
		c->timeless++;
		return format_damage(c->out, where.offset, where.length, f,
			"klv: packet at byte %llu: no time, wants item 2",
			(unsigned long long)where.offset);
	}
	return track(c, &p, where, f) && footprint(c, &p, where, f);
}

static size_t next_key(struct bytes in, size_t pos)
{
	for (; pos + KLV_KEY <= in.len; pos++) {
		const uint8_t *at = memchr(in.at + pos, klv_packet_key[0],
			in.len - KLV_KEY + 1 - pos);

		if (!at)
			break;
		pos = (size_t)(at - in.at);
		if (memcmp(at, klv_packet_key, KLV_KEY) == 0)
			return pos;
	}
	return in.len;
}

/* Size of the packet at pos, or 0: none.  A length that lies swallows the next
 * packet: one in which a key begins and whose checksum is not good is none. */
static size_t whole_packet(struct bytes in, size_t pos)
{
	size_t n = klv_packet_size(bytes_part(in, pos, PACKET_MAX));
	struct bytes near = bytes_part(in, 0, pos + n + KLV_KEY - 1);
	struct klv_packet p;
	struct fault f;

	if (n == 0 || next_key(near, pos + 1) == near.len)
		return n;
	if (!klv_packet_read(bytes_part(in, pos, n), &p, &f) ||
		p.checksum > KLV_PAYLOAD_ONLY)
		return 0;
	return n;
}

/* Packets one after the other.  carrier NULL: they lie in the file itself. */
static bool packets(struct carried *c, struct bytes in,
	const struct cite *carrier, struct fault *f)
{
	size_t pos = 0;

	while (pos < in.len) {
		size_t n = whole_packet(in, pos);
		struct cite here = {.offset = pos, .length = n};

		if (n > 0) {
			if (!packet(c, bytes_part(in, pos, n),
				    carrier ? *carrier : here, f))
				return false;
			pos += n;
			continue;
		}
		size_t next = next_key(in, pos + 1);

		here.length = next - pos;
		if (carrier)
			here = *carrier;
		if (!format_damage(c->out, here.offset, here.length, f,
			    "klv: %zu bytes are no whole ST 0601 packet",
			    next - pos))
			return false;
		pos = next;
	}
	return true;
}

static bool from_stream(
	void *self, struct bytes data, struct cite where, struct fault *f)
{
	return packets(self, data, &where, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	if (klv_ts_is(head))
		return klv_ts_has_klv(head) ? 90 : 0;
	if (head.len >= KLV_KEY && next_key(head, 0) == 0)
		return 95;
	return next_key(head, 0) < head.len ? 60 : 0;
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *out, struct fault *f)
{
	struct carried c = {.out = out, .origin = o, .arena = scratch};

	if (klv_ts_is(in)) {
		const struct klv_ts_out to = {&c, from_stream, out};

		if (!klv_ts_read(in, scratch, &to, f))
			return false;
	} else if (next_key(in, 0) < in.len && !packets(&c, in, NULL, f)) {
		return false;
	}
	if (c.packets == 0)
		return fault(f, FAULT_INPUT,
			"klv: no ST 0601 packet in %zu bytes", in.len);
	return true;
}

const struct format format_klv = {
	.name = "klv",
	.about = "MISB ST 0601 drone metadata, bare or in MPEG-TS (ST 1402)",
	.sniff = sniff,
	.decode = decode,
};
