/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuse.c - all that speaks of one happening becomes one incident.
 *
 * Anchors are the located sounds and the clusters of hot pixels.  A report, a
 * track's event or an image joins an anchor when kind, time and place agree;
 * those that find no anchor join each other, and else stand alone.  Place: an
 * anchor's own region stays (sound is sharper than a sector); sectors among
 * themselves multiply on a grid (overlap.h).  Counts are never summed over
 * those who speak of the same: the greater bound holds.  A report that counts
 * more than the sounds it joined leaves the rest as an incident of its own.
 * Heat and an explosion are two facts: they are linked `near`, never merged,
 * since a burst is over in a second and heat is seen hours later (SATELLITE.md
 * 3.9); the likelihood ratio stands beside the link. */
#include "base/maths.h"
#include "base/text.h"
#include "locate/cluster.h"
#include "locate/overlap.h"

enum { LINKS_MAX = 8, MEMBERS_MAX = 4096, NAMES_MAX = 32 };

/* Share of the narrower region that the other must hold: two independent
 * sectors of a compass point from one town overlap by less on average. */
static const double share_min = 0.2;
/* Watches of people, 1 sigma, when the report does not say. */
static const double watch_s = 60;
/* A report of a stretch this short counts what its one anchor is. */
static const double moment_s = 300;
/* Looks with heat where nothing is known to burn: 9,708 rows in 12 days over
 * some 5e6 km2 (satellite/firms-2022), per km2 and hour. */
static const double background_hits = 7e-6;
/* Of a fire after an explosion, at one look (SATELLITE.md 3.3: 100 m2 of 1000
 * K for 3 h, three satellites, half of the sky clear). */
static const double pd_after = 0.2;

struct member {
	const struct detection *d;
	struct member *next;
};

struct happening { /* of detections: an incident in the making */
	struct incident inc;
	struct member *member; /* those that joined, newest first */
	struct instant from, to; /* for comparing, with tolerance */
	bool anchor, changed;
	int group; /* of kind, when no anchor */
};

struct fuse {
	struct arena *arena;
	struct happening *all;
	size_t count, anchors, heat_from; /* sounds, then heat, then others */
};

/* Kinds that one happening may be called by. */
static int group_of(enum kind k)
{
	switch (k) {
	case KIND_EXPLOSION:
		return 1;
	case KIND_SHOT:
	case KIND_BURST:
		return 2;
	default:
		return 10 + (int)k;
	}
}

/* What is mostly unknown may be anything. */
static double share_of_group(const struct incident *i, int group)
{
	double u = i->kind[KIND_UNKNOWN];
	double p = u >= 0.5 ? u : 0;

	for (int k = 0; k < KIND_UNKNOWN; k++)
		if (group_of((enum kind)k) == group)
			p += i->kind[k];
	return p;
}

static void interval(const struct detection *d, struct instant *from,
	struct instant *to)
{
	double s = isfinite(d->sigma_s) ? d->sigma_s : 0;
	struct instant end = instant_known(d->until) ? d->until : d->at;

	if (d->modality == MODALITY_WITNESS)
		s = fmax(s, watch_s);
	/* 90 % of a normal error. */
	*from = instant_plus_s(d->at, -1.645 * s);
	*to = instant_plus_s(end, 1.645 * s);
}

static bool times_meet(const struct happening *p, struct instant from,
	struct instant to)
{
	return p->from.utc_ns <= to.utc_ns && from.utc_ns <= p->to.utc_ns;
}

static bool add_member(struct fuse *w, struct happening *p,
	const struct detection *d, struct fault *f)
{
	struct member *m = arena_take(w->arena, sizeof *m, f);

	if (!m)
		return false;
	*m = (struct member){d, p->member};
	p->member = m;
	p->changed = true;
	return true;
}

/* The greater bounds of two counts of the same thing. */
static struct count same_count(struct count a, struct count b)
{
	int64_t a_lo, a_hi, b_lo, b_hi;

	if (a.value == COUNT_UNKNOWN)
		return b;
	if (b.value == COUNT_UNKNOWN)
		return a;
	count_bounds(a, &a_lo, &a_hi);
	count_bounds(b, &b_lo, &b_hi);
	if (b_lo != a_lo)
		return b_lo > a_lo ? b : a;
	return b_hi > a_hi ? b : a;
}

/* A kind that another source names too gains by 9 to 1: both are right in nine
 * of ten (start value, to be calibrated on reviewed incidents). */
