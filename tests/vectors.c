/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vectors.c - every vector of ../shared/data/proof and of PROOF.md 17, each
 * with a name and a verdict.
 *
 *	vectors            TAP: is each verdict what the set itself says?
 *	vectors DIR        one line a vector: name, verdict
 *
 * web/verify/vectors.ts gives the same names; tests/webproof.sh compares. */
#include "base/encode.h"
#include "base/tree.h"
#include "check.h"
#include "feeds/file.h"
#include "ledger/frame.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "ledger/stamp.h"
#include "ledger/tiles.h"
#include "ledger/witness.h"

#include <stdarg.h>

static struct arena memory, keep;
static const char *root_folder;
static bool listing;
static size_t seen, wrong;

/* -- verdicts -- */

static void put(const char *got, const char *want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void put(const char *got, const char *want, const char *fmt, ...)
{
	char name[256];
	va_list v;

	va_start(v, fmt);
	(void)vsnprintf(name, sizeof name, fmt, v);
	va_end(v);
	seen++;
	if (listing)
		printf("%s %s\n", name, got);
	if (strcmp(got, want) == 0)
		return;
	wrong++;
	(void)fprintf(stderr, "%s: %s, wanted %s\n", name, got, want);
}

static const char *word(bool ok)
{
	return ok ? "accept" : "refuse";
}

static const char *hex_of(const struct digest *d)
{
	static char at[4][SHA256_HEX];
	static unsigned turn;

	return digest_hex(d, at[turn++ % 4]);
}

/* -- reading -- */

static struct bytes bytes_at(const char *path, bool *there)
{
	char full[900];
	struct bytes b = {0};
	struct fault f = {0};

	(void)snprintf(full, sizeof full, "%s/%s", root_folder, path);
	*there = file_read(full, &memory, &b, &f);
	return b;
}

static struct bytes must(const char *path)
{
	bool there;
	struct bytes b = bytes_at(path, &there);

	if (!there) {
		(void)fprintf(stderr, "%s/%s: is not there\n", root_folder,
			path);
		exit(1);
	}
	return b;
}

/* Some sizes are beyond 2^63 on purpose: these become text. */
static const struct tree *json(const char *path)
{
	struct bytes in = must(path);
	struct text out = text_in(&memory, 2 * in.len + 16);
	const struct tree *t = NULL;
	struct fault f = {0};
	bool inside = false;

	for (size_t i = 0; i < in.len; i++) {
		size_t k = i;

		inside ^= in.at[i] == '"';
		while (!inside && k < in.len && in.at[k] >= '0' &&
			in.at[k] <= '9')
			k++;
		if (k - i > 18) {
			text_char(&out, '"');
			text_bytes(&out, bytes_part(in, i, k - i));
			text_char(&out, '"');
			i = k - 1;
		} else {
			text_char(&out, (char)in.at[i]);
		}
	}
	if (!tree_read(text_view(&out), &memory, &t, &f)) {
		(void)fprintf(stderr, "%s: %s\n", path, f.text);
		exit(1);
	}
	return t;
}

/* Numbers beyond 64 bits do not occur. */
static uint64_t number(const struct tree *t, const char *key)
{
	const struct tree *x = tree_get(t, key);

	if (!x)
		return 0;
	return x->whole ? (uint64_t)x->integer :
		x->type == TREE_TEXT ?
		strtoull((const char *)x->text.at, NULL, 10) : 0;
}

/* Base64 or hex of a hash; false: it is none. */
static bool any_hash(struct bytes b, struct digest *d)
{
	struct fault no;

	return b.len == 2 * SHA256_LEN ? hex_read(b, d->at, SHA256_LEN, &no)
				       : note_digest(b, d);
}

static bool hash_at(const struct tree *t, const char *key, struct digest *d)
{
	const struct tree *x = tree_get(t, key);

	return x && any_hash(x->text, d);
}

static size_t path_at(const struct tree *t, const char *key,
	struct digest path[128], bool *ok)
{
	const struct tree *list = tree_get(t, key);
	size_t n = 0;

	*ok = true;
	for (const struct tree *x = list ? list->first : NULL;
		x && n < 128 && *ok; x = x->next)
		*ok = any_hash(x->text, &path[n++]);
	return n;
}

static void from_hex(const char *text, uint8_t *out, size_t n)
{
	struct fault f = {0};

	if (text && hex_read(bytes_of(text), out, n, &f))
		return;
	(void)fprintf(stderr, "no hex: %s\n", f.text);
	exit(1);
}

/* -- trees -- */

static void trees(void)
{
	const struct tree *t = json("rfc6962/tree8.json");
	const struct tree *leaves = tree_get(t, "leaves");
	const struct tree *nodes = tree_get(t, "nodes_by_level");
	struct merkle_tree m = {0};
	struct fault f = {0};

	for (size_t i = 0; i < leaves->count; i++) {
		struct bytes text = tree_at(leaves, i)->text;
		uint8_t data[64] = {0};
		struct digest d;

		from_hex((const char *)text.at, data, text.len / 2);
		d = merkle_leaf((struct bytes){data, text.len / 2});
		if (!merkle_tree_add(&m, &d, &f))
			exit(1);
	}
	for (uint64_t n = 0; n <= 8; n++) {
		struct digest d = merkle_tree_root(&m, n);

		put(hex_of(&d), (const char *)tree_at(
			tree_get(t, "root_by_size"), n)->text.at,
			"rfc6962/root/%d", (int)n);
	}
	for (size_t l = 0; l < nodes->count; l++)
		for (size_t i = 0; i < tree_at(nodes, l)->count; i++)
			put(hex_of(&m.level[l][i]), (const char *)tree_at(
				tree_at(nodes, l), i)->text.at,
				"rfc6962/node/%zu/%zu", l, i);
	merkle_tree_free(&m);
}

static bool merkle_case(const struct tree *t, int kind)
{
	struct digest path[128], a = {{0}}, b = {{0}};
	const uint64_t range[2] = {number(t, "start"), number(t, "end")};
	bool ok, one, two;
	size_t n = path_at(t, "proof", path, &ok);
	uint64_t i;
	bool leaf = kind % 2 == 0; /* inclusion */

	one = hash_at(t, leaf ? "leafHash" : "root1", &a);
	two = hash_at(t, leaf ? "root" : "root2", &b);
	if (!ok || !one || !two)
		return false;
	switch (kind) {
	case 0:
		return merkle_includes(number(t, "leafIdx"),
			number(t, "treeSize"), &a, &b, path, n);
	case 1:
		return merkle_extends(number(t, "size1"), number(t, "size2"),
			&a, &b, path, n);
	case 2:
		i = number(t, "leafIdx"); /* as a tree of its own */
		return merkle_is_subtree(range[0], range[1]) &&
			i >= range[0] && merkle_includes(i - range[0],
				range[1] - range[0], &a, &b, path, n);
	default:
		if (range[0] == range[1]) { /* of nothing; nobody asks */
			one = range[1] <= number(t, "size") && n == 0;
			b = sha256_of((struct bytes){0});
			return one && digest_equal(&a, &b);
		}
		return merkle_subtree_extends(range, number(t, "size"), &a, &b,
			path, n);
	}
}

static void merkle_proofs(void)
{
	static const char *const kinds[] = {"inclusion", "consistency",
		"subtreeinclusion", "subtreeconsistency"};
	char path[900];

	for (int k = 0; k < 4; k++) {
		const char **names;
		struct fault f = {0};
		size_t n = 0;

		(void)snprintf(path, sizeof path, "%s/merkle-proofs/%s",
			root_folder, kinds[k]);
		keep.used = 0;
		if (!folder_walk(path, &keep, &names, &n, &f))
			exit(1);
		for (size_t i = 0; i < n; i++) {
			const struct tree *t;

			if (!strstr(names[i], ".json"))
				continue;
			(void)snprintf(path, sizeof path,
				"merkle-proofs/%s/%s", kinds[k], names[i]);
			memory.used = 0;
			t = json(path);
			put(word(merkle_case(t, k)),
				word(!tree_flag(t, "wantErr", false)), "%s",
				path);
		}
	}
}

/* -- signatures -- */

static void cctv(void)
{
	static char verdict[1024];
	const struct tree *all;
	struct digest d;
	size_t k = 0;

	memory.used = 0;
	all = json("ed25519-cctv/ed25519vectors.json");
	for (const struct tree *x = all->first; x && k < 1000; x = x->next) {
		uint8_t key[32], sig[64];
		bool ok;

		from_hex(tree_text(x, "key"), key, 32);
		from_hex(tree_text(x, "sig"), sig, 64);
		ok = sign_holds(key, bytes_of(tree_text(x, "msg")), sig);
		verdict[k++] = ok ? '1' : '0';
		put(word(ok), word(ok), "cctv/%d",
			(int)tree_i64(x, "number", -1));
	}
	d = sha256_of((struct bytes){(uint8_t *)verdict, k});
	put(hex_of(&d), "9111cd3acbe211e15031707588bc9d68cb7b0c2d8f500fad1ebf"
		"edfc4362ffab", "cctv/all");
}

/* -- the cosigned log of 300 entries -- */

static struct {
	const struct tree *v;
	struct note_key key, witness[3];
	struct merkle_tree tree; /* of 300 leaves */
} cosign;

static struct bytes entry_text(unsigned i, char out[16])
{
	(void)snprintf(out, 16, "entry %u", i);
	return bytes_of(out);
}

static void read_cosign(void)
{
	const struct tree *w;
	struct fault f = {0};
	char text[16];
	bool ok;

	memory.used = 0;
	cosign.v = json("cosign/vectors.json");
	ok = note_key_read(bytes_of(tree_text(cosign.v, "log_vkey")),
		&cosign.key, &f);
	w = tree_get(cosign.v, "witnesses");
	for (size_t i = 0; i < 3; i++)
		ok = ok && note_key_read(bytes_of(tree_text(tree_at(w, i),
			"vkey_type04")), &cosign.witness[i], &f);
	for (unsigned i = 0; i < 300; i++) {
		struct digest d = merkle_leaf(entry_text(i, text));

		ok = ok && merkle_tree_add(&cosign.tree, &d, &f);
	}
	if (ok)
		return;
	(void)fprintf(stderr, "cosign: %s\n", f.text);
	exit(1);
}

/* The log and all three witnesses stand behind the note. */
static bool by_all(struct bytes b)
{
	struct checkpoint c;
	struct fault f = {0};
	struct note n;
	uint64_t t;

	if (!checkpoint_read(b, cosign.key.name, cosign.key.key, &c, &f) ||
		!note_read(b, &n, &f))
		return false;
	for (int i = 0; i < 3; i++)
		if (!note_cosigned(&n, &cosign.witness[i], &t, &f) || t == 0)
			return false;
	return true;
}

/* The same bits as web/verify/vectors.ts. */
enum { STRIDE = 101 };

static void flips(const char *name, struct bytes note)
{
	static uint8_t other[4096];

	memcpy(other, note.at, note.len);
	for (size_t bit = 0; bit < 8 * note.len; bit += STRIDE) {
		other[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
		put(word(by_all((struct bytes){other, note.len})), "refuse",
			"%s/flip/%zu", name, bit);
		other[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
	}
}

static void one_checkpoint(const struct tree *x)
{
	struct bytes b = tree_get(x, "cosigned_checkpoint")->text;
	const struct tree *cosignatures = tree_get(x, "cosignatures");
	uint64_t size = number(x, "size"), time;
	char name[64];
	struct checkpoint c;
	struct fault f = {0};
	struct note n;
	struct digest d = merkle_tree_root(&cosign.tree, size);
	bool ok;

	(void)snprintf(name, sizeof name, "cosign/checkpoint/%d", (int)size);
	ok = checkpoint_read(b, cosign.key.name, cosign.key.key, &c, &f) &&
		c.size == size &&
		strcmp(hex_of(&c.root), tree_text(x, "root_hex")) == 0;
	put(word(ok), "accept", "%s", name);
	put(hex_of(&d), tree_text(x, "root_hex"), "%s/root", name);
	for (size_t i = 0; i < 3; i++) {
		const struct tree *s = tree_at(cosignatures, i);

		ok = note_read(b, &n, &f) && note_cosigned(&n,
			&cosign.witness[i], &time, &f) &&
			time == number(s, "time") &&
			strstr((const char *)b.at, tree_text(s, "line"));
		put(word(ok), "accept", "%s/cosignature/%zu", name, i);
	}
	put(word(by_all(b)), "accept", "%s/all", name);
	flips(name, b);
}

/* -- policies -- */

static char head[2048];

static bool quorum_met(struct bytes note, const char *rest)
{
	static struct policy p;
	char at[4096];
	struct text t = text_on(at, sizeof at);
	struct checkpoint c;
	struct fault f = {0};
	struct witnessed w;
	struct note n;

	text_add(&t, head);
	text_add(&t, rest);
	return policy_read(text_view(&t), &p, &f) && note_read(note, &n, &f) &&
		note_checkpoint(&n, &c, &f) &&
		policy_judge(&p, &n, c.origin, &w, &f) && w.met;
}

/* The last checkpoint with the cosignatures whose bits are set. */
static struct bytes with_some(unsigned have, char *out, size_t size)
{
	const struct tree *x = tree_at(tree_get(cosign.v, "checkpoints"), 7);
	const struct tree *all = tree_get(x, "cosignatures");

	(void)snprintf(out, size, "%s", tree_text(x, "cosigned_checkpoint"));
	for (unsigned i = 0; i < 3; i++) {
		const char *line = tree_text(tree_at(all, i), "line");
		char *at = strstr(out, line);

		if (!(have & 1U << i) && at)
			memmove(at, at + strlen(line),
				strlen(at + strlen(line)) + 1);
	}
	return bytes_of(out);
}

static bool policy_text_ok(const char *front, const char *rest)
{
	static struct policy p;
	char at[4096];
	struct text t = text_on(at, sizeof at);
	struct fault f = {0};

	text_add(&t, front);
	text_add(&t, rest);
	return policy_read(text_view(&t), &p, &f);
}

static void policy_texts(void)
{
	static const struct {
		const char *name, *rest;
		bool want;
	} cases[] = {
		{"none", "quorum none\n", true},
		{"one", "quorum a\n", true},
		{"spaces", " \t group  g\t2 a b  c \n\nquorum g\n", true},
		{"no-quorum", "", false},
		{"two-quorums", "quorum a\nquorum a\n", false},
		{"unknown", "quorum d\n", false},
		{"later", "quorum g\ngroup g any a\n", false},
		{"zero", "group g 0 a b\nquorum g\n", false},
		{"four", "group g 4 a b c\nquorum g\n", false},
		{"leading", "group g 02 a b c\nquorum g\n", false},
		{"twice", "group g any a a\nquorum g\n", false},
		{"two-groups", "group g any a\ngroup h any a\nquorum g\n",
			false},
		{"reserved", "group none any a\nquorum none\n", false},
		{"again", "group a any b\nquorum a\n", false},
		{"empty", "group g any\nquorum g\n", false},
		{"crlf", "quorum a\r\n", false},
		{"no-lf", "quorum a", false},
		{"word", "quorom a\nquorum a\n", false},
	};
	char again[1024];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		put(word(policy_text_ok(head, cases[i].rest)),
			word(cases[i].want), "policy/text/%s", cases[i].name);
	(void)snprintf(again, sizeof again, "witness d %s\nquorum a\n",
		tree_text(tree_at(tree_get(cosign.v, "witnesses"), 0),
			"vkey_type04"));
	put(word(policy_text_ok(head, again)), "refuse",
		"policy/text/same-key");
	(void)snprintf(again, sizeof again, "witness d %s\nquorum a\n",
		tree_text(cosign.v, "log_vkey"));
	put(word(policy_text_ok(head, again)), "refuse",
		"policy/text/log-key");
}

static void quorums(void)
{
	static char note[4096];
	char rest[128];
	size_t at;

	at = (size_t)snprintf(head, sizeof head, "# test\nlog %s\n",
		tree_text(cosign.v, "log_vkey"));
	for (size_t i = 0; i < 3; i++)
		at += (size_t)snprintf(head + at, sizeof head - at,
			"witness %c %s\n", (char)('a' + i), tree_text(tree_at(
			tree_get(cosign.v, "witnesses"), i), "vkey_type04"));
	for (unsigned have = 0; have < 8; have++) {
		struct bytes b = with_some(have, note, sizeof note);
		int n = __builtin_popcount(have);

		for (int k = 1; k <= 3; k++) {
			(void)snprintf(rest, sizeof rest,
				"group g %d a b c\nquorum g\n", k);
			put(word(quorum_met(b, rest)), word(n >= k),
				"policy/%dof3/%u", k, have);
		}
		put(word(quorum_met(b, "group g any a b\n"
				"group h all g c\nquorum h\n")),
			word((have & 3) && (have & 4)), "policy/nested/%u",
			have);
	}
	policy_texts();
}

/* -- proofs -- */

static bool proof_ok(const char *text, const struct digest *leaf)
{
	struct checkpoint c;
	struct fault f = {0};
	struct proof p;

	return proof_read(bytes_of(text), &p, &f) &&
		proof_holds(&p, leaf, &cosign.key, &c, &f);
}

static void print(char *out, size_t size, const char *front, uint64_t index,
	const char *zero, const char *hashes, const char *note)
{
	(void)snprintf(out, size, "%sindex %s%ju\n%s\n%s", front, zero,
		(uintmax_t)index, hashes, note);
}

/* A .tlog-proof of the case, and what must not pass for one. */
static void tlog_proofs(const char *name, uint64_t index, const char *hashes,
	const char *note)
{
	static const char first[] = "c2sp.org/tlog-proof@v1\n";
	static char t[8192], longer[4096];
	const struct digest *leaf = &cosign.tree.level[0][index];
	const struct digest *other = &cosign.tree.level[0][index ^ 1];
	struct text more = text_on(longer, sizeof longer);
	char *lf;

	text_add(&more, hashes);
	text_base64(&more, digest_view(leaf));
	text_char(&more, '\n');
#define CASE(kind, l, want)                                                   \
	put(word(proof_ok(t, l)), word(want), "proof/%s/" kind, name)
	print(t, sizeof t, first, index, "", hashes, note);
	CASE("sound", leaf, true);
	print(t, sizeof t, "c2sp.org/tlog-proof@v1\nextra aGk=\n", index, "",
		hashes, note);
	CASE("extra", leaf, true);
	print(t, sizeof t, first, index, "", hashes, note);
	CASE("other-leaf", other, false);
	print(t, sizeof t, first, index, "1", hashes, note);
	CASE("other-index", leaf, false);
	print(t, sizeof t, first, index, "0", hashes, note);
	CASE("leading-zero", leaf, false);
	print(t, sizeof t, first, index, "", longer, note);
	CASE("longer", leaf, false);
	print(t, sizeof t, first, index, "", hashes, note);
	t[strlen(t) - 5] = '\0';
	CASE("cut", leaf, false);
	print(t, sizeof t, first, index, "", hashes, note);
	(void)strncat(t, "x", sizeof t - strlen(t) - 1);
	CASE("more", leaf, false);
	print(t, sizeof t, first, index, "", hashes, note);
	lf = strchr(t + sizeof first, '\n');
	memmove(lf + 1, lf, strlen(lf) + 1);
	*lf = '\r';
	CASE("crlf", leaf, false);
	print(t, sizeof t, "", index, "", hashes, note);
	CASE("version", leaf, false);
	print(t, sizeof t, "c2sp.org/tlog-proof@v1\nextra aGl=\n", index, "",
		hashes, note);
	CASE("spare-bits", leaf, false);
	(void)snprintf(t, sizeof t, "%sindex %ju\n%s", first, (uintmax_t)index,
		hashes);
	CASE("no-checkpoint", leaf, false);
#undef CASE
}

static const char *note_of(uint64_t size)
{
	const struct tree *x = tree_get(cosign.v, "checkpoints")->first;

	while (x && number(x, "size") != size)
		x = x->next;
	return x ? tree_text(x, "cosigned_checkpoint") : "";
}

static void cosign_proofs(void)
{
	for (const struct tree *x = tree_get(cosign.v, "inclusion")->first; x;
		x = x->next) {
		uint64_t i = number(x, "index"), n = number(x, "size");
		struct digest path[128], root;
		char name[64], hashes[4096];
		struct text t = text_on(hashes, sizeof hashes);
		bool ok;
		size_t count = path_at(x, "proof", path, &ok);

		root = merkle_tree_root(&cosign.tree, n);
		(void)snprintf(name, sizeof name, "%d/%d", (int)i, (int)n);
		put(word(ok && merkle_includes(i, n,
				&cosign.tree.level[0][i], &root, path, count)),
			"accept", "cosign/inclusion/%s", name);
		for (size_t k = 0; k < count; k++) {
			text_base64(&t, digest_view(&path[k]));
			text_char(&t, '\n');
		}
		tlog_proofs(name, i, hashes, note_of(n));
	}
	for (const struct tree *x = tree_get(cosign.v, "consistency")->first;
		x; x = x->next) {
		uint64_t m = number(x, "old"), n = number(x, "new");
		struct digest path[128], a, b;
		bool ok;
		size_t count = path_at(x, "proof", path, &ok);

		a = merkle_tree_root(&cosign.tree, m);
		b = merkle_tree_root(&cosign.tree, n);
		put(word(ok && merkle_extends(m, n, &a, &b, path, count)),
			"accept", "cosign/consistency/%d/%d", (int)m, (int)n);
	}
}

/* -- tiles -- */

static void tile_hashes(void)
{
	static const struct {
		uint64_t n;
		const char *want;
	} paths[] = {{0, "000"}, {999, "999"}, {1000, "x001/000"},
		{1234067, "x001/x234/067"}};
	const struct digest *leaf = cosign.tree.level[0];
	struct sha256 s;
	struct digest d;
	char text[TILE_PATH], want[TILE_PATH];

	d = sha256_of((struct bytes){leaf[0].at, 256 * SHA256_LEN});
	put(hex_of(&d), tree_text(cosign.v, "tile_0_000_sha256"),
		"cosign/tile/0/000");
	d = sha256_of((struct bytes){leaf[256].at, 44 * SHA256_LEN});
	put(hex_of(&d), tree_text(cosign.v, "tile_0_001.p_44_sha256"),
		"cosign/tile/0/001.p/44");
	put(hex_of(&cosign.tree.level[8][0]),
		tree_text(cosign.v, "tile_1_000.p_1_hex"),
		"cosign/tile/1/000.p/1");
	sha256_start(&s);
	for (unsigned i = 0; i < 256; i++) {
		struct bytes e = entry_text(i, text);
		uint8_t len[2];

		put_be(len, e.len, 2);
		sha256_add(&s, (struct bytes){len, 2});
		sha256_add(&s, e);
	}
	d = sha256_end(&s);
	put(hex_of(&d), tree_text(cosign.v, "tile_entries_000_sha256"),
		"cosign/tile/entries/000");
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(want, sizeof want, "tile/0/%s", paths[i].want);
		put(tile_path(0, paths[i].n, TILE_WIDTH, text), want,
			"tiles/path/%d", (int)paths[i].n);
	}
	put(tile_path(TILE_ENTRIES, 1, 44, text), "tile/entries/001.p/44",
		"tiles/path/partial");
}

/* n entries and no byte more, each with the hash that the tile has. */
static bool bundle_ok(struct bytes b, unsigned n, const uint8_t *tile)
{
	struct reader r = reader(b);

	for (unsigned i = 0; i < n; i++) {
		struct bytes e = read_bytes(&r, read_u16be(&r));
		struct digest d = merkle_leaf(e);

		if (r.ran_out || (tile && memcmp(d.at, tile + i * SHA256_LEN,
						 SHA256_LEN) != 0))
			return false;
	}
	return reader_left(&r) == 0;
}

static void tessera(void)
{
	static const char vkey[] = "example.com/log/testdata+33d7b496+AeHTu4Q"
		"3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
	struct note_key key;
	struct fault f = {0};

	if (!note_key_read(bytes_of(vkey), &key, &f))
		exit(1);
	for (unsigned n = 0; n <= 14; n += 2) {
		char name[64], path[96];
		struct bytes note, tile, bundle;
		struct merkle m = {0};
		struct checkpoint c;
		struct digest d;
		bool ok;

		(void)snprintf(name, sizeof name,
			"tessera-log/log/checkpoint.%u", n);
		memory.used = 0;
		note = must(name);
		ok = checkpoint_read(note, key.name, key.key, &c, &f) &&
			c.size == n;
		put(word(ok), "accept", "%s", name);
		if (n == 0)
			continue;
		(void)snprintf(path, sizeof path,
			"tessera-log/log/tile/0/000.p/%u", n);
		tile = must(path);
		(void)snprintf(path, sizeof path,
			"tessera-log/log/tile/entries/000.p/%u", n);
		bundle = must(path);
		for (unsigned i = 0; i < n && tile.len == n * SHA256_LEN;
			i++) {
			memcpy(d.at, tile.at + i * SHA256_LEN, SHA256_LEN);
			merkle_add(&m, &d);
		}
		d = merkle_root(&m);
		put(word(digest_equal(&d, &c.root)), "accept", "%s/tile",
			name);
		put(word(bundle_ok(bundle, n, tile.at)), "accept",
			"%s/entries", name);
		put(word(bundle_ok(bytes_part(bundle, 0, bundle.len - 1), n,
			NULL)), "refuse", "%s/entries/short", name);
		put(word(bundle_ok(bundle, n - 1, NULL)), "refuse",
			"%s/entries/long", name);
	}
}

#include "vectors_records.h"

/* -- all -- */

static void all(void)
{
	trees();
	merkle_proofs();
	cctv();
	read_cosign();
	for (const struct tree *x = tree_get(cosign.v, "checkpoints")->first;
		x; x = x->next)
		one_checkpoint(x);
	quorums();
	cosign_proofs();
	tile_hashes();
	entries();
	frames();
	merkle_tree_free(&cosign.tree);
	tessera();
	witnesses();
	litewitness();
	stamps();
}

int main(int argc, char **argv)
{
	struct fault f = {0};
	const char *path = argc > 1 ? argv[1] : check_data("proof");

	if (!path) {
		CHECK_SKIP("no ../shared/data/proof");
		return check_done();
	}
	if (!arena_map(&memory, 1 << 27, &f) ||
		!arena_map(&keep, 1 << 24, &f) || !sign_ready(&f))
		return 1;
	listing = argc > 1;
	root_folder = path;
	all();
	if (!listing)
		CHECK(wrong == 0 && seen == 2360, "%zu vectors, %zu not as "
			"wanted", seen, wrong);
	arena_unmap(&memory);
	arena_unmap(&keep);
	return listing ? wrong > 0 : check_done();
}
