/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/shock.h"

#include <string.h>

#include "base/maths.h"
#include "geo/place.h"

/* Farther on no bullet's shock is told from the noise, nor is any shell's
 * mean speed near one value. */
#define FAR_M 1500.0
/* Mean speeds: just above sound to the fastest rifle's. */
#define SLOW 1.1
#define FAST_MS 1000.0
/* What the mean speed so far is off by: a rifle's falls from 900 to 600 m/s
 * over 400 m, and one value is fitted to all of the path. */
#define SLOWING 0.02
/* Of a source that the cone passed: a start value, in sim/ (docs/hearing.md)
 * 0.6 within 300 m of the path and less beyond. */
#define PD_NEAR 0.5
#define NEAR_M 300.0
#define PD_FAR 0.2
/* Clear of the weapon's own sound, in sigmas and seconds. */
#define CLEAR_SIGMA 4.0
#define CLEAR_S 0.01
/* Whole length of the N, at most: of a 30 mm shell 100 m off the path it is
 * 1 ms (Whitham); of blasts, thunder and their echoes 9 ms and more in sim/.
 * And how far it stands out: echoes of earlier rounds are weaker. */
#define N_MOST_S 0.004
#define SNR_LEAST_DB 15.0
/* Arrivals that count for a source's rate: this near in time. */
#define RATE_S 60.0
/* The search looks at 8,640 paths, ln of which is 9; wrong ones in simulation
 * came to 14, by echoes that have a pattern of their own. */
#define ACCEPT 15.0
/* Residuals are less than this, in sigmas, or the path is none. */
#define RMS_SIGMAS 1.5
/* Of those who heard something early, so many must have heard the bullet. */
#define MOST_OF(heard, early) (3 * (heard) >= 2 * (early))
/* Another heading that does nearly as well. */
#define RIVAL 3.0
#define RIVAL_DEG 20.0
/* What one wind for all and a straight path of one speed leave (cal., in
 * simulation). */
#define TURN_DEG 0.5
/* Of those stated in simulation 0.9 and more were true (docs/hearing.md). */
#define SURE 0.9

/* Share of early arrivals that are something else, at any time before. */
#define OTHER 0.1

enum { HEADINGS = 360, SPEEDS = 24, LEAST = 3, REFINE = 7 };

struct early { /* a source, and what it heard before the weapon */
	double x_m, y_m;      /* from the weapon, east and north */
	double place_s;       /* error of its place and the weapon's, as time */
	double ln_rate;
	const struct pick *pick; /* first of its early ones; NULL none */
	size_t picks;
	const struct pick *chosen; /* by the path that was scored last */
};

struct path {
	double heading_deg, speed_ms, score;
	size_t heard;
	double rms_s, rms_sigmas; /* of residuals */
	double end_m; /* how far along it was heard from */
};

struct hunt {
	struct early *ear;
	size_t count, early; /* of them, who heard something early */
	struct air air;
	double t_s; /* of the shot, in the scene's time */
	double err_m; /* of its place, one sigma */
};

static double speed_of(const struct hunt *h, size_t i)
{
	double slow = SLOW * h->air.c_ms;

	return slow * m_exp(m_log(FAST_MS / slow) * (double)i / (SPEEDS - 1));
}

static bool is_shock(const struct pick *p)
{
	const struct detection *d = p->detection;
	double s = feature_of(d->feature, d->feature_count, "n_wave_s");

	return !p->gone && s <= N_MOST_S && d->snr >= SNR_LEAST_DB;
}

/* The arrival of an ear nearest to a time, as what it adds; its residual in
 * seconds and in sigmas. */
static double worth(const struct early *e, double t_s, double sigma_s,
	double pd, const struct pick **which, double residual[2])
{
	double best = m_log(1 - pd);

	*which = NULL;
	for (size_t i = 0; i < e->picks; i++) {
		double s2 = sigma_s * sigma_s +
			e->pick[i].sigma_s * e->pick[i].sigma_s;
		double r = e->pick[i].t_s - t_s, ln;

		if (r * r > 16 * s2 || !is_shock(&e->pick[i]))
			continue;
		/* ln of pd N(r) / rate */
		ln = m_log(pd) - 0.5 * r * r / s2 - 0.5 * m_log(2 * PI * s2) -
			e->ln_rate;
		if (ln > best) {
			best = ln;
			*which = &e->pick[i];
			residual[0] = r;
			residual[1] = r / sqrt(s2);
		}
	}
	return best;
}

