/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/notice.h"

#include "judge/canon.h"

enum {
	CLOSE,
	TIME_OUT,
	NO_START,
	NO_RECEIPT,
	LATE,
	OTHER_PARTY,
	NO_PLACE,
	FAR
};

struct match {
	struct chance chance;
	int why;
	int64_t deadline_us, distance_mm, limit_mm; /* limit < 0: no place */
};

static int64_t us(struct instant t)
{
	return instant_known(t) ? t.utc_ns / 1000 : -1;
}

static void place(struct scene *s, const struct activity *a,
	const struct notice *n, struct match *m)
{
	int64_t radius = 0;
	struct spot at;
	struct chance c;
	bool known = fixed_place(
		a->place.lat_deg, a->place.lon_deg, &at);
	bool wide = known && fixed_of(a->place.region.ellipse.semi_major_m,
				     1000, &radius) &&
		radius > 0;

	m->limit_mm = -1;
	if (n->near_mm < 0 && !wide)
		return; /* neither the clause nor the notice says where */
	if (!known) {
		m->chance = CHANCE_NO;
		m->why = NO_PLACE;
		return;
	}
	m->limit_mm = fixed_min(radius, FIXED_FAR_MM / 2) +
		fixed_max(n->near_mm, 0);
	c = scene_near(s, at, m->limit_mm, &m->distance_mm);
	m->chance = chance_and(m->chance, c);
	if (c.hi == 0)
		m->why = FAR;
}

static struct match match(
	struct scene *s, const struct activity *a, const struct notice *n)
{
	struct match m = {.chance = CHANCE_NO, .why = CLOSE, .limit_mm = -1};
	int64_t from = us(a->span.from), to = us(a->span.to);
	int64_t received = us(a->received);
	int64_t last = fixed_max(received, us(a->received_last));

	if (from < 0) {
		m.why = NO_START;
		return m;
	}
	m.chance = scene_time(s, from, to < 0 ? INT64_MAX : to);
	m.deadline_us = from - n->before_us;
	if (m.chance.hi == 0)
		m.why = TIME_OUT;
	else if (n->before_us >= 0 && received < 0)
		m.why = NO_RECEIPT;
	else if (n->before_us >= 0 && received >= m.deadline_us)
		m.why = LATE;
	else if (*s->party && strcmp(a->party, "mission") != 0 &&
		strcmp(a->party, s->party) != 0)
		m.why = OTHER_PARTY;
	else
		place(s, a, n, &m);
	if (m.why != CLOSE)
		m.chance = CHANCE_NO;
	else if (n->before_us >= 0 && last >= m.deadline_us)
		m.chance = chance_and(m.chance, CHANCE_OPEN);
	return m;
}

static void say_distance(const struct match *m, struct text *t)
{
	if (m->limit_mm < 0)
		return;
	text_add(t, ", ");
	trace_distance(t, m->distance_mm);
	text_add(t, " away, limit ");
	trace_distance(t, m->limit_mm);
}

static void say(const struct activity *a, const struct notice *n,
	const struct match *m, struct text *t)
{
	static const char *const why[] = {"", "", "its start is not known",
		"no receipt is on record", "not before its deadline",
		"another party acted", "names no place", ""};

	text_fmt(t, "notice %s of ", a->id.text);
	trace_part(t, a->what, 60);
	text_add(t, " by ");
	trace_part(t, a->party, 60);
	text_add(t, ", received ");
	canon_time(t, us(a->received));
	if (a->received_last.utc_ns > a->received.utc_ns) {
		text_add(t, " to ");
		canon_time(t, us(a->received_last));
	}
	if (a->received_claimed)
		text_add(t, " (receipt claimed, not proven)");
	if (n->before_us >= 0 && m->why != NO_START) {
		text_add(t, ", deadline ");
		canon_time(t, m->deadline_us);
	}
	say_distance(m, t);
	if (*why[m->why]) {
		text_add(t, ": ");
		text_add(t, why[m->why]);
	}
}

static void none(const struct notice *n, struct text *t)
{
	text_add(t, n->what ? "no notice of " : "no activity of the ");
	text_add(t, n->what ? n->what : n->party);
	text_add(t, n->what ? " covers this time"
			    : " is on record here at this time");
}

struct chance notice_covers(
	struct scene *s, const struct notice *n, struct text *why)
{
	struct chance sum = CHANCE_NO;
	const struct activity *best = NULL;
	struct match of_best = {.why = TIME_OUT};

	for (size_t i = 0; i < s->facts->activity_count; i++) {
		const struct activity *a = &s->facts->activity[i];
		struct match m;

		if ((n->what && strcmp(a->what, n->what) != 0) ||
			(n->party && strcmp(a->party, n->party) != 0))
			continue;
		m = match(s, a, n);
		if (m.why == TIME_OUT)
			continue;
		sum = chance_or(sum, m.chance);
		if (best && (m.chance.lo < of_best.chance.lo ||
				    (m.chance.lo == of_best.chance.lo &&
					    m.chance.hi <= of_best.chance.hi)))
			continue;
		best = a;
		of_best = m;
	}
	if (why->size == 0) /* nobody listens */
		return sum;
	if (best)
		say(best, n, &of_best, why);
	else
		none(n, why);
	return sum;
}
