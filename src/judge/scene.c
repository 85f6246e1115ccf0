/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/scene.h"

#include "base/csv.h"

#include <string.h>

#define DAY_US INT64_C(86400000000)

static int32_t ppm_of(double p)
{
	int64_t v;

	if (!fixed_of(p, 1e6, &v))
		return 0;
	return (int32_t)fixed_max(0, fixed_min(v, CHANCE_SURE));
}

/* "Tank, apc/mortar" as bits; *odd is a word that is no weapon. */
static uint32_t weapon_bits(struct scene *s, const char *text)
{
	struct reader r = reader(bytes_of(text));
	uint32_t bits = 0;
	char word[32];

	while (!reader_done(&r)) {
		bool more = false;
		size_t n = 0;

		while (!reader_done(&r)) {
			char c = (char)read_u8(&r);

			if (c == ',' || c == '/' || c == '|' || c == '{' ||
				c == '}')
				break;
			if (c == ' ' && n == 0)
				continue;
			if (c == ' ' || c == '-')
				c = '_';
			if (c >= 'A' && c <= 'Z')
				c = (char)(c + 32);
			more = n == sizeof word - 1;
			if (!more)
				word[n++] = c;
		}
		while (n > 0 && word[n - 1] == '_')
			n--;
		word[n] = '\0';
		if (n == 0)
			continue;
		if (more || terms_weapon(word) < 0)
			s->odd_weapon = text;
		else
			bits |= (uint32_t)1 << terms_weapon(word);
	}
	return s->odd_weapon ? 0 : bits;
}

static bool named_um(const struct incident *in, const char *name, int64_t *um)
{
	const char *text = attribute_of(
		in->attribute, in->attribute_count, name);
	double v = feature_of(in->feature, in->feature_count, name);
	struct fault f;

	if (text && !number_read(bytes_of(text), &v, &f))
		return false;
	return fixed_of(v, 1000, um) && *um >= 0;
}

static void calibre(struct scene *s)
{
	const struct incident *in = s->incident;
	bool low, high;

	s->calibre_low_um = 0;
	s->calibre_high_um = -1;
	if (named_um(in, "calibre_mm", &s->calibre_low_um)) {
		s->calibre_high_um = s->calibre_low_um;
		return;
	}
	low = named_um(in, "calibre_min_mm", &s->calibre_low_um);
	high = named_um(in, "calibre_max_mm", &s->calibre_high_um);
	if (!low)
		s->calibre_low_um = 0;
	if (!high)
		s->calibre_high_um = low ? INT64_MAX : -1;
	if (high && s->calibre_high_um < s->calibre_low_um)
		s->calibre_high_um = -1; /* contradicts itself: open */
}

static bool party_known(const struct terms *t, const char *who)
{
	for (size_t i = 0; i < t->parties; i++)
		if (strcmp(t->party[i].id, who) == 0)
			return true;
	return strcmp(who, "mission") == 0;
}

static void attributes(struct scene *s)
{
	const struct incident *in = s->incident;
	const char *weapon = attribute_of(
		in->attribute, in->attribute_count, "weapon");
	const char *party = attribute_of(
		in->attribute, in->attribute_count, "party");

	s->odd_weapon = NULL;
	s->weapons = weapon ? weapon_bits(s, weapon) : 0;
	s->party = party && party_known(s->terms, party) ? party : "";
	calibre(s);
}

static void times(struct scene *s)
{
	const struct incident *in = s->incident;
	struct instant from = instant_known(in->from) ? in->from : in->at;
	struct instant to = instant_known(in->to) ? in->to : in->at;

	s->from_us = instant_known(from) ? from.utc_ns / 1000 : -1;
	s->to_us = instant_known(to) ? to.utc_ns / 1000 : -1;
	if (s->from_us < 0 || s->to_us < s->from_us)
		s->from_us = s->to_us = -1;
}

/* The same geometry, of one file in one reading. */
static bool same_ground(const struct area *a, const struct area *b)
{
	return a->bound && b->bound && a->is == b->is && a->is != AREA_BAND &&
		memcmp(&a->sha256, &b->sha256, sizeof a->sha256) == 0 &&
		strcmp(a->file, b->file) == 0;
}

