/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/retrace.h"

#include <stdlib.h>

#include "geo/frame.h"
#include "locate/afar.h"
#include "roles/chain.h"

#define WORK_BYTES ((size_t)1 << 30)

struct retracing {
	struct retracer *by;
	struct store *store;
	const struct mission *mission;
	const struct incident *incident;
	struct arena *arena;
	struct arena work;
	struct network net;
	struct bearings bearings;
	struct health *health;
	size_t health_count, health_room;
	struct detection *pick; /* by time, then id */
	size_t picks, pick_room;
	struct incident *made; /* being filled */
	size_t made_room;
	struct fit *fit;
	size_t fit_room;
};

/* -- what the store holds -- */

static bool take_health(void *self, const struct row *row, struct fault *f)
{
	struct retracing *r = self;
	void *list = r->health;
	const struct tree *t;

	if (!chain_grow(r->arena, &list, r->health_count, &r->health_room,
		sizeof *r->health, f))
		return false;
	r->health = list;
	r->work.used = 0;
	return tree_read(row->body, &r->work, &t, f) &&
		health_read(t, r->arena, &r->health[r->health_count++], f);
}

static bool take_pick(void *self, const struct row *row, struct fault *f)
{
	struct retracing *r = self;
	void *list = r->pick;
	const struct tree *t;

	if (strcmp(row->kind, kind_name(KIND_FLIGHT)) == 0)
		return true; /* a hum: no arrival */
	if (!chain_grow(r->arena, &list, r->picks, &r->pick_room,
		sizeof *r->pick, f))
		return false;
	r->pick = list;
	r->work.used = 0;
	return tree_read(row->body, &r->work, &t, f) &&
		detection_read(t, r->arena, &r->pick[r->picks++], f);
}

static bool air(struct retracing *r, struct fault *f)
{
	struct replay_ask ask = {.mission = r->mission, .store = r->store};
	struct chain c = {.ask = &ask, .arena = *r->arena, .work = r->work};
	bool ok = chain_air(&c, f);

	*r->arena = c.arena;
	r->net.weather = c.weather;
	r->net.weather_count = c.weather_count;
	return ok;
}

/* The farthest array hears it in 25 minutes (locate/joint.c); how often each
 * speaks is counted about that. */
static bool bearings(struct retracing *r, struct fault *f)
{
	double reach_s = 3 * locate_gap_s(r->mission) + BEARING_ARRAY_S + 60;
	struct span span = {instant_plus_s(r->incident->at, -reach_s),
		instant_plus_s(r->incident->at, reach_s + 1560)};

	r->net.bearings = &r->bearings;
	return bearings_load(r->store, r->mission, span, r->arena, &r->work,
		&r->bearings, f);
}

/* Whatever may have to do with it: three silences to each side. */
static bool load(struct retracing *r, struct fault *f)
{
	double reach_s = 3 * locate_gap_s(r->mission);
	struct span span = {instant_plus_s(r->incident->at, -reach_s),
		instant_plus_s(r->incident->at, reach_s)};
	struct query health = {.type = ROW_HEALTH, .span = span};
	struct query picks = {.type = ROW_DETECTION, .span = span,
		.status = modality_name(MODALITY_ACOUSTIC)};

	if (!r->store->engine->find(
		    r->store, &health, take_health, r, f) ||
		!r->store->engine->find(r->store, &picks, take_pick, r, f) ||
		!air(r, f) || !bearings(r, f))
		return false;
	if (r->health_count > 0)
		qsort(r->health, r->health_count, sizeof *r->health,
			chain_by_place);
	r->net.mission = r->mission;
	r->net.health = r->health;
	r->net.health_count = r->health_count;
	return true;
}

/* -- located anew -- */

static bool keep_made(void *self, const struct incident *i, struct fault *f)
{
	struct retracing *r = self;
	void *list = r->made;

	if (!chain_grow(r->arena, &list, r->by->made_count, &r->made_room,
		sizeof *i, f))
		return false;
	r->by->made = r->made = list;
	r->made[r->by->made_count++] = *i;
	return true;
}

