/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/jointly.h"

#include "base/log.h"
#include "ledger/people.h"
#include "ledger/policy.h"
#include "ledger/secrets.h"

#include <stdlib.h>

struct weighing {
	struct jointly *is;
	const struct ledger *ledger;
	struct policy policy;
	uint8_t text[SECRETS_FILE_MAX];
	uint64_t segment[LOG_SEGMENTS_MAX];
};

static bool weigh(void *self, const struct journal_record *r, struct fault *f)
{
	struct weighing *x = self;
	struct checkpoint c;
	struct witnessed w;
	struct digest root;
	struct note n;

	if (r->sequence < x->is->looked)
		return true;
	x->is->looked = r->sequence + 1;
	if (!note_read(r->payload, &n, f) || !note_checkpoint(&n, &c, f))
		return false;
	/* One that was cosigned while we looked is weighed the next time. */
	if (c.size > ledger_size(x->ledger)) {
		x->is->looked = r->sequence;
		f->kind = FAULT_NONE;
		return false;
	}
	if (c.size <= x->is->size)
		return true;
	root = ledger_root_at(x->ledger, c.size);
	if (!people_note(ledger_people(x->ledger), r->payload, &c, NULL, f))
		return false;
	if (!digest_equal(&root, &c.root))
		return fault(f, FAULT_INPUT, "ledger/cosigned: a note of "
			"another history");
	if (!policy_judge(&x->policy, &n, ledger_origin(x->ledger), &w, f))
		return false;
	if (w.met)
		x->is->size = c.size;
	return true;
}

static bool all(struct weighing *x, struct disk *d, struct fault *f)
{
	struct log_check c = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL};
	struct fault why = {0};
	size_t n;

	if (!log_segments(d, c.folder, x->segment, LOG_SEGMENTS_MAX, &n, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		c.first = x->segment[i];
		c.stop = i + 1 < n ? x->segment[i + 1] : UINT64_MAX;
		if (!log_segment_check(d, &c, weigh, x, &why)) {
			*f = why;
			return why.kind == FAULT_NONE;
		}
	}
	return true;
}

static bool policies(struct weighing *x, struct disk *d, bool *there,
	struct fault *f)
{
	static const char path[] = "ledger/policy/joint.policy";
	size_t n;

	if (!small_read(d, path, x->text, &n, f))
		return false;
	*there = n > 0;
	return n == 0 || policy_read((struct bytes){x->text, n}, &x->policy,
		f) || fault_in(f, "%s", path);
}

bool jointly_read(struct jointly *is, struct disk *d, const struct ledger *l,
	struct fault *f)
{
	struct weighing *x = calloc(1, sizeof *x);
	bool there = false, ok;

	if (!x)
		return fault(f, FAULT_LIMIT, "memory");
	x->is = is;
	x->ledger = l;
	ok = policies(x, d, &there, f) && (!there || all(x, d, f));
	free(x);
	return ok;
}