static struct look *look_of(const struct scene *like, const struct terms *t,
	size_t which)
{
	if (!like)
		return NULL;
	if (which >= t->areas)
		return like->look[like->terms->areas + which - t->areas];
	for (size_t i = 0; i < like->terms->areas; i++)
		if (same_ground(&like->terms->area[i], &t->area[which]))
			return like->look[i];
	return NULL;
}

static bool looks(struct scene *s, const struct scene *like)
{
	const struct terms *t = s->terms;
	size_t outlines = t->areas + t->controls;

	s->look = arena_array(
		s->scratch, outlines + 1, sizeof *s->look, s->fault);
	if (like && like->terms->controls != t->controls)
		like = NULL; /* of another mission */
	for (size_t i = 0; s->look && i < outlines; i++) {
		s->look[i] = look_of(like, t, i);
		if (!s->look[i])
			s->look[i] = arena_take(
				s->scratch, sizeof **s->look, s->fault);
		if (!s->look[i])
			return false;
	}
	return s->look != NULL;
}

static bool error_of(struct scene *s, const struct scene *like)
{
	if (like) {
		s->cloud = like->cloud;
		s->spare = like->spare;
		s->spot_reach = like->spot_reach;
		return true;
	}
	s->cloud = arena_room(s->scratch, sizeof *s->cloud, s->fault);
	s->spare = arena_array(
		s->scratch, SCENE_SLOTS, sizeof *s->spare, s->fault);
	s->spot_reach = arena_take(
		s->scratch, sizeof *s->spot_reach, s->fault);
	if (!s->cloud || !s->spare || !s->spot_reach)
		return false;
	cloud_of(&s->incident->place, s->cloud);
	return true;
}

bool scene_of(struct scene *s, const struct terms *t, const struct facts *facts,
	const struct incident *in, const struct scene *like,
	struct arena *scratch, struct fault *f)
{
	*s = (struct scene){.terms = t, .facts = facts, .incident = in,
		.scratch = scratch, .fault = f, .scale = CLOUD_SCALE_ONE,
		.shifted = SIZE_MAX, .margin_mm = INT64_MAX, .asked = "",
		.care = CARE_FULL};
	s->class_ = arena_array(scratch, t->classes + 1, sizeof *s->class_, f);
	if (!s->class_ || !error_of(s, like) || !looks(s, like))
		return false;
	for (int i = 0; i < KIND_COUNT; i++)
		s->kind[i] = ppm_of(in->kind[i]);
	for (int i = 0; i < KIND_UNKNOWN; i++)
		if (s->kind[i] > s->likeliest)
			s->likeliest = s->kind[i];
	for (unsigned m = in->modalities; m != 0; m &= m - 1)
		s->modalities++;
	s->alt_known = fixed_of(in->place.alt_m, 1000, &s->alt_mm);
	attributes(s);
	times(s);
	for (size_t i = 0; i < t->classes; i++)
		s->class_[i] = scene_is(s, t->class_[i].is);
	return true;
}

struct chance scene_kinds(const struct scene *s, uint32_t kinds)
{
	int32_t lo = 0, hi;

	for (uint32_t left = kinds; left != 0; left &= left - 1)
		lo += s->kind[__builtin_ctz(left)];
	lo = lo < CHANCE_SURE ? lo : CHANCE_SURE;
	/* What is of no known kind may be of these. */
	hi = lo + (kinds ? s->kind[KIND_UNKNOWN] : 0);
	return (struct chance){lo, hi < CHANCE_SURE ? hi : CHANCE_SURE};
}

static struct chance is_weapon(const struct scene *s, enum weapon w)
{
	uint32_t bit = (uint32_t)1 << w;

	if (s->weapons == 0)
		return CHANCE_OPEN;
	if (!(s->weapons & bit))
		return CHANCE_NO;
	return s->weapons == bit ? CHANCE_YES : CHANCE_OPEN;
}

