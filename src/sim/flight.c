/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two drones of the mission: D-01, whose autopilot's log (.tlog: an 8-byte
 * big-endian time in microseconds before each MAVLink 1 frame) holds a stretch
 * of bad satellite reception; and D-02, whose camera sends MISB ST 0601
 * packets.  Layouts: MAVLink common.xml, wire order of the serialisation
 * guide; ST 0601.19 table of items, conversions as in TRACKS.md 3.2. */
#include "base/maths.h"
#include "sim/sky.h"

enum { FRAME_MAX = 263, LOG_MAX = 4 << 20, PACKET = 512 };

/* Heights above mean sea level, metres. */
#define GROUND_M 140
#define D01_ABOVE_M 120
#define D02_ABOVE_M 1500
#define D01_MS 12
#define D02_MS 22

struct log { /* bytes of a file under way */
	uint8_t *at;
	size_t len;
	uint8_t sequence;
};

struct pose {
	struct xy at;
	double course_deg, roll_deg;
	double speed_ms;
};

struct message {
	uint8_t id, extra; /* CRC_EXTRA, from the definition's hash */
	uint8_t len;
	uint8_t payload[64];
};

static uint16_t x25(const uint8_t *at, size_t n, uint16_t crc)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t t = (uint8_t)(at[i] ^ (uint8_t)crc);

		t = (uint8_t)(t ^ (uint8_t)(t << 4));
		crc = (uint16_t)((crc >> 8) ^ (uint16_t)(t << 8) ^
			(uint16_t)(t << 3) ^ (t >> 4));
	}
	return crc;
}

static bool put_frame(struct log *l, struct instant t, const struct message *m,
	struct fault *f)
{
	uint8_t *at = l->at + l->len;
	uint16_t crc;

	if (l->len + 16 + m->len > LOG_MAX)
		return fault(f, FAULT_LIMIT, "sim: flight log over %d bytes",
			LOG_MAX);
	put_be(at, (uint64_t)(t.utc_ns / 1000), 8);
	at[8] = 0xFE;
	at[9] = m->len;
	at[10] = l->sequence++;
	at[11] = 1; /* system */
	at[12] = 1; /* component: autopilot */
	at[13] = m->id;
	memcpy(at + 14, m->payload, m->len);
	crc = x25(at + 9, (size_t)5 + m->len, 0xFFFF);
	crc = x25(&m->extra, 1, crc);
	put_le(at + 14 + m->len, crc, 2);
	l->len += (size_t)16 + m->len;
	return true;
}

static void put_float(uint8_t *at, double v)
{
	float x = (float)v;
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	put_le(at, bits, 4);
}

static void put_i32(uint8_t *at, double v)
{
	put_le(at, (uint32_t)(int32_t)floor(v + 0.5), 4);
}

static struct message heartbeat(void)
{
	struct message m = {.id = 0, .extra = 50, .len = 9};

	put_le(m.payload, 3, 4); /* custom mode: AUTO */
	m.payload[4] = 2;        /* quadrotor */
	m.payload[5] = 3;        /* ArduPilot */
	m.payload[6] = 0x9D;     /* armed, stabilised, guided, auto */
	m.payload[7] = 4;        /* active */
	m.payload[8] = 3;
	return m;
}

static struct message system_time(struct instant t, uint32_t boot_ms)
{
	struct message m = {.id = 2, .extra = 137, .len = 12};

	put_le(m.payload, (uint64_t)(t.utc_ns / 1000), 8);
	put_le(m.payload + 8, boot_ms, 4);
	return m;
}

