/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * witness.c - a witness that dies at any write never cosigns two histories; of
 * forks at random sizes none reaches the quorum, and each leaves a proof that
 * needs nothing but the log's key. */
#include "ledger/cosigner.h"
#include "ledger/bracket.h"
#include "ledger/equivocation.h"
#include "ledger/merkle.h"
#include "ledger/policy.h"

#include "base/encode.h"
#include "check.h"
#include "faulty.h"

enum { FORKS = 1000, LEAVES = 400, BODY = 16 << 10 };

static struct sign_key log_key;
static struct note_key log_public = {.type = NOTE_SIGNS};

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f->text);
	exit(1);
}

/* A history: leaves below `same` are those of all, the others its own. */
static void grow(struct merkle_tree *t, uint64_t n, uint64_t same, char own)
{
	struct fault f;

	for (uint64_t i = t->count[0]; i < n; i++) {
		char at[32];
		struct text x = text_on(at, sizeof at);
		struct digest leaf;

		text_fmt(&x, "%c %d", i < same ? '-' : own, (int)i);
		leaf = merkle_leaf(text_view(&x));
		need(merkle_tree_add(t, &leaf, &f), &f);
	}
}

static struct bytes sign(
	const struct merkle_tree *t, uint64_t n, char *at, size_t size)
{
	struct checkpoint c = {.size = n, .root = merkle_tree_root(t, n)};
	struct text x = text_on(at, size);

	memcpy(c.origin, log_key.name, sizeof c.origin);
	checkpoint_print(&c, &log_key, &x);
	return text_view(&x);
}

static struct bytes ask(const struct merkle_tree *t, uint64_t old, uint64_t n,
	char *at)
{
	char note[1024];
	struct text x = text_on(at, BODY);
	struct merkle_path p = {.count = 0};
	struct fault f;

	if (old > 0 && old < n)
		need(merkle_tree_extends(t, old, n, &p, &f), &f);
	text_fmt(&x, "old %d\n", (int)old);
	for (size_t i = 0; i < p.count; i++) {
		text_base64(&x, digest_view(&p.at[i]));
		text_char(&x, '\n');
	}
	text_char(&x, '\n');
	text_bytes(&x, sign(t, n, note, sizeof note));
	return text_view(&x);
}

static void begin(struct disk *d, const char *folder, struct note_key *key,
	struct cosigner *c)
{
	struct fault f = {0};

	need(cosigner_make(d, folder, folder, key, &f) &&
			cosigner_open(c, d, folder, true, &f) &&
			cosigner_add(c, &log_public, &f), &f);
}

/* -- what it answers, over a life with a restart -- */

static void test_answers(void)
{
	static char at[BODY], note[4096];
	struct faulty *x = faulty_make();
	struct merkle_tree a = {0}, b = {0};
	struct cosigner c;
	struct cosigned r;
	struct note_key key;
	struct fault f = {0};
	char id[COSIGNER_ID];
	size_t n;

	grow(&a, 20, 20, 'a');
	grow(&b, 20, 7, 'b');
	begin(&x->disk, "w", &key, &c);
	cosigner_answer(&c, ask(&a, 0, 5, at), 1000, &r);
	CHECK(r.status == 200 && r.text[0], "the first: %d", r.status);
	cosigner_answer(&c, ask(&a, 0, 9, at), 1000, &r);
	CHECK(r.status == 409 && strcmp(r.text, "5\n") == 0 &&
			strcmp(r.type, "text/x.tlog.size") == 0,
		"from another size: %d %s", r.status, r.text);
	cosigner_answer(&c, ask(&a, 5, 9, at), 1001, &r);
	CHECK(r.status == 200, "proved from there: %d", r.status);
	cosigner_close(&c);
	need(cosigner_open(&c, &x->disk, "w", true, &f), &f);
	CHECK(c.logs == 1 && c.log[0].size == 9, "remembered");
	cosigner_answer(&c, ask(&b, 9, 9, at), 1002, &r);
	CHECK(r.status == 422, "same size, other root: %d", r.status);
	cosigner_answer(&c, ask(&b, 9, 12, at), 1002, &r);
	CHECK(r.status == 422, "another history: %d", r.status);
	cosigner_answer(&c, ask(&a, 9, 9, at), 1003, &r);
	CHECK(r.status == 200, "the same again, anew: %d", r.status);
	cosigner_id(log_key.name, id);
	need(cosigner_note(&c, id, (uint8_t *)note, sizeof note, &n, &f), &f);
	CHECK(n > 0, "it shows what it saw");
	need(cosigner_note(&c, "../key", (uint8_t *)note, sizeof note, &n, &f),
		&f);
	CHECK(n == 0, "and nothing else");
	cosigner_close(&c);
	CHECK(x->opened == 0, "nothing left open");
	merkle_tree_free(&a);
	merkle_tree_free(&b);
	faulty_free(x);
}

/* -- it dies at any write -- */

