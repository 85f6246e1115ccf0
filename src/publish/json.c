/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json.c - the whole report as one object, schema truce.report/1.
 *
 * Members in a fixed order, `proof` last; incidents and findings are the
 * records of CONTRACT.md, as the level may show them. */
#include "publish/tables.h"

#include "base/encode.h"
#include "base/json.h"

enum { BUFFER = 1 << 16, RECORD = 1 << 17 };

static void key_hex(struct json *j, const char *key, const struct digest *d)
{
	char at[80];
	struct text t = text_on(at, sizeof at);

	text_hex(&t, digest_view(d));
	json_key_text(j, key, at);
}

static void period(struct view *v, struct json *j, const char *key,
	const struct period *p)
{
	json_key(j, key);
	json_object(j);
	json_key_text(j, "label", p->label);
	json_key_i64(j, "number", p->number);
	json_key_i64(j, "year", p->year);
	json_key_time(j, "from", p->span.from, 6);
	json_key_time(j, "to", p->span.to, 6);
	json_key_text(j, "from_local", view_local(v, p->span.from));
	json_key_text(j, "to_local", view_local(v, p->span.to));
	json_key_i64(j, "evenings", p->evenings);
	json_close(j);
}

static void mission(struct view *v, struct json *j)
{
	const struct mission *m = v->mission;

	json_key(j, "mission");
	json_object(j);
	json_key_text(j, "name", m->name);
	json_key_text(j, "title", m->title);
	json_key_text(j, "timezone", m->timezone);
	json_key_text(j, "tzdata", m->tzdata);
	json_key_text(j, "cutoff", view_fmt(v, "%02d:%02d", m->cutoff_minute /
		60, m->cutoff_minute % 60));
	json_key_flag(j, "weekend_joins", m->weekend_joins);
	json_key_time(j, "control_at", m->control_at, 6);
	json_key(j, "parties");
	json_list(j);
	for (size_t i = 0; i < m->party_count; i++) {
		json_object(j);
		json_key_text(j, "id", m->party[i].id);
		json_key_text(j, "name", m->party[i].name);
		json_close(j);
	}
	json_close(j);
	json_key(j, "geometry");
	json_list(j);
	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		if (s->role != SHAPE_LINE && s->role != SHAPE_ZONE)
			continue;
		json_object(j);
		json_key_text(j, "name", s->name);
		json_key_text(j, "role", s->role == SHAPE_LINE ? "line" :
			"zone");
		json_key_text(j, "file", s->file);
		json_key_text(j, "version", s->version);
		key_hex(j, "sha256", &s->sha256);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void tally(struct view *v, struct json *j, const char *key,
	const struct tally *t)
{
	int64_t lo = 0, hi = 0;

	if (t->incidents > 0)
		count_bounds(t->sum, &lo, &hi);
	json_key(j, key);
	json_object(j);
	json_key_text(j, "text", view_tally(v, t));
	json_key_i64(j, "at_least", lo);
	json_key(j, "at_most");
	if (hi == INT64_MAX || t->uncounted > 0)
		json_null_value(j);
	else
		json_i64(j, hi);
	json_key_i64(j, "incidents", (int64_t)t->incidents);
	json_key_i64(j, "uncounted", (int64_t)t->uncounted);
	json_close(j);
}

static void counts(struct view *v, struct json *j)
{
	json_key(j, "counts");
	json_list(j);
	for (size_t i = 0; i < v->kind_count; i++) {
		const struct kind_row *k = &v->kind[i];

		json_object(j);
		json_key_text(j, "kind", kind_name(k->kind));
		tally(v, j, "recorded", &k->now);
		tally(v, j, "set_apart", &k->apart);
		tally(v, j, "before", &k->before);
		json_key_fixed(j, "watched", k->watched, 4);
		json_key_fixed(j, "watched_before", k->watched_before, 4);
		json_key_flag(j, "comparable", k->comparable);
		json_key_text(j, "change", view_change(v, k));
		json_close(j);
	}
	json_close(j);
	json_key(j, "verdicts");
	json_object(j);
	for (int i = 0; i < VERDICT_COUNT; i++)
		json_key_i64(j, verdict_name((enum verdict)i),
			(int64_t)v->verdicts[i]);
	json_close(j);
	json_key_i64(j, "incidents_before", (int64_t)v->before_count);
	json_key_i64(j, "rejected", (int64_t)v->rejected);
}

/* Data columns of a table as a list of objects. */
static bool rows(struct view *v, struct json *j, enum table_id id,
	struct fault *f)
{
	struct table t;

	if (!table_make(v, id, &t, f))
		return false;
	json_key(j, t.name);
	json_list(j);
	for (size_t r = 0; r < t.rows; r++) {
		json_object(j);
		for (size_t c = 0; c < t.columns; c++) {
			const char *cell = t.row[r].cell[c];

			if (!(t.column[c].where & IN_DATA))
				continue;
			json_key(j, t.column[c].key);
			if (!cell || (t.column[c].number && !cell[0]))
				json_null_value(j);
			else if (t.column[c].number)
				json_raw(j, bytes_of(cell));
			else
				json_text(j, cell);
		}
		json_close(j);
	}
	json_close(j);
	return true;
}

/* One record through the fields that the ledger hashes; the arena is handed
 * back afterwards. */
static bool record(struct view *v, struct json *j, const struct incident *i,
	const struct finding *x, struct fault *f)
{
	size_t mark = v->arena->used;
	struct fields s = fields_in(v->arena);
	struct text t;
	bool ok = i ? incident_write(i, &s, f) : finding_write(x, &s, f);

	if (ok) {
		t = text_in(v->arena, RECORD);
		fields_print(&s, &t);
		ok = text_check(&t, f);
		if (ok)
			json_raw(j, text_view(&t));
	}
	v->arena->used = mark;
	return ok;
}

static bool records(struct view *v, struct json *j, struct fault *f)
{
	json_key(j, "incidents");
	json_list(j);
	for (size_t i = 0; i < v->event_count; i++)
		if (!record(v, j, &v->event[i].incident, NULL, f))
			return false;
	json_close(j);
	json_key(j, "findings");
	json_list(j);
	for (size_t i = 0; i < v->finding_count; i++)
		if (!record(v, j, NULL, &v->finding[i], f))
			return false;
	json_close(j);
	return true;
}

static void proof(struct json *j, const struct proof *p)
{
	json_key(j, "proof");
	json_object(j);
	key_hex(j, "root", &p->root);
	json_key_i64(j, "size", (int64_t)p->size);
	json_key_i64(j, "index", (int64_t)p->index);
	json_key_time(j, "at", p->at, 6);
	json_key_text(j, "check", "truce audit MISSION");
	json_close(j);
}

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	static const enum table_id ids[] = {TABLE_REGIONS, TABLE_RESTRICTIONS,
		TABLE_NOTIFIED,
		TABLE_CLAIMS, TABLE_COVERAGE, TABLE_LIMITS, TABLE_HEALTH,
		TABLE_CORRECTIONS};
	struct text out = text_in(a, BUFFER);
	struct json j = json_on(&out);
	struct digest terms = {0};
	struct view v;

	out.sink = &sink;
	if (!report_view(r, a, &v, f))
		return false;
	json_object(&j);
	json_key_text(&j, "schema", "truce.report/1");
	period(&v, &j, "period", &r->now.period);
	period(&v, &j, "period_before", &r->before.period);
	mission(&v, &j);
	json_key_text(&j, "level", level_name(r->level));
	json_key_text(&j, "lang", v.words->lang);
	json_key_text(&j, "rules_version", r->rules_version);
	if (r->terms) {
		terms = terms_sha256(r->terms);
		key_hex(&j, "terms_sha256", &terms);
	}
	counts(&v, &j);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (!rows(&v, &j, ids[i], f))
			return false;
	if (!records(&v, &j, f))
		return false;
	proof(&j, &r->proof);
	json_close(&j);
	text_char(&out, '\n');
	return text_flush(&out, f);
}

const struct publisher publisher_json = {
	.name = "json",
	.about = "the whole report as one object, schema truce.report/1",
	.media_type = "application/json",
	.suffix = "json",
	.print = print,
};
