/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "judge/drafts.h"

static const struct {
	const char *what, *was, *is;
	size_t weaker;
	enum modality_word duty_was, duty_is;
	const char *hedge, *promise;
} rows[] = {
	{"shall to may", "The parties shall deploy a force.",
		"The parties may deploy a force.", 1, MODAL_SHALL, MODAL_MAY,
		NULL, NULL},
	{"may to shall is stronger", "They may deploy.", "They shall deploy.",
		0, 0, 0, NULL, NULL},
	{"a way out", "States will assist.",
		"States will assist where possible.", 1, MODAL_NONE,
		MODAL_NONE, "where possible", NULL},
	{"a clause that went", "A. The force shall include air defence. B.",
		"A. B.", 1, MODAL_SHALL, MODAL_NONE, NULL, NULL},
	{"a clause that other words stand for",
		"A. The force shall include air defence. B.",
		"A. It was discussed. B.", 1, MODAL_SHALL, MODAL_NONE, NULL,
		NULL},
	{"a promise by another word", "A. And a commitment to support it. B.",
		"A. B.", 1, MODAL_NONE, MODAL_NONE, NULL, "commitment"},
	{"one that stands elsewhere in the words that came",
		"A. And a commitment to support it. B.",
		"A. This commitment of theirs. B.", 0, 0, 0, NULL, NULL},
	{"one word of it alone", "A. Their commitment. B.", "A. B.", 0, 0, 0,
		NULL, NULL},
	{"a permission of which another is made", "A. They may. B.",
		"A. They do. B.", 0, 0, 0, NULL, NULL},
	{"one word that went", "They will indeed assist.",
		"They will assist.", 0, 0, 0, NULL, NULL},
	{"no word of duty", "Red is the line.", "Blue is the line.", 0, 0, 0,
		NULL, NULL},
	{"the same", "They shall.", "They shall.", 0, 0, 0, NULL, NULL},
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
					(!rows[i].hedge) == (!w[0].hedge) &&
					(!rows[i].promise) ==
						(!w[0].promise))) &&
				strcmp(c[0].was, "p/d1") == 0,
			"%s: %zu%s%s", rows[i].what, n, n ? ", behind " : "",
			n ? w[0].before : "");
	}
	struct draft_text all[3] = {{"They could."}, {"They may."},
		{"They shall."}};
	CHECK(drafts_compare(r, all, &a, &c, &changes, &w, &n, &f) &&
			changes == 2 && n == 2 && strcmp(w[1].is, "p") == 0,
		"by date, the final text last");
	static const char same_day[] = "REGISTER r/1\nACTORS FR \"F\"\n"
		"INSTRUMENT p DATE 2026-01-06 TEXT FILE p.txt\n"
		"DRAFT p/d1 DATE 2026-01-06 FILE d1.txt\n"
		"INSTRUMENT q TEXT FILE q.txt\n"
		"DRAFT q/d1 DATE 2026-01-06 FILE d1.txt\n"
		"DRAFT q/d2 DATE 2026-01-06 FILE d2.txt\n";
	struct draft_text day[5] = {{"They may."}, {"They shall."},
		{"They could."}, {"They will."}, {"They may."}};
	struct pledges *one;
	CHECK(pledges_read(bytes_of(same_day), &a, &one, &e, &n, &f) &&
			n == 0 && drafts_compare(one, day, &a, &c, &changes, &w,
				&n, &f) && changes == 3 && n == 3 &&
			strcmp(c[0].is, "p") == 0 &&
			strcmp(c[1].was, "q/d1") == 0 &&
			strcmp(c[2].is, "q") == 0,
		"a draft of the final text's day is its draft, and so is any "
		"where the final text's day is not stated");
	struct draft_text none[3] = {{"They could."}, {NULL}, {NULL}};
	CHECK(drafts_compare(r, none, &a, &c, &changes, &w, &n, &f) &&
			changes == 0 && n == 0, "one alone weakens nothing");
	arena_unmap(&a);
	return check_done();
}
