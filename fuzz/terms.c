/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terms.c - any bytes as an agreement.  Properties: errors are worded, have a
 * place within the text and stand in its order; the canonical form is printed
 * whole and its hash is the version; every rule can be judged and every
 * finding is well formed. */
#include <stdlib.h>

#include "base/tree.h"
#include "judge/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t block[48 << 20];
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

static bool put(void *self, const struct finding *x, struct fault *f)
{
	(void)self;
	(void)f;
	need(x->lo_ppm >= 0 && x->lo_ppm <= x->hi_ppm && x->hi_ppm <= 1000000);
	need(x->explanation_count > 0 && x->clause[0] && x->party[0]);
	return true;
}

static void judge(const struct terms *t, struct arena *a)
{
	struct incident in = incident_new();
	struct activity act = {.party = "A", .what = "demining", .text = "",
		.place = PLACE_UNKNOWN};
	struct facts facts = {.activity = &act, .activity_count = 1};
	struct findings out = {put, NULL};
	struct fault f;

	for (int i = 0; i < KIND_COUNT; i++)
		in.kind[i] = 1.0 / KIND_COUNT;
	in.at = in.from = in.to =
		(struct instant){INT64_C(1770000000000000000)};
	act.span = (struct span){in.at, INSTANT_UNKNOWN};
	act.received = (struct instant){0};
	in.place.lat_deg = 48;
	in.place.lon_deg = 37;
	in.place.region.ellipse = (struct ellipse){100, 50, 30};
	need(judge_incident(t, &facts, &in, a, &out, &f) ||
		f.kind == FAULT_LIMIT);
	for (size_t i = 0; i < terms_examples(t); i++) {
		struct example_result r;

		need(terms_example(t, i, a, &r, &f) || f.kind == FAULT_LIMIT);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct arena a = arena_on(block, sizeof block);
	struct text t = text_on(form, sizeof form);
	struct mission m = {.timezone = "UTC"};
	const struct terms_error *e;
	const struct tree *tree;
	struct terms *terms;
	struct digest d, is;
	struct fault f = {0};
	size_t n;

	if (!terms_read((struct bytes){at, len}, &a, &terms, &e, &n, &f)) {
		need(f.kind == FAULT_LIMIT && f.text[0]);
		return 0;
	}
	errors(e, n);
	need(terms_canonical(terms, &t, &f));
	d = terms_sha256(terms);
	is = sha256_of(text_view(&t));
	need(memcmp(&d, &is, sizeof d) == 0);
	if (t.len < 1 << 16)
		need(tree_read(text_view(&t), &a, &tree, &f));
	if (!terms_bind(terms, &m, &a, &e, &n, &f)) {
		need(f.kind == FAULT_LIMIT);
		return 0;
	}
	errors(e, n);
	judge(terms, &a);
	return 0;
}
