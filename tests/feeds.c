/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * feeds.c - the protocols of nodes and of SeedLink: cut anywhere they give the
 * same, and whatever comes ends in groups, packets or a worded fault; packets
 * on a disk that fails are there if they were kept. */
#include "check.h"
#include "faulty.h"
#include "feeds/push.h"
#include "feeds/seedlink.h"
#include "roles/packets.h"

enum { SAID = 1 << 16 };

static char said[SAID];
static struct faulty *disk;

/* -- nodes -- */

/* What came of it, as text: groups by length and sum, answers, the fault. */
static void nodes(struct bytes in, size_t step, struct text *out)
{
	struct push p = {0};
	size_t at = 0, have = 0;
	bool ok = true;

	while (ok && have < in.len) {
		size_t used = 1;

		have = have + step < in.len ? have + step : in.len;
		while (ok && used > 0) {
			char line[PUSH_LINE_MAX];
			struct text answer = text_on(line, sizeof line);
			struct bytes group;
			struct fault f = {0};
			unsigned sum = 0;
			bool got;

			ok = push_take(&p, bytes_part(in, at, have - at), &used,
				&group, &got, &answer, &f);
			for (size_t i = 0; ok && got && i < group.len; i++)
				sum += group.at[i];
			if (ok && got && p.lost)
				text_fmt(out, "{%.*s}", (int)group.len,
					(const char *)group.at);
			else if (ok && got)
				text_fmt(out, "[%zu %u]", group.len, sum);
			text_bytes(out, text_view(&answer));
			if (!ok)
				text_fmt(out, "<%s>", f.text);
			at += used;
		}
	}
	text_fmt(out, "(%s)", p.name);
}

static const struct {
	const char *name, *in, *want;
} node_cases[] = {
	{"two groups", "TRUCE 1 S01\nGROUP 3\nabcGROUP 1\nd",
		"OK\n[3 294][1 100](S01)"},
	{"with a carriage return", "TRUCE 1 a-b.c_9\r\nGROUP 2\r\nxy",
		"OK\n[2 241](a-b.c_9)"},
	{"a group that looks like a line", "TRUCE 1 a\nGROUP 8\nGROUP 1\n",
		"OK\n[8 488](a)"},
	{"half a group", "TRUCE 1 a\nGROUP 9\nhalf", "OK\n(a)"},
	{"what was lost", "TRUCE 1 a\nLOST XT_1_00 2026-02-03T04:00:00Z "
		"2026-02-03T04:10:00Z ring full, twice\nGROUP 1\nd",
		"OK\n{sensor,gap_from,gap_until,why\nXT_1_00,"
		"2026-02-03T04:00:00.000000Z,2026-02-03T04:10:00.000000Z,"
		"ring full_ twice\n}"
		"[1 100](a)"},
	{"lost backwards", "TRUCE 1 a\nLOST XT_1 2026-02-03T04:00:00Z "
		"2026-02-03T03:10:00Z x\n",
		"OK\n<wants LOST SENSOR FROM UNTIL WHY>(a)"},
	{"lost without a zone", "TRUCE 1 a\nLOST XT_1 2026-02-03T04:00:00 "
		"2026-02-03T04:10:00Z x\n",
		"OK\n<wants LOST SENSOR FROM UNTIL WHY>(a)"},
	{"lost without a word", "TRUCE 1 a\nLOST XT_1 2026-02-03T04:00:00Z "
		"2026-02-03T04:10:00Z\n",
		"OK\n<wants LOST SENSOR FROM UNTIL WHY>(a)"},
	{"lost somewhere", "TRUCE 1 a\nLOST ../x 2026-02-03T04:00:00Z "
		"2026-02-03T04:10:00Z x\n",
		"OK\n<wants LOST SENSOR FROM UNTIL WHY>(a)"},
	{"no greeting", "GET / HTTP/1.1\n", "<wants TRUCE 1 NAME>()"},
	{"another version", "TRUCE 2 a\n", "<wants TRUCE 1 NAME>()"},
	{"no name", "TRUCE 1 \n",
		"<a name has 1 to 63 of A-Z a-z 0-9 _ - .>()"},
	{"a path", "TRUCE 1 ../x\n",
		"<a name has 1 to 63 of A-Z a-z 0-9 _ - .>()"},
	{"no length", "TRUCE 1 a\nGROUP \n", "OK\n<wants GROUP LENGTH>(a)"},
	{"nothing in it", "TRUCE 1 a\nGROUP 0\n",
		"OK\n<wants GROUP LENGTH>(a)"},
	{"too long", "TRUCE 1 a\nGROUP 1048577\n",
		"OK\n<a group has at most 1048576 bytes>(a)"},
};

