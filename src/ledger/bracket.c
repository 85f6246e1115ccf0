/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/bracket.h"

#include "base/log.h"
#include "ledger/secrets.h"

#include <stdlib.h>

/* So many of the others are smaller, or equal and in front. */
static size_t rank(const uint64_t *at, size_t n, size_t i)
{
	size_t r = 0;

	for (size_t k = 0; k < n; k++)
		r += at[k] < at[i] || (at[k] == at[i] && k < i);
	return r;
}

static uint64_t of_rank(const uint64_t *at, size_t n, size_t r)
{
	for (size_t i = 0; i < n; i++)
		if (rank(at, n, i) == r)
			return at[i];
	return 0;
}

uint64_t bracket_least(const uint64_t *at, size_t n, size_t liars)
{
	return of_rank(at, n, liars);
}

uint64_t bracket_most(const uint64_t *at, size_t n, size_t liars)
{
	return liars < n ? of_rank(at, n, n - 1 - liars) : 0;
}

size_t bracket_times(const struct policy *p, const struct witnessed *w,
	uint64_t time_s[POLICY_NAMES])
{
	size_t n = 0;

	for (size_t i = 0; i < p->names; i++)
		if (!p->name[i].is_group && w->time_s[i] > 0)
			time_s[n++] = w->time_s[i];
	return n;
}

void bracket_see(struct bracket *b, uint64_t size, const uint64_t *time_s,
	size_t n, size_t liars)
{
	if (b->with)
		return;
	b->with = size > b->index;
	if (b->with)
		b->to_s = bracket_least(time_s, n, liars);
	else
		b->from_s = bracket_most(time_s, n, liars);
}

struct looking {
	struct bracket *of;
	uint8_t text[SECRETS_FILE_MAX];
	struct policy policy;
};

static bool look(void *self, const struct journal_record *r, struct fault *f)
{
	struct looking *x = self;
	uint64_t time_s[POLICY_NAMES];
	struct checkpoint c;
	struct witnessed w;
	struct note n;

	if (!note_read(r->payload, &n, f) || !note_checkpoint(&n, &c, f) ||
		!policy_judge(&x->policy, &n, c.origin, &w, f))
		return false;
	bracket_see(x->of, c.size, time_s,
		bracket_times(&x->policy, &w, time_s), BRACKET_LIARS);
	f->kind = FAULT_NONE;
	return !x->of->with; /* nothing that follows says more */
}

bool bracket_of(struct disk *d, struct bracket *b, struct fault *f)
{
	const struct log_options o = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL};
	struct looking *x = calloc(1, sizeof *x);
	struct log log = {0};
	struct journal j;
	size_t n = 0;
	bool ok;

	if (!x)
		return fault(f, FAULT_LIMIT, "memory");
	x->of = b;
	ok = small_read(d, "ledger/policy/accepted.policy", x->text, &n, f);
	if (ok && n > 0) {
		ok = policy_read((struct bytes){x->text, n}, &x->policy, f) &&
			log_open(&log, d, &o, f);
		j = log_journal(&log);
		ok = ok && j.read(j.self, 0, look, x, f);
		log_close(&log);
	}
	free(x);
	return ok;
}