static struct message gps_raw(struct instant t, struct point p,
	const struct pose *o, double trouble, double jitter)
{
	struct message m = {.id = 24, .extra = 24, .len = 30};
	int sats = (int)floor(14 - 10 * trouble + 0.8 * jitter);

	put_le(m.payload, (uint64_t)(t.utc_ns / 1000), 8);
	put_i32(m.payload + 8, p.lat_deg * 1e7);
	put_i32(m.payload + 12, p.lon_deg * 1e7);
	put_i32(m.payload + 16, (GROUND_M + D01_ABOVE_M) * 1000.0);
	put_le(m.payload + 20, (uint64_t)(80 + 1400 * trouble), 2);
	put_le(m.payload + 22, (uint64_t)(120 + 1900 * trouble), 2);
	put_le(m.payload + 24, (uint64_t)(o->speed_ms * 100), 2);
	put_le(m.payload + 26, (uint64_t)(o->course_deg * 100), 2);
	m.payload[28] = trouble > 0.9 ? 1 : trouble > 0.5 ? 2 : 3;
	m.payload[29] = (uint8_t)(sats < 0 ? 0 : sats);
	return m;
}

static struct message attitude(uint32_t boot_ms, const struct pose *o)
{
	struct message m = {.id = 30, .extra = 39, .len = 28};
	double yaw = o->course_deg > 180 ? o->course_deg - 360 : o->course_deg;

	put_le(m.payload, boot_ms, 4);
	put_float(m.payload + 4, RAD(o->roll_deg));
	put_float(m.payload + 8, RAD(-4));
	put_float(m.payload + 12, RAD(yaw));
	return m;
}

static struct message position(
	uint32_t boot_ms, struct point p, const struct pose *o)
{
	struct message m = {.id = 33, .extra = 104, .len = 28};
	double c = RAD(o->course_deg);

	put_le(m.payload, boot_ms, 4);
	put_i32(m.payload + 4, p.lat_deg * 1e7);
	put_i32(m.payload + 8, p.lon_deg * 1e7);
	put_i32(m.payload + 12, (GROUND_M + D01_ABOVE_M) * 1000.0);
	put_i32(m.payload + 16, D01_ABOVE_M * 1000.0);
	put_le(m.payload + 20,
		(uint16_t)(int16_t)(100 * o->speed_ms * m_cos(c)), 2);
	put_le(m.payload + 22,
		(uint16_t)(int16_t)(100 * o->speed_ms * m_sin(c)), 2);
	put_le(m.payload + 26, (uint64_t)(o->course_deg * 100), 2);
	return m;
}

static struct message estimator(double trouble)
{
	struct message m = {.id = 193, .extra = 71, .len = 22};

	put_float(m.payload, 0.05 + 0.6 * trouble);
	put_float(m.payload + 4, 0.08 + 0.9 * trouble);
	put_float(m.payload + 8, 0.1 + 0.3 * trouble);
	put_float(m.payload + 12, 0.06);
	/* All good: attitude, velocities, positions (831 = 0x33F); without
	 * satellites the absolute position (bit 4) is not. */
	put_le(m.payload + 20, trouble > 0.5 ? 0x32F : 0x33F, 2);
	return m;
}

/* Where on a path of straight legs, at constant speed. */
static struct pose pose_at(const struct xy *leg, size_t count, double way_m,
	double speed_ms)
{
	struct pose o = {.at = leg[count - 1]};

	for (size_t i = 0; i + 1 < count; i++) {
		double d = world_distance(leg[i], leg[i + 1]);
		double u = way_m / d;

		if (way_m > d && i + 2 < count) {
			way_m -= d;
			continue;
		}
		u = fmin(u, 1);
		o.at.x_m = leg[i].x_m + u * (leg[i + 1].x_m - leg[i].x_m);
		o.at.y_m = leg[i].y_m + u * (leg[i + 1].y_m - leg[i].y_m);
		o.course_deg = DEG(m_atan2(leg[i + 1].x_m - leg[i].x_m,
			leg[i + 1].y_m - leg[i].y_m));
		if (o.course_deg < 0)
			o.course_deg += 360;
		o.speed_ms = u < 1 ? speed_ms : 0;
		break;
	}
	return o;
}

