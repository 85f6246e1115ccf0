/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile names, keys, notes, checkpoints, policies, proofs of two histories:
 * each guard of note.c, sign.c, policy.c and equivocation.c once. */
#include "base/encode.h"
#include "ledger/equivocation.h"
#include "ledger/policy.h"
#include "hostile.h"

static struct sign_key log_key = {.name = "l.org/log", .seed = {1}};
static struct sign_key other = {.name = "l.org/log", .seed = {2}};
static struct sign_key witness = {.name = "w.org", .seed = {3}};
static struct note_key log_public, witness_public;

static struct note_key public_of(
	const struct sign_key *k, enum note_type type)
{
	struct note_key n = {.type = type};

	memcpy(n.name, k->name, sizeof n.name);
	memcpy(n.key, k->public_key, SIGN_KEY);
	return n;
}

static const char *printed(const struct note_key *k)
{
	static char at[8][512];
	static unsigned n;
	struct text t = text_on(at[++n % 8], sizeof *at);

	note_key_print(k, &t);
	return t.at;
}

/* -- names and keys -- */

static bool reads_key(struct bytes b, struct fault *f)
{
	struct note_key k;

	return note_key_read(b, &k, f);
}

static void test_names(void)
{
	static const struct {
		const char *name;
		bool good;
	} row[] = {
		{"a", true}, {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true},
		{"a b", false}, {"a\x7f", false}, {"a\xc2\x85", false},
		{"a\xc2\xa0", false}, {"a\xe1\x9a\x80", false},
		{"a\xe1\xbf\xbf", true}, {"a\xe2\x80\x80", false},
		{"a\xe2\x80\x8a", false}, {"a\xe2\x80\x8b", true},
		{"a\xe2\x80\xa8", false}, {"a\xe2\x80\xa9", false},
		{"a\xe2\x80\xaf", false}, {"a\xe2\x81\x9f", false},
		{"a\xe3\x80\x80", false}, {"a\xff", false},
		{"a\xe2\x80", false}, {"", false},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct note_key k = log_public;
		struct fault f = {0};

		memset(k.name, 0, sizeof k.name);
		memcpy(k.name, row[i].name, strlen(row[i].name));
		CHECK(reads_key(bytes_of(printed(&k)), &f) == row[i].good,
			"name %zu: %s", i, row[i].good ? "good" : "bad");
	}
}

