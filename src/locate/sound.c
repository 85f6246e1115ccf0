/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sound.c - arrivals of sound become incidents, one per shot or explosion. */
#include <string.h>

#include "base/hands.h"
#include "base/maths.h"
#include "base/sort.h"
#include "locate/associate.h"
#include "locate/joint.h"
#include "locate/boom.h"
#include "locate/budget.h"
#include "locate/classify.h"
#include "locate/level.h"
#include "locate/posterior.h"
#include "locate/residual.h"
#include "locate/rival.h"
#include "locate/shock.h"

/* Slowest sound: -40 deg C against 20 m/s of wind. */
#define SLOWEST_MS 280.0
/* Late arrivals and errors of time, seconds. */
#define LATENESS_S 1.0
/* A working source should have heard if it does so more often than not. */
#define SHOULD_LN_PD (-0.6931471805599453094)
/* An arrival so long after the expected one is not silence. */
#define ECHO_S 0.6
#define EARLY_S 0.1
#define Z_90 1.6448536269514722
/* A charge is stated of what is an explosion with this probability. */
#define YIELD_LEAST 0.3
/* A bullet is looked for where a weapon has this probability. */
#define MAY_BE_SHOT 0.1

double locate_gap_s(const struct mission *m)
{
	/* Two ears of one incident are no farther apart than two ranges, and
	 * their arrivals by no more than one range's travel time. */
	return hear_range_m(m) / SLOWEST_MS + LATENESS_S;
}

struct kept { /* an origin, without its view */
	struct origin is;
	const struct joint *far; /* NULL: none */
	size_t *pick, picks; /* of the scene, by ear */
};

/* A sound that was taken, until it is described: which takes longer than all
 * else, and hangs on no other sound. */
struct taken {
	struct point at; /* its view */
	double half_m, from_s, to_s;
	double at_1m_db; /* as loud as it was there; NAN not known */
	struct kept given, where;
};

struct made {
	struct incident is;
	struct clues clues;
	const struct taken *taken; /* NULL: described */
	bool named; /* its kind is known */
};

struct maker {
	const struct network *net;
	struct arena *arena;
	struct made *made;
	size_t count, most;
	struct joint_used used; /* by sounds of this island */
};

struct writer { /* who describes, one a hand */
	const struct maker *all;
	const struct network *net;
	const struct scene *scene;
	struct arena *arena;
	struct view_room room;
	struct lee lee;
	ptrdiff_t *given, *where; /* choices */
};

struct words { /* for lists of pointers, sorted by strcmp() */
	const char **at;
	size_t count;
};

static void add_word(struct words *w, const char *s)
{
	size_t k = w->count++;

	for (; k > 0 && strcmp(w->at[k - 1], s) > 0; k--)
		w->at[k] = w->at[k - 1];
	w->at[k] = s;
}

/* Behind the nodes' arrivals, which name the incident.  Returns how many ids
 * there are. */
static size_t far_evidence(const struct origin *o, struct incident *i,
	struct id *id, size_t n)
{
	for (size_t k = 0; o->far && k < o->far->count; k++) {
		const struct bearing *b = o->far->at[k].of;
		size_t at = n;

		i->modalities |= 1u << b->modality;
		if (n == INCIDENT_EVIDENCE_MAX)
			break;
		for (; at > 0 && strcmp(id[at - 1].text, b->id.text) > 0; at--)
			id[at] = id[at - 1];
		id[at] = b->id;
		n++;
	}
	return n;
}