static bool compares(enum compare how, int64_t a, int64_t b)
{
	switch (how) {
	case COMPARE_GE:
		return a >= b;
	case COMPARE_GT:
		return a > b;
	case COMPARE_LE:
		return a <= b;
	case COMPARE_LT:
		return a < b;
	default:
		return a == b;
	}
}

static struct chance is_calibre(
	const struct scene *s, const struct expression *e)
{
	bool low = compares(e->compare, s->calibre_low_um, e->calibre_um);
	bool high = compares(e->compare, s->calibre_high_um, e->calibre_um);

	if (s->calibre_high_um < 0)
		return CHANCE_OPEN;
	if (e->compare == COMPARE_EQ &&
		s->calibre_low_um != s->calibre_high_um)
		return s->calibre_low_um <= e->calibre_um &&
				e->calibre_um <= s->calibre_high_um
			? CHANCE_OPEN : CHANCE_NO;
	if (low != high)
		return CHANCE_OPEN;
	return low ? CHANCE_YES : CHANCE_NO;
}

struct chance scene_is(struct scene *s, const struct expression *e)
{
	if (e->pure)
		return scene_kinds(s, e->kinds);
	switch (e->is) {
	case IS_WEAPON:
		return is_weapon(s, e->weapon);
	case IS_CALIBRE:
		return is_calibre(s, e);
	case IS_CLASS:
		return s->class_[e->class_];
	case IS_NOT:
		return chance_not(scene_is(s, e->a));
	case IS_AND:
		return chance_and(scene_is(s, e->a), scene_is(s, e->b));
	default: /* IS_OR; a kind is pure */
		return chance_or(scene_is(s, e->a), scene_is(s, e->b));
	}
}

/* The line of a band, else the area itself. */
static size_t base_of(const struct terms *t, size_t area)
{
	return t->area[area].is == AREA_BAND ? t->area[area].of : area;
}

static const struct outline *outline_of(const struct terms *t, size_t which)
{
	return which < t->areas ? &t->area[which].outline
				: &t->control[which - t->areas];
}

static struct reach *reach_to(struct scene *s, size_t which)
{
	struct look *l = s->look[which];

	if (s->given || l->reached || s->broke)
		return &l->reach;
	l->reached = true;
	sight_start(&l->sight, outline_of(s->terms, which), s->cloud->centre);
	if (!reach_centre(&(struct asking){s->cloud, &l->sight, s->scratch,
			    s->fault}, &l->reach))
		s->broke = true;
	return &l->reach;
}

/* The cloud at the scale asked; NULL when memory or the Earth ends. */
static struct cloud *cloud_now(struct scene *s)
{
	struct cloud **c = &s->spare[s->slot];

	if (s->scale == CLOUD_SCALE_ONE)
		return s->cloud;
	if (!*c) {
		*c = arena_room(s->scratch, sizeof **c, s->fault);
		if (!*c) {
			s->broke = true;
			return NULL;
		}
		cloud_scale(s->cloud, s->scale, *c);
	}
	return (*c)->known ? *c : NULL;
}

/* The reach at the scale asked. */
static struct reach *reach_now(struct scene *s, struct look *l)
{
	struct reach **spare = &l->spare[s->slot];

	if (s->scale == CLOUD_SCALE_ONE)
		return &l->reach;
	if (!*spare) {
		*spare = arena_take(s->scratch, sizeof **spare, s->fault);
		if (!*spare) {
			s->broke = true;
			return NULL;
		}
		(*spare)->centre_mm = l->reach.centre_mm;
		(*spare)->toward = l->reach.toward;
		(*spare)->base = &l->reach;
	}
	return *spare;
}

/* With less than full care. */
static bool about(struct scene *s, const struct asking *q, struct reach *r,
	const int64_t limit[2], struct chance *p)
{
	struct hold low, high;

	if (!reach_hold(q, r, limit[0], s->care, &low) ||
		!reach_hold(q, r, limit[1], s->care, &high))
		return false;
	s->rough = s->rough || low.low < low.high || high.low < high.high;
	*p = s->tight ? (struct chance){low.high, high.low}
		      : (struct chance){low.low, high.high};
	return true;
}

