/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/assoc_scene.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "geo/geodesic.h"

#define LN_2PI 1.8378770664093454836
/* A residual may be so many sigma. */
#define SIGMAS 2.5
/* The weather's part is shared by all, so it may be fewer. */
#define SIGMAS_AIR 2.0
/* Seconds each side in which a channel's own busyness is judged. */
#define BUSY_S 60.0
/* Picks of a channel while a sound crosses a tile, at most. */
#define CHANCE 0.35
/* A channel without a pick for so many mean intervals did not work. */
#define GAP_INTERVALS 20.0
/* Celerities of far infrasound, slownesses s/km: InfraPy, after Blom 2015
 * (docs/WAVEFORM.md 3.7). */
static const double far_w[] = {0.0539, 0.0899, 0.8562};
static const double far_y[] = {1 / 0.327, 1 / 0.293, 1 / 0.260};
static const double far_s[] = {0.066, 0.08, 0.33};
/* Cross winds bend a path by some degrees: one sigma of a back azimuth is
 * never less (docs/WAVEFORM.md 3.6). */
#define AZ_LEAST_DEG 3.0
#define AZ_UNKNOWN_DEG 4.0
/* Beyond this extent a plane is too flat (geo/frame.h). */
#define FLAT_M 400e3
/* BUCKETS: of the index by time, a pick; picks come in crowds. */
enum { TILES_MAX = 1 << 22, BUCKETS = 4 };

static int32_t fixed(double nats)
{
	return (int32_t)floor(
		fmax(-1e5, fmin(1e5, nats)) * ASSOC_UNIT + 0.5);
}

static double bell(double u, double sigma)
{
	return 0.39894228040143267794 / sigma * m_exp(-0.5 * u * u);
}

double assoc_sigma(const struct assoc_scene *s, const struct channel *c,
	const struct arrival *a, double t_s)
{
	const struct assoc_law *l = &s->model->law[c->phase];
	double far = l->grow * t_s;

	return sqrt((double)a->sigma_s * (double)a->sigma_s +
		l->path_s * l->path_s + far * far);
}

static double far_density(const struct arrival *a, const struct path *p,
	double r)
{
	double km = fmax(p->d_m, 1000) / 1000, y = (p->t_s + r) / km;
	double sum = 1e-9, sigma = (double)a->sigma_az, off;

	for (int k = 0; k < 3; k++)
		sum += far_w[k] * bell((y - far_y[k]) / far_s[k], far_s[k]);
	sum = m_log(sum / km);
	if (!(sigma > 0))
		return sum;
	/* Against a back azimuth that may be any: 1/(2 pi). */
	off = p->az - (double)a->az;
	off -= 2 * PI * floor(off / (2 * PI) + 0.5);
	return sum + m_log(2 * PI * bell(off / sigma, sigma) + 1e-6);
}

double assoc_density(const struct assoc_scene *s, const struct channel *c,
	const struct arrival *a, const struct path *p, double r)
{
	const struct assoc_law *l = &s->model->law[c->phase];
	double sigma, n, g, tail;

	if (c->phase == ASSOC_FAR)
		return far_density(a, p, r);
	sigma = assoc_sigma(s, c, a, p->t_s);
	n = bell(r / sigma, sigma);
	/* As in hear.c: a normal's left flank, an exponential to the right. */
	tail = r > 0 ? m_exp(-r / l->late_s)
		     : n * sigma / 0.39894228040143267794;
	g = tail / (l->late_s + sigma * 1.25331413731550025121);
	return m_log((1 - l->late) * n + l->late * g + 1e-30);
}

/* Seconds that the unknown weather can shift an arrival, one sigma. */
static double weather_s(const struct assoc_model *m, int phase, double d_m)
{
	double v = m->law[phase].speed_ms;

	if (phase != ASSOC_AIR)
		return 0;
	return d_m / (v * v) * sqrt(m->sigma_c_ms * m->sigma_c_ms +
		m->sigma_w_ms * m->sigma_w_ms);
}

static double far_peak(double d_m)
{
	double best = 0;

	for (int k = 0; k < 300; k++) {
		double y = 2.5 + 0.01 * k, sum = 0;

		for (int i = 0; i < 3; i++)
			sum += far_w[i] * bell((y - far_y[i]) / far_s[i],
				far_s[i]);
		best = fmax(best, sum);
	}
	return m_log(best * 1000 / fmax(d_m, 1000)) +
		m_log(2 * PI * 0.4 / RAD(AZ_LEAST_DEG));
}

