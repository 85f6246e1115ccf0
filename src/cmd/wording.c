/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/wording.h"

#include <unistd.h>

#include "base/json.h"
#include "feeds/zone.h"

enum { ARENA_GIB = 2, TEXT_MAX = 128 << 20 };

/* -- two wordings -- */

/* Without a mission, too, examples may ask for local time. */
static bool set_clock(struct wording *w, const char *file, struct terms *t,
	struct fault *f)
{
	size_t n, line, column;
	const char *zone = terms_timezone(t, &line, &column);
	const struct zone_offset *table;
	const char *version;

	if (w->ask->mission || !*zone)
		return true;
	if (zone_load(zone, &w->arena, &table, &n, &version, f)) {
		terms_clock(t, table, n);
		return true;
	}
	if (f->kind != FAULT_INPUT)
		return false;
	w->wrong++;
	(void)fprintf(stderr, "%s:%zu:%zu: %s\n", file, line, column,
		f->text);
	return true;
}

static bool read_terms(struct wording *w, const char *file,
	struct terms **out, struct fault *f)
{
	const struct terms_error *e;
	struct bytes in;
	size_t n, geometry = 0;

	if (!file_read(file, &w->arena, &in, f) ||
		!terms_read(in, &w->arena, out, &e, &n, f))
		return fault_in(f, "%s", file);
	if (n == 0 && w->ask->mission &&
		!terms_bind(*out, &w->mission.mission, &w->arena, &e,
			&geometry, f))
		return fault_in(f, "%s", file);
	w->wrong += n + geometry;
	for (size_t i = 0; i < n + geometry; i++)
		(void)fprintf(stderr, "%s:%zu:%zu: %s\n", file, e[i].line,
			e[i].column, e[i].text);
	return set_clock(w, file, *out, f);
}

/* -- verdicts in words -- */

static const char *verdict_words(struct arena *a, int verdict,
	const char *grade, struct fault *f)
{
	char s[100];
	struct text t = text_on(s, sizeof s);

	text_add(&t, verdict == VERDICT_NONE ? "no such rule"
			: verdict_name((enum verdict)verdict));
	for (size_t i = 0; i < t.len; i++)
		s[i] = s[i] == '_' ? ' ' : s[i];
	if (*grade)
		text_fmt(&t, " (%.60s)", grade);
	return arena_text(a, text_view(&t), f);
}

/* -- examples of the old text -- */

static bool examples(struct wording *w, struct fault *f)
{
	struct arena *a = &w->arena;
	size_t n = terms_examples(w->was);

	w->examples = n;
	w->broken = arena_array(a, n + 1, sizeof *w->broken, f);
	if (!w->broken)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct example_result was, is;
		struct broken *b = &w->broken[w->broke];

		if (!terms_example(w->was, i, a, &was, f) ||
			!terms_example_under(w->was, i, w->is, a, &is, f))
			return false;
		if (was.got != was.want || (is.asked && is.got == is.want))
			continue;
		*b = (struct broken){was.rule, was.says, was.line,
			verdict_words(a, (int)was.got, "", f),
			is.asked ? verdict_words(a, (int)is.got, "", f)
				 : "no such rule or zone"};
		if (!b->was || !b->is)
			return false;
		w->broke++;
	}
	return true;
}

/* -- past incidents -- */

const char *const wording_effects[EFFECT_COUNT] = {
	"lost", "gained", "grade", "open", "neither"};

static bool open(int verdict)
{
	return verdict == VERDICT_UNDETERMINED || verdict == VERDICT_CONFLICT;
}

static enum effect effect_of(const struct rejudged *r)
{
	if (r->was == VERDICT_BREACH && r->is == VERDICT_BREACH)
		return EFFECT_GRADE;
	if (r->was == VERDICT_BREACH)
		return EFFECT_LOST;
	if (r->is == VERDICT_BREACH)
		return EFFECT_GAINED;
	return open(r->was) || open(r->is) ? EFFECT_OPEN : EFFECT_NEITHER;
}