/* How a look is asked at the scale asked; NULL where that is not known. */
static struct reach *ask(struct scene *s, size_t which, struct asking *q)
{
	struct reach *r = reach_to(s, which);

	*q = (struct asking){s->cloud, NULL, s->scratch, s->fault};
	if (!s->given) {
		q->cloud = cloud_now(s);
		q->sight = &s->look[which]->sight;
		r = q->cloud ? reach_now(s, s->look[which]) : NULL;
	}
	return s->broke ? NULL : r;
}

/* The share within low and within high, low <= high. */
static struct chance shares(
	struct scene *s, size_t which, const int64_t limit[2])
{
	struct asking q;
	struct reach *r = ask(s, which, &q);
	struct chance p;

	if (!r)
		return CHANCE_OPEN;
	if (s->care != CARE_FULL
			? !about(s, &q, r, limit, &p)
			: (!reach_share(&q, r, limit[0], &p.lo) ||
				!reach_share(&q, r, limit[1], &p.hi))) {
		s->broke = true;
		return CHANCE_OPEN;
	}
	return p;
}

static int64_t absolute(int64_t v)
{
	return v < 0 ? -v : v;
}

/* What an area's limit means to the line it is about. */
struct distance {
	size_t base;
	int64_t limit, error;
	bool known;
};

static struct distance distance_of(
	const struct scene *s, size_t area, int64_t limit_mm)
{
	const struct area *z = &s->terms->area[area];
	size_t base = base_of(s->terms, area);
	const struct area *b = &s->terms->area[base];

	return (struct distance){base,
		limit_mm + (z->is == AREA_BAND ? z->limit_mm : 0),
		z->error_mm + (base != area ? b->error_mm : 0),
		(b->bound || s->given) && !s->look[base]->open &&
			s->cloud->known};
}

struct chance scene_within(struct scene *s, size_t area, int64_t limit_mm,
	const struct reach **r)
{
	struct distance at = distance_of(s, area, limit_mm);
	int64_t margin;

	*r = NULL;
	if (!at.known)
		return CHANCE_OPEN;
	*r = reach_to(s, at.base);
	margin = absolute((*r)->centre_mm - at.limit) - at.error;
	if (margin < s->margin_mm)
		s->margin_mm = margin;
	if (at.base == s->shifted)
		at.limit += s->shift_mm;
	return shares(s, at.base,
		(int64_t[]){at.limit - at.error, at.limit + at.error});
}

bool scene_at_least(struct scene *s, size_t area, int64_t limit_mm, int sign,
	int32_t ppm)
{
	struct distance at = distance_of(s, area, limit_mm);
	struct asking q;
	struct reach *r = at.known ? ask(s, at.base, &q) : NULL;
	bool is = sign > 0;

	if (!r) /* from 0 to 1 */
		return sign > 0;
	if (at.base == s->shifted)
		at.limit += s->shift_mm;
	if (!reach_at_least(
		    &q, r, at.limit + sign * at.error, ppm, &is))
		s->broke = true;
	return is;
}

/* By one map. */
static struct chance on_map(struct scene *s, const char *party, int64_t from)
{
	struct chance sum = CHANCE_NO;
	bool any = false;

	for (size_t i = 0; i < s->terms->controls; i++) {
		const struct outline *o = &s->terms->control[i];
		struct chance c;

		if (o->from_us != from || strcmp(o->party, party) != 0)
			continue;
		any = true;
		c = shares(s, s->terms->areas + i, (int64_t[]){0, 0});
		/* Shapes of one party do not overlap: shares add. */
		sum.lo = (int32_t)fixed_min(sum.lo + c.lo, CHANCE_SURE);
		sum.hi = (int32_t)fixed_min(sum.hi + c.hi, CHANCE_SURE);
	}
	return any ? sum : CHANCE_OPEN;
}

/* May the map that holds from `from` be in force at the incident's time? */
static bool map_holds(const struct scene *s, int64_t from)
{
	const struct terms *t = s->terms;

	if (s->from_us < 0)
		return true;
	for (size_t i = 0; i < t->controls; i++)
		if (t->control[i].from_us > from &&
			t->control[i].from_us <= s->from_us)
			return false; /* replaced before */
	return from <= s->to_us;
}

