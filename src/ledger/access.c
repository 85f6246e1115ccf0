/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/access.h"

#include "ledger/body.h"
#include "ledger/people_event.h"

/* `of` is the leaf at `index`, where that is said. */
static bool leads_there(
	const struct people_entry *x, const struct merkle_tree *tree)
{
	struct digest of;
	uint64_t index;

	if (!body_digest(x->body, "of", &of))
		return false;
	if (!fields_find(x->body, "index"))
		return true;
	return body_number(x->body, "index", &index) && index < x->index &&
		digest_equal(&tree->level[0][index], &of);
}

const char *access_take(uint64_t *told, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	static const char *const names[] = {"who", "of", "fields", "to", "why",
		NULL};
	bool hidden;

	if (x->entry->type != ENTRY_ACCESS)
		return NULL;
	++*told;
	if (!x->body || x->withheld ||
		(people_texts(x, names, &hidden) && leads_there(x, tree)))
		return NULL;
	(void)fault(f, FAULT_INPUT, "wants who, of (and index: the leaf of an "
		"earlier entry), fields, to, why");
	return "access";
}