static void say_count(struct text *t, struct count c)
{
	static const char *const before[] = {[COUNT_ABOUT] = "about ",
		[COUNT_AT_LEAST] = "at least ", [COUNT_OVER] = "over "};

	if (c.meaning == COUNT_UNCOUNTABLE || c.value == COUNT_UNKNOWN ||
		(c.meaning == COUNT_EXACT && c.value == 1))
		return;
	text_add(t, " (");
	if (c.meaning < sizeof before / sizeof *before && before[c.meaning])
		text_add(t, before[c.meaning]);
	text_i64(t, c.value);
	if (c.meaning == COUNT_RANGE) {
		text_char(t, '-');
		text_i64(t, c.max);
	}
	text_char(t, ')');
}

/* "tank (2)", "explosion (at least 9)" */
static const char *what_of(
	struct arena *a, const struct incident *i, struct fault *f)
{
	char s[160];
	struct text t = text_on(s, sizeof s);
	const char *weapon = attribute_of(
		i->attribute, i->attribute_count, "weapon");

	if (weapon && *weapon && incident_kind(i) == KIND_WEAPON)
		text_fmt(&t, "%.60s", weapon);
	else
		text_add(&t, kind_name(incident_kind(i)));
	if (weapon && *weapon && incident_kind(i) != KIND_WEAPON)
		text_fmt(&t, ", %.60s", weapon);
	say_count(&t, i->count);
	for (size_t k = 0; k < t.len; k++)
		s[k] = s[k] == '_' ? ' ' : s[k];
	return arena_text(a, text_view(&t), f);
}

static bool count_turn(struct wording *w, const struct flipped *x,
	struct fault *f)
{
	for (size_t i = 0; i < w->turns; i++) {
		struct turn *t = &w->turn[i];

		if (strcmp(t->rule, x->rule) == 0 &&
			strcmp(t->was, x->was) == 0 &&
			strcmp(t->is, x->is) == 0) {
			t->count++;
			return true;
		}
	}
	if (w->turns == TURNS_MAX)
		return fault(f, FAULT_LIMIT, "more than %d kinds of change",
			TURNS_MAX);
	w->turn[w->turns++] = (struct turn){
		x->rule, x->was, x->is, x->effect, 1};
	return true;
}

static const char *keep(struct arena *a, const char *s, struct fault *f)
{
	return arena_text(a, bytes_of(s), f);
}

static bool put(void *self, const struct rejudged *r, struct fault *f)
{
	struct wording *w = self;
	struct arena *a = &w->arena;
	struct flipped x = {.at = r->incident->at,
		.kind = incident_kind(r->incident),
		.effect = effect_of(r),
		.rule = keep(a, r->rule, f),
		.was = verdict_words(a, r->was, r->grade_was, f),
		.is = verdict_words(a, r->is, r->grade_is, f)};

	if (!x.rule || !x.was || !x.is || !count_turn(w, &x, f))
		return false;
	w->effect[x.effect]++;
	if (w->count == FLIPPED_MAX)
		return true; /* counted, and said to be so */
	x.incident = keep(a, r->incident->id.text, f);
	x.why_was = keep(a, r->why_was, f);
	x.why_is = keep(a, r->why_is, f);
	x.where = keep(a, r->incident->phrase, f);
	x.what = what_of(a, r->incident, f);
	x.party = keep(a, r->party, f);
	w->flipped[w->count++] = x;
	return x.incident && x.why_was && x.why_is && x.where && x.what &&
		x.party;
}