/* Where the ray to an ear left the path, and when it arrives; false: the cone
 * does not pass it. */
static bool passes(const struct hunt *h, const struct early *e,
	const struct path *p, double *from_m, double *off_m, double *t_s)
{
	double a = RAD(p->heading_deg), s = m_sin(a), c = m_cos(a);
	double along = e->x_m * s + e->y_m * c;
	double off = fabs(e->x_m * c - e->y_m * s);
	double m = p->speed_ms / h->air.c_ms, root = sqrt(m * m - 1);
	/* The ray's direction: forward by 1/M, outward. */
	double out = sqrt(1 - 1 / (m * m));
	double side = e->x_m * c - e->y_m * s < 0 ? -1 : 1;
	double ue = s / m + side * out * c, un = c / m - side * out * s;
	double wind = h->air.east_ms * ue + h->air.north_ms * un;
	double ray = off / out;

	*from_m = along - off / root;
	*off_m = off;
	/* The wind carries the ray for as long as it is under way. */
	*t_s = h->t_s + along / p->speed_ms + off / h->air.c_ms * root / m -
		ray / h->air.c_ms * wind / h->air.c_ms;
	return *from_m > 0 && *from_m < FAR_M;
}

static void score(const struct hunt *h, struct path *p)
{
	double sum2[2] = {0};

	p->score = 0;
	p->heard = 0;
	p->end_m = 0;
	for (size_t i = 0; i < h->count; i++) {
		struct early *e = &h->ear[i];
		double from, off, t, r[2] = {0}, air, speed, sigma;

		e->chosen = NULL;
		if (!passes(h, e, p, &from, &off, &t))
			continue;
		air = sqrt(h->air.sigma_c_ms * h->air.sigma_c_ms +
			      h->air.sigma_w_ms * h->air.sigma_w_ms) *
			off / (h->air.c_ms * h->air.c_ms);
		speed = SLOWING * from / p->speed_ms;
		sigma = sqrt(air * air + speed * speed +
			e->place_s * e->place_s);
		p->score += worth(e, t, sigma, off < NEAR_M ? PD_NEAR : PD_FAR,
			&e->chosen, r);
		if (!e->chosen)
			continue;
		p->heard++;
		sum2[0] += r[0] * r[0];
		sum2[1] += r[1] * r[1];
		p->end_m = fmax(p->end_m, from);
	}
	p->rms_s = sqrt(sum2[0] / fmax(1, (double)p->heard));
	p->rms_sigmas = sqrt(sum2[1] / fmax(1, (double)p->heard));
}

static void look(const struct hunt *h, double heading_deg, double speed_ms,
	struct path *best)
{
	struct path p = {.heading_deg = heading_deg, .speed_ms = speed_ms};

	if (p.heading_deg < 0)
		p.heading_deg += 360;
	if (p.heading_deg >= 360)
		p.heading_deg -= 360;
	if (speed_ms < SLOW * h->air.c_ms || speed_ms > FAST_MS)
		return;
	score(h, &p);
	if (p.score > best->score)
		*best = p;
}

/* Steps that halve, to a 128th of a degree and of a step of speed. */
static void refine(const struct hunt *h, struct path *best)
{
	double turn = 0.5, part = 0.03;

	for (int i = 0; i < REFINE; i++, turn /= 2, part /= 2)
		for (int k = 0; k < 2; k++) {
			struct path at = *best;

			for (int n = -1; n <= 1; n++)
				for (int v = -1; v <= 1; v++)
					look(h, at.heading_deg + turn * n,
						at.speed_ms * (1 + part * v),
						best);
		}
}

static double apart_deg(double a, double b)
{
	double d = fabs(a - b);

	return d > 180 ? 360 - d : d;
}

/* The best of each heading; room: HEADINGS. */
static bool search(const struct hunt *h, struct path *room, struct path *best)
{
	double rival = -INFINITY;

	*best = (struct path){.score = -INFINITY};
	for (size_t i = 0; i < HEADINGS; i++) {
		room[i] = (struct path){.score = -INFINITY};
		for (size_t k = 0; k < SPEEDS; k++)
			look(h, (double)i, speed_of(h, k), &room[i]);
		if (room[i].score > best->score)
			*best = room[i];
	}
	refine(h, best);
	for (size_t i = 0; i < HEADINGS; i++)
		if (room[i].heard >= LEAST &&
			apart_deg(room[i].heading_deg, best->heading_deg) >
				RIVAL_DEG)
			rival = fmax(rival, room[i].score);
	return best->heard >= LEAST && best->score > ACCEPT &&
		MOST_OF(best->heard, h->early) &&
		best->rms_sigmas < RMS_SIGMAS &&
		rival < best->score - RIVAL;
}