static void test_deaths(enum faulty_crash crash, bool forever)
{
	static char at[BODY];
	struct merkle_tree a = {0}, b = {0};
	size_t tries = 0, bad = 0;

	grow(&a, 20, 20, 'a');
	grow(&b, 20, 7, 'b');
	for (uint64_t n = 1; n < 60; n++, tries++) {
		struct faulty *x = faulty_make();
		struct cosigner c;
		struct cosigned r;
		struct note_key key;
		struct fault f;
		bool first, fork;

		x->random = n;
		begin(&x->disk, "w", &key, &c);
		cosigner_answer(&c, ask(&a, 0, 5, at), 1000, &r);
		x->fail_at = x->calls + n;
		x->forever = forever;
		x->how = (enum faulty_how)(n % 3);
		cosigner_answer(&c, ask(&a, 5, 9, at), 1001, &r);
		first = r.status == 200;
		cosigner_close(&c);
		faulty_crash(x, crash);
		/* Who asks next is the fork. */
		need(cosigner_open(&c, &x->disk, "w", true, &f), &f);
		fork = false;
		for (uint64_t old = 5; old <= 9; old += 4) {
			cosigner_answer(&c, ask(&b, old, 9, at), 1002, &r);
			fork |= r.status == 200;
		}
		CHECK_QUIET(!(first && fork), "call %d", (int)n);
		bad += first && fork;
		cosigner_close(&c);
		faulty_free(x);
	}
	CHECK(bad == 0, "%zu deaths, %s, %s: never two histories", tries,
		crash == FAULTY_KILL ? "kill" : "power",
		forever ? "from then on" : "once");
	merkle_tree_free(&a);
	merkle_tree_free(&b);
}

/* -- forks -- */

struct three {
	struct cosigner of[3];
	struct policy policy;
	char text[4096];
};

/* Shows a history to all; the note with what they cosigned. */
static struct bytes show(struct three *w, const struct merkle_tree *t,
	uint64_t n, char *at, size_t size)
{
	static char body[BODY];
	struct text x = text_on(at, size);

	text_bytes(&x, sign(t, n, body, sizeof body));
	for (size_t i = 0; i < 3; i++) {
		uint64_t old = w->of[i].log[0].size;
		struct cosigned r;

		/* The liar proves from wherever it can. */
		cosigner_answer(&w->of[i], ask(t, old < n ? old : n, n, body),
			2000, &r);
		if (r.status == 200)
			text_add(&x, r.text);
	}
	return text_view(&x);
}

static bool met(const struct three *w, struct bytes note)
{
	struct witnessed seen;
	struct fault f;
	struct note n;

	need(note_read(note, &n, &f) &&
			policy_judge(&w->policy, &n, "", &seen, &f), &f);
	return seen.met;
}

static void test_forks(void)
{
	static const char *const folder[] = {"w1", "w2", "w3"};
	static char one[8192], two[8192], proof[2 * NOTE_MAX];
	static struct equivocation e;
	struct three *w = calloc(1, sizeof *w);
	size_t quorums = 0, proofs = 0, shorter = 0, flips = 0;
	uint64_t random = 7;

	if (!w)
		abort();
	for (int k = 0; k < FORKS; k++) {
		struct faulty *x = faulty_make();
		struct text t = text_on(w->text, sizeof w->text);
		struct merkle_tree a = {0}, b = {0};
		struct fault f = {0};
		uint64_t at, n, m;
		bool good;

		random = random * UINT64_C(6364136223846793005) + 1;
		at = (random >> 33) % (LEAVES - 1);
		n = at + 1 + (random >> 41) % (LEAVES - at);
		m = at + 1 + (random >> 49) % (LEAVES - at);
		for (size_t i = 0; i < 3; i++) {
			struct note_key key;

			begin(&x->disk, folder[i], &key, &w->of[i]);
			text_fmt(&t, "witness %s ", folder[i]);
			note_key_print(&key, &t);
			text_char(&t, '\n');
		}
		text_add(&t, "group g 2 w1 w2 w3\nquorum g\n");
		need(policy_read(text_view(&t), &w->policy, &f), &f);
		grow(&a, n, at, 'a');
		grow(&b, m, at, 'b');
		need(met(w, show(w, &a, n, one, sizeof one)),
			&(struct fault){.text = "the truth is not accepted"});
		quorums += met(w, show(w, &b, m, two, sizeof two));
		/* Whoever holds both notes, and the longer history. */
		t = text_on(proof, sizeof proof);
		good = m > n ? equivocation_make(&log_public, bytes_of(one),
				bytes_of(two), &b, &t, &f)
			     : equivocation_make(&log_public, bytes_of(two),
				bytes_of(one), &a, &t, &f);
		good = good && equivocation_read(text_view(&t), &log_public, &e,
			&f);
		CHECK_QUIET(good, "fork %d: %s", k, f.text);
		proofs += good;
		shorter += e.longer;
		if (good && k < 20)
			for (size_t i = 0; i < t.len; i += 7, flips++) {
				proof[i] ^= 1;
				good = !equivocation_read(text_view(&t),
					&log_public, &e, &f) ||
					/* of a witness nobody named */
					i > 60;
				CHECK_QUIET(good, "byte %zu", i);
				proof[i] ^= 1;
			}
		for (size_t i = 0; i < 3; i++)
			cosigner_close(&w->of[i]);
		merkle_tree_free(&a);
		merkle_tree_free(&b);
		faulty_free(x);
	}
	CHECK(quorums == 0, "%zu of %d forks reach the quorum", quorums, FORKS);
	CHECK(proofs == FORKS, "%zu of %d leave a proof (%zu of two sizes)",
		proofs, FORKS, shorter);
	free(w);
}