static void push_cases(void)
{
	for (size_t i = 0; i < sizeof node_cases / sizeof *node_cases; i++) {
		struct bytes in = bytes_of(node_cases[i].in);

		for (size_t step = 1; step <= in.len; step++) {
			struct text t = text_on(said, sizeof said);

			nodes(in, step, &t);
			CHECK_QUIET(strcmp(said, node_cases[i].want) == 0,
				"%s by %zu: %s", node_cases[i].name, step,
				said);
		}
		CHECK(true, "node: %s", node_cases[i].name);
	}
}

/* -- servers -- */

static void server(struct seedlink *s, struct bytes in, size_t step,
	struct text *out)
{
	size_t at = 0, have = 0;
	bool ok = true;

	seedlink_start(s, out);
	while (ok && have < in.len) {
		size_t used = 1;

		have = have + step < in.len ? have + step : in.len;
		while (ok && used > 0) {
			struct seedlink_packet p;
			struct fault f = {0};
			bool got;

			ok = seedlink_take(s, bytes_part(in, at, have - at),
				&used, &p, &got, out, &f);
			if (ok && got)
				text_fmt(out, "[%zu %llu %s]", p.record.len,
					(unsigned long long)p.sequence,
					p.entry ? p.entry->station : "-");
			if (!ok)
				text_fmt(out, "<%s>", f.text);
			at += used;
		}
	}
}

#define HEAD_4(format, n, seq) "SE" format "D" n "\0\0\0" seq \
	"\0\0\0\0\0\0\0"
/* Of XX_AB, 512 bytes, in 8 and 504. */
#define RECORD_3 "000001D AB   00BHZXX"

static char three[2 * 520], four[512];

/* A packet of version 3. */
static size_t packet_3(char *to, const char *head)
{
	memset(to, 'x', 520);
	memcpy(to, head, 8);
	memcpy(to + 8, RECORD_3, sizeof RECORD_3 - 1);
	return 520;
}

static void seedlink_case(const char *name, const char *streams,
	const char *hello, struct bytes data, const char *want)
{
	struct arena a = {0};
	struct fault f = {0};
	static char in[4096];
	size_t n = strlen(hello);

	if (!arena_map(&a, 1 << 20, &f))
		return;
	memcpy(in, hello, n);
	if (data.len > 0)
		memcpy(in + n, data.at, data.len);
	n += data.len;
	for (size_t step = 1; step <= n; step++) {
		struct text t = text_on(said, sizeof said);
		struct seedlink s = {0};

		a.used = 0;
		CHECK_QUIET(seedlink_entries(streams, &s, &a, &f), "%s",
			f.text);
		s.entry[0].last[0] = 0xfffffe;
		s.entry[0].last[1] = 41;
		s.entry[0].known[0] = s.entry[0].known[1] = true;
		server(&s, (struct bytes){(const uint8_t *)in, n}, step, &t);
		CHECK_QUIET(strcmp(said, want) == 0, "%s by %zu: %s", name,
			step, said);
	}
	CHECK(true, "server: %s", name);
	arena_unmap(&a);
}

