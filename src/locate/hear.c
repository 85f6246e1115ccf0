/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/hear.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"

/* Turbulence, seconds a metre: 6 ms/km (docs/WAVEFORM.md 3.3: 5 to 10). */
#define ALPHA_S_PER_M 6e-6
/* A pick's error when its detector states none, and the least believed. */
#define PICK_UNKNOWN_S 0.010
#define PICK_LEAST_S 0.001
/* Clocks of a working node, without better knowledge (0.1-1 ms locked). */
#define CLOCK_S 0.001
/* Paths in towns: a sensor's residual is up to 14-21 ms and the same from
 * shot to shot (Pittsburgh set, FP1 and FP2; docs/WAVEFORM.md 3.3). */
#define PATH_TOWN_S 0.007
#define PATH_OPEN_S 0.002
/* Share and mean delay of late arrivals (docs/WAVEFORM.md 3.4). */
#define LATE_TOWN 0.2
#define LATE_OPEN 0.05
#define LATE_S 0.030
/* A network whose third neighbours are nearer than this stands in a town:
 * gunshot networks have 8-10 nodes a km2, field networks one or fewer. */
#define TOWN_M 800.0
/* Nothing quieter than an air raid is heard beyond six times that; bounds
 * keep a strange network file from making a strange search. */
#define RANGE_LEAST_M 3000.0
#define RANGE_MOST_M 30000.0
#define RANGE_NEIGHBOURS 3.0
/* Share of sounds in easy reach that a working node reports. */
#define PD_NEAR 0.8
/* False arrivals of a quiet node, 1/s: four an hour (docs/WAVEFORM.md 3.1). */
#define RATE_LEAST (4 / 3600.0)
#define LN_RATE_LEAST (-6.80239476332431092)
/* Where a known sound may have come from beyond the range of hearing: three a
 * second, half of one in the 0.15 s that fit it. */
#define LN_RATE_FAR 1.09861228866810969
/* Seconds of quiet that the prior of a node's rate is worth. */
#define RATE_QUIET_S 3.0
#define LOUDNESS_DB 3.0
#define LOUDNESS_LEAST_DB 48.0
/* A loud arrival has an echo or two that are told of, within such a time.
 * Without them a shot was put 400 m off by the echo at one ear, whose loud
 * arrival had come 0.23 s before (scale, 3,000 nodes, seed 70); with 1 or 4 in
 * place of 2 as many are found. */
#define ECHO_S 0.6
#define ECHO_HZ 2.0

enum { NEIGHBOUR = 4, SAMPLE_MAX = 64 };

static bool hears(const struct source *s)
{
	return s->kind == SOURCE_ACOUSTIC && isfinite(s->lat_deg) &&
		isfinite(s->lon_deg);
}

/* Distance to the third nearest other ear, INFINITY if there are fewer. */
static double neighbour_m(const struct mission *m, const struct source *s)
{
	struct frame f = frame_at(s->lat_deg, s->lon_deg);
	double near[NEIGHBOUR];

	for (int k = 0; k < NEIGHBOUR; k++)
		near[k] = INFINITY;
	for (size_t i = 0; i < m->source_count; i++) {
		const struct source *o = &m->source[i];
		double dy = (o->lat_deg - s->lat_deg) * f.m_per_deg_lat, d;
		struct xy p;

		/* Most are too far north or south already. */
		if (o == s || !hears(o) || dy * dy >= near[NEIGHBOUR - 1])
			continue;
		p = frame_to(&f, o->lat_deg, o->lon_deg);
		d = p.x_m * p.x_m + p.y_m * p.y_m;
		for (int k = 0; k < NEIGHBOUR; k++) {
			double was = near[k];

			near[k] = fmin(was, d);
			d = fmax(was, d);
		}
	}
	/* The farthest there is, in networks of four or fewer. */
	for (int k = NEIGHBOUR - 1; k >= 0; k--)
		if (isfinite(near[k]))
			return sqrt(near[k]);
	return INFINITY;
}

/* Median over at most SAMPLE_MAX ears, taken evenly in order of id. */
double locate_spacing_m(const struct mission *m)
{
	double d[SAMPLE_MAX];
	size_t ears = 0, n = 0, seen = 0, next = 0;

	for (size_t i = 0; i < m->source_count; i++)
		ears += hears(&m->source[i]);
	for (size_t i = 0; i < m->source_count && n < SAMPLE_MAX; i++) {
		double v;
		size_t k;

		if (!hears(&m->source[i]))
			continue;
		if (seen++ != next)
			continue;
		next = ears <= SAMPLE_MAX
			? seen
			: (size_t)((double)(n + 1) * (double)ears / SAMPLE_MAX);
		v = neighbour_m(m, &m->source[i]);
		for (k = n++; k > 0 && d[k - 1] > v; k--)
			d[k] = d[k - 1];
		d[k] = v;
	}
	return n ? d[n / 2] : INFINITY;
}

