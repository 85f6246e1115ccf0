/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/mavlink_say.h"

#include "base/maths.h"
#include "base/text.h"

/* Clocks.  SYSTEM_TIME was steady within 22 ms of the boot counter in a real
 * copter log: 0.1 s.  A recorder's stamp holds the delay of the link and the
 * error of a ground computer's clock, 1.1 s in the same log: 1 s. */
#define SIGMA_SAID_S 0.1
#define SIGMA_STAMP_S 1.0
enum {
	STEP_MS = 250,     /* a clock that moves more was set anew */
	FALL_MS = 2000,    /* late datagrams may be older by this */
	YEAR_2000_S = 946684800,
};
/* What a position may still borrow from an older message. */
#define FRESH_S 5.0
/* TRACKS.md 4: metres of range error a unit of HDOP; radius of 90 % from a
 * 1-sigma radial error. */
#define UERE_M 5.0
#define R90_OF_RADIAL 1.52

struct said {
	struct observation o;
	struct feature feature[24];
	struct attribute attribute[6];
	char name[24]; /* of the vehicle heard, made here */
	const struct mavlink_frame *m;
	struct mavlink_system *s;
};

static void number(struct said *s, const char *name, double v)
{
	if (isfinite(v) &&
		s->o.feature_count < sizeof s->feature / sizeof *s->feature)
		s->feature[s->o.feature_count++] = (struct feature){name, v};
}

static void word(struct said *s, const char *name, const char *text)
{
	if (s->o.attribute_count < sizeof s->attribute / sizeof *s->attribute)
		s->attribute[s->o.attribute_count++] =
			(struct attribute){name, text};
}

static double known(uint64_t v, uint64_t unknown, double unit)
{
	return v == unknown ? NAN : (double)v / unit;
}

static double speed_cms(int16_t v)
{
	return v == INT16_MAX ? NAN : v / 100.0;
}

/* Degrees from 1e-7; INT32_MAX, (0, 0) and what is off the Earth: unknown. */
static struct point place_of(int32_t lat, int32_t lon)
{
	struct point p = {lat / 1e7, lon / 1e7};

	if ((lat == 0 && lon == 0) || fabs(p.lat_deg) > 90 ||
		fabs(p.lon_deg) > 180)
		p = (struct point){NAN, NAN};
	return p;
}

static double height_mm(int32_t mm)
{
	return mm == INT32_MAX ? NAN : mm / 1000.0;
}

static bool fresh(struct instant then, struct instant now)
{
	return instant_known(then) && instant_known(now) &&
		fabs(instant_seconds(then, now)) <= FRESH_S;
}

/* R90 about the fix, longer along the course by what the clock may be off. */
static struct ellipse ellipse_of(
	double r90_m, double speed_ms, double course_deg, double sigma_s)
{
	double along = REGION_SIGMA_90 * speed_ms * sigma_s;

	if (!isfinite(r90_m))
		return (struct ellipse){INFINITY, INFINITY, 0};
	if (!(along > 0) || !isfinite(course_deg))
		return (struct ellipse){r90_m, r90_m, 0};
	return (struct ellipse){sqrt(r90_m * r90_m + along * along), r90_m,
		course_deg - 180 * floor(course_deg / 180)};
}

/* Boot counter in milliseconds, or -1: this message has none. */
static int64_t boot_of(const struct mavlink_frame *m)
{
	switch (m->id) {
	case 2:
		return (int64_t)mavlink_frame_u(m, 8, 4);
	case 24:
	case 124:
	case 230: {
		uint64_t us = mavlink_frame_u(m, 0, 8);

		/* Magnitude tells boot time from Unix time (common.xml). */
		return us / 1000000 < YEAR_2000_S ? (int64_t)(us / 1000) : -1;
	}
	case 30:
	case 33:
	case 265:
	case 271:
	case 285:
		return (int64_t)mavlink_frame_u(m, 0, 4);
	default:
		return -1;
	}
}

static bool restarted(struct mavlink_system *s, const struct mavlink_frame *m)
{
	int64_t boot = boot_of(m);
	bool fell = false;

	if (boot < 0 || ((s->booted || s->offset_ms > 0) &&
				m->component != s->clock))
		return false;
	if (s->booted && boot < s->boot_ms - FALL_MS) {
		fell = true;
		s->offset_ms = 0;
		s->quality_at = s->attitude_at = INSTANT_UNKNOWN;
	}
	if (!s->booted || fell || boot > s->boot_ms)
		s->boot_ms = boot;
	s->booted = true;
	s->clock = m->component;
	return fell;
}

