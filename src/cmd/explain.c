/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain.c - why: from the verdict back to the bytes. */
#include "cmd/list.h"
#include "cmd/load.h"

#include "base/encode.h"
#include "base/json.h"
#include "ledger/blobs.h"
#include "model/finding.h"
#include "model/health.h"
#include "model/look.h"

extern const struct cmd cmd_explain;

struct found {
	struct arena *arena;
	size_t count;
	enum row_type type;
	const char *id;
	struct bytes body, record;
	int64_t ledger_index;
};

struct telling {
	struct store *store;
	struct loaded *loaded;
	struct arena arena;
};

static bool keep(void *self, const struct row *row, struct fault *f)
{
	struct found *x = self;
	struct text t;

	if (x->count++ > 0 && strcmp(x->id, row->id) == 0)
		x->count--;
	x->type = row->type;
	x->id = arena_text(x->arena, bytes_of(row->id), f);
	x->body.at = (uint8_t *)arena_text(x->arena, row->body, f);
	x->body.len = row->body.len;
	x->ledger_index = row->ledger_index;
	t = text_in(x->arena, row->body.len + 256);
	list_record(&t, row);
	x->record = text_view(&t);
	return x->id && x->body.at && text_check(&t, f);
}

/* By its full id, or any ending of 4 letters or more. */
static bool find(struct telling *t, const char *id, struct found *x,
	struct fault *f)
{
	static const enum row_type types[] = {ROW_FINDING, ROW_INCIDENT,
		ROW_DETECTION, ROW_LOOK, ROW_HEALTH, ROW_ACTIVITY, ROW_CLAIM};
	size_t all = 0;

	*x = (struct found){.arena = &t->arena};
	if (strlen(id) < 4)
		return fault(f, FAULT_INPUT,
			"'%s' is too short: give 4 letters or more", id);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct found one = {.arena = &t->arena};
		struct query q = {.type = types[i], .id_ending = id,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!t->store->engine->find(t->store, &q, keep, &one, f))
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

static bool load_incident(struct telling *t, const char *id,
	struct incident *i, bool *there, struct fault *f)
{
	struct found x = {.arena = &t->arena};
	struct query q = {.type = ROW_INCIDENT, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *tree;

	*there = false;
	if (!t->store->engine->find(t->store, &q, keep, &x, f))
		return false;
	*there = x.count > 0;
	return x.count == 0 || (tree_read(x.body, &t->arena, &tree, f) &&
			incident_read(tree, &t->arena, i, f));
}

static bool tell_detection(struct telling *t, const char *id, const char *lead,
	struct fault *f)
{
	struct found x = {.arena = &t->arena};
	struct query q = {.type = ROW_DETECTION, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	char when[INSTANT_TEXT], path[BLOB_PATH];
	const struct tree *tree;
	struct detection d;

	if (!t->store->engine->find(t->store, &q, keep, &x, f))
		return false;
	if (x.count == 0) {
		printf("%s%s: not held here\n", lead, id);
		return true;
	}
	if (!tree_read(x.body, &t->arena, &tree, f) ||
		!detection_read(tree, &t->arena, &d, f))
		return false;
	printf("%s%s by %s at %s", lead, modality_name(d.modality), d.source,
		instant_print(d.at, 3, when));
	if (isfinite(d.sigma_s) && d.sigma_s > 0)
		printf(" +- %.0f ms", d.sigma_s * 1000);
	if (isfinite(d.snr))
		printf(", %.0f dB above noise", d.snr);
	printf("\n%s  %s bytes %llu to %llu\n", lead,
		blob_path(&d.cite.blob, path),
		(unsigned long long)d.cite.offset,
		(unsigned long long)d.cite.offset + d.cite.length);
	return true;
}

static void tell_kinds(const struct incident *i)
{
	const char *comma = "";

	printf("  what:   ");
	for (int k = 0; k < KIND_COUNT; k++)
		if (i->kind[k] >= 0.005) {
			printf("%s%s %.0f %%", comma, kind_name((enum kind)k),
				i->kind[k] * 100);
			comma = ", ";
		}
	if (i->count.value >= 0 && i->count.meaning == COUNT_RANGE)
		printf("; %lld to %lld", (long long)i->count.value,
			(long long)i->count.max);
	else if (i->count.value >= 0)
		printf("; %s%lld", i->count.meaning == COUNT_ABOUT ? "about "
			: i->count.meaning == COUNT_AT_LEAST	   ? "at least "
			: i->count.meaning == COUNT_OVER	   ? "over "
								   : "",
			(long long)i->count.value);
	printf("\n");
}

static void tell_when_where(const struct telling *t, const struct incident *i)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT], c[INSTANT_TEXT];

