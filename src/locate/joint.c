/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/joint.h"

#include <string.h>

#include "base/maths.h"

/* Agreement as odds of 20 to 1. */
#define AGREE_LN 3.0
/* Share of terms that are of something else all the same. */
#define CHANCE 0.05
/* An azimuth that states no error; three elements leave none
 * (docs/hearing.md). */
#define AZ_UNKNOWN_DEG 4.0
/* No azimuth is better than a degree (docs/WAVEFORM.md 3.7). */
#define AZ_LEAST_DEG 1.0
/* Cross wind aloft turns it by some degrees at range (3.6: 2 to 5, tbc). */
#define AZ_RANGE_DEG 3.5
#define AZ_RANGE_M 100e3
/* The straight wave fades; returns from the stratosphere begin behind a
 * shadow, at some 200 km (Blom 2015). */
#define DIRECT_ALL_M 50e3
#define DIRECT_NONE_M 200e3
#define DIRECT_LEAST 0.05
/* Of a straight wave's travel time, beyond what speed and wind say: winds at
 * heights that nobody reports. */
#define DIRECT_GROW 0.02
/* Celerities of docs/WAVEFORM.md 3.7, as slowness. */
enum { WAYS = 3 };
static const double way_share[WAYS] = {0.0539, 0.0899, 0.8562};
static const double way_s_per_m[WAYS] = {1 / 327.0, 1 / 293.0, 1 / 260.0};
static const double way_sigma_s_per_m[WAYS] = {0.066e-3, 0.08e-3, 0.33e-3};
/* Ground: slowness of 5 to 6 and 3 to 3.6 km/s; paths and late picks as the
 * associator's (docs/hearing.md, "Association"). */
static const struct ground {
	double s_per_m, sigma_s_per_m, path_s, late, late_s;
} ground[] = {
	[PHASE_P] = {1 / 5500.0, 0.0167e-3, 0.15, 0.15, 0.3},
	[PHASE_S] = {1 / 3300.0, 0.03e-3, 0.20, 0.15, 0.3},
};
/* What a metre of soil adds to an air wave's pick: a period at 50 Hz. */
#define SOIL_S 0.02
#define CLOCK_S 0.001
#define PICK_UNKNOWN_S 0.1
/* Of a window (detect/array.h) where the detection states none. */
#define WINDOW_UNKNOWN_S 3.0
/* Probability of being told of a sound, at its best and where it has half of
 * that (start values, tbc), and beyond what nothing is. */
static const struct carry {
	double pd, half_m, range_m;
} carry[PHASES] = {
	[PHASE_AIR] = {0.4, 10e3, 30e3},
	[PHASE_P] = {0.4, 10e3, 100e3},
	[PHASE_S] = {0.3, 10e3, 100e3},
	[PHASE_FAR] = {0.4, 50e3, 300e3},
};
/* Where chance may fall, for the mixture: seconds about the expected time. */
static const double chance_s[PHASES] = {
	[PHASE_AIR] = 2, [PHASE_P] = 2, [PHASE_S] = 2, [PHASE_FAR] = 200};
#define ROOT_2PI 2.50662827463100050242

/* -- what is expected -- */

double joint_sigma_deg(double stated_deg, double d_m)
{
	double own = isfinite(stated_deg) ? stated_deg : AZ_UNKNOWN_DEG;
	double wind = AZ_RANGE_DEG * fmin(1, d_m / AZ_RANGE_M);

	return sqrt(own * own + AZ_LEAST_DEG * AZ_LEAST_DEG + wind * wind);
}

double joint_direct(double d_m)
{
	double part = (DIRECT_NONE_M - d_m) / (DIRECT_NONE_M - DIRECT_ALL_M);

	return fmax(DIRECT_LEAST, fmin(1, part));
}

struct guess { /* of one term at an origin */
	double d_m, travel_s;
	double r_s, sigma_s;
	double az_rad, sigma_rad;  /* observed less expected; NAN: none */
	double part[ORIGIN_UNKNOWNS];    /* of the time */
	double part_az[ORIGIN_UNKNOWNS]; /* of the azimuth */
};

