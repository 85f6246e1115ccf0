/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tracker's table becomes a register that reads without error, with the same
 * sums; what is not understood is kept with its fault. */
#include "check.h"
#include "judge/tracker.h"

static const char map[] = "# columns\n"
	"pledge = id\nactor = Donor\nis = measure\n"
	"date = announcement date\namount = value\nunit = currency\n"
	"to = \"Ukraine\"\nact = type\nprices = price_year\nsource = source\n"
	"COMMITTED = Commitment\nALLOCATED = Allocation\n";
static const char head[] = "id,Donor,announcement date,measure,type,currency,"
	"value,price_year,source\n";

static struct arena arena;
static char out[1 << 16];

static bool convert(const char *csv, const char *with,
	struct tracker_done *done, struct fault *f)
{
	struct text t = text_on(out, sizeof out);

	arena.used = 0;
	return tracker_read(bytes_of(csv), bytes_of(with), "a \"table\".csv",
		&arena, &t, done, f);
}

static void test_sums(void)
{
	static char csv[4096];
	struct text t = text_on(csv, sizeof csv);
	const struct terms_error *e;
	struct tracker_done done;
	struct pledges *r;
	struct account a[8];
	struct fault f;
	size_t n;

	text_add(&t, head);
	text_add(&t, "DEU1,Germany,2022-02-27,Commitment,Military,EUR,"
		"\"1,000,000.00\",,https://example.org/a\n"
		"DEU1,Germany,2022-05-01,Allocation,Military,EUR,250000,,x\n"
		"DEU1,Germany,2022-06-01,allocation,Military,EUR,-50000.5,,\n"
		"USA7,\"United \"\"States\"\"\",2022-03-01,Commitment,"
		"Financial,USD,3.14159,,\"said\nover two lines\"\n"
		"USA7,\"United \"\"States\"\"\",2022-03-02,Commitment,"
		"Financial,USD,100,2021,y\n"
		"POL2,Poland,27/02/2022,Commitment,Military,PLN,5,,z\n"
		"POL2,Poland,2022-02-27,Promise,Military,PLN,5,,z\n"
		"POL2,Poland,2022-02-27,Commitment,Military,PLN,\"5 mio\",,\n"
		"POL2,Poland,2022-02-27,Commitment,Military,PLN,\"1,23\",,\n"
		"DEU1,Poland,2022-02-27,Commitment,Military,PLN,5,,z\n"
		"too,few\n\n"
		"POL2,Poland,2022-02-28 00:00:00,Commitment,,PLN,5,,z\n");
	CHECK(convert(csv, map, &done, &f), "converted: %s", f.text);
	CHECK(done.rows == 12 && done.taken == 6 && done.kept == 6 &&
			done.pledges == 3 && done.first_line == 8,
		"%zu rows, %zu taken, %zu kept, first in line %zu: %s",
		done.rows, done.taken, done.kept, done.first_line, done.why);
	CHECK(pledges_read(bytes_of(out), &arena, &r, &e, &n, &f) && n == 0,
		"a sound register%s%s", n ? ": " : "", n ? e[0].text : "");
	CHECK(pledges_accounts(r, "DEU1", a, 8, &n, &f) && n == 1 &&
			a[0].sum[FLOW_COMMITTED] == 100000000 &&
			a[0].sum[FLOW_ALLOCATED] == 19999950 &&
			a[0].open == 80000050,
		"an allocation is taken out of what was committed, a "
		"correction off it");
	CHECK(pledges_accounts(r, "USA7", a, 8, &n, &f) && n == 2 &&
			a[0].sum[FLOW_COMMITTED] == 314 &&
			a[1].price_year == 2021 &&
			strstr(out, "# rounded from 3.14159"),
		"price years apart; what is rounded is said");
	CHECK(strstr(out, "'27/02/2022' is no date") &&
			strstr(out, "'Promise' is none") &&
			strstr(out, "'5 mio' is no amount") &&
			strstr(out, "'1,23' is no amount") &&
			strstr(out, "pledge DEU1 is of Germany in line 2") &&
			strstr(out, ": too,few\n"),
		"each row that is not understood stands there with its fault");
	CHECK(strstr(out, "United__States_ \"United \\\"States\\\"\"") != NULL,
		"an actor keeps its name");
}

static void test_maps(void)
{
	static const struct {
		const char *map, *says;
	} rows[] = {
		{"pledge = nothing\n", "no column 'nothing'"},
		{"pledge = id\n", "no line for `actor`"},
		{"colour = id\n", "wants `field = column`"},
		{"pledge\n", "wants `field = column`"},
	};
	struct tracker_done done;
	struct fault f;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(!convert(head, rows[i].map, &done, &f) &&
				f.kind == FAULT_INPUT &&
				strstr(f.text, rows[i].says), "%s", f.text);
	CHECK(convert(head, map, &done, &f) && done.rows == 0,
		"an empty table");
}

/* Nothing is lost: rows taken and rows kept are all there are. */
static void test_random(void)
{
	static char csv[1 << 14];
	static const char *const bits[] = {"DEU1", "Germany", "2022-02-27",
		"Commitment", "EUR", "5.5", "-1,000", "\"", ",", "\n", "x\"y",
		"\\", "#", "PLEDGE", "\x01", "2021", " ",
		"\nDEU1,Germany,2022-02-27,Commitment,Aid,EUR,5.5,,s\n",
		"\nPOL2,Poland,2022-02-27,Allocation,Aid,PLN,-7,2021,\n",
		"\"a\nb\"", ""};
	uint32_t dice = 5;
	long wrong = 0;

	for (int k = 0; k < 2000; k++) {
		struct text t = text_on(csv, sizeof csv);
		const struct terms_error *e;
		struct tracker_done done;
		struct pledges *r;
		struct fault f;
		size_t n;

		text_add(&t, head);
		for (int i = 0; i < 90; i++) {
			dice = dice * 1664525 + 1013904223;
			text_add(&t, bits[(dice >> 10) %
				(sizeof bits / sizeof *bits)]);
			dice = dice * 1664525 + 1013904223;
			if (dice >> 31)
				text_char(&t, ',');
		}
		if (!convert(csv, map, &done, &f)) {
			wrong += f.kind != FAULT_INPUT;
			continue;
		}
		wrong += done.taken + done.kept != done.rows ||
			!pledges_read(bytes_of(out), &arena, &r, &e, &n, &f) ||
			n > 0 || r->flows != done.taken;
		CHECK_QUIET(wrong == 0, "%s\n%s", csv, out);
		if (wrong)
			break;
	}
	CHECK(wrong == 0, "2000 random tables become sound registers");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, 64 << 20, &f))
		return 1;
	test_sums();
	test_maps();
	test_random();
	arena_unmap(&arena);
	return check_done();
}
