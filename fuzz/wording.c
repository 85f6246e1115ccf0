/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wording.c - the parser and canonicaliser of agreements, for long runs
 * (fuzz/proof.h: 32 executions an input).  Errors are worded and stand in the
 * order of the text; what is read prints itself whole, and the hash of that is
 * the version.  fuzz/terms.c judges by what is read, too. */
#include "judge/judge.h"
#include "proof.h"

static uint8_t block[16 << 20];
static char form[1 << 20];

static void parse(struct bytes b)
{
	struct arena a = arena_on(block, sizeof block);
	struct text t = text_on(form, sizeof form);
	const struct terms_error *e;
	struct terms *terms;
	struct digest d, is;
	struct fault f = {0};
	size_t n;

	if (!terms_read(b, &a, &terms, &e, &n, &f)) {
		need(f.kind == FAULT_LIMIT);
		refused(&f);
		return;
	}
	for (size_t i = 0; i < n; i++)
		need(e[i].text[0] && e[i].line > 0 && e[i].column > 0 &&
			(i == 0 || e[i].line > e[i - 1].line ||
				(e[i].line == e[i - 1].line &&
					e[i].column >= e[i - 1].column)));
	need(terms_canonical(terms, &t, &f));
	d = terms_sha256(terms);
	is = sha256_of(text_view(&t));
	need(memcmp(&d, &is, sizeof d) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
