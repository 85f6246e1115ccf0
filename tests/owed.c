/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What guarantors make of obligations: each rule once, then random steps
 * against a second model, written from docs/people.md alone, which looks at
 * everything from the start each time. */
#include "check.h"

#include "ledger/owed.h"
#include "model/obligation.h"

enum { ENGINE, FR, FR2, GB, ANN, KEYS, MAX = 48, SUBJECTS = 2 };

static const struct {
	enum people_role role;
	const char *org;
	uint8_t person;
} cast[KEYS] = {{PEOPLE_ENGINE, "mission", 0}, {PEOPLE_GUARANTOR, "FR", 1},
	{PEOPLE_GUARANTOR, "FR", 2}, {PEOPLE_GUARANTOR, "GB", 3},
	{PEOPLE_ANALYST, "mission", 4}};

enum { NONE = -1, NONSENSE = OWED_WORDS };

struct act {
	int by, does; /* of the engine: 0 nothing, 1 owed by FR, 2 by GB */
	int subject, of;
	int64_t ms;
	bool why, evidence, hides;
};

struct model {
	struct act act[MAX];
	int n;
	int revoked[KEYS]; /* before this entry; MAX: not */
	int64_t since[KEYS];
};

static uint8_t room[1 << 16];
static struct arena memory;
static struct fault f;
static struct digest leaf[MAX];
static uint32_t dice = 1;

static int below(int n)
{
	dice = dice * 1664525 + 1013904223;
	return (int)(dice >> 8) % n;
}

static void hex_of(struct fields *s, const char *name, const struct digest *d)
{
	char hex[SHA256_HEX];

	fields_text(s, name, digest_hex(d, hex));
}

static void body_of(const struct act *a, struct fields *s)
{
	static const char *const owed[] = {"", "FR", "GB"};

	*s = fields_in(&memory);
	if (a->by == ENGINE && a->does > 0) {
		fields_text(s, "pledge", "p");
		if (!a->hides)
			fields_text(s, "actor", owed[a->does]);
	} else if (a->by != ENGINE) {
		fields_text(s, "does", a->does == NONSENSE ? "sing"
			: owed_word((enum owed_does)a->does));
		if (!a->hides)
			hex_of(s, "of", &leaf[a->of]);
		if (a->why)
			fields_text(s, "why", "b\"ecause\n");
		if (a->evidence)
			hex_of(s, "evidence", &leaf[0]);
	}
	if (!fields_done(s, &f))
		abort();
}

static const char *ask(struct people *p, const struct act *a, int n)
{
	struct entry e = {.type = ENTRY_STEP, .clock = {a->ms * 1000000}};
	struct fields body;
	struct people_entry x = {(uint64_t)n, &e, &leaf[n], &body, a->hides};

	memory.used = 0;
	e.subject[0] = (uint8_t)a->subject;
	body_of(a, &body);
	p->rule = NULL;
	if (owed_take(p, &x, &p->key[a->by], &f))
		return NULL;
	return p->rule ? p->rule : "no rule";
}

/* -- the second model -- */

static bool is_opening(const struct model *m, int i, int subject)
{
	const struct act *a = &m->act[i];

	/* What hides a part may hide that it is one. */
	return i < m->n && a->by == ENGINE && (a->does > 0 || a->hides) &&
		a->subject == subject;
}

static bool is_step(const struct act *a)
{
	return a->by != ENGINE && a->by != ANN && !a->hides;
}

static bool counts(const struct model *m, const struct act *a)
{
	return m->revoked[a->by] == MAX || a->ms <= m->since[a->by];
}

static bool dark(const struct model *m, int subject)
{
	bool owed = false, is = false;

	for (int i = 0; i < m->n; i++) {
		const struct act *a = &m->act[i];

		if (a->subject != subject || a->by == ANN)
			continue;
		owed |= is_opening(m, i, subject);
		is |= a->hides && owed;
	}
	return is;
}

static int place(int does) /* in open, acknowledged, decided, ... */
{
	static const int at[] = {[OWED_ACKNOWLEDGE] = 1, [OWED_DECIDE] = 2,
		[OWED_DECLINE] = 3, [OWED_FULFIL] = 4, [OWED_CONTEST] = 0};

	return at[does];
}

static int state(const struct model *m, int subject)
{
	int s = 0;

	for (int i = 0; i < m->n; i++) {
		const struct act *a = &m->act[i];

		if (is_step(a) && a->subject == subject && counts(m, a) &&
			place(a->does) > s)
			s = place(a->does);
	}
	return s;
}