/* -- what is no fork -- */

static void test_honest(void)
{
	static char one[2048], two[2048], proof[8192];
	struct merkle_tree a = {0};
	struct text t = text_on(proof, sizeof proof);
	struct note_key other = log_public;
	struct equivocation e;
	struct fault f;

	grow(&a, 30, 30, 'a');
	(void)sign(&a, 10, one, sizeof one);
	(void)sign(&a, 30, two, sizeof two);
	CHECK(!equivocation_make(&log_public, bytes_of(one), bytes_of(two), &a,
		&t, &f), "a log that grew is no fork: %s", f.text);
	CHECK(!equivocation_make(&log_public, bytes_of(two), bytes_of(two), &a,
		&t, &f), "nor is one note twice: %s", f.text);
	other.key[0] ^= 1;
	CHECK(!equivocation_make(&other, bytes_of(one), bytes_of(two), &a, &t,
		&f), "nor what another key signed: %s", f.text);
	CHECK(!equivocation_read(bytes_of("truce.equivocation/1\n"), NULL, &e,
		&f), "nor half a file: %s", f.text);
	merkle_tree_free(&a);
}

static void test_agreed(void)
{
	static const struct {
		const char *group;
		size_t want;
	} cases[] = {{"g all w1 w2", 2}, {"g 5 w1 w2 w3 w4 w5 w6 w7", 5},
		{"g 2 w1 w2 w3", 2}, {"g any w1 w2 w3", 3}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		static struct policy p;
		char at[4096];
		struct text t = text_on(at, sizeof at);
		size_t n = i == 0 ? 2 : i == 1 ? 7 : 3;
		struct fault f;

		for (size_t k = 0; k < n; k++) {
			struct note_key key = {.type = NOTE_COSIGNS};
			struct text name = text_on(key.name, 8);

			text_fmt(&name, "w%zu", k + 1);
			key.key[0] = (uint8_t)k;
			text_fmt(&t, "witness w%zu ", k + 1);
			note_key_print(&key, &t);
			text_char(&t, '\n');
		}
		text_fmt(&t, "group %s\nquorum g\n", cases[i].group);
		need(policy_read(text_view(&t), &p, &f), &f);
		CHECK(policy_agreed(&p) == cases[i].want, "%s: %zu must agree",
			cases[i].group, policy_agreed(&p));
	}
}

/* The table of web/test/witnesses.ts, and equal sizes: the last one counts. */
static void test_bracket(void)
{
	static const struct {
		uint64_t size, time_s[3];
		size_t n;
	} seen[] = {{5, {90, 95, 99}, 3}, {5, {100, 110, 130}, 3},
		{9, {230, 200}, 2}, {9, {231, 201}, 2},
		{12, {300, 310, 320}, 3}};
	static const struct {
		uint64_t index, from_s, to_s;
		size_t liars;
	} cases[] = {{3, 0, 95, 1}, {5, 110, 230, 1}, {8, 110, 230, 1},
		{9, 201, 310, 1}, {11, 231, 300, 0}, {11, 0, 320, 2},
		{12, 310, 0, 1}, {3, 0, 0, 3}};

	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct bracket b = {.index = cases[k].index};

		for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
			bracket_see(&b, seen[i].size, seen[i].time_s,
				seen[i].n, cases[k].liars);
		CHECK(b.from_s == cases[k].from_s && b.to_s == cases[k].to_s,
			"entry %d, %d liars: logged from %d to %d",
			(int)cases[k].index, (int)cases[k].liars,
			(int)b.from_s, (int)b.to_s);
	}
}

int main(void)
{
	struct text t = text_on(log_key.name, sizeof log_key.name);
	struct fault f;

	need(sign_ready(&f), &f);
	text_add(&t, "fork.example/log");
	memset(log_key.seed, 7, sizeof log_key.seed);
	sign_key_fill(&log_key);
	memcpy(log_public.name, log_key.name, sizeof log_public.name);
	memcpy(log_public.key, log_key.public_key, SIGN_KEY);
	test_answers();
	test_deaths(FAULTY_KILL, false);
	test_deaths(FAULTY_KILL, true);
	test_deaths(FAULTY_POWER, false);
	test_deaths(FAULTY_POWER, true);
	test_honest();
	test_agreed();
	test_forks();
	test_bracket();
	return check_done();
}
