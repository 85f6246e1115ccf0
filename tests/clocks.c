/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Clocks of authors against those of witnesses; notes that a mirror keeps. */
#include "ledger/kept.h"

#include "check.h"
#include "faulty.h"
#include "ledger/quorum.h"
#include "ledger/secrets.h"

static struct fault f;

/* Entries of 1000 s, but for those stated; notes of three witnesses. */
static struct clocks_seen seen_of(const int64_t *s, size_t n,
	const uint64_t (*notes)[4], size_t count)
{
	struct clocks x = {.at = NULL};
	struct clocks_seen seen;

	for (size_t i = 0; i < n; i++)
		CHECK_QUIET(clocks_note(&x, (struct instant){s[i] *
			1000000000}, &f), "%s", f.text);
	for (size_t i = 0; i < count; i++)
		clocks_meet(&x, notes[i][0], notes[i] + 1,
			notes[i][1] == 0 ? 0 : 3);
	seen = x.seen;
	clocks_free(&x);
	return seen;
}

static void test_clocks(void)
{
	static const int64_t good[] = {1000, 1300, 700, 2000, 9000};
	static const int64_t late[] = {1000, 1301, 699, 5000, 1000};
	static const uint64_t notes[][4] = {
		{2, 1000, 1000, 5}, /* one lies: the second smallest counts */
		{3, 1000, 1001, 99999}, {4, 2000, 2000, 2000}};
	static const uint64_t none[][4] = {{5, 0, 0, 0}};
	struct clocks_seen s = seen_of(good, 5, notes, 3);

	CHECK(s.off == 0 && s.proved == 4, "300 s off are borne: %d, %d",
		(int)s.off, (int)s.proved);
	s = seen_of(late, 5, notes, 3);
	CHECK(s.off == 3 && s.first == 1 && s.stated.utc_ns ==
		INT64_C(1301000000000) && s.from_s == 0 && s.to_s == 1000,
		"later by a second, earlier by one, far off: %d, %d",
		(int)s.off, (int)s.first);
	s = seen_of(late, 5, none, 1);
	CHECK(s.off == 0 && s.proved == 0, "no witness, no word");
}

/* What witnesses say of this machine's clock. */
static void test_machine(void)
{
	static const struct {
		uint64_t said[3], now;
		int64_t off;
		size_t n;
		const char *what;
	} cases[] = {
		{{0}, 5000, 0, 0, "nobody says anything"},
		{{1000}, 5000, 0, 1, "one may lie"},
		{{1000, 1000}, 1300, 0, 2, "ahead by 300 s"},
		{{1000, 1000}, 1301, 301, 2, "by 301"},
		{{1000, 1000}, 700, 0, 2, "behind by 300 s"},
		{{1000, 1000}, 699, -301, 2, "by 301"},
		{{1000, 9000, 1010}, 1301, 0, 3, "of three one lies"},
		{{1000, 9000, 1010}, 1311, 301, 3, "two say so"},
		{{1000, 1, 1010}, 699, -301, 3, "two of three, and a liar"},
		{{1000, 9000}, 5000, 0, 2, "they disagree"},
	};
	static struct quorum q;

	q.policy.names = 3;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n;
		int64_t off;

		memcpy(q.said_s, cases[i].said, sizeof cases[i].said);
		off = quorum_clock(&q, cases[i].now, &n);
		CHECK(n == cases[i].n && off == cases[i].off, "%s: %d",
			cases[i].what, (int)off);
	}
	q.said_s[0] = 7;
	quorum_recall(&q, bytes_of("no note"));
	CHECK(q.said_s[0] == 0 && q.said_s[1] == 0, "what is no note");
}

static void put(struct faulty *x, const char *path, const char *text)
{
	CHECK_QUIET(small_write(&x->disk, path, bytes_of(text), false, &f),
		"%s", f.text);
}

static bool many(void *self, const char *path,
	bool (*each)(void *each_self, const char *name, struct fault *),
	void *each_self, struct fault *why)
{
	char name[16];

	(void)self;
	(void)path;
	for (int i = 1; i <= KEPT_MAX + 1; i++) {
		(void)snprintf(name, sizeof name, "%d", i);
		if (!each(each_self, name, why))
			return false;
	}
	return true;
}