static void set_clock(struct mavlink_system *s, const struct mavlink_frame *m)
{
	uint64_t us = mavlink_frame_u(m, 0, 8);
	int64_t boot = (int64_t)mavlink_frame_u(m, 8, 4), offset;

	if (us / 1000000 < YEAR_2000_S ||
		us > (uint64_t)(INSTANT_MAX_NS / 1000) ||
		(s->booted && m->component != s->clock))
		return;
	offset = (int64_t)(us / 1000) - boot;
	if (offset > 0 && (s->offset_ms == 0 ||
				  offset > s->offset_ms + STEP_MS ||
				  offset < s->offset_ms - STEP_MS))
		s->offset_ms = offset;
}

void mavlink_say_clock(struct mavlink_say *say, const struct mavlink_frame *m)
{
	struct mavlink_system *s = mavlink_say_system(say, m->system);

	if (m->id == 2 && s->offset_ms == 0) {
		set_clock(s, m);
		s->clock = m->component;
	}
}

/* When the message says it was; its own clock, else the system's last, else
 * the recorder's stamp. */
static void set_time(struct said *d, struct instant stamp)
{
	struct mavlink_system *s = d->s;
	int64_t boot = boot_of(d->m);
	uint64_t us = d->m->id == 24 || d->m->id == 124 || d->m->id == 230
		? mavlink_frame_u(d->m, 0, 8)
		: 0;

	d->o.received = stamp;
	d->o.sigma_s = SIGMA_SAID_S;
	if (boot >= 0 && d->m->component == s->clock && s->offset_ms > 0)
		d->o.at = (struct instant){
			(s->offset_ms + boot) * 1000000};
	else if (us / 1000000 >= YEAR_2000_S &&
		us < (uint64_t)(INSTANT_MAX_NS / 1000))
		d->o.at = (struct instant){(int64_t)us * 1000};
	else if (instant_known(s->last) && s->offset_ms > 0)
		d->o.at = s->last;
	else {
		d->o.at = stamp;
		d->o.sigma_s = SIGMA_STAMP_S;
	}
	if (!instant_known(d->o.at))
		return;
	if (!instant_known(s->first))
		s->first = d->o.at;
	if (!instant_known(s->last) || d->o.at.utc_ns > s->last.utc_ns)
		s->last = d->o.at;
}

static void begin(struct said *d, enum observation_what what)
{
	struct instant at = d->o.at, received = d->o.received;
	double sigma_s = d->o.sigma_s;
	const char *source = d->o.source;
	struct cite cite = d->o.cite;

	d->o = observation_new(what);
	d->o.at = at;
	d->o.received = received;
	d->o.sigma_s = sigma_s;
	d->o.source = source;
	d->o.cite = cite;
	d->o.feature = d->feature;
	d->o.attribute = d->attribute;
	word(d, "vehicle", d->s->vehicle);
	word(d, "checksum", "ok");
	if (d->m->version == 2)
		word(d, "signed", d->m->is_signed ? "yes" : "no");
}

static bool put(struct mavlink_say *say, struct said *d, struct fault *f)
{
	if (!instant_known(d->o.at)) {
		say->timeless++;
		return true;
	}
	return say->in->observation(say->in->self, &d->o, f);
}

static bool heartbeat(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;

	begin(d, OBSERVATION_STATUS);
	/* MAV_MODE_FLAG_SAFETY_ARMED; an armed copter may fly. */
	word(d, "mode", mavlink_frame_u(m, 6, 1) & 0x80 ? "armed" : "disarmed");
	number(d, "custom_mode", (double)mavlink_frame_u(m, 0, 4));
	number(d, "vehicle_type", (double)mavlink_frame_u(m, 4, 1));
	number(d, "system_status", (double)mavlink_frame_u(m, 7, 1));
	return put(say, d, f);
}

static bool attitude(struct mavlink_say *say, struct said *d, struct fault *f)
{
	struct mavlink_system *s = d->s;
	double yaw = DEG(mavlink_frame_f(d->m, 12));

	s->roll_deg = DEG(mavlink_frame_f(d->m, 4));
	s->pitch_deg = DEG(mavlink_frame_f(d->m, 8));
	s->heading_deg = fabs(yaw) <= 720 ? yaw - 360 * floor(yaw / 360) : NAN;
	s->attitude_at = d->o.at;
	begin(d, OBSERVATION_STATUS);
	number(d, "roll_deg", s->roll_deg);
	number(d, "pitch_deg", s->pitch_deg);
	number(d, "heading_deg", s->heading_deg);
	return put(say, d, f);
}