static bool evidence(const struct writer *m, const struct view *v,
	const struct origin *o, struct incident *i, struct fault *f)
{
	const struct detection *first = NULL;
	size_t n = 0, others = o->far ? o->far->count : 0;
	struct id *id = arena_array(
		m->arena, o->heard + others, sizeof *id, f);

	if (!id)
		return false;
	for (size_t k = 0; k < v->posts; k++) {
		const struct detection *d;
		size_t at = n;

		if (o->choice[k] == HEAR_NONE || n == INCIDENT_EVIDENCE_MAX)
			continue;
		d = v->scene->pick[o->choice[k]].detection;
		if (!first || detection_order(d, first) < 0)
			first = d;
		for (; at > 0 && strcmp(id[at - 1].text, d->id.text) > 0; at--)
			id[at] = id[at - 1];
		id[at] = d->id;
		n++;
	}
	n = far_evidence(o, i, id, n);
	i->evidence = id;
	i->evidence_count = n;
	incident_name(i, first);
	return true;
}

/* Whether a post has any arrival from just before to an echo's time after. */
static bool has_arrival(const struct view *v, const struct post *p, double t_s)
{
	const struct ear *e = &v->scene->ear[p->ear];

	size_t k = scene_first(v->scene, e, t_s - EARLY_S);

	return k < e->first + e->count && v->scene->pick[k].t_s < t_s + ECHO_S;
}

static bool silent(const struct writer *m, const struct view *v,
	const struct origin *o, struct incident *i, struct fault *f)
{
	struct words w = {
		arena_array(m->arena, v->posts + 1, sizeof(char *), f), 0};
	const struct reach *r = &v->scene->reach;

	if (!w.at)
		return false;
	for (size_t k = 0; k < v->posts; k++) {
		const struct post *p = &v->post[k];
		double d, t = o->t_s + origin_travel(o, p, NULL, &d);
		size_t step = (size_t)fmin(d / r->step_m, HEAR_STEPS);

		if (o->choice[k] == HEAR_NONE && d <= v->scene->range_m &&
			r->ln_pd[o->reach][step] > SHOULD_LN_PD &&
			!has_arrival(v, p, t))
			add_word(&w, v->scene->ear[p->ear].source->id);
	}
	i->silent = w.at;
	i->silent_count = w.count;
	return true;
}

/* What health says of the sources that the incident rests on. */
static bool remarks(const struct writer *m, const struct view *v,
	const struct origin *o, struct incident *i, struct fault *f)
{
	size_t most = 0;
	struct words w = {0};

	for (size_t h = 0; h < m->net->health_count; h++)
		most += span_holds(m->net->health[h].span, i->at) &&
			m->net->health[h].state == HEALTH_DEGRADED;
	if (most == 0)
		return true;
	w.at = arena_array(m->arena, most, sizeof(char *), f);
	if (!w.at)
		return false;
	for (size_t h = 0; h < m->net->health_count; h++) {
		const struct health *q = &m->net->health[h];
		struct text t;

		if (!span_holds(q->span, i->at) || q->state != HEALTH_DEGRADED)
			continue;
		for (size_t k = 0; k < v->posts; k++) {
			const struct ear *e = &v->scene->ear[v->post[k].ear];

			if (o->choice[k] == HEAR_NONE ||
				strcmp(e->source->id, q->source) != 0)
				continue;
			t = text_in(m->arena,
				strlen(q->source) + strlen(q->why) + 3);
			text_add(&t, q->source);
			text_add(&t, ": ");
			text_add(&t, q->why);
			if (!text_check(&t, f))
				return false;
			add_word(&w, t.at);
		}
	}
	i->health = w.at;
	i->health_count = w.count;
	return true;
}

/* Nodes of at least two owners carry it, or one owner could have made it up
 * (docs/WAVEFORM.md 3.4, claim rule; CONTRACT.md, status). */
static enum status status_of(const struct view *v, const struct origin *o)
{
	const char *first = NULL;

	for (size_t k = 0; k < v->posts; k++) {
		const char *owner;

		if (o->choice[k] == HEAR_NONE)
			continue;
		owner = v->scene->ear[v->post[k].ear].source->owner;
		if (first && strcmp(first, owner) != 0)
			return STATUS_ASSOCIATED;
		first = owner;
	}
	for (size_t k = 0; o->far && k < o->far->count; k++)
		if (first &&
			strcmp(first, o->far->at[k].of->source->owner) != 0)
			return STATUS_ASSOCIATED;
	return STATUS_AUTOMATIC;
}