/* Pd = pd hears / (1 + (d/reach)^4): half at the reach, and 12 dB of odds
 * each doubling, as spreading and scatter of 6-8 dB make it.  Reaches are a
 * factor of two apart. */
static void sums_make(struct law *w, const struct assoc_law *l)
{
	static const double hears[ASSOC_CLASSES] = {0.15, 0.4, 0.7, 1};

	for (int c = 0; c < ASSOC_CLASSES; c++)
		for (int i = 0; i < ASSOC_STEPS + 2; i++)
			for (int k = 0; k < ASSOC_REACHES; k++) {
				double reach = l->range_m /
					(double)(1 << (ASSOC_REACHES - 1 - k));
				double q = i * w->step_m / reach;
				double pd = l->pd * hears[c] /
					(1 + q * q * q * q);

				w->sums[c].pd[i][k] = fixed(m_log(pd));
				w->sums[c].not[i][k] = fixed(m_log(1 - pd));
			}
}

static void law_make(struct assoc_scene *s, int phase, double least_s,
	double most_s)
{
	const struct assoc_law *l = &s->model->law[phase];
	struct law *w = &s->law[phase];

	w->step_m = l->range_m / ASSOC_STEPS;
	w->late_s = l->late > 0 ? 2 * l->late_s : 0;
	for (int i = 0; i < ASSOC_STEPS + 2; i++) {
		double d = i * w->step_m, far = l->grow * d / l->speed_ms;
		double base = l->path_s * l->path_s + far * far;
		double least = sqrt(base + least_s * least_s);
		double most = sqrt(base + most_s * most_s);

		w->tol_s[i] = SIGMAS * most +
			SIGMAS_AIR * weather_s(s->model, phase, d);
		w->peak[i] = phase == ASSOC_FAR ? fixed(far_peak(d)) :
			fixed(m_log((1 - l->late) * bell(0, least) +
				l->late / (l->late_s + 1.25331413731550 *
					least)));
	}
	for (size_t i = 0; i < ASSOC_STEPS + 2; i++)
		w->blur[i] = assoc_blur(s, phase, i, w->tol_s[i] +
			0.7 * s->model->leaf_m / l->speed_ms);
	sums_make(w, l);
}

void assoc_path(const struct assoc_scene *s, const struct channel *c, double x,
	double y, double z, bool parts, struct path *p)
{
	double dx = c->x_m - x, dy = c->y_m - y, dz = c->z_m - z, h2, h;
	double v = s->model->law[c->phase].speed_ms, part[2] = {0};

	if (s->far_off) {
		struct point from = frame_from(&s->frame, (struct xy){x, y});
		struct point to = frame_from(
			&s->frame, (struct xy){c->x_m, c->y_m});
		struct geodesic g = geodesic_between(to, from);

		/* The direction of arrival, and lengths of the plane. */
		h = isfinite(g.length_m) ? g.length_m : 2e7;
		p->az = RAD(g.azimuth_deg);
		dx = -h * m_sin(p->az);
		dy = -h * m_cos(p->az);
	}
	h2 = dx * dx + dy * dy;
	p->d_m = sqrt(h2 + dz * dz + 1e-6);
	if (s->model->table && (c->phase == ASSOC_P || c->phase == ASSOC_S)) {
		h = sqrt(h2 + 1e-6);
		/* The table's receivers stand at depth 0. */
		p->t_s = assoc_table_at(s->model->table,
			(enum assoc_phase)c->phase, h, -z, part);
		p->part[0] = -part[0] * dx / h;
		p->part[1] = -part[0] * dy / h;
		p->part[2] = -part[1];
		return;
	}
	if (c->phase == ASSOC_AIR)
		v += (s->model->east_ms * dx + s->model->north_ms * dy) /
			p->d_m;
	p->t_s = p->d_m / v;
	if (parts) {
		p->part[0] = -dx / (p->d_m * v);
		p->part[1] = -dy / (p->d_m * v);
		p->part[2] = -dz / (p->d_m * v);
	}
}

/* Order of picks: channel (source, phase), then time, then the rest. */
static int order(const struct assoc_pick *a, const struct assoc_pick *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->phase != b->phase)
		return a->phase < b->phase ? -1 : 1;
	if (a->t_s < b->t_s || a->t_s > b->t_s)
		return a->t_s < b->t_s ? -1 : 1;
	if (a->level_db < b->level_db || a->level_db > b->level_db)
		return a->level_db < b->level_db ? -1 : 1;
	return 0;
}

