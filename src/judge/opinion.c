/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/opinion.h"

#include "judge/canon.h"
#include "judge/duty.h"
#include "judge/form.h"
#include "judge/notice.h"

struct ask {
	struct scene *s;
	const struct rule *r;
	struct trace *trace;
	struct text *none; /* started when it is needed */
	const char *out; /* what excludes the rule for certain, or NULL */
	struct opinion o;
};

static uint32_t speaks_of(const struct rule *r)
{
	if (r->requires_ || !r->manner)
		return r->requires_ ? r->manner : r->is->kinds;
	return r->manner & r->is->kinds;
}

bool opinion_concerns(const struct scene *s, const struct rule *r)
{
	const char *who[PARTIES_MAX + 1];
	uint32_t kinds = speaks_of(r);

	if (r->requires_ && duty_owed(s, r, who) > 0)
		return true;
	if (scene_kinds(s, kinds).lo > 0)
		return true;
	/* Of no known kind: it may be what any rule forbids. */
	return kinds != 0 && s->kind[KIND_UNKNOWN] > s->likeliest;
}

static void say_kinds(const struct scene *s, struct text *t)
{
	bool some = false;

	for (int i = 0; i < KIND_COUNT; i++) {
		if (s->kind[i] == 0)
			continue;
		text_add(t, some ? ", " : "");
		text_add(t, kind_name((enum kind)i));
		text_char(t, ' ');
		canon_ppm(t, s->kind[i]);
		some = true;
	}
}

static void say_calibre(const struct scene *s, struct text *t)
{
	if (s->calibre_high_um < 0) {
		text_add(t, ", calibre not known");
		return;
	}
	text_add(t, ", calibre ");
	text_i64(t, s->calibre_low_um / 1000);
	if (s->calibre_high_um == INT64_MAX) {
		text_add(t, " mm or more");
		return;
	}
	if (s->calibre_high_um != s->calibre_low_um) {
		text_add(t, " to ");
		text_i64(t, s->calibre_high_um / 1000);
	}
	text_add(t, " mm");
}

static void say_weapon(const struct scene *s, struct text *t)
{
	const char *word = attribute_of(s->incident->attribute,
		s->incident->attribute_count, "weapon");

	text_add(t, "; weapon ");
	trace_part(t, word && *word ? word : "not known", 60);
	if (s->odd_weapon)
		text_add(t, " (no word of the agreement: open)");
	say_calibre(s, t);
}

static struct chance subject(struct ask *q)
{
	struct scene *s = q->s;
	struct chance c;
	struct text *t;

	if (!q->trace && s->still.subject)
		return s->still.of_subject;
	c = scene_is(s, q->r->is);
	if (q->r->manner)
		c = chance_and(scene_kinds(s, q->r->manner), c);
	s->still.of_subject = c;
	s->still.subject = true;
	if (!q->trace)
		return c;
	t = trace_line(q->trace, q->none);
	text_add(t, "kind: ");
	say_kinds(s, t);
	if (!q->r->is->pure)
		say_weapon(s, t);
	trace_chance(t, c);
	trace_end(q->trace);
	return c;
}

static void say_distance(const struct terms *t, size_t area,
	const struct reach *r, struct text *out)
{
	const struct area *z = &t->area[area];

	if (z->is == AREA_FILE) {
		text_add(out, r->centre_mm < 0 ? "inside " : "outside ");
		text_add(out, z->name);
		text_add(out, ", its border at ");
	} else {
		text_add(out, "distance to ");
		text_add(out, z->is == AREA_BAND ? t->area[z->of].name
						 : z->name);
		text_char(out, ' ');
	}
	trace_distance(out, r->centre_mm);
	text_add(out, " +- ");
	trace_distance(out, r->err_mm);
}

static const char *missing(const struct ask *q, size_t area)
{
	const struct terms *t = q->s->terms;
	const struct area *z = &t->area[area];

	if (z->is == AREA_BAND)
		z = &t->area[z->of];
	if (z->bound || q->s->given)
		return NULL;
	return z->not_given ? z->not_given
			    : "its file is not bound to these terms";
}

