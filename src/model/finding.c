/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/finding.h"

#include "base/json.h"
#include "model/codec.h"

static void name(struct finding *x, const char *party)
{
	char at[256];
	struct text t = text_on(at, sizeof at);

	text_add(&t, "finding\n");
	text_add(&t, x->incident.text);
	text_char(&t, '\n');
	text_add(&t, x->clause);
	text_add(&t, *party ? "\n" : "");
	text_add(&t, party);
	x->id = id_make('f', x->at, text_view(&t));
}

void finding_name(struct finding *x)
{
	name(x, "");
}

void finding_name_owing(struct finding *x, const char *party)
{
	name(x, party);
}

static void write_claims(struct fields *s, const struct finding *x)
{
	size_t room = 16;
	struct text t;
	struct json j;

	for (size_t i = 0; i < x->claim_count; i++)
		room += 6 * strlen(x->claim[i].says) + 128;
	t = text_in(s->arena, room);
	j = json_on(&t);
	json_list(&j);
	for (size_t i = 0; i < x->claim_count; i++) {
		json_object(&j);
		json_key_time(&j, "at", x->claim[i].at, 6);
		json_key_text(&j, "party", x->claim[i].party);
		json_key_text(&j, "says", x->claim[i].says);
		json_close(&j);
	}
	json_close(&j);
	fields_json(s, "claims", text_view(&t));
}

struct bytes finding_reviews(
	const struct finding_review *r, size_t count, struct arena *a)
{
	size_t room = 16;
	struct text t;
	struct json j;

	for (size_t i = 0; i < count; i++)
		room += 6 * (strlen(r[i].by) + strlen(r[i].org) +
			strlen(r[i].does) + strlen(r[i].why)) + 128;
	t = text_in(a, room);
	j = json_on(&t);
	json_list(&j);
	for (size_t i = 0; i < count; i++) {
		json_object(&j);
		json_key_time(&j, "at", r[i].at, 6);
		json_key_text(&j, "by", r[i].by);
		json_key_text(&j, "does", r[i].does);
		json_key_text(&j, "org", r[i].org);
		json_key_text(&j, "why", r[i].why);
		json_close(&j);
	}
	json_close(&j);
	return text_view(&t);
}

static void write_interval(struct fields *s, const struct finding *x)
{
	char at[64];
	struct text t = text_on(at, sizeof at);
	struct json j = json_on(&t);

	json_list(&j);
	json_fixed(&j, x->lo_ppm * 1e-6, 6);
	json_fixed(&j, x->hi_ppm * 1e-6, 6);
	json_close(&j);
	fields_json(s, "probability", text_view(&t));
}

bool finding_write(const struct finding *x, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.finding/1");
	fields_text(s, "id", x->id.text);
	fields_i64(s, "version", x->version);
	fields_text(s, "incident", x->incident.text);
	fields_i64(s, "incident_version", x->incident_version);
	fields_text(s, "clause", x->clause);
	fields_text(s, "verdict", verdict_name(x->verdict));
	write_interval(s, x);
	fields_text(s, "grade", x->grade && *x->grade ? x->grade : NULL);
	fields_text(s, "party", x->party);
	fields_text(s, "standard", x->standard);
	fields_text(s, "terms_sha256", x->terms_sha256);
	fields_text(s, "line_sha256",
		x->line_sha256 && *x->line_sha256 ? x->line_sha256 : NULL);
	write_texts(s, "explanation", x->explanation, x->explanation_count);
	fields_text(s, "flips_if", x->flips_if && *x->flips_if ? x->flips_if
								: NULL);
	fields_text(s, "status", status_name(x->status));
	fields_text(s, "cause", x->cause && *x->cause ? x->cause : NULL);
	fields_time(s, "at", x->at);
	write_claims(s, x);
	fields_json(s, "reviews",
		finding_reviews(x->review, x->review_count, s->arena));
	return fields_done(s, f);
}

static bool read_claims(const struct tree *t, struct arena *a,
	struct finding *x, struct fault *f)
{
	struct finding_claim *c;
	size_t i = 0;

	if (!t || t->count == 0)
		return true;
	if (!(c = arena_array(a, t->count, sizeof *c, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next, i++) {
		if (!read_text(k, "party", a, &c[i].party, f) ||
			!read_text(k, "says", a, &c[i].says, f))
			return false;
		c[i].at = tree_time(k, "at");
	}
	x->claim = c;
	x->claim_count = t->count;
	return true;
}

static int32_t ppm(const struct tree *t, size_t index)
{
	const struct tree *v = tree_at(t, index);

	return v && isfinite(v->number) ? (int32_t)floor(v->number * 1e6 + 0.5)
					: 0;
}

bool finding_read(const struct tree *t, struct arena *a, struct finding *x,
	struct fault *f)
{
	int verdict, status;

	*x = (struct finding){0};
	if (!read_id(t, "id", &x->id, f) ||
		!read_id(t, "incident", &x->incident, f) ||
		!read_text(t, "clause", a, &x->clause, f) ||
		!read_word(t, "verdict", verdict_named, &verdict, f) ||
		!read_word(t, "status", status_named, &status, f) ||
		!read_text(t, "grade", a, &x->grade, f) ||
		!read_text(t, "party", a, &x->party, f) ||
		!read_text(t, "standard", a, &x->standard, f) ||
		!read_text(t, "terms_sha256", a, &x->terms_sha256, f) ||
		!read_text(t, "line_sha256", a, &x->line_sha256, f) ||
		!read_texts(tree_get(t, "explanation"), a, &x->explanation,
			&x->explanation_count, f) ||
		!read_text(t, "flips_if", a, &x->flips_if, f) ||
		!read_text(t, "cause", a, &x->cause, f) ||
		!read_claims(tree_get(t, "claims"), a, x, f))
		return fault_in(f, "finding");
	x->version = (uint32_t)tree_i64(t, "version", 0);
	x->incident_version = (uint32_t)tree_i64(t, "incident_version", 0);
	x->verdict = (enum verdict)verdict;
	x->status = (enum status)status;
	x->lo_ppm = ppm(tree_get(t, "probability"), 0);
	x->hi_ppm = ppm(tree_get(t, "probability"), 1);
	x->at = tree_time(t, "at");
	return true;
}
