/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * push.c - what a node may send: cut anywhere it gives the same groups,
 * answers and fault; a group is where its head says, and as long. */
#include "feeds/push.h"

#include <stdlib.h>

#include "base/sha256.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { SAID = 1 << 16, ALL = 1 << 16 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* What came of it, as text. */
static void listen_to(struct bytes in, size_t step, struct text *out)
{
	struct push p = {.told = 0};
	size_t at = 0, have = 0;
	bool ok = true;

	while (ok && have < in.len) {
		size_t used = 1;

		have = in.len - have > step ? have + step : in.len;
		while (ok && used > 0) {
			char line[PUSH_LINE_MAX];
			struct text answer = text_on(line, sizeof line);
			struct bytes now = bytes_part(in, at, have - at), g;
			uint64_t groups = p.groups;
			struct fault f = {0}, none;
			bool got;

			ok = push_take(&p, now, &used, &g, &got, &answer, &f);
			if (!ok) {
				must(f.text[0] != '\0' &&
					f.kind != FAULT_SYSTEM);
				text_fmt(out, "<%s>", f.text);
				break;
			}
			must(used <= now.len && (!got || used > 0));
			must(text_check(&answer, &none));
			must(p.groups == groups + got);
			if (got) {
				must(g.len > 0 && g.len <= PUSH_GROUP_MAX &&
					(p.lost || g.at + g.len ==
						now.at + used));
				must(p.name[0] != '\0');
				text_fmt(out, "[%zu %u]", g.len,
					(unsigned)sha256_of(g).at[0]);
			}
			text_bytes(out, text_view(&answer));
			at += used;
		}
	}
	text_fmt(out, "(%s)", p.name);
}

/* The first byte says how it is cut, and whether the name was said. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char name[] = "TRUCE 1 S01\n";
	static uint8_t all[ALL];
	static char said[2][SAID];
	struct text t[2] = {text_on(said[0], SAID), text_on(said[1], SAID)};
	size_t n = 0;

	if (len < 1 || len > ALL - sizeof name)
		return 0;
	if (at[0] & 1) {
		memcpy(all, name, sizeof name - 1);
		n = sizeof name - 1;
	}
	memcpy(all + n, at + 1, len - 1);
	n += len - 1;
	listen_to((struct bytes){all, n}, 1 + at[0] / 8, &t[0]);
	listen_to((struct bytes){all, n}, ALL, &t[1]);
	must(t[0].len == t[1].len && memcmp(said[0], said[1], t[0].len) == 0);
	return 0;
}
