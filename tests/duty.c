/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * duty.c - RULE ... REQUIRES answer ... WITHIN 24 h OF query ELSE obstruction:
 * who owes, when the window shuts, what an interval of receipt leaves open. */
#include "check.h"
#include "judge/judge.h"

#define AT(text) "2026-02-" text "Z"
#define DUTY "RULE 7.a REQUIRES answer BY accused WITHIN 24 h OF query ELSE " \
	"obstruction "
#define BREACH VERDICT_BREACH
#define NO_BREACH VERDICT_NO_BREACH
#define OPEN VERDICT_UNDETERMINED

static struct arena arena;
static const struct zone_offset utc = {{0}, 0, "UTC"};
static struct mission mission = {
	.timezone = "UTC", .offset = &utc, .offset_count = 1};

static struct instant when(const char *s)
{
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (s && !instant_parse(bytes_of(s), true, &t, &f))
		abort();
	return t;
}

static struct terms *terms_of(const char *rules)
{
	const struct terms_error *e;
	struct terms *t;
	struct fault f;
	char s[4096];
	size_t n;

	(void)snprintf(s, sizeof s, "AGREEMENT t/1 TIMEZONE UTC\n"
		"PARTIES A \"a\" B \"b\"\n"
		"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
		"%s\n", rules);
	if (!terms_read(bytes_of(s), &arena, &t, &e, &n, &f))
		abort();
	for (size_t i = 0; i < n; i++)
		printf("# %zu:%zu: %s\n", e[i].line, e[i].column, e[i].text);
	if (n > 0 || !terms_bind(t, &mission, &arena, &e, &n, &f))
		abort();
	return t;
}

enum { SAID = 8, SEEN = 4 };

struct said { /* a notice; what "claim": a claim */
	const char *what, *by, *to, *received, *last;
	bool elsewhere; /* about another incident */
};

struct world {
	struct incident in;
	struct attribute evidence, about[SAID][2];
	struct activity activity[SAID];
	struct claim claim[SAID];
	struct facts facts;
};

static void world_of(const struct said *said, const char *known,
	const char *party, struct world *w)
{
	struct fault f;

	*w = (struct world){.in = incident_new()};
	(void)f;
	w->in.kind[KIND_UNKNOWN] = 0;
	w->in.kind[KIND_EXPLOSION] = 1;
	w->in.at = w->in.from = w->in.to = when(AT("01T10:00:00"));
	w->in.id = id_make('i', w->in.at, bytes_of("x"));
	w->evidence = (struct attribute){"party", party};
	w->in.attribute = &w->evidence;
	w->in.attribute_count = party != NULL;
	w->facts = (struct facts){.mission = &mission, .claim = w->claim,
		.activity = w->activity, .known = when(known)};
	for (size_t i = 0; i < SAID && said[i].what; i++) {
		const struct said *x = &said[i];
		struct id id = id_make('a', w->in.at,
			bytes_of((const char *[]){"0", "1", "2", "3", "4", "5",
				"6", "7"}[i]));
		bool claim = strcmp(x->what, "claim") == 0;
		struct id about = x->elsewhere ? id : w->in.id;
		size_t n = w->facts.activity_count;

		if (claim) {
			w->claim[w->facts.claim_count++] = (struct claim){
				.id = id, .party = x->by, .incident = about,
				.says = "", .received = when(x->received),
				.received_last = when(x->last)};
			continue;
		}
		w->about[i][0] = (struct attribute){"incident",
			x->elsewhere ? "i-other" : w->in.id.text};
		w->about[i][1] = (struct attribute){"to", x->to};
		w->activity[n] = (struct activity){.id = id, .party = x->by,
			.what = x->what, .received = when(x->received),
			.received_last = when(x->last), .text = "",
			.span = {w->in.at, w->in.at}, .attribute = w->about[i],
			.attribute_count = x->to ? 2 : 1,
			.place = PLACE_UNKNOWN};
		w->facts.activity_count++;
	}
}