static double median(double *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double q = x[i];
		size_t k = i;

		for (; k > 0 && x[k - 1] > q; k--)
			x[k] = x[k - 1];
		x[k] = q;
	}
	return n ? x[n / 2] : NAN;
}

/* The median over the arrivals of a named feature, or of the frequency. */
static double typical(const struct view *v, const struct origin *o,
	const char *feature, double *room)
{
	size_t n = 0;

	for (size_t k = 0; k < v->posts; k++) {
		const struct detection *d;
		double x;

		if (o->choice[k] == HEAR_NONE)
			continue;
		d = v->scene->pick[o->choice[k]].detection;
		x = feature ? feature_of(d->feature, d->feature_count, feature)
			    : d->frequency_hz;
		if (isfinite(x))
			room[n++] = x;
	}
	return median(room, n);
}

/* Of what others heard, if they did. */
static void count_phases(const struct origin *o, struct feature *x, size_t *n)
{
	static const char *const names[PHASES] = {
		"picks_air", "picks_p", "picks_s", "picks_far"};
	double count[PHASES] = {(double)o->heard};

	if (!o->far)
		return;
	for (size_t k = 0; k < o->far->count; k++)
		count[o->far->at[k].phase]++;
	for (int p = 0; p < PHASES; p++)
		if (count[p] > 0)
			x[(*n)++] = (struct feature){names[p], count[p]};
}

static bool features(const struct writer *m, const struct view *v,
	const struct origin *o, double *room, struct incident *i,
	struct fault *f)
{
	struct feature *x = arena_array(m->arena, 3 + PHASES, sizeof *x, f);
	double level = typical(v, o, "level_db", room);

	if (!x)
		return false;
	i->feature = x;
	x[i->feature_count++] = (struct feature){"score", o->score};
	x[i->feature_count++] = (struct feature){"sound_speed_ms", o->c_ms};
	if (isfinite(level))
		x[i->feature_count++] = (struct feature){"level_db", level};
	count_phases(o, x, &i->feature_count);
	return true;
}

/* A record's numbers must not hang on a last bit. */
static double thousandths(double share)
{
	return floor(1000 * share + 0.5) / 1000;
}

/* What its error comes from: each share as a feature, the largest in a word;
 * and how much of it other rounds from there share. */
static bool doubts(const struct writer *m, const struct view *v,
	const struct origin *o, struct incident *i, struct fault *f)
{
	double share[BUDGET_PARTS], shared;
	size_t n = i->feature_count, big = 0;
	struct attribute *word;
	struct feature *x;

	if (!budget(v, o, share, &shared))
		return true;
	x = arena_array(m->arena, n + BUDGET_PARTS + 1, sizeof *x, f);
	word = arena_array(m->arena, 1, sizeof *word, f);
	if (!x || !word)
		return false;
	memcpy(x, i->feature, n * sizeof *x);
	for (size_t k = 0; k < BUDGET_PARTS; k++) {
		share[k] = thousandths(share[k]);
		x[n++] = (struct feature){
			budget_feature((enum budget_part)k), share[k]};
		if (share[k] > share[big])
			big = k;
	}
	x[n++] = (struct feature){"error_shared", thousandths(shared)};
	i->feature = x;
	i->feature_count = n;
	*word = (struct attribute){
		"error_mostly", budget_name((enum budget_part)big)};
	i->attribute = word;
	i->attribute_count = 1;
	return true;
}

/* Where it was and when, by the round that says most and by what others heard
 * of that round. */
static bool place_it(const struct writer *m, const struct view *v,
	const struct origin *where, struct incident *i,
	struct posterior_time *t, struct fault *f)
{
	struct origin joint = *where;