/* Gravest first; within an effect as they came. */
static bool by_effect(struct wording *w, struct fault *f)
{
	struct flipped *x = arena_array(
		&w->arena, w->count + 1, sizeof *x, f);
	struct turn *t = arena_array(&w->arena, w->turns + 1, sizeof *t, f);
	size_t n = 0, m = 0;

	if (!x || !t)
		return false;
	for (int e = 0; e < EFFECT_COUNT; e++) {
		for (size_t i = 0; i < w->count; i++)
			if ((int)w->flipped[i].effect == e)
				x[n++] = w->flipped[i];
		for (size_t i = 0; i < w->turns; i++)
			if ((int)w->turn[i].effect == e)
				t[m++] = w->turn[i];
	}
	w->flipped = x;
	w->turn = t;
	return true;
}

static bool past(struct wording *w, struct fault *f)
{
	struct store s = {stores[0], NULL};
	bool ok;

	w->done = (struct rejudging){
		.was = w->was, .is = w->is, .put = put, .self = w,
		.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN)};
	w->flipped = arena_array(
		&w->arena, FLIPPED_MAX, sizeof *w->flipped, f);
	w->turn = arena_array(&w->arena, TURNS_MAX, sizeof *w->turn, f);
	if (!w->flipped || !w->turn ||
		!s.engine->open(&s, w->ask->mission, false, f))
		return false;
	ok = rejudge(&w->done, &s, &w->mission.mission, &w->arena, f);
	s.engine->close(&s);
	return ok && by_effect(w, f);
}

/* -- as text -- */

static void say_pieces(struct text *t, const struct terms_change *c)
{
	for (size_t i = 0; i < c->pieces; i++) {
		const struct diff_piece *p = &c->piece[i];

		text_add(t, i ? " " : "");
		text_add(t, p->is == DIFF_OLD ? "[-"
				: p->is == DIFF_NEW ? "{+" : "");
		text_add(t, p->text);
		text_add(t, p->is == DIFF_OLD ? "-]"
				: p->is == DIFF_NEW ? "+}" : "");
	}
}

const char *wording_duty(const struct terms_change *c)
{
	if (c->of != CHANGE_ARTICLE || !c->was || !c->is ||
		c->duty_was == c->duty_is)
		return "";
	if (c->duty_is == MODAL_NONE)
		return "no word of duty is left";
	if (c->duty_was == MODAL_NONE)
		return "a word of duty is new";
	return c->duty_is < c->duty_was ? "weaker" : "stronger";
}

static void say_duty(struct text *t, const struct terms_change *c)
{
	const char *duty = wording_duty(c);

	if (*duty)
		text_fmt(t, "\n  %s: its word of duty was \"%s\" and is "
			"\"%s\"", duty, modality_word_name(c->duty_was),
			modality_word_name(c->duty_is));
	if (c->hedge)
		text_fmt(t, "\n  a way out is new: \"%s\"", c->hedge);
}

static void say_change(const struct wording *w, struct text *t,
	const struct terms_change *c)
{
	const struct rule_view v = wording_law(w, c);

	text_fmt(t, "%s%s\n  ", c->name,
		!c->was ? ", new" : !c->is ? ", gone" : "");
	if (!c->was || !c->is)
		text_add(t, c->is ? c->is : c->was);
	else
		say_pieces(t, c);
	if (*v.article) {
		text_fmt(t, "\n  article %s says: \"", v.article);
		text_add(t, v.text);
		text_char(t, '"');
	}
	say_duty(t, c);
	text_add(t, "\n\n");
}

/* What the authors of the old text wrote down that it means. */
static void say_examples(const struct wording *w, struct text *t)
{
	if (w->broke == 0)
		return;
	text_fmt(t, "Examples of the old text: %zu of %zu fail under the new\n",
		w->broke, w->examples);
	for (size_t i = 0; i < w->broke; i++) {
		const struct broken *b = &w->broken[i];

		text_fmt(t, "  %s \"", b->rule);
		text_add(t, b->says);
		text_fmt(t, "\" (line %zu of the old): %s -> %s\n", b->line,
			b->was, b->is);
	}
	text_char(t, '\n');
}