/* The other lines, by which a party measures: shown, not judged by.  A zone
 * that is a band about a line is as far from each of them. */
static void say_other_lines(struct ask *q, const struct condition *c)
{
	const struct area *band = &q->s->terms->area[c->area];
	size_t own = band->is == AREA_BAND ? band->of : c->area;
	int64_t limit = (c->is == ON_WITHIN ? c->limit_mm : 0) +
		(band->is == AREA_BAND ? band->limit_mm : 0);
	int64_t margin = q->s->margin_mm;

	for (size_t i = 0; i < q->s->terms->areas; i++) {
		const struct area *z = &q->s->terms->area[i];
		const struct reach *r;
		struct chance p;
		struct text *t;

		if (z->is != AREA_LINE || !*z->measured_by || i == own)
			continue;
		p = scene_within(q->s, i, limit, &r);
		if (!r)
			continue;
		t = trace_line(q->trace, q->none);
		text_fmt(t, "as %s measures, ", z->measured_by);
		say_distance(q->s->terms, i, r, t);
		trace_chance(t, p);
		text_add(t, " (shown only: the clause names ");
		text_add(t, q->s->terms->area[c->area].name);
		text_char(t, ')');
		trace_end(q->trace);
	}
	q->s->margin_mm = margin;
}

static struct chance altitude(const struct scene *s, const struct area *z)
{
	bool low = z->floor_mm != TERMS_OPEN_MM;
	bool high = z->ceiling_mm != TERMS_OPEN_MM;

	if (!low && !high)
		return CHANCE_YES;
	if (s->alt_known)
		return (!low || s->alt_mm >= z->floor_mm) &&
				(!high || s->alt_mm <= z->ceiling_mm)
			? CHANCE_YES : CHANCE_NO;
	/* What does not fly is on the ground. */
	if (s->kind[KIND_FLIGHT] == 0 && s->kind[KIND_PROJECTILE] == 0 &&
		(!low || z->floor_mm == 0))
		return CHANCE_YES;
	return CHANCE_OPEN;
}

static struct chance on_place(struct ask *q, const struct condition *c)
{
	const struct area *z = &q->s->terms->area[c->area];
	const char *lacks = missing(q, c->area);
	int64_t limit = c->is == ON_WITHIN ? c->limit_mm : 0;
	const struct reach *r;
	struct chance p = scene_within(q->s, c->area, limit, &r);
	struct text *t;

	if (c->is != ON_WITHIN)
		p = chance_and(p, altitude(q->s, z));
	if (c->is == ON_OUTSIDE)
		p = chance_not(p);
	if (!q->trace)
		return p;
	t = trace_line(q->trace, q->none);
	if (lacks) {
		text_fmt(t, "%s has no geometry: ", z->name);
		trace_part(t, lacks, 160);
	} else if (!r) {
		text_fmt(t, "where it happened is not known, wanted %s %s",
			c->is == ON_OUTSIDE ? "outside" : "in reach of",
			z->name);
	} else {
		say_distance(q->s->terms, c->area, r, t);
		if (z->is != AREA_FILE) {
			text_add(t, c->is == ON_WITHIN
				? ", limit " : ", zone ");
			if (c->is != ON_WITHIN) {
				text_add(t, z->name);
				text_add(t, " reaches ");
			}
			canon_length(t, limit + (z->is == AREA_BAND
						? z->limit_mm : 0));
		}
	}
	trace_chance(t, p);
	trace_end(q->trace);
	if (r && z->is != AREA_FILE)
		say_other_lines(q, c);
	return p;
}

static void say_map(const struct scene *s, struct text *t)
{
	int64_t from = scene_map(s);

	if (from <= 0)
		return;
	text_add(t, " by the map of ");
	canon_time(t, from);
}

static struct chance on_side(struct ask *q, const struct condition *c)
{
	struct chance p = CHANCE_YES;
	const char *who = c->is == ON_SIDE_OF ? c->who : q->s->party;
	struct text *t;