static void quality(struct said *d)
{
	const struct mavlink_system *s = d->s;

	number(d, "fix_type", s->fix_type);
	number(d, "sats", s->sats);
	number(d, "hdop", s->hdop);
	number(d, "h_acc_m", s->h_acc_m);
}

static bool track(struct mavlink_say *say, struct said *d, struct point p,
	double speed_ms, double course_deg, struct fault *f)
{
	const struct mavlink_system *s = d->s;

	if (!isfinite(p.lat_deg))
		return true;
	d->o.place.lat_deg = p.lat_deg;
	d->o.place.lon_deg = p.lon_deg;
	d->o.place.region.ellipse = ellipse_of(
		fresh(s->quality_at, d->o.at) ? s->r90_m : NAN, speed_ms,
		course_deg, d->o.sigma_s);
	d->o.kind = KIND_FLIGHT;
	number(d, "speed_ms", speed_ms);
	number(d, "course_deg", course_deg);
	if (fresh(s->quality_at, d->o.at))
		quality(d);
	if (fresh(s->attitude_at, d->o.at)) {
		number(d, "roll_deg", s->roll_deg);
		number(d, "pitch_deg", s->pitch_deg);
		number(d, "heading_deg", s->heading_deg);
	}
	return put(say, d, f);
}

/* GLOBAL_POSITION_INT: the autopilot's own estimate. */
static bool position(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;
	struct point p = place_of(
		mavlink_frame_i32(m, 4), mavlink_frame_i32(m, 8));
	double north = speed_cms(mavlink_frame_i16(m, 20));
	double east = speed_cms(mavlink_frame_i16(m, 22));
	double down = speed_cms(mavlink_frame_i16(m, 24));
	double speed = sqrt(north * north + east * east);
	double course = speed > 0 ? DEG(m_atan2(east, north)) : NAN;

	if (isfinite(p.lat_deg))
		d->s->fused_at = d->o.at;
	begin(d, OBSERVATION_TRACK);
	d->o.place.alt_m = height_mm(mavlink_frame_i32(m, 12));
	number(d, "alt_relative_m", height_mm(mavlink_frame_i32(m, 16)));
	number(d, "climb_ms", isnan(down) ? NAN : 0 - down);
	return track(say, d, p, speed, course < 0 ? course + 360 : course, f);
}

struct gnss_layout { /* offsets of GPS_RAW_INT and GPS2_RAW */
	size_t eph, epv, vel, cog, fix, sats, alt_ellipsoid, h_acc, v_acc;
};

/* UINT16_MAX says unknown; autopilots also send 9999, and 0 before a fix. */
static double dilution(const struct mavlink_frame *m, size_t at)
{
	uint64_t v = mavlink_frame_u(m, at, 2);

	return v == UINT16_MAX || v == 9999 || v == 0 ? NAN : (double)v / 100;
}

/* Millimetres; 0 is an extension that was not sent. */
static double accuracy(const struct mavlink_frame *m, size_t at)
{
	uint64_t v = mavlink_frame_u(m, at, 4);

	return v == 0 || v == UINT32_MAX ? NAN : (double)v / 1000;
}

static void receiver_quality(
	struct said *d, const struct gnss_layout *at, struct point *p)
{
	struct mavlink_system *s = d->s;
	double r;

	s->fix_type = (double)mavlink_frame_u(d->m, at->fix, 1);
	s->sats = known(mavlink_frame_u(d->m, at->sats, 1), 255, 1);
	s->hdop = dilution(d->m, at->eph);
	s->h_acc_m = accuracy(d->m, at->h_acc);
	/* Below a 2-D fix (2) the numbers are of an earlier one. */
	if (s->fix_type < 2)
		*p = (struct point){NAN, NAN};
	r = isfinite(s->h_acc_m) ? s->h_acc_m : s->hdop * UERE_M;
	s->r90_m = s->fix_type < 2 ? NAN : R90_OF_RADIAL * r;
	s->quality_at = d->o.at;
}