static double wrapped(double rad)
{
	return rad - 2 * PI * floor(rad / (2 * PI) + 0.5);
}

/* Whence the front comes: its middle goes with the wind. */
static void guess_azimuth(const struct origin *o, const struct joint_term *k,
	double d_m, double travel_s, struct guess *g)
{
	bool air = k->phase == PHASE_FAR || k->phase == PHASE_AIR;
	double with_s = air ? travel_s * joint_direct(d_m) : 0;
	double x = o->x_m + with_s * o->east_ms - k->post.x_m;
	double y = o->y_m + with_s * o->north_ms - k->post.y_m;
	double d2 = x * x + y * y + 1;

	g->az_rad = wrapped(RAD(k->of->back_azimuth_deg) - m_atan2(x, y));
	g->sigma_rad = RAD(joint_sigma_deg(k->of->sigma_az_deg, d_m));
	memset(g->part_az, 0, sizeof g->part_az);
	g->part_az[0] = y / d2;
	g->part_az[1] = -x / d2;
	g->part_az[4] = with_s * y / d2;
	g->part_az[5] = -with_s * x / d2;
}

static double pick_sigma(const struct bearing *b)
{
	return isfinite(b->sigma_s) ? b->sigma_s
		: bearing_is_array(b)	    ? WINDOW_UNKNOWN_S
				    : PICK_UNKNOWN_S;
}

static struct guess guess_at(const struct view *v, const struct origin *o,
	const struct joint_term *k)
{
	struct guess g = {.az_rad = NAN, .sigma_rad = NAN};
	double own = pick_sigma(k->of), path = v->scene->path_s, air, grow;

	g.travel_s = origin_travel(o, &k->post, g.part, &g.d_m);
	air = hear_air_s(g.d_m);
	if (k->phase == PHASE_AIR) {
		g.sigma_s = sqrt(own * own + CLOCK_S * CLOCK_S +
			k->post.place_s * k->post.place_s + path * path +
			air * air + SOIL_S * SOIL_S);
	} else if (k->phase == PHASE_FAR) {
		grow = DIRECT_GROW * g.travel_s;
		g.sigma_s = sqrt(own * own + air * air + grow * grow);
	} else {
		const struct ground *w = &ground[k->phase];
		double turn = g.travel_s > 0
			? w->s_per_m * g.d_m / g.travel_s : 0;

		g.travel_s = w->s_per_m * g.d_m;
		grow = w->sigma_s_per_m * g.d_m;
		g.sigma_s = sqrt(own * own + w->path_s * w->path_s +
			grow * grow);
		g.part[0] *= turn;
		g.part[1] *= turn;
		g.part[3] = g.part[4] = g.part[5] = g.part[6] = 0;
	}
	if (bearing_is_array(k->of))
		guess_azimuth(o, k, g.d_m, g.travel_s, &g);
	g.r_s = instant_seconds(v->scene->start, k->of->at) - o->t_s -
		g.travel_s;
	return g;
}

static double bell(double r, double sigma)
{
	double u = r / sigma;

	return m_exp(-0.5 * u * u) / (ROOT_2PI * sigma);
}

/* Sound that came over ways not straight, by its slowness. */
static double over_ways(const struct guess *g, double own_s)
{
	double sum = 0, took_s = g->r_s + g->travel_s;

	for (int i = 0; i < WAYS; i++) {
		double s = way_sigma_s_per_m[i] * g->d_m;

		sum += way_share[i] * bell(took_s - g->d_m * way_s_per_m[i],
			sqrt(own_s * own_s + s * s));
	}
	return sum;
}

