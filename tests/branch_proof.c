/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile proofs, disclosures, receipts, and bodies from elsewhere: each guard
 * of proof.c, receipt.c, foreign.c, entry.c and frame.c once. */
#include "base/encode.h"
#include "base/log.h"
#include "ledger/foreign.h"
#include "ledger/frame.h"
#include "ledger/receipt.h"
#include "ledger/table.h"
#include "hostile.h"

enum { ROOM = 1 << 18, WHOLE = 1 << 17 };

static struct sign_key log_key = {.name = "l.org/log", .seed = {1}};
static struct note_key log_public = {.name = "l.org/log",
	.type = NOTE_SIGNS};
static uint8_t block[ROOM];

/* -- a disclosure of what we like -- */

struct piece {
	const char *name, *value; /* value NULL: shut */
};

static const uint8_t salt[BODY_SALT] = {7};

static struct shown shown_of(const struct piece *p)
{
	struct shown s = {.open = true, .name = bytes_of(p->name),
		.value = bytes_of(p->value ? p->value : "?")};

	memcpy(s.salt, salt, BODY_SALT);
	s.leaf = shown_leaf(&s);
	s.open = p->value != NULL;
	return s;
}

/* The log of which entry is leaf `index` of `size`, the others zeros. */
static void print_proof(const struct digest *leaf, uint64_t index,
	uint64_t size, struct text *t)
{
	struct merkle_tree tree = {.count = {0}};
	struct proof p = {.index = index};
	struct checkpoint c = {.size = size};
	struct digest none = {{0}};
	struct fault f = {0};
	char note[1024];
	struct text n = text_on(note, sizeof note);

	for (uint64_t i = 0; i < size; i++)
		if (!merkle_tree_add(&tree, i == index ? leaf : &none, &f))
			abort();
	c.root = merkle_tree_root(&tree, size);
	memcpy(c.origin, log_key.name, sizeof c.origin);
	checkpoint_print(&c, &log_key, &n);
	p.note = text_view(&n);
	if (!merkle_tree_includes(&tree, index, size, &p.path, &f))
		abort();
	proof_print(&p, t);
	merkle_tree_free(&tree);
}

static struct bytes disclosed(enum entry_type type, const struct piece *p,
	size_t n, char *at)
{
	struct text t = text_on(at, WHOLE);
	struct entry e = {.type = (uint8_t)type, .flags = entry_flags(
		(uint8_t)type)};
	struct merkle m = {0};
	uint8_t raw[ENTRY_LEN];
	struct digest leaf;

	for (size_t i = 0; i < n; i++) {
		struct shown s = shown_of(&p[i]);

		merkle_add(&m, &s.leaf);
	}
	e.body = merkle_root(&m);
	entry_write(&e, raw);
	leaf = entry_leaf((struct bytes){raw, sizeof raw});
	text_add(&t, "truce.disclosure/1\nentry ");
	text_base64(&t, (struct bytes){raw, sizeof raw});
	text_char(&t, '\n');
	for (size_t i = 0; i < n; i++) {
		struct shown s = shown_of(&p[i]);

		text_add(&t, s.open ? "open " : "shut ");
		text_base64(&t, s.open ? (struct bytes){salt, BODY_SALT}
				       : digest_view(&s.leaf));
		if (s.open) {
			text_fmt(&t, " %s ", p[i].name);
			text_base64(&t, s.value);
		}
		text_char(&t, '\n');
	}
	text_char(&t, '\n');
	print_proof(&leaf, 1, 3, &t);
	if (t.full)
		abort();
	return text_view(&t);
}

static struct disclosure disclosure;

static bool reads_disclosure(struct bytes b, struct fault *f)
{
	struct arena a = arena_on(block, sizeof block);

	return disclosure_read(b, &a, &disclosure, f);
}

static bool reads_whole(struct bytes b, struct fault *f)
{
	struct checkpoint c;

	return reads_disclosure(b, f) && proof_holds(&disclosure.proof,
		&disclosure.leaf, &log_public, &c, f);
}