static int by_pick(const void *x, const void *y, const void *self)
{
	const struct assoc_pick *p = self;
	const uint32_t *a = x, *b = y;

	return order(&p[*a], &p[*b]);
}

/* The numbers of picks in order. */
static uint32_t *sorted(const struct assoc_pick *p, size_t count,
	struct arena *a, struct fault *f)
{
	uint32_t *n = arena_array(a, count + 1, sizeof *n, f);

	if (!n)
		return NULL;
	for (size_t i = 0; i < count; i++)
		n[i] = (uint32_t)i;
	sort_items(n, count, sizeof *n, by_pick, p);
	return n;
}

static bool usable(const struct assoc_source *src, size_t sources,
	const struct assoc_model *m, const struct assoc_pick *p)
{
	return p->source < sources && isfinite(p->t_s) &&
		(unsigned)p->phase < ASSOC_PHASES &&
		m->law[p->phase].range_m > 0 &&
		isfinite(src[p->source].lat_deg + src[p->source].lon_deg);
}

static struct arrival arrival_of(const struct assoc_scene *s,
	const struct assoc_pick *p, uint32_t given)
{
	double sigma = p->sigma_s > 0 ? p->sigma_s
				      : s->model->law[p->phase].pick_s;
	double az = NAN, sigma_az = NAN;

	if (p->phase == ASSOC_FAR && isfinite(p->back_azimuth_deg)) {
		az = RAD(p->back_azimuth_deg);
		sigma_az = RAD(p->sigma_az_deg > 0
			? fmax(AZ_LEAST_DEG, p->sigma_az_deg)
			: AZ_UNKNOWN_DEG);
	}
	return (struct arrival){.t_s = p->t_s - s->start_s,
		.sigma_s = (float)sigma, .az = (float)az,
		.sigma_az = (float)sigma_az, .level_db = (float)p->level_db,
		.given = given};
}

/* Sources into the frame. */
static void place(struct assoc_scene *s, const struct assoc_source *src,
	struct channel *c)
{
	const struct assoc_source *o = &src[c->source];
	struct xy p = frame_to(&s->frame, o->lat_deg, o->lon_deg);

	c->x_m = p.x_m;
	c->y_m = p.y_m;
	c->z_m = isfinite(o->elev_m) ? o->elev_m : 0;
}

static void middle(struct assoc_scene *s, const struct assoc_source *src,
	size_t sources)
{
	double south = 90, north = -90, sum = 0, west = 180, east = -180;
	size_t n = 0, high = 0;

	for (size_t i = 0; i < sources; i++) {
		if (!isfinite(src[i].lat_deg + src[i].lon_deg))
			continue;
		south = fmin(south, src[i].lat_deg);
		north = fmax(north, src[i].lat_deg);
		west = fmin(west, src[i].lon_deg);
		east = fmax(east, src[i].lon_deg);
		if (isfinite(src[i].elev_m)) {
			sum += src[i].elev_m;
			high++;
		}
		n++;
	}
	s->frame = n ? frame_at((south + north) / 2, (west + east) / 2)
		     : frame_at(0, 0);
	s->ground_m = high ? sum / (double)high : 0;
	s->top_m = s->bottom_m = s->ground_m;
	if (s->model->depth_m > 0) {
		s->top_m = 0;
		s->bottom_m = -s->model->depth_m;
	}
}

static bool channels_make(struct assoc_scene *s,
	const struct assoc_source *src, size_t sources,
	const struct assoc_pick *p, size_t picks, struct arena *a,
	struct fault *f)
{
	uint32_t *n;
	struct channel *c = NULL;

	s->channel = arena_array(
		a, sources * ASSOC_PHASES + 1, sizeof *s->channel, f);
	s->arrival = arena_array(a, picks + 1, sizeof *s->arrival, f);
	n = sorted(p, picks, a, f);
	if (!s->channel || !s->arrival || !n)
		return false;
	for (size_t i = 0; i < picks; i++) {
		const struct assoc_pick *k = &p[n[i]];

		if (!usable(src, sources, s->model, k))
			continue;
		if (!c || c->source != k->source || c->phase != k->phase) {
			c = &s->channel[s->channels++];
			c->source = (uint32_t)k->source;
			c->phase = (uint8_t)k->phase;
			c->first = (uint32_t)s->arrivals;
			s->phases |= 1u << k->phase;
		}
		s->arrival[s->arrivals++] = arrival_of(s, k, n[i]);
		c->count++;
	}
	/* Those that work and never spoke. */
	for (size_t i = 0, have = s->channels, k = 0; i < sources; i++) {
		if (!isfinite(src[i].lat_deg + src[i].lon_deg))
			continue;
		while (k < have && s->channel[k].source < i)
			k++;
		if (!src[i].working ||
			(k < have && s->channel[k].source == i))
			continue;
		for (int ph = 0; ph < ASSOC_PHASES; ph++)
			if (s->phases & 1u << ph)
				s->channel[s->channels++] = (struct channel){
					.source = (uint32_t)i,
					.phase = (uint8_t)ph};
	}
	for (size_t i = 0; i < s->channels; i++)
		place(s, src, &s->channel[i]);
	return true;
}

