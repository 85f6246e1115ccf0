/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/incident.h"

#include <string.h>

#include "base/json.h"
#include "model/codec.h"

struct incident incident_new(void)
{
	struct incident i = {
		.status = STATUS_AUTOMATIC,
		.count = COUNT_NOT_STATED,
		.at = INSTANT_UNKNOWN,
		.from = INSTANT_UNKNOWN,
		.to = INSTANT_UNKNOWN,
		.time_level = 0.9,
		.place = PLACE_UNKNOWN,
		.phrase = "",
	};

	i.kind[KIND_UNKNOWN] = 1;
	return i;
}

void incident_name(struct incident *i, const struct detection *earliest)
{
	i->id = id_make('i', earliest->at, bytes_of(earliest->id.text));
}

enum kind incident_kind(const struct incident *i)
{
	enum kind best = KIND_UNKNOWN;

	for (int k = 0; k < KIND_COUNT; k++)
		if (i->kind[k] > i->kind[best])
			best = (enum kind)k;
	return best;
}

bool incident_is_part(const struct incident *i)
{
	for (size_t k = 0; k < i->link_count; k++)
		if (strcmp(i->link[k].is, LINK_SHOCK_OF) == 0 ||
			strcmp(i->link[k].is, LINK_PART_OF) == 0)
			return true;
	return false;
}

/* Only kinds that have a share; in parts per million, so that they sum to
 * exactly 1: the likeliest takes the rounding. */
static void write_kinds(struct fields *s, const struct incident *i)
{
	int64_t ppm[KIND_COUNT], sum = 0;
	enum kind best = incident_kind(i);
	struct text t = text_in(s->arena, 1024);
	struct json j = json_on(&t);

	for (int k = 0; k < KIND_COUNT; k++) {
		double p = i->kind[k] > 0 ? i->kind[k] : 0;

		ppm[k] = (int64_t)floor(p * 1e6 + 0.5);
		sum += ppm[k];
	}
	ppm[best] += 1000000 - sum;
	json_object(&j);
	for (int k = 0; k < KIND_COUNT; k++) {
		if (ppm[k] <= 0)
			continue;
		json_key_fixed(&j, kind_name((enum kind)k), (double)ppm[k] *
			1e-6, 6);
	}
	json_close(&j);
	fields_json(s, "kind", text_view(&t));
}

static void write_modalities(struct fields *s, unsigned set)
{
	const char *names[MODALITY_COUNT];
	size_t n = 0;

	for (int m = 0; m < MODALITY_COUNT; m++)
		if (set & 1U << m)
			names[n++] = modality_name((enum modality)m);
	write_texts(s, "modalities", names, n);
}

static void write_ids(struct fields *s, const char *name, const struct id *id,
	size_t count)
{
	struct text t = text_in(s->arena, (ID_TEXT + 3) * count + 16);
	struct json j = json_on(&t);

	json_list(&j);
	for (size_t i = 0; i < count; i++)
		json_text(&j, id[i].text);
	json_close(&j);
	fields_json(s, name, text_view(&t));
}

static void write_links(struct fields *s, const struct incident *i)
{
	struct text t = text_in(s->arena, 128 * i->link_count + 16);
	struct json j = json_on(&t);

	json_list(&j);
	for (size_t k = 0; k < i->link_count; k++) {
		json_object(&j);
		json_key_text(&j, "id", i->link[k].id.text);
		json_key_text(&j, "is", i->link[k].is);
		json_close(&j);
	}
	json_close(&j);
	fields_json(s, "links", text_view(&t));
}