static void say_flipped(
	const struct wording *w, struct text *t, const struct flipped *x)
{
	char at[INSTANT_TEXT];

	text_fmt(t, "\n%s  %s, %s%s%s\n  %s%s%s: %s -> %s\n", x->incident,
		mission_local(&w->mission.mission, x->at, at), x->what,
		*x->where ? ", " : "", x->where, x->rule,
		*x->party ? ", by " : "", x->party, x->was, x->is);
	if (*x->why_was)
		text_fmt(t, "    was: %s\n", x->why_was);
	if (*x->why_is)
		text_fmt(t, "    is:  %s\n", x->why_is);
}

static void say_past(const struct wording *w, struct text *t)
{
	uint64_t neither = w->effect[EFFECT_NEITHER];
	bool all = neither == w->done.changed; /* nothing graver to show */

	text_fmt(t, "Past incidents: %llu judged under both, %llu of %llu "
		"findings would change\n",
		(unsigned long long)w->done.incidents,
		(unsigned long long)w->done.changed,
		(unsigned long long)w->done.findings);
	for (size_t i = 0; i < w->turns; i++)
		text_fmt(t, "  %6llu  %s: %s -> %s\n",
			(unsigned long long)w->turn[i].count, w->turn[i].rule,
			w->turn[i].was, w->turn[i].is);
	for (size_t i = 0; i < w->count; i++)
		if (all || w->flipped[i].effect != EFFECT_NEITHER)
			say_flipped(w, t, &w->flipped[i]);
	if (neither > 0 && !all)
		text_fmt(t, "\n(%llu that are no breach under either are not "
			"listed here; --json has them)\n",
			(unsigned long long)neither);
	if (w->count < w->done.changed)
		text_fmt(t, "\n(the first %zu are shown)\n", w->count);
}

static bool say(struct wording *w, struct text *t, struct fault *f)
{
	if (!wording_short(w, t, &w->arena, f))
		return false;
	if (w->changes == 0)
		text_add(t, "No word differs.\n\n");
	for (size_t i = 0; i < w->changes; i++)
		say_change(w, t, &w->change[i]);
	say_examples(w, t);
	if (w->ask->mission)
		say_past(w, t);
	return text_check(t, f);
}

/* -- as data -- */