static bool keep_fit(void *self, const struct fit *fit, struct fault *f)
{
	struct retracing *r = self;
	void *list = r->fit;

	if (!chain_grow(r->arena, &list, r->by->fits, &r->fit_room,
		sizeof *fit, f))
		return false;
	r->by->fit = r->fit = list;
	r->fit[r->by->fits++] = *fit;
	return true;
}

/* The same arrivals as the last time, so the same sounds. */
static bool is_known(const struct retracer *by, const struct detection *d,
	size_t n)
{
	if (n != by->picks)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(d[i].id.text, by->pick[i].id.text) != 0)
			return false;
	return true;
}

static bool locate(struct retracing *r, const struct detection *d, size_t n,
	struct fault *f)
{
	struct fits fits = {keep_fit, r};
	struct incidents out = {keep_made, r};

	if (is_known(r->by, d, n))
		return true;
	r->by->pick = d;
	r->by->picks = n;
	r->by->made_count = r->by->fits = 0;
	r->made_room = r->fit_room = 0;
	r->made = NULL;
	r->fit = NULL;
	r->net.fits = &fits;
	return locate_sound(&r->net, d, n, r->arena, &out, f);
}

static bool cites(const struct incident *i, const char *id)
{
	size_t lo = 0, hi = i->evidence_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(i->evidence[mid].text, id);

		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

static size_t shared(const struct incident *a, const struct incident *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->evidence_count; i++)
		n += cites(b, a->evidence[i].text);
	return n;
}

/* The one that shares most with what is recorded; of equals, the first. */
static const struct incident *best(const struct retracing *r, size_t *most)
{
	const struct incident *x = NULL;

	*most = 0;
	for (size_t i = 0; i < r->by->made_count; i++) {
		size_t n = shared(&r->by->made[i], r->incident);

		if (n > *most) {
			*most = n;
			x = &r->by->made[i];
		}
	}
	return x;
}

/* The island of arrivals that its own lie in. */
static void island(const struct retracing *r, size_t *from, size_t *to)
{
	double gap_s = locate_gap_s(r->mission);

	*from = *to = 0;
	for (size_t i = 0; i < r->picks; i++)
		if (cites(r->incident, r->pick[i].id.text)) {
			if (*to == 0)
				*from = i;
			*to = i + 1;
		}
	while (*to > 0 && *from > 0 &&
		instant_seconds(r->pick[*from - 1].at, r->pick[*from].at) <=
			gap_s)
		--*from;
	while (*to > 0 && *to < r->picks &&
		instant_seconds(r->pick[*to - 1].at, r->pick[*to].at) <= gap_s)
		++*to;
}

/* Those that it rests on, alone. */
static bool own_picks(const struct retracing *r, struct detection **own,
	size_t *n, struct fault *f)
{
	*n = 0;
	*own = arena_array(r->arena, r->picks + 1, sizeof **own, f);
	for (size_t i = 0; *own && i < r->picks; i++)
		if (cites(r->incident, r->pick[i].id.text))
			(*own)[(*n)++] = r->pick[i];
	return *own != NULL;
}

/* How much of its evidence is of others than nodes. */
static size_t others(const struct retracing *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->bearings.count; i++)
		n += cites(r->incident, r->bearings.at[i].id.text);
	return n;
}

static bool relocate(struct retracing *r, const struct incident **sound,
	bool *same, struct fault *f)
{
	struct detection *own;
	size_t from, to, n, most;

	*sound = NULL;
	island(r, &from, &to);
	if (!own_picks(r, &own, &n, f) || n == 0)
		return n == 0 && own;
	if (!locate(r, r->pick + from, to - from, f))
		return false;
	*sound = best(r, &most);
	/* Reports and heat are the fuser's. */
	*same = *sound && most == n + others(r) &&
		(*sound)->evidence_count == most;
	if (*sound && 2 * most > n)
		return true;
	/* Another set of arrivals now makes it up: then from its own. */
	if (!locate(r, own, n, f))
		return false;
	*sound = best(r, &most);
	*same = false;
	return true;
}

/* -- rows -- */

