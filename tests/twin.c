/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * twin.c - the evaluator behind a pipe, for tests/twin.sh: `twin -` reads one
 * JSON line a case and answers each with one line.
 *   in   {"terms": text, "mission": {timezone, offsets: [[time, east_s]],
 *         shapes: [{file, sha256, role, version, party, closed,
 *         rings: [[[lon, lat]]]}]}, "facts": [{incident, activities, claims,
 *         known}]}
 *   out  {"errors": [line, column of the first] or null, "sha256", "wrong",
 *         "examples": [verdict], "findings": [[finding of one of facts]]}
 * What is judged in brief, by as little geometry as decides it, must be what is
 * judged in full afterwards, by geometry that the brief judging left.
 * Without an argument it does nothing, and says so. */
#include "base/json.h"
#include "base/tree.h"
#include "judge/judge.h"
#include "model/codec.h"

#include <math.h>

enum { ARENA_MAX = 256 << 20, LINE_MAX = 4 << 20, SHAPES = 64 };

static struct arena arena;
static struct shape shape[SHAPES];
static struct zone_offset offset[SHAPES];

static void die(const char *what, const struct fault *f)
{
	fprintf(stderr, "twin: %s: %s\n", what, f->text);
	exit(1);
}

static void *take(size_t n, size_t size)
{
	struct fault f;
	void *at = arena_array(&arena, n + 1, size, &f);

	if (!at)
		die("memory", &f);
	return at;
}

static void read_rings(const struct tree *t, struct shape *s)
{
	struct ring *ring = take(t->count, sizeof *ring);

	s->ring = ring;
	s->ring_count = t->count;
	for (const struct tree *k = t->first; k; k = k->next, ring++) {
		struct point *p = take(k->count, sizeof *p);

		*ring = (struct ring){p, k->count};
		for (const struct tree *q = k->first; q; q = q->next, p++)
			*p = (struct point){tree_at(q, 1)->number,
				tree_at(q, 0)->number};
	}
}

static struct shape shape_of(const struct tree *t)
{
	static const char *const roles[] = {"line", "zone", "basemap",
		"control"};
	struct shape s = {.class_ = "", .version = tree_text(t, "version")};
	const char *hex = tree_text(t, "sha256");
	const char *role = tree_text(t, "role");

	s.name = s.file = tree_text(t, "file");
	s.party = tree_text(t, "party");
	s.closed = tree_flag(t, "closed", false);
	for (int i = 0; i < 4; i++)
		if (strcmp(roles[i], role) == 0)
			s.role = (enum shape_role)i;
	for (size_t i = 0; i < 2 * SHA256_LEN; i++) {
		char two[3] = {hex[i & ~(size_t)1], hex[i | 1], '\0'};

		s.sha256.at[i / 2] = (uint8_t)strtoul(two, NULL, 16);
	}
	read_rings(tree_get(t, "rings"), &s);
	return s;
}

static struct mission mission_of(const struct tree *t)
{
	struct mission m = {.timezone = tree_text(t, "timezone"),
		.offset = offset, .shape = shape};
	const struct tree *k = tree_get(t, "offsets")->first;
	struct fault f;

	for (; k && m.offset_count < SHAPES; k = k->next) {
		struct zone_offset *o = &offset[m.offset_count++];

		o->east_s = (int32_t)tree_at(k, 1)->integer;
		if (!instant_parse(tree_at(k, 0)->text, true, &o->from, &f))
			die("offset", &f);
	}
	k = tree_get(t, "shapes")->first;
	for (; k && m.shape_count < SHAPES; k = k->next)
		shape[m.shape_count++] = shape_of(k);
	return m;
}

enum { FINDINGS_MAX = 4096 };

struct answer {
	struct json j;
	struct text *out;
	struct finding brief[FINDINGS_MAX];
	size_t briefs, told;
};

static bool put_brief(void *self, const struct finding *x, struct fault *f)
{
	struct answer *to = self;

	if (to->briefs == FINDINGS_MAX)
		return fault(f, FAULT_LIMIT, "too many findings");
	to->brief[to->briefs++] = *x;
	return true;
}

static bool agrees(const struct finding *brief, const struct finding *x)
{
	return brief->verdict == x->verdict &&
		strcmp(brief->clause, x->clause) == 0 &&
		strcmp(brief->cause, x->cause) == 0 &&
		(x->verdict != VERDICT_BREACH ||
			strcmp(brief->grade, x->grade) == 0);
}

static bool put(void *self, const struct finding *x, struct fault *f)
{
	struct answer *to = self;
	struct fields s = fields_in(&arena);
	char *room = take(1 << 20, 1);
	struct text t = text_on(room, 1 << 20);

	if (to->told == to->briefs || !agrees(&to->brief[to->told++], x))
		return fault(f, FAULT_INPUT, "%s of %s: not as in brief",
			x->clause, x->incident.text);
	if (!finding_write(x, &s, f))
		return false;
	fields_print(&s, &t);
	if (!text_check(&t, f))
		return false;
	json_raw(&to->j, text_view(&t));
	return true;
}

