/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/versions.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/take.h"
#include "roles/deeds.h"
#include "roles/reviews.h"

enum { COLUMN = 34 };

/* The newest that the machine made; count 0: none. */
static bool find_machine(
	struct telling *t, const char *id, struct found *m, struct fault *f)
{
	struct query q = {.type = ROW_INCIDENT, .id = id, .machine = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	*m = (struct found){.arena = &t->arena};
	return t->store->engine->find(t->store, &q, telling_keep, m, f);
}

static bool find_deeds(struct telling *t, const struct found *x,
	const struct deed **deed, size_t *n, struct fault *f)
{
	struct deeds all;

	*n = 0;
	if (x->type != ROW_INCIDENT && x->type != ROW_FINDING)
		return true;
	if (!deeds_read(t->store, &t->arena, &all, f))
		return false;
	*deed = deeds_of(&all, x->id, n);
	return true;
}

/* -- side by side -- */

static bool read_incident(struct telling *t, struct bytes body,
	struct incident *i, struct fault *f)
{
	const struct tree *tree;

	return tree_read(body, &t->arena, &tree, f) &&
		incident_read(tree, &t->arena, i, f);
}

static const char *kinds(const struct incident *i, struct text *t)
{
	const char *comma = "";

	for (int k = 0; k < KIND_COUNT; k++)
		if (i->kind[k] >= 0.005) {
			text_fmt(t, "%s%s %.0f %%", comma,
				kind_name((enum kind)k), i->kind[k] * 100);
			comma = ", ";
		}
	return t->at;
}

static const char *number(const struct incident *i, struct text *t)
{
	if (i->count.value < 0)
		text_add(t, "not known");
	else
		text_fmt(t, "%s %lld", count_meaning_name(i->count.meaning),
			(long long)i->count.value);
	if (i->count.max >= 0)
		text_fmt(t, " to %lld", (long long)i->count.max);
	return t->at;
}

static const char *where(const struct incident *i, struct text *t)
{
	if (!place_known(&i->place))
		text_add(t, "not known");
	else
		text_fmt(t, "%.5f %.5f +- %.0f m", i->place.lat_deg,
			i->place.lon_deg,
			i->place.region.ellipse.semi_major_m);
	return t->at;
}

static const char *when(const struct incident *i, struct text *t)
{
	char at[INSTANT_TEXT];

	text_add(t, instant_print(i->at, 3, at));
	return t->at;
}

static const char *evidence(const struct incident *i, struct text *t)
{
	text_fmt(t, "%zu detections", i->evidence_count);
	return t->at;
}

static const char *links(const struct incident *i, struct text *t)
{
	for (size_t k = 0; k < i->link_count; k++)
		text_fmt(t, "%s%s %s", k ? ", " : "", i->link[k].is,
			i->link[k].id.text);
	return i->link_count ? t->at : "none";
}

static void side_by_side(const struct incident *a, const struct incident *b)
{
	static const struct {
		const char *name;
		const char *(*of)(const struct incident *, struct text *);
	} rows[] = {{"what", kinds}, {"count", number}, {"when", when},
		{"where", where}, {"evidence", evidence}, {"links", links}};

	printf("side by side\n  %-10s%-*s people, version %u\n", "", COLUMN,
		"machine", (unsigned)b->version);
	printf("  %-10sversion %-*u\n", "", COLUMN - 8, (unsigned)a->version);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char x[256], y[256];
		struct text s = text_on(x, sizeof x), t = text_on(y, sizeof y);
		const char *m = rows[i].of(a, &s), *p = rows[i].of(b, &t);

		printf("%c %-10s%-*s %s\n", strcmp(m, p) == 0 ? ' ' : '*',
			rows[i].name, COLUMN, m, p);
	}
}

/* Until when the parties may reply, and who did. */
static bool tell_window(
	struct telling *t, const struct found *x, struct fault *f)
{
	struct revising by = {.mission = &t->loaded->mission,
		.now = take_now()};
	char from[INSTANT_TEXT], to[INSTANT_TEXT];
	struct replies r;

	if (x->type != ROW_INCIDENT && x->type != ROW_FINDING)
		return true;
	if (!t->store->engine->get(t->store, "reviews", &t->arena,
		&by.reviews, f) || !reviews_replies(&by, x->id,
			x->ledger_index, &t->arena, &r, f))
		return false;
	if (!replies_laid(&r))
		return true;
	printf("laid before the parties %s, to reply until %s:",
		instant_print(r.opened, 0, from),
		instant_print(r.until, 0, to));
	for (size_t i = 0; i < by.mission->party_count; i++)
		printf(" %s %s", by.mission->party[i].id, reply_state_name(
			reply_state(&r, by.mission->party[i].id, by.now)));
	printf("\n");
	if (r.why)
		printf("published before that, because: %s\n", r.why);
	return true;
}

bool versions_tell(
	struct telling *t, const struct found *x, struct fault *f)
{
	const struct deed *d = NULL, *made = NULL;
	struct incident machine, people;
	char at[INSTANT_TEXT];
	struct found m;
	size_t n;

	if (!find_deeds(t, x, &d, &n, f))
		return false;
	if (!tell_window(t, x, f))
		return false;
	if (n > 0)
		printf("what people did\n");
	for (size_t i = 0; i < n; i++) {
		printf("  %s %s by %s of %s (entry %" PRIu64 ")%s%s\n",
			instant_print(d[i].is.at, 0, at), d[i].is.does,
			d[i].is.by, d[i].is.org, d[i].entry,
			*d[i].is.why ? ": " : "", d[i].is.why);
		made = d[i].record.len > 0 ? &d[i] : made;
	}
	if (!made || x->type != ROW_INCIDENT)
		return true;
	if (!find_machine(t, x->id, &m, f) || (m.count > 0 &&
			!read_incident(t, m.body, &machine, f)) ||
		!read_incident(t, made->record, &people, f))
		return false;
	if (m.count > 0)
		side_by_side(&machine, &people);
	else
		printf("the machine made no such incident: people split it "
			"from another\n");
	return true;
}

bool versions_json(
	struct telling *t, const struct found *x, struct fault *f)
{
	const struct deed *d = NULL;
	const char *comma = "";
	struct found m;
	size_t n, made = 0;
	struct bytes list;

	if (!find_deeds(t, x, &d, &n, f))
		return false;
	for (size_t i = 0; i < n; i++)
		made += d[i].record.len > 0;
	if (made > 0 && x->type == ROW_INCIDENT) {
		if (!find_machine(t, x->id, &m, f))
			return false;
		if (m.count > 0)
			printf(",\"machine\":%.*s", (int)m.record.len,
				(const char *)m.record.at);
		printf(",\"versions\":[");
		for (size_t i = 0; i < n; i++)
			if (d[i].record.len > 0) {
				printf("%s%.*s", comma, (int)d[i].record.len,
					(const char *)d[i].record.at);
				comma = ",";
			}
		printf("]");
	}
	if (n > 0) {
		struct deeds all;
		const struct finding_review *r;

		if (!deeds_read(t->store, &t->arena, &all, f) ||
			!deeds_reviews(&all, x->id, &t->arena, &r, &n, f))
			return false;
		list = finding_reviews(r, n, &t->arena);
		printf(",\"reviews\":%.*s", (int)list.len,
			(const char *)list.at);
	}
	return true;
}
