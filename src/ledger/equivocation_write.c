/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/equivocation.h"

#include "base/encode.h"

static bool says(struct bytes b, struct checkpoint *c, struct fault *f)
{
	struct note n;

	return note_read(b, &n, f) && note_checkpoint(&n, c, f);
}

static void line(const struct digest *d, struct text *t)
{
	text_base64(t, digest_view(d));
	text_char(t, '\n');
}

/* Read again before it is handed out: what proves nothing is not made. */
bool equivocation_make(const struct note_key *log, struct bytes theirs,
	struct bytes ours, const struct merkle_tree *tree, struct text *t,
	struct fault *f)
{
	struct merkle_path path = {.count = 0};
	struct checkpoint a, b;
	struct equivocation e;
	struct digest root;
	size_t from = t->len;

	if (!says(theirs, &a, f) || !says(ours, &b, f) || (a.size < b.size &&
		!merkle_tree_extends(tree, a.size, b.size, &path, f)))
		return fault_in(f, "equivocation");
	text_fmt(t, "%s\nlog ", EQUIVOCATION_TITLE);
	note_key_print(log, t);
	text_fmt(t, "\nfirst %zu\n", theirs.len);
	if (a.size < b.size) {
		root = merkle_tree_root(tree, a.size);
		text_add(t, "root ");
		line(&root, t);
	}
	for (size_t i = 0; i < path.count; i++)
		line(&path.at[i], t);
	text_char(t, '\n');
	text_bytes(t, theirs);
	text_bytes(t, ours);
	return text_check(t, f) && equivocation_read(bytes_part(text_view(t),
		from, t->len), log, &e, f);
}