	printf("  when:   %s (%s)\n", instant_print(i->at, 3, a),
		mission_local(&t->loaded->mission, i->at, b));
	printf("          between %s and %s with %.0f %%\n",
		instant_print(i->from, 3, b), instant_print(i->to, 3, c),
		i->time_level * 100);
	if (!place_known(&i->place)) {
		printf("  where:  not known\n");
		return;
	}
	printf("  where:  %.5f N %.5f E%s%s\n", i->place.lat_deg,
		i->place.lon_deg, *i->phrase ? ", " : "", i->phrase);
	if (isfinite(i->place.region.ellipse.semi_major_m))
		printf("          within an ellipse of %.0f x %.0f m, "
			"long axis at %.0f deg, with %.0f %%\n",
			i->place.region.ellipse.semi_major_m,
			i->place.region.ellipse.semi_minor_m,
			i->place.region.ellipse.azimuth_deg,
			i->place.region.level * 100);
}

/* What the network could and could not notice, at that time. */
struct blind {
	struct arena *arena;
	size_t down;
	char names[512];
};

static bool take_blind(void *self, const struct row *row, struct fault *f)
{
	struct blind *b = self;
	struct text t = {.at = b->names, .size = sizeof b->names,
		.len = strlen(b->names)};

	(void)f;
	if (strcmp(row->status, "up") == 0)
		return true;
	if (b->down++ < 12)
		text_fmt(&t, "%s%s (%s)", b->down > 1 ? ", " : "", row->source,
			row->status);
	return true;
}

static bool tell_blindness(struct telling *t, const struct incident *i,
	struct fault *f)
{
	struct blind b = {.arena = &t->arena};
	struct query q = {.type = ROW_HEALTH,
		.span = {i->at, instant_plus_s(i->at, 0.001)}};

	if (!t->store->engine->find(t->store, &q, take_blind, &b, f))
		return false;
	printf("what was not seen\n");
	if (i->silent_count == 0)
		printf("  no working source that should have noticed it "
			"stayed silent\n");
	for (size_t k = 0; k < i->silent_count; k++)
		printf("  %s was working and should have noticed it, but did "
			"not\n", i->silent[k]);
	if (b.down > 0)
		printf("  not fully working then: %s%s\n", b.names,
			b.down > 12 ? ", ..." : "");
	for (size_t k = 0; k < i->health_count; k++)
		printf("  note: %s\n", i->health[k]);
	return true;
}

static bool tell_incident(
	struct telling *t, const struct incident *i, struct fault *f)
{
	printf("incident %s, version %u, %s\n", i->id.text,
		(unsigned)i->version, status_name(i->status));
	tell_kinds(i);
	tell_when_where(t, i);
	for (size_t k = 0; k < i->attribute_count; k++)
		printf("  %s: %s\n", i->attribute[k].name,
			i->attribute[k].text);
	printf("evidence (%zu)\n", i->evidence_count);
	for (size_t k = 0; k < i->evidence_count; k++) {
		if (k == 40) {
			printf("  ... and %zu more; `truce detections`\n",
				i->evidence_count - k);
			break;
		}
		if (!tell_detection(t, i->evidence[k].text, "  ", f))
			return false;
	}
	for (size_t k = 0; k < i->link_count; k++)
		printf("  %s %s\n", i->link[k].is, i->link[k].id.text);
	return tell_blindness(t, i, f);
}

static void tell_rule(const struct telling *t, const char *clause)
{
	const struct terms *terms = t->loaded->terms;

	for (size_t i = 0; terms && i < terms_rules(terms); i++) {
		struct rule_view r = terms_rule(terms, i);

		if (strcmp(r.id, clause) == 0)
			printf("  article %s: \"%s\"\n", r.article, r.text);
	}
}

static bool tell_finding(
	struct telling *t, const struct finding *x, struct fault *f)
{
	struct incident i;
	bool there;

