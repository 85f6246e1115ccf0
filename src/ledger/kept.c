/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/kept.h"

#include <stdlib.h>

static bool take_name(void *self, const char *name, struct fault *f)
{
	struct kept *k = self;
	uint64_t size;

	if (!note_number(bytes_of(name), &size) || size == 0 ||
		strlen(name) > 15)
		return true;
	if (k->count == KEPT_MAX)
		return fault(f, FAULT_LIMIT, "checkpoints: more than %d",
			KEPT_MAX);
	k->note[k->count++].size = size;
	return true;
}

static int by_size(const void *a, const void *b)
{
	const struct mirror_seen *x = a, *y = b;

	return (x->size > y->size) - (x->size < y->size);
}

bool kept_read(struct disk *d, struct arena *a, struct kept *k,
	struct fault *f)
{
	k->count = 0;
	if (!d->list(d->self, "checkpoints", take_name, k, f))
		return false;
	qsort(k->note, k->count, sizeof *k->note, by_size);
	for (size_t i = 0; i < k->count; i++) {
		char path[40];
		struct text t = text_on(path, sizeof path);

		text_fmt(&t, "checkpoints/%ju", (uintmax_t)k->note[i].size);
		if (!mirror_file(d, path, NOTE_MAX, a, &k->note[i].note, f))
			return false;
	}
	return true;
}

static void meet(uint64_t size, const struct policy *p,
	const struct witnessed *w, struct clocks *clocks,
	struct bracket *entry)
{
	uint64_t at[POLICY_NAMES];
	size_t n = bracket_times(p, w, at);

	clocks_meet(clocks, size, at, n);
	if (entry)
		bracket_see(entry, size, at, n, BRACKET_LIARS);
}

bool kept_times(const struct kept *k, const struct policy *p,
	const struct mirror *m, struct clocks *clocks, struct bracket *entry,
	struct fault *f)
{
	for (size_t i = 0; i < k->count; i++) {
		struct witnessed w;
		struct note n;

		if (!note_read(k->note[i].note, &n, f) ||
			!policy_judge(p, &n, m->key.name, &w, f))
			return false;
		meet(k->note[i].size, p, &w, clocks, entry);
	}
	meet(m->size, p, &m->witnessed, clocks, entry);
	return true;
}
