/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gnss.c - interference with a vehicle's satellite navigation: how sure, and
 * never by whom (TRACKS.md 6).
 *
 * Nothing counts until the receiver was good: a 3-D fix held for 60 s, 8
 * satellites, 10 m, no restart since.  Then an episode begins with the first
 * indicator and ends after 30 s without any; it becomes one detection with
 * the level that its indicators carry.  Cold start, restart and a steep bank
 * raise nothing.  A gap in the data is no indicator: it closes the episode. */
#include "base/maths.h"
#include "base/text.h"
#include "detect/detector.h"
#include "geo/frame.h"

enum { NAME = 48, PAST = 64, VEHICLES = 4 };

/* All cal., TRACKS.md 6. */
#define GOOD_S 60.0
#define GOOD_SATS 8.0
#define GOOD_M 10.0
#define LOST_S 5.0
#define WORSE 3.0
#define BOTH_S 15.0
#define RECOVERED_S 30.0
#define WINDOW_S 10.0
#define BANK_DEG 45.0
#define BANK_S 15.0
#define GAP_S 30.0
#define V_MAX_MS 60.0   /* small drones; cal. */
#define NOISE_UP 20.0   /* of a SiK radio's units, 1.9 a dB: 10 dB; cal. */
#define UERE_M 5.0

enum sign {
	SIGN_SATS = 1 << 0,
	SIGN_ACCURACY = 1 << 1,
	SIGN_FIX = 1 << 2,
	SIGN_RECEIVER = 1 << 3,
	SIGN_LINK = 1 << 4,
	SIGN_JUMP = 1 << 5,
};
#define SIGNS_S (SIGN_SATS | SIGN_ACCURACY | SIGN_FIX)

struct fix {
	struct instant at;
	double sats, acc_m, fix_type;
	struct point point;
};

struct vehicle {
	char name[NAME];
	struct fix past[PAST]; /* a ring, at most one each 0.2 s */
	size_t count;
	struct fix last, best; /* best: the good state before the episode */
	struct instant good_from, banked, lost_from;
	bool good; /* was good for GOOD_S, no restart since */
	double noise; /* slow mean of the control link's */
	unsigned receiver, link; /* signs from other messages, held */
	struct instant receiver_at, link_at;
	/* The episode. */
	bool open;
	unsigned signs;
	struct instant from, to, pair_from;
	double pair_s; /* longest stretch with two S signs */
	double sats_least;
	struct place place;
	struct cite cite;
};

struct state {
	char source[NAME];
	struct vehicle vehicle[VEHICLES];
	size_t vehicles;
};

/* Cut when longer: a name is compared by as much. */
static void keep(char to[NAME], const char *name)
{
	struct text t = text_on(to, NAME);

	text_add(&t, name);
}

static bool sees(enum observation_what what)
{
	return what == OBSERVATION_GNSS || what == OBSERVATION_STATUS;
}

static void start(
	void *self, const struct source *source, const struct mission *m)
{
	(void)self;
	(void)source;
	(void)m;
}

static struct vehicle *vehicle_of(struct state *s, const char *name)
{
	struct vehicle *v;

	for (size_t i = 0; i < s->vehicles; i++)
		if (strncmp(s->vehicle[i].name, name, NAME - 1) == 0)
			return &s->vehicle[i];
	if (s->vehicles == VEHICLES)
		return NULL;
	v = &s->vehicle[s->vehicles++];
	*v = (struct vehicle){.noise = NAN};
	keep(v->name, name);
	v->good_from = v->banked = v->lost_from = v->pair_from =
		v->receiver_at = v->link_at = v->last.at = INSTANT_UNKNOWN;
	return v;
}

static bool within(struct instant then, struct instant now, double s)
{
	return instant_known(then) && instant_seconds(then, now) <= s;
}

static int bits(unsigned v)
{
	int n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

/* The words of TRACKS.md 6; NULL: nothing to say. */
static const char *level_of(const struct vehicle *v, enum kind *kind)
{
	bool s = v->signs & SIGNS_S, pair = v->pair_s >= BOTH_S;
	bool more = v->signs & (SIGN_RECEIVER | SIGN_LINK);

	*kind = KIND_UNKNOWN;
	if ((v->signs & SIGN_JUMP) && !s) {
		*kind = KIND_SPOOFING;
		return "spoofing, probable";
	}
	if (pair && !(v->signs & SIGN_JUMP)) {
		*kind = KIND_JAMMING;
		return more ? "jamming, probable" : "interference, probable";
	}
	if (s && instant_seconds(v->from, v->to) >= BOTH_S)
		return "degraded, cause undetermined";
	return NULL;
}

static void indicators(unsigned signs, struct text *t)
{
	static const char *const words[] = {"satellites lost",
		"accuracy worse", "fix lost", "receiver's own alarm",
		"noise on the control link", "position jumped"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!(signs & 1u << i))
			continue;
		if (t->len > 0)
			text_add(t, ", ");
		text_add(t, words[i]);
	}
}