/* One sigma of the heading: where the best score, over speeds, has fallen by
 * a half; what the weapon's place is off turns all of the path. */
static double heading_sigma(const struct hunt *h, const struct path *best)
{
	double turn = 0.03, place;

	while (turn < 45) {
		struct path p[2] = {{.score = -INFINITY},
			{.score = -INFINITY}};

		for (size_t k = 0; k < 17; k++) {
			double v = best->speed_ms *
				(1 + 0.02 * ((double)k - 8));

			look(h, best->heading_deg - turn, v, &p[0]);
			look(h, best->heading_deg + turn, v, &p[1]);
		}
		if (fmax(p[0].score, p[1].score) < best->score - 0.5)
			break;
		turn *= 1.25;
	}
	place = DEG(h->err_m / best->end_m);
	return sqrt(turn * turn + place * place + TURN_DEG * TURN_DEG);
}

/* -- who heard what before the weapon -- */

static void early_of(const struct scene *s, const struct hunt *h, size_t ear,
	double d_m, struct early *e)
{
	const struct ear *from = &s->ear[ear];
	double least = h->t_s + d_m / FAST_MS;
	double last = h->t_s + d_m / (1.02 * h->air.c_ms + h->air.sigma_w_ms);
	size_t near = 0;
	double rate;

	e->pick = NULL;
	e->picks = 0;
	for (size_t k = from->first; k < from->first + from->count; k++) {
		const struct pick *p = &s->pick[k];

		near += !p->gone && fabs(p->t_s - h->t_s) < RATE_S;
		if (!is_shock(p) || p->t_s < least || p->t_s > last -
			fmax(CLEAR_S, CLEAR_SIGMA * p->sigma_s))
			continue;
		if (!e->pick)
			e->pick = p;
		e->picks = (size_t)(p - e->pick) + 1;
	}
	rate = ((double)near + 1) / (2 * RATE_S);
	if (e->picks > 0)
		rate += OTHER * (double)e->picks / (last - least);
	e->ln_rate = m_log(rate);
}

static bool gather(const struct scene *s, const struct incident *shot,
	struct hunt *h, struct arena *a, struct fault *f)
{
	struct point at = {shot->place.lat_deg, shot->place.lon_deg};
	struct frame frame = frame_at(at.lat_deg, at.lon_deg);
	uint32_t *near;
	size_t count;

	h->err_m = shot->place.region.ellipse.semi_major_m / REGION_SIGMA_90;
	h->air = air_at(s->net, shot->at, at);
	h->t_s = instant_seconds(s->start, shot->at);
	near = arena_room(a, (s->ears + 1) * sizeof *near, f);
	if (!near)
		return false;
	count = nearby_find(&s->nearby, &frame, FAR_M, near);
	h->ear = arena_array(a, count + 1, sizeof *h->ear, f);
	if (!h->ear)
		return false;
	for (size_t k = 0; k < count; k++) {
		size_t i = near[k];
		struct xy p = view_ear(&frame, &s->ear[i]);
		double d = sqrt(p.x_m * p.x_m + p.y_m * p.y_m);
		struct early *e = &h->ear[h->count];

		if (d > FAR_M)
			continue;
		*e = (struct early){.x_m = p.x_m, .y_m = p.y_m};
		e->place_s = sqrt(h->err_m * h->err_m +
			s->ear[i].place_err_m * s->ear[i].place_err_m) /
			h->air.c_ms;
		early_of(s, h, i, d, e);
		h->count++;
	}
	return true;
}

/* -- the incident -- */

static const char *const points[16] = {"N", "NNE", "NE", "ENE", "E", "ESE",
	"SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"};

static bool words(const struct path *p, struct arena *a, struct incident *i,
	struct fault *f)
{
	size_t to = (size_t)(p->heading_deg / 22.5 + 0.5) % 16;
	struct attribute *x = arena_array(a, 1, sizeof *x, f);
	struct text t = text_in(a, 16);

	if (!x)
		return false;
	text_fmt(&t, "%s to %s", points[(to + 8) % 16], points[to]);
	x[0] = (struct attribute){"direction", t.at};
	i->attribute = x;
	i->attribute_count = 1;
	return text_check(&t, f);
}

