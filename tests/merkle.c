/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RFC 6962 trees against published vectors, and proofs of every size. */
#include "base/encode.h"
#include "base/tree.h"
#include "check.h"
#include "ledger/merkle.h"

#include <dirent.h>

static struct arena memory;

/* Some sizes are beyond 2^63 on purpose: these become text. */
static const struct tree *load(const char *path)
{
	static char quoted[1 << 16];
	struct text out = text_on(quoted, sizeof quoted);
	struct fault f = {0};
	const struct tree *t = NULL;
	size_t n;
	unsigned char *at = check_file(path, &n);
	struct bytes in = {at, n};
	bool inside = false;

	memory.used = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = i;

		inside ^= at[i] == '"';
		while (!inside && k < n && at[k] >= '0' && at[k] <= '9')
			k++;
		if (k - i > 18) {
			text_char(&out, '"');
			text_bytes(&out, bytes_part(in, i, k - i));
			text_char(&out, '"');
			i = k - 1;
		} else {
			text_char(&out, (char)at[i]);
		}
	}
	if (!tree_read(text_view(&out), &memory, &t, &f))
		printf("# %s: %s\n", path, f.text);
	free(at);
	return t;
}

static struct digest base64_digest(const char *s, bool *ok)
{
	struct digest d = {{0}};
	struct fault f;
	size_t n;

	*ok = s && base64_read(bytes_of(s), d.at, sizeof d.at, &n, &f) &&
		n == sizeof d.at;
	return d;
}

static uint64_t number(const struct tree *t, const char *key)
{
	const struct tree *x = tree_get(t, key);

	if (!x)
		return 0;
	return x->whole ? (uint64_t)x->integer :
		x->type == TREE_TEXT ?
		strtoull((const char *)x->text.at, NULL, 10) : 0;
}

static size_t path_of(const struct tree *t, const char *key,
	struct digest path[128], bool *ok)
{
	const struct tree *list = tree_get(t, key);
	size_t n = 0;

	*ok = true;
	for (const struct tree *x = list ? list->first : NULL;
		x && n < 128 && *ok; x = x->next)
		path[n++] = base64_digest((const char *)x->text.at, ok);
	return n;
}

static bool includes_case(const struct tree *t)
{
	struct digest path[128], leaf, root;
	bool a, b, c;
	size_t n = path_of(t, "proof", path, &a);

	leaf = base64_digest(tree_text(t, "leafHash"), &b);
	root = base64_digest(tree_text(t, "root"), &c);
	return a && b && c && merkle_includes(number(t, "leafIdx"),
		number(t, "treeSize"), &leaf, &root, path, n);
}

static bool extends_case(const struct tree *t)
{
	struct digest path[128], m, n;
	bool a, b, c;
	size_t count = path_of(t, "proof", path, &a);

	m = base64_digest(tree_text(t, "root1"), &b);
	n = base64_digest(tree_text(t, "root2"), &c);
	return a && b && c && merkle_extends(number(t, "size1"),
		number(t, "size2"), &m, &n, path, count);
}

static void test_folder(const char *kind, bool (*holds)(const struct tree *),
	int pass, int refuse)
{
	static const char *const sub[] = {
		"0", "1", "2", "3", "4",
		"additional/0", "additional/1", "additional/2",
		"additional/3", "additional", "single-entry"};
	char name[128], path[900];
	const char *data;
	int passed = 0, refused = 0, wrong = 0;

	(void)snprintf(name, sizeof name, "proof/merkle-proofs/%s", kind);
	data = check_data(name);
	if (!data) {
		CHECK_SKIP("no ../shared/data/%s", name);
		return;
	}
	(void)snprintf(name, sizeof name, "%s", data);
	for (size_t i = 0; i < sizeof sub / sizeof *sub; i++) {
		struct dirent *d;
		DIR *dir;

		(void)snprintf(path, sizeof path, "%s/%s", name, sub[i]);
		dir = opendir(path);
		while (dir && (d = readdir(dir))) {
			const struct tree *t;
			bool ok, want;

			if (!strstr(d->d_name, ".json"))
				continue;
			(void)snprintf(path, sizeof path, "%s/%s/%s", name,
				sub[i], d->d_name);
			t = load(path);
			ok = holds(t);
			want = !tree_flag(t, "wantErr", false);
			CHECK_QUIET(ok == want, "%s", path);
			wrong += ok != want;
			passed += ok;
			refused += !ok;
		}
		if (dir)
			(void)closedir(dir);
	}
	CHECK(wrong == 0 && passed == pass && refused == refuse,
		"%s proofs: %d hold, %d refused", kind, passed, refused);
}