static double range_m(double s)
{
	if (!isfinite(s))
		return RANGE_LEAST_M;
	return fmax(RANGE_LEAST_M, fmin(RANGE_MOST_M, RANGE_NEIGHBOURS * s));
}

double hear_range_m(const struct mission *m)
{
	return range_m(locate_spacing_m(m));
}

/* Pd = pd_near / (1 + (d/reach)^4): half at the reach, and a slope of 12 dB
 * of odds each doubling, as spreading and scatter of 6-8 dB make it. */
void scene_reach(struct scene *s, double pd_near)
{
	/* As shares of the range, a factor of two apart. */
	static const double share[HEAR_REACHES] = {
		0.0625, 0.125, 0.25, 0.5, 1};
	struct reach *r = &s->reach;

	r->step_m = s->range_m / HEAR_STEPS;
	for (int k = 0; k < HEAR_REACHES; k++)
		for (int i = 0; i < HEAR_STEPS + 2; i++) {
			double q = i * r->step_m / (share[k] * s->range_m);
			double pd = pd_near / (1 + q * q * q * q);

			r->ln_pd[k][i] = m_log(pd);
			r->ln_not[k][i] = m_log(1 - pd);
		}
}

/* The first row of a source: rows are sorted by source. */
static size_t health_first(const struct network *net, const char *id)
{
	size_t lo = 0, hi = net->health_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(net->health[mid].source, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Whether health says that a source is in a state at a moment; *worst_s grows
 * to how late it is then said to be. */
static bool is_in(const struct network *net, const char *id, struct instant at,
	unsigned states, double *worst_s)
{
	bool in = false;

	for (size_t i = health_first(net, id); i < net->health_count; i++) {
		const struct health *h = &net->health[i];

		if (strcmp(h->source, id) != 0)
			break;
		if (!span_holds(h->span, at) || !(states & 1u << h->state))
			continue;
		in = true;
		if (worst_s && h->measure.name &&
			strcmp(h->measure.name, "late_ms") == 0)
			*worst_s = fmax(
				*worst_s, fabs(h->measure.value) * 1e-3);
	}
	return in;
}

bool hear_doubted(
	const struct network *net, const char *id, struct instant at)
{
	return is_in(net, id, at, 1u << HEALTH_QUARANTINED, NULL);
}

#define DEAF                                                                  \
	(1u << HEALTH_DOWN | 1u << HEALTH_QUARANTINED | 1u << HEALTH_UNKNOWN)

static double level_of(const struct detection *d)
{
	double v = feature_of(d->feature, d->feature_count, "level_db");

	if (!isfinite(v) && d->amplitude > 0)
		v = 20 * m_log10(d->amplitude);
	if (!isfinite(v))
		v = d->snr;
	return v;
}

static int by_ear(const void *x, const void *y, const void *self)
{
	const struct pick *a = x, *b = y;

	(void)self;
	if (a->ear != b->ear)
		return a->ear < b->ear ? -1 : 1;
	return detection_order(a->detection, b->detection);
}

/* The ear of a source, by its order in the mission; ears + 1 if deaf. */
static size_t ear_of(const struct scene *s, const char *id)
{
	size_t lo = 0, hi = s->ears;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(s->ear[mid].source->id, id);

		if (c == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return s->ears;
}

static bool nearby_ears(struct scene *s, struct arena *a, struct fault *f)
{
	struct point *p = arena_array(a, s->ears + 1, sizeof *p, f);

	for (size_t i = 0; p && i < s->ears; i++)
		p[i] = s->ear[i].at;
	return p && nearby_make(p, s->ears, a, &s->nearby, f);
}

static bool take_ears(struct scene *s, struct arena *a, struct fault *f)
{
	const struct mission *m = s->net->mission;

	s->ear = arena_array(a, m->source_count + 1, sizeof *s->ear, f);
	if (!s->ear)
		return false;
	for (size_t i = 0; i < m->source_count; i++) {
		const struct source *o = &m->source[i];
		double e = o->position_err_m;

		if (hears(o))
			s->ear[s->ears++] = (struct ear){.source = o,
				.place_err_m =
					isfinite(e) ? e : HEAR_PLACE_UNKNOWN_M,
				.at = {o->lat_deg, o->lon_deg},
				.cos_lat = m_cos(RAD(o->lat_deg))};
	}
	return nearby_ears(s, a, f);
}

static void take_picks(
	struct scene *s, const struct detection *d, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t ear = ear_of(s, d[i].source);
		double sigma = d[i].sigma_s, late = 0;

		/* A quarantined source is not believed, nor is its silence. */
		if (ear == s->ears || !instant_known(d[i].at) ||
			is_in(s->net, d[i].source, d[i].at,
				1u << HEALTH_QUARANTINED, NULL))
			continue;
		(void)is_in(s->net, d[i].source, d[i].at,
			1u << HEALTH_DEGRADED, &late);
		if (!isfinite(sigma))
			sigma = PICK_UNKNOWN_S;
		sigma = fmax(sigma, PICK_LEAST_S);
		s->pick[s->picks++] = (struct pick){.detection = &d[i],
			.ear = ear,
			.t_s = instant_seconds(s->start, d[i].at),
			.sigma_s = sqrt(sigma * sigma + CLOCK_S * CLOCK_S +
				late * late),
			.clock_s = sqrt(CLOCK_S * CLOCK_S + late * late),
			.level_db = level_of(&d[i]),
			.calibrated = isfinite(feature_of(d[i].feature,
				d[i].feature_count, "level_db"))};
	}
	sort_items(s->pick, s->picks, sizeof *s->pick, by_ear, NULL);
	for (size_t i = s->picks; i-- > 0;) {
		struct ear *e = &s->ear[s->pick[i].ear];

		e->first = i;
		e->count++;
	}
}

bool scene_make(const struct network *net, const struct detection *d,
	size_t count, struct arena *a, struct scene *s, struct fault *f)
{
	double spacing = net->spacing_m > 0
		? net->spacing_m : locate_spacing_m(net->mission);
	bool town = spacing < TOWN_M;

	*s = (struct scene){.net = net,
		.range_m = range_m(spacing), .far_m = range_m(spacing),
		.path_s = town ? PATH_TOWN_S : PATH_OPEN_S,
		.late = town ? LATE_TOWN : LATE_OPEN,
		.late_s = LATE_S,
		.start = INSTANT_UNKNOWN};
	for (size_t i = 0; i < count; i++)
		if (instant_known(d[i].at) && (!instant_known(s->start) ||
				d[i].at.utc_ns < s->start.utc_ns))
			s->start = d[i].at;
	s->pick = arena_array(a, count + 1, sizeof *s->pick, f);
	if (!s->pick || !take_ears(s, a, f))
		return false;
	take_picks(s, d, count);
	scene_reach(s, PD_NEAR);
	return true;
}

int hear_loudness(const struct pick *k)
{
	double n = (k->level_db - LOUDNESS_LEAST_DB) / LOUDNESS_DB;

	if (!k->calibrated)
		return 0;
	return n > 0 ? (int)fmin(n, HEAR_LOUDNESSES - 1) : 0;
}

int hear_clutter_at(const struct pick *k)
{
	return k->calibrated ? hear_loudness(k) : HEAR_LOUDNESSES - 1;
}

void scene_left(struct scene *s)
{
	double from = INFINITY, to = -INFINITY, sum = 0;
	double left[HEAR_LOUDNESSES] = {0};

	for (size_t i = 0; i < s->picks; i++) {
		const struct pick *k = &s->pick[i];

		from = fmin(from, k->t_s);
		to = fmax(to, k->t_s);
		if (!k->gone && !k->far)
			left[hear_clutter_at(k)]++;
	}
	for (int n = HEAR_LOUDNESSES; n-- > 0;) {
		sum += left[n];
		s->left_hz[n] = sum / ((double)s->ears *
			(to - from + RATE_QUIET_S));
	}
}

size_t scene_first(
	const struct scene *s, const struct ear *e, double t_s)
{
	size_t lo = e->first, hi = e->first + e->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->pick[mid].t_s < t_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static double mean_elevation(const struct scene *s, const struct view *v,
	double half_m, double *spread)
{
	double sum = 0, sum2 = 0, n = 0;

	for (int pass = 0; pass < 2 && n == 0; pass++)
		for (size_t i = 0; i < v->posts; i++) {
			const struct post *p = &v->post[i];
			double z = s->ear[p->ear].source->elev_m;

			if (!isfinite(z) || (pass == 0 &&
					fmax(fabs(p->x_m), fabs(p->y_m)) >
						half_m))
				continue;
			sum += z;
			sum2 += z * z;
			n++;
		}
	*spread = n > 1 ? sqrt(fmax(0, sum2 / n - sum / n * sum / n)) : 30;
	return n > 0 ? sum / n : 0;
}

/* How many other picks of a post speak for chance as the cause of one. */
static double clutter(const struct scene *s, const struct post *p, size_t one)
{
	double n = 0;

	for (size_t i = p->first; i < p->end; i++)
		if (i != one && !s->pick[i].far)
			n += hear_clutter(
				s->pick[i].level_db, s->pick[one].level_db);
	return n;
}

/* Echoes a second of what came just before a pick and was louder. */
static double echoes_hz(const struct scene *s, const struct ear *e, size_t one)
{
	const struct pick *p = &s->pick[one];
	double hz = 0;

	for (size_t i = one; i-- > e->first &&
		p->t_s - s->pick[i].t_s < ECHO_S;)
		if (p->level_db < s->pick[i].level_db - HEAR_LOUD_DB)
			hz += ECHO_HZ;
	return hz;
}

/* The part of an ear's picks that a stretch of time holds, and how often the
 * ear hears something as loud by chance: echoes are weaker than what came
 * straight.  One arrival is what we look for and does not count. */
static void view_times(const struct view *v, struct post *p,
	double from_s, double to_s)
{
	const struct scene *s = v->scene;
	const struct ear *e = &s->ear[p->ear];
	size_t i = scene_first(s, e, from_s), last = e->first + e->count;

	p->first = i;
	while (i < last && s->pick[i].t_s <= to_s)
		i++;
	p->end = i;
	p->ln_rate = 0;
	for (i = p->first; i < p->end; i++) {
		double n = clutter(s, p, i) / (to_s - from_s + RATE_QUIET_S) +
			echoes_hz(s, e, i);

		v->ln_rate[i] = n > RATE_LEAST ? m_log(n) : LN_RATE_LEAST;
		if (s->pick[i].far && !s->pick[i].gone &&
			v->ln_rate[i] < LN_RATE_FAR)
			v->ln_rate[i] = LN_RATE_FAR;
		if (i == p->first || v->ln_rate[i] < p->ln_rate)
			p->ln_rate = v->ln_rate[i];
	}
}

/* The least and the largest sigma of what a post heard, or none. */
static void post_sigmas(const struct view *v, const struct post *p,
	double *least, double *most)
{
	*least = INFINITY;
	*most = 0;
	for (size_t i = p->first; i < p->end; i++) {
		double sigma = hear_sigma_s(v, p, &v->scene->pick[i], 0);

		*least = sigma < *least ? sigma : *least;
		*most = sigma > *most ? sigma : *most;
	}
}

void view_hopes(const struct view *v)
{
	for (size_t i = 0; i < v->posts; i++) {
		struct post *p = &v->post[i];
		double least, most;

		post_sigmas(v, p, &least, &most);
		p->ln_peak = most > 0 ? m_log(0.4 / least) : 0;
		p->tol_s = 3 * most;
	}
}

struct xy view_ear(const struct frame *f, const struct ear *e)
{
	double east = e->at.lon_deg - f->lon_deg;

	if (fabs(east) >= 180)
		return frame_to(f, e->at.lat_deg, e->at.lon_deg);
	return (struct xy){east * f->m_per_deg_lon * e->cos_lat,
		(e->at.lat_deg - f->lat_deg) * f->m_per_deg_lat};
}

bool view_room(const struct scene *s, struct arena *a, struct view_room *r,
	struct fault *f)
{
	r->post = arena_array(a, s->ears + 1, sizeof *r->post, f);
	r->ln_rate = arena_array(a, s->picks + 1, sizeof *r->ln_rate, f);
	r->ear = arena_array(a, s->ears + 1, sizeof *r->ear, f);
	return r->post && r->ln_rate && r->ear;
}

void view_make(const struct scene *s, const struct view_room *in,
	struct point at, double half_m, double from_s, double to_s,
	struct view *v)
{
	struct post *room = in->post;
	double reach = half_m + s->far_m;
	double mid_s = (from_s + to_s) / 2, air;
	struct instant mid = instant_plus_s(s->start, mid_s);
	size_t near;

	*v = (struct view){.scene = s, .post = room, .ln_rate = in->ln_rate,
		.half_m = half_m, .from_s = from_s, .to_s = to_s,
		.frame = frame_at(at.lat_deg, at.lon_deg),
		.least_sigma_s = 0.1};
	v->air = air_at(s->net, mid, at);
	air = 1.5 / v->air.c_ms *
		sqrt(v->air.sigma_c_ms * v->air.sigma_c_ms +
			v->air.sigma_w_ms * v->air.sigma_w_ms);
	near = nearby_find(&s->nearby, &v->frame, reach, in->ear);
	for (size_t k = 0; k < near; k++) {
		size_t i = in->ear[k];
		const struct ear *e = &s->ear[i];
		struct xy p = view_ear(&v->frame, e);
		double least, most;

		if (fabs(p.x_m) > reach || fabs(p.y_m) > reach ||
			is_in(s->net, e->source->id, mid,
				e->count == 0 ? DEAF
					      : 1u << HEALTH_QUARANTINED,
				NULL))
			continue;
		room[v->posts] = (struct post){.x_m = p.x_m, .y_m = p.y_m,
			.z_m = e->source->elev_m, .ear = i, .air = air,
			.place_s = e->place_err_m / v->air.c_ms};
		view_times(v, &room[v->posts], from_s,
			to_s + s->range_m * 1.5 / v->air.c_ms);
		post_sigmas(v, &room[v->posts], &least, &most);
		v->least_sigma_s = fmin(v->least_sigma_s, least);
		v->posts++;
	}
	v->z_m = mean_elevation(s, v, half_m, &v->sigma_z_m);
	v->sigma_z_m = fmax(10, v->sigma_z_m);
	for (size_t i = 0; i < v->posts; i++)
		if (!isfinite(room[i].z_m))
			room[i].z_m = v->z_m;
}

double hear_air_s(double d_m)
{
	return ALPHA_S_PER_M * d_m;
}

double hear_sigma_s(const struct view *v, const struct post *p,
	const struct pick *k, double d_m)
{
	double path = v->scene->path_s, air = hear_air_s(d_m);

	return sqrt(k->sigma_s * k->sigma_s + p->place_s * p->place_s +
		path * path + air * air);
}

/* (1 - late) normal + late (a delay).  The delay's density is the normal's
 * left flank below zero and an exponential above: the shape of a normal plus
 * an exponential delay, without its erfc. */
static double mixture(double late, double late_s, double r, double sigma,
	double *pull)
{
	double u = r / sigma, tail, bell, n, g;

	bell = m_exp(-0.5 * u * u);
	n = (1 - late) * bell * 0.39894228040143267794 / sigma;
	tail = r > 0 ? m_exp(-r / late_s) : bell;
	g = late * tail / (late_s + sigma * 1.25331413731550025121);
	if (pull) {
		double steep = r > 0 ? sigma * sigma / (r * late_s) : 1;

		/* Near zero the tail's kink has no weight of its own. */
		*pull = (n + (steep < 1 ? steep * g : g)) / (n + g);
	}
	return n + g;
}

double hear_density(
	const struct scene *s, double r, double sigma, double *pull)
{
	double p = mixture(s->late, s->late_s, r, sigma, pull);

	return p > 0 ? m_log(p) : -745;
}

double hear_pull(const struct scene *s, double r, double sigma)
{
	double pull;

	(void)mixture(s->late, s->late_s, r, sigma, &pull);
	return pull;
}

double hear_late_density(double late, double late_s, double r, double sigma,
	double *pull)
{
	return mixture(late, late_s, r, sigma, pull);
}

/* Inverse square of the distance, softened at 100 m, over all posts. */
void view_ground(const struct view *v, double x, double y, double *z_m,
	double *sigma_m)
{
	double sw = 0, sz = 0, szz = 0, z;

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double dx = p->x_m - x, dy = p->y_m - y;
		double q = dx * dx + dy * dy + 1e4, w = 1 / (q * q);

		sw += w;
		sz += w * p->z_m;
		szz += w * p->z_m * p->z_m;
	}
	if (sw <= 0) {
		*z_m = v->z_m;
		*sigma_m = v->sigma_z_m;
		return;
	}
	z = sz / sw;
	*z_m = z;
	/* Nodes hang on poles and roofs, and hills lie between them. */
	*sigma_m = fmax(10, sqrt(fmax(0, szz / sw - z * z)));
}