static bool close_episode(const struct state *s, struct vehicle *v,
	const struct detections *out, struct fault *f)
{
	char list[160];
	struct text t = text_on(list, sizeof list);
	struct detection d = detection_new();
	struct feature feature[3] = {
		{"duration_s", instant_seconds(v->from, v->to)},
		{"sats_before", v->best.sats}, {"sats_least", v->sats_least}};
	struct attribute attribute[4] = {{"alternatives",
		"restart, cold start and steep bank looked for, not found"},
		{"indicators", list}, {"level", NULL}, {"vehicle", v->name}};
	const char *level = level_of(v, &d.kind);

	v->open = false;
	v->good = false;
	v->good_from = INSTANT_UNKNOWN;
	if (!level)
		return true;
	indicators(v->signs, &t);
	attribute[2].text = level;
	d.source = s->source;
	d.modality = MODALITY_TRACK;
	d.detector = "gnss";
	d.at = v->from;
	d.sigma_s = 1;
	d.until = v->to;
	d.count = COUNT_OF(1);
	d.place = v->place;
	d.cite = v->cite;
	d.feature = feature;
	d.feature_count = 3;
	d.attribute = attribute;
	d.attribute_count = 4;
	detection_name(&d);
	return out->put(out->self, &d, f);
}

static struct fix fix_of(const struct observation *o)
{
	const struct feature *x = o->feature;
	size_t n = o->feature_count;
	struct fix q = {o->at, feature_of(x, n, "sats"),
		feature_of(x, n, "h_acc_m"), feature_of(x, n, "fix_type"),
		{o->place.lat_deg, o->place.lon_deg}};

	if (isnan(q.acc_m))
		q.acc_m = UERE_M * feature_of(x, n, "hdop");
	return q;
}

static void remember(struct vehicle *v, const struct fix *q)
{
	if (v->count > 0 && within(v->past[(v->count - 1) % PAST].at, q->at,
				    0.19))
		return;
	v->past[v->count++ % PAST] = *q;
}

static double most_sats(const struct vehicle *v, struct instant now)
{
	double most = NAN;
	size_t n = v->count < PAST ? v->count : PAST;

	for (size_t i = 0; i < n; i++)
		if (within(v->past[i].at, now, WINDOW_S))
			most = fmax(most, v->past[i].sats);
	return most;
}

static bool is_good(const struct fix *q)
{
	return q->fix_type >= 3 && q->sats >= GOOD_SATS && q->acc_m <= GOOD_M;
}

static bool jumped(const struct fix *a, const struct fix *b)
{
	double dt = instant_seconds(a->at, b->at);

	if (!isfinite(a->point.lat_deg) || !isfinite(b->point.lat_deg) ||
		!is_good(a) || !is_good(b) || !(dt >= 0) || dt > GAP_S)
		return false;
	struct frame f = frame_at(a->point.lat_deg, a->point.lon_deg);
	struct xy p = frame_to(&f, b->point.lat_deg, b->point.lon_deg);
	double err = sqrt(a->acc_m * a->acc_m + b->acc_m * b->acc_m);

	return sqrt(p.x_m * p.x_m + p.y_m * p.y_m) > V_MAX_MS * dt + 5 * err;
}

static unsigned signs_of(struct vehicle *v, const struct fix *q)
{
	double most = most_sats(v, q->at);
	unsigned signs = 0;

	/* Once down, still down: the window forgets, the good state not. */
	if (q->sats <= most / 2 || (v->open && q->sats <= v->best.sats / 2))
		signs |= SIGN_SATS;
	if (q->acc_m >= WORSE * v->best.acc_m)
		signs |= SIGN_ACCURACY;
	if (!(q->fix_type < 3))
		v->lost_from = INSTANT_UNKNOWN;
	else if (!instant_known(v->lost_from))
		v->lost_from = q->at;
	if (instant_known(v->lost_from) &&
		instant_seconds(v->lost_from, q->at) >= LOST_S)
		signs |= SIGN_FIX;
	if (jumped(&v->last, q))
		signs |= SIGN_JUMP;
	return signs;
}

