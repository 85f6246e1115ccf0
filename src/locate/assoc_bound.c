/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_bound.c - what an origin in a block of ground could score, by origin
 * time.
 *
 * A pick at t fits origin times from t - (longest travel) - lateness to
 * t - (shortest travel), each widened by the tolerance; there it adds its
 * channel's gain over silence.  Picks of one channel whose intervals meet are
 * one interval: a channel counts once.  A difference array over bins of
 * time, one running sum, and every bin's bound is had: O(picks + bins).
 *
 * In a large block almost anything fits.  So a hit is worth what it proves:
 * not the density of a pick at its best, but that of one somewhere in the
 * block's whole interval, 1/(2 tolerance): `blur` is the difference.  That is
 * the odds ratio of "an incident in this block", no strict bound: measured on
 * simulated sound it finds what the strict one finds, in a twentieth of the
 * time. */
#include "locate/assoc_scene.h"

#include <string.h>

#include "base/maths.h"

/* Of what was seen from blocks: a few thousand blocks. */
enum { SEEN_BYTES = 24 << 20 };

static double lesser(double a, double b)
{
	return a < b ? a : b;
}

static double greater(double a, double b)
{
	return a > b ? a : b;
}

static lanes splat(int32_t v)
{
	return (lanes){v, v, v, v};
}

static lanes larger(lanes a, lanes b)
{
	lanes m = a > b;

	return (a & m) | (b & ~m);
}

/* Shortest and longest travel from a block, by a table of two depths. */
static void table_range(const struct assoc_scene *s, const struct channel *c,
	const struct block *b, double h, double rad, double *least,
	double *most)
{
	enum assoc_phase ph = (enum assoc_phase)c->phase;
	double up = -b->z_m - b->half_z_m, down = -b->z_m + b->half_z_m;
	const struct assoc_table *t = s->model->table;
	double near = greater(0, h - rad), far = h + rad;

	*least = lesser(assoc_table_at(t, ph, near, up, NULL),
		assoc_table_at(t, ph, near, down, NULL));
	*most = greater(assoc_table_at(t, ph, far, up, NULL),
		assoc_table_at(t, ph, far, down, NULL));
}

/* ln within 0.06, from the bits of the number (1 + m for 2^m): fast, and the
 * same everywhere. */
static double rough_log(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return 0.6931471805599453 *
		((double)bits * 0x1p-23 - 127 + 0.043);
}

int16_t assoc_blur(
	const struct assoc_scene *s, int phase, size_t step, double tol_s)
{
	double ln = rough_log((float)(2 * tol_s)) * ASSOC_UNIT +
		s->law[phase].peak[step];

	return (int16_t)lesser(30000, greater(0, ln));
}

/* A channel seen from a block. */
static struct seen reach(const struct assoc_scene *s, const struct channel *c,
	const struct block *b)
{
	const struct law *w = &s->law[c->phase];
	double v = s->model->law[c->phase].speed_ms;
	double flat = b->half_m * 1.4142135623730951, rad, near, far;
	double dx = c->x_m - b->x_m, dy = c->y_m - b->y_m;
	double dz = c->z_m - b->z_m, h2 = dx * dx + dy * dy;
	struct path p = {.d_m = sqrt(h2 + dz * dz)};
	double least, most;
	struct seen r = {.far = ASSOC_UNSEEN};

	if (s->far_off) {
		assoc_path(s, c, b->x_m, b->y_m, b->z_m, false, &p);
		/* The frame shears away from its middle: by a fifth at
		 * 1500 km and 45 degrees. */
		flat *= 1.25;
	}
	rad = b->half_z_m > 0
		? sqrt(flat * flat + b->half_z_m * b->half_z_m)
		: flat;
	near = greater(0, p.d_m - rad);
	far = p.d_m + rad;
	if (c->phase == ASSOC_AIR)
		v += (s->model->east_ms * dx + s->model->north_ms * dy) /
			greater(p.d_m, 1);
	if (near > s->model->law[c->phase].range_m)
		return r;
	least = near / v;
	most = far / v;
	if (s->model->table && (c->phase == ASSOC_P || c->phase == ASSOC_S))
		table_range(s, c, b, sqrt(h2), flat, &least, &most);
	r.near = (uint8_t)(near / w->step_m);
	r.far = (uint8_t)lesser(far / w->step_m + 1, ASSOC_STEPS);
	r.least_s = (float)(least - w->tol_s[r.far]);
	r.most_s = (float)(most + w->tol_s[r.far] + w->late_s);
	r.blur = assoc_blur(s, c->phase, r.near,
		((double)r.most_s - (double)r.least_s) / 2);
	if (c->phase == ASSOC_FAR) {
		r.az = (int16_t)(1000 * p.az + 0.5);
		r.half_az = near > 0 ? (int16_t)(1000 * m_asin(lesser(
						 1, rad / p.d_m)) + 2)
				     : 4000;
	}
	return r;
}

/* The tile's channels seen from a block: kept, for the same ground is looked
 * at again and again at other times. */
static const struct seen *look(const struct assoc_scene *s,
	struct bounds *k, const struct tile *t, const struct block *b,
	uint64_t key)
{
	uint64_t h = (key + 1) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)((h >> 32) * k->slots >> 32);
	struct seen *seen = k->seen + at * s->most;

	if (k->key[at] == key + 1)
		return seen;
	k->key[at] = key + 1;
	for (uint32_t i = 0; i < t->count; i++)
		seen[i] = reach(
			s, &s->channel[s->hear[t->first + i]], b);
	return seen;
}