	if (*who && strcmp(who, "mission") != 0)
		p = scene_control(q->s, who);
	t = trace_line(q->trace, q->none);
	if (!*who)
		text_add(t, "own side: whose is not known, so any side is the "
			"owner's");
	else
		text_fmt(t, "on ground of %s%s", who,
			q->s->terms->controls ? "" : ": control not known");
	if (*who)
		say_map(q->s, t);
	trace_chance(t, p);
	trace_end(q->trace);
	return p;
}

static void say_when(struct scene *s, struct text *t)
{
	if (!*s->when) {
		struct text once = text_on(s->when, sizeof s->when);

		text_add(&once, "time ");
		canon_time(&once, s->from_us);
		if (s->to_us != s->from_us) {
			text_add(&once, " to ");
			canon_time(&once, s->to_us);
		}
		text_add(&once, ", ");
	}
	text_add(t, s->when);
}

static struct chance on_time(struct ask *q, const struct condition *c)
{
	struct chance p;
	struct text *t;

	if (c->is == ON_DAILY)
		p = scene_daily(q->s, c->daily_from_us, c->daily_to_us);
	else if (c->is == ON_FROM)
		p = scene_time(q->s, c->at_us, INT64_MAX);
	else
		p = scene_time(q->s, INT64_MIN, c->at_us);
	if (!q->trace)
		return p;
	t = trace_line(q->trace, q->none);
	say_when(q->s, t);
	canon_condition(q->s->terms, c, t);
	trace_chance(t, p);
	trace_end(q->trace);
	return p;
}

static struct chance on_by(struct ask *q, const struct condition *c)
{
	static const struct notice own = {
		NULL, "mission", -1, -1};
	struct text *t = trace_line(q->trace, q->none);
	struct chance p;

	text_fmt(t, "by %s: ", c->who);
	if (*q->s->party) {
		p = strcmp(q->s->party, c->who) == 0 ? CHANCE_YES : CHANCE_NO;
		text_fmt(t, "the evidence names %s", q->s->party);
	} else if (strcmp(c->who, "mission") == 0) {
		/* The mission knows its own flights: no record, no flight. */
		p = notice_covers(q->s, &own, t);
	} else {
		p = CHANCE_OPEN;
		text_add(t, "who it was is not known");
	}
	trace_chance(t, p);
	trace_end(q->trace);
	return p;
}

static struct chance on_notified(struct ask *q, const struct condition *c)
{
	const struct notice n = {c->what, NULL, c->before_us, c->near_mm};
	struct text *t = trace_line(q->trace, q->none);
	struct chance p = notice_covers(q->s, &n, t);

	trace_chance(t, p);
	trace_end(q->trace);
	return p;
}

static struct chance condition(
	struct ask *q, const struct condition *c, const char **out)
{
	struct chance p;

	switch (c->is) {
	case ON_WITHIN:
	case ON_INSIDE:
	case ON_OUTSIDE:
		p = on_place(q, c);
		*out = "place";
		return p;
	case ON_OWN_SIDE:
	case ON_SIDE_OF:
		p = on_side(q, c);
		*out = "place";
		return p;
	case ON_FROM:
	case ON_UNTIL:
	case ON_DAILY:
		p = on_time(q, c);
		*out = "time";
		return p;
	case ON_BY:
		p = on_by(q, c);
		*out = "party";
		return p;
	default:
		*out = NULL;
		return on_notified(q, c);
	}
}

bool opinion_moves(const struct scene *s, const struct condition *c)
{
	switch (c->is) {
	case ON_FROM:
	case ON_UNTIL:
	case ON_DAILY:
		return false;
	case ON_BY:
	case ON_NOTIFIED:
		return s->facts->activity_count > 0;
	default:
		return true;
	}
}

/* The rule's own, by number. */
static struct chance own_condition(struct ask *q, size_t i, const char **out)
{
	const struct condition *c = &q->r->condition[i];
	struct still *still = &q->s->still;
	struct chance p;

	*out = "time"; /* where nobody listens any word will do */
	if (!q->trace && still->conditions >> i & 1)
		return still->of_condition[i];
	p = condition(q, c, out);
	if (!opinion_moves(q->s, c)) {
		still->conditions |= (uint32_t)1 << i;
		still->of_condition[i] = p;
	}
	return p;
}

