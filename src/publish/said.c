/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/said.h"

#include <stdlib.h>

static void column(struct view *v, struct table *t, const char *key,
	enum word w)
{
	table_column(t, key, catalogue_word(v->words, w), BOTH);
}

static const struct event *event_of(const struct view *v, const struct id *id)
{
	for (size_t i = 0; i < v->event_count; i++)
		if (strcmp(v->event[i].incident.id.text, id->text) == 0)
			return &v->event[i];
	return NULL;
}

/* A person's words; they may name a place, so the public does not read them. */
static const char *quoted(struct view *v, const char *says)
{
	return v->report->level == LEVEL_PUBLIC
		? view_tr(v, "(a statement that is not shown here)")
		: view_quoted(v, says ? says : "");
}

static const char *claim_text(struct view *v, const struct claim *c)
{
	const char *says = quoted(v, c->says);

	return c->count.value < 0 ? says
		: view_fmt(v, "%s [%s]", says, view_number(v, c->count));
}

static bool same_claim(const struct finding_claim *x, const struct claim *c)
{
	return strcmp(x->party, c->party) == 0 &&
		strcmp(x->says, c->says) == 0 &&
		instant_order(x->at, c->at) == 0;
}

/* A finding quotes a claim; what the claim counts stands with it. */
static const char *weighed_text(struct view *v, const struct finding_claim *x)
{
	for (size_t i = 0; i < v->report->claim_count; i++)
		if (same_claim(x, &v->report->claim[i]))
			return claim_text(v, &v->report->claim[i]);
	return quoted(v, x->says);
}

/* It names no incident, but was weighed with some: it stands with those. */
static bool weighed(const struct view *v, const struct claim *c)
{
	for (size_t i = 0; !id_is(&c->incident) && i < v->finding_count; i++)
		for (size_t k = 0; k < v->finding[i].claim_count; k++)
			if (same_claim(&v->finding[i].claim[k], c))
				return true;
	return false;
}

/* Adds to a cell that may hold something already. */
static const char *joined(struct view *v, const char *a, const char *b)
{
	return !a || !a[0] ? b : view_fmt(v, "%s \xc2\xb7 %s", a, b);
}

static size_t party_column(const struct view *v, const char *party)
{
	for (size_t i = 0; i < v->mission->party_count; i++)
		if (strcmp(v->mission->party[i].id, party) == 0)
			return 4 + i;
	return 0;
}

static void claim_row_begin(struct view *v, const struct event *e,
	const struct id *id, struct instant at, struct table_row *r)
{
	size_t n = v->mission->party_count;

	for (size_t i = 0; i < 4 + n + 1; i++)
		r->cell[i] = "";
	r->cell[0] = e ? e->time : view_local(v, at);
	r->cell[1] = e ? e->place : "";
	r->cell[2] = table_stamp(v, e ? e->incident.at : at);
	r->cell[3] = id->text;
	r->anchor = id->text;
	r->cell[4 + n] = e ? view_fmt(v, "%s, %s%s%s", e->observation,
				     e->number, view_mark(v, ':'),
				     e->judgement)
			   : view_tr(v, "The mission has no incident of its "
				     "own that this speaks of.");
}

static struct table_row *claim_row(struct view *v, struct table *t,
	const struct id *id, struct instant at)
{
	struct table_row *r;

	for (size_t i = 0; id_is(id) && i < t->rows; i++)
		if (strcmp(t->row[i].cell[3], id->text) == 0)
			return &t->row[i];
	r = &t->row[t->rows++];
	claim_row_begin(v, id_is(id) ? event_of(v, id) : NULL, id, at, r);
	return r;
}

static void claim_put(struct view *v, struct table_row *r, const char *party,
	const char *says)
{
	size_t c = party_column(v, party);

	if (c == 0) {
		c = 1; /* who is no party of the mission: with the place */
		says = view_fmt(v, "%.60s%s%s", party, view_mark(v, ':'),
			says);
	}
	if (!strstr(r->cell[c], says))
		r->cell[c] = joined(v, r->cell[c], says);
}

