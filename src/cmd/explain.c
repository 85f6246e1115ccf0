/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain.c - why: from the verdict back to the bytes. */
#include "cmd/depict.h"
#include "cmd/papers.h"
#include "cmd/versions.h"
#include "publish/catalogue.h"
#include "roles/reviews.h"

extern const struct cmd cmd_explain;

/* By its full id, or any ending of 4 letters or more. */
static bool find(struct telling *t, const char *id, struct found *x,
	struct fault *f)
{
	static const enum row_type types[] = {ROW_FINDING, ROW_INCIDENT,
		ROW_DETECTION, ROW_LOOK, ROW_HEALTH, ROW_ACTIVITY, ROW_CLAIM,
		ROW_OBLIGATION};
	size_t all = 0;

	*x = (struct found){.arena = &t->arena};
	if (strlen(id) < 4)
		return fault(f, FAULT_INPUT,
			"'%s' is too short: give 4 letters or more", id);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct found one = {.arena = &t->arena};
		struct query q = {.type = types[i], .id_ending = id,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!t->store->engine->find(
			    t->store, &q, telling_keep, &one, f))
			return false;
		all += one.count;
		if (one.count > 0)
			*x = one;
	}
	if (all == 0)
		return fault(f, FAULT_INPUT, "nothing has the id '%s'", id);
	if (all > 1)
		return fault(f, FAULT_INPUT,
			"%zu records end in '%s': give more letters", all, id);
	return true;
}

/* Of an incident, or of a finding's; *there false: it is of none. */
static bool incident_of(struct telling *t, const struct found *x,
	struct incident *i, bool *there, struct fault *f)
{
	const struct tree *tree;
	const char *id;

	*there = false;
	if (!tree_read(x->body, &t->arena, &tree, f))
		return false;
	*there = x->type == ROW_INCIDENT;
	if (*there)
		return incident_read(tree, &t->arena, i, f);
	id = x->type == ROW_FINDING ? tree_text(tree, "incident") : NULL;
	return !id || telling_incident(t, id, i, there, f);
}

static bool tell_arrivals(
	struct telling *t, const struct found *x, struct fault *f)
{
	struct incident i;
	bool there;

	return incident_of(t, x, &i, &there, f) &&
		(!there || depict_json(t, &i, f));
}

/* What people made of it, as the log has it; NULL: nothing. */
static const char *people_say(struct telling *t, const struct found *x,
	char out[16], struct fault *f)
{
	struct bytes reviews = {0};

	if (!t->store->engine->get(t->store, "reviews", &t->arena, &reviews,
		f))
		return NULL;
	return reviews_status(reviews, x->ledger_index, out);
}

/* As data: the record, its incident, the detections it rests on. */
static bool tell_json(struct telling *t, const struct found *x,
	struct fault *f)
{
	const struct tree *tree, *list;
	struct found inc = {.arena = &t->arena};
	const char *incident;
	const char *comma = "", *said;
	char word[16];

	if (!tree_read(x->body, &t->arena, &tree, f))
		return false;
	printf("{\"schema\":\"truce.explanation/1\",\"record\":%.*s",
		(int)x->record.len, (const char *)x->record.at);
	said = people_say(t, x, word, f);
	if (said)
		printf(",\"status\":\"%s\"", said);
	incident = tree_text(tree, "incident");
	if (x->type == ROW_FINDING && incident) {
		struct query q = {.type = ROW_INCIDENT, .id = incident,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!t->store->engine->find(
			    t->store, &q, telling_keep, &inc, f))
			return false;
		if (inc.count > 0) {
			printf(",\"incident\":%.*s", (int)inc.record.len,
				(const char *)inc.record.at);
			if (!tree_read(inc.body, &t->arena, &tree, f))
				return false;
		}
	}
	printf(",\"detections\":[");
	list = tree_get(tree, "evidence");
	for (const struct tree *k = list ? list->first : NULL; k; k = k->next) {
		struct found d = {.arena = &t->arena};
		struct query q = {.type = ROW_DETECTION,
			.id = (const char *)k->text.at,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!t->store->engine->find(t->store, &q, telling_keep, &d, f))
			return false;
		if (d.count == 0)
			continue;
		printf("%s%.*s", comma, (int)d.record.len,
			(const char *)d.record.at);
		comma = ",";
	}
	printf("]");
	return versions_json(t, x, f) && tell_arrivals(t, x, f) &&
		printf("}\n") > 0;
}