static bool index_make(struct assoc_scene *s, struct arena *a, struct fault *f)
{
	uint32_t next = 0;

	s->bucket = arena_array(a, BUCKETS * s->arrivals + s->channels + 1,
		sizeof *s->bucket, f);
	s->when = arena_array(a, s->arrivals + 1, sizeof *s->when, f);
	if (!s->bucket || !s->when)
		return false;
	for (size_t i = 0; i < s->arrivals; i++)
		s->when[i] = s->arrival[i].t_s;
	for (size_t i = 0; i < s->channels; i++) {
		struct channel *c = &s->channel[i];
		uint32_t k = c->first, buckets = BUCKETS * c->count;

		c->gap_s = INFINITY;
		if (c->count == 0)
			continue;
		c->index = next;
		c->per_s = buckets / (s->span_s + 1e-3);
		c->gap_s = GAP_INTERVALS * BUCKETS / c->per_s;
		for (uint32_t b = 0; b < buckets; b++) {
			/* As channel_from() counts them, to the last bit. */
			while (k < c->first + c->count &&
				(uint32_t)(s->when[k] * c->per_s) < b)
				k++;
			s->bucket[next++] = k;
		}
	}
	return true;
}

/* How much a channel hears of what it could: by its picks against the median
 * of its phase, for what it does not hear is no evidence of silence. */
static bool classes(struct assoc_scene *s, struct arena *a, struct fault *f)
{
	size_t mark = a->used;

	for (int ph = 0; ph < ASSOC_PHASES; ph++) {
		uint32_t *n = arena_array(a, s->channels + 1, sizeof *n, f);
		size_t have = 0;
		double median;

		if (!n)
			return false;
		for (size_t i = 0; i < s->channels; i++) {
			uint32_t v = s->channel[i].count;
			size_t k = have;

			if (s->channel[i].phase != ph || v == 0)
				continue;
			/* A sample is enough where there are thousands. */
			if (have >= 1024)
				break;
			have++;
			for (; k > 0 && n[k - 1] > v; k--)
				n[k] = n[k - 1];
			n[k] = v;
		}
		median = have ? n[have / 2] : 1;
		for (size_t i = 0; i < s->channels; i++) {
			struct channel *c = &s->channel[i];
			double q = c->count / median;

			if (c->phase == ph)
				c->hears = ph == ASSOC_AIR || ph == ASSOC_FAR ||
						q > 0.8 ? 3 :
					q > 0.45 ? 2 : q > 0.15 ? 1 : 0;
		}
		a->used = mark;
	}
	return true;
}

static bool is_left(const struct arrival *a)
{
	return !a->gone && !a->far;
}

void assoc_rates(struct assoc_scene *s, double share)
{
	for (size_t i = 0; i < s->channels; i++) {
		const struct channel *c = &s->channel[i];
		double least = s->model->law[c->phase].rate_hz;
		uint32_t left = 0, lo = c->first, hi = c->first, near = 0;
		uint32_t end = c->first + c->count;
		double mean;

		for (uint32_t k = c->first; k < end; k++)
			left += is_left(&s->arrival[k]);
		mean = fmax(least, share * left / fmax(s->span_s, 2 * BUSY_S));
		for (uint32_t k = c->first; k < end; k++) {
			double t = s->arrival[k].t_s;

			for (; hi < end && s->arrival[hi].t_s <= t + BUSY_S;
				hi++)
				near += is_left(&s->arrival[hi]);
			for (; s->arrival[lo].t_s < t - BUSY_S; lo++)
				near -= is_left(&s->arrival[lo]);
			s->arrival[k].gain = -fixed(m_log(fmax(mean,
				share * ((double)near - 1) / (2 * BUSY_S))));
		}
	}
}

