/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledge_canon.c - the register in one form: JSON, members sorted, no spaces;
 * its SHA-256 is the version that obligations name. */
#include "base/json.h"
#include "base/sha256.h"
#include "judge/pledges.h"

static void member(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, *text ? text : NULL);
}

static void date(struct json *j, const char *key, struct instant at)
{
	json_key(j, key);
	json_time(j, at, 0);
}

static void names(struct json *j, const char *key, const struct names *n)
{
	json_key(j, key);
	json_list(j);
	for (size_t i = 0; i < n->count; i++)
		json_text(j, n->at[i]);
	json_close(j);
}

static void whole(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	if (v < 0)
		json_null_value(j);
	else
		json_i64(j, v);
}

static void seconds(struct json *j, const char *key, int64_t us)
{
	json_key(j, key);
	if (us < 0)
		json_null_value(j);
	else
		json_short(j, (double)us * 1e-6, 6);
}

static void citation(struct json *j, const struct citation *c)
{
	json_key(j, "source");
	if (!*c->says) {
		json_null_value(j);
		return;
	}
	json_object(j);
	whole(j, "line", c->line > 0 ? (int64_t)c->line : -1);
	json_key(j, "reported");
	json_flag(j, c->reported);
	member(j, "says", c->says);
	json_close(j);
}

static void stages(struct json *j, const struct legal_stage *s, size_t n)
{
	json_key(j, "status");
	json_list(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		date(j, "at", s[i].at);
		member(j, "is", legal_name(s[i].is));
		citation(j, &s[i].source);
		json_close(j);
	}
	json_close(j);
}

/* Hundredths as a decimal. */
static void amount(struct json *j, const char *key, int64_t v)
{
	char s[32];
	struct text t = text_on(s, sizeof s);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	text_fmt(&t, "%s%llu", v < 0 ? "-" : "",
		(unsigned long long)(u / 100));
	if (u % 100 != 0)
		text_fmt(&t, ".%02u", (unsigned)(u % 100));
	json_key(j, key);
	json_raw(j, text_view(&t));
}

static void actors(struct json *j, const struct pledges *r)
{
	json_key(j, "actors");
	json_list(j);
	for (size_t i = 0; i < r->actors; i++) {
		json_object(j);
		member(j, "id", r->actor[i].id);
		member(j, "name", r->actor[i].name);
		json_close(j);
	}
	json_close(j);
}

static void drafts(struct json *j, const struct pledges *r)
{
	json_key(j, "drafts");
	json_list(j);
	for (size_t i = 0; i < r->drafts; i++) {
		const struct draft *d = &r->draft[i];

		json_object(j);
		date(j, "at", d->at);
		member(j, "file", d->file);
		member(j, "id", d->id);
		member(j, "instrument", d->instrument);
		member(j, "sha256", d->sha256_hex);
		citation(j, &d->source);
		json_close(j);
	}
	json_close(j);
}

static void endorsements(struct json *j, const struct pledges *r)
{
	json_key(j, "endorsements");
	json_list(j);
	for (size_t i = 0; i < r->endorsements; i++) {
		const struct endorsement *e = &r->endorsement[i];

		json_object(j);
		date(j, "at", e->at);
		names(j, "by", &e->by);
		member(j, "instrument", e->instrument);
		member(j, "said", e->said);
		citation(j, &e->source);
		json_key(j, "withheld");
		json_flag(j, e->withheld);
		json_close(j);
	}
	json_close(j);
}

static void flows(struct json *j, const struct pledges *r)
{
	json_key(j, "flows");
	json_list(j);
	for (size_t i = 0; i < r->flows; i++) {
		const struct flow *x = &r->flow[i];

		json_object(j);
		amount(j, "amount", x->amount);
		date(j, "at", x->at);
		member(j, "is", flow_name(x->is));
		member(j, "pledge", x->pledge);
		whole(j, "price_year", x->price_year ? x->price_year : -1);
		citation(j, &x->source);
		member(j, "unit", x->unit);
		json_close(j);
	}
	json_close(j);
}