static void test_keys(void)
{
	struct note_key two = log_public;
	struct text t;
	char at[1024], id[9];
	struct fault f = {0};
	const char *good = printed(&log_public);
	size_t name = strlen(log_public.name);

	two.type = 2;
	(void)snprintf(id, sizeof id, "%.8s", good + name + 1);
	const struct hostile row[] = {
		{0, good, NULL},
		{0, "", "wants name+id"},
		{0, "x", "wants name+id"},
		{0, "+0000000", "wants name+id"},
		{0, "a+1234567", "wants name+id"},
		{0, "a+12345678-", "wants name+id"},
		{0, "a+1234567g+AAAA", "no hex digit"},
		{0, "a+12345678+A", "base64"},
		{0, "a+12345678+AAAA", "not Ed25519"},
		{0, "a+12345678+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			"its id"},
		{0, printed(&two), "not Ed25519"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		hostile_row("key", bytes_of(row[i].with), &row[i], reads_key);
	t = text_on(at, sizeof at);
	for (int i = 0; i <= SIGN_NAME_MAX; i++)
		text_char(&t, 'n');
	text_add(&t, good + name);
	CHECK(!reads_key(text_view(&t), &f) && strstr(f.text, "wants name"),
		"a name too long: %s", f.text);
}

static bool reads_private(struct bytes b, struct fault *f)
{
	struct sign_key k;

	return sign_key_read(b, &k, f);
}

static void test_private(void)
{
	char at[512], w[512], v[512];
	struct text t = text_on(at, sizeof at), u = text_on(w, sizeof w);
	struct text x = text_on(v, sizeof v);
	char name[SIGN_NAME_MAX + 1];
	uint8_t key[SIGN_KEY];
	struct fault f = {0};

	sign_key_print(&log_key, &t);
	text_add(&u, "PRIVATE+KEY+");
	note_key_print_as(&witness_public, witness.seed, &u);
	CHECK(reads_private(text_view(&t), &f), "a private key");
	hostile_cut("private key", text_view(&t), reads_private);
	text_char(&u, '\n');
	CHECK(!reads_private(text_view(&u), &f) && strstr(f.text, "of a log"),
		"a witness' for a log's: %s", f.text);
	sign_vkey_print(log_key.name, log_key.public_key, &x);
	CHECK(sign_vkey_read(text_view(&x), name, key, &f), "a public key");
	CHECK(!sign_vkey_read(bytes_of(printed(&witness_public)), name, key,
		&f) && strstr(f.text, "of a log"), "a witness': %s", f.text);
	CHECK(!sign_vkey_read(bytes_of("x"), name, key, &f), "none");
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		bool good;
	} row[] = {
		{"0", true}, {"9223372036854775807", true}, {"", false},
		{"9223372036854775808", false}, {"00", false}, {"1/", false},
		{"1:", false}, {"10000000000000000000", false},
	};
	uint64_t v;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		CHECK(note_number(bytes_of(row[i].text), &v) == row[i].good,
			"number '%s'", row[i].text);
}

/* -- notes -- */

static struct bytes note_of(const struct sign_key *k, const char *origin,
	uint64_t size, uint8_t root, char *at, size_t n)
{
	struct checkpoint c = {.size = size, .root = {{root}}};
	struct text t = text_on(at, n);

	(void)snprintf(c.origin, sizeof c.origin, "%s", origin);
	checkpoint_print(&c, k, &t);
	return text_view(&t);
}

static bool reads_checkpoint(struct bytes b, struct fault *f)
{
	struct checkpoint c;

	return checkpoint_read(b, log_key.name, log_key.public_key, &c, f);
}

static void test_checkpoint(void)
{
	static char at[1024], by[1024], long_line[12000];
	struct bytes good = note_of(&log_key, log_key.name, 5, 1, at,
		sizeof at);
	struct fault f = {0};
	struct checkpoint c;
	struct text t;

	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "another", "of another log"},
		{1, "", "bad origin"},
		{1, "l.org/log\n5", "three lines"},
		{1, "\x01", "control character"},
		{1, "\xff", "no UTF-8"},
		{2, "05", "bad size"},
		{2, NULL, "three lines"},
		{3, "AAAA", "bad size or root"},
		{4, NULL, "no empty line"},
		{5, NULL, "does not end in signatures"},
		{5, "- l.org/log AAAA", "signature line 1"},
		{5, "\xe2\x80\x94 ", "signature line 1"},
		{5, "\xe2\x80\x94 l.org/log", "signature line 1"},
		{5, "\xe2\x80\x94 l.org+log AAAA", "signature line 1"},
		{5, "\xe2\x80\x94 l.org/log A", "signature line 1"},
		{5, "\xe2\x80\x94 l.org/log AAAAAA==", "signature line 1"},
		{5, "\xe2\x80\x94 l.org/log AAAAAAA=", "no signature of its"},
		{5, "\xe2\x80\x94 l AAAAAAA=", "no signature of its log"},
	};
	HOSTILE("checkpoint", good, row, reads_checkpoint);
	hostile_cut("checkpoint", good, reads_checkpoint);
	(void)note_of(&other, log_key.name, 5, 1, by, sizeof by);
	CHECK(!reads_checkpoint(bytes_of(by), &f), "by another key: %s",
		f.text);
	t = text_on(long_line, sizeof long_line);
	for (int i = 0; i <= SIGN_NAME_MAX; i++)
		text_char(&t, 'o');
	const struct hostile longer = {1, long_line, "bad origin"};
	hostile_row("checkpoint", hostile_edit(good, 1, long_line), &longer,
		reads_checkpoint);
	CHECK(!note_checkpoint(&(struct note){.count = 0}, &c, &f) &&
		strstr(f.text, "three lines"), "a note of no text");
	t = text_on(by, 4);
	memcpy(c.origin, "o", 2);
	checkpoint_print(&c, &log_key, &t);
	CHECK(t.full, "no room for a checkpoint");
}