static void judge(const struct terms *terms, const struct mission *m,
	const struct tree *t, struct answer *to)
{
	const struct tree *acts = tree_get(t, "activities");
	const struct tree *claims = tree_get(t, "claims");
	struct activity *a = take(acts->count, sizeof *a);
	struct claim *c = take(claims->count, sizeof *c);
	struct facts facts = {.mission = m, .activity = a, .claim = c,
		.known = tree_time(t, "known")};
	const struct findings out = {put, to}, brief = {put_brief, to};
	struct hearing *first, *then;
	struct incident in;
	struct fault f;

	for (const struct tree *k = acts->first; k; k = k->next)
		if (!activity_read(k, &arena, &a[facts.activity_count++], &f))
			die("activity", &f);
	for (const struct tree *k = claims->first; k; k = k->next)
		if (!claim_read(k, &arena, &c[facts.claim_count++], &f))
			die("claim", &f);
	if (!incident_read(tree_get(t, "incident"), &arena, &in, &f))
		die("incident", &f);
	json_list(&to->j);
	to->briefs = to->told = 0;
	if (!judge_hear(terms, &facts, &in, NULL, &arena, &first, &f) ||
		!judge_heard(first, &(struct judge_ask){.brief = true}, &arena,
			&brief, &f) ||
		!judge_hear(terms, &facts, &in, first, &arena, &then, &f) ||
		!judge_heard(then, &(struct judge_ask){0}, &arena, &out, &f))
		die("judge", &f);
	json_close(&to->j);
}

static void examples(const struct terms *t, struct json *j)
{
	json_key(j, "examples");
	json_list(j);
	for (size_t i = 0; i < terms_examples(t); i++) {
		struct example_result r;
		struct fault f;

		if (!terms_example(t, i, &arena, &r, &f))
			die("example", &f);
		json_text(j, verdict_name(r.got));
	}
	json_close(j);
}

static void facts(const struct tree *t, const struct mission *m,
	struct terms *terms, struct answer *to)
{
	const struct terms_error *e;
	struct digest d;
	char hex[SHA256_HEX];
	struct fault f;
	size_t n;

	if (!terms_bind(terms, m, &arena, &e, &n, &f))
		die("bind", &f);
	d = terms_sha256(terms);
	json_key(&to->j, "sha256");
	json_text(&to->j, digest_hex(&d, hex));
	json_key(&to->j, "wrong");
	json_i64(&to->j, (int64_t)n);
	examples(terms, &to->j);
	json_key(&to->j, "findings");
	json_list(&to->j);
	for (const struct tree *k = tree_get(t, "facts")->first; k;
		k = k->next)
		judge(terms, m, k, to);
	json_close(&to->j);
}

static void one(const struct tree *t, bool show, struct text *out)
{
	static struct answer to;
	const struct terms_error *e;
	struct mission m = mission_of(tree_get(t, "mission"));
	struct terms *terms;
	struct fault f;
	size_t n;

	if (!terms_read(tree_get(t, "terms")->text, &arena, &terms, &e, &n,
		&f))
		die("terms", &f);
	to.j = json_on(out);
	to.out = out;
	json_object(&to.j);
	json_key(&to.j, "errors");
	if (n == 0) {
		json_null_value(&to.j);
		facts(t, &m, terms, &to);
	} else {
		json_list(&to.j);
		json_i64(&to.j, (int64_t)e->line);
		json_i64(&to.j, (int64_t)e->column);
		json_close(&to.j);
	}
	if (show) { /* for a reader */
		json_key(&to.j, "said");
		json_text(&to.j, n > 0 ? e->text : NULL);
		json_key(&to.j, "canonical");
		if (!terms_canonical(terms, out, &f))
			die("canonical", &f);
	}
	if (show)
		to.j.after_key = false;
	json_close(&to.j);
	text_char(out, '\n');
	if (!text_check(out, &f))
		die("answer", &f);
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX], answer[LINE_MAX];
	const struct tree *t;
	struct fault f;

	if (argc < 2) {
		printf("# `twin -` answers tests/twin.sh\n1..0\n");
		return 0;
	}
	if (!arena_map(&arena, ARENA_MAX, &f))
		die("memory", &f);
	while (fgets(line, sizeof line, stdin)) {
		struct text out = text_on(answer, sizeof answer);

		arena.used = 0;
		if (!tree_read(bytes_of(line), &arena, &t, &f))
			die("line", &f);
		one(t, argv[1][0] != '-', &out);
		(void)fwrite(out.at, 1, out.len, stdout);
		(void)fflush(stdout);
	}
	return 0;
}
