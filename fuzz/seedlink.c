/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seedlink.c - what a server may answer, of version 3 and 4: cut anywhere it
 * gives the same packets, commands and fault; packets lie in what came, and
 * are of a subscription that fits, whose sequence number is then theirs. */
#include "feeds/seedlink.h"

#include <stdlib.h>

#include "base/sha256.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { SAID = 1 << 18, ALL = 1 << 16, ROOM = 1 << 16 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void note(const struct seedlink *s, const struct seedlink_packet *p,
	struct bytes now, size_t used, struct text *out)
{
	must(used > 0 && s->stage == SEEDLINK_STREAM);
	must(p->record.len > 0 && p->record.at >= now.at &&
		p->record.at + p->record.len == now.at + used);
	if (p->entry) {
		must(p->entry >= s->entry && p->entry < s->entry + s->count);
		must(p->entry->known[s->version - 3] &&
			p->entry->last[s->version - 3] == p->sequence);
	}
	text_fmt(out, "[%zu %u %llu %s]", p->record.len,
		(unsigned)sha256_of(p->record).at[0],
		(unsigned long long)p->sequence,
		p->entry ? p->entry->station : "-");
}

/* What came of it, and what was said, as text. */
static void ask(const char *streams, struct bytes in, size_t step,
	struct text *out)
{
	static uint8_t room[sizeof(struct seedlink_entry) *
			SEEDLINK_ENTRIES_MAX + ROOM];
	struct arena a = arena_on(room, sizeof room);
	struct seedlink s = {.count = 0};
	struct fault f = {0};
	size_t at = 0, have = 0;
	bool ok = true;

	must(seedlink_entries(streams, &s, &a, &f) && s.count > 0);
	seedlink_start(&s, out);
	while (ok && have < in.len) {
		size_t used = 1;

		have = in.len - have > step ? have + step : in.len;
		while (ok && used > 0) {
			struct bytes now = bytes_part(in, at, have - at);
			struct seedlink_packet p;
			bool got;

			ok = seedlink_take(&s, now, &used, &p, &got, out, &f);
			if (!ok) {
				must(f.text[0] != '\0' &&
					f.kind != FAULT_SYSTEM);
				text_fmt(out, "<%s>", f.text);
				break;
			}
			must(used <= now.len);
			must(s.version == 3 || s.version == 4);
			must(s.at <= s.count);
			if (got)
				note(&s, &p, now, used, out);
			at += used;
		}
	}
	seedlink_ask(&s, out);
}

/* The first byte says how it is cut, what is asked for, and how far the server
 * has answered by itself. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char *const streams[] = {"", "XT_G000",
		"XT_G000:00HDF,XT_*,*_A?", "GE_APE,GE_WLF"};
	static const char *const before[] = {"",
		"SeedLink v3.1 :: SLPROTO:3.1\r\nx\r\nOK\r\nOK\r\nOK\r\nOK\r\n",
		("SeedLink v4.0 :: SLPROTO:4.0 SLPROTO:3.1\r\nx\r\nOK\r\n"
		 "OK\r\nOK\r\nOK\r\nOK\r\nOK\r\nOK\r\n"),
		"SeedLink v4.0 :: SLPROTO:4.0\r\nx\r\nERROR no\r\n"};
	static uint8_t all[ALL + 256];
	static char said[2][SAID];
	struct text t[2] = {text_on(said[0], SAID), text_on(said[1], SAID)};
	const char *ask_for, *answered;
	size_t n;

	if (len < 1 || len > ALL)
		return 0;
	ask_for = streams[at[0] & 3];
	answered = before[at[0] >> 2 & 3];
	n = strlen(answered);
	memcpy(all, answered, n);
	memcpy(all + n, at + 1, len - 1);
	n += len - 1;
	ask(ask_for, (struct bytes){all, n}, 1 + (at[0] >> 4) * 7u, &t[0]);
	ask(ask_for, (struct bytes){all, n}, sizeof all, &t[1]);
	must(t[0].len == t[1].len && memcmp(said[0], said[1], t[0].len) == 0);
	return 0;
}