static bool reads_proof(struct bytes b, struct fault *f)
{
	struct proof p;

	return proof_read(b, &p, f);
}

static const char *repeated(const char *front, char c, size_t n,
	const char *back)
{
	static char at[8][8192];
	static unsigned k;
	struct text t = text_on(at[++k % 8], sizeof *at);

	text_add(&t, front);
	while (n-- > 0)
		text_char(&t, c);
	text_add(&t, back);
	return t.at;
}

static void test_proof(void)
{
	static char at[4096], many[PROOF_FIELDS * 46];
	struct text t = text_on(at, sizeof at), m = text_on(many, sizeof many);
	struct digest leaf = {{5}};
	struct fault f = {0};
	struct checkpoint c;
	struct proof p;

	for (int i = 0; i < 65; i++) {
		text_add(&m, i > 0 ? "\n" : "");
		text_base64(&m, digest_view(&leaf));
	}
	print_proof(&leaf, 1, 3, &t);
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "c2sp.org/tlog-proof@v2", "line 1"},
		{1, "c2sp.org/tlog-proof@v1\nextra AAAA", NULL},
		{1, repeated("c2sp.org/tlog-proof@v1\nextra ", 'A', 2048, ""),
			NULL},
		{1, repeated("c2sp.org/tlog-proof@v1\nextra ", 'A', 1022,
			"==AAAA"), "wants base64"},
		{1, repeated("c2sp.org/tlog-proof@v1\nextra ", 'A', 1025, ""),
			"wants base64"},
		{1, "c2sp.org/tlog-proof@v1\nextra A", "wants base64"},
		{2, "index x", "wants \"index N\""},
		{2, "at 1", "wants \"index N\""},
		{3, "x", "hash 1 is none"},
		{3, "AAAA", "hash 1 is none"},
		{3, many, "more than 64"},
	};
	HOSTILE("proof", text_view(&t), row, reads_proof);
	CHECK(!reads_proof(bytes_of("c2sp.org/tlog-proof@v1\n"), &f) &&
		!reads_proof(bytes_of("c2sp.org/tlog-proof@v1\nextra \n"),
			&f) && strstr(f.text, "ends early"), "ends: %s",
		f.text);
	CHECK(proof_read(text_view(&t), &p, &f) &&
		proof_holds(&p, &leaf, NULL, &c, &f) &&
		proof_holds(&p, &leaf, &log_public, &c, &f), "holds");
	leaf.at[0]++;
	CHECK(!proof_holds(&p, &leaf, NULL, &c, &f) && strstr(f.text,
		"does not lead"), "of another leaf: %s", f.text);
	p.note.len--;
	CHECK(!proof_holds(&p, &leaf, NULL, &c, &f) &&
		!proof_holds(&p, &leaf, &log_public, &c, &f), "no note");
	p.note = bytes_of("a\n\n\xe2\x80\x94 l AAAAAAA=\n");
	CHECK(!proof_holds(&p, &leaf, NULL, &c, &f), "no checkpoint");
}

static const struct piece sound[] = {{"!", "a\nb\nc"}, {"a", "1"},
	{"b", NULL}, {"c", ""}};