static void test_tree8(void)
{
	const char *path = check_data("proof/rfc6962/tree8.json");
	const struct tree *t, *leaves, *roots;
	struct merkle m = {0};
	struct merkle_tree full = {0};
	struct fault f = {0};
	char hex[SHA256_HEX];

	if (!path) {
		CHECK_SKIP("no ../shared/data/proof/rfc6962");
		return;
	}
	t = load(path);
	leaves = tree_get(t, "leaves");
	roots = tree_get(t, "root_by_size");
	for (size_t n = 0; n <= 8; n++) {
		struct digest d = merkle_root(&m), e;
		const struct tree *want = roots && roots->type == TREE_LIST ?
			tree_at(roots, n) : NULL;
		char key[8];
		uint8_t data[64];
		const struct tree *leaf = tree_at(leaves, n);

		(void)snprintf(key, sizeof key, "%d", (int)n);
		if (!want)
			want = tree_get(roots, key);
		CHECK(want && bytes_are(want->text, digest_hex(&d, hex)),
			"root over %zu", n);
		e = merkle_tree_root(&full, n);
		CHECK(digest_equal(&d, &e), "the same from the tree");
		if (!leaf || !hex_read(leaf->text, data, leaf->text.len / 2,
			&f))
			break;
		d = merkle_leaf((struct bytes){data, leaf->text.len / 2});
		merkle_add(&m, &d);
		CHECK_QUIET(merkle_tree_add(&full, &d, &f), "add");
	}
	merkle_tree_free(&full);
}

enum { MANY = 300 };

static void test_all_sizes(void)
{
	struct merkle_tree t = {0};
	struct merkle m = {0};
	static struct digest root[MANY + 1], leaf[MANY];
	struct merkle_path p;
	struct fault f = {0};
	size_t bad = 0, proofs = 0;

	root[0] = merkle_root(&m);
	for (uint32_t i = 0; i < MANY; i++) {
		uint8_t data[4];

		put_be(data, i, 4);
		leaf[i] = merkle_leaf((struct bytes){data, 4});
		merkle_add(&m, &leaf[i]);
		root[i + 1] = merkle_root(&m);
		bad += !merkle_tree_add(&t, &leaf[i], &f);
	}
	for (uint64_t n = 1; n <= MANY; n += n < 70 ? 1 : 23) {
		struct digest r = merkle_tree_root(&t, n);

		bad += !digest_equal(&r, &root[n]);
		for (uint64_t i = 0; i < n; i++, proofs++) {
			bad += !merkle_tree_includes(&t, i, n, &p, &f) ||
				!merkle_includes(i, n, &leaf[i], &root[n],
					p.at, p.count) ||
				merkle_includes(i, n + 1, &leaf[i],
					&root[n + 1 > MANY ? 0 : n + 1], p.at,
					p.count) ||
				merkle_includes(i, n, &leaf[(i + 1) % MANY],
					&root[n], p.at, p.count);
			bad += !merkle_tree_extends(&t, i + 1, n, &p, &f) ||
				!merkle_extends(i + 1, n, &root[i + 1],
					&root[n], p.at, p.count) ||
				(i > 0 && merkle_extends(i, n, &root[i],
					&root[n], p.at, p.count));
		}
	}
	CHECK(bad == 0, "%zu proofs of all sizes, and their neighbours not",
		2 * proofs);
	CHECK(!merkle_tree_includes(&t, 5, 5, &p, &f) &&
			!merkle_tree_includes(&t, 0, MANY + 1, &p, &f) &&
			!merkle_tree_extends(&t, 0, 5, &p, &f) &&
			!merkle_tree_extends(&t, 6, 5, &p, &f),
		"no proof of what is not there: %s", f.text);
	merkle_tree_free(&t);
}

int main(void)
{
	struct fault f;
	uint64_t n;
	struct digest a, b;

	if (!arena_map(&memory, 1 << 24, &f))
		return 1;
	test_tree8();
	test_folder("inclusion", includes_case, 3, 46);
	test_folder("consistency", extends_case, 3, 46);
	test_all_sizes();
	a = merkle_lines(bytes_of("x\ny\n"), &n);
	b = merkle_lines(bytes_of("x\ny"), NULL);
	CHECK(n == 2 && digest_equal(&a, &b), "lines");
	arena_unmap(&memory);
	return check_done();
}