static double length_m(const struct xy *leg, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i + 1 < count; i++)
		sum += world_distance(leg[i], leg[i + 1]);
	return sum;
}

/* 0 sound .. 1 no fix: sets in within 5 s, ends within 10. */
static double trouble_at(struct span s, struct instant t)
{
	double in = instant_seconds(s.from, t) / 5;
	double out = instant_seconds(t, s.to) / 10;

	return fmax(0, fmin(1, fmin(in, out)));
}

static bool put_half_second(struct world *w, struct log *l, struct instant t,
	size_t i, const struct pose *o, double trouble, struct fault *f)
{
	const uint32_t boot_ms = (uint32_t)(60000 + 500 * i);
	const uint64_t stream = philox_stream("flight", "D-01", 0);
	double noise = philox_normal(w->seed, stream, 3 * i);
	struct xy seen = {o->at.x_m + (0.8 + 60 * trouble) *
			philox_normal(w->seed, stream, 3 * i + 1),
		o->at.y_m + (0.8 + 60 * trouble) *
			philox_normal(w->seed, stream, 3 * i + 2)};
	struct message m[6] = {attitude(boot_ms, o),
		position(boot_ms, world_point(w, seen), o),
		gps_raw(t, world_point(w, seen), o, trouble, noise),
		heartbeat(), system_time(t, boot_ms), estimator(trouble)};

	/* The last three once a second. */
	for (size_t k = 0; k < (i % 2 == 0 ? 6u : 3u); k++) {
		if (!put_frame(l, t, &m[k], f))
			return false;
		t.utc_ns += 3000000;
	}
	return true;
}

static void tell_span(struct json *j, const char *source, struct span s)
{
	json_key_text(j, "source", source);
	json_key_time(j, "from", s.from, 0);
	json_key_time(j, "to", s.to, 0);
}

static void tell_flight(struct world *w, const char *source, struct span s)
{
	struct json j = world_truth(w, "flight");

	tell_span(&j, source, s);
	world_truth_end(w, &j);
}

static void tell_event(struct world *w, const char *id, const char *kind,
	struct span s, struct xy at, const char *party)
{
	struct json j = world_incident(w, id, s.from, at, kind, 1);

	world_whose(&j, party, NULL, true);
	tell_span(&j, "D-01", s);
	world_truth_end(w, &j);
}

/* From the west, across the buffer at its middle, along and back. */
static const struct xy d01_path[] = {{-6000, 1500}, {-500, 2200},
	{1200, 2600}, {1400, 5400}, {-900, 5600}, {-6000, 1600}};
/* A round over the eastern side at height.  Its camera looks 1788 m ahead, so
 * it sees what stands at the second and third corner (demo.c, sightings) 81 s
 * before it is there: at 12:10:55 and 12:22:20. */
static const struct xy d02_path[] = {{-3000, -2000}, {5200, 3000},
	{19400, 8000}, {19500, 5200}, {6000, 500}, {-2600, -2600}};
enum {
	D01_LEGS = sizeof d01_path / sizeof *d01_path,
	D02_LEGS = sizeof d02_path / sizeof *d02_path,
};