static void seedlink_cases(void)
{
	static const char data_4[] =
		HEAD_4("2", "\3", "\7") "\5XX_ABabc"
		HEAD_4("J", "\2", "\0") "\0{}"
		HEAD_4("3", "\1", "\11") "\4YY_Zq";
	size_t n = packet_3(three, "SL0000FF");
	struct bytes two = {(const uint8_t *)three,
		n + packet_3(three + n, "SLINFO *")};
	struct bytes b4 = {(const uint8_t *)data_4, sizeof data_4 - 1};

	seedlink_case("version 3, everything", "", "SeedLink v3.1\r\nsite\r\n",
		two, "HELLO\r\nDATA FFFFFF\r\n[512 255 *]");
	seedlink_case("version 3, a station", "XX_AB:00BHZ",
		"SeedLink v3.1\r\nsite\r\nOK\r\nOK\r\nOK\r\n", two,
		"HELLO\r\nSTATION AB XX\r\nSELECT 00BHZ\r\nDATA FFFFFF\r\n"
		"END\r\n[512 255 XX_AB]");
	seedlink_case("version 4", "XX_AB,YY_*",
		"S v4.0 :: SLPROTO:4.0 CAP\r\nsite\r\nOK\r\nOK\r\nOK\r\nOK\r\n"
		"OK\r\n", b4, "HELLO\r\nSLPROTO 4.0\r\nSTATION XX_AB\r\n"
		"DATA 42\r\nSTATION YY_*\r\nDATA\r\nEND\r\n[3 7 XX_AB]"
		"[1 9 YY_*]");
	seedlink_case("version 4 refused", "XX_AB",
		"S :: SLPROTO:4.0\r\nx\r\nERROR no\r\nOK\r\nOK\r\n", two,
		"HELLO\r\nSLPROTO 4.0\r\nSTATION AB XX\r\nDATA FFFFFF\r\n"
		"END\r\n[512 255 XX_AB]");
	seedlink_case("4.01 is not 4.0", "XX_AB",
		"S :: SLPROTO:4.01\r\nx\r\nERROR\r\n", (struct bytes){0},
		"HELLO\r\nSTATION AB XX\r\n"
		"<the server has none of the stations>");
	seedlink_case("neither OK nor ERROR", "XX_AB", "S\r\nx\r\nMAYBE\r\n",
		(struct bytes){0},
		"HELLO\r\nSTATION AB XX\r\n<wants OK or ERROR>");
	seedlink_case("garbage for packets", "", "S\r\nx\r\nGARBAGE",
		(struct bytes){0},
		"HELLO\r\nDATA FFFFFF\r\n<no packet begins here>");
	seedlink_case("the server ends", "", "S\r\nx\r\nEND\r\n",
		(struct bytes){0},
		"HELLO\r\nDATA FFFFFF\r\n<the server has ended>");
	memcpy(four, "S SLPROTO:4.0\r\nx\r\nOK\r\nOK\r\nOK\r\nSE2D\1\0\x10\0",
		38);
	memset(four + 38, 0, 20);
	seedlink_case("a packet of a megabyte and one", "*", "",
		(struct bytes){(const uint8_t *)four, 50},
		"HELLO\r\nSLPROTO 4.0\r\nSTATION *\r\nDATA 42\r\nEND\r\n"
		"<a packet of 1048577 bytes>");
}