static void test_disclosure(void)
{
	static char at[WHOLE], short_entry[300], lots[WHOLE];
	struct bytes b = disclosed(ENTRY_FINDING, sound, 4, at);
	struct text t = text_on(short_entry, sizeof short_entry);
	struct text l = text_on(lots, sizeof lots);
	uint8_t raw[ENTRY_LEN] = "CFE2";

	text_add(&t, "entry ");
	text_base64(&t, (struct bytes){raw, sizeof raw});
	text_add(&l, "shut AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	for (int i = 0; i < PROOF_FIELDS; i++)
		text_add(&l, "\nshut "
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "truce.disclosure/2", "disclosure/1"},
		{2, "entry", "wants truce"},
		{2, "entry A", "line 2"},
		{2, "entry AAAA", "line 2"},
		{2, short_entry, "not an entry"},
		{3, "shown a b", "wants open"},
		{3, "open ", "wants open"},
		{3, "open AAAA", "wants open"},
		{3, "open AAAA ", "wants open"},
		{3, "open AAAA a", "wants open"},
		{3, "open A a AAAA", "base64"},
		{3, "open AAAA a AAAA", "bad salt"},
		{3, "open BwAAAAAAAAAAAAAAAAAAAA== A AAAA", "bad salt or name"},
		{3, "open BwAAAAAAAAAAAAAAAAAAAA== a A", "base64"},
		{4, "open BwAAAAAAAAAAAAAAAAAAAA== a AAAA", "not what the"},
		{5, "shut AAAA", "wants open"},
		{5, "shut", "wants open"},
		{3, lots, "more than 256"},
		{7, NULL, "wants open"},
		{7, "\nx", "proof: line 1"},
	};
	HOSTILE("disclosure", b, row, reads_disclosure);
	hostile_cut("disclosure", b, reads_whole);
	{
		struct fault f = {0};
		struct arena a = arena_on(block, 8);

		CHECK(!disclosure_read(b, &a, &disclosure, &f) &&
			f.kind == FAULT_LIMIT, "no room: %s", f.text);
	}
}

/* Names, when all else is right. */
static void test_field_names(void)
{
	static char at[WHOLE];
	static const struct {
		struct piece p[4];
		size_t n;
		const char *says;
	} row[] = {
		{{{"a", "1"}, {"b", "2"}}, 2, NULL},
		{{{"a", NULL}, {"b", NULL}}, 2, NULL},
		{{{"b", "1"}, {"a", "2"}}, 2, "out of order"},
		{{{"a", "1"}, {"a", "2"}}, 2, "out of order"},
		{{{"a", NULL}}, 0, "no field"},
		{{{"a", NULL}, {"!", "a"}}, 2, "not the first"},
		{{{"!", ""}}, 1, NULL},
		{{{"!", ""}, {"a", "1"}}, 2, "lists 0 names"},
		{{{"!", "a\n"}, {"a", "1"}}, 2, "bad name, line 2"},
		{{{"!", "A"}, {"a", "1"}}, 2, "bad name, line 1"},
		{{{"!", "!"}, {"a", "1"}}, 2, "bad name, line 1"},
		{{{"!", "b\na"}, {"b", NULL}, {"a", NULL}}, 3,
			"bad name, line 2"},
		{{{"!", "a\nb"}, {"a", "1"}}, 2, "field 2 is not"},
		{{{"!", "a\nc"}, {"a", "1"}, {"b", "1"}}, 3, "field 2 is not"},
		{{{"!", "a\nc"}, {"a", "1"}, {"b", NULL}}, 3, NULL},
		{{{"!", "a"}, {"a", "1"}, {"b", "2"}}, 3, "lists 1 names"},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct fault f = {0};
		bool ok = reads_disclosure(disclosed(ENTRY_FINDING, row[i].p,
			row[i].n, at), &f);

		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "names %zu: %s", i, ok ? "taken" :
			f.text);
	}
}

static bool shut_a(void *self, struct bytes name)
{
	return bytes_are(name, self);
}