static void instruments(struct json *j, const struct pledges *r)
{
	json_key(j, "instruments");
	json_list(j);
	for (size_t i = 0; i < r->instruments; i++) {
		const struct instrument *x = &r->instrument[i];

		json_object(j);
		date(j, "at", x->at);
		member(j, "id", x->id);
		citation(j, &x->source);
		stages(j, x->stage, x->stages);
		member(j, "title", x->title);
		json_close(j);
	}
	json_close(j);
}

static void ladder(struct json *j, const struct ladder *x)
{
	json_object(j);
	member(j, "grade", x->grade);
	member(j, "id", x->id);
	citation(j, &x->source);
	member(j, "standard", x->standard);
	json_key(j, "steps");
	json_list(j);
	for (size_t k = 0; k < x->steps; k++) {
		json_object(j);
		seconds(j, "after_s", x->step[k].after_us);
		member(j, "what", x->step[k].what);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void ladders(struct json *j, const struct pledges *r)
{
	json_key(j, "ladders");
	json_list(j);
	for (size_t i = 0; i < r->ladders; i++)
		ladder(j, &r->ladder[i]);
	json_close(j);
}

static void trigger(struct json *j, const struct trigger *t)
{
	json_key(j, "trigger");
	if (!t->given) {
		json_null_value(j);
		return;
	}
	json_object(j);
	json_key(j, "at_least");
	json_i64(j, t->at_least);
	member(j, "clause", t->clause);
	member(j, "grade", t->grade);
	json_key(j, "joint");
	json_flag(j, t->joint);
	member(j, "party", t->party);
	json_key(j, "reviewed");
	json_flag(j, t->reviewed);
	member(j, "standard", t->standard);
	seconds(j, "within_s", t->within_us > 0 ? t->within_us : -1);
	json_close(j);
}

static void pledge(struct json *j, const struct pledge *x)
{
	json_object(j);
	names(j, "act", &x->act);
	member(j, "authority", x->authority);
	member(j, "domain", x->domain);
	seconds(j, "due_s", x->due_us);
	names(j, "from", &x->from);
	json_key(j, "from_endorsers");
	json_flag(j, x->from_endorsers);
	member(j, "id", x->id);
	member(j, "ladder", x->ladder);
	member(j, "modality", x->modality);
	member(j, "modality_word", *x->modality
			? modality_word_name(modality_of(x->modality)) : "");
	whole(j, "quantity_max", x->quantity_max);
	whole(j, "quantity_min", x->quantity_min);
	citation(j, &x->source);
	stages(j, x->stage, x->stages);
	names(j, "to", &x->to);
	trigger(j, &x->trigger);
	member(j, "under", x->under);
	member(j, "unit", x->unit);
	json_close(j);
}

static bool hash(void *self, struct bytes b, struct fault *f)
{
	(void)f;
	sha256_add(self, b);
	return true;
}

bool pledge_wording(const struct pledges *r, const struct pledge *p,
	struct arena *a, const char **hex, struct fault *f)
{
	struct sha256 sum;
	const struct sink to = {hash, &sum};
	char *out = arena_take(a, SHA256_HEX, f), buffer[1024];
	struct text t = text_on(buffer, sizeof buffer);
	struct json j = json_on(&t);
	struct digest d;

	if (!out)
		return false;
	sha256_start(&sum);
	t.sink = &to;
	json_list(&j);
	pledge(&j, p);
	for (size_t i = 0; i < r->ladders; i++)
		if (strcmp(r->ladder[i].id, p->ladder) == 0)
			ladder(&j, &r->ladder[i]);
	json_close(&j);
	if (!text_flush(&t, f))
		return false;
	d = sha256_end(&sum);
	*hex = digest_hex(&d, out);
	return true;
}

bool pledges_canonical(
	const struct pledges *r, struct text *out, struct fault *f)
{
	struct json j = json_on(out);

	json_object(&j);
	actors(&j, r);
	drafts(&j, r);
	endorsements(&j, r);
	flows(&j, r);
	member(&j, "id", r->id);
	instruments(&j, r);
	ladders(&j, r);
	json_key(&j, "pledges");
	json_list(&j);
	for (size_t i = 0; i < r->pledge_count; i++)
		pledge(&j, &r->pledge[i]);
	json_close(&j);
	member(&j, "schema", "truce.pledges/1");
	member(&j, "title", r->title);
	json_close(&j);
	return text_check(out, f);
}