static bool put_d01(struct world *w, struct log *l, struct fault *f)
{
	const struct instant start = world_time("2026-02-04T09:40:00Z");
	const struct span bad = {world_time("2026-02-04T09:51:30Z"),
		world_time("2026-02-04T09:53:20Z")};
	/* A minute on the ground first, so that the receiver was good. */
	size_t count = (size_t)(2 * (60 + length_m(d01_path, D01_LEGS) /
			D01_MS + 20));
	struct span all = {start,
		instant_plus_s(start, 0.5 * (double)count)};

	l->len = 0;
	for (size_t i = 0; i < count; i++) {
		struct instant t = instant_plus_s(start, 0.5 * (double)i);
		double air_s = fmax(0, 0.5 * (double)i - 60);
		struct pose o = pose_at(
			d01_path, D01_LEGS, air_s * D01_MS, D01_MS);

		if (air_s <= 0)
			o.speed_ms = 0;
		if (!put_half_second(w, l, t, i, &o, trouble_at(bad, t), f))
			return false;
	}
	tell_flight(w, "D-01", all);
	/* Into the buffer and out, at the drawn edge (folder.c). */
	tell_event(w, "f01", "flight", (struct span){
		world_time("2026-02-04T09:47:43Z"),
		world_time("2026-02-04T09:59:47Z")}, d01_path[1], "mission");
	tell_event(w, "j01", "jamming", bad, (struct xy){1219, 2869}, NULL);
	return world_file(w, "inbox/D-01/flight_20260204.tlog",
		(struct bytes){l->at, l->len}, f);
}

static void item(struct log *l, uint8_t tag, uint64_t v, uint8_t n)
{
	l->at[l->len++] = tag;
	l->at[l->len++] = n;
	put_be(l->at + l->len, v, n);
	l->len += n;
}

static void item_text(struct log *l, uint8_t tag, const char *s)
{
	l->at[l->len++] = tag;
	l->at[l->len++] = (uint8_t)strlen(s);
	memcpy(l->at + l->len, s, strlen(s));
	l->len += strlen(s);
}

/* Signed over a full range L: v (2^n - 2) / L; unsigned from min over range:
 * (v - min)(2^n - 1) / range. */
static uint64_t as_signed(double v, double range, int bits)
{
	double steps = (double)((UINT64_C(1) << bits) - 2);

	return (uint64_t)(int64_t)floor(v * steps / range + 0.5);
}

static uint64_t as_unsigned(double v, double low, double range, int bits)
{
	double steps = (double)((UINT64_C(1) << bits) - 1);

	return (uint64_t)floor((v - low) * steps / range + 0.5);
}

/* Camera straight ahead, 40 degrees below the horizon, 20 x 11 degrees. */
static const double down_deg = 40, hfov_deg = 20, vfov_deg = 11.25;

static struct xy ahead(const struct pose *o, double forward_m, double right_m)
{
	double c = RAD(o->course_deg);

	return (struct xy){
		o->at.x_m + forward_m * m_sin(c) + right_m * m_cos(c),
		o->at.y_m + forward_m * m_cos(c) - right_m * m_sin(c)};
}

/* Ground seen in the direction (u, v) of half fields of view, flat ground. */
static struct xy seen(const struct pose *o, double u, double v)
{
	double rise = v * m_tan(RAD(vfov_deg / 2));
	double side = u * m_tan(RAD(hfov_deg / 2));
	double sd = m_sin(RAD(down_deg)), cd = m_cos(RAD(down_deg));
	double k = D02_ABOVE_M / (sd - rise * cd); /* along the ray */

	return ahead(o, k * (cd + rise * sd), k * side);
}

static void put_ground(struct world *w, struct log *l, const struct pose *o)
{
	/* Corners in the order of items 26 to 33: upper left, clockwise. */
	static const double u[4] = {-1, 1, 1, -1}, v[4] = {1, 1, -1, -1};
	struct point c = world_point(w, seen(o, 0, 0));

	item(l, 21, as_unsigned(D02_ABOVE_M / m_sin(RAD(down_deg)), 0, 5e6, 32),
		4);
	item(l, 22, as_unsigned(2 * D02_ABOVE_M / m_sin(RAD(down_deg)) *
			m_tan(RAD(hfov_deg / 2)), 0, 10000, 16), 2);
	item(l, 23, as_signed(c.lat_deg, 180, 32), 4);
	item(l, 24, as_signed(c.lon_deg, 360, 32), 4);
	item(l, 25, as_unsigned(GROUND_M, -900, 19900, 16), 2);
	for (uint8_t i = 0; i < 4; i++) {
		struct point p = world_point(w, seen(o, u[i], v[i]));

		item(l, (uint8_t)(26 + 2 * i),
			as_signed(p.lat_deg - c.lat_deg, 0.15, 16), 2);
		item(l, (uint8_t)(27 + 2 * i),
			as_signed(p.lon_deg - c.lon_deg, 0.15, 16), 2);
	}
}

