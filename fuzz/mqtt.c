/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mqtt.c - what a broker may say: cut anywhere it gives the same messages,
 * acknowledgements and fault; messages lie in what came, and no more is
 * acknowledged than was given out. */
#include "feeds/mqtt.h"

#include <stdlib.h>

#include "base/sha256.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { SAID = 1 << 18, ALL = 1 << 16 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void note(const struct mqtt_message *x, struct bytes now, size_t used,
	struct text *out)
{
	struct bytes b = x->body;

	must(x->topic.len > 0 && x->topic.len <= MQTT_TOPIC_MAX);
	must(x->topic.at > now.at && x->topic.at + x->topic.len <=
		now.at + used);
	must(x->lost == 0 || b.len == 0);
	must(b.len == 0 || (b.at > x->topic.at &&
		b.at + b.len == now.at + used));
	text_fmt(out, "[%zu %u %zu %llu %u]", x->topic.len,
		(unsigned)sha256_of(b).at[0], b.len,
		(unsigned long long)x->lost, (unsigned)x->id);
}

/* What came of it, and what was said, as text. */
static void ask(const char *topics, struct bytes in, size_t step,
	struct text *out)
{
	static struct mqtt m;
	static char line[MQTT_SAY_MAX];
	struct fault f = {0};
	size_t at = 0, have = 0, given = 0, kept = 0;
	bool ok = true;

	m = (struct mqtt){.client = "truce", .topics = topics};
	mqtt_start(&m, out);
	while (ok && have < in.len) {
		size_t used = 1;

		have = in.len - have > step ? have + step : in.len;
		while (ok && used > 0) {
			struct bytes now = bytes_part(in, at, have - at);
			struct mqtt_message x;
			bool got;

			ok = mqtt_take(&m, now, &used, &x, &got, out, &f);
			if (!ok) {
				must(f.text[0] != '\0' &&
					f.kind != FAULT_SYSTEM);
				text_fmt(out, "<%s>", f.text);
				break;
			}
			must(used <= now.len && m.opens <= MQTT_OPEN_MAX);
			if (got) {
				note(&x, now, used, out);
				given += x.id != 0;
			}
			at += used;
			if (m.opens == MQTT_OPEN_MAX ||
				(got && x.id % 7 == 1)) {
				struct text t = text_on(line, sizeof line);

				kept += m.opens;
				mqtt_kept(&m, &t);
				kept -= m.opens;
				text_bytes(out, text_view(&t));
			}
		}
	}
	must(kept + m.opens == given);
}

/* The first byte says how it is cut and how far the broker has answered. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char *const topics[] = {"truce/#", "a/+/b,c"};
	static const uint8_t before[] = {0x20, 2, 0, 0, 0x90, 3, 0, 1, 1};
	static const size_t far[] = {0, 4, 9, 9};
	static uint8_t all[ALL + 16];
	static char said[2][SAID];
	struct text t[2] = {text_on(said[0], SAID), text_on(said[1], SAID)};
	size_t n;

	if (len < 1 || len > ALL)
		return 0;
	n = far[at[0] & 3];
	memcpy(all, before, n);
	memcpy(all + n, at + 1, len - 1);
	n += len - 1;
	ask(topics[at[0] >> 2 & 1], (struct bytes){all, n},
		1 + (at[0] >> 3) * 7u, &t[0]);
	ask(topics[at[0] >> 2 & 1], (struct bytes){all, n}, sizeof all, &t[1]);
	must(t[0].len == t[1].len && memcmp(said[0], said[1], t[0].len) == 0);
	must(mqtt_topics_ok(topics[0], &(struct fault){0}));
	return 0;
}
