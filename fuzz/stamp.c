/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stamp.c - replies of time stamping authorities, and their certificates; see
 * proof.h. */
#include "proof.h"

#include "ledger/token.h"

static bool within(struct bytes part, struct bytes b)
{
	return part.len == 0 ||
		(part.at >= b.at && part.at + part.len <= b.at + b.len);
}

static bool is_digits(const char *d)
{
	return strspn(d, "0123456789") == TOKEN_TIME - 1;
}

static void parse(struct bytes b)
{
	uint8_t room[TOKEN_CERTIFICATE];
	struct authority a;
	struct token t;
	struct der value;
	size_t n;

	if (token_read(b, &t)) {
		need(within(t.info, b) && within(t.imprint, t.info) &&
			t.imprint.len == 32 && within(t.issuer, b) &&
			within(t.attributes.raw, b) && within(t.signature, b) &&
			t.hash && is_digits(t.digits) && instant_known(t.time));
		if (token_attribute(&t, bytes_of("x"), &value, &n))
			need(n < 2 && (n == 0 || within(value.raw, b)));
	}
	if (token_authority(b, room, &a))
		need(a.der.at == room && within(a.issuer, a.der) &&
			within(a.signed_part, a.der) &&
			within(a.key.modulus, a.der) &&
			a.key.modulus.len >= TOKEN_KEY_LEAST &&
			is_digits(a.from) && is_digits(a.until) &&
			(a.hash || !a.own));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