static bool receiver(struct mavlink_say *say, struct said *d, struct fault *f)
{
	static const struct gnss_layout first = {
		20, 22, 24, 26, 28, 29, 30, 34, 38};
	static const struct gnss_layout second = {
		24, 26, 28, 30, 32, 33, 37, 41, 45};
	const struct mavlink_frame *m = d->m;
	const struct gnss_layout *at = m->id == 24 ? &first : &second;
	struct point p = place_of(
		mavlink_frame_i32(m, 8), mavlink_frame_i32(m, 12));
	double speed = known(mavlink_frame_u(m, at->vel, 2), UINT16_MAX, 100);
	double course = known(mavlink_frame_u(m, at->cog, 2), UINT16_MAX, 100);
	double alt = height_mm(mavlink_frame_i32(m, 16));
	int32_t ellipsoid = mavlink_frame_i32(m, at->alt_ellipsoid);
	struct mavlink_system kept = *d->s;

	receiver_quality(d, at, &p);
	begin(d, OBSERVATION_GNSS);
	number(d, "receiver", m->id == 24 ? 1 : 2);
	quality(d);
	number(d, "vdop", dilution(m, at->epv));
	number(d, "v_acc_m", accuracy(m, at->v_acc));
	number(d, "speed_ms", speed);
	number(d, "course_deg", course);
	if (isfinite(p.lat_deg)) {
		d->o.place.lat_deg = p.lat_deg;
		d->o.place.lon_deg = p.lon_deg;
		d->o.place.alt_m = alt;
		d->o.place.region.ellipse = ellipse_of(
			d->s->r90_m, speed, course, d->o.sigma_s);
		if (ellipsoid != 0)
			number(d, "alt_ellipsoid_m", height_mm(ellipsoid));
	}
	if (!put(say, d, f))
		return false;
	if (m->id == 124) {
		/* Positions are fused with the first receiver's accuracy. */
		*d->s = kept;
		return true;
	}
	/* A vehicle that sends no estimate of its own is where its receiver
	 * says. */
	if (fresh(d->s->fused_at, d->o.at))
		return true;
	begin(d, OBSERVATION_TRACK);
	d->o.place.alt_m = alt;
	return track(say, d, p, speed, course, f);
}

static bool link_status(
	struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;

	begin(d, OBSERVATION_STATUS);
	number(d, "link_rssi", known(mavlink_frame_u(m, 4, 1), 255, 1));
	number(d, "link_noise", known(mavlink_frame_u(m, 7, 1), 255, 1));
	number(d, "link_remote_rssi", known(mavlink_frame_u(m, 5, 1), 255, 1));
	number(d, "link_remote_noise", known(mavlink_frame_u(m, 8, 1), 255, 1));
	number(d, "link_errors", (double)mavlink_frame_u(m, 0, 2));
	return put(say, d, f);
}

static bool estimator(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;
	bool ekf = m->id == 193; /* else ESTIMATOR_STATUS */
	size_t at = ekf ? 0 : 8;

	begin(d, OBSERVATION_STATUS);
	number(d, "ekf_velocity", mavlink_frame_f(m, at));
	number(d, "ekf_horizontal", mavlink_frame_f(m, at + 4));
	number(d, "ekf_vertical", mavlink_frame_f(m, at + 8));
	number(d, "ekf_compass", mavlink_frame_f(m, at + 12));
	number(d, "ekf_flags", (double)mavlink_frame_u(m, ekf ? 20 : 40, 2));
	if (!ekf) {
		number(d, "h_acc_m", mavlink_frame_f(m, 32));
		number(d, "v_acc_m", mavlink_frame_f(m, 36));
	}
	return put(say, d, f);
}

static bool integrity(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;

	/* GNSS_INTEGRITY: 0 unknown, 1 none, 2 mitigated, 3 detected. */
	begin(d, OBSERVATION_GNSS);
	number(d, "jamming_state", known(mavlink_frame_u(m, 10, 1), 0, 1));
	number(d, "spoofing_state", known(mavlink_frame_u(m, 11, 1), 0, 1));
	return put(say, d, f);
}

/* A broadcast is a claim: its identity is the broadcast's, not the vehicle's
 * that heard it.  `name` lends its memory until the observation is put. */
/* d->name is made already. */
static void broadcast(struct said *d, enum kind kind)
{
	begin(d, OBSERVATION_TRACK);
	d->attribute[0] = (struct attribute){"vehicle", d->name};
	word(d, "reported_by", d->s->vehicle);
	d->o.kind = kind;
}

static bool broadcast_at(struct mavlink_say *say, struct said *d,
	struct point p, double r90_m, struct fault *f)
{
	if (!isfinite(p.lat_deg))
		return true;
	d->o.place.lat_deg = p.lat_deg;
	d->o.place.lon_deg = p.lon_deg;
	/* TRACKS.md 4: never below 10 m. */
	d->o.place.region.ellipse = ellipse_of(
		r90_m < 10 ? 10 : r90_m, NAN, NAN, NAN);
	return put(say, d, f);
}