static void test_shown_again(void)
{
	static char at[WHOLE], again[WHOLE];
	struct bytes b = disclosed(ENTRY_FINDING, sound, 4, at);
	struct text t = text_on(again, sizeof again);
	struct arena a = arena_on(block, sizeof block);
	struct fields s;
	struct fault f = {0};
	char name[] = "a";

	CHECK(disclosure_read(b, &a, &disclosure, &f), "%s", f.text);
	CHECK(disclosure_find(&disclosure, "b") == NULL &&
		disclosure_text(&disclosure, "b").len == 0 &&
		bytes_are(disclosure_text(&disclosure, "a"), "1"), "found");
	disclosure_fields(&disclosure, &s);
	CHECK(s.count == 2 && disclosure.withheld == 1,
		"two are open, one is not");
	CHECK(shown_print(&disclosure, NULL, NULL, &disclosure.proof, &t,
		&f) && bytes_equal(text_view(&t), b), "the same again");
	t = text_on(again, sizeof again);
	CHECK(shown_print(&disclosure, shut_a, name, &disclosure.proof, &t,
		&f) && reads_disclosure(text_view(&t), &f) &&
		disclosure.withheld == 2, "one shut more: %s", f.text);
}

static void test_printed(void)
{
	static char at[WHOLE];
	struct text t = text_on(at, sizeof at);
	struct arena a = arena_on(block, sizeof block);
	struct fields s = fields_in(&a);
	uint8_t plain[1024], secret[BODY_SECRET] = {3}, raw[ENTRY_LEN];
	struct entry e = {.type = ENTRY_FINDING};
	struct digest leaf;
	struct proof p = {.index = 0};
	struct fault f = {0};
	char note[4096], name[] = "a";
	struct text n = text_on(note, sizeof note);
	size_t len = 0;

	fields_text(&s, "a", "one");
	fields_text(&s, "b", "two");
	CHECK(fields_done(&s, &f) &&
		body_write(&s, plain, sizeof plain, &len, &f), "a body: %s",
		f.text);
	e.body = body_root((struct bytes){plain, len}, secret);
	entry_write(&e, raw);
	leaf = entry_leaf((struct bytes){raw, sizeof raw});
	print_proof(&leaf, 0, 3, &n);
	CHECK(proof_read(text_view(&n), &p, &f), "its proof");
	CHECK(disclosure_print(raw, (struct bytes){plain, len}, secret, NULL,
		NULL, &p, &t, &f) && reads_disclosure(text_view(&t), &f) &&
		disclosure.withheld == 0, "all open: %s", f.text);
	t = text_on(at, sizeof at);
	CHECK(disclosure_print(raw, (struct bytes){plain, len}, secret,
		shut_a, name, &p, &t, &f) && reads_disclosure(text_view(&t),
		&f) && disclosure.withheld == 1, "one shut: %s", f.text);
	for (size_t i = 1; i < len; i++) {
		struct fault why = {0};

		t = text_on(at, sizeof at);
		/* whole fields may be left away; the root tells */
		CHECK_QUIET(!disclosure_print(raw, (struct bytes){plain, i},
			secret, NULL, NULL, &p, &t, &why) ||
			!reads_disclosure(text_view(&t), &why),
			"body cut at %zu", i);
	}
}

/* -- receipts -- */

static uint8_t headers[3][JOURNAL_HEADER];
static struct receipt receipt = {.batch = &disclosure};

static bool reads_receipt(struct bytes b, struct fault *f)
{
	struct arena a = arena_on(block, sizeof block);
	const char *rule = "";
	struct checkpoint c;

	return receipt_read(b, &a, &receipt, &rule, f) &&
		receipt_holds(&receipt, &log_public, &c, &rule, f);
}

static struct bytes receipt_of(enum entry_type type, const struct piece *p,
	size_t n, char *at)
{
	static char whole[WHOLE];
	struct merkle_tree tree = {.count = {0}};
	struct text t = text_on(at, WHOLE);
	struct merkle_path path;
	struct fault f = {0};

	for (int i = 0; i < 3; i++) {
		struct digest leaf = merkle_leaf((struct bytes){headers[i],
			JOURNAL_HEADER});

		if (!merkle_tree_add(&tree, &leaf, &f))
			abort();
	}
	if (!merkle_tree_includes(&tree, 1, 3, &path, &f))
		abort();
	text_add(&t, "truce.receipt/1\nrecord ");
	text_base64(&t, (struct bytes){headers[1], JOURNAL_HEADER});
	text_add(&t, "\nat 1 of 3\n");
	for (size_t i = 0; i < path.count; i++) {
		text_base64(&t, digest_view(&path.at[i]));
		text_char(&t, '\n');
	}
	text_char(&t, '\n');
	text_bytes(&t, disclosed(type, p, n, whole));
	merkle_tree_free(&tree);
	return text_view(&t);
}

