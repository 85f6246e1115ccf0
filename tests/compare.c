/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare.c - where a forger could hide from `audit --recompute`: each record
 * of a log that nothing makes, or makes otherwise, is found. */
#include "check.h"
#include "faulty.h"
#include "ledger/ledger.h"
#include "model/id.h"
#include "roles/compare.h"

static struct arena memory;

struct said { /* a record of one log */
	uint8_t type;
	const char *id, *under; /* under: whose subject; NULL its own */
	const char *name[4], *value[4]; /* JSON or a word */
};

static const struct instant now = {INT64_C(1770000000000000000)};
#define I1 "i-06e28d37csicgno7b42pak2cqk"
#define F1 "f-06e28d20o84808lapkr8b4biuk"
#define F2 "f-06e28m3s8qiedei5pllmrer50g"

static void must(bool ok, const struct fault *f)
{
	if (ok)
		return;
	CHECK(false, "%s", f->text);
	exit(check_done());
}

static void make(struct faulty *x, const struct said *s, size_t count)
{
	struct ledger_birth b = {.mission = "Test", .clock = now};
	struct ledger *l;
	struct fault f = {0};

	must(ledger_init(&x->disk, &b, &f), &f);
	must(ledger_open(&l, &x->disk, true, &f), &f);
	for (size_t i = 0; i < count; i++) {
		struct fields body = fields_in(&memory);
		struct ledger_item item = {.type = s[i].type, .clock = now,
			.body = &body};
		struct id id;

		fields_text(&body, "id", s[i].id);
		for (size_t k = 0; k < 4 && s[i].name[k]; k++)
			if (strchr("\"[{0123456789", s[i].value[k][0]))
				fields_json(&body, s[i].name[k],
					bytes_of(s[i].value[k]));
			else
				fields_text(&body, s[i].name[k],
					s[i].value[k]);
		must(id_read(s[i].under ? s[i].under : s[i].id, &id) &&
			id_subject(&id, item.subject) &&
			fields_done(&body, &f), &f);
		must(ledger_append(l, &item, 1, &f), &f);
	}
	must(ledger_sign(l, &f), &f);
	ledger_close(l);
}

static struct compared held(const struct said *log, size_t logged,
	const struct said *anew, size_t made)
{
	struct faulty *a = faulty_make(), *b = faulty_make();
	struct compared c;
	struct fault f = {0};

	memory.used = 0;
	make(a, log, logged);
	make(b, anew, made);
	must(logs_compare(&a->disk, &b->disk, &c, &f), &f);
	faulty_free(b);
	faulty_free(a);
	return c;
}

static void one(const char *what, const struct said *a, const struct said *b,
	const char *counted)
{
	struct compared c = held(a, 1, b, 1);
	const char *got = c.same == 1 ? "same" : c.unit == 1 ? "one unit"
		: c.different == 1 ? "different" : "else";

	CHECK(strcmp(got, counted) == 0, "%s: %s", what, got);
}

static void values(void)
{
	struct said a = {ENTRY_FINDING, F1, NULL, {"clause"}, {"\"4.a\""}};
	struct said b = a;

	one("a record", &a, &b, "same");
	b.value[0] = "\"5.a\"";
	one("another clause", &a, &b, "different");
	a.name[0] = b.name[0] = "explanation";
	a.value[0] = "[\"incident " I1 " version 2, by\",\"P = 0.992\"]";
	b.value[0] = "[\"incident " I1 " version 1, by\",\"P = 0.992\"]";
	one("another version", &a, &b, "same");
	b.value[0] = "[\"incident " I1 " version 1, by\",\"P = 0.993\"]";
	one("the last place of a probability", &a, &b, "one unit");
	b.value[0] = "[\"incident " I1 " version 1, by\",\"P = 0.994\"]";
	one("two of it", &a, &b, "different");
	a.type = b.type = ENTRY_CLAIM;
	a.id = b.id = "c-06e28d20o84808lapkr8b4biuk";
	a.name[0] = b.name[0] = "says";
	a.value[0] = "\"of version 1.2 km\"";
	b.value[0] = "\"of version 9 km\"";
	one("a version in what a party says", &a, &b, "different");
	a = b = (struct said){ENTRY_INCIDENT, I1, NULL, {"count.value"}, {"3"}};
	b.value[0] = "4";
	one("a count", &a, &b, "different");
	a.name[0] = b.name[0] = "features";
	a.value[0] = "{\"score\":0.5}";
	b.value[0] = "{\"score\":0.6}";
	one("a tenth", &a, &b, "different");
	a.value[0] = "{\"score\":12.345678}";
	b.value[0] = "{\"score\":12.345679}";
	one("a millionth", &a, &b, "one unit");
}