static void test_kept(void)
{
	static struct kept k;
	static struct mirror m;
	struct faulty *x = faulty_make();
	struct clocks clocks = {.at = NULL};
	struct policy p;
	struct arena a;

	CHECK_QUIET(arena_map(&a, 1 << 20, &f) &&
		policy_read(bytes_of("quorum none\n"), &p, &f), "%s", f.text);
	CHECK(kept_read(&x->disk, &a, &k, &f) && k.count == 0, "no folder");
	put(x, "checkpoints/10", "ten");
	put(x, "checkpoints/9", "nine");
	put(x, "checkpoints/0", "none");
	put(x, "checkpoints/007", "a spy");
	put(x, "checkpoints/README", "words");
	CHECK(kept_read(&x->disk, &a, &k, &f) && k.count == 2 &&
		k.note[0].size == 9 && bytes_are(k.note[1].note, "ten"),
		"by size: %s", f.text);
	CHECK(!kept_times(&k, &p, &m, &clocks, NULL, &f), "no note: %s",
		f.text);
	k.count = 0;
	CHECK(kept_times(&k, &p, &m, &clocks, NULL, &f), "none: %s", f.text);
	put(x, "checkpoints/1234567890123456", "a size of nothing");
	CHECK(kept_read(&x->disk, &a, &k, &f) && k.count == 2,
		"longer than any: %s", f.text);
	for (uint64_t n = 1; n < 4; n++) {
		x->calls = 0;
		x->fail_at = n;
		CHECK(!kept_read(&x->disk, &a, &k, &f), "call %d fails: %s",
			(int)n, f.text);
	}
	x->fail_at = 0;
	x->disk.list = many;
	CHECK(!kept_read(&x->disk, &a, &k, &f) && strstr(f.text,
		"more than 4096"), "one too many: %s", f.text);
	clocks_free(&clocks);
	arena_unmap(&a);
	faulty_free(x);
}

/* Of one witness, or two: when entry 1 was logged. */
static void test_times(void)
{
	static struct kept k;
	static struct mirror m;
	static char at[2][2048];
	struct sign_key log = {.name = "l", .seed = {1}};
	struct sign_key w[2] = {{.name = "v", .seed = {2}},
		{.name = "w", .seed = {3}}};
	struct clocks clocks = {.at = NULL};
	struct bracket entry = {.index = 1};
	char text[1024];
	struct text t = text_on(text, sizeof text);
	struct policy p;

	sign_key_fill(&log);
	memcpy(m.key.name, "l", 2);
	m.size = 9;
	for (int i = 0; i < 2; i++) {
		struct note_key key = {.type = NOTE_COSIGNS};

		sign_key_fill(&w[i]);
		memcpy(key.name, w[i].name, sizeof key.name);
		memcpy(key.key, w[i].public_key, SIGN_KEY);
		text_fmt(&t, "witness %s ", w[i].name);
		note_key_print(&key, &t);
		text_char(&t, '\n');
	}
	text_add(&t, "group g any v w\nquorum g\n");
	CHECK_QUIET(policy_read(text_view(&t), &p, &f), "%s", f.text);
	for (int i = 0; i < 2; i++) {
		struct checkpoint c = {.origin = "l",
			.size = (uint64_t)i + 1};
		struct text n = text_on(at[i], sizeof at[i]);
		struct bytes signed_;

		checkpoint_print(&c, &log, &n);
		signed_ = (struct bytes){(const uint8_t *)at[i],
			(size_t)(strstr(at[i], "\n\n") - at[i]) + 1};
		for (int j = 0; j < 2; j++)
			CHECK_QUIET(note_cosign(signed_, &w[j],
				(uint64_t)(100 * i + 10 * j + 5), &n, &f),
				"%s", f.text);
		k.note[i] = (struct mirror_seen){.size = c.size,
			.note = text_view(&n)};
	}
	k.count = 2;
	CHECK(kept_times(&k, &p, &m, &clocks, &entry, &f) &&
		entry.from_s == 5 && entry.to_s == 115, "between %d and %d s: "
		"%s", (int)entry.from_s, (int)entry.to_s, f.text);
	at[1][strlen(at[1]) - 20] ^= 1;
	CHECK(!kept_times(&k, &p, &m, &clocks, NULL, &f), "a false witness: "
		"%s", f.text);
	clocks_free(&clocks);
}

int main(void)
{
	CHECK(sign_ready(&f), "libsodium");
	test_clocks();
	test_machine();
	test_kept();
	test_times();
	return check_done();
}