/* The first shape of its map; each map is asked once. */
static bool map_first(const struct terms *t, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (t->control[k].from_us == t->control[i].from_us)
			return false;
	return true;
}

int64_t scene_map(const struct scene *s)
{
	const struct terms *t = s->terms;
	int64_t found = -1;

	for (size_t i = 0; i < t->controls; i++) {
		int64_t from = t->control[i].from_us;

		if (!map_holds(s, from) || from == found)
			continue;
		if (found >= 0)
			return -1;
		found = from;
	}
	return found;
}

struct chance scene_control(struct scene *s, const char *party)
{
	struct chance hull = CHANCE_OPEN;
	bool any = false;

	if (!s->cloud->known)
		return CHANCE_OPEN;
	if (s->given) /* an example's thing stands on its owner's ground */
		return strcmp(s->party, party) == 0 ? CHANCE_YES : CHANCE_NO;
	for (size_t i = 0; i < s->terms->controls; i++) {
		int64_t from = s->terms->control[i].from_us;
		struct chance c;

		if (!map_first(s->terms, i) || !map_holds(s, from))
			continue;
		c = on_map(s, party, from);
		if (!any || c.lo < hull.lo)
			hull.lo = c.lo;
		if (!any || c.hi > hull.hi)
			hull.hi = c.hi;
		any = true;
	}
	return hull;
}

struct chance scene_near(struct scene *s, struct spot at, int64_t limit_mm,
	int64_t *distance_mm)
{
	struct reach *r = s->spot_reach;
	struct cloud *c;
	int64_t margin;
	int32_t p;

	*distance_mm = 0;
	if (!s->cloud->known || !(c = cloud_now(s)))
		return CHANCE_OPEN;
	reach_spot_centre(c, at, r);
	*distance_mm = r->centre_mm;
	margin = absolute(r->centre_mm - limit_mm);
	if (margin < s->margin_mm)
		s->margin_mm = margin;
	if (!reach_settled(c, r, limit_mm)) {
		cloud_fill(s->cloud);
		cloud_fill(c);
		if (!reach_room(s->cloud, r, s->scratch, s->fault)) {
			s->broke = true;
			return CHANCE_OPEN;
		}
		reach_spot(c, at, r);
	}
	p = reach_spot_share(c, r, limit_mm);
	return (struct chance){p, p};
}

struct chance scene_time(const struct scene *s, int64_t from_us, int64_t to_us)
{
	if (s->from_us < 0)
		return CHANCE_OPEN;
	if (s->from_us >= from_us && s->to_us < to_us)
		return CHANCE_YES;
	if (s->to_us < from_us || s->from_us >= to_us)
		return CHANCE_NO;
	return CHANCE_OPEN;
}

/* The row of the table that a moment is in; NULL where it begins later. */
static const struct zone_offset *offset_at(const struct terms *t, int64_t us)
{
	size_t i = t->offsets;

	while (i > 0 && t->offset[i - 1].from.utc_ns / 1000 > us)
		i--;
	return i > 0 ? &t->offset[i - 1] : NULL;
}

struct chance scene_daily(
	const struct scene *s, int64_t from_us, int64_t to_us)
{
	const struct zone_offset *from = offset_at(s->terms, s->from_us);
	const struct zone_offset *to = offset_at(s->terms, s->to_us);
	int64_t length = to_us - from_us, into, last;

	if (s->from_us < 0 || !from || from->east_s != to->east_s)
		return CHANCE_OPEN;
	if (length < 0)
		length += DAY_US; /* over midnight */
	/* Two days more: west of Greenwich, and before the window. */
	into = (s->from_us + from->east_s * INT64_C(1000000) - from_us +
		2 * DAY_US) % DAY_US;
	last = into + (s->to_us - s->from_us);
	if (into < length)
		return last < length ? CHANCE_YES : CHANCE_OPEN;
	return last < DAY_US ? CHANCE_NO : CHANCE_OPEN;
}