static void make_headers(char root[SHA256_HEX + 2])
{
	struct merkle m = {0};
	struct digest d;
	char hex[SHA256_HEX];

	for (unsigned i = 0; i < 3; i++) {
		struct sha256 s;

		memcpy(headers[i], "CFR1", 4);
		put_be(headers[i] + 8, 10 + i, 8);
		sha256_start(&s);
		sha256_add(&s, (struct bytes){headers[i], 32});
		sha256_add(&s, bytes_of("payload"));
		d = sha256_end(&s);
		memcpy(headers[i] + 32, d.at, SHA256_LEN);
		d = merkle_leaf((struct bytes){headers[i], JOURNAL_HEADER});
		merkle_add(&m, &d);
	}
	d = merkle_root(&m);
	(void)snprintf(root, SHA256_HEX + 2, "\"%s\"", digest_hex(&d, hex));
}

static void test_receipt(void)
{
	static char at[WHOLE], root[SHA256_HEX + 2], many[64 * 46];
	static const char zeros[] =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	struct text m = text_on(many, sizeof many);
	struct bytes b;
	struct fault f = {0};

	make_headers(root);
	const struct piece good[] = {{"count", "3"}, {"first", "10"},
		{"root", root}};
	for (int i = 0; i < 64; i++)
		text_fmt(&m, "%s%s", i > 0 ? "\n" : "", zeros);
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "truce.receipt/2", "receipt/1"},
		{2, "rec", "line 2"},
		{2, "record A", "line 2"},
		{2, "record AAAA", "line 2"},
		{2, repeated("record ", 'A', 84, "AA=="), "line 2"},
		{3, "x", "at I of N"},
		{3, "at 1", "at I of N"},
		{3, "at x of 3", "at I of N"},
		{3, "at 1 of x", "at I of N"},
		{3, "at 3 of 3", "at I of N"},
		{3, "at 0 of 3", "not in the batch"},
		{3, "at 1 of 4", "not this count"},
		{4, "x", "no hash"},
		{4, many, "no hash"},
		{4, zeros, "not in the batch"},
		{7, "x", "wants truce.disclosure"},
	};
	b = receipt_of(ENTRY_INTAKE, good, 3, at);
	HOSTILE("receipt", b, row, reads_receipt);
	hostile_cut("receipt", b, reads_receipt);
	CHECK(reads_receipt(b, &f) && receipt_is_of(&receipt,
		bytes_of("payload")) && !receipt_is_of(&receipt,
		bytes_of("another")), "of its payload");
}

static void test_batch(void)
{
	static char at[WHOLE], root[SHA256_HEX + 2];

	make_headers(root);
	const struct {
		enum entry_type type;
		struct piece p[3];
		const char *says;
	} row[] = {
		{ENTRY_INTAKE, {{"count", "3"}, {"first", NULL},
			{"root", root}}, NULL},
		{ENTRY_HEALTH, {{"count", "3"}, {"first", "10"},
			{"root", root}}, "no intake"},
		{ENTRY_INTAKE, {{"count", NULL}, {"first", "10"},
			{"root", root}}, "not this count"},
		{ENTRY_INTAKE, {{"count", "x"}, {"first", "10"},
			{"root", root}}, "not this count"},
		{ENTRY_INTAKE, {{"count", "3"}, {"first", "10"},
			{"root", NULL}}, "not this count"},
		{ENTRY_INTAKE, {{"count", "3"}, {"first", "10"},
			{"root", "00"}}, "not this count"},
		{ENTRY_INTAKE, {{"count", "3"}, {"first", "x"},
			{"root", root}}, "another sequence"},
		{ENTRY_INTAKE, {{"count", "3"}, {"first", "11"},
			{"root", root}}, "another sequence"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct fault f = {0};
		bool ok = reads_receipt(receipt_of(row[i].type, row[i].p, 3,
			at), &f);

		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "batch %zu: %s", i, ok ? "taken" :
			f.text);
	}
	{
		struct bytes b = receipt_of(ENTRY_INTAKE, row[0].p, 3, at);
		struct arena a = arena_on(block, sizeof block);
		struct fault f = {0};
		struct checkpoint c;
		const char *rule = "";

		CHECK(receipt_read(b, &a, &receipt, &rule, &f), "read");
		disclosure.proof.index++;
		CHECK(!receipt_holds(&receipt, &log_public, &c, &rule, &f) &&
			strcmp(rule, "proof") == 0, "its proof is of another "
			"place: %s", f.text);
	}
}