static const char *cause_of(const struct terms *t, const struct exception *e)
{
	for (size_t i = 0; i < e->conditions; i++)
		if (e->condition[i].is == ON_NOTIFIED)
			return e->condition[i].what;
	for (size_t i = 0; i < e->conditions; i++) {
		const struct condition *c = &e->condition[i];

		if (c->is == ON_BY)
			return c->who;
		if (c->is == ON_INSIDE || c->is == ON_WITHIN)
			return t->area[c->area].name;
	}
	return e->id;
}

static void say_exception(struct ask *q, const struct exception *e,
	struct chance p, int32_t standard)
{
	struct text *t = trace_line(q->trace, q->none);

	text_add(t, "exception ");
	text_add(t, e->id);
	for (size_t i = 0; i < e->conditions; i++) {
		text_add(t, i ? ", " : " ");
		canon_condition(q->s->terms, &e->condition[i], t);
	}
	text_add(t, p.lo >= standard                  ? ": applies"
			: p.hi <= CHANCE_SURE - standard ? ": fails"
							 : ": may apply");
	trace_chance(t, p);
	trace_end(q->trace);
}

static struct chance exception(struct ask *q, size_t i)
{
	const struct exception *e = &q->r->exception[i];
	struct still *still = &q->s->still;
	struct chance p = CHANCE_YES;
	bool stays = true;
	const char *out;

	if (!q->trace && still->exceptions >> i & 1)
		return still->of_exception[i];
	for (size_t k = 0; k < e->conditions; k++) {
		p = chance_and(p, condition(q, &e->condition[k], &out));
		stays = stays && !opinion_moves(q->s, &e->condition[k]);
	}
	if (stays) {
		still->exceptions |= (uint32_t)1 << i;
		still->of_exception[i] = p;
	}
	return p;
}

struct exceptions {
	struct chance any;
	int applied, may;
};

static struct exceptions exceptions(struct ask *q, int32_t standard)
{
	struct exceptions x = {CHANCE_NO, 0, 0};

	for (size_t i = 0; i < q->r->exceptions; i++) {
		const struct exception *e = &q->r->exception[i];
		struct chance p = exception(q, i);

		if (q->trace)
			say_exception(q, e, p, standard);
		x.any = chance_or(x.any, p);
		if (p.lo >= standard) {
			x.applied++;
			q->o.cause = cause_of(q->s->terms, e);
		} else if (p.hi > CHANCE_SURE - standard) {
			x.may++;
		}
	}
	if (x.applied != 1)
		q->o.cause = "";
	return x;
}

/* Control of the ground says whose weapon stands there, or who fired from
 * there; where a shell fell it says nothing of who fired it. */
static bool ground_tells(const struct scene *s, const struct rule *r)
{
	const struct incident *in = s->incident;
	const char *assessed = attribute_of(
		in->attribute, in->attribute_count, "assessment");

	if (r->manner == (1u << KIND_WEAPON | 1u << KIND_VEHICLE))
		return true;
	for (size_t i = 0; i < r->conditions; i++)
		if (r->condition[i].is == ON_OWN_SIDE)
			return true;
	return s->kind[KIND_MUZZLE_FLASH] > CHANCE_SURE / 2 ||
		(assessed && strcmp(assessed, "outgoing") == 0);
}

static const char *party(struct ask *q, int32_t standard)
{
	const struct terms *t = q->s->terms;
	struct text *line = trace_line(q->trace, q->none);
	const char *found = "undetermined";

	if (q->r->requires_) {
		found = *q->s->asked ? q->s->asked : found;
		text_fmt(line, "party: %s, ", found);
		text_add(line, *q->s->asked ? "who was asked"
					    : "nobody knows who is asked");
		trace_end(q->trace);
		return found;
	}
	if (*q->s->party && strcmp(q->s->party, "mission") != 0) {
		text_fmt(line, "party: %s, on the evidence", q->s->party);
		trace_end(q->trace);
		return q->s->party;
	}
	if (!*q->s->party && t->controls > 0 && ground_tells(q->s, q->r))
		for (size_t i = 0; i < t->parties; i++) {
			struct chance p = scene_control(
				q->s, t->party[i].id);

			if (p.lo < standard)
				continue;
			found = t->party[i].id;
			text_fmt(line, "party: %s, which controls this "
				"ground", found);
			say_map(q->s, line);
			trace_chance(line, p);
			trace_end(q->trace);
			return found;
		}
	text_add(line, *q->s->party
			? "party: none of the parties, the mission"
			: "party: undetermined, neither evidence nor control "
			  "names one");
	trace_end(q->trace);
	return found;
}