static void json_change(struct json *j, const struct terms_change *c)
{
	static const char *const of[] = {"article", "rule", "definition"};

	json_object(j);
	json_key_text(j, "duty", *wording_duty(c) ? wording_duty(c) : NULL);
	json_key_text(j, "duty_is", modality_word_name(c->duty_is));
	json_key_text(j, "duty_was", modality_word_name(c->duty_was));
	json_key_text(j, "hedge", c->hedge);
	json_key_text(j, "is", c->is);
	json_key_text(j, "name", c->name);
	json_key_text(j, "of", of[c->of]);
	json_key_text(j, "was", c->was);
	json_key(j, "words");
	json_list(j);
	for (size_t i = 0; i < c->pieces; i++) {
		json_list(j);
		json_text(j, c->piece[i].is == DIFF_SAME ? "same"
				: c->piece[i].is == DIFF_OLD ? "was" : "is");
		json_text(j, c->piece[i].text);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void json_examples(struct json *j, const struct wording *w)
{
	json_key(j, "examples_failing");
	json_list(j);
	for (size_t i = 0; i < w->broke; i++) {
		const struct broken *b = &w->broken[i];

		json_object(j);
		json_key_text(j, "is", b->is);
		json_key_i64(j, "line", (int64_t)b->line);
		json_key_text(j, "rule", b->rule);
		json_key_text(j, "says", b->says);
		json_key_text(j, "was", b->was);
		json_close(j);
	}
	json_close(j);
}

static void json_flipped(struct json *j, const struct flipped *x)
{
	json_object(j);
	json_key_time(j, "at", x->at, 6);
	json_key_text(j, "effect", wording_effects[x->effect]);
	json_key_text(j, "incident", x->incident);
	json_key_text(j, "is", x->is);
	json_key_text(j, "kind", kind_name(x->kind));
	json_key_text(j, "party", *x->party ? x->party : NULL);
	json_key_text(j, "rule", x->rule);
	json_key_text(j, "was", x->was);
	json_key_text(j, "what", x->what);
	json_key_text(j, "where", x->where);
	json_key_text(j, "why_is", x->why_is);
	json_key_text(j, "why_was", x->why_was);
	json_close(j);
}

static void json_terms(struct json *j, const char *key, const struct terms *t)
{
	struct digest d = terms_sha256(t);
	char hex[SHA256_HEX];

	json_key_text(j, key, digest_hex(&d, hex));
}

static bool say_json(const struct wording *w, struct text *t, struct fault *f)
{
	struct json j = json_on(t);

	json_object(&j);
	json_key(&j, "changes");
	json_list(&j);
	for (size_t i = 0; i < w->changes; i++)
		json_change(&j, &w->change[i]);
	json_close(&j);
	json_examples(&j, w);
	json_key_i64(&j, "incidents", (int64_t)w->done.incidents);
	json_terms(&j, "is_sha256", w->is);
	json_key_text(&j, "schema", "truce.terms_diff/1");
	json_key(&j, "verdicts");
	json_list(&j);
	for (size_t i = 0; i < w->count; i++)
		json_flipped(&j, &w->flipped[i]);
	json_close(&j);
	json_key_i64(&j, "verdicts_changed", (int64_t)w->done.changed);
	json_terms(&j, "was_sha256", w->was);
	json_close(&j);
	text_char(t, '\n');
	return text_check(t, f);
}

/* -- */

static bool save(const char *file, const struct text *t, struct fault *f)
{
	FILE *out = fopen(file, "w");
	bool ok;

	if (!out)
		return fault_errno(f, "%s", file);
	ok = fwrite(t->at, 1, t->len, out) == t->len;
	ok = fclose(out) == 0 && ok;
	return ok || fault_errno(f, "%s", file);
}

static bool compare(struct wording *w, struct fault *f)
{
	struct text t = text_in(&w->arena, TEXT_MAX);

	if (!terms_diff(w->was, w->is, &w->arena, &w->change, &w->changes, f) ||
		!examples(w, f) || (w->ask->mission && !past(w, f)))
		return false;
	if (w->ask->html) {
		if (!wording_page(w, &t, f) || !save(w->ask->html, &t, f))
			return false;
		t.len = 0;
	}
	if (w->ask->html && !w->ask->json)
		return true;
	if (w->ask->json ? !say_json(w, &t, f) : !say(w, &t, f))
		return false;
	return fwrite(t.at, 1, t.len, stdout) == t.len ||
		fault_errno(f, "stdout");
}

int wording_diff(const struct cmd *c, const struct wording_ask *ask)
{
	struct wording w = {.ask = ask};
	struct terms *was = NULL, *is = NULL;
	struct fault f = {0};
	int code = EXIT_DONE;

	if (ask->mission)
		code = load_mission(c, ask->mission, &w.mission);
	if (code != EXIT_DONE)
		return code;
	if (!arena_map(&w.arena, (size_t)ARENA_GIB << 30, &f) ||
		!read_terms(&w, ask->was, &was, &f) ||
		!read_terms(&w, ask->is, &is, &f)) {
		code = cmd_fault(c, &f);
	} else if (w.wrong > 0) {
		(void)fprintf(stderr, "truce terms diff: %zu error%s; mend "
			"them first\n", w.wrong, w.wrong == 1 ? "" : "s");
		code = EXIT_INPUT;
	} else {
		w.was = was;
		w.is = is;
		if (!compare(&w, &f))
			code = cmd_fault(c, &f);
	}
	if (w.arena.at)
		arena_unmap(&w.arena);
	if (w.mission.arena.at)
		load_free(&w.mission);
	return code;
}