static void laws(struct assoc_scene *s)
{
	for (int ph = 0; ph < ASSOC_PHASES; ph++) {
		double least = s->model->law[ph].pick_s, most = least;

		if (!(s->phases & 1u << ph))
			continue;
		for (size_t i = 0; i < s->channels; i++) {
			const struct channel *c = &s->channel[i];

			for (uint32_t k = 0; c->phase == ph && k < c->count;
				k++) {
				double v = (double)s->arrival[c->first + k]
						   .sigma_s;

				least = fmin(least, v);
				most = fmax(most, v);
			}
		}
		most = fmin(most, 3 * s->model->law[ph].pick_s);
		law_make(s, ph, least, most);
	}
}

struct grid { /* of channels, by squares of side_m */
	double x_m, y_m, side_m;
	size_t nx, ny;
	uint32_t *first; /* nx * ny + 1 */
	uint32_t *channel;
};

static size_t square(const struct grid *g, double x, double y)
{
	size_t i = (size_t)((x - g->x_m) / g->side_m);
	size_t k = (size_t)((y - g->y_m) / g->side_m);

	return k * g->nx + i;
}

static bool grid_make(const struct assoc_scene *s, double range,
	struct arena *a, struct grid *g, struct fault *f)
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
	size_t n;

	for (size_t i = 0; i < s->channels; i++) {
		x0 = fmin(x0, s->channel[i].x_m);
		y0 = fmin(y0, s->channel[i].y_m);
		x1 = fmax(x1, s->channel[i].x_m);
		y1 = fmax(y1, s->channel[i].y_m);
	}
	g->side_m = fmax(range, fmax(x1 - x0, y1 - y0) / 1000);
	g->x_m = x0;
	g->y_m = y0;
	g->nx = (size_t)((x1 - x0) / g->side_m) + 1;
	g->ny = (size_t)((y1 - y0) / g->side_m) + 1;
	n = g->nx * g->ny;
	g->first = arena_array(a, n + 2, sizeof *g->first, f);
	g->channel = arena_array(a, s->channels + 1, sizeof *g->channel, f);
	if (!g->first || !g->channel)
		return false;
	for (size_t i = 0; i < s->channels; i++)
		g->first[square(g, s->channel[i].x_m, s->channel[i].y_m) + 2]++;
	for (size_t i = 2; i < n + 2; i++)
		g->first[i] += g->first[i - 1];
	for (size_t i = 0; i < s->channels; i++)
		g->channel[g->first[square(g, s->channel[i].x_m,
			s->channel[i].y_m) + 1]++] = (uint32_t)i;
	return true;
}

/* The channels that can hear a tile, ascending; counts only if `to` is
 * NULL. */
static size_t hearers(const struct assoc_scene *s, const struct grid *g,
	double x, double y, uint32_t *to)
{
	double i0 = floor((x - s->half_m - g->x_m) / g->side_m) - 1;
	double k0 = floor((y - s->half_m - g->y_m) / g->side_m) - 1;
	size_t span = 4 + (size_t)(2 * s->half_m / g->side_m), n = 0;

	for (size_t b = 0; b < span; b++)
		for (size_t e = 0; e < span; e++) {
			double i = i0 + (double)e, k = k0 + (double)b;
			size_t at;

			if (i < 0 || k < 0 || i >= (double)g->nx ||
				k >= (double)g->ny)
				continue;
			at = (size_t)k * g->nx + (size_t)i;
			for (uint32_t q = g->first[at]; q < g->first[at + 1];
				q++) {
				const struct channel *c =
					&s->channel[g->channel[q]];
				double r = s->model->law[c->phase].range_m;
				double dx = fabs(c->x_m - x) - s->half_m;
				double dy = fabs(c->y_m - y) - s->half_m;
				size_t m = n++;

				dx = fmax(dx, 0);
				dy = fmax(dy, 0);
				if (dx * dx + dy * dy > r * r) {
					n--;
					continue;
				}
				if (!to)
					continue;
				for (; m > 0 && to[m - 1] > g->channel[q]; m--)
					to[m] = to[m - 1];
				to[m] = g->channel[q];
			}
		}
	return n;
}

/* The busier the picks, the smaller the tiles: in one where a channel has a
 * pick by chance as a rule, a pick tells nothing. */