static void agree(struct incident *i, int group)
{
	double sum = 0;

	for (int k = 0; k < KIND_COUNT; k++) {
		if (group_of((enum kind)k) == group)
			i->kind[k] *= 9;
		sum += i->kind[k];
	}
	for (int k = 0; k < KIND_COUNT; k++)
		i->kind[k] /= sum;
}

struct match {
	struct happening *what;
	double apart_s;
};

static bool nearer(const struct match *a, const struct match *b)
{
	if (a->apart_s != b->apart_s)
		return a->apart_s < b->apart_s;
	return strcmp(a->what->inc.id.text, b->what->inc.id.text) < 0;
}

/* Anchors that d may speak of, nearest in time first; at most max. */
static size_t matches(struct fuse *w, const struct detection *d,
	struct match *to, size_t max)
{
	int group = group_of(d->kind);
	struct instant from, until;
	size_t n = 0;

	interval(d, &from, &until);
	for (size_t i = 0; i < w->anchors; i++) {
		struct happening *p = &w->all[i];
		struct match m = {p, 0};
		size_t k;

		if (!times_meet(p, from, until) ||
			share_of_group(&p->inc, group) < 0.1 ||
			overlap_share(&p->inc.place, &d->place) < share_min)
			continue;
		if (p->inc.at.utc_ns < d->at.utc_ns)
			m.apart_s = instant_seconds(p->inc.at, d->at);
		else if (p->inc.at.utc_ns > until.utc_ns)
			m.apart_s = instant_seconds(until, p->inc.at);
		if (n == max && !nearer(&m, &to[n - 1]))
			continue;
		for (k = n < max ? n++ : n - 1; k > 0 && nearer(&m, &to[k - 1]);
			k--)
			to[k] = to[k - 1];
		to[k] = m;
	}
	return n;
}

/* How many anchors a count allows. */
static size_t allows(struct count c)
{
	int64_t lo, hi;

	if (c.value == COUNT_UNKNOWN)
		return MEMBERS_MAX;
	count_bounds(c, &lo, &hi);
	if (c.meaning == COUNT_ABOUT)
		hi += hi / 4 + 1;
	return hi < MEMBERS_MAX ? (size_t)(hi > 1 ? hi : 1) : MEMBERS_MAX;
}

static bool is_moment(const struct detection *d)
{
	return !instant_known(d->until) ||
		instant_seconds(d->at, d->until) <= moment_s;
}

/* Joins d to anchors; *rest is what it counts beyond them, or all of it. */
static bool to_anchors(struct fuse *w, const struct detection *d,
	struct match *found, bool *taken, struct count *rest, struct fault *f)
{
	size_t n = matches(w, d, found, allows(d->count));
	int64_t counted = 0, lo, hi;

	*rest = d->count;
	*taken = n > 0;
	for (size_t i = 0; i < n; i++) {
		struct happening *p = found[i].what;

		if (p->inc.count.value > 0)
			counted += p->inc.count.value;
		if (!add_member(w, p, d, f))
			return false;
		agree(&p->inc, group_of(d->kind));
	}
	if (n == 0 || d->count.value == COUNT_UNKNOWN)
		return true;
	if (n == 1 && is_moment(d)) {
		found[0].what->inc.count =
			same_count(found[0].what->inc.count, d->count);
		return true;
	}
	count_bounds(d->count, &lo, &hi);
	if (lo <= counted)
		return true;
	rest->value -= counted;
	if (rest->max != COUNT_UNKNOWN)
		rest->max -= counted;
	*taken = false;
	return true;
}

static double trust(const struct detection *d)
{
	const char *means = attribute_of(
		d->attribute, d->attribute_count, "means");

	/* A chain saw or a motorcycle hums alike (start value, tbc). */
	if (strcmp(d->detector, "hum") == 0)
		return 0.6;
	/* Heard only: a door, a truck, thunder (start value, tbc). */
	if (means && strcmp(means, "heard") == 0)
		return 0.9;
	return 0.95;
}

static bool start(struct fuse *w, const struct detection *d,
	struct count count, struct fault *f)
{
	struct happening *p = &w->all[w->count++];
	double t = trust(d);

	*p = (struct happening){.inc = incident_new(), .changed = true};
	p->group = group_of(d->kind);
	p->inc.kind[KIND_UNKNOWN] = 1 - t;
	p->inc.kind[d->kind] += t;
	p->inc.count = count;
	p->inc.at = d->at;
	interval(d, &p->from, &p->to);
	p->inc.from = p->from;
	p->inc.to = p->to;
	p->inc.place = d->place;
	incident_name(&p->inc, d);
	return add_member(w, p, d, f);
}