static const char *grade_at(const struct rule *r, int64_t count)
{
	const char *g = "";

	for (size_t i = 0; i < r->grades; i++)
		if (count >= r->grade[i].at_least)
			g = r->grade[i].name;
	return g;
}

static const char *grade(struct ask *q)
{
	struct count c = q->s->incident->count;
	const char *low, *high;
	int64_t lo, hi;
	struct text *t;

	if (!q->r->by_count)
		return q->r->grades ? q->r->grade[0].name : "";
	count_bounds(c, &lo, &hi);
	lo = lo < 1 ? 1 : lo; /* something happened */
	hi = hi < lo ? lo : hi;
	low = grade_at(q->r, lo);
	high = grade_at(q->r, hi);
	t = trace_line(q->trace, q->none);
	text_add(t, "grade: count ");
	text_add(t, count_meaning_name(c.meaning));
	if (c.value >= 0) {
		text_char(t, ' ');
		text_i64(t, c.value);
		if (c.meaning == COUNT_RANGE) {
			text_add(t, " to ");
			text_i64(t, c.max);
		}
	}
	text_add(t, ": ");
	text_add(t, *low ? low : "none");
	if (strcmp(low, high) != 0)
		text_fmt(t, " at least, %s at most: undetermined", high);
	trace_end(q->trace);
	return strcmp(low, high) == 0 ? low : "undetermined";
}

/* The same under every rule: made once. */
static void say_incident(struct ask *q)
{
	const struct incident *in = q->s->incident;
	bool some = false;
	struct text *t;

	if (q->s->who_saw) {
		trace_borrow(q->trace, q->s->who_saw);
		return;
	}
	t = trace_line(q->trace, q->none);
	text_fmt(t, "incident %s version %u, by ", in->id.text, in->version);
	for (int i = 0; i < MODALITY_COUNT; i++)
		if (in->modalities >> i & 1) {
			text_add(t, some ? ", " : "");
			text_add(t, modality_name((enum modality)i));
			some = true;
		}
	text_add(t, some ? "; evidence " : "nothing; evidence ");
	for (size_t i = 0; i < in->evidence_count && i < 3; i++) {
		text_add(t, i ? ", " : "");
		text_add(t, in->evidence[i].text);
	}
	text_fmt(t, " (%zu in all)", in->evidence_count);
	trace_end(q->trace);
	if (!q->trace->broke)
		q->s->who_saw = q->trace->line[q->trace->count - 1];
}

static void say_standard(struct ask *q, const struct standard *std, int have)
{
	struct text *t = trace_line(q->trace, q->none);

	text_add(t, "together");
	trace_chance(t, q->o.breach);
	text_add(t, "; standard ");
	text_add(t, std->name);
	text_add(t, " asks ");
	canon_ppm(t, std->ppm);
	if (std->modalities > 0 && !q->r->requires_) {
		text_add(t, " and ");
		text_i64(t, std->modalities);
		text_add(t, " modalities: ");
		text_i64(t, have);
		text_add(t, q->o.enough ? " there, enough"
					: " there, not enough");
	}
	trace_end(q->trace);
}

static enum verdict decide(const struct ask *q, const struct exceptions *x,
	int32_t standard)
{
	if (q->out)
		return VERDICT_NOT_APPLICABLE;
	if (x->applied >= 2)
		return VERDICT_CONFLICT;
	if (q->o.breach.lo >= standard && q->o.enough)
		return VERDICT_BREACH;
	if (q->o.breach.hi <= CHANCE_SURE - standard &&
		!(x->applied == 1 && x->may > 0))
		return VERDICT_NO_BREACH;
	return VERDICT_UNDETERMINED;
}