/* The line with its base64 changed: the same id, another signature. */
static void test_signatures(void)
{
	static char at[2048], more[80][200];
	struct bytes text = {(const uint8_t *)"a\n1\nb\n", 6};
	struct text t = text_on(at, sizeof at);
	struct note n = {.text = text};
	struct note_line *l = n.line;
	struct fault f = {0};
	static char huge[NOTE_MAX + 2], wide[1200];
	uint64_t s = 0;
	bool by;

	text_bytes(&t, text);
	text_char(&t, '\n');
	note_sign(text, &log_key, &t);
	CHECK(note_cosign(text, &witness, 77, &t, &f), "cosigned");
	CHECK(note_read(text_view(&t), &n, &f) && n.count == 2 &&
		note_signed(&n, &log_public, &by, &f) && by &&
		note_cosigned(&n, &witness_public, &s, &f) && s == 77,
		"signed by both");
	text_add(&t, "");
	l[0].raw[10] ^= 1;
	CHECK(!note_signed(&n, &log_public, &by, &f), "a bit: %s", f.text);
	l[0].raw[10] ^= 1;
	l[0].len--;
	CHECK(!note_signed(&n, &log_public, &by, &f), "short: %s", f.text);
	l[1].len--;
	CHECK(!note_cosigned(&n, &witness_public, &s, &f), "short");
	l[1].len++;
	l[1].raw[NOTE_ID] = 0x80;
	CHECK(!note_cosigned(&n, &witness_public, &s, &f), "absurd time");
	l[1].raw[NOTE_ID] = 0x7f;
	CHECK(!note_cosigned(&n, &witness_public, &s, &f), "another time");
	l[1].raw[NOTE_ID] = 0;
	/* The newest of two counts, whichever comes first. */
	n.line[2] = l[1];
	n.count = 3;
	put_be(l[1].raw + NOTE_ID, 78, 8);
	{
		struct text u = text_on(more[0], sizeof more[0]);
		struct note two;
		char whole[1024];
		struct text w = text_on(whole, sizeof whole);

		text_bytes(&w, text);
		text_char(&w, '\n');
		CHECK(note_cosign(text, &witness, 79, &w, &f) &&
			note_cosign(text, &witness, 78, &w, &f) &&
			note_read(text_view(&w), &two, &f) &&
			note_cosigned(&two, &witness_public, &s, &f) &&
			s == 79, "the newest of two cosignatures");
		CHECK(!note_cosign(text, &witness, 1, &(struct text){
			.at = more[1], .size = 4}, &f), "no room");
		(void)u;
	}
	memset(wide, 'w', sizeof wide);
	n.text = (struct bytes){(const uint8_t *)wide, sizeof wide};
	CHECK(!note_cosigned(&n, &witness_public, &s, &f) && strstr(f.text,
		"at most"), "a text too long to be cosigned: %s", f.text);
	t = text_on(at, sizeof at);
	CHECK(!note_cosign(n.text, &witness, 1, &t, &f) && strstr(f.text,
		"at most"), "nor to cosign: %s", f.text);
	memset(huge, 'h', sizeof huge);
	CHECK(!note_read((struct bytes){(const uint8_t *)huge, sizeof huge},
		&n, &f) && strstr(f.text, "at most"), "a huge note: %s",
		f.text);
	t = text_on(huge, sizeof huge);
	text_add(&t, "a\n\n");
	for (int i = 0; i <= NOTE_LINES; i++)
		text_add(&t, "\xe2\x80\x94 l AAAAAAA=\n");
	CHECK(!note_read(text_view(&t), &n, &f) && strstr(f.text, "more than"),
		"too many signatures: %s", f.text);
}

/* -- policies -- */

static struct policy policy;

static bool reads_policy(struct bytes b, struct fault *f)
{
	return policy_read(b, &policy, f);
}

static const char *line(const char *front, const struct note_key *k,
	const char *back)
{
	static char at[16][700];
	static unsigned n;

	n = (n + 1) % 16;
	(void)snprintf(at[n], sizeof *at, "%s%s%s", front, printed(k), back);
	return at[n];
}