static void put_items(struct world *w, struct log *l, struct instant t,
	const struct pose *o)
{
	struct point p = world_point(w, o->at);

	item(l, 2, (uint64_t)(t.utc_ns / 1000), 8);
	item_text(l, 3, "DEMO");
	item(l, 5, as_unsigned(o->course_deg, 0, 360, 16), 2);
	item(l, 6, as_signed(1.5, 40, 16), 2);
	item(l, 7, as_signed(o->roll_deg, 100, 16), 2);
	item_text(l, 10, "D-02");
	item_text(l, 11, "EO");
	item(l, 13, as_signed(p.lat_deg, 180, 32), 4);
	item(l, 14, as_signed(p.lon_deg, 360, 32), 4);
	item(l, 15, as_unsigned(GROUND_M + D02_ABOVE_M, -900, 19900, 16), 2);
	item(l, 16, as_unsigned(hfov_deg, 0, 180, 16), 2);
	item(l, 17, as_unsigned(vfov_deg, 0, 180, 16), 2);
	item(l, 18, as_unsigned(0, 0, 360, 32), 4);
	/* Against the airframe, whose nose is 1.5 degrees up. */
	item(l, 19, as_signed(-down_deg - 1.5, 360, 32), 4);
	item(l, 20, as_unsigned(0, 0, 360, 32), 4);
	put_ground(w, l, o);
	item(l, 65, 19, 1);
}

static void put_packet(struct world *w, struct log *l, struct instant t,
	const struct pose *o)
{
	static const uint8_t key[16] = {0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B,
		0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00};
	size_t start = l->len, body;
	uint16_t sum = 0;

	memcpy(l->at + l->len, key, sizeof key);
	l->len += sizeof key + 2; /* two-byte length, set below */
	body = l->len;
	put_items(w, l, t, o);
	l->at[start + 16] = 0x81;
	l->at[start + 17] = (uint8_t)(l->len - body + 4);
	l->at[l->len++] = 1;
	l->at[l->len++] = 2;
	/* Item 1: 16-bit words summed from the key's first byte through this
	 * item's length. */
	for (size_t i = start; i < l->len; i++)
		sum = (uint16_t)(sum + (uint16_t)(l->at[i]
				<< (8 * ((i - start + 1) % 2))));
	put_be(l->at + l->len, sum, 2);
	l->len += 2;
}

static bool put_d02(struct world *w, struct log *l, struct fault *f)
{
	const struct instant start = world_time("2026-02-04T12:05:00Z");
	double long_m = length_m(d02_path, D02_LEGS);
	size_t count = (size_t)(long_m / D02_MS);
	struct span all = {start, instant_plus_s(start, (double)count)};

	l->len = 0;
	for (size_t i = 0; i < count; i++) {
		struct pose o = pose_at(
			d02_path, D02_LEGS, D02_MS * (double)i, D02_MS);

		if (l->len + PACKET > LOG_MAX)
			return fault(f, FAULT_LIMIT,
				"sim: camera log over %d bytes", LOG_MAX);
		put_packet(w, l, instant_plus_s(start, (double)i), &o);
	}
	tell_flight(w, "D-02", all);
	return world_file(w, "inbox/D-02/camera_20260204.klv",
		(struct bytes){l->at, l->len}, f);
}

bool flight_write(struct world *w, struct fault *f)
{
	size_t mark = w->arena->used;
	struct log l = {.at = arena_take(w->arena, LOG_MAX, f)};
	bool ok = l.at && put_d01(w, &l, f) && put_d02(w, &l, f);

	w->arena->used = mark;
	return ok;
}