/* Bytes of an own generator behind sound beginnings: nothing but faults. */
static void noise(void)
{
	static uint8_t in[3000];
	uint64_t r = 7;
	size_t words = 0;

	for (int round = 0; round < 2000; round++) {
		const char *begin = round % 2 ? "TRUCE 1 a\nGROUP 7\n" :
			"S SLPROTO:4.0\r\nx\r\nOK\r\nOK\r\nOK\r\nSE2D\7\0\0\0";
		struct text t = text_on(said, sizeof said);
		struct arena a = {0};
		struct seedlink s = {0};
		struct fault f = {0};
		size_t n = strlen(begin);

		memcpy(in, begin, n);
		for (size_t i = n; i < sizeof in; i++) {
			r = r * UINT64_C(6364136223846793005) + 1;
			in[i] = (uint8_t)(r >> 40);
		}
		if (round % 2) {
			nodes((struct bytes){in, sizeof in}, 100, &t);
		} else if (arena_map(&a, 1 << 20, &f) &&
			seedlink_entries("", &s, &a, &f)) {
			server(&s, (struct bytes){in, sizeof in}, 100, &t);
		}
		arena_unmap(&a);
		words += strchr(said, '<') != NULL;
	}
	CHECK(words > 1900, "noise ends in a worded fault: %zu of 2000", words);
}

/* -- what is kept -- */

enum { GROUPS = 12 };

/* How many groups were kept; each has its number in all bytes, one is long. */
static size_t keep_all(struct fault *f)
{
	static uint8_t group[200000];
	const struct instant now = {INT64_C(1770000000) * 1000000000};
	struct packets p;
	bool busy;
	size_t kept = 0;

	if (!packets_open(&p, &disk->disk, &busy, f))
		return 0;
	for (size_t i = 0; i < GROUPS; i++) {
		struct packet x = {.feed = "seedlink4 h:1", .entry = "XX_A",
			.sequence = i + 1,
			.bytes = {group, i == 5 ? sizeof group : 512}};

		memset(group, (int)i + 1, x.bytes.len);
		if (!packets_add(&p, &x, now, f) || !packets_keep(&p, f))
			break;
		kept = i + 1;
		packets_clear(&p);
	}
	packets_close(&p);
	return kept;
}

/* What is there afterwards. */
static size_t found(uint64_t *last)
{
	struct packets p;
	struct fault f = {0};
	uint64_t after;
	bool busy;
	size_t n = 0;

	*last = 0;
	if (!packets_open(&p, &disk->disk, &busy, &f))
		return 0;
	(void)packets_resume(&p, "seedlink4 h:1", "XX_A", last);
	if (packets_cut(&p, spool_end(&p.spool), (size_t)1 << 30, &after, &f))
		for (; n < p.count; n++)
			if (p.packet[n].sequence != n + 1 ||
				p.packet[n].bytes.len != (n == 5 ? 200000u :
					512u) || p.packet[n].bytes.at[0] !=
				n + 1 || p.packet[n].bytes.at[
				p.packet[n].bytes.len - 1] != n + 1)
				break;
	packets_close(&p);
	return n;
}

static void failing_disk(void)
{
	uint64_t calls, last;
	size_t short_of = 0;

	disk = faulty_make();
	{
		struct fault f = {0};

		CHECK(keep_all(&f) == GROUPS && found(&last) == GROUPS &&
			last == GROUPS, "all are kept: %s", f.text);
	}
	calls = disk->calls;
	faulty_free(disk);
	for (uint64_t at = 1; at <= calls; at++) {
		struct fault f = {0};
		size_t kept, there;

		disk = faulty_make();
		disk->random = at;
		disk->fail_at = at;
		disk->how = (enum faulty_how)(at % 3);
		disk->forever = at % 2;
		kept = keep_all(&f);
		disk->fail_at = 0;
		faulty_crash(disk, FAULTY_POWER);
		there = found(&last);
		short_of += kept < GROUPS;
		CHECK_QUIET(there >= kept && last >= kept,
			"call %llu fails: %zu kept, %zu there, last %llu",
			(unsigned long long)at, kept, there,
			(unsigned long long)last);
		CHECK_QUIET(disk->resynced == 0, "a file was synced again");
		faulty_free(disk);
	}
	CHECK(short_of > 0, "each of %llu calls failed once, power gone: what "
		"was kept is there", (unsigned long long)calls);
}

int main(void)
{
	push_cases();
	seedlink_cases();
	noise();
	failing_disk();
	return check_done();
}