static int by_stamp(const void *pa, const void *pb)
{
	const struct table_row *a = pa, *b = pb;
	int c = strcmp(a->cell[2], b->cell[2]);

	if (c == 0)
		c = strcmp(a->cell[3], b->cell[3]);
	for (size_t i = 4; c == 0 && a->cell[i] && b->cell[i]; i++)
		c = strcmp(a->cell[i], b->cell[i]);
	return c;
}

static const char *reply_text(
	struct view *v, const struct replies *r, const struct reply *x)
{
	return SAY(v, reply_late(r, x) ? "{0} (reply of {1}, late)"
				       : "{0} (reply of {1})",
		quoted(v, x->says), view_local(v, x->at));
}

/* Of a finding that was laid before the parties, whether they spoke or not;
 * silence is told with its time, and not as agreement. */
static void put_replies(
	struct view *v, struct table *t, const struct finding *x)
{
	const struct replies *r = &x->replies;
	struct instant now = v->report->proof.at;
	struct table_row *row;

	if (!replies_laid(r) && r->count == 0)
		return;
	row = claim_row(v, t, &x->incident, x->at);
	for (size_t i = 0; i < r->count; i++)
		claim_put(v, row, r->reply[i].party,
			reply_text(v, r, &r->reply[i]));
	for (size_t i = 0; replies_laid(r) && i < v->mission->party_count;
		i++) {
		enum reply_state is =
			reply_state(r, v->mission->party[i].id, now);

		if (is != REPLY_REPLIED)
			claim_put(v, row, v->mission->party[i].id, SAY(v,
				is == REPLY_OPEN
				? "(no reply yet; may reply until {0})"
				: "(no reply until {0})",
				view_local(v, r->until)));
	}
}

/* Party A says, party B says, the mission finds: none overwrites another. */
bool claims_table(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	const struct mission *m = v->mission;
	size_t n = r->claim_count;

	for (size_t i = 0; i < v->finding_count; i++)
		n += v->finding[i].claim_count +
			v->finding[i].replies.count + 1;
	column(v, t, "time", W_TIME);
	column(v, t, "place", W_PLACE);
	table_column(t, "utc", "utc", IN_DATA);
	column(v, t, "incident", W_ID);
	for (size_t i = 0; i < m->party_count; i++) {
		char at[256];
		struct text h = text_on(at, sizeof at);
		const char *name = m->party[i].name;
		const char *form = catalogue_word(v->words, W_PARTY_SAYS);

		text_add(&h, name);
		text_add(&h, form + 3); /* behind "{0}" */
		table_column(t, view_fmt(v, "party_%.40s", m->party[i].id),
			view_keep(v, &h), BOTH);
	}
	column(v, t, "mission", W_MISSION_FINDS);
	t->empty = r->edition == EDITION_SPOT
		? view_tr(v, "No party has said anything of it.")
		: view_tr(v, "No party has said anything of this period's "
			     "incidents.");
	if (!table_rows(v, t, n, f))
		return false;
	for (size_t i = 0; i < r->claim_count; i++) {
		const struct claim *c = &r->claim[i];

		if (!weighed(v, c))
			claim_put(v, claim_row(v, t, &c->incident, c->at),
				c->party, claim_text(v, c));
	}
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *x = &v->finding[i];

		for (size_t k = 0; k < x->claim_count; k++)
			claim_put(v, claim_row(v, t, &x->incident, x->at),
				x->claim[k].party,
				weighed_text(v, &x->claim[k]));
	}
	for (size_t i = 0; i < v->finding_count; i++)
		put_replies(v, t, &v->finding[i]);
	for (size_t i = 0; i < t->rows; i++)
		for (size_t k = 0; k < m->party_count; k++)
			if (!t->row[i].cell[4 + k][0])
				t->row[i].cell[4 + k] =
					view_tr(v, "(no statement)");
	qsort(t->row, t->rows, sizeof *t->row, by_stamp);
	return true;
}