static bool aircraft(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;
	uint64_t flags = mavlink_frame_u(m, 22, 2);
	struct text t = text_on(d->name, sizeof d->name);
	struct point p = place_of(
		mavlink_frame_i32(m, 4), mavlink_frame_i32(m, 8));

	text_fmt(
		&t, "icao-%06x", (unsigned)mavlink_frame_u(m, 0, 4) & 0xffffff);
	broadcast(d, KIND_FLIGHT);
	if (!(flags & 1)) /* ADSB_FLAGS_VALID_COORDS */
		return true;
	/* Altitude type 1 is geometric, 0 pressure: only the first is a
	 * height above the sea (nearly: above the ellipsoid). */
	if ((flags & 2) && mavlink_frame_u(m, 26, 1) == 1)
		number(d, "alt_ellipsoid_m",
			height_mm(mavlink_frame_i32(m, 12)));
	if (flags & 4)
		number(d, "course_deg",
			known(mavlink_frame_u(m, 16, 2), UINT16_MAX, 100));
	if (flags & 8) {
		number(d, "speed_ms",
			known(mavlink_frame_u(m, 18, 2), UINT16_MAX, 100));
		number(d, "climb_ms", speed_cms(mavlink_frame_i16(m, 20)));
	}
	/* The message carries no NACp: accuracy is not known. */
	return broadcast_at(say, d, p, NAN, f);
}

static bool vessel(struct mavlink_say *say, struct said *d, struct fault *f)
{
	const struct mavlink_frame *m = d->m;
	uint64_t flags = mavlink_frame_u(m, 24, 2);
	struct text t = text_on(d->name, sizeof d->name);

	text_fmt(&t, "mmsi-%09u", (unsigned)mavlink_frame_u(m, 0, 4));
	broadcast(d, KIND_VESSEL);
	if (flags & 2) /* AIS_FLAGS_VALID_COG */
		number(d, "course_deg",
			known(mavlink_frame_u(m, 12, 2), 36000, 100));
	if (flags & 4) /* AIS_FLAGS_VALID_VELOCITY */
		number(d, "speed_ms", (double)mavlink_frame_u(m, 16, 2) / 100);
	/* AIS: accuracy bit 10 m, without it 30 m (TRACKS.md 3.3), 95 %. */
	return broadcast_at(say, d,
		place_of(mavlink_frame_i32(m, 4), mavlink_frame_i32(m, 8)),
		(flags & 1 ? 10 : 30) * 0.877, f);
}

static bool remote_id(struct mavlink_say *say, struct said *d, struct fault *f)
{
	/* ASTM F3411-22a horizontal accuracy, 95 %, metres. */
	static const double acc_m[13] = {NAN, 18520, 7408, 3704, 1852, 926,
		555.6, 185.2, 92.6, 30, 10, 3, 1};
	const struct mavlink_frame *m = d->m;
	uint64_t acc = mavlink_frame_u(m, 53, 1);
	uint64_t course = mavlink_frame_u(m, 24, 2);
	double alt = mavlink_frame_f(m, 12);
	char name[4 + 2 * 20 + 1];
	struct text t = text_on(name, sizeof name);

	text_add(&t, "rid-");
	for (size_t i = 0; i < 6; i++) /* a MAC; zeros: its own */
		text_fmt(&t, "%02x", (unsigned)mavlink_frame_u(m, 32 + i, 1));
	broadcast(d, KIND_FLIGHT);
	number(d, "alt_ellipsoid_m", alt > -1000 ? alt : NAN);
	number(d, "course_deg", course <= 36000 ? (double)course / 100 : NAN);
	number(d, "speed_ms", known(mavlink_frame_u(m, 26, 2), 25500, 100));
	return broadcast_at(say, d,
		place_of(mavlink_frame_i32(m, 0), mavlink_frame_i32(m, 4)),
		acc < 13 ? acc_m[acc] * 0.877 : NAN, f);
}

static bool restart(struct mavlink_say *say, struct said *d, struct fault *f)
{
	begin(d, OBSERVATION_STATUS);
	word(d, "event", "restart");
	return put(say, d, f);
}