/* A platform's own track is never another platform's. */
static bool may_be_one(const struct happening *p, const struct detection *d)
{
	bool moves = d->kind == KIND_FLIGHT || d->kind == KIND_VESSEL ||
		d->kind == KIND_VEHICLE;

	for (const struct member *m = p->member; m; m = m->next) {
		if (strcmp(m->d->source, d->source) == 0)
			return false;
		if (moves && d->modality == MODALITY_TRACK &&
			m->d->modality == MODALITY_TRACK)
			return false;
	}
	return true;
}

/* What many hear of one engine is as much a motorcycle as what one hears; and
 * while it is heard it flies past them all, so where it was when is not what
 * their circles share. */
static bool says_no_more(const struct happening *p, const struct detection *d)
{
	for (const struct member *m = p->member; m; m = m->next)
		if (strcmp(m->d->detector, "hum") == 0 &&
			strcmp(d->detector, "hum") == 0)
			return true;
	return false;
}

/* count: what d counts beyond the anchors it joined. */
static bool merge(struct fuse *w, struct happening *p,
	const struct detection *d, struct count count, struct fault *f)
{
	struct instant from, to;

	interval(d, &from, &to);
	if (from.utc_ns > p->inc.from.utc_ns)
		p->inc.from = p->from = from;
	if (to.utc_ns < p->inc.to.utc_ns)
		p->inc.to = p->to = to;
	p->inc.count = same_count(p->inc.count, count);
	if (says_no_more(p, d))
		return add_member(w, p, d, f);
	agree(&p->inc, p->group);
	return overlap_product(
		       &p->inc.place, &d->place, w->arena, &p->inc.place, f) &&
		add_member(w, p, d, f);
}

/* To the party among those without anchor whose region it shares most. */
static bool to_others(struct fuse *w, const struct detection *d,
	struct count count, struct fault *f)
{
	struct happening *best = NULL;
	double most = share_min;
	struct instant from, to;

	interval(d, &from, &to);
	for (size_t i = w->anchors; i < w->count; i++) {
		struct happening *p = &w->all[i];
		double share;

		if (p->group != group_of(d->kind) ||
			!times_meet(p, from, to) || !may_be_one(p, d))
			continue;
		share = overlap_share(&p->inc.place, &d->place);
		if (share > most) {
			most = share;
			best = p;
		}
	}
	return best ? merge(w, best, d, count, f) : start(w, d, count, f);
}

static bool one_source(const struct happening *p)
{
	return p->member && !p->member->next && !p->anchor;
}