static double tile_side(const struct assoc_scene *s)
{
	double side = s->model->tile_m, rate;

	for (int ph = 0; ph < ASSOC_PHASES; ph++) {
		const struct assoc_law *l = &s->model->law[ph];
		size_t picks = 0, channels = 0;

		for (size_t i = 0; i < s->channels; i++)
			if (s->channel[i].phase == ph) {
				picks += s->channel[i].count;
				channels++;
			}
		if (picks == 0)
			continue;
		rate = (double)picks / (double)channels / (s->span_s + 10);
		side = fmin(side, CHANCE * l->speed_ms / rate);
	}
	return fmax(side, s->model->leaf_m);
}

static bool tiles_make(struct assoc_scene *s, struct arena *a, struct fault *f)
{
	double range = 0, margin;
	struct grid g;
	size_t nx, ny, sum = 0, used = 0;

	for (int ph = 0; ph < ASSOC_PHASES; ph++)
		if (s->phases & 1u << ph)
			range = fmax(range, s->model->law[ph].range_m);
	if (!grid_make(s, range, a, &g, f))
		return false;
	s->tile_m = tile_side(s);
	/* Far outside, all are on one side and no place is well known. */
	margin = fmin(range, fmax(s->tile_m,
		0.25 * g.side_m * (double)(g.nx > g.ny ? g.nx : g.ny)));
	s->half_m = s->tile_m / 2;
	s->layers = 1 + (uint16_t)((s->top_m - s->bottom_m) /
		(2.5 * s->tile_m));
	s->half_z_m = (s->top_m - s->bottom_m) / 2 / s->layers;
	nx = (size_t)((g.side_m * (double)g.nx + 2 * margin) /
		s->tile_m) + 1;
	ny = (size_t)((g.side_m * (double)g.ny + 2 * margin) /
		s->tile_m) + 1;
	if (nx * ny > TILES_MAX)
		return fault(f, FAULT_LIMIT, "associate: %zu x %zu tiles of "
			"%.0f m", nx, ny, s->tile_m);
	s->tile = arena_array(a, nx * ny, sizeof *s->tile, f);
	if (!s->tile)
		return false;
	for (size_t i = 0; i < nx * ny; i++) {
		size_t east = i % nx, north = i / nx;
		struct tile t = {.x_m = g.x_m - margin + s->tile_m *
				((double)east + 0.5),
			.y_m = g.y_m - margin + s->tile_m *
				((double)north + 0.5)};

		t.count = (uint32_t)hearers(s, &g, t.x_m, t.y_m, NULL);
		if (t.count < s->model->sources)
			continue;
		t.first = (uint32_t)sum;
		sum += t.count;
		s->most = s->most > t.count ? s->most : t.count;
		s->tile[s->tiles++] = t;
	}
	s->hear = arena_array(a, sum + 1, sizeof *s->hear, f);
	for (; s->hear && used < s->tiles; used++)
		(void)hearers(s, &g, s->tile[used].x_m, s->tile[used].y_m,
			s->hear + s->tile[used].first);
	return s->hear != NULL;
}

static void extent(struct assoc_scene *s, const struct assoc_pick *p,
	size_t picks, const struct assoc_source *src, size_t sources)
{
	double from = INFINITY, to = -INFINITY;

	for (size_t i = 0; i < picks; i++)
		if (usable(src, sources, s->model, &p[i])) {
			from = fmin(from, p[i].t_s);
			to = fmax(to, p[i].t_s);
		}
	s->start_s = isfinite(from) ? floor(from) : 0;
	s->span_s = isfinite(from) ? to - s->start_s : 0;
}

static void measure(struct assoc_scene *s)
{
	double most = 0;

	for (size_t i = 0; i < s->channels; i++)
		most = fmax(most, fmax(fabs(s->channel[i].x_m),
			fabs(s->channel[i].y_m)));
	s->far_off = s->phases == 1u << ASSOC_FAR && most > FLAT_M / 2;
}

bool assoc_scene_make(const struct assoc_model *m,
	const struct assoc_source *src, size_t sources,
	const struct assoc_pick *p, size_t picks, struct arena *a,
	struct assoc_scene *s, struct fault *f)
{
	if (picks > UINT32_MAX / 2 || sources > UINT32_MAX / 8)
		return fault(f, FAULT_LIMIT, "associate: too many picks");
	*s = (struct assoc_scene){.model = m};
	middle(s, src, sources);
	extent(s, p, picks, src, sources);
	if (!channels_make(s, src, sources, p, picks, a, f) ||
		!index_make(s, a, f) || !classes(s, a, f))
		return false;
	if (s->arrivals == 0)
		return true;
	measure(s);
	laws(s);
	return tiles_make(s, a, f);
}