/* Density of the time, 1/s; *pull as hear_density()'s. */
static double of_time(const struct view *v, const struct joint_term *k,
	const struct guess *g, double *pull)
{
	double direct, p, q;

	if (k->phase == PHASE_AIR)
		return m_exp(hear_density(v->scene, g->r_s, g->sigma_s, pull));
	if (k->phase != PHASE_FAR)
		return hear_late_density(ground[k->phase].late,
			ground[k->phase].late_s, g->r_s, g->sigma_s, pull);
	direct = joint_direct(g->d_m);
	p = direct * bell(g->r_s, g->sigma_s);
	q = (1 - direct) * over_ways(g, pick_sigma(k->of));
	*pull = p + q > 0 ? p / (p + q) : 0;
	return p + q;
}

/* Von Mises, a radian; I0 by its asymptote, good to 1 % below 20 degrees. */
static double of_azimuth(const struct guess *g)
{
	double kappa = 1 / (g->sigma_rad * g->sigma_rad);

	if (!isfinite(g->az_rad))
		return 1;
	return m_exp(kappa * (m_cos(g->az_rad) - 1)) /
		(ROOT_2PI * g->sigma_rad * (1 + 1 / (8 * kappa)));
}

static double add(const double part[ORIGIN_UNKNOWNS], double r, double w,
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS], double b[ORIGIN_UNKNOWNS])
{
	for (int m = 0; m < ORIGIN_UNKNOWNS; m++) {
		for (int n = 0; n <= m; n++)
			a[m][n] += w * part[m] * part[n];
		b[m] += w * part[m] * r;
	}
	return r;
}

double joint_gather(const struct view *v, const struct origin *o,
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS], double b[ORIGIN_UNKNOWNS])
{
	double ln = 0;

	for (size_t i = 0; i < o->far->count; i++) {
		const struct joint_term *k = &o->far->at[i];
		struct guess g = guess_at(v, o, k);
		double pull, w, p, chance = CHANCE / chance_s[k->phase];

		p = (1 - CHANCE) * of_time(v, k, &g, &pull) * of_azimuth(&g);
		if (bearing_is_array(k->of))
			chance /= 2 * PI;
		w = p / (p + chance);
		ln += m_log(p + chance);
		(void)add(g.part, g.r_s, w * pull / (g.sigma_s * g.sigma_s), a,
			b);
		if (bearing_is_array(k->of))
			(void)add(g.part_az, g.az_rad,
				w / (g.sigma_rad * g.sigma_rad), a, b);
	}
	return ln;
}

void joint_residual(const struct view *v, const struct origin *o,
	const struct joint_term *k, struct far *to)
{
	struct guess g = guess_at(v, o, k);
	double pull, p = (1 - CHANCE) * of_time(v, k, &g, &pull) *
		of_azimuth(&g);
	double chance = CHANCE / chance_s[k->phase] /
		(bearing_is_array(k->of) ? 2 * PI : 1);

	*to = (struct far){.source = k->of->source->id,
		.detection = k->of->id.text, .phase = k->phase,
		.at = k->of->at, .d_m = g.d_m, .travel_s = g.travel_s,
		.late_s = g.r_s, .sigma_s = g.sigma_s,
		.back_azimuth_deg = k->of->back_azimuth_deg,
		.off_deg = DEG(g.az_rad), .sigma_deg = DEG(g.sigma_rad),
		.weight = p / (p + chance)};
}

/* -- where the air is not known -- */

/* Sound at 0 deg C and at 30 is 331 and 349 m/s; winds of 10 m/s. */
#define AIR_MS 338.0
#define AIR_GROW 0.035

double joint_pd(enum phase p, double d_m)
{
	double q = d_m / carry[p].half_m;

	return d_m > carry[p].range_m ? 0 : carry[p].pd / (1 + q * q);
}

size_t joint_ways(const struct bearing *b, enum phase phase, double d_m,
	struct joint_way w[JOINT_WAYS])
{
	double own = pick_sigma(b), straight = d_m / AIR_MS, direct, grow;