static void test_policy(void)
{
	char at[2048];
	struct sign_key second = {.name = "v.org", .seed = {4}};
	struct note_key w2, third = {.name = "t", .type = NOTE_COSIGNS};
	struct text t = text_on(at, sizeof at);

	sign_key_fill(&second);
	w2 = public_of(&second, NOTE_COSIGNS);
	text_add(&t, "# of whom\n\n");
	text_fmt(&t, "%s\n", line("log ", &log_public, ""));
	text_fmt(&t, "%s\n", line("witness w\t ", &witness_public,
		" http://w.org "));
	text_fmt(&t, "%s\n", line("witness v ", &w2, ""));
	text_add(&t, "group g 1 w v\nquorum g\n");
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "\x01", "control character"},
		{1, "\x7f", "control character"},
		{1, "nonsense", "wants log, witness"},
		{1, "log", "wants: log KEY"},
		{1, line("log ", &log_public, " u v"), "wants: log KEY"},
		{1, "log key", "no key"},
		{1, line("log ", &witness_public, ""), "witness' key for a"},
		{1, line("log ", &log_public, ""), "log's key twice"},
		{1, line("log ", &(struct note_key){.name = "x", .type = 1,
			.key = {9}}, " http://x"), NULL},
		{4, "witness w", "wants: witness"},
		{4, line("witness w ", &witness_public, " a b"),
			"wants: witness"},
		{4, "witness w key", "no key"},
		{4, line("witness none ", &witness_public, ""), "already"},
		{4, line("witness w ", &log_public, ""), "log's key for a"},
		{5, line("witness w ", &w2, ""), "there already"},
		{5, line("witness v ", &witness_public, ""), "key twice"},
		{6, line("group h 1 w v\nwitness x ", &witness_public, ""),
			"key twice"},
		{6, line("group h 1 w v\nwitness x ", &third,
			"\ngroup g 1 h x"), NULL},
		{6, "group g 1", "wants: group"},
		{6, "group g all w v", NULL},
		{6, "group g any w v", NULL},
		{6, "group g 0 w v", "wants all, any"},
		{6, "group g x w v", "wants all, any"},
		{6, "group g 3 w v", "wants all, any"},
		{6, "group g 1 w g", "not defined above"},
		{6, "group w 1 v", "there already"},
		{6, "group g 1 w x", "not defined above"},
		{6, "group g 1 w w", "a member twice"},
		{7, "quorum", "wants one line"},
		{7, "quorum g g", "wants one line"},
		{7, "quorum g\nquorum g", "wants one line"},
		{7, "quorum none", NULL},
		{7, "quorum x", "not defined above"},
		{7, NULL, "no quorum line"},
		{7, "quorum aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"not defined above"},
	};
	HOSTILE("policy", text_view(&t), row, reads_policy);
	hostile_cut("policy", text_view(&t), reads_policy);
}

/* As many logs, names and words as there is room for, and one more. */
static void test_policy_limits(void)
{
	static char at[1 << 16];
	struct fault f = {0};
	struct text t = text_on(at, sizeof at);

	for (int i = 0; i <= POLICY_LOGS; i++) {
		struct note_key k = {.name = "x", .type = NOTE_SIGNS,
			.key = {(uint8_t)i}};

		text_fmt(&t, "%s\n", line("log ", &k, ""));
	}
	CHECK(!reads_policy(text_view(&t), &f) && strstr(f.text, "32 logs"),
		"logs: %s", f.text);
	t = text_on(at, sizeof at);
	for (int i = 0; i <= POLICY_NAMES; i++) {
		struct note_key k = {.name = "x", .type = NOTE_COSIGNS,
			.key = {(uint8_t)i}};

		text_fmt(&t, "witness w%d %s\n", i, printed(&k));
	}
	CHECK(!reads_policy(text_view(&t), &f) && strstr(f.text, "64 names"),
		"names: %s", f.text);
	t = text_on(at, sizeof at);
	text_add(&t, "group g 1");
	for (int i = 0; i <= POLICY_NAMES; i++)
		text_fmt(&t, " w%d", i);
	text_add(&t, "\n");
	CHECK(!reads_policy(text_view(&t), &f) && strstr(f.text, "67 words"),
		"words: %s", f.text);
}