	if (joint.far)
		origin_join(v, &joint);
	if (!posterior(v, &joint, m->arena, &i->place, t, f))
		return false;
	t->later_s += joint.t_s - where->t_s;
	return true;
}

static bool describe(const struct writer *m, const struct view *v,
	const struct origin *o, const struct origin *where, struct made *to,
	struct fault *f)
{
	struct incident *i = &to->is;
	struct posterior_time t;
	double *room;

	*i = incident_new();
	room = arena_array(m->arena, v->posts, sizeof *room, f);
	if (!room || !place_it(m, v, where, i, &t, f))
		return false;
	i->at = instant_round_us(instant_plus_s(v->scene->start, o->t_s));
	i->from = instant_plus_s(i->at, t.later_s - Z_90 * t.sigma_s);
	i->to = instant_plus_s(i->at, t.later_s + Z_90 * t.sigma_s);
	i->time_level = 0.9;
	i->modalities = 1u << MODALITY_ACOUSTIC;
	i->count = COUNT_OF(1);
	i->status = status_of(v, o);
	return clues_of(v, o, m->arena, &to->clues, f) &&
		evidence(m, v, o, i, f) && silent(m, v, o, i, f) &&
		remarks(m, v, o, i, f) && features(m, v, o, room, i, f) &&
		doubts(m, v, where, i, f);
}

/* -- taken now, described when all are taken -- */

static bool keep(const struct maker *m, const struct view *v,
	const struct origin *o, struct kept *to, struct fault *f)
{
	struct joint terms, *far;

	*to = (struct kept){.is = *o};
	to->is.choice = NULL;
	joint_agree(v, o, &m->used, &terms);
	if (terms.count > 0) {
		if (!(far = arena_array(m->arena, 1, sizeof *far, f)))
			return false;
		*far = terms;
		to->far = far;
	}
	to->pick = arena_array(m->arena, o->heard + 1, sizeof *to->pick, f);
	for (size_t i = 0; to->pick && i < v->posts; i++)
		if (o->choice[i] != HEAR_NONE)
			to->pick[to->picks++] = (size_t)o->choice[i];
	return to->pick != NULL;
}

/* As it was kept, in its view made again. */
static struct origin origin_of(
	const struct kept *k, const struct view *v, ptrdiff_t *choice)
{
	struct origin o = k->is;
	size_t n = 0;

	for (size_t i = 0; i < v->posts; i++) {
		choice[i] = HEAR_NONE;
		if (n < k->picks &&
			v->scene->pick[k->pick[n]].ear == v->post[i].ear)
			choice[i] = (ptrdiff_t)k->pick[n++];
	}
	assert(n == k->picks);
	o.choice = choice;
	o.far = k->far;
	return o;
}

static bool take(void *self, const struct view *v, const struct origin *given,
	const struct origin *where, struct fault *f)
{
	struct maker *m = self;
	struct taken *t = arena_array(m->arena, 1, sizeof *t, f);
	struct origin o = *given;

	if (!t || !keep(m, v, where, &t->where, f) ||
		!keep(m, v, given, &t->given, f))
		return false;
	t->at = (struct point){v->frame.lat_deg, v->frame.lon_deg};
	t->half_m = v->half_m;
	t->at_1m_db = level_at_1m_db(v, given);
	t->from_s = v->from_s;
	t->to_s = v->to_s;
	o.far = t->given.far;
	/* What else its sources heard is not yet others' now. */
	if (!residual_put(v, &o, m->arena, f))
		return false;
	if (m->count == m->most)
		return fault(
			f, FAULT_LIMIT, "locate: over %zu incidents", m->most);
	for (size_t k = 0; o.far && k < o.far->count; k++)
		m->used.at[m->used.count++] = o.far->at[k].of;
	m->made[m->count++] = (struct made){.taken = t};
	return true;
}

static bool is_same(const struct kept *a, const struct kept *b)
{
	return a->picks == b->picks &&
		memcmp(a->pick, b->pick, a->picks * sizeof *a->pick) == 0;
}