static const char *judge_step(const struct model *m, const struct act *a)
{
	const struct act *of = &m->act[a->of];
	const char *actor = NULL;

	if (a->hides)
		return NULL;
	if (a->does == NONSENSE || !a->why ||
		(a->does == OWED_FULFIL && !a->evidence))
		return "body";
	if (a->does == OWED_CONTEST ? a->of >= m->n || !is_step(of) ||
				of->does != OWED_FULFIL ||
				of->subject != a->subject
			: !is_opening(m, a->of, a->subject))
		return "body";
	if (dark(m, a->subject))
		return NULL;
	for (int i = 0; i < m->n; i++)
		if (is_opening(m, i, a->subject))
			actor = m->act[i].does == 1 ? "FR" : "GB";
	if (!actor)
		return "body";
	if ((strcmp(cast[a->by].org, actor) == 0) ==
		(a->does == OWED_CONTEST))
		return "role";
	if (a->does != OWED_CONTEST)
		return place(a->does) > state(m, a->subject) ? NULL : "step";
	for (int i = 0; i < m->n; i++)
		if (is_step(&m->act[i]) && counts(m, &m->act[i]) &&
			m->act[i].does == OWED_CONTEST &&
			m->act[i].of == a->of && m->act[i].by == a->by)
			return "step";
	return state(m, a->subject) == 4 ? NULL : "step";
}

static const char *judge(const struct model *m, const struct act *a)
{
	if (a->by == ANN)
		return NULL;
	if (a->by != ENGINE)
		return judge_step(m, a);
	for (int i = 0; a->does > 0 && !a->hides && i < m->n; i++)
		if (is_opening(m, i, a->subject) && !m->act[i].hides &&
			!dark(m, a->subject) && m->act[i].does != a->does)
			return "body";
	return NULL;
}

/* -- random steps -- */

static struct people begin(void)
{
	struct people p = {.keys = KEYS, .key_room = KEYS};

	p.key = calloc(KEYS, sizeof *p.key);
	if (!p.key)
		abort();
	for (int i = 0; i < KEYS; i++) {
		struct text t = text_on(p.key[i].org, sizeof p.key[i].org);

		p.key[i].role = cast[i].role;
		p.key[i].person[0] = cast[i].person;
		p.key[i].revoked = UINT64_MAX;
		text_add(&t, cast[i].org);
	}
	return p;
}

static struct act random_act(const struct model *m)
{
	static const int who[] = {ENGINE, ENGINE, FR, FR, FR, FR2, GB, GB, ANN};
	struct act a = {.by = who[below(9)], .subject = 1 + below(SUBJECTS),
		.ms = 1000 + 10 * m->n, .why = below(20) > 0,
		.hides = below(60) == 0};

	a.does = a.by == ENGINE ? below(12) ? 1 : below(3)
				: below(20) ? below(OWED_WORDS) : NONSENSE;
	a.evidence = a.does == OWED_FULFIL ? below(10) > 0 : below(3) == 0;
	a.of = m->n > 0 ? below(m->n) : 0;
	/* Mostly what fits. */
	for (int i = 0; below(10) && i < m->n; i++)
		if (a.does == OWED_CONTEST ? is_step(&m->act[i]) &&
				m->act[i].does == OWED_FULFIL &&
				m->act[i].subject == a.subject
			: is_opening(m, i, a.subject))
			a.of = i;
	return a;
}

static size_t hits[3], taken, states[5];

static bool one_sequence(void)
{
	static const char *const rules[] = {"body", "role", "step"};
	static const enum obligation_state names[] = {OBLIGATION_OPEN,
		OBLIGATION_ACKNOWLEDGED, OBLIGATION_DECIDED,
		OBLIGATION_DECLINED, OBLIGATION_FULFILLED};
	struct people p = begin();
	struct model m = {.n = 0};
	bool ok = true;

	for (int k = 0; k < KEYS; k++)
		m.revoked[k] = MAX;
	for (int i = 0; ok && i < MAX - 1; i++) {
		struct act a = random_act(&m);
		const char *want = judge(&m, &a), *got = ask(&p, &a, m.n);

		ok = want ? got && strcmp(want, got) == 0 : !got;
		CHECK_QUIET(ok, "entry %d by %d does %d of %d: %s, wants %s "
			"(%s)", m.n, a.by, a.does, a.of, got ? got : "taken",
			want ? want : "taken", f.text);
		for (int k = 0; want && k < 3; k++)
			hits[k] += strcmp(want, rules[k]) == 0;
		taken += !want;
		if (!want)
			m.act[m.n++] = a;
		if (below(40) == 0 && m.n > 0) {
			int k = FR + below(3);

			m.revoked[k] = m.n;
			m.since[k] = 1000 + 10 * below(m.n);
			p.key[k].revoked = (uint64_t)m.n;
			p.key[k].since = (struct instant){
				m.since[k] * 1000000};
		}
	}
	for (int s = 1; ok && s <= SUBJECTS; s++) {
		uint8_t subject[ENTRY_SUBJECT] = {(uint8_t)s};
		const struct people_owed *d = owed_of(&p, subject);

		if (!d)
			continue;
		states[state(&m, s)]++;
		ok = d->dark == dark(&m, s) &&
			owed_state(&p, d) == names[state(&m, s)];
		CHECK_QUIET(ok, "subject %d is %s, wants %s", s,
			obligation_state_name(owed_state(&p, d)),
			obligation_state_name(names[state(&m, s)]));
	}
	people_free(&p);
	return ok;
}