static void records(void)
{
	struct said log[] = {
		{ENTRY_FINDING, F1, NULL, {"verdict"}, {"\"breach\""}},
		{ENTRY_FINDING, F2, F1, {"verdict"}, {"\"breach\""}},
		{ENTRY_FINDING, F1, NULL, {"verdict"}, {"\"no breach\""}}};
	struct said forged[] = {log[0], {ENTRY_CLAIM,
		"c-06e28d20o84808lapkr8b4biuk", NULL, {"status"},
		{"rejected"}}};
	struct said gone[] = {log[0], {ENTRY_INCIDENT, I1, NULL, {"status"},
		{"rejected"}}};
	struct compared c = held(log, 3, &log[2], 1);

	CHECK(c.same == 1 && c.unfounded == 1 && !compared_well(&c),
		"a record under another's subject is found: %llu same, %llu",
		(unsigned long long)c.same, (unsigned long long)c.unfounded);
	c = held(forged, 2, forged, 1);
	CHECK(c.unfounded == 1, "a claim cannot be rejected out of sight");
	c = held(gone, 2, gone, 1);
	CHECK(c.withdrawn == 1 && compared_well(&c),
		"an incident that was withdrawn is not looked for");
	c = held(gone, 1, gone, 2);
	CHECK(c.missing == 1 && c.index == UINT64_MAX,
		"what is made and not in the log is missing");
}

/* A batch of one hour in each of two logs. */
static struct compared batches(const char *kind, const char *was,
	const char *is)
{
	const char *const lines[] = {was, is};
	struct faulty *x[2];
	struct compared c;
	struct fault f = {0};

	for (int i = 0; i < 2; i++) {
		struct ledger_item item;
		struct ledger *l;
		struct blob blob;

		x[i] = faulty_make();
		make(x[i], NULL, 0);
		must(ledger_open(&l, &x[i]->disk, true, &f), &f);
		must(ledger_append_batch(l, kind, bytes_of(lines[i]), now, now,
			&item, &blob, &f) && ledger_sign(l, &f), &f);
		ledger_close(l);
	}
	must(logs_compare(&x[0]->disk, &x[1]->disk, &c, &f), &f);
	faulty_free(x[0]);
	faulty_free(x[1]);
	return c;
}

#define LINE(at, azimuth) "{\"at\":\"2026-02-03T04:05:06." at "Z\"," \
	"\"back_azimuth_deg\":" azimuth ",\"id\":\"d-1\"}\n"

static void test_batches(void)
{
	static const struct {
		const char *kind, *was, *is, *what;
		uint64_t same, unit, different;
	} cases[] = {
		{"detection", LINE("123456", "41.125"),
			LINE("123456", "41.125"), "alike", 1, 0, 0},
		{"detection", LINE("123456", "41.125"),
			LINE("123456", "41.126"), "one unit", 0, 1, 0},
		{"detection", LINE("123456", "41.125"),
			LINE("123456", "41.127"), "two units", 0, 0, 1},
		{"detection", LINE("123456", "41.125"),
			LINE("123457", "41.125"), "another time", 0, 0, 1},
		{"look", LINE("123456", "41.125"),
			LINE("123456", "41.126"), "of looks", 0, 0, 1},
		{"detection", LINE("123456", "41.125"),
			LINE("123456", "41.125") LINE("123456", "41.125"),
			"a line more", 0, 0, 1},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct compared c = batches(cases[i].kind, cases[i].was,
			cases[i].is);

		CHECK(c.same == cases[i].same && c.unit == cases[i].unit &&
			c.different == cases[i].different, "batches: %s",
			cases[i].what);
	}
}

int main(void)
{
	struct fault f = {0};

	must(arena_map(&memory, (size_t)1 << 28, &f), &f);
	values();
	records();
	test_batches();
	return check_done();
}
