/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/hops.h"

#include "base/maths.h"

struct hops_plan hops_plan(double low_hz, double high_hz, double window_s)
{
	size_t first = (size_t)floor(low_hz * window_s + 0.5);
	size_t last = (size_t)floor(high_hz * window_s + 0.5);

	return (struct hops_plan){.window_s = window_s,
		.hop_ns = (int64_t)floor(window_s / HOPS * 1e9 + 0.5),
		.below = first - 1, .freqs = last - first + 1};
}

double hops_first_hz(const struct hops_plan *p)
{
	return (double)(p->below + 1) / p->window_s;
}

void hops_init(struct hops *s)
{
	*s = (struct hops){0};
	for (size_t k = 0; k < HOPS_KEPT; k++)
		s->kept[k].number = -1;
}

const struct hop *hops_kept(const struct hops *s, int64_t number)
{
	const struct hop *h = &s->kept[number % HOPS_KEPT];

	return h->number == number ? h : NULL;
}

/* The first sample at or after the beginning of a hop; *after_s, how much
 * after.  A millionth of a sample is forgiven: rates are rounded. */
static int64_t sample_of(const struct hops_plan *p, const struct hops *s,
	int64_t number, double *after_s)
{
	double x = (double)(number * p->hop_ns - s->anchor.utc_ns) * 1e-9 *
		s->rate_hz;
	double n = -floor(1e-6 - x);

	*after_s = (n - x) / s->rate_hz;
	return (int64_t)n;
}

static void begin_hop(const struct hops_plan *p, struct hops *s, int64_t number)
{
	double after, unused;

	s->number = number;
	s->first = sample_of(p, s, number, &after);
	s->end = sample_of(p, s, number + 1, &unused);
	s->from_first = s->next <= s->first;
	for (size_t k = 0; k < p->freqs + 2; k++) {
		double w = -2 * PI * (double)(p->below + k) / p->window_s;

		s->turn[0][k] = after > 0 ? m_cos(w * after) : 1;
		s->turn[1][k] = after > 0 ? m_sin(w * after) : 0;
		s->sum[0][k] = s->sum[1][k] = 0;
	}
}

static bool end_hop(const struct hops_plan *p, struct hops *s,
	const struct hops_out *out, struct fault *f)
{
	struct hop *h = &s->kept[s->number % HOPS_KEPT];
	int64_t number = s->number;

	if (s->from_first) {
		h->number = number;
		h->scale = s->scale;
		h->cite = s->cite;
		for (size_t k = 0; k < p->freqs + 2; k++) {
			h->re[k] = (float)(s->sum[0][k] / s->rate_hz);
			h->im[k] = (float)(s->sum[1][k] / s->rate_hz);
		}
		if (!out->put(out->self, number, f))
			return false;
	}
	begin_hop(p, s, number + 1);
	return true;
}

static void add_sample(struct hops *s, size_t n, double v)
{
	for (size_t k = 0; k < n; k++) {
		double re = s->turn[0][k], im = s->turn[1][k];

		s->sum[0][k] += v * re;
		s->sum[1][k] += v * im;
		s->turn[0][k] = re * s->step[0][k] - im * s->step[1][k];
		s->turn[1][k] = re * s->step[1][k] + im * s->step[0][k];
	}
}

static void begin_run(const struct hops_plan *p, struct hops *s,
	const struct segment *g, double scale)
{
	s->rate_hz = g->rate_hz;
	s->anchor = g->start;
	s->next = 0;
	s->reference = segment_sample(g, 0);
	s->scale = scale;
	for (size_t k = 0; k < p->freqs + 2; k++) {
		double w = -2 * PI * (double)(p->below + k) / p->window_s;

		s->step[0][k] = m_cos(w / s->rate_hz);
		s->step[1][k] = m_sin(w / s->rate_hz);
	}
	begin_hop(p, s, g->start.utc_ns / p->hop_ns);
}

