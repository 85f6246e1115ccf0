/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What findings call up: windows, clocks, ladders, who is bound, what falls;
 * the same whatever the order. */
#include "check.h"
#include "judge/owing.h"
#include "model/codec.h"

#define HEAD "REGISTER r/1\n"                                                  \
	"ACTORS FR \"France\" GB \"Britain\" US \"States\" UA \"Ukraine\"\n"   \
	"INSTRUMENT p DATE 2026-01-06\n"                                       \
	"ENDORSED p BY FR GB NOT BY US SAID \"not explicitly\"\n"              \
	"LADDER l FROM first breach GRADE serious STEP 24 h a STEP 72 h b\n"
#define HOUR (INT64_C(3600) * 1000000000)

static struct arena arena;

static const struct pledges *sound(const char *text)
{
	const struct terms_error *e;
	struct pledges *r;
	struct fault f;
	size_t n;

	arena.used = 0;
	CHECK(pledges_read(bytes_of(text), &arena, &r, &e, &n, &f) && n == 0,
		"a sound register%s%s", n ? ": " : "", n ? e[0].text : "");
	return r;
}

static struct breach at(char name, int64_t hour, const char *grade)
{
	struct breach b = {.clause = "5.a", .grade = grade,
		.standard = "clear", .party = "A",
		.from = {(490000 + hour) * HOUR},
		.to = {(490000 + hour) * HOUR + 7}};

	b.id = id_make('f', b.from, (struct bytes){(uint8_t *)&name, 1});
	return b;
}

static bool began(const struct obligation *o, const char *pledge,
	const struct breach *by)
{
	return strcmp(o->pledge, pledge) == 0 &&
		strcmp(o->finding.text, by->id.text) == 0;
}

static void test_windows(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE one FROM FR TO UA ACT aid TRIGGER >= 1 finding GRADE "
		"serious WITHIN 24 h DUE 24 h AFTER trigger\n"
		"PLEDGE three FROM FR TO UA ACT aid TRIGGER >= 3 findings "
		"WITHIN 2 h\n"
		"PLEDGE ever FROM FR TO UA ACT aid TRIGGER >= 1 finding\n"
		"PLEDGE none FROM FR TO UA ACT aid\n");
	const struct breach in[] = {at('d', 30, "grave"),
		at('a', 0, "minor"), at('b', 3, "serious"),
		at('c', 4, "serious"), at('e', 5, "serious")};
	struct owing w;
	struct fault f;

	CHECK(owing_find(r, in, 5, &arena, &w, &f) && w.count == 4,
		"what is owed: %zu", w.count);
	CHECK(began(&w.owed[0], "ever", &in[1]) &&
			!instant_known(w.owed[0].due.from),
		"without a window all belong together; no stated due time");
	CHECK((began(&w.owed[1], "one", &in[2]) &&
			began(&w.owed[2], "three", &in[2])) ||
		(began(&w.owed[2], "one", &in[2]) &&
			began(&w.owed[1], "three", &in[2])),
		"three within two hours, though one came before");
	CHECK(began(&w.owed[3], "one", &in[0]),
		"grave is serious and more; a new window opens anew");
	CHECK(w.owed[3].due.from.utc_ns == in[0].from.utc_ns + 24 * HOUR &&
			w.owed[3].due.to.utc_ns -
				w.owed[3].due.from.utc_ns == 7,
		"the clock starts from the interval of the first breach");
	CHECK(owing_find(r, in, 0, &arena, &w, &f) && w.count == 0,
		"no breach, nothing owed");
	CHECK(grade_reaches("grave", "serious") &&
			!grade_reaches("minor", "serious") &&
			!grade_reaches("", "minor") &&
			grade_reaches("red", "red") &&
			!grade_reaches("grave", "red"),
		"grades of the agreement's own are only themselves");
}

