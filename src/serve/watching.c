/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/watching.h"

#include "base/tree.h"
#include "watch/watch.h"

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct looks_found *l = self;
	const struct tree *t;

	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 1024;
		struct look *more =
			arena_array(l->arena, room, sizeof *more, f);

		if (!more)
			return false;
		if (l->count > 0)
			memcpy(more, l->list, l->count * sizeof *more);
		l->list = more;
		l->room = room;
	}
	return tree_read(row->body, l->arena, &t, f) &&
		look_read(t, l->arena, &l->list[l->count++], f);
}

bool watching_looks(struct store *s, struct span span, enum kind kind,
	struct looks_found *out, struct fault *f)
{
	const struct query q = {.type = ROW_LOOK, .span = span,
		.kind = kind_name(kind)};

	return s->engine->find(s, &q, take, out, f);
}

static bool moment(const struct wire_request *q, const char *name,
	struct arena *a, struct instant *t, struct fault *f)
{
	const char *s;
	bool bad = false;

	*t = INSTANT_UNKNOWN;
	if (!wire_parameter(q->query, name, a, &s, &bad))
		return !bad || fault(f, FAULT_INPUT, "%s: a broken escape",
			name);
	return instant_parse(bytes_of(s), true, t, f);
}

/* FAULT_INPUT says what is wanted. */
static bool read_ask(const struct wire_request *q, struct arena *a,
	struct span *span, enum kind *kind, struct fault *f)
{
	const char *s = "explosion";
	struct instant at;
	bool bad = false;

	if (!moment(q, "at", a, &at, f) || !moment(q, "from", a, &span->from,
		f) || !moment(q, "to", a, &span->to, f))
		return false;
	if (instant_known(at))
		*span = (struct span){at, instant_plus_ns(at, 1000000000)};
	(void)wire_parameter(q->query, "kind", a, &s, &bad);
	if (bad || kind_named(s) < 0)
		return fault(f, FAULT_INPUT, "kind=%s, wants explosion, fire, "
			"weapon, ...", s);
	*kind = (enum kind)kind_named(s);
	if (!instant_known(span->from) || !instant_known(span->to) ||
		span->to.utc_ns <= span->from.utc_ns)
		return fault(f, FAULT_INPUT, "wants at=T, or from=T and a "
			"later to=T");
	if (instant_seconds(span->from, span->to) > WATCHING_HOURS * 3600.0)
		return fault(f, FAULT_INPUT, "more than %d hours",
			WATCHING_HOURS);
	return true;
}

void watching_answer(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct arena work;
	struct looks_found looks = {.arena = &work};
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};
	enum kind kind = KIND_EXPLOSION;
	struct span span;
	bool ok;

	if (!read_ask(q, a, &span, &kind, &f) ||
		!arena_map(&work, (size_t)4 << 30, &f)) {
		api_fault(&f, a, r);
		return;
	}
	ok = watching_looks(api->store, span, kind, &looks, &f) &&
		watch_geojson(api->mission, span, kind, looks.list,
			looks.count, &work, &t, &f) && text_check(&t, &f);
	arena_unmap(&work);
	if (ok)
		*r = (struct wire_response){.status = 200,
			.type = "application/geo+json", .cache = "no-cache",
			.body = text_view(&t)};
	else
		api_fault(&f, a, r);
}