struct wanted {
	bool json;
	const char *svg, *html; /* files; NULL: not wanted */
	const char *sheet, *cap; /* likewise, of a finding */
	const char *lang; /* of the picture, or the sheet */
	bool actual;
};

static bool write_papers(struct telling *t, const struct found *x,
	const struct wanted *w, struct fault *f)
{
	struct incident i;
	struct papers_ask ask = {.finding = x, .sheet = w->sheet,
		.cap = w->cap, .lang = w->lang,
		.actual = w->actual};
	char word[16];
	bool there;

	if (!w->sheet && !w->cap)
		return true;
	if (!incident_of(t, x, &i, &there, f))
		return false;
	ask.incident = there ? &i : NULL;
	ask.status = people_say(t, x, word, f);
	return papers_write(t, &ask, f);
}

static bool draw(struct telling *t, const struct found *x,
	const struct wanted *w, struct fault *f)
{
	struct incident i;
	bool there;

	if (!w->svg && !w->html)
		return true;
	if (!incident_of(t, x, &i, &there, f))
		return false;
	if (!there)
		return fault(f, FAULT_INPUT, "%s is of no incident: there is "
			"no picture of it", x->id);
	return (!w->svg || depict_file(t, &i, &(struct depict_ask){w->svg,
			w->lang, false}, f)) &&
		(!w->html || depict_file(t, &i, &(struct depict_ask){w->html,
			w->lang, true}, f));
}

/* NULL: nothing is wrong with what is wanted. */
static const char *wrong(const struct wanted *w)
{
	if (strcmp(catalogue_of(w->lang)->lang, w->lang) != 0)
		return "--lang wants en, uk, ru or fr";
	if (w->sheet && strlen(w->sheet) > 4 &&
		strcmp(w->sheet + strlen(w->sheet) - 4, ".pdf") == 0)
		return "a sheet is a page: name it .html; a browser prints it "
			"on A4";
	return NULL;
}

static int run(int argc, char **argv)
{
	struct wanted w = {.lang = "en"};
	const struct ui_option options[] = {{"--json", NULL, &w.json},
		{"--svg", &w.svg, NULL}, {"--html", &w.html, NULL},
		{"--sheet", &w.sheet, NULL}, {"--cap", &w.cap, NULL},
		{"--actual", NULL, &w.actual}, {"--lang", &w.lang, NULL}, {0}};
	bool ok;
	struct store store = {stores[0], NULL};
	struct telling t = {.store = &store};
	struct fault f = {0};
	struct loaded l;
	struct found x;
	const char *said;
	char word[16];
	int code;

	if (!ui_options(&cmd_explain, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 3)
		return cmd_usage(&cmd_explain,
			"a mission folder and an id (or its end) are wanted");
	if (wrong(&w))
		return cmd_usage(&cmd_explain, "%s", wrong(&w));
	code = load_sound(&cmd_explain, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	t.loaded = &l;
	ok = arena_map(&t.arena, (size_t)2 << 30, &f) &&
		store.engine->open(&store, argv[1], false, &f);
	if (ok) {
		ok = find(&t, argv[2], &x, &f) &&
			draw(&t, &x, &w, &f) &&
			write_papers(&t, &x, &w, &f) &&
			(w.json ? tell_json(&t, &x, &f)
				: telling_tell(&t, &x, &f));
		said = ok && !w.json ? people_say(&t, &x, word, &f) : NULL;
		if (said)
			printf("people: %s\n", said);
		ok = ok && (w.json || versions_tell(&t, &x, &f));
		store.engine->close(&store);
	}
	custodian_done(&t.custodian);
	arena_unmap(&t.arena);
	load_free(&l);
	return ok ? EXIT_DONE : cmd_fault(&cmd_explain, &f);
}

const struct cmd cmd_explain = {
	.name = "explain",
	.usage = "explain MISSION ID [--json] [--svg FILE] [--html FILE] "
		"[--lang en|uk|ru|fr] [--sheet FILE] [--cap FILE [--actual]]",
	.about = "why: the whole trace from bytes to verdict",
	.run = run,
};
