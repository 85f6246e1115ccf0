/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/health.h"

#include "model/codec.h"

void health_name(struct health *h)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "health\n%s\n%s\n%s\n", h->source,
		health_state_name(h->state), h->why);
	text_i64(&t, h->span.from.utc_ns / 1000);
	h->id = id_make('h', h->span.from, text_view(&t));
}

bool health_write(const struct health *h, struct fields *s, struct fault *f)
{
	struct feature all[1 + HEALTH_MORE_MAX] = {h->measure};
	size_t n = h->measure.name != NULL;

	for (size_t i = 0; n > 0 && i < h->more_count; i++) {
		if (n == sizeof all / sizeof *all)
			return fault(f, FAULT_LIMIT, "health: %zu measures",
				h->more_count + 1);
		all[n++] = h->more[i];
	}
	fields_text(s, "schema", "truce.health/1");
	fields_text(s, "id", h->id.text);
	fields_text(s, "source", h->source);
	fields_time(s, "from", h->span.from);
	fields_time(s, "to", h->span.to);
	fields_text(s, "state", health_state_name(h->state));
	fields_text(s, "why", h->why);
	write_features(s, "measure", all, n);
	if (h->evidence_count > 0)
		write_texts(s, "evidence", h->evidence, h->evidence_count);
	return fields_done(s, f);
}

bool health_read(const struct tree *t, struct arena *a, struct health *h,
	struct fault *f)
{
	const struct feature *m;
	size_t n;
	int state;

	*h = (struct health){0};
	if (!read_id(t, "id", &h->id, f) ||
		!read_text(t, "source", a, &h->source, f) ||
		!read_text(t, "why", a, &h->why, f) ||
		!read_word(t, "state", health_state_named, &state, f) ||
		!read_features(tree_get(t, "measure"), a, &m, &n, f) ||
		!read_texts(tree_get(t, "evidence"), a, &h->evidence,
			&h->evidence_count, f))
		return fault_in(f, "health");
	if (n > 0) {
		h->measure = m[0];
		h->more = m + 1;
		h->more_count = n - 1;
	}
	h->state = (enum health_state)state;
	h->span.from = tree_time(t, "from");
	h->span.to = tree_time(t, "to");
	return true;
}