static bool say_one(struct mavlink_say *say, struct said *d, struct fault *f)
{
	switch (d->m->id) {
	case 0:
		return heartbeat(say, d, f);
	case 24:
	case 124:
		return receiver(say, d, f);
	case 30:
		return attitude(say, d, f);
	case 33:
		return position(say, d, f);
	case 109:
		return link_status(say, d, f);
	case 193:
	case 230:
		return estimator(say, d, f);
	case 246:
		return aircraft(say, d, f);
	case 301:
		return vessel(say, d, f);
	case 441:
		return integrity(say, d, f);
	case 12901:
		return remote_id(say, d, f);
	default:
		return true; /* sound, counted, not ours */
	}
}

/* Once a link is signed, an unsigned, repeated or backward frame is an alarm
 * (TRACKS.md 3.1): the first is told with its place, all are counted. */
static bool signing(struct mavlink_say *say, struct said *d, struct fault *f)
{
	struct mavlink_system *s = d->s;
	const struct mavlink_frame *m = d->m;
	const struct cite *c = &d->o.cite;

	if (m->is_signed) {
		bool back = s->signs && m->stamp_10us <= s->stamp_10us;

		s->signs = true;
		if (!back)
			s->stamp_10us = m->stamp_10us;
		else if (s->repeated++ == 0)
			return format_damage(say->in, c->offset, c->length, f,
				"mavlink: %s: signature's time does not rise: "
				"repeated or backward frame", s->vehicle);
	} else if (s->signs && s->unsigned_++ == 0) {
		return format_damage(say->in, c->offset, c->length, f,
			"mavlink: %s: unsigned frame on a signed link",
			s->vehicle);
	}
	return true;
}

bool mavlink_say_init(struct mavlink_say *say, const struct intake *in,
	const struct origin *origin, struct arena *arena, struct fault *f)
{
	*say = (struct mavlink_say){.in = in, .origin = origin};
	say->system = arena_array(
		arena, MAVLINK_SYSTEMS, sizeof *say->system, f);
	return say->system != NULL;
}

struct mavlink_system *mavlink_say_system(struct mavlink_say *say, uint8_t id)
{
	struct mavlink_system *s = &say->system[id];

	if (s->vehicle[0] == '\0') {
		struct text t = text_on(s->vehicle, sizeof s->vehicle);

		text_fmt(&t, "mav-%u", (unsigned)id);
		s->first = s->last = INSTANT_UNKNOWN;
		s->quality_at = s->attitude_at = s->fused_at = INSTANT_UNKNOWN;
		s->r90_m = s->h_acc_m = s->hdop = s->fix_type = s->sats = NAN;
		s->roll_deg = s->pitch_deg = s->heading_deg = NAN;
	}
	return s;
}

bool mavlink_say(struct mavlink_say *say, const struct mavlink_frame *m,
	struct instant stamp, struct cite cite, struct fault *f)
{
	struct said d = {.m = m,
		.s = mavlink_say_system(say, m->system)};
	bool fell;

	d.o.cite = cite;
	d.o.source = say->origin->source[0] ? say->origin->source
					    : d.s->vehicle;
	fell = restarted(d.s, m);
	if (m->id == 2)
		set_clock(d.s, m);
	set_time(&d, stamp);
	if (!signing(say, &d, f) || (fell && !restart(say, &d, f)))
		return false;
	return say_one(say, &d, f);
}

bool mavlink_say_counts(
	struct mavlink_say *say, struct cite cite, struct fault *f)
{
	const struct mavlink_frame none = {.version = 1};

	for (size_t i = 0; i < MAVLINK_SYSTEMS; i++) {
		struct mavlink_system *s = &say->system[i];
		struct said d = {.m = &none, .s = s};

		if (s->ok + s->unchecked + s->wrong == 0)
			continue;
		d.o.cite = cite;
		d.o.source = say->origin->source[0] ? say->origin->source
						    : s->vehicle;
		d.o.at = s->first;
		d.o.received = INSTANT_UNKNOWN;
		d.o.sigma_s = SIGMA_STAMP_S;
		begin(&d, OBSERVATION_STATUS);
		if (s->unchecked > 0)
			d.attribute[1].text = "unchecked";
		d.o.until = s->last;
		number(&d, "frames_ok", (double)s->ok);
		number(&d, "frames_unchecked", (double)s->unchecked);
		number(&d, "frames_wrong", (double)s->wrong);
		if (s->signs) {
			number(&d, "frames_unsigned", (double)s->unsigned_);
			number(&d, "frames_repeated", (double)s->repeated);
		}
		if (!put(say, &d, f))
			return false;
	}
	return true;
}