static const struct fit *fit_of(
	const struct retracing *r, const struct incident *i)
{
	for (size_t k = 0; k < r->by->fits; k++)
		if (instant_round_us(r->by->fit[k].at).utc_ns == i->at.utc_ns)
			return &r->by->fit[k];
	return NULL;
}

static const struct health *health_at(
	const struct retracing *r, const char *source, struct instant t)
{
	for (size_t i = 0; i < r->health_count; i++)
		if (span_holds(r->health[i].span, t) &&
			strcmp(r->health[i].source, source) == 0 &&
			r->health[i].state != HEALTH_UP &&
			r->health[i].state != HEALTH_DEGRADED)
			return &r->health[i];
	return NULL;
}

static const struct detection *pick_of(
	const struct retracing *r, const char *id)
{
	for (size_t i = 0; i < r->picks; i++)
		if (strcmp(r->pick[i].id.text, id) == 0)
			return &r->pick[i];
	return NULL;
}

static void hear_row(const struct retracing *r, const struct hearing *h,
	struct picture_row *row)
{
	row->d_m = h->d_m;
	row->travel_s = h->travel_s;
	row->sigma_s = h->sigma_s;
	row->pd = h->pd;
	row->near = h->near;
	row->near_count = h->near_count;
	row->weight = h->weight;
	row->state = h->near_count > 0 ? PICTURE_APART : PICTURE_SILENT;
	if (h->used < 0)
		return;
	row->state = PICTURE_HEARD;
	row->late_s = h->near[h->used].offset_s;
	row->used = pick_of(r, h->near[h->used].detection);
}

/* What it reported near the expected time, of a sensor that the locator did
 * not ask. */
static bool near_row(
	const struct retracing *r, struct picture_row *row, struct instant due,
	struct fault *f)
{
	struct near *n = arena_array(r->arena, FIT_NEAR_MAX, sizeof *n, f);

	if (!n)
		return false;
	row->near = n;
	for (size_t i = 0; i < r->picks; i++) {
		const struct detection *d = &r->pick[i];
		double off = instant_seconds(due, d->at);

		if (fabs(off) <= FIT_NEAR_S &&
			row->near_count < FIT_NEAR_MAX &&
			strcmp(d->source, row->source->id) == 0)
			n[row->near_count++] = (struct near){d->id.text, d->at,
				off, d->sigma_s, NAN, NAN};
	}
	return true;
}

static bool fill_row(const struct retracing *r, const struct picture *p,
	const struct fit *fit, const struct source *s, struct picture_row *row,
	struct fault *f)
{
	struct frame frame = frame_at(fit->lat_deg, fit->lon_deg);
	struct xy q = frame_to(&frame, s->lat_deg, s->lon_deg);
	struct text t = text_in(r->arena, 256);
	const struct health *sick;

	*row = (struct picture_row){.source = s, .state = PICTURE_SILENT,
		.why = "", .d_m = sqrt(q.x_m * q.x_m + q.y_m * q.y_m),
		.sigma_s = NAN, .pd = NAN, .late_s = NAN, .weight = NAN,
		.rate_hz = NAN, .scale = NAN};
	row->travel_s = row->d_m / p->speed_ms;
	for (size_t i = 0; i < fit->hearing_count; i++)
		if (strcmp(fit->hearing[i].source, s->id) == 0)
			hear_row(r, &fit->hearing[i], row);
	sick = health_at(r, s->id, instant_plus_s(fit->at, row->travel_s));
	if (!sick)
		sick = health_at(r, s->id, fit->at);
	if (!sick || row->state == PICTURE_HEARD)
		return true;
	row->state = sick->state == HEALTH_QUARANTINED ? PICTURE_DOUBTED
						       : PICTURE_OUT;
	text_fmt(&t, "%s%s%.200s", health_state_name(sick->state),
		*sick->why ? ": " : "", sick->why);
	row->why = t.at;
	return text_check(&t, f) && near_row(r, row,
		instant_plus_s(fit->at, row->travel_s), f);
}