static void skip(struct segment *g, size_t n)
{
	g->start = segment_time(g, n);
	g->count -= n;
	if (g->counts)
		g->counts += n;
	else
		g->values += n;
}

/* Takes off what was heard already; begins a new run where it does not go on
 * from the last. */
static void join(const struct hops_plan *p, struct hops *s, struct segment *g,
	double scale)
{
	struct segment clock = {.start = s->anchor, .rate_hz = s->rate_hz};
	double late;

	if (s->rate_hz > 0) {
		struct instant due = segment_time(&clock, (size_t)s->next);

		late = instant_seconds(due, g->start) * g->rate_hz;
		if (late < -0.5) {
			double n = floor(0.5 - late);

			late += n;
			if (n >= (double)g->count)
				n = (double)g->count;
			skip(g, (size_t)n);
		}
		if (g->count == 0)
			return;
		if (fabs(g->rate_hz / s->rate_hz - 1) <= 1e-4 &&
			late <= 0.5 && !(scale > s->scale) &&
			!(scale < s->scale)) {
			/* Rounding of a cut is no news; a clock that runs on
			 * its own is followed. */
			if (fabs(late / g->rate_hz) > 2.5e-9)
				s->anchor = instant_plus_s(s->anchor,
					late / g->rate_hz);
			return;
		}
	}
	begin_run(p, s, g, scale);
}

static bool finite_piece(const struct hops_plan *p, struct hops *s,
	struct segment g, double scale, const struct hops_out *out,
	struct fault *f)
{
	join(p, s, &g, scale);
	for (size_t i = 0; i < g.count; i++, s->next++) {
		while (s->next >= s->end)
			if (!end_hop(p, s, out, f))
				return false;
		if (s->next == s->first)
			s->cite = g.cite;
		if (s->next >= s->first && s->from_first)
			add_sample(s, p->freqs + 2,
				segment_sample(&g, i) - s->reference);
	}
	return g.count == 0 || s->next < s->end || end_hop(p, s, out, f);
}

bool hops_take(struct hops *s, const struct hops_plan *p,
	const struct segment *g, double scale, const struct hops_out *out,
	struct fault *f)
{
	size_t from = 0;

	if (g->count == 0 || !instant_known(g->start) || !(g->rate_hz > 0))
		return true;
	if (g->counts)
		return finite_piece(p, s, *g, scale, out, f);
	for (size_t i = 0; i <= g->count; i++) {
		struct segment part = *g;

		if (i < g->count && isfinite(g->values[i]))
			continue;
		part.start = segment_time(g, from);
		part.values = g->values + from;
		part.count = i - from;
		from = i + 1;
		if (part.count > 0 &&
			!finite_piece(p, s, part, scale, out, f))
			return false;
	}
	return true;
}

bool hops_window(const struct hops *s, const struct hops_plan *p,
	int64_t number, double re[FK_FREQS], double im[FK_FREQS])
{
	/* e^{-i w q hop}: bins are whole cycles of four hops. */
	static const int cosine[4] = {1, 0, -1, 0}, sine[4] = {0, -1, 0, 1};
	double xr[HOPS_BINS] = {0}, xi[HOPS_BINS] = {0};

	for (int64_t q = 0; q < HOPS; q++) {
		const struct hop *h = hops_kept(s, number + q);

		if (!h)
			return false;
		for (size_t k = 0; k < p->freqs + 2; k++) {
			size_t t = (p->below + k) * (size_t)q % 4;
			double b = (double)h->re[k], c = (double)h->im[k];

			xr[k] += b * cosine[t] - c * sine[t];
			xi[k] += b * sine[t] + c * cosine[t];
		}
	}
	for (size_t k = 0; k < p->freqs; k++) {
		re[k] = 0.5 * xr[k + 1] - 0.25 * (xr[k] + xr[k + 2]);
		im[k] = 0.5 * xi[k + 1] - 0.25 * (xi[k] + xi[k + 2]);
	}
	return true;
}
