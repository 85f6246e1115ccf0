/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/watched.h"

static enum kind kind_of_looks(const struct view *v, bool *known)
{
	const struct report *r = v->report;

	*known = r->look_count > 0;
	for (size_t i = 0; i < r->look_count; i++)
		if (r->look[i].kind == KIND_EXPLOSION)
			return KIND_EXPLOSION;
	return *known ? r->look[0].kind : KIND_EXPLOSION;
}

static struct point centre(const struct watched *w, size_t row, size_t col)
{
	const struct box *b = &w->box;

	return (struct point){
		b->north - (b->north - b->south) * ((double)row + 0.5) /
				(double)w->high,
		b->west + (b->east - b->west) * ((double)col + 0.5) /
				(double)w->wide};
}

static void area_cells(const struct view *v, struct watched *w)
{
	const struct mission *m = v->mission;
	struct box bounds = {m->south, m->west, m->north, m->east};

	for (size_t r = 0; r < w->high; r++)
		for (size_t c = 0; c < w->wide; c++) {
			struct point p = centre(w, r, c);

			w->inside[r][c] = m->area.count >= 3
				? polygon_holds(&m->area, p)
				: box_holds(&bounds, p);
		}
}

/* The slots whose middle a look's span holds, as bits. */
static void slots_of(const struct watched *w, struct span s, uint64_t bits[2])
{
	int64_t length = w->span.to.utc_ns - w->span.from.utc_ns;

	bits[0] = bits[1] = 0;
	for (size_t i = 0; i < w->slots; i++) {
		struct instant middle = instant_plus_ns(w->span.from,
			length / (int64_t)w->slots * (int64_t)i +
				length / (int64_t)w->slots / 2);

		if (span_holds(s, middle))
			bits[i / 64] |= UINT64_C(1) << i % 64;
	}
}

static void add_look(struct watched *w, const struct look *k)
{
	struct box b = polygon_box(&k->area);
	uint64_t bits[2];

	if (k->kind != w->kind || !(k->pd >= 0.1) || k->area.count < 3)
		return;
	slots_of(w, k->span, bits);
	if (!(bits[0] | bits[1]))
		return;
	for (size_t r = 0; r < w->high; r++) {
		double lat = centre(w, r, 0).lat_deg;

		if (lat < b.south || lat > b.north)
			continue;
		for (size_t c = 0; c < w->wide; c++) {
			struct point p = centre(w, r, c);

			if (!box_holds(&b, p) || !polygon_holds(&k->area, p))
				continue;
			for (int i = 0; i < 2; i++) {
				w->some[r][c][i] |= bits[i];
				if (k->pd >= 0.9)
					w->full[r][c][i] |= bits[i];
			}
		}
	}
}

bool watched_make(const struct view *v, const struct box *box, size_t wide,
	size_t high, size_t slots, struct watched **out, struct fault *f)
{
	struct watched *w = arena_take(v->arena, sizeof *w, f);

	if (!w)
		return false;
	w->box = *box;
	w->span = v->report->now.period.span;
	w->wide = wide < WATCHED_WIDE ? wide : WATCHED_WIDE;
	w->high = high < WATCHED_HIGH ? high : WATCHED_HIGH;
	w->slots = slots < WATCHED_SLOTS ? slots : WATCHED_SLOTS;
	w->kind = kind_of_looks(v, &w->known);
	*out = w;
	if (w->slots == 0 || w->span.to.utc_ns <= w->span.from.utc_ns)
		return true;
	area_cells(v, w);
	for (size_t i = 0; i < v->report->look_count; i++)
		add_look(w, &v->report->look[i]);
	return true;
}

static double share(const uint64_t bits[2], size_t slots)
{
	int n = __builtin_popcountll(bits[0]) + __builtin_popcountll(bits[1]);

	return slots ? (double)n / (double)slots : 0;
}

enum watched_state watched_cell(
	const struct watched *w, size_t row, size_t column)
{
	if (share(w->full[row][column], w->slots) >= 0.9)
		return WATCHED_FULLY;
	return share(w->some[row][column], w->slots) >= 0.1 ? WATCHED_PARTLY
							    : WATCHED_NOT;
}

double watched_slot(const struct watched *w, size_t slot)
{
	size_t all = 0, seen = 0;

	for (size_t r = 0; r < w->high; r++)
		for (size_t c = 0; c < w->wide; c++) {
			if (!w->inside[r][c])
				continue;
			all++;
			seen += w->full[r][c][slot / 64] >> slot % 64 & 1;
		}
	return all ? (double)seen / (double)all : 0;
}