/* -- a body from elsewhere -- */

static void test_foreign(void)
{
	static char at[WHOLE];
	static uint8_t plain[4096], bent[4096];
	static struct disclosure back;
	struct fault f = {0};
	size_t n = 0, more, taken = 0;

	CHECK(reads_disclosure(disclosed(ENTRY_FINDING, sound, 4, at), &f) &&
		foreign_write(&disclosure, plain, sizeof plain, &n, &f),
		"written: %s", f.text);
	back.entry = disclosure.entry;
	CHECK(foreign_read((struct bytes){plain, n}, &back, &f) &&
		back.count == 4 && back.withheld == 1, "and read: %s", f.text);
	for (size_t size = 0; size < n; size++)
		taken += foreign_write(&disclosure, bent, size, &more, &f) ||
			more != n;
	CHECK(taken == 0, "more than there is room for: %s", f.text);
	for (size_t i = 0; i < n; i++)
		taken += foreign_read((struct bytes){plain, i}, &back, &f);
	CHECK(taken == 0, "cut: %s", f.text);
	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(bent, plain, n);
			bent[i] ^= (uint8_t)(1 << bit);
			taken += foreign_read((struct bytes){bent, n}, &back,
				&f);
		}
	CHECK(taken == 0, "a bit turned: %zu taken", taken);
	{
		static uint8_t lots[(PROOF_FIELDS + 1) * 33];

		CHECK(!foreign_read((struct bytes){lots, sizeof lots}, &back,
			&f) && strstr(f.text, "field 256 is none"),
			"too many: %s", f.text);
	}
}

/* -- entries, frames, tables -- */

static void test_entry(void)
{
	uint8_t raw[ENTRY_LEN + 1], id[ENTRY_SUBJECT], zero[6] = {0};
	static const struct {
		size_t at;
		uint8_t with;
		const char *says;
	} row[] = {
		{0, 'C', NULL}, {3, '2', "not an entry"},
		{5, 4, "reserved"}, {5, 3, NULL}, {6, 1, "reserved"},
		{7, 1, "reserved"}, {8, 1, "absurd"},
	};
	struct entry e = {.type = ENTRY_FINDING}, r;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct fault f = {0};
		bool ok;

		entry_write(&e, raw);
		raw[row[i].at] = row[i].with;
		ok = entry_read((struct bytes){raw, ENTRY_LEN}, &r, &f);
		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "entry, byte %zu: %s", row[i].at,
			ok ? "taken" : f.text);
	}
	{
		struct fault f = {0};

		raw[ENTRY_LEN] = 0;
		CHECK(!entry_read((struct bytes){raw, ENTRY_LEN + 1}, &r,
			&f) && strstr(f.text, "169 bytes"), "%s", f.text);
		CHECK(!entry_read((struct bytes){raw, 3}, &r, &f), "%s",
			f.text);
		CHECK(!sign_entry_holds(log_key.public_key,
			(struct bytes){raw, 3}), "and no signature");
	}
	entry_subject(INSTANT_UNKNOWN, bytes_of("x"), id);
	CHECK(memcmp(id, zero, 6) == 0, "a subject of no time");
}

