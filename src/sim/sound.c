/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sounds as samples.  A sample is the mean of the half sample before and
 * after: a digitiser takes its filter's delay out of its times. */
#include "base/maths.h"
#include "sim/ear.h"

enum { RING_TONES = 6, DRONE_TONES = 4 };

static double sound_end(const struct sound *s)
{
	if (s->shape == SOUND_NWAVE)
		return s->t_s + s->pulse.td_s;
	/* exp(-14) of a pulse is a millionth: below any noise. */
	return s->t_s + (s->long_s > 0 ? s->long_s : 14 * s->pulse.td_s);
}

/* P (1 - t/td) e^(-t/td), whose integral is P t e^(-t/td): the factor from one
 * sample's end to the next is constant. */
static void add_pulse(const struct sound *s, double *pa, size_t from, size_t to,
	double t, double dt)
{
	const double td = s->pulse.td_s, fall = m_exp(-dt / td);
	const double scale = s->pulse.peak_pa / dt;
	double e = 0, done = 0;
	bool begun = false;

	for (size_t i = from; i < to; i++) {
		double b = t + ((double)i + 0.5) * dt, now;

		if (b <= 0)
			continue;
		if (!begun) {
			double a = fmax(b - dt, 0);

			done = a * m_exp(-a / td);
			e = m_exp(-b / td);
			begun = true;
		} else {
			e *= fall;
		}
		now = b * e;
		pa[i] += scale * (now - done);
		done = now;
	}
}

/* P (1 - 2t/T) over T: the integral is P t (1 - t/T). */
static double nwave_mean(const struct pulse *p, double t, double dt)
{
	double a = fmin(fmax(t, 0), p->td_s);
	double b = fmin(fmax(t + dt, 0), p->td_s);

	return p->peak_pa *
		(b * (1 - b / p->td_s) - a * (1 - a / p->td_s)) / dt;
}

static double swell(const struct sound *s, double t)
{
	double up = m_sin(PI * t / s->long_s);

	return s->pulse.peak_pa * up * up * m_sin(2 * PI * s->hz * t);
}

struct tones {
	double hz[RING_TONES], phase[RING_TONES];
};

static struct tones tones_of(const struct ear *e, const struct sound *s)
{
	struct tones x;

	for (uint64_t k = 0; k < RING_TONES; k++) {
		double u = philox_unit(e->w->seed, s->stream, 2 * k);

		x.hz[k] = s->hz * (0.6 + 0.9 * u);
		x.phase[k] = philox_unit(e->w->seed, s->stream, 2 * k + 1);
	}
	return x;
}

/* (t/top) e^(1 - t/top) times six tones about hz: rises to its top at td. */
static double ring(const struct sound *s, const struct tones *x, double t)
{
	double rel = t / s->pulse.td_s, sum = 0;

	for (size_t k = 0; k < RING_TONES; k++) {
		double cycles = x->hz[k] * t + x->phase[k];

		sum += m_sin(2 * PI * (cycles - floor(cycles)));
	}
	return s->pulse.peak_pa * rel * m_exp(1 - rel) * sum / 2;
}

/* A level straight flight: what is heard at t left at te, where te + r(te)/c =
 * t; the comb's phase is that of te, which is the Doppler shift. */
static double drone(const struct ear *e, const struct sound *s, double t_s,
	double sound_ms)
{
	static const double part[DRONE_TONES] = {1, 0.6, 0.4, 0.25};
	const struct act *a = s->act;
	const double h = RAD(a->heading_deg), v = a->speed_ms;
	const double x = e->n->at.x_m - a->at.x_m, y = e->n->at.y_m - a->at.y_m;
	const double along = x * m_sin(h) + y * m_cos(h);
	const double off2 = x * x + y * y - along * along +
		a->height_m * a->height_m;
	/* (v te - along)^2 + off2 = c^2 (t - te)^2, the earlier root. */
	const double t = t_s - instant_seconds(e->w->span.from, a->t0);
	const double p = sound_ms * sound_ms * t - v * along;
	const double q = sound_ms * sound_ms - v * v;
	const double r = along * along + off2 - sound_ms * sound_ms * t * t;
	const double te = (p - sqrt(fmax(p * p + q * r, 0))) / q;
	const double near = fmax(sound_ms * (t - te), 1);
	double sum = 0;

	for (int k = 0; k < DRONE_TONES; k++) {
		double cycles = (k + 1) * a->size * te;

		/* A fifth above: what comes near is higher. */
		if ((k + 1) * a->size * 1.2 < 0.45 * e->n->rate_hz)
			sum += part[k] *
				m_sin(2 * PI * (cycles - floor(cycles)));
	}
	return s->pulse.peak_pa / near * sum;
}

static void add_long(const struct ear *e, const struct sound *s, double *pa,
	size_t from, size_t to, double t, double dt)
{
	struct tones x;
	double c = 0;

	if (s->shape == SOUND_RING)
		x = tones_of(e, s);
	if (s->shape == SOUND_DRONE) {
		struct sky sky = sky_at(e->w, s->act->t0);

		c = sky_sound_ms(&sky);
	}
	for (size_t i = from; i < to; i++) {
		double at = t + ((double)i - 0.5) * dt;

		if (s->shape == SOUND_NWAVE)
			pa[i] += nwave_mean(&s->pulse, at, dt);
		else if (at > 0 && at < s->long_s)
			pa[i] += s->shape == SOUND_SWELL ? swell(s, at) :
				s->shape == SOUND_RING ? ring(s, &x, at) :
				drone(e, s, at + s->t_s, c);
	}
}

static void add_one(const struct ear *e, const struct sound *s, double *pa,
	size_t n, double t_s, double dt)
{
	double from = floor((s->t_s - t_s) / dt);
	double to = ceil((sound_end(s) - t_s) / dt + 2);
	size_t i = from > 0 ? (size_t)from : 0;
	size_t end = to < (double)n ? (size_t)to : n;

	if (s->shape == SOUND_PULSE)
		add_pulse(s, pa, i, end, t_s - s->t_s, dt);
	else
		add_long(e, s, pa, i, end, t_s - s->t_s, dt);
}

void sound_add(const struct ear *e, size_t *first, double *pa, size_t n,
	double t_s)
{
	double dt = 1.0 / e->n->rate_hz;
	double end_s = t_s + (double)n * dt;
	size_t k = *first;

	while (k < e->count && e->sound[k].t_s < t_s - e->longest_s - 1)
		k++;
	*first = k;
	for (; k < e->count && e->sound[k].t_s < end_s; k++)
		if (sound_end(&e->sound[k]) > t_s)
			add_one(e, &e->sound[k], pa, n, t_s, dt);
}

double sound_long_s(const struct sound *s)
{
	return sound_end(s) - s->t_s;
}