static int by_distance(const void *a, const void *b)
{
	const struct picture_row *x = a, *y = b;

	if (x->d_m < y->d_m || x->d_m > y->d_m)
		return x->d_m < y->d_m ? -1 : 1;
	return strcmp(x->source->id, y->source->id);
}

static bool rows(const struct retracing *r, const struct fit *fit,
	struct picture *p, struct fault *f)
{
	const struct mission *m = r->mission;
	struct picture_row row;

	p->row = arena_array(r->arena, m->source_count + 1, sizeof row, f);
	for (size_t i = 0; p->row && i < m->source_count; i++) {
		const struct source *s = &m->source[i];

		if (s->kind != SOURCE_ACOUSTIC ||
			!isfinite(s->lat_deg + s->lon_deg))
			continue;
		if (!fill_row(r, p, fit, s, &row, f))
			return false;
		if (row.d_m <= p->range_m || row.used)
			p->row[p->rows++] = row;
	}
	if (p->rows > 0)
		qsort(p->row, p->rows, sizeof *p->row, by_distance);
	return p->row != NULL;
}

static bool trace(struct retracing *r, struct picture *p, bool *found,
	struct fault *f)
{
	const struct incident *sound;
	const struct fit *fit;

	if (!load(r, f) || !relocate(r, &sound, &p->same, f))
		return false;
	fit = sound ? fit_of(r, sound) : NULL;
	if (!fit)
		return true;
	*found = true;
	p->sound = *sound;
	p->speed_ms = feature_of(
		sound->feature, sound->feature_count, "sound_speed_ms");
	p->range_m = hear_range_m(r->mission);
	p->far = fit->far;
	p->far_count = fit->far_count;
	return rows(r, fit, p, f);
}

bool retrace(struct retracer *by, const struct incident *i, struct picture *p,
	bool *found, struct fault *f)
{
	struct retracing r = {.by = by, .store = by->store,
		.mission = by->mission, .incident = i, .arena = by->arena};
	bool ok;

	*p = (struct picture){.mission = by->mission, .incident = i};
	*found = false;
	/* What is explained by a path has no one place to be located at. */
	if (!instant_known(i->at) || incident_is_part(i))
		return true;
	ok = arena_map(&r.work, WORK_BYTES, f) && trace(&r, p, found, f);
	arena_unmap(&r.work);
	return ok;
}

/* -- who heard it from afar -- */

/* Sound of 1,500 km at 220 m/s comes in two hours (locate/afar.c). */
#define AFAR_S 7200.0

static bool gather_far(struct retracing *r, const struct far **far,
	size_t *count, struct fault *f)
{
	const struct incident *i = r->incident;
	struct point at = {i->place.lat_deg, i->place.lon_deg};
	double depth_m = feature_of(
		i->feature, i->feature_count, "depth_m");
	struct span span = {instant_plus_s(i->from, -60),
		instant_plus_s(i->to, AFAR_S)};
	struct far *x;

	if (!bearings_load(r->store, r->mission, span, r->arena, &r->work,
		&r->bearings, f) ||
		!(x = arena_array(r->arena, i->evidence_count + 1, sizeof *x,
			  f)))
		return false;
	for (size_t k = 0; k < r->bearings.count; k++)
		if (cites(i, r->bearings.at[k].id.text) &&
			*count < i->evidence_count)
			afar_residual(&r->bearings.at[k], at, depth_m, i->at,
				&x[(*count)++]);
	*far = x;
	return true;
}

bool retrace_afar(struct retracer *by, const struct incident *i,
	const struct far **far, size_t *count, struct fault *f)
{
	struct retracing r = {.store = by->store, .mission = by->mission,
		.incident = i, .arena = by->arena};
	unsigned heard = 1u << MODALITY_INFRASOUND | 1u << MODALITY_SEISMIC;
	bool ok;

	*count = 0;
	if (!(i->modalities & heard) || i->modalities & ~heard ||
		!instant_known(i->from) || !place_known(&i->place))
		return true;
	ok = arena_map(&r.work, WORK_BYTES, f) &&
		gather_far(&r, far, count, f);
	arena_unmap(&r.work);
	return ok;
}