/* -- each rule once -- */

static void test_rules(void)
{
	static const struct {
		const char *what;
		struct act a;
		const char *want;
	} rows[] = {
		{"opened", {ENGINE, 1, 1, 0, 1, 0, 0, 0}, NULL},
		{"opened anew", {ENGINE, 1, 1, 0, 1, 0, 0, 0}, NULL},
		{"for another", {ENGINE, 2, 1, 0, 1, 0, 0, 0}, "body"},
		{"no reason", {FR, OWED_ACKNOWLEDGE, 1, 0, 2, 0, 0, 0}, "body"},
		{"another's", {GB, OWED_ACKNOWLEDGE, 1, 0, 2, 1, 0, 0}, "role"},
		{"acknowledged", {FR, OWED_ACKNOWLEDGE, 1, 1, 2, 1, 0, 0},
			NULL},
		{"twice", {FR2, OWED_ACKNOWLEDGE, 1, 1, 3, 1, 0, 0}, "step"},
		{"of a step", {FR, OWED_DECIDE, 1, 2, 3, 1, 0, 0}, "body"},
		{"of another subject", {FR, OWED_DECIDE, 2, 0, 3, 1, 0, 0},
			"body"},
		{"declined", {FR2, OWED_DECLINE, 1, 0, 3, 1, 0, 0}, NULL},
		{"decided after it", {FR, OWED_DECIDE, 1, 0, 4, 1, 0, 0},
			"step"},
		{"no evidence", {FR, OWED_FULFIL, 1, 0, 4, 1, 0, 0}, "body"},
		{"fulfilled all the same", {FR, OWED_FULFIL, 1, 0, 4, 1, 1, 0},
			NULL},
		{"contested by itself", {FR2, OWED_CONTEST, 1, 4, 5, 1, 0, 0},
			"role"},
		{"contested", {GB, OWED_CONTEST, 1, 4, 5, 1, 1, 0}, NULL},
		{"again", {GB, OWED_CONTEST, 1, 4, 5, 1, 1, 0}, "step"},
		{"no word", {FR, NONSENSE, 1, 0, 6, 1, 0, 0}, "body"},
	};
	struct people p = begin();
	const uint8_t subject[ENTRY_SUBJECT] = {1};
	int n = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = ask(&p, &rows[i].a, n);

		CHECK(rows[i].want ? got && strcmp(got, rows[i].want) == 0
			: !got, "%s: %s", rows[i].what, got ? got : "taken");
		n += !got;
	}
	CHECK(owed_state(&p, owed_of(&p, subject)) == OBLIGATION_FULFILLED &&
			owed_contested(&p, owed_of(&p, subject)),
		"fulfilled, and contested");
	p.key[FR].revoked = (uint64_t)n;
	p.key[FR].since = (struct instant){3 * 1000000};
	CHECK(owed_state(&p, owed_of(&p, subject)) == OBLIGATION_DECLINED &&
			!owed_contested(&p, owed_of(&p, subject)),
		"what a revoked key signed later counts nothing");
	people_free(&p);
}

int main(void)
{
	long n = getenv("TRUCE_LONG") ? 500000 : 10000, wrong = 0;

	memory = arena_on(room, sizeof room);
	for (uint32_t i = 0; i < MAX; i++)
		leaf[i] = sha256_of((struct bytes){(uint8_t *)&i, sizeof i});
	test_rules();
	for (long i = 0; i < n && wrong < 3; i++)
		wrong += !one_sequence();
	CHECK(wrong == 0, "%ld random sequences: %zu taken, %zu body, %zu "
		"role, %zu step", n, taken, hits[0], hits[1], hits[2]);
	for (int i = 0; i < 5; i++)
		CHECK(states[i] > 0, "state %d was met %zu times", i,
			states[i]);
	return check_done();
}
