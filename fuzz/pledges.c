/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledges.c - any bytes as a register of guarantees.  Properties: errors are
 * worded, have a place and stand in its order; the canonical form is JSON and
 * printed whole; sums, notices and what is due can be asked of whatever was
 * read. */
#include <stdlib.h>

#include "base/tree.h"
#include "judge/owing.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t block[64 << 20];
static char form[8 << 20];

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void errors(const struct terms_error *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		need(e[i].line > 0 && e[i].column > 0 && e[i].text[0]);
		need(i == 0 || e[i].line > e[i - 1].line ||
			(e[i].line == e[i - 1].line &&
				e[i].column >= e[i - 1].column));
	}
}

static void sums(const struct pledges *r, struct arena *a)
{
	struct account account[8];
	struct pledge_notice *x;
	struct fault f;
	size_t n;

	if (pledges_accounts(r, NULL, account, 8, &n, &f))
		for (size_t i = 0; i < n; i++)
			need(account[i].open >= 0 && account[i].unit[0]);
	else
		need(f.kind == FAULT_LIMIT);
	if (pledges_notices(r, a, &x, &n, &f))
		for (size_t i = 0; i < n; i++)
			need(pledge_named(r, x[i].pledge) != NULL);
	else
		need(f.kind == FAULT_LIMIT);
}

static void owed(const struct pledges *r, struct arena *a)
{
	struct breach b[3] = {{.id.text = "f-a", .from = {1000},
		.to = {2000}}, {.id.text = "f-b", .from = {2000}},
		{.id.text = "f-c", .from = INSTANT_UNKNOWN}};
	struct owing w;
	struct fault f;

	for (size_t i = 0; i < 3; i++)
		b[i].clause = b[i].grade = b[i].standard = b[i].party = "";
	if (!owing_find(r, b, 3, a, &w, &f)) {
		need(f.kind == FAULT_LIMIT);
		return;
	}
	for (size_t i = 0; i < w.count; i++)
		need(pledge_named(r, w.owed[i].pledge)->trigger.given &&
			!owing_fell(&w, &w.owed[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct arena a = arena_on(block, sizeof block);
	struct text t = text_on(form, sizeof form);
	const struct terms_error *e;
	const struct tree *tree;
	struct pledges *r;
	struct fault f;
	size_t n;

	if (!pledges_read((struct bytes){at, len}, &a, &r, &e, &n, &f)) {
		need(f.kind == FAULT_LIMIT);
		return 0;
	}
	errors(e, n);
	sums(r, &a);
	owed(r, &a);
	if (pledges_canonical(r, &t, &f) && n == 0)
		need(tree_read(text_view(&t), &a, &tree, &f) ||
			f.kind == FAULT_LIMIT || f.kind == FAULT_INPUT);
	return 0;
}