static bool numbers(const struct hunt *h, const struct path *p,
	struct arena *a, struct incident *i, struct fault *f)
{
	struct feature *x = arena_array(a, 5, sizeof *x, f);

	if (!x)
		return false;
	x[0] = (struct feature){"heading_deg",
		floor(10 * p->heading_deg + 0.5) / 10};
	x[1] = (struct feature){"residual_s",
		floor(1e4 * p->rms_s + 0.5) / 1e4};
	x[2] = (struct feature){"score", floor(10 * p->score + 0.5) / 10};
	x[3] = (struct feature){"sigma_heading_deg",
		floor(10 * heading_sigma(h, p) + 0.5) / 10};
	x[4] = (struct feature){"speed_ms", floor(p->speed_ms + 0.5)};
	i->feature = x;
	i->feature_count = 5;
	return true;
}

/* The stretch of the path that was heard, as an ellipse. */
static struct place stretch(const struct incident *shot, const struct path *p)
{
	struct frame f = frame_at(shot->place.lat_deg, shot->place.lon_deg);
	double half = p->end_m / 2, a = RAD(p->heading_deg);
	double err = shot->place.region.ellipse.semi_major_m;
	struct place to = PLACE_UNKNOWN;
	struct point at = frame_from(&f,
		(struct xy){half * m_sin(a), half * m_cos(a)});

	to.lat_deg = at.lat_deg;
	to.lon_deg = at.lon_deg;
	to.region.ellipse = (struct ellipse){half + err, err,
		p->heading_deg >= 180 ? p->heading_deg - 180 : p->heading_deg};
	return to;
}

static bool evidence(struct scene *s, const struct hunt *h, struct arena *a,
	struct incident *i, struct fault *f)
{
	struct id *id = arena_array(a, h->count + 1, sizeof *id, f);
	const struct detection *first = NULL;
	const char *owner = NULL;
	size_t n = 0;

	if (!id)
		return false;
	for (size_t k = 0; k < h->count; k++) {
		const struct pick *p = h->ear[k].chosen;
		const char *own = p ? s->ear[p->ear].source->owner : NULL;
		size_t at = n;

		if (!p)
			continue;
		s->pick[p - s->pick].gone = true;
		if (!first || detection_order(p->detection, first) < 0)
			first = p->detection;
		if (owner && strcmp(owner, own) != 0)
			i->status = STATUS_ASSOCIATED;
		owner = own;
		for (; at > 0 && strcmp(id[at - 1].text,
			p->detection->id.text) > 0; at--)
			id[at] = id[at - 1];
		id[at] = p->detection->id;
		n++;
	}
	i->evidence = id;
	i->evidence_count = n;
	incident_name(i, first);
	return true;
}

static bool tell(struct scene *s, const struct hunt *h,
	const struct incident *shot, struct path *p, struct arena *a,
	struct incident *is, struct fault *f)
{
	struct link *link = arena_array(a, 1, sizeof *link, f);

	*is = incident_new();
	if (!link)
		return false;
	score(h, p); /* each ear's choice */
	*link = (struct link){LINK_SHOCK_OF, shot->id};
	is->link = link;
	is->link_count = 1;
	is->at = shot->at;
	is->from = shot->from;
	is->to = instant_round_us(
		instant_plus_s(shot->to, p->end_m / p->speed_ms));
	is->time_level = shot->time_level;
	is->place = stretch(shot, p);
	is->modalities = 1u << MODALITY_ACOUSTIC;
	is->count = COUNT_OF(1);
	is->kind[KIND_PROJECTILE] = SURE;
	is->kind[KIND_UNKNOWN] = 1 - SURE;
	return evidence(s, h, a, is, f) && words(p, a, is, f) &&
		numbers(h, p, a, is, f);
}

bool shock_find(struct scene *s, const struct incident *shot,
	struct arena *a, struct incident *is, bool *found, struct fault *f)
{
	struct hunt h = {.count = 0};
	struct path *room, best;
	size_t mark = a->used;

	*found = false;
	if (!gather(s, shot, &h, a, f))
		return false;
	for (size_t i = 0; i < h.count; i++)
		h.early += h.ear[i].picks > 0;
	if (h.early >= LEAST) {
		if (!(room = arena_array(a, HEADINGS, sizeof *room, f)))
			return false;
		*found = search(&h, room, &best);
	}
	if (!*found)
		a->used = mark;
	return !*found || tell(s, &h, shot, &best, a, is, f);
}