static void extend(struct vehicle *v, const struct fix *q, unsigned signs,
	const struct observation *o)
{
	if (!v->open) {
		v->open = true;
		v->signs = 0;
		v->pair_s = 0;
		v->pair_from = INSTANT_UNKNOWN;
		v->from = q->at;
		v->sats_least = v->best.sats;
		/* Where the vehicle was when it began: the last good fix. */
		v->cite = o->cite;
	}
	v->to = q->at;
	v->signs |= signs;
	v->sats_least = fmin(v->sats_least, q->sats);
	if (within(v->receiver_at, q->at, RECOVERED_S))
		v->signs |= SIGN_RECEIVER;
	if (within(v->link_at, q->at, RECOVERED_S))
		v->signs |= SIGN_LINK;
	if (bits(signs & SIGNS_S) < 2) {
		v->pair_from = INSTANT_UNKNOWN;
		return;
	}
	if (!instant_known(v->pair_from))
		v->pair_from = q->at;
	v->pair_s = fmax(v->pair_s, instant_seconds(v->pair_from, q->at));
}

static void become_good(struct vehicle *v, const struct fix *q,
	const struct observation *o)
{
	if (!is_good(q)) {
		if (!v->good)
			v->good_from = INSTANT_UNKNOWN;
		return;
	}
	if (!instant_known(v->good_from))
		v->good_from = q->at;
	if (instant_seconds(v->good_from, q->at) < GOOD_S)
		return;
	v->good = true;
	v->best = *q;
	v->place = o->place;
	v->place.region.ring = NULL;
	v->place.region.ring_count = 0;
}

static bool receiver(const struct state *s, struct vehicle *v,
	const struct observation *o, const struct detections *out,
	struct fault *f)
{
	struct fix q = fix_of(o);
	unsigned signs;

	if (!instant_known(q.at) || isnan(q.fix_type))
		return true;
	if (instant_known(v->last.at) && !within(v->last.at, q.at, GAP_S)) {
		if (v->open && !close_episode(s, v, out, f))
			return false;
		v->good = false;
		v->good_from = v->lost_from = INSTANT_UNKNOWN;
		v->count = 0;
	}
	signs = v->good ? signs_of(v, &q) : 0;
	if (within(v->banked, q.at, BANK_S))
		signs = 0;
	if (signs)
		extend(v, &q, signs, o);
	else if (v->open && !within(v->to, q.at, RECOVERED_S) &&
		!close_episode(s, v, out, f))
		return false;
	if (!v->open)
		become_good(v, &q, o);
	remember(v, &q);
	v->last = q;
	return true;
}

static bool status(const struct state *s, struct vehicle *v,
	const struct observation *o, const struct detections *out,
	struct fault *f)
{
	const struct feature *x = o->feature;
	const char *event = attribute_of(
		o->attribute, o->attribute_count, "event");
	double roll = feature_of(x, o->feature_count, "roll_deg");
	double noise = feature_of(x, o->feature_count, "link_noise");

	if (fabs(roll) >= BANK_DEG)
		v->banked = o->at;
	if (isfinite(noise)) {
		if (noise >= v->noise + NOISE_UP)
			v->link_at = o->at;
		else /* 64 reports, about a minute: slow against jamming */
			v->noise = isnan(v->noise)
				? noise
				: v->noise + (noise - v->noise) / 64;
	}
	if (event && strcmp(event, "restart") == 0) {
		if (v->open && !close_episode(s, v, out, f))
			return false;
		v->good = false;
		v->good_from = v->lost_from = INSTANT_UNKNOWN;
		v->count = 0;
		v->last.point = (struct point){NAN, NAN};
	}
	return true;
}

static bool observation(void *self, const struct observation *o,
	const struct detections *out, struct fault *f)
{
	struct state *s = self;
	const char *name = attribute_of(
		o->attribute, o->attribute_count, "vehicle");
	struct vehicle *v = vehicle_of(s, name ? name : "");
	double jam = feature_of(o->feature, o->feature_count, "jamming_state");
	double spoof = feature_of(
		o->feature, o->feature_count, "spoofing_state");

	/* A second receiver of one vehicle would look like jumps. */
	if (!v || feature_of(o->feature, o->feature_count, "receiver") > 1)
		return true;
	keep(s->source, o->source);
	if (jam == 3 || spoof == 3)
		v->receiver_at = o->at;
	return o->what == OBSERVATION_GNSS ? receiver(s, v, o, out, f)
					   : status(s, v, o, out, f);
}

static bool finish(void *self, const struct detections *out, struct fault *f)
{
	struct state *s = self;

	for (size_t i = 0; i < s->vehicles; i++)
		if (s->vehicle[i].open &&
			!close_episode(s, &s->vehicle[i], out, f))
			return fault_in(f, "gnss");
	return true;
}

const struct detector detector_gnss = {
	.name = "gnss",
	.about = "interference with satellite navigation, never attributed",
	.state_size = sizeof(struct state),
	.sees = sees,
	.start = start,
	.observation = observation,
	.finish = finish,
};
