/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/duty.h"
#include "judge/opinion.h"

enum { SCRATCH_MAX = 8 << 20 };

static const char *line_hash(const struct terms *t, const struct area *z)
{
	if (!z)
		return "";
	if (z->is == AREA_BAND)
		z = &t->area[z->of];
	return z->bound ? z->sha256_hex : "";
}

static bool claims(const struct facts *facts, struct arena *a,
	struct finding *x, struct fault *f)
{
	struct finding_claim *c;

	if (facts->claim_count == 0)
		return true;
	if (!(c = arena_array(a, facts->claim_count, sizeof *c, f)))
		return false;
	for (size_t i = 0; i < facts->claim_count; i++)
		c[i] = (struct finding_claim){facts->claim[i].party,
			facts->claim[i].says, facts->claim[i].at};
	x->claim = c;
	x->claim_count = facts->claim_count;
	return true;
}

static bool explain(const struct trace *trace, const struct text *flips,
	struct arena *a, struct finding *x, struct fault *f)
{
	const char **lines = arena_array(a, trace->count, sizeof *lines, f);

	if (!lines || trace->broke)
		return false;
	memcpy(lines, trace->line, trace->count * sizeof *lines);
	x->explanation = lines;
	x->explanation_count = trace->count;
	x->flips_if = "";
	if (flips->len > 0)
		x->flips_if = arena_text(a, text_view(flips), f);
	return x->flips_if != NULL;
}

static bool find(struct scene *s, const struct rule *r, bool flips,
	struct arena *a, struct finding *x, struct fault *f)
{
	const struct terms *t = s->terms;
	char at[400];
	struct text flip = text_on(at, sizeof at);
	struct trace trace;
	struct opinion o;

	trace_start(&trace, a, f);
	for (size_t i = 0; i < r->heads; i++)
		trace_borrow(&trace, r->head[i]);
	o = opinion_of(s, r, 0, &trace);
	if (flips)
		flip_find(s, r, &o, &flip);
	if (s->broke)
		return false;
	*x = (struct finding){.incident = s->incident->id,
		.incident_version = s->incident->version,
		.clause = r->id, .verdict = o.verdict,
		.lo_ppm = o.breach.lo, .hi_ppm = o.breach.hi,
		.grade = o.grade, .party = o.party,
		.standard = t->standard[r->standard].name,
		.terms_sha256 = t->sha256_hex,
		.line_sha256 = line_hash(t, o.from),
		.status = STATUS_AUTOMATIC, .cause = o.cause,
		.at = s->incident->at};
	if (*s->asked)
		finding_name_owing(x, s->asked);
	else
		finding_name(x);
	return explain(&trace, &flip, a, x, f) && claims(s->facts, a, x, f);
}

static bool brief(struct scene *s, const struct rule *r, struct finding *x)
{
	struct opinion o = opinion_verdict(s, r);

	*x = (struct finding){.incident = s->incident->id,
		.incident_version = s->incident->version,
		.clause = r->id, .verdict = o.verdict,
		.lo_ppm = 0, .hi_ppm = CHANCE_SURE,
		.grade = opinion_grade(s, r), .party = s->asked,
		.standard = s->terms->standard[r->standard].name,
		.terms_sha256 = s->terms->sha256_hex, .line_sha256 = "",
		.flips_if = "", .cause = o.cause, .at = s->incident->at};
	return !s->broke;
}

struct sitting {
	struct scene *s;
	const struct judge_ask *ask;
	struct arena *a;
	const struct findings *out;
	struct fault *f;
};

static bool put(struct sitting *t, const struct rule *r)
{
	struct finding x;

	t->s->still = (struct still){0};
	if (t->ask->brief ? !brief(t->s, r, &x)
			  : !find(t->s, r, !t->ask->unflipped, t->a, &x,
				    t->f))
		return fault_in(t->f, "rule %s", r->id);
	return t->out->put(t->out->self, &x, t->f);
}

/* A duty: each party that owes it. */
static bool each_party(struct sitting *t, const struct rule *r, bool asked)
{
	const char *who[PARTIES_MAX + 1] = {""};
	size_t n = r->requires_ ? duty_owed(t->s, r, who) : 0;
	bool ok = true;

	n = n > 0 ? n : 1;
	if (!asked) {
		*t->ask->passed += n;
		return true;
	}
	for (size_t i = 0; i < n && ok; i++) {
		t->s->asked = who[i];
		ok = put(t, r);
	}
	t->s->asked = "";
	return ok;
}

static bool each_rule(struct sitting *t)
{
	const struct judge_ask *ask = t->ask;

	for (size_t i = 0; i < t->s->terms->rules; i++) {
		const struct rule *r = &t->s->terms->rule[i];
		bool asked = !ask->rules || ask->rules[i];

		if ((asked || ask->passed) && opinion_concerns(t->s, r) &&
			!each_party(t, r, asked))
			return false;
	}
	return true;
}

struct hearing {
	struct scene s;
};

bool judge_hear(const struct terms *t, const struct facts *facts,
	const struct incident *in, const struct hearing *like,
	struct arena *scratch, struct hearing **out, struct fault *f)
{
	*out = arena_room(scratch, sizeof **out, f);
	return (*out && scene_of(&(*out)->s, t, facts, in,
			like ? &like->s : NULL, scratch, f)) ||
		fault_in(f, "incident %s", in->id.text);
}

bool judge_heard(struct hearing *h, const struct judge_ask *ask,
	struct arena *a, const struct findings *out, struct fault *f)
{
	struct sitting sitting = {&h->s, ask, a, out, f};

	h->s.fault = f;
	h->s.who_saw = NULL; /* it lay in that arena */
	return each_rule(&sitting) ||
		fault_in(f, "incident %s", h->s.incident->id.text);
}

struct arena judge_scratch(struct arena *a)
{
	size_t size = a->size, room = (a->size - a->used) / 2;
	struct arena scratch;

	if (room > SCRATCH_MAX)
		room = SCRATCH_MAX;
	room &= ~(size_t)15;
	scratch = arena_on(a->at + ((size - room) & ~(size_t)15), room);
	scratch.size = size - (size_t)(scratch.at - a->at);
	a->size = (size_t)(scratch.at - a->at);
	return scratch;
}

/* What is needed only while judging lies at the arena's end, and is free
 * again afterwards; findings are taken from its front as usual. */
bool judge_asked(const struct terms *t, const struct facts *facts,
	const struct incident *in, const struct judge_ask *ask,
	struct arena *a, const struct findings *out, struct fault *f)
{
	size_t size = a->size;
	struct arena scratch = judge_scratch(a);
	struct hearing *h;
	bool ok = judge_hear(t, facts, in, NULL, &scratch, &h, f) &&
		judge_heard(h, ask, a, out, f);

	a->size = size;
	return ok;
}

bool judge_incident(const struct terms *t, const struct facts *facts,
	const struct incident *in, struct arena *a,
	const struct findings *out, struct fault *f)
{
	return judge_asked(
		t, facts, in, &(struct judge_ask){0}, a, out, f);
}
