/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/forked.h"

#include "base/encode.h"
#include "ledger/equivocation.h"
#include "ledger/inside.h"
#include "ledger/people_event.h"

#include <stdlib.h>

enum { LAST = 1024, PROOF = 2 * NOTE_MAX };

static bool take_last(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	char *note = self;

	note[0] = '\0';
	f->kind = FAULT_NONE;
	if (NEVER(!e->body)) /* GCOVR_EXCL_BR_LINE: it was read from one */
		return false;
	/* It fits: so it did when the key was taken in. */
	(void)people_text(e->body, "last", note, LAST);
	return false; /* it alone */
}

/* What a former key signed last of this history, by the entry that hands over:
 * there is one, and its size is where the key's word ends. */
static bool last_of(struct ledger *l, const struct people_log *key,
	char note[LAST], struct fault *f)
{
	const struct people *p = &l->people;
	const struct people_item *x = p->item;

	while (x->act != PEOPLE_LOG || p->event[x->event - 1].last != key->to)
		x++;
	return ledger_read(l, x->index, take_last, note, f);
}

static bool keep(struct ledger *l, struct bytes name, const char *end,
	struct bytes what, struct fault *f)
{
	struct digest d = sha256_of(name);
	char path[96];
	struct text p = text_on(path, sizeof path);

	text_add(&p, "ledger/equivocation/");
	text_hex(&p, (struct bytes){d.at, 8});
	text_fmt(&p, ".%s", end);
	return small_write(l->disk, path, what, false, f);
}

/* By key k, of `theirs` entries: a proof that needs nothing else, or both. */
static bool keep_of(struct ledger *l, size_t k, struct bytes theirs,
	struct bytes ours, const struct checkpoint *c, char proof[PROOF],
	struct fault *f)
{
	const struct people_log *by = &l->people.log[k];
	struct note_key key = {.type = NOTE_SIGNS};
	struct text t = text_on(proof, PROOF);
	struct bytes mine = ours;
	struct digest root;
	char last[LAST];
	struct fault no;

	if (k + 1 < l->people.logs) {
		if (!last_of(l, by, last, f))
			return false;
		mine = bytes_of(last);
	}
	memcpy(key.name, l->origin, sizeof key.name);
	memcpy(key.key, by->key, sizeof key.key);
	if (equivocation_make(&key, theirs, mine, &l->tree, &t, &no))
		return keep(l, text_view(&t), "equivocation", text_view(&t),
			f);
	if (c->size <= by->to && c->size <= l->size) {
		root = ledger_root_at(l, c->size);
		if (digest_equal(&root, &c->root))
			return true;
	}
	return keep(l, theirs, "first", theirs, f) &&
		keep(l, theirs, "second", ours, f);
}

bool forked_keep(struct ledger *l, struct bytes theirs, struct bytes ours,
	struct fault *f)
{
	const struct people *p = &l->people;
	char *proof = malloc(PROOF);
	struct checkpoint c;
	struct fault no;
	size_t k = p->logs;
	bool ok = true;

	if (!proof)
		return fault(f, FAULT_LIMIT, "memory");
	while (k > 0 && !checkpoint_read(theirs, l->origin, p->log[k - 1].key,
		&c, &no))
		k--;
	if (k > 0)
		ok = keep_of(l, k - 1, theirs, ours, &c, proof, f);
	free(proof);
	return ok;
}
