/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/outcome.h"

#include "base/text.h"

#include <string.h>

bool outcome_fails(struct outcome *v, uint64_t index, const char *rule,
	const char *where, struct fault *f)
{
	struct text t = text_on(v->rule, sizeof v->rule);
	struct text w = text_on(v->where, sizeof v->where);

	text_add(&t, rule);
	text_add(&w, where);
	v->index = index;
	return fault(f, FAULT_INPUT, "%s", rule);
}

bool outcome_fails_by(
	struct outcome *v, uint64_t index, const char *rule, struct fault *f)
{
	struct fault why = *f;

	/* Want of memory says nothing of the log. */
	if (v->rule[0] || !rule || (f->kind != FAULT_INPUT &&
		strstr(f->text, "memory")))
		return false;
	return outcome_fails(v, index, rule, why.text, f);
}