static int by_text(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static bool evidence(struct fuse *w, struct happening *p, struct fault *f)
{
	size_t n = p->inc.evidence_count, k = 0;
	struct id *id;

	for (const struct member *m = p->member; m; m = m->next)
		n++;
	if (!(id = arena_array(w->arena, n + 1, sizeof *id, f)))
		return false;
	for (; k < p->inc.evidence_count; k++)
		id[k] = p->inc.evidence[k];
	for (const struct member *m = p->member; m; m = m->next) {
		id[k++] = m->d->id;
		p->inc.modalities |= 1u << m->d->modality;
	}
	qsort(id, n, sizeof *id, by_text);
	p->inc.evidence = id;
	p->inc.evidence_count =
		n < INCIDENT_EVIDENCE_MAX ? n : INCIDENT_EVIDENCE_MAX;
	return true;
}

/* Words that belong to one report, not to what happened. */
static bool is_private(const char *name)
{
	static const char *const names[] = {
		"observer", "report_id", "notes"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

struct words {
	struct attribute list[NAMES_MAX];
	size_t count;
};

/* Whether `text` is one of the "; "-parted words of `all`. */
static bool said(const char *all, const char *text)
{
	size_t n = strlen(text);

	for (const char *s = all; s; s = strstr(s, "; ")) {
		s += s != all ? 2 : 0;
		if (strncmp(s, text, n) == 0 &&
			(s[n] == '\0' || strncmp(s + n, "; ", 2) == 0))
			return true;
	}
	return false;
}

static bool add_word(struct fuse *w, struct words *to, const char *name,
	const char *text, struct fault *f)
{
	struct text t;
	size_t i = 0;

	while (i < to->count && strcmp(to->list[i].name, name) != 0)
		i++;
	if (i == to->count) {
		if (i == NAMES_MAX)
			return true;
		to->list[i].name =
			arena_text(w->arena, bytes_of(name), f);
		to->list[i].text =
			arena_text(w->arena, bytes_of(text), f);
		to->count++;
		return to->list[i].name && to->list[i].text;
	}
	if (said(to->list[i].text, text))
		return true;
	t = text_in(w->arena, strlen(to->list[i].text) + strlen(text) + 3);
	text_fmt(&t, "%.400s; %.400s", to->list[i].text, text);
	to->list[i].text = t.at ? t.at : "";
	return text_check(&t, f);
}

static int by_name(const void *a, const void *b)
{
	const struct attribute *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Members newest first: sorted by order so that the words do not depend on
 * who came last. */
static bool words_of(struct fuse *w, struct happening *p, struct fault *f)
{
	struct words all = {.count = 0};
	struct attribute *to;

	for (size_t i = 0; i < p->inc.attribute_count; i++)
		if (!add_word(w, &all, p->inc.attribute[i].name,
			    p->inc.attribute[i].text, f))
			return false;
	for (const struct member *m = p->member; m; m = m->next)
		for (size_t i = 0; i < m->d->attribute_count; i++) {
			const struct attribute *a = &m->d->attribute[i];

			if (!one_source(p) && is_private(a->name))
				continue;
			if (!add_word(w, &all, a->name, a->text, f))
				return false;
		}
	if (!(to = arena_array(w->arena, all.count + 1, sizeof *to, f)))
		return false;
	for (size_t i = 0; i < all.count; i++)
		to[i] = all.list[i];
	qsort(to, all.count, sizeof *to, by_name);
	p->inc.attribute = to;
	p->inc.attribute_count = all.count;
	return true;
}

static bool add_number(struct feature *to, size_t *n, const char *name,
	double v, struct fuse *w, struct fault *f)
{
	if (isnan(v) || *n == NAMES_MAX)
		return true;
	for (size_t i = 0; i < *n; i++)
		if (strcmp(to[i].name, name) == 0)
			return true;
	to[*n].name = arena_text(w->arena, bytes_of(name), f);
	to[*n].value = v;
	return to[(*n)++].name != NULL;
}

/* One source: its numbers.  Several: the interval of the calibre, which is of
 * the thing; sectors and distances are of the observers. */
static bool numbers_of(struct fuse *w, struct happening *p, struct fault *f)
{
	struct feature *to =
		arena_array(w->arena, NAMES_MAX, sizeof *to, f);
	double min = NAN, max = NAN;
	size_t n = 0;

	if (!to)
		return false;
	for (size_t i = 0; i < p->inc.feature_count; i++)
		if (!add_number(to, &n, p->inc.feature[i].name,
			    p->inc.feature[i].value, w, f))
			return false;
	for (const struct member *m = p->member; m; m = m->next) {
		const struct detection *d = m->d;

		min = fmin(min, feature_of(d->feature, d->feature_count,
			"calibre_min_mm"));
		max = fmax(max, feature_of(d->feature, d->feature_count,
			"calibre_max_mm"));
		for (size_t i = 0; one_source(p) && i < d->feature_count; i++)
			if (!add_number(to, &n, d->feature[i].name,
				    d->feature[i].value, w, f))
				return false;
	}
	if (!add_number(to, &n, "calibre_min_mm", min, w, f) ||
		!add_number(to, &n, "calibre_max_mm", max, w, f))
		return false;
	p->inc.feature = to;
	p->inc.feature_count = n;
	return true;
}

static bool add_link(struct fuse *w, struct incident *i,
	const struct incident *to, struct fault *f)
{
	struct link *l;

	if (i->link_count >= LINKS_MAX)
		return true;
	l = arena_array(w->arena, i->link_count + 1, sizeof *l, f);
	if (!l)
		return false;
	for (size_t k = 0; k < i->link_count; k++)
		l[k] = i->link[k];
	l[i->link_count] = (struct link){"near", to->id};
	i->link = l;
	i->link_count++;
	return true;
}

static bool add_feature(struct fuse *w, struct incident *i, const char *name,
	double v, struct fault *f)
{
	struct feature *to;

	for (size_t k = 0; k < i->feature_count; k++)
		if (strcmp(i->feature[k].name, name) == 0)
			return true;
	to = arena_array(w->arena, i->feature_count + 1, sizeof *to, f);
	if (!to)
		return false;
	for (size_t k = 0; k < i->feature_count; k++)
		to[k] = i->feature[k];
	to[i->feature_count] = (struct feature){name, v};
	i->feature = to;
	i->feature_count++;
	return true;
}

/* LR = 1 + Pd f g / lambda: f footprint density, g onset density. */
static double heat_ratio(const struct incident *heat)
{
	double area = 0;
	double h = instant_seconds(heat->from, heat->to) / 3600;

	for (size_t i = 0; i < heat->place.region.ring_count; i++)
		area += polygon_area_m2(&heat->place.region.ring[i]) * 1e-6;
	if (!(area > 0) || !(h > 0))
		return 1;
	return 1 + pd_after / (area * h * background_hits);
}

static bool may_have_lit(
	const struct incident *e, const struct incident *heat)
{
	return e->kind[KIND_EXPLOSION] >= 0.3 &&
		e->at.utc_ns >= heat->from.utc_ns &&
		e->at.utc_ns <= heat->to.utc_ns &&
		overlap_share(&e->place, &heat->place) >= share_min;
}

/* Each fire and each explosion whose place it holds and whose time lies in
 * its onset. */
static bool link_heat(struct fuse *w, struct fault *f)
{
	for (size_t i = w->heat_from; i < w->anchors; i++) {
		struct incident *h = &w->all[i].inc;

		for (size_t k = 0; k < w->count; k++) {
			struct incident *e = &w->all[k].inc;
			bool heat = k >= w->heat_from && k < w->anchors;

			if (heat || !may_have_lit(e, h))
				continue;
			if (!add_link(w, h, e, f) || !add_link(w, e, h, f) ||
				!add_feature(w, h, "near_ratio",
					heat_ratio(h), f))
				return false;
		}
	}
	return true;
}

static void sounds(struct fuse *w, const struct incident *sound, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct happening *p = &w->all[w->count++];

		*p = (struct happening){.inc = sound[i], .anchor = true};
		p->from = instant_known(sound[i].from) ? sound[i].from :
							 sound[i].at;
		p->to = instant_known(sound[i].to) ? sound[i].to : sound[i].at;
	}
	w->heat_from = w->count;
}

static void fires(struct fuse *w, const struct incident *fire, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct happening *p = &w->all[w->count++];

		*p = (struct happening){.inc = fire[i], .anchor = true};
		p->from = fire[i].from;
		/* It may burn on until the next look would show it. */
		p->to = instant_plus_s(fire[i].to, 12.2 * 3600);
	}
	w->anchors = w->count;
}

static int by_time(const void *a, const void *b)
{
	const struct incident *x = &((const struct happening *)a)->inc;
	const struct incident *y = &((const struct happening *)b)->inc;

	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static bool give(struct fuse *w, const struct incidents *to, struct fault *f)
{
	for (size_t i = 0; i < w->count; i++) {
		struct happening *p = &w->all[i];
		struct incident *inc = &p->inc;

		if (p->changed && (!evidence(w, p, f) || !words_of(w, p, f) ||
					  !numbers_of(w, p, f)))
			return false;
		if (p->changed && inc->evidence_count > 1)
			inc->status = STATUS_ASSOCIATED;
	}
	if (!link_heat(w, f))
		return false;
	if (w->count > 0)
		qsort(w->all, w->count, sizeof *w->all, by_time);
	for (size_t i = 0; i < w->count; i++)
		if (!to->put(to->self, &w->all[i].inc, f))
			return false;
	return true;
}

static bool others(struct fuse *w, const struct detection *const *list,
	size_t n, struct fault *f)
{
	struct match *found =
		arena_array(w->arena, MEMBERS_MAX, sizeof *found, f);

	if (!found)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct count rest;
		bool taken;

		if (!to_anchors(w, list[i], found, &taken, &rest, f))
			return false;
		if (!taken && !to_others(w, list[i], rest, f))
			return false;
	}
	return true;
}

bool locate_fuse(const struct network *net, const struct incident *sound,
	size_t sound_count, const struct detection *d, size_t count,
	struct arena *a, const struct incidents *to, struct fault *f)
{
	struct fuse w = {.arena = a};
	const struct detection **heat, **other;
	size_t h = 0, o = 0, fire_count;
	struct incident *fire;

	heat = arena_array(a, count + 1, sizeof *heat, f);
	other = arena_array(a, count + 1, sizeof *other, f);
	if (!heat || !other)
		return false;
	for (size_t i = 0; i < count; i++) {
		/* The same row of two files is one detection. */
		if (i > 0 && strcmp(d[i].id.text, d[i - 1].id.text) == 0)
			continue;
		if (d[i].modality == MODALITY_HEAT)
			heat[h++] = &d[i];
		else
			other[o++] = &d[i];
	}
	if (!cluster_heat(net, heat, h, a, &fire, &fire_count, f))
		return false;
	w.all = arena_array(a, sound_count + fire_count + o + 1,
		sizeof *w.all, f);
	if (!w.all)
		return false;
	sounds(&w, sound, sound_count);
	fires(&w, fire, fire_count);
	return others(&w, other, o, f) && give(&w, to, f);
}