static bool describe_one(void *self, size_t hand, size_t i, struct fault *f)
{
	struct writer *w = (struct writer *)self + hand;
	struct made *to = &w->all->made[i];
	const struct taken *t = to->taken;
	struct origin given, where;
	struct view v;

	view_make(w->scene, &w->room, t->at, t->half_m, t->from_s, t->to_s,
		&v);
	lee_for(&w->lee, sqrt(v.air.east_ms * v.air.east_ms +
			v.air.north_ms * v.air.north_ms),
		v.air.sigma_w_ms, w->scene->range_m);
	v.lee = &w->lee;
	given = origin_of(&t->given, &v, w->given);
	where = origin_of(&t->where, &v, w->where);
	/* Rounds of a burst have one place, by all of them. */
	if (is_same(&t->given, &t->where)) {
		if (!posterior_doubt(&v, &given, w->arena, f))
			return false;
		where = given;
	}
	return describe(w, &v, &given, &where, to, f);
}

static int by_start(const void *x, const void *y, const void *self)
{
	const struct rival *a = x, *b = y;

	(void)self;
	if (a->t_s < b->t_s || a->t_s > b->t_s)
		return a->t_s < b->t_s ? -1 : 1;
	return (a->pick[0] > b->pick[0]) - (a->pick[0] < b->pick[0]);
}

/* All that were taken, by time. */
static bool find_rivals(struct maker *m, struct scene *s, struct fault *f)
{
	struct rivals *all = arena_array(m->arena, 1, sizeof *all, f);
	struct rival *r = arena_array(m->arena, m->count + 1, sizeof *r, f);

	if (!all || !r)
		return false;
	for (size_t i = 0; i < m->count; i++) {
		const struct taken *t = m->made[i].taken;
		struct frame frame = frame_at(t->at.lat_deg, t->at.lon_deg);
		const struct origin *o = &t->given.is;

		r[i] = (struct rival){frame_from(&frame, (struct xy){o->x_m,
				o->y_m}), o->t_s,
			sqrt(o->cov_xx + o->cov_yy), t->at_1m_db,
			t->given.pick, t->given.picks};
	}
	sort_items(r, m->count, sizeof *r, by_start, NULL);
	*all = (struct rivals){r, m->count};
	s->rivals = all;
	return true;
}

static bool describe_all(
	struct maker *m, struct scene *s, struct fault *f)
{
	const struct hands *hands = m->net->hands;
	size_t n = hands_count(hands);
	struct writer *w = arena_array(m->arena, n, sizeof *w, f);
	struct pieces work = {w, describe_one, m->count};
	struct arena lent[HANDS_MAX];
	bool ok = w && find_rivals(m, s, f) &&
		hands_lend(hands, m->arena, lent, f);

	scene_left(s);
	for (size_t i = 0; ok && i < n; i++) {
		w[i] = (struct writer){.all = m, .scene = s, .net = m->net,
			.arena = &lent[i]};
		ok = view_room(s, w[i].arena, &w[i].room, f) &&
			(w[i].given = arena_array(w[i].arena, s->ears + 1,
				 sizeof *w[i].given, f)) &&
			(w[i].where = arena_array(w[i].arena, s->ears + 1,
				 sizeof *w[i].where, f));
	}
	ok = ok && hands_run(hands, &work, f);
	if (ok)
		hands_return(hands, m->arena, lent);
	return ok;
}

/* What is no sound of one place, and comes with its kind. */
static bool take_named(void *self, const struct incident *i, struct fault *f)
{
	struct maker *m = self;

	if (m->count == m->most)
		return fault(
			f, FAULT_LIMIT, "locate: over %zu incidents", m->most);
	m->made[m->count++] = (struct made){.is = *i, .named = true};
	return true;
}