static void test_bound(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE all FROM endorsers TO UA ACT aid or arms UNDER p "
		"MODALITY \"may include\" STATUS announced 2026-01-06 "
		"TRIGGER >= 2 findings BY LADDER l DUE 1 h AFTER trigger\n"
		"PLEDGE us FROM US TO UA ACT aid UNDER p "
		"TRIGGER >= 1 finding BY LADDER l\n");
	const struct breach in[] = {at('a', 0, "minor"),
		at('b', 3, "serious"), at('c', 5, "grave")};
	struct owing w;
	struct fault f;
	size_t own = 0, steps = 0, us = 0;

	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 8,
		"two endorsers owe three each, who withholds two: %zu",
		w.count);
	for (size_t i = 0; i < w.count; i++) {
		const struct obligation *o = &w.owed[i];
		bool all = strcmp(o->pledge, "all") == 0;

		own += all && !*o->step && o->opens.from.utc_ns ==
				in[0].from.utc_ns;
		steps += *o->step && o->opens.from.utc_ns ==
				in[1].from.utc_ns &&
			o->due.from.utc_ns == o->opens.from.utc_ns +
				(o->step[0] == 'a' ? 24 : 72) * HOUR;
		us += !all && strcmp(o->endorsed, "withheld") == 0 &&
			strcmp(o->actor, "US") == 0;
		CHECK_QUIET(!all || (strcmp(o->endorsed, "yes") == 0 &&
				strcmp(o->strength, "may") == 0 &&
				strcmp(o->stage, "announced") == 0 &&
				o->acts == 2 && strlen(
					o->wording_sha256) == 64 &&
				strcmp(o->completed_by.text,
					in[1].id.text) == 0),
			"wording, stage, endorsement, who completed it");
	}
	CHECK(own == 2 && steps == 6 && us == 2,
		"a ladder's clock starts from the first breach of its grade");
	CHECK(owing_find(r, in, 1, &arena, &w, &f) && w.count == 0,
		"no breach of its grade: no step is due");
}

static void test_people(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE seen FROM FR TO UA ACT aid TRIGGER >= 1 finding, "
		"reviewed\n"
		"PLEDGE told FROM FR TO UA ACT aid TRIGGER >= 1 finding, "
		"jointly accepted\n"
		"PLEDGE both FROM FR TO UA ACT aid TRIGGER >= 1 finding, "
		"reviewed, jointly accepted DUE 1 h AFTER trigger\n");
	struct breach in[] = {at('a', 0, "minor"), at('b', 1, "minor"),
		at('c', 2, "minor")};
	struct owing w;
	struct fault f;

	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 0,
		"what nobody reviewed or accepted calls nothing up");
	in[1].reviewed = in[2].joint = true;
	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 2 &&
			began(&w.owed[0], "seen", &in[1]) &&
			began(&w.owed[1], "told", &in[2]),
		"each as its trigger asks");
	in[1].joint = true;
	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 2,
		"a review that is not accepted yet does not do for both");
	in[1].both = true;
	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 3,
		"now it does");
	in[1].from = INSTANT_UNKNOWN;
	in[2].joint = false;
	CHECK(owing_find(r, in, 3, &arena, &w, &f) && w.count == 0,
		"a breach at no known time starts no clock");
}

static void test_falls(void)
{
	static const char text[] = HEAD
		"PLEDGE one FROM FR TO UA ACT aid "
		"TRIGGER >= 2 findings WITHIN 4 h\n";
	const struct pledges *r = sound(text);
	const struct breach in[] = {at('b', 3, "minor"), at('c', 4, "minor"),
		at('a', 1, "minor")};
	struct obligation was;
	struct owing w;
	struct fault f;

	CHECK(owing_find(r, in, 2, &arena, &w, &f) && w.count == 1 &&
			!owing_fell(&w, &w.owed[0]), "it stands");
	was = w.owed[0];
	CHECK(owing_find(r, in, 3, &arena, &w, &f) && owing_fell(&w, &was) &&
			was.fall == OBLIGATION_NO_TRIGGER && w.count == 1 &&
			strcmp(was.replaced_by.text, w.owed[0].id.text) == 0,
		"an earlier breach opens it anew, and the old one says so");
	CHECK(owing_find(r, in, 1, &arena, &w, &f) && owing_fell(&w, &was) &&
			was.fall == OBLIGATION_NO_TRIGGER &&
			!id_is(&was.replaced_by),
		"too few are left");
	CHECK(owing_find(r, in + 1, 1, &arena, &w, &f) &&
			owing_fell(&w, &was) &&
			was.fall == OBLIGATION_NO_BREACH,
		"its finding is no breach any more");
	was.actor = "GB";
	CHECK(owing_fell(&w, &was) && was.fall == OBLIGATION_NO_PLEDGE,
		"who is not bound by the register owes nothing");
}