bool incident_write(const struct incident *i, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.incident/1");
	fields_text(s, "id", i->id.text);
	fields_i64(s, "version", i->version);
	fields_text(s, "status", status_name(i->status));
	write_kinds(s, i);
	write_count(s, "count", i->count);
	fields_time(s, "time.at", i->at);
	fields_time(s, "time.from", i->from);
	fields_time(s, "time.to", i->to);
	fields_fixed(s, "time.level", i->time_level, 2);
	write_place(s, "place", &i->place);
	fields_text(s, "phrase", i->phrase);
	write_modalities(s, i->modalities);
	write_ids(s, "evidence", i->evidence, i->evidence_count);
	write_texts(s, "silent", i->silent, i->silent_count);
	write_texts(s, "health", i->health, i->health_count);
	write_links(s, i);
	write_features(s, "features", i->feature, i->feature_count);
	write_attributes(s, "attributes", i->attribute, i->attribute_count);
	return fields_done(s, f);
}

static bool read_kinds(
	const struct tree *t, struct incident *i, struct fault *f)
{
	memset(i->kind, 0, sizeof i->kind);
	for (const struct tree *k = t ? t->first : NULL; k; k = k->next) {
		int kind = kind_named(k->key);

		if (kind < 0)
			return fault(f, FAULT_INPUT, "kind '%.40s'", k->key);
		i->kind[kind] = k->number;
	}
	return true;
}

static bool read_ids(const struct tree *t, struct arena *a,
	const struct id **out, size_t *count, struct fault *f)
{
	size_t n = t ? t->count : 0, k = 0;
	struct id *id;

	*out = NULL;
	*count = 0;
	if (n == 0)
		return true;
	if (!(id = arena_array(a, n, sizeof *id, f)))
		return false;
	for (const struct tree *x = t->first; x; x = x->next, k++)
		if (!id_read((const char *)x->text.at, &id[k]))
			return fault(f, FAULT_INPUT, "evidence %zu", k);
	*out = id;
	*count = n;
	return true;
}

static bool read_links(const struct tree *t, struct arena *a,
	struct incident *i, struct fault *f)
{
	struct link *x;
	size_t k = 0;

	if (!t || t->count == 0)
		return true;
	if (!(x = arena_array(a, t->count, sizeof *x, f)))
		return false;
	for (const struct tree *l = t->first; l; l = l->next, k++)
		if (!read_text(l, "is", a, &x[k].is, f) ||
			!read_id(l, "id", &x[k].id, f))
			return false;
	i->link = x;
	i->link_count = t->count;
	return true;
}

static bool read_modalities(
	const struct tree *t, struct incident *i, struct fault *f)
{
	for (const struct tree *k = t ? t->first : NULL; k; k = k->next) {
		int m = modality_named((const char *)k->text.at);

		if (m < 0)
			return fault(f, FAULT_INPUT, "modalities");
		i->modalities |= 1U << m;
	}
	return true;
}

bool incident_read(const struct tree *t, struct arena *a, struct incident *i,
	struct fault *f)
{
	const struct tree *time = tree_get(t, "time");
	int status;

	*i = incident_new();
	if (!read_id(t, "id", &i->id, f) ||
		!read_word(t, "status", status_named, &status, f) ||
		!read_kinds(tree_get(t, "kind"), i, f) ||
		!read_count(tree_get(t, "count"), &i->count, f) ||
		!read_place(tree_get(t, "place"), a, &i->place, f) ||
		!read_text(t, "phrase", a, &i->phrase, f) ||
		!read_modalities(tree_get(t, "modalities"), i, f) ||
		!read_ids(tree_get(t, "evidence"), a, &i->evidence,
			&i->evidence_count, f) ||
		!read_texts(tree_get(t, "silent"), a, &i->silent,
			&i->silent_count, f) ||
		!read_texts(tree_get(t, "health"), a, &i->health,
			&i->health_count, f) ||
		!read_links(tree_get(t, "links"), a, i, f) ||
		!read_features(tree_get(t, "features"), a, &i->feature,
			&i->feature_count, f) ||
		!read_attributes(tree_get(t, "attributes"), a, &i->attribute,
			&i->attribute_count, f))
		return fault_in(f, "incident");
	i->status = (enum status)status;
	i->version = (uint32_t)tree_i64(t, "version", 0);
	i->at = tree_time(time, "at");
	i->from = tree_time(time, "from");
	i->to = tree_time(time, "to");
	i->time_level = tree_number(time, "level");
	return true;
}
