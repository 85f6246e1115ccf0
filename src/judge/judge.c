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

static bool find(struct scene *s, const struct rule *r, struct arena *a,
	struct finding *x, struct fault *f)
{
	const struct terms *t = s->terms;
	char flips[400];
	struct text flip = text_on(flips, sizeof flips);
	struct trace trace;
	struct opinion o;

	trace_start(&trace, a, f);
	for (size_t i = 0; i < r->heads; i++)
		trace_borrow(&trace, r->head[i]);
	o = opinion_of(s, r, 0, &trace);
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

static bool put(struct scene *s, const struct rule *r, struct arena *a,
	const struct findings *out, struct fault *f)
{
	struct finding x;

	if (!find(s, r, a, &x, f))
		return fault_in(f, "rule %s", r->id);
	return out->put(out->self, &x, f);
}

/* A duty: each party that owes it. */
static bool each_party(struct scene *s, const struct rule *r,
	struct arena *a, const struct findings *out, struct fault *f)
{
	const char *who[PARTIES_MAX + 1] = {""};
	size_t n = duty_owed(s, r, who);
	bool ok = true;

	for (size_t i = 0; i < (n ? n : 1) && ok; i++) {
		s->asked = who[i];
		ok = put(s, r, a, out, f);
	}
	s->asked = "";
	return ok;
}

static bool each_rule(struct scene *s, struct arena *a,
	const struct findings *out, struct fault *f)
{
	for (size_t i = 0; i < s->terms->rules; i++) {
		const struct rule *r = &s->terms->rule[i];

		if (!opinion_concerns(s, r))
			continue;
		if (r->requires_ ? !each_party(s, r, a, out, f)
				 : !put(s, r, a, out, f))
			return false;
	}
	return true;
}

/* What is needed only while judging lies at the arena's end, and is free
 * again afterwards; findings are taken from its front as usual. */
bool judge_incident(const struct terms *t, const struct facts *facts,
	const struct incident *in, struct arena *a,
	const struct findings *out, struct fault *f)
{
	size_t size = a->size, room = (a->size - a->used) / 2;
	struct arena scratch;
	struct scene s;
	bool ok;

	if (room > SCRATCH_MAX)
		room = SCRATCH_MAX;
	room &= ~(size_t)15;
	scratch = arena_on(a->at + ((size - room) & ~(size_t)15), room);
	scratch.size = size - (size_t)(scratch.at - a->at);
	a->size = (size_t)(scratch.at - a->at);
	ok = scene_of(&s, t, facts, in, &scratch, f) &&
		each_rule(&s, a, out, f);
	a->size = size;
	return ok || fault_in(f, "incident %s", in->id.text);
}
