/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reply.c - the parties' right of reply: when it begins and ends, who used it,
 * what is late, to which version; and mission.yaml's hours. */
#include "check.h"

#include "feeds/mission.h"
#include "model/reply.h"

enum { H = 3600 };

static struct instant at(int64_t s)
{
	return (struct instant){s * 1000000000};
}

static const struct mission mission = {.party = {{"A", "A"}, {"B", "B"}},
	.party_count = 2, .reply_h = 24};

static const struct reply said[] = {
	{"A", "of version 1", {(int64_t)50 * H * 1000000000}, 7, 5},
	{"B", "too late", {(int64_t)124 * H * 1000000000}, 9, 8},
};

static struct replies laid(int64_t hour)
{
	struct replies r = {.of = 8, .opened = at(hour * H), .reply = said,
		.count = 2};

	r.until = reply_until(&mission, r.opened);
	return r;
}

static void states(void)
{
	static const struct {
		int64_t hour, of;
		const char *party, *is;
		bool open;
	} t[] = {
		{100, 8, "A", "open", true}, /* its word was of entry 5 */
		{100, 5, "A", "replied", true},
		{123, 8, "B", "open", true},
		{124, 8, "B", "lapsed", false}, /* the end is outside */
		{124, 5, "A", "replied", false},
	};
	struct replies none = {.opened = INSTANT_UNKNOWN};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct replies r = laid(100);

		r.of = t[i].of;
		CHECK(strcmp(reply_state_name(reply_state(&r, t[i].party,
			   at(t[i].hour * H))), t[i].is) == 0 &&
			replies_open(&r, at(t[i].hour * H)) == t[i].open,
			"hour %lld, entry %lld: %s %s",
			(long long)t[i].hour, (long long)t[i].of, t[i].party,
			t[i].is);
	}
	CHECK(!replies_laid(&none) && !replies_open(&none, at(0)) &&
		!reply_late(&none, &said[1]),
		"what is not laid before them has no time, and nothing is "
		"late");
}

static void printed(void)
{
	struct replies r = laid(100);
	char out[1024];
	struct text t = text_on(out, sizeof out);
	struct json j = json_on(&t);

	replies_say(&r, &mission, at(110 * H), &j);
	CHECK(strcmp(out, "{\"early\":null,\"open\":true,\"opened\":"
		"\"1970-01-05T04:00:00.000000Z\",\"parties\":[{\"party\":"
		"\"A\",\"state\":\"open\"},{\"party\":\"B\",\"state\":"
		"\"open\"}],\"replies\":[{\"at\":"
		"\"1970-01-03T02:00:00.000000Z\",\"index\":7,\"late\":false,"
		"\"of\":5,\"party\":\"A\",\"text\":\"of version 1\"},"
		"{\"at\":\"1970-01-06T04:00:00.000000Z\",\"index\":9,"
		"\"late\":true,\"of\":8,\"party\":\"B\",\"text\":"
		"\"too late\"}],\"until\":\"1970-01-06T04:00:00.000000Z\"}")
		== 0, "as JSON: %s", out);
}

/* The hours that mission.yaml gives, -1: a complaint about them. */
static int hours(const char *line)
{
	char folder[] = "/tmp/truce-reply.XXXXXX", path[64];
	struct arena a;
	struct complaints c = {.arena = &a};
	struct mission m = {0};
	struct fault f = {0};
	FILE *to;
	int h = -2;

	if (!arena_map(&a, 64 << 20, &f) || !mkdtemp(folder))
		return h;
	(void)snprintf(path, sizeof path, "%s/mission.yaml", folder);
	to = fopen(path, "wb");
	if (to) {
		(void)fprintf(to, "name: x\npublication:\n  public_cell_m: "
			"5000\n%s", line);
		(void)fclose(to);
		if (mission_load(folder, &a, &m, &c, &f))
			h = m.reply_h;
	}
	for (size_t i = 0; i < c.count; i++)
		if (strstr(c.list[i].text, "reply_h"))
			h = -1;
	(void)unlink(path);
	(void)rmdir(folder);
	arena_unmap(&a);
	return h;
}

static void in_mission(void)
{
	static const struct {
		const char *line;
		int h;
	} t[] = {{"", 24}, {"  reply_h: 0\n", 0}, {"  reply_h: 72\n", 72},
		{"  reply_h: 720\n", 720}, {"  reply_h: 721\n", -1},
		{"  reply_h: -1\n", -1}, {"  reply_h: 1.5\n", -1},
		{"  reply_h: soon\n", -1}};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		CHECK(hours(t[i].line) == t[i].h, "mission.yaml '%.12s': %d",
			t[i].line, t[i].h);
}

int main(void)
{
	states();
	printed();
	in_mission();
	return check_done();
}
