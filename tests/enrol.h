/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * enrol.h - a person's key into a log, by the root key that lies beside it.
 * Who the person is: the first letter of their role. */
#ifndef TESTS_ENROL_H
#define TESTS_ENROL_H

#include "base/encode.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"

static inline void hex(
	struct fields *s, const char *name, const void *at, size_t n)
{
	char text[2 * SHA256_LEN + 1];
	struct text t = text_on(text, sizeof text);

	text_hex(&t, (struct bytes){at, n});
	fields_text(s, name, text);
}

static inline bool enrol(struct disk *d, struct ledger *l, struct arena *a,
	const struct sign_key *k, const char *role, struct instant now,
	struct fault *f)
{
	uint8_t person[PERSON_LEN] = {(uint8_t)role[0]};
	uint8_t proof[SIGN_LEN], at[SECRETS_FILE_MAX];
	char text[1024], b64[128];
	struct text t = text_on(text, sizeof text);
	struct text b = text_on(b64, sizeof b64);
	struct fields s = fields_in(a);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &s};
	struct sign_key root;
	size_t n;

	if (!small_read(d, "ledger/keys/root", at, &n, f) ||
		!sign_key_read((struct bytes){at, n}, &root, f))
		return false;
	item.author = &root;
	fields_text(&s, "act", "enrol");
	hex(&s, "key", k->public_key, SIGN_KEY);
	hex(&s, "person", person, PERSON_LEN);
	fields_text(&s, "org", "mission");
	fields_text(&s, "role", role);
	fields_time(&s, "not_before", now);
	fields_time(&s, "not_after", instant_plus_s(now, 86400));
	people_proof(ledger_origin(l), &s, &t);
	sign_make(k, text_view(&t), proof);
	text_base64(&b, (struct bytes){proof, SIGN_LEN});
	fields_text(&s, "proof", b64);
	entry_subject(now, (struct bytes){k->public_key, SIGN_KEY},
		item.subject);
	return fields_done(&s, f) && ledger_append(l, &item, 1, f);
}

#endif