static void test_frame(void)
{
	static const struct {
		size_t at;
		uint8_t with;
		const char *says;
	} row[] = {
		{0, 'C', NULL}, {3, '2', "not a frame"}, {4, 1, "reserved"},
		{5, 4, "reserved"}, {7, 0, "reserved"}, {7, 7, "reserved"},
		{60, 5, "reserved"}, {61, 3, "reserved"},
		{31, 2, "the head says"}, {29, 1, "the head says"},
		{88, 1, "not what the head says"}, {FRAME_HEAD, 'y',
			"not what the head says"},
	};
	struct frame x = {.kind = FRAME_OTHER, .payload = bytes_of("xyz"),
		.start = INSTANT_UNKNOWN}, r;
	uint8_t at[FRAME_HEAD + 3];
	struct fault f = {0};
	size_t n;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		bool ok;

		frame_write(&x, &log_key, at);
		at[row[i].at] = row[i].with;
		f = (struct fault){0};
		ok = frame_read((struct bytes){at, sizeof at}, &r, &f);
		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "frame, byte %zu: %s", row[i].at,
			ok ? "taken" : f.text);
	}
	frame_write(&x, &log_key, at);
	CHECK(!frame_read((struct bytes){at, FRAME_HEAD - 1}, &r, &f) &&
		!frame_signed((struct bytes){at, FRAME_HEAD - 1},
			log_key.public_key), "short: %s", f.text);
	CHECK(frame_read((struct bytes){at, sizeof at}, &r, &f) &&
		frame_signed((struct bytes){at, sizeof at},
			log_key.public_key) && !instant_known(r.start),
		"and sound");
	x.payload.len = 0;
	x.start = (struct instant){7};
	frame_write(&x, &log_key, at);
	CHECK(frame_read((struct bytes){at, FRAME_HEAD}, &r, &f) &&
		r.start.utc_ns == 7, "without a payload: %s", f.text);
	CHECK(frame_length((struct bytes){at, 0}, &n, &f) && n == 0 &&
		frame_length((struct bytes){at, 3}, &n, &f) && n == 0 &&
		frame_length((struct bytes){at, 32}, &n, &f) &&
		n == FRAME_HEAD, "its length, as it comes in");
	at[28] = 1;
	CHECK(!frame_length((struct bytes){at, 32}, &n, &f), "%s", f.text);
	CHECK(!frame_length(bytes_of("CX"), &n, &f), "%s", f.text);
}

static void test_table(void)
{
	struct table t = {0};
	struct fault f = {0};
	uint64_t v = 0, bad = 0;

	CHECK(!table_get(&t, &(struct digest){{1}}, &v), "an empty table");
	for (uint64_t i = 0; i < 1000; i++) {
		struct digest d = {{0}};

		put_be(d.at, i % 7, 8);
		put_be(d.at + 8, i, 8);
		if (!table_set(&t, &d, i, &f))
			abort();
	}
	for (uint64_t i = 0; i < 1000; i++) {
		struct digest d = {{0}};

		put_be(d.at, i % 7, 8);
		put_be(d.at + 8, i, 8);
		bad += !table_get(&t, &d, &v) || v != i;
	}
	CHECK(bad == 0, "a thousand keys, in seven heaps: %u astray",
		(unsigned)bad);
	table_free(&t);
}

int main(void)
{
	struct fault f = {0};

	if (!sign_ready(&f))
		return 1;
	sign_key_fill(&log_key);
	memcpy(log_public.key, log_key.public_key, SIGN_KEY);
	test_proof();
	test_disclosure();
	test_field_names();
	test_shown_again();
	test_printed();
	test_receipt();
	test_batch();
	test_foreign();
	test_entry();
	test_frame();
	test_table();
	return check_done();
}