/* Any order of breaches: the same ids. */
static void test_rests(void)
{
	static const char *const stages[] = {
		"STATUS in_force 2025-11-01 STATUS ended 2025-11-25",
		"STATUS in_force 2025-11-01 STATUS suspended 2025-11-20 "
		"STATUS in_force 2025-11-24",
		"STATUS suspended 2025-11-20", "STATUS ended 2025-11-26"};
	static const size_t owed[] = {1, 2, 0, 2};
	/* 2025-11-24T16:00 and 2025-11-25T02:00 */
	const struct breach in[] = {at('a', 0, "grave"), at('b', 10, "grave")};
	struct obligation gone;
	struct owing w;
	struct fault f;

	for (size_t i = 0; i < 4; i++) {
		char text[1024];

		(void)snprintf(text, sizeof text, "REGISTER r/1\n"
			"ACTORS FR \"France\" UA \"Ukraine\"\n"
			"INSTRUMENT p DATE 2025-01-06 %s\n"
			"PLEDGE own FROM FR TO UA ACT aid %s TRIGGER >= 1 "
			"finding WITHIN 1 h\n"
			"PLEDGE under FROM FR TO UA ACT aid UNDER p TRIGGER "
			">= 1 finding WITHIN 1 h\n", stages[i], stages[i]);
		CHECK(owing_find(sound(text), in, 2, &arena, &w, &f) &&
				w.count == 2 * owed[i],
			"%s: %zu owed", stages[i], w.count);
	}
	gone = w.owed[0];
	gone.pledge = "own";
	gone.actor = "FR";
	CHECK(owing_find(sound("REGISTER r/1\n"
		"ACTORS FR \"France\" UA \"Ukraine\"\n"
		"INSTRUMENT p DATE 2025-01-06\n"
		"PLEDGE own FROM FR TO UA ACT aid STATUS ended 2025-11-20 "
		"TRIGGER >= 1 finding WITHIN 1 h\n"
		"PLEDGE under FROM FR TO UA ACT aid STATUS ended 2025-11-20 "
		"UNDER p TRIGGER >= 1 finding WITHIN 1 h\n"),
		in, 2, &arena, &w, &f) && w.count == 0 &&
			owing_fell(&w, &gone) &&
			gone.fall == OBLIGATION_NO_PLEDGE,
		"one that was opened before its end was known falls");
}

static void test_order(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE a FROM endorsers TO UA ACT aid UNDER p "
		"TRIGGER >= 2 findings WITHIN 3 h BY LADDER l\n"
		"PLEDGE b FROM GB TO UA ACT aid TRIGGER >= 3 findings\n");
	struct breach in[12];
	struct owing first, w;
	struct fault f;
	uint32_t dice = 7;

	for (int i = 0; i < 12; i++)
		in[i] = at((char)('a' + i), i / 2 * 3,
			i % 3 ? "serious" : "minor");
	CHECK(owing_find(r, in, 12, &arena, &first, &f) && first.count > 6,
		"many: %zu", first.count);
	for (int k = 0; k < 200; k++) {
		for (size_t i = 11; i > 0; i--) {
			struct breach x = in[i];
			size_t j = (dice = dice * 1664525 + 1013904223) %
				(i + 1);

			in[i] = in[j];
			in[j] = x;
		}
		CHECK_QUIET(owing_find(r, in, 12, &arena, &w, &f) &&
				w.count == first.count, "as many");
		for (size_t i = 0; i < w.count; i++)
			CHECK_QUIET(strcmp(w.owed[i].id.text,
				first.owed[i].id.text) == 0, "the same");
	}
	CHECK(true, "200 orders give the same obligations");
}

static void test_record(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE a FROM FR TO UA ACT aid UNDER p "
		"AUTHORITY \"\\\"c\\\"\" "
		"TRIGGER >= 1 finding BY LADDER l\n");
	const struct breach in[] = {at('a', 0, "serious")};
	struct fields s = fields_in(&arena), again = fields_in(&arena);
	char one[4096], two[4096];
	struct text t = text_on(one, sizeof one), u = text_on(two, sizeof two);
	struct obligation o;
	const struct tree *tree;
	struct owing w;
	struct fault f;

	CHECK(owing_find(r, in, 1, &arena, &w, &f) && w.count == 2,
		"two steps");
	w.owed[0].fall = OBLIGATION_NO_BREACH;
	w.owed[0].replaced_by = w.owed[1].id;
	w.owed[0].version = 3;
	CHECK(obligation_write(&w.owed[0], &s, &f), "written");
	fields_print(&s, &t);
	CHECK(tree_read(text_view(&t), &arena, &tree, &f) &&
			obligation_read(tree, &arena, &o, &f) &&
			obligation_write(&o, &again, &f), "read");
	fields_print(&again, &u);
	CHECK(strcmp(one, two) == 0 && o.id.text[0] == 'o', "%s", one);
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, 64 << 20, &f))
		return 1;
	test_windows();
	test_bound();
	test_people();
	test_falls();
	test_rests();
	test_order();
	test_record();
	arena_unmap(&arena);
	return check_done();
}
