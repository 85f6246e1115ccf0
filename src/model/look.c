/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/look.h"

#include "model/codec.h"

void look_name(struct look *l)
{
	char at[256];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "look\n%s\n%s\n%s\n", l->source,
		modality_name(l->modality), kind_name(l->kind));
	text_i64(&t, l->span.from.utc_ns / 1000);
	text_char(&t, '\n');
	text_i64(&t, l->span.to.utc_ns / 1000);
	for (size_t i = 0; i < l->area.count && i < 2; i++) {
		text_char(&t, '\n');
		text_fixed(&t, l->area.point[i].lat_deg, 7);
		text_char(&t, ' ');
		text_fixed(&t, l->area.point[i].lon_deg, 7);
	}
	for (size_t i = 0; i < l->of_count; i++) {
		text_char(&t, '\n');
		text_short(&t, l->of[i].value, 6);
	}
	l->id = id_make('l', l->span.from, text_view(&t));
}

bool look_write(const struct look *l, struct fields *s, struct fault *f)
{
	struct place p = PLACE_UNKNOWN;

	fields_text(s, "schema", "truce.look/1");
	fields_text(s, "id", l->id.text);
	fields_text(s, "source", l->source);
	fields_text(s, "modality", modality_name(l->modality));
	fields_time(s, "from", l->span.from);
	fields_time(s, "to", l->span.to);
	fields_text(s, "kind", kind_name(l->kind));
	write_features(s, "of", l->of, l->of_count);
	fields_fixed(s, "pd", l->pd, 4);
	p.region.ring = &l->area;
	p.region.ring_count = l->area.count > 0;
	write_place(s, "area", &p);
	if (l->cite.length > 0)
		write_cite(s, "cite", &l->cite);
	else
		fields_null(s, "cite"); /* a whole network's: no bytes of it */
	return fields_done(s, f);
}

bool look_read(
	const struct tree *t, struct arena *a, struct look *l, struct fault *f)
{
	const struct feature *of;
	struct place p;
	int modality, kind;

	*l = (struct look){0};
	if (!read_id(t, "id", &l->id, f) ||
		!read_text(t, "source", a, &l->source, f) ||
		!read_word(t, "modality", modality_named, &modality, f) ||
		!read_word(t, "kind", kind_named, &kind, f) ||
		!read_features(tree_get(t, "of"), a, &of, &l->of_count, f) ||
		!read_place(tree_get(t, "area"), a, &p, f) ||
		!read_cite(tree_get(t, "cite"), &l->cite, f))
		return fault_in(f, "look");
	if (l->of_count > 2)
		l->of_count = 2;
	for (size_t i = 0; i < l->of_count; i++)
		l->of[i] = of[i];
	if (p.region.ring_count > 0)
		l->area = p.region.ring[0];
	l->modality = (enum modality)modality;
	l->kind = (enum kind)kind;
	l->span.from = tree_time(t, "from");
	l->span.to = tree_time(t, "to");
	l->pd = tree_number(t, "pd");
	return true;
}
