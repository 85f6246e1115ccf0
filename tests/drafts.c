/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "judge/drafts.h"

static const struct {
	const char *what, *was, *is;
	size_t weaker;
	enum modality_word duty_was, duty_is;
	const char *hedge;
} rows[] = {
	{"shall to may", "The parties shall deploy a force.",
		"The parties may deploy a force.", 1, MODAL_SHALL, MODAL_MAY,
		NULL},
	{"may to shall is stronger", "They may deploy.", "They shall deploy.",
		0, 0, 0, NULL},
	{"a way out", "States will assist.",
		"States will assist where possible.", 1, MODAL_NONE,
		MODAL_NONE, "where possible"},
	{"a clause that went", "A. The force shall include air defence. B.",
		"A. B.", 1, MODAL_SHALL, MODAL_NONE, NULL},
	{"one word that went", "They will indeed assist.",
		"They will assist.", 0, 0, 0, NULL},
	{"no word of duty", "Red is the line.", "Blue is the line.", 0, 0, 0,
		NULL},
	{"the same", "They shall.", "They shall.", 0, 0, 0, NULL},
};

int main(void)
{
	static const char text[] = "REGISTER r/1\nACTORS FR \"F\"\n"
		"INSTRUMENT p DATE 2026-01-06 TEXT FILE p.txt\n"
		"DRAFT p/d2 DATE 2026-01-05 FILE d2.txt\n"
		"DRAFT p/d1 DATE 2026-01-04 FILE d1.txt\n";
	const struct terms_error *e;
	struct draft_change *c;
	struct arena a;
	struct pledges *r;
	struct weaker *w;
	struct fault f;
	size_t n, changes;

	if (!arena_map(&a, 16 << 20, &f))
		return 1;
	CHECK(pledges_read(bytes_of(text), &a, &r, &e, &n, &f) && n == 0,
		"a register of three drafts");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft_text t[3] = {{NULL}, {rows[i].is}, {rows[i].was}};

		CHECK(drafts_compare(r, t, &a, &c, &changes, &w, &n, &f) &&
				changes == 1 && n == rows[i].weaker &&
				(n == 0 || (w[0].duty_was == rows[i].duty_was &&
					w[0].duty_is == rows[i].duty_is &&
					(!rows[i].hedge) == (!w[0].hedge))) &&
				strcmp(c[0].was, "p/d1") == 0,
			"%s: %zu%s%s", rows[i].what, n, n ? ", behind " : "",
			n ? w[0].before : "");
	}
	struct draft_text all[3] = {{"They could."}, {"They may."},
		{"They shall."}};
	CHECK(drafts_compare(r, all, &a, &c, &changes, &w, &n, &f) &&
			changes == 2 && n == 2 && strcmp(w[1].is, "p") == 0,
		"by date, the final text last");
	struct draft_text none[3] = {{"They could."}, {NULL}, {NULL}};
	CHECK(drafts_compare(r, none, &a, &c, &changes, &w, &n, &f) &&
			changes == 0 && n == 0, "one alone weakens nothing");
	arena_unmap(&a);
	return check_done();
}