static void words(struct text *t, const char *a, const char *b)
{
	text_add(t, a);
	text_add(t, b);
}

static void say_verdict(struct ask *q)
{
	struct text *t = trace_line(q->trace, q->none);

	text_add(t, "verdict: ");
	text_add(t, verdict_name(q->o.verdict));
	if (q->out && q->out == q->r->of)
		text_fmt(t, ", no %s is on record", q->out);
	else if (q->out)
		text_fmt(t, ", its %s is outside the rule", q->out);
	else if (q->o.verdict == VERDICT_BREACH)
		words(t, ", by ", q->o.party);
	else if (*q->o.cause)
		text_fmt(t, ", excepted: %s", q->o.cause);
	if (q->o.verdict == VERDICT_BREACH && *q->r->else_)
		text_fmt(t, ", which counts as %s", q->r->else_);
	trace_end(q->trace);
}

static struct chance duty(struct ask *q)
{
	const char *who[PARTIES_MAX + 1];

	if (duty_owed(q->s, q->r, who) == 0)
		q->out = q->r->of;
	return q->out ? CHANCE_OPEN : duty_undone(q->s, q->r, q->trace);
}

struct opinion opinion_of(struct scene *s, const struct rule *r, int more,
	struct trace *trace)
{
	struct text none;
	struct ask q = {.s = s, .r = r, .trace = trace, .none = &none,
		.o = {.cause = "", .grade = "", .party = "undetermined"}};
	const struct standard *std = &s->terms->standard[r->standard];
	struct exceptions x;

	s->margin_mm = INT64_MAX;
	if (trace)
		say_incident(&q);
	q.o.held = r->requires_ ? duty(&q) : subject(&q);
	for (size_t i = 0; i < r->conditions; i++) {
		const char *out;
		struct chance p = own_condition(&q, i, &out);

		q.o.held = chance_and(q.o.held, p);
		if (p.hi == 0 && !q.out)
			q.out = out;
		if (!q.o.from && r->condition[i].is <= ON_OUTSIDE)
			q.o.from = &s->terms->area[r->condition[i].area];
	}
	/* Out of time or place: no exception is asked. */
	x = q.out ? (struct exceptions){CHANCE_NO, 0, 0}
		  : exceptions(&q, std->ppm);
	q.o.unless = x.any;
	q.o.breach = chance_and(q.o.held, chance_not(x.any));
	/* Receipts are no matter of sensing. */
	q.o.enough = r->requires_ || s->modalities + more >= std->modalities;
	q.o.verdict = decide(&q, &x, std->ppm);
	q.o.applied = x.applied;
	q.o.may = x.may;
	if (!trace)
		return q.o;
	say_standard(&q, std, s->modalities + more);
	if (!q.out) {
		q.o.party = party(&q, std->ppm);
		q.o.grade = grade(&q);
	}
	say_verdict(&q);
	return q.o;
}

static struct opinion with_care(struct scene *s, const struct rule *r,
	enum care care, bool tight)
{
	struct opinion o;

	s->care = care;
	s->tight = tight;
	o = opinion_of(s, r, 0, NULL);
	s->care = CARE_FULL;
	return o;
}

struct opinion opinion_verdict(struct scene *s, const struct rule *r)
{
	if (form_fits(s, r))
		return form_verdict(s, &s->terms->standard[r->standard]);
	for (enum care care = CARE_CENTRE; care < CARE_FULL; care++) {
		struct opinion wide, tight;

		s->rough = false;
		wide = with_care(s, r, care, false);
		if (!s->rough)
			return wide;
		tight = with_care(s, r, care, true);
		if (wide.verdict == tight.verdict &&
			wide.applied == tight.applied &&
			wide.may == tight.may)
			return wide;
	}
	return opinion_of(s, r, 0, NULL);
}

const char *opinion_grade(struct scene *s, const struct rule *r)
{
	struct text none;

	return grade(&(struct ask){.s = s, .r = r, .none = &none});
}