	if (phase == PHASE_P || phase == PHASE_S) {
		const struct ground *g = &ground[phase];

		grow = g->sigma_s_per_m * d_m;
		w[0] = (struct joint_way){1 - g->late, g->s_per_m * d_m,
			sqrt(own * own + g->path_s * g->path_s + grow * grow)};
		/* The exponential's mean and spread, as another bell. */
		w[1] = (struct joint_way){g->late, w[0].travel_s + g->late_s,
			sqrt(w[0].sigma_s * w[0].sigma_s +
				g->late_s * g->late_s)};
		return 2;
	}
	grow = AIR_GROW * straight;
	direct = phase == PHASE_FAR ? joint_direct(d_m) : 1;
	w[0] = (struct joint_way){
		direct, straight, sqrt(own * own + grow * grow)};
	if (direct >= 1)
		return 1;
	for (int i = 0; i < WAYS; i++) {
		double s = way_sigma_s_per_m[i] * d_m;

		w[1 + i] = (struct joint_way){(1 - direct) * way_share[i],
			way_s_per_m[i] * d_m, sqrt(own * own + s * s)};
	}
	return 1 + WAYS;
}

double joint_way_of(const struct bearing *b, enum phase phase, double d_m,
	double took_s, struct joint_way *best)
{
	struct joint_way w[JOINT_WAYS];
	double most = INFINITY;
	size_t n = joint_ways(b, phase, d_m, w);

	for (size_t i = 0; i < n; i++) {
		double u = fabs(took_s - w[i].travel_s) / w[i].sigma_s;

		*best = u < most ? w[i] : *best;
		most = fmin(most, u);
	}
	return most;
}

/* -- which agree -- */

struct search {
	const struct view *v;
	const struct origin *o;
	const struct joint_used *used;
	struct joint *to;
};

/* Seconds about the straight time in which one of a phase may come. */
static void stretch(enum phase p, double d_m, double travel_s, double *from_s,
	double *to_s)
{
	double wide = p == PHASE_AIR ? 6 : 1 + 6 * travel_s * 0.1;

	*from_s = travel_s - wide;
	*to_s = travel_s + wide;
	if (p == PHASE_FAR) {
		*from_s = d_m / 400 - 15;
		*to_s = d_m * 5e-3 + 15;
	}
}

/* What the origin itself is unsure of: that a pick disagrees with it may be
 * its own fault, and who leaves such picks out believes himself. */
static double doubt(const struct origin *o, const double part[ORIGIN_UNKNOWNS])
{
	return part[0] * part[0] * o->cov_xx +
		2 * part[0] * part[1] * o->cov_xy +
		part[1] * part[1] * o->cov_yy;
}

/* ln over chance of one as a phase. */
static double ratio_of(const struct view *v, const struct origin *o,
	const struct joint_term *k, double *d_m)
{
	const struct carry *c = &carry[k->phase];
	struct guess g = guess_at(v, o, k);
	double pull, q = g.d_m / c->half_m, pd = c->pd / (1 + q * q), p;

	g.sigma_s = sqrt(g.sigma_s * g.sigma_s + doubt(o, g.part) +
		o->sigma_t_s * o->sigma_t_s);
	if (bearing_is_array(k->of))
		g.sigma_rad = sqrt(g.sigma_rad * g.sigma_rad +
			doubt(o, g.part_az));
	p = of_time(v, k, &g, &pull) * of_azimuth(&g);
	*d_m = g.d_m;
	if (bearing_is_array(k->of))
		p *= 2 * PI;
	return p > 0 ? m_log(pd * p / k->of->rate_hz) : -INFINITY;
}

/* One of each source and phase; one air wave of all elements of an array,
 * which stand in the same wave. */
static bool is_rival(
	const struct joint_term *a, const struct joint_term *b)
{
	const struct source *s = a->of->source, *t = b->of->source;

	if (a->phase != b->phase ||
		bearing_is_array(a->of) != bearing_is_array(b->of))
		return false;
	return s == t || (s->kind == t->kind && s->array[0] != '\0' &&
		strcmp(s->array, t->array) == 0);
}