struct seen {
	size_t count;
	struct finding x[SEEN];
	char lines[SEEN][4096];
};

static bool see(void *self, const struct finding *x, struct fault *f)
{
	struct seen *s = self;
	size_t n = 0, i = s->count++;

	(void)f;
	if (i >= SEEN)
		abort();
	s->x[i] = *x;
	s->lines[i][0] = '\0';
	for (size_t k = 0; k < x->explanation_count; k++)
		n += (size_t)snprintf(s->lines[i] + n, sizeof s->lines[i] - n,
			"%s\n", x->explanation[k]);
	return true;
}

static void judge(const struct terms *t, const struct world *w,
	struct seen *s)
{
	struct findings out = {see, s};
	struct fault f;

	s->count = 0;
	if (!judge_incident(t, &w->facts, &w->in, &arena, &out, &f))
		abort();
}

#define QUERY_A {"query", "mission", "A", AT("01T12:00:00"), NULL, false}
#define LATER AT("09T00:00:00")

static const struct row {
	const char *name, *rule;
	struct said said[SAID];
	const char *known, *party; /* the record's end; on the evidence */
	size_t count;
	enum verdict want;
	const char *by, *line, *flips; /* NULL: not asked */
} rows[] = {
	{"silence", DUTY, {QUERY_A}, LATER, NULL, 1, BREACH, "A",
		"no answer is on record, which reaches to "
		"2026-02-09T00:00:00Z; undone: P = 1.000",
		"would be no breach if an answer of A had been received by "
		"2026-02-02T12:00:00Z"},
	{"silence, in words", DUTY, {QUERY_A}, LATER, NULL, 1, BREACH, "A",
		"verdict: breach, by A, which counts as obstruction", NULL},
	{"modalities are no matter of receipts", DUTY, {QUERY_A}, LATER, NULL,
		1, BREACH, "A", "standard clear asks 0.950\n", NULL},
	{"the window is open still", DUTY, {QUERY_A}, AT("02T12:00:00"), NULL,
		1, OPEN, "A", "undone: P = 0.000 to 1.000",
		"would be a breach if no answer of A is received by "
		"2026-02-02T12:00:00Z"},
	{"the window has just passed", DUTY, {QUERY_A},
		AT("02T12:00:00.000001"), NULL, 1, BREACH, "A", NULL, NULL},
	{"nobody knows how far the record reaches", DUTY, {QUERY_A}, NULL,
		NULL, 1, OPEN, "A", "which reaches to not known", NULL},
	{"a claim answers", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T10:00:00"), NULL, false}},
		LATER, NULL, 1, NO_BREACH, "A", ": in time; undone: P = 0.000",
		"would be a breach if the answer had been received more than "
		"2 h later"},
	{"and so does a notice", DUTY,
		{QUERY_A, {"answer", "A", NULL, AT("02T11:59:00"), NULL,
			false}},
		LATER, NULL, 1, NO_BREACH, "A", "in time", NULL},
	{"the window's end is in it", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T12:00:00"), NULL, false}},
		LATER, NULL, 1, NO_BREACH, "A", NULL, NULL},
	{"too late", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T13:30:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "A", ": too late; undone: P = 1.000",
		"would be no breach if the answer had been received 90 min "
		"earlier"},
	{"a receipt that straddles the end", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T11:00:00"),
			AT("02T12:00:01"), false}},
		LATER, NULL, 1, OPEN, "A", "received 2026-02-02T11:00:00Z to "
		"2026-02-02T12:00:01Z: perhaps in time", NULL},
	{"a query's receipt that is an interval: in time for its start", DUTY,
		{{"query", "mission", "A", AT("01T12:00:00"),
			AT("01T13:00:00"), false},
			{"claim", "A", NULL, AT("02T12:00:00"), NULL, false}},
		LATER, NULL, 1, NO_BREACH, "A",
		"answer due by 2026-02-02T12:00:00Z to 2026-02-02T13:00:00Z",
		NULL},
	{"and open after it", DUTY,
		{{"query", "mission", "A", AT("01T12:00:00"),
			AT("01T13:00:00"), false},
			{"claim", "A", NULL, AT("02T12:30:00"), NULL, false}},
		LATER, NULL, 1, OPEN, "A", NULL, NULL},
	{"what was said before is no answer", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("01T11:00:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "A", ": before it was asked", NULL},
	{"another's answer is none", DUTY,
		{QUERY_A, {"claim", "B", NULL, AT("02T10:00:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "A", "no answer is on record", NULL},
	{"an answer about something else is none", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T10:00:00"), NULL, true}},
		LATER, NULL, 1, BREACH, "A", "no answer is on record", NULL},
	{"a question about something else", DUTY,
		{{"query", "mission", "A", AT("01T12:00:00"), NULL, true}},
		LATER, NULL, 0, BREACH, NULL, NULL, NULL},
	{"a party's question is no query of the mission", DUTY,
		{{"query", "B", "A", AT("01T12:00:00"), NULL, false}},
		LATER, NULL, 0, BREACH, NULL, NULL, NULL},
	{"an answer without a receipt", DUTY,
		{QUERY_A, {"claim", "A", NULL, NULL, NULL, false}},
		LATER, NULL, 1, OPEN, "A", "perhaps in time", NULL},
	{"a query without a receipt", DUTY,
		{{"query", "mission", "A", NULL, NULL, false}},
		LATER, NULL, 1, OPEN, "A", "received not known", ""},
	{"the evidence says who is accused", DUTY,
		{{"query", "mission", NULL, AT("01T12:00:00"), NULL, false}},
		LATER, "B", 1, BREACH, "B", "party: B, who was asked", NULL},
	{"nobody is named", DUTY,
		{{"query", "mission", NULL, AT("01T12:00:00"), NULL, false}},
		LATER, NULL, 1, OPEN, "undetermined", "nobody knows who is "
		"asked", ""},
	{"two questions, one unanswered", DUTY,
		{QUERY_A, {"query", "mission", "A", AT("03T12:00:00"), NULL,
			false},
			{"claim", "A", NULL, AT("01T14:00:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "A", ": before it was asked", ""},
	{"owed by B alone, and A is asked",
		"RULE 7.a REQUIRES answer BY B WITHIN 24 h OF query ",
		{QUERY_A}, LATER, NULL, 0, BREACH, NULL, NULL, NULL},
	{"owed by B alone, and nobody is named",
		"RULE 7.a REQUIRES answer BY B WITHIN 24 h OF query ",
		{{"query", "mission", NULL, AT("01T12:00:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "B", "verdict: breach, by B\n", NULL},
	{"a claim is no access",
		"RULE 7.a REQUIRES access BY A WITHIN 24 h OF query ",
		{QUERY_A, {"claim", "A", NULL, AT("02T10:00:00"), NULL, false}},
		LATER, NULL, 1, BREACH, "A", NULL, NULL},
	{"before the duty was in force", DUTY "FROM 2026-02-05T00:00Z ",
		{QUERY_A}, LATER, NULL, 1, VERDICT_NOT_APPLICABLE,
		"undetermined", "its time is outside the rule", ""},
	{"in time, and nobody knows how far the record reaches", DUTY,
		{QUERY_A, {"claim", "A", NULL, AT("02T10:00:00"), NULL, false}},
		NULL, NULL, 1, NO_BREACH, "A", ": in time; undone: P = 0.000",
		""},
	{"of eight questions six are told", DUTY,
		{QUERY_A, QUERY_A, QUERY_A, QUERY_A, QUERY_A, QUERY_A, QUERY_A,
			QUERY_A}, LATER, NULL, 1, BREACH, "A",
		"\nand 2 more of query\n", ""},
	{"excepted", DUTY "EXCEPT 7.a.1 BY A ", {QUERY_A}, LATER, "A", 1,
		NO_BREACH, "A", "exception 7.a.1 BY A: applies", ""},
};

static void test_rows(void)
{
	size_t mark = arena.used;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		static struct world w;
		static struct seen s;
		bool ok;

		arena.used = mark;
		world_of(r->said, r->known, r->party, &w);
		judge(terms_of(r->rule), &w, &s);
		ok = s.count == r->count;
		if (ok && s.count)
			ok = s.x->verdict == r->want &&
				(!r->by || strcmp(s.x->party, r->by) == 0) &&
				(!r->line || strstr(s.lines[0], r->line)) &&
				(!r->flips ||
					strcmp(s.x->flips_if, r->flips) == 0);
		CHECK(ok, "duty: %s", r->name);
		if (!ok)
			printf("# %zu findings; %s by %s\n# flips: %s\n# %s\n",
				s.count, verdict_name(s.x->verdict),
				s.x->party, s.x->flips_if, s.lines[0]);
	}
	arena.used = mark;
}

static void test_parties(void)
{
	const struct said said[SAID] = {QUERY_A,
		{"query", "mission", "B", AT("01T13:00:00"), NULL, false},
		{"claim", "B", NULL, AT("01T14:00:00"), NULL, false}};
	static struct world w;
	static struct seen s;

	world_of(said, LATER, NULL, &w);
	judge(terms_of(DUTY), &w, &s);
	CHECK(s.count == 2 && s.x[0].verdict == BREACH &&
			s.x[1].verdict == NO_BREACH &&
			strcmp(s.x[0].party, "A") == 0 &&
			strcmp(s.x[1].party, "B") == 0,
		"each party that was asked has its own finding");
	CHECK(s.count == 2 && strcmp(s.x[0].id.text, s.x[1].id.text) != 0 &&
			s.x[0].id.text[0] == 'f',
		"of its own id");
}

/* Of two answers received at once the smaller id is told. */
static void test_at_once(void)
{
	const struct said said[SAID] = {QUERY_A,
		{"claim", "A", NULL, AT("02T10:00:00"), NULL, false},
		{"claim", "A", NULL, AT("02T10:00:00"), NULL, false}};
	static struct world w;
	static struct seen s;
	char want[2 * sizeof w.claim->id.text], first[4096];
	struct claim swapped;

	world_of(said, LATER, NULL, &w);
	judge(terms_of(DUTY), &w, &s);
	(void)snprintf(first, sizeof first, "%s", s.lines[0]);
	swapped = w.claim[0];
	w.claim[0] = w.claim[1];
	w.claim[1] = swapped;
	judge(terms_of(DUTY), &w, &s);
	(void)snprintf(want, sizeof want, "\nanswer %s, received",
		strcmp(w.claim[0].id.text, w.claim[1].id.text) < 0
			? w.claim[0].id.text : w.claim[1].id.text);
	CHECK(strcmp(first, s.lines[0]) == 0 && strstr(first, want),
		"of two answers at once the smaller id, whichever comes first");
}

/* A question about an incident goes on to the one that replaces it, and to
 * none that is joined to it otherwise. */
static void test_replaced(void)
{
	static const struct {
		const char *is, *id;
		size_t count;
	} links[] = {{"replaces", "i-other", 1}, {"replaces", "i-third", 0},
		{"follows", "i-other", 0}};
	const struct said said[SAID] = {
		{"query", "mission", "A", AT("01T12:00:00"), NULL, true}};
	static struct world w;
	static struct seen s;

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct link link = {.is = links[i].is};

		(void)snprintf(link.id.text, sizeof link.id.text, "%s",
			links[i].id);
		world_of(said, LATER, NULL, &w);
		w.in.link = &link;
		w.in.link_count = 1;
		judge(terms_of(DUTY), &w, &s);
		CHECK(s.count == links[i].count, "it %s %s: %zu findings",
			links[i].is, links[i].id, s.count);
	}
}

/* A later answer never lowers what is undone, a longer window never raises
 * it, a wider receipt never narrows the interval. */
static void test_monotone(void)
{
	static struct world w;
	static struct seen s;
	size_t mark = arena.used;
	bool fell = false, narrowed = false, rose = false;

	for (int open = 0; open < 2; open++) {
		int32_t lo = 0, hi = 0;

		for (int h = 0; h < 60; h++) {
			struct said said[SAID] = {QUERY_A, {"claim", "A", NULL,
				AT("01T12:30:00"), NULL, false}};
			struct finding sharp, wide;

			world_of(said, open ? NULL : LATER, NULL, &w);
			w.claim->received.utc_ns += h * INT64_C(1800000000000);
			judge(terms_of(DUTY), &w, &s);
			sharp = s.x[0];
			w.claim->received_last = instant_plus_ns(
				w.claim->received, INT64_C(7200000000000));
			judge(terms_of(DUTY), &w, &s);
			wide = s.x[0];
			judge(terms_of("RULE 7.a REQUIRES answer BY accused "
				"WITHIN 30 h OF query"), &w, &s);
			fell = fell || sharp.lo_ppm < lo || sharp.hi_ppm < hi;
			narrowed = narrowed || wide.lo_ppm > sharp.lo_ppm ||
				wide.hi_ppm < sharp.hi_ppm;
			rose = rose || s.x[0].lo_ppm > wide.lo_ppm ||
				s.x[0].hi_ppm > wide.hi_ppm;
			lo = sharp.lo_ppm;
			hi = sharp.hi_ppm;
			arena.used = mark;
		}
		CHECK(hi == 1000000 && lo == (open ? 0 : 1000000),
			"the last of them came too late");
	}
	CHECK(!fell, "a later answer never lowers what is undone");
	CHECK(!narrowed, "a wider receipt never narrows the interval");
	CHECK(!rose, "a longer window never raises it");
}

static void test_examples(void)
{
	struct terms *t = terms_of(DUTY "\n"
		"EXAMPLE 7.a \"silence\" GIVEN explosion, BY A, NOTIFIED query "
		"AT 2026-02-03T10:00Z -> BREACH\n"
		"EXAMPLE 7.a \"an answer the next morning\" GIVEN explosion, "
		"BY A, NOTIFIED query AT 2026-02-03T10:00Z, NOTIFIED answer AT "
		"2026-02-04T09:00Z -> NO BREACH\n"
		"EXAMPLE 7.a \"too late\" GIVEN explosion, BY A, NOTIFIED "
		"query AT 2026-02-03T10:00Z, NOTIFIED answer AT "
		"2026-02-04T10:01Z -> BREACH\n"
		"EXAMPLE 7.a \"time is left\" GIVEN explosion, BY A, NOTIFIED "
		"query AT 2026-02-03T10:00Z, UNTIL 2026-02-04T09:00Z -> "
		"UNDETERMINED\n"
		"EXAMPLE 7.a \"whom was it put to?\" GIVEN explosion, NOTIFIED "
		"query AT 2026-02-03T10:00Z -> UNDETERMINED\n"
		"EXAMPLE 7.a \"nobody asked\" GIVEN explosion, BY A -> "
		"NOT APPLICABLE\n");
	static char canon[1 << 16];
	struct text out = text_on(canon, sizeof canon);
	struct example_result x;
	struct fault f;

	for (size_t i = 0; i < terms_examples(t); i++) {
		if (!terms_example(t, i, &arena, &x, &f))
			abort();
		CHECK(x.got == x.want, "example: %s", x.says);
	}
	CHECK(terms_examples(t) == 6 && terms_canonical(t, &out, &f) &&
			strstr(canon, "\"notified_also\":[[\"answer\","
				"\"2026-02-04T09:00:00.000000Z\"]]") &&
			strstr(canon, "\"until\":\"2026-02-04T09:00"),
		"what the examples say is part of the version");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 28, &f))
		return 1;
	test_rows();
	test_parties();
	test_at_once();
	test_replaced();
	test_monotone();
	test_examples();
	arena_unmap(&arena);
	return check_done();
}