static void test_judge(void)
{
	static char at[2048], p[2048];
	struct text t = text_on(p, sizeof p), u;
	struct witnessed w;
	struct fault f = {0};
	struct note n;
	struct bytes b = note_of(&log_key, log_key.name, 5, 1, at, sizeof at);
	struct note_key stranger = {.name = "x", .type = NOTE_SIGNS};

	/* Another log, a stranger, and the one that signed. */
	text_fmt(&t, "%s\n", line("log ", &stranger, ""));
	text_fmt(&t, "%s\n", line("log ", &log_public, ""));
	stranger.key[0] = 1;
	text_fmt(&t, "%s\n", line("log ", &stranger, ""));
	text_fmt(&t, "%s\nquorum none\n",
		line("witness w ", &witness_public, ""));
	CHECK(reads_policy(text_view(&t), &f) && note_read(b, &n, &f) &&
		policy_judge(&policy, &n, log_key.name, &w, &f) && w.met &&
		w.by_log && w.witnesses == 0, "by its log");
	CHECK(policy_judge(&policy, &n, "another", &w, &f) && !w.met,
		"not of this origin");
	n.line[0].raw[20] ^= 1;
	CHECK(!policy_judge(&policy, &n, log_key.name, &w, &f),
		"a signature that does not hold: %s", f.text);
	u = text_on(at + b.len, sizeof at - b.len);
	CHECK(note_cosign(n.text, &witness, 5, &u, &f), "cosign");
	CHECK(note_read((struct bytes){(uint8_t *)at, b.len + u.len}, &n, &f),
		"read");
	n.line[1].raw[20] ^= 1;
	CHECK(!policy_judge(&policy, &n, log_key.name, &w, &f),
		"a cosignature that does not: %s", f.text);
	policy.logs = 0;
	n.count = 1;
	CHECK(policy_judge(&policy, &n, log_key.name, &w, &f) && w.met,
		"of any log");
}

/* The fewest whose word is enough: nested groups, dear members first. */
static void test_agreed(void)
{
	static char at[4096];
	struct text t = text_on(at, sizeof at);
	struct fault f = {0};

	for (int i = 0; i < 7; i++) {
		struct note_key k = {.name = "x", .type = NOTE_COSIGNS,
			.key = {(uint8_t)i}};

		text_fmt(&t, "witness w%d %s\n", i, printed(&k));
	}
	text_add(&t, "group a all w0 w1 w2\ngroup b any w3 w4\n"
		"group g 3 a b w5 w6\nquorum g\n");
	CHECK(reads_policy(text_view(&t), &f) && policy_agreed(&policy) == 5,
		"agreed: %zu", policy_agreed(&policy));
}

/* -- two histories -- */

static const struct note_key *known;

static bool reads_equivocation(struct bytes b, struct fault *f)
{
	static struct equivocation e;

	return equivocation_read(b, known, &e, f);
}

static struct bytes two(const char *front, struct bytes a, struct bytes b,
	char *at, size_t size)
{
	struct text t = text_on(at, size);

	text_fmt(&t, "truce.equivocation/1\nlog %s\nfirst %zu\n",
		printed(&log_public), a.len);
	text_add(&t, front);
	text_char(&t, '\n');
	text_bytes(&t, a);
	text_bytes(&t, b);
	return text_view(&t);
}

