/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/disclosures.h"

#include "base/tree.h"

enum { FILE_ROOM = 1 << 18, WHY_MOST = 2000 };

static const char *said(const struct tree *t, const char *key)
{
	const char *s = tree_text(t, key);

	return s ? s : "";
}

/* What is wished, as far as the asker's level goes. */
static bool read_wish(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct office_showing *s,
	struct fault *f)
{
	const struct tree *root;
	const char *to;

	if (!tree_read(q->body, a, &root, f))
		return false;
	to = said(root, "for");
	s->of = said(root, "of");
	s->why = said(root, "why");
	if (!*s->of || strlen(s->why) > WHY_MOST)
		return fault(f, FAULT_INPUT, "wants of, the entry or the id "
			"of a record, and why, %d bytes at most", WHY_MOST);
	if (*to && strcmp(to, "mission") != 0 && strcmp(to, "parties") != 0)
		return fault(f, FAULT_INPUT, "for is mission or parties");
	s->parties = api->level < LEVEL_MISSION ||
		strcmp(to, "parties") == 0;
	memcpy(s->person, who->is.person, PERSON_LEN);
	s->clock = q->now;
	s->clock.utc_ns -= s->clock.utc_ns % 1000000;
	return true;
}

static void refuse(const struct fault *f, struct arena *a,
	struct wire_response *r)
{
	wire_problem(r, a, f->kind != FAULT_INPUT ? 503
		: strstr(f->text, "refused:") ? 403 : 422, "%s", f->text);
}

void disclosures_answer(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	struct office_showing s;
	struct fault f = {0};
	uint64_t index = 0;
	struct text t;

	if (!api->office) {
		wire_problem(r, a, 404, "nobody decides here");
	} else if (q->method != WIRE_POST) {
		wire_problem(r, a, 405, "POST only: the log says who is shown "
			"what");
	} else if (!session_writes(q, who, a, r)) {
		return;
	} else if (!read_wish(api, q, who, a, &s, &f)) {
		wire_problem(r, a, 400, "%s", f.text);
	} else {
		t = text_in(a, FILE_ROOM);
		if (!api->office->show(api->office->self, &s, &t, &index, &f)) {
			refuse(&f, a, r);
			return;
		}
		api_text(r, "text/plain; charset=utf-8", &t);
		r->cache = "no-store";
	}
}