static bool az_fits(const struct arrival *a, const struct seen *r)
{
	double off;

	if (!(a->sigma_az > 0) || r->half_az > 3200)
		return true;
	off = r->az * 1e-3 - (double)a->az;
	off -= 2 * PI * floor(off / (2 * PI) + 0.5);
	return fabs(off) <= r->half_az * 1e-3 + 3 * (double)a->sigma_az;
}

struct line { /* the difference array being filled */
	lanes *sum;
	double from_s, per_s;
	int count;
};

static void add(struct line *l, int from, int to, lanes g)
{
	g = larger(g, splat(0));
	l->sum[from] += g;
	l->sum[to + 1] -= g;
}

static void add_channel(const struct assoc_scene *s, const struct channel *c,
	const struct seen *r, uint32_t i, lanes gain, double to_s,
	struct line *l)
{
	double least = (double)r->least_s, most_s = (double)r->most_s;
	uint32_t end = c->first + c->count;
	int from = -1, to = -1;
	int32_t most = 0;

	for (; i < end; i++) {
		const struct arrival *a = &s->arrival[i];
		double begin = a->t_s - most_s;
		int ia, ib;

		if (begin > to_s)
			break;
		if (a->gone || (c->phase == ASSOC_FAR && !az_fits(a, r)))
			continue;
		begin = (begin - l->from_s) * l->per_s;
		ia = begin > 0 ? (int)begin : 0;
		ib = (int)((a->t_s - least - l->from_s) * l->per_s);
		ib = ib < l->count - 1 ? ib : l->count - 1;
		if (from >= 0 && ia <= to) {
			to = ib;
			most = a->gain > most ? a->gain : most;
			continue;
		}
		if (from >= 0)
			add(l, from, to, gain + splat(most));
		from = ia;
		to = ib;
		most = a->gain;
	}
	if (from >= 0)
		add(l, from, to, gain + splat(most));
}

double assoc_bin_s(const struct assoc_scene *s, const struct block *b)
{
	double best = INFINITY;

	for (int ph = 0; ph < ASSOC_PHASES; ph++)
		if (s->phases & 1u << ph)
			best = fmin(best, b->half_m /
				s->model->law[ph].speed_ms / 2 +
				s->law[ph].tol_s[ASSOC_STEPS / 8] / 2);
	return best;
}

static int32_t top(lanes v)
{
	int32_t a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];

	return a > b ? a : b;
}

/* Runs of bins that pass; long ones in pieces, so that bounds are local. */
static size_t gather(struct line *l, lanes base, int32_t floor_, int piece,
	struct run *out)
{
	size_t n = 0;
	int from = -1;
	int32_t best = 0;

	for (int i = 0; i < l->count; i++) {
		int32_t v;

		base += l->sum[i];
		v = top(base);
		if (v <= floor_) {
			from = -1;
			continue;
		}
		if (from < 0 || (i - from >= piece && n < ASSOC_RUNS)) {
			if (n == ASSOC_RUNS)
				n--; /* the last grows */
			else
				from = i;
			best = v;
			out[n].from_s = l->from_s + from / l->per_s;
			n++;
		}
		best = v > best ? v : best;
		out[n - 1].best = best;
		out[n - 1].to_s = l->from_s + (i + 1) / l->per_s;
	}
	return n;
}

size_t assoc_runs(const struct assoc_scene *s, struct bounds *k,
	const struct tile *t, const struct block *b, uint64_t key,
	struct run span, int32_t floor_, struct run *out)
{
	const struct seen *seen = look(s, k, t, b, key);
	double wide = span.to_s - span.from_s;
	struct line l = {k->sum, span.from_s, 0, 0};
	lanes base = {0};
	int piece = ASSOC_BINS / 8;

	l.count = (int)lesser(ASSOC_BINS, wide / assoc_bin_s(s, b) + 1);
	l.per_s = l.count / wide;
	memset(k->sum, 0, ((size_t)l.count + 1) * sizeof k->sum[0]);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct channel *c =
			&s->channel[s->hear[t->first + i]];
		const struct law *w = &s->law[c->phase];
		lanes not, gain;
		uint32_t first;

		if (seen[i].far == ASSOC_UNSEEN)
			continue;
		first = channel_from(
			s, c, span.from_s + (double)seen[i].least_s);
		not = w->sums[c->hears].not[seen[i].far];
		gain = w->sums[c->hears].pd[seen[i].near] - not +
			splat(w->peak[seen[i].near] - seen[i].blur);
		if (channel_works(s, c, first,
			    span.to_s + (double)seen[i].most_s))
			base += not;
		add_channel(s, c, &seen[i], first, gain, span.to_s, &l);
	}
	return gather(&l, base, floor_, piece, out);
}

bool assoc_bounds(const struct assoc_scene *s, struct arena *a,
	struct bounds *k, struct fault *f)
{
	k->slots = SEEN_BYTES / (s->most * sizeof *k->seen + sizeof *k->key);
	if (k->slots < 16)
		k->slots = 16;
	k->seen = arena_array(a, k->slots * s->most, sizeof *k->seen, f);
	k->key = arena_array(a, k->slots, sizeof *k->key, f);
	k->sum = arena_array(a, ASSOC_BINS + 1, sizeof *k->sum, f);
	return k->seen && k->key && k->sum;
}