/* Clues, and the charge if it may have been one, as features. */
static bool put_clues(
	const struct maker *m, struct made *x, struct fault *f)
{
	struct yield y = classify_yield(&x->clues);
	size_t n = x->is.feature_count;
	struct feature *to = arena_array(
		m->arena, n + CLUE_COUNT + 2, sizeof *to, f);

	if (!to)
		return false;
	memcpy(to, x->is.feature, n * sizeof *to);
	for (size_t k = 0; k < CLUE_COUNT; k++)
		if (isfinite(x->clues.x[k]))
			to[n++] = (struct feature){
				clue_name((enum clue)k), x->clues.x[k]};
	if (x->is.kind[KIND_EXPLOSION] >= YIELD_LEAST &&
		isfinite(y.low_kg)) {
		to[n++] = (struct feature){"yield_kg_low", y.low_kg};
		to[n++] = (struct feature){"yield_kg_high", y.high_kg};
	}
	x->is.feature = to;
	x->is.feature_count = n;
	return true;
}

/* When all sounds of the island are there: what is a round of what. */
static bool name_kinds(const struct maker *m, struct fault *f)
{
	struct clue_round *r =
		arena_array(m->arena, m->count + 1, sizeof *r, f);

	if (!r)
		return false;
	for (size_t i = 0; i < m->count; i++) {
		const struct place *p = &m->made[i].is.place;

		r[i] = (struct clue_round){m->made[i].is.at, p->lat_deg,
			p->lon_deg, p->region.ellipse.semi_major_m /
				REGION_SIGMA_90};
	}
	for (size_t i = 0; i < m->count; i++) {
		if (m->made[i].named)
			continue;
		clues_rounds(r, m->count, i, &m->made[i].clues);
		classify(&m->made[i].clues, m->made[i].is.kind);
		if (!put_clues(m, &m->made[i], f))
			return false;
	}
	return true;
}

/* What may have been a weapon: its bullet. */
static bool bullets(struct maker *m, struct scene *s, struct fault *f)
{
	const size_t sounds = m->count;

	for (size_t i = 0; i < sounds; i++) {
		const struct incident *is = &m->made[i].is;
		struct incident bullet;
		bool found;

		if (m->made[i].named || is->kind[KIND_SHOT] +
			is->kind[KIND_BURST] < MAY_BE_SHOT)
			continue;
		if (!shock_find(s, is, m->arena, &bullet, &found, f) ||
			(found && !take_named(m, &bullet, f)))
			return false;
	}
	return true;
}

static int by_time(const void *x, const void *y, const void *self)
{
	const struct incident *a = &((const struct made *)x)->is;
	const struct incident *b = &((const struct made *)y)->is;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

/* Names are of one incident each. */
static void sort(struct maker *m)
{
	static_assert(sizeof *m->made <= SORT_SIZE_MAX, "too large to sort");

	sort_items(m->made, m->count, sizeof *m->made, by_time, NULL);
}

bool locate_sound(const struct network *net, const struct detection *d,
	size_t count, struct arena *a, const struct incidents *out,
	struct fault *f)
{
	struct maker m = {.net = net, .arena = a, .most = count / 3 + 1};
	struct accepted accepted = {take, &m};
	struct incidents named = {take_named, &m};
	struct scene scene;

	m.made = arena_array(a, m.most, sizeof *m.made, f);
	m.used.at = arena_array(a, net->bearings && net->bearings->count
		? m.most * JOINT_TERMS : 1, sizeof *m.used.at, f);
	if (!m.made || !m.used.at || !scene_make(net, d, count, a, &scene, f) ||
		!associate(&scene, a, &accepted, f) ||
		!describe_all(&m, &scene, f) ||
		(!net->quick && !boom_find(&scene, a, &named, f)))
		return false;
	sort(&m);
	if (!name_kinds(&m, f) || !bullets(&m, &scene, f))
		return false;
	sort(&m);
	for (size_t i = 0; i < m.count; i++)
		if (!out->put(out->self, &m.made[i].is, f))
			return false;
	return true;
}