	printf("finding %s, version %u, %s\n", x->id.text,
		(unsigned)x->version, status_name(x->status));
	printf("  rule %s: %s%s%s", x->clause, verdict_name(x->verdict),
		x->grade && *x->grade ? ", " : "", x->grade ? x->grade : "");
	printf("; by: %s\n", x->party);
	tell_rule(t, x->clause);
	printf("  probability that the rule's conditions hold: %.4f to %.4f "
		"(standard: %s)\n", x->lo_ppm * 1e-6, x->hi_ppm * 1e-6,
		x->standard);
	if (x->cause && *x->cause)
		printf("  cause: %s\n", x->cause);
	printf("why\n");
	for (size_t k = 0; k < x->explanation_count; k++)
		if (strncmp(x->explanation[k], "article ", 8) != 0)
			printf("  %s\n", x->explanation[k]);
	if (x->flips_if && *x->flips_if)
		printf("what would change it\n  %s\n", x->flips_if);
	for (size_t k = 0; k < x->claim_count; k++)
		printf("party %s says: %s\n", x->claim[k].party,
			x->claim[k].says);
	if (!load_incident(t, x->incident.text, &i, &there, f))
		return false;
	if (there && !tell_incident(t, &i, f))
		return false;
	printf("under terms sha256 %s\n", x->terms_sha256);
	return true;
}

/* Findings of an incident, a line each. */
static bool tell_verdict(void *self, const struct row *row, struct fault *f)
{
	(void)self;
	(void)f;
	printf("  rule %s: %s (%s)\n", row->kind, row->status, row->id);
	return true;
}

static bool tell(struct telling *t, const struct found *x, struct fault *f)
{
	const struct tree *tree;
	struct finding finding;
	struct incident incident;
	bool ok = true;

	if (!tree_read(x->body, &t->arena, &tree, f))
		return false;
	if (x->type == ROW_FINDING) {
		ok = finding_read(tree, &t->arena, &finding, f) &&
			tell_finding(t, &finding, f);
	} else if (x->type == ROW_INCIDENT) {
		struct query q = {.type = ROW_FINDING, .source = x->id,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		ok = incident_read(tree, &t->arena, &incident, f) &&
			tell_incident(t, &incident, f);
		printf("findings\n");
		ok = ok && t->store->engine->find(
			t->store, &q, tell_verdict, NULL, f);
	} else if (x->type == ROW_DETECTION) {
		ok = tell_detection(t, x->id, "", f);
	} else {
		printf("%.*s\n", (int)x->record.len,
			(const char *)x->record.at);
	}
	if (ok && x->ledger_index >= 0)
		printf("ledger entry %lld; `truce audit %s` checks it\n",
			(long long)x->ledger_index, t->loaded->folder);
	return ok;
}

/* As data: the record, its incident, the detections it rests on. */
static bool tell_json(struct telling *t, const struct found *x,
	struct fault *f)
{
	const struct tree *tree, *list;
	struct found inc = {.arena = &t->arena};
	const char *incident;
	const char *comma = "";

	if (!tree_read(x->body, &t->arena, &tree, f))
		return false;
	printf("{\"schema\":\"truce.explanation/1\",\"record\":%.*s",
		(int)x->record.len, (const char *)x->record.at);
	incident = tree_text(tree, "incident");
	if (x->type == ROW_FINDING && incident) {
		struct query q = {.type = ROW_INCIDENT, .id = incident,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!t->store->engine->find(t->store, &q, keep, &inc, f))
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

		if (!t->store->engine->find(t->store, &q, keep, &d, f))
			return false;
		if (d.count == 0)
			continue;
		printf("%s%.*s", comma, (int)d.record.len,
			(const char *)d.record.at);
		comma = ",";
	}
	printf("]}\n");
	return true;
}

static int run(int argc, char **argv)
{
	bool json = false, ok;
	const struct ui_option options[] = {{"--json", NULL, &json}, {0}};
	struct store store = {stores[0], NULL};
	struct telling t = {.store = &store};
	struct fault f = {0};
	struct loaded l;
	struct found x;
	int code;

	if (!ui_options(&cmd_explain, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 3)
		return cmd_usage(&cmd_explain,
			"a mission folder and an id (or its end) are wanted");
	code = load_sound(&cmd_explain, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	t.loaded = &l;
	ok = arena_map(&t.arena, (size_t)2 << 30, &f) &&
		store.engine->open(&store, argv[1], false, &f);
	if (ok) {
		ok = find(&t, argv[2], &x, &f) &&
			(json ? tell_json(&t, &x, &f) : tell(&t, &x, &f));
		store.engine->close(&store);
	}
	arena_unmap(&t.arena);
	load_free(&l);
	return ok ? EXIT_DONE : cmd_fault(&cmd_explain, &f);
}

const struct cmd cmd_explain = {
	.name = "explain",
	.usage = "explain MISSION ID [--json]",
	.about = "why: the whole trace from bytes to verdict",
	.run = run,
};
