/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/reviews.h"

#include "base/encode.h"

#include <inttypes.h>

enum { LINE = 40 };

void reviews_id(const struct people_item *x, char out[ID_TEXT])
{
	struct text t = text_on(out, ID_TEXT);

	text_add(&t, x->type == ENTRY_INCIDENT ? "i-" : "f-");
	text_base32hex(&t, (struct bytes){x->subject, ENTRY_SUBJECT});
}

static bool told(const struct people *p, const struct people_item *x)
{
	enum people_state s = people_state(p, x);

	return (x->type == ENTRY_INCIDENT || x->type == ENTRY_FINDING) &&
		(s == PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED ||
			s == PEOPLE_REJECTED);
}

bool reviews_index(struct store *s, struct ledger *l, struct fault *f)
{
	const struct people *p = ledger_people(l);
	struct arena a;
	struct text t;
	size_t n = 0;
	bool ok;

	for (size_t i = 0; i < p->items; i++)
		n += told(p, &p->item[i]);
	if (!arena_map(&a, LINE * (n + 1) + 64, f))
		return false;
	t = text_in(&a, LINE * (n + 1));
	for (size_t i = 0; i < p->items; i++)
		if (told(p, &p->item[i]))
			text_fmt(&t, "%" PRIu64 " %s\n", p->item[i].index,
				people_state_name(
					people_state(p, &p->item[i])));
	ok = text_check(&t, f) && s->engine->begin(s, "reviews", f);
	if (ok && !s->engine->set(s, "reviews", text_view(&t), f)) {
		s->engine->rollback(s);
		ok = false;
	}
	ok = ok && s->engine->commit(s, NULL, f);
	arena_unmap(&a);
	return ok;
}

const char *reviews_status(struct bytes reviews, int64_t index, char out[16])
{
	char line[24];
	struct text t = text_on(line, sizeof line), o = text_on(out, 16);
	const uint8_t *at;

	if (index < 0 || reviews.len == 0)
		return NULL;
	text_fmt(&t, "\n%" PRId64 " ", index);
	if (bytes_start(reviews, line + 1))
		at = reviews.at + t.len - 1;
	else if ((at = memmem(reviews.at, reviews.len, line, t.len)))
		at += t.len;
	if (!at)
		return NULL;
	while (at < reviews.at + reviews.len && *at != '\n')
		text_char(&o, (char)*at++);
	return out;
}