static void test_equivocation(void)
{
	static char a[512], b[512], c[512], d[512], o[512], at[4096], hash[99];
	struct bytes five = note_of(&log_key, log_key.name, 5, 1, a, sizeof a);
	struct bytes fork = note_of(&log_key, log_key.name, 5, 2, b, sizeof b);
	struct bytes six = note_of(&log_key, log_key.name, 6, 2, c, sizeof c);
	struct bytes none = note_of(&log_key, log_key.name, 0, 2, d, sizeof d);
	struct bytes others = note_of(&other, "l.org/other", 5, 2, o,
		sizeof o);
	struct bytes good = two("", five, fork, at, sizeof at);
	struct text t = text_on(hash, sizeof hash);
	struct digest root = {{1}};
	struct hostile late = {0, "", "second root"};
	struct fault f = {0};

	text_add(&t, "root ");
	text_base64(&t, digest_view(&root));
	text_char(&t, '\n');
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "truce.equivocation/2", "equivocation/1"},
		{2, "key", "the log's key"},
		{2, "log x", "the log's key"},
		{2, line("log ", &witness_public, ""), "the log's key"},
		{3, "second 1", "length of the first"},
		{3, "first x", "length of the first"},
		{3, "first 1", "note 1"},
		{3, "first 100000", "two notes"},
		{4, "root x", "a root"},
		{4, "AAAA", "a path of hashes"},
		{4, hash, "another root"},
		{5, "l.org/other", "note 1"},
		{10, "l.org/other", "note 2"},
	};
	HOSTILE("equivocation", good, row, reads_equivocation);
	hostile_cut("equivocation", good, reads_equivocation);
	CHECK(!reads_equivocation(two("", five, five, at, sizeof at), &f) &&
		strstr(f.text, "two roots"), "the same twice: %s", f.text);
	CHECK(!reads_equivocation(two("", five, six, at, sizeof at), &f) &&
		strstr(f.text, "two roots"), "of two sizes: %s", f.text);
	CHECK(!reads_equivocation(two("", five, others, at, sizeof at), &f),
		"by two logs: %s", f.text);
	(void)note_of(&log_key, "l.org/other", 5, 2, o, sizeof o);
	CHECK(!reads_equivocation(two("", five, bytes_of(o), at, sizeof at),
		&f) && strstr(f.text, "note 2: not signed by"), "of another "
		"log's name: %s", f.text);
	known = &witness_public;
	CHECK(!reads_equivocation(two("", five, fork, at, sizeof at), &f) &&
		strstr(f.text, "not signed by"), "not our log: %s", f.text);
	known = NULL;
	CHECK(!reads_equivocation(two(hash, none, five, at, sizeof at), &f) &&
		strstr(f.text, "a shorter note"), "a root of nothing: %s",
		f.text);
	CHECK(!reads_equivocation(two(hash, six, five, at, sizeof at), &f) &&
		strstr(f.text, "a shorter note"), "the longer first: %s",
		f.text);
	CHECK(!reads_equivocation(two(hash, five, six, at, sizeof at), &f),
		"the same root: %s", f.text);
	root.at[0] = 9;
	t = text_on(hash, sizeof hash);
	text_add(&t, "root ");
	text_base64(&t, digest_view(&root));
	text_char(&t, '\n');
	hostile_row("no path", two(hash, five, six, at, sizeof at), &late,
		reads_equivocation);
	{
		static char many[66 * 45 + 60], whole[8192];
		struct text m = text_on(many, sizeof many);

		text_add(&m, hash);
		for (int i = 0; i <= MERKLE_PATH_MAX; i++) {
			text_base64(&m, digest_view(&root));
			text_char(&m, '\n');
		}
		late.says = "a path of hashes";
		hostile_row("a path too long", two(many, five, six, whole,
			sizeof whole), &late, reads_equivocation);
	}
}

static void test_made(void)
{
	static char a[512], b[512], at[4096];
	struct merkle_tree tree = {.count = {0}};
	struct digest leaf = {{7}};
	struct fault f = {0};
	struct text t = text_on(at, sizeof at);
	struct bytes nothing = note_of(&log_key, log_key.name, 0, 1, a,
		sizeof a);
	struct bytes ours;

	for (int i = 0; i < 3; i++)
		if (!merkle_tree_add(&tree, &leaf, &f))
			abort();
	ours = note_of(&log_key, log_key.name, 3, 1, b, sizeof b);
	CHECK(!equivocation_make(&log_public, bytes_of("x"), ours, &tree, &t,
		&f), "theirs is no note: %s", f.text);
	CHECK(!equivocation_make(&log_public, ours, bytes_of("x"), &tree, &t,
		&f), "ours is no note: %s", f.text);
	CHECK(!equivocation_make(&log_public, nothing, ours, &tree, &t, &f),
		"theirs is of nothing: %s", f.text);
	nothing = note_of(&log_key, log_key.name, 2, 1, a, sizeof a);
	CHECK(!equivocation_make(&log_public, nothing, note_of(&log_key,
		log_key.name, 9, 1, b, sizeof b), &tree, &t, &f),
		"ours is not our tree: %s", f.text);
	merkle_tree_free(&tree);
}

int main(void)
{
	struct fault f = {0};

	if (!sign_ready(&f))
		return 1;
	sign_key_fill(&log_key);
	sign_key_fill(&other);
	sign_key_fill(&witness);
	log_public = public_of(&log_key, NOTE_SIGNS);
	witness_public = public_of(&witness, NOTE_COSIGNS);
	test_names();
	test_keys();
	test_private();
	test_numbers();
	test_checkpoint();
	test_signatures();
	test_policy();
	test_policy_limits();
	test_judge();
	test_agreed();
	test_equivocation();
	test_made();
	return check_done();
}