static void keep(struct joint *to, const struct joint_term *k)
{
	size_t worst = 0;

	for (size_t i = 0; i < to->count; i++) {
		if (is_rival(&to->at[i], k)) {
			if (k->ratio > to->at[i].ratio)
				to->at[i] = *k;
			return;
		}
		if (to->at[i].ratio < to->at[worst].ratio)
			worst = i;
	}
	if (to->count < JOINT_TERMS)
		to->at[to->count++] = *k;
	else if (k->ratio > to->at[worst].ratio)
		to->at[worst] = *k;
}

/* The first of a group at or after a moment. */
static size_t first_from(const struct bearing *b, size_t lo, size_t hi,
	struct instant t)
{
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b[mid].at.utc_ns < t.utc_ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Taken, or not believed; an array leaves its bad elements out itself. */
static bool is_out(const struct search *s, const struct bearing *b)
{
	for (size_t i = 0; i < s->used->count; i++)
		if (s->used->at[i] == b)
			return true;
	return hear_doubted(s->v->scene->net, b->source->id, b->at);
}

static void look(const struct search *s, const struct bearing *all,
	size_t from, size_t end, struct joint_term *k)
{
	const struct view *v = s->v;
	double d, from_s, to_s, travel = origin_travel(
		s->o, &k->post, NULL, &d);

	if (k->phase == PHASE_P || k->phase == PHASE_S)
		travel = d * ground[k->phase].s_per_m;
	if (d > carry[k->phase].range_m)
		return;
	stretch(k->phase, d, travel, &from_s, &to_s);
	from = first_from(all, from, end,
		instant_plus_s(v->scene->start, s->o->t_s + from_s));
	for (size_t i = from; i < end; i++) {
		k->of = &all[i];
		if (instant_seconds(v->scene->start, k->of->at) >
			s->o->t_s + to_s)
			break;
		if (!(k->of->phases & 1u << k->phase) ||
			(!bearing_is_array(k->of) && is_out(s, k->of)))
			continue;
		k->ratio = ratio_of(v, s->o, k, &d);
		if (k->ratio >= AGREE_LN)
			keep(s->to, k);
	}
}

/* A pick that agrees as P and as sound is what it agrees with best. */
static void settle(struct joint *to)
{
	size_t n = 0;

	for (size_t i = 0; i < to->count; i++) {
		bool better = false;

		for (size_t j = 0; j < to->count; j++)
			better |= j != i && to->at[j].of == to->at[i].of &&
				(to->at[j].ratio > to->at[i].ratio ||
					(!(to->at[j].ratio <
						 to->at[i].ratio) && j < i));
		if (!better)
			to->at[n++] = to->at[i];
	}
	to->count = n;
	for (size_t i = 1; i < n; i++) {
		struct joint_term q = to->at[i];
		size_t k = i;

		for (; k > 0 && (to->at[k - 1].of > q.of ||
			(to->at[k - 1].of == q.of &&
				to->at[k - 1].phase > q.phase)); k--)
			to->at[k] = to->at[k - 1];
		to->at[k] = q;
	}
}

void joint_agree(const struct view *v, const struct origin *o,
	const struct joint_used *used, struct joint *to)
{
	const struct bearings *b = v->scene->net->bearings;
	struct search s = {v, o, used, to};

	to->count = 0;
	for (size_t i = 0; b && i < b->count; i = b->at[i].end) {
		const struct source *src = b->at[i].source;
		struct xy p = frame_to(&v->frame, src->lat_deg, src->lon_deg);
		struct joint_term k = {.post = {.x_m = p.x_m, .y_m = p.y_m,
			.z_m = isfinite(src->elev_m) ? src->elev_m : v->z_m,
			.place_s = (isfinite(src->position_err_m)
				? src->position_err_m : HEAR_PLACE_UNKNOWN_M) /
				v->air.c_ms}};

		for (int phase = 0; phase < PHASES; phase++) {
			k.phase = (enum phase)phase;
			look(&s, b->at, i, b->at[i].end, &k);
		}
	}
	settle(to);
}
